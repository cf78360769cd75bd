"""The demo on a real server, and a person at it: what the tests of the main job do in Chromium."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from app.demo.load import load
from app.house import House, open_house
from app.sealed import open_keys
from app.settings import ROOT, mark_demo
from db.migrate import migrate
from db.session import Engines
from tests.serving import WAIT_S, await_answer

SAMPLES = ROOT / 'assets' / 'demo'
AXE = Path(__file__).with_name('axe.min.js')
WAIT_MS = 40_000


def load_story(home: Path) -> None:
    """Make a data folder of the demo with its story."""
    home.mkdir(parents=True, mode=0o700)
    mark_demo(home)
    engines = Engines(f'sqlite:///{home / "dingji.db"}')
    migrate(engines)
    house = House(engines, open_keys(home.with_name(f'{home.name}-keys')), home, demo=True)
    open_house(house)
    load(house, lambda _done, _total, _text: None)
    with engines.write.connect() as connection:
        connection.connection.cursor().execute('PRAGMA wal_checkpoint(TRUNCATE)')
    engines.close()


def copy_of(story: Path, folder: Path) -> Path:
    """Return a data folder with the same story and the same keys."""
    home = folder / 'data'
    shutil.copytree(story, home)
    shutil.copytree(story.with_name(f'{story.name}-keys'), folder / 'data-keys')
    return home


@contextmanager
def demo_at(home: Path, port: int, *, now: str = '') -> Iterator[str]:
    """Run `python -m app demo` on a data folder and give its address."""
    with home.with_name('out.txt').open('ab') as out:
        process = subprocess.Popen(
            [sys.executable, '-m', 'app', 'demo', '--no-browser', '--port', str(port), '--data', str(home), *(['--now', now] if now else [])],
            cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
    address = f'http://127.0.0.1:{port}'
    try:
        await_answer(address, process, home.with_name('out.txt'))
        yield address
    finally:
        process.terminate()
        process.wait(WAIT_S)


@dataclass
class Desk:
    """One browser window at the demo, and what went wrong in it."""

    context: BrowserContext
    page: Page
    address: str
    errors: list[str] = field(default_factory=list)  # of the console and of scripts
    foreign: list[str] = field(default_factory=list)  # requests that would leave the machine

    def sign_in(self, name: str, then: str = '/', role: str = '') -> None:
        """Sign in as a person of the story by one click."""
        self.context.clear_cookies()
        self.page.goto(f'/login?next={then}')
        self.page.locator('.dj-people button').filter(has_text=name).filter(has_text=role).first.click()
        self.page.wait_for_url(f'{self.address}{then}')
        self.ready()

    def open(self, address: str) -> int:
        """Go to a page; returns its HTTP status."""
        answer = self.page.goto(address)
        assert answer is not None
        if answer.ok:
            self.ready()
        return answer.status

    def ready(self) -> None:
        """Wait until the page is connected and can be worked on."""
        self.page.wait_for_function('window.did_handshake === true')

    def follow(self, word: str, inside: Locator | None = None) -> None:
        """Click a link and wait for its page."""
        link = (inside or self.page).get_by_role('link', name=word, exact=True).first
        target = link.get_attribute('href')
        link.click()
        self.page.wait_for_url(f'{self.address}{target}')
        self.ready()

    def press(self, word: str) -> None:
        """Click a button."""
        self.page.get_by_role('button', name=word, exact=True).click()

    def confirm(self, word: str) -> str:
        """Go on in the dialog that asks; returns what it said."""
        dialog = self.page.get_by_role('alertdialog')
        said = dialog.locator('.dj-sentence').inner_text()
        dialog.get_by_role('button', name=word, exact=True).click()
        expect(dialog).to_have_count(0)
        return said

    def act(self, word: str, do: str = '') -> str:
        """Press a button, confirm it and wait for the page that the act draws anew; returns what the dialog said."""
        self.press(word)
        with self.redrawn():
            return self.confirm(do or word)

    @contextmanager
    def redrawn(self) -> Iterator[None]:
        """Wait for the page that comes in place of this one after what happens inside."""
        self.page.evaluate('window.drawn_before = true')
        yield
        self.page.wait_for_function('window.drawn_before === undefined')
        self.ready()

    def give(self, word: str, path: Path) -> None:
        """Choose a file at the button of an upload."""
        with self.page.expect_file_chooser() as chooser:
            self.press(word)
        chooser.value.set_files(path)

    def download(self, word: str, *, role: str = 'button') -> bytes:
        """Return the file behind a button or link."""
        with self.page.expect_download() as given:
            self.page.get_by_role(role, name=word, exact=True).click()  # type: ignore[arg-type]
        return given.value.path().read_bytes()

    def texts(self, selector: str) -> list[str]:
        """Return the texts of what a selector finds, in order."""
        return [text.strip() for text in self.page.locator(selector).all_inner_texts()]

    def serious(self) -> list[str]:
        """Return what axe finds serious or critical on the page, once what opens has opened."""
        page = self.page
        page.wait_for_function('document.getAnimations().every(a => a.playState !== "running" || a.effect.getTiming().iterations === Infinity)')
        if not page.evaluate('typeof axe === "object"'):
            page.evaluate(AXE.read_text(encoding='utf-8'))
        found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa']})")
        assert found['passes'], 'axe looked at nothing'
        where = urlsplit(page.url).path
        return [f'{where} {v["impact"]} {v["id"]} {[n["target"] for n in v["nodes"]][:3]}' for v in found['violations'] if v['impact'] in ('serious', 'critical')]


@contextmanager
def desk_at(chromium: Browser, address: str) -> Iterator[Desk]:
    """Open a window of 1366 × 768."""
    with chromium.new_context(locale='zh-CN', viewport={'width': 1366, 'height': 768}, base_url=address, accept_downloads=True) as context:
        context.set_default_timeout(WAIT_MS)
        context.set_default_navigation_timeout(WAIT_MS)
        desk = Desk(context, context.new_page(), address)
        desk.page.on('console', lambda told: _hear(desk, told))
        desk.page.on('pageerror', lambda error: desk.errors.append(str(error)))
        desk.page.on('request', lambda request: _watch(desk, request.url))
        desk.page.on('websocket', lambda socket: _watch(desk, socket.url))
        yield desk


def _hear(desk: Desk, told: ConsoleMessage) -> None:
    if told.type == 'error' and 'the server responded with a status of 404' not in told.text:  # a page that is not theirs
        desk.errors.append(told.text)


def _watch(desk: Desk, url: str) -> None:
    if not url.startswith((f'{desk.address}/', f'ws{desk.address.removeprefix("http")}/', 'data:', f'blob:{desk.address}/')):
        desk.foreign.append(url)
