"""Answers to score sheets for tests: the best one to every item, then what a case changes."""

from __future__ import annotations

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
