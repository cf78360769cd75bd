"""Premises, people, systems and equipment held against the profile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.filing.records import SafetyLine
from app.filing.resources import (
    docking_findings,
    has_standing,
    lease_is_short,
    lines_of,
    region_findings,
    resource_findings,
    sound_percent,
    square_metres,
)
from app.filing.standing import conventions_of
from app.regulation import profile
from app.workdays import term_end
from tests.filing.made import LATHE, NURSE, examiner, expert, machine, record, room, site, staff, system
from tests.shows import shows

HENAN = profile('henan')
SAFE = SafetyLine(checked_on=date(2026, 9, 1), area='实训楼', bad=(), hazard='', serious=False, cured=False)


def found(name: str = 'henan', way: str = 'social', **changed: Any) -> list[tuple[str, str, str]]:
    return [(f.rule, f.severity, f.subject) for f in resource_findings(record(way, profile=name, **changed), profile(name))]


def test_an_applicant_with_everything_lacks_nothing() -> None:
    assert [found(name) for name in ('henan', 'hunan', 'xinjiang', 'national', 'demo')] == [[]] * 5


# ------------------------------------------------------------------ premises


@pytest.mark.parametrize(('areas', 'short'), [((99990,), True), ((99999,), True), ((100000,), False), ((60000, 39999), True), ((60000, 40000), False), ((), True)])
@shows('ORG-05')
def test_a_thousand_square_metres_are_counted_exactly(areas: tuple[int, ...], short: bool) -> None:
    told = found(sites=tuple(site(name=f'{n}号楼', area_dm2=area) for n, area in enumerate(areas)))
    assert told == ([('ORG-05', 'block', 'rooms')] if short else [])


@shows('ORG-05')
def test_999_9_square_metres_are_said_as_they_are() -> None:
    (told,) = resource_findings(record(sites=(site(area_dm2=99990),)), HENAN)
    assert '场地合计999.9平方米，应不少于1000平方米' in told.sentence
    assert [square_metres(x) for x in (99990, 100000, 5, 0, 139150)] == ['999.9', '1000', '0.05', '0', '1391.5']


@pytest.mark.parametrize(('begins', 'ends', 'short'), [
    (date(2026, 1, 1), date(2030, 11, 30), True), (date(2026, 1, 1), date(2030, 12, 30), True), (date(2026, 1, 1), date(2030, 12, 31), False),
    (date(2024, 2, 29), date(2029, 2, 27), False), (date(2024, 2, 29), date(2029, 2, 26), True), (date(2026, 1, 1), date(2036, 1, 1), False), (None, date(2036, 1, 1), True),
    (date(2026, 1, 1), None, True)])
@shows('ORG-05')
def test_a_lease_runs_five_full_years(begins: date | None, ends: date | None, short: bool) -> None:
    lease = {'tenure': 'leased', 'lease_from': begins, 'lease_to': ends}
    assert found(sites=(site(**lease),), rooms=tuple(r.model_copy(update=lease) for r in record().rooms)) == ([('ORG-05', 'block', 'rooms')] if short else [])
    assert found(name='xinjiang', sites=(site(**lease),)) == []


@shows('ORG-05')
def test_a_room_leased_apart_from_its_site_is_looked_at_too() -> None:
    leased = room('practical', '外租车间', tenure='leased', lease_from=date(2026, 1, 1), lease_to=date(2028, 12, 31))
    (told,) = resource_findings(record(rooms=(*record().rooms, leased)), HENAN)
    assert told.rule == 'ORG-05' and '“外租车间”为租赁，租期2026-01-01至2028-12-31' in told.sentence


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(1, 20), st.integers(-400, 400))
def test_a_lease_is_short_exactly_when_it_ends_before_its_term(begins: date, years: int, days: int) -> None:
    last = term_end(begins, years, conventions_of(HENAN))
    ends = date.fromordinal(last.toordinal() + days)
    assert lease_is_short('leased', begins, ends, years, HENAN) == (days < 0)
    assert not lease_is_short('owned', begins, ends, years, HENAN)


@pytest.mark.parametrize('kind', ['exam_affairs_office', 'archive_room', 'confidential_room'])
@shows('ORG-06')
def test_each_room_that_must_be_there_is_named(kind: str) -> None:
    rooms = tuple(r for r in record().rooms if r.kind != kind)
    assert found(rooms=rooms) == [('ORG-06', 'block', 'rooms')]
    assert found(name='hunan', rooms=rooms) == []


@pytest.mark.parametrize(('seats', 'short'), [((29,), True), ((30,), False), ((20, 20), True), ((), True)])
@shows('ORG-07')
def test_one_computer_room_has_thirty_seats(seats: tuple[int, ...], short: bool) -> None:
    rooms = (*(r for r in record().rooms if r.kind != 'theory_computer'), *(room('theory_computer', f'机房{n}', seats=s) for n, s in enumerate(seats)))
    assert ('ORG-07', 'block', 'rooms') in found(rooms=rooms) if short else found(rooms=rooms) == []


@shows('ORG-18')
def test_fire_and_hazards_stop_and_smaller_faults_warn() -> None:
    assert found(rooms=(*record().rooms, room('practical', '旧车间', fire_ok=False))) == [('ORG-18', 'block', 'rooms')]
    serious = SAFE.model_copy(update={'hazard': '电线裸露', 'serious': True, 'bad': ('用电',)})
    assert found(safety=(serious,)) == [('ORG-18', 'block', 'rooms')]
    assert found(safety=(serious.model_copy(update={'cured': True}),)) == []
    assert found(safety=(SAFE.model_copy(update={'bad': ('通风',)}),)) == [('ORG-18', 'warn', 'rooms')]
    assert found(safety=()) == [('ORG-18', 'warn', 'rooms')]


@shows('ORG-100')
def test_premises_lie_in_the_organisations_own_city() -> None:
    far = (site(region='990202'),)
    assert found('xinjiang', sites=far) == [('ORG-100', 'block', 'rooms')]
    assert found('henan', sites=far) == found('xinjiang', sites=(site(region='990104'),)) == found('xinjiang') == []
    assert [f.rule for f in region_findings('外地考点', '990202', '990102', profile('xinjiang'))] == ['ORG-100']


# ------------------------------------------------------------------ people


def examiners(n: int, **changed: Any) -> dict[str, Any]:
    return {'ranges': (NURSE,), 'examiners': tuple(examiner(i, NURSE, **changed) for i in range(n))}


@pytest.mark.parametrize(('name', 'n', 'told'), [
    ('henan', 2, [('ORG-08', 'block', 'people.2')]), ('henan', 3, []), ('henan', 0, [('ORG-08', 'block', 'people.2')]), ('xinjiang', 3, [('ORG-09', 'block', 'people.2')]),
    ('xinjiang', 4, []), ('hunan', 2, [('ORG-08', 'block', 'people.2')])])
@shows('ORG-08', 'ORG-09')
def test_each_occupation_has_its_examiners(name: str, n: int, told: list[tuple[str, str, str]]) -> None:
    assert found(name, **examiners(n)) == told


@shows('ORG-08')
def test_who_has_no_title_or_an_old_card_does_not_count_and_is_named() -> None:
    bare = examiner(8, NURSE, title='', title_rank='', skill_level=None)
    over = examiner(9, NURSE, card_to=date(2026, 10, 18))
    asked = record(ranges=(NURSE,), examiners=(*(examiner(i, NURSE) for i in range(2)), bare, over))
    (told,) = resource_findings(asked, HENAN)
    assert told.rule == 'ORG-08' and '符合条件的考评员2人' in told.sentence and '考评8、考评9没有相应职称或技能等级，或证卡已过期' in told.sentence
    last_day = over.model_copy(update={'card_to': date(2026, 10, 19)})
    assert resource_findings(asked.model_copy(update={'examiners': (*asked.examiners[:2], last_day)}), HENAN) == []


@shows('ORG-08')
def test_high_levels_need_senior_examiners() -> None:
    high = LATHE.model_copy(update={'levels': (3, 2)})
    asked: dict[str, Any] = {'ranges': (high,), 'examiners': tuple(examiner(n, LATHE, grade='examiner' if n < 3 else 'senior') for n in range(5))}
    assert found(**asked, experts=tuple(expert(n, LATHE) for n in range(2))) == [('ORG-08', 'block', 'people.1')]
    assert found(**asked | {'ranges': (LATHE,)}, experts=tuple(expert(n, LATHE) for n in range(2))) == []


@shows('ORG-08')
def test_examiners_of_another_trade_do_not_count() -> None:
    other = tuple(examiner(n, LATHE, work_type='数控车床') for n in range(5))
    assert lines_of(other, LATHE) == []
    assert lines_of(other, LATHE.model_copy(update={'work_type': '', 'levels': (5,)})) == list(other)
    assert lines_of([examiner(1, LATHE, work_type='')], LATHE) != []
    assert ('ORG-08', 'block', 'people.1') in found(examiners=(*other, *(examiner(10 + n, NURSE) for n in range(3))))


@pytest.mark.parametrize(('name', 'n', 'told'), [('henan', 1, [('ORG-10', 'block', 'people.2')]), ('henan', 2, []), ('hunan', 1, [('ORG-10', 'warn', 'people.2')])])
@shows('ORG-10')
def test_each_occupation_has_its_experts(name: str, n: int, told: list[tuple[str, str, str]]) -> None:
    assert found(name, **examiners(4), experts=tuple(expert(i, NURSE) for i in range(n))) == told


@pytest.mark.parametrize(('changed', 'fits'), [
    ({'title_rank': 'senior', 'skill_level': None}, True), ({'title_rank': '', 'skill_level': 1}, True), ({'title_rank': 'mid', 'skill_level': None}, False),
    ({'title_rank': '', 'skill_level': 2}, False), ({'title': '', 'title_rank': '', 'skill_level': None}, False)])
@shows('ORG-10')
def test_an_expert_without_a_senior_title_is_told_by_name(changed: dict[str, Any], fits: bool) -> None:
    told = resource_findings(record(ranges=(NURSE,), experts=(expert(1, NURSE), expert(2, NURSE, **changed))), HENAN)
    assert [(f.rule, f.severity) for f in told] == ([] if fits else [('ORG-10', 'warn')])
    assert all('专家2' in f.sentence for f in told)


@dataclass
class Person:
    title_rank: str
    skill_level: int | None


def test_title_and_level_may_both_be_asked() -> None:
    assert [has_standing(Person(t, s), 1, 'senior', 'and') for t, s in (('senior', 1), ('senior', 2), ('', 1))] == [True, False, False]
    assert has_standing(Person('', None), None, None, 'and')


@pytest.mark.parametrize(('people', 'short'), [
    ([{}, {}], False), ([{}], True), ([{}, {'full_time': False}], True), ([{}, {'works_in_evaluation': False}], True), ([], True)])
@shows('ORG-11')
def test_two_of_the_staff_work_full_time(people: list[dict[str, Any]], short: bool) -> None:
    lines = tuple(staff(n, **changed) for n, changed in enumerate(people))
    assert found(staff=lines) == ([('ORG-11', 'warn', 'people')] if short else [])


# ------------------------------------------------------------------ systems and equipment


@pytest.mark.parametrize('kind', ['exam_affairs', 'computer_exam', 'video'])
@shows('ORG-12')
def test_each_of_the_three_systems_is_there_and_linked_or_promised(kind: str) -> None:
    def with_docking(docking: str) -> dict[str, Any]:
        return {'systems': tuple(system(k, docking if k == kind else 'docked') for k in ('exam_affairs', 'computer_exam', 'video'))}
    others = tuple(s for s in record().systems if s.kind != kind)
    assert found(systems=others) == [('ORG-12', 'block', 'systems')]
    assert found('xinjiang', systems=others) == []
    assert found(**with_docking('testing')) == [('ORG-12', 'remind', 'systems')]
    no_promise: dict[str, Any] = {'answers': {'strengths': {'docking_promised': 'no'}}}
    assert found(**with_docking('none'), **no_promise) == [('ORG-12', 'block', 'systems')]
    assert [(f.rule, f.severity) for f in docking_findings(with_docking('testing')['systems'], HENAN)] == [('ORG-12', 'block')]
    assert docking_findings(record().systems, HENAN) == []


@shows('ORG-13')
def test_hunan_prefers_who_tests_by_computer() -> None:
    paper = tuple(s for s in record().systems if s.kind != 'computer_exam')
    assert found('hunan', systems=paper) == [('ORG-13', 'warn', 'systems')]
    assert found('hunan', rooms=tuple(r for r in record().rooms if r.kind != 'theory_computer')) == [('ORG-13', 'warn', 'systems')]
    assert found('xinjiang', systems=paper) == []


@shows('ORG-17')
def test_equipment_is_the_organisations_own() -> None:
    leased = (machine(1, LATHE), machine(2, NURSE, tenure='leased'))
    assert found(equipment=leased) == [('ORG-17', 'warn', 'equipment')]
    assert found('hunan', equipment=leased) == []


@pytest.mark.parametrize(('lines', 'percent'), [
    ([(12, 'sound'), (1, 'repair'), (1, 'stopped')], 85), ([(8, 'sound'), (2, 'repair')], 80), ([(799, 'sound'), (201, 'repair')], 79), ([(1, 'sound'), (9, 'scrapped')], 100),
    ([], None), ([(3, 'scrapped')], None)])
@shows('TEV-07')
def test_the_share_in_working_order_is_never_rounded_up(lines: list[tuple[int, str]], percent: int | None) -> None:
    assert sound_percent(lines) == percent
