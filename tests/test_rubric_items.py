"""Every kind of rule at its edges, and answers outside their limits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.errors import Refused
from app.rubric_items import item_score
from app.rubric_rules import AllOrNothing, CountTable, Judgement, Lease, Options, PerItemEarned, PerOccurrence
from app.rubrics import RUBRICS, rubric
from tests.shows import shows

ITEMS = {item.id: item for name in RUBRICS for item in rubric(name).items}
HALF = Decimal('0.5')


# ------------------------------------------------------------------ every kind of rule


def test_rules_of_all_seven_kinds_stand_in_the_sheets() -> None:
    kinds = {type(item.rule) for item in ITEMS.values()}
    assert kinds == {AllOrNothing, PerOccurrence, CountTable, Options, PerItemEarned, Judgement, Lease}


@pytest.mark.parametrize(
    ('item', 'answer', 'score'),
    [
        ('A1.20', {'met': True}, 6),
        ('A1.20', {'met': False}, 0),
        ('A1.01', {'met': True}, None),  # a veto without points
        ('A1.14', {'option': 'full'}, 7),
        ('A1.14', {'option': 'not_detailed'}, 2),
        ('A1.14', {'option': 'not_operable'}, 0),
        ('A1.29', {'count': 0}, 0),
        ('A1.29', {'count': 1}, 1),
        ('A1.29', {'count': 2}, 2),
        ('A1.29', {'count': 9}, 2),  # 满分为止
        ('A2.17', {'score': '12.5'}, Decimal('12.5')),
        ('A2.17', {'score': '15', 'zero_when': False}, 15),
        ('A2.17', {'score': '0', 'zero_when': True}, 0),
        ('A2.17', {'score': '１２．５'}, Decimal('12.5')),  # full width, as typed
    ],
)
def test_answer_earns(item: str, answer: dict[str, Any], score: Decimal | int | None) -> None:
    assert item_score(ITEMS[item], answer, HALF) == score


@shows('TEV-05')
@pytest.mark.parametrize(
    ('item', 'scores'),
    [
        ('A1.04', [8, 6, 4, 2, 0, 0]),
        ('A1.12', [3, 2, 1, 0, 0]),
        ('A2.05', [3, 1, 0, 0]),  # 3 points at 2 each
        ('A4.02', [5, 3, 1, 0, 0]),
    ],
)
def test_deductions_never_take_an_item_below_zero(item: str, scores: list[int]) -> None:
    assert [item_score(ITEMS[item], {'count': count}, HALF) for count in range(len(scores))] == scores


@shows('TEV-08', 'CONV-01')
@pytest.mark.parametrize(
    ('item', 'scores'),
    [
        ('A2.04', {0: 0, 2: 0, 3: 5, 4: 5, 5: 8, 12: 8}),  # employer
        ('A4.04', {0: 0, 2: 0, 3: 4, 4: 6, 12: 6}),  # school
        ('A6.04', {0: 0, 2: 0, 3: 4, 4: 6, 12: 6}),  # social body
    ],
)
def test_three_examiners_belong_to_the_better_tier(item: str, scores: dict[int, int]) -> None:
    assert {heads: item_score(ITEMS[item], {'value': heads}, HALF) for heads in scores} == scores


@pytest.mark.parametrize('item', ['A2.07', 'A4.07', 'A6.07'])
def test_each_missing_expert_costs_two_points(item: str) -> None:
    assert [item_score(ITEMS[item], {'value': heads}, HALF) for heads in range(4)] == [0, 1, 3, 3]


@shows('TEV-07', 'CONV-01')
@pytest.mark.parametrize(('item', 'full'), [('A2.13', 5), ('A4.13', 4), ('A6.13', 5)])
def test_eighty_percent_in_working_order_is_enough(item: str, full: int) -> None:
    shares = ('0', '79.9', '79.999999', '80', '85.7', '100')
    assert [item_score(ITEMS[item], {'value': share}, HALF) for share in shares] == [0, 0, 0, full, full, full]


@shows('OCC-11', 'CONV-01')
def test_twenty_trained_a_year_still_give_part_marks() -> None:
    averages = ('0', '19.9', '20', '29.99', '30', '62')
    assert [item_score(ITEMS['A4.20'], {'value': average}, HALF) for average in averages] == [0, 0, 2, 2, 4, 4]


@shows('TEV-06', 'CONV-01')
@pytest.mark.parametrize(('item', 'threshold'), [('A3.16', 3), ('A3.17', 3), ('A5.14', 5), ('A5.15', 5)])
def test_lease_of_exactly_the_threshold_is_a_long_one(item: str, threshold: int) -> None:
    years = ('0', str(threshold - 1), f'{threshold - 1}.99', str(threshold), str(threshold + 1))
    scores = [item_score(ITEMS[item], {'score': '4', 'leased': True, 'years': year}, HALF) for year in years]
    assert scores == [1, 1, 1, 3, 3]


@shows('TEV-06')
@pytest.mark.parametrize('item', ['A3.14', 'A3.15', 'A5.12', 'A5.13'])
def test_leased_office_and_archive_get_nothing(item: str) -> None:
    full = ITEMS[item].points
    answers = [{'leased': True}, {'leased': True, 'score': full, 'years': 20}, {'leased': False, 'score': full}]
    assert [item_score(ITEMS[item], answer, HALF) for answer in answers] == [0, 0, full]


@shows('TEV-06', 'TEV-05')
def test_lease_never_takes_a_judged_score_below_zero() -> None:
    judged = [('2.5', 1), ('3.5', 1), ('0.5', 3), ('1', 3), ('4', None)]
    answers = [{'score': score, 'leased': years is not None, 'years': years} for score, years in judged]
    assert [item_score(ITEMS['A3.16'], answer, HALF) for answer in answers] == [0, HALF, 0, 0, 4]


# ------------------------------------------------------------------ refusals

REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ('A2.17', {'score': '15.5'}, 'TEV-03', '评了15.5分，应在0分至15分之间，请改正。'),
    ('A2.17', {'score': '-0.5'}, 'TEV-03', '评了-0.5分，应在0分至15分之间，请改正。'),
    ('A2.17', {'score': '12.3'}, 'TEV-03', '评了12.3分，应为0.5分的整数倍（0分至15分），请改正。'),
    ('A2.17', {'score': '十二'}, 'TEV-03', '的得分填了“十二”，不是可以计算的数字，请用阿拉伯数字填写，如3或3.5。'),
    ('A2.17', {'score': 'NaN'}, 'TEV-03', '的得分填了“NaN”，不是可以计算的数字，请用阿拉伯数字填写，如3或3.5。'),
    ('A2.17', {'score': '3', 'zero_when': True}, 'TEV-03', '已注明“不能满足考评需要”，按评估标准不得分，不能评3分，请改为0分或取消注明。'),
    (
        'A1.14',
        {'option': 'perfect'},
        'TEV-01',
        '没有“perfect”这一选项，请从“符合文件要求，且内容详实、可操作性强”、“内容不详实”、“可操作性不强”中选择一项。',
    ),
    ('A1.04', {'count': -1}, 'TEV-05', '的数量填了-1，应为不小于0的整数，请改正。'),
    ('A1.04', {'count': '1.5'}, 'TEV-05', '的数量填了1.5，应为不小于0的整数，请改正。'),
    ('A3.28', {'count': -1}, 'TEV-02', '的数量填了-1，应为不小于0的整数，请改正。'),
    ('A2.04', {'value': -1}, 'TEV-08', '填了-1人，应为不小于0的整数，请改正。'),
    ('A2.04', {'value': '3.5'}, 'TEV-08', '填了3.5人，应为不小于0的整数，请改正。'),
    ('A2.07', {'value': '0.5'}, 'ORG-10', '填了0.5人，应为不小于0的整数，请改正。'),
    ('A4.20', {'value': '-0.5'}, 'OCC-11', '填了-0.5人，应为不小于0的数，请改正。'),
    ('A2.13', {'value': '100.1'}, 'TEV-07', '填了100.1%，应在0%至100%之间，请改正。'),
    ('A2.13', {'value': '-1'}, 'TEV-07', '填了-1%，应在0%至100%之间，请改正。'),
    ('A3.16', {'score': '4', 'leased': True, 'years': -1}, 'TEV-06', '的租赁年限填了-1年，应不小于0年，请改正。'),
    ('A3.16', {'score': '4.5', 'leased': True, 'years': 5}, 'TEV-06', '评了4.5分，应在0分至4分之间，请改正。'),
    ('A3.16', {'score': '4', 'leased': True}, 'TEV-06', '尚未评分，请评分后再继续。'),
    ('A1.20', {}, 'TEV-01', '尚未评分，请评分后再继续。'),
]


@pytest.mark.parametrize(('item', 'answer', 'rule', 'sentence'), REFUSED)
def test_answer_outside_its_limits_is_refused_by_name(item: str, answer: dict[str, Any], rule: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        item_score(ITEMS[item], answer, HALF)
    assert (refused.value.sentence, refused.value.rule) == (f'{item}“{ITEMS[item].content}”{sentence}', rule)


@pytest.mark.parametrize(
    ('item', 'answer'),
    [
        ('A1.20', {'met': 'yes'}),
        ('A1.01', {'met': 1}),
        ('A1.04', {'count': 1, 'hazard': True}),  # no hazard asked here
        ('A2.08', {'score': 3, 'zero_when': True}),  # no such condition here
        ('A2.17', {'score': 3.5}),  # a float
        ('A2.17', {'score': True}),
        ('A2.17', {'points': 3}),
    ],
)
def test_answer_of_another_shape_is_our_mistake(item: str, answer: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=item):
        item_score(ITEMS[item], answer, HALF)


def test_step_of_the_sheet_decides_on_half_points() -> None:
    assert item_score(ITEMS['A2.17'], {'score': '12.5'}, HALF) == Decimal('12.5')
    with pytest.raises(Refused, match='应为1分的整数倍'):
        item_score(ITEMS['A2.17'], {'score': '12.5'}, Decimal(1))
