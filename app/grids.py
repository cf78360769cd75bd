"""A table on a PDF page: rows as high as their texts, merged cells, and what of it stands on which page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, chain

from app.cells import Placed
from app.fonts import MM, Style, baseline, lines_of
from app.sheets import Align, Sheet

PAD_X, PAD_Y = 1.2, 1.2  # mm between a line of the table and its text
LINE_PT = 0.5
LONG = 10  # lines: a longer text is broken into pieces that may stand on several pages
PIECE = 6  # lines of a piece
TOGETHER = 150  # mm: rows under one merged cell stay on one page up to this height

Overlay = Callable[[Sheet, float, float, float, float], None]  # draws into a row: sheet, x, y, width, height


@dataclass(slots=True)
class Box:
    """A cell of the grid with its lines; a long text becomes several boxes, all but the first `going_on`."""

    row: int
    col: int
    rows: int
    cols: int
    lines: list[str]
    place: Placed
    going_on: bool = False
    piece: bool = False
    left: int = 0  # lines not yet drawn, when the box stands on several pages


@dataclass
class Grid:
    """A table ready to be drawn.

    widths: mm of the columns · head_rows: rows repeated on every page · row_mm: least height of body rows
    pt: size of its texts · tails: {row of places: (least height, overlay)} for rows with signature or seal
    joined: rows of places without a line above
    """

    widths: Sequence[float]
    places: Sequence[Placed]
    head_rows: int = 0
    row_mm: float = 0.0
    pt: float = 10.5
    tails: Mapping[int, tuple[float, Overlay]] = field(default_factory=dict)
    joined: frozenset[int] = frozenset()
    of: str = ''

    def __post_init__(self) -> None:
        self.leading = self.pt * MM * 1.35
        self.overlays = {row: overlay for row, (_, overlay) in self.tails.items()}
        self.unlined = set(self.joined)
        one_line = self.leading + 2 * PAD_Y
        self.least = {row: one_line if row < self.head_rows else max(one_line, self.row_mm) for row in range(1 + max(p.row for p in self.places))}
        self.least |= {row: mm for row, (mm, _) in self.tails.items()}
        self.boxes = [self._box(place) for place in self.places]
        self._break_long_rows()
        self.heights = self._heights()
        self.edges = [0.0, *accumulate(self.widths)]
        self.head_height = sum(self.heights[:self.head_rows])
        self.kept = self._kept()
        self.spanning = [box for box in self.boxes if box.rows > 1]
        self.starting: dict[int, list[Box]] = defaultdict(list)
        for box in self.boxes:
            self.starting[box.row].append(box)

    def draw(self, sheet: Sheet, x: float, y: float, first: int, last: int) -> None:
        """Draw rows `first` to `last` - 1 with the upper left corner at x, y."""
        tops = [y, *accumulate(self.heights[first:last], initial=y)][1:]
        over = [box for box in self.spanning if box.row < first]
        for box in chain(over, *(self.starting[row] for row in range(first, last))):
            start, end = max(box.row, first), min(box.row + box.rows, last)
            if start < end:
                left, width = x + self.edges[box.col], self.edges[box.col + box.cols] - self.edges[box.col]
                top, bottom = tops[start - first], tops[end - first]
                self._lines_around(sheet, left, top, width, bottom, upper=start == first or box.row not in self.unlined or box.row < first,
                                   lower=end == last or end not in self.unlined)
                self._text(sheet, box, left, top, width, bottom - top, ends=end == box.row + box.rows)
                if box.row in self.overlays and box.col + box.cols == len(self.widths):
                    self.overlays[box.row](sheet, left, top, width, bottom - top)

    def _box(self, place: Placed) -> Box:
        width = sum(self.widths[place.col:place.col + place.cell.cols]) - 2 * PAD_X
        lines = lines_of(place.cell.text, _style(place), self.pt, width) if place.cell.text else []
        return Box(place.row, place.col, place.cell.rows, place.cell.cols, lines, place)

    def _break_long_rows(self) -> None:
        long: dict[int, list[Box]] = defaultdict(list)
        for box in self.boxes:
            if box.row >= self.head_rows and box.rows == 1 and len(box.lines) > LONG:
                long[box.row].append(box)
        for row in sorted(long, reverse=True):  # from below, so that rows above keep their numbers
            self._insert(row, -(-max(len(box.lines) for box in long[row]) // PIECE) - 1, long[row])

    def _insert(self, row: int, more: int, long: list[Box]) -> None:
        """Make room for `more` rows below `row` and lay the pieces of its long texts into them."""
        for box in self.boxes:
            if box.row > row:
                box.row += more
            elif box.row + box.rows > row and box not in long:
                box.rows += more
        self.overlays = {at + more if at > row else at: overlay for at, overlay in self.overlays.items()}
        self.least = {at + more if at > row else at: mm for at, mm in self.least.items()}
        self.unlined = {at + more if at > row else at for at in self.unlined} | set(range(row + 1, row + more + 1))
        left = self.least[row] - PAD_Y - more * PIECE * self.leading
        self.least |= {row: 0.0, row + more: left, **dict.fromkeys(range(row + 1, row + more), 0.0)}
        for box in long:
            lines, box.lines, box.piece = box.lines, box.lines[:PIECE], True
            for n in range(1, more + 1):
                piece = lines[n * PIECE:(n + 1) * PIECE]
                self.boxes.append(Box(row + n, box.col, 1, box.cols, piece, box.place, going_on=True, piece=True))

    def _heights(self) -> list[float]:
        count = max(box.row + box.rows for box in self.boxes)
        heights = [self.least[row] for row in range(count)]
        for box in sorted(self.boxes, key=lambda box: box.rows):
            short = self._needed(box) - sum(heights[box.row:box.row + box.rows])
            if short > 0:
                heights[box.row + box.rows - 1] += short
        return heights

    def _needed(self, box: Box) -> float:
        pads = PAD_Y * ((not box.going_on) + (not box.piece or box.row + 1 not in self.unlined))
        picture = box.place.cell.picture_mm[1] + 2 * PAD_Y if box.place.cell.jpeg else 0.0
        return max(picture, len(box.lines) * self.leading + pads)

    def _kept(self) -> set[int]:
        """Return the rows that stay on one page with the next one."""
        together = {row for box in self.boxes if sum(self.heights[box.row:box.row + box.rows]) <= TOGETHER
                    for row in range(box.row, box.row + box.rows - 1) if row + 1 not in self.unlined}
        return together | {row - 1 for row in self.overlays if row > self.head_rows}

    def _lines_around(self, sheet: Sheet, left: float, top: float, width: float, bottom: float, *, upper: bool, lower: bool) -> None:
        if upper and lower:
            sheet.frame(left, top, width, bottom - top, LINE_PT)
            return
        for edge in (left, left + width):
            sheet.line(edge, top, edge, bottom, LINE_PT)
        if upper:
            sheet.line(left, top, left + width, top, LINE_PT)
        if lower:
            sheet.line(left, bottom, left + width, bottom, LINE_PT)

    def _text(self, sheet: Sheet, box: Box, left: float, top: float, width: float, height: float, *, ends: bool) -> None:
        cell = box.place.cell
        if cell.jpeg:
            wide, high = cell.picture_mm
            sheet.place_image(left + (width - wide) / 2, top + (height - high) / 2, wide, high, cell.jpeg)
            return
        lines, leading = self._lines_here(box, height, ends=ends)
        style = _style(box.place)
        align: Align = cell.align or ('L' if box.piece or (len(box.lines) > 1 and not cell.bold) else 'C')
        y = top + (0 if box.going_on else PAD_Y if box.piece or cell.top else (height - len(lines) * leading) / 2)
        of, sheet.of = sheet.of, self.of + cell.where
        for line in lines:
            sheet.place_text(left + PAD_X, y + baseline(leading, self.pt), 0 if align == 'L' else width - 2 * PAD_X, line, style, self.pt, align)
            y += leading
        sheet.of = of

    def _lines_here(self, box: Box, height: float, *, ends: bool) -> tuple[list[str], float]:
        """Return the lines for this page: all, or of a merged cell over several pages what fits, the rest following."""
        lines = box.lines[len(box.lines) - box.left:] if box.left else box.lines
        fitting = max(1, int((height + 0.01) / self.leading))
        if ends or len(lines) <= fitting:
            box.left = 0
            return lines, min(self.leading, height / max(1, len(lines)))
        box.left = len(lines) - fitting
        return lines[:fitting], self.leading


def _style(place: Placed) -> Style:
    return '宋粗' if place.cell.bold else '宋'


def scaled(parts: Sequence[float], width: float) -> list[float]:
    """Return column widths in mm that are to each other as the parts and fill the width."""
    return [part * width / sum(parts) for part in parts]


def with_places(places: Sequence[Placed], names: Sequence[str], first: int = 1) -> list[Placed]:
    """Return the cells of body rows, each knowing its place: 第3行“姓名”栏."""
    return [replace(p, cell=replace(p.cell, where=f'第{p.row + first}行' + (f'“{names[p.col]}”栏' if names[p.col] else ''))) for p in places]
