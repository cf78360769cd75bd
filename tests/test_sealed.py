"""Encrypted columns: bound to their place, found by a blind index, keys that nobody else may read."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from app.house import House, house
from app.sealed import MASTER, Keys, open_keys
from app.work import begin_as
from db.registration import Candidate
from tests import make
from tests.shows import shows

KEYS = Keys(b'k' * 32)
NUMBER = make.number(1)


@dataclass(frozen=True)
class Place:
    id: int = 1
    org_id: int = 1


@dataclass(frozen=True)
class Elsewhere:
    id: int = 1
    org_id: int = 1


@given(st.text())
def test_a_sealed_value_reads_back(value: str) -> None:
    assert KEYS.unseal(Place(), 'id_no', KEYS.seal(Place(), 'id_no', value)) == value


@pytest.mark.parametrize(('place', 'column'), [(Place(id=2), 'id_no'), (Place(org_id=2), 'id_no'), (Place(), 'phone'), (Elsewhere(), 'id_no')])
def test_a_sealed_value_moved_elsewhere_cannot_be_read(place: Place | Elsewhere, column: str) -> None:
    sealed = KEYS.seal(Place(), 'id_no', NUMBER)
    with pytest.raises(InvalidTag):
        KEYS.unseal(place, column, sealed)


@given(st.integers(min_value=0, max_value=12 + 18 + 16 - 1), st.integers(min_value=1, max_value=255))
def test_any_altered_byte_is_noticed(at: int, change: int) -> None:
    sealed = bytearray(KEYS.seal(Place(), 'id_no', NUMBER))
    sealed[at] ^= change
    with pytest.raises(InvalidTag):
        KEYS.unseal(Place(), 'id_no', bytes(sealed))


def test_a_column_is_unsealed_as_each_of_its_values_and_none_moved() -> None:
    sealed = [(n, KEYS.seal(Place(id=n), 'id_no', make.number(n))) for n in (1, 2, 3)]
    assert KEYS.unseal_all(Place, 'id_no', 1, sealed) == [make.number(n) for n in (1, 2, 3)]
    for model, column, org_id, rows in ((Elsewhere, 'id_no', 1, sealed), (Place, 'phone', 1, sealed), (Place, 'id_no', 2, sealed), (Place, 'id_no', 1, [(2, sealed[0][1])])):
        with pytest.raises(InvalidTag):
            KEYS.unseal_all(model, column, org_id, rows)


def test_the_same_value_is_never_sealed_alike_and_always_found() -> None:
    assert KEYS.seal(Place(), 'id_no', NUMBER) != KEYS.seal(Place(), 'id_no', NUMBER)
    assert KEYS.blind('id_no', NUMBER) == KEYS.blind('id_no', f' {NUMBER.lower()} ') != KEYS.blind('phone', NUMBER)
    assert KEYS.blind('id_no', NUMBER) != Keys(b'x' * 32).blind('id_no', NUMBER)


def test_organisations_have_keys_of_their_own() -> None:
    assert len({KEYS.derived(p) for p in ('data/1', 'data/2', 'trail', 'index', 'trail seal')}) == 5
    with pytest.raises(InvalidTag):
        KEYS.cipher(2).decrypt(KEYS.seal(Place(), 'id_no', NUMBER)[:12], KEYS.seal(Place(), 'id_no', NUMBER)[12:], b'')


def test_a_short_master_key_is_our_mistake() -> None:
    with pytest.raises(ValueError, match='16 bytes'):
        Keys(b'k' * 16)


def test_the_master_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    made = open_keys(tmp_path / 'keys')
    assert open_keys(tmp_path / 'keys').check_value() == made.check_value() != KEYS.check_value()
    if os.name == 'posix':
        assert [stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / 'keys', tmp_path / 'keys' / MASTER)] == [0o700, 0o600]


@pytest.mark.skipif(os.name != 'posix', reason='modes are of POSIX')
@pytest.mark.parametrize(('folder', 'file'), [(0o750, 0o600), (0o700, 0o640), (0o700, 0o604)])
def test_a_key_that_others_may_read_stops_the_start(tmp_path: Path, folder: int, file: int) -> None:
    open_keys(tmp_path / 'keys')
    (tmp_path / 'keys' / MASTER).chmod(file)
    (tmp_path / 'keys').chmod(folder)
    with pytest.raises(PermissionError, match='chmod 700'):
        open_keys(tmp_path / 'keys')


@shows('DATA-16')
def test_no_id_number_lies_in_the_database_in_plain_text(house_on_sqlite: House) -> None:
    made = make.world()
    make.batch(made)
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        found = work.session.exec(select(Candidate)).all()
        assert {work.unseal_id(c) for c in found} == {make.number(n) for n in range(1, 9)}
        assert all(c.id_no_masked == make.number(c.seq)[:4] + '*' * 10 + make.number(c.seq)[-4:] for c in found)
    with house().engines.write.connect() as connection:
        connection.connection.cursor().execute('PRAGMA wal_checkpoint(TRUNCATE)')
    files = [p for p in house().home.parent.rglob('*') if p.is_file() and 'keys' not in p.as_posix()]
    assert any(p.suffix == '.db' for p in files)
    assert [p.name for p in files for n in range(1, 9) if make.number(n).encode() in p.read_bytes()] == []


