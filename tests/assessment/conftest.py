"""Stages of an assessment, each built once a run and copied for every test that begins with it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.house import House, house, open_house
from app.sealed import open_keys
from db.session import Engines
from tests.assessment.making import Build, Case, Stage


@dataclass
class Frozen:
    """A house at a stage: data folder and keys, the database, the case."""

    folder: Path
    database: str
    case: Case


def _opened(folder: Path, url: str) -> None:
    (folder / 'data').mkdir(parents=True, exist_ok=True)
    open_house(House(Engines(url), open_keys(folder / 'data-keys'), folder / 'data'))


def _frozen(folder: Path, url: str, database: str, build: Build) -> Frozen:
    _opened(folder, url)
    case = build()
    house().engines.close()
    return Frozen(folder, database, case)


def _own(case: Case) -> Case:
    return replace(case, assessors=[*case.assessors], range_ids=[*case.range_ids])


@pytest.fixture(scope='session')
def frozen() -> dict[str, Frozen]:
    return {}


@pytest.fixture
def stage(frozen: dict[str, Frozen], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, blank_sqlite: Path) -> Iterator[Stage]:
    """A stage on SQLite."""
    def begin(build: Build) -> Case:
        if (kept := frozen.get(build.__name__)) is None:
            folder = tmp_path_factory.mktemp('stage')
            shutil.copy(blank_sqlite, folder / 'dingji.db')
            kept = frozen[build.__name__] = _frozen(folder, f'sqlite:///{folder / "dingji.db"}', '', build)
        copy = Path(shutil.copytree(kept.folder, tmp_path / 'stage'))
        _opened(copy, f'sqlite:///{copy / "dingji.db"}')
        return _own(kept.case)

    yield begin
    house().engines.close()


@pytest.fixture
def stage_on_postgres(frozen: dict[str, Frozen], postgres_url: str, blank_postgres: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage on PostgreSQL: a database made from the stage's as its template."""
    made: list[str] = []

    def create(name: str, template: str) -> str:
        admin = Engines(postgres_url)
        with admin.write.connect().execution_options(isolation_level='AUTOCOMMIT') as connection:
            connection.exec_driver_sql(f'CREATE DATABASE {name} TEMPLATE {template}')
        admin.close()
        return make_url(postgres_url).set(database=name).render_as_string(hide_password=False)

    def begin(build: Build) -> Case:
        key = f'postgres {build.__name__}'
        if (kept := frozen.get(key)) is None:
            database = f'stage_{os.getpid()}_{len(frozen)}'
            kept = frozen[key] = _frozen(tmp_path_factory.mktemp('stage'), create(database, blank_postgres), database, build)
        copy = Path(shutil.copytree(kept.folder, tmp_path / 'stage'))
        made.append(f'{kept.database}_{abs(hash(str(tmp_path)))}')
        _opened(copy, create(made[-1], kept.database))
        return _own(kept.case)

    yield begin
    house().engines.close()
    admin = Engines(postgres_url)
    with admin.write.connect().execution_options(isolation_level='AUTOCOMMIT') as connection:
        for name in made:
            connection.exec_driver_sql(f'DROP DATABASE {name} WITH (FORCE)')
    admin.close()


@pytest.fixture(params=['stage', 'stage_on_postgres'], ids=['sqlite', 'postgres'])
def stage_on_both(request: pytest.FixtureRequest) -> Stage:
    """A stage on SQLite and on PostgreSQL, one after the other."""
    found: Stage = request.getfixturevalue(request.param)
    return found
