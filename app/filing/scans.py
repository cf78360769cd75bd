"""The scans that are bound into a volume, as they are now or as they were when it was handed in (ORG-50, ORG-52, ORG-61)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TypeVar

from sqlmodel import col, or_, select

from app.access import Permission
from app.bylaws.documents import bylaw_pdf
from app.bylaws.records import BylawPaper, file_stem, papers_named
from app.files import file_bytes
from app.filing.holdings import SCANS as LICENCE_SCANS
from app.filing.papers.binding import LICENCES, PEOPLE, PREMISES, Annexes, Read, Scans, signed_forms
from app.filing.papers.blocks import Printing
from app.filing.papers.licence import as_pdf
from app.filing.queries import seen, snapshots_of
from app.filing.records import ApplicationRecord
from app.filing.ways import WAYS
from app.personnel.registers import PROOFS
from app.words import china_time
from app.work import Work
from db.audit import Trail
from db.base import Owned
from db.files import Attachment, StoredFile
from db.filing import Licence
from db.personnel import Examiner, Expert
from db.premises import Site

PEOPLE_KINDS = (*PROOFS, 'letter')
PREMISES_KINDS = ('title_deed', 'lease')
Row = TypeVar('Row', bound=Owned)


def scans_of(work: Work, application_id: int, printing: Printing, *, sealed: bool = True) -> Scans:
    """Return the scans of an application by their place in the volume, in the order of the registers; each is read and opened when its turn comes.

    sealed: as they were when it was handed in last, else as they are now · a reader raises Refused naming the file that does not open
    """
    work.require(Permission.FILING_READ)
    app = seen(work, application_id)
    at = snapshots_of(work, app.id)[-1].made_at if sealed else None
    people = [*_rows(work, Examiner, at), *_rows(work, Expert, at)]
    found = {
        form: _held(work, [app.id], (form,), at) for form in signed_forms(app.way)} | {
        LICENCES: _held(work, _rows(work, Licence, at), LICENCE_SCANS, at), PEOPLE: _held(work, people, PEOPLE_KINDS, at),
        PREMISES: _held(work, _rows(work, Site, at), PREMISES_KINDS, at)}
    return {place: [_reader(work.get(StoredFile, a.file_id), printing) for a in held] for place, held in found.items() if held}


def annexes_of(work: Work, record: ApplicationRecord, printing: Printing) -> Annexes:
    """Return the rule documents that an application lists, each in the version it names, to be drawn when its turn comes (ORG-54); none where its way lists none."""
    work.require(Permission.FILING_READ)
    papers = papers_named(work, {b.number: b.version for b in record.bylaws if b.version}, printing.mark) if 'bylaws' in WAYS[record.way].steps else ()
    return [(file_stem(p.number, p.title), _drawing(p)) for p in papers]


def _rows(work: Work, model: type[Row], at: datetime | None) -> list[int]:
    """Return the ids of a register's rows that stood at an instant, oldest first; None: now."""
    ended = col(model.ended_on)  # type: ignore[attr-defined]
    q = select(model.id).where(model.org_id == work.org.id).order_by(col(model.id))
    return list(work.session.exec(q.where(ended.is_(None) if at is None else or_(ended.is_(None), ended >= china_time(at).date()))))


def _held(work: Work, rows: Collection[int], kinds: Iterable[str], at: datetime | None) -> list[Attachment]:
    """Return the attachments of rows that stood at an instant, in the order of the rows."""
    q = select(Attachment).where(col(Attachment.row_id).in_(rows), col(Attachment.kind).in_(list(kinds))).order_by(col(Attachment.id))
    if at is None:
        q = q.where(col(Attachment.ended_on).is_(None))
    else:
        day = china_time(at).date()
        q = q.where(Attachment.added_at <= at, or_(col(Attachment.ended_on).is_(None), col(Attachment.ended_on) >= day))
    order = {row: n for n, row in enumerate(dict.fromkeys(rows))}
    return sorted((a for a in work.session.exec(q) if at is None or _stood(work, a, at)), key=lambda a: order[a.row_id])


def _stood(work: Work, attachment: Attachment, at: datetime) -> bool:
    """Tell whether an attachment stood at an instant of its last day: the row knows the day, its trail the hour."""
    if attachment.ended_on != china_time(at).date():
        return True
    body = work.session.exec(select(Trail.body).where(col(Trail.row_id) == attachment.id).order_by(col(Trail.n).desc()).limit(1)).one()
    return datetime.fromisoformat(json.loads(body)['at']) > at


def _reader(stored: StoredFile, printing: Printing) -> Read:
    return lambda: as_pdf(file_bytes(stored), stored.name, printing)


def _drawing(paper: BylawPaper) -> Read:
    return lambda: bylaw_pdf(paper)
