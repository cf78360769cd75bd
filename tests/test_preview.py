"""Pages of our papers as pictures: the page asked for, as wide as asked, and no other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from app.certificates.documents import certificates_pdf
from app.errors import Refused
from app.pdf import Paper
from app.preview import MOST_PX, page_picture
from pages.parts.preview import Wish, read_wish
from tests.bench.certificates import papers
from tests.shows import shows
from tests.spent import computing_s

ASKED = {'n': 1, 'page': 2, 'zoom': 0, 'room': 1340, 'ratio': 1.25, 'printing': False}


@cache
def certificates(count: int) -> bytes:
    return certificates_pdf(papers(count))


def picture(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png))


@pytest.mark.parametrize(('asked', 'given'), [(1, 1), (3, 3), (4, 3), (0, 1), (-7, 1)])
def test_a_page_beyond_the_paper_gives_its_nearest_one(asked: int, given: int) -> None:
    shown = page_picture(certificates(3), asked, lambda mm: 300)
    assert (shown.number, shown.pages, shown.width_mm, shown.height_mm) == (given, 3, 297, 210)


@pytest.mark.parametrize('wide', [200, 993, 1340, 1684])
def test_a_picture_is_as_wide_as_asked_so_that_no_browser_scales_it(wide: int) -> None:
    for landscape, high in ((True, wide * 210 / 297), (False, wide * 297 / 210)):
        size = picture(page_picture(Paper('表', landscape=landscape).to_bytes(), 1, lambda mm: wide).png).size
        assert size[0] == wide
        assert abs(size[1] - high) <= 1


def test_nobody_can_ask_for_a_picture_that_fills_the_memory() -> None:
    assert max(picture(page_picture(Paper('表').to_bytes(), 1, lambda mm: 1e9).png).size) <= MOST_PX


@shows('CERT-07')
def test_each_page_shows_its_own_certificate() -> None:
    read = [[code.text for code in zxingcpp.read_barcodes(picture(page_picture(certificates(3), n, lambda mm: mm / 25.4 * 96).png))] for n in (1, 2, 3)]
    assert read == [[person.verify_url] for person in papers(3).people]


def test_a_page_of_a_long_paper_takes_no_longer_than_that_of_a_short_one() -> None:
    def spent(pdf: bytes) -> float:
        began = computing_s()
        for _ in range(10):
            page_picture(pdf, 1, lambda mm: 1340)
        return computing_s() - began

    spent(certificates(1))  # what is imported at first use
    assert spent(certificates(200)) < 2 * spent(certificates(1))


def test_pages_drawn_at_the_same_time_are_those_drawn_one_after_the_other() -> None:
    def draw(n: int) -> bytes:
        return page_picture(certificates(3), n % 3 + 1, lambda mm: 400 + n).png

    with ThreadPoolExecutor(8) as at_once:
        assert list(at_once.map(draw, range(24))) == [draw(n) for n in range(24)]


# ------------------------------------------------------------------ what a browser asks for


@pytest.mark.parametrize(('zoom', 'room', 'px'), [(0, 540, 540), (0, 1340, 992), (1, 540, 794), (1.5, 540, 1191)])
def test_a_page_fits_its_room_but_grows_no_larger_than_reads_well(zoom: float, room: float, px: int) -> None:
    wish = read_wish(ASKED | {'zoom': zoom, 'room': room})
    assert (wish.px(210), wish.device_px(210)) == (px, px * 1.25)


def test_a_page_is_printed_at_three_hundred_dots_an_inch_however_it_is_shown() -> None:
    assert round(read_wish(ASKED | {'printing': True}).device_px(210)) == 2480


def test_what_a_browser_claims_of_its_screen_is_held_to_what_screens_are() -> None:
    assert read_wish(ASKED | {'room': 10**9, 'ratio': 500}) == Wish(1, 2, 0, 4000, 3, False)
    assert read_wish(ASKED | {'room': -5, 'ratio': 0}) == Wish(1, 2, 0, 100, 1, False)


@pytest.mark.parametrize('said', [
    None, [], {}, ASKED | {'page': '2'}, ASKED | {'page': True}, ASKED | {'page': 2.5}, ASKED | {'zoom': 2}, ASKED | {'zoom': None}, ASKED | {'room': float('nan')},
    ASKED | {'ratio': float('inf')}, ASKED | {'ratio': '1'}, ASKED | {'printing': 1}, {k: v for k, v in ASKED.items() if k != 'n'}])
def test_what_no_page_of_ours_asks_is_refused(said: object) -> None:
    with pytest.raises(Refused, match='请关闭预览后重新打开'):
        read_wish(said)
