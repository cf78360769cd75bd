"""What is read of the equipment ledger."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func
from sqlmodel import select

from app.access import Permission
from app.equipment.ledger import EQUIPMENT
from app.ledgers import NONE, current, selected
from app.work import Work
from db.equipment import Equipment


def equipment_page(
    work: Work, *, find: str = '', filters: Mapping[str, str] = NONE, before: int = 0, after: int = 0, last: bool = False, limit: int = 25) -> tuple[list[Equipment], bool]:
    """Return lines of the ledger, newest first, and whether more follow in the direction asked; {'ended': 'yes'} gives the ended ones alone."""
    work.require(Permission.EQUIPMENT_READ)
    return work.page(selected(EQUIPMENT, find, filters), Equipment, before=before, after=after, last=last, limit=limit)


def equipment_found(work: Work, limit: int, *, find: str = '', filters: Mapping[str, str] = NONE) -> int:
    """Return how many lines fit the filters, counted up to a limit."""
    work.require(Permission.EQUIPMENT_READ)
    return work.session.exec(select(func.count()).select_from(selected(EQUIPMENT, find, filters).limit(limit).subquery())).one()


def equipment_line(work: Work, *, equipment_id: int) -> Equipment:
    """Return one line; raises NotYours."""
    work.require(Permission.EQUIPMENT_READ)
    return work.get(Equipment, equipment_id)


def equipment(work: Work) -> list[Equipment]:
    """Return the lines in use: by occupation and work type, what serves all last, each by number."""
    work.require(Permission.EQUIPMENT_READ)
    found: list[Equipment] = current(work, EQUIPMENT)
    return sorted(found, key=lambda e: (not e.occupation_code, e.occupation_code, e.work_type, e.number))
