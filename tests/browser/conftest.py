"""Fixtures of the browser tests: the real server in a child process, and Chromium from the distribution's packages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.spine import WAIT_MS, load_story
from tests.serving import PASSWORD, Server, served

FLAGS = ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
SIZE = {'width': 1366, 'height': 768}

expect.set_options(timeout=WAIT_MS)  # a busy machine is no fault of a page


@pytest.fixture(scope='session')
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server with the people of tests/serving.py; one for all browser tests, so each test makes what it changes."""
    with served(tmp_path_factory.mktemp('served')) as running:
        yield running


@pytest.fixture(scope='module')  # while Playwright runs, no async test can: it goes before the next file begins
def chromium() -> Iterator[Browser]:
    """One Chromium for a file of tests; without one a skip on a laptop and a failure in CI."""
    path = next((found for name in ('chromium', 'chromium-browser', 'google-chrome') if (found := shutil.which(name))), None)
    if path is None:
        sentence = 'no Chromium found: install the package chromium (apt install chromium) to run the browser tests'
        if os.environ.get('CI') == 'true':
            pytest.fail(sentence)
        pytest.skip(sentence)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def context(chromium: Browser, server: Server) -> Iterator[BrowserContext]:
    """Cookies and tabs of one test."""
    with chromium.new_context(locale='zh-CN', viewport=SIZE, base_url=server.url) as fresh:
        fresh.set_default_timeout(WAIT_MS)
        yield fresh


@pytest.fixture
def browser(context: BrowserContext) -> Page:
    """One tab."""
    return context.new_page()


@pytest.fixture
def sign_in() -> Callable[..., None]:
    """`sign_in(browser, login, then='/')`: through the form, as people do."""

    def enter(page: Page, login: str = 'zhang.chunfen', then: str = '/') -> None:
        page.goto(f'/login?next={then}')
        page.get_by_label('登录名').fill(login)
        page.get_by_label('密码').fill(PASSWORD)
        page.get_by_role('button', name='登录', exact=True).click()
        page.wait_for_url(then)
        page.wait_for_function('window.did_handshake === true')

    return enter


@pytest.fixture(scope='session')
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo's story; to be copied, never served."""
    home = tmp_path_factory.mktemp('story') / 'data'
    load_story(home)
    return home
