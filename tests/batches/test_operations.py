"""Making a batch, its sittings and its way to the scores, on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, update
from sqlmodel import Session, select

from app.batches.operations import (
    add_sitting,
    change_batch,
    close_registration,
    discard_sitting,
    make_batch,
    open_registration,
    reopen_registration,
)
from app.batches.queries import batch, batches, count_batches, group_word, groups_of, sittings_of
from app.errors import Changed, NotYours, Refused
from app.house import House, house
from app.registration.operations import write_rows
from app.registration.queries import candidates_by_ticket
from app.words import CHINA
from app.work import begin_as
from db.audit import Trail
from db.batches import Batch, Sitting
from db.organizations import Filing, Org
from db.premises import InfoSystem
from db.registration import Candidate
from tests import make, steps
from tests.shows import shows

FIRST, LAST = date(2026, 10, 24), date(2026, 10, 31)
NINE = datetime(2026, 10, 24, 9, tzinfo=CHINA)


def new(made: make.World, **change: Any) -> Batch:
    given = {'title': '第三批', 'first_on': FIRST, 'last_on': LAST, 'groups': [('4-10-01-03', '', 4)]} | change
    with begin_as(made.people['registrar'], at=make.NOW) as work:
        return make_batch(work, **given)


def sit(made: make.World, kept: Batch, **change: Any) -> Sitting:
    with begin_as(made.people['registrar'], at=make.NOW) as work:
        group = groups_of(work, kept.id)[0]
        given = {'group_id': group.id, 'subject': 'theory', 'room_no': 9, 'room': '机房九', 'starts_at': NINE, 'ends_at': NINE + timedelta(minutes=90)} | change
        return add_sitting(work, batch_id=kept.id, **given)


def do(made: make.World, operation: Callable[..., Any], by: str = 'registrar', **given: Any) -> Any:
    with begin_as(made.people[by], at=make.NOW) as work:
        return operation(work, **given)


def numbers(made: make.World, by: str = 'registrar') -> list[str]:
    with begin_as(made.people[by], at=make.NOW, reads=True) as work:
        assert count_batches(work, 1000) == len(batches(work)[0])
        return [row.batch.number for row in batches(work)[0]]


def test_batches_are_numbered_by_year_and_hold_groups_in_order(both: House) -> None:
    made = make.world()
    kept = new(made, groups=[('6-18-01-01', '普通车床', 2), ('6-18-01-01', '普通车床', 4), ('4-10-01-03', '', 5)])
    other = new(made, first_on=date(2027, 1, 4), last_on=date(2027, 1, 5))
    assert (kept.number, kept.state, kept.profile, len(kept.profile_version), new(made).number, other.number) == ('2026-001', 'preparing', 'demo', 12, '2026-002', '2027-001')
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        assert [(group_word(g), g.subjects) for g in groups_of(work, kept.id)] == [
            ('保育师五级', ['theory', 'practical']), ('车工（普通车床）四级', ['theory', 'practical']),
            ('车工（普通车床）二级', ['theory', 'practical', 'comprehensive'])]
    assert numbers(made) == ['2026-002', '2027-001', '2026-001']


@pytest.mark.parametrize(('change', 'rule', 'said'), [
    ({'groups': [('4-10-01-03', '', 2)]}, 'ORG-99', '不在备案范围内'), ({'groups': [('6-18-01-01', '', 4)]}, 'ORG-99', '不在备案范围内'),
    ({'groups': []}, 'OCC-14', '至少选择一个'), ({'groups': [('4-10-01-03', '', 4)] * 2}, 'OCC-14', '选择了两次'), ({'last_on': FIRST - timedelta(days=1)}, '', '早于开始日期'),
    ({'title': ' '}, '', '批次名称'), ({'first_on': date(2028, 3, 10), 'last_on': date(2028, 3, 17)}, 'ORG-90', '不在备案有效期')])
@shows('ORG-99', 'ORG-90', 'OCC-14')
def test_a_batch_that_may_not_be_is_not_made(house_on_sqlite: House, change: dict[str, Any], rule: str, said: str) -> None:
    made = make.world()
    with pytest.raises(Refused, match=said) as refused:
        new(made, **change)
    assert (refused.value.rule, numbers(made)) == (rule, [])


@shows('ORG-90')
def test_no_batch_without_a_confirmed_filing(house_on_sqlite: House) -> None:
    made = make.world()
    with house().engines.write.begin() as connection:
        connection.execute(update(Filing).values(state='proposed'))
    with pytest.raises(Refused, match='没有已确认的备案') as refused:
        new(made)
    assert refused.value.rule == 'ORG-90'


@shows('ROOM-09', 'TICK-07')
def test_sittings_are_kept_in_order_of_their_rooms_and_never_on_top_of_each_other(both: House) -> None:
    made = make.world()
    kept = new(made)
    sit(made, kept)
    sit(made, kept, room_no=2, room='机房二')
    for change, rule in (({'room_no': 2}, 'TICK-07'), ({'room_no': 3}, 'ROOM-09'), ({'room_no': 4, 'room': '机房四', 'ends_at': NINE}, ''), ({'room_no': 5, 'seats': -1}, ''),
                         ({'room_no': 6, 'room': ' '}, ''), ({'room_no': 7, 'subject': 'comprehensive'}, 'SCORE-02')):
        with pytest.raises(Refused) as refused:
            sit(made, kept, **change)
        assert refused.value.rule == rule
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        assert [(s.room_no, s.room) for s in sittings_of(work, kept.id)] == [(2, '机房二'), (9, '机房九')]


@shows('SCORE-02')
def test_a_subject_that_the_level_is_not_examined_in_has_no_sitting(house_on_sqlite: House) -> None:
    made = make.world()
    with pytest.raises(Refused, match='四级没有这个考核科目') as refused:
        sit(made, new(made), subject='comprehensive')
    assert refused.value.rule == 'SCORE-02'


def test_a_group_of_another_batch_has_no_sitting_here(house_on_sqlite: House) -> None:
    made = make.world()
    one, two = new(made), new(made)
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        foreign = groups_of(work, two.id)[0].id
    with pytest.raises(Refused, match='没有这个考核科目'):
        sit(made, one, group_id=foreign)


def test_a_wrongly_made_sitting_is_taken_out_with_a_reason(both: House) -> None:
    made = make.world()
    kept = new(made)
    sitting = sit(made, kept)
    with pytest.raises(Refused, match='理由'):
        do(made, discard_sitting, sitting_id=sitting.id, reason='错')
    do(made, discard_sitting, sitting_id=sitting.id, reason='考场号写错')
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        assert sittings_of(work, kept.id) == []
        told = [json.loads(row.body) for row in work.session.exec(select(Trail))]
    assert [e['note'] for e in told if e['verb'] == 'batch.discard_sitting'] == [{'room_no': sitting.room_no, 'reason': '考场号写错'}]


@shows('CERT-02')
def test_a_list_is_closed_with_everybodys_photo_and_seat(both: House) -> None:
    made = make.world()
    kept = new(made)
    with pytest.raises(Refused, match='当前状态是“筹备”'):
        do(made, close_registration, batch_id=_with_one(made).id)
    do(made, open_registration, batch_id=kept.id)
    with pytest.raises(Refused, match='名单中还没有考生'):
        do(made, close_registration, batch_id=kept.id)
    seatless = _with_one(made, seated=False)
    with pytest.raises(Refused, match='1人没有准考证号：考生1'):
        do(made, close_registration, batch_id=seatless.id)
    photoless = make.batch(made, sizes=(1,), groups=(('4-10-01-03', '', 4),), photos=False, close=False)
    with pytest.raises(Refused, match='1人缺照片：考生1') as refused:
        do(made, close_registration, batch_id=photoless.id)
    assert refused.value.rule == 'CERT-02'


@pytest.mark.parametrize(('kind', 'name'), [('exam_affairs', '考务管理系统'), ('computer_exam', '理论机考系统'), ('video', '视频监控系统')])
@shows('ORG-12')
def test_nobody_registers_before_all_three_systems_are_linked(house_on_sqlite: House, kind: str, name: str) -> None:
    made = make.world()
    kept = new(made)
    make.systems(made)
    with house().engines.write.begin() as connection:
        connection.execute(update(InfoSystem).where(InfoSystem.kind == kind).values(docking='testing'))  # type: ignore[arg-type]
    with pytest.raises(Refused, match=f'{name}尚未与省平台完成对接') as refused:
        do(made, open_registration, batch_id=kept.id)
    assert refused.value.rule == 'ORG-12' and len(refused.value.findings) == 1
    with house().engines.write.begin() as connection:
        connection.execute(update(InfoSystem).values(docking='docked'))
    assert do(made, open_registration, batch_id=kept.id).state == 'registering'


def _with_one(made: make.World, *, seated: bool | None = None) -> Batch:
    """Return a batch of one candidate with a photo: still preparing, or open without a seat."""
    kept = make.batch(made, sizes=(1,), groups=(('4-10-01-03', '', 4),), close=False)
    with house().engines.write.begin() as connection:
        if seated is None:
            connection.execute(update(Batch).where(Batch.id == kept.id).values(state='preparing'))  # type: ignore[arg-type]
        else:
            connection.execute(update(Candidate).where(Candidate.batch_id == kept.id).values(ticket_number=None))  # type: ignore[arg-type]
    return kept


def test_registration_is_opened_once_closed_and_reopened_while_no_score_stands(both: House) -> None:
    made = make.world()
    kept = make.batch(made, sizes=(1,), groups=(('4-10-01-03', '', 4),))
    with pytest.raises(Refused, match='不能“开始报名”'):
        do(made, open_registration, batch_id=kept.id)
    assert do(made, reopen_registration, batch_id=kept.id).state == 'registering'
    do(made, close_registration, batch_id=kept.id)
    steps.enter(made)
    with pytest.raises(Refused, match='已录入成绩，名单不能再改动') as refused:
        do(made, reopen_registration, batch_id=kept.id)
    assert refused.value.rule == 'SCORE-12'


@shows('SCORE-12')
def test_a_batch_whose_scores_are_signed_is_not_changed(both: House) -> None:
    made = make.world()
    kept = make.batch(made, sizes=(1,), groups=(('4-10-01-03', '', 4),))
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        sitting = sittings_of(work, kept.id)[0]
    assert do(made, change_batch, batch_id=kept.id, column='title', shown=kept.title, new='秋季批次')
    assert not do(made, change_batch, batch_id=kept.id, column='title', shown='秋季批次', new='秋季批次')
    with pytest.raises(Changed, match='改为“秋季批次”'):
        do(made, change_batch, by='exam_affairs', batch_id=kept.id, column='title', shown=kept.title, new='冬季批次')
    with pytest.raises(Refused, match='此项不能在这里修改'):
        do(made, change_batch, batch_id=kept.id, column='state', shown='scoring', new='signed')
    with pytest.raises(Refused, match='处于“成绩录入”，此项不能再改动'):
        do(made, discard_sitting, sitting_id=sitting.id, reason='考场号写错')
    steps.scored(made)
    for operation, given in ((change_batch, {'column': 'title', 'shown': '秋季批次', 'new': '冬季批次'}), (sit, None)):
        with pytest.raises(Refused, match='处于“成绩已签”，此项不能再改动') as refused:
            sit(made, kept, room_no=50) if given is None else do(made, operation, batch_id=kept.id, **given)
        assert refused.value.rule == 'SCORE-12'


def test_a_centre_reads_what_was_closed_and_never_a_draft(both: House) -> None:
    made = make.world()
    draft, closed = new(made), make.batch(made, sizes=(1,), groups=(('4-10-01-03', '', 4),))
    assert numbers(made, 'centre_head') == [closed.number]
    with begin_as(made.people['centre_head'], at=make.NOW, reads=True) as work:
        assert batch(work, closed.id).number == closed.number
        with pytest.raises(NotYours):
            batch(work, draft.id)
        with pytest.raises(Refused):
            candidates_by_ticket(work, closed.id)


def test_the_list_is_filtered_and_paged_by_key(both: House) -> None:
    made = make.world()
    make.systems(made)
    kept = [new(made, title=f'第{n}批') for n in range(1, 6)]
    do(made, open_registration, batch_id=kept[1].id)
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        def page(**asked: Any) -> tuple[list[str], bool]:
            rows, more = batches(work, **asked)
            return [r.batch.number[5:] for r in rows], more

        assert page(limit=2) == (['005', '004'], True)
        assert page(limit=2, before=kept[3].id) == (['003', '002'], True)
        assert page(limit=2, before=kept[1].id) == (['001'], False)
        assert page(limit=2, after=kept[1].id) == (['004', '003'], True)
        assert page(limit=2, last=True) == (['002', '001'], True)
        assert (page(find='第3'), page(find='2026-004'), page(find='%'), page(state='registering')) == ((['003'], False), (['004'], False), ([], False), (['002'], False))
        assert count_batches(work, 3) == 3


def test_rows_of_a_batch_that_is_not_open_are_refused(house_on_sqlite: House) -> None:
    made = make.world()
    kept = new(made)
    with pytest.raises(Refused, match='处于“筹备”，名单不能改动'):
        do(made, write_rows, batch_id=kept.id, rows=[])


def test_the_list_of_batches_is_ordered_by_number_and_day(both: House) -> None:
    made = make.world()
    for first in (date(2026, 10, 24), date(2026, 10, 20), date(2027, 1, 4)):
        new(made, first_on=first, last_on=first)
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        found = {sort: [row.batch.number for row in batches(work, sort=sort)[0]] for sort in ('', 'number', '-number', 'days', '-days')}
    assert found == {
        '': ['2027-001', '2026-002', '2026-001'], 'number': ['2026-001', '2026-002', '2027-001'], '-number': ['2027-001', '2026-002', '2026-001'],
        'days': ['2026-002', '2026-001', '2027-001'], '-days': ['2027-001', '2026-001', '2026-002']}


def test_a_page_of_batches_costs_as_many_queries_as_one_batch(both: House) -> None:
    made = make.world()
    make.batch(made)
    costs = []
    for _ in range(2):
        with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
            with counted() as sent:
                rows, _more = batches(work)
            costs.append(len(sent))
        new(made, title='第四批')
    assert [(row.batch.number, row.groups, row.candidates, row.org) for row in rows] == [
        ('2026-002', '保育师四级', 0, made.org.name), ('2026-001', '保育师四级、车工（普通车床）四级、车工（普通车床）二级', 8, made.org.name)]
    assert costs[0] == costs[1]


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements sent meanwhile."""
    sent: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(house().engines.write, 'before_cursor_execute', keep)
    yield sent
    event.remove(house().engines.write, 'before_cursor_execute', keep)


@shows('ORG-90', 'ORG-91')
@pytest.mark.parametrize(('name', 'rule'), [('henan', 'ORG-90'), ('hunan', 'ORG-91')])
def test_after_the_term_a_batch_is_refused_in_henan_and_needs_a_reason_elsewhere(house_on_sqlite: House, name: str, rule: str) -> None:
    made = make.world()
    with Session(house().engines.write) as session:
        session.get_one(Org, made.org.id).profile = name
        session.get_one(Filing, made.filing.id).valid_to = date(2026, 10, 1)
        session.commit()
    with pytest.raises(Refused) as refused:
        new(made)
    assert refused.value.rule == rule
    if name == 'henan':
        with pytest.raises(Refused, match='不在备案有效期'):
            new(made, reason='续期手续正在办理')
        return
    assert '仍须安排的写明理由' in refused.value.findings[0].sentence
    kept = new(made, reason='续期手续正在办理')
    assert [x['note'] for x in make.trail() if x['verb'] == 'batch.make' and x['row'] == kept.id] == [{'accepted': '续期手续正在办理'}]
