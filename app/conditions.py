"""Conditions of a level as data: clauses joined by OR, the parts of a clause by AND (rules.md 6.2)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt, ValidationError

from app.figures import Frozen, RuleId, Word
from app.layers import REGULATIONS, Layer, fault_of, read_layer

Level = Literal[1, 2, 3, 4, 5]
Relation = Literal['same', 'related', 'other']
Relations = tuple[Relation, ...]


class Since(Frozen):
    """Counted from the certificate of this level, or from graduation if that is later."""

    certificate: Level
    graduation: bool = False


class Years(Frozen):
    """Years of work in occupations of these relations to the one applied for; CONV-10 and CONV-11 say how they count."""

    relations: Relations
    min: NonNegativeInt
    since: Since | None = None


class Apprenticeship(Frozen):
    """A finished apprenticeship."""

    relations: Relations


class Held(Frozen):
    """A verified certificate of the same occupation."""

    level: Level


class Graduate(Frozen):
    """A diploma; no major: any subject. training_objective: the level the school trains for, recognised by the department."""

    school_types: tuple[Word, ...]
    major: Relations | None = None
    hr_recognized: bool = False
    training_objective: Level | None = None


class Part(Frozen):
    """Exactly one of these."""

    cumulative_years: Years | None = None
    continuous_years: Years | None = None
    apprenticeship_completed: Apprenticeship | None = None
    certificate: Held | None = None
    graduate: Graduate | None = None
    any: tuple[Part, ...] = ()


class Clause(Frozen):
    """One way to be admitted."""

    rule: RuleId
    all: Annotated[tuple[Part, ...], Field(min_length=1)]


class ConditionSet(Frozen):
    """The clauses of each level."""

    label: str
    levels: dict[Level, tuple[Clause, ...]]


@lru_cache
def condition_set(name: str, root: Path = REGULATIONS) -> ConditionSet:
    """Return a set of conditions/, e.g. 'henan_floor'; raises ValueError with file and line."""
    layer: Layer = read_layer(root / 'conditions' / f'{name}.yaml')
    try:
        return ConditionSet.model_validate({'label': layer.label, **layer.tree})
    except ValidationError as error:
        raise ValueError(fault_of(error, layer.places)) from None
