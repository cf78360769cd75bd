"""Writing, handing in, and the opinions of one or two centres, on both databases."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlmodel import col

from app.access import Role
from app.errors import Changed, NotYours, Refused
from app.files import MOST_ATTACHED, store_scan
from app.house import House, house
from app.outside_sites import operations
from app.outside_sites.queries import count_outside_sites, outside_sites, site_page
from app.users.history import Event, history_of
from app.words import CHINA
from app.work import begin_as
from db.organizations import Org
from db.personnel import Staff
from db.registration import Candidate
from tests import make
from tests.ledger_rows import add
from tests.outside_sites.making import AT, PDF, copied, do, drafted, hand_in, person, state
from tests.shows import shows

LATE = datetime(2026, 10, 20, 9, 0, tzinfo=CHINA)


def worldly(n: int = 1) -> make.World:
    made = make.world(at=AT - timedelta(days=9), n=n)
    make.batch(made, sizes=(2, 1, 1), at=AT - timedelta(days=7), close=False)
    return made


@pytest.fixture
def made(house_on_sqlite: House) -> make.World:
    """A world with an open batch of four candidates."""
    return worldly()


@shows('PLAN-26')
def test_a_place_in_the_own_city_is_used_once_the_local_centre_agrees(both: House) -> None:
    made = worldly()
    site_id = drafted(made)
    hand_in(made, site_id)
    with begin_as(made.people['centre_head'], at=AT, reads=True) as work:
        rows, _ = outside_sites(work)
        shown = site_page(work, site_id).record
    assert [(r.site.id, r.org, r.batch) for r in rows] == [(site_id, made.org.name, made.batch.number if made.batch else '')]
    assert ([g.people for g in shown.groups], [(s.name, s.own_full_time) for s in shown.staff], shown.proofs) == ([2, 1, 1], [('人员1', True)], ('场地证明',))
    do(made, operations.give_opinion, who='acceptance_clerk', outside_site_id=site_id, agrees=True)
    assert state(made, site_id) == 'agreed'
    for again in (lambda: hand_in(made, site_id), lambda: do(made, operations.give_opinion, who='acceptance_clerk', outside_site_id=site_id, agrees=True)):
        with pytest.raises(Refused, match='已同意'):
            again()


@shows('PLAN-26')
def test_a_place_in_another_city_waits_for_the_second_centre_whose_letter_two_people_copy(both: House) -> None:
    made = worldly()
    site_id = drafted(made, region='990201', city='外市')
    hand_in(made, site_id)
    do(made, operations.give_opinion, who='centre_head', outside_site_id=site_id, agrees=True)
    with pytest.raises(Refused, match='已经签署'):
        do(made, operations.give_opinion, who='acceptance_clerk', outside_site_id=site_id, agrees=False, text='重复签署')
    assert state(made, site_id) == 'handed_in'
    copied(made, site_id, number='错号')
    letter = copied(made, site_id)
    assert state(made, site_id) == 'handed_in'
    with pytest.raises(Refused, match='不能办理此事'):
        do(made, operations.confirm_opinion, opinion_id=letter.id)
    do(made, operations.confirm_opinion, who='head', opinion_id=letter.id)
    assert state(made, site_id) == 'agreed'
    with begin_as(made.people['head'], at=AT, reads=True) as work:
        assert [(o.seat, o.state, o.number) for o in site_page(work, site_id).opinions] == [('local', 'in_force', ''), ('place', 'in_force', '〔2026〕8号')]


@shows('PLAN-26')
def test_one_refusal_ends_the_request_and_needs_its_reason(made: make.World) -> None:
    site_id = drafted(made, region='990201')
    hand_in(made, site_id)
    with pytest.raises(Refused, match='不同意的理由'):
        do(made, operations.give_opinion, who='centre_head', outside_site_id=site_id, agrees=False)
    do(made, operations.give_opinion, who='centre_head', outside_site_id=site_id, agrees=False, text='监控条件不足')
    assert state(made, site_id) == 'refused'
    with pytest.raises(Refused, match='处于“不同意”'):
        copied(made, site_id)


@pytest.mark.parametrize(('change', 'said'), [
    ({'seat': 'local'}, '不能代为登记'), ({'decided_on': date(2026, 9, 27)}, '不在提交申请'), ({'decided_on': date(2026, 9, 29)}, '不在提交申请'), ({'number': ' '}, '文书编号'),
    ({'seat': 'third'}, '不需要这一意见'), ({'agrees': False}, '不同意的理由')])
@shows('PLAN-26')
def test_a_letter_that_cannot_be_is_not_copied(made: make.World, change: dict[str, Any], said: str) -> None:
    site_id = drafted(made, region='990201')
    hand_in(made, site_id)
    with pytest.raises(Refused, match=said):
        copied(made, site_id, **change)


def test_the_local_centres_letter_is_copied_where_it_does_not_use_the_system(made: make.World) -> None:
    site_id = drafted(made)
    hand_in(made, site_id)
    with pytest.raises(Refused, match='不需要这一意见'):
        copied(made, site_id)
    with house().engines.write.begin() as connection:
        connection.execute(update(Org).where(col(Org.id) == made.centre.id).values(region='980100'))
    letter = copied(made, site_id, seat='local')
    do(made, operations.confirm_opinion, who='head', opinion_id=letter.id)
    assert state(made, site_id) == 'agreed'


def test_a_late_request_needs_a_reason_of_both_sides(made: make.World) -> None:
    site_id = drafted(made)
    with pytest.raises(Refused, match='说明理由') as refused:
        hand_in(made, site_id, at=LATE)
    assert refused.value.rule == 'PLAN-20'
    hand_in(made, site_id, at=LATE, reason='车床临时故障')
    with pytest.raises(Refused, match='同意逾期申请的理由'):
        do(made, operations.give_opinion, who='centre_head', when=LATE, outside_site_id=site_id, agrees=True)
    do(made, operations.give_opinion, who='centre_head', when=LATE, outside_site_id=site_id, agrees=True, text='故障属实')
    assert state(made, site_id) == 'agreed'


@shows('PLAN-26')
def test_nothing_is_begun_handed_in_or_agreed_to_once_the_batch_runs(made: make.World) -> None:
    assert made.batch
    begun = datetime(2026, 10, 24, 8, 0, tzinfo=CHINA)
    with pytest.raises(Refused, match='已经开始或结束'):
        do(made, operations.start_site, when=begun, batch_id=made.batch.id, name='修配厂')
    site_id, other_id = drafted(made), do(made, operations.start_site, batch_id=made.batch.id, name='另一处').id
    hand_in(made, site_id)
    with pytest.raises(Refused, match='已经开始或结束'):
        hand_in(made, other_id, at=begun)
    with pytest.raises(Refused, match='已经开始或结束'):
        do(made, operations.give_opinion, who='centre_head', when=begun, outside_site_id=site_id, agrees=True)
    do(made, operations.give_opinion, who='centre_head', when=begun, outside_site_id=site_id, agrees=False, text='已过时限')
    assert state(made, site_id) == 'refused'


@shows('PLAN-26')
def test_what_is_wrong_is_told_at_once_and_nothing_is_handed_in(made: make.World) -> None:
    assert made.batch
    site_id = do(made, operations.start_site, batch_id=made.batch.id, name='修配厂').id
    with pytest.raises(Refused, match='“地址”还没有填写') as refused:
        hand_in(made, site_id)
    assert {f.subject for f in refused.value.findings} == {'address', 'city', 'region', 'reason', 'area_dm2', 'video', 'proofs', 'equipment', 'staff'}
    assert state(made, site_id) == 'drafted'


@pytest.mark.parametrize('change', [{'full_time': False}, {'own_staff': False}])
@shows('PLAN-27', 'STAFF-38')
def test_the_register_of_people_tells_who_is_full_time_staff_of_the_organisation(made: make.World, change: dict[str, bool]) -> None:
    site_id = drafted(made)
    with house().engines.write.begin() as connection:
        connection.execute(update(Staff).values(**change))
        connection.execute(update(Org).values(profile='hunan'))
    with pytest.raises(Refused, match='不是本单位专职人员') as refused:
        hand_in(made, site_id)
    assert refused.value.rule == 'PLAN-27'


@shows('PLAN-26')
def test_registered_premises_and_a_place_already_asked_for_are_refused(made: make.World) -> None:
    hand_in(made, drafted(made))
    again, own = drafted(made, 2), drafted(made, 3, address='演示省明川市云桥路88号')
    with pytest.raises(Refused, match='已有一份申请'):
        hand_in(made, again)
    add(made, 'site', at=AT)
    with pytest.raises(Refused, match='就是本机构登记的场所'):
        hand_in(made, own)


def test_two_people_never_overwrite_each_other_and_what_was_not_shown_is_not_handed_in(made: make.World) -> None:
    site_id = drafted(made)
    with begin_as(made.people['filing_clerk'], at=AT, reads=True) as work:
        shown = site_page(work, site_id)
    do(made, operations.change_site, outside_site_id=site_id, column='video', shown='六路高清监控', new='八路')
    with pytest.raises(Changed, match='改为“八路”'):
        do(made, operations.change_site, outside_site_id=site_id, column='video', shown='六路高清监控', new='四路')
    row = shown.site.staff[0]
    do(made, operations.write_row, outside_site_id=site_id, column='staff', at=0, shown=row, new=row | {'duty': '考务人员'})
    with pytest.raises(Refused, match='第1行已由他人改动'):
        do(made, operations.write_row, outside_site_id=site_id, column='staff', at=0, shown=row, new=None)
    with pytest.raises(Refused, match='有改动，请刷新'):
        do(made, operations.hand_in, outside_site_id=site_id, shown_sha256=shown.record.sha256)


def test_the_trail_hears_of_a_draft_once_a_writer_and_names_who_wrote_last(both: House) -> None:
    made = worldly()
    site_id = drafted(made)  # nine fields and rows by the person who began it
    assert [e.what for e in told(made, site_id)] == ['上传附件', '新建外部考点申请']
    for something in (True, False):
        assert do(made, operations.leave_site, outside_site_id=site_id) is something
    second = make.first_person_of(made.org, '汪觜火', make.number(1500), Role.FILING_CLERK).id
    for column, shown, new in (('video', '六路高清监控', '八路'), ('area_dm2', '420', '430')):
        with begin_as(second, at=AT) as work:
            operations.change_site(work, outside_site_id=site_id, column=column, shown=shown, new=new)
    with pytest.raises(Changed, match='已由汪觜火.*改为“八路”'):
        do(made, operations.change_site, outside_site_id=site_id, column='video', shown='六路高清监控', new='四路')
    hand_in(made, site_id)
    assert [(e.what, e.who.startswith('汪觜火')) for e in told(made, site_id)[:3]] == [('提交外部考点申请', False), ('填写外部考点申请', True), ('填写外部考点申请', False)]


def told(made: make.World, site_id: int) -> list[Event]:
    with begin_as(made.people['head'], at=AT, reads=True) as work:
        return history_of(work, site_id)


def test_rows_are_added_moved_and_taken_out_and_take_only_people_on_the_register(made: make.World) -> None:
    site_id = drafted(made)
    second = {'person': person(made, 2), 'duty': 'supervisor'}

    def write(**given: Any) -> list[dict[str, str]]:
        kept: list[dict[str, str]] = do(made, operations.write_row, outside_site_id=site_id, **{'column': 'staff', 'at': 0, 'shown': None, 'new': second} | given)
        return kept

    first = write()[0]
    assert write(at=1, shown=second, by=-1) == [second, first]
    assert write(shown=second, new=None) == [first]
    for given, said in (({'new': second | {'person': '77'}}, '不在人员登记册'), ({'new': second | {'duty': '厨师'}}, '没有“厨师”'), ({'column': 'rooms'}, '没有这张表'),
                        ({'column': 'equipment', 'new': {'count': '-1'}}, '“数量”应为0至9999')):
        with pytest.raises(Refused, match=said):
            write(**given)


def test_a_proof_is_a_scan_of_a_size_that_can_be_kept_and_stays_as_handed_in(made: make.World) -> None:
    for data, said in ((b'MZ program', '不是PDF、JPG或PNG'), (PDF + bytes(MOST_ATTACHED), '超过50MB')):
        with pytest.raises(Refused, match=said):
            store_scan(data, made.org.id, name='证明.pdf')
    site_id = drafted(made)
    scan = store_scan(PDF + b'2', made.org.id, name='证明.pdf')
    with pytest.raises(Refused, match='不收这种附件'):
        do(made, operations.attach_proof, outside_site_id=site_id, scan=scan, kind='photo')
    held = do(made, operations.attach_proof, outside_site_id=site_id, scan=scan, title='产权证')
    hand_in(made, site_id)
    for operation, given in ((operations.attach_proof, {'scan': scan}), (operations.end_proof, {'attachment_id': held.id})):
        with pytest.raises(Refused, match='内容已经封存'):
            do(made, operation, outside_site_id=site_id, **given)


def test_what_was_handed_in_stays_as_it_was_when_the_batch_changes(made: make.World) -> None:
    site_id = drafted(made)
    hand_in(made, site_id)
    with house().engines.write.begin() as connection:
        connection.execute(delete(Candidate))
    with begin_as(made.people['head'], at=AT, reads=True) as work:
        assert [g.people for g in site_page(work, site_id).record.groups] == [2, 1, 1]


def test_a_request_is_withdrawn_with_a_reason_once_it_is_handed_in(made: make.World) -> None:
    site_id = drafted(made)
    hand_in(made, site_id)
    with pytest.raises(Refused, match='撤回原因'):
        do(made, operations.withdraw_site, outside_site_id=site_id)
    do(made, operations.withdraw_site, outside_site_id=site_id, reason='本校车床已修好')
    assert state(made, site_id) == 'withdrawn'
    with pytest.raises(Refused, match='处于“已撤回”'):
        do(made, operations.give_opinion, who='centre_head', outside_site_id=site_id, agrees=True)


@shows('SEC-01')
def test_another_organisations_request_and_batch_look_like_none_and_a_centre_sees_no_draft(made: make.World) -> None:
    other = worldly(2)
    assert made.batch and other.batch
    mine = drafted(made)
    for given in ({'batch_id': made.batch.id}, {'batch_id': 12345}):
        with pytest.raises(NotYours):
            do(other, operations.start_site, name='修配厂', **given)
    for person_id in (other.people['filing_clerk'], made.people['centre_head']):
        with begin_as(person_id, at=AT, reads=True) as work, pytest.raises(NotYours):
            site_page(work, mine)
    with begin_as(made.people['centre_head'], at=AT, reads=True) as work:
        assert count_outside_sites(work, 0) == 0
    with pytest.raises(NotYours):
        do(other, operations.withdraw_site, outside_site_id=mine)
