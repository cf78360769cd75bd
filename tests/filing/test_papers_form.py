"""F-FILING-HN, F-FILING-INC and F-PLEDGE: labels in the order of the source, in print and in the cells; what is missing before printing."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx
import openpyxl
import pytest

from app.bylaws.rules import LISTED
from app.filing.papers import form, pledge
from app.filing.records import ApplicationRecord
from app.xlsx import LISTS
from tests.filing import sample
from tests.papers.read import drawn_text_of, in_order, text_of, without_blanks
from tests.shows import shows

COVER = ['单位名称', '（盖章）', '单位地址', '法定代表人', '电话', '联 系 人', '电话', '填报时间', '河南省人力资源和社会保障厅制']
RANGE = ['职业编码', '职业名称', '工种名称', '等级', '评价标准']
EQUIPMENT = ['名称', '规格/型号', '数量', '权属']
PERSON = ['姓名', '身份证件号', '职务/职称/技能等级', '学历']
FORM = [
    '河南省社会培训评价组织', '备案申请表', *COVER, '河南省社会培训评价组织备案申请表', '单位名称', '地址', '注册登记机构', '统一社会信用代码', '机构性质', '企业', '民办非企业单位', '社会团体', '院校',
    '联系人', '职务', '联系电话', '电子邮箱', '申请开展职业技能等级认定的职业（工种）', '职业申报参照国家职业技能标准', *RANGE, '文件、规章制度清单（具体材料另附）', '名称', '制定部门', '制定时间', '备注',
    '具备的组织和专业优势', '场地情况', '设施设备情况（按职业分别列出设备明细）', '认定职业1：保育师', '设备所在地：', *EQUIPMENT, '认定职业2：车工', '设备所在地：', *EQUIPMENT,
    '信息化建设情况（含考务管理、考试技术、考场监控等）', '1、考务管理系统：', '2、理论机考操作系统：', '3、视频监控系统：', '人员队伍建设情况', '工作人员情况', *PERSON, '主要职责', '考评人员队伍',
    '（每一职业最少3名考评人员', *PERSON, '专家队伍', '（每一职业最少2名专家', *PERSON, '内部质量监督人员队伍', '（每次职业技能等级认定过程需派遣3名', *PERSON, '专业方向',
    '申请单位承诺', '单位法定代表人对本表以上所填写内容及所提供材料真实有效性的承诺：', '省辖市、直管县（市）职业技能鉴定（指导）中心初审意见', '省管社会培训评价组织此栏不填写',
    '省级人力资源社会保障部门意见', '非省管社会培训评价组织由省辖市备案，无需省级人力资源社会保障部门出具意见']
INCREMENT = [
    '河南省社会培训评价组织', '增量备案申请表', *COVER, '河南省社会培训评价组织增量备案申请表', '单位名称', '地址', '注册登记机构', '统一社会信用代码', '单位性质', '企业', '民办非企业单位', '行业协会', '院校',
    '社评组织原备案号', '联系人', '职务', '联系电话', '电子邮箱', '申请增量的职业（工种）', '序号', *RANGE, '具备的组织和专业优势', '场地情况', '设施设备情况', '序号', *EQUIPMENT,
    '人员队伍建设情况', '工作人员情况', *PERSON, '主要职责', '考评人员队伍', *PERSON, '专家队伍', *PERSON, '法定代表人是否同意社会培训评价组织增量备案', '注：申请职业技能等级认定增量']


def words_of(word: bytes) -> str:
    """Return paragraphs and cells of a Word paper in order, each merged cell once."""
    found, document = [], docx.Document(BytesIO(word))
    for part in document.iter_inner_content():
        if isinstance(part, docx.table.Table):
            for row in part.rows:
                found += list(dict.fromkeys(cell.text for cell in row.cells))
        else:
            found.append(part.text)
    return '\n'.join(found)


@shows('F-FILING-HN', 'ORG-53', 'ORG-55')
def test_the_application_form_prints_its_labels_in_the_order_of_the_source() -> None:
    record = sample.filing()
    printed = drawn_text_of(form.filing_pdf(record, sample.PRINTING))
    assert in_order(printed, FORM) == []
    assert in_order(printed, list(LISTED)) == []
    written = words_of(form.filing_docx(record, sample.PRINTING))
    assert in_order(written, [w for w in FORM if w not in ('河南省社会培训评价组织', '备案申请表')]) == []
    assert in_order(written, ['注册登记机构', '统一社会信用代码', '申请单位承诺', '法定代表人签字', '单位（公章）', '年 月 日', '省辖市、直管县（市）职业技能鉴定（指导）中心初审意见',
                              '省级人力资源社会保障部门意见']) == []


@shows('F-FILING-HN')
def test_the_workbook_holds_every_row_table_with_codes_as_text() -> None:
    book = openpyxl.load_workbook(BytesIO(form.filing_xlsx(sample.filing(), sample.PRINTING)))
    assert book.sheetnames == ['职业（工种）', '规章制度', '场地', '设备1', '设备2', '工作人员', '考评人员', '专家', '内部质量监督人员', LISTS]
    assert [(str(v.sqref), v.formula1) for v in book['考评人员'].data_validations.dataValidation] == [('G3:G12', f"'{LISTS}'!$B$1:$B$2")]
    evaluator = ['序号', *PERSON, '考评职业（工种）', '是否本单位人员']
    heads = [['序号', *RANGE], ['序号', '名称', '制定部门', '制定时间', '备注'], ['场所', '位置', '机位/工位', '面积（㎡）', '权属', '租期'], ['序号', *EQUIPMENT], ['序号', *EQUIPMENT],
             ['序号', *PERSON, '主要职责'], evaluator, evaluator, ['序号', *PERSON, '专业方向']]
    assert [[c.value for c in book[name][2]] for name in book.sheetnames[:-1]] == heads
    assert [book['规章制度'].cell(row, 2).value for row in range(3, 27)] == list(LISTED)
    assert [book[name]['A1'].value for name in book.sheetnames[:2]] == ['申请开展职业技能等级认定的职业（工种）', '文件、规章制度清单（具体材料另附）']
    assert [[c.value for c in row] for row in book['职业（工种）'].iter_rows(min_row=5, max_row=5)] == [['3', '6-18-01-01', '车工', '普通车床', '4、3、2、1', '国家职业技能标准']]
    assert (book['工作人员']['C3'].value, book['工作人员']['C3'].number_format) == ('990199196907215012', '@')
    assert [book['内部质量监督人员'].cell(row, 1).value for row in range(3, 7)] == ['1', '2', '3', '4']


@pytest.mark.parametrize(('way', 'name'), [('school_own', '备案申请表'), ('increment', '增量备案申请表')])
def test_the_form_of_a_school_or_an_employer_is_not_called_that_of_a_training_organisation(way: str, name: str) -> None:
    record = of_a_school(sample.filing(way))
    make = form.increment_pdf if way == 'increment' else form.filing_pdf
    printed = without_blanks(drawn_text_of(make(record, sample.PRINTING)))
    assert printed.startswith(f'职业技能等级评价机构{name}')
    assert '社会培训评价组织' not in printed and '河南省人力资源和社会保障厅制' not in printed


def test_the_lines_of_a_cover_are_one_table_under_the_title_in_word() -> None:
    document = docx.Document(BytesIO(form.filing_docx(sample.filing(), sample.PRINTING)))
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows][2:4] == [['法定代表人', '何立春', '电话', '15400010001'], ['联 系 人', '吕雨水', '电话', '0000-5550101']]
    assert document.paragraphs[0].paragraph_format.space_before.mm == pytest.approx(45, abs=0.1)


@shows('F-FILING-INC')
def test_the_increment_form_prints_its_labels_in_order_and_only_what_is_added() -> None:
    record = sample.filing('increment')
    printed = drawn_text_of(form.increment_pdf(record, sample.PRINTING))
    assert in_order(printed, INCREMENT) == []
    written = words_of(form.increment_docx(record, sample.PRINTING))
    assert in_order(written, [w for w in INCREMENT if w not in ('河南省社会培训评价组织', '增量备案申请表')]) == []
    assert in_order(written, ['社评组织原备案号', 'S000099010001', '申请单位法定代表人意见', '法定代表人签字', '单位（公章）', '年 月 日', '省辖市、直管县（市）职业技能鉴定（指导）中心初审意见', '年 月 日',
                              '省级人力资源社会保障部门意见', '年 月 日']) == []
    for word in ('申请单位法定代表人意见', '法定代表人签字：', '单位（公章）', '省辖市、直管县（市）职业技能鉴定（指导）中心初审意见', '省级人力资源社会保障部门意见'):
        assert without_blanks(word) in without_blanks(text_of(form.increment_pdf(record, sample.PRINTING), layout=False))
    assert '保育师' not in printed and '金芒种' not in printed and '谢处暑' in printed


@shows('F-PLEDGE')
def test_the_pledge_prints_five_clauses_word_for_word() -> None:
    record = sample.filing()
    words = ['诚信承诺书', '我单位明川市启帆职业培训学校（演示）', '统一社会信用代码为：52990102MA99DM010P', '为推进职业技能人才评价改革', *pledge.CLAUSES, '承诺单位（加盖公章）', '法定代表人签字：', '年 月 日']
    assert in_order(drawn_text_of(pledge.pledge_pdf(record, sample.PRINTING)), words) == []
    assert in_order(words_of(pledge.pledge_docx(record, sample.PRINTING)), words) == []


def test_the_same_record_gives_the_same_bytes() -> None:
    record = sample.filing()
    for make in (form.filing_pdf, form.filing_docx, form.filing_xlsx, pledge.pledge_pdf, pledge.pledge_docx):
        assert make(record, sample.PRINTING) == make(sample.filing(), sample.PRINTING)


@shows('ORG-53')
@pytest.mark.parametrize(('changed', 'sentence'), [
    ({'ranges': ()}, '申请的职业（工种）一行也没有，请登记后再打印。'),
    ({'equipment': ()}, '“保育师”没有设备明细，申请表按职业分别列出，请在设备台账登记该职业的设备。'),
    ({'supervisors': ()}, '内部质量监督人员队伍一行也没有，请登记后再打印。'),
    ({'bylaws': ()}, '规章制度第1项《职业技能等级评价工作规则》没有文件，表中制定部门和制定时间会空着，请制定后再打印。')])
def test_what_is_missing_is_named_before_printing(changed: dict[str, Any], sentence: str) -> None:
    assert form.missing(sample.filing()) == []
    assert sentence in [f.sentence for f in form.missing(sample.filing(**changed))]


def test_an_empty_answer_is_named_by_its_label_and_prints_blank() -> None:
    record = spoiled(sample.filing(), 'basics', registration_body='', filled_on=None)
    assert [f.sentence for f in form.missing(record)] == [
        '“注册登记机构”是申请表的必填项，现在是空的，请填写后再打印。', '“填报时间”是申请表的必填项，现在是空的，请填写后再打印。']
    assert '填报时间年月日' in without_blanks(drawn_text_of(form.filing_pdf(record, sample.PRINTING)))


def of_a_school(record: ApplicationRecord) -> ApplicationRecord:
    """Return the record as that of a technical school."""
    return record.model_copy(update={'org': record.org.model_copy(update={'kind': 'technical_school', 'name': '明川技师学院（演示）'})})


def spoiled(record: ApplicationRecord, step: str, **values: object) -> ApplicationRecord:
    """Return the record with other answers of one step."""
    return record.model_copy(update={'answers': {**record.answers, step: {**record.answers[step], **values}}})
