"""What a centre outside the system answered to a change, copied from its letter by one and confirmed by another: yes and no."""

from __future__ import annotations

from datetime import date

import pytest

from app.errors import Refused
from app.filing.answering import DECLINE
from app.filing.operations import hand_in
from app.filing.outside import outside_verbs
from app.filing.queries import application_page
from app.house import House
from app.organizations.queries import filings_of
from app.states import state_word
from app.work import begin_as
from tests import make
from tests.filing import prepared
from tests.filing.test_outside import GIVEN, LATE, Outside, as_far_as_publicized, confirmed, copied, lettered, state_of, to_the_province
from tests.shows import shows


@pytest.fixture(scope='module')
def made(house_of_module: House) -> make.World:
    """The city's centre; each test has an applicant of its own."""
    return make.world()


@pytest.fixture
def publicized(made: make.World) -> Outside:
    return as_far_as_publicized(to_the_province(made))


def change_handed_in(publicized: Outside, number: str) -> int:
    """Put the filing into force under a number and hand in a change of it."""
    a, _, _ = publicized
    confirmed(a, lettered(publicized, number=number))
    application_id = prepared.filled(a, 'change', at=LATE)
    record, _, reasons = prepared.judged(a, application_id, at=LATE)
    with begin_as(a.clerk, at=LATE) as work:
        hand_in(work, application_id=application_id, reasons=reasons, shown_sha256=record.sha256)
    return application_id


@shows('ORG-41', 'ORG-98', 'ORG-80')
def test_a_change_goes_to_the_body_that_filed_and_its_letter_is_copied_without_an_assessment(publicized: Outside) -> None:
    a, _, scan = publicized
    application_id = change_handed_in(publicized, 'S000099010303')
    app = state_of(a, application_id)
    assert (app.receiver_level, app.outside_centre) == ('province', True)
    day = LATE.date()
    with pytest.raises(Refused, match='不能“评估通过”'):
        copied(a, application_id, scan, 'application.pass', day)
    confirmed(a, copied(a, application_id, scan, 'application.accept', day, number='2号'))
    for verb in ('application.pass', 'application.publicize', 'application.file'):
        with pytest.raises(Refused, match='现在不能登记|不能“'):
            copied(a, application_id, scan, verb, day, granted=GIVEN)
    confirmed(a, copied(a, application_id, scan, 'application.change', day, number='变更函1号'))
    with begin_as(a.head, at=LATE, reads=True) as work:
        [page] = filings_of(work)
        assert (work.org.name, page.filing.number, state_word('application', application_page(work, application_id).app.state)) == (
            f'明川市改名学校{application_id}（演示）', 'S000099010303', '已备案')


@shows('ORG-75', 'ORG-80', 'ORG-98')
def test_a_no_to_a_change_is_copied_with_reason_and_basis_and_leaves_the_filing_as_it_is(publicized: Outside) -> None:
    a, _, scan = publicized
    application_id = change_handed_in(publicized, 'S000099010304')
    with begin_as(a.clerk, at=LATE, reads=True) as work:
        assert DECLINE not in outside_verbs(work, application_id)  # before its acceptance it is 不予受理
    day = LATE.date()
    confirmed(a, copied(a, application_id, scan, 'application.accept', day, number='3号'))
    for more in ({}, {'text': '名称与营业执照不一致'}, {'basis': '指南十一'}):
        with pytest.raises(Refused, match='须写明') as told:
            copied(a, application_id, scan, DECLINE, day, number='函2号', **more)
        assert told.value.rule == 'ORG-75'
    act = copied(a, application_id, scan, DECLINE, day, number='函2号', text='名称与营业执照不一致', basis='指南十一')
    assert state_of(a, application_id).state == 'accepted'  # until the second person compared it with the paper
    confirmed(a, act)
    with begin_as(a.head, at=LATE, reads=True) as work:
        app, [page] = application_page(work, application_id).app, filings_of(work)
        assert (app.state, app.decided_on, work.org.name, page.filing.state) == ('declined', day, a.org.name, 'in_force')
        assert outside_verbs(work, application_id) == {}


@shows('ORG-70', 'ORG-75')
def test_a_no_to_a_first_filing_is_copied_after_its_publicity_and_nothing_is_filed(publicized: Outside) -> None:
    a, application_id, scan = publicized
    no = {'number': '函2号', 'text': '公示期间的异议成立', 'basis': '指南十'}
    with pytest.raises(Refused, match='公示期满才能备案或不予备案') as told:
        copied(a, application_id, scan, DECLINE, date(2026, 11, 26), **no)
    assert told.value.rule == 'ORG-70'
    confirmed(a, copied(a, application_id, scan, DECLINE, LATE.date(), **no))
    with begin_as(a.head, at=LATE, reads=True) as work:
        assert (application_page(work, application_id).app.state, filings_of(work)) == ('declined', [])


@shows('ORG-70')
def test_a_first_filing_is_not_declined_before_its_publicity(made: make.World) -> None:
    a, application_id, scan = to_the_province(made)
    with pytest.raises(Refused, match='不能“答复不予同意”') as told:
        copied(a, application_id, scan, DECLINE, LATE.date(), number='函2号', text='不具备条件', basis='指南十一')
    assert told.value.rule == 'ORG-75'
