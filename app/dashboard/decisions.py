"""What was decided on an organisation's applications lately, for those of it who filed them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import col, select

from app.access import Permission
from app.assessment.queries import newest_assessment
from app.assessment.rules import DECLINED_WORDS, declined_kind
from app.dashboard.items import NEWS_DAYS, Item
from app.filing.answering import DECLINE, answer_verb
from app.filing.ways import WAYS
from app.states import MOVES, state_word
from app.work import Work
from db.assessment import FilingLetter
from db.filing import Application, CentreAct

GRANTED = ('filed', 'published', 'ended')
REFUSED = ('declined', 'refused', 'failed')


@dataclass(frozen=True, slots=True)
class Said:
    """The paper that decided: its number, its day, where it is read."""

    number: str
    on: date
    address: str


def decisions(work: Work) -> list[Item]:
    """Return what was decided on the own applications in the last days, the newest first; nothing to a centre, which decided it (ORG-75, ORG-77, ORG-80)."""
    if work.actor.is_centre or not work.actor.may(Permission.ASSESSMENT_READ):
        return []
    since = work.today - timedelta(days=NEWS_DAYS)
    apps = {a.id: a for a in work.session.exec(select(Application).where(
        Application.org_id == work.org.id, col(Application.state).in_((*GRANTED, *REFUSED)), col(Application.decided_on) >= since))}  # no letter is dated after it was signed
    papers = _letters(work, apps) | _acts(work, apps)
    told = [(papers.get(a.id, Said('', a.decided_on, _judged(work, a))), a) for a in apps.values() if a.decided_on]
    return [_line(app, said) for said, app in sorted(told, key=lambda x: (x[0].on, x[1].id), reverse=True) if said.on >= since]


def _line(app: Application, said: Said) -> Item:
    yes = app.state in GRANTED
    verdict = MOVES[answer_verb(app.way)].word if yes else DECLINED_WORDS[declined_kind(app.way)] if app.state == 'declined' else state_word('application', app.state)
    return Item(f'{WAYS[app.way].word}：{verdict}（{"，".join(filter(None, (said.number, f"{said.on}")))}）', said.address, rule='ORG-80' if yes else 'ORG-75')


def _letters(work: Work, apps: Mapping[int, Application]) -> dict[int, Said]:
    """Return the signed letters of a centre of this system."""
    rows = work.session.exec(select(FilingLetter).where(col(FilingLetter.application_id).in_(apps), FilingLetter.state == 'signed').order_by(col(FilingLetter.id)))
    return {r.application_id: Said(r.letter_no, r.letter_on, _judged(work, apps[r.application_id])) for r in rows if r.letter_on}


def _acts(work: Work, apps: Mapping[int, Application]) -> dict[int, Said]:
    """Return the refusals at the desk, and what was copied from the papers of a centre outside the system."""
    rows = work.session.exec(select(CentreAct).where(col(CentreAct.application_id).in_(apps), CentreAct.state == 'in_force').order_by(col(CentreAct.id)))
    deciding = ((r, {answer_verb(apps[r.application_id].way), DECLINE, 'application.refuse', 'application.fail'}) for r in rows)
    return {r.application_id: Said(r.number, r.decided_on, f'/filings/{r.application_id}/acts') for r, verbs in deciding if r.verb in verbs}


def _judged(work: Work, app: Application) -> str:
    """Return the address at which an application was assessed, or answered on its papers."""
    found = newest_assessment(work, app.id)
    return f'/assessments/{found.id}' if found else f'/assessments/answer/{app.id}'
