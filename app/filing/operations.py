"""What an organisation does with its application: begin, hand in, complete, withdraw; drafts.py writes it."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from sqlmodel import col, select

from app.access import Permission
from app.checks import check_text, check_written
from app.errors import Refused
from app.files import Scan, attach, end_attachment, keep_file
from app.filing.clocks import received_on
from app.filing.forms import FORM_VERSION
from app.filing.jurisdiction import receiver
from app.filing.papers.binding import signed_forms
from app.filing.queries import (
    belonging_of,
    centres,
    corrections_of,
    findings_of,
    record_of,
    seen,
    snapshot_record,
    snapshots_of,
)
from app.filing.records import ApplicationRecord
from app.filing.running import clock_of
from app.filing.versions import corrected, summary_of
from app.filing.ways import WAYS, Way, ways_for
from app.findings import Finding, refuse_blocks
from app.numbers import read_filing_number
from app.organizations.queries import going_on, ranges_of
from app.organizations.rules import filing_scheme
from app.states import MOVES, state_word
from app.words import china_time
from app.work import Work
from db.files import Attachment
from db.filing import Application, ApplicationRange, Correction, Snapshot
from db.organizations import Filing, Org

OVER = ('discarded', 'withdrawn', 'refused', 'failed', 'declined', 'filed', 'published', 'ended')  # states in which another application of the same way may begin


def start_application(work: Work, *, way: str, filing_id: int | None = None) -> Application:
    """Begin an application; an extension and a change begin with the filed range, everything else is written.

    filing_id: the filing it adds to, extends, changes or ends · raises Refused (ORG-26, ORG-70, ORG-86, ORG-94)
    """
    work.require(Permission.FILING_WRITE)
    work.session.get(Org, work.org.id, with_for_update=True)  # two who begin at once begin one
    held = [f for f in work.session.exec(select(Filing).where(Filing.org_id == work.org.id, Filing.state == 'in_force')) if f.valid_from <= work.today <= f.valid_to]
    chosen = next((w for w in ways_for(work.org.kind, has_filing=bool(held)) if w.code == way), None)
    if chosen is None:
        needs = way in WAYS and WAYS[way].needs_filing
        raise Refused('增量、延续、变更和终止须依据有效的备案，本单位现在没有。' if needs else '本单位的性质不能采用这种备案方式，请从列表中选择。', rule='ORG-94' if needs else 'ORG-26')
    filing = _filing(work, chosen, filing_id, held)
    for other in work.session.exec(select(Application).where(Application.org_id == work.org.id, Application.way == way, col(Application.state).not_in(OVER))):
        if other.filing_id == (filing.id if filing else None):
            raise Refused(f'已有一份{chosen.word}申报处于“{state_word("application", other.state)}”，请打开它继续办理。', rule='ORG-70')
    belonging = belonging_of(work) if filing else {'audience': chosen.audience} if chosen.audience else {}
    app = work.make(
        Application, way=way, filing_id=filing.id if filing else None, form_version=FORM_VERSION, profile=work.org.profile,
        data={'belonging': belonging} if belonging else {}, prepared_by_id=work.actor.person_id, prepared_by=work.actor.printed)
    work.keep('application.start', app)
    if filing and way in ('extension', 'change'):
        for n, row in enumerate(going_on(ranges_of(work, filing.id)), 1):
            work.keep('application.range', work.make(
                ApplicationRange, application_id=app.id, seq=n, occupation_code=row.occupation_code, occupation=row.occupation, work_type=row.work_type,
                levels=row.levels, standard=row.standard))
    return app


# ------------------------------------------------------------------ handing in


def discard_application(work: Work, *, application_id: int) -> Application:
    """Give a draft up; it stays readable. raises Refused"""
    work.require(Permission.FILING_WRITE)
    app = seen(work, application_id, lock=True)
    work.move(app, 'application.discard')
    work.keep('application.discard', app)
    return app


def withdraw_application(work: Work, *, application_id: int, reason: str) -> Application:
    """Take an application back that was handed in. raises Refused (ORG-70)"""
    work.require(Permission.FILING_HAND_IN)
    app = seen(work, application_id, lock=True)
    written = check_written('撤回原因', reason, 4, 500)
    work.move(app, 'application.withdraw')
    work.keep('application.withdraw', app, reason=written)
    return app


def hand_in(work: Work, *, application_id: int, reasons: Mapping[str, str], shown_sha256: str) -> Snapshot:
    """Hand an application in: all findings at once, then the frozen record with who and when.

    reasons: {key of a warning (`warning_key`): written reason} · shown_sha256: of the record that was shown beside the findings
    raises Refused with all blocks, for warnings without a reason, and for what changed since it was shown (ORG-60, ORG-70)
    """
    work.require(Permission.FILING_HAND_IN)
    app = seen(work, application_id, lock=True)
    _check_state(work, app, 'application.hand_in')
    record = addressed(work, app.id)
    _check_shown(record, shown_sha256)
    reasons_kept = accepted(findings_of(work, app.id, record), reasons)
    work.move(app, 'application.hand_in')
    return _freeze(work, app, record, reasons_kept, 'application.hand_in')


def complete(work: Work, *, application_id: int, reasons: Mapping[str, str], shown_sha256: str) -> Snapshot:
    """Hand in what a correction asked for, every point answered; the day of completion counts as received where the profile says so.

    raises Refused as `hand_in`, for points without an answer, and after the last day (ORG-74)
    """
    work.require(Permission.FILING_HAND_IN)
    app = seen(work, application_id, lock=True)
    _check_state(work, app, 'application.complete')
    clock, overdue = clock_of(work, app)
    if clock and overdue:
        raise Refused(f'补正期限{clock.due.on}已过，本申报视为撤回，请重新申报。', rule='ORG-74')
    record = completed(work, app.id)
    _check_shown(record, shown_sha256)
    reasons_kept = accepted([*open_points(work, app.id), *findings_of(work, app.id, record)], reasons)
    work.move(app, 'application.complete')
    return _freeze(work, app, record, reasons_kept, 'application.complete')


def open_points(work: Work, application_id: int) -> list[Finding]:
    """Return the points of the correction notice that nothing was said to yet; subject is the step and field (ORG-74)."""
    work.require(Permission.FILING_READ)
    return [
        Finding('ORG-74', 'block', f'{c.step}.{c.field}', f'“{c.label}”还没有说明补正情况，请填写后再提交。') for c in corrections_of(work, application_id) if not c.answer]


def answer_correction(work: Work, *, correction_id: int, shown: str, new: str) -> str:
    """Say what was done about a point of the correction notice. raises Changed, Refused (ORG-74)"""
    work.require(Permission.FILING_WRITE)
    point = work.get(Correction, correction_id, lock=True)
    _check_state(work, seen(work, point.application_id, lock=True), 'application.complete')
    text = check_text('补正情况', new, 500, required=False)
    if work.change(point, 'answer', shown=shown, new=text, word=point.label):
        point.answered_at = work.now if text else None
        work.keep('application.answer', point)
    return text


def note_print(work: Work, *, application_id: int, form: str) -> None:
    """Leave the trail entry of a paper that was drawn: it holds full ID numbers."""
    work.require(Permission.FILING_READ)
    work.note('application.print', seen(work, application_id), form=form)


def addressed(work: Work, application_id: int) -> ApplicationRecord:
    """Return the record of an application as it would be handed in now, addressed to the body that receives it (ORG-40 … ORG-48)."""
    work.require(Permission.FILING_READ)
    record = record_of(work, application_id)
    right = receiver(record, work.profile, centres(work))
    return record.model_copy(update={'receiver': right.name, 'receiver_level': right.level})


def completed(work: Work, application_id: int) -> ApplicationRecord:
    """Return the record as a correction would hand it in now: the former version with what was opened as it stands (ORG-74)."""
    work.require(Permission.FILING_READ)
    opened = [(c.step, c.field) for c in corrections_of(work, application_id)]
    return corrected(snapshot_record(work, snapshots_of(work, application_id)[-1].id), addressed(work, application_id), opened)


def current_record(work: Work, application_id: int) -> tuple[ApplicationRecord, bool]:
    """Return the application as it counts for the reader, and whether that is sealed.

    The organisation reads its draft or correction as it would be handed in now, else what was handed in last; a centre always the last. raises NotYours
    """
    work.require(Permission.FILING_READ)
    app, held = seen(work, application_id), snapshots_of(work, application_id)
    if held and (work.actor.is_centre or app.state != 'correcting'):
        return snapshot_record(work, held[-1].id), True
    return (completed if held else addressed)(work, app.id), False


def attach_signed(work: Work, *, application_id: int, scan: Scan, kind: str, title: str = '') -> Attachment:
    """Add a signed and sealed paper of the volume as a scan; it takes the place of the print (ORG-52). kind: form id; raises Refused, NotYours"""
    work.require(Permission.FILING_WRITE)
    app = _written_now(work, application_id)
    return attach(work, app, scan, kind=kind, kinds=signed_forms(app.way), title=title)


def end_signed(work: Work, *, application_id: int, attachment_id: int) -> Attachment:
    """Take a signed scan out of the volume; what was handed in with it keeps it. raises Refused, NotYours"""
    work.require(Permission.FILING_WRITE)
    return end_attachment(work, _written_now(work, application_id), attachment_id)


def warning_key(finding: Finding) -> str:
    """Return what a written reason for a warning is kept under."""
    return f'{finding.rule} {finding.subject}'


def accepted(findings: list[Finding], reasons: Mapping[str, str]) -> dict[str, str]:
    """Return the written reasons of all warnings. raises Refused with every block and every warning still without a reason, together"""
    missing = [f for f in findings if f.severity == 'warn' and sum(c.isalnum() for c in reasons.get(warning_key(f), '')) < 4]
    blocking = [f for f in findings if f.severity == 'block']
    if blocking and missing:
        raise Refused(
            f'有{len(blocking)}项不符合，另有{len(missing)}项提醒没有说明理由（不少于4个字），请按下表逐项办理。', rule=blocking[0].rule, findings=[*blocking, *missing])
    refuse_blocks(blocking)
    if missing:
        raise Refused(f'有{len(missing)}项提醒尚未说明理由，请逐项阅读并写明理由（不少于4个字）后再提交。', rule=missing[0].rule, findings=missing)
    return {warning_key(f): check_written('理由', reasons[warning_key(f)], 4, 500) for f in findings if f.severity == 'warn'}


# ------------------------------------------------------------------ inside


def _filing(work: Work, way: Way, filing_id: int | None, held: list[Filing]) -> Filing | None:
    if way.needs_filing:
        chosen = work.get(Filing, filing_id) if filing_id else held[0]
        if chosen not in held:
            raise Refused(f'备案{chosen.number}不在有效期内，请选择有效的备案。', rule='ORG-94')
        return chosen
    scheme, kind = filing_scheme(work.profile.codes.org), f'{work.org.kind}_{way.audience}' if way.audience else work.org.kind
    for filing in held:
        try:
            read_filing_number(filing.number, scheme, kind)
        except Refused:  # the filing of the other audience: a school holds two (ORG-86)
            continue
        raise Refused(f'本单位已有有效备案{filing.number}（至{filing.valid_to}），请办理增量、延续或变更备案。', rule='ORG-86' if way.audience else 'ORG-70')
    return None


def _check_state(work: Work, app: Application, verb: str) -> None:
    """Refuse before anything else is read when the state does not allow the step."""
    if app.state not in MOVES[verb].start:
        work.move(app, verb)


def _written_now(work: Work, application_id: int) -> Application:
    """Return an application that is being written, locked; raises Refused for one that was handed in or given up."""
    app = seen(work, application_id, lock=True)
    if app.state not in ('draft', 'correcting'):
        raise Refused(f'本申报处于“{state_word("application", app.state)}”，签章扫描件不能再增减；补正时可以更换。', rule='ORG-52')
    return app


def _check_shown(record: ApplicationRecord, shown_sha256: str) -> None:
    if record.sha256 != shown_sha256:
        raise Refused('申报内容在您查看检查结果之后有了变化，请刷新检查页面，核对后再提交。', rule='ORG-60')


def _freeze(work: Work, app: Application, record: ApplicationRecord, reasons: dict[str, str], verb: str) -> Snapshot:
    """Keep the record under its hash, and what follows from it on the application."""
    data = record.canonical()
    file = keep_file(work, data, name=f'申报材料-{app.id}.json', content_type='application/json')
    snapshot = work.make(
        Snapshot, application_id=app.id, n=len(snapshots_of(work, app.id)) + 1, file_id=file.id, sha256=sha256(data).hexdigest(), form_version=app.form_version,
        summary=summary_of(record.ranges), reasons=reasons, made_at=work.now, by_id=work.actor.person_id, by=work.actor.printed)
    first = app.handed_in_at or work.now
    app.handed_in_at = first
    app.received_on = received_on(china_time(first).date(), work.today if snapshot.n > 1 else None, work.profile)
    app.receiver, app.receiver_level = record.receiver, record.receiver_level
    app.outside_centre = record.receiver not in centres(work).values()
    app.profile_sha256 = sha256(work.profile.model_dump_json().encode()).hexdigest()
    work.keep(verb, app, sha256=snapshot.sha256)
    work.keep('application.snapshot', snapshot)
    return snapshot
