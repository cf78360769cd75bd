"""The two short templates of the tests in place of the house's own, so that a reworded text fails no test of the engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bylaws import operations, queries, templates
from tests.bylaws import texts


@pytest.fixture
def own_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Use only the templates of tests/bylaws/texts.py."""
    folder = tmp_path / 'texts'
    folder.mkdir()
    texts.write(folder)
    read = templates.templates(folder)
    for module in (operations, queries):
        monkeypatch.setattr(module, 'templates', lambda: read)
    yield folder
