"""An organisation's application: begun, written, handed in, completed, on both databases."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import date
from hashlib import sha256

import pytest
from sqlmodel import Session, select

from app.errors import NotYours, Refused
from app.files import keep_file
from app.filing.drafts import (
    save_answer,
)
from app.filing.operations import (
    addressed,
    discard_application,
    hand_in,
    warning_key,
    withdraw_application,
)
from app.filing.queries import (
    application_page,
    applications,
    asked_ranges,
    count_applications,
    earlier_snapshots,
    findings_of,
    previous_answers,
    record_of,
    snapshot_record,
    snapshots_of,
)
from app.house import House, house
from app.work import Work, begin_as
from db.assessment import Assessment, Assessor
from db.filing import Application, Snapshot
from db.organizations import Filing
from tests import make
from tests.filing import prepared
from tests.filing.prepared import AT, Applicant, save, start
from tests.shows import shows


@pytest.fixture
def a(house_on_sqlite: House) -> Applicant:
    return prepared.applicant(make.world())


# ------------------------------------------------------------------ beginning


@shows('ORG-26', 'ORG-94')
def test_only_the_ways_of_its_kind_are_open_and_an_increment_needs_a_filing(a: Applicant) -> None:
    for way, rule in (('employer', 'ORG-26'), ('school_own', 'ORG-26'), ('increment', 'ORG-94'), ('ending', 'ORG-94'), ('nothing', 'ORG-26')):
        with pytest.raises(Refused) as refused:
            start(a, way)
        assert refused.value.rule == rule


def test_a_second_application_of_the_same_way_leads_to_the_first(a: Applicant) -> None:
    first = start(a)
    with pytest.raises(Refused, match='已有一份社会培训评价组织备案申报处于“填写中”'):
        start(a)
    with begin_as(a.clerk, at=AT) as work:
        discard_application(work, application_id=first)
    assert start(a) != first


def filed_world(kind: str, number: str) -> Applicant:
    """An organisation with one filing in force."""
    from app.organizations.operations import confirm_filing, record_filing
    from app.organizations.rules import Range

    found = prepared.applicant(make.world(), kind=kind)
    centre = found.made.people
    with begin_as(centre['acceptance_clerk'], org_id=found.org.id, at=AT) as work:
        filing = record_filing(
            work, number=number, letter_no='明人社函〔2026〕3号', letter_on=date(2026, 1, 5), valid_from=date(2026, 1, 5), issuer='局', audience='own_students' if kind == 'technical_school' else '',
            ranges=[Range('4-10-01-03', '保育师', '', (5, 4))])
    with begin_as(centre['centre_head'], org_id=found.org.id, at=AT) as work:
        confirm_filing(work, filing_id=filing.id)
    return found


@shows('ORG-86')
def test_a_school_holds_two_filings_one_for_each_audience(house_on_sqlite: House) -> None:
    a = filed_world('technical_school', 'Y000099019001')
    with pytest.raises(Refused, match='请办理增量') as refused:
        start(a, 'school_own')
    assert refused.value.rule == 'ORG-86'
    application_id = start(a, 'school_society')
    with begin_as(a.clerk, at=AT, reads=True) as work:
        assert work.get(Application, application_id).data == {'belonging': {'audience': 'society'}}


@shows('ORG-94')
def test_an_increment_rests_on_the_filing_in_force_and_an_extension_begins_with_its_range(house_on_sqlite: House) -> None:
    a = filed_world('social_training_org', 'S000099010077')
    with pytest.raises(Refused, match='请办理增量、延续或变更备案'):
        start(a)
    increment, extension = start(a, 'increment'), start(a, 'extension')
    with begin_as(a.clerk, at=AT, reads=True) as work:
        original = record_of(work, increment).original
        assert original and original.number == 'S000099010077' and [r.name for r in original.ranges] == ['保育师']
        assert asked_ranges(work, increment) == []
        assert [(r.occupation, r.levels) for r in asked_ranges(work, extension)] == [('保育师', [5, 4])]
        other = work.session.exec(select(Filing.id)).one()
    assert other


# ------------------------------------------------------------------ handing in


@shows('ORG-60')
def test_blocks_and_warnings_are_listed_together(a: Applicant) -> None:
    application_id = start(a)
    record, found, _ = prepared.judged(a, application_id)
    with begin_as(a.clerk, at=AT) as work, pytest.raises(Refused) as refused:
        hand_in(work, application_id=application_id, reasons={}, shown_sha256=record.sha256)
    told = {(f.rule, f.subject, f.severity) for f in refused.value.findings}
    assert told == {(f.rule, f.subject, f.severity) for f in found if f.severity != 'remind'}
    assert {'block', 'warn'} == {s for _, _, s in told} and ('ORG-53', 'basics.contact', 'block') in told


def test_handing_in_freezes_the_record_with_hash_day_and_person(both: House) -> None:
    a = prepared.applicant(make.world())
    application_id, snapshot = prepared.handed_in(a)
    with begin_as(a.head, at=AT, reads=True) as work:
        page = application_page(work, application_id)
        record = snapshot_record(work, snapshot.id)
        assert record.sha256 == snapshot.sha256 and record.canonical() == record.model_validate_json(record.canonical()).canonical()
        assert (page.app.state, page.app.received_on, page.app.receiver_level, page.app.outside_centre) == ('handed_in', AT.date(), 'city', False)
        assert page.app.receiver == make.CENTRE_NAME and len(page.app.profile_sha256) == 64
        assert (snapshot.n, snapshot.by, snapshot.summary) == (1, '汪觜火（备案联系人）', '保育师 5、4、3')
        assert page.clock and page.clock.due.on == date(2026, 11, 4)
        assert len({s.id_no for s in record.staff}) == 8 and '*' not in record.staff[0].id_no
        assert set(snapshot.reasons.values()) == {prepared.REASON}
    with begin_as(a.clerk, at=AT) as work, pytest.raises(Refused, match='内容已经封存'):
        save_answer(work, application_id=application_id, step='basics', field='contact', shown='联系人如实填写', new='别人')


def test_what_was_handed_in_is_read_by_the_bytes_that_were_kept(a: Applicant) -> None:
    application_id, snapshot = prepared.handed_in(a)
    with begin_as(a.clerk, at=AT) as work:
        record = snapshot_record(work, snapshot.id)
        older = json.dumps(json.loads(record.canonical()), ensure_ascii=False, sort_keys=True, indent=1).encode()  # as an earlier version wrote it
        kept = work.get(Snapshot, snapshot.id)
        kept.file_id, kept.sha256 = keep_file(work, older, name='旧.json', content_type='application/json').id, sha256(older).hexdigest()
        work.keep('application.snapshot', kept)
    with begin_as(a.clerk, at=AT) as work:
        assert snapshot_record(work, snapshot.id) == record
        kept = work.get(Snapshot, snapshot.id)
        kept.file_id = keep_file(work, older + b' ', name='改.json', content_type='application/json').id
        work.keep('application.snapshot', kept)
        with pytest.raises(NotYours, match='与登记的校验值不符'):
            snapshot_record(work, snapshot.id)


def test_each_warning_needs_its_own_reason(a: Applicant) -> None:
    application_id = prepared.filled(a)
    record, found, reasons = prepared.judged(a, application_id)
    warnings = [f for f in found if f.severity == 'warn']
    assert len(warnings) > 1
    with begin_as(a.clerk, at=AT) as work, pytest.raises(Refused, match='有1项提醒尚未说明理由') as refused:
        hand_in(work, application_id=application_id, reasons={**reasons, warning_key(warnings[0]): '……好'}, shown_sha256=record.sha256)
    assert [f.rule for f in refused.value.findings] == [warnings[0].rule]


@shows('ORG-60')
def test_what_changed_since_it_was_shown_is_not_handed_in(a: Applicant) -> None:
    application_id = prepared.filled(a)
    record, _, reasons = prepared.judged(a, application_id)
    save(a, application_id, 'basics', 'contact', '换了人', '联系人如实填写')
    with begin_as(a.clerk, at=AT) as work, pytest.raises(Refused, match='有了变化，请刷新检查页面'):
        hand_in(work, application_id=application_id, reasons=reasons, shown_sha256=record.sha256)


def test_handing_in_twice_at_once_makes_one_snapshot(both: House) -> None:
    a = prepared.applicant(make.world())
    application_id = prepared.filled(a)
    record, _, reasons = prepared.judged(a, application_id)
    said: list[str] = []
    both_here = threading.Barrier(2)

    def press() -> None:
        both_here.wait()
        try:
            with begin_as(a.clerk, at=AT) as work:
                said.append(hand_in(work, application_id=application_id, reasons=reasons, shown_sha256=record.sha256).sha256)
        except Refused as refused:
            said.append(refused.sentence)

    threads = [threading.Thread(target=press) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert record.sha256 in said and any(x.startswith('当前状态是“已申请”，不能“提交申报”') for x in said)
    with begin_as(a.clerk, at=AT, reads=True) as work:
        assert [s.n for s in snapshots_of(work, application_id)] == [1]


def test_two_who_begin_at_once_begin_one(both: House) -> None:
    a, said = prepared.applicant(make.world()), list[str]()
    all_here = threading.Barrier(4)

    def press() -> None:
        all_here.wait()
        try:
            said.append(f'{start(a)}')
        except Refused as refused:
            said.append(refused.sentence)

    threads = [threading.Thread(target=press) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(x.isdigit() for x in said) == [False, False, False, True]
    with begin_as(a.clerk, at=AT, reads=True) as work:
        assert len(applications(work)[0]) == 1


@shows('VAL-03')
def test_a_wrong_credit_code_stands_in_the_way(a: Applicant) -> None:
    from sqlmodel import Session

    from app.house import house
    from db.organizations import Org

    application_id = prepared.filled(a)
    with Session(house().engines.write) as session:  # as a card kept by an older program
        org = session.get(Org, a.org.id)
        assert org
        org.credit_code = '5' + org.credit_code[1:-1] + ('A' if org.credit_code[-1] != 'A' else 'B')
        session.add(org)
        session.commit()
    record, found, reasons = prepared.judged(a, application_id)
    assert [f.subject for f in found if f.severity == 'block'] == ['basics.credit_code']
    with begin_as(a.clerk, at=AT) as work, pytest.raises(Refused) as refused:
        hand_in(work, application_id=application_id, reasons=reasons, shown_sha256=record.sha256)
    assert refused.value.findings[0].subject == 'basics.credit_code'


# ------------------------------------------------------------------ who sees what


@shows('SEC-01')
def test_two_organisations_never_see_each_other_and_a_centre_never_a_draft(house_on_sqlite: House) -> None:
    made = make.world()
    mine, other = prepared.applicant(made, n=7), prepared.applicant(made, n=5)
    draft = start(mine)
    with begin_as(other.clerk, at=AT, reads=True) as work:
        assert applications(work)[0] == []
        for read in (application_page, record_of, snapshots_of):
            with pytest.raises(NotYours):
                read(work, draft)
    for role in ('centre_head', 'acceptance_clerk'):
        with begin_as(made.people[role], at=AT, reads=True) as work:
            assert applications(work)[0] == []
            reads: tuple[Callable[[Work, int], object], ...] = (application_page, record_of, asked_ranges, snapshots_of, previous_answers)
            for each in reads:
                with pytest.raises(NotYours):
                    each(work, draft)


@shows('SEC-01')
def test_an_assessor_reads_the_applications_of_his_panels_alone(a: Applicant) -> None:
    application_id, _ = prepared.handed_in(a)
    sits, other = (make.first_person_of(a.made.centre, name, make.number(880 + n), 'assessor').id for n, name in enumerate(('米星日', '明翼火')))
    panel = Assessment.model_validate({'org_id': a.org.id, 'application_id': application_id, 'method': 'onsite', 'visited_on': AT.date()})
    seat = Assessor.model_validate({'org_id': a.org.id, 'assessment_id': panel.id, 'member_id': sits, 'name': '米星日'})
    with Session(house().engines.write, expire_on_commit=False) as session:
        session.add(panel)
        session.flush()
        session.add(seat)
        session.commit()
    for person, count in ((sits, 1), (other, 0)):
        with begin_as(person, at=AT, reads=True) as work:
            assert len(applications(work)[0]) == count_applications(work, 10) == count
    with begin_as(other, at=AT, reads=True) as work, pytest.raises(NotYours):
        application_page(work, application_id)
    with Session(house().engines.write) as session:
        seat.left_at = AT
        session.add(seat)
        session.commit()
    with begin_as(sits, at=AT, reads=True) as work, pytest.raises(NotYours):
        application_page(work, application_id)


def test_a_centre_reads_what_was_handed_in_and_not_what_is_being_corrected(a: Applicant) -> None:
    application_id, snapshot = prepared.handed_in(a)
    with begin_as(a.made.people['acceptance_clerk'], at=AT, reads=True) as work:
        [line] = applications(work)[0]
        assert (line.org, line.ranges, line.way, line.handed_in_on) == (a.org.name, '保育师 5、4、3', '社会培训评价组织备案', AT.date())
        assert snapshot_record(work, snapshot.id).answers['basics']['contact'] == '联系人如实填写'
        assert application_page(work, application_id).ranges == ()
        with pytest.raises(NotYours):
            record_of(work, application_id)
        record = snapshot_record(work, snapshot.id)
        assert findings_of(work, application_id, record)


def test_what_was_handed_in_with_an_earlier_application_can_be_compared_with(a: Applicant) -> None:
    first, snapshot = prepared.handed_in(a)
    with begin_as(a.clerk, at=AT) as work:
        withdraw_application(work, application_id=first, reason='材料需要重新整理')
    second = start(a)
    with begin_as(a.clerk, at=AT, reads=True) as work:
        assert [(app.id, s.id) for app, s in earlier_snapshots(work, second)] == [(first, snapshot.id)]
        assert earlier_snapshots(work, first) == []
    with begin_as(a.made.people['acceptance_clerk'], at=AT, reads=True) as work, pytest.raises(NotYours):
        earlier_snapshots(work, second)


def test_the_record_is_addressed_to_the_body_that_receives_it(a: Applicant) -> None:
    application_id = start(a)
    with begin_as(a.clerk, at=AT, reads=True) as work:
        assert (record_of(work, application_id).receiver, addressed(work, application_id).receiver) == ('', make.CENTRE_NAME)
