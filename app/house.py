"""The house: what one process works with — database, keys, data folder, business clock, calendar."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from app.sealed import Keys
from app.workdays import Calendar, load_calendar
from db.session import Engines


@dataclass(slots=True)
class House:
    """What one process works with: database, keys, data folder, business clock."""

    engines: Engines
    keys: Keys
    home: Path
    offset: timedelta = field(default_factory=timedelta)  # business time minus real time; zero outside the demo
    demo: bool = False
    cookie: str = 'dingji'  # name of the sign-in cookie; main adds the data folder's id, and __Host- under HTTPS

    def now(self) -> datetime:
        """Return the business time."""
        return datetime.now(UTC) + self.offset


_open: list[House] = []


def open_house(found: House) -> None:
    """Set what this process works with; called once by main and by each test."""
    _open[:] = [found]


def house() -> House:
    """Return what this process works with."""
    return _open[0]


@lru_cache(maxsize=1)
def calendar() -> Calendar:
    """Return the working-day calendar of assets/regulations/calendar."""
    return load_calendar(Path(__file__).resolve().parents[1] / 'assets' / 'regulations' / 'calendar')
