"""The register of evaluation standards: entering, changing, import and export, on both databases."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from app.bylaws import operations as do
from app.bylaws.documents import STANDARD_HEADS, standards_xlsx
from app.bylaws.importing import KINDS, export_xlsx, judge, queue_standards, rows_back_xlsx, template_xlsx
from app.bylaws.queries import all_standards, count_standards, standards
from app.bylaws.records import standard_record
from app.bylaws.standards import COLUMNS
from app.errors import Changed, Refused
from app.files import keep_file
from app.house import House
from app.jobs import Runner
from app.work import begin_as
from db.jobs import Job
from tests import make
from tests.make_bad_files import workbook
from tests.shows import shows

LATHE: dict[str, Any] = {
    'occupation_code': '6-18-01-01', 'occupation': '车工', 'name': '车工国家职业技能标准', 'edition': '2018', 'levels': '5、4、3、2、1', 'kept_at': '资料柜',
    'books': '车工（中级）｜编写组｜示例出版社｜2019\n车工（高级）'}
HEADS = [c.head for c in COLUMNS]


@pytest.fixture
def made(both: House) -> make.World:
    return make.world()


def add(made: make.World, **change: Any) -> Any:
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        return do.add_standard(work, values=LATHE | change)


def line(**change: object) -> list[object]:
    values = {'职业编码': '6-20-01-01', '职业': '钳工', '标准名称': '钳工国家职业技能标准', '版本年份': '2020', '等级范围': '5、4、3、2、1'} | change
    return [values.get(h) for h in HEADS]


def bring_in(made: make.World, data: bytes) -> Job:
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        kept = keep_file(work, data, name='标准', content_type='application/octet-stream')
        job = queue_standards(work, file_id=kept.id)
    assert Runner(KINDS).run_next()
    with begin_as(made.people['filing_clerk'], at=make.NOW, reads=True) as work:
        return work.get(Job, job.id)


def fates_of(made: make.World, data: bytes) -> list[tuple[str, str]]:
    with begin_as(made.people['filing_clerk'], at=make.NOW, reads=True) as work:
        return [(f.outcome, '；'.join(x.sentence for x in f.findings)) for f in judge(work, data=data, name='标准')[1]]


def test_a_standard_is_entered_with_its_books_and_once(made: make.World) -> None:
    row = add(made)
    assert (row.levels, row.edition, row.kind, row.publicized, row.books) == ([5, 4, 3, 2, 1], 2018, 'national', True, [
        {'title': '车工（中级）', 'author': '编写组', 'publisher': '示例出版社', 'year': 2019}, {'title': '车工（高级）', 'author': '', 'publisher': '', 'year': None}])
    with pytest.raises(Refused, match='已登记'):
        add(made)
    add(made, edition='2024')


@pytest.mark.parametrize(('change', 'rule'), [
    ({'occupation_code': '车工'}, 'VAL-05'), ({'occupation': '钳工'}, 'OCC-05'), ({'levels': ''}, 'VAL-06'), ({'levels': '6'}, 'VAL-06'), ({'edition': '18'}, ''),
    ({'edition': '二〇一八'}, ''), ({'name': ' '}, ''), ({'kind': '行业标准'}, ''), ({'books': '书｜作者｜社｜年'}, ''), ({'books': 'a|b|c|2019|e'}, ''), ({'publicized': '也许'}, '')])
@shows('VAL-05', 'VAL-06', 'OCC-05')
def test_a_standard_that_cannot_be_right_is_refused(house_on_sqlite: House, change: dict[str, Any], rule: str) -> None:
    made = make.world()
    with pytest.raises(Refused) as refused:
        add(made, **change)
    assert refused.value.rule == rule


def test_a_field_is_saved_from_what_was_shown_and_never_over_another_hand(made: make.World) -> None:
    row = add(made)
    with begin_as(made.people['head'], at=make.NOW) as work:
        assert do.change_standard(work, standard_id=row.id, column='levels', shown=[5, 4, 3, 2, 1], new=[4, 3])
        assert not do.change_standard(work, standard_id=row.id, column='levels', shown=[5], new=[4, 3])
    with pytest.raises(Changed, match='“等级范围”已由.*机构负责人'), begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        do.change_standard(work, standard_id=row.id, column='levels', shown=[5, 4, 3, 2, 1], new=[5])
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        do.end_standard(work, standard_id=row.id)
        assert (all_standards(work), count_standards(work, 9)) == ([], 0)


def test_standards_are_found_by_name_occupation_and_code(made: make.World) -> None:
    add(made)
    add(made, occupation_code='6-20-01-01', occupation='钳工', name='钳工评价规范', kind='评价规范', publicized='否')
    with begin_as(made.people['staff'], at=make.NOW, reads=True) as work:
        found = [[s.occupation for s in standards(work, **more)[0]] for more in ({}, {'find': '车工'}, {'find': '6-20'}, {'find': '规范'}, {'kind': 'norm'}, {'find': '%'})]
        assert found == [['钳工', '车工'], ['车工'], ['钳工'], ['钳工'], ['钳工'], []]
        with pytest.raises(Refused, match='不能办理此事'):
            judge(work, data=b'', name='')


def test_an_export_imported_again_changes_nothing(made: make.World) -> None:
    add(made)
    add(made, edition='2024', work_type='普通车床', kind='评价规范', publicized='否', issue_no='1号', books='')
    with begin_as(made.people['filing_clerk'], at=make.NOW, reads=True) as work:
        data = export_xlsx(all_standards(work), make.NOW)
        assert data == export_xlsx(all_standards(work), make.NOW)
    assert fates_of(made, data) == [('same', ''), ('same', '')]
    assert bring_in(made, data).message == '新增0项，更新0项，无变化2项，有误未导入0行。'


def test_new_and_changed_rows_come_in_and_the_same_file_twice_changes_nothing(made: make.World) -> None:
    add(made)
    data = workbook([HEADS, line(教材='钳工（中级）｜｜示例出版社'), line(职业编码='6-18-01-01', 职业='车工', 标准名称='车工国家职业技能标准', 版本年份=2018, 等级范围='四级/中级工')])
    assert [outcome for outcome, _ in fates_of(made, data)] == ['new', 'changed']
    assert bring_in(made, data).message == '新增1项，更新1项，无变化0项，有误未导入0行。'
    assert bring_in(made, data).message == '新增0项，更新0项，无变化2项，有误未导入0行。'
    with begin_as(made.people['staff'], at=make.NOW, reads=True) as work:
        assert [(s.occupation, s.levels, s.books) for s in all_standards(work)] == [('车工', [4], []), ('钳工', [5, 4, 3, 2, 1], [])]


def test_bad_rows_say_where_and_why_and_come_back(made: make.World) -> None:
    rows = [line(), line(), line(职业='车工'), line(职业编码='6-20'), line(版本年份='去年', 标准名称='甲'), line(标准名称=None)]
    fates = fates_of(made, workbook([HEADS, *rows]))
    assert [outcome for outcome, _ in fates] == ['new', 'bad', 'bad', 'bad', 'bad', 'bad']
    for (_, sentence), said in zip(fates[1:], ('第2行是同一标准', '第4行B4：编码6-20-01-01的职业名称是“钳工”', '第5行A5：职业编码应写成', 'F6“版本年份”：“去年”不是整数', '“标准名称”'), strict=True):
        assert said in sentence
    back = openpyxl.load_workbook(io.BytesIO(rows_back_xlsx([({'name': '甲'}, '第6行F6：不对')]))).active
    assert back is not None and [c.value for c in back[1]][-1] == '原因' and [c.value for c in back[2]][-1] == '第6行F6：不对'


def test_a_norm_counts_as_publicized_only_when_it_is_said(made: make.World) -> None:
    bring_in(made, workbook([HEADS, line(类别='评价规范'), line(类别='评价规范', 已备案公示='是', 标准名称='乙')]))
    with begin_as(made.people['staff'], at=make.NOW, reads=True) as work:
        assert {s.name: s.publicized for s in all_standards(work)} == {'钳工国家职业技能标准': False, '乙': True}


def test_the_template_has_the_columns_of_the_export() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(template_xlsx())).active
    assert sheet is not None
    assert [str(c.value).lstrip('*') for c in sheet[2]] == HEADS
    assert template_xlsx() == template_xlsx()


@shows('F-STD-REG')
def test_the_register_of_standards_has_a_line_a_book_in_the_columns_of_the_form(made: make.World) -> None:
    add(made)
    add(made, occupation_code='6-20-01-01', occupation='钳工', name='钳工评价规范', kind='评价规范', books='')
    with begin_as(made.people['staff'], at=make.NOW, reads=True) as work:
        record = standard_record(work)
    sheet = openpyxl.load_workbook(io.BytesIO(standards_xlsx(record))).active
    assert sheet is not None
    rows = [[c.value or '' for c in row] for row in sheet.iter_rows(min_row=2)]
    assert rows == [
        ['职业', '标准名称', '版本年份', '等级范围', '发布文号', '存放位置', '教材/大纲名称', '出版社', '年份'],
        ['车工', '车工国家职业技能标准', '2018', '5、4、3、2、1', '', '资料柜', '车工（中级）', '示例出版社', '2019'],
        ['车工', '车工国家职业技能标准', '2018', '5、4、3、2、1', '', '资料柜', '车工（高级）', '', ''],
        ['钳工', '钳工评价规范（评价规范）', '2018', '5、4、3、2、1', '', '资料柜', '', '', '']]
    assert tuple(rows[0]) == STANDARD_HEADS
    assert standards_xlsx(record) == standards_xlsx(record)
