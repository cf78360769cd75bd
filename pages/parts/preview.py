"""The preview of a paper: its PDF page by page as pictures, in a window of its own or beside the form that it is made from.

Our CSP allows neither frames nor objects, so the server draws. A picture goes to the page over its socket, behind the gate, as a data: address:
it has no address that others could open, and neither the disk nor a cache of the browser keeps it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import Any

from nicegui import events, run, ui

from app.errors import Refused
from app.findings import Finding
from app.preview import INCH_MM, PagePicture, page_picture
from pages.parts.findings import findings_table
from pages.parts.refusals import refusals

ZOOMS = (0.0, 1.0, 1.5)  # 0 fits the page into its room
SCREEN_DPI, PRINT_DPI = 96, 300  # 100 % on a screen is a sheet in its true size
FIT_MOST = 1.25  # a page that fits grows no larger: at 1366 px an upright sheet would be twice as high as the screen
FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|\r\n\t', '_'))


@dataclass(frozen=True, slots=True)
class Wish:
    """What the browser asks for: page from 1, zoom of ZOOMS, free px across, device pixels of a px, number of the question."""

    n: int
    page: int
    zoom: float
    room: float
    ratio: float
    printing: bool

    def px(self, width_mm: float) -> int:
        """Return how many px of the screen a sheet is wide."""
        true = width_mm / INCH_MM * SCREEN_DPI
        return round(true * self.zoom if self.zoom else min(self.room, true * FIT_MOST))

    def device_px(self, width_mm: float) -> float:
        """Return how many pixels of its picture are due."""
        return width_mm / INCH_MM * PRINT_DPI if self.printing else self.px(width_mm) * self.ratio


def read_wish(said: object) -> Wish:
    """Return what a browser asked for; raises Refused for what our page never asks."""
    args = said if isinstance(said, dict) else {}
    n, page, printing = args.get('n'), args.get('page'), args.get('printing')
    zoom, room, ratio = (args.get(key) for key in ('zoom', 'room', 'ratio'))
    figures = [float(x) for x in (zoom, room, ratio) if type(x) in (int, float)]  # type: ignore[arg-type]
    if type(n) is not int or type(page) is not int or type(printing) is not bool or len(figures) < 3 or not all(map(isfinite, figures)) or zoom not in ZOOMS:
        raise Refused('这一页无法显示，请关闭预览后重新打开。')
    return Wish(n, page, figures[0], min(max(figures[1], 100.0), 4000.0), min(max(figures[2], 1.0), 3.0), printing)


def file_name(title: str) -> str:
    """Return a title as a file name that Windows takes."""
    return title.translate(FORBIDDEN).strip(' .') or '文书'


class Preview(ui.element, component='preview.js'):
    """A pane that shows one paper; put it where it is to stand.

    The PDF is built when the first page is asked for, once: its pages, the PDF and the print are of the same bytes, and what the build leaves in the
    trail it leaves once; all is forgotten with the pane. What a build refuses is listed in place of the pages.
    """

    def __init__(self, *, on_close: Callable[[], object] | None = None) -> None:
        """Draw the empty pane; with `on_close` it has a button 关闭."""
        super().__init__()
        self._title = ''
        self._build: Callable[[], bytes] = _nothing
        self._pdf = self._build
        self._props.update({'title': '', 'paper': 0, 'turn': 0, 'answer': None, 'gaps': 0, 'closes': on_close is not None})
        self.on('want', self._want)
        self.on('save', self._save)
        if on_close:
            self.on('close', on_close)
        with self:
            self._gaps = ui.column().classes('dj-preview-gaps')

    def show(self, title: str, build: Callable[[], bytes]) -> None:
        """Show another paper from its first page; `build` reads, draws and returns the PDF, in a thread, and may raise Refused."""
        self._title, self._build = title, build
        self._props.update({'title': title, 'paper': self._props['paper'] + 1, 'gaps': 0})
        self._gaps.clear()
        self.refresh()

    def refresh(self) -> None:
        """Build the paper anew, as after a saved field; page and zoom stay."""
        self._pdf = cache(self._build)
        self._props.update({'turn': self._props['turn'] + 1, 'answer': None})
        self.update()

    @refusals()
    async def _want(self, event: events.GenericEventArguments) -> None:
        wish, pdf = read_wish(event.args), self._pdf
        answer: dict[str, Any] = {'n': wish.n}  # also after a fault of ours, else the page would wait for ever
        gaps: tuple[Finding, ...] = ()
        try:
            if picture := await run.io_bound(lambda: page_picture(pdf(), wish.page, wish.device_px)):
                answer |= _answer(picture, wish)
        except Refused as refused:
            gaps = refused.findings or (Finding(refused.rule, 'block', '', refused.sentence),)
        finally:
            if pdf is self._pdf and not self.is_deleted:  # else closed or built anew meanwhile
                self._tell(answer, gaps)

    def _tell(self, answer: dict[str, Any], gaps: tuple[Finding, ...]) -> None:
        self._gaps.clear()
        if gaps:
            with self._gaps:
                ui.label('暂不能预览和打印，请先办理下列各项：').classes('dj-strong')
                findings_table(gaps)
        self._props.update({'answer': answer, 'gaps': len(gaps)})
        self.update()

    @refusals()
    async def _save(self) -> None:
        if data := await run.io_bound(self._pdf):
            ui.download.content(data, f'{file_name(self._title)}.pdf')


def preview_button(title: str, build: Callable[[], bytes], *, word: str = '预览', icon: str = '') -> None:
    """Draw the button that shows a paper in a window over the page; as Preview.show.

    Esc closes the window and the focus returns to the button. A double click opens one window: what is built leaves its trail once.
    """
    open_windows: list[ui.dialog] = []

    def show() -> None:
        if any(window.value for window in open_windows):
            return
        with ui.context.client, ui.dialog(value=True).props('maximized aria-label=文书预览') as window, ui.card().classes('dj-preview-window'):
            Preview(on_close=window.close).show(title, build)
        open_windows[:] = [window]
        window.on('hide', window.delete)

    button = ui.button(word, icon=icon or None).props('outline dense').on('click', show)
    button.props['aria-label'] = f'{word} {title}'  # not through props(text): a quotation mark in a title would begin a property


def _nothing() -> bytes:
    raise Refused('没有可以预览的文书。')


def _answer(picture: PagePicture, wish: Wish) -> dict[str, Any]:
    return {
        'page': picture.number, 'pages': picture.pages, 'width': wish.px(picture.width_mm), 'sheet': [picture.width_mm, picture.height_mm],
        'printing': wish.printing, 'src': f'data:image/png;base64,{b64encode(picture.png).decode()}'}
