"""Long work that survives a restart."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from db.base import Instant, Owned


class Job(Owned, table=True):
    """One piece of long work: what, for whom, how far, and its result."""

    kind: str = Field(max_length=60)
    title: str = Field(max_length=120)
    args: dict[str, Any] = Field(sa_type=JSON)
    cursor: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # where to go on after a restart
    state: str = Field(default='queued', max_length=12, index=True)  # queued, running, done, failed, cancelled
    done: int = 0
    total: int = 0
    message: str = Field(default='', max_length=500)
    result: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    result_file_id: int | None = Field(default=None, foreign_key='stored_file.id')
    person_id: int = Field()
    post_id: int = Field()
    made_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
