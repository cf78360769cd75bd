"""The points of one item from the answer to it, and whether that answer is a veto.

An answer is a mapping with the keys its rule asks for (assets/rubrics/, schema rubric/1); numbers are whole numbers, decimals or
text ('3.5'), never floats. A key without a value is not answered, which is not 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from app.codes import fold_line
from app.errors import Refused
from app.rubric_models import Item
from app.rubric_rules import AllOrNothing, CountBelow, CountTable, Flag, Judgement, Lease, Options, PerItemEarned, PerOccurrence

Answer = Mapping[str, object]

ZERO = Decimal(0)
_NUMBER = re.compile(r'-?[0-9]{1,9}(\.[0-9]{1,6})?', re.ASCII)


def item_score(item: Item, answer: Answer, step: Decimal) -> Decimal | None:
    """Return the points of an answered item, 0 to item.points; None: the item has no points.

    answer: the keys of `answer_keys(item)` · step: what a judged score is a multiple of, in points
    raises Refused naming the item and its limits; ValueError for keys and types that no page should send
    source: TEV-05, TEV-06, TEV-07, TEV-08, OCC-11; tiers that meet by CONV-01
    """
    if not is_answered(item, answer):
        raise Refused(f'{item.label}尚未评分，请评分后再继续。', rule=rule_id(item))
    if item.points is None:
        _yes(item, answer, 'met')
        return None
    return _points(item, item.points, answer, step)


def is_answered(item: Item, answer: Answer) -> bool:
    """Tell whether all that the rule asks for has a value; raises ValueError for a key it does not know."""
    known, needed = answer_keys(item), _needed_keys(item, answer)
    if strange := sorted(set(answer) - set(known)):
        raise ValueError(f'{item.id} takes {known}, not {strange}')
    return all(answer.get(key) not in (None, '') for key in needed)


def answer_keys(item: Item) -> tuple[str, ...]:
    """Return the keys an answer may have; 'zero_when' says that the condition of that name holds and may be left out."""
    match item.rule:
        case AllOrNothing():
            return ('met',)
        case PerOccurrence():
            return ('count', 'hazard') if isinstance(item.veto_when, Flag) else ('count',)
        case CountTable():
            return ('value',)
        case Options():
            return ('option',)
        case PerItemEarned():
            return ('count',)
        case Judgement(zero_when=condition):
            return ('score',) if condition is None else ('score', 'zero_when')
        case Lease():
            return ('score', 'leased', 'years')


def is_vetoed(item: Item, answer: Answer) -> bool:
    """Tell whether an answered item is the veto it may be; points follow the answer all the same (source: TEV-04)."""
    match item.veto_when:
        case None:
            return False
        case CountBelow(min=least):
            return _value(item, answer) < least
        case Flag(flag=flag):
            return _yes(item, answer, flag)
        case _:
            return not _yes(item, answer, 'met')


def rule_id(item: Item) -> str:
    """Return the rule an item rests on: that of its kind of scoring, else that of its sheet's lines."""
    match item.rule:
        case PerOccurrence():
            return 'TEV-05'
        case Lease():
            return 'TEV-06'
        case CountTable(unit='%'):
            return 'TEV-07'
        case CountTable():
            return 'TEV-08' if item.veto else 'OCC-11' if _is_average(item) else 'ORG-10'
        case _:
            return {'A1': 'TEV-01', 'A3': 'TEV-02', 'A5': 'TEV-02'}.get(item.id.split('.')[0], 'TEV-03')


# ------------------------------------------------------------------ by kind of rule


def _points(item: Item, points: Decimal, answer: Answer, step: Decimal) -> Decimal:
    match item.rule:
        case AllOrNothing():
            return points if _yes(item, answer, 'met') else ZERO
        case PerOccurrence(deduct=deduct, floor=floor):
            return max(floor, points - deduct * _count(item, answer))
        case CountTable(rows=rows):
            value = _value(item, answer)
            return next(row.score for row in rows if value >= row.min)
        case Options() as rule:
            return _option_score(item, rule, answer)
        case PerItemEarned(earn=earn):
            return min(points, earn * _count(item, answer))
        case Judgement() as rule:
            return _judged(item, points, rule, answer, step)
        case Lease() as rule:
            return _leased(item, points, rule, answer, step)


def _option_score(item: Item, rule: Options, answer: Answer) -> Decimal:
    for option in rule.options:
        if option.code == answer['option']:
            return option.score
    choices = '、'.join(f'“{option.label}”' for option in rule.options)
    raise Refused(f'{item.label}没有“{answer["option"]}”这一选项，请从{choices}中选择一项。', rule=rule_id(item))


def _judged(item: Item, points: Decimal, rule: Judgement, answer: Answer, step: Decimal) -> Decimal:
    score = _within(item, points, answer, step)
    if answer.get('zero_when') not in (None, '') and _yes(item, answer, 'zero_when') and score != 0:
        raise Refused(
            f'{item.label}已注明“{rule.zero_when}”，按评估标准不得分，不能评{_text(score)}分，请改为0分或取消注明。', rule=rule_id(item)
        )
    return score


def _leased(item: Item, points: Decimal, rule: Lease, answer: Answer, step: Decimal) -> Decimal:
    """A lease of exactly the threshold belongs to the better tier (CONV-01)."""
    leased = _yes(item, answer, 'leased')
    if leased and rule.leased_zero:
        return ZERO
    score = _within(item, points, answer, step)
    if not leased:
        return score
    assert rule.threshold_years is not None and rule.deduct_at_or_above is not None and rule.deduct_below is not None  # checked at load
    years = _number(item, answer, 'years', '租赁年限')
    if years < 0:
        raise Refused(f'{item.label}的租赁年限填了{_text(years)}年，应不小于0年，请改正。', rule=rule_id(item))
    return max(ZERO, score - (rule.deduct_at_or_above if years >= rule.threshold_years else rule.deduct_below))


def _needed_keys(item: Item, answer: Answer) -> tuple[str, ...]:
    if not isinstance(item.rule, Lease):
        return tuple(key for key in answer_keys(item) if key != 'zero_when')
    if answer.get('leased') is not True:
        return ('score', 'leased')
    return ('leased',) if item.rule.leased_zero else ('score', 'leased', 'years')


# ------------------------------------------------------------------ what an answer holds


def _within(item: Item, points: Decimal, answer: Answer, step: Decimal) -> Decimal:
    score = _number(item, answer, 'score', '得分')
    if not 0 <= score <= points:
        raise Refused(f'{item.label}评了{_text(score)}分，应在0分至{_text(points)}分之间，请改正。', rule=rule_id(item))
    if score % step:
        raise Refused(
            f'{item.label}评了{_text(score)}分，应为{_text(step)}分的整数倍（0分至{_text(points)}分），请改正。', rule=rule_id(item)
        )
    return score


def _count(item: Item, answer: Answer) -> Decimal:
    count = _number(item, answer, 'count', '数量')
    if count < 0 or count % 1:
        raise Refused(f'{item.label}的数量填了{_text(count)}，应为不小于0的整数，请改正。', rule=rule_id(item))
    return count


def _value(item: Item, answer: Answer) -> Decimal:
    assert isinstance(item.rule, CountTable)
    unit, value = item.rule.unit, _number(item, answer, 'value', '数值')
    if unit == '%' and not 0 <= value <= 100:
        raise Refused(f'{item.label}填了{_text(value)}%，应在0%至100%之间，请改正。', rule=rule_id(item))
    if unit != '%' and (value < 0 or (value % 1 and not _is_average(item))):
        whole = '的数' if _is_average(item) else '的整数'
        raise Refused(f'{item.label}填了{_text(value)}{unit}，应为不小于0{whole}，请改正。', rule=rule_id(item))
    return value


def _is_average(item: Item) -> bool:
    """A yearly average of persons has decimals; heads have none."""
    return '年均' in item.content


def _number(item: Item, answer: Answer, key: str, what: str) -> Decimal:
    raw = answer[key]
    if isinstance(raw, bool) or not isinstance(raw, int | str | Decimal):
        raise ValueError(f'{item.id}: {key} is {type(raw).__name__}, give whole number, Decimal or text')
    text = fold_line(format(raw, 'f') if isinstance(raw, Decimal) else str(raw))
    if not _NUMBER.fullmatch(text):
        raise Refused(f'{item.label}的{what}填了“{raw}”，不是可以计算的数字，请用阿拉伯数字填写，如3或3.5。', rule=rule_id(item))
    return Decimal(text)


def _yes(item: Item, answer: Answer, key: str) -> bool:
    value = answer[key]
    if not isinstance(value, bool):
        raise ValueError(f'{item.id}: {key} is {value!r}, give True or False')
    return value


def _text(number: Decimal) -> str:
    """As a person writes it: 3.50 → 3.5, 10.0 → 10."""
    shown = format(number, 'f')
    return shown.rstrip('0').rstrip('.') if '.' in shown else shown
