"""Approval, numbers, certificates and reissues."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from db.base import Instant, Owned


class Approval(Owned, table=True):
    """证书核发审批表 signed by the head (CERT-35); its signing gives the numbers."""

    batch_id: int = Field(foreign_key='batch.id', unique=True)
    content_hash: str = Field(max_length=64)  # of the pass list that was on the screen
    count: int
    issued_on: date  # 发证日期, its year is in the numbers
    signed_by_id: int = Field()
    signed_by: str = Field(max_length=80)
    signed_at: datetime = Field(sa_type=Instant)


class SerialCounter(Owned, table=True):
    """Last serial given per filing number, year of issue and level (CERT-18, CERT-21, CERT-22)."""

    __table_args__ = (UniqueConstraint('filing_number', 'year', 'level'), CheckConstraint('last BETWEEN 0 AND 999999', name='last'))

    filing_number: str = Field(max_length=13)
    year: int  # four digits
    level: int
    last: int = 0
    started_at: int = 0  # last number used in the system before this one (codes.md 6.1.7)


class Certificate(Owned, table=True):
    """One certificate; number and holder never change, it is never deleted."""

    __table_args__ = (UniqueConstraint('filing_number', 'year', 'level', 'serial'),)

    batch_id: int = Field(foreign_key='batch.id', index=True)
    candidate_id: int = Field(foreign_key='candidate.id', unique=True)
    number: str = Field(max_length=22, unique=True)
    filing_number: str = Field(max_length=13)
    year: int
    level: int
    serial: int
    issued_on: date
    state: str = Field(default='numbered', max_length=20, index=True)
    name: str = Field(max_length=50)  # as printed
    id_kind: str = Field(max_length=30)
    id_no_sealed: bytes
    id_no_index: bytes = Field(index=True)
    id_no_masked: str = Field(max_length=30)
    occupation: str = Field(max_length=60)
    occupation_code: str = Field(max_length=10)
    work_type: str = Field(default='', max_length=60)  # empty prints the profile's sign (CERT-03)
    org_name: str = Field(max_length=100)
    printed_at: datetime | None = Field(default=None, sa_type=Instant)


class Reissue(Owned, table=True):
    """补发: the same entry on a new sheet; number, issue date and counter stay as they are (CERT-23)."""

    certificate_id: int = Field(foreign_key='certificate.id', index=True)
    reason: str = Field(max_length=500)
    state: str = Field(default='requested', max_length=20, index=True)
    requested_by_id: int = Field()
    requested_by: str = Field(max_length=80)
    requested_at: datetime = Field(sa_type=Instant)
    decided_by_id: int | None = Field(default=None)
    decided_by: str = Field(default='', max_length=80)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    opinion: str = Field(default='', max_length=500)  # why it was not granted
    reissued_on: date | None = None  # day of the first print: 补发日期
