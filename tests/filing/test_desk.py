"""The centre's desk: acceptance, one correction, refusal, silence; and the same as 外部决定."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.errors import Changed, Refused
from app.filing.acts import Point
from app.filing.comparing import differences
from app.filing.desk import accept, ask_correction, lift, refuse_application, settle
from app.filing.drafts import add_range, save_answer
from app.filing.operations import answer_correction, complete, completed, open_points, warning_key
from app.filing.queries import application_page, applications, corrections_of, findings_of, snapshot_record, snapshots_of
from app.house import House
from app.work import begin_as
from db.bylaws import Bylaw, BylawVersion
from db.filing import Application, CentreAct, Snapshot
from tests import make
from tests.filing import prepared
from tests.filing.prepared import AT, Applicant
from tests.shows import shows

TOLD = AT + timedelta(days=7)  # Monday 2026-11-02
DONE = AT + timedelta(days=14)  # 2026-11-09
POINTS = (Point('basics', 'contact_phone', '联系电话无法接通，请更正'), Point('bylaws', '', '缺第22、24项制度，请补充'))


@pytest.fixture
def a(house_on_sqlite: House) -> Applicant:
    return prepared.applicant(make.world())


@pytest.fixture
def handed(a: Applicant) -> int:
    return prepared.handed_in(a)[0]


def centre(a: Applicant, act: Any, *, at: datetime = TOLD, role: str = 'acceptance_clerk', **more: Any) -> CentreAct:
    with begin_as(a.made.people[role], org_id=a.org.id, at=at) as work:
        done: CentreAct = act(work, **more)
        return done


def corrected(a: Applicant, application_id: int, *, at: datetime = DONE) -> Snapshot:
    """Answer all points and hand the correction in."""
    with begin_as(a.clerk, at=at) as work:
        for point in corrections_of(work, application_id):
            answer_correction(work, correction_id=point.id, shown=point.answer, new='已补正，见申报材料')
    with begin_as(a.clerk, at=at, reads=True) as work:
        record = completed(work, application_id)
        reasons = {warning_key(f): prepared.REASON for f in findings_of(work, application_id, record) if f.severity == 'warn'}
    with begin_as(a.clerk, at=at) as work:
        return complete(work, application_id=application_id, reasons=reasons, shown_sha256=record.sha256)


def state_of(a: Applicant, application_id: int) -> Application:
    with begin_as(a.head, at=TOLD, reads=True) as work:
        return application_page(work, application_id).app


# ------------------------------------------------------------------ acceptance and refusal


@shows('ORG-70')
def test_acceptance_gives_the_number_of_the_day(both: House) -> None:
    made = make.world()
    first, second = prepared.applicant(made, n=7), prepared.applicant(made, n=5)
    numbers = [centre(x, accept, application_id=prepared.handed_in(x)[0]).number for x in (first, second)]
    assert numbers == ['BA20261102-01', 'BA20261102-02']
    with begin_as(first.head, at=TOLD, reads=True) as work:
        [line] = applications(work)[0]
        assert (line.number, line.state) == ('BA20261102-01', '已受理')


def test_nothing_is_accepted_twice(a: Applicant, handed: int) -> None:
    centre(a, accept, application_id=handed)
    with pytest.raises(Refused, match='当前状态是“已受理”'):
        centre(a, accept, application_id=handed)


@shows('ORG-75', 'ORG-77')
def test_a_refusal_gives_reason_and_basis(a: Applicant, handed: int) -> None:
    wrong: tuple[dict[str, Any], ...] = ({'reason': '', 'basis': '指南七（一）'}, {'reason': '不属于受理范围，材料不实', 'basis': ' '})
    for given in wrong:
        with pytest.raises(Refused) as refused:
            centre(a, refuse_application, application_id=handed, **given)
        assert refused.value.rule == 'ORG-75'
    act = centre(a, refuse_application, application_id=handed, reason='不属于受理范围，材料不实', basis='指南七（一）')
    assert (act.text, act.data, act.number) == ('不属于受理范围，材料不实', {'basis': '指南七（一）'}, '明川市职不受理〔2026〕1号')
    assert state_of(a, handed).state == 'refused'


@shows('ORG-43')
def test_a_centre_of_another_level_does_not_accept(a: Applicant, handed: int) -> None:
    province = make.org(88, region='990000', name='演示省职业技能鉴定指导中心（演示）')
    clerk = make.first_person(province, '省受理', make.number(1990), 'acceptance_clerk')
    with pytest.raises(Refused, match='本申报不由本中心受理') as refused, begin_as(clerk.id, org_id=a.org.id, at=TOLD) as work:
        accept(work, application_id=handed)
    assert refused.value.rule == 'ORG-43'


@shows('SEC-01')
def test_a_centre_above_reads_what_another_received_and_decides_nothing_on_it(a: Applicant, handed: int) -> None:
    province = make.org(88, region='990000', name='演示省职业技能鉴定指导中心（演示）')
    clerk = make.first_person(province, '省受理', make.number(1990), 'acceptance_clerk', 'centre_head')
    acts: tuple[tuple[str, Any, dict[str, Any]], ...] = (
        ('acceptance_clerk', ask_correction, {'points': POINTS}), ('acceptance_clerk', refuse_application, {'reason': '材料不实，不予受理', 'basis': '指南七（一）'}),
        ('centre_head', lift, {'rule': 'ORG-30', 'subject': '', 'reason': '群众需要，同意例外'}))
    for role, act, given in acts:
        with pytest.raises(Refused, match='本中心只能查看'), begin_as(clerk.id, role=role, org_id=a.org.id, at=TOLD) as work:
            assert application_page(work, handed).app.state == 'handed_in'
            act(work, application_id=handed, **given)
    assert state_of(a, handed).state == 'handed_in'


@shows('ORG-30')
def test_a_fourth_body_of_an_occupation_needs_a_written_reason(house_on_sqlite: House) -> None:
    from app.organizations.operations import confirm_filing, record_filing
    from app.organizations.rules import Range

    made = make.world()  # its organisation is the first that holds 保育师
    for n in (1, 2):
        other = prepared.applicant(made, n=n)
        with begin_as(made.people['acceptance_clerk'], org_id=other.org.id, at=AT) as work:
            filing = record_filing(work, number=f'S0000990108{n:02d}', letter_no='1号', letter_on=date(2026, 1, 5), valid_from=date(2026, 1, 5), issuer='局',
                                   ranges=[Range('4-10-01-03', '保育师', '', (5,))])
        with begin_as(made.people['centre_head'], org_id=other.org.id, at=AT) as work:
            confirm_filing(work, filing_id=filing.id)
    a = prepared.applicant(made)
    handed = prepared.handed_in(a)[0]
    with pytest.raises(Refused) as refused:
        centre(a, accept, application_id=handed)
    assert refused.value.rule == 'ORG-30' and '已有3家' in refused.value.findings[0].sentence
    assert centre(a, accept, application_id=handed, reason='本区没有其他机构，群众需要').text == '本区没有其他机构，群众需要'


# ------------------------------------------------------------------ one correction


@shows('ORG-74')
def test_a_correction_is_told_once_in_one_go_and_runs_ten_working_days(a: Applicant, handed: int) -> None:
    with pytest.raises(Refused, match='至少写明一项'):
        centre(a, ask_correction, application_id=handed, points=())
    with pytest.raises(Refused, match='没有这一项'):
        centre(a, ask_correction, application_id=handed, points=(Point('employer', '', '请补充职工情况'),))
    act = centre(a, ask_correction, application_id=handed, points=POINTS)
    assert act.number == '明川市职补正〔2026〕1号'
    with begin_as(a.clerk, at=TOLD, reads=True) as work:
        page = application_page(work, handed)
        assert (page.app.state, page.app.correction_due_on) == ('correcting', date(2026, 11, 16))
        assert [c.label for c in page.corrections] == ['基本情况：联系电话', '文件、规章制度清单']
        assert page.clock and page.clock.due.on == date(2026, 11, 16)
    corrected(a, handed)
    with pytest.raises(Refused, match='补正须一次性告知'):
        centre(a, ask_correction, application_id=handed, points=POINTS, at=DONE)


@shows('ORG-74')
def test_only_what_was_opened_may_change(a: Applicant, handed: int) -> None:
    centre(a, ask_correction, application_id=handed, points=POINTS)
    with begin_as(a.clerk, at=DONE) as work:
        save_answer(work, application_id=handed, step='basics', field='contact_phone', shown='0371-65900000', new='0371-65911111')
        for call in (
                lambda: save_answer(work, application_id=handed, step='basics', field='contact', shown='联系人如实填写', new='别人'),
                lambda: add_range(work, application_id=handed, occupation_code='6-18-01-01', occupation='车工', levels=[5])):
            with pytest.raises(Refused, match='不在补正范围内') as refused:
                call()
            assert refused.value.rule == 'ORG-74'


def test_the_reviewer_sees_just_what_changed(a: Applicant, handed: int) -> None:
    from sqlmodel import Session

    from app.house import house
    from db.premises import Site

    centre(a, ask_correction, application_id=handed, points=POINTS)
    with begin_as(a.clerk, at=DONE) as work:
        save_answer(work, application_id=handed, step='basics', field='contact_phone', shown='0371-65900000', new='0371-65911111')
    with Session(house().engines.write) as session:
        extra = Bylaw.model_validate({'org_id': a.org.id, 'number': 25, 'title': '新制度', 'unit': '考务组', 'posted_at': '公告栏'})
        session.add(extra)
        session.flush()
        session.add(BylawVersion.model_validate({
            'org_id': a.org.id, 'bylaw_id': extra.id, 'version': 1, 'state': 'in_force', 'made_on': date(2026, 11, 6), 'drafted_by_id': a.clerk, 'drafted_by': '汪觜火'}))
        site = session.exec(select(Site).where(Site.org_id == a.org.id)).one()
        site.area_dm2 = 1  # a register that was not opened: it stays out of the correction
        session.add(site)
        session.commit()
    corrected(a, handed)
    with begin_as(a.made.people['acceptance_clerk'], at=DONE, reads=True) as work:
        before, after = (snapshot_record(work, s.id) for s in snapshots_of(work, handed))
        told = [(d.step, d.label, d.before, d.after) for d in differences(before, after)]
    assert told == [
        ('basics', '基本情况 › 联系电话', '0371-65900000', '0371-65911111'), ('bylaws', '规章制度 新制度/25', '（空）', '有')]


@shows('ORG-74')
def test_the_day_of_completion_counts_as_received(a: Applicant, handed: int) -> None:
    centre(a, ask_correction, application_id=handed, points=POINTS)
    snapshot = corrected(a, handed)
    app = state_of(a, handed)
    assert (snapshot.n, app.state, app.received_on, app.handed_in_at) == (2, 'handed_in', date(2026, 11, 9), AT)
    with begin_as(a.made.people['acceptance_clerk'], at=DONE, reads=True) as work:
        clock = application_page(work, handed).clock
        assert clock and clock.due.on == date(2026, 11, 18)


def test_every_point_is_answered_before_the_correction_is_handed_in(a: Applicant, handed: int) -> None:
    centre(a, ask_correction, application_id=handed, points=POINTS)
    with begin_as(a.clerk, at=DONE) as work:
        record = completed(work, handed)
        with pytest.raises(Refused) as refused:
            complete(work, application_id=handed, reasons={}, shown_sha256=record.sha256)
        assert [f.subject for f in refused.value.findings if f.rule == 'ORG-74'] == ['basics.contact_phone', 'bylaws.']
        point = corrections_of(work, handed)[0]
        answer_correction(work, correction_id=point.id, shown='', new='已更正')
        with pytest.raises(Changed):
            answer_correction(work, correction_id=point.id, shown='', new='别的')


# ------------------------------------------------------------------ silence


@shows('ORG-75', 'ORG-72')
def test_silence_accepts_where_the_profile_says_so(a: Applicant, handed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    silent(monkeypatch)
    with begin_as(a.head, at=AT + timedelta(days=9)) as work:  # 2026-11-04, the last day counts whole
        assert settle(work, application_id=handed) is None
    late = AT + timedelta(days=10)
    with begin_as(a.head, at=late, reads=True) as work:
        assert applications(work)[0][0].state == '已申请（逾期，视为受理）'
    with pytest.raises(Refused, match='没有答复的视为受理'):
        centre(a, ask_correction, application_id=handed, points=POINTS, at=late)
    with begin_as(a.head, at=late) as work:
        act = settle(work, application_id=handed)
        assert act and (act.recorded_by, act.decided_on, act.number) == ('期限届满', date(2026, 11, 4), '')
        assert settle(work, application_id=handed) is None
    assert state_of(a, handed).state == 'accepted'


def test_silence_means_nothing_where_the_profile_says_nothing(a: Applicant, handed: int) -> None:
    with begin_as(a.head, at=AT + timedelta(days=60)) as work:
        assert settle(work, application_id=handed) is None


@shows('ORG-74')
def test_a_correction_not_completed_in_time_counts_as_withdrawn(a: Applicant, handed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    silent(monkeypatch)
    centre(a, ask_correction, application_id=handed, points=POINTS)
    late = datetime(2026, 11, 17, 9, 0, tzinfo=AT.tzinfo)
    with pytest.raises(Refused, match='补正期限2026-11-16已过'):
        corrected(a, handed, at=late)
    with begin_as(a.head, at=late) as work:
        assert settle(work, application_id=handed)
    assert state_of(a, handed).state == 'withdrawn'


def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let silence decide, as the handbook of Hunan says."""
    from app import regulation
    from app.filing import desk, running

    real = regulation.profile
    hunan = real('hunan').filing

    def changed(name: str, overlay: str = '') -> Any:
        figures = real(name, overlay)
        return figures.model_copy(update={'filing': figures.filing.model_copy(update={
            'deemed_accepted_on_silence': hunan.deemed_accepted_on_silence, 'correction_overdue': hunan.correction_overdue})})

    monkeypatch.setattr(running, 'profile', changed)
    monkeypatch.setattr(desk, 'profile', changed)


# ------------------------------------------------------------------ exceptions


def none_admitted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a province admit in principle no body at all for an occupation, and block one."""
    from app import regulation
    from app.filing import desk, queries

    real = regulation.profile

    def changed(name: str, overlay: str = '') -> Any:
        figures = real(name, overlay)
        capacity = figures.filing.capacity
        limit = capacity.per_jurisdiction.model_copy(update={'value': 0, 'enforcement': 'block'})
        return figures.model_copy(update={'filing': figures.filing.model_copy(update={'capacity': capacity.model_copy(update={'per_jurisdiction': limit})})})

    monkeypatch.setattr(queries, 'profile', changed)
    monkeypatch.setattr(desk, 'profile', changed)


EXCEPTION = {'rule': 'ORG-30', 'subject': 'ranges.1', 'reason': '本区没有其他机构，群众需要'}


@shows('CONV-14')
def test_what_the_centre_lifted_no_longer_stands_in_the_way(a: Applicant, handed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    centre(a, ask_correction, application_id=handed, points=(Point('rooms', '', '场地面积请复核后更正'),))
    none_admitted(monkeypatch)
    with pytest.raises(Refused, match='原则上不超过0家') as refused:
        corrected(a, handed)
    assert [(f.rule, f.subject) for f in refused.value.findings] == [('ORG-30', 'ranges.1')]
    with pytest.raises(Refused, match='不能办理此事'):
        centre(a, lift, application_id=handed, **EXCEPTION)
    act = centre(a, lift, role='centre_head', application_id=handed, **EXCEPTION)
    assert act.number.startswith('明川市职例外〔2026〕')
    corrected(a, handed)
    assert state_of(a, handed).state == 'handed_in'


@shows('CONV-14')
@pytest.mark.parametrize(('change', 'said'), [
    ({'rule': 'ORG-17'}, 'ORG-17不是“原则上”的要求'), ({'rule': 'ORG-999'}, '不是“原则上”的要求'), ({'subject': 'ranges.9'}, '没有发现这一项')])
def test_only_what_holds_in_principle_and_was_found_is_lifted(a: Applicant, handed: int, monkeypatch: pytest.MonkeyPatch, change: dict[str, str], said: str) -> None:
    none_admitted(monkeypatch)
    with pytest.raises(Refused, match=said) as refused:
        centre(a, lift, role='centre_head', application_id=handed, **EXCEPTION | change)
    assert refused.value.rule == 'CONV-14'


def test_the_timed_work_writes_down_what_silence_made_true(a: Applicant, handed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.filing.timed import settle_due
    from app.house import house

    silent(monkeypatch)
    for day, changed in ((4, 0), (5, 1), (6, 0)):
        monkeypatch.setattr(house(), 'offset', datetime(2026, 11, day, 9, 0, tzinfo=AT.tzinfo) - datetime.now(AT.tzinfo))
        assert settle_due() == changed
    assert state_of(a, handed).state == 'accepted'


@shows('ORG-74')
def test_points_that_nothing_was_said_to_are_found_before_handing_in(a: Applicant, handed: int) -> None:
    centre(a, ask_correction, application_id=handed, points=POINTS)
    with begin_as(a.clerk, at=DONE) as work:
        answer_correction(work, correction_id=corrections_of(work, handed)[0].id, shown='', new='已更正电话')
        assert [(f.subject, f.severity, f.rule) for f in open_points(work, handed)] == [('bylaws.', 'block', 'ORG-74')]
