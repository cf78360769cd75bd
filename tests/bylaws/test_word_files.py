"""Rule documents out to Word and back, and what comes back that is no such document."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from datetime import date

import docx
import pytest
from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from app.bylaws.documents import bylaw_docx
from app.bylaws.numbering import renumbered
from app.bylaws.records import BylawPaper
from app.bylaws.word_files import XML_BYTES, read_word
from app.errors import Refused
from tests.make import NOW
from tests.make_bad_files import encrypted_zip, ole, roster, with_part, zip_bomb

TEXT = '第一章　总则\n第一条　甲。\n（一）子；\n1. 丑。\n说明。\n| 岗位 | 人数 |\n| 监考 | 2 |\n第二章　附则\n第二条　乙。'
PAPER = BylawPaper('明川市启帆职业培训学校（演示）', 2, '财务管理制度', 1, '现行', '综合科', date(2024, 11, 7), '明启培〔2024〕12号', '何立春（机构负责人）', date(2024, 11, 8),
                   '公示栏', TEXT, NOW, '演示样本')


def written(change: Callable[[Document], object] = lambda document: None) -> bytes:
    """Return our own Word paper after somebody wrote on it."""
    document, out = docx.Document(io.BytesIO(bylaw_docx(PAPER))), io.BytesIO()
    change(document)
    document.save(out)
    return out.getvalue()


def test_what_goes_out_comes_back_without_head_and_foot() -> None:
    read = read_word(written(), '财务.docx')
    assert (read.text, read.numbered_by_word) == (TEXT, 0)


def test_what_was_written_in_word_comes_back() -> None:
    def change(document: Document) -> None:
        document.paragraphs[3].runs[-1].text = '甲，改过。'
        document.paragraphs[3].insert_paragraph_before('第九条　插进来的。')

    assert renumbered(read_word(written(change), '财务.docx').text).split('\n')[1:3] == ['第一条　插进来的。', '第二条　甲，改过。']


def test_chapters_are_headings_that_word_knows_and_fonts_have_their_official_names() -> None:
    document = docx.Document(io.BytesIO(bylaw_docx(PAPER)))
    styles = {p.text: p.style.name for p in document.paragraphs if p.style}
    assert (styles['财务管理制度'], styles['第一章　总则'], styles['第二章　附则'], styles['第一条　甲。']) == ('Title', 'Heading 1', 'Heading 1', 'Normal')
    faces = {run.text: run._element.rPr.rFonts.get(qn('w:eastAsia')) for p in document.paragraphs for run in p.runs}
    assert (faces['财务管理制度'], faces['第一章　总则'], faces['第一条　'], faces['甲。']) == ('方正小标宋简体', '黑体', '黑体', '仿宋_GB2312')
    assert 'PAGE' in document.sections[0].footer._element.xml
    assert bylaw_docx(PAPER) == bylaw_docx(PAPER)


def test_text_inside_content_controls_and_hyperlinks_is_read() -> None:
    def change(document: Document) -> None:
        control = parse_xml(f'<w:sdt {nsdecls("w")}><w:sdtContent><w:p><w:r><w:t>第三条　控件里的。</w:t></w:r></w:p></w:sdtContent></w:sdt>')
        link = parse_xml(f'<w:p {nsdecls("w")}><w:hyperlink><w:r><w:t>链接里的。</w:t></w:r></w:hyperlink></w:p>')
        document.paragraphs[-1]._p.addnext(control)
        control.addnext(link)

    assert read_word(written(change), '财务.docx').text.endswith('第三条　控件里的。\n链接里的。')


def test_paragraphs_that_word_numbers_itself_are_counted() -> None:
    def change(document: Document) -> None:
        properties = document.paragraphs[3]._p.get_or_add_pPr()
        properties.append(OxmlElement('w:numPr'))

    assert read_word(written(change), '财务.docx').numbered_by_word == 1


def revised(document: Document) -> None:
    document.paragraphs[3]._p.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="甲"><w:r><w:t>未接受</w:t></w:r></w:ins>'))


def emptied(document: Document) -> None:
    for block in list(document.element.body):
        if not block.tag.endswith('sectPr'):
            document.element.body.remove(block)


def filled_up(document: Document) -> None:
    document.add_paragraph('字' * 60_001)


OWN = bylaw_docx(PAPER)
ENTITY = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "' + b'a' * 50 + b'"><!ENTITY b "&a;&a;">]><d>&b;</d>'


@pytest.mark.parametrize(('data', 'said'), [
    (b'', '实际是空文件'), (b'%PDF-1.7', '实际是PDF文件'), (ole('WordDocument', b'text'), '实际是旧版Office文档'), (roster(), '实际是Excel工作簿'),
    (with_part(OWN, 'word/vbaProject.bin', b'macro'), '带有宏'), (encrypted_zip(OWN), '设有密码'), (OWN[:-200], '已损坏'), (zip_bomb(), '不能接收|不是.docx'),
    (with_part(OWN, 'word/document.xml', b'<not xml'), '不是可以读取的Word文档'), (with_part(OWN, '[Content_Types].xml', b'<Types/>'), '不是可以读取的Word文档'),
    (with_part(OWN, 'word/document.xml', ENTITY), '不是Word写出的'), (with_part(OWN, 'word/styles.xml', b'<a>' + b'<b x="1234567890"/>' * (XML_BYTES // 20)), '不能接收'),
    (with_part(OWN, 'word/document.xml', ENTITY.decode().encode('utf-16')), '不是Word写出的'),
    (with_part(OWN, 'word/document.xml', b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4APA-a/+AD4-'), '不是Word写出的'),
    (with_part(OWN, 'word/media/image9.png', ENTITY), '不是Word写出的'), (with_part(OWN, 'word/other.bin', b'<a>' + random.Random(3).randbytes(XML_BYTES // 2).hex().encode()), '文字部分解压后超过'),
    (written(revised), '尚未接受的修订'), (written(emptied), '没有读到正文'), (written(filled_up), '最多60000个字'), (b'PK\3\4' + b'\0' * ((10 << 20) + 1), '超过10MB')],
    ids=['empty', 'pdf', 'doc', 'xlsx', 'macro', 'locked', 'cut', 'bomb', 'no xml', 'no types', 'entities', 'too much xml', 'UTF-16', 'UTF-7', 'entities by another name', 'too much by another name', 'revisions', 'no text', 'too long', 'too large'])
def test_what_is_no_such_document_is_refused_with_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_word(data, '财务.docx')
