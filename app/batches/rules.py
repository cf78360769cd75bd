"""What must hold of a batch: its number, days, groups and sittings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.errors import Refused
from app.findings import Finding


@dataclass(frozen=True, slots=True)
class Slot:
    """One sitting as rules see it."""

    room_no: int
    room: str
    starts_at: datetime
    ends_at: datetime


def next_number(year: int, taken: Iterable[str]) -> str:
    """Return the next batch number of a year: 2026-003 after 2026-002 (codes.md §9)."""
    last = max((int(n[5:]) for n in taken if n.startswith(f'{year}-')), default=0)
    if last >= 999:
        raise Refused(f'{year}年的批次号已用到999，不能再建批次。')
    return f'{year}-{last + 1:03d}'


def check_days(first_on: date, last_on: date) -> None:
    """Refuse an end before the start and a batch that runs over a year's end by more than it should."""
    if last_on < first_on:
        raise Refused('结束日期早于开始日期，请更正。')
    if (last_on - first_on).days > 92:
        raise Refused('一个批次的考试日期跨度超过三个月，请拆成多个批次。')


def slot_findings(new: Slot, others: Sequence[Slot], first_on: date, last_on: date) -> list[Finding]:
    """Return what is wrong with a new sitting: no whole minutes, outside the batch's days, room number taken, room already in use.

    source: CONV-13, TICK-07, ROOM-09
    """
    found = []
    if any(t.second or t.microsecond for t in (new.starts_at, new.ends_at)):
        found.append(Finding('CONV-13', 'block', 'starts_at', '场次的开始和结束时间须为整分钟，请更正。'))
    if new.ends_at <= new.starts_at:
        found.append(Finding('', 'block', 'ends_at', '场次的结束时间须晚于开始时间，请更正。'))
    if not first_on <= new.starts_at.date() <= last_on or not first_on <= new.ends_at.date() <= last_on:
        found.append(Finding('', 'block', 'starts_at', f'场次不在批次日期{first_on}至{last_on}内，请更正。'))
    if not 1 <= new.room_no <= 999:
        found.append(Finding('TICK-07', 'block', 'room_no', '考场号须为1至999。'))
    for other in others:
        if other.room_no == new.room_no:
            found.append(Finding('TICK-07', 'block', 'room_no', f'考场号{new.room_no:03d}已用于另一场次，一个考场号只对应一个场次。'))
        elif other.room == new.room and new.starts_at < other.ends_at and other.starts_at < new.ends_at:
            found.append(Finding('ROOM-09', 'block', 'room', f'“{new.room}”在该时段已安排考场{other.room_no:03d}，请错开时间或换考场。'))
    return found
