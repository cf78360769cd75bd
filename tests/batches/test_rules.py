"""Numbers, days and sittings of a batch."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.batches.rules import Slot, check_days, next_number, slot_findings
from app.errors import Refused
from app.words import CHINA
from tests.shows import shows

DAY = date(2026, 10, 24)
NINE = datetime(2026, 10, 24, 9, 0, tzinfo=CHINA)
SLOT = Slot(1, '机房一', NINE, NINE + timedelta(minutes=90))


@given(st.lists(st.integers(1, 998), unique=True), st.integers(2020, 2099))
def test_the_next_number_follows_the_highest_of_its_year(used: list[int], year: int) -> None:
    taken = [f'{year}-{n:03d}' for n in used] + [f'{year - 1}-999', f'{year + 1}-998']
    assert next_number(year, taken) == f'{year}-{max(used, default=0) + 1:03d}'


def test_a_year_has_999_batches() -> None:
    with pytest.raises(Refused, match='2026年的批次号已用到999'):
        next_number(2026, ['2026-999'])


def test_a_batch_ends_after_it_begins_and_within_a_quarter() -> None:
    check_days(DAY, DAY)
    check_days(DAY, DAY + timedelta(days=92))
    for last, said in ((DAY - timedelta(days=1), '早于开始日期'), (DAY + timedelta(days=93), '超过三个月')):
        with pytest.raises(Refused, match=said):
            check_days(DAY, last)


def found(new: Slot, *others: Slot) -> list[tuple[str, str]]:
    return [(f.rule, f.subject) for f in slot_findings(new, others, DAY, DAY + timedelta(days=7))]


def at(**change: object) -> Slot:
    return replace(SLOT, **change)  # type: ignore[arg-type]


def test_a_sitting_beside_others_is_right() -> None:
    assert found(SLOT, at(room_no=2, room='机房二'), at(room_no=3, starts_at=SLOT.ends_at, ends_at=SLOT.ends_at + timedelta(minutes=90))) == []


@pytest.mark.parametrize(('new', 'faults'), [
    (at(ends_at=NINE), [('', 'ends_at')]),
    (at(starts_at=NINE - timedelta(days=1), ends_at=NINE), [('', 'starts_at')]),
    (at(ends_at=NINE + timedelta(days=8)), [('', 'starts_at')]),
    (at(room_no=0), [('TICK-07', 'room_no')]), (at(room_no=1000), [('TICK-07', 'room_no')]),
    (at(starts_at=NINE + timedelta(seconds=30)), [('CONV-13', 'starts_at')]),
    (at(ends_at=NINE + timedelta(minutes=90, microseconds=1)), [('CONV-13', 'starts_at')])])
@shows('CONV-13', 'TICK-07')
def test_a_sitting_that_cannot_be_is_told_at_its_field(new: Slot, faults: list[tuple[str, str]]) -> None:
    assert found(new) == faults


@shows('TICK-07')
def test_a_room_number_stands_for_one_sitting() -> None:
    assert found(SLOT, at(room='机房二', starts_at=NINE + timedelta(days=1), ends_at=NINE + timedelta(days=1, minutes=90))) == [('TICK-07', 'room_no')]


@given(st.integers(-200, 200))
@shows('ROOM-09')
def test_one_room_never_holds_two_sittings_at_once(minutes: int) -> None:
    other = at(room_no=2, starts_at=NINE + timedelta(minutes=minutes), ends_at=NINE + timedelta(minutes=minutes + 90))
    assert found(SLOT, other) == ([('ROOM-09', 'room')] if abs(minutes) < 90 else [])


def test_all_faults_of_a_sitting_are_told_at_once() -> None:
    assert found(at(room_no=1000, starts_at=NINE + timedelta(days=9), ends_at=NINE + timedelta(days=9))) == [
        ('', 'ends_at'), ('', 'starts_at'), ('TICK-07', 'room_no')]
