"""Candidates of a batch."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from db.base import SORT_KEY, Owned


class Candidate(Owned, table=True):
    """A person registered for one group of a batch."""

    __table_args__ = (
        UniqueConstraint('batch_id', 'id_no_index'),
        UniqueConstraint('org_id', 'ticket_number'),
        UniqueConstraint('batch_id', 'seq'),
        CheckConstraint('seat_no BETWEEN 0 AND 99', name='seat'),
        Index('ix_candidate_list', 'org_id', 'batch_id', 'id'),
        Index('ix_candidate_name', 'org_id', 'batch_id', 'sort_key', 'id'),
        Index('ix_candidate_ticket', 'org_id', 'batch_id', 'ticket_number', 'id'),
        Index('ix_candidate_group', 'org_id', 'batch_id', 'group_id', 'id'),
        Index('ix_candidate_no_photo', 'org_id', 'batch_id', 'id', sqlite_where=text('photo_id IS NULL'), postgresql_where=text('photo_id IS NULL')),
    )

    batch_id: int = Field(foreign_key='batch.id', index=True)
    group_id: int = Field(foreign_key='batch_group.id')
    seq: int  # 序号 in the roster
    name: str = Field(max_length=50)
    sort_key: str = Field(default='', max_length=200, sa_type=SORT_KEY)
    initials: str = Field(default='', max_length=50)
    sex: str = Field(max_length=1)  # 男, 女
    birth_on: date
    id_kind: str = Field(default='resident_id', max_length=30)
    id_no_sealed: bytes
    id_no_index: bytes = Field(index=True)
    id_no_masked: str = Field(max_length=30)
    ticket_number: str | None = Field(default=None, max_length=12)
    room_no: int = 0  # 考场号 of the first subject; 0: not seated yet
    seat_no: int = 0
    education: str = Field(default='', max_length=20)
    basis: str = Field(default='', max_length=60)  # 申报依据
    employer: str = Field(default='', max_length=100)
    phone: str = Field(default='', max_length=30)
    photo_id: int | None = Field(default=None, foreign_key='stored_file.id')
    import_id: int | None = Field(default=None)  # id of the job that brought the row in
