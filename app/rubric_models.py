"""The assessment sheets of assets/rubrics/ as frozen types (schema rubric/1): a sheet that does not add up does not load.

`points` is the figure that counts; `printed()` is what the paper shows in that place, which differs in a few cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from app.rubric_rules import (
    AllOrNothing,
    CountBelow,
    CountTable,
    Data,
    Flag,
    NotMet,
    Options,
    PerOccurrence,
    Points,
    Rule,
    VetoWhen,
    check_distinct,
)

Scope = Literal['filing', 'operation']


class Scored(Data):
    """A line of the sheet with points: a section, group or item."""

    id: str
    points: Points | None
    printed_points: Points | None = None

    def printed(self) -> Decimal | None:
        """Return the figure in the paper's 分值 cell; None: the cell is blank."""
        return self.printed_points if 'printed_points' in self.model_fields_set else self.points


class Source(Data):
    """The document a sheet was taken from."""

    doc_no: str | None
    doc_title: str
    issuer: str | None = None
    appendix: str | None = None
    place: str | None = None
    file: str


class HeaderField(Data):
    """A cell above the table; printed=False: needed by us, not on the paper."""

    key: str
    label: str
    type: Literal['text', 'date', 'datetime', 'int', 'number', 'bool', 'computed']
    required: bool
    printed: bool
    unit: str = ''
    format: str = ''
    group: str = ''


class MergedRow(Data):
    """A printed row that shares standard and score cell with its neighbours."""

    group: str
    content: str


class Emendation(Data):
    """Wording that was repaired."""

    field: Literal['content', 'standard']
    printed: str
    used: str


class Item(Scored):
    """One 评估内容 with its standard, points, rule and veto."""

    content: str
    standard: str
    veto: bool
    veto_scope: Scope | None
    veto_when: VetoWhen | None
    veto_text: str = ''
    advisory: bool = False
    methods: tuple[str, ...]
    methods_inferred: bool = False
    content_inferred: bool = False
    rule: Rule
    merged_rows: tuple[MergedRow, ...] = ()
    emendations: tuple[Emendation, ...] = ()
    note: str = ''

    @model_validator(mode='after')
    def _veto_is_whole_and_points_fit_the_rule(self) -> Self:
        if len({self.veto, self.veto_scope is not None, self.veto_when is not None, self.veto_text != ''}) != 1:
            raise ValueError(f'{self.id}: a veto needs scope, condition and wording')
        if self.veto_when is not None and not isinstance(self.rule, _VETO_OF_RULE[type(self.veto_when)]):
            raise ValueError(f'{self.id}: the veto asks for an answer that the rule does not take')
        if self.points is None and not isinstance(self.rule, AllOrNothing):
            raise ValueError(f'{self.id}: without points an item can only be met or not')
        if isinstance(self.rule, Options | CountTable) and self.rule.best != self.points:
            raise ValueError(f'{self.id}: the best answer must give all points')
        return self

    @property
    def label(self) -> str:
        """Number and name as a sentence quotes them."""
        return f'{self.id}“{self.content}”'


class Group(Scored):
    """项目分解."""

    name: str
    points: Points
    items: tuple[Item, ...]

    @model_validator(mode='after')
    def _adds_up(self) -> Self:
        check_sum(self.id, self.points, self.items)
        return self


class Section(Scored):
    """项目."""

    name: str
    points: Points
    groups: tuple[Group, ...]

    @model_validator(mode='after')
    def _adds_up(self) -> Self:
        check_sum(self.id, self.points, self.groups)
        return self


class BonusItem(Data):
    """优先项目: points beside the hundred, once."""

    id: str
    name: str
    content: str
    standard: str
    add: Points
    methods: tuple[str, ...]
    methods_inferred: bool = False


class BonusPolicy(Data):
    """What the engine does with bonus points (TEV-10); another policy needs another engine."""

    mode: Literal['add_to_total']
    cap_total: None
    may_lift_band: Literal[True]
    flag_when_lifted: Literal[True]
    overrides_veto: Literal[False]
    source_states: str


class Band(Data):
    """A conclusion and its lines: min included, below excluded; None: no upper line."""

    code: str
    min: Points
    below: Points | None
    text: str = Field(alias='conclusion')
    printed: bool


class OperationVeto(Data):
    """What a veto for starting work does: the band stays, the work may not begin."""

    band: Literal['unchanged']
    operation_blocked: Literal[True]
    text: str
    printed: bool


class Conclusion(Data):
    """The lines of a rubric, highest first."""

    basis: Literal['total']
    printed_note: tuple[str, ...]
    bands: tuple[Band, ...]
    on_filing_veto: str
    on_operation_veto: OperationVeto

    @model_validator(mode='after')
    def _bands_leave_no_gap(self) -> Self:
        joined = all(upper.min == lower.below for upper, lower in pairwise(self.bands))
        if not joined or self.bands[0].below is not None or self.bands[-1].min != 0:
            raise ValueError('bands must run from open to 0 without a gap')
        self.band(self.on_filing_veto)
        return self

    def band(self, code: str) -> Band:
        """Return the band of a code; raises ValueError for an unknown one."""
        for band in self.bands:
            if band.code == code:
                return band
        raise ValueError(f'no band {code}')

    def band_of(self, total: Decimal) -> Band:
        """Return the band a total falls in, compared as it stands, never rounded (TEV-01, TEV-02, TEV-03)."""
        return next(band for band in self.bands if total >= band.min)


class HeaderCheck(Data):
    """The fields together may not exceed the limit field."""

    kind: Literal['sum_at_most']
    fields: tuple[str, ...]
    limit: str


class Rubric(Data):
    """One of the six assessment sheets."""

    schema_: Literal['rubric/1'] = Field(alias='schema')
    id: str
    title: str
    source: Source
    org_kind: Literal['employer', 'school', 'social']
    part: Literal['public', 'occupation']
    total_points: Points
    max_with_bonus: Points
    score_step: Annotated[Decimal, Field(gt=0)]
    columns: tuple[str, ...]
    header_fields: tuple[HeaderField, ...]
    header_checks: tuple[HeaderCheck, ...] = ()
    conclusion: Conclusion
    sections: tuple[Section, ...]
    bonus_name: str
    bonus: tuple[BonusItem, ...]
    bonus_policy: BonusPolicy

    @model_validator(mode='after')
    def _adds_up(self) -> Self:
        check_sum(self.id, self.total_points, self.sections)
        if self.total_points + sum(item.add for item in self.bonus) != self.max_with_bonus:
            raise ValueError(f'{self.id}: points and bonus do not make max_with_bonus')
        check_distinct([item.id for item in self.items] + [item.id for item in self.bonus])
        return self

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in print order."""
        return tuple(item for section in self.sections for group in section.groups for item in group.items)


def check_sum(place: str, points: Decimal, parts: Sequence[Scored]) -> None:
    """Raise ValueError unless the parts make the points of the whole; a part without points counts nothing."""
    if sum(part.points or 0 for part in parts) != points:
        raise ValueError(f'{place}: the parts do not make {points} points')


_VETO_OF_RULE = {NotMet: AllOrNothing, CountBelow: CountTable, Flag: PerOccurrence}
