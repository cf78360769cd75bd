"""The six sheets at their edges, by the figures of the paper written once more: what a fault costs, what is earned, judged, vetoed, where a line lies."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.errors import Refused
from app.regulation import profile
from app.rubric_items import item_score
from app.rubric_rules import AllOrNothing, Flag, Judgement, PerItemEarned, PerOccurrence
from app.rubrics import RUBRICS, RubricId, rubric, score_sheet
from tests.rubric_answers import Answers, answers_less, best_answers
from tests.shows import shows

ITEMS = {item.id: item for name in RUBRICS for item in rubric(name).items}
HALF = Decimal('0.5')
FAULTS = {  # points of the item, points off for each fault
    'A1.04': (8, 2), 'A1.12': (3, 1), 'A1.23': (4, 2), 'A1.24': (2, 1), 'A3.03': (6, 2), 'A3.11': (5, 1), 'A3.22': (4, 2), 'A3.23': (2, 1), 'A5.02': (6, 2), 'A5.09': (5, 1),
    'A5.20': (4, 2), 'A5.21': (2, 1), 'A2.01': (4, 2), 'A2.02': (4, 2), 'A2.03': (4, 2), 'A2.05': (3, 2), 'A2.06': (4, 2), 'A2.14': (5, 2), 'A2.19': (10, 2), 'A4.01': (4, 2),
    'A4.02': (5, 2), 'A4.03': (5, 2), 'A4.05': (3, 2), 'A4.06': (4, 2), 'A4.14': (4, 2), 'A4.22': (10, 2), 'A6.01': (4, 2), 'A6.02': (5, 2), 'A6.03': (5, 2), 'A6.05': (3, 2),
    'A6.06': (4, 2), 'A6.14': (5, 2), 'A6.18': (10, 2)}
EARNED = ('A1.29', 'A1.32', 'A1.37', 'A1.41', 'A1.43', 'A1.45', 'A3.28', 'A3.31', 'A3.36', 'A3.40', 'A5.26', 'A5.29', 'A5.34', 'A5.38')  # one point each, two at most
JUDGED = {
    'A2.08': 6, 'A2.09': 6, 'A2.10': 6, 'A2.12': 8, 'A2.15': 4, 'A2.17': 15, 'A2.18': 5, 'A3.13': 5, 'A4.08': 4, 'A4.09': 4, 'A4.10': 4, 'A4.12': 6, 'A4.15': 4, 'A4.17': 12,
    'A4.18': 8, 'A4.21': 6, 'A5.11': 5, 'A6.08': 6, 'A6.09': 6, 'A6.10': 6, 'A6.12': 8, 'A6.15': 4, 'A6.17': 20}
NOTHING_WHEN = ('A2.17', 'A2.18', 'A3.13', 'A4.17', 'A4.18', 'A5.11', 'A6.17')  # 不能满足…, 可操作性不强: then 0
MET_OR_NOT = {  # points: items that have them or nothing
    'employer-public': {
        1: 'A1.05 A1.08 A1.10 A1.28 A1.31 A1.34 A1.35 A1.36 A1.40 A1.44 A1.46', 2: 'A1.06 A1.07 A1.09 A1.11 A1.18 A1.33 A1.39 A1.42',
        3: 'A1.13 A1.15 A1.16 A1.19 A1.27 A1.30 A1.38', 4: 'A1.21', 6: 'A1.17 A1.20'},
    'employer-occupation': {}, 'school-occupation': {}, 'social-occupation': {},
    'school-public': {
        1: 'A3.04 A3.07 A3.09 A3.27 A3.30 A3.33 A3.34 A3.35 A3.39 A3.42 A3.43 A3.45 A3.46', 2: 'A3.05 A3.06 A3.08 A3.10 A3.32 A3.38 A3.41 A3.44', 3: 'A3.12 A3.26 A3.29 A3.37',
        4: 'A3.18', 5: 'A3.19 A3.20'},
    'social-public': {
        1: 'A5.03 A5.06 A5.25 A5.28 A5.31 A5.32 A5.33 A5.37 A5.40 A5.41 A5.43 A5.44', 2: 'A5.04 A5.05 A5.08 A5.22 A5.30 A5.36 A5.39 A5.42', 3: 'A5.07 A5.10 A5.24 A5.27 A5.35',
        4: 'A5.16', 8: 'A5.18'}}
VETOES = {  # for the filing, for starting work
    'employer-public': ('A1.01 A1.03 A1.22 A1.25 A1.26', 'A1.20'), 'employer-occupation': ('A2.11 A2.16 A2.19', 'A2.04'),
    'school-public': ('A3.01 A3.02 A3.21 A3.24 A3.25', 'A3.19 A3.20'), 'school-occupation': ('A4.11 A4.16 A4.19 A4.22', 'A4.04'),
    'social-public': ('A5.01 A5.19 A5.23', 'A5.17 A5.18'), 'social-occupation': ('A6.11 A6.16 A6.18', 'A6.04')}
CONCLUSIONS = [  # points lost, conclusion: on each line and the next lower total that the sheet can give
    *(('employer-public', lost, code) for lost, code in (('15', 'qualified'), ('16', 'basically_qualified'), ('30', 'basically_qualified'), ('31', 'not_qualified'))),
    ('employer-occupation', '15', 'included'), ('employer-occupation', '15.5', 'not_included'),
    *((name, lost, code) for name in ('school-public', 'social-public') for lost, code in (
        ('10', 'qualified'), ('10.5', 'basically_qualified'), ('20', 'basically_qualified'), ('20.5', 'not_qualified'))),
    *((name, lost, code) for name in ('school-occupation', 'social-occupation') for lost, code in (('10', 'included'), ('10.5', 'not_included')))]
BONUS = [  # points of each, highest total, points lost that one of them lifts over the uppermost line
    ('employer-public', 2, 104, '16'), ('employer-occupation', 4, 108, '15.5'), ('school-public', 2, 104, '10.5'), ('school-occupation', 4, 108, '10.5'),
    ('social-public', 2, 104, '10.5'), ('social-occupation', 4, 108, '10.5')]


def test_the_tables_of_this_file_name_every_item_of_their_kind() -> None:
    def of(*kinds: type) -> set[str]:
        return {key for key, item in ITEMS.items() if isinstance(item.rule, kinds)}

    assert (set(FAULTS), set(EARNED), set(JUDGED)) == (of(PerOccurrence), of(PerItemEarned), of(Judgement))
    named = {key for by_points in MET_OR_NOT.values() for ids in by_points.values() for key in ids.split()}
    assert named == {key for key in of(AllOrNothing) if ITEMS[key].points is not None}


@shows('TEV-05')
@pytest.mark.parametrize('item', FAULTS)
def test_every_fault_costs_its_points_until_nothing_is_left(item: str) -> None:
    points, off = FAULTS[item]
    answers = [{'count': n} | ({'hazard': False} if isinstance(ITEMS[item].veto_when, Flag) else {}) for n in range(points // off + 3)]
    assert [item_score(ITEMS[item], answer, HALF) for answer in answers] == [max(0, points - off * n) for n in range(len(answers))]


@pytest.mark.parametrize('item', EARNED)
def test_every_good_one_earns_a_point_up_to_two(item: str) -> None:
    assert [item_score(ITEMS[item], {'count': n}, HALF) for n in (0, 1, 2, 3, 40)] == [0, 1, 2, 2, 2]


@pytest.mark.parametrize('item', JUDGED)
def test_a_judged_score_runs_from_nothing_to_its_points_in_halves(item: str) -> None:
    points = JUDGED[item]
    for score in ('0', '0.5', str(points - HALF), str(points)):
        assert item_score(ITEMS[item], {'score': score}, HALF) == Decimal(score)
    for score in ('-0.5', '0.25', f'{points}.5', str(points + 1)):
        with pytest.raises(Refused):
            item_score(ITEMS[item], {'score': score}, HALF)


@pytest.mark.parametrize('item', JUDGED)
def test_what_does_not_serve_is_worth_nothing(item: str) -> None:
    assert (item in NOTHING_WHEN) == (ITEMS[item].rule.zero_when is not None)  # type: ignore[union-attr]
    if item in NOTHING_WHEN:
        assert item_score(ITEMS[item], {'score': '0', 'zero_when': True}, HALF) == 0
        with pytest.raises(Refused, match='不得分'):
            item_score(ITEMS[item], {'score': '0.5', 'zero_when': True}, HALF)


@pytest.mark.parametrize('rubric_id', RUBRICS)
def test_every_item_that_is_met_or_not_has_its_points_or_none(rubric_id: RubricId) -> None:
    sheet = rubric(rubric_id)
    for points, ids in MET_OR_NOT[rubric_id].items():
        for item in ids.split():
            assert score_sheet(sheet, best_answers(sheet) | {item: {'met': False}}).total == 100 - points, item


# ------------------------------------------------------------------ vetoes


def fails(item: str) -> dict[str, Any]:
    """Return the answer by which an item vetoes."""
    return {'count': 0, 'hazard': True} if isinstance(ITEMS[item].veto_when, Flag) else {'value': 2} if ITEMS[item].rule.kind == 'count_table' else {'met': False}


@shows('TEV-04')
@pytest.mark.parametrize('rubric_id', RUBRICS)
def test_these_items_veto_and_no_others(rubric_id: RubricId) -> None:
    sheet, (filing, operation) = rubric(rubric_id), VETOES[rubric_id]
    everything = best_answers(sheet) | {item.id: {'met': False} for item in sheet.items if isinstance(item.rule, AllOrNothing)}
    result = score_sheet(sheet, everything | {item: fails(item) for item in f'{filing} {operation}'.split()})
    assert (result.filing_vetoes, result.operation_vetoes) == (tuple(filing.split()), tuple(operation.split()))
    assert result.conclusion == sheet.conclusion.bands[-1] and result.operation_blocked


@shows('TEV-04', 'TEV-08')
@pytest.mark.parametrize('item', ['A2.04', 'A4.04', 'A6.04'])
def test_three_examiners_may_start_work_and_two_may_not(item: str) -> None:
    sheet = next(rubric(name) for name in RUBRICS if item in {i.id for i in rubric(name).items})
    assert [score_sheet(sheet, best_answers(sheet) | {item: {'value': heads}}).operation_vetoes for heads in (0, 2, 3, 5)] == [(item,), (item,), (), ()]


@shows('TEV-04')
@pytest.mark.parametrize('item', ['A2.19', 'A4.22', 'A6.18'])
def test_a_hazard_vetoes_and_faults_alone_do_not(item: str) -> None:
    sheet = next(rubric(name) for name in RUBRICS if item in {i.id for i in rubric(name).items})
    results = [score_sheet(sheet, best_answers(sheet) | {item: {'count': count, 'hazard': hazard}}) for count, hazard in ((0, True), (5, True), (5, False))]
    assert [(r.filing_vetoes, r.total) for r in results] == [((item,), 100), ((item,), 90), ((), 90)]


# ------------------------------------------------------------------ lines, bonus, open sheets


@shows('TEV-01', 'TEV-02', 'TEV-03')
@pytest.mark.parametrize(('rubric_id', 'lost', 'code'), CONCLUSIONS)
def test_a_sheet_on_a_line_has_the_better_conclusion_and_one_step_below_the_worse(rubric_id: RubricId, lost: str, code: str) -> None:
    result = score_sheet(rubric(rubric_id), answers_less(rubric(rubric_id), lost))
    assert (result.total, result.conclusion and result.conclusion.code) == (100 - Decimal(lost), code)


@shows('TEV-10')
@pytest.mark.parametrize(('rubric_id', 'each', 'highest', 'lost'), BONUS)
def test_bonus_counts_once_each_lifts_over_a_line_with_a_flag_and_cures_no_veto(rubric_id: RubricId, each: int, highest: int, lost: str) -> None:
    sheet, best, worst = rubric(rubric_id), rubric(rubric_id).conclusion.bands[0], rubric(rubric_id).conclusion.bands[-1]
    claims: list[Answers] = [{b.id: {'met': True} for b in sheet.bonus[:n]} for n in range(3)]
    assert [score_sheet(sheet, best_answers(sheet) | claim).total for claim in claims] == [100, 100 + each, highest]
    below, lifted, high = (score_sheet(sheet, answers | claims[n]) for answers, n in ((answers_less(sheet, lost), 0), (answers_less(sheet, lost), 1), (best_answers(sheet), 1)))
    assert [(r.conclusion == best, r.lifted_by_bonus) for r in (below, lifted, high)] == [(False, False), (True, True), (True, False)]
    veto = VETOES[rubric_id][0].split()[0]
    assert score_sheet(sheet, best_answers(sheet) | claims[2] | {veto: fails(veto)}).conclusion == worst


@pytest.mark.parametrize(('sort', 'kind'), [('employer', 'employer'), ('school', 'technical_school'), ('social', 'social_training_org')])
def test_the_figures_shown_in_the_profile_are_those_the_sheets_score_by(sort: str, kind: str) -> None:
    figures = profile('henan').assessment
    shown = getattr(figures, kind)
    public, occupation = (rubric(name) for name in RUBRICS if name.startswith(f'{sort}-'))
    assert [shown.common_ready.value, shown.common_basic.value] == [band.min for band in public.conclusion.bands[:2]]
    assert shown.occupation.value == occupation.conclusion.bands[0].min
    for sheet, each in ((public, figures.bonus.common_each.value), (occupation, figures.bonus.occupation_each.value)):
        assert {b.add for b in sheet.bonus} == {each} and sheet.bonus_policy.cap_total == figures.bonus.cap_total.value


@pytest.mark.parametrize('rubric_id', RUBRICS)
def test_a_blank_sheet_concludes_nothing_not_even_with_a_bonus(rubric_id: RubricId) -> None:
    sheet = rubric(rubric_id)
    result = score_sheet(sheet, {sheet.bonus[0].id: {'met': True}})
    assert (result.unanswered, result.base, result.band, result.conclusion, result.lifted_by_bonus) == (tuple(i.id for i in sheet.items), 0, None, None, False)
    assert not (result.filing_vetoes or result.operation_vetoes or result.operation_blocked)
