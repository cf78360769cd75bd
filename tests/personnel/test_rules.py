"""What the registers of people must hold, each rule at its figure, by the profiles of three provinces."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.findings import Finding
from app.organizations.rules import Range
from app.personnel.registers import GROUPS
from app.personnel.rules import Judged, Member, contract_findings, examiner_findings, expert_findings, supervisor_findings
from app.personnel.strength import examiner_strength, expert_strength, group_findings, staff_strength, supervisor_strength
from app.regulation import profile
from app.workdays import Conventions, age_on
from tests.personnel.make_people import member
from tests.shows import shows

ON = date(2026, 11, 23)
CONVENTIONS = Conventions(False, True, False, False, 'corresponding_day_included', 'start_plus_years_minus_one_day', 'decision_date', 'exam_date',
                          'application_signed_date', 'last_day_of_february')
CAR = '6-18-01-01'
FIT = {'own_staff': True, 'employed_from': date(2020, 1, 1)}


def by(name: str, on: date = ON) -> Judged:
    return Judged(profile(name).persons, on, CONVENTIONS)


def told(found: list[Finding], *rules: str) -> list[tuple[str, str]]:
    """Return (rule, severity) of the findings, of these rules only where some are named."""
    return [(f.rule, f.severity) for f in found if not rules or f.rule in rules]


def examiner(grade: str = 'examiner', *, level: int | None = None, rank: str = '', **row: Any) -> Member:
    more = {'letter_no': '1号'} | row
    return member('examiners', grade=grade, staff=FIT | {'skill_level': level, 'title_rank': rank}, **more)


@shows('PERS-01', 'PERS-03', 'PERS-19')
@pytest.mark.parametrize(('grade', 'level', 'rank', 'fits'), [
    ('examiner', 3, '', True), ('examiner', 4, '', False), ('examiner', 1, '', True), ('examiner', None, 'mid', True), ('examiner', None, 'junior', False),
    ('examiner', 4, 'senior', True), ('examiner', None, '', False), ('senior', 1, '', True), ('senior', 2, '', False), ('senior', None, 'senior', True),
    ('senior', 2, 'mid', False)])
@pytest.mark.parametrize(('province', 'rules'), [('henan', ('PERS-01', 'PERS-03')), ('hunan', ('PERS-19', 'PERS-19'))])
def test_a_grade_needs_its_level_or_its_title(province: str, rules: tuple[str, str], grade: str, level: int | None, rank: str, fits: bool) -> None:
    m = examiner(grade, level=level, rank=rank, examining_from=date(2020, 1, 1), engaged_from=date(2025, 5, 12))
    found = told(examiner_findings([m], by(province)))
    assert found == ([] if fits else [(rules[grade == 'senior'], 'block')])


@shows('PERS-03', 'PERS-20')
@pytest.mark.parametrize(('since', 'expected'), [
    (date(2024, 5, 12), []), (date(2024, 5, 13), [('PERS-03', 'block')]), (None, [('PERS-03', 'warn')])])
def test_a_senior_examiner_has_examined_a_year_on_the_day_of_engagement(since: date | None, expected: list[tuple[str, str]]) -> None:
    m = examiner('senior', level=1, examining_from=since, engaged_from=date(2025, 5, 12))
    assert told(examiner_findings([m], by('henan'))) == expected


@shows('PERS-02', 'PERS-04')
def test_xinjiang_asks_for_years_in_the_occupation_and_two_of_examining() -> None:
    young = examiner(level=3, practice_from=date(2022, 5, 13), engaged_from=date(2025, 5, 12))
    assert told(examiner_findings([young], by('xinjiang'))) == [('PERS-02', 'block')]
    assert told(examiner_findings([examiner(level=3, practice_from=date(2022, 5, 12), engaged_from=date(2025, 5, 12))], by('xinjiang'))) == []
    senior = examiner('senior', level=1, practice_from=date(2020, 5, 12), examining_from=date(2023, 5, 13), engaged_from=date(2025, 5, 12))
    assert told(examiner_findings([senior], by('xinjiang'))) == [('PERS-04', 'block')]


@shows('PERS-04')
def test_where_an_occupation_ends_at_level_2_a_senior_examiner_holds_level_2() -> None:
    def judged(code: str) -> list[tuple[str, str]]:
        m = examiner('senior', level=2, occupation_code=code, practice_from=date(2010, 1, 1), examining_from=date(2010, 1, 1), engaged_from=date(2025, 5, 12))
        return told(examiner_findings([m], by('xinjiang')))

    assert judged(CAR) == [('PERS-04', 'block')]
    assert judged('4-10-01-06') == []  # 家政服务员 ends at level 2


@shows('PERS-06')
@pytest.mark.parametrize(('own', 'since', 'expected'), [
    (False, None, 'warn'), (True, None, 'remind'), (True, date(2025, 11, 23), ''), (True, date(2025, 11, 24), 'warn')])
def test_an_examiner_is_an_employee_of_a_year_else_a_warning(own: bool, since: date | None, expected: str) -> None:
    m = replace(examiner(level=3), staff=member('staff', staff={'own_staff': own, 'employed_from': since, 'skill_level': 3}).staff)
    assert told(examiner_findings([m], by('henan')), 'PERS-06') == ([('PERS-06', expected)] if expected else [])
    assert told(examiner_findings([m], by('hunan')), 'PERS-06') == []


@shows('PERS-10')
def test_an_examiner_without_card_and_letter_is_reminded_of() -> None:
    assert told(examiner_findings([examiner(level=3, letter_no='')], by('henan'))) == [('PERS-10', 'remind')]


@shows('PERS-11', 'PERS-36', 'PERS-45')
@pytest.mark.parametrize(('register', 'rule', 'prefix'), [('examiners', 'PERS-11', 'card'), ('supervisors', 'PERS-36', 'card'), ('experts', 'PERS-45', 'engaged')])
@pytest.mark.parametrize(('start', 'end', 'expected'), [
    (date(2023, 11, 23), date(2026, 11, 22), ['warn']), (date(2023, 11, 24), date(2026, 11, 23), ['remind']), (date(2024, 1, 23), date(2027, 1, 22), ['remind']),
    (date(2024, 1, 24), date(2027, 1, 23), []), (date(2025, 1, 1), date(2027, 12, 31), []), (date(2025, 1, 1), date(2028, 1, 1), ['warn'])])
def test_a_card_or_letter_is_told_of_sixty_days_before_it_ends_and_when_its_term_is_too_long(
        register: str, rule: str, prefix: str, start: date, end: date, expected: list[str]) -> None:
    judge = {'examiners': examiner_findings, 'supervisors': supervisor_findings, 'experts': expert_findings}[register]
    m = member(register, staff=FIT | {'skill_level': 1}, **{f'{prefix}_from': start, f'{prefix}_to': end}, **({'letter_no': '1'} if register == 'examiners' else {}),
               **({'management_years': 5} if register == 'supervisors' else {}), **({'years': 9, 'examining_years': 9} if register == 'experts' else {}))
    assert told(judge([m], by('henan'))) == [(rule, severity) for severity in expected]


def expert(*, level: int | None = 1, rank: str = '', years: int = 10, examining: int = 5, **more: Any) -> Member:
    of_member = {k: more.pop(k) for k in ('born', 'sex') if k in more}
    return member('experts', staff=FIT | {'skill_level': level, 'title_rank': rank}, years=years, examining_years=examining, **of_member, **more)


@shows('PERS-40', 'PERS-41', 'PERS-42')
@pytest.mark.parametrize(('m', 'expected'), [
    (expert(), []), (expert(level=2), [('PERS-40', 'block')]), (expert(level=None, rank='senior'), []), (expert(level=None, rank='mid'), [('PERS-40', 'block')]),
    (expert(level=None), [('PERS-40', 'block')]), (expert(years=5, examining=1), []), (expert(years=4), [('PERS-41', 'warn')]), (expert(examining=0), [('PERS-42', 'warn')])])
def test_an_expert_has_the_title_or_the_level_and_the_years(m: Member, expected: list[tuple[str, str]]) -> None:
    assert told(expert_findings([m], by('henan'))) == expected


@shows('PERS-43')
@pytest.mark.parametrize(('sex', 'born', 'honours', 'too_old'), [
    ('男', '1960-11-24', '', False), ('男', '1960-11-23', '', True), ('女', '1965-11-24', '', False), ('女', '1965-11-23', '', True),
    ('女', '1960-11-23', '省技术能手', False), ('男', '1955-11-24', '省技术能手', False), ('男', '1955-11-23', '省技术能手', True)])
def test_an_experts_age_is_a_warning_by_sex_and_later_with_honours(sex: str, born: str, honours: str, too_old: bool) -> None:
    found = expert_findings([expert(sex=sex, born=born, honours=honours)], by('henan'))
    assert told(found) == ([('PERS-43', 'warn')] if too_old else [])
    assert told(expert_findings([expert(sex=sex, born=born)], by('xinjiang')), 'PERS-43') == []


@shows('PERS-43')
@given(born=st.dates(date(1930, 1, 1), date(2005, 12, 31)), on=st.dates(date(2026, 1, 1), date(2030, 12, 31)), sex=st.sampled_from(['男', '女']))
def test_an_age_is_too_high_exactly_from_the_birthday_on(born: date, on: date, sex: str) -> None:
    most = {'男': 65, '女': 60}[sex]
    found = expert_findings([expert(sex=sex, born=f'{born}')], by('henan', on))
    assert bool(told(found, 'PERS-43')) is (age_on(on, born, CONVENTIONS) > most)


@shows('PERS-44')
@pytest.mark.parametrize(('years', 'senior', 'expected'), [(3, False, []), (2, False, [('PERS-44', 'warn')]), (0, False, [('PERS-44', 'block')]), (0, True, [])])
def test_the_head_of_an_expert_group_examined_three_years_or_is_a_senior_examiner(years: int, senior: bool, expected: list[tuple[str, str]]) -> None:
    m = expert(examining=years, leads=True)
    assert told(expert_findings([m], by('henan'), senior_examiners={m.person.id} if senior else ()), 'PERS-44') == expected
    assert told(expert_findings([expert(examining=0)], by('henan')), 'PERS-44') == []


@shows('PERS-30', 'PERS-32')
@pytest.mark.parametrize(('province', 'management', 'examining', 'works', 'expected'), [
    ('henan', 2, 0, False, []), ('henan', 1, 0, True, [('PERS-30', 'block')]), ('henan', 0, 3, False, []), ('henan', 1, 2, False, [('PERS-30', 'block')]),
    ('xinjiang', 0, 0, True, []), ('xinjiang', 1, 0, False, []), ('xinjiang', 0, 2, False, [('PERS-32', 'block')]), ('xinjiang', 0, 3, False, [('PERS-32', 'remind')])])
def test_a_supervisor_managed_or_examined_long_enough(province: str, management: int, examining: int, works: bool, expected: list[tuple[str, str]]) -> None:
    m = member('supervisors', staff=FIT | {'works_in_evaluation': works}, management_years=management, examining_years=examining)
    assert told(supervisor_findings([m], by(province))) == expected


@shows('PERS-50')
def test_a_contract_is_told_of_sixty_days_before_it_ends() -> None:
    people = [member('staff', n=n, staff={'contract_to': end}) for n, end in enumerate((None, ON - timedelta(days=1), ON, ON + timedelta(days=60), ON + timedelta(days=61)), 1)]
    assert [(f.rule, f.severity, f.sentence[:3]) for f in contract_findings(people, by('henan'))] == [('PERS-50', 'remind', f'人员{n}') for n in (2, 3, 4)]


# ------------------------------------------------------------------ enough people

HENAN, XINJIANG = profile('henan'), profile('xinjiang')
RANGES = (Range('4-10-01-03', '保育师', '', (5, 4, 3)), Range(CAR, '车工', '', (5,)), Range(CAR, '车工', '普通车床', (4, 3, 2, 1)))


def examiners(*rows: tuple[str, str, str]) -> list[Member]:
    return [member('examiners', n=n, occupation_code=code, work_type=work_type, grade=grade) for n, (code, work_type, grade) in enumerate(rows, 1)]


@shows('ORG-08', 'ORG-09')
def test_two_examiners_of_an_occupation_are_too_few_and_one_person_counts_once() -> None:
    nursery, car = [('4-10-01-03', '', 'examiner')] * 3, [(CAR, '普通车床', 'senior')] * 2
    found = examiner_strength(RANGES, examiners(*nursery, *car), HENAN.filing, HENAN.staffing)
    assert told(found) == [('ORG-08', 'block')] and '车工（6-18-01-01）有考评员2人，每个职业应不少于3人' in found[0].sentence
    third = member('examiners', n=5, occupation_code=CAR, work_type='数控车床', grade='examiner')  # number 5 stands there already
    assert told(examiner_strength(RANGES, [*examiners(*nursery, *car), third], HENAN.filing, HENAN.staffing)) == [('ORG-08', 'block')]
    assert told(examiner_strength(RANGES, examiners(*nursery, *car, (CAR, '', 'examiner')), HENAN.filing, HENAN.staffing)) == []
    assert told(examiner_strength(RANGES, examiners(*nursery, *car, (CAR, '', 'examiner')), XINJIANG.filing, XINJIANG.staffing), 'ORG-09') == [('ORG-09', 'block')] * 2


@shows('STAFF-21')
@pytest.mark.parametrize(('grade', 'work_type', 'fits'), [('senior', '普通车床', True), ('senior', '', True), ('senior', '数控车床', False), ('examiner', '普通车床', False)])
def test_levels_2_and_1_need_a_senior_examiner_of_the_work_type(grade: str, work_type: str, fits: bool) -> None:
    found = examiner_strength(RANGES, examiners((CAR, work_type, grade)), HENAN.filing, HENAN.staffing)
    assert told(found, 'STAFF-21') == ([] if fits else [('STAFF-21', 'block')])
    if not fits:
        assert '车工/普通车床申报2、1级' in next(f.sentence for f in found if f.rule == 'STAFF-21')


@shows('ORG-10')
def test_one_expert_of_an_occupation_is_too_few() -> None:
    car = [member('experts', n=1), member('experts', n=2)]
    assert [f.sentence[:3] for f in expert_strength(RANGES, car, HENAN.filing)] == ['保育师']
    assert told(expert_strength(RANGES, car[:1], HENAN.filing)) == [('ORG-10', 'block')] * 2
    assert told(expert_strength(RANGES, [], profile('hunan').filing)) == [('ORG-10', 'warn')] * 2  # there the number is only advised


@shows('ORG-11')
def test_one_full_time_person_in_evaluation_is_too_few() -> None:
    def person(n: int, *, full: bool = True, works: bool = True) -> Member:
        return member('staff', n=n, staff={'full_time': full, 'works_in_evaluation': works})

    assert told(staff_strength([person(1), person(2, full=False), person(3, works=False)], HENAN.filing)) == [('ORG-11', 'warn')]
    assert staff_strength([person(1), person(2)], HENAN.filing) == []


@shows('STAFF-04', 'STAFF-05')
def test_supervisors_are_as_many_as_one_evaluation_needs() -> None:
    two = [member('supervisors', n=n) for n in (1, 2)]
    assert told(supervisor_strength(two, HENAN.staffing)) == [('STAFF-04', 'block')]
    assert supervisor_strength([*two, member('supervisors', n=3)], HENAN.staffing) == []
    assert (told(supervisor_strength([], XINJIANG.staffing)), supervisor_strength(two[:1], XINJIANG.staffing)) == ([('STAFF-05', 'block')], [])


def whole() -> list[Member]:
    """Every group with its head, the leading group with a deputy, three in the supervisors' group."""
    rows = [(group, 'head') for group in GROUPS] + [('leading', 'deputy'), ('supervision', 'member'), ('supervision', 'member')]
    return [member('seats', n=n, group=group, position=position) for n, (group, position) in enumerate(rows, 1)]


@shows('ORG-50', 'STAFF-04')
def test_each_group_has_a_head_the_leading_group_a_deputy_and_the_supervisors_are_three() -> None:
    assert group_findings(whole(), HENAN.filing, HENAN.staffing) == []
    for gone, words in ((0, '领导小组还没有组长'), (1, '领导小组办公室还没有主任'), (2, '考务管理组还没有负责人'), (7, '还没有副组长'), (8, '内部质量督导组2人')):
        found = group_findings([m for n, m in enumerate(whole()) if n != gone], HENAN.filing, HENAN.staffing)
        assert [(f.rule, f.severity) for f in found] == [('STAFF-04' if gone == 8 else 'ORG-50', 'block')] and words in found[0].sentence
    assert told(group_findings([*whole(), member('seats', n=50, group='finance', position='head')], HENAN.filing, HENAN.staffing)) == [('ORG-50', 'warn')]


@shows('STAFF-20')
def test_nobody_is_a_supervisor_and_in_the_expert_group_at_once() -> None:
    both = member('seats', n=10, group='experts')  # number 10 is in the supervisors' group
    assert told(group_findings([*whole(), both], HENAN.filing, HENAN.staffing)) == [('STAFF-20', 'warn')]
    assert told(group_findings([*whole(), member('seats', n=60, group='experts')], HENAN.filing, HENAN.staffing)) == []


def test_an_end_far_away_is_not_told_of() -> None:
    m = examiner(level=3, card_to=ON + timedelta(days=61))
    assert examiner_findings([m], by('henan')) == []
