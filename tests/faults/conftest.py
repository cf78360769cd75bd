"""The prepared folders, made once a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.prepared import prepare


@pytest.fixture(scope='session')
def prepared(tmp_path_factory: pytest.TempPathFactory, blank_sqlite: Path) -> Path:
    """A folder with twenty batches that wait for numbers, 380 scores to be entered and an import of 500 rows."""
    folder = tmp_path_factory.mktemp('prepared') / 'folder'
    prepare(folder, blank_sqlite, batches=20, sizes=(40, 40, 10), rows=500)
    return folder


@pytest.fixture(scope='session')
def prepared_small(tmp_path_factory: pytest.TempPathFactory, blank_sqlite: Path) -> Path:
    """The same with little in it, for hundreds of images."""
    folder = tmp_path_factory.mktemp('prepared-small') / 'folder'
    prepare(folder, blank_sqlite, batches=6, sizes=(20, 15, 2), rows=1)
    return folder
