"""The centre's desk: acceptance, one correction notice, refusal, exceptions; the same acts of a centre outside the system as 外部决定, and what silence makes true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from app.access import Permission
from app.checks import check_long, check_text, check_written
from app.errors import Refused
from app.filing.capacity import capacity_findings
from app.filing.clocks import check_refusal, correction_clock
from app.filing.forms import STEPS, questions
from app.filing.jurisdiction import check_addressed, check_receiving_centre
from app.filing.queries import clock_of, correction_act, filed_rows, seen, snapshot_record, snapshots_of
from app.filing.ways import STEP_WORDS, WAYS
from app.findings import refuse_unless_accepted
from app.house import calendar
from app.regulation import profile
from app.running_numbers import AcceptanceNumber, LetterNumber
from app.states import MOVES
from app.work import Work
from db.files import StoredFile
from db.filing import Application, CentreAct, Correction, Lifted
from db.organizations import Org

OUTSIDE = {'application.accept': '受理', 'application.correct': '一次性告知补正', 'application.refuse': '不予受理', 'application.lift': '同意例外'}  # copied from letters
CODES = {'application.correct': '补正', 'application.refuse': '不受理', 'application.lift': '例外'}  # behind the centre's short name
MOST_A_DAY = 99


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a correction notice: the step, the field of it ('' the whole step), what is missing or wrong."""

    step: str
    field: str
    sentence: str


def accept(work: Work, *, application_id: int, reason: str = '') -> CentreAct:
    """Accept an application; reason: why in principle no more than so many are admitted and this one is (ORG-30 … ORG-33).

    raises Refused for another centre's, and for what passes a capacity without a reason (ORG-40 … ORG-48, ORG-70)
    """
    work.require(Permission.FILING_ACCEPT)
    app = _handed_in(work, application_id, 'application.accept')
    record = snapshot_record(work, snapshots_of(work, app.id)[-1].id)
    figures = profile(app.profile, work.org.overlay)
    check_receiving_centre(record, figures, work.actor.region)
    refuse_unless_accepted(capacity_findings(record, figures, filed_rows(work, record)), reason)
    act = _act(work, app, 'application.accept', _acceptance_number(work), check_long('理由', reason, 500, required=False))
    return _effect(work, app, act)


def ask_correction(work: Work, *, application_id: int, points: Sequence[Point]) -> CentreAct:
    """Tell all that is missing or wrong in one go; what is named is open to the applicant, nothing else. raises Refused (ORG-74)"""
    work.require(Permission.FILING_ACCEPT)
    app = _handed_in(work, application_id, 'application.correct')
    check_addressed(app.receiver, work.actor.org_name)
    act = _act(work, app, 'application.correct', _letter_number(work, 'application.correct'), '', points=_points(work, app, points))
    return _effect(work, app, act)


def refuse_application(work: Work, *, application_id: int, reason: str, basis: str) -> CentreAct:
    """Refuse with reason and basis. raises Refused (ORG-75, ORG-77)"""
    work.require(Permission.FILING_ACCEPT)
    app = _handed_in(work, application_id, 'application.refuse')
    check_addressed(app.receiver, work.actor.org_name)
    check_refusal(reason, basis)
    act = _act(
        work, app, 'application.refuse', _letter_number(work, 'application.refuse'), check_written('不予受理的理由', reason, 4),
        basis=check_text('依据', basis, 200))
    return _effect(work, app, act)


def lift(work: Work, *, application_id: int, rule: str, subject: str, reason: str) -> CentreAct:
    """Admit an exception: what the rule found at this place no longer stands in the way. raises Refused (CONV-14, ORG-30)"""
    work.require(Permission.FILING_LIFT)
    app = seen(work, application_id, lock=True)
    check_addressed(app.receiver, work.actor.org_name)
    if app.state not in ('handed_in', 'correcting'):
        raise Refused('只有已申请或补正中的申报可以同意例外。', rule='CONV-14')
    act = _act(
        work, app, 'application.lift', _letter_number(work, 'application.lift'), check_written('理由', reason, 4, 500), rule=check_text('规则', rule, 20),
        subject=check_text('事项', subject, 100, required=False))
    return _effect(work, app, act)


def settle(work: Work, *, application_id: int) -> CentreAct | None:
    """Write down what silence has made true: deemed accepted, or withdrawn for want of a correction; None when no day has passed (ORG-74, ORG-75)."""
    work.require(Permission.FILING_READ)
    app = seen(work, application_id, lock=True)
    clock, verb = clock_of(work, app.id)
    waiting = select(CentreAct.id).where(CentreAct.application_id == app.id, CentreAct.state == 'proposed')
    if not clock or not verb or work.session.exec(waiting).first():  # an answer that came by letter is no silence
        return None
    act = _act(work, app, verb, '', f'{clock.what}的期限{clock.due.on}已过，{MOVES[verb].word}。', on=clock.due.on)
    return _effect(work, app, act)


# ------------------------------------------------------------------ a centre outside the system: 外部决定


def record_act(
        work: Work, *, application_id: int, verb: str, number: str, decided_on: date, issuer: str, scan_id: int, text: str = '', basis: str = '',
        points: Sequence[Point] = (), rule: str = '', subject: str = '') -> CentreAct:
    """Copy an act of a centre outside the system from its letter; a second person confirms it. raises Refused (ORG-80)"""
    work.require(Permission.FILING_WRITE)
    app = seen(work, application_id, lock=True)
    work.get(StoredFile, scan_id)
    if not app.outside_centre or verb not in OUTSIDE:
        raise Refused('受理机关在本系统中办理，决定由它作出，机构不能代为登记。', rule='ORG-80')
    if verb in MOVES and app.state not in MOVES[verb].start:
        work.move(app, verb)
    if decided_on > work.today or (app.handed_in_at and app.received_on and decided_on < app.received_on):
        raise Refused(f'文书日期{decided_on}不在提交申报（{app.received_on}）至今天之间，请对照文书核对。', rule='ORG-70')
    if waiting := work.session.exec(select(CentreAct).where(CentreAct.application_id == app.id, CentreAct.state == 'proposed')).first():
        raise Refused(f'已登记的外部决定“{OUTSIDE[waiting.verb]}”待第二人核对，核对后再登记下一项。', rule='ORG-80')
    if verb == 'application.refuse':
        check_refusal(text, basis)
    data = {'points': _points(work, app, points)} if verb == 'application.correct' else {'rule': rule, 'subject': subject} if verb == 'application.lift' else {'basis': basis.strip()}
    act = work.make(
        CentreAct, application_id=app.id, verb=verb, number=check_text('文书编号', number, 30), decided_on=decided_on, text=text.strip(), data=data, outside=True,
        issuer=check_text('发文机关', issuer, 100), scan_id=scan_id, recorded_by_id=work.actor.person_id, recorded_by=work.actor.printed, recorded_at=work.now)
    work.keep('application.record_act', act)
    return act


def confirm_act(work: Work, *, act_id: int) -> CentreAct:
    """Compare a recorded act with the scan and put it into force; another person than who recorded it. raises Refused (ORG-80)"""
    work.require(Permission.FILING_CONFIRM)
    act = work.get(CentreAct, act_id, lock=True)
    work.move(act, 'application.confirm_act')
    act.confirmed_by_id, act.confirmed_by = work.actor.person_id, work.actor.printed
    work.keep('application.confirm_act', act)
    return _effect(work, seen(work, act.application_id, lock=True), act)


def reject_act(work: Work, *, act_id: int, reason: str) -> CentreAct:
    """Send a recorded act back that differs from the letter. raises Refused"""
    work.require(Permission.FILING_CONFIRM)
    act = work.get(CentreAct, act_id, lock=True)
    written = check_written('退回原因', reason, 4, 500)
    work.move(act, 'application.reject_act')
    work.keep('application.reject_act', act, reason=written)
    return act


# ------------------------------------------------------------------ inside


def _handed_in(work: Work, application_id: int, verb: str) -> Application:
    app = seen(work, application_id, lock=True)
    if app.state not in MOVES[verb].start:
        work.move(app, verb)
    clock, overdue = clock_of(work, app.id)
    if clock and overdue == 'application.deem_accepted' and verb != 'application.accept':
        raise Refused(f'答复期限{clock.due.on}已过，没有答复的视为受理，不能再补正或不予受理；请办理受理登记。', rule='ORG-75')
    return app


def _act(work: Work, app: Application, verb: str, number: str, text: str, *, on: date | None = None, **data: object) -> CentreAct:
    """Keep an act of the centre itself: in force at once."""
    act = work.make(
        CentreAct, application_id=app.id, verb=verb, state='in_force', number=number, decided_on=on or work.today, text=text, data=data,
        issuer=work.actor.org_name if work.actor.is_centre else '', recorded_by_id=work.actor.person_id,
        recorded_by=work.actor.printed if work.actor.is_centre else '期限届满', recorded_at=work.now)
    work.keep('application.act', act)
    return act


def _effect(work: Work, app: Application, act: CentreAct) -> CentreAct:
    """Let an act in force work on its application."""
    if act.verb == 'application.lift':
        work.keep('application.lift', work.make(
            Lifted, application_id=app.id, rule=act.data['rule'], subject=act.data['subject'], reason=act.text[:500], by_id=act.recorded_by_id,
            by=act.recorded_by, at=work.now))
        return act
    if act.verb == 'application.correct':
        clock = correction_clock(act.decided_on, profile(app.profile, work.org.overlay), calendar())
        app.correction_due_on = clock.due.on if clock else None
        for point in act.data['points']:
            work.keep('application.ask', work.make(Correction, application_id=app.id, act_id=act.id, **point))
    elif act.verb == 'application.accept':
        app.number = act.number
    work.move(app, act.verb)
    if act.verb != 'application.correct':
        app.decided_on = act.decided_on
    work.keep(act.verb, app)
    return act


def _points(work: Work, app: Application, points: Sequence[Point]) -> list[Mapping[str, str]]:
    """Return the points with the labels as the applicant reads them. raises Refused for none, and for a second notice (ORG-74)"""
    if correction_act(work, app.id):
        raise Refused('补正须一次性告知，本申报已经告知过，不能再次要求补正；请受理，或写明理由和依据不予受理。', rule='ORG-74')
    if not points:
        raise Refused('请至少写明一项需要补正的内容。', rule='ORG-74')
    return [{'step': p.step, 'field': p.field, 'label': _label(app.way, p), 'sentence': check_written('需补正的内容', p.sentence, 4, 500)} for p in points]


def _label(way: str, point: Point) -> str:
    if point.step not in WAYS[way].steps or (point.field and point.field not in questions(STEPS[point.step]) if point.step in STEPS else point.field not in ('', 'ranges')):
        raise Refused('本申报没有这一项，请从列表中选择需要补正的内容。', rule='ORG-74')
    title = str(questions(STEPS[point.step])[point.field].title) if point.field and point.step in STEPS else ''
    return f'{STEP_WORDS[point.step]}：{title}' if title else STEP_WORDS[point.step]


def _acceptance_number(work: Work) -> str:
    """Return the next acceptance number of the day (codes.md §9); the centre's row is locked, so no two get the same."""
    serial = _next_serial(work, f'BA{work.today:%Y%m%d}-')
    if serial > MOST_A_DAY:
        raise Refused(f'今天已受理{MOST_A_DAY}件，受理号已用完，请明天办理。')
    return str(AcceptanceNumber(work.today, serial))


def _letter_number(work: Work, verb: str) -> str:
    centre = work.get(Org, work.actor.org_id)
    code = f'{centre.short_name or centre.name[:4]}{CODES[verb]}'
    return str(LetterNumber(code, work.today.year, _next_serial(work, f'{code}〔{work.today.year}〕')))


def _next_serial(work: Work, head: str) -> int:
    work.session.get(Org, work.actor.org_id, with_for_update=True)
    taken = work.session.exec(select(CentreAct.number).where(col(CentreAct.number).startswith(head, autoescape=True), col(CentreAct.outside).is_(False)))
    return max((int(number[len(head):].rstrip('号')) for number in taken), default=0) + 1
