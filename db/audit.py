"""The trail: a chain of entries that the database itself refuses to change or remove."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import DDL, Text, event
from sqlmodel import Field, SQLModel

from db.base import ID, Instant

NO_CHANGE = 'the trail is never changed'


class Trail(SQLModel, table=True):
    """One entry: `body` is text and hashed as kept; mac = HMAC(key, previous mac, n, body)."""

    __tablename__ = 'trail'
    scoped_by: ClassVar[str] = 'org_id'

    n: int = Field(primary_key=True, sa_type=ID)
    org_id: int = Field(sa_type=ID, index=True)
    row_id: int = Field(default=0, sa_type=ID, index=True)
    body: str = Field(sa_type=Text)
    mac: bytes


class TrailHead(SQLModel, table=True):
    """The last entry's number and mac; locked by whoever writes."""

    __tablename__ = 'trail_head'

    id: int = Field(primary_key=True)
    n: int = Field(sa_type=ID)
    mac: bytes


class TrailSeal(SQLModel, table=True):
    """A signed head (Ed25519): made each hour and for each certificate batch, printed and exported."""

    __tablename__ = 'trail_seal'

    id: int | None = Field(default=None, primary_key=True)
    n: int = Field(sa_type=ID)
    mac: bytes
    reason: str = Field(max_length=60)
    made_at: datetime = Field(sa_type=Instant)
    signature: bytes


SQLITE_TRIGGERS = tuple(
    f"CREATE TRIGGER trail_no_{verb.lower()} BEFORE {verb} ON trail BEGIN SELECT RAISE(ABORT, '{NO_CHANGE}'); END" for verb in ('UPDATE', 'DELETE'))
POSTGRES_TRIGGERS = (
    f"CREATE OR REPLACE FUNCTION trail_no_change() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{NO_CHANGE}'; END $$ LANGUAGE plpgsql",
    'CREATE TRIGGER trail_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON trail FOR EACH STATEMENT EXECUTE FUNCTION trail_no_change()')

for _dialect, _statements in (('sqlite', SQLITE_TRIGGERS), ('postgresql', POSTGRES_TRIGGERS)):
    for _statement in _statements:
        event.listen(Trail.__table__, 'after_create', DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[attr-defined,no-untyped-call]
