"""Every data folder that an earlier issue left behind still opens: upgraded, readable, its trail whole."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select as plain
from sqlmodel import col, select

from app.audit import check_chain
from app.house import House, house, open_house
from app.sealed import open_keys
from app.work import begin_as
from db.certificates import Certificate
from db.migrate import migrate, newest, version_of
from db.registration import Candidate
from db.scores import ScoreSignature
from db.session import Engines
from db.users import Person
from tests import make
from tests.kept.make import FOLDER, keys_in


@pytest.mark.parametrize('kept', sorted(FOLDER.glob('*.sql.gz')), ids=lambda path: path.name)
def test_a_kept_data_folder_is_upgraded_and_read(kept: Path, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / 'dingji.db') as db:
        db.executescript(gzip.decompress(kept.read_bytes()).decode())
    engines = Engines(f'sqlite:///{tmp_path / "dingji.db"}')
    migrate(engines)
    open_house(House(engines, open_keys(keys_in(tmp_path / 'keys')), tmp_path))
    with engines.read.connect() as connection:
        head = connection.execute(plain(col(Person.id)).where(col(Person.name) == '何立春')).scalar_one()
        assert check_chain(connection, house().keys) == []
    with begin_as(head, reads=True) as work:
        numbers = [c.number for c in work.session.exec(select(Certificate).order_by(col(Certificate.number)))]
        first = work.session.exec(select(Candidate).where(Candidate.seq == 1)).one()
        assert work.unseal_id(first) == make.number(1)
        assert [(s.withdrawn_by, s.withdrawn_reason, s.withdrawn_at) for s in work.session.exec(select(ScoreSignature))] == [('', '', None)] * 4
    assert (len(numbers), numbers[0], numbers[-1]) == (7, 'S000099010001262000001', 'S000099010001264000005')
    assert version_of(engines) == newest()
    engines.close()
