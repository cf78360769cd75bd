"""The figures about people: who may examine, supervise and judge, for how long, and how they are appraised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import NonNegativeInt

from app.figures import Choice, Combine, Frozen, Limit, MaybeChoice, Setting, Switch, Title, Word


class Expert(Frozen):
    """Who may be an expert; max_age in years by word."""

    level_min: Limit
    title_min: Setting[Title | None]
    combine: Setting[Combine]
    years_in_occupation: Limit
    examining_years: Limit
    max_age: Setting[Mapping[Word, int] | None]


class Examiner(Frozen):
    """Who may be an examiner."""

    level_min: Limit
    title_min: Setting[Title | None]
    combine: Setting[Combine]
    occupation_relation: Setting[Literal['same', 'related']]
    practice_years: Limit


class SeniorExaminer(Frozen):
    """Who may be a senior examiner; level_1_waived…: level 2 suffices where the occupation ends there."""

    level_min: Limit
    level_1_waived_if_occupation_ends_at: Limit
    title_min: Setting[Title | None]
    combine: Setting[Combine]
    practice_years: Limit
    examining_years: Limit


class Training(Frozen):
    """Before and after the card."""

    hours_min: Limit
    hours_exclude_practice: Switch
    online_course: Switch
    continuing_education_per_year: Switch


class Band(Frozen):
    """A grade of the yearly appraisal from a score on."""

    grade: Word
    from_score: NonNegativeInt


class Absence(Frozen):
    """What staying away leads to; consecutive: times running."""

    consecutive: Limit
    per_year_zero: Switch
    result: MaybeChoice


class Dismissal(Frozen):
    """What failed yearly appraisals lead to."""

    failed_years: Limit
    scope: Setting[Literal['term', 'running', 'year']]
    result: Setting[Literal['propose', 'cancel']]


class Supervisor(Frozen):
    """Who may be an internal supervisor."""

    management_years: Limit
    management_staff: Switch
    examining_years: Limit
    examining_grade: Choice
    combine: Setting[Combine]


class ExpertHead(Frozen):
    """Who may lead an expert group."""

    examining_years: Limit
    new_occupation_years: Limit
    or_senior_examiner: Switch


class Persons(Frozen):
    """`persons:` conditions, terms and appraisal."""

    examiner: Examiner
    senior_examiner: SeniorExaminer
    examiner_years_employed: Limit
    training: Training
    term_years: Limit
    card_years: Limit
    appraisal_bands: Setting[tuple[Band, ...]]
    absence: Absence
    dismissal: Dismissal
    supervisor: Supervisor
    expert: Expert
    expert_head: ExpertHead
