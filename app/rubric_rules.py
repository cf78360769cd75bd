"""The seven kinds of rule an item of assets/rubrics/ may have, and the three ways it may veto."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt, model_validator

Points = Annotated[Decimal, Field(ge=0)]


class Data(BaseModel):
    """Refuses unknown keys, missing keys and wrong types; never changes."""

    model_config = ConfigDict(extra='forbid', frozen=True, strict=True)


class Hint(Data):
    """A number the standard of an all-or-nothing item sets."""

    what: str
    min: PositiveInt
    unit: str


class AllOrNothing(Data):
    """All points or none."""

    kind: Literal['all_or_nothing']
    hint: Hint | None = None


class PerOccurrence(Data):
    """Points off for every fault."""

    kind: Literal['per_occurrence']
    deduct: Points
    unit: str
    floor: Points


class TableRow(Data):
    """A tier: from `min`, included."""

    min: NonNegativeInt
    score: Points


class CountTable(Data):
    """Points by tier; the highest tier stands first, the last begins at 0."""

    kind: Literal['count_table']
    unit: str
    rows: tuple[TableRow, ...]

    @model_validator(mode='after')
    def _tiers_go_down_to_nothing(self) -> Self:
        if any(upper.min <= lower.min for upper, lower in pairwise(self.rows)) or self.rows[-1].min != 0:
            raise ValueError('rows must go down and end at 0')
        return self

    @property
    def best(self) -> Decimal:
        """The highest score."""
        return max(row.score for row in self.rows)


class PerItemEarned(Data):
    """Points for every good one, up to the item's."""

    kind: Literal['per_item_earned']
    earn: Points
    unit: str


class Judgement(Data):
    """Points as the assessor sees fit (酌情, 适当); nothing where `zero_when` holds."""

    kind: Literal['judgement']
    direction: Literal['award', 'deduct']
    zero_when: str | None


class Lease(Data):
    """A judged score, less for a leased place: nothing at all, or points off by the years of the lease."""

    kind: Literal['lease']
    base: Literal['judgement']
    leased_zero: bool
    threshold_years: PositiveInt | None = None
    deduct_at_or_above: Points | None = None
    deduct_below: Points | None = None

    @model_validator(mode='after')
    def _years_count_unless_nothing_is_left(self) -> Self:
        years = (self.threshold_years, self.deduct_at_or_above, self.deduct_below)
        if any((figure is None) != self.leased_zero for figure in years):
            raise ValueError('a lease either leaves nothing or has all three figures')
        return self


class CountRange(Data):
    """The number an option's label speaks of, both ends included; None: open."""

    min: NonNegativeInt
    max: NonNegativeInt | None


class Option(Data):
    """One box to tick."""

    code: str
    label: str
    score: Points
    range: CountRange | None = None


class Options(Data):
    """One of several, each with its score."""

    kind: Literal['options']
    options: tuple[Option, ...]

    @model_validator(mode='after')
    def _codes_differ(self) -> Self:
        check_distinct([option.code for option in self.options])
        return self

    @property
    def best(self) -> Decimal:
        """The highest score."""
        return max(option.score for option in self.options)


Rule = Annotated[AllOrNothing | PerOccurrence | CountTable | Options | PerItemEarned | Judgement | Lease, Field(discriminator='kind')]


class NotMet(Data):
    """Vetoes when `met` is answered with no."""

    kind: Literal['not_met']


class CountBelow(Data):
    """Vetoes when the value is lower than `min`."""

    kind: Literal['count_below']
    min: PositiveInt


class Flag(Data):
    """Vetoes when the flag is set, whatever the count."""

    kind: Literal['flag']
    flag: Literal['hazard']
    text: str


VetoWhen = Annotated[NotMet | CountBelow | Flag, Field(discriminator='kind')]


def check_distinct(codes: Sequence[str]) -> None:
    """Raise ValueError when an id or code stands twice."""
    if len(set(codes)) != len(codes):
        raise ValueError(f'an id stands twice in {codes}')
