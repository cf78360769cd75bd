"""Rule documents with their versions, and the evaluation standards at hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Text, UniqueConstraint
from sqlmodel import Field

from db.base import Instant, Owned


class Bylaw(Owned, table=True):
    """A rule document: numbers 1 to 24 are listed by the application form, from 25 on the organisation's own (F-RULES)."""

    __table_args__ = (UniqueConstraint('org_id', 'number'),)

    number: int
    template: int | None = None  # number of the text of ours that it began from (assets/bylaws)
    title: str = Field(max_length=80)  # of what is written on; what is in force keeps its own
    unit: str = Field(default='', max_length=60)  # 制定部门
    posted_at: str = Field(default='', max_length=100)  # where it hangs or is published
    ended_on: date | None = None


class BylawVersion(Owned, table=True):
    """One version of a rule document; approved ones never change."""

    __table_args__ = (UniqueConstraint('bylaw_id', 'version'),)

    bylaw_id: int = Field(foreign_key='bylaw.id', index=True)
    version: int
    state: str = Field(default='draft', max_length=10)  # draft, in_force, replaced, ended
    title: str = Field(default='', max_length=80)  # title and department as they were approved; '' before
    unit: str = Field(default='', max_length=60)
    text: str = Field(default='', sa_type=Text)  # headings 第一章 …, articles 第一条 …, one paragraph a line
    made_on: date | None = None  # 制定时间
    issue_no: str = Field(default='', max_length=60)  # 发布文号
    file_id: int | None = Field(default=None, foreign_key='stored_file.id')  # as it came back from Word
    drafted_by_id: int = Field()
    drafted_by: str = Field(max_length=80)
    writers: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)  # [{id, name, at}]: who wrote on the draft, the last one last
    approved_by_id: int | None = Field(default=None)
    approved_by: str = Field(default='', max_length=80)
    approved_at: datetime | None = Field(default=None, sa_type=Instant)


class EvaluationStandard(Owned, table=True):
    """An occupational standard or evaluation norm at hand, with its books (F-STD-REG)."""

    occupation_code: str = Field(max_length=10, index=True)
    occupation: str = Field(max_length=60)
    work_type: str = Field(default='', max_length=60)
    kind: str = Field(default='national', max_length=10)  # national, norm
    name: str = Field(max_length=100)
    edition: int  # year
    levels: list[int] = Field(sa_type=JSON)
    issue_no: str = Field(default='', max_length=60)
    publicized: bool = True  # a norm: filed and publicized
    kept_at: str = Field(default='', max_length=100)
    books: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)  # [{title, author, publisher, year}]
    ended_on: date | None = None
