"""What the page of an assessment tells of what was done: the panel's work, and what followed it."""

from __future__ import annotations

from datetime import date, datetime

from app.assessment.deciding import discard_letter
from app.assessment.operations import conclude
from app.assessment.records import rows_after
from app.house import House
from app.users.history import history_of
from app.work import begin_as
from tests.assessment import making
from tests.assessment.making import FITTER, Case
from tests.assessment.test_deciding import SIGNING, drafted, passed, publicized, signed

AFTER = ['签发备案函', '登记公示结果', '开始备案公示', '起草备案函']


def told(case: Case, person: int, at: datetime) -> list[str]:
    """Return what the page's history says, newest first."""
    with begin_as(person, org_id=case.org_id, at=at, reads=True) as work:
        return [e.what for e in history_of(work, case.assessment_id, *rows_after(work, case.application_id))]


def test_publicity_and_letters_stand_in_the_history_of_the_assessment_for_the_organisation_once_signed(house_on_sqlite: House) -> None:
    case = passed(way='increment', ranges=(FITTER,))
    own = case.made.people['filing_clerk']
    wrong = drafted(case, letter_no='')
    with begin_as(case.clerk, org_id=case.org_id, at=making.AFTER) as work:
        discard_letter(work, letter_id=wrong.id)
    letter = drafted(case)
    publicized(case)
    assert [what for what in told(case, own, SIGNING) if what in AFTER] == ['登记公示结果', '开始备案公示']
    signed(case, letter)
    assert [what for what in told(case, own, SIGNING) if what in AFTER] == AFTER
    assert [what for what in told(case, case.clerk, SIGNING) if what in (*AFTER, '作废备案函草稿')] == [*AFTER, '作废备案函草稿', '起草备案函']
    assert told(case, own, SIGNING)[-1] == '组织技术评估'


def test_what_was_put_right_stands_in_the_history_too(house_on_sqlite: House) -> None:
    case = making.basically_ready()
    with begin_as(case.clerk, org_id=case.org_id, at=making.AFTER) as work:
        conclude(work, assessment_id=case.assessment_id, points=[('A3.13', '补充评价方式'), ('A3.14', '档案室改为自有场所')], due_on=date(2026, 12, 11))
    assert told(case, case.clerk, making.AFTER).count('列入整改清单') == 2
