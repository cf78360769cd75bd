"""The filing scores itself: the public rubric and one occupation rubric a row asked for, filled from the record as far as its data allow.

What a person must judge stays open and is named; the engine of app/rubrics.py scores. More resources never lower a score.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.figures import Thresholds
from app.figures_results import Profile
from app.filing.records import ApplicationRecord, RangeLine
from app.filing.scope import scope_findings
from app.filing.scoring_facts import Facts, Filled
from app.filing.scoring_occupation import fill_occupation
from app.filing.scoring_public import fill_public
from app.filing.ways import WAYS
from app.rubric_items import Answer
from app.rubric_models import Band, BonusItem, Item, Rubric, Scope
from app.rubrics import RubricId, SheetResult, rubric, score_sheet

SHEETS: dict[str, tuple[RubricId, RubricId]] = {
    'employer': ('employer-public', 'employer-occupation'), 'technical_school': ('school-public', 'school-occupation'),
    'social_training_org': ('social-public', 'social-occupation')}


@dataclass(frozen=True, slots=True)
class ScoredLine:
    """One item: what the data give.

    score: None while a person must judge, or without points · lost: points gone for certain · most: what can still be had
    evidence: where it comes from · todo: what wins the points back, '' when nothing is lost · veto: when it fires
    """

    item: Item
    place: str  # section / group
    answer: Answer
    score: Decimal | None
    lost: Decimal
    most: Decimal
    evidence: str
    todo: str
    veto: Scope | None

    @property
    def judged(self) -> bool:
        """Whether a person must judge it."""
        return not self.answer


@dataclass(frozen=True, slots=True)
class SelfSheet:
    """A rubric filled from the record; row: the occupation, None for the public sheet.

    least: points certain so far · most: points if everything open is judged best, without bonus · outlook: the best band still to be had
    bonus: what may be claimed beside the hundred
    """

    rubric_id: RubricId
    row: RangeLine | None
    lines: tuple[ScoredLine, ...]
    result: SheetResult
    least: Decimal
    most: Decimal
    outlook: Band
    bonus: tuple[BonusItem, ...]

    @property
    def open_lines(self) -> tuple[ScoredLine, ...]:
        """What a person must judge."""
        return tuple(line for line in self.lines if line.judged)

    @property
    def gaps(self) -> tuple[ScoredLine, ...]:
        """What loses points or vetoes for certain, vetoes first, then by points lost."""
        return tuple(sorted((x for x in self.lines if x.lost or x.veto), key=lambda x: (x.veto != 'filing', x.veto is None, -x.lost)))

    @property
    def answers(self) -> dict[str, Answer]:
        """The answers as `score_sheet` takes them."""
        return {line.item.id: line.answer for line in self.lines if line.answer}


@dataclass(frozen=True, slots=True)
class SelfScore:
    """All sheets of an application; binding: the profile draws conclusions from these rubrics."""

    public: SelfSheet | None
    occupations: tuple[SelfSheet, ...]
    binding: bool

    @property
    def sheets(self) -> tuple[SelfSheet, ...]:
        """Public first, then in the order of the rows."""
        return (*((self.public,) if self.public else ()), *self.occupations)

    @property
    def vetoes(self) -> tuple[tuple[SelfSheet, ScoredLine], ...]:
        """Every veto that fires, with its sheet."""
        return tuple((sheet, line) for sheet in self.sheets for line in sheet.lines if line.veto)


def self_score(record: ApplicationRecord, profile: Profile) -> SelfScore:
    """Return the sheets of an application, scored; an increment adds occupations only, so it has no public sheet."""
    public_id, occupation_id = SHEETS[scored_as(record)]
    facts = Facts(record, profile, tuple(scope_findings(record, profile)))
    steps = WAYS[record.way].steps
    public = _sheet(public_id, None, facts) if 'plan' in steps else None
    occupations = tuple(_sheet(occupation_id, row, facts) for row in record.ranges) if 'ranges' in steps else ()
    lines: Thresholds = getattr(profile.assessment, scored_as(record))
    return SelfScore(public, occupations, lines.occupation.value is not None)


def scored_as(record: ApplicationRecord) -> str:
    """Return whose rubrics score it: a school that evaluates society is scored as a social organisation."""
    return 'social_training_org' if WAYS[record.way].audience == 'society' else record.org.kind


def _sheet(rubric_id: RubricId, row: RangeLine | None, facts: Facts) -> SelfSheet:
    sheet = rubric(rubric_id)
    filled = {item.id: fill_public(item, facts) if row is None else fill_occupation(item, row, facts) for item in sheet.items}
    result = score_sheet(sheet, {key: f.answer for key, f in filled.items() if f.answer})
    places = {item.id: f'{section.name} / {group.name}' for section in sheet.sections for group in section.groups for item in group.items}
    scored = {item.id: item for item in result.items}
    lines = tuple(_line(item, places[item.id], filled[item.id], scored[item.id].score, scored[item.id].veto) for item in sheet.items)
    most = sum((line.most for line in lines), Decimal(0))
    return SelfSheet(rubric_id, row, lines, result, result.base, most, _outlook(sheet, most, bool(result.filing_vetoes)), sheet.bonus)


def _line(item: Item, place: str, filled: Filled, score: Decimal | None, veto: Scope | None) -> ScoredLine:
    points = item.points or Decimal(0)
    most = min(points, filled.most) if score is None and filled.most is not None else points if score is None else score
    return ScoredLine(item, place, filled.answer, score, points - most, most, filled.evidence, filled.todo if points > most or veto else '', veto)


def _outlook(sheet: Rubric, most: Decimal, vetoed: bool) -> Band:
    lines = sheet.conclusion
    return lines.band(lines.on_filing_veto) if vetoed else lines.band_of(most)
