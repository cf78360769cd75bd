"""A4 papers as PDF: title, form rows, tables, opinions, signatures and seals from top to bottom, pages and foot by themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from app.cells import Cell, Placed, head_names, placed
from app.fonts import MM, Style, baseline, lines_of, width_mm
from app.grids import Grid, Overlay, scaled, with_places
from app.sheets import Align, Sheet, Sheets
from app.words import china_time, paper_date, screen_moment

TOP, BOTTOM, SIDE = 25.0, 25.0, 20.0  # margins, mm (forms.md §0.4)
TITLE_PT, TEXT_PT, FOOT_PT = 18.0, 10.5, 8.0
SEAL_MM = 45.0  # free for a seal; the date runs through it
BY_HAND_MM = 8.0  # least height of a row that is filled in by hand (experience.md §5)
LINE_MM = 5.0  # between the lines of a text that goes on below itself
OPEN_DATE = '　　年　　月　　日'


@dataclass(slots=True)
class Unit:
    """What is never split over pages: a row of a grid, or a free block that draws itself at x, y."""

    height: float
    draw: Callable[[Sheet, float, float], None] | None = None
    grid: Grid | None = None
    row: int = 0
    keep: bool = False  # stays with the next unit
    signing: bool = False
    new_page: bool = False


class Paper:
    """An official paper on A4; the same calls with the same values give the same bytes (design §2.6).

    title: over the first page · form: id printed in the foot (F-SUPERV) · batch: batch number in the foot
    printed_at: print time in the foot and in the file; left out on blank forms · mark: text across each page (演示样本)

    Rows, texts, tables and opinions stand without a gap, as one form; `space` parts them. Everything left empty prints
    empty, so a blank form for filling in by hand is the same calls with empty texts and `blank` rows.
    """

    def __init__(self, title: str, *, form: str = '', batch: str = '', landscape: bool = False, printed_at: datetime | None = None,
                 mark: str = '') -> None:
        self.title, self.form, self.batch, self.printed_at, self.mark = title, form, batch, printed_at, mark
        self.page_width, self.page_height = (297.0, 210.0) if landscape else (210.0, 297.0)
        self.width = self.page_width - 2 * SIDE
        self._units: list[Unit] = []
        if title:
            self._block(lines_of(title, '宋粗', TITLE_PT, self.width), '宋粗', TITLE_PT, 'C', after=4.0, keep=True)

    def rows(self, pairs: Sequence[tuple[str, str]], *, columns: int = 1, label_mm: float = 38.0, row_mm: float = 0.0) -> Self:
        """Add labelled values, `columns` pairs beside each other; a last pair alone reaches to the right edge."""
        lines: list[list[Cell]] = []
        for start in range(0, len(pairs), columns):
            line = [cell for label, value in pairs[start:start + columns]
                    for cell in (_label(label), Cell(value, align='L' if columns == 1 else None, where=f'“{label}”栏'))]
            line[-1] = replace(line[-1], cols=1 + 2 * columns - len(line))
            lines.append(line)
        widths = [label_mm, self.width / columns - label_mm] * columns
        return self._grid(widths, placed(lines, 2 * columns), row_mm=row_mm)

    def text(self, label: str, value: str, *, label_mm: float = 38.0, least_mm: float = 0.0) -> Self:
        """Add a long text in a box beside its label, over several pages if it must be."""
        return self._grid([label_mm, self.width - label_mm], placed([[_label(label), Cell(value, align='L', top=True, where=f'“{label}”栏')]], 2),
                          row_mm=least_mm)

    def table(self, heads: Sequence[str | Cell] | Sequence[Sequence[str | Cell]], rows: Sequence[Sequence[str | Cell]],
              widths: Sequence[float], *, blank: int = 0, row_mm: float = 0.0, pt: float = TEXT_PT) -> Self:
        """Add a table whose heads are repeated on every page.

        heads: one line of heads, or several lines with merged cells; [] for none · widths: in parts of the width
        blank: empty rows after the others, at least 8 mm high · a table without any row says （无）
        """
        lines = [line for line in heads if isinstance(line, Sequence) and not isinstance(line, str)]
        lines = lines or ([[head for head in heads if isinstance(head, str | Cell)]] if heads else [])
        body: list[Sequence[str | Cell]] = [*rows, *([[''] * len(widths)] * blank)] or [[Cell('（无）', cols=len(widths))]]
        names = head_names(lines, len(widths)) if lines else [''] * len(widths)
        places = placed(lines, len(widths), heads=True) + [
            replace(p, row=p.row + len(lines)) for p in with_places(placed(body, len(widths)), names)]
        return self._grid(scaled(widths, self.width), places, head_rows=len(lines), row_mm=max(row_mm, BY_HAND_MM if blank else 0), pt=pt)

    def opinion(self, label: str, text: str = '', *, sign: str = '签字', seal: str = '', on: date | datetime | None = None,
                least_mm: float = 20.0, label_mm: float = 38.0) -> Self:
        """Add an opinion box: text, then signature, seal place and date; sign='' or seal='' leaves that one out.

        seal: words at the seal place, e.g. （公章）; 45 mm are kept free for it · least_mm: free height for the text
        """
        foot = _opinion_foot(sign, seal, _day(on))
        places = placed([[_label(label, rows=2), Cell(text, align='L', top=True, where=f'“{label}”栏')], [Cell('')]], 2)
        return self._grid([label_mm, self.width - label_mm], places, row_mm=least_mm, joined=frozenset({1}),
                          tails={1: (SEAL_MM if seal else 12.0, foot)})

    def line(self, *texts: str) -> Self:
        """Add texts at equal distances, as over a table: 单位、批次、日期; a long one goes on below itself."""
        part = self.width / len(texts)
        columns = [lines_of(text, '宋', TEXT_PT, part) for text in texts]

        def draw(sheet: Sheet, x: float, y: float) -> None:
            for n, lines in enumerate(columns):
                for k, text in enumerate(lines):
                    sheet.place_text(x + n * part, y + k * LINE_MM + baseline(7.0, TEXT_PT), part, text, '宋', TEXT_PT)

        self._units.append(Unit(7.0 + LINE_MM * (max(map(len, columns)) - 1), draw, keep=True))
        return self

    def heading(self, text: str, *, align: Align = 'L') -> Self:
        """Add a heading of a part, kept with what follows."""
        return self._block(lines_of(text, '黑', 12, self.width), '黑', 12, align, before=3.0, after=1.5, keep=True)

    def paragraph(self, text: str, *, style: Style = '宋', pt: float = 12.0, indent: int = 2, align: Align = 'L', lead: str = '') -> Self:
        """Add running text, each paragraph (line of `text`) indented by two characters; lead: words in 黑 before it (第一条)."""
        for paragraph in text.split('\n'):
            for n, line in enumerate(lines_of('　' * indent + lead + paragraph, style, pt, self.width)):
                self._block([line], style, pt, align, before=2.0 if self._units and self._units[-1].grid else 0.0, bold=len(lead) + indent if lead and not n else 0)
        return self

    def contents(self, lines: Sequence[tuple[str, int]]) -> Self:
        """Add a table of contents: title, dots, page number."""
        for title, number in lines:
            parts = lines_of(title, '宋', 12.0, self.width - 20)
            self._units.append(Unit(8.0 * len(parts), _contents_line(parts, str(number), self.width)))
        return self

    def note(self, text: str) -> Self:
        """Add a note in small type under a table."""
        return self._block(lines_of(text, '宋', 9, self.width), '宋', 9, 'L', before=1.0)

    def space(self, mm: float = 4.0) -> Self:
        """Leave some height free between two parts."""
        self._units.append(Unit(mm, keep=bool(self._units) and self._units[-1].keep))  # a heading over it stays with what follows
        return self

    def new_page(self) -> Self:
        """Go on at the top of a new page."""
        self._units.append(Unit(0.0, new_page=True))
        return self

    def signature(self, label: str, signed_at: date | datetime | None = None) -> Self:
        """Add the place of one signature at the right, with its day or 年 月 日 to be filled in."""
        return self.signatures((label, signed_at), columns=1)

    def signatures(self, *places: tuple[str, date | datetime | None], columns: int = 2) -> Self:
        """Add places of several signatures, `columns` beside each other; they share their page with two rows before them."""
        part = self.width / columns
        for start in range(0, len(places), columns):
            self._units.append(Unit(12.0, _signature_line(places[start:start + columns], part, columns), signing=True))
        return self

    def seal(self, name: str = '', *, label: str = '（盖章）', on: date | datetime | None = None) -> Self:
        """Add a place for a seal at the right, 45 mm high: name of the organisation, label, and the date through it."""
        day = _day(on)
        wide = min(self.width, max(SEAL_MM, width_mm(name, '宋', 12) + 1, width_mm(day, '宋', 12) + 1))
        lines = lines_of(name, '宋', 12, wide)
        more = (len(lines) - 1) * 6.0

        def draw(sheet: Sheet, x: float, y: float) -> None:
            left = x + self.width - wide
            for text, down in (*((line, 16.0 + n * 6.0) for n, line in enumerate(lines)), (label, 24.0 + more), (day, 32.0 + more)):
                sheet.place_text(left, y + down, wide, text, '宋', 12, 'C')

        self._units.append(Unit(SEAL_MM + more, draw, signing=True))
        return self

    def to_bytes(self) -> bytes:
        """Return the PDF; raises Refused naming every character that no font has, with its row and column."""
        return self.sheets().to_bytes()

    def sheets(self, *, first: int = 1, of: int = 0) -> Sheets:
        """Return the pages as laid out, before drawing; as a part of a volume of `of` pages they are numbered from `first`."""
        sheets = Sheets(self.title, width=self.page_width, height=self.page_height, printed_at=self.printed_at, mark=self.mark)
        pages = _pages(self._units, self.page_height - TOP - BOTTOM)
        for number, units in enumerate(pages, first):
            sheet = sheets.page(f'《{self.title}》')
            _draw_units(sheet, units)
            self._foot(sheet, number, of or len(pages))
        return sheets

    def count_pages(self) -> int:
        """Return on how many pages it comes."""
        return len(_pages(self._units, self.page_height - TOP - BOTTOM))

    def _grid(self, widths: Sequence[float], places: Sequence[Placed], *, head_rows: int = 0, row_mm: float = 0.0, pt: float = TEXT_PT,
              joined: frozenset[int] = frozenset(), tails: dict[int, tuple[float, Overlay]] | None = None) -> Self:
        grid = Grid(widths, places, head_rows, row_mm, pt, tails or {}, joined, f'《{self.title}》')
        self._units += [Unit(grid.heights[row], grid=grid, row=row, keep=row in grid.kept) for row in range(head_rows, len(grid.heights))]
        return self

    def _block(self, lines: Sequence[str], style: Style, pt: float, align: Align, *, before: float = 0.0, after: float = 0.0,
               keep: bool = False, bold: int = 0) -> Self:
        leading = pt * MM * 1.5

        def draw(sheet: Sheet, x: float, y: float) -> None:
            if bold:  # the first signs of a paragraph are in 黑
                head, rest = lines[0][:bold], lines[0][bold:]
                sheet.place_text(x, y + before + baseline(leading, pt), 0, head, '黑', pt)
                sheet.place_text(x + width_mm(head, style, pt), y + before + baseline(leading, pt), 0, rest, style, pt)
                return
            for n, line in enumerate(lines):
                sheet.place_text(x, y + before + n * leading + baseline(leading, pt), self.width, line, style, pt, align)

        self._units.append(Unit(before + len(lines) * leading + after, draw, keep=keep))
        return self

    def _foot(self, sheet: Sheet, number: int, count: int) -> None:
        at = f'打印时间 {screen_moment(self.printed_at)}' if self.printed_at else ''
        left = '　'.join(part for part in (self.form, f'批次 {self.batch}' if self.batch else '', at) if part)
        y = self.page_height - 14
        sheet.place_text(SIDE, y, self.width, left, '宋', FOOT_PT)
        sheet.place_text(SIDE, y, self.width, f'第{number}页 共{count}页', '宋', FOOT_PT, 'R')


def _pages(units: Sequence[Unit], room: float) -> list[list[Unit]]:
    """Lay the units onto pages: chains of kept units together where a page can hold them."""
    _keep_rows_with_signatures(units)
    pages: list[list[Unit]] = [[]]
    left, start = room, 0
    while start < len(units):
        end = start + 1
        while units[end - 1].keep and end < len(units):
            end += 1
        chain = units[start:end]
        if chain[0].new_page or (_height(chain, pages[-1]) > left and _height(chain, []) <= room and pages[-1]):
            pages.append([])
            left = room
        for unit in chain:
            if _height([unit], pages[-1]) > left and pages[-1]:
                pages.append([])
                left = room
            left -= _height([unit], pages[-1])
            pages[-1].append(unit)
        start = end
    return pages


def _keep_rows_with_signatures(units: Sequence[Unit]) -> None:
    for n, unit in enumerate(units):
        rows, before = 0, n - 1
        while unit.signing and before >= 0 and rows < 2 and not units[before].new_page:
            units[before].keep = True
            rows += 2 if units[before].signing else units[before].grid is not None
            before -= 1


def _height(units: Sequence[Unit], page: Sequence[Unit]) -> float:
    """Return how high the units are after what stands on the page, heads of their tables included."""
    grid, height = page[-1].grid if page else None, 0.0
    for unit in units:
        height += unit.height + (unit.grid.head_height if unit.grid and unit.grid is not grid else 0.0)
        grid = unit.grid
    return height


def _draw_units(sheet: Sheet, units: Sequence[Unit]) -> None:
    y, at = TOP, 0
    while at < len(units):
        unit, end = units[at], at + 1
        if unit.grid:
            while end < len(units) and units[end].grid is unit.grid:
                end += 1
            unit.grid.draw(sheet, SIDE, y, 0, unit.grid.head_rows)
            unit.grid.draw(sheet, SIDE, y + unit.grid.head_height, unit.row, units[end - 1].row + 1)
            y += unit.grid.head_height
        elif unit.draw:
            unit.draw(sheet, SIDE, y)
        y += sum(drawn.height for drawn in units[at:end])
        at = end


def _label(text: str, rows: int = 1) -> Cell:
    return Cell(text, rows=rows, align='C', bold=True)


def _day(on: date | datetime | None) -> str:
    """Return a day as papers print it, or the blanks for filling it in."""
    if on is None:
        return OPEN_DATE
    return paper_date(china_time(on).date() if isinstance(on, datetime) else on)


def _contents_line(parts: Sequence[str], number: str, width: float) -> Callable[[Sheet, float, float], None]:
    def draw(sheet: Sheet, x: float, y: float) -> None:
        for n, part in enumerate(parts):
            sheet.place_text(x, y + n * 8.0 + baseline(8.0, 12.0), 0, part, '宋', 12.0)
        line = y + (len(parts) - 1) * 8.0 + baseline(8.0, 12.0)
        left, right = width_mm(parts[-1], '宋', 12.0) + 2, width - 14
        dots = '…' * int((right - left) / width_mm('…', '宋', 12.0))
        sheet.place_text(x + right - width_mm(dots, '宋', 12.0), line, 0, dots, '宋', 12.0)
        sheet.place_text(x, line, width, number, '宋', 12.0, 'R')

    return draw


def _signature_line(places: Sequence[tuple[str, date | datetime | None]], part: float, columns: int) -> Callable[[Sheet, float, float], None]:
    def draw(sheet: Sheet, x: float, y: float) -> None:
        for n, (label, signed_at) in enumerate(places):
            day = _day(signed_at)
            words, date_wide = width_mm(f'{label}：', '宋', TEXT_PT), width_mm(OPEN_DATE, '宋', TEXT_PT)
            blank = max(12.0, min(40.0, part - words - date_wide - 6))
            left = x + n * part + (part - words - blank - date_wide if columns == 1 else 0)
            sheet.place_text(left, y + 9, 0, f'{label}：', '宋', TEXT_PT)
            sheet.line(left + words, y + 9.8, left + words + blank, y + 9.8)
            sheet.place_text(left + words + blank, y + 9, date_wide, day, '宋', TEXT_PT, 'R')

    return draw


def _opinion_foot(sign: str, seal: str, day: str) -> Overlay:
    def draw(sheet: Sheet, x: float, y: float, w: float, h: float) -> None:
        right = x + w - 4
        date_wide = width_mm(OPEN_DATE, '宋', TEXT_PT)
        sheet.place_text(right - date_wide, y + h - (10 if seal else 4), date_wide, day, '宋', TEXT_PT, 'R')
        if seal:
            sheet.place_text(right - SEAL_MM, y + h / 2, SEAL_MM, seal, '宋', TEXT_PT, 'C')
        if sign:
            sheet.place_text(x + 4, y + h - (10 if seal else 4), 0, f'{sign}：', '宋', TEXT_PT)

    return draw
