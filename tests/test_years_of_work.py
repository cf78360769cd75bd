"""Continuous and cumulative years of work (CONV-10)."""

from __future__ import annotations

from datetime import date

import pytest

from app.regulation import profile, profiles
from app.workdays import Conventions, continuous_years_reached, cumulative_years_reached
from tests.shows import shows

USUAL = Conventions(False, True, False, False, 'corresponding_day_included', 'start_plus_years_minus_one_day', 'decision_date', 'exam_date',
                    'application_signed_date', 'last_day_of_february')


@pytest.mark.parametrize(('stretches', 'gap_days', 'reached'), [
    ([('2020-03-01', None)], 0, True),
    ([('2020-03-02', None)], 0, False),
    ([('2015-03-01', '2021-02-28')], 0, True),  # closed six years ago, and still one stretch of six years
    ([('2020-03-01', '2022-05-31'), ('2022-06-01', None)], 0, True),  # a change of employer without a free day
    ([('2020-03-01', '2022-05-31'), ('2022-06-02', None)], 0, False),
    ([('2020-03-01', '2022-05-31'), ('2022-06-02', None)], 1, True),
    ([('2018-01-01', '2022-12-31'), ('2023-02-01', None)], 0, False),  # nine years in all, no six in one
    ([('2020-03-01', '2024-01-31'), ('2021-01-01', None)], 0, True),
    ([('2026-03-02', None)], 0, False),
    ([], 0, False)])
@shows('CONV-10')
def test_continuous_years_are_one_stretch_and_cumulative_ones_all_together(stretches: list[tuple[str, str | None]], gap_days: int, reached: bool) -> None:
    on = date(2026, 3, 1)
    held = [(date.fromisoformat(start), date.fromisoformat(end) if end else None) for start, end in stretches]
    assert continuous_years_reached(held, 6, on, gap_days=gap_days, conventions=USUAL) is reached
    if reached and not gap_days:
        assert cumulative_years_reached(held, 6, on, USUAL)


@shows('CONV-10')
def test_a_profile_tolerates_no_free_day_and_overlaps_count_once() -> None:
    assert {profile(name).conventions.continuity_gap_days.value for name in profiles()} == {0}
    both = [(date(2022, 3, 1), None), (date(2022, 3, 1), None)]
    assert not cumulative_years_reached(both, 5, date(2026, 3, 1), USUAL)
    assert cumulative_years_reached(both, 4, date(2026, 3, 1), USUAL)
