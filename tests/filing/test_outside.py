"""The acts of a centre outside the system, copied from its letters and confirmed by a second person: 外部决定."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from app.access import Role
from app.assessment.queries import application_page as assessed_page
from app.assessment.queries import assessments
from app.errors import NotYours, Refused
from app.filing.acts import Point
from app.filing.desk import settle
from app.filing.drafts import save_answer
from app.filing.operations import hand_in, withdraw_application
from app.filing.outside import Granted, confirm_act, record_act, reject_act
from app.filing.queries import application_page, applications
from app.house import House
from app.organizations.operations import record_filing
from app.organizations.queries import filings_of
from app.organizations.rules import Range
from app.users.operations import give_post
from app.words import CHINA
from app.work import begin_as
from db.filing import Application, CentreAct
from tests import make
from tests.filing import prepared
from tests.filing.prepared import AT, Applicant
from tests.filing.test_desk import silent
from tests.shows import shows

TOLD = AT + timedelta(days=7)  # Monday 2026-11-02
DONE = AT + timedelta(days=14)  # 2026-11-09
NUMBERS = count(20)
Outside = tuple[Applicant, int, int]  # applicant, application, scan of a paper
POINTS = (Point('basics', 'contact_phone', '联系电话无法接通，请更正'), Point('bylaws', '', '缺第22、24项制度，请补充'))


def state_of(a: Applicant, application_id: int) -> Application:
    with begin_as(a.head, at=TOLD, reads=True) as work:
        return application_page(work, application_id).app


@pytest.fixture(scope='module')
def made(house_of_module: House) -> make.World:
    """The city's centre; each test has an applicant of its own."""
    return make.world()


def to_the_province(made: make.World) -> Outside:
    """Hand in to the province, whose centre does not use this system; with the scan of a letter."""
    a = prepared.applicant(made, n=next(NUMBERS))
    application_id = prepared.filled(a)
    with begin_as(a.clerk, at=AT) as work:
        save_answer(work, application_id=application_id, step='belonging', field='ties', shown=[], new=['provincial_association'])
    record, _, reasons = prepared.judged(a, application_id)
    with begin_as(a.clerk, at=AT) as work:
        hand_in(work, application_id=application_id, reasons=reasons, shown_sha256=record.sha256)
        return a, application_id, make.keep_scan(work, b'%PDF-1.7 letter', name='受理通知书.pdf').id


@pytest.fixture
def outside(made: make.World) -> Outside:
    """An application of its own for a test that decides on it."""
    return to_the_province(made)


@pytest.fixture(scope='module')
def undecided(made: make.World) -> Outside:
    """An application that the tests of refusals share: none of them changes it."""
    return to_the_province(made)


def recorded(a: Applicant, application_id: int, scan: int, verb: str = 'application.accept', **more: Any) -> CentreAct:
    with begin_as(a.clerk, at=TOLD) as work:
        return record_act(work, application_id=application_id, scan_id=scan, **{
            'verb': verb, 'number': 'BA20261030-07', 'decided_on': date(2026, 10, 30), 'issuer': '演示省职业技能鉴定指导中心', **more})


@shows('ORG-41', 'ORG-80')
def test_an_outside_decision_works_once_a_second_person_confirmed_it(outside: Outside) -> None:
    a, application_id, scan = outside
    act = recorded(a, application_id, scan)
    assert state_of(a, application_id).state == 'handed_in'
    with pytest.raises(Refused, match='待第二人核对'):
        recorded(a, application_id, scan)
    with pytest.raises(Refused, match='不能办理此事'), begin_as(a.clerk, at=TOLD) as work:
        confirm_act(work, act_id=act.id)
    with begin_as(a.head, at=TOLD) as work:
        assert confirm_act(work, act_id=act.id).confirmed_by == '何立春（机构负责人）'
    app = state_of(a, application_id)
    assert (app.state, app.number, app.decided_on, app.outside_centre) == ('accepted', 'BA20261030-07', date(2026, 10, 30), True)
    with begin_as(a.made.people['acceptance_clerk'], at=TOLD, reads=True) as work:  # the city's centre has no part in it
        assert application_id not in {line.id for line in applications(work)[0]} | {row.application.id for row in assessments(work)[0]}
        for read in (application_page, assessed_page):
            with pytest.raises(NotYours):
                read(work, application_id)


def test_a_rejected_outside_decision_changes_nothing(outside: Outside) -> None:
    a, application_id, scan = outside
    act = recorded(a, application_id, scan)
    with begin_as(a.head, at=TOLD) as work:
        reject_act(work, act_id=act.id, reason='文号与扫描件不一致')
    assert state_of(a, application_id).state == 'handed_in'
    recorded(a, application_id, scan, 'application.correct', number='补正3号', points=POINTS)


def test_silence_settles_nothing_while_a_recorded_answer_waits_for_the_second_person(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    a, application_id, scan = outside
    silent(monkeypatch)
    act = recorded(a, application_id, scan, 'application.refuse', text='不属于受理范围，材料不实', basis='指南七（一）')
    late = AT + timedelta(days=30)
    with begin_as(a.head, at=late) as work:
        assert settle(work, application_id=application_id) is None
        confirm_act(work, act_id=act.id)
    assert state_of(a, application_id).state == 'refused'


def test_an_outside_correction_runs_from_the_day_of_its_letter(outside: Outside) -> None:
    a, application_id, scan = outside
    act = recorded(a, application_id, scan, 'application.correct', number='补正3号', points=POINTS)
    with begin_as(a.head, at=TOLD) as work:
        confirm_act(work, act_id=act.id)
    assert state_of(a, application_id).correction_due_on == date(2026, 11, 13)


@pytest.mark.parametrize(('change', 'said'), [
    ({'decided_on': date(2026, 11, 3)}, '不在提交申报'), ({'decided_on': date(2026, 10, 25)}, '不在提交申报'), ({'number': ''}, '还没有填写'),
    ({'verb': 'application.refuse', 'text': ''}, '须写明理由'), ({'text': '字' * 2001}, '最多2000个字'), ({'basis': '字' * 201}, '最多200个字'),
    ({'verb': 'application.lift', 'rule': 'ORG-30', 'text': '同意'}, '至少写4个字'), ({'verb': 'application.lift', 'rule': '', 'text': '群众需要，同意'}, '“规则”还没有填写'),
    ({'verb': 'application.lift', 'rule': 'R' * 21, 'text': '群众需要，同意'}, '最多20个字'), ({'verb': 'application.lift', 'rule': 'ORG-30', 'subject': '字' * 101, 'text': '群众需要，同意'}, '最多100个字'),
    ({'verb': 'application.file'}, '不能“准予备案”'), ({'verb': 'application.correct'}, '至少写明一项')])
def test_an_outside_decision_that_cannot_be_is_refused(undecided: Outside, change: dict[str, Any], said: str) -> None:
    a, application_id, scan = undecided
    with pytest.raises(Refused, match=said):
        recorded(a, application_id, scan, **change)


@shows('ORG-80')
def test_nobody_records_a_decision_of_a_centre_that_is_here(made: make.World) -> None:
    a = prepared.applicant(made, n=next(NUMBERS))
    application_id, _ = prepared.handed_in(a)
    with begin_as(a.clerk, at=TOLD) as work:
        scan = make.keep_scan(work, b'%PDF-1.7 letter', name='受理通知书.pdf').id
    with pytest.raises(Refused, match='受理机关在本系统中办理') as refused:
        recorded(a, application_id, scan)
    assert refused.value.rule == 'ORG-80'


# ------------------------------------------------------------------ from the conclusion to the publication


GIVEN = Granted('S000099010301', date(2026, 11, 30), date(2029, 11, 29), (Range(prepared.CODE, prepared.OCCUPATION, '', (5, 4, 3)),))
LATE = datetime(2026, 12, 1, 9, 0, tzinfo=CHINA)


def copied(a: Applicant, application_id: int, scan: int, verb: str, day: date, **more: Any) -> CentreAct:
    """Copy an act late enough for all of them; not confirmed."""
    with begin_as(a.clerk, at=LATE) as work:
        return record_act(work, application_id=application_id, verb=verb, decided_on=day, scan_id=scan, issuer='演示省职业技能鉴定指导中心', **{'number': ''} | more)


def confirmed(a: Applicant, act: CentreAct) -> CentreAct:
    with begin_as(a.head, at=LATE) as work:
        return confirm_act(work, act_id=act.id)


def as_far_as_publicized(outside: Outside) -> Outside:
    """Copy and confirm acceptance, conclusion and publicity."""
    a, application_id, scan = outside
    for verb, day, more in (
            ('application.accept', date(2026, 10, 30), {'number': 'BA20261030-07'}), ('application.pass', date(2026, 11, 18), {'text': '具备备案条件'}),
            ('application.publicize', date(2026, 11, 19), {'until': date(2026, 11, 26)})):
        confirmed(a, copied(a, application_id, scan, verb, day, **more))  # type: ignore[arg-type]
    return outside


@pytest.fixture
def publicized(outside: Outside) -> Outside:
    return as_far_as_publicized(outside)


@pytest.fixture(scope='module')
def waiting(made: make.World) -> Outside:
    """A publicized application that the tests of refused letters share."""
    return as_far_as_publicized(to_the_province(made))


def lettered(publicized: Outside, day: date = date(2026, 11, 30), **change: Any) -> CentreAct:
    a, application_id, scan = publicized
    return copied(a, application_id, scan, 'application.file', day, number='演人社函〔2026〕9号', basis='人社职司便函〔2021〕57号', granted=replace(GIVEN, **change))


@shows('ORG-70', 'ORG-80')
def test_the_letter_gives_the_filing_as_it_stands_in_it_once_the_head_confirmed_it(publicized: Outside) -> None:
    a, application_id, scan = publicized
    act = lettered(publicized, number='S000099010300')
    with begin_as(a.head, at=LATE, reads=True) as work:
        assert filings_of(work) == []
    confirmed(a, act)
    with begin_as(a.head, at=LATE, reads=True) as work:
        app, [page] = application_page(work, application_id).app, filings_of(work)
    f = page.filing
    assert (app.state, app.filing_id, app.decided_on) == ('filed', f.id, date(2026, 11, 30))
    assert (f.number, f.state, f.letter_no, f.issuer, f.valid_to, f.outside, f.scan_id, f.recorded_by, f.confirmed_by) == (
        'S000099010300', 'in_force', '演人社函〔2026〕9号', '演示省职业技能鉴定指导中心', date(2029, 11, 29), True, scan, '汪觜火（备案联系人）', '何立春（机构负责人）')
    assert [(r.occupation, r.levels) for r in page.ranges] == [(prepared.OCCUPATION, [5, 4, 3])]
    confirmed(a, copied(a, application_id, scan, 'application.publish', date(2026, 12, 1)))
    assert state_of(a, application_id).state == 'published'
    with pytest.raises(Refused, match='不能“核对外部决定”'):
        confirmed(a, act)  # once


@shows('ORG-80', 'CERT-10', 'CERT-11', 'CERT-12', 'ORG-90', 'ORG-99')
@pytest.mark.parametrize(('change', 'rule', 'said'), [
    ({'number': 'S00009901030'}, 'CERT-10', '应为13位'), ({'number': 'Y000099010301'}, '', '应以S开头'), ({'number': 'S000041010301'}, 'CERT-12', '第6、7位'),
    ({'number': 'S000199010301'}, 'CERT-11', '部级备案的代码'), ({'number': 'S000099010001'}, 'ORG-80', '已登记'), ({'number': ''}, 'CERT-10', '应为13位'),
    ({'valid_to': date(2026, 11, 29)}, 'ORG-90', '须晚于起始日期'), ({'ranges': ()}, 'ORG-80', '附件目录'),
    ({'ranges': (Range(prepared.CODE, prepared.OCCUPATION, '', (5, 2)),)}, 'ORG-99', '2级不在申报范围内'),
    ({'ranges': (Range('6-18-01-01', '车工', '', (5,)),)}, 'ORG-99', '不在申报范围内'),
    ({'day': date(2026, 12, 2)}, 'ORG-70', '至今天之间'), ({'day': date(2026, 11, 26)}, 'ORG-70', '公示期满才能备案'), ({'day': date(2026, 11, 18)}, 'ORG-70', '早于前一项决定')])
def test_a_letter_that_cannot_be_is_not_copied(waiting: Outside, change: dict[str, Any], rule: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as told:
        lettered(waiting, **change)
    assert rule in ('', told.value.rule)


@shows('ORG-80')
def test_a_number_given_to_another_meanwhile_stops_the_confirmation_and_nothing_is_filed(publicized: Outside) -> None:
    a, application_id, _ = publicized
    act = lettered(publicized, number='S000099010302')
    other = prepared.applicant(a.made, n=next(NUMBERS))
    with begin_as(a.made.people['acceptance_clerk'], org_id=other.org.id, at=LATE) as work:
        record_filing(work, number='S000099010302', letter_no='1号', letter_on=date(2026, 11, 30), valid_from=date(2026, 11, 30), issuer='局', ranges=GIVEN.ranges)
    with pytest.raises(Refused, match='已登记'):
        confirmed(a, act)
    with begin_as(a.head, at=LATE, reads=True) as work:
        page = application_page(work, application_id)
    assert (page.app.state, [x.state for x in page.acts if x.id == act.id]) == ('publicized', ['proposed'])


@shows('ORG-80')
def test_who_copied_an_act_does_not_confirm_it_in_another_post(outside: Outside) -> None:
    a, application_id, scan = outside
    with begin_as(a.head, at=AT) as work:
        give_post(work, person_id=a.head, role=Role.FILING_CLERK, from_on=make.START)
    with begin_as(a.head, role=Role.FILING_CLERK, at=TOLD) as work:
        act = record_act(work, application_id=application_id, verb='application.accept', number='1号', decided_on=date(2026, 10, 30), issuer='省中心', scan_id=scan)
    with pytest.raises(Refused, match='须由另一人办理'), begin_as(a.head, role=Role.HEAD, at=TOLD) as work:
        confirm_act(work, act_id=act.id)
    assert state_of(a, application_id).state == 'handed_in'


@shows('ORG-80')
def test_nobody_copies_or_confirms_what_is_another_organisation_s(outside: Outside) -> None:
    a, application_id, scan = outside
    other = prepared.applicant(a.made, n=next(NUMBERS))
    act = recorded(a, application_id, scan)
    with pytest.raises(NotYours), begin_as(other.head, at=TOLD) as work:
        confirm_act(work, act_id=act.id)
    with begin_as(other.clerk, at=TOLD) as work:
        foreign = make.keep_scan(work, b'%PDF-1.7 other', name='别人的函.pdf').id
    for changed in ({'scan_id': foreign}, {'application_id': act.id}):
        with pytest.raises(NotYours), begin_as(a.clerk, at=TOLD) as work:
            record_act(work, **{  # type: ignore[arg-type]
                'application_id': application_id, 'verb': 'application.accept', 'number': '1号', 'decided_on': date(2026, 10, 30), 'issuer': '省中心', 'scan_id': scan} | changed)


def test_what_was_sent_back_or_whose_application_was_withdrawn_meanwhile_is_not_confirmed(outside: Outside) -> None:
    a, application_id, scan = outside
    first = recorded(a, application_id, scan)
    with begin_as(a.head, at=TOLD) as work:
        reject_act(work, act_id=first.id, reason='文号与扫描件不一致')
    second = recorded(a, application_id, scan)
    with begin_as(a.head, at=TOLD) as work:
        withdraw_application(work, application_id=application_id, reason='材料需要重新准备')
    for act in (first, second):
        with pytest.raises(Refused, match='当前状态是'):
            confirmed(a, act)
    assert (state_of(a, application_id).state, state_of(a, application_id).number) == ('withdrawn', '')


@shows('TEV-09', 'ORG-70')
def test_a_rectification_has_a_last_day_and_ends_passed_or_failed(outside: Outside) -> None:
    a, application_id, scan = outside
    confirmed(a, copied(a, application_id, scan, 'application.accept', date(2026, 10, 30), number='1号'))
    day = date(2026, 11, 18)
    for more, said in (({}, '整改要求'), ({'text': '档案室改为自有'}, '整改期限'), ({'text': '档案室改为自有', 'until': day}, '须晚于文书日期')):
        with pytest.raises(Refused, match=said):
            copied(a, application_id, scan, 'application.rectify', day, **more)  # type: ignore[arg-type]
    with pytest.raises(Refused, match='不能“公示”'):
        copied(a, application_id, scan, 'application.publicize', day, until=date(2026, 11, 26))
    confirmed(a, copied(a, application_id, scan, 'application.rectify', day, text='档案室改为自有', until=date(2026, 11, 25)))
    assert state_of(a, application_id).state == 'rectifying'
    with pytest.raises(Refused, match='不通过的理由'):
        copied(a, application_id, scan, 'application.fail', date(2026, 11, 26))
    confirmed(a, copied(a, application_id, scan, 'application.fail', date(2026, 11, 26), text='整改后仍不具备条件'))
    assert state_of(a, application_id).state == 'failed'
