"""What is read of applications: an organisation its own, drafts and registers; a centre what was handed in, and never more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from app.access import Permission, Role
from app.errors import NotYours
from app.files import read_file
from app.filing.answering import ANSWERED, is_assessed
from app.filing.answers import upgraded_draft
from app.filing.capacity import Filed
from app.filing.clocks import Clock
from app.filing.forms import STEPS, questions
from app.filing.records import ApplicationRecord, OrgLine, OriginalLine, RangeLine
from app.filing.registers import registers_of
from app.filing.rules import application_findings
from app.filing.running import clock_of
from app.filing.typed import blank
from app.filing.versions import summary_of
from app.filing.ways import WAYS
from app.findings import Finding
from app.organizations.queries import going_on, ranges_of
from app.regulation import profile
from app.states import state_word
from app.words import china_time
from app.work import Work
from db.assessment import Assessment, Assessor
from db.filing import Application, ApplicationRange, CentreAct, Correction, Lifted, Snapshot
from db.organizations import FiledRange, Filing, Org

OWN = ('basics.filled_on', 'letter.letter_on', 'letter.letter_no')


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list of applications."""

    id: int
    org: str
    way: str
    state: str
    number: str
    handed_in_on: date | None
    ranges: str
    clock: Clock | None


@dataclass(frozen=True, slots=True)
class Page:
    """An application with all that belongs to it, as the reader may see it: a centre gets no draft (`app.data` is never shown to it)."""

    app: Application
    org: Org
    filing: Filing | None
    ranges: tuple[ApplicationRange, ...]
    snapshots: tuple[Snapshot, ...]
    acts: tuple[CentreAct, ...]
    corrections: tuple[Correction, ...]
    lifted: tuple[Lifted, ...]
    clock: Clock | None
    overdue: str  # verb that the clock has made true, '' none


def applications(
        work: Work, *, find: str = '', state: str = '', way: str = '', before: int = 0, after: int = 0, last: bool = False,
        limit: int = 25) -> tuple[list[Line], bool]:
    """Return applications in scope, newest first, and whether more follow: a centre's list holds what was handed in to it."""
    work.require(Permission.FILING_READ)
    rows, more = work.page(_found(work, find, state, way), Application, before=before, after=after, last=last, limit=limit)
    orgs = {o.id: o for o in work.session.exec(select(Org).where(col(Org.id).in_({a.org_id for a in rows})))}
    asked = _asked(work, [a.id for a in rows])
    return [_line(work, a, orgs[a.org_id], asked.get(a.id, '')) for a in rows], more


def count_applications(work: Work, limit: int, *, find: str = '', state: str = '', way: str = '') -> int:
    """Return how many applications the filters find, `limit` at most."""
    work.require(Permission.FILING_READ)
    return len(work.session.exec(_found(work, find, state, way).limit(limit)).all())


def application_page(work: Work, application_id: int) -> Page:
    """Return one application; raises NotYours, also to a centre for what was never handed in to it."""
    work.require(Permission.FILING_READ)
    app = seen(work, application_id)
    org = work.get(Org, app.org_id)
    clock, overdue = clock_of(work, app)
    return Page(
        app, org, work.get(Filing, app.filing_id) if app.filing_id else None, () if work.actor.is_centre else tuple(asked_ranges(work, app.id)),
        tuple(snapshots_of(work, app.id)), tuple(work.session.exec(select(CentreAct).where(CentreAct.application_id == app.id).order_by(col(CentreAct.id)))),
        tuple(corrections_of(work, app.id)), tuple(work.session.exec(select(Lifted).where(Lifted.application_id == app.id).order_by(col(Lifted.id)))),
        clock, overdue)


def seen(work: Work, application_id: int, *, lock: bool = False) -> Application:
    """Return the row of an application that the reader may see; raises NotYours."""
    work.require(Permission.FILING_READ)
    app = work.get(Application, application_id, lock=lock)
    if work.actor.is_centre and (app.handed_in_at is None or app.outside_centre):
        raise NotYours
    if work.actor.role == Role.ASSESSOR and work.session.exec(_panels(work).where(Assessment.application_id == app.id)).first() is None:
        raise NotYours
    return app


def asked_ranges(work: Work, application_id: int) -> list[ApplicationRange]:
    """Return the occupations asked for, in their order; the organisation's own draft. raises NotYours to a centre"""
    work.require(Permission.FILING_READ)
    _own_side(work)
    return list(work.session.exec(
        select(ApplicationRange).where(ApplicationRange.application_id == application_id).order_by(col(ApplicationRange.seq), col(ApplicationRange.id))))


def snapshots_of(work: Work, application_id: int) -> list[Snapshot]:
    """Return what was handed in, oldest first."""
    work.require(Permission.FILING_READ)
    return list(work.session.exec(select(Snapshot).where(Snapshot.application_id == seen(work, application_id).id).order_by(col(Snapshot.n))))


def earlier_snapshots(work: Work, application_id: int) -> list[tuple[Application, Snapshot]]:
    """Return what the organisation handed in last with each of its earlier applications, oldest first; a centre those that were handed in to it."""
    work.require(Permission.FILING_READ)
    app = seen(work, application_id)
    q = select(Application, Snapshot).join(Snapshot, col(Snapshot.application_id) == Application.id).where(Application.org_id == app.org_id, Application.id < app.id)
    if work.actor.is_centre:
        q = q.where(col(Application.outside_centre).is_(False))
    return list({a.id: (a, s) for a, s in work.session.exec(q.order_by(col(Application.id), col(Snapshot.n)))}.values())


def snapshot_record(work: Work, snapshot_id: int) -> ApplicationRecord:
    """Return what was handed in, as it was; raises NotYours, also when the kept bytes are not those that were handed in."""
    work.require(Permission.FILING_READ)
    snapshot = work.get(Snapshot, snapshot_id)
    seen(work, snapshot.application_id)
    kept = read_file(work, snapshot.file_id)[1]
    if sha256(kept).hexdigest() != snapshot.sha256:  # of the bytes as kept: a later form of the record would write them otherwise
        raise NotYours('封存的申报材料与登记的校验值不符，请联系管理员从备份中恢复。')
    return ApplicationRecord.model_validate_json(kept)


def needs_assessment(work: Work, application_id: int) -> bool:
    """Tell whether what was handed in goes through the technical assessment before the letter (ORG-70, ORG-96)."""
    work.require(Permission.FILING_READ)
    app = seen(work, application_id)
    return app.way not in ANSWERED or is_assessed(handed_in_record(work, app.id), profile(app.profile, work.get(Org, app.org_id).overlay))


def handed_in_record(work: Work, application_id: int) -> ApplicationRecord:
    """Return what was handed in last; raises NotYours as `snapshot_record`."""
    work.require(Permission.FILING_READ)
    return snapshot_record(work, snapshots_of(work, application_id)[-1].id)


def corrections_of(work: Work, application_id: int) -> list[Correction]:
    """Return the points of the correction notice in their order."""
    work.require(Permission.FILING_READ)
    return list(work.session.exec(select(Correction).where(Correction.application_id == seen(work, application_id).id).order_by(col(Correction.id))))


# ------------------------------------------------------------------ the record, read from registers and draft


def record_of(work: Work, application_id: int) -> ApplicationRecord:
    """Return the whole application as it stands now: draft and registers of the organisation; raises NotYours to a centre."""
    work.require(Permission.FILING_READ)
    _own_side(work)
    app = work.get(Application, application_id)
    org = work.get(Org, app.org_id)
    return ApplicationRecord(
        application_id=app.id, way=app.way, form_version=app.form_version, profile=app.profile, receiver=app.receiver, receiver_level=app.receiver_level,
        day=work.today, org=OrgLine(
            name=org.name, short_name=org.short_name, kind=org.kind, credit_code=org.credit_code, region=org.region, address=org.address, phone=org.phone),
        answers=answers_of(app.way, app.data), ranges=tuple(_range(row) for row in asked_ranges(work, app.id)), original=_original(work, app),
        **registers_of(work))


def previous_answers(work: Work, application_id: int) -> dict[str, dict[str, Any]]:
    """Return what earlier applications of the organisation answered, {step: {field: value}}, the newest answer of each; offered, never put in by itself.

    The day of filling in, the day and the number of the letter are an application's own
    """
    work.require(Permission.FILING_READ)
    _own_side(work)
    app = work.get(Application, application_id)
    found: dict[str, dict[str, Any]] = {}
    for earlier in work.session.exec(select(Application).where(
            Application.org_id == app.org_id, Application.id < app.id, Application.state != 'discarded').order_by(col(Application.id))):
        for step, answers in upgraded_draft(earlier.data).items():
            if step in STEPS:
                held = STEPS[step].model_validate(answers).model_dump(mode='json', include=set(answers))
                found[step] = found.get(step, {}) | {k: v for k, v in held.items() if v not in ('', None, []) and f'{step}.{k}' not in OWN}
    return found


def answers_of(way: str, data: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, object]]:
    """Return the answers of every step that a way asks, in form order, blank where nothing was written; and with whom to file, where it was taken over."""
    steps = [step for step in WAYS[way].steps if step in STEPS]
    taken_over = ['belonging'] if WAYS[way].needs_filing and data.get('belonging') else []
    return {
        step: {name: data.get(step, {}).get(name, blank(definition)) for name, definition in questions(STEPS[step]).items()} for step in [*steps, *taken_over]}


def belonging_of(work: Work) -> dict[str, Any]:
    """Return what the organisation last handed in of with whom it files: what rests on a filing goes to the same body without asking again (ORG-40 … ORG-48)."""
    work.require(Permission.FILING_READ)
    _own_side(work)
    handed_in = work.session.exec(select(Application).where(
        Application.org_id == work.org.id, col(Application.handed_in_at).is_not(None)).order_by(col(Application.id).desc()))
    return next((dict(app.data['belonging']) for app in handed_in if app.data.get('belonging')), {})


def findings_of(work: Work, application_id: int, record: ApplicationRecord) -> list[Finding]:
    """Return all that the rules find in a record, blocks and warnings together; what the centre lifted counts as told only (CONV-14)."""
    work.require(Permission.FILING_READ)
    app = seen(work, application_id)
    figures = profile(record.profile, work.get(Org, app.org_id).overlay)
    found = application_findings(record, figures, centres=centres(work), others=filed_rows(work, record), received_on=app.received_on)
    lifted = {(x.rule, x.subject): x.reason for x in work.session.exec(select(Lifted).where(Lifted.application_id == application_id))}
    return [_told(f, lifted[f.rule, f.subject]) if (f.rule, f.subject) in lifted else f for f in found]


def filed_rows(work: Work, record: ApplicationRecord) -> list[Filed]:
    """Return the rows of the active filings of the city for the count of ORG-30 … ORG-32: a centre's; an organisation sees nobody else's."""
    work.require(Permission.FILING_READ)
    if not work.actor.is_centre:
        return []
    orgs = {o.id: o for o in work.session.exec(select(Org).where(col(Org.region).startswith(record.org.region[:4])))}
    active = {f.id: f for f in work.session.exec(select(Filing).where(Filing.state == 'in_force')) if f.valid_from <= work.today <= f.valid_to and f.org_id in orgs}
    holds = or_(col(FiledRange.ended_on).is_(None), col(FiledRange.ended_on) >= work.today)
    rows = work.session.exec(select(FiledRange).where(col(FiledRange.filing_id).in_(active), holds))
    return [Filed(orgs[x.org_id].name, active[x.filing_id].number[0], orgs[x.org_id].region, x.occupation_code, x.work_type) for x in rows]


def centres(work: Work) -> dict[str, str]:
    """Return {region: name} of the centres of this installation: their names are public, and decide with whom to file (ORG-40 … ORG-48)."""
    work.require(Permission.FILING_READ)
    found = work.session.connection().execute(select(Org.region, Org.name).where(Org.kind == 'centre', col(Org.ended_on).is_(None)))
    return {row.region: row.name for row in found}


# ------------------------------------------------------------------ inside


def _own_side(work: Work) -> None:
    if work.actor.is_centre:
        raise NotYours


def _panels(work: Work) -> SelectOfScalar[int]:
    """Return the applications on whose panel the actor sits: an assessor reads no other, and none any more that he left."""
    return select(Assessment.application_id).join(Assessor, col(Assessor.assessment_id) == Assessment.id).where(
        Assessor.member_id == work.actor.person_id, col(Assessor.left_at).is_(None))


def _found(work: Work, find: str, state: str, way: str) -> SelectOfScalar[Application]:
    q = select(Application)
    if work.actor.is_centre:
        q = q.where(col(Application.handed_in_at).is_not(None), col(Application.outside_centre).is_(False))
    if work.actor.role == Role.ASSESSOR:
        q = q.where(col(Application.id).in_(_panels(work)))
    if find:
        named = work.session.exec(select(Org.id).where(col(Org.name).contains(find, autoescape=True))).all()
        q = q.where(col(Application.org_id).in_(named) | col(Application.number).contains(find, autoescape=True))
    if state:
        q = q.where(Application.state == state)
    return q.where(Application.way == way) if way else q


def _asked(work: Work, ids: Sequence[int]) -> dict[int, str]:
    """Return {application: occupations and levels}: a centre reads those of the newest snapshot."""
    if work.actor.is_centre:
        return {s.application_id: s.summary for s in work.session.exec(select(Snapshot).where(col(Snapshot.application_id).in_(ids)).order_by(col(Snapshot.n)))}
    rows: dict[int, list[RangeLine]] = {}
    for row in work.session.exec(select(ApplicationRange).where(col(ApplicationRange.application_id).in_(ids)).order_by(col(ApplicationRange.seq))):
        rows.setdefault(row.application_id, []).append(_range(row))
    return {key: summary_of(lines) for key, lines in rows.items()}


def _line(work: Work, app: Application, org: Org, ranges: str) -> Line:
    clock, overdue = clock_of(work, app)
    state = state_word('application', app.state) + ({'application.deem_accepted': '（逾期，视为受理）', 'application.lapse': '（逾期，视为撤回）'}.get(overdue, ''))
    return Line(
        app.id, org.name, WAYS[app.way].word, state, app.number, china_time(app.handed_in_at).date() if app.handed_in_at else None,
        ranges, clock)


def _range(row: ApplicationRange) -> RangeLine:
    return RangeLine(
        id=row.id, seq=row.seq, occupation_code=row.occupation_code, occupation=row.occupation, work_type=row.work_type, levels=tuple(row.levels),
        standard=row.standard, modes=dict(row.modes))


def _original(work: Work, app: Application) -> OriginalLine | None:
    if app.filing_id is None or not WAYS[app.way].needs_filing:
        return None
    filing = work.get(Filing, app.filing_id)
    return OriginalLine(
        number=filing.number, letter_no=filing.letter_no, valid_from=filing.valid_from, valid_to=filing.valid_to, ranges=tuple(
            RangeLine(
                id=x.id, seq=x.seq, occupation_code=x.occupation_code, occupation=x.occupation, work_type=x.work_type, levels=tuple(x.levels),
                standard=x.standard, modes={}) for x in going_on(ranges_of(work, filing.id))))


def _told(finding: Finding, reason: str) -> Finding:
    return Finding(finding.rule, 'remind', finding.subject, f'{finding.sentence}（受理机关已同意例外：{reason}）', finding.clause)
