"""Who gets which number, what the head signs, and what a public query must give."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.certificates.rules import (
    Passed,
    check_issue_date,
    check_publicity_over,
    check_query,
    in_order,
    list_hash,
    mask_name,
    serials,
)
from app.errors import Refused
from tests.shows import shows

PERSON = Passed(1, '6-18-01-01', '车工', '普通车床', 4, '260034001015')
PEOPLE = st.lists(
    st.builds(
        Passed, st.integers(1, 10**6), st.sampled_from(['4-10-01-03', '6-18-01-01', '6-18-01-02']), st.just('职业'), st.sampled_from(['', '普通车床', '数控车床']),
        st.integers(1, 5), st.from_regex('[0-9]{12}', fullmatch=True)),
    min_size=1, max_size=30, unique_by=(lambda p: p.candidate_id, lambda p: p.ticket_number))
LAST = st.dictionaries(st.integers(1, 5), st.integers(0, 999_000))


@given(PEOPLE, LAST)
@shows('CERT-18', 'CERT-21', 'CERT-22')
def test_each_level_gets_one_unbroken_run_after_its_last_serial(people: list[Passed], last: dict[int, int]) -> None:
    given_numbers = serials(people, last)
    assert Counter(p.candidate_id for p, _ in given_numbers) == Counter(p.candidate_id for p in people)
    for level in range(1, 6):
        run = [serial for person, serial in given_numbers if person.level == level]
        assert run == list(range(last.get(level, 0) + 1, last.get(level, 0) + 1 + len(run)))


@given(PEOPLE, LAST, st.randoms())
@shows('CERT-21')
def test_the_order_is_code_then_trade_then_ticket_whoever_stands_first_in_the_list(people: list[Passed], last: dict[int, int], chance: object) -> None:
    mixed = list(people)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert serials(mixed, last) == serials(people, last)
    keys = [(p.occupation_code, p.work_type, p.ticket_number) for p in in_order(mixed)]
    assert keys == sorted(keys)


def test_counters_given_in_are_not_touched() -> None:
    last = {4: 118}
    assert serials([PERSON], last) == [(PERSON, 119)]
    assert last == {4: 118}


@pytest.mark.parametrize('change', [
    {'candidate_id': 2}, {'occupation_code': '6-18-01-02'}, {'occupation': '铣工'}, {'work_type': '数控车床'}, {'level': 3}, {'ticket_number': '260034001023'}])
@shows('CERT-35')
def test_the_head_signs_exactly_these_people(change: dict[str, object]) -> None:
    on = date(2026, 11, 12)
    assert list_hash([replace(PERSON, **change)], on) != list_hash([PERSON], on)  # type: ignore[arg-type]


@given(PEOPLE, st.dates(), st.integers(1, 400), st.randoms())
@shows('CERT-35')
def test_another_person_fewer_or_another_day_is_another_list(people: list[Passed], on: date, days: int, chance: object) -> None:
    mixed = list(people)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert list_hash(mixed, on) == list_hash(people, on)
    assert list_hash(people[1:], on) != list_hash(people, on)
    if on < date.max - timedelta(days=401):
        assert list_hash(people, on + timedelta(days=days)) != list_hash(people, on)


@shows('SCORE-19')
def test_numbers_wait_until_the_day_after_the_publicity() -> None:
    end = date(2026, 11, 10)
    check_publicity_over(end, date(2026, 11, 11))
    for day in (end, date(2026, 11, 4)):
        with pytest.raises(Refused, match='公示期到2026-11-10止') as early:
            check_publicity_over(end, day)
        assert early.value.rule == 'SCORE-19'
    with pytest.raises(Refused, match='尚未公示'):
        check_publicity_over(None, end)


@pytest.mark.parametrize(('days', 'refused'), [(-1, '早于签批当天'), (0, ''), (31, ''), (32, '超过一个月')])
@shows('CERT-16')
def test_the_issue_date_is_the_day_of_approval_or_within_a_month(days: int, refused: str) -> None:
    today = date(2026, 12, 20)
    if not refused:
        check_issue_date(today + timedelta(days=days), today)
        return
    with pytest.raises(Refused, match=refused) as told:
        check_issue_date(today + timedelta(days=days), today)
    assert told.value.rule == 'CERT-16'


@pytest.mark.parametrize('filled', [{}, {'number': 'S0'}, {'name': '张三'}, {'id_no': '9'}, {'number': 'S0', 'name': '  '}, {'number': 'S0', 'other': 'x'}])
@shows('DATA-14')
def test_fewer_than_two_fields_are_refused(filled: dict[str, str]) -> None:
    with pytest.raises(Refused, match='中的任意两项') as refused:
        check_query({'number': '', 'name': '', 'id_no': ''} | filled, 2)
    assert refused.value.rule == 'DATA-14'


@pytest.mark.parametrize(('given_fields', 'asked'), [
    ({'number': ' s000 0990 1000 1264 000119 ', 'name': ' 张三 '}, {'number': 'S000099010001264000119', 'name': '张三'}),
    ({'number': 'Ｓ000099010001264000119', 'id_no': '99010119911203138x'}, {'number': 'S000099010001264000119', 'id_no': '99010119911203138X'}),
    ({'name': '张三', 'id_no': '9901 0119-9112031381'}, {'name': '张三', 'id_no': '990101199112031381'})])
@shows('DATA-14')
def test_two_fields_are_enough_and_are_folded(given_fields: dict[str, str], asked: dict[str, str]) -> None:
    assert check_query(given_fields, 2) == asked


@pytest.mark.parametrize(('name', 'masked'), [('仲', '仲*'), ('仲夏', '仲*'), ('仲夏夜', '仲*夜'), ('买买提·阿不都', '买*****都')])
@shows('DATA-16')
def test_names_are_covered_for_the_public(name: str, masked: str) -> None:
    assert mask_name(name) == masked
