"""`python -m app` as a person starts it: a real process on a data folder, what it prints, and how it ends."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.serving import ROOT, free_port

READY = '按 Ctrl+C 结束'
START_S = 90


@dataclass(frozen=True, slots=True)
class Started:
    """A process of `python -m app`; what it prints goes to the file `out`."""

    process: subprocess.Popen[bytes]
    home: Path
    out: Path

    @property
    def said(self) -> str:
        """What it has printed so far."""
        return self.out.read_text(encoding='utf-8')

    @property
    def url(self) -> str:
        """The address it names, the one on this machine where there is one."""
        found = re.findall(r'^ {2}(https?://\S+)$', self.said, re.MULTILINE)
        assert found, self.said
        return str(next((address for address in found if '//127.0.0.' in address), found[0]))

    @property
    def listens_at(self) -> tuple[str, int]:
        """Address and port of this machine, also behind a proxy."""
        given = self._given
        return given.get('--host', '127.0.0.1'), int(given.get('--port', 0) or urlsplit(self.url).port or 0)

    @property
    def _given(self) -> dict[str, str]:
        args = [str(word) for word in self.process.args] if isinstance(self.process.args, list) else []
        return dict(zip(args, args[1:], strict=False))

    def _answers(self) -> bool:
        """Return whether it has answered, which it does once every page is there."""
        host, port = self.listens_at
        scheme = 'http' if '--behind-proxy' in self._given else urlsplit(self.url).scheme
        try:
            httpx.get(f'{scheme}://{host}:{port}/healthz', headers={'host': urlsplit(self.url).netloc}, verify=False, timeout=START_S)
        except httpx.TransportError:
            return False
        return True

    @property
    def code(self) -> str:
        """The one-time code of a first start."""
        found = re.search(r'一次性代码 (\S+)', self.said)
        assert found, self.said
        return found[1]

    @property
    def log(self) -> str:
        """The log of its data folder, all files of it."""
        return ''.join(path.read_text(encoding='utf-8') for path in sorted((self.home / 'log').glob('*')))

    def end(self, by: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """End it by a signal; return its status and how many seconds that took."""
        begun = time.monotonic()
        self.process.send_signal(by)
        status = self.process.wait(20)
        return status, time.monotonic() - begun

    def wait(self) -> None:
        """Wait until it answers, or fail with what it said."""
        begun = time.monotonic()
        while time.monotonic() - begun < START_S and self.process.poll() is None:
            if READY in self.said and self._answers():
                return
            time.sleep(0.05)
        raise AssertionError(f'it did not start:\n{self.said}')


def begin(home: Path, *options: str, demo: bool = False) -> Started:
    """Start a process on a free port, unless the options name one, and return at once."""
    out = home.with_name(f'{home.name}-{time.monotonic_ns()}.txt')
    port = () if '--port' in options else ('--port', str(free_port()))
    environ = {name: value for name, value in os.environ.items() if not name.startswith('DINGJI_')}
    command = [sys.executable, '-m', 'app', *(['demo'] if demo else []), '--data', str(home), '--no-browser', *port, *options]
    with out.open('wb') as into:
        process = subprocess.Popen(command, cwd=ROOT, stdout=into, stderr=subprocess.STDOUT, env=environ | {'PYTHONIOENCODING': 'utf-8'})
    return Started(process, home, out)


@contextmanager
def started(home: Path, *options: str, demo: bool = False) -> Iterator[Started]:
    """Start a process, wait until it answers, end it afterwards."""
    running = begin(home, *options, demo=demo)
    try:
        running.wait()
        yield running
    finally:
        if running.process.poll() is None:
            running.end()


def refused(home: Path, *options: str, demo: bool = False) -> tuple[int, str]:
    """Run a start that is to be refused; return its status and what it said."""
    running = begin(home, *options, demo=demo)
    try:
        return running.process.wait(START_S), running.said
    finally:
        running.process.kill()


@dataclass(frozen=True, slots=True)
class Loaded:
    """A data folder into which `python -m app demo` loaded the story, what it said meanwhile, how long that took."""

    home: Path
    said: str
    took_s: float


def demo_loaded(factory: pytest.TempPathFactory) -> Loaded:
    """Load the demo story once in a run of the tests; nobody changes this folder."""
    home = factory.getbasetemp() / 'demo-loaded' / 'data'
    told = home.with_name('told.txt')
    if not told.exists():
        home.parent.mkdir()
        begun = time.monotonic()
        with started(home, demo=True) as running:
            took_s, said = time.monotonic() - begun, running.said
        told.write_text(f'{took_s}\n{said}', encoding='utf-8')
    first, said = told.read_text(encoding='utf-8').split('\n', 1)
    return Loaded(home, said, float(first))


def demo_copy(factory: pytest.TempPathFactory, name: str) -> Path:
    """Return a data folder of its own with the whole demo story and its keys."""
    loaded = demo_loaded(factory).home
    home = factory.mktemp(name) / 'data'
    for part in ('', '-keys'):
        shutil.copytree(loaded.with_name(loaded.name + part), home.with_name(home.name + part))
    return home
