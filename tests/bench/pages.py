"""List page, form of 200 fields and home beside an empty NiceGUI page of the same server: from navigation to the last element visible."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

from tests.bench.measuring import Figure, of_pairs
from tests.serving import ROOT, free_port

ROUNDS = 9
TOKEN = 'sample-token-of-the-pages'
SEEN = """(() => {
  const look = () => {
    const last = document.querySelector(%r);
    if (last && last.getBoundingClientRect().height) window.seenAt = performance.now();
    else requestAnimationFrame(look);
  };
  look();
})()"""
LAST = {'/bench/empty': '.bench-last', '/': '.dj-panel-running li:last-child a', '/bench/form': '.dj-form-field:nth-child(200) textarea'}
MARKS = {'list': 1.5, 'form of 200 fields': 1.5, 'home': 2.0}


def run() -> Iterator[Figure]:
    """Yield the figures."""
    chromium = next((found for name in ('chromium', 'chromium-browser', 'google-chrome') if (found := shutil.which(name))), None)
    if chromium is None:
        print('pages: no Chromium found, left out')
        return
    with served() as (url, cookie, batch_id, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=['--no-sandbox'])
        context = browser.new_context(locale='zh-CN', viewport={'width': 1366, 'height': 768}, base_url=url)
        context.add_cookies([{'name': cookie, 'value': TOKEN, 'url': url}])
        addresses = {'list': f'/batches/{batch_id}/candidates', 'form of 200 fields': '/bench/form', 'home': '/'}
        page = context.new_page()
        for name, address in addresses.items():
            pairs = [(seen_s(page, address), seen_s(page, '/bench/empty')) for _ in range(ROUNDS + 2)][2:]  # the first two fill the browser's cache
            yield of_pairs(f'page: {name} beside an empty page', pairs, MARKS[name])
        browser.close()


def seen_s(page: Page, address: str, last: str = '') -> float:
    """Return how long after navigation the page's last element stood."""
    page.goto(address, wait_until='commit')
    page.evaluate(SEEN % (last or LAST.get(address, '.dj-rows tbody tr:nth-child(25) td:last-child')))
    return float(page.wait_for_function('window.seenAt').json_value()) / 1000


@contextmanager
def served() -> Iterator[tuple[str, str, int, str]]:
    """Give address, cookie name, batch and score sheet of a server of its own."""
    port = free_port()
    with TemporaryDirectory(prefix='dingji-bench-') as folder, (Path(folder) / 'out.txt').open('w') as log:
        process = subprocess.Popen(
            [sys.executable, '-m', 'tests.bench.serve_pages', str(Path(folder) / 'data'), str(port), TOKEN], cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout
            cookie, batch_id, sheet = process.stdout.readline().split()
            _await(f'http://127.0.0.1:{port}/healthz')
            yield f'http://127.0.0.1:{port}', cookie, int(batch_id), sheet
        finally:
            process.terminate()
            process.wait(20)


def _await(address: str) -> None:
    until = monotonic() + 60
    while monotonic() < until:
        try:
            urlopen(address, timeout=2).close()
            return
        except HTTPError:
            return
        except (URLError, ConnectionError, TimeoutError):
            sleep(0.05)
    raise TimeoutError('the server did not answer')
