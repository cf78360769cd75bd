"""A line of the desk, and the blocks that lines are put into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.house import calendar
from app.work import Work
from app.workdays import Due, working_days_left


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the desk: what, until when, where."""

    sentence: str
    address: str
    due_on: date | None = None
    days_left: int | None = None  # working days; 0 on the day itself, negative when it has passed
    grade: str = 'calm'  # calm, warn, block
    rule: str = ''
    provisional: bool = False  # counted through a year without a calendar (CONV-02)


Block = Literal['due', 'wrong', 'running']
Desk = dict[Block, list[Item]]
NEAR_DAYS = 3  # working days before a day that runs is shown in amber
NEWS_DAYS = 30  # days after its letter that a decision stays on the desk; ours: who opens the desk once a month still finds it


def dated(work: Work, sentence: str, address: str, due: Due | date, *, rule: str = '', grade: str = '') -> Item:
    """Return a line with a day that runs; without a grade red once it has passed, amber in its last days."""
    known = calendar()
    day = due if isinstance(due, Due) else Due(due, due.year not in known.years)
    left = working_days_left(work.today, day, known)
    said = grade or ('block' if left < 0 else 'warn' if left <= NEAR_DAYS else 'calm')
    return Item(sentence, address, day.on, left, said, rule, day.provisional)


def urgent_first(items: list[Item]) -> list[Item]:
    """Return lines with the most urgent first: what has passed, what is red, then day by day, at last what has no day."""
    return sorted(items, key=lambda i: (i.due_on is None and i.grade != 'block', i.grade != 'block', i.due_on or date.max))
