"""What is read of batches."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy import select as plain
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.access import Permission
from app.errors import NotYours
from app.work import Work
from db.batches import Batch, BatchGroup, Sitting
from db.organizations import Org
from db.registration import Candidate

DRAFTS = ('preparing', 'registering')  # a centre reads what was handed in, never a draft
SORTS = {'number': col(Batch.number), 'days': col(Batch.first_on)}


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One line of the list of batches."""

    batch: Batch
    org: str
    groups: str
    candidates: int


def batches(
    work: Work, *, find: str = '', state: str = '', sort: str = '', before: int = 0, after: int = 0, last: bool = False, limit: int = 25,
) -> tuple[list[BatchRow], bool]:
    """Return batches in scope, newest first, and whether more follow in the direction asked. sort: key of SORTS, falling with - before it"""
    work.require(Permission.BATCHES_READ)
    rows, more = work.page(_filtered(work, find, state), Batch, before=before, after=after, last=last, limit=limit, sort=sort, sorts=SORTS)
    return _rows(work, rows), more


def count_batches(work: Work, limit: int, *, find: str = '', state: str = '') -> int:
    """Return how many batches fit the filters, counted up to a limit; 0 counts all."""
    work.require(Permission.BATCHES_READ)
    return work.session.exec(select(func.count()).select_from(_filtered(work, find, state).limit(limit or None).subquery())).one()


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
    return sorted(found, key=_group_order)


def sittings_of(work: Work, batch_id: int) -> list[Sitting]:
    """Return the sittings of a batch by room number."""
    return list(work.session.exec(select(Sitting).where(Sitting.batch_id == batch_id).order_by(col(Sitting.room_no))))


def group_word(group: BatchGroup) -> str:
    """Return a group as people say it: 车工（普通车床）四级."""
    from app.words import LEVELS

    return f'{group.occupation}{"（" + group.work_type + "）" if group.work_type else ""}{LEVELS[group.level]}'


def _filtered(work: Work, find: str, state: str) -> SelectOfScalar[Batch]:
    q = select(Batch)
    if work.actor.is_centre:
        q = q.where(col(Batch.state).not_in(DRAFTS))
    if find:
        q = q.where(col(Batch.number).contains(find, autoescape=True) | col(Batch.title).contains(find, autoescape=True))
    return q.where(Batch.state == state) if state else q


def _rows(work: Work, found: list[Batch]) -> list[BatchRow]:
    """Return the lines of a page with three queries, however many batches there are."""
    ids = [b.id for b in found]
    groups: dict[int, list[BatchGroup]] = {}
    for group in work.session.exec(select(BatchGroup).where(col(BatchGroup.batch_id).in_(ids))):
        groups.setdefault(group.batch_id, []).append(group)
    named = plain(col(Org.id), col(Org.name)).where(col(Org.id).in_({b.org_id for b in found}))
    orgs: dict[int, str] = {row.id: row.name for row in work.session.execute(named)}
    counted = plain(col(Candidate.batch_id), func.count().label('n')).where(col(Candidate.batch_id).in_(ids)).group_by(col(Candidate.batch_id))
    counts: dict[int, int] = {row.batch_id: row.n for row in work.session.execute(counted)}
    return [BatchRow(b, orgs[b.org_id], '、'.join(group_word(g) for g in sorted(groups.get(b.id, []), key=_group_order)), counts.get(b.id, 0)) for b in found]


def _group_order(group: BatchGroup) -> tuple[str, str, int]:
    return group.occupation_code, group.work_type, -group.level
