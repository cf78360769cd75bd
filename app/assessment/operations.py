"""Opening an assessment, its panel, the conclusion and the rectification that may follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.access import Permission
from app.assessment.queries import candidates, newest_assessment, panel_of, ranges_of, rectifications, settled, sheets_of
from app.assessment.rules import METHODS, Member, check_line, check_member, check_panel, outcome, sheets_needed
from app.checks import check_text, check_written
from app.errors import Refused
from app.filing.jurisdiction import check_addressed
from app.filing.queries import needs_assessment
from app.filing.ways import WAYS
from app.words import china_time
from app.work import Work
from db.assessment import Assessment, Assessor, Rectification, ScoreSheet
from db.filing import Application

Done = tuple[str, date | None]  # what was done about a point, and its day


def open_assessment(
    work: Work, *, application_id: int, method: str, visited_on: date, members: Sequence[Member], spread_line: str = '2') -> Assessment:
    """Begin the assessment of an accepted application with its panel and every member's empty sheets; after a rectification a second one.

    raises Refused (ORG-70: the order of steps, the panel; SEC-01: somebody who is no assessor of the centre)
    """
    work.require(Permission.ASSESSMENT_ARRANGE)
    application = work.get(Application, application_id, lock=True)
    check_addressed(application.receiver, work.actor.org_name)
    if method not in METHODS:
        raise Refused('请选择评估方式：现场评估或线上评估。', rule='ORG-70')
    if visited_on < (application.received_on or visited_on):
        raise Refused(f'评估日期{visited_on}早于材料收到日期{application.received_on}，请核对。', rule='ORG-70')
    if not needs_assessment(work, application.id):
        raise Refused(f'“{WAYS[application.way].word}”所报事项不需要技术评估，请审核后直接起草答复函。', rule='ORG-70')
    check_panel(members, work.org.name)
    before = newest_assessment(work, application.id)
    if application.state == 'rectifying' and before and before.state == 'concluded':
        _again(work, before)
    else:
        work.move(application, 'application.assess')
        work.keep('application.assess', application)
    assessment = work.make(Assessment, application_id=application.id, method=method, visited_on=visited_on, spread_line=check_line(spread_line))
    work.keep('assessment.open', assessment)
    for member in members:
        _add_member(work, assessment, application, member)
    return assessment


def declare(work: Work, *, assessment_id: int, relation: str = '') -> Assessor:
    """Declare that no relation stands in the way, or which one does: then the assessor leaves the panel and must be replaced (ORG-70)."""
    work.require(Permission.ASSESSMENT_SCORE)
    assessment = _open(work, assessment_id)
    mine = next((a for a in panel_of(work, assessment.id) if a.member_id == work.actor.person_id), None)
    if mine is None or mine.left_at is not None:
        raise Refused('您不在本次评估组中，不需要声明。', rule='ORG-70')
    if mine.declared_at is not None:
        raise Refused('您已经作过声明；情况有变化的，请告知备案受理员更换评估专家。', rule='ORG-70')
    mine.declared_at, mine.relation = work.now, check_text('关系说明', relation, 300, required=False)
    if mine.relation:
        mine.left_at, mine.left_because = work.now, '声明存在应当回避的关系'
    work.keep('assessment.declare', mine)
    return mine


def replace_assessor(work: Work, *, assessment_id: int, assessor_id: int, member: Member, reason: str) -> Assessor:
    """Put another into the place of an assessor who declared a relation or cannot come; what the first one wrote counts no more. raises Refused"""
    work.require(Permission.ASSESSMENT_ARRANGE)
    assessment = _open(work, assessment_id)
    application = work.get(Application, assessment.application_id)
    check_addressed(application.receiver, work.actor.org_name)
    if any(s.assessor_id is None for s in sheets_of(work, assessment.id)):
        raise Refused('已经开始汇总评分，不能再更换评估专家。', rule='ORG-70')
    leaving = work.get(Assessor, assessor_id, lock=True)
    panel = panel_of(work, assessment.id)
    if leaving.assessment_id != assessment.id or any(a.member_id == member.member_id for a in panel):
        raise Refused('更换的人选已在或曾在本次评估组中，请改选他人。', rule='ORG-70')
    check_member(member, work.org.name)
    if leaving.left_because.endswith('，已更换'):
        raise Refused('这名评估专家已经更换，请刷新页面。', rule='ORG-70')
    said = check_written('更换原因', reason, 2, 200)
    leaving.left_at, leaving.left_because = leaving.left_at or work.now, f'{said}，已更换'
    leads, leaving.leads = leaving.leads, False
    work.keep('assessment.replace', leaving, reason=said)
    return _add_member(work, assessment, application, Member(member.member_id, member.name, member.title, member.employer, leads))


def conclude(work: Work, *, assessment_id: int, points: Sequence[tuple[str, str]] = (), due_on: date | None = None) -> Assessment:
    """Draw the conclusion from the signed consolidated sheets and move the application: passed, to be rectified, failed.

    points: (item, sentence) of the rectification list, needed where the conclusion is 基本具备 · due_on: day until which they are put right
    raises Refused (TEV-01…TEV-04, TEV-09)
    """
    work.require(Permission.ASSESSMENT_ARRANGE)
    assessment = work.get(Assessment, assessment_id, lock=True)
    application = work.get(Application, assessment.application_id, lock=True)
    check_addressed(application.receiver, work.actor.org_name)
    work.move(assessment, 'assessment.conclude')
    said = outcome(settled(work, assessment.id))
    assessment.conclusion = said.band
    assessment.concluded_by_id, assessment.concluded_by, assessment.concluded_at = work.actor.person_id, work.actor.printed, work.now
    work.keep('assessment.conclude', assessment)
    if said.verdict == 'rectify':
        _list(work, assessment, points, due_on)
        if application.state != 'rectifying':  # a second assessment finds it still so: another list, the state stays
            work.move(application, 'application.rectify')
            work.keep('application.rectify', application)
        return assessment
    if points:
        raise Refused(f'结论是“{said.sentence}”，不需要整改清单；只有基本具备时才列整改事项。', rule='TEV-09')
    whole = application.way != 'change' or len(said.included) == len(ranges_of(work, application.id))  # a new place must do for all that is filed
    _decide(work, application, passed=said.verdict == 'pass' and whole, reason=said.sentence)
    return assessment


def answer_rectification(work: Work, *, rectification_id: int, shown: Done, done: str, done_on: date) -> Rectification:
    """Say what was done about a point; by the organisation, until the centre has checked it (TEV-09).

    shown: what stood there when it was typed
    raises Refused, also when that has changed since
    """
    work.require(Permission.FILING_WRITE)
    row = work.get(Rectification, rectification_id, lock=True)
    if row.checked_on is not None:
        raise Refused(f'第{row.seq}项已由中心核查，不能再改。', rule='TEV-09')
    _check_shown(row, shown)
    concluded_at = work.get(Assessment, row.assessment_id).concluded_at
    if concluded_at is not None and done_on < (concluded_on := china_time(concluded_at).date()):
        raise Refused(f'完成日期{done_on}早于作出评估结论的{concluded_on}，请核对。', rule='TEV-09')
    if done_on > work.today:
        raise Refused(f'完成日期{done_on}晚于今天，请在完成后填写。', rule='TEV-09')
    row.done, row.done_on = check_written('整改情况', done, 4, 500), done_on
    work.keep('assessment.rectified', row)
    return row


def check_rectification(work: Work, *, rectification_id: int, shown: Done) -> Rectification:
    """Confirm that a point was put right as shown (TEV-09). raises Refused, also when the answer has changed since"""
    work.require(Permission.ASSESSMENT_ARRANGE)
    row = work.get(Rectification, rectification_id, lock=True)
    check_addressed(work.get(Application, work.get(Assessment, row.assessment_id).application_id).receiver, work.actor.org_name)
    if row.checked_on is not None:
        raise Refused(f'第{row.seq}项已由{row.checked_by}核查，无须重复。', rule='TEV-09')
    if row.done_on is None:
        raise Refused(f'第{row.seq}项申请单位还没有填写整改情况，不能核查。', rule='TEV-09')
    _check_shown(row, shown)
    row.checked_on, row.checked_by_id, row.checked_by = work.today, work.actor.person_id, work.actor.printed
    work.keep('assessment.check_rectified', row)
    return row


def settle_rectification(work: Work, *, assessment_id: int, passed: bool, reason: str = '') -> Application:
    """Decide after rectification: passed when every point is checked; not passed with a written reason (TEV-09). raises Refused"""
    work.require(Permission.ASSESSMENT_ARRANGE)
    assessment = work.get(Assessment, assessment_id, lock=True)
    application = work.get(Application, assessment.application_id, lock=True)
    check_addressed(application.receiver, work.actor.org_name)
    newest = newest_assessment(work, application.id)
    if newest is None or newest.id != assessment.id or assessment.state != 'concluded':
        raise Refused('请在最近一次已作结论的评估中办理整改结果。', rule='TEV-09')
    open_points = [r for r in rectifications(work, assessment.id) if r.checked_on is None]
    if passed and open_points:
        raise Refused(f'整改清单还有{len(open_points)}项没有核查（第{"、".join(str(r.seq) for r in open_points)}项），全部核查后才能通过。', rule='TEV-09')
    said = '整改事项全部核查完成' if passed else check_written('不通过的理由', reason, 4, 500)
    _decide(work, application, passed=passed, reason=said)
    return application


def _check_shown(row: Rectification, shown: Done) -> None:
    if (row.done, row.done_on) != tuple(shown):
        raise Refused(f'第{row.seq}项的整改情况在您打开之后有改动，请刷新页面，核对后再办理。', rule='TEV-09')


def _decide(work: Work, application: Application, *, passed: bool, reason: str) -> None:
    if passed:
        work.move(application, 'application.pass')
        work.keep('application.pass', application, reason=reason)
        return
    work.move(application, 'application.fail')
    application.decided_on = work.today
    work.keep('application.fail', application, reason=reason)


def _list(work: Work, assessment: Assessment, points: Sequence[tuple[str, str]], due_on: date | None) -> None:
    if not points or due_on is None:
        raise Refused('结论是基本具备，须列出整改事项和完成期限后再作结论。', rule='TEV-09')
    if due_on <= work.today:
        raise Refused(f'整改期限{due_on}须晚于今天，请改为以后的日期。', rule='TEV-09')
    for seq, (item, sentence) in enumerate(points, 1):
        work.keep('assessment.point', work.make(
            Rectification, assessment_id=assessment.id, seq=seq, item=item, sentence=check_text(f'第{seq}项整改事项', sentence, 500), due_on=due_on))


def _again(work: Work, before: Assessment) -> None:
    open_points = [r for r in rectifications(work, before.id) if r.done_on is None]
    if open_points:
        raise Refused(f'整改清单还有{len(open_points)}项没有完成，完成后才能再次评估。', rule='TEV-09')


def _open(work: Work, assessment_id: int) -> Assessment:
    assessment = work.get(Assessment, assessment_id, lock=True)
    if assessment.state != 'open':
        raise Refused('评估已经汇总或作出结论，不能再改，请刷新页面。', rule='ORG-70')
    return assessment


def _add_member(work: Work, assessment: Assessment, application: Application, member: Member) -> Assessor:
    if member.member_id not in {p.id for p in candidates(work)}:
        raise Refused(f'{member.name}不是本中心的评估专家，请先在人员与岗位中任命。', rule='SEC-01')
    row = work.make(
        Assessor, assessment_id=assessment.id, member_id=member.member_id, name=check_text('姓名', member.name, 50), leads=member.leads,
        title=check_text('职称', member.title, 60, required=False), employer=check_text('工作单位', member.employer, 100, required=False))
    work.keep('assessment.assessor', row)
    needed = sheets_needed(work.org.kind, application.way, [r.id for r in ranges_of(work, application.id)])
    work.keep_all('assessment.sheet', [work.make(ScoreSheet, assessment_id=assessment.id, assessor_id=row.id, rubric=key, range_id=range_id) for key, range_id in needed])
    return row
