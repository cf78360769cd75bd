"""Word papers, opened again: fonts by their official names, tables, letters, and the same bytes."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any
from zipfile import ZipFile

import docx
from docx.oxml.ns import qn
from docx.shared import Length

from app.cells import Cell
from app.docx import WordPaper, letter_docx
from app.letters import Letter

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LETTER = Letter('明川市人力资源和社会保障局（演示）', '明人社函〔2026〕31号', '关于同意明川市启帆职业培训学校（演示）备案的函', '明川市启帆职业培训学校（演示）',
                ('函复如下：', '一、备案范围', '（一）职业', '同意备案。'), ('评价职业目录',), on=date(2026, 11, 23), note='此件依申请公开')


def reopened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def paper() -> WordPaper:
    heads = [[Cell('序号', rows=2), Cell('成绩', cols=2)], ['理论', '实操']]
    return (WordPaper('实施方案', made_at=AT, author='明川市启帆职业培训学校（演示）', form='F-PLAN-HN', mark='演示样本')
            .heading('一、基本情况').paragraph('正文。')
            .table(heads, [['1', '60', '70'], [Cell('2', rows=2), Cell('缺考', cols=2)], ['70', '80']], [1, 2, 2])
            .signature('负责人').seal('明川市启帆职业培训学校（演示）', on=date(2026, 1, 5)))


def faces(paragraph: Any) -> set[str]:
    return {run._element.rPr.rFonts.get(qn('w:eastAsia')) for run in paragraph.runs}


def find(document: Any, text: str) -> Any:
    return next(paragraph for paragraph in document.paragraphs if text in paragraph.text)


def test_the_same_record_gives_the_same_bytes_with_fixed_times() -> None:
    assert paper().to_bytes() == paper().to_bytes()
    assert letter_docx(LETTER, made_at=AT) == letter_docx(LETTER, made_at=AT)
    with ZipFile(io.BytesIO(paper().to_bytes())) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_chinese_fonts_have_their_official_names() -> None:
    document = reopened(letter_docx(LETTER, made_at=AT))
    assert {text: faces(find(document, text)) for text in ('关于同意', '一、备案范围', '（一）职业', '同意备案。')} == {
        '关于同意': {'方正小标宋简体'}, '一、备案范围': {'黑体'}, '（一）职业': {'楷体_GB2312'}, '同意备案。': {'仿宋_GB2312'}}
    assert document.styles['Normal'].element.rPr.rFonts.get(qn('w:eastAsia')) == '仿宋_GB2312'


def test_properties_are_ours_and_not_those_of_the_library() -> None:
    about = reopened(paper().to_bytes()).core_properties
    assert (about.title, about.author, about.comments, str(about.created), about.revision) == (
        '实施方案', '明川市启帆职业培训学校（演示）', '', '2026-11-23 09:00:00+00:00', 1)


def test_heads_are_repeated_and_rows_are_not_split() -> None:
    rows = reopened(paper().to_bytes()).tables[0].rows
    assert [row._tr.trPr.find(qn('w:tblHeader')) is not None for row in rows] == [True, True, False, False, False]
    assert [row._tr.trPr.find(qn('w:cantSplit')) is not None for row in rows] == [True] * 5


def test_merged_cells_cover_their_places() -> None:
    table = reopened(paper().to_bytes()).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ['序号', '成绩', '成绩'], ['序号', '理论', '实操'], ['1', '60', '70'], ['2', '缺考', '缺考'], ['2', '70', '80']]


def test_a_last_pair_alone_reaches_to_the_right_edge() -> None:
    table = reopened(WordPaper('表', made_at=AT).rows([('姓名', '甲'), ('性别', '男'), ('单位', '乙')], columns=2).to_bytes()).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [['姓名', '甲', '性别', '男'], ['单位', '乙', '乙', '乙']]


def test_a_signature_stays_with_the_last_two_rows() -> None:
    rows = reopened(paper().to_bytes()).tables[0].rows
    assert [all(p.paragraph_format.keep_with_next for cell in row.cells for p in cell.paragraphs) for row in rows] == [False] * 3 + [True] * 2


def test_signature_and_seal_have_their_places() -> None:
    texts = [paragraph.text for paragraph in reopened(paper().to_bytes()).paragraphs]
    assert texts[-4:] == ['负责人：＿＿＿＿＿＿＿＿　　　　　年　　月　　日', '明川市启帆职业培训学校（演示）', '（盖章）', '2026年1月5日']


def test_pages_are_a4_with_margins_mark_form_and_numbers() -> None:
    section = reopened(paper().to_bytes()).sections[0]
    assert [round(length.mm) for length in (section.page_width, section.page_height, section.top_margin, section.bottom_margin,
                                            section.left_margin, section.right_margin)] == [210, 297, 25, 25, 20, 20]
    assert section.header.paragraphs[0].text == '演示样本'
    foot = section.footer.paragraphs[0]._p
    assert [text.text for text in foot.iter(qn('w:t'))] == ['F-PLAN-HN　第', '页 共', '页']
    assert [field.get(qn('w:instr')) for field in foot.iter(qn('w:fldSimple'))] == ['PAGE', 'NUMPAGES']


def test_a_letter_has_its_page_its_red_head_and_numbers_on_both_sides() -> None:
    document = reopened(letter_docx(LETTER, made_at=AT))
    section = document.sections[0]
    assert [round(length.mm) for length in (section.top_margin, section.bottom_margin, section.left_margin)] == [37, 35, 28]
    head = find(document, LETTER.issuer)
    assert str(head.runs[0].font.color.rgb) == 'D60000'
    assert find(document, LETTER.number)._p.pPr.find(qn('w:pBdr')).find(qn('w:bottom')).get(qn('w:color')) == 'D60000'
    assert document.settings.odd_and_even_pages_header_footer is True
    assert [footer.paragraphs[0].alignment for footer in (section.footer, section.even_page_footer)] == [2, 0]


def test_a_letter_has_all_its_parts_in_order() -> None:
    texts = [paragraph.text for paragraph in reopened(letter_docx(LETTER, made_at=AT)).paragraphs if paragraph.text]
    assert [texts[0], texts[1], ''.join(texts[2:-9])] == [LETTER.issuer, LETTER.number, LETTER.title]
    assert texts[-9:] == [f'{LETTER.to}：', *LETTER.paragraphs, '附件：评价职业目录', LETTER.issuer, '2026年11月23日', '（此件依申请公开）']


def test_lines_of_a_letter_are_22_a_page_and_28_characters_wide() -> None:
    document = reopened(letter_docx(LETTER, made_at=AT))
    text = find(document, '同意备案。')
    assert text.paragraph_format.line_spacing.pt * 22 <= 225 / 25.4 * 72
    pitch = text.runs[0].font.size.pt + int(text.runs[0]._element.rPr.find(qn('w:spacing')).get(qn('w:val'))) / 20
    section = document.sections[0]
    assert 28 <= Length(section.page_width - section.left_margin - section.right_margin).pt / pitch < 29
