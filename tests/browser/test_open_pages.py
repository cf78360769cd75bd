"""Open pages in a browser: transports, cut sockets, sign-out and change of post."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.browser

NO_WEBSOCKET = "window.WebSocket = class { constructor() { setTimeout(() => this.onerror(new Event('error'))); } send() {} close() {} }"


@pytest.mark.parametrize('transport', ['websocket', 'polling'])
def test_a_browser_works_on_both_transports(browser: Page, sign_in: Callable[..., None], transport: str) -> None:
    if transport == 'polling':
        browser.add_init_script(NO_WEBSOCKET)
    sign_in(browser)
    menu = browser.get_by_role('navigation', name='主菜单')
    expect(menu).to_be_in_viewport()
    browser.get_by_role('button', name='收起或展开菜单').click()
    expect(menu).not_to_be_in_viewport()


def test_a_cut_socket_comes_back_to_the_same_page(browser: Page, sign_in: Callable[..., None]) -> None:
    sign_in(browser)
    before = browser.evaluate('documentId')
    browser.evaluate("socket.once('connect', () => { window.connected_again = true; }); socket.io.engine.close()")
    browser.wait_for_function('window.connected_again')
    assert browser.evaluate('documentId') == before
    browser.get_by_role('button', name='收起或展开菜单').click()
    expect(browser.get_by_role('navigation', name='主菜单')).not_to_be_in_viewport()


def test_a_sign_out_ends_every_open_page_and_what_was_typed(context: BrowserContext, browser: Page, sign_in: Callable[..., None]) -> None:
    sign_in(browser)
    second = context.new_page()
    second.goto('/')
    second.wait_for_function('window.did_handshake === true')
    second.evaluate("sessionStorage.setItem('typed:1:/', '{}')")
    browser.get_by_role('button', name='张春分').click()
    browser.get_by_role('button', name='退出登录').click()
    expect(browser.get_by_text('已退出登录')).to_be_visible()
    expect(second.get_by_text('已退出登录')).to_be_visible()
    second.wait_for_function("!Object.keys(sessionStorage).some((k) => k.startsWith('typed:'))")
    second.goto('/')
    expect(second.get_by_label('登录名')).to_be_visible()


def test_a_change_of_post_ends_the_pages_of_the_old_one(context: BrowserContext, browser: Page, sign_in: Callable[..., None]) -> None:
    sign_in(browser)
    second = context.new_page()
    second.goto('/')
    second.wait_for_function('window.did_handshake === true')
    browser.get_by_role('button', name='张春分').click()
    browser.get_by_role('button', name='成绩录入员').click()
    for page in (browser, second):  # the second one comes back in the new post
        expect(page.get_by_role('button', name='张春分（成绩录入员）')).to_be_visible()
