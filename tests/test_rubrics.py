"""The engine: lines, vetoes, bonus, open sheets, refusals of a whole sheet."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.rubric_items import answer_keys
from app.rubric_models import Item, Rubric
from app.rubric_rules import AllOrNothing, CountTable, Flag, Judgement, Lease, Options
from app.rubrics import RUBRICS, RubricId, header_findings, rubric, score_sheet
from tests.rubric_answers import Answers, best_answers
from tests.shows import shows

ITEMS = {item.id: item for name in RUBRICS for item in rubric(name).items}
PUBLIC, SCHOOL = rubric('employer-public'), rubric('school-occupation')


def test_all_wrong_answers_are_named_at_once() -> None:
    with pytest.raises(Refused) as refused:
        score_sheet(PUBLIC, best_answers(PUBLIC) | {'A1.04': {'count': -1}, 'A1.14': {'option': 'x'}, 'A1.20': {'met': False}})
    assert [(finding.subject, finding.severity) for finding in refused.value.findings] == [('A1.04', 'block'), ('A1.14', 'block')]
    assert refused.value.sentence.endswith('（另有1项，见下表）')


@pytest.mark.parametrize('answers', [{'A2.01': {'count': 0}}, {'A1.B1': {'count': 1}}, {'A1.B1': {'met': 'yes'}}])
def test_answer_to_no_item_of_the_sheet_is_our_mistake(answers: Answers) -> None:
    with pytest.raises(ValueError, match='A[12]'):
        score_sheet(PUBLIC, answers)


# ------------------------------------------------------------------ lines


def points_lost(sheet: Rubric, judged: str, left: str) -> Answers:
    """Best answers but for one judged item that gets `left`."""
    return best_answers(sheet) | {judged: {'score': left}}


@shows('TEV-03', 'CONV-01')
@pytest.mark.parametrize(('left', 'total', 'code'), [('2', '90', 'included'), ('1.5', '89.5', 'not_included')])
def test_total_is_never_rounded_up_to_a_line(left: str, total: str, code: str) -> None:
    result = score_sheet(SCHOOL, points_lost(SCHOOL, 'A4.17', left))  # 12 points in all
    assert (result.total, result.band, result.conclusion) == (Decimal(total), SCHOOL.conclusion.band(code), SCHOOL.conclusion.band(code))


@shows('TEV-01', 'TEV-02', 'TEV-03', 'CONV-01')
@pytest.mark.parametrize('rubric_id', RUBRICS)
def test_line_belongs_to_the_band_above_it(rubric_id: RubricId) -> None:
    lines = rubric(rubric_id).conclusion
    for upper, lower in zip(lines.bands, lines.bands[1:], strict=False):
        assert (lines.band_of(upper.min), lines.band_of(upper.min - Decimal('0.000001'))) == (upper, lower)


# ------------------------------------------------------------------ vetoes


@shows('TEV-04')
@pytest.mark.parametrize('rubric_id', RUBRICS)
def test_every_filing_veto_overrides_the_total_and_keeps_it_in_sight(rubric_id: RubricId) -> None:
    sheet = rubric(rubric_id)
    for item in (item for item in sheet.items if item.veto_scope == 'filing'):
        failing = {'count': 0, 'hazard': True} if isinstance(item.veto_when, Flag) else {'met': False}
        result = score_sheet(sheet, best_answers(sheet) | {item.id: failing})
        assert (result.total, result.band, result.conclusion) == (100, sheet.conclusion.bands[0], sheet.conclusion.bands[-1])
        assert (result.filing_vetoes, result.operation_vetoes, result.operation_blocked) == ((item.id,), (), None)


@shows('TEV-04', 'TEV-08')
@pytest.mark.parametrize('rubric_id', RUBRICS)
def test_every_operation_veto_keeps_the_band_and_blocks_the_work(rubric_id: RubricId) -> None:
    sheet = rubric(rubric_id)
    for item in (item for item in sheet.items if item.veto_scope == 'operation'):
        failing = {'value': 2} if isinstance(item.rule, CountTable) else {'met': False}
        result = score_sheet(sheet, best_answers(sheet) | {item.id: failing})
        assert result.total == 100 - (item.points or 0)
        assert result.band == result.conclusion == sheet.conclusion.band_of(result.total)
        assert (result.filing_vetoes, result.operation_vetoes) == ((), (item.id,))
        assert result.operation_blocked == sheet.conclusion.on_operation_veto.text


@shows('TEV-08')
def test_exactly_three_examiners_are_no_veto() -> None:
    result = score_sheet(SCHOOL, best_answers(SCHOOL) | {'A4.04': {'value': 3}})
    assert (result.total, result.operation_vetoes, result.operation_blocked) == (98, (), None)


@shows('TEV-04')
@pytest.mark.parametrize(('count', 'warned'), [(0, ['A4.22']), (1, [])])
def test_hazard_vetoes_whatever_the_count_and_warns_at_none(count: int, warned: list[str]) -> None:
    result = score_sheet(SCHOOL, best_answers(SCHOOL) | {'A4.22': {'count': count, 'hazard': True}})
    assert (result.total, result.filing_vetoes) == (100 - 2 * count, ('A4.22',))
    assert [finding.subject for finding in result.findings if finding.severity == 'warn'] == warned


def test_faults_without_hazard_are_no_veto() -> None:
    result = score_sheet(SCHOOL, best_answers(SCHOOL) | {'A4.22': {'count': 5, 'hazard': False}})
    assert (result.total, result.filing_vetoes, result.findings) == (90, (), ())


def test_social_insurance_is_recorded_and_changes_nothing() -> None:
    result = score_sheet(PUBLIC, best_answers(PUBLIC) | {'A1.02': {'met': False}})
    assert (result.total, result.conclusion, result.filing_vetoes) == (100, PUBLIC.conclusion.bands[0], ())
    assert [(finding.subject, finding.severity) for finding in result.findings] == [('A1.02', 'remind')]


# ------------------------------------------------------------------ bonus

BONUS: Answers = {'A4.B1': {'met': True}, 'A4.B2': {'met': True}}


@shows('TEV-10')
def test_bonus_may_pass_a_hundred() -> None:
    result = score_sheet(SCHOOL, best_answers(SCHOOL) | BONUS)
    assert (result.base, result.bonus, result.total, result.lifted_by_bonus) == (100, 8, 108, False)


@shows('TEV-10')
@pytest.mark.parametrize(
    ('left', 'claimed', 'total', 'lifted'),
    [('0', BONUS, 96, True), ('0', {}, 88, False), ('1.5', {'A4.B1': {'met': True}}, Decimal('93.5'), True)],
)
def test_bonus_that_lifts_over_a_line_is_flagged(left: str, claimed: Answers, total: Decimal | int, lifted: bool) -> None:
    result = score_sheet(SCHOOL, points_lost(SCHOOL, 'A4.17', left) | claimed)
    assert (result.total, result.lifted_by_bonus) == (total, lifted)
    assert result.conclusion == SCHOOL.conclusion.bands[0 if lifted else 1]


@shows('TEV-10')
def test_bonus_never_cures_a_veto() -> None:
    result = score_sheet(SCHOOL, best_answers(SCHOOL) | BONUS | {'A4.19': {'met': False}})
    assert (result.total, result.conclusion) == (108, SCHOOL.conclusion.band('not_included'))


def test_bonus_refused_or_left_open_adds_nothing() -> None:
    result = score_sheet(SCHOOL, best_answers(SCHOOL) | {'A4.B1': {'met': False}, 'A4.B2': {'met': None}})
    assert (result.bonus, result.unanswered, result.total) == (0, (), 100)


# ------------------------------------------------------------------ open sheets


@pytest.mark.parametrize('item', sorted(ITEMS))
def test_unanswered_item_is_not_zero(item: str) -> None:
    sheet = next(sheet for sheet in map(rubric, RUBRICS) if item in {each.id for each in sheet.items})
    for empty in ({}, dict.fromkeys(answer_keys(ITEMS[item]))):
        result = score_sheet(sheet, best_answers(sheet) | {item: empty})
        assert (result.unanswered, result.band, result.conclusion, result.lifted_by_bonus) == ((item,), None, None, False)
        assert (result.total, [part.unanswered for part in result.groups].count((item,))) == (100 - (ITEMS[item].points or 0), 1)


@pytest.mark.parametrize(
    ('item', 'half'),
    [
        ('A4.22', {'count': 0}),  # hazard or not was not said
        ('A3.16', {'score': '4'}),  # leased or not was not said
        ('A3.16', {'score': '4', 'leased': True, 'years': ''}),
        ('A3.15', {'leased': False}),
    ],
)
def test_item_half_answered_is_unanswered(item: str, half: dict[str, Any]) -> None:
    sheet = SCHOOL if item.startswith('A4') else rubric('school-public')
    result = score_sheet(sheet, best_answers(sheet) | {item: half})
    assert (result.unanswered, result.conclusion) == ((item,), None)


def test_veto_shows_before_the_sheet_is_complete() -> None:
    result = score_sheet(SCHOOL, {'A4.04': {'value': 2}, 'A4.19': {'met': False}})
    assert (result.filing_vetoes, result.operation_vetoes, result.conclusion) == (('A4.19',), ('A4.04',), None)
    assert result.operation_blocked == '存在开展认定工作的否决项，整改达标前不得开展认定工作'


# ------------------------------------------------------------------ any answers at all


def answers_to(item: Item) -> st.SearchStrategy[dict[str, Any]]:
    """Any answer within the limits of an item."""
    judged = st.integers(0, int((item.points or 0) * 2)).map(lambda halves: str(Decimal(halves) / 2))
    match item.rule:
        case AllOrNothing():
            return st.fixed_dictionaries({'met': st.booleans()})
        case CountTable():
            return st.fixed_dictionaries({'value': st.integers(0, 100)})
        case Options(options=options):
            return st.fixed_dictionaries({'option': st.sampled_from([option.code for option in options])})
        case Judgement():
            return st.fixed_dictionaries({'score': judged})
        case Lease():
            return st.fixed_dictionaries({'score': judged, 'leased': st.booleans(), 'years': st.integers(0, 12)})
        case _:
            hazard = {'hazard': st.booleans()} if isinstance(item.veto_when, Flag) else {}
            return st.fixed_dictionaries({'count': st.integers(0, 60)} | hazard)


@st.composite
def filled_sheets(draw: st.DrawFn) -> tuple[Rubric, Answers]:
    """Any sheet with any answers, some items and bonus left out."""
    sheet = rubric(draw(st.sampled_from(RUBRICS)))
    wanted = {item.id: answers_to(item) for item in sheet.items} | {
        item.id: st.fixed_dictionaries({'met': st.booleans()}) for item in sheet.bonus
    }
    left_out = draw(st.sets(st.sampled_from(sorted(wanted)), max_size=2))
    return sheet, draw(st.fixed_dictionaries({key: answer for key, answer in wanted.items() if key not in left_out}))


@given(filled_sheets())
def test_total_is_the_sum_of_item_scores_plus_bonus(filled: tuple[Rubric, Answers]) -> None:
    sheet, answers = filled
    result = score_sheet(sheet, answers)
    scores = [item.score for item in result.items if item.score is not None]
    bonus = sum(item.add for item in sheet.bonus if answers.get(item.id, {}).get('met'))
    assert (result.base, result.bonus, result.total) == (sum(scores), bonus, sum(scores) + bonus)
    assert sum(part.score for part in result.sections) == sum(part.score for part in result.groups) == result.base
    assert 0 <= result.total <= sheet.max_with_bonus
    assert all(0 <= item.score <= item.points for item in result.items if item.score is not None and item.points is not None)


@given(filled_sheets())
def test_conclusion_stands_exactly_when_nothing_is_open(filled: tuple[Rubric, Answers]) -> None:
    sheet, answers = filled
    result = score_sheet(sheet, answers)
    assert result.unanswered == tuple(item.id for item in sheet.items if item.id not in answers)
    expected = None if result.unanswered else sheet.conclusion.bands[-1] if result.filing_vetoes else sheet.conclusion.band_of(result.total)
    assert result.conclusion == expected


@given(filled_sheets())
def test_answers_kept_as_json_score_the_same(filled: tuple[Rubric, Answers]) -> None:
    sheet, answers = filled
    assert score_sheet(sheet, json.loads(json.dumps(answers))) == score_sheet(sheet, answers)


# ------------------------------------------------------------------ cells above the table


def test_levels_may_not_hold_more_workers_than_the_occupation() -> None:
    sheet = rubric('employer-occupation')
    levels = {'headcount_level5': 10, 'headcount_level4': 20, 'headcount_level3': 8, 'headcount_level2_up': 2}
    assert header_findings(sheet, levels | {'headcount_total': 40}) == []
    [finding] = header_findings(sheet, levels | {'headcount_total': 39})
    assert (finding.subject, finding.severity) == ('headcount_total', 'block')
    assert finding.sentence.endswith('合计40人，多于“本职业（工种/方向）职工人数”39人，请核对后改正。')
