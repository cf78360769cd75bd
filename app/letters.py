"""Red-header letters by GB/T 9704-2012: the letter itself, and its PDF (its DOCX is made by app/docx.py)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.fonts import MM, Style, baseline, lines_of, width_mm
from app.sheets import Colour, Sheet, Sheets
from app.words import paper_date

LEFT, TOP, WIDTH, HEIGHT = 28.0, 37.0, 156.0, 225.0  # margins and type area, mm
LINES, ACROSS = 22, 28  # lines of a page, characters of a line
LEADING = HEIGHT / LINES
TEXT_PT, TITLE_PT, NUMBER_PT, ISSUER_PT = 16.0, 22.0, 14.0, 32.0
TITLE_LEADING = 35 * MM
SPACING_PT = round(WIDTH / ACROSS / MM - TEXT_PT, 2)  # 28 characters of 16 pt are 158 mm wide: each gives up a fifth of a point
ISSUER_DOWN, NUMBER_DOWN, RULE_DOWN = 35.0, 2 * LEADING, 4.0  # mm from the type area, the issuer, the number
SIGNING = 6  # lines that signature, date and the free place over them take
RED: Colour = (214, 0, 0)
_HEADING = {'黑': re.compile(r'[一二三四五六七八九十]+、[^。]{1,40}$'), '楷': re.compile(r'（[一二三四五六七八九十]+）[^。]{1,40}$')}


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter with a red header.

    issuer: printed in red · number: 发文字号 (明人社函〔2026〕12号) · to: addressee without colon
    paragraphs: the text; lines 一、… and （一）… without a full stop are headings · attachments: their titles, in order
    signed: who signs, the issuer when empty · on: day under the signature, None leaves it to be filled in · note: 附注
    """

    issuer: str
    number: str
    title: str
    to: str
    paragraphs: tuple[str, ...]
    attachments: tuple[str, ...] = ()
    signed: str = ''
    on: date | None = None
    note: str = ''

    @property
    def name(self) -> str:
        """The title in one line, wherever it is broken in print."""
        return self.title.replace('\n', '')

    @property
    def signer(self) -> str:
        """Who stands under the text: the issuer, unless another is named."""
        return self.signed or self.issuer

    @property
    def day(self) -> str:
        """The day under the signature, with blanks when it is open."""
        return paper_date(self.on) if self.on else '　　年　　月　　日'

    def attachment_lines(self) -> list[str]:
        """Return the list after the text: 附件：题目, or 附件：1. … 2. … below each other."""
        if len(self.attachments) == 1:
            return [f'附件：{self.attachments[0]}']
        return [f'{"附件：" if n == 1 else "　　　"}{n}. {title}' for n, title in enumerate(self.attachments, 1)]


@dataclass(frozen=True, slots=True)
class Annex:
    """A table on pages of its own behind a letter: title, a note under it, heads, rows, widths in parts."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    note: str = ''


def paragraph_style(text: str) -> Style:
    """Return the face of a paragraph: first headings 黑, second 楷, the text 仿宋."""
    if _HEADING['黑'].match(text):
        return '黑'
    return '楷' if _HEADING['楷'].match(text) else '仿宋'


def letter_pdf(letter: Letter, *, printed_at: datetime | None = None, mark: str = '', annexes: Sequence[Annex] = ()) -> bytes:
    """Return the letter on A4; the same letter gives the same bytes; raises Refused for characters no font has.

    source: GB/T 9704-2012 as in forms.md §0.4
    """
    return _with_annexes(letter_sheets(letter, printed_at=printed_at, mark=mark).to_bytes(), annexes, printed_at, mark)


def letter_sheets(letter: Letter, *, printed_at: datetime | None = None, mark: str = '') -> Sheets:
    """Return the pages of the letter as laid out, before drawing."""
    page = _Page(Sheets(letter.name, printed_at=printed_at, mark=mark), f'《{letter.name}》')
    _head(page, letter)
    page.skip()
    page.write(f'{letter.to}：', indent=0)
    listed = 1 + sum(len(lines_of(f'　　{line}', '仿宋', TEXT_PT, WIDTH, SPACING_PT)) for line in letter.attachment_lines()) if letter.attachments else 0
    for n, paragraph in enumerate(letter.paragraphs, 1):
        last = n == len(letter.paragraphs)
        page.write(paragraph, paragraph_style(paragraph), signing=listed + SIGNING if last else 0)  # no page holds the signature alone
    if letter.attachments:
        page.room(listed + SIGNING)
        page.skip()
        for line in letter.attachment_lines():
            page.write(line, hanging=5)
    _signature(page, letter)
    if letter.note:
        page.write(f'（{letter.note}）')
    page.number_all()
    return page.sheets


def _with_annexes(letter: bytes, annexes: Sequence[Annex], printed_at: datetime | None, mark: str) -> bytes:
    """Return the letter with its annexes behind it, numbered 附件 when there are several."""
    if not annexes:
        return letter
    from io import BytesIO

    import pikepdf

    from app.pdf import Paper

    parts = [letter]
    for n, annex in enumerate(annexes, 1):
        paper = Paper('', printed_at=printed_at, mark=mark)
        paper.paragraph(f'附件{n if len(annexes) > 1 else ""}', style='黑', pt=16, indent=0).space()
        paper.paragraph(annex.title, style='宋粗', pt=18, indent=0, align='C').space()
        parts.append((paper.note(f'注：{annex.note}').space(2) if annex.note else paper).table(annex.heads, annex.rows, annex.widths, row_mm=8).to_bytes())
    with pikepdf.new() as whole:
        sources = [pikepdf.open(BytesIO(part)) for part in parts]
        for source in sources:
            whole.pages.extend(source.pages)
        out = BytesIO()
        whole.save(out, deterministic_id=True)
    return out.getvalue()


class _Page:
    """Where the next line goes; a new page begins when the type area is full."""

    def __init__(self, sheets: Sheets, of: str) -> None:
        self.sheets, self.of = sheets, of
        self.pages: list[Sheet] = []
        self.turn()

    def turn(self) -> None:
        self.sheet = self.sheets.page(self.of)
        self.pages.append(self.sheet)
        self.y = TOP

    def skip(self, lines: float = 1) -> None:
        self.y += lines * LEADING

    def room(self, lines: float) -> None:
        if self.y + lines * LEADING > TOP + HEIGHT + 0.01:
            self.turn()

    def write(self, text: str, style: Style = '仿宋', *, indent: int = 2, hanging: int = 0, signing: int = 0) -> None:
        """Write a paragraph on the grid of 28 characters; following lines start `hanging` characters in.

        signing: lines under the paragraph that share their page with its last two
        """
        em = WIDTH / ACROSS
        first, *rest = lines_of('　' * indent + text, style, TEXT_PT, WIDTH, SPACING_PT)
        if rest and hanging:
            rest = lines_of(('　' * indent + text)[len(first):], style, TEXT_PT, WIDTH - hanging * em, SPACING_PT)
        if style != '仿宋':
            self.room(2)  # a heading stays with the line under it
        for n, line in enumerate((first, *rest)):
            self.room(1 if n < len(rest) - 1 else 1 + len(rest) - n + signing)
            self.sheet.place_text(LEFT + (hanging * em if n else 0), self.y + baseline(LEADING, TEXT_PT), 0, line, style, TEXT_PT,
                                  spacing_pt=SPACING_PT)
            self.y += LEADING

    def number_all(self) -> None:
        """Number the pages — n —, 7 mm under the type area, one character in: odd ones right, even ones left."""
        for n, sheet in enumerate(self.pages, 1):
            text, em = f'— {n} —', TEXT_PT * MM
            x = LEFT + WIDTH - em - width_mm(text, '宋', NUMBER_PT) if n % 2 else LEFT + em
            sheet.place_text(x, TOP + HEIGHT + 7 + NUMBER_PT * MM * 0.88, 0, text, '宋', NUMBER_PT)


def _head(page: _Page, letter: Letter) -> None:
    sheet = page.sheet
    pt = min(ISSUER_PT, WIDTH / width_mm(letter.issuer, '宋粗', 1))
    y = TOP + ISSUER_DOWN
    sheet.place_text(LEFT, y + pt * MM * 0.88, WIDTH, letter.issuer, '宋粗', pt, 'C', colour=RED)
    y += pt * MM + NUMBER_DOWN
    sheet.place_text(LEFT, y + TEXT_PT * MM * 0.88, WIDTH, letter.number, '仿宋', TEXT_PT, 'C')
    y += TEXT_PT * MM + RULE_DOWN
    sheet.line(LEFT, y, LEFT + WIDTH, y, 1.5, colour=RED)
    page.y = y + 2 * LEADING
    for line in title_lines(letter.title):
        sheet.place_text(LEFT, page.y + baseline(TITLE_LEADING, TITLE_PT), WIDTH, line, '宋粗', TITLE_PT, 'C')
        page.y += TITLE_LEADING


def title_lines(title: str) -> list[str]:
    """Break a title into lines of about equal length, so that none is left with one or two characters."""
    if '\n' in title:
        return [line for part in title.split('\n') for line in title_lines(part)]
    count = len(lines_of(title, '宋粗', TITLE_PT, WIDTH))
    even = width_mm(title, '宋粗', TITLE_PT) / count
    for wider in range(6):
        lines = lines_of(title, '宋粗', TITLE_PT, min(WIDTH, even + wider * TITLE_PT * MM))
        if len(lines) == count:
            return lines
    return lines_of(title, '宋粗', TITLE_PT, WIDTH)


def _signature(page: _Page, letter: Letter) -> None:
    """Write who signs, centred over the day; the day ends four characters from the right; the seal goes over both."""
    em = WIDTH / ACROSS
    day_wide, name_wide = (width_mm(text, '仿宋', TEXT_PT, SPACING_PT) for text in (letter.day, letter.signer))
    right = LEFT + WIDTH - 4 * em
    left = min(right - day_wide / 2 - name_wide / 2, LEFT + WIDTH - 2 * em - name_wide)
    page.room(5)
    page.skip(3)  # the seal reaches above the name
    for text, x in ((letter.signer, max(LEFT, left)), (letter.day, right - day_wide)):
        page.sheet.place_text(x, page.y + baseline(LEADING, TEXT_PT), 0, text, '仿宋', TEXT_PT, spacing_pt=SPACING_PT)
        page.y += LEADING
