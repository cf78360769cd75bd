# long: the sheet of one visit, its types and its scoring, read side by side
"""The on-site supervision sheet (schema supervision/1): its types, its points, and what follows when a room is not in order.

The paper prints no pass line, so there is no verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, PositiveInt, model_validator

from app.errors import Refused
from app.findings import Finding, refuse_blocks
from app.rubric_models import HeaderField, Scored, Source, check_sum
from app.rubric_rules import Data, Option, Options, Points, check_distinct

RepairResult = Literal['fixed', 'not_fixed']


class VisitItem(Scored):
    """One row with its boxes."""

    name: str
    points: Points
    machine_full_marks: bool
    rule: Options
    note: str = ''

    @model_validator(mode='after')
    def _best_box_gives_all(self) -> Self:
        if self.rule.best != self.points:
            raise ValueError(f'{self.id}: the best box must give all points')
        return self

    @property
    def full(self) -> Option:
        """The box that gives all points."""
        return next(option for option in self.rule.options if option.score == self.points)


class Choice(Data):
    """An answer to a question of the action."""

    code: RepairResult
    label: str


class ActionField(Data):
    """A question that follows a room not in order."""

    key: Literal['rectify_ordered', 'rectify_result', 'reported_to_head']
    label: str
    type: Literal['bool', 'choice']
    choices: tuple[Choice, ...] = ()


class OnNotFixed(Data):
    """What follows when putting right did not help."""

    status: Literal['terminated']
    label: str
    needs: Literal['reported_to_head']


class Action(Data):
    """What the supervisor orders when a room is not in order."""

    printed_text: str
    fields: tuple[ActionField, ...]
    on_not_fixed: OnNotFixed

    def label(self, key: str) -> str:
        """Return the label of a question."""
        return next(field.label for field in self.fields if field.key == key)


class VisitSection(Scored):
    """A quarter of the sheet."""

    name: str
    points: Points
    items: tuple[VisitItem, ...]
    action: Action | None = None

    @model_validator(mode='after')
    def _adds_up(self) -> Self:
        check_sum(self.id, self.points, self.items)
        return self


class MachineExam(Data):
    """Items that score full in a computer exam."""

    field: Literal['machine_exam']
    printed_text: str
    full_marks_items: tuple[str, ...]
    locks_options: Literal[True]


class Signature(Data):
    """Where the supervisor signs."""

    key: str
    label: str
    type: Literal['date'] | None = None


class Opinion(Data):
    """The written opinion and what it must speak of."""

    key: str
    label: str
    required: bool
    asks: tuple[str, ...]
    signature: Signature
    signed_on: Signature


class TheoryRatio(Data):
    """Invigilators: so many for every started room."""

    id: str
    applies_to: Literal['theory']
    text: str
    staff_field: Literal['invigilators']
    candidates_per_room: PositiveInt
    staff_per_room: PositiveInt
    required_formula: str
    hard_minimum: bool
    support: str

    def required(self, candidates: int) -> int:
        """Return the least number of invigilators: 30 → 2, 31 → 4."""
        return self.staff_per_room * -(-candidates // self.candidates_per_room)


class SkillsRatio(Data):
    """Examiners: so many for a candidate, the same for several."""

    id: str
    applies_to: Literal['skills']
    text: str
    staff_field: Literal['examiners']
    staff_per_candidate_min: PositiveInt
    staff_per_candidate_usual_max: PositiveInt
    staff_shared_between_candidates: Literal[True]
    required_formula: str
    hard_minimum: bool
    support: str

    def required(self, candidates: int) -> int:
        """Return the least number of examiners, none without candidates."""
        return self.staff_per_candidate_min if candidates else 0


class VisitSheet(Data):
    """F-SUPERV: the on-site supervision sheet."""

    schema_: Literal['supervision/1'] = Field(alias='schema')
    id: str
    title: str
    source: Source
    total_points: Points
    header_fields: tuple[HeaderField, ...]
    machine_exam: MachineExam
    sections: tuple[VisitSection, ...]
    opinion: Opinion
    notes_title: str
    notes: tuple[str, ...]
    ratio_rules: tuple[Annotated[TheoryRatio | SkillsRatio, Field(discriminator='applies_to')], ...]
    ratio_use: str
    conclusion: None

    @model_validator(mode='after')
    def _adds_up(self) -> Self:
        check_sum(self.id, self.total_points, self.sections)
        check_distinct([item.id for item in self.items])
        marked = tuple(item.id for item in self.items if item.machine_full_marks)
        if marked != self.machine_exam.full_marks_items:
            raise ValueError(f'{self.id}: the items of the computer exam stand differently in two places')
        return self

    @property
    def items(self) -> tuple[VisitItem, ...]:
        """All items in print order."""
        return tuple(item for section in self.sections for item in section.items)


# ------------------------------------------------------------------ score


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What the supervisor states beside the boxes; None: not stated.

    candidates, invigilators, examiners: persons, 0 or more
    """

    machine_exam: bool
    candidates: int | None = None
    invigilators: int | None = None
    examiners: int | None = None
    rectify_ordered: bool | None = None
    rectify_result: RepairResult | None = None
    reported_to_head: bool | None = None


@dataclass(frozen=True, slots=True)
class VisitItemResult:
    """One row: the box in force (None: open), its points, and whether the computer exam has set it."""

    id: str
    option: str | None
    score: Decimal | None
    locked: bool


@dataclass(frozen=True, slots=True)
class VisitSum:
    """A section; score counts what was ticked so far."""

    id: str
    points: Decimal
    score: Decimal


@dataclass(frozen=True, slots=True)
class StaffNeed:
    """One ratio rule: persons needed and present."""

    id: str
    required: int
    present: int

    @property
    def is_met(self) -> bool:
        """Enough are there."""
        return self.present >= self.required


@dataclass(frozen=True, slots=True)
class VisitResult:
    """A sheet scored; total counts what was ticked so far, and is the sheet's only when `unanswered` is empty.

    rectify_asked: a box of the room section scores 0, so the supervisor is asked whether it was ordered to be put right
    terminated: putting right did not help, the head was told, the exam ends; the boxes stay
    findings: blocks that stop signing, warnings that need a reason
    needs, advice: the ratio rules that could be worked out, and the box they suggest for SV.07 (None: not both known)
    """

    items: tuple[VisitItemResult, ...]
    sections: tuple[VisitSum, ...]
    total: Decimal
    unanswered: tuple[str, ...]
    rectify_asked: bool
    terminated: bool
    findings: tuple[Finding, ...]
    needs: tuple[StaffNeed, ...]
    advice: str | None


def score_supervision(sheet: VisitSheet, answers: Mapping[str, str | None], facts: VisitFacts) -> VisitResult:
    """Return the points of an on-site sheet and what follows from a room not in order.

    answers: {item id: option code}, None or left out: not ticked, which is not 0; an answer to a locked item is passed over,
        and so is an answer to a question that is not asked
    raises Refused with one finding for each unknown box and for a negative number of persons; ValueError for ids the sheet does not have
    source: SUP-10, SUP-11, SUP-12
    """
    if strange := set(answers) - {item.id for item in sheet.items}:
        raise ValueError(f'{sheet.id} has no {sorted(strange)}')
    items = _item_results(sheet, answers, facts)
    by_id = {item.id: item for item in items}
    sections = tuple(VisitSum(part.id, part.points, _scored([by_id[item.id] for item in part.items])) for part in sheet.sections)
    asked = [part for part in sheet.sections if part.action and any(by_id[item.id].score == 0 for item in part.items)]
    needs = _staff_needs(sheet, facts)
    return VisitResult(
        items=items,
        sections=sections,
        total=sum((part.score for part in sections), Decimal(0)),
        unanswered=tuple(item.id for item in items if item.option is None),
        rectify_asked=bool(asked),
        terminated=bool(asked and facts.rectify_ordered and facts.rectify_result == 'not_fixed' and facts.reported_to_head),
        findings=tuple(finding for part in asked if part.action for finding in _repair_findings(part.name, part.action, facts)),
        needs=needs,
        advice=_advice(needs, of=len(sheet.ratio_rules)),
    )


def _item_results(sheet: VisitSheet, answers: Mapping[str, str | None], facts: VisitFacts) -> tuple[VisitItemResult, ...]:
    results, faults = [], []
    for item in sheet.items:
        try:
            results.append(_item_result(item, answers.get(item.id), machine_exam=facts.machine_exam))
        except Refused as fault:
            faults.append(Finding(fault.rule, 'block', item.id, fault.sentence))
    refuse_blocks(faults)
    return tuple(results)


def _item_result(item: VisitItem, code: str | None, *, machine_exam: bool) -> VisitItemResult:
    if machine_exam and item.machine_full_marks:
        return VisitItemResult(item.id, item.full.code, item.full.score, locked=True)
    if not code:
        return VisitItemResult(item.id, None, None, locked=False)
    for option in item.rule.options:
        if option.code == code:
            return VisitItemResult(item.id, code, option.score, locked=False)
    choices = '、'.join(f'“{option.label}”' for option in item.rule.options)
    raise Refused(f'{item.id}“{item.name}”没有“{code}”这一选项，请从{choices}中选择一项。', rule='SUP-10')


def _scored(items: list[VisitItemResult]) -> Decimal:
    return sum((item.score for item in items if item.score is not None), Decimal(0))


def _repair_findings(place: str, action: Action, facts: VisitFacts) -> list[Finding]:
    """One question follows the other: ordered, helped, reported."""

    def finding(severity: Literal['block', 'warn'], key: str, sentence: str) -> list[Finding]:
        return [Finding('SUP-12', severity, key, sentence)]

    ordered, result, reported = (f'“{action.label(key)}”' for key in ('rectify_ordered', 'rectify_result', 'reported_to_head'))
    if facts.rectify_ordered is None:
        return finding('block', 'rectify_ordered', f'“{place}”有项目得0分，请填写是否{ordered}。')
    if not facts.rectify_ordered:
        return finding('warn', 'rectify_ordered', f'“{place}”有项目得0分而没有{ordered}，请核对，或说明理由。')
    if facts.rectify_result is None:
        return finding('block', 'rectify_result', f'已{ordered}，请填写{result}。')
    if facts.rectify_result == 'not_fixed' and not facts.reported_to_head:
        ending = action.on_not_fixed.label
        return finding('block', 'reported_to_head', f'整改后仍达不到要求，应先向评价机构负责人报告再{ending}，请报告后注明{reported}。')
    return []


def _staff_needs(sheet: VisitSheet, facts: VisitFacts) -> tuple[StaffNeed, ...]:
    present = {'invigilators': facts.invigilators, 'examiners': facts.examiners}
    labels = {field.key: field.label for field in sheet.header_fields}
    for key, persons in {'candidates': facts.candidates, **present}.items():
        if persons is not None and persons < 0:
            raise Refused(f'“{labels[key]}”填了{persons}，应为不小于0的整数，请改正。', rule='SUP-10')
    if facts.candidates is None:
        return ()
    stated = [(ratio, present[ratio.staff_field]) for ratio in sheet.ratio_rules]
    return tuple(StaffNeed(ratio.id, ratio.required(facts.candidates), persons) for ratio, persons in stated if persons is not None)


def _advice(needs: tuple[StaffNeed, ...], *, of: int) -> str | None:
    if len(needs) < of:
        return None
    met = sum(need.is_met for need in needs)
    return 'all' if met == of else 'some' if met else 'none'
