"""Numbers of a lot, what fits together in a line, the share in working order."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.equipment.rules import SoundRate, line_findings, numbers_of, rate_findings, sound_rates
from app.regulation import profile
from db.equipment import Equipment
from tests.shows import shows

LEAST = profile('demo').assessment.working_equipment_pct_min
LATHE = ('6-18-01-01', '普通车床')


def line(state: str, count: int, **change: Any) -> Equipment:
    return Equipment.model_validate({
        'org_id': 1, 'number': f'{state}{count}', 'name': '车床', 'count': count, 'state': state, 'occupation_code': LATHE[0], 'work_type': LATHE[1]} | change)


@shows('TEV-07', 'EQUIP-09')
def test_twelve_of_fourteen_lathes_are_85_7_percent() -> None:
    lines = [line('sound', 12), line('repair', 1), line('stopped', 1), line('scrapped', 9), line('sound', 5, occupation_code='', work_type='')]
    rates = sound_rates(lines)
    assert {trade: rate.word for trade, rate in rates.items()} == {LATHE: '85.7%', ('', ''): '100.0%'}
    assert (rates[LATHE].sound, rates[LATHE].total) == (12, 14)


@pytest.mark.parametrize(('sound', 'total', 'warned'), [(12, 14, False), (8, 10, False), (79, 100, True), (799, 1000, True), (0, 1, True), (1, 1, False)])
@shows('TEV-07')
def test_equipment_of_which_less_than_the_profiles_share_is_sound_is_told(sound: int, total: int, warned: bool) -> None:
    lines = [line('sound', sound)] if sound else []
    found = rate_findings([*lines, *([line('repair', total - sound)] if total > sound else [])], LEAST)
    assert [(f.rule, f.severity, f.subject) for f in found] == ([('TEV-07', 'warn', '车工/普通车床')] if warned else [])
    assert all(f'（{sound}/{total}），低于80%' in f.sentence for f in found)


def test_a_profile_without_a_line_warns_of_nothing() -> None:
    assert rate_findings([line('repair', 3)], profile('national').assessment.working_equipment_pct_min) == []


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_printed_share_lies_within_half_a_tenth_of_the_true_one(sound: int, more: int) -> None:
    total = sound + more
    tenths = int(SoundRate(sound, total).word.replace('.', '').removesuffix('%'))
    assert abs(tenths * total - sound * 1000) * 2 <= total


@pytest.mark.parametrize(('number', 'first', 'last', 'count'), [
    ('CG-0001…0012', 'CG-0001', 'CG-0012', 12), ('CG-0013', 'CG-0013', 'CG-0013', 1), ('9…11', '9', '11', 3), ('B-5…3', 'B-5…3', 'B-5…3', 1), ('甲至乙', '甲至乙', '甲至乙', 1),
    ('LJ-0101~0114', 'LJ-0101', 'LJ-0114', 14), ('X1…99999999', 'X1…99999999', 'X1…99999999', 1)])
def test_a_lot_takes_each_of_its_numbers(number: str, first: str, last: str, count: int) -> None:
    numbers = numbers_of(number)
    assert (numbers[0], numbers[-1], len(numbers)) == (first, last, count)


@pytest.mark.parametrize(('change', 'found'), [
    ({}, []), ({'count': 11}, [('EQUIP-01', 'block', 'count')]), ({'work_type': '刨床'}, [('OCC-07', 'block', 'work_type')]),
    ({'occupation_code': ''}, [('OCC-07', 'block', 'work_type')]), ({'occupation_code': '4-10-01-03'}, [('OCC-07', 'block', 'work_type')]),
    ({'tenure': 'leased'}, [('ORG-17', 'remind', 'tenure')]), ({'calibrated_to': date(2026, 11, 23)}, []),
    ({'calibrated_to': date(2026, 11, 22)}, [('EQUIP-04', 'remind', 'calibrated_to')])])
@shows('EQUIP-01', 'OCC-07', 'ORG-17')
def test_a_line_is_told_what_does_not_fit_together(change: dict[str, Any], found: list[tuple[str, str, str]]) -> None:
    values = {'number': 'CG-0001…0012', 'count': 12, 'occupation_code': LATHE[0], 'work_type': LATHE[1], 'tenure': 'owned'} | change
    assert [(f.rule, f.severity, f.subject) for f in line_findings(values, date(2026, 11, 23))] == found
