"""Writing an application: kinds, two people, rows, occupations, an older form, last year's answers, the trail."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.errors import Changed, Refused
from app.filing import drafts
from app.filing.drafts import (
    add_range,
    add_row,
    change_range,
    change_row,
    leave_step,
    move_row,
    remove_range,
    remove_row,
    save_answer,
    take_over,
    upgrade_draft,
)
from app.filing.operations import (
    withdraw_application,
)
from app.filing.queries import (
    previous_answers,
    record_of,
)
from app.house import House, house
from app.work import begin_as
from db.audit import Trail
from db.filing import Application, ApplicationRange
from db.personnel import InternalSupervisor
from tests import make
from tests.filing import prepared
from tests.filing.prepared import AT, Applicant, save, start, verbs
from tests.shows import shows


@pytest.fixture
def a(house_on_sqlite: House) -> Applicant:
    return prepared.applicant(make.world())


@pytest.mark.parametrize(('step', 'field', 'new', 'said'), [
    ('basics', 'contact_phone', '12345', '应为11位手机号码'), ('basics', 'contact_email', 'a@b', '应为邮箱地址'), ('basics', 'filled_on', '2026-02-30', '应按“2026-11-23”填写日期'),
    ('basics', 'nature', 'bank', '请从列表中选择'), ('basics', 'legal_person', '甲' * 51, '最多50个字，现有51个字'), ('basics', 'nothing', 'x', '没有这一项'),
    ('employer', 'staff_total', '5', '没有这一项'), ('plan', 'schedule', 'x', '表格须逐行填写'), ('belonging', 'ties', ['nowhere'], '请从列出的情形中选择')])
@shows('ORG-53')
def test_what_a_question_does_not_take_is_refused_by_name(a: Applicant, step: str, field: str, new: Any, said: str) -> None:
    application_id = start(a)
    with pytest.raises(Refused, match=said):
        save(a, application_id, step, field, new)
    with begin_as(a.clerk, at=AT, reads=True) as work:
        assert work.get(Application, application_id).data == {}


def test_an_answer_is_kept_as_its_kind_keeps_it(a: Applicant) -> None:
    application_id = start(a)
    assert save(a, application_id, 'basics', 'filled_on', date(2026, 10, 26), None) == '2026-10-26'
    assert save(a, application_id, 'basics', 'contact_phone', ' ０３７１-６５９０００００ ') == '0371-65900000'
    assert save(a, application_id, 'strengths', 'venue', '第一段\r\n第二段  ') == '第一段\n第二段'
    with begin_as(a.clerk, at=AT, reads=True) as work:
        assert record_of(work, application_id).answers['basics']['filled_on'] == '2026-10-26'


def test_the_record_holds_until_when_the_card_of_a_supervisor_is_valid(a: Applicant) -> None:
    with Session(house().engines.write) as session:
        session.add(InternalSupervisor(id=9, org_id=a.org.id, person_id=a.head, direction='全面督导', card_no='S00009901000100009', card_to=date(2028, 5, 11)))
        session.commit()
    application_id = start(a)
    with begin_as(a.clerk, at=AT, reads=True) as work:
        assert date(2028, 5, 11) in [s.card_to for s in record_of(work, application_id).supervisors]


def test_two_people_on_one_step_never_overwrite_each_other(a: Applicant) -> None:
    from app.users.operations import give_post

    with begin_as(a.head, at=AT) as work:
        give_post(work, person_id=a.head, role='filing_clerk', from_on=make.START)
    application_id = start(a)
    save(a, application_id, 'basics', 'contact', '汪觜火')
    with begin_as(a.head, role='filing_clerk', at=AT + timedelta(minutes=5)) as work, pytest.raises(Changed) as changed:
        save_answer(work, application_id=application_id, step='basics', field='contact', shown='', new='毛井木')
    assert changed.value.who == '汪觜火（备案联系人）' and changed.value.value == '汪觜火' and changed.value.at.hour == 9
    with begin_as(a.head, role='filing_clerk', at=AT) as work:
        save_answer(work, application_id=application_id, step='basics', field='contact_post', shown='', new='主任')  # another field of the same step
    assert save(a, application_id, 'basics', 'contact', '汪觜火', '') == '汪觜火'  # the same answer is no conflict
    with begin_as(a.clerk, at=AT, reads=True) as work:
        assert work.get(Application, application_id).data['basics'] == {'contact': '汪觜火', 'contact_post': '主任'}


def test_the_trail_hears_of_a_step_once_with_the_hash_before_and_after(a: Applicant) -> None:
    application_id = start(a)
    for field, text in (('contact', '汪觜火'), ('contact_post', '主任')):
        save(a, application_id, 'basics', field, text)
    assert verbs(application_id, a.clerk) == ['application.start']
    for told in (True, False):
        with begin_as(a.clerk, at=AT) as work:
            assert leave_step(work, application_id=application_id, step='basics') is told
    assert verbs(application_id, a.clerk) == ['application.start', 'application.write']
    with begin_as(a.clerk, at=AT, reads=True) as work:
        import json

        bodies = [json.loads(b) for b in work.session.exec(select(Trail.body).where(col(Trail.row_id) == application_id).order_by(col(Trail.n)))]
    assert bodies[1]['before'] == bodies[0]['after'] != bodies[1]['after'] and bodies[1]['note'] == {'step': 'basics'}


ROW = {'phase': '筹备', 'begins': '2026-11', 'ends': '2026-12', 'content': '培训考评员'}


def test_rows_of_a_table_are_added_changed_moved_and_taken_out(a: Applicant) -> None:
    at: dict[str, Any] = {'application_id': start(a), 'step': 'plan', 'field': 'schedule'}
    with begin_as(a.clerk, at=AT) as work:
        add_row(work, **at, row=ROW)
        assert add_row(work, **at)[1] == {'phase': '', 'begins': '', 'ends': '', 'content': ''}
        empty = {'phase': '', 'begins': '', 'ends': '', 'content': ''}
        assert change_row(work, **at, at=1, shown=empty, new=empty | {'phase': '首次认定'})[1]['phase'] == '首次认定'
        assert [r['phase'] for r in move_row(work, **at, at=1, by=-1, shown=empty | {'phase': '首次认定'})] == ['首次认定', '筹备']
        assert remove_row(work, **at, at=0, shown=empty | {'phase': '首次认定'}) == [ROW]
        with pytest.raises(Refused, match='应按“2026-11”填写年月'):
            change_row(work, **at, at=0, shown=ROW, new=ROW | {'begins': '明年'})
        with pytest.raises(Changed):
            remove_row(work, **at, at=0, shown=empty)
        with pytest.raises(Changed):
            remove_row(work, **at, at=5, shown=ROW)
        with pytest.raises(Changed):
            move_row(work, **at, at=0, by=1, shown=empty)


@shows('OCC-14')
def test_occupations_are_asked_for_once_each(a: Applicant) -> None:
    application_id = start(a)
    with begin_as(a.clerk, at=AT) as work:
        row = add_range(work, application_id=application_id, occupation_code='４-10-01-03', occupation='保育师', levels=[3, 5])
        assert (row.occupation_code, row.levels, row.seq) == ('4-10-01-03', [5, 3], 1)
        with pytest.raises(Refused, match='已在申请范围内') as refused:
            add_range(work, application_id=application_id, occupation_code='4-10-01-03', occupation='保育师')
        assert refused.value.rule == 'OCC-14'
        with pytest.raises(Refused):
            add_range(work, application_id=application_id, occupation_code='4-10', occupation='保育师')
        with pytest.raises(Refused, match='五级至一级'):
            add_range(work, application_id=application_id, occupation_code='6-18-01-01', occupation='车工', levels=[9])
        shown = row.revision
        change_range(work, range_id=row.id, shown=shown, occupation_code='4-10-01-03', occupation='保育师', levels=[5, 4, 3])
        with pytest.raises(Refused, match='已由他人修改'):
            change_range(work, range_id=row.id, shown=shown, occupation_code='4-10-01-03', occupation='保育师', levels=[5])
        remove_range(work, range_id=row.id)
        assert work.session.exec(select(ApplicationRange)).all() == []


def test_a_draft_of_an_older_form_keeps_the_fields_still_asked(a: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    application_id = start(a)
    save(a, application_id, 'basics', 'contact', '汪觜火')
    with begin_as(a.clerk, at=AT) as work:  # as an older program left it
        app = work.get(Application, application_id)
        app.data = {'basics': {**app.data['basics'], 'fax': '0371-1', 'nature': 'no longer offered'}, 'gone': {'x': 'y'}}
        work.keep_draft(app)
    monkeypatch.setattr(drafts, 'FORM_VERSION', 2)
    with begin_as(a.clerk, at=AT) as work:
        assert upgrade_draft(work, application_id=application_id) == ['basics.fax', 'basics.nature', 'gone.x']
        assert upgrade_draft(work, application_id=application_id) == []
        app = work.get(Application, application_id)
        assert (app.data, app.form_version) == ({'basics': {'contact': '汪觜火'}}, 2)
    assert verbs(application_id, a.clerk)[-1] == 'application.upgrade'


def test_last_years_answers_are_offered_and_taken_over_where_nothing_stands(a: Applicant) -> None:
    first, _ = prepared.handed_in(a)
    with begin_as(a.clerk, at=AT) as work:
        withdraw_application(work, application_id=first, reason='材料需要重新整理')
    second = start(a)
    save(a, second, 'basics', 'contact', '新联系人')
    with begin_as(a.clerk, at=AT) as work:
        earlier = previous_answers(work, second)
        assert earlier['basics']['contact'] == '联系人如实填写' and 'filled_on' not in earlier['basics']
        assert 'argument' in earlier['letter'] and not {'letter_on', 'letter_no'} & set(earlier['letter'])
        assert take_over(work, application_id=second, step='basics') == 7
        assert take_over(work, application_id=second, step='basics') == 0
        old = {k: v for k, v in work.get(Application, first).data['basics'].items() if k != 'filled_on'}
        assert work.get(Application, second).data['basics'] | {'contact': ''} == old | {'contact': ''}
        assert work.get(Application, second).data['basics']['contact'] == '新联系人'
