"""Technical assessment: panel, score sheets, reconciliation, rectification, publicity and the letter."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Text, UniqueConstraint
from sqlmodel import Field

from db.base import Instant, Owned


class Assessment(Owned, table=True):
    """The assessment of one application by a panel; a second visit after rectification is a new one."""

    application_id: int = Field(foreign_key='application.id', index=True)
    method: str = Field(max_length=10)  # onsite, online
    visited_on: date
    state: str = Field(default='open', max_length=20)  # open, consolidated, concluded
    spread_line: str = Field(default='2', max_length=6)  # points; a larger spread needs a reconciliation
    conclusion: str = Field(default='', max_length=30)  # band of the public sheet
    concluded_by_id: int | None = Field(default=None)
    concluded_by: str = Field(default='', max_length=80)
    concluded_at: datetime | None = Field(default=None, sa_type=Instant)


class Assessor(Owned, table=True):
    """A member of the panel; a person of the centre."""

    __table_args__ = (UniqueConstraint('assessment_id', 'member_id'),)

    assessment_id: int = Field(foreign_key='assessment.id', index=True)
    member_id: int = Field(index=True)  # person of the centre, another organisation's row: no key
    name: str = Field(max_length=50)
    title: str = Field(default='', max_length=60)
    employer: str = Field(default='', max_length=100)
    leads: bool = False
    declared_at: datetime | None = Field(default=None, sa_type=Instant)  # that no relation stands in the way
    relation: str = Field(default='', max_length=300)  # what was declared
    left_at: datetime | None = Field(default=None, sa_type=Instant)  # excluded or replaced
    left_because: str = Field(default='', max_length=300)


class ScoreSheet(Owned, table=True):
    """One rubric scored by one assessor, or consolidated by the panel (F-TECHEVAL)."""

    __table_args__ = (UniqueConstraint('assessment_id', 'assessor_id', 'rubric', 'range_id'),)

    assessment_id: int = Field(foreign_key='assessment.id', index=True)
    assessor_id: int | None = Field(default=None, foreign_key='assessor.id')  # None: the consolidated sheet
    rubric: str = Field(max_length=30)
    range_id: int | None = Field(default=None, foreign_key='application_range.id')  # the occupation; None: the public sheet
    header: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    state: str = Field(default='open', max_length=10)  # open, signed
    total: str = Field(default='', max_length=10)  # points as text once signed
    band: str = Field(default='', max_length=30)
    content_sha256: str = Field(default='', max_length=64)  # of what was signed
    signed_at: datetime | None = Field(default=None, sa_type=Instant)
    signed_by_id: int | None = Field(default=None)
    signed_by: str = Field(default='', max_length=80)


class ScoreCell(Owned, table=True):
    """One item of a sheet: answer, remark, finding; photos are attachments."""

    __table_args__ = (UniqueConstraint('sheet_id', 'item'),)

    sheet_id: int = Field(foreign_key='score_sheet.id', index=True)
    item: str = Field(max_length=20)
    answer: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # as rubric_items reads it, numbers as text
    remark: str = Field(default='', max_length=500)
    finding: str = Field(default='', max_length=500)


class Reconciliation(Owned, table=True):
    """Why the panel settled on a score where its members differ more than the line allows."""

    __table_args__ = (UniqueConstraint('assessment_id', 'rubric', 'range_id', 'item'),)

    assessment_id: int = Field(foreign_key='assessment.id', index=True)
    rubric: str = Field(max_length=30)
    range_id: int | None = Field(default=None, foreign_key='application_range.id')
    item: str = Field(max_length=20)
    text: str = Field(max_length=500)
    by_id: int = Field()
    by: str = Field(max_length=80)
    at: datetime = Field(sa_type=Instant)


class Rectification(Owned, table=True):
    """One point to be put right after the assessment, by a day (TEV-09)."""

    assessment_id: int = Field(foreign_key='assessment.id', index=True)
    seq: int
    item: str = Field(default='', max_length=20)
    sentence: str = Field(max_length=500)
    due_on: date
    done: str = Field(default='', max_length=500)  # what the organisation did
    done_on: date | None = None
    checked_on: date | None = None
    checked_by_id: int | None = Field(default=None)
    checked_by: str = Field(default='', max_length=80)


class Publicity(Owned, table=True):
    """The publicity of who is to be filed (F-PUB-FILING)."""

    application_id: int = Field(foreign_key='application.id', index=True)
    from_on: date
    to_on: date  # last day
    contact: str = Field(max_length=200)
    objections: str = Field(default='', max_length=500)  # said when it ends
    closed_at: datetime | None = Field(default=None, sa_type=Instant)


class FilingLetter(Owned, table=True):
    """The reply letter with its annex: drafted by one, signed by another of the centre; signing puts the filing into force.

    A no has its reason in body and its ground in basis; to a first filing it gives no number and no term: both days are that of the draft.
    """

    application_id: int = Field(foreign_key='application.id', index=True)
    kind: str = Field(max_length=20)  # reply, increment, extension, change, ending; each with _declined for a no
    state: str = Field(default='drafted', max_length=10)  # drafted, signed, discarded
    letter_no: str = Field(default='', max_length=60)
    letter_on: date | None = None
    issuer: str = Field(max_length=100)
    basis: str = Field(default='', max_length=200)
    body: str = Field(default='', sa_type=Text)
    filing_number: str = Field(max_length=13)  # '' on a no to a first filing
    valid_from: date
    valid_to: date
    ranges: list[dict[str, Any]] = Field(sa_type=JSON)
    drafted_by_id: int = Field()
    drafted_by: str = Field(max_length=80)
    signed_by_id: int | None = Field(default=None)
    signed_by: str = Field(default='', max_length=80)
    signed_at: datetime | None = Field(default=None, sa_type=Instant)
    reported_on: date | None = None  # to the ministry centre (ORG-78)
    published_on: date | None = None
