"""The clocks of filings on the desk: acceptance, correction, assessment, rectification, publicity, letter, and the term of what was filed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import col, func, select

from app.access import Permission, Role
from app.assessment.rules import LETTER_WORDS, letter_kind
from app.dashboard.items import Block, Desk, Item, dated
from app.errors import NotYours
from app.filing.answering import ANSWERED, is_publicized
from app.filing.clocks import REMIND_DAYS, correction_clock, publicity_clock, rectification_clock, reply_clock
from app.filing.queries import needs_assessment
from app.filing.running import copied_clock, copied_days
from app.filing.ways import WAYS
from app.house import calendar
from app.organizations.queries import proposed_ends
from app.regulation import profile
from app.work import Work
from db.assessment import Assessment, Assessor, FilingLetter, Publicity, Rectification, ScoreSheet
from db.filing import Application, CentreAct, Correction
from db.organizations import Filing, Org

SOON_DAYS = 60  # a filing that ends so soon and has no extension under way is red
UNDER_WAY = ('draft', 'handed_in', 'correcting', 'accepted', 'assessing', 'rectifying', 'assessed', 'publicized', 'filed')
ASSESSED = ('accepted', 'assessing', 'rectifying', 'assessed', 'publicized', 'filed')
MOST = 200  # applications that a desk looks at, the newest
Line = tuple[Block, Item]


@dataclass(frozen=True, slots=True)
class Case:
    """An application under way with what its clocks hang on."""

    app: Application
    org: Org
    word: str  # whose and which, as the desk names it
    told: CentreAct | None = None
    points: int = 0  # of the correction notice, not answered
    assessment: Assessment | None = None
    rectifications: Sequence[Rectification] = ()
    publicity: Publicity | None = None
    letter: FilingLetter | None = None
    unsigned: int = 0  # score sheets of the actor himself
    on_papers: bool = False  # a change or an end that a letter answers without an assessment
    until: date | None = None  # of the letter of a centre outside the system: last day of rectification or publicity

    @property
    def at(self) -> str:
        """The address of its assessment, or of the letter that answers it."""
        return f'/assessments/{self.assessment.id}' if self.assessment else f'/assessments/{"answer" if self.on_papers else "new"}/{self.app.id}'


def put_filings(work: Work, found: Desk) -> None:
    """Put what concerns filings and applications into the blocks of the actor's post."""
    _terms(work, found)
    if work.actor.may(Permission.FILING_READ):
        for case in _cases(work):
            for block, item in _SAID[case.app.state](work, case):
                found[block].append(item)
        _proposed_acts(work, found)


# ------------------------------------------------------------------ filings: the term, and what waits for a second person


def _terms(work: Work, found: Desk) -> None:
    if not work.actor.may(Permission.ORGANIZATIONS_READ):
        return
    q = select(Filing, Org).join(Org, col(Org.id) == Filing.org_id)
    for filing, org in work.session.exec(q.where(Filing.state == 'proposed').order_by(col(Filing.id))):
        found['due'].append(Item(f'{org.name}的备案{filing.number}待第二人确认', f'/organizations/{org.id}', grade='warn', rule='ORG-80'))
    for end, filing in proposed_ends(work):
        name = work.get(Org, end.org_id).name
        found['due'].append(Item(f'{name}的备案{filing.number}终止待第二人确认', f'/organizations/{end.org_id}', grade='warn', rule='CERT-24'))
    rows = work.session.exec(q.where(Filing.state == 'in_force', Filing.valid_to <= work.today + timedelta(days=REMIND_DAYS))).all()
    renewed = _renewed(work, [filing.id for filing, _ in rows])
    reminded = not work.actor.is_centre or work.actor.may(Permission.FILING_ACCEPT)
    for filing, org in rows:
        over = filing.valid_to < work.today
        if over or reminded:
            found['wrong' if over else 'due'].append(_term(work, filing, org, renewed=filing.id in renewed))


def _renewed(work: Work, filing_ids: Sequence[int]) -> set[int]:
    """Return the filings with an extension under way; a centre knows of what was handed in."""
    if not filing_ids:
        return set()
    q = select(Application.filing_id).where(
        col(Application.filing_id).in_(filing_ids), Application.way == 'extension', col(Application.state).in_(UNDER_WAY))
    if work.actor.is_centre:
        q = q.where(Application.state != 'draft')
    return {filing_id for filing_id in work.session.exec(q) if filing_id is not None}


def _term(work: Work, filing: Filing, org: Org, *, renewed: bool) -> Item:
    left = (filing.valid_to - work.today).days
    own = not work.actor.is_centre and work.actor.may(Permission.FILING_WRITE) and left >= 0
    address = '/filings/new?wanted=extension' if own and not renewed else f'/organizations/{org.id}'
    if left < 0:
        sentence = f'{org.name}的备案已于{filing.valid_to}到期，不能安排新的认定'
    else:
        sentence = f'{org.name}的备案还有{left}天到期，{"延续备案办理中" if renewed else "请提醒其办理延续" if work.actor.is_centre else "请办理延续"}'
    grade = 'block' if left < 0 or (left <= SOON_DAYS and not renewed) else 'warn'
    return dated(work, sentence, address, filing.valid_to, rule='ORG-90', grade=grade)


def _proposed_acts(work: Work, found: Desk) -> None:
    if work.actor.is_centre or not work.actor.may(Permission.FILING_CONFIRM):
        return
    q = select(CentreAct, Application).join(Application, col(Application.id) == CentreAct.application_id)
    for act, app in work.session.exec(q.where(CentreAct.state == 'proposed', CentreAct.recorded_by_id != work.actor.person_id).order_by(col(CentreAct.id))):
        found['due'].append(Item(f'{WAYS[app.way].word}：登记的外部决定{act.number}待第二人核对', f'/filings/{app.id}/acts', grade='warn', rule='ORG-80'))


# ------------------------------------------------------------------ applications: read


def _cases(work: Work) -> Iterator[Case]:
    """Yield the applications under way that the actor may see, the newest first."""
    q = select(Application, Org).join(Org, col(Org.id) == Application.org_id).where(col(Application.state).in_(UNDER_WAY))
    if work.actor.is_centre:
        q = q.where(Application.state != 'draft', col(Application.outside_centre).is_(False))
    rows = work.session.exec(q.order_by(col(Application.id).desc()).limit(MOST)).all()
    told = _told(work, [a.id for a, _ in rows if a.state == 'correcting'])
    outside = [a.id for a, _ in rows if a.outside_centre and a.state in ('rectifying', 'publicized')]
    until = copied_days(work, outside) if outside else {}
    judged = _judged(work, [a.id for a, _ in rows if a.state in ASSESSED]) if work.actor.may(Permission.ASSESSMENT_READ) else {}
    for app, org in rows:
        word = f'{org.name}的{WAYS[app.way].word}' if work.actor.is_centre else WAYS[app.way].word
        yield Case(app, org, word, **told.get(app.id, {}), **judged.get(app.id, {}), on_papers=_on_papers(work, app), until=until.get(app.id))


def _on_papers(work: Work, app: Application) -> bool:
    if app.state not in ASSESSED or app.way not in ANSWERED:
        return False
    try:
        return not needs_assessment(work, app.id)
    except NotYours:  # kept bytes that are not those handed in: its own page says so, the desk goes on
        return False


def _told(work: Work, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the correction notice and how many of its points are open, for each application in correction."""
    if not ids:
        return {}
    acts = work.session.exec(select(CentreAct).where(
        col(CentreAct.application_id).in_(ids), CentreAct.verb == 'application.correct', CentreAct.state == 'in_force'))
    points = dict(work.session.exec(select(Correction.application_id, func.count()).where(
        col(Correction.application_id).in_(ids), col(Correction.answered_at).is_(None)).group_by(col(Correction.application_id))).all())
    return {act.application_id: {'told': act, 'points': points.get(act.application_id, 0)} for act in acts}


def _judged(work: Work, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the newest assessment of each application with its open points, publicity and letter; an organisation sees no draft of a letter."""
    if not ids:
        return {}
    found: dict[int, dict[str, Any]] = {key: {} for key in ids}
    for row in work.session.exec(select(Assessment).where(col(Assessment.application_id).in_(ids)).order_by(col(Assessment.id))):
        found[row.application_id]['assessment'] = row
    newest = {f['assessment'].id: f for f in found.values() if 'assessment' in f}
    for point in work.session.exec(select(Rectification).where(col(Rectification.assessment_id).in_(newest)).order_by(col(Rectification.seq))):
        newest[point.assessment_id].setdefault('rectifications', []).append(point)
    for publicity in work.session.exec(select(Publicity).where(col(Publicity.application_id).in_(ids)).order_by(col(Publicity.id))):
        found[publicity.application_id]['publicity'] = publicity
    if work.actor.is_centre:
        for letter in work.session.exec(select(FilingLetter).where(
                col(FilingLetter.application_id).in_(ids), col(FilingLetter.state).in_(('drafted', 'signed'))).order_by(col(FilingLetter.id))):
            found[letter.application_id]['letter'] = letter
    if work.actor.may(Permission.ASSESSMENT_SCORE):
        mine = select(ScoreSheet.assessment_id, func.count()).join(Assessor, col(Assessor.id) == ScoreSheet.assessor_id).where(
            Assessor.member_id == work.actor.person_id, col(Assessor.left_at).is_(None), ScoreSheet.state == 'open', col(ScoreSheet.assessment_id).in_(newest))
        for assessment_id, count in work.session.exec(mine.group_by(col(ScoreSheet.assessment_id))):
            newest[assessment_id]['unsigned'] = count
    return found


# ------------------------------------------------------------------ applications: said, state by state


def _draft(work: Work, case: Case) -> Iterator[Line]:
    if work.actor.may(Permission.FILING_WRITE):
        yield 'running', Item(f'{case.word}：填写中，尚未提交', f'/filings/{case.app.id}')


def _handed_in(work: Work, case: Case) -> Iterator[Line]:
    if work.actor.role == Role.ASSESSOR or case.app.received_on is None:
        return
    clock = reply_clock(case.app.received_on, case.app.way, profile(case.app.profile, case.org.overlay), calendar())
    own = not work.actor.is_centre
    address = f'/filings/{case.app.id}/acts' if own else f'/desk/{case.app.id}'
    sentence = f'{case.word}：已提交，{"待受理机关告知是否受理" if own else "待受理或一次性告知补正"}'
    yield 'running' if own else 'due', dated(work, sentence, address, clock.due, rule=clock.rule) if clock else Item(sentence, address, rule='ORG-70')


def _correcting(work: Work, case: Case) -> Iterator[Line]:
    if work.actor.role == Role.ASSESSOR or case.told is None:
        return
    clock = correction_clock(case.told.decided_on, profile(case.app.profile, case.org.overlay), calendar())
    own = not work.actor.is_centre
    address = f'/filings/{case.app.id}' if own else f'/desk/{case.app.id}'
    sentence = f'{case.word}：{f"还有{case.points}项待补正" if case.points else "补正意见都已回复，待提交"}' if own else f'{case.word}：补正中，待申请单位提交'
    item = dated(work, sentence, address, clock.due, rule=clock.rule) if clock else Item(sentence, address, rule='ORG-74')
    yield 'wrong' if item.grade == 'block' else 'due' if own else 'running', item


def _accepted(work: Work, case: Case) -> Iterator[Line]:
    if not work.actor.may(Permission.ASSESSMENT_ARRANGE):
        if not work.actor.is_centre:
            yield 'running', Item(f'{case.word}：已受理，待{"答复的函" if case.on_papers else "技术评估"}', f'/filings/{case.app.id}/acts')
    elif case.letter is not None:
        yield from _letter(work, case)
    else:
        yield 'due', Item(f'{case.word}：已受理，待{"起草答复的函" if case.on_papers else "组织技术评估"}', case.at, grade='warn', rule='ORG-70')


def _assessing(work: Work, case: Case) -> Iterator[Line]:
    if case.unsigned:
        yield 'due', Item(f'{case.word}：您还有{case.unsigned}张评分表没有签字', case.at, grade='warn', rule='TEV-01')
    elif work.actor.may(Permission.ASSESSMENT_ARRANGE) and case.assessment and case.assessment.state == 'consolidated':
        yield 'due', Item(f'{case.word}：评分已汇总，待作出评估结论', case.at, grade='warn', rule='TEV-09')
    elif work.actor.role != Role.ASSESSOR:
        yield 'running', Item(f'{case.word}：技术评估中', case.at if case.assessment else f'/filings/{case.app.id}/acts')


def _copied(work: Work, case: Case, day: date) -> Iterator[Line]:
    """Say what a centre outside the system waits for or shows until when: it is told of by the papers that were copied."""
    clock = copied_clock(case.app.state, day)
    assert clock is not None  # only these states have a day
    address = f'/filings/{case.app.id}/acts'
    if case.app.state == 'rectifying':
        item = dated(work, f'{case.word}：限期整改，请整改后报受理机关', address, clock.due, rule=clock.rule)
        yield 'wrong' if item.grade == 'block' else 'due', item
    elif clock.is_over(work.today):
        yield 'running', Item(f'{case.word}：公示期满，待受理机关答复的函', address)
    else:
        yield 'running', dated(work, f'{case.word}：公示中', address, clock.due, rule=clock.rule, grade='calm')


def _rectifying(work: Work, case: Case) -> Iterator[Line]:
    if case.until:
        yield from _copied(work, case, case.until)
    if work.actor.role == Role.ASSESSOR or not case.rectifications:
        return
    open_ones = [r for r in case.rectifications if r.done_on is None]
    unchecked = [r for r in case.rectifications if r.checked_on is None]
    if work.actor.is_centre:
        said = f'整改{len(case.rectifications)}项，{f"{len(open_ones)}项待申请单位完成" if open_ones else f"{len(unchecked)}项待核查" if unchecked else "均已核查，待作出结论"}'
    elif not open_ones:
        yield 'running', Item(f'{case.word}：整改情况都已填写，待中心核查', case.at, rule='TEV-09')
        return
    else:
        said = f'整改{len(case.rectifications)}项，还有{len(open_ones)}项待完成并填写整改情况'
    clock = rectification_clock(min(r.due_on for r in open_ones or case.rectifications), calendar())
    item = dated(work, f'{case.word}：{said}', case.at, clock.due, rule=clock.rule, grade='' if open_ones else 'warn')
    yield 'wrong' if item.grade == 'block' else 'due', item


def _assessed(work: Work, case: Case) -> Iterator[Line]:
    if work.actor.may(Permission.ASSESSMENT_ARRANGE):
        yield 'due', Item(f'{case.word}：评估通过，待公示', case.at, grade='warn', rule='ORG-70')
        yield from _letter(work, case)
    elif not work.actor.is_centre:
        yield 'running', Item(f'{case.word}：评估通过，待公示', case.at)


def _publicized(work: Work, case: Case) -> Iterator[Line]:
    if case.until:
        yield from _copied(work, case, case.until)
    shown = case.publicity
    if shown is None or work.actor.role == Role.ASSESSOR:
        return
    clock = publicity_clock(shown.to_on, calendar())
    if shown.closed_at is None and not clock.is_over(work.today):
        yield 'running', dated(work, f'{case.word}：公示中', case.at, clock.due, rule=clock.rule, grade='calm')
    elif not work.actor.is_centre:
        yield 'running', Item(f'{case.word}：公示期满，待中心答复的函', case.at)
    elif shown.closed_at is None:
        yield 'due', dated(work, f'{case.word}：公示期满，待登记公示结果', case.at, clock.due, rule=clock.rule, grade='warn')
    elif case.letter is None:
        yield 'due', Item(f'{case.word}：公示结果已登记，待起草{LETTER_WORDS[letter_kind(case.app.way)]}', case.at, grade='warn', rule='ORG-80')
    if work.actor.is_centre:
        yield from _letter(work, case)


def _letter(work: Work, case: Case) -> Iterator[Line]:
    """Say what a drafted letter waits for: of the drafter what is missing, of another person who signs the signature, after the publicity."""
    letter = case.letter
    if letter is None or letter.state != 'drafted':
        return
    named = f'{case.word}：{LETTER_WORDS[letter.kind]}草稿'
    gaps = '、'.join(word for word, value in (('发文字号', letter.letter_no), ('发文日期', letter.letter_on)) if not value)
    over = not is_publicized(case.app.way) or (case.publicity is not None and case.publicity.closed_at is not None)
    waits = '；'.join([*([f'{gaps}待补齐'] if gaps else []), *([] if over else ['公示结束后才能签发'])])
    if work.actor.may(Permission.ASSESSMENT_SIGN_LETTER) and letter.drafted_by_id != work.actor.person_id:
        yield 'due', Item(f'{named}待您签发{f"（{waits}）" if waits else ""}', case.at, grade='warn', rule='ORG-80')
    elif gaps:
        yield 'due', Item(f'{named}的{gaps}还没有填写，补齐后才能签发', case.at, grade='warn', rule='ORG-90')
    else:
        yield 'running', Item(f'{named}待中心主任签发{f"（{waits}）" if waits else ""}', case.at, rule='ORG-80')


def _filed(work: Work, case: Case) -> Iterator[Line]:
    if not work.actor.may(Permission.ASSESSMENT_ARRANGE) or case.letter is None:
        return
    said = f'{LETTER_WORDS[case.letter.kind]}已签发，待报送部中心' if case.letter.reported_on is None else '已报送部中心，待登记网上公布'
    yield 'due', Item(f'{case.word}：{said}', case.at, grade='warn', rule='ORG-78')


_SAID: Mapping[str, Callable[[Work, Case], Iterator[Line]]] = {
    'draft': _draft, 'handed_in': _handed_in, 'correcting': _correcting, 'accepted': _accepted, 'assessing': _assessing, 'rectifying': _rectifying,
    'assessed': _assessed, 'publicized': _publicized, 'filed': _filed}
