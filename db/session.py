"""Engines and sessions: what a session may see and write. The only module besides app/work.py that touches connections."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Column, Engine, LargeBinary, Table, TextClause, create_engine, event, func, inspect, select
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlmodel import Session

from db.base import Owned
from db.organizations import Org


class Unscoped(RuntimeError):
    """A statement that would see or write beyond its organisation; our own mistake, never the person's."""


class Engines:
    """The read and the write engine of one database; one pool."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.read, self.write = _open(url)

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith('sqlite')

    def close(self) -> None:
        self.write.dispose()


class Scoped(Session):
    """Sees and writes rows of `scope` only; new rows belong to `org`; new organisations must lie in `regions`."""

    def __init__(self, engine: Engine, scope: Collection[int], org: int | None = None, regions: Collection[str] = ()) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.scope, self.org, self.regions = frozenset(scope), org, tuple(regions)
        self.unkept: dict[tuple[str, int], dict[str, Any] | None] = {}  # written, not yet in the trail: values before, None for a new row

    def columns(self, wanted: Sequence[Any], *conditions: Any) -> list[list[Any]]:
        """Return numbers, texts and bytes (as hex) of many rows column by column, narrowed like every statement.

        The database gathers each column as JSON: of 10,000 rows that takes half the time of rows.
        """
        on_sqlite = self.get_bind().dialect.name == 'sqlite'
        gathered = func.json_group_array if on_sqlite else func.json_agg
        plain = [(func.hex(c) if on_sqlite else func.encode(c, 'hex')) if isinstance(c.type, LargeBinary) else c for c in wanted]
        found = self.execute(select(*map(gathered, plain)).where(*conditions)).one()
        return [json.loads(column) if on_sqlite else column or [] for column in found]

    def bulk_save_objects(self, *args: Any, **kwargs: Any) -> None:
        raise Unscoped('bulk calls pass every hook; rows go through work.keep')

    def bulk_insert_mappings(self, *args: Any, **kwargs: Any) -> None:
        raise Unscoped('bulk calls pass every hook; rows go through work.keep')

    def bulk_update_mappings(self, *args: Any, **kwargs: Any) -> None:
        raise Unscoped('bulk calls pass every hook; rows go through work.keep')


def _open(url: str) -> tuple[Engine, Engine]:
    dumps = partial(json.dumps, ensure_ascii=False)
    if not url.startswith('sqlite'):
        engine = create_engine(url, pool_size=20, json_serializer=dumps)
        return engine.execution_options(isolation_level='REPEATABLE READ', postgresql_readonly=True), engine
    engine = create_engine(url, pool_size=20, json_serializer=dumps, connect_args={'check_same_thread': False})

    @event.listens_for(engine, 'connect')
    def prepare(db: Any, _record: Any) -> None:
        db.isolation_level = None  # the driver must not begin by itself
        for pragma in ('journal_mode=WAL', 'synchronous=FULL', 'foreign_keys=ON', 'recursive_triggers=ON', 'busy_timeout=5000'):
            db.execute(f'PRAGMA {pragma}')

    @event.listens_for(engine, 'begin')
    def begin(conn: Any) -> None:
        read = conn.get_execution_options().get('read', False)
        conn.exec_driver_sql(f'PRAGMA query_only={int(read)}')
        conn.exec_driver_sql('BEGIN' if read else 'BEGIN IMMEDIATE')

    return engine.execution_options(read=True), engine


@event.listens_for(Scoped, 'do_orm_execute')
def _narrow(state: ORMExecuteState) -> None:
    plain = state.is_orm_statement and (state.is_select or state.is_update or state.is_delete)
    if not plain or isinstance(state.parameters, list):
        raise Unscoped('ORM select, update, delete only; rows go through work.keep')
    models: set[type[Any]] = set()
    bare: set[Table] = set()
    for part in visitors.iterate(state.statement):  # type: ignore[arg-type]
        if entity := part._annotations.get('parententity'):
            models.add(entity.mapper.class_)
        elif isinstance(part, TextClause):
            raise Unscoped('no text in a statement')
        elif isinstance(part, Table):
            bare.add(part)
        elif isinstance(part, Column) and isinstance(part.table, Table):
            bare.add(part.table)  # session.get writes its condition so
    if bare - {m.__table__ for m in models}:
        raise Unscoped('a table beside the models')
    if shared := [m.__name__ for m in models if not hasattr(m, 'scoped_by')]:
        raise Unscoped(f'{shared[0]} belongs to no organisation')
    if state.is_update and any(getattr(c, 'key', c) == 'org_id' for c in (*(state.statement._values or ()), *(state.parameters or ()))):  # type: ignore[attr-defined]
        raise Unscoped('rows stay with their organisation')
    scope = state.session.scope  # type: ignore[attr-defined]
    state.statement = state.statement.options(*(with_loader_criteria(m, getattr(m, m.scoped_by).in_(scope), include_aliases=True) for m in models))


@event.listens_for(Scoped, 'before_flush')
def _belongs(session: Scoped, *_: object) -> None:
    for row in (*session.new, *(r for r in session.dirty if session.is_modified(r)), *session.deleted):
        session.unkept.setdefault((row.__tablename__, row.id), None if row in session.new else _before(row))
        if isinstance(row, Owned):
            if row in session.new and row.org_id is None:
                row.org_id = session.org
            before = inspect(row).attrs.org_id.history.deleted or [row.org_id]
            if {row.org_id, *before} - session.scope or before != [row.org_id]:
                raise Unscoped(f'{type(row).__name__} of organisation {row.org_id}')
        elif isinstance(row, Org):
            if row in session.new:
                if not any(row.region.startswith(r) for r in session.regions):
                    raise Unscoped(f'organisation in region {row.region}')
            elif row.id not in session.scope:
                raise Unscoped(f'organisation {row.id}')
        else:  # sign-ins, the trail and the installation's row have their own module, app/work.py and app/audit.py
            raise Unscoped(type(row).__name__)


def _before(row: Any) -> dict[str, Any]:
    return {a.key: a.history.deleted[0] if a.history.deleted else a.value for a in inspect(row).attrs}
