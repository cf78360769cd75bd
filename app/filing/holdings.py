"""What an organisation holds for its filings beside the registers of people and things: licences with their scans, and whom it trained (F-LICENCE, F-TRAIN-STAT)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import func, select

from app.access import Permission
from app.errors import NotYours
from app.files import Scan, attach, attachment_counts, end_attachment
from app.filing.ledgers import LICENCES, ledger_of
from app.findings import Finding
from app.ledger_items import Written
from app.ledgers import NONE, Fate, add_row, change_row, current, end_row, selected, write_rows
from app.work import Work
from db.base import Owned
from db.files import Attachment

SCANS: Mapping[str, Mapping[str, str]] = {'licence': {'licence': '证照扫描件'}}  # kinds of attachments, by ledger


def holdings_page(
        work: Work, *, ledger: str, find: str = '', filters: Mapping[str, str] = NONE, before: int = 0, after: int = 0, last: bool = False, limit: int = 25) -> tuple[list[Any], bool]:
    """Return rows of a ledger, newest first, and whether more follow in the direction asked; {'ended': 'yes'} gives the ended ones alone."""
    work.require(Permission.FILING_READ)
    found = ledger_of(ledger)
    return work.page(selected(found, find, filters).where(found.model.org_id == work.org.id), found.model, before=before, after=after, last=last, limit=limit)


def holdings_found(work: Work, limit: int, *, ledger: str, find: str = '', filters: Mapping[str, str] = NONE) -> int:
    """Return how many rows fit the filters, counted up to a limit."""
    work.require(Permission.FILING_READ)
    found = ledger_of(ledger)
    return work.session.exec(select(func.count()).select_from(selected(found, find, filters).where(found.model.org_id == work.org.id).limit(limit).subquery())).one()


def holding(work: Work, *, ledger: str, record_id: int) -> Owned:
    """Return one row; raises NotYours, also to a centre: it reads what was handed in."""
    work.require(Permission.FILING_READ)
    row: Owned = work.get(ledger_of(ledger).model, record_id)
    if row.org_id != work.org.id:
        raise NotYours
    return row


def unscanned(work: Work) -> list[Finding]:
    """Return the licences in use without a scan; subjects are their ids (ORG-50)."""
    work.require(Permission.FILING_READ)
    held = current(work, LICENCES)
    counts = attachment_counts(work, [x.id for x in held], SCANS['licence'])
    return [Finding('ORG-50', 'warn', f'{x.id}', f'证照“{x.number}”还没有扫描件，申报时须附；请打开后上传。') for x in held if not counts.get(x.id)]


def add_holding(work: Work, *, ledger: str, written: Mapping[str, Written]) -> Owned:
    """Keep a new row, as written. raises Refused with every fault (ORG-03, ORG-50)"""
    work.require(Permission.FILING_WRITE)
    return add_row(work, ledger_of(ledger), written)


def change_holding(work: Work, *, ledger: str, record_id: int, column: str, shown: Written, new: Written) -> str:
    """Save one item of a row as typed and return it as written. raises Refused, Changed"""
    work.require(Permission.FILING_WRITE)
    kept = ledger_of(ledger)
    return change_row(work, kept, work.get(kept.model, record_id, lock=True), key=column, shown=shown, new=new)


def end_holding(work: Work, *, ledger: str, record_id: int) -> None:
    """End a licence that was replaced, or a line entered by mistake; what was handed in with it stays as it was. raises Refused"""
    work.require(Permission.FILING_WRITE)
    kept = ledger_of(ledger)
    end_row(work, kept, work.get(kept.model, record_id, lock=True))


def import_holdings(work: Work, *, ledger: str, rows: Sequence[Fate]) -> None:
    """Keep a slice of judged rows of a workbook."""
    work.require(Permission.FILING_WRITE)
    write_rows(work, ledger_of(ledger), rows)


def attach_to_holding(work: Work, *, ledger: str, record_id: int, scan: Scan, kind: str, title: str = '') -> Attachment:
    """Add a scan to a licence; app/files.store_scan has judged its kind and size. raises NotYours, also for an ended one, Refused"""
    work.require(Permission.FILING_WRITE)
    row = work.get(ledger_of(ledger).model, record_id)
    if row.ended_on:
        raise NotYours
    return attach(work, row, scan, kind=kind, kinds=SCANS.get(ledger, {}), title=title)


def end_holding_attachment(work: Work, *, ledger: str, record_id: int, attachment_id: int) -> Attachment:
    """End a scan; its file stays. raises Refused"""
    work.require(Permission.FILING_WRITE)
    return end_attachment(work, work.get(ledger_of(ledger).model, record_id), attachment_id)
