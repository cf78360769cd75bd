"""Fixtures of the parts: a signed-in window on the page 组件."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.parts.components import TOKEN, Server, opened
from tests.serving import free_port


@pytest.fixture(scope='session')
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of the page 组件; one for all its tests, so each test uses fields and rows of its own."""
    made = Server(tmp_path_factory.mktemp('parts') / 'data', free_port())
    made.start()
    yield made
    made.stop()


@pytest.fixture
def staff(chromium: Browser, components: Server) -> Iterator[BrowserContext]:
    """A browser window of its own, signed in."""
    with chromium.new_context(locale='zh-CN', viewport={'width': 1366, 'height': 768}, base_url=components.address) as window:
        window.add_cookies([{'name': components.cookie, 'value': TOKEN, 'url': components.address}])
        yield window


@pytest.fixture
def page(staff: BrowserContext) -> Page:
    """The page 组件, ready."""
    return opened(staff)
