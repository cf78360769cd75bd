"""A server that ends or is killed and starts again while pages are open."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.processes import demo_copy, started
from tests.serving import free_port

pytestmark = pytest.mark.browser

BACK_MS = 60_000  # an open page looks for its server every few seconds
END_S = 3


@pytest.fixture(scope='module')
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo's data folder of this file's own."""
    return demo_copy(tmp_path_factory, 'restart')


@pytest.fixture
def port() -> str:
    """The port that all starts of one test share."""
    return str(free_port())


@contextmanager
def batch_page(chromium: Browser, port: str, home: Path) -> Iterator[Page]:
    """Sign the registrar in by a click and open the page of the batch for practice."""
    batch = rows(home, 'SELECT max(id) FROM batch')[0][0]
    with chromium.new_context(locale='zh-CN', base_url=f'http://127.0.0.1:{port}') as context:
        page = context.new_page()
        page.goto(f'/login?next=/batches/{batch}')
        page.get_by_role('button', name='张春分').click()
        page.wait_for_url(f'**/batches/{batch}')
        page.wait_for_function('window.did_handshake === true')
        yield page


def rows(home: Path, statement: str) -> list[tuple[object, ...]]:
    """Ask or change the database beside the server."""
    with closing(sqlite3.connect(home / 'dingji.db', timeout=10)) as database, database:
        return database.execute(statement).fetchall()


def test_what_was_typed_while_the_server_was_dead_comes_back_and_is_saved(chromium: Browser, home: Path, port: str) -> None:
    typed = '第四批（停电时填写的名称）'
    with started(home, '--port', port, demo=True) as first, batch_page(chromium, port, home) as page:
        first.end(signal.SIGKILL)
        page.get_by_label('批次名称').fill(typed)
        expect(page.get_by_text('有1项未保存')).to_be_visible()
        with started(home, '--port', port, demo=True) as again:
            page.wait_for_event('load', timeout=BACK_MS)
            expect(page.get_by_label('批次名称')).to_have_value(typed, timeout=BACK_MS)
            expect(page.get_by_text('全部已保存')).to_be_visible()
            kept = rows(home, 'SELECT title FROM batch ORDER BY id DESC LIMIT 1')
            page.reload()
            expect(page.get_by_label('批次名称')).to_have_value(typed)
            assert 'Traceback' not in again.log
    assert kept == [(typed,)]


def test_a_page_whose_sign_in_ended_meanwhile_goes_to_the_sign_in(chromium: Browser, home: Path, port: str) -> None:
    with started(home, '--port', port, demo=True) as first, batch_page(chromium, port, home) as page:
        first.end(signal.SIGKILL)
        rows(home, "UPDATE sign_in SET ended_at = '2026-01-01 00:00:00' WHERE ended_at IS NULL")
        with started(home, '--port', port, demo=True):
            page.wait_for_url('**/login?next=*', timeout=BACK_MS)


def test_an_ended_sign_in_saves_nothing_and_leads_to_the_sign_in(chromium: Browser, home: Path, port: str) -> None:
    before = rows(home, 'SELECT title FROM batch ORDER BY id DESC LIMIT 1')
    with started(home, '--port', port, demo=True), batch_page(chromium, port, home) as page:
        rows(home, "UPDATE sign_in SET ended_at = '2026-01-01 00:00:00' WHERE ended_at IS NULL")
        page.get_by_label('批次名称').fill('不应保存')
        page.wait_for_url('**/login*', timeout=BACK_MS)
        expect(page.get_by_label('登录名')).to_be_visible()
    assert rows(home, 'SELECT title FROM batch ORDER BY id DESC LIMIT 1') == before


def test_it_ends_in_three_seconds_though_pages_are_open(chromium: Browser, home: Path, port: str) -> None:
    with started(home, '--port', port, demo=True) as running, batch_page(chromium, port, home) as page:
        page.get_by_role('button', name='收起或展开菜单').click()
        status, took_s = running.end()
        assert status in (0, -signal.SIGTERM)
        assert took_s <= END_S
        assert ('Traceback' in running.said, 'Traceback' in running.log) == (False, False)
