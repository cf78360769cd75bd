"""Every table's common ground: ids, revision, tenancy keys, instants."""

from __future__ import annotations

import re
import secrets
import threading
import time
from datetime import UTC, datetime
from typing import Any, ClassVar, get_args

from pydantic.fields import FieldInfo
from sqlalchemy import BigInteger, DateTime, ForeignKeyConstraint, Integer, String, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import declared_attr
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {  # before the first table: nameless constraints can never be changed on SQLite
    'ix': 'ix_%(table_name)s_%(column_0_N_name)s',
    'uq': 'uq_%(table_name)s_%(column_0_N_name)s',
    'ck': 'ck_%(table_name)s_%(constraint_name)s',
    'fk': 'fk_%(table_name)s_%(column_0_N_name)s',
    'pk': 'pk_%(table_name)s',
}

ID = BigInteger().with_variant(Integer, 'sqlite')  # INTEGER PRIMARY KEY is the rowid; BIGINT would cost one more index
SORT_KEY = String(200).with_variant(String(200, collation='C'), 'postgresql')  # compared byte by byte as on SQLite, whatever the server's language
LARGEST_ID = 2**53 - 1  # a database answers larger numbers with an error of its own
SHARED = frozenset({'org', 'sign_in'})  # tables of the installation: keys to them stay plain

_EPOCH_MS = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)
_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """Return a 53-bit id that rises with time and has a random tail: newest first is ORDER BY id DESC."""
    global _last
    with _lock:
        made = ((time.time_ns() // 1_000_000 - _EPOCH_MS) << 12) | secrets.randbits(12)
        _last = made if made > _last else _last + 1 + secrets.randbelow(64)
        return _last


def _put(field: FieldInfo, name: str, value: object) -> None:
    for place in (p for p in (field, *field.metadata) if hasattr(p, name)):
        setattr(place, name, value)  # sqlmodel 0.0.50 keeps it in both


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, the same on both databases; a datetime without zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError('an instant needs a time zone')
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Record(SQLModel):
    """A row: id and revision; two people who load revision 1 cannot both save (StaleDataError)."""

    id: int = Field(default_factory=new_id, primary_key=True, sa_type=ID)
    revision: int = Field(default=1)

    @declared_attr.directive
    def __tablename__(cls) -> str:  # sqlmodel's own default is 'sitesheet'
        return re.sub(r'(?<!^)(?=[A-Z])', '_', cls.__name__).lower()

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {'version_id_col': cls.__table__.c.revision}  # type: ignore[attr-defined]

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:  # runs before sqlmodel makes the columns
        for name, field in cls.model_fields.items():
            if name.endswith('_id') and (field.annotation is int or int in get_args(field.annotation)):
                _put(field, 'sa_type', ID)


class Owned(Record):
    """A row of an organisation: its foreign keys carry org_id along, so none can point to another's row."""

    scoped_by: ClassVar[str] = 'org_id'

    org_id: int = Field(default=None, foreign_key='org.id')

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        args: list[Any] = [UniqueConstraint('org_id', 'id')]
        for name, field in cls.model_fields.items():
            table, _, column = str(getattr(field, 'foreign_key', '')).partition('.')
            if column == 'id' and table not in SHARED:
                _put(field, 'foreign_key', None)
                args.append(ForeignKeyConstraint(['org_id', name], [f'{table}.org_id', f'{table}.id']))
        cls.__table_args__ = (*args, *cls.__dict__.get('__table_args__', ()))
