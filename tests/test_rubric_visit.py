"""The on-site supervision sheet: boxes, computer exam, putting right, ratio advice."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.rubric_visit import StaffNeed, VisitFacts, score_supervision
from app.rubrics import rubric
from tests.rubric_answers import best_boxes
from tests.shows import shows

VISIT = rubric('supervision')
BEST_VISIT = best_boxes(VISIT)
ON_PAPER = VisitFacts(machine_exam=False)


def test_visit_without_every_box_names_the_open_ones() -> None:
    result = score_supervision(VISIT, {key: code for key, code in BEST_VISIT.items() if key != 'SV.10'} | {'SV.14': None}, ON_PAPER)
    assert (result.unanswered, result.total) == (('SV.10', 'SV.14'), 85)


@shows('SUP-10')
@pytest.mark.parametrize('item', [item.id for item in VISIT.items])
def test_each_box_counts_its_points(item: str) -> None:
    row = next(each for each in VISIT.items if each.id == item)
    totals = [score_supervision(VISIT, BEST_VISIT | {item: option.code}, ON_PAPER).total for option in row.rule.options]
    assert totals == [100 - row.points + option.score for option in row.rule.options]


@shows('SUP-11')
@pytest.mark.parametrize('ticked', [None, 'no_single_desk', 'hall', 'no such box'])
def test_computer_exam_locks_room_and_labels_at_full_points(ticked: str | None) -> None:
    answers = BEST_VISIT | {'SV.01': ticked, 'SV.02': 'absent', 'SV.04': 'under_five'}
    result = score_supervision(VISIT, answers, VisitFacts(machine_exam=True, rectify_ordered=True, rectify_result='fixed'))
    assert [(item.option, item.score, item.locked) for item in result.items[:3]] == [
        ('standard', 12, True),
        ('complete', 3, True),
        ('ample', 10, False),
    ]
    assert (result.total, result.unanswered) == (95, ())


@shows('SUP-11')
def test_locked_items_do_not_ask_for_rectification() -> None:
    answers = BEST_VISIT | {'SV.01': 'no_single_desk', 'SV.02': 'absent'}
    asked = [score_supervision(VISIT, answers, VisitFacts(machine_exam=machine)).rectify_asked for machine in (True, False)]
    assert asked == [False, True]


@pytest.mark.parametrize(('item', 'code', 'asked'), [('SV.03', 'unfit', True), ('SV.03', 'short', False), ('SV.05', 'not_held', False)])
def test_only_a_room_item_at_zero_asks_for_rectification(item: str, code: str, asked: bool) -> None:
    assert score_supervision(VISIT, BEST_VISIT | {item: code}, ON_PAPER).rectify_asked is asked


@shows('SUP-12')
@pytest.mark.parametrize(
    ('ordered', 'outcome', 'reported', 'open_question', 'terminated'),
    [
        (None, None, None, ('block', 'rectify_ordered'), False),
        (False, None, None, ('warn', 'rectify_ordered'), False),
        (False, 'not_fixed', True, ('warn', 'rectify_ordered'), False),
        (True, None, None, ('block', 'rectify_result'), False),
        (True, None, True, ('block', 'rectify_result'), False),
        (True, 'fixed', None, None, False),
        (True, 'not_fixed', None, ('block', 'reported_to_head'), False),
        (True, 'not_fixed', False, ('block', 'reported_to_head'), False),
        (True, 'not_fixed', True, None, True),
    ],
)
def test_exam_ends_only_after_order_failure_and_report(
    ordered: bool | None, outcome: Any, reported: bool | None, open_question: tuple[str, str] | None, terminated: bool
) -> None:
    facts = VisitFacts(machine_exam=False, rectify_ordered=ordered, rectify_result=outcome, reported_to_head=reported)
    result = score_supervision(VISIT, BEST_VISIT | {'SV.03': 'unfit'}, facts)
    assert [(finding.severity, finding.subject) for finding in result.findings] == ([open_question] if open_question else [])
    assert (result.terminated, result.total, result.items[2].option) == (terminated, 90, 'unfit')


@shows('SUP-12')
def test_orders_left_over_from_another_tick_end_no_exam() -> None:
    facts = VisitFacts(machine_exam=False, rectify_ordered=True, rectify_result='not_fixed', reported_to_head=True)
    result = score_supervision(VISIT, BEST_VISIT, facts)
    assert (result.terminated, result.findings, result.total) == (False, (), 100)


@pytest.mark.parametrize(
    ('candidates', 'invigilators', 'examiners', 'needed', 'advice'),
    [
        (30, 2, 3, [2, 3], 'all'),
        (31, 2, 3, [4, 3], 'some'),
        (31, 4, 3, [4, 3], 'all'),
        (60, 4, 2, [4, 3], 'some'),
        (61, 5, 2, [6, 3], 'none'),
        (0, 0, 0, [0, 0], 'all'),
    ],
)
def test_ratio_advice(candidates: int, invigilators: int, examiners: int, needed: list[int], advice: str) -> None:
    facts = VisitFacts(machine_exam=False, candidates=candidates, invigilators=invigilators, examiners=examiners)
    result = score_supervision(VISIT, BEST_VISIT | {'SV.07': 'none'}, facts)
    assert ([need.required for need in result.needs], result.advice) == (needed, advice)
    assert (result.items[6].option, result.total) == ('none', 90)  # advice ticks nothing
    assert advice in {option.code for option in VISIT.items[6].rule.options}


def test_ratio_half_known_advises_nothing() -> None:
    result = score_supervision(VISIT, BEST_VISIT, VisitFacts(machine_exam=False, candidates=31, examiners=2))
    assert (result.needs, result.needs[0].is_met, result.advice) == ((StaffNeed('SV.R2', 3, 2),), False, None)


@pytest.mark.parametrize('facts', [{'candidates': -1}, {'invigilators': -1}, {'candidates': 3, 'examiners': -2}])
def test_negative_number_of_persons_is_refused(facts: dict[str, int]) -> None:
    with pytest.raises(Refused, match='应为不小于0的整数'):
        score_supervision(VISIT, BEST_VISIT, VisitFacts(machine_exam=False, **facts))


@shows('SUP-10')
def test_unknown_boxes_are_refused_by_name() -> None:
    with pytest.raises(Refused) as refused:
        score_supervision(VISIT, BEST_VISIT | {'SV.05': 'maybe', 'SV.06': '?'}, ON_PAPER)
    assert [finding.sentence for finding in refused.value.findings] == [
        'SV.05“考评组召开考评会”没有“maybe”这一选项，请从“召开”、“未召开”中选择一项。',
        'SV.06“考评组考前检查”没有“?”这一选项，请从“检查”、“未检查”中选择一项。',
    ]


def test_box_of_no_item_is_our_mistake() -> None:
    with pytest.raises(ValueError, match='SV.99'):
        score_supervision(VISIT, {'SV.99': 'all'}, ON_PAPER)


@given(
    st.fixed_dictionaries({item.id: st.sampled_from([None, *(option.code for option in item.rule.options)]) for item in VISIT.items}),
    st.booleans(),
)
def test_visit_total_is_the_sum_of_its_boxes(answers: dict[str, str | None], machine: bool) -> None:
    result = score_supervision(VISIT, answers, VisitFacts(machine_exam=machine))
    assert result.total == sum(item.score for item in result.items if item.score is not None) == sum(part.score for part in result.sections)
    assert all(item.score is None or 0 <= item.score <= row.points for item, row in zip(result.items, VISIT.items, strict=True))
    assert 0 <= result.total <= VISIT.total_points
