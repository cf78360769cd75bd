"""Two works meet in the database: one is kept, the other is told a sentence, never an error of the database."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import event
from sqlmodel import select

from app.errors import Refused
from app.house import House
from app.work import begin_as
from db.batches import Batch
from db.registration import Candidate
from tests import make
from tests.faults.prepared import AFTER_EXAM


def two_candidates(made: make.World) -> list[int]:
    batch_id = make.batch(made, sizes=(2, 1, 1), close=False).id
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        return [c.id for c in work.session.exec(select(Candidate).where(Candidate.batch_id == batch_id).order_by(Candidate.seq))][:2]  # type: ignore[arg-type]


def test_what_stands_already_is_refused_with_a_sentence(both: House) -> None:
    made = make.world()
    batch = make.batch(made)
    with pytest.raises(Refused, match='同样的内容刚刚已由他人保存') as refused, begin_as(made.people['registrar'], at=make.NOW) as work:
        work.keep('batch.change', work.make(Batch, **batch.model_dump(exclude={'id', 'revision'})))
    assert refused.value.__cause__
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        assert len(work.session.exec(select(Batch)).all()) == 1


def test_a_mistake_of_ours_is_not_told_as_the_persons(both: House) -> None:
    made = make.world()
    batch = make.batch(made)
    batch_values = batch.model_dump(exclude={'id', 'revision'}) | {'number': '2026-099', 'filing_id': 1}
    with pytest.raises(Exception, match='(?i)foreign key') as fault, begin_as(made.people['registrar'], at=make.NOW) as work:
        work.keep('batch.change', work.make(Batch, **batch_values))
    assert not isinstance(fault.value, Refused)


def test_the_later_of_two_on_one_row_is_refused(both: House) -> None:
    if both.engines.is_sqlite:
        pytest.skip('SQLite lets one writer in at a time')
    made = make.world()
    candidate_id = two_candidates(made)[0]
    with pytest.raises(Refused, match='已被他人修改'), begin_as(made.people['registrar'], at=AFTER_EXAM) as work:
        mine = work.get(Candidate, candidate_id)
        with begin_as(made.people['registrar'], at=AFTER_EXAM) as other:
            theirs = other.get(Candidate, candidate_id)
            theirs.employer = '先到单位'
            other.keep('registration.change', theirs)
        mine.employer = '后到单位'
        work.keep('registration.change', mine)
    with begin_as(made.people['registrar'], at=AFTER_EXAM, reads=True) as work:
        assert work.get(Candidate, candidate_id).employer == '先到单位'


def test_one_of_two_that_wait_for_each_other_is_told_to_try_again(both: House) -> None:
    if both.engines.is_sqlite:
        pytest.skip('SQLite lets one writer in at a time')
    made = make.world()
    ids, gate, said = two_candidates(made), threading.Barrier(2), list[str]()

    def lock(first: int, second: int) -> None:
        try:
            with begin_as(made.people['registrar'], at=AFTER_EXAM) as work:
                work.get(Candidate, first, lock=True)
                gate.wait()
                work.get(Candidate, second, lock=True)
        except Refused as refused:
            said.append(refused.sentence)

    threads = [threading.Thread(target=lock, args=pair) for pair in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == ['数据库正忙，您的更改没有保存。请稍等片刻，再办理一次。']


def test_a_writer_that_waits_too_long_is_told_so_while_readers_go_on(house_on_sqlite: House) -> None:
    made = make.world()
    batch = make.batch(made)

    @event.listens_for(house_on_sqlite.engines.write, 'connect')
    def shorten(connection: object, _record: object) -> None:
        connection.execute('PRAGMA busy_timeout=100')  # type: ignore[attr-defined]

    house_on_sqlite.engines.write.dispose()
    with house_on_sqlite.engines.write.begin():
        with pytest.raises(Refused, match='数据库正忙，您的更改没有保存'), begin_as(made.people['registrar'], at=make.NOW) as work:
            work.get(Batch, batch.id)
        with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
            assert work.get(Batch, batch.id).state == 'scoring'
