"""What is read of candidates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.access import Permission
from app.batches.queries import batch as get_batch
from app.batches.queries import groups_of
from app.codes import fold
from app.house import house
from app.registration.rules import KEPT, Group, Roster
from app.work import Work
from db.registration import Candidate

_TICKET = re.compile('[0-9]{12}')
_DOCUMENT = re.compile('[0-9]{6}')  # no name holds six digits
SORTS = {'name': col(Candidate.sort_key), 'seq': col(Candidate.seq), 'ticket': col(Candidate.ticket_number)}


def candidates(
    work: Work, *, batch_id: int, find: str = '', group_id: int = 0, photo: str = '', sort: str = '', before: int = 0, after: int = 0, last: bool = False,
    limit: int = 25,
) -> tuple[list[Candidate], bool]:
    """Return candidates of a batch, newest first, and whether more follow in the direction asked.

    find: part of a name, pinyin initials, ticket number or a whole ID number · photo: 'with', 'without' or '' · sort: key of SORTS, falling with - before it
    """
    work.require(Permission.REGISTRATION_READ)
    q = _filtered(batch_id, find, group_id, photo)
    return work.page(q, Candidate, before=before, after=after, last=last, limit=limit, sort=sort, sorts=SORTS)


def count_candidates(work: Work, limit: int, *, batch_id: int, find: str = '', group_id: int = 0, photo: str = '') -> int:
    """Return how many candidates fit the filters, counted up to a limit; 0 counts all."""
    work.require(Permission.REGISTRATION_READ)
    return work.session.exec(select(func.count()).select_from(_filtered(batch_id, find, group_id, photo).limit(limit or None).subquery())).one()


def candidates_by_ticket(work: Work, batch_id: int) -> list[Candidate]:
    """Return all candidates of a batch in the order of their ticket numbers, those without one last."""
    work.require(Permission.REGISTRATION_READ)
    found = work.session.exec(select(Candidate).where(Candidate.batch_id == batch_id)).all()
    return sorted(found, key=lambda c: (c.ticket_number is None, c.ticket_number or '', c.seq))


def candidate_columns(work: Work, batch_id: int, keys: Sequence[str]) -> dict[str, Sequence[Any]]:
    """Return columns of all candidates of a batch {key: one value each}, bytes as hex: of thousands of people much faster than their rows. raises NotYours"""
    work.require(Permission.REGISTRATION_READ)
    get_batch(work, batch_id)
    return dict(zip(keys, work.session.columns([getattr(Candidate, key) for key in keys], col(Candidate.batch_id) == batch_id), strict=True))


def roster(work: Work, batch_id: int) -> Roster:
    """Return what rows of a workbook are judged against."""
    work.require(Permission.REGISTRATION_READ)
    batch = get_batch(work, batch_id)
    kept = candidate_columns(work, batch_id, ('id', 'id_no_sealed', *KEPT))
    sealed = map(bytes.fromhex, kept.pop('id_no_sealed'))
    numbers = house().keys.unseal_all(Candidate, 'id_no', batch.org_id, zip(kept['id'], sealed, strict=True))
    seats = {(room, seat): number for number, room, seat in zip(numbers, kept['room_no'], kept['seat_no'], strict=True) if room}
    groups = [group_value(g) for g in groups_of(work, batch_id)]
    return Roster(work.today, int(batch.number[:4]), int(batch.number[5:]), groups, kept, {number: at for at, number in enumerate(numbers)}, seats)


def group_value(group: object) -> Group:
    """Return a kept group as the value that rules take."""
    return Group(*(getattr(group, k) for k in ('id', 'occupation_code', 'occupation', 'work_type', 'level')))


def photo_owners(work: Work, batch_id: int) -> dict[str, int]:
    """Return {ID number: candidate id} for matching a ZIP of photos."""
    work.require(Permission.REGISTRATION_READ)
    return {work.unseal_id(c): c.id for c in work.session.exec(select(Candidate).where(Candidate.batch_id == batch_id))}


def _filtered(batch_id: int, find: str, group_id: int, photo: str) -> SelectOfScalar[Candidate]:
    q = select(Candidate).where(Candidate.batch_id == batch_id)
    if find := find.strip():
        told = fold(find)
        if _TICKET.fullmatch(told):  # one condition with an index of its own: together with others none would be used
            q = q.where(Candidate.ticket_number == told)
        else:
            numbered = col(Candidate.id_no_index) == house().keys.blind('id_no', told)
            named = col(Candidate.name).contains(find, autoescape=True) | col(Candidate.initials).startswith(find.lower(), autoescape=True)
            q = q.where(numbered if _DOCUMENT.search(told) else numbered | named)
    if group_id:
        q = q.where(Candidate.group_id == group_id)
    if photo:
        q = q.where(col(Candidate.photo_id).is_not(None) if photo == 'with' else col(Candidate.photo_id).is_(None))
    return q
