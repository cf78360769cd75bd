"""The day that runs for an application: of the rules, or named by the centre."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, func, select

from app.access import Permission
from app.filing.clocks import Clock, correction_clock, deemed_accepted, lapsed, publicity_clock, rectification_clock, reply_clock
from app.house import calendar
from app.regulation import profile
from app.work import Work
from db.assessment import Assessment, Publicity, Rectification
from db.filing import Application, CentreAct
from db.organizations import Org


def clock_of(work: Work, app: Application) -> tuple[Clock | None, str]:
    """Return the day that runs for an application, and the verb that its passing has made true: deemed accepted, lapsed, or '' (ORG-72 … ORG-76, TEV-09)."""
    work.require(Permission.FILING_READ)
    figures, days = profile(app.profile, work.get(Org, app.org_id).overlay), calendar()
    if app.state == 'handed_in' and app.received_on:
        over = deemed_accepted(app.received_on, work.today, app.way, figures, days)
        return reply_clock(app.received_on, app.way, figures, days), 'application.deem_accepted' if over else ''
    told = correction_act(work, app.id) if app.state == 'correcting' else None
    if told is None:
        return _named_day(work, app), ''
    over = lapsed(told.decided_on, work.today, figures, days)
    return correction_clock(told.decided_on, figures, days), 'application.lapse' if over else ''


def _named_day(work: Work, app: Application) -> Clock | None:
    """Return the day that the centre has named: of the points still to be put right, or the last one of a publicity that runs."""
    if app.outside_centre:
        day = copied_days(work, [app.id]).get(app.id)
        return copied_clock(app.state, day) if day and (app.state == 'rectifying' or day >= work.today) else None
    if app.state == 'rectifying':
        due = work.session.exec(select(func.min(Rectification.due_on)).join(Assessment, col(Assessment.id) == Rectification.assessment_id).where(
            Assessment.application_id == app.id, col(Rectification.checked_on).is_(None))).one()
        return rectification_clock(due, calendar()) if due else None
    if app.state == 'publicized':
        last = work.session.exec(select(func.max(Publicity.to_on)).where(
            Publicity.application_id == app.id, col(Publicity.closed_at).is_(None), Publicity.to_on >= work.today)).one()
        return publicity_clock(last, calendar()) if last else None
    return None


def copied_days(work: Work, ids: Sequence[int]) -> dict[int, date]:
    """Return the last day of rectification or publicity that each application's newest letter of an outside centre names."""
    work.require(Permission.FILING_READ)
    acts = select(CentreAct).where(
        col(CentreAct.application_id).in_(ids), col(CentreAct.verb).in_(('application.rectify', 'application.publicize')), CentreAct.state == 'in_force')
    return {act.application_id: date.fromisoformat(act.data['until']) for act in work.session.exec(acts.order_by(col(CentreAct.id))) if 'until' in act.data}


def copied_clock(state: str, day: date) -> Clock | None:
    """Return the clock of a day copied from an outside centre, by the state of the application."""
    clocks = {'rectifying': rectification_clock, 'publicized': publicity_clock}
    return clocks[state](day, calendar()) if state in clocks else None


def correction_act(work: Work, application_id: int) -> CentreAct | None:
    """Return the one correction notice of an application, None when there was none."""
    work.require(Permission.FILING_READ)
    return work.session.exec(select(CentreAct).where(
        CentreAct.application_id == application_id, CentreAct.verb == 'application.correct', CentreAct.state == 'in_force')).first()
