"""Periods by CONV-02 to CONV-11: the dates of the demo story, the edges of the calendars, and what must hold for any day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workdays import (
    Ban,
    Calendar,
    CalendarYear,
    Conventions,
    Due,
    add_days,
    add_months,
    add_working_days,
    add_years,
    age_on,
    ban_of_year,
    ban_of_years,
    cumulative_years_reached,
    is_workday,
    last_submission_day,
    lead_working_days,
    load_calendar,
    reference_day,
    term_end,
    working_days_between,
    working_days_left,
    years_reached,
)
from tests.shows import shows

FOLDER = Path(__file__).parent.parent / 'assets' / 'regulations' / 'calendar'
CALENDAR = load_calendar(FOLDER)
USUAL = Conventions(
    forward_period_counts_event_day=False,
    lead_time_counts_submission_day=True,
    lead_time_counts_exam_day=False,
    roll_calendar_deadline_to_working_day=False,
    month_year_period_last_day='corresponding_day_included',
    printed_term_last_day='start_plus_years_minus_one_day',
    ban_starts_on='decision_date',
    current_year_ban_year_of='exam_date',
    eligibility_reference_date='application_signed_date',
    leap_day_anniversary='last_day_of_february',
)
known_days = st.dates(date(2025, 1, 1), date(2026, 10, 31))


def d(text: str) -> date:
    return date.fromisoformat(text)


# ------------------------------------------------------------------ the calendars


@pytest.mark.parametrize(
    ('day', 'worked'),
    [
        ('2026-09-20', True),  # Sunday, made up
        ('2026-10-10', True),  # Saturday, made up
        ('2026-09-25', False),  # Friday, 中秋节
        ('2026-10-07', False),
        ('2026-10-08', True),
        ('2026-10-11', False),
        ('2025-01-26', True),
        ('2025-10-08', False),
        ('2026-11-23', True),
    ],
)
@shows('CONV-02')
def test_holidays_rest_and_make_up_days_work(day: str, worked: bool) -> None:
    assert is_workday(d(day), CALENDAR) is worked


@shows('CONV-02')
def test_our_two_calendars_agree_with_the_library_on_every_day() -> None:
    days = [date(2025, 1, 1) + timedelta(offset) for offset in range(730)]
    assert [day for day in days if is_workday(day, CALENDAR) != chinese_calendar.is_workday(day)] == []


def test_other_years_are_filled_from_the_library() -> None:
    days = [date(2023, 1, 1) + timedelta(offset) for offset in range(731)]
    assert [day for day in days if is_workday(day, CALENDAR) != chinese_calendar.is_workday(day)] == []
    assert {2004, 2024, 2025, 2026} <= CALENDAR.years


def test_our_own_file_wins_over_the_library(tmp_path: Path) -> None:
    (tmp_path / '2026.yaml').write_text('{source: 试验, holidays: [{from: 2026-03-04, to: 2026-03-05, name: 试验}], weekend_workdays: []}', 'utf-8')
    calendar = load_calendar(tmp_path)
    assert [is_workday(d(day), calendar) for day in ('2026-03-03', '2026-03-04', '2026-03-05', '2026-10-05')] == [True, False, False, True]


@shows('CONV-02')
def test_a_year_that_is_not_known_gives_a_provisional_day() -> None:
    assert add_working_days(d('2026-12-24'), 5, CALENDAR, USUAL) == Due(d('2026-12-31'), provisional=False)
    assert add_working_days(d('2026-12-24'), 6, CALENDAR, USUAL) == Due(d('2027-01-01'), provisional=True)
    assert last_submission_day(d('2027-01-05'), 10, CALENDAR, USUAL) == Due(d('2026-12-22'), provisional=True)


@shows('CONV-02')
def test_a_year_that_is_added_makes_the_day_final() -> None:
    notice = CalendarYear.model_validate(
        {'source': '试验', 'holidays': [{'from': '2026-12-31', 'to': '2027-01-03', 'name': '元旦'}], 'weekend_workdays': ['2027-01-09']}
    )
    calendar = CALENDAR.with_year(2027, notice)
    assert add_working_days(d('2026-12-24'), 5, calendar, USUAL) == Due(d('2027-01-04'), provisional=False)
    assert is_workday(d('2027-01-09'), calendar)


@pytest.mark.parametrize(
    ('text', 'said'),
    [
        ('{source: 试验, holidays: [{from: 2026-03-05, to: 2026-03-04, name: 试验}], weekend_workdays: []}', 'ends before it begins'),
        ('{source: 试验, holidays: [], weekend_workdays: [2026-03-04]}', 'no weekend'),
        ('{source: 试验, holidays: [], weekend_workdays: [2062-03-04]}', 'does not belong to the calendar of 2026'),
        ('{source: 试验, holidays: [], weekend_workdays: [], weekends: []}', 'Extra inputs'),
        ('{source: 试验, holidays: []}', 'weekend_workdays'),
        ('[', '2026.yaml'),
    ],
)
def test_a_calendar_file_that_cannot_be_right_stops_the_start_by_its_name(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / '2026.yaml').write_text(text, 'utf-8')
    with pytest.raises(ValueError, match=said) as fault:
        load_calendar(tmp_path)
    assert '2026.yaml' in str(fault.value)


# ------------------------------------------------------------------ working days


@pytest.mark.parametrize(
    ('event', 'days', 'due'),
    [
        ('2026-09-25', 5, '2026-10-09'),
        ('2026-11-03', 5, '2026-11-10'),  # notice of results
        ('2026-10-25', 10, '2026-11-06'),  # results of the October days
        ('2026-10-31', 10, '2026-11-13'),  # results of the review
        ('2026-11-12', 30, '2026-12-24'),  # upload of certificate data
        ('2026-11-20', 20, '2026-12-18'),  # correction of a returned row
        ('2026-11-04', 3, '2026-11-09'),  # complaint: first notice
        ('2026-11-04', 7, '2026-11-13'),  # complaint: result
        ('2026-10-25', 3, '2026-10-28'),  # external report
        ('2026-11-02', 10, '2026-11-16'),  # completion of papers
        ('2026-09-18', 1, '2026-09-20'),  # a Sunday that is worked
        ('2026-11-20', 0, '2026-11-20'),
    ],
)
@shows('CONV-03')
def test_the_day_after_the_event_is_day_one(event: str, days: int, due: str) -> None:
    assert add_working_days(d(event), days, CALENDAR, USUAL) == Due(d(due), provisional=False)


@shows('CONV-03')
def test_a_province_may_count_the_event_day() -> None:
    counting = replace(USUAL, forward_period_counts_event_day=True)
    assert add_working_days(d('2026-11-03'), 5, CALENDAR, counting).on == d('2026-11-09')
    assert add_working_days(d('2026-11-07'), 1, CALENDAR, counting).on == d('2026-11-09')  # a Saturday is no working day


@pytest.mark.parametrize(
    ('exam', 'days', 'last'),
    [('2026-10-24', 10, '2026-10-12'), ('2026-10-24', 16, '2026-09-28'), ('2026-11-28', 10, '2026-11-16'), ('2026-11-27', 1, '2026-11-26')],
)
@shows('CONV-04')
def test_lead_time_is_counted_back_from_the_day_before_the_exam(exam: str, days: int, last: str) -> None:
    assert last_submission_day(d(exam), days, CALENDAR, USUAL) == Due(d(last), provisional=False)


@pytest.mark.parametrize(
    ('submitted', 'exam', 'ahead'),
    [('2026-09-28', '2026-10-24', 16), ('2026-11-11', '2026-11-28', 13), ('2026-10-24', '2026-10-24', 0), ('2026-10-26', '2026-10-24', 0), ('2026-11-21', '2026-11-22', 0)],
)
@shows('CONV-04')
def test_a_plan_was_filed_so_many_working_days_ahead(submitted: str, exam: str, ahead: int) -> None:
    assert lead_working_days(d(submitted), d(exam), CALENDAR, USUAL) == ahead


@pytest.mark.parametrize(
    ('submission_counts', 'exam_counts', 'last', 'ahead'),
    [(True, False, '2026-11-13', 10), (False, False, '2026-11-12', 9), (True, True, '2026-11-16', 11), (False, True, '2026-11-13', 10)],
)
@shows('CONV-04')
def test_a_province_may_count_lead_time_otherwise(submission_counts: bool, exam_counts: bool, last: str, ahead: int) -> None:
    counting = replace(USUAL, lead_time_counts_submission_day=submission_counts, lead_time_counts_exam_day=exam_counts)
    assert last_submission_day(d('2026-11-27'), 10, CALENDAR, counting).on == d(last)
    assert lead_working_days(d('2026-11-13'), d('2026-11-27'), CALENDAR, counting) == ahead


def test_working_days_left_are_counted_to_the_due_day() -> None:
    due = Due(d('2026-12-24'), provisional=False)
    assert [working_days_left(d(today), due, CALENDAR) for today in ('2026-11-23', '2026-12-23', '2026-12-24', '2026-12-25', '2026-12-28')] == [23, 1, 0, -1, -2]


def test_a_period_has_no_negative_length() -> None:
    with pytest.raises(ValueError, match='negative'):
        add_working_days(d('2026-11-23'), -1, CALENDAR, USUAL)


@given(known_days, st.integers(1, 30))
@shows('CONV-03')
def test_the_due_day_is_a_working_day_with_so_many_counted(event: date, days: int) -> None:
    due = add_working_days(event, days, CALENDAR, USUAL)
    assert is_workday(due.on, CALENDAR)
    assert working_days_between(event, due.on, CALENDAR) == days
    assert due.provisional == (due.on.year > 2026)


@given(known_days, st.integers(1, 30), st.booleans(), st.booleans())
@shows('CONV-04')
def test_the_last_submission_day_is_just_enough_lead(exam: date, days: int, submission_counts: bool, exam_counts: bool) -> None:
    counting = replace(USUAL, lead_time_counts_submission_day=submission_counts, lead_time_counts_exam_day=exam_counts)
    last = last_submission_day(exam, days, CALENDAR, counting).on
    if last < exam:
        assert lead_working_days(last, exam, CALENDAR, counting) >= days
        later = next(day for day in (last + timedelta(n) for n in range(1, 30)) if day >= exam or is_workday(day, CALENDAR))
        assert lead_working_days(later, exam, CALENDAR, counting) < days


# ------------------------------------------------------------------ days, months, years


@shows('CONV-05')
def test_calendar_days_are_not_moved_by_a_holiday() -> None:
    assert add_days(d('2026-10-25'), 2, CALENDAR, USUAL) == Due(d('2026-10-27'), provisional=False)
    assert add_days(d('2026-09-27'), 7, CALENDAR, USUAL) == Due(d('2026-10-04'), provisional=False)


@shows('CONV-05')
def test_a_province_may_move_a_deadline_to_the_next_working_day() -> None:
    rolling = replace(USUAL, roll_calendar_deadline_to_working_day=True)
    assert add_days(d('2026-09-27'), 7, CALENDAR, rolling) == Due(d('2026-10-08'), provisional=False)
    assert add_days(d('2026-12-27'), 7, CALENDAR, rolling) == Due(d('2027-01-04'), provisional=True)


@pytest.mark.parametrize(
    ('event', 'months', 'end'),
    [('2026-01-31', 1, '2026-02-28'), ('2024-01-31', 1, '2024-02-29'), ('2026-11-12', 6, '2027-05-12'), ('2026-08-31', 6, '2027-02-28'), ('2026-12-15', 12, '2027-12-15')],
)
@shows('CONV-06')
def test_months_end_on_the_corresponding_day_or_the_last_of_the_month(event: str, months: int, end: str) -> None:
    assert add_months(d(event), months, USUAL) == d(end)


@pytest.mark.parametrize(('event', 'years', 'end'), [('2026-10-24', 1, '2027-10-24'), ('2024-02-29', 1, '2025-02-28'), ('2024-02-29', 4, '2028-02-29')])
@shows('CONV-06')
def test_years_end_on_the_corresponding_day_included(event: str, years: int, end: str) -> None:
    assert add_years(d(event), years, USUAL) == d(end)


@shows('CONV-06')
def test_a_province_may_end_periods_and_leap_days_otherwise() -> None:
    assert add_years(d('2026-10-24'), 1, replace(USUAL, month_year_period_last_day='day_before_corresponding_day')) == d('2027-10-23')
    march = replace(USUAL, leap_day_anniversary='first_of_march')
    assert [add_years(d('2024-02-29'), years, march) for years in (1, 4)] == [d('2025-03-01'), d('2028-02-29')]


@pytest.mark.parametrize(
    ('start', 'end'),
    [('2025-06-01', '2028-05-31'), ('2025-03-17', '2028-03-16'), ('2024-01-08', '2027-01-07'), ('2025-05-12', '2028-05-11'), ('2025-03-01', '2028-02-29')],
)
@shows('CONV-07')
def test_a_printed_term_ends_the_day_before(start: str, end: str) -> None:
    assert term_end(d(start), 3, USUAL) == d(end)


@shows('CONV-07')
def test_a_province_may_print_the_corresponding_day() -> None:
    assert term_end(d('2025-06-01'), 3, replace(USUAL, printed_term_last_day='start_plus_years')) == d('2028-06-01')


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.integers(0, 60), st.integers(0, 60))
def test_more_months_never_end_earlier(event: date, months: int, more: int) -> None:
    assert event <= add_months(event, months, USUAL) <= add_months(event, months + more, USUAL)


# ------------------------------------------------------------------ bans, ages, years of work


@shows('CONV-08')
def test_a_ban_of_years_runs_from_the_decision() -> None:
    ban = ban_of_years(2, decided_on=d('2026-10-29'), served_on=d('2026-11-02'), conventions=USUAL)
    assert ban == Ban(d('2026-10-29'), d('2028-10-29'))
    assert [ban.holds_on(d(day)) for day in ('2026-10-28', '2026-10-29', '2028-10-29', '2028-10-30')] == [False, True, True, False]
    served = ban_of_years(2, decided_on=d('2026-10-29'), served_on=d('2026-11-02'), conventions=replace(USUAL, ban_starts_on='service_date'))
    assert served == Ban(d('2026-11-02'), d('2028-11-02'))


@shows('CONV-08')
def test_a_ban_of_the_current_year_ends_with_the_year_of_the_exam() -> None:
    ban = ban_of_year(d('2026-10-24'), decided_on=d('2026-10-29'), served_on=d('2026-10-29'), conventions=USUAL)
    assert ban == Ban(d('2026-10-29'), d('2026-12-31'))
    late = ban_of_year(d('2026-12-26'), decided_on=d('2027-01-08'), served_on=d('2027-01-08'), conventions=USUAL)
    assert not any(late.holds_on(d('2026-12-26') + timedelta(days)) for days in range(400))
    decided = replace(USUAL, current_year_ban_year_of='decision_date')
    assert ban_of_year(d('2026-12-26'), decided_on=d('2027-01-08'), served_on=d('2027-01-08'), conventions=decided).ends_on == d('2027-12-31')


@shows('CONV-09')
def test_conditions_are_judged_on_the_day_of_signing() -> None:
    days = {'signed_on': d('2026-09-10'), 'exam_on': d('2026-10-24')}
    assert reference_day(**days, conventions=USUAL) == d('2026-09-10')
    assert reference_day(**days, conventions=replace(USUAL, eligibility_reference_date='exam_date')) == d('2026-10-24')


@pytest.mark.parametrize(
    ('day', 'birth', 'age'),
    [('2026-09-10', '2010-09-10', 16), ('2026-09-10', '2010-09-11', 15), ('2026-02-28', '2008-02-29', 18), ('2026-02-27', '2008-02-29', 17), ('2026-09-10', '2026-09-10', 0)],
)
def test_a_year_of_age_is_full_on_the_birthday(day: str, birth: str, age: int) -> None:
    assert age_on(d(day), d(birth), USUAL) == age


@shows('CONV-11')
def test_years_are_full_when_the_corresponding_day_is_reached() -> None:
    assert years_reached(d('2022-09-10'), 4, d('2026-09-10'), USUAL)
    assert not years_reached(d('2022-09-11'), 4, d('2026-09-10'), USUAL)


@pytest.mark.parametrize(
    ('stretches', 'reached'),
    [
        ([('2025-09-10', None)], True),
        ([('2025-09-11', None)], False),
        ([('2024-01-01', '2024-06-30'), ('2026-03-11', None)], True),  # 182 days and 183 days
        ([('2024-01-01', '2024-06-29'), ('2026-03-11', None)], False),
        ([('2024-01-01', '2024-06-30'), ('2024-01-01', '2024-06-30')], False),  # an overlap counts once
        ([('2024-01-01', '2024-06-30'), ('2024-03-01', '2024-12-30')], True),  # 365 days, the last one counted
        ([('2024-01-01', '2024-12-29')], False),
        ([('2027-01-01', None), ('2026-09-01', '2030-01-01')], False),  # nothing after the reference day counts
        ([], False),
    ],
)
@shows('CONV-11')
def test_stretches_of_work_are_pushed_together(stretches: list[tuple[str, str | None]], reached: bool) -> None:
    days = [(d(start), d(end) if end else None) for start, end in stretches]
    assert cumulative_years_reached(days, 1, d('2026-09-10'), USUAL) is reached


def test_an_empty_calendar_knows_only_the_week() -> None:
    empty = Calendar(frozenset(), frozenset(), frozenset())
    assert [is_workday(d(day), empty) for day in ('2026-10-02', '2026-10-10')] == [True, False]
