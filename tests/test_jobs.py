"""Long work: in the post of who asked, with progress, cancelled by him alone, and going on after a restart."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.access import Role
from app.errors import NotYours, Refused
from app.house import House, house
from app.jobs import Cancelled, Kind, Runner, Running, cancel_job, queue_job, wake
from app.users.operations import end_post
from app.work import begin_as
from db.batches import Batch
from db.jobs import Job
from db.users import Post
from tests import make


def queued(person: int, kind: str = 'count', **args: Any) -> int:
    with begin_as(person, at=make.NOW) as work:
        return queue_job(work, kind, '计数', **args).id


def job(job_id: int) -> Job:
    with house().engines.read.connect() as connection:
        return Job(**connection.execute(select(Job).where(col(Job.id) == job_id)).one()._mapping)


def state(job_id: int) -> tuple[str, int, int, str]:
    found = job(job_id)
    return found.state, found.done, found.total, found.message


def run(kind: Kind, name: str = 'count') -> bool:
    return Runner({name: kind}).run_next()


def test_a_job_runs_to_its_end_and_keeps_its_result(both: House) -> None:
    made = make.world()
    job_id = queued(made.people['registrar'], upto=3)

    def count(running: Running) -> None:
        for n in range(running.args['upto']):
            running.report(n + 1, running.args['upto'], f'第{n + 1}步')
        running.finish('完成', counted=running.args['upto'])

    assert run(count)
    found = job(job_id)
    assert (found.state, found.done, found.total, found.message, found.result) == ('done', 3, 3, '完成', {'counted': 3})
    assert found.ended_at is not None
    assert not run(count)


def test_jobs_are_taken_in_the_order_they_came_and_once_each(both: House) -> None:
    made = make.world()
    asked_for = [queued(made.people['registrar'], n=n) for n in range(6)]
    taken: list[int] = []
    lock = threading.Lock()

    def note(running: Running) -> None:
        with lock:
            taken.append(running.id)
        running.finish('完成')

    runner = Runner({'count': note})
    threads = [threading.Thread(target=lambda: [runner.run_next() for _ in range(3)]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == asked_for
    assert taken[0] == asked_for[0]


def test_a_stopped_job_goes_on_where_it_stood(both: House) -> None:
    made = make.world()
    job_id = queued(made.people['registrar'])
    seen: list[int] = []

    def killed(running: Running) -> None:
        running.report(2, 5, '到第2步', at=2)
        raise KeyboardInterrupt  # as a killed process: nothing after it runs

    def goes_on(running: Running) -> None:
        seen.append(running.cursor.get('at', 0))
        running.finish('完成')

    with pytest.raises(KeyboardInterrupt):
        run(killed)
    assert state(job_id) == ('running', 2, 5, '到第2步')
    assert not run(goes_on)  # nobody takes what is running
    runner = Runner({'count': goes_on}, threads=1)
    runner.start()
    _wait_for(lambda: job(job_id).state == 'done')
    runner.stop()
    assert seen == [2]


def test_a_slice_works_in_the_post_of_who_asked(both: House) -> None:
    made = make.world()
    kept = make.batch(made, sizes=(1, 1, 1), photos=False, close=False)
    queued(made.people['registrar'])
    seen: list[str] = []

    def change(running: Running) -> None:
        with running.look() as work:
            seen.append(work.actor.role)
            with pytest.raises(RuntimeError, match='look'):
                work.keep('batch.change', work.get(Batch, kept.id))
        with running.begin() as work:
            found = work.get(Batch, kept.id)
            found.title = '由任务更改'
            work.keep('batch.change', found)
        running.finish('完成')

    assert run(change)
    assert seen == [Role.REGISTRAR]
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        assert work.get(Batch, kept.id).title == '由任务更改'


def test_a_job_whose_post_has_ended_says_so(both: House) -> None:
    made = make.world()
    job_id = queued(made.people['registrar'])
    with begin_as(made.people['head'], at=make.NOW) as work:
        post = work.session.execute(select(Post).where(col(Post.person_id) == made.people['registrar'])).scalar_one()
        end_post(work, post_id=post.id, to_on=make.START)

    def looks(running: Running) -> None:
        with running.look():
            pass

    run(looks)
    assert state(job_id)[::3] == ('failed', '发起人的岗位已结束，任务停止；请由在岗人员重新发起。')


def test_a_refusal_is_the_result_and_our_mistake_a_number(both: House, caplog: pytest.LogCaptureFixture) -> None:
    made = make.world()
    refused_id, broken_id, unknown_id = (queued(made.people['registrar'], kind) for kind in ('refuse', 'break', 'nobody-knows'))

    def refuse(running: Running) -> None:
        raise Refused('名单中还没有考生，请先导入名单。')

    def break_down(running: Running) -> None:
        raise ZeroDivisionError

    runner = Runner({'refuse': refuse, 'break': break_down})
    with caplog.at_level(logging.CRITICAL):
        while runner.run_next():
            pass
    assert state(refused_id)[::3] == ('failed', '名单中还没有考生，请先导入名单。')
    for job_id in (broken_id, unknown_id):
        assert state(job_id)[::3] == ('failed', f'任务因程序错误中止，编号{job_id}，请把编号告诉管理员；已完成的部分保留。')


def test_a_cancelled_job_stops_at_its_next_report_and_stays_cancelled(both: House) -> None:
    made = make.world()
    job_id = queued(made.people['registrar'])
    after: list[str] = []

    def count(running: Running) -> None:
        running.report(1, 9, '第1步')
        with begin_as(made.people['registrar'], at=make.NOW) as work:
            cancel_job(work, job_id)
        try:
            running.report(2, 9, '第2步')
        except Cancelled:
            after.append('cancelled')
            raise
        running.finish('完成')

    run(count)
    assert after == ['cancelled']
    assert state(job_id) == ('cancelled', 1, 9, '已取消；取消前已完成的部分保留。')


def test_only_who_asked_cancels_and_only_what_has_not_ended(both: House) -> None:
    made = make.world()
    job_id = queued(made.people['registrar'])
    with pytest.raises(Refused, match='只能取消本人发起且尚未结束的任务'), begin_as(made.people['scorer'], at=make.NOW) as work:
        cancel_job(work, job_id)
    with pytest.raises(NotYours), begin_as(made.people['centre_head'], at=make.NOW) as work:
        cancel_job(work, job_id)
    run(lambda running: running.finish('完成'))
    with pytest.raises(Refused, match='只能取消'), begin_as(made.people['registrar'], at=make.NOW) as work:
        cancel_job(work, job_id)


def _wait_for(reached: Any, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not reached() and time.monotonic() < ends:
        time.sleep(0.02)
    assert reached()


@pytest.fixture
def runner(house_on_sqlite: House) -> Iterator[Runner]:
    made = Runner({'count': lambda running: running.finish('完成')}, threads=1)
    yield made
    made.stop()


def test_a_thread_lives_on_when_the_database_fails_it_once(runner: Runner, caplog: pytest.LogCaptureFixture) -> None:
    made = make.world()
    runner.start()

    def rename(old: str, new: str) -> None:
        with house().engines.write.begin() as connection:
            connection.exec_driver_sql(f'ALTER TABLE {old} RENAME TO {new}')

    rename('job', 'job_away')
    with caplog.at_level(logging.CRITICAL):
        wake()
        time.sleep(0.3)
        rename('job_away', 'job')
    job_id = queued(made.people['registrar'])
    wake()
    _wait_for(lambda: job(job_id).state == 'done')
