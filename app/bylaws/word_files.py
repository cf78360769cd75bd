"""A rule document that comes back from Word: looked at like any file from outside, then read as lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from app.bylaws.numbering import read_lines
from app.bylaws.rules import MOST
from app.checks import check_long
from app.errors import Refused
from app.intake import kind_of
from app.zips import opened_zip, pieces, shown_name

if TYPE_CHECKING:
    from docx.document import Document

DOCX_BYTES = 10 << 20
XML_BYTES = 8 << 20  # of all parts that are XML, unpacked: 60,000 characters need a tenth of it
LEFT_OUT = ('Title', 'Subtitle')  # styles of the head that our own papers print over the text
FOOT = '制定部门'  # first cell of the table that our own papers print below it
_ENTITY = re.compile(rb'<!(?:DOCTYPE|ENTITY)', re.IGNORECASE)
_XML = re.compile(rb'(?:\xef\xbb\xbf)?\s*<|\xff\xfe|\xfe\xff|<\0|\0<')  # a part may lie under any name: what it is tells its beginning
_FOREIGN = re.compile(rb'\0|<\?xml[^>]*encoding\s*=\s*["\'](?!utf-8|us-ascii)', re.IGNORECASE)  # in another encoding nothing could be looked for


@dataclass(frozen=True, slots=True)
class WordText:
    """What was read: the text as it is kept, and how many paragraphs were numbered by Word itself, so that their numbers stand nowhere."""

    text: str
    numbered_by_word: int


def read_word(data: bytes, name: str) -> WordText:
    """Return the text of a DOCX. raises Refused for what is no DOCX, too large, locked, with macros, with open revisions, or without text"""
    shown = shown_name(name)
    _check_file(data, shown)
    try:
        import docx

        document = docx.Document(BytesIO(data))
        lines, by_word = _lines(document, shown)
    except Refused:
        raise
    except Exception as fault:  # whatever a hand-made file does to the reader
        raise Refused(f'“{shown}”不是可以读取的Word文档，可能已损坏。请用Word或WPS打开后另存为.docx再上传。') from fault
    text = '\n'.join(line.written for line in read_lines(check_long('正文', '\n'.join(lines), MOST, required=False)))
    if not text:
        raise Refused(f'“{shown}”中没有读到正文，请核对是否选错了文件；图片中的文字读不出来。')
    return WordText(text, by_word)


def _check_file(data: bytes, name: str) -> None:
    if len(data) > DOCX_BYTES:
        raise Refused(f'“{name}”超过{DOCX_BYTES >> 20}MB，不能接收。请压缩或删除文档中的图片后再上传。')
    if not data.startswith(b'PK\3\4'):
        raise Refused(f'“{name}”不是.docx文档，实际是{kind_of(data)}。请用Word或WPS另存为“Word文档（*.docx）”后再上传。')
    with opened_zip(BytesIO(data), name) as packed:
        parts = {info.filename.lower() for info in packed.infolist()}
        if 'word/document.xml' not in parts:
            raise Refused(f'“{name}”不是.docx文档，实际是{"Excel工作簿" if "xl/workbook.xml" in parts else "ZIP压缩包或其他格式"}。请选择Word文档。')
        if any(part.endswith(('vbaproject.bin', 'vbadata.xml')) for part in parts):
            raise Refused(f'“{name}”带有宏，不能接收。请另存为不带宏的“Word文档（*.docx）”后再上传。')
        total = xml = 0
        for info in packed.infolist():
            last, is_xml = b'', info.filename.lower().endswith(('.xml', '.rels'))
            for piece in pieces(packed, info, name, already=total):
                total += len(piece)
                is_xml = is_xml or not last and bool(_XML.match(piece))
                if is_xml:
                    xml += len(piece)
                    if xml > XML_BYTES:
                        raise Refused(f'“{name}”的文字部分解压后超过{XML_BYTES >> 20}MB，不能接收。请删除不需要的内容后再上传。')
                    if _ENTITY.search(last + piece) or _FOREIGN.search(last + piece):
                        raise Refused(f'“{name}”的内部结构不是Word写出的，不能接收。请用Word或WPS打开后另存一份再上传。')
                last = piece[-64:]


def _lines(document: Document, name: str) -> tuple[list[str], int]:
    from docx.oxml.ns import qn

    body = document.element.body
    if next(body.iter(qn('w:ins'), qn('w:del'), qn('w:moveFrom'), qn('w:moveTo')), None) is not None:
        raise Refused(f'“{name}”中有尚未接受的修订。请在“审阅”中接受或拒绝全部修订，保存后再上传。')
    heads = {style.style_id for style in document.styles if style.name in LEFT_OUT}
    lines: list[str] = []
    by_word = 0
    for block in _blocks(body):
        if block.tag == qn('w:tbl'):
            rows = [[_text(cell).replace('|', '｜').replace('\n', ' ') for cell in row.iterchildren(qn('w:tc'))] for row in block.iter(qn('w:tr'))]
            lines += [f'| {" | ".join(row)} |' for row in rows if any(row)] if not rows or not rows[0] or rows[0][0] != FOOT else []
            continue
        style = block.find(f'{qn("w:pPr")}/{qn("w:pStyle")}')
        if style is not None and style.get(qn('w:val')) in heads:
            continue
        by_word += block.find(f'{qn("w:pPr")}/{qn("w:numPr")}') is not None
        lines += _text(block).split('\n')
    return lines, by_word


def _blocks(parent: Any) -> Iterator[Any]:
    """Yield paragraphs and tables in order, also those inside content controls."""
    from docx.oxml.ns import qn

    for child in parent.iterchildren():
        if child.tag in (qn('w:p'), qn('w:tbl')):
            yield child
        elif child.tag in (qn('w:sdt'), qn('w:sdtContent'), qn('w:customXml')):
            yield from _blocks(child)


def _text(block: Any) -> str:
    """Return the text of a paragraph or cell with its line ends; field codes and deleted text stay out."""
    from docx.oxml.ns import qn

    words = {qn('w:tab'): ' ', qn('w:br'): '\n', qn('w:cr'): '\n', qn('w:noBreakHyphen'): '-'}
    said = []
    for n, part in enumerate(block.iter()):
        if part.tag == qn('w:t'):
            said.append(part.text or '')
        elif part.tag in words:
            said.append(words[part.tag])
        elif part.tag == qn('w:p') and n and said:
            said.append('\n')
    return ''.join(said).strip()
