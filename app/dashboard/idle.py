"""Filings under which nobody is evaluated: the first evaluation that was promised, and the months without any (ORG-92, ORG-95)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, func, select

from app.access import Permission
from app.batches.queries import DRAFTS
from app.filing.clocks import first_exam_due, inactivity
from app.regulation import profile
from app.words import china_time
from app.work import Work
from db.batches import Batch
from db.filing import Application
from db.organizations import Filing, Org

GRANTED = ('filed', 'published')  # an application whose letter gave the filing


@dataclass(frozen=True, slots=True)
class Idle:
    """A filing in force that waits for an evaluation: whose, what the desk says, the day that runs, the rule, how grave (calm, warn, block)."""

    org_id: int
    sentence: str
    due_on: date | None
    rule: str
    grade: str


def idle_filings(work: Work) -> list[Idle]:
    """Return the filings in force that wait for an evaluation, the oldest first; a person decides on an end, never the system (C-17).

    Judged is who was filed through this system or has a batch in it: of others nothing is known, they may evaluate with another program.
    source: ORG-92, ORG-95
    """
    work.require(Permission.ORGANIZATIONS_READ)
    known = {*work.session.exec(select(Batch.filing_id)), *work.session.exec(select(Application.filing_id).where(col(Application.state).in_(GRANTED)))}
    held = dict(work.session.exec(select(Batch.filing_id, func.max(Batch.last_on)).where(
        col(Batch.state).not_in(DRAFTS), Batch.last_on <= work.today).group_by(col(Batch.filing_id))).all())
    q = select(Filing, Org).join(Org, col(Org.id) == Filing.org_id).where(
        Filing.state == 'in_force', Filing.valid_from <= work.today, Filing.valid_to >= work.today)
    rows = work.session.exec(q.order_by(col(Filing.valid_from), col(Filing.id))).all()
    return [idle for filing, org in rows if filing.id in known for idle in _of(filing, org, held, work.today)]


def _of(filing: Filing, org: Org, held: Mapping[int, date], today: date) -> Iterator[Idle]:
    figures, recorded_on = profile(org.profile, org.overlay), china_time(filing.recorded_at).date()
    since = held.get(filing.id) or max(filing.valid_from, recorded_on)  # what was held before the filing stood in this system is not known
    said = inactivity(since, today, figures)
    if said.state != 'active':
        ends = said.state == 'propose_end'
        yield Idle(org.id, f'{org.name}的备案{filing.number}{said.sentence}', said.end_on, said.rule, 'block' if ends else 'warn')
        return
    clock = first_exam_due(filing.valid_from, figures)
    if clock is None or filing.id in held or recorded_on > clock.due.on:
        return
    over = clock.is_over(today)
    yield Idle(
        org.id, f'{org.name}的备案{filing.number}{"承诺的首次评价已逾期，请尽快安排，或向中心说明理由" if over else f"的首次评价应在{clock.due.on}前开展"}', clock.due.on, clock.rule,
        'warn' if over else 'calm')
