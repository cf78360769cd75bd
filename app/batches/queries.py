"""What is read of batches."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import col, select

from app.access import Permission
from app.errors import NotYours
from app.work import Work
from db.batches import Batch, BatchGroup, Sitting
from db.organizations import Org
from db.registration import Candidate

DRAFTS = ('preparing', 'registering')  # a centre reads what was handed in, never a draft


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One line of the list of batches."""

    batch: Batch
    org: str
    groups: str
    candidates: int


def batches(
    work: Work, *, find: str = '', state: str = '', before: int = 0, after: int = 0, last: bool = False, limit: int = 25) -> tuple[list[BatchRow], bool]:
    """Return batches in scope, newest first, and whether more follow in the direction asked."""
    work.require(Permission.BATCHES_READ)
    q = _readable(work)
    if find:
        q = q.where(col(Batch.number).contains(find, autoescape=True) | col(Batch.title).contains(find, autoescape=True))
    if state:
        q = q.where(Batch.state == state)
    rows, more = work.page(q, Batch, before=before, after=after, last=last, limit=limit)
    return [_row(work, b) for b in rows], more


def count_batches(work: Work, limit: int, *, find: str = '', state: str = '') -> int:
    """Return how many batches fit the filters, counted up to a limit."""
    work.require(Permission.BATCHES_READ)
    q = _readable(work)
    if find:
        q = q.where(col(Batch.number).contains(find, autoescape=True) | col(Batch.title).contains(find, autoescape=True))
    if state:
        q = q.where(Batch.state == state)
    return work.session.exec(select(func.count()).select_from(q.limit(limit).subquery())).one()


def batch(work: Work, batch_id: int, *, lock: bool = False) -> Batch:
    """Return a batch in scope; a centre finds none that is still a draft. raises NotYours"""
    work.require(Permission.BATCHES_READ)
    found = work.get(Batch, batch_id, lock=lock)
    if work.actor.is_centre and found.state in DRAFTS:
        raise NotYours
    return found


def groups_of(work: Work, batch_id: int) -> list[BatchGroup]:
    """Return the groups of a batch: occupation code, work type, then low to high level."""
    found = work.session.exec(select(BatchGroup).where(BatchGroup.batch_id == batch_id)).all()
    return sorted(found, key=lambda g: (g.occupation_code, g.work_type, -g.level))


def sittings_of(work: Work, batch_id: int) -> list[Sitting]:
    """Return the sittings of a batch by room number."""
    return list(work.session.exec(select(Sitting).where(Sitting.batch_id == batch_id).order_by(col(Sitting.room_no))))


def group_word(group: BatchGroup) -> str:
    """Return a group as people say it: 车工（普通车床）四级."""
    from app.words import LEVELS

    return f'{group.occupation}{"（" + group.work_type + "）" if group.work_type else ""}{LEVELS[group.level]}'


def _readable(work: Work):  # type: ignore[no-untyped-def]
    q = select(Batch)
    return q.where(col(Batch.state).not_in(DRAFTS)) if work.actor.is_centre else q


def _row(work: Work, found: Batch) -> BatchRow:
    groups = '、'.join(group_word(g) for g in groups_of(work, found.id))
    candidates = work.session.exec(select(func.count()).select_from(Candidate).where(Candidate.batch_id == found.id)).one()
    return BatchRow(found, work.get(Org, found.org_id).name, groups, candidates)
