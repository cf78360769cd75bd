"""The page 组件 on a server of its own, and what its tests do with it."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from playwright.sync_api import BrowserContext, Page, expect

from tests.serving import ROOT, START_S, WAIT_S

TOKEN = 'sample-token-of-the-parts'


@dataclass
class Server:
    """A server of the page 组件 that can be killed and started again on its data."""

    home: Path
    port: int
    process: subprocess.Popen[str] | None = None
    cookie: str = ''

    @property
    def address(self) -> str:
        return f'http://127.0.0.1:{self.port}'

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, '-m', 'tests.browser.parts.serve', str(self.home), str(self.port), TOKEN], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.cookie = self.process.stdout.readline().strip()
        until = monotonic() + START_S
        while monotonic() < until:
            try:
                urlopen(f'{self.address}/static/site.css', timeout=10).close()
                return
            except (HTTPError, URLError, ConnectionError, TimeoutError):
                sleep(0.1)
        raise TimeoutError('the server did not answer')

    def stop(self, *, kill: bool = False) -> None:
        assert self.process
        (self.process.kill if kill else self.process.terminate)()
        self.process.wait(timeout=WAIT_S)
        assert self.process.stdout
        self.process.stdout.close()


def opened(staff: BrowserContext, address: str = '/components') -> Page:
    page = staff.new_page()
    page.goto(address)
    ready(page)
    return page


def ready(page: Page) -> None:
    page.wait_for_function('window.did_handshake === true')


def codes(page: Page) -> list[str]:
    return page.locator('section[aria-label=列表] tbody a').all_inner_texts()


def saved(page: Page, label: str) -> None:
    expect(page.locator('.dj-form-field', has=page.get_by_label(label, exact=False)).locator('.dj-saved')).to_have_text(re.compile(r'已保存 \d\d:\d\d'))


def field(page: Page, label: str) -> str:
    return page.get_by_label(label, exact=False).first.input_value()


def workbook(*rows: tuple[str, str, str]) -> bytes:
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out, {'in_memory': True}) as book:
        sheet = book.add_worksheet()
        for r, cells in enumerate((('编号', '名称', '等级'), *rows)):
            sheet.write_row(r, 0, cells)
    return out.getvalue()


def give(page: Page, data: bytes) -> None:
    page.locator('section[aria-label=导入] input[type=file]').last.set_input_files(
        {'name': '名单.xlsx', 'mimeType': 'application/octet-stream', 'buffer': data})
