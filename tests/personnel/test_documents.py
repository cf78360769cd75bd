"""F-EXAMINER-ROLL and F-EXPERT-FILE: the columns of forms.md in their order, the same record the same bytes."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from app.files import store_scan
from app.house import House
from app.personnel.documents import (
    EXAMINER_HEADS,
    EXPERT_HEADS,
    Roll,
    examiner_roll_record,
    examiner_roll_xlsx,
    expert_file_pdf,
    expert_file_record,
    expert_file_xlsx,
)
from app.personnel.operations import attach_proof, enter
from app.work import begin_as
from tests import make
from tests.papers.read import in_order, text_of
from tests.personnel.make_people import typed
from tests.shows import shows

ROLL_COLUMNS = ['序号', '姓名', '性别', '身份证号', '单位', '技能等级/职称', '考评职业', '类别', '证卡编号', '有效期', '聘期', '本年次数', '继续教育', '年度等次', '状态']  # forms.md, F-EXAMINER-ROLL
FILE_COLUMNS = ['姓名', '年龄', '学历', '职称/技能等级', '从事年限', '考评年限', '荣誉', '专业组', '组长', '证书影印件', '聘期', '保密承诺']  # forms.md, F-EXPERT-FILE


@pytest.fixture
def made(house_on_sqlite: House) -> make.World:
    """An examiner whose card has run out, another, and an expert with a certificate and a pledge."""
    found = make.world()
    with begin_as(found.people['filing_clerk'], at=make.NOW) as work:
        enter(work, register='examiners', written=typed('examiners', 1, card_from='2023-01-01', card_to='2025-12-31', engaged_from='2023-01-01', engaged_to='2025-12-31'))
        enter(work, register='examiners', written=typed('examiners', 2, grade='考评员', card_no='S00009901000120001', own_staff='否', unit='恒力机械厂'))
        expert = enter(work, register='experts', written=typed('experts', 3, leads='是', honours='省技术能手', group_name='车工专业组'))
        for kind in ('title_certificate', 'secrecy_pledge'):
            attach_proof(work, register='experts', row_id=expert.id, scan=store_scan(b'%PDF-1.7 ' + kind.encode(), found.org.id, name='a.pdf'), kind=kind)
    return found


def record(made: make.World, read: object) -> Roll:
    with begin_as(made.people['filing_clerk'], at=make.NOW, reads=True) as work:
        return read(work)  # type: ignore[operator, no-any-return]


@shows('F-EXAMINER-ROLL')
def test_the_roll_of_examiners_has_the_columns_of_the_form_and_full_numbers_as_text(made: make.World) -> None:
    roll = record(made, examiner_roll_record)
    rows = list(load_workbook(io.BytesIO(examiner_roll_xlsx(roll))).active.iter_rows())
    assert [c.value for c in rows[1]] == ROLL_COLUMNS == list(EXAMINER_HEADS)
    assert [c.value or '' for c in rows[2]] == [
        '1', '人员1', '男', make.number(2001), made.org.name, '高级技师', '车工/普通车床', '高级考评员', 'S00009901000110001', '2023年1月1日至2025年12月31日', '2023年1月1日至2025年12月31日',
        '', '', '', '证卡到期']
    assert [rows[3][n].value for n in (1, 4, 7, 14)] == ['人员2', '恒力机械厂', '考评员', '在册']
    assert {c.data_type for row in rows[2:4] for c in row if c.value} == {'s'}
    assert examiner_roll_xlsx(roll) == examiner_roll_xlsx(roll)


@shows('F-EXPERT-FILE')
def test_the_file_of_experts_has_its_columns_in_order_in_pdf_and_cells(made: make.World) -> None:
    roll = record(made, expert_file_record)
    pdf = expert_file_pdf(roll)
    text = text_of(pdf)
    assert in_order(text, ['职业技能等级认定专家信息表', f'评价机构：{made.org.name}', '合计：1人', '人员3', '高级工程师', '填表人', '审核人']) == []
    assert in_order(text_of(pdf, layout=False), ['序号', *FILE_COLUMNS]) == []
    rows = list(load_workbook(io.BytesIO(expert_file_xlsx(roll))).active.iter_rows())
    assert [c.value for c in rows[1]] == list(EXPERT_HEADS)
    assert [h for h in EXPERT_HEADS if h in FILE_COLUMNS] == FILE_COLUMNS
    values = {head: c.value for head, c in zip(EXPERT_HEADS, rows[2], strict=True)}
    born = make.number(2003)[6:14]
    age = 2026 - int(born[:4]) - (born[4:] > '1020')
    assert (values['身份证号'], values['年龄'], values['荣誉'], values['组长'], values['证书影印件'], values['保密承诺']) == (
        make.number(2003), f'{age}', '省技术能手', '是', '1份', '有')
    assert (expert_file_pdf(roll), expert_file_xlsx(roll)) == (pdf, expert_file_xlsx(roll))


def test_who_is_an_expert_of_two_occupations_is_counted_once(made: make.World) -> None:
    roll = record(made, expert_file_record)
    assert '合计：1人，2行' in text_of(expert_file_pdf(replace(roll, experts=roll.experts * 2)))


def test_a_term_of_which_one_end_is_known_prints_that_end(made: make.World) -> None:
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        enter(work, register='experts', written=typed('experts', 4, engaged_to='2028-05-11'))
    assert record(made, expert_file_record).experts[-1].engaged == '至2028年5月11日'
