"""Keeping the equipment ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.access import Permission
from app.equipment.ledger import EQUIPMENT
from app.equipment.words import ATTACHED
from app.files import Scan, attach, end_attachment
from app.ledger_items import Written
from app.ledgers import Fate, add_row, change_row, end_row, write_rows
from app.work import Work
from db.base import Owned
from db.equipment import Equipment
from db.files import Attachment


def add_equipment(work: Work, *, written: Mapping[str, Written]) -> Owned:
    """Keep a new line, as written. raises Refused with every fault (EQUIP-01)"""
    work.require(Permission.EQUIPMENT_WRITE)
    return add_row(work, EQUIPMENT, written)


def change_equipment(work: Work, *, equipment_id: int, column: str, shown: Written, new: Written) -> str:
    """Save one item of a line as typed and return it as written. raises Refused, Changed"""
    work.require(Permission.EQUIPMENT_WRITE)
    return change_row(work, EQUIPMENT, work.get(Equipment, equipment_id, lock=True), key=column, shown=shown, new=new)


def end_equipment(work: Work, *, equipment_id: int) -> None:
    """Take a line off the ledger today; its number is never used again. raises Refused"""
    work.require(Permission.EQUIPMENT_WRITE)
    end_row(work, EQUIPMENT, work.get(Equipment, equipment_id, lock=True))


def import_equipment(work: Work, *, rows: Sequence[Fate]) -> None:
    """Keep a slice of judged rows of a workbook."""
    work.require(Permission.EQUIPMENT_WRITE)
    write_rows(work, EQUIPMENT, rows)


def attach_to_equipment(work: Work, *, equipment_id: int, scan: Scan, kind: str, title: str = '') -> Attachment:
    """Make a stored scan or photo an attachment of a line. raises Refused"""
    work.require(Permission.EQUIPMENT_WRITE)
    return attach(work, work.get(Equipment, equipment_id), scan, kind=kind, kinds=ATTACHED, title=title)


def end_equipment_attachment(work: Work, *, equipment_id: int, attachment_id: int) -> Attachment:
    """End an attachment of a line; its file stays. raises Refused"""
    work.require(Permission.EQUIPMENT_WRITE)
    return end_attachment(work, work.get(Equipment, equipment_id), attachment_id)
