"""The centre's answers, the report of ending and the card of an organisation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from app.filing.papers import centre, ending, orgfile
from app.filing.papers.blocks import Printing
from app.regulation import profile
from tests.filing import sample
from tests.filing.test_papers_form import spoiled
from tests.papers.read import drawn_text_of, in_order
from tests.shows import shows

ANSWER = centre.Answer(
    '明鉴受〔2026〕18号', '明川市职业技能鉴定指导中心（演示）', '明川市启帆职业培训学校（演示）', date(2026, 10, 19), '狄柳土', (('备案的函', '齐全', ''), ('诚信承诺书', '齐全', '')),
    corrections=(('诚信承诺书', '请加盖公章后重新提交'),), due_on=date(2026, 11, 2), reason='主体不符合申请条件', basis='申请条件第一条', agent='狄柳土', on=date(2026, 10, 20))
HEAD = ['受理号', '明鉴受〔2026〕18号', '申请机构', '收到日期', '2026年10月19日', '核验人', '狄柳土']
FOOT = ['材料核对表', '材料', '核对', '问题说明', '结论', '经办人：', '明川市职业技能鉴定指导中心（演示）', '（公章）', '2026年10月20日']
CARD = orgfile.OrgFile(
    '明川市启帆职业培训学校（演示）', '52990102MA99DM010P', '社会培训评价组织', '云桥路88号', '吕雨水', '0000-5550101',
    (('S000099010001', '明人社函〔2025〕11号', date(2025, 3, 17), date(2028, 3, 16), '在备'),), (('保育师', '', '5、4、3', '国家职业技能标准'),), (('考评员', 11), ('专家', 4)),
    (orgfile.YearLine(2025, 2, 100, 70), orgfile.YearLine(2026, 3, 200, 181)), ((date(2026, 10, 28), '2026-003批次现场督导', '84分'),), expiries=(('备案有效期', date(2028, 3, 16)),))


@shows('F-ACCEPT')
def test_the_acceptance_names_what_was_checked() -> None:
    assert in_order(drawn_text_of(centre.accept_pdf(ANSWER, sample.PRINTING)), ['受理通知书', *HEAD, '予以受理', *FOOT]) == []


@shows('F-CORRECT', 'ORG-74')
def test_the_correction_notice_tells_everything_at_once_with_its_last_day() -> None:
    words = ['一次性补正告知书', *HEAD, '请于2026年11月2日前补正', '视为撤回申请', '补正事项', '诚信承诺书', '请加盖公章后重新提交', '补正期限', *FOOT]
    assert in_order(drawn_text_of(centre.correct_pdf(ANSWER, sample.PRINTING)), [*words, '本告知书一式两份']) == []


@shows('F-REJECT', 'ORG-75')
def test_the_refusal_gives_reason_and_basis() -> None:
    words = ['不予受理通知书', *HEAD, '理由', '主体不符合申请条件', '依据', '申请条件第一条', '陈述和申辩', *FOOT]
    assert in_order(drawn_text_of(centre.reject_pdf(ANSWER, sample.PRINTING)), words) == []


@pytest.mark.parametrize(('form', 'spoiled_answer', 'sentence'), [
    ('F-REJECT', replace(ANSWER, reason=''), '“不予受理通知书”的“理由”是空的，请写明理由后再打印。'),
    ('F-CORRECT', replace(ANSWER, corrections=()), '“一次性补正告知书”的“补正事项”是空的，请逐项写明全部补正事项后再打印。'),
    ('F-CORRECT', replace(ANSWER, due_on=None), '“一次性补正告知书”的“补正期限”是空的，请按工作日确定期限后再打印。'),
    ('F-ACCEPT', replace(ANSWER, items=(('诚信承诺书', '缺', '未盖章'),)), '材料“诚信承诺书”没有核验为齐全，不能出具受理通知书，请先告知补正。')])
def test_an_answer_with_a_gap_is_not_printed(form: str, spoiled_answer: centre.Answer, sentence: str) -> None:
    assert centre.missing(form, ANSWER) == []
    assert [f.sentence for f in centre.missing(form, spoiled_answer)] == [sentence]


@shows('F-DEREG', 'ORG-96', 'ORG-97')
def test_the_report_of_ending_names_who_keeps_the_data() -> None:
    record = sample.filing('ending')
    words = ['终止评价工作报备表', '机构', '备案号', 'S000099010001', '终止原因', '自愿终止', '停止日期', '2026年12月31日', '未了批次', '证书数据后续维护责任人', '曹谷雨', '电话', '空白证书处理', '档案去向', '（公章）', '中心意见']
    assert in_order(drawn_text_of(ending.ending_pdf(record, sample.PRINTING)), words) == []
    assert ending.missing(record) == []
    assert [(f.rule, f.sentence) for f in ending.missing(spoiled(record, 'ending', data_keeper=''))] == [('ORG-97', '报备表的“证书数据后续维护责任人”是空的，请填写后再打印。')]


@shows('F-ORGFILE', 'SCORE-25')
def test_the_card_shows_history_and_whether_supervision_is_heightened() -> None:
    printing = Printing(sample.AT, profile('hunan'))
    words = ['一户一档', '统一社会信用代码', '备案历史', 'S000099010001', '备案职业', '保育师', '人员队伍', '历年评价', '督导记录', '84分', '投诉记录', '处理记录', '到期提醒', '重点督导对象：是（2026年合格率90.5%，重点督导线90%）。']
    assert in_order(drawn_text_of(orgfile.org_file_pdf(CARD, printing)), words) == []
    below = replace(CARD, years=(orgfile.YearLine(2026, 3, 200, 180),))
    book = openpyxl.load_workbook(BytesIO(orgfile.org_file_xlsx(below, printing)))
    assert book.sheetnames == ['基本情况', '备案历史', '备案职业', '人员队伍', '历年评价', '督导记录', '投诉记录', '处理记录', '到期提醒']
    assert book['基本情况']['A9'].value == '重点督导对象：否（2026年合格率90.0%，重点督导线90%）。'
