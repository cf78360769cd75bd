"""The conclusion by rubric, rectification and the second assessment that may follow, on both databases."""

from __future__ import annotations

from datetime import date

import pytest

from app.assessment.operations import (
    Done,
    answer_rectification,
    check_rectification,
    conclude,
    declare,
    open_assessment,
    settle_rectification,
)
from app.assessment.queries import assessment_page, assessments
from app.assessment.rules import Entry
from app.errors import NotYours, Refused
from app.house import House
from app.work import begin_as
from tests import make
from tests.assessment.making import (
    AFTER,
    VISIT,
    Case,
    Stage,
    accepted,
    assessors,
    basically_ready,
    consolidated,
    just_consolidated,
    just_opened,
    members,
    opened,
    refused,
    state_of,
)
from tests.shows import shows

BLANK: Done = ('', None)
DONE: Done = ('已经改正并附照片', AFTER.date())


@shows('TEV-09', 'TEV-02')
def test_basically_ready_needs_a_list_with_a_day_and_passes_when_all_is_checked(stage_on_both: Stage) -> None:
    case = stage_on_both(basically_ready)
    clerk, points = case.clerk, [('A3.14', '档案室改为自有场所'), ('A3.13', '补充评价方式')]
    for given, sentence in (({}, '须列出整改事项'), ({'points': points}, '完成期限'), ({'points': points, 'due_on': VISIT.date()}, '须晚于今天')):
        refused(lambda work, given=given: conclude(work, assessment_id=case.assessment_id, **given), clerk, case, sentence)  # type: ignore[misc]
    with begin_as(clerk, org_id=case.org_id, at=AFTER) as work:
        assert conclude(work, assessment_id=case.assessment_id, points=points, due_on=date(2026, 12, 11)).conclusion == 'basically_qualified'
    assert state_of(case) == 'rectifying'
    with begin_as(clerk, org_id=case.org_id, at=AFTER, reads=True) as work:
        rows = assessment_page(work, case.assessment_id).rectifications
    refused(lambda work: settle_rectification(work, assessment_id=case.assessment_id, passed=True), clerk, case, '还有2项没有核查')
    refused(lambda work: check_rectification(work, rectification_id=rows[0].id, shown=BLANK), clerk, case, '还没有填写整改情况')
    refused(lambda work: settle_rectification(work, assessment_id=case.assessment_id, passed=False), clerk, case, '不通过的理由')
    own = make.first_person_of(org_of(case), '汪觜火', make.number(990), 'filing_clerk').id
    for row in rows:
        with begin_as(own, at=AFTER) as work:
            answer_rectification(work, rectification_id=row.id, shown=BLANK, done=DONE[0], done_on=AFTER.date())
        with begin_as(clerk, org_id=case.org_id, at=AFTER) as work:
            check_rectification(work, rectification_id=row.id, shown=DONE)
    with pytest.raises(Refused, match='已由中心核查'), begin_as(own, at=AFTER) as work:
        answer_rectification(work, rectification_id=rows[0].id, shown=DONE, done='再改一次看看', done_on=AFTER.date())
    with begin_as(clerk, org_id=case.org_id, at=AFTER) as work:
        settle_rectification(work, assessment_id=case.assessment_id, passed=True)
    assert state_of(case) == 'assessed'


@shows('TEV-09')
def test_what_was_put_right_is_dated_after_the_conclusion_and_checked_as_it_was_shown(stage_on_both: Stage) -> None:
    case = stage_on_both(basically_ready)
    with begin_as(case.clerk, org_id=case.org_id, at=AFTER) as work:
        conclude(work, assessment_id=case.assessment_id, points=[('A3.14', '档案室改为自有场所')], due_on=date(2026, 12, 11))
    own = make.first_person_of(org_of(case), '汪觜火', make.number(990), 'filing_clerk').id
    with begin_as(own, at=AFTER, reads=True) as work:
        [row] = assessment_page(work, case.assessment_id).rectifications

    def answer(shown: Done, done: str, on: date) -> None:
        with begin_as(own, at=AFTER) as work:
            answer_rectification(work, rectification_id=row.id, shown=shown, done=done, done_on=on)

    for on, sentence in ((date(2026, 11, 18), '早于作出评估结论的2026-11-19'), (date(2026, 11, 20), '晚于今天')):
        with pytest.raises(Refused, match=sentence):
            answer(BLANK, DONE[0], on)
    answer(BLANK, *DONE)
    with pytest.raises(Refused, match='有改动'):  # written from a page drawn before the first answer
        answer(BLANK, '另一个人写的内容', AFTER.date())
    later = ('改为租用五年的场所', AFTER.date())
    answer(DONE, *later)
    refused(lambda work: check_rectification(work, rectification_id=row.id, shown=DONE), case.clerk, case, '有改动', at=AFTER)
    with begin_as(case.clerk, org_id=case.org_id, at=AFTER) as work:
        assert check_rectification(work, rectification_id=row.id, shown=later).checked_on == AFTER.date()


def org_of(case: Case):  # type: ignore[no-untyped-def]
    from db.organizations import Org

    with begin_as(case.clerk, org_id=case.org_id, at=VISIT, reads=True) as work:
        return work.get(Org, case.org_id)


@shows('TEV-04')
def test_a_filing_veto_fails_the_application(both: House) -> None:
    case = consolidated(opened(accepted()), lambda n, sheet: {'A3.01': Entry({'met': False}, '未取得许可')} if sheet.range_id is None else {})
    with begin_as(case.clerk, org_id=case.org_id, at=AFTER) as work:
        assert conclude(work, assessment_id=case.assessment_id).conclusion == 'not_qualified'
    assert state_of(case) == 'failed'


def test_a_passed_sheet_takes_no_rectification_list_and_is_concluded_once(stage_on_both: Stage) -> None:
    case = stage_on_both(just_consolidated)
    refused(lambda work: conclude(work, assessment_id=case.assessment_id, points=[('A3.01', '改正')], due_on=date(2026, 12, 11)), case.clerk, case, '不需要整改清单')
    with begin_as(case.clerk, org_id=case.org_id, at=AFTER) as work:
        conclude(work, assessment_id=case.assessment_id)
    refused(lambda work: conclude(work, assessment_id=case.assessment_id), case.clerk, case, '不能“作出评估结论”')
    assert state_of(case) == 'assessed'


def test_a_second_assessment_follows_a_rectification_that_was_answered(stage: Stage) -> None:
    case = stage(basically_ready)
    with begin_as(case.clerk, org_id=case.org_id, at=AFTER) as work:
        conclude(work, assessment_id=case.assessment_id, points=[('A3.14', '档案室改为自有场所')], due_on=date(2026, 12, 11))
    again = {'application_id': case.application_id, 'method': 'online', 'visited_on': VISIT.date(), 'members': members(case)}
    refused(lambda work: open_assessment(work, **again), case.clerk, case, '还有1项没有完成')  # type: ignore[arg-type]
    own = make.first_person_of(org_of(case), '汪觜火', make.number(990), 'filing_clerk').id
    with begin_as(own, at=AFTER) as work:
        [row] = assessment_page(work, case.assessment_id).rectifications
        answer_rectification(work, rectification_id=row.id, shown=BLANK, done=DONE[0], done_on=AFTER.date())
    with begin_as(case.clerk, org_id=case.org_id, at=AFTER) as work:
        case.assessment_id = open_assessment(work, **again).id  # type: ignore[arg-type]
    for person in case.assessors[:3]:
        with begin_as(person, org_id=case.org_id, at=AFTER) as work:
            declare(work, assessment_id=case.assessment_id)
    consolidated(case)
    with begin_as(case.clerk, org_id=case.org_id, at=AFTER) as work:
        conclude(work, assessment_id=case.assessment_id)
    assert state_of(case) == 'assessed'


def test_another_centre_s_assessment_is_not_there(stage: Stage) -> None:
    case = stage(just_opened)
    other = make.world(n=2)
    with pytest.raises(NotYours), begin_as(other.people['filing_clerk'], at=VISIT, reads=True) as work:
        assessment_page(work, case.assessment_id)
    assert len(assessments_of(other.people['filing_clerk'])) == 0
    assert len(assessors(case.made, 0)) == 0


def assessments_of(person: int) -> list[object]:
    with begin_as(person, at=VISIT, reads=True) as work:
        return list(assessments(work)[0])
