"""Pages drawn to the millimetre: texts, lines, pictures and QR codes are noted first, then drawn with fonts cut once for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from io import BufferedIOBase, BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal, Protocol

from app.errors import Refused
from app.fonts import MM, Face, Style, check_printable, cut, lines_of, runs, width_mm
from app.parts import Parts

if TYPE_CHECKING:
    from fpdf import FPDF
    from fpdf.drawing_primitives import DeviceGray, DeviceRGB

Align = Literal['L', 'C', 'R']
Colour = tuple[int, int, int]
Jpeg = bytes | Callable[[], bytes]  # a picture, or where to get it when its page is drawn: a long run keeps one at a time

BLACK: Colour = (0, 0, 0)
PART = 200  # pages drawn by one FPDF object: it grows with every page it holds, and a new one cuts its fonts again
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)  # creation date inside a file that carries no print time


class Sheets:
    """A document of pages of one size; the same notes give the same bytes.

    title: what viewers show in their title bar · width, height: mm, A4 upright
    printed_at: instant of printing, kept in the file · mark: text across every page, e.g. 演示样本
    """

    def __init__(self, title: str = '', *, width: float = 210, height: float = 297, printed_at: datetime | None = None, mark: str = '') -> None:
        self.title, self.width, self.height = title, width, height
        self.printed_at, self.mark = printed_at, mark
        self.pages: list[Sheet] = []

    def page(self, of: str = '') -> Sheet:
        """Add a page; of: whose it is (张三的证书), named when a text on it cannot be printed or is too long."""
        self.pages.append(Sheet(self.width, self.height, of))
        return self.pages[-1]

    def to_bytes(self) -> bytes:
        """Return the PDF; raises Refused naming every character that no font has."""
        out = BytesIO()
        self._write(out)
        return out.getvalue()

    def to_file(self, path: Path) -> None:
        """Write the PDF to a file, for runs of many pages; raises Refused as to_bytes does."""
        with path.open('wb') as out:
            self._write(out)

    def _write(self, out: BufferedIOBase) -> None:
        check_printable((text.of, text.text) for page in self.pages for text in page.texts)
        check_printable([('页面水印', self.mark)])
        with TemporaryDirectory(prefix='dingji-print-') as folder:
            faces = cut(self._characters(), Path(folder))
            if len(self.pages) <= PART:
                out.write(self._drawn(self.pages, faces))
                return
            parts = Parts(out)
            for start in range(0, len(self.pages), PART):
                parts.add(self._drawn(self.pages[start:start + PART], faces))
            parts.close()

    def _characters(self) -> dict[Face, set[str]]:
        wanted: dict[Face, set[str]] = defaultdict(set)
        for text, style in {(text.text, text.style) for page in self.pages for text in page.texts} | {(self.mark, MARK_STYLE)}:
            for face, piece in runs(text, style):
                wanted[face].update(piece)
        return wanted

    def _drawn(self, pages: Sequence[Sheet], faces: dict[Face, Path]) -> bytes:
        from fpdf import FPDF

        pdf = FPDF(unit='mm', format=(self.width, self.height))
        pdf.set_auto_page_break(False)
        pdf.set_title(self.title)
        pdf.set_creation_date(self.printed_at or UNDATED)
        for face, path in faces.items():
            pdf.add_font(face, '', path)
        for page in pages:
            pdf.add_page()
            pdf.char_spacing = 0  # a new page starts without it, whatever the last text had
            for item in page.items:
                item.draw(pdf)
            if self.mark:
                _draw_mark(pdf, self.mark)
        return _output(pdf)


@dataclass(slots=True)
class Sheet:
    """One page; x and y are mm from the left and the top edge."""

    width: float
    height: float
    of: str = ''
    items: list[Item] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def place_text(self, x: float, y: float, w: float, text: str, style: Style = '宋', pt: float = 12, align: Align = 'L', *,
                   colour: Colour = BLACK, spacing_pt: float = 0) -> None:
        """Write one line with its baseline at y, aligned between x and x + w; w=0: from x, as long as it is.

        raises Refused when the text is wider than w: shorten it, break it (place_lines) or take fewer points
        """
        wide = width_mm(text, style, pt, spacing_pt) if w or align != 'L' else 0.0
        if w and wide > w + 0.05:
            raise Refused(f'{self.of}“{text}”太长（{wide:.0f}毫米），此处只能印{w:.0f}毫米，请改短后再打印。')
        shift = {'L': 0.0, 'C': (w - wide) / 2, 'R': w - wide}[align]
        if text:
            self.texts.append(Text(x + shift, y, text, style, pt, colour, spacing_pt, self.of))
            self.items.append(self.texts[-1])

    def place_lines(self, x: float, y: float, w: float, text: str, style: Style = '宋', pt: float = 12, align: Align = 'L', *,
                    leading: float, indent: int = 0) -> float:
        """Write a text broken at w with baselines from y on, `leading` mm apart; returns the baseline of a next line.

        indent: ems at the start of each paragraph, 2 for Chinese text
        """
        for line in kept_lines('\n'.join('　' * indent + paragraph for paragraph in text.split('\n')), style, pt, w):
            self.place_text(x, y, 0 if align == 'L' else w, line, style, pt, align)
            y += leading
        return y

    def place_image(self, x: float, y: float, w: float, h: float, jpeg: Jpeg) -> None:
        """Place a JPEG, its bytes passed through unchanged; ValueError for another format when it is drawn."""
        self.items.append(Picture(x, y, w, h, jpeg))

    def place_qr(self, x: float, y: float, size: float, text: str) -> None:
        """Place a QR code of `size` mm without a quiet zone of its own: keep 4 modules around it white."""
        self.items.append(Code(x, y, size, text))

    def frame(self, x: float, y: float, w: float, h: float, pt: float = 0.5, *, colour: Colour = BLACK) -> None:
        """Draw a rectangle whose lines are `pt` thick, their middle on the given edges."""
        self.items.append(Frame(x, y, w, h, pt, colour))

    def line(self, x1: float, y1: float, x2: float, y2: float, pt: float = 0.5, *, colour: Colour = BLACK) -> None:
        """Draw a straight line."""
        self.items.append(Line(x1, y1, x2, y2, pt, colour))


@lru_cache(maxsize=16)
def kept_lines(text: str, style: Style, pt: float, width: float) -> tuple[str, ...]:
    """Return lines_of, broken once for a text that stands on a thousand pages."""
    return tuple(lines_of(text, style, pt, width))


class Item(Protocol):
    """What stands on a page."""

    def draw(self, pdf: FPDF) -> None:
        """Draw it on the page that is open."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text, its left end and baseline at x, y."""

    x: float
    y: float
    text: str
    style: Style
    pt: float
    colour: Colour
    spacing_pt: float
    of: str

    def draw(self, pdf: FPDF) -> None:
        """Draw each run in the face that has its characters: FPDF.text knows no fallback."""
        pdf.text_color = _ink(self.colour)
        pdf.set_char_spacing(self.spacing_pt)
        x, pieces = self.x, runs(self.text, self.style)
        for face, piece in pieces:
            pdf.set_font(face, '', self.pt)
            pdf.text(x, self.y, piece)
            if len(pieces) > 1:
                x += width_mm(piece, self.style, self.pt, self.spacing_pt)


@lru_cache
def _ink(colour: Colour) -> DeviceGray | DeviceRGB:
    from fpdf.drawing_primitives import convert_to_device_color

    return convert_to_device_color(*colour)  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG at x, y."""

    x: float
    y: float
    w: float
    h: float
    jpeg: Jpeg

    def draw(self, pdf: FPDF) -> None:
        """Hand the bytes through."""
        jpeg = self.jpeg if isinstance(self.jpeg, bytes) else self.jpeg()
        if not jpeg.startswith(b'\xff\xd8'):
            raise ValueError('a picture on paper must be a JPEG')
        pdf.image(BytesIO(jpeg), self.x, self.y, self.w, self.h)


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code at x, y."""

    x: float
    y: float
    size: float
    text: str

    def draw(self, pdf: FPDF) -> None:
        """Draw all modules as one path, one rectangle a run of dark ones."""
        import numpy as np
        import zxingcpp

        code = zxingcpp.create_barcode(self.text, zxingcpp.BarcodeFormat.QRCode, ec_level='M')
        dark = np.asarray(code.to_image(scale=1, add_quiet_zones=False)) == 0
        unit = self.size / MM / len(dark)
        rows, edges = np.nonzero(np.diff(np.pad(dark.view(np.int8), ((0, 0), (1, 1)))))  # in each row by turns where a run starts and ends
        ops = [f'q 0 g {unit:.4f} 0 0 {-unit:.4f} {self.x / MM:.2f} {(pdf.h - self.y) / MM:.2f} cm']
        ops += [f'{start} {row} {end - start} 1 re' for row, start, end in zip(rows[::2].tolist(), edges[::2].tolist(), edges[1::2].tolist(), strict=True)]
        pdf._out('\n'.join(ops) + ' f Q')


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle."""

    x: float
    y: float
    w: float
    h: float
    pt: float
    colour: Colour

    def draw(self, pdf: FPDF) -> None:
        """Draw its outline."""
        pdf.set_draw_color(*self.colour)
        pdf.set_line_width(self.pt * MM)
        pdf.rect(self.x, self.y, self.w, self.h)


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    pt: float
    colour: Colour

    def draw(self, pdf: FPDF) -> None:
        """Draw it."""
        pdf.set_draw_color(*self.colour)
        pdf.set_line_width(self.pt * MM)
        pdf.line(self.x1, self.y1, self.x2, self.y2)


def _output(pdf: FPDF) -> bytes:
    """Return the file and empty its objects: they refer to each other, and full ones would pile up until the collector comes."""
    from fpdf.output import OutputProducer

    class Emptied(OutputProducer):
        def bufferize(self) -> bytearray:
            made = super().bufferize()
            vars(self).clear()
            return made

    made = bytes(pdf.output(output_producer_class=Emptied) or b'')
    vars(pdf).clear()
    return made


MARK_STYLE: Style = '黑粗'


def _draw_mark(pdf: FPDF, mark: str) -> None:
    diagonal = (pdf.w ** 2 + pdf.h ** 2) ** 0.5
    pt = min(96.0, diagonal * 0.6 / width_mm(mark, MARK_STYLE, 1))
    wide = width_mm(mark, MARK_STYLE, pt)
    with pdf.local_context(fill_opacity=0.12), pdf.rotation(35, pdf.w / 2, pdf.h / 2):
        Text((pdf.w - wide) / 2, pdf.h / 2 + pt * MM * 0.38, mark, MARK_STYLE, pt, (200, 0, 0), 0, '').draw(pdf)
