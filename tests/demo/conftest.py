"""The demo story, loaded once for all tests of this folder, and copies of it to work on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.demo.load import load
from app.house import House, open_house
from app.sealed import open_keys
from db.session import Engines

Said = list[tuple[int, int, str]]


@pytest.fixture(scope='session')
def loaded_once(tmp_path_factory: pytest.TempPathFactory, blank_sqlite: Path) -> Iterator[tuple[House, Said]]:
    folder = tmp_path_factory.mktemp('story')
    home = folder / 'data'
    home.mkdir()
    shutil.copy(blank_sqlite, home / 'dingji.db')
    house, said = House(Engines(f'sqlite:///{home / "dingji.db"}'), open_keys(folder / 'keys'), home), []
    open_house(house)
    load(house, lambda done, total, text: said.append((done, total, text)))
    with house.engines.write.connect() as connection:
        connection.connection.cursor().execute('PRAGMA wal_checkpoint(TRUNCATE)')
    yield house, said
    house.engines.close()


@pytest.fixture
def story_house(loaded_once: tuple[House, Said]) -> House:
    """The loaded story, to be read only."""
    open_house(loaded_once[0])
    return loaded_once[0]


@pytest.fixture
def story_copy(loaded_once: tuple[House, Said], tmp_path: Path) -> Iterator[House]:
    """A copy of the loaded story, to be worked on."""
    home = tmp_path / 'data'
    shutil.copytree(loaded_once[0].home, home)
    house = replace(loaded_once[0], engines=Engines(f'sqlite:///{home / "dingji.db"}'), home=home)
    open_house(house)
    yield house
    house.engines.close()
