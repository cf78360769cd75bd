"""The frame of a batch: groups (one occupation, work type and level each), sittings, state."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from db.base import Instant, Owned


class Batch(Owned, table=True):
    """One run of evaluation with its own candidates, results and certificates."""

    __table_args__ = (
        UniqueConstraint('org_id', 'number'), CheckConstraint('last_on >= first_on', name='days'), Index('ix_batch_days', 'org_id', 'first_on', 'id'))

    number: str = Field(max_length=8)  # 2026-003 (codes.md §9)
    title: str = Field(max_length=100)
    filing_id: int = Field(foreign_key='filing.id')
    first_on: date
    last_on: date
    state: str = Field(default='preparing', max_length=20, index=True)
    profile: str = Field(max_length=30)
    profile_version: str = Field(max_length=16)  # what it is judged by, kept when the profile changes
    made_by_id: int = Field()
    score_edition: int = 1  # of the score table; raised when it is opened again
    publicity_from_on: date | None = None
    publicity_to_on: date | None = None
    publicity_provisional: bool = False
    objections: str = Field(default='', max_length=1000)  # 公示结果


class BatchGroup(Owned, table=True):
    """One occupation, work type and level of a batch with its subjects."""

    __table_args__ = (UniqueConstraint('batch_id', 'occupation_code', 'work_type', 'level'), CheckConstraint('level BETWEEN 1 AND 5', name='level'))

    batch_id: int = Field(foreign_key='batch.id', index=True)
    occupation_code: str = Field(max_length=10)
    occupation: str = Field(max_length=60)
    work_type: str = Field(default='', max_length=60)
    level: int
    subjects: list[str] = Field(sa_type=JSON)  # theory, practical, comprehensive in the profile's order


class Sitting(Owned, table=True):
    """One subject in one room at one time; `room_no` is the 考场号, numbered through the whole batch."""

    __table_args__ = (UniqueConstraint('batch_id', 'room_no'), CheckConstraint('ends_at > starts_at', name='span'))

    batch_id: int = Field(foreign_key='batch.id', index=True)
    group_id: int = Field(foreign_key='batch_group.id')
    subject: str = Field(max_length=20)
    room_no: int  # 1–999
    room: str = Field(max_length=60)
    seats: int = 0
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
