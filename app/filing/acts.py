"""Acts of a centre, its own or copied: how each works on its application, a letter also on the register of filings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.checks import check_written
from app.errors import Refused
from app.filing.answering import DECLINE, answer_verb
from app.filing.clocks import correction_clock
from app.filing.effects import Given, put_into_force
from app.filing.forms import STEPS, questions
from app.filing.running import correction_act
from app.filing.ways import STEP_WORDS, WAYS
from app.house import calendar
from app.organizations.granting import Hand
from app.organizations.rules import Range
from app.regulation import profile
from app.work import Work
from db.filing import Application, CentreAct, Correction, Lifted
from db.organizations import Filing

CONCLUSIONS = ('application.pass', 'application.rectify', 'application.fail')
OUTSIDE = {  # what is copied from the papers of a centre outside the system
    'application.accept': '受理', 'application.correct': '一次性告知补正', 'application.refuse': '不予受理', 'application.lift': '同意例外',
    'application.pass': '评估结论：通过', 'application.rectify': '评估结论：限期整改', 'application.fail': '评估结论：不通过', 'application.publicize': '公示',
    'application.file': '备案函（赋备案号）', 'application.file_national': '部级备案回执（赋备案号）', 'application.change': '变更函', 'application.end': '终止函', DECLINE: '不予同意的函',
    'application.publish': '网上公布'}


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a correction notice: the step, the field of it ('' the whole step), what is missing or wrong."""

    step: str
    field: str
    sentence: str


def effect(work: Work, app: Application, act: CentreAct) -> CentreAct:
    """Let an act in force work on its application, a letter also on the register of filings."""
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
    elif act.verb in CONCLUSIONS and app.state == 'accepted':  # the assessment was held outside: its conclusion tells that it began
        work.move(app, 'application.assess')
        work.keep('application.assess', app)
    work.move(app, act.verb)
    if act.verb == answer_verb(app.way):
        app.filing_id = _letter_works(work, app, act).id
    if act.verb != 'application.correct':
        app.decided_on = act.decided_on
    work.keep(act.verb, app)
    return act


def _letter_works(work: Work, app: Application, act: CentreAct) -> Filing:
    """Let a letter copied from outside work on the register of filings."""
    said, days = act.data, {key: date.fromisoformat(act.data[key]) for key in ('valid_from', 'valid_to') if key in act.data}
    ranges = tuple(Range(r['occupation_code'], r['occupation'], r['work_type'], tuple(r['levels']), r['standard']) for r in said.get('ranges', ()))
    letter = Given(act.number, act.decided_on, act.issuer, said.get('basis', ''), said.get('number', ''), ranges=ranges, **days)
    return put_into_force(work, app, letter, Hand(act.recorded_by_id, act.recorded_by, act.outside, act.scan_id))


def points_told(work: Work, app: Application, points: Sequence[Point]) -> list[Mapping[str, str]]:
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
