"""Rule documents on paper: each as PDF, the volume with contents and page numbers, F-RULES in its columns, the ZIP in order."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import docx
import openpyxl
import pytest

from app.bylaws.documents import RULES_HEADS, VOLUME, bylaw_pdf, bylaws_zip, rules_docx, rules_pdf, rules_xlsx, volume_pdf
from app.bylaws.records import BylawPaper, BylawRegister, RegisterRow, file_stem
from app.bylaws.rules import LISTED
from app.errors import Refused
from tests.make import NOW
from tests.papers.read import in_order, text_of, without_blanks
from tests.shows import shows

ORG = '明川市启帆职业培训学校（演示）'
TEXT = '第一章　总则\n第一条　为规范工作，制定本制度。\n（一）子；\n1. 丑。\n说明一句。\n| 岗位 | 人数 |\n| 监考 | 2 |\n第二章　附则\n第二条　自发布之日起施行。'


def paper(number: int, text: str = TEXT) -> BylawPaper:
    return BylawPaper(ORG, number, LISTED[number - 1], 1, '现行', '综合科', date(2024, 11, 7), '明启培〔2024〕12号', '何立春（机构负责人）', date(2024, 11, 8), '公示栏', text, NOW, '')


def register(*numbers: int) -> BylawRegister:
    rows = [RegisterRow(n, t, '第1版', '综合科', date(2024, 11, 7), '明启培〔2024〕12号', '何立春（机构负责人）', '现行', '公示栏', f'{file_stem(n, t)}.docx') if n in numbers
            else RegisterRow(n, t, '', '', None, '', '', '', '', '') for n, t in enumerate(LISTED, 1)]
    return BylawRegister(ORG, NOW, '', tuple(rows), tuple(paper(n, '\n'.join([TEXT] * n)) for n in numbers))


@shows('ORG-54')
def test_a_document_prints_title_head_text_table_and_who_made_it() -> None:
    text = text_of(bylaw_pdf(paper(2)))
    assert in_order(text, ['财务管理制度', f'（{ORG}', '明启培〔2024〕12号', '2024年11月7日', '第1版）', '第一章　总则', '第一条　为规范工作，制定本制度。', '（一）子；', '1. 丑。', '说明一句。',
                           '岗位', '人数', '监考', '第二章　附则', '第二条　自发布之日起施行。', '制定部门', '综合科', '制定时间', '批准人', '何立春（机构负责人）', '上墙/公开位置', '公示栏',
                           '第1页共1页']) == []
    assert bylaw_pdf(paper(2)) == bylaw_pdf(paper(2))


def test_the_flow_chart_follows_document_24() -> None:
    text = without_blanks(text_of(bylaw_pdf(paper(24)), layout=False))
    assert '第2页共2页' in text and '16、获取证书' in text
    assert '16、获取证书' not in without_blanks(text_of(bylaw_pdf(paper(23)), layout=False))


def test_a_character_that_no_font_has_is_named_with_its_document() -> None:
    with pytest.raises(Refused, match='《财务管理制度》'):
        bylaw_pdf(paper(2, '第一条　\U00031350。'))


@shows('F-RULES')
def test_the_volume_has_contents_whose_numbers_are_the_pages(tmp_path: object) -> None:
    book = register(1, 2, 10, 24)
    pages = text_of(volume_pdf(book), layout=True).split('\f')[:-1]
    assert VOLUME in without_blanks(pages[0])
    told = {int(n): int(at) for n, at in re.findall(r'(?m)^\s*(\d+)\s+\S.*?(\d+)\s*$', pages[1]) if int(n) in (1, 2, 10, 24)}
    assert list(told) == [1, 2, 10, 24]
    for number, at in told.items():
        assert without_blanks(pages[at - 1]).startswith(LISTED[number - 1])
    assert [without_blanks(page).rpartition('第')[2] for page in pages] == [f'{n}页共{len(pages)}页' for n in range(1, len(pages) + 1)]
    assert '16、获取证书' in without_blanks(pages[-1])
    assert volume_pdf(book) == volume_pdf(book)


@shows('F-RULES')
def test_the_register_has_the_columns_of_the_form_in_all_three_formats() -> None:
    book = register(2)
    heads = ['序号', '名称', '版本', '制定部门', '制定时间', '发布文号', '批准人', '状态', '上墙/公开位置', '文件']
    assert list(RULES_HEADS) == heads
    second = ['2', '财务管理制度', '第1版', '综合科', '2024年11月7日', '明启培〔2024〕12号', '何立春（机构负责人）', '现行', '公示栏', '02_财务管理制度.docx']
    assert in_order(text_of(rules_pdf(book)), ['规章制度登记表', ORG, *heads, *(LISTED[n] for n in range(24))]) == []
    sheet = openpyxl.load_workbook(io.BytesIO(rules_xlsx(book))).active
    assert sheet is not None
    assert [c.value for c in sheet[2]] == heads and [c.value for c in sheet[4]] == second and sheet.max_row == 26
    table = docx.Document(io.BytesIO(rules_docx(book))).tables[0]
    assert [c.text for c in table.rows[0].cells] == heads and [c.text for c in table.rows[2].cells] == second and len(table.rows) == 25
    for draw in (rules_pdf, rules_xlsx, rules_docx):
        assert draw(book) == draw(book)


def test_the_zip_holds_everything_in_order_with_progress() -> None:
    told: list[tuple[int, int]] = []
    data = bylaws_zip(register(2, 10), lambda done, total: told.append((done, total)))
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert names == [f'00_{VOLUME}.pdf', '00_规章制度登记表.docx', '00_规章制度登记表.pdf', '00_规章制度登记表.xlsx', '02_财务管理制度.docx', '02_财务管理制度.pdf',
                     '10_职业技能等级认定应急预案.docx', '10_职业技能等级认定应急预案.pdf', '24_职业技能等级认定工作流程图_A3.pdf']
    assert told == [(n, 9) for n in range(1, 10)]
    assert data == bylaws_zip(register(2, 10))


def test_a_title_becomes_a_file_name_that_windows_takes() -> None:
    assert file_stem(30, '考生须知 / 考生注意事项') == '30_考生须知 _ 考生注意事项'


def test_a_draft_is_marked_across_the_page() -> None:
    assert '草稿' in without_blanks(text_of(bylaw_pdf(replace(paper(2), mark='草稿')), layout=False))
