"""A server that ends or is killed and starts again while pages are open."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.processes import Started, demo_copy, started
from tests.serving import free_port

pytestmark = pytest.mark.browser

BACK_MS = 30_000  # the page looks for the server every few seconds


class Room:
    """A demo's data folder on a fixed port, and the open page of a registrar at the title of a batch."""

    def __init__(self, home: Path, chromium: Browser) -> None:
        self.home, self.port, self.chromium = home, str(free_port()), chromium

    def served(self) -> Iterator[Started]:
        return started(self.home, '--port', self.port, demo=True)  # type: ignore[return-value]

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.home / 'dingji.db', timeout=10)) as database, database:
            return database.execute(statement).fetchall()
