"""Assessment sheets: load one, score it, draw the conclusion; all figures come from assets/rubrics/.

Points are decimals and are never rounded: 89.5 stays below 90.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, overload

from app.errors import Refused
from app.findings import Finding, refuse_blocks
from app.rubric_items import ZERO, Answer, is_answered, is_vetoed, item_score, rule_id
from app.rubric_models import Band, Item, Rubric, Scope
from app.rubric_rules import Flag
from app.rubric_visit import VisitSheet

RubricId = Literal['employer-public', 'employer-occupation', 'school-public', 'school-occupation', 'social-public', 'social-occupation']
RUBRICS: tuple[RubricId, ...] = (
    'employer-public',
    'employer-occupation',
    'school-public',
    'school-occupation',
    'social-public',
    'social-occupation',
)
FOLDER = Path(__file__).resolve().parents[1] / 'assets' / 'rubrics'


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item: score is None while unanswered and for an item without points; veto only when it fires."""

    id: str
    answered: bool
    points: Decimal | None
    score: Decimal | None
    veto: Scope | None


@dataclass(frozen=True, slots=True)
class Sum:
    """A group or section; score counts what was answered so far."""

    id: str
    points: Decimal
    score: Decimal
    unanswered: tuple[str, ...]  # item ids


@dataclass(frozen=True, slots=True)
class SheetResult:
    """A sheet scored; base and total count what was answered so far, the rest follows when nothing is open.

    band: where the total falls · conclusion: what the sheet says after vetoes; both None while an item is unanswered
    filing_vetoes, operation_vetoes: ids of items whose veto fires, shown in an incomplete sheet too
    operation_blocked: the sentence that no work may start until the operation vetoes are cured; None: nothing in the way
    lifted_by_bonus: base alone falls in a lower band than total
    findings: warnings and reminders for the assessor, none of which changes a figure
    """

    items: tuple[ItemResult, ...]
    groups: tuple[Sum, ...]
    sections: tuple[Sum, ...]
    base: Decimal
    bonus: Decimal
    total: Decimal
    band: Band | None
    conclusion: Band | None
    filing_vetoes: tuple[str, ...]
    operation_vetoes: tuple[str, ...]
    operation_blocked: str | None
    unanswered: tuple[str, ...]
    lifted_by_bonus: bool
    findings: tuple[Finding, ...]


@overload
def rubric(rubric_id: Literal['supervision']) -> VisitSheet: ...
@overload
def rubric(rubric_id: RubricId) -> Rubric: ...
def rubric(rubric_id: RubricId | Literal['supervision']) -> Rubric | VisitSheet:
    """Return the sheet of an id, read once; raises ValueError for an unknown id and for a sheet that does not add up."""
    return _visit_sheet() if rubric_id == 'supervision' else _rubric(rubric_id)


def score_sheet(sheet: Rubric, answers: Mapping[str, Answer]) -> SheetResult:
    """Return points, vetoes and conclusion of an assessment sheet.

    answers: {item id: {key: value}}, keys by `rubric_items.answer_keys`; {bonus id: {'met': bool}}, a bonus left out is not claimed
    raises Refused with one finding for each answer outside its limits; ValueError for ids the sheet does not have
    source: TEV-01, TEV-02, TEV-03, TEV-04, TEV-10
    """
    if strange := set(answers) - {item.id for item in sheet.items} - {item.id for item in sheet.bonus}:
        raise ValueError(f'{sheet.id} has no {sorted(strange)}')
    items = _item_results(sheet, answers)
    by_id = {item.id: item for item in items}
    groups = [(group.id, group.points, [by_id[item.id] for item in group.items]) for section in sheet.sections for group in section.groups]
    sections = [
        (section.id, section.points, [by_id[item.id] for group in section.groups for item in group.items]) for section in sheet.sections
    ]
    base, bonus = _scored(items), _bonus(sheet, answers)
    unanswered = tuple(item.id for item in items if not item.answered)
    filing = tuple(item.id for item in items if item.veto == 'filing')
    operation = tuple(item.id for item in items if item.veto == 'operation')
    lines = sheet.conclusion
    band = None if unanswered else lines.band_of(base + bonus)
    return SheetResult(
        items=items,
        groups=tuple(_sum(*group) for group in groups),
        sections=tuple(_sum(*section) for section in sections),
        base=base,
        bonus=bonus,
        total=base + bonus,
        band=band,
        conclusion=lines.band(lines.on_filing_veto) if band and filing else band,
        filing_vetoes=filing,
        operation_vetoes=operation,
        operation_blocked=lines.on_operation_veto.text if operation else None,
        unanswered=unanswered,
        lifted_by_bonus=band is not None and lines.band_of(base) != band,
        findings=tuple(_remarks(sheet, answers)),
    )


def is_included(public: SheetResult, occupation: SheetResult) -> bool:
    """Tell whether the occupation may be taken in: its own sheet says so and the public part has not failed.

    raises ValueError for a sheet with open items
    source: TEV-03; that a failed public part leaves no occupation is our reading, the source is silent
    """
    if public.conclusion is None or occupation.conclusion is None:
        raise ValueError('a sheet with open items has no conclusion')
    return public.conclusion.min > 0 and occupation.conclusion.min > 0


def header_findings(sheet: Rubric, header: Mapping[str, int]) -> list[Finding]:
    """Return a block for each check of the cells above the table that fails; header: {field key: number}, open cells left out."""
    labels = {field.key: field.label for field in sheet.header_fields}
    found = []
    for check in sheet.header_checks:
        parts = sum(header.get(key, 0) for key in check.fields)
        if check.limit in header and parts > header[check.limit]:
            names = '、'.join(f'“{labels[key]}”' for key in check.fields)
            sentence = f'{names}合计{parts}人，多于“{labels[check.limit]}”{header[check.limit]}人，请核对后改正。'
            found.append(Finding('TEV-03', 'block', check.limit, sentence))
    return found


# ------------------------------------------------------------------ load


@cache
def _rubric(rubric_id: RubricId) -> Rubric:
    if rubric_id not in RUBRICS:
        raise ValueError(f'no rubric {rubric_id!r}')
    return Rubric.model_validate_json((FOLDER / f'{rubric_id}.json').read_bytes())


@cache
def _visit_sheet() -> VisitSheet:
    return VisitSheet.model_validate_json((FOLDER / 'supervision.json').read_bytes())


# ------------------------------------------------------------------ score


def _item_results(sheet: Rubric, answers: Mapping[str, Answer]) -> tuple[ItemResult, ...]:
    results, faults = [], []
    for item in sheet.items:
        try:
            results.append(_item_result(item, answers.get(item.id, {}), sheet.score_step))
        except Refused as fault:
            faults.append(Finding(fault.rule, 'block', item.id, fault.sentence))
    refuse_blocks(faults)
    return tuple(results)


def _item_result(item: Item, answer: Answer, step: Decimal) -> ItemResult:
    if not is_answered(item, answer):
        return ItemResult(item.id, answered=False, points=item.points, score=None, veto=None)
    score = item_score(item, answer, step)
    return ItemResult(item.id, answered=True, points=item.points, score=score, veto=item.veto_scope if is_vetoed(item, answer) else None)


def _sum(place: str, points: Decimal, items: list[ItemResult]) -> Sum:
    return Sum(place, points, _scored(items), tuple(item.id for item in items if not item.answered))


def _scored(items: Iterable[ItemResult]) -> Decimal:
    return sum((item.score for item in items if item.score is not None), ZERO)


def _bonus(sheet: Rubric, answers: Mapping[str, Answer]) -> Decimal:
    """Each once, none of them capped (TEV-10)."""
    earned = ZERO
    for item in sheet.bonus:
        answer = answers.get(item.id, {'met': False})
        if set(answer) != {'met'} or not isinstance(answer['met'], bool | None):
            raise ValueError(f"{item.id} takes {{'met': True or False}}, not {answer!r}")
        earned += item.add if answer['met'] else ZERO
    return earned


def _remarks(sheet: Rubric, answers: Mapping[str, Answer]) -> Iterable[Finding]:
    for item in sheet.items:
        answer = answers.get(item.id, {})
        if not is_answered(item, answer):
            continue
        if isinstance(item.veto_when, Flag) and is_vetoed(item, answer) and item_score(item, answer, sheet.score_step) == item.points:
            sentence = f'{item.label}已注明“{item.veto_when.text}”，扣分处数却为0，请核对处数，或说明理由。'
            yield Finding('TEV-04', 'warn', item.id, sentence)
        if item.advisory and answer['met'] is False:
            yield Finding(
                rule_id(item),
                'remind',
                item.id,
                f'{item.label}不符合“{item.standard.rstrip("。")}”。此项不计分、不否决，请告知申请单位改正。',
            )
