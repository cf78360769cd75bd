"""Scores: entered twice, compared, signed; the outcome of each candidate."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field

from db.base import Instant, Owned


class ScoreEntry(Owned, table=True):
    """One subject of one candidate as one of the two entries gives it."""

    __table_args__ = (
        UniqueConstraint('candidate_id', 'subject', 'round'),
        CheckConstraint('tenths IS NULL OR tenths BETWEEN 0 AND 1000', name='tenths'),
        CheckConstraint("(tenths IS NULL) <> (mark = '')", name='score_or_mark'),
    )

    batch_id: int = Field(foreign_key='batch.id', index=True)
    candidate_id: int = Field(foreign_key='candidate.id')
    subject: str = Field(max_length=20)
    round: int  # 1 first entry, 2 second entry by another person
    tenths: int | None = None  # score × 10
    mark: str = Field(default='', max_length=20)  # absent, cancelled, not_taken instead of a score
    source: str = Field(max_length=10)  # import, hand
    entered_by_id: int = Field()
    entered_by: str = Field(max_length=80)
    entered_at: datetime = Field(sa_type=Instant)


class ScoreSignature(Owned, table=True):
    """A signature under the score table of a batch: it covers exactly the content of `content_hash`."""

    __table_args__ = (UniqueConstraint('batch_id', 'step', 'edition'),)

    batch_id: int = Field(foreign_key='batch.id', index=True)
    step: str = Field(max_length=20)  # leader, recorder, supervisor, exam_affairs
    edition: int = 1  # raised when a signed table is opened again: earlier signatures stay, but no longer count
    content_hash: str = Field(max_length=64)
    signed_by_id: int = Field()
    signed_by: str = Field(max_length=80)
    signed_at: datetime = Field(sa_type=Instant)
    withdrawn_by_id: int | None = Field(default=None)
    withdrawn_by: str = Field(default='', max_length=80)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_reason: str = Field(default='', max_length=500)  # one for all signatures of an edition


class Result(Owned, table=True):
    """The outcome of a candidate, written when the table is signed by all (SCORE-02); never typed."""

    batch_id: int = Field(foreign_key='batch.id', index=True)
    candidate_id: int = Field(foreign_key='candidate.id', unique=True)
    scores: dict[str, int | str] = Field(sa_type=JSON)  # {'theory': 650, 'practical': 'absent'}: tenths or mark
    passed: bool
    kept: dict[str, str] = Field(sa_type=JSON)  # subject passed alone → last day it counts, ISO
    signed_on: date
