"""F-TECHEVAL and its neighbours, read back: labels of the source in their order, merged cells, totals, and the same bytes twice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import docx
import openpyxl
import pytest
from sqlmodel import Session

from app.assessment.documents import conclusion, precheck_pdf, precheck_xlsx, sheet_pdf, sheet_xlsx
from app.assessment.letters import (
    ANNEX_HEADS,
    OSTA_HEADS,
    PUBLICITY_HEADS,
    answer_docx,
    answer_pdf,
    osta_xlsx,
    publicity_docx,
    publicity_pdf,
)
from app.assessment.records import (
    OTHER_BODIES,
    AnswerLetter,
    OstaReport,
    PrecheckRecord,
    PublicityRecord,
    SelfLine,
    SheetRecord,
    answer_record,
    blank_sheet,
    filing_reply,
    giving_application,
    osta_record,
    publicity_record,
    sheet_record,
)
from app.assessment.rules import Entry, scored, sheet_of
from app.errors import NotYours, Refused
from app.house import House, house
from app.organizations.documents import Reply, filing_reply_docx, filing_reply_pdf
from app.rubric_models import MergedRow
from app.rubrics import RUBRICS, score_sheet
from app.work import begin_as
from db.filing import Application
from db.organizations import FiledRange, Filing, Org
from pages.assessment.deciding import built
from tests import make
from tests.assessment.making import (
    AFTER,
    FITTER,
    Stage,
    just_consolidated,
    sheets,
)
from tests.assessment.test_deciding import SIGNING, awaiting_letter, drafted, passed, publicized, signed
from tests.assessment.test_rules import best
from tests.papers.read import drawn_text_of, in_order, text_of, without_blanks
from tests.shows import shows

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HEAD = {'graduates_level4': '62', 'graduates_level3': '41', 'headcount_total': '40', 'headcount_level5': '10', 'headcount_level4': '9', 'headcount_level3': '8', 'headcount_level2_up': '7'}
COLUMNS = ['项目', '项目分解', '评估内容', '评估标准', '分值', '评估方式', '得分', '备注']


def record(rubric: str, **changes: Entry) -> SheetRecord:
    entries = best(rubric) | {key.replace('_', '.'): entry for key, entry in changes.items()}
    return SheetRecord(sheet_of(rubric), '明川技师学院（演示）', '' if rubric.endswith('public') else '钳工', '现场评估', date(2026, 11, 18), HEAD, entries, scored(sheet_of(rubric), entries), '米星日',
                       ('明翼火', '臧轸水'), '', AT, AT)


def labels(rubric: str) -> list[str]:
    """Return what the source prints, in its order: heads, sections, groups, contents and standards, priority items, 合计, notes."""
    sheet = sheet_of(rubric)
    found = list(COLUMNS)
    for section in sheet.sections:
        found.append(section.name)
        for group in section.groups:
            for n, item in enumerate(group.items):
                first, *others = item.merged_rows or (MergedRow(group=group.name, content=item.content),)
                found += [*([first.group] if n == 0 else []), first.content, item.standard, *(word for row in others for word in (row.group, row.content) if word != first.group)]
    found += [part for item in sheet.bonus for part in (item.name, item.content, item.standard)]
    total = {'school-public': ['得分'], 'employer-public': [], 'employer-occupation': []}.get(rubric, ['总分'])
    return [*found, '合计', '100', *total, *sheet.conclusion.printed_note, '评估专家组组长', '成员', '被评估单位代表']


def cells(xlsx: bytes) -> list[str]:
    book = openpyxl.load_workbook(BytesIO(xlsx))
    return [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value not in (None, '')]


@shows('F-TECHEVAL')
@pytest.mark.parametrize('rubric', RUBRICS)
@pytest.mark.parametrize('blank', [False, True], ids=['filled', 'blank'])
def test_the_labels_of_the_source_stand_in_order_in_pdf_and_cells(rubric: str, blank: bool) -> None:
    made = blank_sheet(rubric) if blank else record(rubric)
    assert in_order(drawn_text_of(sheet_pdf(made)), labels(rubric)) == []
    assert in_order('\n'.join(cells(sheet_xlsx(made))), labels(rubric)) == []
    assert sheet_of(rubric).columns == tuple(COLUMNS)


@pytest.mark.parametrize(('rubric', 'line'), [
    ('employer-occupation', '职业（工种/方向）名称：钳工本职业（工种/方向）职工人数40人，其中初级工10人，中级工9人，高级工8人，技师以上7人'),
    ('school-occupation', '职业或工种名称：钳工本职业或工种近三年年均毕业人数：中级工62人、高级工41人'), ('social-occupation', '职业或工种名称：钳工')])
def test_the_head_of_an_occupation_sheet_reads_as_in_the_source(rubric: str, line: str) -> None:
    assert line in without_blanks(drawn_text_of(sheet_pdf(record(rubric))))
    assert line in without_blanks(''.join(cells(sheet_xlsx(record(rubric)))))


@pytest.mark.parametrize('rubric', RUBRICS)
def test_the_workbook_merges_what_the_source_merges(rubric: str) -> None:
    sheet = openpyxl.load_workbook(BytesIO(sheet_xlsx(record(rubric)))).worksheets[0]
    tall = {str(sheet.cell(m.min_row, m.min_col).value): m.max_row - m.min_row + 1 for m in sheet.merged_cells.ranges if m.min_col == 1 and m.max_row > m.min_row}
    for section in sheet_of(rubric).sections:
        rows = sum(len(item.merged_rows) or 1 for group in section.groups for item in group.items)
        if rows > 1:
            assert next(n for name, n in tall.items() if name.startswith(section.name)) == rows


def test_score_remark_lease_and_conclusion_stand_on_the_sheet() -> None:
    made = record('school-public', A3_16=Entry({'score': '4', 'leased': True, 'years': '2'}, '租期不足3年', '合同2028年到期'), A3_13=Entry({'score': '3'}, '内容不详实'))
    text = without_blanks(drawn_text_of(sheet_pdf(made)))
    for said in ('租期不足3年；租赁，租期2年；发现：合同2028年到期', '内容不详实', '总分95分，申请单位具备评价机构备案条件。', '被评估单位：明川技师学院（演示）'):
        assert without_blanks(said) in text
    assert 'F-TECHEVAL' in text


def test_signatures_of_long_names_stand_below_each_other() -> None:
    long = replace(record('social-occupation'), members=('依古丽阿布都克里木·迪丽努尔古丽', '臧轸水'))
    beside, below = (text_of(sheet_pdf(made)) for made in (record('social-occupation'), long))
    assert re.search('组长（米星日）.*成员（明翼火）', beside) and not re.search('组长（米星日）.*成员', below)


def test_the_foot_tells_vetoes_bonus_and_open_items() -> None:
    vetoed = record('school-public', A3_19=Entry({'met': False}, '未对接'), A3_B1=Entry({'met': True}))
    assert '否决项：A3.19' in conclusion(vetoed) and '加分2分' in conclusion(vetoed)
    assert '还有46项未评' in conclusion(replace(vetoed, entries={}, result=scored(sheet_of('school-public'), {})))
    assert conclusion(blank_sheet('school-public')) == ''


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert sheet_pdf(record('social-public')) == sheet_pdf(record('social-public'))
    assert sheet_xlsx(record('social-public')) == sheet_xlsx(record('social-public'))


# ------------------------------------------------------------------ self check


def precheck(answered: int = 30) -> PrecheckRecord:
    answers: dict[str, Any] = {key: entry.answer for key, entry in list(best('social-public').items())[:answered]}
    first = sheet_of('social-public').items[0].id
    return PrecheckRecord(sheet_of('social-public'), '启帆（演示）', '', answers, {first: SelfLine('办学许可证', '何立春', '2026-12-01')}, score_sheet(sheet_of('social-public'), answers), AT)


@shows('F-PRECHECK-SELF')
def test_the_self_check_adds_its_columns_and_leaves_open_what_is_open() -> None:
    heads = [*COLUMNS[:6], '自评得分', '佐证材料', '责任人', '整改期限', '办学许可证', '何立春', '合计']
    text = drawn_text_of(precheck_pdf(precheck()))
    assert in_order(text, heads) == []
    assert in_order('\n'.join(cells(precheck_xlsx(precheck()))), heads) == []
    assert '另有14项待自评' in without_blanks(text)
    assert '申请单位具备评价机构备案条件' in without_blanks(drawn_text_of(precheck_pdf(precheck(44))))
    assert precheck_pdf(precheck()) == precheck_pdf(precheck())


# ------------------------------------------------------------------ publicity, letters, report


def words(data: bytes) -> str:
    document = docx.Document(BytesIO(data))
    return '\n'.join([p.text for p in document.paragraphs] + [c.text for t in document.tables for row in t.rows for c in row.cells])


@shows('F-PUB-FILING', 'ORG-76')
def test_the_publicity_lists_who_is_to_be_filed() -> None:
    rows = (('1', '启帆（演示）', '52990102MA99DM010P', '云桥路88号', '汽车维修工', '汽车机械维修工', '5、4、3'),)
    made = PublicityRecord('鉴定中心（演示）', '云桥路1号', date(2026, 11, 18), date(2026, 11, 25), '0000-5550001', rows, AT, '')
    said = [*PUBLICITY_HEADS, *rows[0], '联系电话：0000-5550001', '地址：云桥路1号', '公示期：2026年11月18日至2026年11月25日']
    assert in_order(drawn_text_of(publicity_pdf(made)), said) == []
    assert [word for word in said if word not in words(publicity_docx(made))] == []
    assert publicity_pdf(made) == publicity_pdf(made)
    schools = replace(made, bodies=OTHER_BODIES)
    for text in (without_blanks(text_of(publicity_pdf(schools))), without_blanks(words(publicity_docx(schools)))):
        assert '拟备案职业技能等级评价机构名单公示' in text and '社会培训评价组织' not in text


def letter(*, extension: bool = False) -> AnswerLetter:
    return AnswerLetter('extension' if extension else 'increment', '启帆（演示）', '人社局（演示）', '明人社函〔2026〕19号', date(2026, 11, 26), '', '另请补充设备。', 'S000099010001', (date(2025, 3, 17), date(2028, 3, 16)),
                           (('1', '汽车维修工', '4-12-01-01', '汽车机械维修工', '5、4、3', '国家职业技能标准'),), AT, '', extension)


@shows('F-INC-REPLY')
def test_the_letter_of_an_increment_keeps_number_and_term_and_lists_what_is_added() -> None:
    said = ['人社局（演示）', '明人社函〔2026〕19号', '关于同意启帆（演示）增量备案的函', '启帆（演示）：', '原机构备案号及有效期不变', '机构备案号：S000099010001', '有效期：2025年3月17日至2028年3月16日',
            '另请补充设备。', '附件：职业技能等级评价职业/工种目录', '2026年11月26日', '此件依申请公开', *ANNEX_HEADS, '汽车维修工', '4-12-01-01', '汽车机械维修工', '5、4、3', '国家职业技能标准']
    assert in_order(text_of(answer_pdf(letter())), said) == []
    assert [word for word in said if without_blanks(word) not in without_blanks(words(answer_docx(letter())))] == []
    assert '关于同意启帆（演示）延续备案的函' in without_blanks(text_of(answer_pdf(letter(extension=True))))
    assert answer_pdf(letter()) == answer_pdf(letter())


@shows('F-OSTA-REPORT', 'ORG-78')
def test_the_report_names_the_organisation_beside_each_row() -> None:
    head = ('启帆（演示）', '52990102MA99DM010P', 'S000099010001', '社会培训评价组织', '云桥路88号', '吕雨水', '0000-5550002', '2025年3月17日至2028年3月16日')
    made = OstaReport(head, letter().rows * 2, AT)
    found = cells(osta_xlsx(made))
    assert found == ['备案机构信息报送表', *OSTA_HEADS, *ANNEX_HEADS, *(head + letter().rows[0]) * 2]
    assert osta_xlsx(made) == osta_xlsx(made)


# ------------------------------------------------------------------ records


def test_records_are_read_from_what_was_decided(house_on_sqlite: House) -> None:
    case = passed(way='increment', ranges=(FITTER,))
    publicized(case)
    kept = drafted(case)
    clerk = case.made.people['filing_clerk']
    with pytest.raises(NotYours), begin_as(clerk, at=SIGNING, reads=True) as work:
        answer_record(work, case.application_id)
    with pytest.raises(Refused, match='签发以后'), begin_as(case.clerk, org_id=case.org_id, at=SIGNING, reads=True) as work:
        osta_record(work, case.application_id)
    signed(case, kept)
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING, reads=True) as work:
        public, reply, report = publicity_record(work, case.application_id), answer_record(work, case.application_id), osta_record(work, case.application_id)
        shown = sheet_record(work, sheets(case, 0)[0].id)
    assert [row[4:] for row in public.rows] == [('钳工', '—', '5、4、3')]
    assert reply.rows == report.rows == (('1', '钳工', '6-20-01-01', '—', '5、4、3', '国家职业技能标准'),)
    assert (report.org[2], report.org[7]) == ('S000099010001', '2025年3月17日至2028年3月16日')
    assert (shown.leader, shown.members, shown.occupation, shown.result.total if shown.result else None) == ('米星日', ('明翼火', '臧轸水'), '钳工', Decimal(100))


@shows('F-FILING-REPLY')
def test_the_filing_letter_is_printed_as_it_was_signed_whatever_became_of_the_filing(house_on_sqlite: House) -> None:
    case = passed()
    publicized(case)
    kept = drafted(case, body='另请补充设备。')

    def read() -> Reply:
        with begin_as(case.clerk, org_id=case.org_id, at=SIGNING, reads=True) as work:
            return filing_reply(work, case.application_id)

    draft = read()
    assert (draft.mark, draft.body, draft.social) == ('草稿', '另请补充设备。', False)
    for text in (text_of(filing_reply_pdf(draft)), words(filing_reply_docx(draft))):
        assert '另请补充设备。' in without_blanks(text)
    filing_id = signed(case, kept)
    with Session(house().engines.write) as session:  # renamed, extended and with more occupations since
        session.get_one(Org, case.org_id).name = '新名技师学院（演示）'
        session.get_one(Filing, filing_id).valid_to = date(2039, 1, 1)
        session.add(FiledRange.model_validate({'org_id': case.org_id, 'filing_id': filing_id, 'seq': 2, 'occupation_code': '4-10-01-03', 'occupation': '保育师', 'levels': [5]}))
        session.commit()
    assert read() == replace(draft, mark='')
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING, reads=True) as work:
        assert giving_application(work, filing_id) == case.application_id


def test_a_letter_of_an_increment_is_marked_until_it_is_signed(house_on_sqlite: House) -> None:
    case = passed(way='increment', ranges=(FITTER,))
    publicized(case)
    kept = drafted(case)

    def mark() -> str:
        with begin_as(case.clerk, org_id=case.org_id, at=SIGNING, reads=True) as work:
            return answer_record(work, case.application_id).mark

    assert mark() == '草稿'
    signed(case, kept)
    assert mark() == ''


def test_a_paper_of_an_assessment_leaves_a_trail_entry_each_time(stage: Stage) -> None:
    case = stage(awaiting_letter)
    drafted(case)
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING, reads=True) as work:
        application, sheet_id = work.get(Application, case.application_id), sheets(case, 0)[0].id
    me = make.signed_in(case.clerk)
    for form, read in (('F-FILING-REPLY', filing_reply), ('F-TECHEVAL', lambda work, _: sheet_record(work, sheet_id))):
        assert built(me, application, form, read, lambda record: b'drawn')() == b'drawn'
    assert [(x['verb'], x['row'], x['note']) for x in make.trail()[-2:]] == [
        ('application.print', case.application_id, {'form': form}) for form in ('F-FILING-REPLY', 'F-TECHEVAL')]


def test_no_publicity_is_printed_before_it_begins(stage: Stage) -> None:
    case = stage(just_consolidated)
    with pytest.raises(Refused, match='公示还没有开始'), begin_as(case.clerk, org_id=case.org_id, at=AFTER, reads=True) as work:
        publicity_record(work, case.application_id)
