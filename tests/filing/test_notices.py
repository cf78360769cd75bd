"""The notices of the centre as records: what was handed in before the act, what its points name, exceptions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.errors import NotYours
from app.filing.desk import Point, accept, ask_correction, lift, refuse_application
from app.filing.materials import asked
from app.filing.notices import notice_record, notices_of
from app.filing.papers.centre import missing
from app.house import House
from app.regulation import profile
from app.work import begin_as
from tests import make
from tests.filing import made as records
from tests.filing import prepared
from tests.filing.prepared import AT, Applicant
from tests.filing.test_desk import EXCEPTION, none_admitted
from tests.shows import shows

TOLD = AT + timedelta(days=7)


@pytest.fixture
def a(house_on_sqlite: House) -> Applicant:
    return prepared.applicant(make.world())


@shows('ORG-74', 'F-CORRECT')
def test_a_correction_notice_names_every_point_and_the_material_it_lies_in(a: Applicant) -> None:
    app_id = prepared.handed_in(a)[0]
    with begin_as(a.made.people['acceptance_clerk'], org_id=a.org.id, at=TOLD) as work:
        act = ask_correction(work, application_id=app_id, points=[Point('basics', 'contact', '联系人电话不通'), Point('bylaws', '', '缺第22项制度')])
        answer = notice_record(work, act.id)
    assert (answer.number, answer.centre, answer.received_on, answer.due_on, answer.on) == (act.number, a.made.centre.name, AT.date(), TOLD.date() + timedelta(days=14), TOLD.date())
    assert answer.corrections == (('基本情况：联系人', '联系人电话不通'), ('文件、规章制度清单', '缺第22项制度'))
    assert [(item, said) for item, state, said in answer.items if state == '不符'] == [('申报表', '见补正事项第1项'), ('文件、规章制度清单', '见补正事项第2项')]
    assert {state for _, state, _ in answer.items} == {'齐全', '不符'} and missing('F-CORRECT', answer) == []


@shows('ORG-72', 'F-ACCEPT')
def test_an_acceptance_notice_finds_all_materials_complete_for_both_sides(a: Applicant) -> None:
    app_id = prepared.handed_in(a)[0]
    with begin_as(a.made.people['acceptance_clerk'], org_id=a.org.id, at=TOLD) as work:
        accept(work, application_id=app_id)
    for person, role in ((a.made.people['acceptance_clerk'], 'acceptance_clerk'), (a.clerk, 'filing_clerk')):
        with begin_as(person, role=role, org_id=a.org.id, at=TOLD, reads=True) as work:
            (act,) = notices_of(work, app_id)
            answer = notice_record(work, act.id)
            assert (answer.number, len(answer.items), {state for _, state, _ in answer.items}, missing('F-ACCEPT', answer)) == ('BA20261102-01', 7, {'齐全'}, [])
    with begin_as(a.made.people['filing_clerk'], at=TOLD, reads=True) as work, pytest.raises(NotYours):
        notice_record(work, act.id)


@shows('ORG-77', 'F-REJECT')
def test_a_refusal_notice_carries_reason_and_grounds_and_an_exception_has_no_notice(a: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    app_id = prepared.handed_in(a)[0]
    none_admitted(monkeypatch)
    with begin_as(a.made.people['centre_head'], org_id=a.org.id, at=TOLD) as work:
        lifted = lift(work, application_id=app_id, **EXCEPTION)
    with begin_as(a.made.people['acceptance_clerk'], org_id=a.org.id, at=TOLD) as work:
        refuse_application(work, application_id=app_id, reason='场地不符合规定', basis='指南五（二）')
        (act,) = notices_of(work, app_id)
        answer = notice_record(work, act.id)
        with pytest.raises(NotYours):
            notice_record(work, lifted.id)
    assert (answer.reason, answer.basis, missing('F-REJECT', answer)) == ('场地不符合规定', '指南五（二）', [])


@shows('ORG-50', 'ORG-57', 'ORG-93')
@pytest.mark.parametrize(('way', 'rule', 'count'), [
    ('social', 'ORG-50', 7), ('school_own', 'ORG-50', 7), ('increment', 'ORG-93', 4), ('social_national', 'ORG-56', 6), ('nationwide_employer', 'ORG-57', 14), ('change', 'ORG-50', 2), ('ending', 'ORG-50', 0)])
def test_each_way_is_checked_against_its_own_materials(way: str, rule: str, count: int) -> None:
    named, materials = asked(records.record(way), profile('henan'))
    assert (named, len(materials)) == (rule, count)
