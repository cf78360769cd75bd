"""Migrations: a fresh database equals the models, a second call does nothing, a newer database is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from app.house import House, house
from db.migrate import migrate, newest, version_of
from db.session import Engines
from db.tables import METADATA
from tests.spent import computing_s


def test_an_upgraded_database_is_what_the_models_say(both: House) -> None:
    with both.engines.read.connect() as connection:
        context = MigrationContext.configure(connection, opts={'compare_type': True, 'target_metadata': METADATA, 'render_as_batch': True})
        assert compare_metadata(context, METADATA) == []
        told = inspect(connection)
        assert set(told.get_table_names()) == {*METADATA.tables, 'alembic_version'}
        named = {t.name: {c.name for c in t.constraints if str(c.name).startswith('ck_')} for t in METADATA.sorted_tables}
        assert {t: {c['name'] for c in told.get_check_constraints(t)} for t in METADATA.tables} == named
    assert version_of(both.engines) == newest()


def test_the_triggers_of_the_trail_come_with_the_migration(both: House) -> None:
    sql = ("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name" if both.engines.is_sqlite
           else 'SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname')
    with both.engines.read.connect() as connection:
        found = list(connection.execute(text(sql)).scalars())
        assert connection.execute(text('SELECT id, n FROM trail_head')).all() == [(1, 0)]
    assert found == (['trail_no_delete', 'trail_no_update'] if both.engines.is_sqlite else ['trail_no_change'])


def test_a_second_call_does_nothing_and_costs_nothing(both: House) -> None:
    migrate(both.engines)
    began = computing_s()
    assert migrate(both.engines) is False
    assert computing_s() - began <= 0.1


def test_a_database_of_a_newer_program_is_refused(both: House) -> None:
    with both.engines.write.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RuntimeError, match='由更新的程序版本（9999）建立'):
        migrate(both.engines)


def test_a_database_file_is_made_with_all_tables(tmp_path: Path) -> None:
    engines = Engines(f'sqlite:///{tmp_path / "made.db"}')
    assert version_of(engines) == ''
    assert migrate(engines) is True
    assert version_of(engines) == newest()
    engines.close()


def test_sqlite_keeps_what_it_said_it_kept(house_on_sqlite: House) -> None:
    with house().engines.write.connect() as connection:
        said = {name: connection.exec_driver_sql(f'PRAGMA {name}').scalar() for name in ('journal_mode', 'synchronous', 'foreign_keys', 'recursive_triggers')}
    assert said == {'journal_mode': 'wal', 'synchronous': 2, 'foreign_keys': 1, 'recursive_triggers': 1}
