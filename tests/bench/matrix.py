"""The score sheet of 46 items beside an empty page of the same server, and how long a keystroke's save takes to be acknowledged."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from statistics import median

from playwright.sync_api import sync_playwright

from tests.bench.measuring import Figure, of_pairs
from tests.bench.pages import ROUNDS, TOKEN, seen_s, served

MARK, SAVE_MARK_MS = 1.5, 150.0
LAST = '.dj-rs-last th:last-child, .dj-rs-last'  # the foot of the grid
KEYSTROKES = """async () => {
  const taken = [];
  for (const box of [...document.querySelectorAll('.dj-rs [data-main]')].slice(0, 30)) {
    box.focus();
    const row = box.closest('tr'), begun = performance.now();
    box.dispatchEvent(new KeyboardEvent('keydown', { key: 'm', bubbles: true, cancelable: true }));
    while (!row.classList.contains('dj-rs-kept')) await new Promise((go) => setTimeout(go, 1));
    taken.push(performance.now() - begun);
  }
  return taken;
}"""


def run() -> Iterator[Figure]:
    """Yield the figures."""
    chromium = next((found for name in ('chromium', 'chromium-browser', 'google-chrome') if (found := shutil.which(name))), None)
    if chromium is None:
        print('matrix: no Chromium found, left out')
        return
    with served() as (url, cookie, _, sheet), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=['--no-sandbox'])
        context = browser.new_context(locale='zh-CN', viewport={'width': 1366, 'height': 768}, base_url=url)
        context.add_cookies([{'name': cookie, 'value': f'{TOKEN}-assessor', 'url': url}])
        page = context.new_page()
        pairs = [(seen_s(page, sheet, LAST), seen_s(page, '/bench/empty')) for _ in range(ROUNDS + 2)][2:]  # the first two fill the browser's cache
        yield of_pairs('page: score sheet of 46 items beside an empty page', pairs, MARK)
        page.goto(sheet)
        page.wait_for_function('window.did_handshake === true')
        taken = page.evaluate(KEYSTROKES)
        yield Figure('score sheet: keystroke to acknowledged save', median(taken), 'ms', SAVE_MARK_MS, f'longest of {len(taken)}: {max(taken):.0f} ms')
        browser.close()
