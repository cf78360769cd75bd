"""The acts of a centre outside the system, copied from its letters and confirmed by a second person: 外部决定."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.errors import NotYours, Refused
from app.files import keep_scan
from app.filing.desk import Point, confirm_act, record_act, reject_act, settle
from app.filing.drafts import save_answer
from app.filing.operations import hand_in
from app.filing.queries import application_page, applications
from app.house import House
from app.work import begin_as
from db.filing import Application, CentreAct
from tests import make
from tests.filing import prepared
from tests.filing.prepared import AT, Applicant
from tests.filing.test_desk import silent
from tests.shows import shows

TOLD = AT + timedelta(days=7)  # Monday 2026-11-02
DONE = AT + timedelta(days=14)  # 2026-11-09
POINTS = (Point('basics', 'contact_phone', '联系电话无法接通，请更正'), Point('bylaws', '', '缺第22、24项制度，请补充'))


def state_of(a: Applicant, application_id: int) -> Application:
    with begin_as(a.head, at=TOLD, reads=True) as work:
        return application_page(work, application_id).app


@pytest.fixture
def outside(house_on_sqlite: House) -> tuple[Applicant, int, int]:
    """An application to the province, whose centre does not use this system; with the scan of a letter."""
    a = prepared.applicant(make.world())
    application_id = prepared.filled(a)
    with begin_as(a.clerk, at=AT) as work:
        save_answer(work, application_id=application_id, step='belonging', field='ties', shown=[], new=['provincial_association'])
    record, _, reasons = prepared.judged(a, application_id)
    with begin_as(a.clerk, at=AT) as work:
        hand_in(work, application_id=application_id, reasons=reasons, shown_sha256=record.sha256)
        return a, application_id, keep_scan(work, b'%PDF-1.7 letter', name='受理通知书.pdf').id


def recorded(a: Applicant, application_id: int, scan: int, verb: str = 'application.accept', **more: Any) -> CentreAct:
    with begin_as(a.clerk, at=TOLD) as work:
        return record_act(work, application_id=application_id, scan_id=scan, **{
            'verb': verb, 'number': 'BA20261030-07', 'decided_on': date(2026, 10, 30), 'issuer': '演示省职业技能鉴定指导中心', **more})


@shows('ORG-41', 'ORG-80')
def test_an_outside_decision_works_once_a_second_person_confirmed_it(outside: tuple[Applicant, int, int]) -> None:
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
        assert applications(work)[0] == []
        with pytest.raises(NotYours):
            application_page(work, application_id)


def test_a_rejected_outside_decision_changes_nothing(outside: tuple[Applicant, int, int]) -> None:
    a, application_id, scan = outside
    act = recorded(a, application_id, scan)
    with begin_as(a.head, at=TOLD) as work:
        reject_act(work, act_id=act.id, reason='文号与扫描件不一致')
    assert state_of(a, application_id).state == 'handed_in'
    recorded(a, application_id, scan, 'application.correct', number='补正3号', points=POINTS)


def test_silence_settles_nothing_while_a_recorded_answer_waits_for_the_second_person(outside: tuple[Applicant, int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    a, application_id, scan = outside
    silent(monkeypatch)
    act = recorded(a, application_id, scan, 'application.refuse', text='不属于受理范围，材料不实', basis='指南七（一）')
    late = AT + timedelta(days=30)
    with begin_as(a.head, at=late) as work:
        assert settle(work, application_id=application_id) is None
        confirm_act(work, act_id=act.id)
    assert state_of(a, application_id).state == 'refused'


def test_an_outside_correction_runs_from_the_day_of_its_letter(outside: tuple[Applicant, int, int]) -> None:
    a, application_id, scan = outside
    act = recorded(a, application_id, scan, 'application.correct', number='补正3号', points=POINTS)
    with begin_as(a.head, at=TOLD) as work:
        confirm_act(work, act_id=act.id)
    assert state_of(a, application_id).correction_due_on == date(2026, 11, 13)


@pytest.mark.parametrize(('change', 'said'), [
    ({'decided_on': date(2026, 11, 3)}, '不在提交申报'), ({'decided_on': date(2026, 10, 25)}, '不在提交申报'), ({'number': ''}, '还没有填写'),
    ({'verb': 'application.refuse', 'text': ''}, '须写明理由'), ({'verb': 'application.file'}, '机构不能代为登记'), ({'verb': 'application.correct'}, '至少写明一项')])
def test_an_outside_decision_that_cannot_be_is_refused(outside: tuple[Applicant, int, int], change: dict[str, Any], said: str) -> None:
    a, application_id, scan = outside
    with pytest.raises(Refused, match=said):
        recorded(a, application_id, scan, **change)


@shows('ORG-80')
def test_nobody_records_a_decision_of_a_centre_that_is_here(house_on_sqlite: House) -> None:
    a = prepared.applicant(make.world())
    application_id, _ = prepared.handed_in(a)
    with begin_as(a.clerk, at=TOLD) as work:
        scan = keep_scan(work, b'%PDF-1.7 letter', name='受理通知书.pdf').id
    with pytest.raises(Refused, match='受理机关在本系统中办理') as refused:
        recorded(a, application_id, scan)
    assert refused.value.rule == 'ORG-80'
