"""Organisations, their filings and filed ranges."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from db.base import Instant, Owned, Record


class Org(Record, table=True):
    """An evaluation organisation or a centre (鉴定中心); a table of the installation, seen by its own id."""

    scoped_by: ClassVar[str] = 'id'

    name: str = Field(max_length=100, unique=True)  # as filed and published; stands on certificates and seals (ORG-98)
    short_name: str = Field(default='', max_length=20)
    kind: str = Field(max_length=30)  # employer, social_training_org, technical_school, centre
    credit_code: str = Field(max_length=18, unique=True)  # VAL-03
    region: str = Field(max_length=6)  # GB/T 2260 digits of the place; a centre sees every organisation below its own
    address: str = Field(default='', max_length=200)
    phone: str = Field(default='', max_length=30)
    profile: str = Field(max_length=30)  # regulation profile in force, e.g. henan
    overlay: str = Field(default='', max_length=30)
    ended_on: date | None = None


class Filing(Owned, table=True):
    """A filing in force or ended: number, letter and term; given by the centre or recorded as an outside decision."""

    __table_args__ = (CheckConstraint('valid_to >= valid_from', name='term'),)

    number: str = Field(max_length=13, unique=True)  # codes.md §5, CERT-20
    letter_no: str = Field(max_length=60)
    letter_on: date
    basis: str = Field(default='', max_length=200)  # 依据文件
    issuer: str = Field(max_length=100)  # who gave the letter
    valid_from: date
    valid_to: date
    state: str = Field(default='proposed', max_length=20, index=True)
    outside: bool = False  # 外部决定: copied from the letter of a centre that does not use this system
    scan_id: int | None = Field(default=None, foreign_key='stored_file.id')
    recorded_by_id: int = Field()
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=Instant)
    confirmed_by_id: int | None = Field(default=None)
    confirmed_by: str = Field(default='', max_length=80)


class FilingEnd(Owned, table=True):
    """The end of a filing by decision; its number stays kept and is never given again (CERT-24, ORG-96)."""

    filing_id: int = Field(foreign_key='filing.id', unique=True)
    ended_on: date  # last day on which the filing held
    reason: str = Field(max_length=500)
    document_no: str = Field(max_length=60)  # 文号 of the decision
    successor: str = Field(default='', max_length=13)  # filing number that goes on after a merger
    state: str = Field(default='proposed', max_length=20)
    outside: bool = False  # 外部决定, as for Filing
    scan_id: int | None = Field(default=None, foreign_key='stored_file.id')
    recorded_by_id: int = Field()
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=Instant)
    confirmed_by_id: int | None = Field(default=None)
    confirmed_by: str = Field(default='', max_length=80)


class FiledRange(Owned, table=True):
    """One row of the annex: occupation, work type and levels that may be evaluated (OCC-14, ORG-99).

    Levels that an extension leaves out stand in a row of their own with their last day; of what goes on there is one row (ORG-90).
    """

    __table_args__ = (
        UniqueConstraint('filing_id', 'occupation_code', 'work_type', 'ended_on'),
        Index('uq_filed_range_going_on', 'filing_id', 'occupation_code', 'work_type', unique=True, sqlite_where=text('ended_on IS NULL'), postgresql_where=text('ended_on IS NULL')))

    filing_id: int = Field(foreign_key='filing.id', index=True)
    seq: int
    occupation_code: str = Field(max_length=10)  # d-dd-dd-dd
    occupation: str = Field(max_length=60)
    work_type: str = Field(default='', max_length=60)  # empty: the occupation or level is not divided
    levels: list[int] = Field(sa_type=JSON)  # e.g. [5, 4, 3]
    standard: str = Field(default='国家职业技能标准', max_length=80)
    ended_on: date | None = None  # last day on which it held
