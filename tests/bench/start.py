"""From the command to the first answered page, and to the first screen, beside an empty NiceGUI application; memory; the look for new migrations."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from urllib.error import URLError
from urllib.request import Request, urlopen

from app.users.sign_in import sign_in
from db.migrate import migrate
from tests.bench.measuring import Figure, of_pairs, scratch_house, taken
from tests.serving import PASSWORD, PEOPLE, ROOT, fill, free_port

ROUNDS = 5
MEMORY_MB = 120
COVERAGE_S = 5
EMPTY = """
import sys
import uvicorn
from fastapi import FastAPI
from nicegui import ui

@ui.page('/login')
def empty():
    ui.label('空白')

app = FastAPI()
ui.run_with(app, storage_secret='x' * 40, show_welcome_message=False)
uvicorn.run(app, host='127.0.0.1', port=int(sys.argv[1]), log_level='error')
"""


def run() -> Iterator[Figure]:
    """Yield the figures."""
    with TemporaryDirectory(prefix='dingji-bench-') as folder:
        home = Path(folder) / 'data'
        fill(home)
        token = sign_in(next(iter(PEOPLE)), PASSWORD, '', 'bench').token
        yield from _beside_empty('start to the first page beside an empty NiceGUI app', home, '/login', '', 1.9)
        yield from _beside_empty('start to the first screen of who is signed in, likewise', home, '/', f'dingji-{(home / "folder-id").read_text()}={token}', None)
    yield Figure('rules and forms carried: python -m app coverage', median(taken(_coverage) for _ in range(ROUNDS)), 's', COVERAGE_S)
    with scratch_house() as found:
        yield Figure('  looking for migrations when nothing is to do', median(taken(lambda: migrate(found.engines)) for _ in range(ROUNDS)) * 1000, 'ms')


def _coverage() -> None:
    subprocess.run([sys.executable, '-m', 'app', 'coverage'], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


def _beside_empty(job: str, home: Path, path: str, cookie: str, mark: float | None) -> Iterator[Figure]:
    """Yield how long it takes until a path is answered, beside the page of the empty application, and the memory at that moment."""
    sizes: list[float] = []

    def ours() -> float:
        return _answered_s(lambda port: [sys.executable, '-m', 'app', '--data', str(home), '--port', port, '--no-browser'], path, cookie, sizes)

    def empty() -> float:
        return _answered_s(lambda port: [sys.executable, '-c', EMPTY, port], '/login', '', [])

    yield of_pairs(job, [(ours(), empty()) for _ in range(ROUNDS + 1)][1:], mark)
    if sizes:
        yield Figure('  resident memory then', median(sizes), 'MB', MEMORY_MB)


def _answered_s(command: Callable[[str], list[str]], path: str, cookie: str, sizes: list[float]) -> float:
    """Start a server, return the seconds until it answered a path, and end it; notes its resident memory in MB."""
    port = str(free_port())
    asked = Request(f'http://127.0.0.1:{port}{path}', headers={'Cookie': cookie})
    begun = perf_counter()
    process = subprocess.Popen(command(port), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while process.poll() is None and perf_counter() - begun < 60:
            try:
                with urlopen(asked, timeout=5) as answer:
                    assert answer.url == asked.full_url, f'{path} was answered by {answer.url}'
            except (URLError, ConnectionError, TimeoutError):
                sleep(0.01)
                continue
            seconds = perf_counter() - begun
            status = Path(f'/proc/{process.pid}/status')
            if status.exists():
                sizes.append(int(next(line.split()[1] for line in status.read_text().splitlines() if line.startswith('VmRSS'))) / 1024)
            return seconds
        raise TimeoutError('the server did not answer')
    finally:
        process.terminate()
        process.wait(20)
