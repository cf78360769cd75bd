"""Bringing candidates in: a workbook row by row, photos by ID number; each slice whole, repeating changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import select

from app.access import Permission
from app.batches.queries import batch as get_batch
from app.codes import mask_id
from app.errors import Refused
from app.house import house
from app.registration.rules import Fate
from app.states import state_word
from app.words import name_initials, name_key
from app.work import Work
from db.batches import Batch
from db.files import StoredFile
from db.registration import Candidate

SLICE = 50  # rows a transaction: well under the 250 ms that a write may last, also on a busy machine


def prepare(fate: Fate) -> dict[str, object]:
    """Return a row's values with what takes time (pinyin), made outside the transaction."""
    name = str(fate.values['name'])
    return fate.values | {'sort_key': name_key(name), 'initials': name_initials(name)}


def write_rows(work: Work, *, batch_id: int, rows: Sequence[tuple[Fate, dict[str, object]]], job_id: int = 0) -> int:
    """Keep one slice of judged rows (new and changed ones); returns how many were written.

    raises Refused when the list is closed; a row that meanwhile came in by another hand counts as the same
    """
    work.require(Permission.REGISTRATION_WRITE)
    batch = _open_batch(work, batch_id)
    seq = work.session.exec(select(func.max(Candidate.seq)).where(Candidate.batch_id == batch.id)).one() or 0
    keys = house().keys
    wanted = {keys.blind('id_no', str(v['id_no'])): (fate, v) for fate, v in rows if fate.outcome in ('new', 'changed')}
    known = {c.id_no_index: c for c in work.session.exec(
        select(Candidate).where(Candidate.batch_id == batch.id, Candidate.id_no_index.in_(list(wanted))))}  # type: ignore[attr-defined]
    fresh = []
    for index, (_fate, values) in wanted.items():
        if kept := known.get(index):
            _update(work, kept, values)
            continue
        seq += 1
        fresh.append(_candidate(work, batch, seq, values, job_id))
    work.keep_all('registration.import', fresh)
    return len(wanted)


def set_photo(work: Work, *, candidate_id: int, photo: bytes, name: str, sha256: str) -> Candidate:
    """Give a candidate his photo; `sha256` names the bytes already stored by files.store. raises Refused when the list is closed"""
    work.require(Permission.REGISTRATION_WRITE)
    candidate = work.get(Candidate, candidate_id)
    _open_batch(work, candidate.batch_id)
    if candidate.photo_id and work.get(StoredFile, candidate.photo_id).kept_sha256 == sha256:
        return candidate
    row = work.make(StoredFile, kept_sha256=sha256, size=len(photo), content_type='image/jpeg', name=name[:200], sealed=True, made_at=work.now,
                    by_id=work.actor.person_id)
    work.session.add(row)
    work.session.flush()
    candidate.photo_id = row.id
    work.keep('registration.photo', candidate)
    return candidate


def reveal_id(work: Work, *, candidate_id: int) -> str:
    """Return a candidate's full ID number and leave a trail entry (source: DATA-16)."""
    work.require(Permission.REGISTRATION_REVEAL)
    candidate = work.get(Candidate, candidate_id)
    work.note('registration.reveal_id', candidate)
    return work.unseal_id(candidate)


def note_roster(work: Work, *, batch_id: int) -> None:
    """Leave the trail entry of a print or export of the list with full ID numbers (DATA-16)."""
    work.require(Permission.REGISTRATION_REVEAL)
    work.note('registration.roster', get_batch(work, batch_id))


def discard_candidate(work: Work, *, candidate_id: int) -> None:
    """Take a wrongly imported person off an open list; the trail keeps that he was there."""
    work.require(Permission.REGISTRATION_WRITE)
    candidate = work.get(Candidate, candidate_id)
    _open_batch(work, candidate.batch_id)
    work.remove('registration.discard', candidate, seq=candidate.seq)


def _open_batch(work: Work, batch_id: int) -> Batch:
    batch = get_batch(work, batch_id, lock=True)
    if batch.state != 'registering':
        raise Refused(f'批次{batch.number}处于“{state_word("batch", batch.state)}”，名单不能改动；只有“报名”状态可以导入和更改。')
    return batch


def _candidate(work: Work, batch: Batch, seq: int, values: dict[str, object], job_id: int) -> Candidate:
    number = str(values['id_no'])
    candidate = work.make(
        Candidate, batch_id=batch.id, seq=seq, import_id=job_id or None, id_no_sealed=b'', id_no_index=b'', id_no_masked='',
        **{k: v for k, v in values.items() if k != 'id_no'})
    work.seal_id(candidate, number, mask_id(number))
    return candidate


def _update(work: Work, candidate: Candidate, values: dict[str, object]) -> None:
    changed = {k: v for k, v in values.items() if k != 'id_no' and getattr(candidate, k) != v}
    for key, value in changed.items():
        setattr(candidate, key, value)
    if changed:
        work.keep('registration.change', candidate, columns=sorted(changed))
