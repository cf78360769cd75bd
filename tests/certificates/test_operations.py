"""Approval, numbers and issue, on both databases."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.batches.queries import batch as get_batch
from app.certificates.operations import approve, check_approval, note_print, start_counter
from app.certificates.printing import KINDS, queue_print
from app.certificates.queries import certificates, certificates_of, counters, passed_people, serials_are_whole
from app.certificates.rules import list_hash
from app.errors import Refused
from app.house import House, house
from app.jobs import Runner
from app.registration.queries import candidates_by_ticket
from app.words import CHINA
from app.work import begin_as
from db.audit import Trail
from db.certificates import Approval, Certificate, SerialCounter
from db.jobs import Job
from db.organizations import FiledRange, Filing
from tests import make, steps
from tests.shows import shows

SMALL = (('4-10-01-03', '', 4),)


def small(world: make.World, size: int = 2) -> make.World:
    """Return a world with a batch of one group, ready to be approved."""
    make.batch(world, sizes=(size,), groups=SMALL)
    steps.scored(world)
    steps.publicized(world)
    return world


def kept() -> tuple[int, int, list[tuple[int, int]]]:
    """Return how many certificates and approvals there are, and every counter (level, last)."""
    with house().engines.read.connect() as connection:
        count = [connection.execute(select(func.count()).select_from(t)).scalar_one() for t in (Certificate, Approval)]
        return count[0], count[1], [(c.level, c.last) for c in connection.execute(select(col(SerialCounter.level), col(SerialCounter.last))).all()]


def start(made: make.World, last: int, *, level: int = 4, year: int = 2026) -> SerialCounter:
    with begin_as(made.people['certificate_clerk'], at=make.NOW) as work:
        return start_counter(work, year=year, level=level, last=last)


@shows('CERT-35', 'CERT-20', 'CERT-01')
def test_approval_gives_each_who_passed_one_number_that_begins_with_the_filing_number(both: House) -> None:
    made = small(make.world(), 3)
    numbers = steps.approved(made)
    assert numbers == [f'{made.filing.number}264{n:06d}' for n in (1, 2, 3)]
    assert kept() == (3, 1, [(4, 3)])
    with begin_as(made.people['head'], at=steps.AFTER_PUBLICITY, reads=True) as work:
        people = {c.id: c for c in candidates_by_ticket(work, made.batch.id)}  # type: ignore[union-attr]
        for c in certificates_of(work, made.batch.id):  # type: ignore[union-attr]
            assert (c.name, work.unseal_id(c), c.id_no_masked) == (
                people[c.candidate_id].name, work.unseal_id(people[c.candidate_id]), people[c.candidate_id].id_no_masked)
            assert (c.org_name, c.state, c.issued_on, c.year) == (made.org.name, 'numbered', steps.ISSUED_ON, 2026)


@shows('CERT-18')
def test_a_serial_beyond_999999_is_refused_and_nothing_is_half_done(both: House) -> None:
    made = small(make.world(), 2)
    start(made, 999_998)
    with pytest.raises(Refused) as refused:
        steps.approved(made)
    assert refused.value.rule == 'CERT-18'
    assert kept() == (0, 0, [(4, 999_998)])
    with begin_as(made.people['head'], at=steps.AFTER_PUBLICITY, reads=True) as work:
        assert get_batch(work, made.batch.id).state == 'publicized'  # type: ignore[union-attr]


@shows('CERT-18')
def test_the_last_serial_of_six_digits_is_given(house_on_sqlite: House) -> None:
    made = small(make.world(), 1)
    start(made, 999_998)
    assert steps.approved(made) == [f'{made.filing.number}264999999']


@shows('CERT-21', 'CERT-22')
def test_the_next_batch_goes_on_and_the_next_year_begins_anew(both: House) -> None:
    made = small(make.world(), 2)
    first = steps.approved(made)
    small(made, 1)
    second = steps.approved(made)
    small(made, 1)
    third = steps.approved(made, at=datetime(2026, 12, 31, 9, tzinfo=CHINA), issued_on=date(2027, 1, 4))
    assert [n[13:] for n in (*first, *second, *third)] == ['264000001', '264000002', '264000003', '274000001']
    with begin_as(made.people['head'], at=steps.AFTER_PUBLICITY, reads=True) as work:
        assert [(c.year, c.level, c.last) for c in counters(work)] == [(2027, 4, 1), (2026, 4, 3)]
        assert serials_are_whole(work) == []


@shows('CERT-21')
def test_a_gap_or_a_number_without_a_row_is_found(house_on_sqlite: House) -> None:
    made = small(make.world(), 3)
    steps.approved(made)
    with house().engines.write.begin() as connection:
        connection.execute(update(SerialCounter).values(last=5))
    with begin_as(made.people['head'], at=steps.AFTER_PUBLICITY, reads=True) as work:
        assert serials_are_whole(work) == ['2026年4级：计数器到000005，证书3本（1–3），请立即停止发证并联系管理员。']


@shows('CERT-21', 'CERT-22')
def test_a_counter_is_started_before_its_first_number_only(both: House) -> None:
    made = small(make.world(), 1)
    start(made, 118)
    for again in (118, 119, 0):
        with pytest.raises(Refused, match='计数器已经启用，不能再改起点') as refused:
            start(made, again)
        assert refused.value.rule == 'CERT-21'
    assert steps.approved(made) == [f'{made.filing.number}264000119']
    small(made, 1)
    make.batch(made, sizes=(1,), groups=(('4-10-01-03', '', 5),))
    steps.scored(made)
    steps.publicized(made)
    steps.approved(made)
    with pytest.raises(Refused, match='已经启用'):
        start(made, 7, level=5)


@pytest.mark.parametrize(('said', 'rule'), [
    ({'level': 6}, 'CERT-21'), ({'level': 0}, 'CERT-21'), ({'last': -1}, 'CERT-21'), ({'last': 1_000_000}, 'CERT-21'), ({'year': 2025}, 'CERT-22'), ({'year': 26}, 'CERT-22')])
@shows('CERT-21', 'CERT-22')
def test_a_counter_out_of_range_is_refused(house_on_sqlite: House, said: dict[str, int], rule: str) -> None:
    made = make.world()
    with pytest.raises(Refused) as refused:
        start(made, **{'last': 1} | said)
    assert (refused.value.rule, kept()[2]) == (rule, [])


@shows('CERT-35')
def test_another_list_than_the_one_on_the_screen_is_not_signed(both: House) -> None:
    made = small(make.world())
    assert made.batch
    with begin_as(made.people['head'], at=steps.AFTER_PUBLICITY, reads=True) as work:
        people = passed_people(work, made.batch.id)
    for shown in (list_hash(people[1:], steps.ISSUED_ON), list_hash(people, steps.ISSUED_ON + timedelta(days=1)), ''):
        with pytest.raises(Refused, match='签批没有生效') as refused, begin_as(made.people['head'], at=steps.AFTER_PUBLICITY) as work:
            approve(work, batch_id=made.batch.id, issued_on=steps.ISSUED_ON, shown_hash=shown, objections='无异议')
        assert refused.value.rule == 'CERT-35'
    assert kept() == (0, 0, [])


@shows('CERT-35', 'CERT-16', 'SCORE-19')
def test_what_must_hold_before_numbers_are_given(both: House) -> None:
    made = small(make.world())
    for change, said, rule in (
            ({'at': datetime(2026, 11, 10, 23, 59, tzinfo=CHINA)}, '公示期到2026-11-10止', 'SCORE-19'),
            ({'issued_on': date(2026, 11, 10)}, '早于签批当天', 'CERT-16'), ({'issued_on': date(2026, 12, 13)}, '超过一个月', 'CERT-16')):
        with pytest.raises(Refused, match=said) as refused:
            steps.approved(made, **change)  # type: ignore[arg-type]
        assert refused.value.rule == rule
    assert kept() == (0, 0, [])
    assert made.batch
    with begin_as(made.people['head'], at=steps.AFTER_PUBLICITY, reads=True) as work:  # what is asked before numbers are announced, by who may only look
        people = passed_people(work, made.batch.id)
        asked: dict[str, Any] = {'batch_id': made.batch.id, 'issued_on': steps.ISSUED_ON, 'shown_hash': list_hash(people, steps.ISSUED_ON), 'objections': '无异议'}
        assert check_approval(work, **asked) == people
        with pytest.raises(Refused, match='“公示结果”'):
            check_approval(work, **asked | {'objections': ''})
    steps.approved(made)
    with pytest.raises(Refused, match='当前状态是“已签批编号”') as twice:
        steps.approved(made)
    assert (twice.value.rule, kept()) == ('CERT-35', (2, 1, [(4, 2)]))


@shows('CERT-35')
def test_certificates_without_numbers_are_not_printed(house_on_sqlite: House) -> None:
    made = small(make.world())
    assert made.batch
    with begin_as(made.people['certificate_clerk'], at=steps.AFTER_PUBLICITY) as work:
        job_id = queue_print(work, batch_id=made.batch.id, layout='handbook', frame=False).id
    assert Runner(KINDS).run_next()
    with begin_as(made.people['certificate_clerk'], at=steps.AFTER_PUBLICITY, reads=True) as work:
        job = work.get(Job, job_id)
    assert (job.state, job.message) == ('failed', '本批次没有已编号的证书，请在机构负责人签批生成编号后再打印。')


@shows('CERT-01')
def test_nobody_passed_means_no_certificates(both: House) -> None:
    made = make.world()
    make.batch(made, sizes=(1,), groups=SMALL)
    steps.scored(made, {1: {'theory': '59.9'}})
    steps.publicized(made)
    with pytest.raises(Refused, match='没有合格人员') as refused:
        steps.approved(made)
    assert refused.value.rule == 'CERT-01'


@shows('CERT-24')
def test_numbers_are_not_given_on_an_ended_filing(house_on_sqlite: House) -> None:
    made = small(make.world())
    with house().engines.write.begin() as connection:
        connection.execute(update(Filing).values(state='ended'))
    with pytest.raises(Refused, match='已经终止') as refused:
        steps.approved(made)
    assert (refused.value.rule, kept()) == ('CERT-24', (0, 0, []))


@shows('ORG-99')
@pytest.mark.parametrize(('change', 'rule', 'sentence'), [
    ({'levels': [5]}, 'ORG-99', '不在备案范围内'), ({'ended_on': date(2026, 10, 30)}, 'ORG-90', '备案到2026-10-30为止，2026-10-31不在其内')])  # the batch ends on 10-31
def test_numbers_are_not_given_outside_the_filed_range(house_on_sqlite: House, change: dict[str, Any], rule: str, sentence: str) -> None:
    made = small(make.world())
    with house().engines.write.begin() as connection:
        connection.execute(update(FiledRange).where(col(FiledRange.occupation_code) == '4-10-01-03').values(**change))
    with pytest.raises(Refused, match=sentence) as refused:
        steps.approved(made)
    assert (refused.value.rule, kept()) == (rule, (0, 0, []))


@shows('CERT-01', 'CERT-16')
def test_certificates_are_issued_on_their_day_and_once(both: House) -> None:
    made = small(make.world())
    steps.approved(made)
    with pytest.raises(Refused, match='证书上的发证日期是2026-11-12') as early:
        steps.issued(made, at=datetime(2026, 11, 11, 23, tzinfo=CHINA))
    assert early.value.rule == 'CERT-16'
    assert steps.issued(made) == 2
    with pytest.raises(Refused, match='当前状态是“已发证”'):
        steps.issued(made)


def test_a_print_is_told_and_the_first_one_is_kept(both: House) -> None:
    made = small(make.world())
    steps.approved(made)
    assert made.batch
    for hours in (0, 1):
        with begin_as(made.people['certificate_clerk'], at=steps.ON_ISSUE + timedelta(hours=hours)) as work:
            note_print(work, batch_id=made.batch.id, form='F-CERT')
    with begin_as(made.people['certificate_clerk'], at=steps.ON_ISSUE, reads=True) as work:
        assert {c.printed_at for c in certificates_of(work, made.batch.id)} == {steps.ON_ISSUE}
        assert work.session.exec(select(func.count()).select_from(Trail).where(col(Trail.row_id) == made.batch.id, col(Trail.body).contains('certificates.print'))).scalar_one() == 2


@shows('CERT-01')
def test_a_certificate_and_its_number_stand_once(house_on_sqlite: House) -> None:
    made = small(make.world())
    steps.approved(made)
    with house().engines.read.connect() as connection:
        row = dict(connection.execute(select(Certificate).limit(1)).one()._mapping)
    for change in ({}, {'candidate_id': 1, 'serial': 77}, {'number': 'S000099010001264000099', 'serial': 99}):
        with pytest.raises(IntegrityError), house().engines.write.begin() as connection:
            connection.execute(Certificate.__table__.insert().values(**row | {'id': 5} | change))  # type: ignore[attr-defined]


def test_the_list_is_searched_by_number_name_and_whole_id_number(house_on_sqlite: House) -> None:
    issued = small(make.world())
    steps.approved(issued)
    with begin_as(issued.people['certificate_clerk'], at=steps.ON_ISSUE, reads=True) as work:
        for text in (f'{issued.filing.number.lower()}264000001', '考生1', f' {make.number(1)[:6]} {make.number(1)[6:]}'):
            assert [c.serial for c in certificates(work, find=text)[0]] == [1]
        assert [c.serial for c in certificates(work, find=make.number(1)[:10])[0]] == []
        assert [c.serial for c in certificates(work, limit=1)[0]] == [2] and certificates(work, limit=1)[1] is True
