"""Kept files: content-addressed, sealed, read in scope only, and told apart by what they are."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import NotYours, Refused
from app.files import file_bytes, keep_file, read_file, store, store_scan
from app.house import House, house
from app.settings import hold_folder
from app.work import begin_as
from db.files import StoredFile
from tests import make
from tests.make_bad_files import portrait
from tests.test_settings import settings_of

PDF = b'%PDF-1.7\n%scan'


@pytest.fixture(autouse=True)
def _house(house_on_sqlite: House) -> None:
    """Keep a house open for the tests of any content, which take no fixture of their own."""


def person_of(n: int) -> tuple[int, int]:
    """Return (organisation id, id of its head)."""
    org = make.org(n, kind='employer', region='990101')
    return org.id, make.first_person(org, f'负责人{n}', make.number(n), 'head').id


def lying() -> list[str]:
    return sorted(p.name for p in (house().home / 'files').rglob('*') if p.is_file())


def test_a_kept_file_reads_back_under_its_shown_name(both: House) -> None:
    _, head = person_of(1)
    with begin_as(head, at=make.NOW) as work:
        kept = keep_file(work, PDF, name='备案函.pdf', content_type='application/pdf')
    with begin_as(head, at=make.NOW, reads=True) as work:
        row, data = read_file(work, kept.id)
    assert (row.name, row.content_type, row.size, row.by_id, data) == ('备案函.pdf', 'application/pdf', len(PDF), head, PDF)


def test_sealed_bytes_lie_once_under_their_hash_and_never_in_plain(house_on_sqlite: House) -> None:
    org_id, head = person_of(1)
    other_id, _ = person_of(2)
    with begin_as(head, at=make.NOW) as work:
        one, two = (keep_file(work, PDF, name=n, content_type='application/pdf') for n in ('a.pdf', '../../b.pdf'))
    assert one.kept_sha256 == two.kept_sha256 and one.id != two.id
    assert lying() == [one.kept_sha256]
    path = house().home / 'files' / one.kept_sha256[:2] / one.kept_sha256
    assert PDF not in path.read_bytes() and hashlib.sha256(path.read_bytes()).hexdigest() == one.kept_sha256
    assert store(PDF, other_id, sealed=True) != one.kept_sha256 != store(PDF, org_id, sealed=False)


def test_what_a_killed_process_left_of_a_file_is_gone_at_the_next_start(house_on_sqlite: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, 'replace', killed)
    with pytest.raises(KeyboardInterrupt):
        store(PDF, 7, sealed=False)
    monkeypatch.undo()
    assert len(lying()) == 1
    with hold_folder(settings_of(data=str(house().home))):
        assert lying() == []


@settings(max_examples=30)
@given(data=st.binary(max_size=2000))
def test_any_content_reads_back(data: bytes) -> None:
    row = StoredFile(org_id=7, kept_sha256='', size=len(data), content_type='x', name='x', sealed=True, made_at=make.NOW, by_id=1)
    row.kept_sha256 = store(data, 7, sealed=True)
    assert file_bytes(row) == data


def test_another_organisations_file_is_not_there(house_on_sqlite: House) -> None:
    _, head = person_of(1)
    _, stranger = person_of(2)
    with begin_as(head, at=make.NOW) as work:
        kept = keep_file(work, PDF, name='a.pdf', content_type='application/pdf')
    with begin_as(stranger, at=make.NOW, reads=True) as work:
        with pytest.raises(NotYours) as foreign:
            read_file(work, kept.id)
        with pytest.raises(NotYours) as missing:
            read_file(work, 12345)
    assert foreign.value.sentence == missing.value.sentence


def test_altered_and_missing_bytes_are_told_and_never_given_out(house_on_sqlite: House) -> None:
    _, head = person_of(1)
    with begin_as(head, at=make.NOW) as work:
        kept = keep_file(work, PDF, name='a.pdf', content_type='application/pdf', sealed=False)
    path = house().home / 'files' / kept.kept_sha256[:2] / kept.kept_sha256
    path.write_bytes(PDF + b' altered')
    with pytest.raises(NotYours, match='与登记的校验值不符'):
        file_bytes(kept)
    path.unlink()
    with pytest.raises(NotYours, match='缺失，请联系管理员从备份中恢复'):
        file_bytes(kept)


@pytest.mark.parametrize(('data', 'name', 'kind'), [
    (PDF, '函.exe', 'application/pdf'), (portrait(), '函.pdf', 'image/jpeg'), (portrait(kind='PNG'), '函.gif', 'image/jpeg')])
def test_a_scan_is_what_its_content_says(house_on_sqlite: House, data: bytes, name: str, kind: str) -> None:
    org, _ = person_of(1)
    assert store_scan(data, org, name=name).content_type == kind


@pytest.mark.parametrize('data', [b'', b'MZ\x90', b'GIF89a', b'<html>', b' %PDF-1.7'])
def test_something_else_is_no_scan_and_nothing_is_kept(house_on_sqlite: House, data: bytes) -> None:
    org, _ = person_of(1)
    with pytest.raises(Refused, match='“函.pdf”不是PDF、JPG或PNG文件'):
        store_scan(data, org, name='函.pdf')
    assert lying() == []
