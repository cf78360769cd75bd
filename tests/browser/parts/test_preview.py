"""The preview in Chromium: by the keyboard, beside a form, what is missing, what is printed."""

from __future__ import annotations

import re
from base64 import b64decode
from io import BytesIO

import pikepdf
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.parts.components import opened
from tests.browser.parts.test_shown import serious

pytestmark = pytest.mark.browser


@pytest.fixture
def faults() -> list[str]:
    """What the console and the scripts of the page complain about."""
    return []


@pytest.fixture
def page(staff: BrowserContext, faults: list[str]) -> Page:
    """The page 组件, ready, with an ear on its console."""
    def hear(page: Page) -> None:
        page.on('console', lambda told: faults.append(told.text) if told.type in ('error', 'warning') else None)
        page.on('pageerror', lambda error: faults.append(str(error)))

    staff.on('page', hear)
    return opened(staff)


def pane(page: Page) -> Locator:
    return page.get_by_role('dialog', name='文书预览')


def shown(where: Locator, number: int, pages: int, title: str = '证书清单') -> Locator:
    """Wait for a page of the paper and return its picture."""
    picture = where.get_by_role('img', name=f'{title} 第{number}页，共{pages}页', exact=True)
    expect(picture).to_be_visible()
    return picture


def size(picture: Locator) -> tuple[int, int]:
    return Image.open(BytesIO(b64decode(str(picture.get_attribute('src')).removeprefix('data:image/png;base64,')))).size


def test_a_paper_is_opened_turned_and_closed_by_the_keyboard_alone(page: Page, faults: list[str]) -> None:
    button = page.get_by_role('button', name='预览 证书清单')
    button.focus()
    page.keyboard.press('Enter')
    shown(pane(page), 1, 2)
    expect(pane(page).get_by_role('region', name='页面')).to_be_focused()
    for key, number in (('PageDown', 2), ('PageDown', 2), ('PageUp', 1), ('ArrowRight', 2), ('ArrowLeft', 1), ('End', 2), ('Home', 1)):
        page.keyboard.press(key)
        shown(pane(page), number, 2)
    page.keyboard.press('Escape')
    expect(pane(page)).to_have_count(0)
    expect(button).to_be_focused()
    assert faults == []


def test_a_double_click_opens_one_window(page: Page) -> None:
    page.get_by_role('button', name='预览 证书清单').dblclick()
    shown(pane(page), 1, 2)
    page.keyboard.press('Escape')
    expect(pane(page)).to_have_count(0)
    page.get_by_role('button', name='预览 证书清单').click()
    shown(pane(page), 1, 2)


def test_buttons_and_the_page_number_turn_the_pages(page: Page) -> None:
    page.get_by_role('button', name='预览 证书清单').click()
    shown(pane(page), 1, 2)
    pane(page).get_by_role('button', name='下一页').click()
    shown(pane(page), 2, 2)
    expect(pane(page).get_by_role('button', name='下一页')).to_have_attribute('aria-disabled', 'true')
    for typed, number in (('1', 1), ('99', 2), ('x', 2)):
        pane(page).get_by_label('页码').fill(typed)
        page.keyboard.press('Enter')
        shown(pane(page), number, 2)
        expect(pane(page).get_by_label('页码')).to_have_value(str(number))
    pane(page).get_by_role('button', name='关闭').click()
    expect(pane(page)).to_have_count(0)


def test_each_zoom_is_a_picture_of_its_own_in_the_pixels_of_the_screen(page: Page) -> None:
    page.get_by_role('button', name='预览 证书清单').click()
    for zoom, wide in (('适合宽度', 992), ('100%', 794), ('150%', 1191)):
        pane(page).get_by_role('button', name=zoom, exact=True).click()
        picture = shown(pane(page), 1, 2)
        expect(picture).to_have_css('width', f'{wide}px')
        assert size(picture)[0] == wide


def test_the_window_has_nothing_serious_for_axe_and_keeps_inside_a_narrow_screen(page: Page) -> None:
    for width in (1366, 390):
        page.set_viewport_size({'width': width, 'height': 768})
        page.get_by_role('button', name='预览 证书清单').click()
        shown(pane(page), 1, 2)
        assert serious(page, '.q-dialog') == []
        assert page.evaluate('document.documentElement.scrollWidth') <= width
        page.keyboard.press('Escape')
        expect(pane(page)).to_have_count(0)


def test_the_pdf_of_the_window_is_the_one_that_is_shown(page: Page) -> None:
    page.get_by_role('button', name='预览 证书清单').click()
    shown(pane(page), 1, 2)
    with page.expect_download() as got:
        pane(page).get_by_role('button', name='PDF').click()
    assert got.value.suggested_filename == '证书清单.pdf'
    with pikepdf.open(got.value.path()) as pdf:
        assert len(pdf.pages) == 2


def test_a_print_lays_each_page_on_a_sheet_of_its_own_and_leaves_nothing_behind(page: Page) -> None:
    page.evaluate('void (window.print = () => { window.asked_to_print = true; })')
    page.get_by_role('button', name='预览 证书清单').click()
    shown(pane(page), 1, 2)
    pane(page).get_by_role('button', name='打印').click()
    page.wait_for_function('window.asked_to_print')
    with pikepdf.open(BytesIO(page.pdf(prefer_css_page_size=True))) as printed:  # prints, and then the browser says that it has
        sheets = [[round(float(x) / 72 * 25.4) for x in sheet.mediabox[2:]] for sheet in printed.pages]
    assert sheets == [[210, 297], [210, 297]]
    expect(page.locator('.dj-printed')).to_have_count(0)
    expect(pane(page).get_by_role('button', name='打印')).to_be_visible()


def test_what_is_missing_is_listed_in_place_of_the_pages(page: Page) -> None:
    page.get_by_role('button', name='查看缺项 合格人员名单').click()
    expect(pane(page).get_by_role('cell', name='“编号”还没有填写，请填写后再提交。')).to_be_visible()
    expect(pane(page).get_by_role('button', name='依据 VAL-01')).to_be_visible()
    expect(pane(page).get_by_role('img', name=re.compile('第'))).to_have_count(0)
    expect(pane(page).get_by_role('button', name='PDF')).to_have_count(0)


def test_a_paper_beside_its_form_is_drawn_anew_after_each_saved_field(page: Page, faults: list[str]) -> None:
    part, box = page.locator('section[aria-label=并排预览]'), page.get_by_label('领取人')
    expect(part.get_by_role('cell', name='“领取人”还没有填写，请填写后再打印。')).to_be_visible()
    seen = []
    for name in ('王小明', '欧阳小明'):
        box.fill(name)
        box.blur()
        picture = shown(part, 1, 1, '领取单')
        if seen:
            expect(picture).not_to_have_attribute('src', seen[-1])
        seen.append(str(picture.get_attribute('src')))
    box.fill('')
    box.blur()
    expect(part.get_by_role('cell', name='“领取人”还没有填写，请填写后再打印。')).to_be_visible()
    expect(part.get_by_role('img', name=re.compile('第'))).to_have_count(0)
    assert faults == []
