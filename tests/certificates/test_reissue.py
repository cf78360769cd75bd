"""补发: the same entry on a new sheet (CERT-23), on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from app.access import Role
from app.certificates.documents import certificates_pdf
from app.certificates.operations import approve_reissue, note_reissue, refuse_reissue, request_reissue
from app.certificates.queries import Verified, certificates_of, counters, reissued_in, reissues_of, serials_are_whole, verify
from app.certificates.records import certificate_papers, reissue_papers
from app.dashboard.queries import desk
from app.errors import NotYours, Refused
from app.house import House
from app.users.history import history_of
from app.users.operations import give_post
from app.work import begin_as, visitor
from db.audit import Trail
from db.certificates import Certificate, Reissue
from tests import make, steps
from tests.shows import shows

LATER = steps.ON_ISSUE + timedelta(days=30)
REASON = '证书遗失，本人持身份证原件申请'


@pytest.fixture
def made(both: House) -> make.World:
    """A world with two issued certificates."""
    world = make.world()
    make.batch(world, sizes=(2,), groups=(('4-10-01-03', '', 4),))
    steps.through(world)
    return world


def certificate(made: make.World, serial: int = 1) -> Certificate:
    assert made.batch
    with begin_as(made.people['head'], at=LATER, reads=True) as work:
        return next(c for c in certificates_of(work, made.batch.id) if c.serial == serial)


def asked(made: make.World, serial: int = 1, *, reason: str = REASON, at: datetime = LATER) -> Reissue:
    with begin_as(made.people['certificate_clerk'], at=at) as work:
        return request_reissue(work, certificate_id=certificate(made, serial).id, reason=reason)


def granted(made: make.World, reissue: Reissue | None = None) -> Reissue:
    reissue = reissue or asked(made)
    with begin_as(made.people['head'], at=LATER) as work:
        return approve_reissue(work, reissue_id=reissue.id)


def printed(made: make.World, reissue: Reissue, at: datetime = LATER) -> bytes:
    with begin_as(made.people['certificate_clerk'], at=at, reads=True) as work:
        data = certificates_pdf(reissue_papers(work, reissue.id))
    with begin_as(made.people['certificate_clerk'], at=at) as work:
        note_reissue(work, reissue_id=reissue.id)
    return data


@shows('CERT-23')
def test_a_duplicate_is_the_same_paper_and_moves_no_counter(made: make.World) -> None:
    assert made.batch
    with begin_as(made.people['certificate_clerk'], at=LATER, reads=True) as work:
        before = certificate_papers(work, made.batch.id)
        first = certificates_pdf(before.of(before.people[:1]))
        last = [(c.level, c.last) for c in counters(work)]
    assert printed(made, granted(made)) == first
    with begin_as(made.people['head'], at=LATER, reads=True) as work:
        assert [(c.level, c.last) for c in counters(work)] == last == [(4, 2)]
        assert (serials_are_whole(work), work.session.exec(select(func.count()).select_from(Certificate)).one()) == ([], 2)
    make.batch(made, sizes=(1,), groups=(('4-10-01-03', '', 4),))
    assert steps.through(made) == [f'{made.filing.number}264000003']


@shows('CERT-23', 'DATA-14')
def test_the_public_query_tells_one_valid_certificate_before_and_after(made: make.World) -> None:
    def told() -> list[Verified]:
        with visitor() as work:
            return verify(work, {'number': '', 'name': '考生1', 'id_no': make.number(1)}, 2)

    before = told()
    printed(made, granted(made))
    assert told() == before
    assert [f.number for f in before] == [certificate(made).number]


@shows('CERT-23')
def test_the_ledger_tells_who_asked_who_granted_and_the_day_of_the_first_print(made: make.World) -> None:
    assert made.batch
    reissue = granted(made)
    for days in (0, 3):
        printed(made, reissue, LATER + timedelta(days=days))
    with begin_as(made.people['head'], at=LATER, reads=True) as work:
        kept = reissues_of(work, certificate(made).id)
        assert [(r.reason, r.requested_by, r.decided_by, r.state, r.reissued_on) for r in kept] == [
            (REASON, reissue.requested_by, '何立春（机构负责人）', 'reissued', LATER.date())]
        assert {c: [r.id for r in of] for c, of in reissued_in(work, made.batch.id).items()} == {certificate(made).id: [reissue.id]}
        assert [e.what for e in history_of(work, certificate(made).id)].count('打印补发证书') == 2
        assert [e.what for e in history_of(work, reissue.id)] == ['打印补发证书', '批准补发', '申请补发证书']


@shows('CERT-23')
def test_who_asked_does_not_grant_in_another_post(made: make.World) -> None:
    reissue = asked(made)
    clerk = made.people['certificate_clerk']
    with begin_as(made.people['head'], at=LATER) as work:
        give_post(work, person_id=clerk, role=Role.HEAD, from_on=make.START)
    with pytest.raises(Refused, match='须由另一人办理') as refused, begin_as(clerk, role=Role.HEAD, at=LATER) as work:
        approve_reissue(work, reissue_id=reissue.id)
    assert refused.value.rule == 'CERT-23'
    with pytest.raises(Refused, match='批准后才能打印补发证书') as early, begin_as(clerk, at=LATER, reads=True) as work:
        reissue_papers(work, reissue.id)
    assert early.value.rule == 'CERT-23'


@shows('CERT-23')
def test_what_was_not_granted_is_not_printed_and_may_be_asked_for_again(made: make.World) -> None:
    reissue = asked(made)
    with begin_as(made.people['head'], at=LATER) as work:
        refused = refuse_reissue(work, reissue_id=reissue.id, opinion='未出示身份证原件')
    assert (refused.state, refused.opinion) == ('refused', '未出示身份证原件')
    for act in (reissue_papers, lambda work, reissue_id: note_reissue(work, reissue_id=reissue_id)):
        with pytest.raises(Refused, match='补发处于“不予补发”'), begin_as(made.people['certificate_clerk'], at=LATER) as work:
            act(work, reissue.id)
    with pytest.raises(Refused, match='不能“批准补发”'), begin_as(made.people['head'], at=LATER) as work:
        approve_reissue(work, reissue_id=reissue.id)
    assert asked(made).state == 'requested'


@shows('CERT-23')
def test_one_request_at_a_time_with_a_written_reason(made: make.World) -> None:
    for reason in ('', '遗失', '！！！！'):
        with pytest.raises(Refused, match='补发原因'):
            asked(made, reason=reason)
    first = asked(made)
    assert asked(made, 2).state == 'requested'
    for _ in range(2):
        with pytest.raises(Refused, match='已有一项补发没有办完') as refused:
            asked(made)
        assert refused.value.rule == 'CERT-23'
        first = granted(made, first) if first.state == 'requested' else first
    printed(made, first)
    assert asked(made).state == 'requested'


@shows('CERT-23')
def test_only_an_issued_certificate_is_reissued(house_on_sqlite: House) -> None:
    made = make.world()
    make.batch(made, sizes=(1,), groups=(('4-10-01-03', '', 4),))
    steps.scored(made)
    steps.publicized(made)
    steps.approved(made)
    with pytest.raises(Refused, match='还没有登记发证') as refused:
        asked(made)
    assert refused.value.rule == 'CERT-23'


@shows('CERT-23', 'SEC-01')
def test_a_certificate_of_another_organisation_is_not_reissued(house_on_sqlite: House) -> None:
    mine, other = make.world(), make.world(n=2)
    for world in (mine, other):
        make.batch(world, sizes=(1,), groups=(('4-10-01-03', '', 4),))
        steps.through(world)
    reissue, foreign = granted(other), certificate(other)
    for operation, by, given in (
            (request_reissue, 'certificate_clerk', {'certificate_id': foreign.id, 'reason': REASON}), (approve_reissue, 'head', {'reissue_id': reissue.id}),
            (refuse_reissue, 'head', {'reissue_id': reissue.id, 'opinion': '不予办理'}), (note_reissue, 'certificate_clerk', {'reissue_id': reissue.id})):
        with pytest.raises(NotYours), begin_as(mine.people[by], at=LATER) as work:
            operation(work, **given)


@shows('CERT-23')
def test_the_desk_shows_a_reissue_until_it_is_printed(made: make.World) -> None:
    def due(by: str) -> list[str]:
        with begin_as(made.people[by], at=LATER, reads=True) as work:
            return [i.sentence.removeprefix(f'考生1的证书{certificate(made).number}') for i in desk(work)['due'] if i.rule == 'CERT-23']

    reissue = asked(made)
    assert due('head') == due('certificate_clerk') == ['补发待机构负责人批准']
    assert due('scorer') == []
    granted(made, reissue)
    assert due('certificate_clerk') == ['补发已批准，待打印']
    printed(made, reissue)
    assert due('head') == due('certificate_clerk') == []


def test_the_trail_holds_no_personal_value_of_a_reissue(made: make.World) -> None:
    printed(made, granted(made))
    with begin_as(made.people['head'], at=LATER, reads=True) as work:
        told = ''.join(work.session.exec(select(Trail.body).order_by(col(Trail.n).desc()).limit(5)))
    assert [word for word in (REASON, '考生1', make.number(1)) if word in told] == []
