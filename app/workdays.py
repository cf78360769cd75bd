"""Periods: working days by the State Council's calendars, lead times, months, years, terms, bans and ages.

A day that was counted through a year without a calendar is marked provisional, and must be shown so (CONV-02).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

DAY = timedelta(days=1)


# ------------------------------------------------------------------ how it is counted, and by which calendar


@dataclass(frozen=True, slots=True)
class Conventions:
    """How periods are counted: the keys of `conventions:` in a profile that concern days."""

    forward_period_counts_event_day: bool  # CONV-03
    lead_time_counts_submission_day: bool  # CONV-04
    lead_time_counts_exam_day: bool  # CONV-04
    roll_calendar_deadline_to_working_day: bool  # CONV-05
    month_year_period_last_day: Literal['corresponding_day_included', 'day_before_corresponding_day']  # CONV-06
    printed_term_last_day: Literal['start_plus_years_minus_one_day', 'start_plus_years']  # CONV-07
    ban_starts_on: Literal['decision_date', 'service_date']  # CONV-08
    current_year_ban_year_of: Literal['exam_date', 'decision_date']  # CONV-08
    eligibility_reference_date: Literal['application_signed_date', 'exam_date']  # CONV-09
    leap_day_anniversary: Literal['last_day_of_february', 'first_of_march']  # CONV-06


class Holiday(BaseModel):
    """One holiday with the weekends inside it."""

    model_config = ConfigDict(frozen=True, extra='forbid', populate_by_name=True)

    starts_on: date = Field(alias='from')
    ends_on: date = Field(alias='to')
    name: str

    @model_validator(mode='after')
    def _ends_after_start(self) -> Self:
        if self.ends_on < self.starts_on:
            raise ValueError(f'{self.name} ends before it begins')
        return self

    def days(self) -> Iterator[date]:
        """Yield every day of the holiday."""
        for offset in range((self.ends_on - self.starts_on).days + 1):
            yield self.starts_on + offset * DAY


class CalendarYear(BaseModel):
    """The notice of one year: assets/regulations/calendar/YYYY.yaml, or what an administrator entered."""

    model_config = ConfigDict(frozen=True, extra='forbid')

    source: str
    holidays: tuple[Holiday, ...]
    weekend_workdays: tuple[date, ...]

    @model_validator(mode='after')
    def _make_up_days_are_weekends(self) -> Self:
        if wrong := [day for day in self.weekend_workdays if day.weekday() < 5]:
            raise ValueError(f'{wrong[0]} is no weekend, so it cannot be a make-up day')
        return self


@dataclass(frozen=True, slots=True)
class Calendar:
    """The years that are known."""

    years: frozenset[int]
    holidays: frozenset[date]
    weekend_workdays: frozenset[date]

    def with_year(self, year: int, notice: CalendarYear) -> Calendar:
        """Return the calendar with one more year.

        notice: its days lie in the year or in the December before, where New Year's holiday may begin
        raises ValueError for a day elsewhere: a year mistyped
        """
        holidays = {day for holiday in notice.holidays for day in holiday.days()}
        for day in holidays | set(notice.weekend_workdays):
            if not date(year - 1, 12, 1) <= day <= date(year, 12, 31):
                raise ValueError(f'{day} does not belong to the calendar of {year}')
        return Calendar(self.years | {year}, self.holidays | holidays, self.weekend_workdays | set(notice.weekend_workdays))


def load_calendar(folder: Path) -> Calendar:
    """Return the calendar of all YYYY.yaml in a folder, other years from `chinese_calendar` where it knows them.

    raises ValueError naming the file that cannot be used
    source: CONV-02
    """
    calendar = Calendar(frozenset(), frozenset(), frozenset())
    for path in sorted(folder.glob('*.yaml')):
        try:
            notice = CalendarYear.model_validate(yaml.safe_load(path.read_text(encoding='utf-8')))
            calendar = calendar.with_year(int(path.stem), notice)
        except (ValidationError, ValueError, yaml.YAMLError) as fault:
            raise ValueError(f'{path}: {fault}') from fault
    return _fill(calendar)


def _fill(calendar: Calendar) -> Calendar:
    from chinese_calendar import holidays, workdays  # tables of past years, needed once at start

    others = {day.year for day in holidays} - calendar.years
    return Calendar(
        calendar.years | others,
        calendar.holidays | {day for day in holidays if day.year in others},
        calendar.weekend_workdays | {day for day in workdays if day.year in others and day.weekday() >= 5},
    )


# ------------------------------------------------------------------ working days


@dataclass(frozen=True, slots=True)
class Due:
    """A day that was counted; provisional when a year without a calendar was counted through."""

    on: date
    provisional: bool


def is_workday(day: date, calendar: Calendar) -> bool:
    """Return whether a day is worked; of a year not in `calendar.years` only Monday to Friday is known.

    source: CONV-02
    """
    return day in calendar.weekend_workdays or (day.weekday() < 5 and day not in calendar.holidays)


def add_working_days(event_on: date, days: int, calendar: Calendar, conventions: Conventions) -> Due:
    """Return the last day of 'within N working days of the event' (source: CONV-03)."""
    start = event_on - DAY if conventions.forward_period_counts_event_day else event_on
    return _count(start, days, DAY, calendar)


def last_submission_day(exam_on: date, days: int, calendar: Calendar, conventions: Conventions) -> Due:
    """Return the last day to hand in 'at least N working days before the exam'; exam_on = first exam day (source: CONV-04)."""
    start = exam_on + DAY if conventions.lead_time_counts_exam_day else exam_on
    return _count(start, days if conventions.lead_time_counts_submission_day else days + 1, -DAY, calendar)


def lead_working_days(submitted_on: date, exam_on: date, calendar: Calendar, conventions: Conventions) -> int:
    """Return how many working days ahead of the first exam day something was handed in; 0 when not before (source: CONV-04)."""
    first = submitted_on if conventions.lead_time_counts_submission_day else submitted_on + DAY
    last = exam_on if conventions.lead_time_counts_exam_day else exam_on - DAY
    return sum(is_workday(day, calendar) for day in _days(first, last)) if submitted_on < exam_on else 0


def working_days_between(event_on: date, until: date, calendar: Calendar) -> int:
    """Return the working days after the event up to and including `until` (the event day is day 0, CONV-03); 0 when not after."""
    return sum(is_workday(day, calendar) for day in _days(event_on + DAY, until))


def working_days_left(today: date, due: Due, calendar: Calendar) -> int:
    """Return the working days left to a due day, which counts whole: 0 on the day itself, negative when it has passed."""
    if today <= due.on:
        return working_days_between(today, due.on, calendar)
    return -working_days_between(due.on, today, calendar)


def _count(start: date, days: int, step: timedelta, calendar: Calendar) -> Due:
    if days < 0:
        raise ValueError('a period has no negative length')
    day, provisional = start, False
    while days:
        day += step
        days -= is_workday(day, calendar)
        provisional = provisional or day.year not in calendar.years
    return Due(day, provisional)


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + offset * DAY


# ------------------------------------------------------------------ calendar days, months, years, terms


def add_days(event_on: date, days: int, calendar: Calendar, conventions: Conventions) -> Due:
    """Return the last day of 'within N days of the event', calendar days; 一周 is 7 (source: CONV-05)."""
    day, provisional = event_on + days * DAY, False
    if conventions.roll_calendar_deadline_to_working_day:
        while not is_workday(day, calendar):
            day += DAY
        provisional = day.year not in calendar.years
    return Due(day, provisional)


def add_months(event_on: date, months: int, conventions: Conventions) -> date:
    """Return the last day of a period of months after an event; without a corresponding day the last of the month (CONV-06)."""
    return _last_day(_corresponding(event_on, months), conventions)


def add_years(event_on: date, years: int, conventions: Conventions) -> date:
    """Return the last day of a period of years after an event (source: CONV-06)."""
    return _last_day(anniversary(event_on, years, conventions), conventions)


def anniversary(day: date, years: int, conventions: Conventions) -> date:
    """Return the corresponding day N years on; of 29 February in a common year what the convention says (CONV-06, CONV-11)."""
    same = _corresponding(day, 12 * years)
    moved = same.day != day.day
    return same + DAY if moved and conventions.leap_day_anniversary == 'first_of_march' else same


def term_end(starts_on: date, years: int, conventions: Conventions) -> date:
    """Return the last day of a printed term 'from … to …': 3 years from 2025-06-01 end on 2028-05-31 (source: CONV-07)."""
    end = anniversary(starts_on, years, conventions)
    return end - DAY if conventions.printed_term_last_day == 'start_plus_years_minus_one_day' else end


def _corresponding(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    after = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + (day.day - 1) * DAY, after - DAY)


def _last_day(corresponding: date, conventions: Conventions) -> date:
    return corresponding if conventions.month_year_period_last_day == 'corresponding_day_included' else corresponding - DAY


# ------------------------------------------------------------------ bans, ages, years of work


@dataclass(frozen=True, slots=True)
class Ban:
    """A participation ban, both days included; without days when it had lapsed before it began."""

    starts_on: date
    ends_on: date

    def holds_on(self, day: date) -> bool:
        """Return whether the person may not take part on a day."""
        return self.starts_on <= day <= self.ends_on


def ban_of_years(years: int, *, decided_on: date, served_on: date, conventions: Conventions) -> Ban:
    """Return a ban of 2 or 5 years, by the law of the decision (source: CONV-08)."""
    starts_on = decided_on if conventions.ban_starts_on == 'decision_date' else served_on
    return Ban(starts_on, add_years(starts_on, years, conventions))


def ban_of_year(exam_on: date, *, decided_on: date, served_on: date, conventions: Conventions) -> Ban:
    """Return a ban for the current year, through 31 December; of a decision in the next year nothing is left (source: CONV-08)."""
    starts_on = decided_on if conventions.ban_starts_on == 'decision_date' else served_on
    year = exam_on.year if conventions.current_year_ban_year_of == 'exam_date' else decided_on.year
    return Ban(starts_on, date(year, 12, 31))


def reference_day(*, signed_on: date, exam_on: date, conventions: Conventions) -> date:
    """Return the day on which age, years of work and certificates are judged (source: CONV-09)."""
    return signed_on if conventions.eligibility_reference_date == 'application_signed_date' else exam_on


def age_on(day: date, birth_on: date, conventions: Conventions) -> int:
    """Return the age in full years on a day."""
    years = day.year - birth_on.year
    return years if anniversary(birth_on, years, conventions) <= day else years - 1


def years_reached(since: date, years: int, on: date, conventions: Conventions) -> bool:
    """Return whether N years since a day are full on another: the corresponding day itself is enough (source: CONV-11)."""
    return anniversary(since, years, conventions) <= on


def cumulative_years_reached(stretches: Iterable[tuple[date, date | None]], years: int, on: date, conventions: Conventions) -> bool:
    """Return whether stretches of work, pushed together so that they end on the reference day, make N years.

    stretches: (first day, last day) with the last day counted, None = still going on; overlaps count once
    source: CONV-10, CONV-11
    """
    ends = [(start, min(on, end + DAY) if end else on) for start, end in stretches]
    worked = sum((end - start for start, end in _merged(ends)), timedelta())
    return years_reached(on - worked, years, on, conventions)


def continuous_years_reached(
    stretches: Iterable[tuple[date, date | None]], years: int, on: date, *, gap_days: int, conventions: Conventions) -> bool:
    """Return whether one unbroken stretch of work makes N years; it need not last until the reference day.

    stretches: as for cumulative years · gap_days: free days between two of them that do not break the stretch
    source: CONV-10
    """
    ends = [(start, min(on, end + DAY) if end else on) for start, end in stretches]
    return any(years_reached(start, years, end, conventions) for start, end in _merged(ends, gap_days * DAY))


def _merged(stretches: Iterable[tuple[date, date]], gap: timedelta = timedelta()) -> Sequence[tuple[date, date]]:
    merged: list[tuple[date, date]] = []
    for start, end in sorted(stretch for stretch in stretches if stretch[0] < stretch[1]):
        if merged and start <= merged[-1][1] + gap:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
