"""Answers to score sheets for tests: the best one to every item, then what a case changes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.rubric_models import Item, Rubric
from app.rubric_rules import AllOrNothing, CountTable, Flag, Judgement, Lease, Options, PerItemEarned
from app.rubric_visit import VisitSheet

Answers = dict[str, dict[str, Any]]


def best_answers(sheet: Rubric) -> Answers:
    """Return answers that earn every point and fire no veto; no bonus is claimed."""
    return {item.id: best_answer(item) for item in sheet.items}


def best_answer(item: Item) -> dict[str, Any]:
    """Return the answer that earns all points of an item."""
    match item.rule:
        case AllOrNothing():
            return {'met': True}
        case CountTable(rows=rows):
            return {'value': rows[0].min}
        case Options(options=options):
            return {'option': options[0].code}
        case PerItemEarned():
            return {'count': item.points}
        case Judgement():
            return {'score': str(item.points)}
        case Lease():
            return {'score': str(item.points), 'leased': False}
        case _:
            return {'count': 0, 'hazard': False} if isinstance(item.veto_when, Flag) else {'count': 0}


def best_boxes(sheet: VisitSheet) -> dict[str, str]:
    """Return the box of every item that gives all points."""
    return {item.id: item.full.code for item in sheet.items}


def answers_less(sheet: Rubric, points: str) -> Answers:
    """Return answers that lose exactly so many points and fire no veto: judged items first, then what is met or not, the largest first."""
    answers, left = best_answers(sheet), Decimal(points)
    for item in sheet.items:
        if left and isinstance(item.rule, Judgement) and item.points:
            off = left if left <= item.points else item.points - (1 - left % 1 if left % 1 else 0)  # half a point comes off the first
            answers[item.id] = {'score': str(item.points - off)}
            left -= off
    for item in sorted(sheet.items, key=lambda i: -(i.points or 0)):
        if isinstance(item.rule, AllOrNothing) and not item.veto and item.points and item.points <= left:
            answers[item.id] = {'met': False}
            left -= item.points
    assert left == 0, (sheet.id, points, left)
    return answers
