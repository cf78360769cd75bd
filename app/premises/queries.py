"""What is read of sites, rooms, systems, cameras and safety checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from app.access import Permission
from app.ledgers import NONE, current, selected
from app.premises.ledgers import CAMERAS, CHECKS, ROOM_LEDGER, SITES, SYSTEM_LEDGER, ledger_of
from app.premises.rules import newest_checks
from app.premises.words import PROMISE
from app.work import Work
from db.base import Owned
from db.files import Attachment
from db.premises import Camera, InfoSystem, Room, SafetyCheck, Site


def premises_page(
    work: Work, *, ledger: str, find: str = '', filters: Mapping[str, str] = NONE, before: int = 0, after: int = 0, last: bool = False, limit: int = 25) -> tuple[list[Any], bool]:
    """Return rows of a ledger, newest first, and whether more follow in the direction asked; {'ended': 'yes'} gives the ended ones alone."""
    work.require(Permission.PREMISES_READ)
    found = ledger_of(ledger)
    return work.page(selected(found, find, filters), found.model, before=before, after=after, last=last, limit=limit)


def premises_found(work: Work, limit: int, *, ledger: str, find: str = '', filters: Mapping[str, str] = NONE) -> int:
    """Return how many rows fit the filters, counted up to a limit."""
    work.require(Permission.PREMISES_READ)
    return work.session.exec(select(func.count()).select_from(selected(ledger_of(ledger), find, filters).limit(limit).subquery())).one()


def premises_row(work: Work, *, ledger: str, record_id: int) -> Owned:
    """Return one row; raises NotYours."""
    work.require(Permission.PREMISES_READ)
    row: Owned = work.get(ledger_of(ledger).model, record_id)
    return row


def sites(work: Work) -> list[Site]:
    """Return the sites in use, in the order they came in."""
    work.require(Permission.PREMISES_READ)
    return current(work, SITES)


def rooms(work: Work) -> list[Room]:
    """Return the rooms in use of sites in use, in the order they came in."""
    work.require(Permission.PREMISES_READ)
    used = {site.id for site in sites(work)}
    return [room for room in current(work, ROOM_LEDGER) if room.site_id in used]


def systems(work: Work) -> list[InfoSystem]:
    """Return the information systems in use."""
    work.require(Permission.PREMISES_READ)
    return current(work, SYSTEM_LEDGER)


def promises(work: Work) -> dict[int, list[str]]:
    """Return the titles of the letters of promise attached to each information system (F-IT-REG, ORG-12)."""
    work.require(Permission.PREMISES_READ)
    q = select(Attachment).where(Attachment.org_id == work.org.id, Attachment.kind == PROMISE, col(Attachment.ended_on).is_(None)).order_by(col(Attachment.id))
    found: dict[int, list[str]] = {}
    for attachment in work.session.exec(q):
        found.setdefault(attachment.row_id, []).append(attachment.title)
    return found


def cameras(work: Work) -> list[Camera]:
    """Return the cameras in use."""
    work.require(Permission.PREMISES_READ)
    return current(work, CAMERAS)


def checks(work: Work) -> list[SafetyCheck]:
    """Return all safety checks, by day."""
    work.require(Permission.PREMISES_READ)
    found: list[SafetyCheck] = current(work, CHECKS)
    return sorted(found, key=lambda c: (c.checked_on, c.id))


def safety(work: Work) -> list[SafetyCheck]:
    """Return the newest safety check of each area."""
    work.require(Permission.PREMISES_READ)
    return newest_checks(checks(work))
