"""一户一档: what the centre holds of one organisation, over all functions (F-ORGFILE)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlmodel import col, select

from app.access import Permission
from app.batches.queries import batches
from app.errors import NotYours
from app.filing.answers import given
from app.filing.forms import Basics
from app.filing.materials import LICENCE_WORDS
from app.filing.papers.orgfile import OrgFile, YearLine
from app.filing.queries import snapshot_record
from app.filing.records import ApplicationRecord
from app.organizations.queries import filings_of, held_on
from app.states import state_word
from app.words import ORGANIZATIONS, level_digits
from app.work import Work
from db.filing import Application, Snapshot
from db.scores import Result

CLOSED = ('approved', 'issued')  # states in which the results of a batch are final
MOST = 1000


def org_file(work: Work) -> OrgFile:
    """Return the card of the organisation worked on from its filings, what it handed in last and its closed batches; a centre's alone. raises NotYours"""
    work.require(Permission.FILING_READ)
    if not work.actor.is_centre:
        raise NotYours
    org, filings = work.org, sorted(filings_of(work), key=lambda f: f.filing.valid_from)
    handed_in = _handed_in(work)
    said = given(handed_in, Basics) if handed_in else Basics()
    people = (('工作人员', len(handed_in.staff)), ('考评员', len(handed_in.examiners)), ('专家', len(handed_in.experts)), ('内部质量督导员', len(handed_in.supervisors))) if handed_in else ()
    ranges = [r for f in filings if f.filing.state == 'in_force' for r in held_on(f.ranges, work.today)]
    return OrgFile(
        org.name, org.credit_code, ORGANIZATIONS[org.kind], org.address, said.contact, org.phone or said.contact_phone,
        tuple((f.filing.number, f.filing.letter_no, f.filing.valid_from, f.filing.valid_to, state_word('filing', f.filing.state)) for f in filings),
        tuple((r.occupation, r.work_type or '—', level_digits(r.levels), r.standard) for r in ranges), people, tuple(_years(work)),
        expiries=tuple(sorted(_expiries(handed_in, [(f'机构备案{f.filing.number}', f.filing.valid_to) for f in filings if f.filing.state == 'in_force']), key=lambda e: e[1])))


def _handed_in(work: Work) -> ApplicationRecord | None:
    """Return what the organisation handed in last to a centre of this system."""
    newest = work.session.exec(
        select(Snapshot.id).join(Application, col(Application.id) == Snapshot.application_id)
        .where(Snapshot.org_id == work.org.id, col(Application.outside_centre).is_(False)).order_by(col(Snapshot.id).desc()).limit(1)).first()
    return snapshot_record(work, newest) if newest else None


def _years(work: Work) -> Iterator[YearLine]:
    """Return a line a year: closed batches, who sat at least one subject, who passed."""
    closed = [row.batch for state in CLOSED for row in batches(work, state=state, limit=MOST)[0] if row.batch.org_id == work.org.id]
    for year in sorted({b.first_on.year for b in closed}):
        ids = [b.id for b in closed if b.first_on.year == year]
        results = work.session.exec(select(Result.scores, Result.passed).where(col(Result.batch_id).in_(ids))).all()
        yield YearLine(year, len(ids), sum(any(isinstance(x, int) for x in scores.values()) for scores, _ in results), sum(passed for _, passed in results))


def _expiries(handed_in: ApplicationRecord | None, filings: list[tuple[str, date]]) -> Iterator[tuple[str, date]]:
    yield from filings
    if handed_in:
        yield from ((f'{LICENCE_WORDS.get(x.kind, x.kind)} {x.number}', x.valid_to) for x in handed_in.licences if x.valid_to)
        yield from ((f'考评员{x.name}证卡', x.card_to) for x in handed_in.examiners if x.card_to)
