"""Which sheets an application needs, who may assess it, where assessors differ, what follows from the sheets."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.assessment.rules import (
    NOTHING,
    Entry,
    Member,
    check_answer,
    check_header,
    check_line,
    check_panel,
    content_hash,
    lost_points,
    outcome,
    scored,
    sheet_faults,
    sheet_of,
    sheets_needed,
)
from app.assessment.spreads import TOTAL, agreed, spreads, unreconciled
from app.errors import Refused
from app.numbers import next_filing_number
from app.organizations.rules import filing_scheme
from app.regulation import profile
from app.rubrics import RUBRICS
from tests.rubric_answers import answers_less, best_answers
from tests.shows import shows

PANEL = [Member(1, '米星日', leads=True), Member(2, '明翼火'), Member(3, '臧轸水')]


def best(rubric: str) -> dict[str, Entry]:
    return {item: Entry(as_typed(answer)) for item, answer in best_answers(sheet_of(rubric)).items()}


def as_typed(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value if isinstance(value, bool) else str(value) for key, value in answer.items()}


@shows('TEV-01', 'TEV-02', 'TEV-03')
@pytest.mark.parametrize(('kind', 'way', 'keys'), [
    ('employer', 'employer', [('employer-public', None), ('employer-occupation', 7), ('employer-occupation', 8)]),
    ('technical_school', 'school_own', [('school-public', None), ('school-occupation', 7), ('school-occupation', 8)]),
    ('social_training_org', 'social', [('social-public', None), ('social-occupation', 7), ('social-occupation', 8)]),
    ('technical_school', 'school_society', [('social-public', None), ('social-occupation', 7), ('social-occupation', 8)]),
    ('social_training_org', 'increment', [('social-occupation', 7), ('social-occupation', 8)])])
def test_the_sheets_follow_from_kind_and_way(kind: str, way: str, keys: list[tuple[str, int | None]]) -> None:
    assert sheets_needed(kind, way, [7, 8]) == keys


@pytest.mark.parametrize(('members', 'sentence'), [
    (PANEL[:2], '至少3人'), ([*PANEL[:2], PANEL[1]], '选了两次'), ([Member(n, '某') for n in (1, 2, 3)], '须有一名组长'),
    ([Member(1, '甲', leads=True), Member(2, '乙', leads=True), Member(3, '丙')], '须有一名组长'), ([*PANEL, Member(4, '丁', employer='某校')], '应当回避')])
def test_a_panel_that_may_not_assess_is_refused(members: list[Member], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        check_panel(members, '某校')


def test_a_panel_of_three_with_a_leader_may_assess() -> None:
    check_panel(PANEL, '某校')


@pytest.mark.parametrize('line', ['0', '-1', '', '两分', 'NaN', '101'])
def test_a_line_that_is_no_number_of_points_is_refused(line: str) -> None:
    with pytest.raises(Refused, match='分差界限'):
        check_line(line)


BAD_ANSWERS: list[tuple[str, str, dict[str, Any], str]] = [
    ('school-public', 'A3.05', {'score': '4.5'}, '应在0分至'), ('school-public', 'A3.05', {'score': '-1'}, '应在0分至'),
    ('school-public', 'A3.05', {'score': '1.3'}, '整数倍'), ('school-public', 'A3.05', {'score': '一分'}, '不是可以计算的数字'),
    ('school-public', 'A3.01', {'met': 'yes'}, '不接受这样的内容'), ('school-public', 'A3.01', {'count': '1'}, '不接受这样的内容'),
    ('school-public', 'A9.99', {'met': True}, '没有这一项'), ('school-public', 'A3.B1', {'met': 'x'}, '不接受这样的内容'),
    ('school-public', 'A3.05', {'score': '1' * 21}, '过长'), ('school-occupation', 'A4.01', {'value': '2.5'}, '整数')]


@shows('TEV-05', 'TEV-08')
@pytest.mark.parametrize(('rubric', 'item', 'answer', 'sentence'), BAD_ANSWERS)
def test_what_the_rubric_does_not_allow_is_refused(rubric: str, item: str, answer: dict[str, Any], sentence: str) -> None:
    sheet = sheet_of(rubric)
    if item == 'A3.05':
        item = next(i.id for i in sheet.items if i.rule.kind in ('judgement', 'lease') and (i.points or 0) < 4.5)
    if item == 'A4.01':
        item = next(i.id for i in sheet.items if i.rule.kind == 'count_table' and '年均' not in i.content and i.rule.unit != '%')
    with pytest.raises(Refused, match=sentence):
        check_answer(sheet, item, answer)


@pytest.mark.parametrize('rubric', RUBRICS)
def test_every_item_of_a_blank_sheet_is_named_before_signing(rubric: str) -> None:
    sheet = sheet_of(rubric)
    faults = sheet_faults(sheet, {}, {}, consolidated=False)
    assert [f.subject for f in faults] == [item.id for item in sheet.items]
    assert all('未评分不等于0分' in f.sentence and f.rule for f in faults)


def test_a_deduction_without_a_remark_is_named_before_signing() -> None:
    sheet = sheet_of('school-public')
    item = next(i for i in sheet.items if i.rule.kind == 'per_occurrence')
    silent = best('school-public') | {item.id: Entry({'count': '1'} | ({'hazard': False} if item.veto else {}))}
    assert [f.subject for f in sheet_faults(sheet, silent, {}, consolidated=False)] == [item.id]
    told = silent | {item.id: Entry(silent[item.id].answer, '缺一项')}
    assert sheet_faults(sheet, told, {}, consolidated=False) == []
    assert [(i.id, remark) for i, remark in lost_points(sheet, told)] == [(item.id, '缺一项')]


def test_the_head_of_a_consolidated_occupation_sheet_must_be_filled() -> None:
    sheet = sheet_of('school-occupation')
    assert {f.subject for f in sheet_faults(sheet, best('school-occupation'), {}, consolidated=True)} == {'graduates_level4', 'graduates_level3'}
    assert sheet_faults(sheet, best('school-occupation'), {'graduates_level4': '62', 'graduates_level3': '41.5'}, consolidated=True) == []


@pytest.mark.parametrize(('rubric', 'key', 'text'), [
    ('employer-occupation', 'headcount_total', '4.5'), ('employer-occupation', 'headcount_total', '-1'), ('school-occupation', 'graduates_level4', '六十'),
    ('school-occupation', 'graduates_level4', '6.'), ('school-occupation', 'occupation_name', '钳工')])
def test_a_cell_above_the_table_takes_a_number(rubric: str, key: str, text: str) -> None:
    with pytest.raises(Refused):
        check_header(sheet_of(rubric), key, text)


def test_the_hash_covers_answer_remark_finding_and_head_in_any_order() -> None:
    entries = {'A3.01': Entry({'met': True}), 'A3.02': Entry({'met': False}, '缺', '无门牌')}
    told = content_hash('school-public', None, {'a': '1'}, entries)
    assert told == content_hash('school-public', None, {'a': '1'}, dict(reversed(entries.items())) | {'A3.03': NOTHING})
    changed = [entries | {'A3.01': Entry({'met': False})}, entries | {'A3.02': Entry({'met': False}, '缺')}, entries | {'A3.01': Entry({'met': True}, '好')}]
    assert len({told, content_hash('school-public', None, {'a': '2'}, entries), content_hash('school-public', 7, {'a': '1'}, entries),
                *(content_hash('school-public', None, {'a': '1'}, e) for e in changed)}) == 6


def test_the_same_number_written_twice_ways_is_agreed() -> None:
    assert agreed([{'score': '3'}, {'score': '3.0'}]) == {'score': '3'}
    assert agreed([{'score': '3', 'zero_when': False}, {'score': '3'}]) is not None
    assert agreed([{'score': '3'}, {'score': '3.5'}]) is None
    assert agreed([{'met': True}, {'met': False}]) is None


def test_a_spread_over_the_line_needs_a_reconciliation_and_one_on_it_does_not() -> None:
    sheet = sheet_of('school-public')
    item = next(i for i in sheet.items if i.rule.kind == 'judgement' and (i.points or 0) >= 3)
    sheets = {n: best('school-public') | {item.id: Entry({'score': str(item.points - lost)}, '差')} for n, lost in enumerate((0, 1, Decimal('2.5')))}  # type: ignore[operator]
    found = {s.item: s for s in spreads(('school-public', None), sheets)}
    assert (found[item.id].width, found[TOTAL].width, found[item.id].differs) == (Decimal('2.5'), Decimal('2.5'), True)
    assert [f.subject for f in unreconciled(found.values(), Decimal(2), {}, ())] == [item.id, TOTAL]
    assert unreconciled(found.values(), Decimal('2.5'), {}, ()) == []
    assert unreconciled(found.values(), Decimal(2), {}, (item.id, TOTAL)) == []
    assert [f.subject for f in unreconciled(found.values(), Decimal(3), {item.id: Decimal(0)}, ())] == [item.id]


@shows('TEV-01', 'TEV-02', 'TEV-03', 'TEV-04', 'TEV-09')
@pytest.mark.parametrize(('public', 'occupation', 'verdict', 'included'), [
    (0, 0, 'pass', (7,)), (10, 0, 'pass', (7,)), (10.5, 0, 'rectify', (7,)), (20, 0, 'rectify', (7,)), (20.5, 0, 'fail', ()), (0, 10.5, 'fail', ()), (0, 10, 'pass', (7,))])
def test_the_conclusion_follows_from_points_exactly(public: float, occupation: float, verdict: str, included: tuple[int, ...]) -> None:
    said = outcome({('school-public', None): less('school-public', public), ('school-occupation', 7): less('school-occupation', occupation)})
    assert (said.verdict, said.included) == (verdict, included)


def less(rubric: str, points: float) -> Any:
    """Return a sheet scored with so many points taken off, none of them by a veto."""
    return scored(sheet_of(rubric), {item: Entry(as_typed(answer)) for item, answer in answers_less(sheet_of(rubric), str(points)).items()})


@shows('TEV-04')
def test_a_filing_veto_fails_whatever_the_total() -> None:
    sheet = sheet_of('school-public')
    item = next(i for i in sheet.items if i.veto_scope == 'filing' and i.rule.kind == 'all_or_nothing' and not i.points)
    result = scored(sheet, best('school-public') | {item.id: Entry({'met': False}, '没有')})
    said = outcome({('school-public', None): result, ('school-occupation', 7): less('school-occupation', 0)})
    assert (result.total, said.verdict, said.included) == (100, 'fail', ())


def test_an_increment_is_judged_by_its_occupations_alone() -> None:
    assert outcome({('social-occupation', 7): scored(sheet_of('social-occupation'), best('social-occupation'))}).verdict == 'pass'


# ------------------------------------------------------------------ properties


@shows('TEV-05')
@settings(max_examples=60)
@given(st.sampled_from(RUBRICS), st.data())
def test_more_deductions_never_raise_the_total(rubric: str, data: st.DataObject) -> None:
    sheet = sheet_of(rubric)
    items = [i for i in sheet.items if i.rule.kind == 'per_occurrence']
    counts = [data.draw(st.integers(0, 6)) for _ in items]
    at = data.draw(st.integers(0, len(items) - 1))

    def total(more: int) -> Decimal:
        entries = best(rubric)
        for n, item in enumerate(items):
            entries[item.id] = Entry({**entries[item.id].answer, 'count': str(counts[n] + (more if n == at else 0))})
        return scored(sheet, entries).total

    assert total(data.draw(st.integers(1, 5))) <= total(0)


@settings(max_examples=30)
@given(st.sampled_from(RUBRICS), st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(rubric: str, chance: random.Random) -> None:
    entries = list(best(rubric).items())
    shuffled = entries[:]
    chance.shuffle(shuffled)
    assert scored(sheet_of(rubric), dict(shuffled)) == scored(sheet_of(rubric), dict(entries))
    assert content_hash(rubric, None, {}, dict(shuffled)) == content_hash(rubric, None, {}, dict(entries))


# ------------------------------------------------------------------ numbers


@shows('ORG-80', 'ORG-81', 'ORG-82', 'ORG-83', 'ORG-84', 'ORG-85', 'ORG-86')
@pytest.mark.parametrize(('name', 'kind', 'region', 'taken', 'number'), [
    ('demo', 'employer', '990104', ['Y000099010001'], 'Y000099010002'), ('demo', 'social_training_org', '990102', [], 'S000099010001'),
    ('demo', 'technical_school_own_students', '990104', ['Y000099010007'], 'Y000099019001'),
    ('demo', 'technical_school_own_students', '990104', ['Y000099019001', 'Y000099019004'], 'Y000099019005'),
    ('henan', 'employer', '410105', ['Y000041010999'], 'Y000041011001'), ('xinjiang', 'technical_school_own_students', '650102', [], 'S000065019001')])
def test_the_next_number_follows_from_the_kind(name: str, kind: str, region: str, taken: list[str], number: str) -> None:
    assert next_filing_number(filing_scheme(profile(name).codes.org), kind, region, taken).text == number


@shows('ORG-85')
def test_used_up_numbers_and_unknown_cities_are_refused() -> None:
    with pytest.raises(Refused, match='已用完'):
        next_filing_number(filing_scheme(profile('demo').codes.org), 'technical_school_own_students', '990104', ['Y000099019999'])
    with pytest.raises(Refused, match='地市代码'):
        next_filing_number(filing_scheme(profile('xinjiang').codes.org), 'employer', '659901', [])
