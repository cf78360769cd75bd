"""A paper on the screen: one page of a PDF of ours as a picture, drawn when it is looked at."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO

MOST_PX = 4000  # across and down: an A4 page at 300 dpi fits
POINTS = 72.0  # of an inch, PDF's own unit
INCH_MM = 25.4
_alone = threading.Lock()  # PDFium's own state is one for the process: two threads inside it crash


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as it is shown.

    number: from 1 · pages: of the whole paper · width_mm, height_mm: of the sheet · png: its picture
    """

    number: int
    pages: int
    width_mm: float
    height_mm: float
    png: bytes


def page_picture(pdf: bytes, number: int, width_px: Callable[[float], float]) -> PagePicture:
    """Return one page of a PDF that we made; a number beyond the last page gives the last, because a paper drawn anew may be shorter.

    width_px: how many pixels across a sheet of so many mm gets. Only this page is drawn, and nothing of it stays in memory.
    For our own papers only: what comes from outside never reaches PDFium inside the server.
    """
    import pypdfium2

    with _alone, closing(pypdfium2.PdfDocument(pdf)) as paper:
        pages = len(paper)
        number = min(max(number, 1), pages)
        with closing(paper[number - 1]) as page:
            across, down = page.get_size()
            wanted = round(max(1.0, min(width_px(across / POINTS * INCH_MM), MOST_PX, MOST_PX * across / down)))
            with closing(page.render(scale=(wanted - 0.01) / across)) as drawn:  # PDFium rounds up
                picture = drawn.to_pil().copy()
    png = BytesIO()
    picture.save(png, 'PNG', compress_level=1)  # a stronger one takes longer and saves nothing on such pages
    return PagePicture(number, pages, round(across / POINTS * INCH_MM, 1), round(down / POINTS * INCH_MM, 1), png.getvalue())
