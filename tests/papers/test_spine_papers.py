"""Every paper of the spine: its labels in their order, its data, the same bytes for the same record."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import col, select

from app import certificate_sheets
from app.certificates import documents, records
from app.errors import Refused
from app.house import House
from app.organizations import documents as letters
from app.organizations.queries import filings_of
from app.registration import documents as rosters
from app.scores import documents as sheets
from app.work import Work, begin_as
from db.batches import Batch
from db.users import Person
from tests.papers.read import codes_of, in_order, pictures_of, text_of, without_blanks
from tests.shows import shows


@contextmanager
def as_person(name: str) -> Iterator[tuple[Work, int]]:
    """Read as somebody of the story; gives the id of batch 2026-003 too."""
    from sqlalchemy import select as plain

    from app.house import house

    with house().engines.read.connect() as connection:
        person = connection.execute(plain(col(Person.id)).where(col(Person.name) == name)).scalar_one()
    with begin_as(person, reads=True) as work:
        yield work, work.session.exec(select(Batch.id).where(Batch.number == '2026-003')).one()


def certificate_papers(layout: str) -> certificate_sheets.CertificatePapers:
    with as_person('曹谷雨') as (work, batch_id):
        return records.certificate_papers(work, batch_id, layout)


@shows('F-CERT', 'CERT-02', 'CERT-07', 'CERT-08', 'CERT-09')
@pytest.mark.parametrize('layout', ['handbook', 'national_2021'])
def test_a_certificate_prints_its_labels_and_data_in_order(story_house: House, layout: str) -> None:
    papers = certificate_papers(layout)
    text = text_of(documents.certificates_pdf(papers.of(papers.people[:1])), layout=False)
    person = papers.people[0]
    assert in_order(text, ['职业技能等级证书']) == []
    labels = ['姓名', '证件类型', '证件号码', '职业名称', '工种名称', '职业技能等级', '证书编号', '评价机构']
    values = [person.name, '居民身份证', person.id_no, '保育师', '----', '四级/中级工', 'S000099010001264000119', '明川市启帆职业培训学校（演示）']
    lost = [(label, value) for label, value in zip(labels, values, strict=True) if in_order(text, [label, value])]
    assert lost == []
    assert '2026年11月12日' in without_blanks(text)


@shows('CERT-07')
def test_every_qr_code_of_a_print_reads_back_its_number_and_nothing_personal(story_house: House, tmp_path: Path) -> None:
    papers = certificate_papers('handbook')
    few = papers.of(papers.people[:6])
    read = [codes_of(page) for page in pictures_of(documents.certificates_pdf(few), tmp_path)]
    assert read == [[f'https://jndj.example/?number={p.number}'] for p in few.people]


@shows('CERT-03')
def test_a_certificate_without_a_work_type_prints_the_sign_of_the_profile(story_house: House) -> None:
    papers = certificate_papers('handbook')
    assert {p.work_type for p in papers.people if p.occupation == '保育师'} == {'----'}


@shows('CERT-04')
def test_a_long_name_shrinks_to_fourteen_points_and_then_takes_two_lines() -> None:
    assert certificate_sheets.fitted('普通车床', '楷', 16, 72) == (16, ['普通车床'])
    assert certificate_sheets.fitted('汽车车身整形修复工技术员', '楷', 16, 64) == (15, ['汽车车身整形修复工技术员'])
    points, lines = certificate_sheets.fitted('明川市启帆职业技能培训与评价服务中心（演示）有限责任公司', '楷', 16, 72)
    assert (points, len(lines)) == (14, 2)


def test_a_name_that_no_font_has_is_named_before_anything_is_printed(story_house: House) -> None:
    papers = certificate_papers('handbook')
    broken = replace(papers.people[0], name='王𫠟')
    with pytest.raises(Refused, match=re.escape('U+2B81F')) as refused:
        documents.certificates_pdf(papers.of([papers.people[1], broken]))
    assert '王' in refused.value.sentence


def test_the_same_certificates_give_the_same_bytes(story_house: House) -> None:
    papers = certificate_papers('handbook')
    few = papers.of(papers.people[:3])
    assert documents.certificates_pdf(few) == documents.certificates_pdf(few)


def test_without_a_frame_the_page_of_preprinted_stock_has_none(story_house: House) -> None:
    papers = certificate_papers('handbook')
    one = papers.of(papers.people[:1])
    assert len(documents.certificates_pdf(one, frame=False)) < len(documents.certificates_pdf(one, frame=True))


@shows('F-PASS')
def test_the_pass_list_holds_the_forty_three_with_their_numbers(story_house: House) -> None:
    with as_person('曹谷雨') as (work, batch_id):
        people = records.list_record(work, batch_id)
    text = text_of(documents.pass_list_pdf(people))
    assert in_order(text, ['职业技能等级认定合格人员名册', '序号', '姓名', '性别', '证件类型', '证件号码', '职业', '工种', '等级', '证书编号', '发证日期']) == []
    assert set(re.findall(r'S\d{21}', without_blanks(text))) >= {r.number for r in people.rows}
    book = openpyxl.load_workbook(io.BytesIO(documents.pass_list_xlsx(people)))
    cells = [[c.value for c in row] for row in book.active.iter_rows()]
    assert [row[11] for row in cells if str(row[11]).startswith('S0000')] == [r.number for r in people.rows]
    assert {book.active.cell(3, c).number_format for c in (5, 12)} == {'@'}


@shows('F-CERT-LIST')
def test_the_issue_list_has_places_to_sign_and_the_seal_of_the_trail(story_house: House) -> None:
    with as_person('曹谷雨') as (work, batch_id):
        people = records.list_record(work, batch_id)
    text = text_of(documents.issue_list_pdf(people))
    assert in_order(text, ['职业技能等级证书核发名册']) == []
    assert all(without_blanks(word) in without_blanks(text) for word in ('发证日期', '空白件流水码', '领取签名', '操作记录封存值'))
    book = openpyxl.load_workbook(io.BytesIO(documents.issue_list_xlsx(people)))
    heads = [c.value for c in next(book.active.iter_rows(min_row=2, max_row=2))]
    assert heads[-4:] == ['空白件流水码', '领取签名', '领取日期', '代领人/证件']


@shows('F-CERT-APPROVE', 'CERT-35')
def test_the_approval_sheet_adds_up_and_names_each_run_of_numbers(story_house: House) -> None:
    with as_person('何立春') as (work, batch_id):
        sheet = records.approval_record(work, batch_id)
    text = without_blanks(text_of(documents.approval_pdf(sheet)))
    assert [(r.due, r.sat, r.passed, r.first[-9:], r.last[-9:]) for r in sheet.rows] == [
        (30, 29, 22, '264000119', '264000140'), (24, 23, 17, '264000141', '264000157'), (6, 6, 4, '262000004', '262000007')]
    assert all(word in text for word in ('证书核发审批表', '应考', '实考', '合格', '拟发证数', '证书编号起止', '公示起止与结果', '督导意见', '机构负责人签字', '合计60584343'))


@shows('F-SCORESUM', 'SCORE-01', 'SCORE-05')
def test_the_score_table_prints_each_group_with_its_figures_and_signatures(story_house: House) -> None:
    with as_person('施惊蛰') as (work, batch_id):
        sheet = sheets.score_record(work, batch_id)
    text = text_of(sheets.score_sheet_pdf(sheet))
    assert [(g.due, g.sat, g.absent, g.passed, g.rate) for g in sheet.groups] == [(30, 29, 1, 22, '75.9%'), (24, 23, 1, 17, '73.9%'), (6, 6, 0, 4, '66.7%')]
    assert in_order(text, ['职业技能等级认定成绩汇总表', '序号', '准考证号', '姓名', '证件号码', '职业', '工种', '等级', '理论', '实操', '综合', '是否合格', '备注']) == []
    assert all(word in without_blanks(text) for word in ('缺考', '违纪取消', '考评组长', '汇总记分员', '内部质量督导员', '考务负责人', '实操（至2027-10-25）'))
    book = openpyxl.load_workbook(io.BytesIO(sheets.score_sheet_xlsx(sheet)))
    assert len(book.sheetnames) == 3


@shows('F-SCORE-CHECK')
def test_the_check_list_shows_both_entries_of_every_subject(story_house: House) -> None:
    with as_person('施惊蛰') as (work, batch_id):
        sheet = sheets.check_record(work, batch_id)
    book = openpyxl.load_workbook(io.BytesIO(sheets.check_list_xlsx(sheet)))
    rows = [[c.value for c in row] for row in book.active.iter_rows(min_row=3)]
    assert len(rows) == 54 * 2 + 6 * 3
    assert {row[7] for row in rows} == {'一致'}
    assert all(row[4] != row[6] for row in rows)


@shows('F-RESULT-NOTICE', 'DATA-16')
def test_the_notice_of_results_carries_no_full_id_number(story_house: House) -> None:
    with as_person('施惊蛰') as (work, batch_id):
        notice = sheets.notice_record(work, batch_id)
    text = without_blanks(text_of(sheets.notice_pdf(notice)))
    assert re.findall(r'\d{17}[\dX]', text) == []
    assert '9901**********1381' in text
    assert '公示期2026年11月3日至2026年11月10日' in text


@shows('F-FILING-REPLY')
def test_the_reply_letter_names_number_term_and_annex_rows(story_house: House) -> None:
    with as_person('何立春') as (work, _):
        record = letters.reply_record(filings_of(work)[0], work.now)
    text = text_of(letters.filing_reply_pdf(record))
    assert in_order(text, [
        '明人社函〔2025〕11号', '社会培训评价组织备案的函', '机构备案号', 'S000099010001', '2025年3月17日至2028年3月16日', '职业技能等级评价职业/工种目录',
        '序号', '职业名称', '职业编码', '工种/方向', '等级', '评价依据', '保育师', '4-10-01-03', '5、4、3', '车工', '普通车床', '4、3、2、1', '数控车床']) == []
    import docx

    word = docx.Document(io.BytesIO(letters.filing_reply_docx(record)))
    assert [c.text for c in word.tables[0].rows[0].cells] == ['序号', '职业名称', '职业编码', '工种/方向', '等级', '评价依据']
    assert len(word.tables[0].rows) == 5
    said = '\n'.join(p.text for p in word.paragraphs)
    for read in (text, said):
        assert in_order(read, ['明人社函〔2025〕11号', '关于同意明川市启帆职业培训学校（演示）社会培训评价组织备案的函', '明川市启帆职业培训学校（演示）：', '经专家评估', '机构备案号', '有效期', '附件：职业技能等级评价职业/工种目录',
                               '2025年3月17日', '（此件依申请公开）', '附件', '职业技能等级评价职业/工种目录', '注：']) == []
    other = without_blanks(text_of(letters.filing_reply_pdf(replace(record, social=False)), layout=False))
    assert '开展职业技能等级认定工作备案的函' in other and '社会' not in other.replace('人力资源和社会保障局', '').replace('社会监督', '')


@shows('F-ROSTER')
def test_the_roster_lists_the_sixty_in_the_order_of_their_numbers(story_house: House) -> None:
    with as_person('张春分') as (work, batch_id):
        roster = rosters.roster_record(work, batch_id)
    text = text_of(rosters.roster_pdf(roster))
    assert in_order(text, ['职业技能等级认定报名花名册', '赵甲子', '钱乙丑', '康癸亥']) == []
    book = openpyxl.load_workbook(io.BytesIO(rosters.roster_xlsx(roster)))
    assert [row[0].value for row in book.active.iter_rows(min_row=3, max_row=62)] == [str(n) for n in range(1, 61)]


def test_a_template_read_back_is_read_by_its_own_columns() -> None:
    from app.intake import read_table
    from app.registration.rules import COLUMNS

    table = read_table(rosters.template_xlsx(), COLUMNS, name_shown='模板.xlsx')
    assert (table.rows, table.unread) == ([], ())
