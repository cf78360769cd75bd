"""The centre's desk: acceptance, one correction notice, refusal, exceptions, and what silence makes true."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, select

from app.access import Permission
from app.checks import check_long, check_text, check_written
from app.errors import Refused
from app.filing.acts import Point, effect, points_told
from app.filing.capacity import capacity_findings
from app.filing.clocks import check_refusal
from app.filing.jurisdiction import check_addressed, check_receiving_centre
from app.filing.queries import filed_rows, findings_of, handed_in_record, seen
from app.filing.rules import is_in_principle
from app.filing.running import clock_of
from app.findings import refuse_unless_accepted
from app.regulation import profile
from app.running_numbers import AcceptanceNumber, LetterNumber
from app.states import MOVES
from app.work import Work
from db.filing import Application, CentreAct
from db.organizations import Org

CODES = {'application.correct': '补正', 'application.refuse': '不受理', 'application.lift': '例外'}  # behind the centre's short name
MOST_A_DAY = 99


def accept(work: Work, *, application_id: int, reason: str = '') -> CentreAct:
    """Accept an application; reason: why in principle no more than so many are admitted and this one is (ORG-30 … ORG-33).

    raises Refused for another centre's, and for what passes a capacity without a reason (ORG-40 … ORG-48, ORG-70)
    """
    work.require(Permission.FILING_ACCEPT)
    app = _handed_in(work, application_id, 'application.accept')
    record = handed_in_record(work, app.id)
    figures = profile(app.profile, work.org.overlay)
    check_receiving_centre(record, figures, work.actor.region)
    refuse_unless_accepted(capacity_findings(record, figures, filed_rows(work, record)), reason)
    act = _act(work, app, 'application.accept', _acceptance_number(work), check_long('理由', reason, 500, required=False))
    return effect(work, app, act)


def ask_correction(work: Work, *, application_id: int, points: Sequence[Point]) -> CentreAct:
    """Tell all that is missing or wrong in one go; what is named is open to the applicant, nothing else. raises Refused (ORG-74)"""
    work.require(Permission.FILING_ACCEPT)
    app = _handed_in(work, application_id, 'application.correct')
    check_addressed(app.receiver, work.actor.org_name)
    act = _act(work, app, 'application.correct', _letter_number(work, 'application.correct'), '', points=points_told(work, app, points))
    return effect(work, app, act)


def refuse_application(work: Work, *, application_id: int, reason: str, basis: str) -> CentreAct:
    """Refuse with reason and basis. raises Refused (ORG-75, ORG-77)"""
    work.require(Permission.FILING_ACCEPT)
    app = _handed_in(work, application_id, 'application.refuse')
    check_addressed(app.receiver, work.actor.org_name)
    check_refusal(reason, basis)
    act = _act(
        work, app, 'application.refuse', _letter_number(work, 'application.refuse'), check_written('不予受理的理由', reason, 4),
        basis=check_text('依据', basis, 200))
    return effect(work, app, act)


def lift(work: Work, *, application_id: int, rule: str, subject: str, reason: str) -> CentreAct:
    """Admit an exception: what the rule found at this place no longer stands in the way. raises Refused (CONV-14, ORG-30)"""
    work.require(Permission.FILING_LIFT)
    app = seen(work, application_id, lock=True)
    check_addressed(app.receiver, work.actor.org_name)
    if app.state not in ('handed_in', 'correcting'):
        raise Refused('只有已申请或补正中的申报可以同意例外。', rule='CONV-14')
    _check_liftable(work, app, rule, subject)
    act = _act(
        work, app, 'application.lift', _letter_number(work, 'application.lift'), check_written('理由', reason, 4, 500), rule=check_text('规则', rule, 20),
        subject=check_text('事项', subject, 100, required=False))
    return effect(work, app, act)


def settle(work: Work, *, application_id: int) -> CentreAct | None:
    """Write down what silence has made true: deemed accepted, or withdrawn for want of a correction; None when no day has passed (ORG-74, ORG-75)."""
    work.require(Permission.FILING_READ)
    app = seen(work, application_id, lock=True)
    clock, verb = clock_of(work, app)
    waiting = select(CentreAct.id).where(CentreAct.application_id == app.id, CentreAct.state == 'proposed')
    if not clock or not verb or work.session.exec(waiting).first():  # an answer that came by letter is no silence
        return None
    act = _act(work, app, verb, '', f'{clock.what}的期限{clock.due.on}已过，{MOVES[verb].word}。', on=clock.due.on)
    return effect(work, app, act)


# ------------------------------------------------------------------ inside


def _handed_in(work: Work, application_id: int, verb: str) -> Application:
    app = seen(work, application_id, lock=True)
    if app.state not in MOVES[verb].start:
        work.move(app, verb)
    clock, overdue = clock_of(work, app)
    if clock and overdue == 'application.deem_accepted' and verb != 'application.accept':
        raise Refused(f'答复期限{clock.due.on}已过，没有答复的视为受理，不能再补正或不予受理；请办理受理登记。', rule='ORG-75')
    return app


def _check_liftable(work: Work, app: Application, rule: str, subject: str) -> None:
    """Refuse an exception from what holds without exception, and from what was not found in the materials handed in (CONV-14)."""
    if not is_in_principle(rule):
        raise Refused(f'{rule}不是“原则上”的要求，不能同意例外；请告知补正，或不予受理。', rule='CONV-14')
    if (rule, subject) not in {(f.rule, f.subject) for f in findings_of(work, app.id, handed_in_record(work, app.id))}:
        raise Refused('提交的材料中没有发现这一项，不需要同意例外，请刷新页面。', rule='CONV-14')


def _act(work: Work, app: Application, verb: str, number: str, text: str, *, on: date | None = None, **data: object) -> CentreAct:
    """Keep an act of the centre itself: in force at once."""
    act = work.make(
        CentreAct, application_id=app.id, verb=verb, state='in_force', number=number, decided_on=on or work.today, text=text, data=data,
        issuer=work.actor.org_name if work.actor.is_centre else '', recorded_by_id=work.actor.person_id,
        recorded_by=work.actor.printed if work.actor.is_centre else '期限届满', recorded_at=work.now)
    work.keep('application.act', act)
    return act


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
