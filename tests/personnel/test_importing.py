"""A register's workbook: out and in again unchanged, bad rows back, numbers as text, a person known used again."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.errors import Refused
from app.files import keep_file
from app.house import House, house
from app.intake import read_table
from app.jobs import Runner
from app.personnel.documents import REASON, rows_back_xlsx, sheet_record, sheet_xlsx, template_xlsx
from app.personnel.importing import KINDS, judge, queue_rows
from app.personnel.judging import Fate, counts
from app.personnel.operations import end_record, enter
from app.personnel.queries import examiner_members, register_members, staff_members
from app.personnel.registers import REGISTERS
from app.work import begin_as
from db.audit import Trail
from db.jobs import Job
from tests import make
from tests.make_bad_files import workbook
from tests.personnel.make_people import heads, line, typed
from tests.shows import shows


@pytest.fixture
def made(both: House) -> make.World:
    """A world whose registers are empty."""
    return make.world()


def judged(made: make.World, register: str, *rows: list[Any]) -> list[Fate]:
    with begin_as(made.people['filing_clerk'], at=make.NOW, reads=True) as work:
        return judge(work, register=register, data=workbook([heads(register), *rows]), name='登记册.xlsx')[1]


def bring_in(made: make.World, register: str, data: bytes) -> Job:
    """Queue an import as the page does and run it; returns the job."""
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        kept = keep_file(work, data, name='登记册.xlsx', content_type='application/octet-stream')
        job = queue_rows(work, register=register, file_id=kept.id)
    assert Runner(KINDS).run_next()
    with begin_as(made.people['filing_clerk'], at=make.NOW, reads=True) as work:
        return work.get(Job, job.id)


def exported(made: make.World, register: str) -> bytes:
    with begin_as(made.people['filing_clerk'], at=make.NOW, reads=True) as work:
        return sheet_xlsx(sheet_record(work, register))


def entries() -> int:
    with house().engines.read.connect() as connection:
        return connection.execute(select(func.count()).select_from(Trail)).scalar_one()


def told(fate: Fate) -> list[tuple[str, str]]:
    """Return (rule, cell) of the faults of a row."""
    return [(f.rule, f.subject) for f in fate.findings if f.severity == 'block']


@pytest.mark.parametrize('register', list(REGISTERS))
def test_a_register_taken_out_and_brought_in_unchanged_changes_nothing(made: make.World, register: str) -> None:
    assert bring_in(made, register, workbook([heads(register), *(line(register, n) for n in (1, 2, 3))])).result == {'new': 3, 'changed': 0, 'same': 0, 'bad': 0}
    before, data = entries(), exported(made, register)
    job = bring_in(made, register, data)
    assert (job.state, job.result, entries()) == ('done', {'new': 0, 'changed': 0, 'same': 3, 'bad': 0}, before)
    assert exported(made, register) == data


def test_every_register_of_people_who_stand_in_several_comes_back_unchanged(made: make.World) -> None:
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        for register in REGISTERS:
            enter(work, register=register, written=typed(register))
    for register in REGISTERS:
        assert bring_in(made, register, exported(made, register)).result == {'new': 0, 'changed': 0, 'same': 1, 'bad': 0}


@shows('VAL-01', 'VAL-02', 'OCC-05', 'OCC-07', 'PERS-17')
def test_good_rows_come_in_and_bad_ones_are_told_by_their_cell(made: make.World) -> None:
    number = make.number(2005)
    rows = [line('examiners', 1), line('examiners', 2, id_no=int(number) if number.isdigit() else 123456789012345678), line('examiners', 3, id_no=''),
            line('examiners', 1), line('examiners', 4, work_type='立式车床'), line('examiners', 5, grade='考评员'), line('examiners', 6, education='大专', card_to='明年')]
    data = workbook([heads('examiners'), *rows])
    fates = judged(made, 'examiners', *rows)
    at = {i.key: chr(ord('A') + n) for n, i in enumerate(REGISTERS['examiners'].items)}
    assert [f.outcome for f in fates] == ['new', *['bad'] * 6]
    assert [told(f)[0] for f in fates[1:]] == [
        ('', f'{at["id_no"]}3'), ('', f'{at["id_no"]}4'), ('VAL-01', f'{at["id_no"]}5'), ('OCC-07', f'{at["work_type"]}6'), ('PERS-17', f'{at["card_no"]}7'),
        ('', f'{at["card_to"]}8')] or [f.findings for f in fates]
    assert '存成了数字，末几位已丢失' in fates[1].findings[0].sentence
    assert not any(number in f.sentence or make.number(2001) in f.sentence for fate in fates for f in fate.findings)
    assert bring_in(made, 'examiners', data).result == {'new': 1, 'changed': 0, 'same': 0, 'bad': 6}
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert [(m.person.name, m.id_no) for m in examiner_members(work)] == [('人员1', make.number(2001))]


def test_bad_rows_come_back_in_the_same_columns_with_the_reason(made: make.World) -> None:
    rows = [line('staff', 1, id_no='123'), line('staff', 2)]
    with begin_as(made.people['filing_clerk'], at=make.NOW, reads=True) as work:
        table, fates = judge(work, register='staff', data=workbook([heads('staff'), *rows]), name='a.xlsx')
    bad = [({k: r.text(k) for k in r.values}, f.findings[0].sentence) for r, f in zip(table.rows, fates, strict=True) if f.outcome == 'bad']
    sheet = load_workbook(io.BytesIO(rows_back_xlsx('staff', bad))).active
    cells = [[c.value for c in row] for row in sheet.iter_rows()]
    assert cells[0] == [*heads('staff'), REASON]
    assert (cells[1][0], cells[1][1], '应为18位' in cells[1][-1], len(cells)) == ('人员1', '123', True, 2)
    back = read_table(rows_back_xlsx('staff', bad), [i.intake for i in REGISTERS['staff'].items], name_shown='a.xlsx')
    assert [row.text('id_no') for row in back.rows] == ['123']


def test_numbers_stand_in_the_workbook_as_texts(made: make.World) -> None:
    bring_in(made, 'examiners', workbook([heads('examiners'), line('examiners')]))
    row = list(load_workbook(io.BytesIO(exported(made, 'examiners'))).active.iter_rows())[1]
    by_head = dict(zip(heads('examiners'), row, strict=True))
    for head in ('身份证号', '证卡编号', '职业编码'):
        assert (by_head[head].data_type, by_head[head].number_format) == ('s', '@')


def test_an_empty_cell_changes_nothing_and_a_filled_one_its_own_column(made: make.World) -> None:
    bring_in(made, 'staff', workbook([heads('staff'), line('staff', 1, duty='考务')]))
    sparse = [typed('staff')['name'], typed('staff')['id_no'], '副主任', *[''] * (len(heads('staff')) - 3)]
    assert bring_in(made, 'staff', workbook([heads('staff'), sparse])).result == {'new': 0, 'changed': 1, 'same': 0, 'bad': 0}
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        m = staff_members(work)[0]
        assert (m.person.title, m.staff.duty, m.staff.full_time, m.staff.education) == ('副主任', '考务', True, '本科')


def test_who_left_comes_back_and_the_preview_says_so(made: make.World) -> None:
    with begin_as(made.people['head'], at=make.NOW) as work:
        row = enter(work, register='seats', written=typed('seats'))
        end_record(work, register='seats', row_id=row.id, ended_on=work.today, reason='调离')
    fate = judged(made, 'seats', line('seats'))[0]
    assert (fate.outcome, [f.sentence for f in fate.findings if '重新在册' in f.sentence] != []) == ('changed', True)
    bring_in(made, 'seats', workbook([heads('seats'), line('seats')]))
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert [m.row.id for m in register_members(work, 'seats')] == [row.id]


def test_two_rows_that_say_different_things_of_one_person_are_refused(made: make.World) -> None:
    fates = judged(made, 'examiners', line('examiners', 1), line('examiners', 1, work_type='数控车床', education='硕士', card_no=''))
    assert [f.outcome for f in fates] == ['new', 'bad'] and '“学历”与第2行不一致' in fates[1].findings[0].sentence
    assert counts(judged(made, 'examiners', line('examiners', 1), line('examiners', 1, work_type='数控车床', card_no='')))['new'] == 2


def test_the_same_number_under_another_name_is_a_bad_row(made: make.World) -> None:
    bring_in(made, 'staff', workbook([heads('staff'), line('staff')]))
    fate = judged(made, 'experts', line('experts', name='另一人'))[0]
    assert fate.outcome == 'bad' and told(fate)[0][0] == 'VAL-01'


@pytest.mark.parametrize('register', list(REGISTERS))
def test_the_template_is_read_back_as_empty(house_on_sqlite: House, register: str) -> None:
    table = read_table(template_xlsx(register), [i.intake for i in REGISTERS[register].items], name_shown='模板.xlsx')
    assert (table.rows, table.unread, set(table.letters)) == ([], (), {i.key for i in REGISTERS[register].items})
    assert template_xlsx(register) == template_xlsx(register)


def test_a_preview_writes_nothing_and_needs_who_keeps_the_registers(made: make.World) -> None:
    before = entries()
    judged(made, 'staff', line('staff'))
    assert entries() == before
    with begin_as(made.people['scorer'], at=make.NOW, reads=True) as work, pytest.raises(Refused, match='不能办理此事'):
        judge(work, register='staff', data=workbook([heads('staff')]), name='a.xlsx')
