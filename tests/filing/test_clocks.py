"""The clocks of a filing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.filing.clocks import (
    REMIND_DAYS,
    check_refusal,
    correction_clock,
    deemed_accepted,
    first_exam_due,
    inactivity,
    lapsed,
    received_on,
    reply_clock,
    term,
    term_findings,
)
from app.regulation import profile
from app.workdays import load_calendar, working_days_between
from tests.shows import shows

CALENDAR = load_calendar(Path(__file__).resolve().parents[2] / 'assets' / 'regulations' / 'calendar')
HENAN, HUNAN = profile('henan'), profile('hunan')
HANDED_IN, TOLD, COMPLETED = date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9)  # organisation C of the demo story


@shows('ORG-72', 'ORG-74')
def test_the_clocks_of_the_college_are_those_of_the_story() -> None:
    demo = profile('demo')
    reply, correction = reply_clock(HANDED_IN, 'school_own', demo, CALENDAR), correction_clock(TOLD, demo, CALENDAR)
    assert reply and correction
    assert (reply.due.on, reply.rule, reply.due.provisional) == (date(2026, 11, 4), 'ORG-72', False)
    assert (correction.due.on, correction.rule) == (date(2026, 11, 16), 'ORG-74')
    assert received_on(HANDED_IN, COMPLETED, demo) == COMPLETED


@shows('ORG-72', 'ORG-73')
def test_hunan_replies_within_7_and_the_nation_within_10_working_days() -> None:
    for name, way, days, rule in (('hunan', 'social', 7, 'ORG-72'), ('hunan', 'nationwide_employer', 10, 'ORG-73'), ('henan', 'social', 10, 'ORG-73')):
        clock = reply_clock(HANDED_IN, way, profile(name), CALENDAR)
        assert clock and clock.rule == rule and working_days_between(HANDED_IN, clock.due.on, CALENDAR) == days
    clock = reply_clock(HANDED_IN, 'social', HUNAN, CALENDAR)
    assert clock and clock.sentence == '中心告知材料是否符合要求：2026-11-04前'
    assert (clock.is_over(date(2026, 11, 4)), clock.is_over(date(2026, 11, 5))) == (False, True)


@shows('ORG-72')
def test_holidays_do_not_count_and_an_unknown_year_is_provisional() -> None:
    clock = reply_clock(date(2026, 9, 30), 'social', HUNAN, CALENDAR)
    assert clock and clock.due.on == date(2026, 10, 15)  # 1 to 7 October off, 10 October worked
    far = reply_clock(date(2099, 12, 30), 'social', HUNAN, CALENDAR)
    assert far and far.due.provisional and '暂定' in far.sentence


@shows('ORG-74')
def test_a_correction_overdue_counts_as_withdrawn_in_hunan_and_is_only_reminded_elsewhere() -> None:
    last = date(2026, 11, 16)
    assert [lapsed(TOLD, day, HUNAN, CALENDAR) for day in (last, last + timedelta(1))] == [False, True]
    assert lapsed(TOLD, date(2027, 1, 1), HENAN, CALENDAR) is False


@shows('ORG-74')
def test_the_day_of_completion_is_the_day_of_receipt_where_the_profile_says_so() -> None:
    assert received_on(HANDED_IN, COMPLETED, HUNAN) == COMPLETED
    assert received_on(HANDED_IN, None, HUNAN) == HANDED_IN
    assert received_on(HANDED_IN, COMPLETED, HENAN) == HANDED_IN


@shows('ORG-75')
def test_silence_is_acceptance_in_hunan_only() -> None:
    assert [deemed_accepted(HANDED_IN, day, 'social', HUNAN, CALENDAR) for day in (date(2026, 11, 4), date(2026, 11, 5))] == [False, True]
    assert deemed_accepted(HANDED_IN, date(2027, 6, 1), 'social', HENAN, CALENDAR) is False


@shows('ORG-75', 'ORG-77')
def test_a_refusal_says_why_and_on_what_ground() -> None:
    check_refusal('材料不实', '指南十一')
    for reason, basis, said in ((' ', '指南十一', '理由，申请单位据此陈述申辩'), ('材料不实', '', '依据')):
        with pytest.raises(Refused, match=said) as told:
            check_refusal(reason, basis)
        assert told.value.rule == 'ORG-75'


# ------------------------------------------------------------------ after the filing


@shows('ORG-90', 'ORG-91')
def test_a_filing_holds_three_years_in_henan_and_elsewhere_by_proposal() -> None:
    begins = date(2025, 3, 17)
    assert term(begins, HENAN) == (date(2028, 3, 16), 'ORG-90', 'block')
    assert term(begins, HUNAN) == term(begins, profile('xinjiang')) == (date(2028, 3, 16), 'ORG-91', 'warn')


@pytest.mark.parametrize(('name', 'today', 'told'), [
    ('henan', date(2027, 1, 7), [('ORG-90', 'remind')]), ('henan', date(2027, 1, 8), [('ORG-90', 'block')]), ('hunan', date(2027, 1, 8), [('ORG-91', 'warn')]),
    ('henan', date(2026, 11, 23), [('ORG-90', 'remind')]), ('henan', date(2027, 1, 7) - timedelta(REMIND_DAYS + 1), [])])
@shows('ORG-90', 'ORG-91')
def test_a_term_is_reminded_of_and_stops_new_plans_after_its_last_day(name: str, today: date, told: list[tuple[str, str]]) -> None:
    found = term_findings(date(2027, 1, 7), today, profile(name))
    assert [(f.rule, f.severity) for f in found] == told
    if today == date(2026, 11, 23):
        assert '还有45天' in found[0].sentence  # organisation B of the demo story


@shows('ORG-92')
def test_the_first_evaluation_follows_within_two_months() -> None:
    clock = first_exam_due(date(2025, 3, 17), HENAN)
    assert clock and (clock.due.on, clock.rule) == (date(2025, 5, 17), 'ORG-92')
    short = first_exam_due(date(2025, 12, 31), HENAN)
    assert short and short.due.on == date(2026, 2, 28)
    assert first_exam_due(date(2025, 3, 17), HUNAN) is None


@pytest.mark.parametrize(('today', 'state'), [
    (date(2026, 8, 31), 'active'), (date(2026, 9, 1), 'remind'), (date(2026, 11, 30), 'remind'), (date(2026, 12, 1), 'propose_end'), (date(2030, 1, 1), 'propose_end')])
@shows('ORG-95')
def test_nine_months_remind_and_twelve_propose_an_end_that_a_person_decides(today: date, state: str) -> None:
    told = inactivity(date(2025, 12, 1), today, HUNAN)
    assert (told.state, told.remind_on, told.end_on, told.rule) == (state, date(2026, 9, 1), date(2026, 12, 1), 'ORG-95')
    assert ('由中心人员决定' in told.sentence) == (state == 'propose_end')


@given(st.dates(date(2020, 1, 1), date(2028, 1, 1)), st.integers(0, 900))
@shows('ORG-95')
def test_time_without_an_evaluation_only_ever_worsens(since: date, days: int) -> None:
    order = ['active', 'remind', 'propose_end']
    today = since + timedelta(days)
    assert order.index(inactivity(since, today, HUNAN).state) <= order.index(inactivity(since, today + timedelta(1), HUNAN).state)
