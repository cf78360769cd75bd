"""The demo story as data (assets/demo): who there is, what was done when and by whom; all of it invented (codes.md, province 99)."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict

FOLDER = Path(__file__).resolve().parents[2] / 'assets' / 'demo'


class Told(BaseModel):
    """A part of the story; an unknown key is our mistake."""

    model_config = ConfigDict(extra='forbid', frozen=True)


class Act(Told):
    """Who did a thing, by name, and when."""

    by: str
    at: AwareDatetime


class Centre(Told):
    """The centre's first start."""

    from_at: AwareDatetime
    head: str
    clerk: str


class Joined(Told):
    """When an organisation came into the installation, and when its people did."""

    registered_at: AwareDatetime
    staffed_at: AwareDatetime


class FiledRow(NamedTuple):
    """One row of the annex of a filing."""

    occupation_code: str
    occupation: str
    work_type: str
    levels: tuple[int, ...]


class FiledLetter(Told):
    """A filing letter, in force from its own day."""

    number: str
    letter_no: str
    issuer: str
    letter_on: date
    recorded_at: AwareDatetime
    ranges: tuple[FiledRow, ...]


class BatchFrame(Told):
    """A batch: number as it must come out, groups as (occupation code, work type, level)."""

    number: str
    title: str
    first_on: date
    last_on: date
    groups: tuple[tuple[str, str, int], ...]


class SittingRow(NamedTuple):
    """One sitting; its 考场号 is its place in the list, group the place in the batch's groups."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime
    subject: str
    group: int
    room: str
    seats: int


class LedgerChange(NamedTuple):
    """One item of a row of a ledger as it is changed later; the row is named by its keys."""

    ledger: str
    row: str
    key: str
    text: str


class Upkeep(Act):
    """A day on which ledgers of organisation A change."""

    changes: tuple[LedgerChange, ...]


class Changeover(Told):
    """How the organisation came from another system: earlier batches, last serials by level (codes.md 6.1.7)."""

    at: AwareDatetime
    plans: str
    certificates: str
    year: int
    last_serials: dict[int, int]
    batches: tuple[BatchFrame, ...]


class Entry(Act):
    """One entry of some subjects."""

    round: int
    subjects: tuple[str, ...]


class TypedWrong(Told):
    """A score first typed wrong in one entry, and who mended it."""

    seq: int
    subject: str
    round: int
    text: str
    mended: Act


class Finished(Told):
    """The batch that runs to its certificates."""

    batch: BatchFrame
    sittings: tuple[SittingRow, ...]
    made: Act
    opened: Act
    reviewed: Act
    planned: Act
    seated: Act
    closed: Act
    entries: tuple[Entry, ...]
    typed_wrong: TypedWrong
    signed: dict[str, Act]
    publicized: Act
    approved: Act
    objections: str
    issued_on: date
    printed: Act
    issued: Act


class Next(Told):
    """The empty batch for whoever tries the demo."""

    batch: BatchFrame
    sittings: tuple[SittingRow, ...]
    made: Act


class Story(Told):
    """The whole of story.yaml."""

    centre: Centre
    joined: dict[str, Joined]
    registers: dict[str, Act]
    filings: dict[str, FiledLetter]
    premises: dict[str, Act]
    upkeep: tuple[Upkeep, ...]
    changeover: Changeover
    finished: Finished
    next: Next


@dataclass(slots=True)
class Scene:
    """Where the loading stands: ids by the story's keys and names."""

    story: Story
    password_hash: str = ''  # the same for all: nobody knows the password, the demo signs in by a click
    orgs: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    assessments: dict[str, int] = field(default_factory=dict)
    batch_id: int = 0
    applications: dict[str, int] = field(default_factory=dict)


@lru_cache(maxsize=1)
def story() -> Story:
    """Return the story; raises pydantic's error, which names the place, when the file does not fit."""
    return Story.model_validate(yaml.safe_load((FOLDER / 'story.yaml').read_text(encoding='utf-8')))


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file of the story by its Chinese heads: organizations, people, personnel_…, ledger_…, candidates, next_batch."""
    with (FOLDER / f'{name}.csv').open(encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def candidate_rows() -> list[dict[str, str]]:
    """Return the sixty candidates by 序号, each with his phone: 1540000 and four digits of 序号."""
    return [row | {'联系电话': f'1540000{int(row["序号"]):04d}'} for row in rows_of('candidates')]
