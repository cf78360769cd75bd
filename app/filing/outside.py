"""外部决定: the acts of a centre that does not use this system, copied from its papers by one person, compared with the scan and put into force by another.

From acceptance to publication; number, term and annex are those of the letter, never composed by the organisation (ORG-80).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select

from app.access import Permission
from app.checks import check_long, check_text, check_written
from app.errors import Refused
from app.filing.acts import CONCLUSIONS, OUTSIDE, Point, effect, points_told
from app.filing.answering import ANSWERED, DECLINE, answer_verb, is_publicized
from app.filing.clocks import check_refusal
from app.filing.queries import asked_ranges, needs_assessment, seen
from app.filing.ways import WAYS
from app.organizations.filed import check_free, checked_number
from app.organizations.granting import check_later
from app.organizations.rules import Range, check_in_force, filing_scheme
from app.states import MOVES
from app.words import level_digits
from app.work import Work
from db.files import StoredFile
from db.filing import Application, CentreAct
from db.organizations import Filing

UNNUMBERED = (*CONCLUSIONS, 'application.publicize', 'application.publish')  # what a centre may make known without a number


@dataclass(frozen=True, slots=True)
class Granted:
    """What a letter gives, as it stands in it: filing number, term, rows of the annex."""

    number: str
    valid_from: date | None
    valid_to: date | None
    ranges: tuple[Range, ...] = ()


def outside_verbs(work: Work, application_id: int) -> dict[str, str]:
    """Return {verb: word} of the acts that can be copied now, by state and way (source: ORG-70, ORG-71, ORG-96)."""
    work.require(Permission.FILING_READ)
    app = seen(work, application_id)
    if not app.outside_centre or app.handed_in_at is None:
        return {}
    answers, assessed = (answer_verb(app.way), *([DECLINE] if app.way in ANSWERED else [])), needs_assessment(work, app.id)
    conclusions = [*CONCLUSIONS] if assessed else []
    by_state: Mapping[str, Sequence[str]] = {
        'handed_in': ('application.accept', 'application.correct', 'application.refuse', 'application.lift'), 'correcting': ('application.lift',),
        'accepted': conclusions if assessed else answers, 'rectifying': [v for v in conclusions if v != 'application.rectify'],
        'assessed': ('application.publicize',) if is_publicized(app.way) else answers, 'publicized': (answer_verb(app.way), DECLINE),
        'filed': () if app.way in ANSWERED else ('application.publish',)}
    return {verb: OUTSIDE[verb] for verb in by_state.get(app.state, ())}


def record_act(
        work: Work, *, application_id: int, verb: str, number: str, decided_on: date, issuer: str, scan_id: int, text: str = '', basis: str = '',
        points: Sequence[Point] = (), rule: str = '', subject: str = '', until: date | None = None, granted: Granted | None = None) -> CentreAct:
    """Copy an act of a centre outside the system from its paper; a second person confirms it.

    until: last day of a rectification or publicity · granted: what a letter gives
    raises Refused (ORG-80: a centre that is here, what waits for the second person; ORG-70: the order; CERT-10…CERT-15: the number)
    """
    work.require(Permission.FILING_WRITE)
    app = seen(work, application_id, lock=True)
    work.get(StoredFile, scan_id)
    if not app.outside_centre or verb not in OUTSIDE:
        raise Refused('受理机关在本系统中办理，决定由它作出，机构不能代为登记。', rule='ORG-80')
    text, basis = check_long('理由、要求或结果', text, 2000, required=False), check_text('依据', basis, 200, required=False)
    _check_order(work, app, verb)
    _check_day(work, app, decided_on)
    if waiting := work.session.exec(select(CentreAct).where(CentreAct.application_id == app.id, CentreAct.state == 'proposed')).first():
        raise Refused(f'已登记的外部决定“{OUTSIDE[waiting.verb]}”待第二人核对，核对后再登记下一项。', rule='ORG-80')
    data = _content(work, app, verb, text=text, basis=basis, points=points, rule=rule, subject=subject, until=until, granted=granted, decided_on=decided_on)
    act = work.make(
        CentreAct, application_id=app.id, verb=verb, number=check_text('文书编号', number, 60, required=verb not in UNNUMBERED), decided_on=decided_on, text=text,
        data=data, outside=True, issuer=check_text('发文机关', issuer, 100), scan_id=scan_id, recorded_by_id=work.actor.person_id, recorded_by=work.actor.printed,
        recorded_at=work.now)
    work.keep('application.record_act', act)
    return act


def confirm_act(work: Work, *, act_id: int) -> CentreAct:
    """Compare a recorded act with the scan and put it into force, exactly once; another person than who recorded it. raises Refused (ORG-80)"""
    work.require(Permission.FILING_CONFIRM)
    act = work.get(CentreAct, act_id, lock=True)
    work.move(act, 'application.confirm_act')
    act.confirmed_by_id, act.confirmed_by = work.actor.person_id, work.actor.printed
    work.keep('application.confirm_act', act)
    return effect(work, seen(work, act.application_id, lock=True), act)


def reject_act(work: Work, *, act_id: int, reason: str) -> CentreAct:
    """Send a recorded act back that differs from the paper. raises Refused"""
    work.require(Permission.FILING_CONFIRM)
    act = work.get(CentreAct, act_id, lock=True)
    written = check_written('退回原因', reason, 4, 500)
    work.move(act, 'application.reject_act')
    work.keep('application.reject_act', act, reason=written)
    return act


# ------------------------------------------------------------------ inside


def _check_order(work: Work, app: Application, verb: str) -> None:
    """Refuse a step out of the order of the procedure (ORG-70, ORG-71)."""
    if verb in outside_verbs(work, app.id):
        return
    if verb in MOVES and app.state not in MOVES[verb].start:
        work.move(app, verb)
    raise Refused(f'“{WAYS[app.way].word}”现在不能登记“{OUTSIDE[verb]}”，请按页面上列出的决定登记。', rule='ORG-70')


def _check_day(work: Work, app: Application, decided_on: date) -> None:
    if decided_on > work.today or (app.received_on and decided_on < app.received_on):
        raise Refused(f'文书日期{decided_on}不在提交申报（{app.received_on}）至今天之间，请对照文书核对。', rule='ORG-70')
    newest = work.session.exec(select(CentreAct).where(
        CentreAct.application_id == app.id, CentreAct.state == 'in_force').order_by(col(CentreAct.decided_on).desc())).first()
    if newest and decided_on < newest.decided_on:
        raise Refused(f'文书日期{decided_on}早于前一项决定的日期{newest.decided_on}，请对照文书核对。', rule='ORG-70')


def _content(
        work: Work, app: Application, verb: str, *, text: str, basis: str, points: Sequence[Point], rule: str, subject: str, until: date | None, granted: Granted | None,
        decided_on: date) -> dict[str, Any]:
    """Return what is kept of an act beside number, day and text; raises Refused for what it must say and does not."""
    if verb == 'application.correct':
        return {'points': points_told(work, app, points)}
    if verb == 'application.lift':
        check_written('同意例外的理由', text, 4, 500)
        return {'rule': check_text('规则', rule, 20), 'subject': check_text('事项', subject, 100, required=False)}
    if verb in ('application.refuse', DECLINE):
        check_refusal(text, basis, what=OUTSIDE[verb])
        check_written('理由', text, 4)
        _check_publicized(work, app, decided_on)
    if verb in ('application.rectify', 'application.fail'):
        check_written('整改要求' if verb == 'application.rectify' else '不通过的理由', text, 4)
    if verb in ('application.rectify', 'application.publicize'):
        if until is None or until <= decided_on:
            raise Refused(f'请填写{"整改期限" if verb == "application.rectify" else "公示截止日期"}，须晚于文书日期{decided_on}。', rule='TEV-09' if verb == 'application.rectify' else 'ORG-76')
        return {'until': f'{until}'}
    if verb == answer_verb(app.way) and app.way not in ANSWERED:
        _check_publicized(work, app, decided_on)
        return {'basis': basis} | _granted(work, app, granted)
    return {'basis': basis}


def _check_publicized(work: Work, app: Application, decided_on: date) -> None:
    """Refuse a letter of a day on which the publicity was not over (ORG-70)."""
    act = work.session.exec(select(CentreAct).where(CentreAct.application_id == app.id, CentreAct.verb == 'application.publicize', CentreAct.state == 'in_force')).first()
    if act and decided_on <= date.fromisoformat(act.data['until']):
        raise Refused(f'函的日期{decided_on}在公示截止日{act.data["until"]}以前，公示期满才能备案或不予备案，请对照文书核对。', rule='ORG-70')


def _granted(work: Work, app: Application, granted: Granted | None) -> dict[str, Any]:
    """Return what a letter gives as JSON; raises Refused for a number, term or row that cannot be the letter's."""
    if granted is None or not granted.ranges:
        raise Refused('请照备案函填写机构备案号、有效期和附件目录。', rule='ORG-80')
    filing = work.get(Filing, app.filing_id) if app.filing_id else None
    number = checked_number(work, granted.number, WAYS[app.way].audience) if filing is None else filing.number
    if filing is None:
        check_free(work, number)
        _check_level(work, app, number)
    elif granted.number.strip() not in ('', filing.number):
        raise Refused(f'本次申报依据的备案号是{filing.number}，原号不变，现填“{granted.number.strip()}”，请对照备案函核对。', rule='ORG-94')
    begins, ends = (filing.valid_from, filing.valid_to) if filing and app.way == 'increment' else (granted.valid_from, granted.valid_to)
    if begins is None or ends is None or ends <= begins:
        raise Refused('请照备案函填写有效期的起止日期，截止日期须晚于起始日期。', rule='ORG-90')
    if filing and app.way == 'increment':
        check_in_force(filing.state, filing.valid_from, filing.valid_to, work.today, work.profile.filing.validity_years)
    if filing and app.way == 'extension':
        check_later(ends, filing)
    _check_asked(work, app, granted.ranges)
    return {'number': number, 'valid_from': f'{begins}', 'valid_to': f'{ends}', 'ranges': [
        {'occupation_code': r.occupation_code, 'occupation': r.occupation, 'work_type': r.work_type, 'levels': sorted(r.levels, reverse=True), 'standard': r.standard}
        for r in granted.ranges]}


def _check_level(work: Work, app: Application, number: str) -> None:
    """Positions 2 to 5 tell who filed: the ministry only nationwide employers (CERT-11, ORG-40)."""
    national, by_province = app.way == 'nationwide_employer', number[1:5] == filing_scheme(work.profile.codes.org).province_filed
    if national == by_province:
        raise Refused(f'机构备案号第2至5位“{number[1:5]}”是{"省级" if by_province else "部级"}备案的代码，本申报由{app.receiver}备案，请对照备案函核对。', rule='CERT-11')


def _check_asked(work: Work, app: Application, ranges: Sequence[Range]) -> None:
    """A letter gives no more than was asked for (ORG-99)."""
    asked = {(r.occupation_code, r.work_type): set(r.levels) for r in asked_ranges(work, app.id)}
    for row in ranges:
        more = set(row.levels) - asked.get((row.occupation_code, row.work_type), set())
        if more or not row.levels:
            raise Refused(f'“{row.occupation}{"/" + row.work_type if row.work_type else ""}”{level_digits(more) or "没有选择等级，"}{"级不在申报范围内，" if more else ""}请对照备案函附件核对。', rule='ORG-99')
