"""What the reading child says and what the server makes of it: every cell as it was, every answer that makes no sense a refusal."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from app import intake, intake_child
from app.errors import Refused
from app.intake import read_table
from app.intake_cells import Moment
from app.intake_table import Column, Table, read_cells
from tests import make_bad_files as bad
from tests.make_bad_files import ID

COLUMNS = (Column('name', '姓名', required=True), Column('id', '证件号码', required=True, kind='code'))


def read(data: bytes) -> Table:
    return read_table(data, COLUMNS, name_shown='名册.xlsx')


@pytest.mark.parametrize('cells', [
    ['甲', ''], ['a', 5, 2.5, True, False, float('inf'), date(2026, 1, 5)], [1e300, 'f5', 's'], ['甲\0乙', '丙'], ['\0', 1.0]])
def test_cells_come_from_the_child_as_they_were(cells: list[Any]) -> None:
    marked, text = intake_child.joined(cells)
    told = read_cells(text, len(cells), marked=marked)
    assert [told.cell(text) for text in told.texts] == [cell.replace('\0', '\1') if isinstance(cell, str) else cell for cell in cells]


def test_a_moment_comes_from_the_child_as_its_text() -> None:
    marked, text = intake_child.joined([*map(datetime.fromisoformat, ('2026-01-05', '2026-01-05 08:30')), time(8, 30), timedelta(hours=30)])
    told = read_cells(text, 4, marked=marked)
    assert [told.cell(text) for text in told.texts] == [date(2026, 1, 5), Moment('2026-01-05 08:30:00'), Moment('08:30:00'), Moment('1 day, 6:00:00')]


def test_a_sheet_of_several_blocks_is_read_like_a_short_one() -> None:
    rows: list[tuple[object, ...]] = [(f'某{n}', ID, '', n % 100 / 10) for n in range(3 * intake_child.BLOCK_ROWS)]
    rows[0] = rows[intake_child.BLOCK_ROWS] = rows[-1] = ('示例：某人', ID)
    rows[5] = rows[intake_child.BLOCK_ROWS - 1] = ()
    rows[7], rows[-7] = (7, float(ID)), ('  ', ID)
    table = read(bad.roster(*rows))
    kept = [n for n, row in enumerate(rows) if row and row[0] != '示例：某人']
    assert list(table.numbers) == [n + 2 for n in kept]
    assert table.columns['name'] == ['' if n == len(rows) - 7 else str(rows[n][0]) for n in kept]
    assert [(table.numbers[at], [fault.subject for fault in faults]) for at, faults in table.faults.items()] == [
        (len(rows) - 5, [f'A{len(rows) - 5}']), (9, ['B9'])]


@pytest.mark.parametrize('said', [
    '', 'table', 'table 0 x', 'table 0 1\ntexts 1 9\n短', 'table 0 1\ntexts 2 1\na', f'table 0 1\ntexts 1 {1 << 40}\na', 'table 0 1\ntexts 1 -1\na', 'fault', 'fault size 1',
    f'table 0 {10 ** 9}\ntexts 1 1\nxtexts 1 6\n备注texts 0 0\ntexts 1 1\n5', 'table 0 2\ntexts 1 1\nxtexts 2 19\n姓名\0证件号码texts 0 0\ntexts 1 1\n9texts 1 1\natexts 1 1\na',
    'table 0 3\ntexts 1 1\nxtexts 2 19\n姓名\0证件号码texts 0 0\ntexts 0 0\ntexts 2 3\na\0btexts 2 3\na\0b'])
def test_a_child_that_makes_no_sense_is_a_refusal(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, 'CHILD', f'import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write({said.encode()!r})')
    with pytest.raises(Refused) as refusal:
        read(bad.roster())
    assert '无法读取' in refusal.value.sentence
