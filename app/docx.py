"""Word papers: what people must go on writing, with the font names their offices own; the same calls give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal, Self
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.cells import Cell, Placed, placed
from app.fonts import Style
from app.letters import Annex, Letter, paragraph_style, title_lines
from app.words import china_time, paper_date

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

FONTS: Mapping[Style | Literal['标题'], str] = {  # what offices call them (GB/T 9704); a machine without them shows its own
    '标题': '方正小标宋简体', '仿宋': '仿宋_GB2312', '楷': '楷体_GB2312', '黑': '黑体', '黑粗': '黑体', '宋': '宋体', '宋粗': '宋体',
}
LATIN = 'Times New Roman'
LINE_PT = 28.95  # 22 lines in 225 mm
OPEN_DATE = '　　　　年　　月　　日'
HEADS = ('Title', 'Subtitle', 'Heading 1', 'Heading 2')
_UNDATED = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can name


class WordPaper:
    """A paper on A4 for Word and WPS, margins 25/25/20/20 mm, with title, form id and page numbers.

    made_at: instant of the record, the document's creation time · author: organisation named in its properties
    mark: text in the head of every page (演示样本)
    """

    def __init__(self, title: str, *, made_at: datetime, author: str = '', form: str = '', landscape: bool = False, mark: str = '') -> None:
        self.document = _document(title, made_at, author, text_pt=12)
        _page(self.document, (297, 210) if landscape else (210, 297), top=25, bottom=25, left=20, right=20)
        self.width = 257.0 if landscape else 170.0
        _head(self.document, mark)
        self.paragraph(title, style='标题', pt=18, indent=0, align='C', as_style='Title')
        foot = self.document.sections[0].footer.paragraphs[0]
        foot.alignment = _align('C')
        for piece, field in ((f'{form}　第', False), ('PAGE', True), ('页 共', False), ('NUMPAGES', True), ('页', False)):
            _piece(foot, piece, '宋', 8, field=field)

    def paragraph(self, text: str, *, style: Style | Literal['标题'] = '仿宋', pt: float = 12, indent: int = 2,
                  align: Literal['L', 'C', 'R'] = 'L', lead: str = '', as_style: str = '') -> Self:
        """Add running text, each line of `text` a paragraph indented by `indent` characters.

        lead: words in 黑体 before the text (第一条) · as_style: Word's own name of its style: Title, Subtitle
        """
        for line in text.split('\n'):
            paragraph = self.document.add_paragraph(style=as_style or None)
            if lead:
                _written(paragraph, lead, '黑', pt, indent=indent, align=align)
            _written(paragraph, line, style, pt, indent=indent, align=align)
        return self

    def heading(self, text: str, *, level: Literal[1, 2] = 1, indent: int = 2, align: Literal['L', 'C', 'R'] = 'L') -> Self:
        """Add a heading as Word knows them: level 1 (一、…) in 黑体, level 2 （一）… in 楷体; it stays with what follows."""
        paragraph = self.document.add_paragraph(style=f'Heading {level}')
        _written(paragraph, text, '黑' if level == 1 else '楷', 12, indent=indent, align=align)
        paragraph.paragraph_format.keep_with_next = True
        return self

    def rows(self, pairs: Sequence[tuple[str, str]], *, columns: int = 1, label_mm: float = 38.0) -> Self:
        """Add labelled values, `columns` pairs beside each other; a last pair alone reaches to the right edge."""
        lines = []
        for start in range(0, len(pairs), columns):
            line = [cell for label, value in pairs[start:start + columns] for cell in (Cell(label, bold=True, align='C'), Cell(value, align='L'))]
            line[-1] = replace(line[-1], cols=1 + 2 * columns - len(line))
            lines.append(line)
        return self._table([label_mm, self.width / columns - label_mm] * columns, placed(lines, 2 * columns), 0)

    def text(self, label: str, value: str, *, label_mm: float = 38.0) -> Self:
        """Add a long text beside its label."""
        return self.rows([(label, value)], label_mm=label_mm)

    def table(self, heads: Sequence[Sequence[str | Cell]], rows: Sequence[Sequence[str | Cell]], widths: Sequence[float], *, blank: int = 0) -> Self:
        """Add a table: lines of heads repeated on every page, rows never split; widths in parts; `blank` empty rows after the others."""
        body: list[Sequence[str | Cell]] = [*rows, *([[''] * len(widths)] * blank)] or [[Cell('（无）', cols=len(widths))]]
        places = placed(heads, len(widths), heads=True) + [
            replace(p, row=p.row + len(heads)) for p in placed(body, len(widths))]
        return self._table([part * self.width / sum(widths) for part in widths], places, len(heads))

    def signature(self, label: str, signed_on: date | None = None) -> Self:
        """Add the place of a signature at the right, with its day or 年 月 日; it stays with the two rows before it."""
        self._keep_last_rows()
        day = paper_date(signed_on) if signed_on else OPEN_DATE
        return self.paragraph(f'{label}：＿＿＿＿＿＿＿＿　{day}', indent=0, align='R')

    def seal(self, name: str, *, label: str = '（盖章）', on: date | None = None) -> Self:
        """Add name, label and day at the right, with 45 mm free for the seal over them."""
        self._keep_last_rows()
        for text, before in ((name, 12.0), (label, 0.0), (paper_date(on) if on else OPEN_DATE, 0.0)):
            self.paragraph(text, indent=0, align='R')
            self.document.paragraphs[-1].paragraph_format.space_before = _mm(before)
            self.document.paragraphs[-1].paragraph_format.right_indent = _mm(12)
        self.document.paragraphs[-1].paragraph_format.space_after = _mm(12)
        return self

    def lower_title(self, mm: float) -> Self:
        """Leave height free over the title and under it, as on a cover."""
        title = self.document.paragraphs[0].paragraph_format
        title.space_before, title.space_after = _mm(mm), _mm(mm / 2)
        return self

    def new_page(self) -> Self:
        """Go on at the top of a new page."""
        self.paragraph('', indent=0)
        self.document.paragraphs[-1].paragraph_format.page_break_before = True
        return self

    def to_bytes(self) -> bytes:
        """Return the document."""
        return _saved(self.document)

    def _table(self, widths: Sequence[float], places: Sequence[Placed], heads: int) -> Self:
        _table(self.document, widths, places, heads)
        self.document.add_paragraph().paragraph_format.line_spacing = _pt(4)  # Word joins two tables that touch
        return self

    def _keep_last_rows(self) -> None:
        if self.document.tables:
            for row in self.document.tables[-1].rows[-2:]:
                for paragraph in row._tr.xpath('.//w:p'):
                    paragraph.get_or_add_pPr().get_or_add_keepNext()
        if self.document.paragraphs:
            self.document.paragraphs[-1].paragraph_format.keep_with_next = True


def letter_docx(letter: Letter, *, made_at: datetime, mark: str = '', annexes: Sequence[Annex] = ()) -> bytes:
    """Return a red-header letter for going on writing; source: GB/T 9704-2012 as in forms.md §0.4."""
    document = _document(letter.name, made_at, letter.issuer, text_pt=16)
    _page(document, (210, 297), top=37, bottom=35, left=28, right=25.8)  # 28 characters of 15.8 pt are 156.1 mm
    _head(document, mark)
    _letter_foot(document)

    def add(text: str, style: Style | Literal['标题'] = '仿宋', pt: float = 16, **more: Any) -> Paragraph:
        return _written(document.add_paragraph(), text, style, pt, line_pt=35 if pt == 22 else LINE_PT, tight=pt == 16, **more)

    issuer = _written(document.add_paragraph(), letter.issuer, '标题', min(32.0, 440 / len(letter.issuer)), indent=0, align='C', red=True)
    issuer.paragraph_format.space_before, issuer.paragraph_format.space_after = _mm(35), _pt(58)
    _red_rule(add(letter.number, indent=0, align='C'))
    add('', indent=0)
    for line in title_lines(letter.title):
        add(line, '标题', 22, indent=0, align='C')
    add('', indent=0)
    add(f'{letter.to}：', indent=0)
    for n, text in enumerate(letter.paragraphs, 1):
        style = paragraph_style(text)
        add(text, style).paragraph_format.keep_with_next = style != '仿宋' or n == len(letter.paragraphs)  # no page holds the signature alone
    if letter.attachments:
        add('', indent=0).paragraph_format.keep_with_next = True
    for text in letter.attachment_lines():
        add(text).paragraph_format.keep_with_next = True
    for text in ('', '', ''):  # the seal reaches above the name
        add(text, indent=0).paragraph_format.keep_with_next = True
    add(letter.signer, indent=0, align='R').paragraph_format.right_indent = _pt(32)
    add(letter.day, indent=0, align='R').paragraph_format.right_indent = _pt(64)
    if letter.note:
        add(f'（{letter.note}）')
    for n, annex in enumerate(annexes, 1):
        add(f'附件{n if len(annexes) > 1 else ""}', '黑', indent=0).paragraph_format.page_break_before = True
        add(annex.title, '标题', 18, indent=0, align='C')
        if annex.note:
            add(f'注：{annex.note}', pt=12, indent=0)
        widths = [part * 156 / sum(annex.widths) for part in annex.widths]
        body = [replace(p, row=p.row + 1) for p in placed(annex.rows, len(widths))]
        _table(document, widths, placed([annex.heads], len(widths), heads=True) + body, 1)
    return _saved(document)


def _document(title: str, made_at: datetime, author: str, *, text_pt: float) -> Document:
    import docx
    from docx.oxml.ns import qn

    document = docx.Document()
    normal: Any = document.styles['Normal']
    normal.font.name, normal.font.size = LATIN, _pt(text_pt)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn('w:eastAsia'), FONTS['仿宋'])
    normal.element.get_or_add_rPr().append(_element('w:lang', {'w:val': 'en-US', 'w:eastAsia': 'zh-CN'}))  # or signs stand as in Taiwan
    normal.paragraph_format.space_after = _pt(0)
    for name in HEADS:
        _plain_style(document.styles[name])
    about = document.core_properties
    about.title, about.author, about.last_modified_by, about.comments, about.revision = title, author, author, '', 1
    about.created = about.modified = china_time(made_at).replace(tzinfo=None)
    return document


def _plain_style(style: Any) -> None:
    """Leave of a style of Word's only what it is: its level for contents and navigation; colours, lines and theme fonts would show through ours."""
    for part in [*style.element.get_or_add_rPr(), *style.element.get_or_add_pPr()]:
        if not part.tag.endswith(('}outlineLvl', '}keepNext')):
            part.getparent().remove(part)


def _page(document: Document, size: tuple[float, float], *, top: float, bottom: float, left: float, right: float) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = _mm(size[0]), _mm(size[1])
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(_mm, (top, bottom, left, right))
    if size[0] > size[1]:
        from docx.enum.section import WD_ORIENT

        section.orientation = WD_ORIENT.LANDSCAPE


def _head(document: Document, mark: str) -> None:
    if mark:
        for header in (document.sections[0].header, document.sections[0].even_page_header):
            _written(header.paragraphs[0], mark, '黑', 14, indent=0, align='C', red=True)


def _letter_foot(document: Document) -> None:
    """Number the pages — n —, 7 mm under the text: odd ones right, even ones left, one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    section.footer_distance = _mm(23)
    for footer, align in ((section.footer, 'R'), (section.even_page_footer, 'L')):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = _align(align)
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = _pt(16)
        for piece in ('— ', 'PAGE', ' —'):
            _piece(paragraph, piece, '宋', 14, field=piece == 'PAGE')


def _red_rule(paragraph: Paragraph) -> None:
    """Draw the red rule, 4 mm under a paragraph."""
    border = _element('w:pBdr', {})
    border.append(_element('w:bottom', {'w:val': 'single', 'w:sz': '12', 'w:space': '11', 'w:color': 'D60000'}))
    spacing = paragraph._p.get_or_add_pPr()
    spacing.insert_element_before(border, 'w:shd', 'w:tabs', 'w:suppressAutoHyphens', 'w:spacing', 'w:ind', 'w:jc', 'w:rPr')


def _written(paragraph: Paragraph, text: str, style: Style | Literal['标题'], pt: float, *, indent: int = 2, align: str = 'L',
             line_pt: float = 0.0, red: bool = False, bold: bool = False, tight: bool = False) -> Paragraph:
    from docx.oxml.ns import qn

    paragraph.alignment = _align(align)
    if line_pt:
        paragraph.paragraph_format.line_spacing = _pt(line_pt)
    if indent:
        place = paragraph._p.get_or_add_pPr().get_or_add_ind()
        place.set(qn('w:firstLineChars'), str(indent * 100))
        place.set(qn('w:firstLine'), str(round(indent * pt * 20)))
    _piece(paragraph, text, style, pt, red=red, bold=bold, tight=tight)
    return paragraph


def _piece(paragraph: Paragraph, text: str, style: Style | Literal['标题'], pt: float, *, field: bool = False, red: bool = False,
           bold: bool = False, tight: bool = False) -> None:
    """Add a run, or a field (PAGE, NUMPAGES); Word takes the Chinese face from eastAsia, the name alone changes only Latin."""
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    run = paragraph.add_run('' if field else text)
    run.font.name, run.font.size, run.bold = LATIN, _pt(pt), bold or style in {'宋粗', '黑粗'}
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn('w:eastAsia'), FONTS[style])
    if tight:  # a fifth of a point less after each character, so that 28 of them make a line
        run._element.get_or_add_rPr().insert_element_before(_element('w:spacing', {'w:val': '-4'}), 'w:w', 'w:kern', 'w:position', 'w:sz', 'w:szCs')
    if red:
        run.font.color.rgb = RGBColor(214, 0, 0)
    if field:
        simple = _element('w:fldSimple', {'w:instr': text})
        run._element.addprevious(simple)
        simple.append(run._element)


def _table(document: Document, widths: Sequence[float], places: Sequence[Placed], heads: int) -> None:
    """Add a table from its XML: python-docx counts all cells anew for each one it is asked for."""
    table = document.add_table(rows=0, cols=len(widths), style='Table Grid')
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = _mm(width)
    cover = {(r, place.col): place for place in places for r in range(place.row, place.row + place.cell.rows)}
    for row in range(1 + max(row for row, _ in cover)):
        line = table._tbl.add_tr()
        properties = line.get_or_add_trPr()
        properties.append(_element('w:cantSplit', {}))
        if row < heads:
            properties.append(_element('w:tblHeader', {}))
        for _, place in sorted((col, place) for (r, col), place in cover.items() if r == row):
            _cell(table, line, place, starts=place.row == row, width=sum(widths[place.col:place.col + place.cell.cols]), head=row < heads)


def _cell(table: Table, line: Any, place: Placed, *, starts: bool, width: float, head: bool) -> None:
    from docx.enum.table import WD_ALIGN_VERTICAL
    from docx.table import _Cell

    box, cell = line.add_tc(), place.cell
    box.width = _mm(width)
    if cell.cols > 1:
        box.grid_span = cell.cols
    if cell.rows > 1:
        box.vMerge = 'restart' if starts else 'continue'
    content = _Cell(box, table)
    if not cell.top:
        content.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    for n, text in enumerate(cell.text.split('\n') if starts else ['']):
        paragraph = content.add_paragraph() if n else content.paragraphs[0]
        _written(paragraph, text, '黑' if head or cell.bold else '仿宋', 10.5, indent=0, align=cell.align or 'C')
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = _pt(3)


def _element(name: str, attributes: Mapping[str, str]) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    return element


def _saved(document: Document) -> bytes:
    """Return the document with fixed times in its zip: python-docx writes the moment of saving."""
    raw, out = BytesIO(), BytesIO()
    document.save(raw)
    with ZipFile(raw) as source, ZipFile(out, 'w') as fixed:
        for name in source.namelist():
            info = ZipInfo(name, _UNDATED)
            info.compress_type = ZIP_DEFLATED
            fixed.writestr(info, source.read(name))
    return out.getvalue()


def _align(align: str) -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    return {'L': WD_ALIGN_PARAGRAPH.LEFT, 'C': WD_ALIGN_PARAGRAPH.CENTER, 'R': WD_ALIGN_PARAGRAPH.RIGHT}[align]


def _mm(value: float) -> Any:
    from docx.shared import Mm

    return Mm(value)


def _pt(value: float) -> Any:
    from docx.shared import Pt

    return Pt(value)
