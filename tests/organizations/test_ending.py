"""A filing that ended: its number is kept, nothing new is done under it, what was issued stays valid (CERT-24); on both databases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from app.access import Role
from app.batches.operations import make_batch
from app.batches.queries import batch as get_batch
from app.certificates.operations import approve_reissue, request_reissue, start_counter
from app.certificates.queries import certificates_of, verify
from app.codes import credit_code
from app.dashboard.queries import desk
from app.errors import NotYours, Refused
from app.house import House
from app.organizations.operations import confirm_end, confirm_filing, record_end, record_filing, register_org, withdraw_end
from app.organizations.queries import end_of, filing_in_force
from app.users.history import history_of
from app.users.operations import give_post
from app.work import begin_as, visitor
from db.organizations import Filing, FilingEnd
from tests import make, steps
from tests.shows import shows

SMALL = (('4-10-01-03', '', 4),)
LATE = datetime(2026, 12, 1, 9, 0, tzinfo=steps.CHINA)


def recorded(made: make.World, by: str = 'acceptance_clerk', *, filing: Filing | None = None, at: datetime = make.NOW, **change: Any) -> FilingEnd:
    with begin_as(made.people[by], org_id=made.org.id, at=at) as work:
        return record_end(work, filing_id=(filing or made.filing).id, **{
            'ended_on': at.date(), 'reason': '机构自愿终止评价工作', 'document_no': '明人社函〔2026〕20号'} | change)


def confirmed(made: make.World, by: str = 'centre_head', *, filing: Filing | None = None, at: datetime = make.NOW) -> Filing:
    with begin_as(made.people[by], org_id=made.org.id, at=at) as work:
        return confirm_end(work, filing_id=(filing or made.filing).id)


def ended(made: make.World, *, at: datetime = make.NOW, **change: Any) -> None:
    recorded(made, at=at, **change)
    confirmed(made, at=at)


def small(made: make.World) -> None:
    make.batch(made, sizes=(1,), groups=SMALL)
    steps.scored(made)
    steps.publicized(made)


def new_batch(made: make.World) -> None:
    with begin_as(made.people['registrar'], at=make.NOW) as work:
        make_batch(work, title='又一批', first_on=date(2026, 11, 21), last_on=date(2026, 11, 21), groups=SMALL)


@shows('CERT-24', 'ORG-96')
def test_a_filing_ends_when_a_second_person_confirms_and_not_before(both: House) -> None:
    made = make.world()
    end = recorded(made, ended_on=date(2026, 10, 19))
    new_batch(made)
    assert confirmed(made).state == 'ended'
    for act in (lambda: new_batch(made), lambda: _counter(made)):
        with pytest.raises(Refused, match='备案已经终止，不能再建批次、编号和发证') as refused:
            act()
        assert refused.value.rule == 'CERT-24'
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        kept = end_of(work, made.filing.id)
        assert kept and (kept.id, kept.ended_on, kept.reason, kept.document_no, kept.successor, kept.state, kept.outside) == (
            end.id, date(2026, 10, 19), '机构自愿终止评价工作', '明人社函〔2026〕20号', '', 'confirmed', False)
        assert (kept.recorded_by, kept.confirmed_by) == ('狄柳土（备案受理员）', '禹鬼金（中心主任）')
        assert [e.what for e in history_of(work, made.filing.id)][0] == '终止备案'


def _counter(made: make.World) -> None:
    with begin_as(made.people['certificate_clerk'], at=make.NOW) as work:
        start_counter(work, year=2026, level=3, last=1)


@shows('CERT-24')
def test_who_recorded_the_end_does_not_confirm_it_in_another_post(both: House) -> None:
    made = make.world()
    clerk = made.people['acceptance_clerk']
    with begin_as(made.people['centre_head'], at=make.NOW) as work:
        give_post(work, person_id=clerk, role=Role.CENTRE_HEAD, from_on=make.START)
    recorded(made)
    with pytest.raises(Refused, match='须由另一人办理') as refused, begin_as(clerk, role=Role.CENTRE_HEAD, org_id=made.org.id, at=make.NOW) as work:
        confirm_end(work, filing_id=made.filing.id)
    assert refused.value.rule == 'CERT-24'
    new_batch(made)


@shows('CERT-24', 'ORG-96')
def test_an_organisation_copies_the_decision_of_a_centre_outside_only_with_its_scan_and_two_persons(both: House) -> None:
    made = make.world()
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        scan = make.keep_scan(work, b'%PDF-1.7 decision', name='终止决定.pdf').id
        copied = record_filing(
            work, number='S000099010055', letter_no='明人社函〔2026〕5号', letter_on=date(2026, 3, 2), valid_from=date(2026, 3, 2), ranges=make.RANGES,
            issuer='明川市人力资源和社会保障局（演示）', outside=True, scan_id=scan)
    with begin_as(made.people['head'], at=make.NOW) as work:
        confirm_filing(work, filing_id=copied.id)
    with pytest.raises(Refused, match='终止也由中心登记') as inside:
        recorded(made, 'filing_clerk', scan_id=scan)
    with pytest.raises(Refused, match='须上传终止决定的扫描件') as bare:
        recorded(made, 'filing_clerk', filing=copied)
    assert (inside.value.rule, bare.value.rule) == ('ORG-96', 'CERT-24')
    assert recorded(made, 'filing_clerk', filing=copied, scan_id=scan).outside
    assert confirmed(made, 'head', filing=copied).state == 'ended'
    recorded(made)
    with pytest.raises(Refused, match='须由中心的另一人确认') as own:
        confirmed(made, 'head')
    assert own.value.rule == 'CERT-24'


@shows('CERT-24')
def test_the_number_of_an_ended_filing_is_given_to_nobody(both: House) -> None:
    made = make.world()
    with begin_as(made.people['centre_head'], at=make.NOW) as work:
        other = register_org(work, name='明川市另一学校（演示）', kind='social_training_org', credit_code=credit_code('52990105MA9777770'), region='990103', profile='demo')
    ended(made)
    for org in (made.org, other):
        with pytest.raises(Refused, match='原号保留，不再给任何机构使用') as refused, begin_as(made.people['acceptance_clerk'], org_id=org.id, at=make.NOW) as work:
            record_filing(
                work, number=made.filing.number, letter_no='1号', letter_on=date(2026, 3, 2), valid_from=date(2026, 3, 2), ranges=make.RANGES, issuer='局（演示）')
        assert refused.value.rule == 'CERT-24'
    with begin_as(made.people['acceptance_clerk'], org_id=made.org.id, at=make.NOW) as work:
        record_filing(work, number='S000099010077', letter_no='1号', letter_on=date(2026, 3, 2), valid_from=date(2026, 3, 2), ranges=make.RANGES, issuer='局（演示）')


@shows('CERT-24')
def test_no_number_and_no_issue_after_the_end_and_what_was_issued_stays_valid(both: House) -> None:
    made = make.world()
    small(made)
    number = steps.approved(made)[0]
    steps.issued(made)
    first = made.batch
    small(made)
    steps.approved(made, at=steps.ON_ISSUE, issued_on=date(2026, 11, 30))
    second = made.batch
    small(made)
    ended(made, at=LATE, ended_on=date(2026, 11, 20))
    with pytest.raises(Refused, match='备案已经终止') as unnumbered:
        steps.approved(made, at=LATE, issued_on=LATE.date())
    made.batch = second
    with pytest.raises(Refused, match='备案已于2026-11-20终止（明人社函〔2026〕20号）') as late:
        steps.issued(made, at=LATE)
    assert unnumbered.value.rule == late.value.rule == 'CERT-24'
    with visitor() as work:
        found = verify(work, {'number': number, 'name': '考生1', 'id_no': ''}, 2)
    assert [f.state for f in found] == ['issued']
    assert first
    with begin_as(made.people['certificate_clerk'], at=LATE) as work:
        reissue = request_reissue(work, certificate_id=certificates_of(work, first.id)[0].id, reason='证书遗失，本人申请')
    with begin_as(made.people['head'], at=LATE) as work:
        assert approve_reissue(work, reissue_id=reissue.id).state == 'approved'
        assert get_batch(work, first.id).state == 'issued'


@shows('CERT-24')
def test_numbers_dated_before_the_end_may_still_be_issued(house_on_sqlite: House) -> None:
    made = make.world()
    small(made)
    steps.approved(made)
    ended(made, at=LATE, ended_on=steps.ISSUED_ON)
    assert steps.issued(made, at=LATE) == 1


@shows('CERT-24')
def test_after_a_merger_the_successor_is_named_by_a_number_of_its_own(house_on_sqlite: House) -> None:
    made = make.world()
    for successor, rule in (('S00009901', 'CERT-10'), ('S000088010077', 'CERT-12'), (made.filing.number, 'CERT-24')):
        with pytest.raises(Refused) as refused:
            recorded(made, successor=successor)
        assert refused.value.rule == rule
    assert recorded(made, successor=' s000099010077 ').successor == 'S000099010077'


@pytest.mark.parametrize(('change', 'rule', 'said'), [
    ({'ended_on': date(2025, 3, 16)}, 'CERT-24', '早于备案有效期起始日'), ({'ended_on': date(2026, 10, 21)}, 'CERT-24', '还没有到'),
    ({'reason': '终止'}, '', '终止原因'), ({'document_no': ' '}, '', '决定文号')])
@shows('CERT-24')
def test_an_end_that_cannot_be_right_is_not_kept(house_on_sqlite: House, change: dict[str, Any], rule: str, said: str) -> None:
    made = make.world()
    with pytest.raises(Refused, match=said) as refused:
        recorded(made, **change)
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert (refused.value.rule, end_of(work, made.filing.id)) == (rule, None)


@shows('CERT-24')
def test_an_end_recorded_by_mistake_is_withdrawn_until_it_is_confirmed(both: House) -> None:
    made = make.world()
    recorded(made)
    with pytest.raises(Refused, match='的终止已登记，待第二人确认') as twice:
        recorded(made)
    with begin_as(made.people['acceptance_clerk'], org_id=made.org.id, at=make.NOW) as work:
        withdraw_end(work, filing_id=made.filing.id)
    with pytest.raises(Refused, match='没有登记终止'):
        confirmed(made)
    ended(made)
    with pytest.raises(Refused, match='不能撤销') as too_late, begin_as(made.people['acceptance_clerk'], org_id=made.org.id, at=make.NOW) as work:
        withdraw_end(work, filing_id=made.filing.id)
    with pytest.raises(Refused, match='处于“已终止”') as again:
        recorded(made)
    assert {twice.value.rule, too_late.value.rule, again.value.rule} == {'CERT-24'}


@shows('SEC-01')
def test_a_filing_of_another_centre_is_not_there(house_on_sqlite: House) -> None:
    mine, other = make.world(), make.world(n=2)
    for operation in (withdraw_end, confirm_end):
        with pytest.raises(NotYours), begin_as(mine.people['filing_clerk' if operation is withdraw_end else 'head'], at=make.NOW) as work:
            operation(work, filing_id=other.filing.id)


def test_the_desk_shows_an_end_until_it_is_confirmed(house_on_sqlite: House) -> None:
    made = make.world()

    def due() -> list[str]:
        with begin_as(made.people['centre_head'], at=make.NOW, reads=True) as work:
            return [i.sentence for i in desk(work)['due'] if i.rule == 'CERT-24']

    recorded(made)
    assert due() == [f'{made.org.name}的备案{made.filing.number}终止待第二人确认']
    confirmed(made)
    assert due() == []
    with pytest.raises(Refused, match='已经终止'), begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        filing_in_force(work)
