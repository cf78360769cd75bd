"""Pairs measured in turn, and the line that each figure prints."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from app.house import House, house, open_house
from app.sealed import open_keys
from db.migrate import migrate
from db.session import Engines


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report: a value beside its pass mark, or for information only."""

    job: str
    value: float
    unit: str  # ×, ms, s, MB
    mark: float | None = None
    beside: str = ''  # the absolute figures behind it

    @property
    def missed(self) -> bool:
        return self.mark is not None and round(self.value, 2) > self.mark

    def __str__(self) -> str:
        judged = '' if self.mark is None else f'≤ {self.mark:g}  {"MISSED" if self.missed else "ok"}'
        return f'{self.job:<58}{self.value:>9.2f} {self.unit:<3}{judged:<16}{self.beside}'.rstrip()


def ratio(job: str, ours: Callable[[], object], plain: Callable[[], object], mark: float, *, rounds: int = 3, clock: Callable[[], float] = perf_counter) -> Figure:
    """Run both in turn and return the median of the rounds' ratios; each runs once before, so that both are warm.

    clock: wall time, or `computing` for what waits for nothing, which a busy machine disturbs less
    """
    pairs = [(taken(ours, clock), taken(plain, clock)) for _ in range(rounds + 1)][1:]
    return of_pairs(job, pairs, mark)


def of_pairs(job: str, pairs: list[tuple[float, float]], mark: float | None) -> Figure:
    """Return the figure of (ours, plain) seconds, one pair a round."""
    ours, plain = (median(side) for side in zip(*pairs, strict=True))
    return Figure(job, median(a / b for a, b in pairs), '×', mark, f'ours {ours * 1000:,.0f} ms, plain {plain * 1000:,.0f} ms')


def computing() -> float:
    """Return the computing time of this process and of its ended children, in seconds; to the microsecond where the system counts so finely."""
    if sys.platform == 'win32':
        spent = os.times()
        return spent.user + spent.system + spent.children_user + spent.children_system
    import resource

    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def taken(work: Callable[[], object], clock: Callable[[], float] = perf_counter) -> float:
    """Return the seconds that one run takes."""
    begun = clock()
    work()
    return clock() - begun


@contextmanager
def scratch_house() -> Iterator[House]:
    """Open a house on a new SQLite file, and take it away at the end."""
    folder = Path(tempfile.mkdtemp(prefix='dingji-bench-'))
    engines = Engines(f'sqlite:///{folder / "dingji.db"}')
    migrate(engines)
    open_house(House(engines, open_keys(folder / 'keys'), folder))
    try:
        with closing(engines):
            yield house()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
