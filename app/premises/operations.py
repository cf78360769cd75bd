"""Keeping sites, rooms, systems, cameras and safety checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.access import Permission
from app.errors import Refused
from app.files import Scan, attach, end_attachment
from app.ledger_items import Written
from app.ledgers import Fate, add_row, change_row, current, end_row, write_rows
from app.premises.ledgers import CAMERAS, ROOM_LEDGER, ledger_of
from app.premises.words import ATTACHED
from app.work import Work
from db.base import Owned
from db.files import Attachment
from db.premises import Room, Site


def add_premises(work: Work, *, ledger: str, written: Mapping[str, Written]) -> Owned:
    """Keep a new row of a ledger, as written. raises Refused with every fault"""
    work.require(Permission.PREMISES_WRITE)
    return add_row(work, ledger_of(ledger), written)


def change_premises(work: Work, *, ledger: str, record_id: int, column: str, shown: Written, new: Written) -> str:
    """Save one item of a row as typed and return it as written. raises Refused, Changed"""
    work.require(Permission.PREMISES_WRITE)
    kept = ledger_of(ledger)
    return change_row(work, kept, work.get(kept.model, record_id, lock=True), key=column, shown=shown, new=new)


def end_premises(work: Work, *, ledger: str, record_id: int) -> None:
    """End a row today; a site only when its rooms have ended, a room only when its cameras have. raises Refused"""
    work.require(Permission.PREMISES_WRITE)
    kept = ledger_of(ledger)
    row = work.get(kept.model, record_id, lock=True)
    inside: list[str] = []
    if isinstance(row, Site):
        inside = [room.name for room in current(work, ROOM_LEDGER) if room.site_id == row.id]
    elif isinstance(row, Room):
        inside = [camera.label for camera in current(work, CAMERAS) if camera.room_id == row.id]
    if inside:
        what = '房间' if isinstance(row, Site) else '监控点位'
        raise Refused(f'其中还有{len(inside)}个{what}在用（{"、".join(inside[:5])}{"等" if len(inside) > 5 else ""}），请先停用或改到别处，再停用本{kept.noun}。')
    end_row(work, kept, row)


def import_premises(work: Work, *, ledger: str, rows: Sequence[Fate]) -> None:
    """Keep a slice of judged rows of a workbook."""
    work.require(Permission.PREMISES_WRITE)
    write_rows(work, ledger_of(ledger), rows)


def attach_to_premises(work: Work, *, ledger: str, record_id: int, scan: Scan, kind: str, title: str = '') -> Attachment:
    """Make a stored scan or photo an attachment of a row. raises Refused"""
    work.require(Permission.PREMISES_WRITE)
    kept = ledger_of(ledger)
    return attach(work, work.get(kept.model, record_id), scan, kind=kind, kinds=ATTACHED.get(ledger, {}), title=title)


def end_premises_attachment(work: Work, *, ledger: str, record_id: int, attachment_id: int) -> Attachment:
    """End an attachment of a row; its file stays. raises Refused"""
    work.require(Permission.PREMISES_WRITE)
    return end_attachment(work, work.get(ledger_of(ledger).model, record_id), attachment_id)
