"""Long work in threads: shown with a progress bar, cancellable, kept over a restart."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from app.errors import Refused, SignedOut
from app.house import house
from app.work import Work, begin_as
from db.jobs import Job
from db.users import Post

log = logging.getLogger(__name__)

Kind = Callable[['Running'], None]
_queued = threading.Condition()


class Cancelled(Exception):
    """Raised inside a job at its next report after the person cancelled it."""


class Running:
    """A job at work: its arguments, where it stood, and how it reports."""

    def __init__(self, job: Job, role: str) -> None:
        self.id, self.person_id, self.org_id = job.id, job.person_id, job.org_id
        self.args: dict[str, Any] = job.args
        self.cursor: dict[str, Any] = dict(job.cursor)
        self._role = role

    @contextmanager
    def begin(self) -> Iterator[Work]:
        """Change in a slice of its own, in the post of who asked for the job."""
        with begin_as(self.person_id, role=self._role, org_id=self.org_id) as work:
            yield work

    @contextmanager
    def look(self) -> Iterator[Work]:
        """Read in the post of who asked for the job."""
        with begin_as(self.person_id, role=self._role, org_id=self.org_id, reads=True) as work:
            yield work

    def report(self, done: int, total: int, message: str = '', **cursor: Any) -> None:
        """Show progress and keep where to go on; raises Cancelled when the person cancelled."""
        self.cursor.update(cursor)
        with house().engines.write.begin() as connection:
            changed = connection.execute(update(Job).where(col(Job.id) == self.id, col(Job.state) == 'running').values(
                done=done, total=total, message=message[:500], cursor=self.cursor))
        if not changed.rowcount:
            raise Cancelled

    def finish(self, message: str, *, file_id: int | None = None, **result: Any) -> None:
        """Keep the result; the job is done."""
        _end(self.id, 'done', message, file_id, result)


class Runner:
    """Takes queued jobs one after the other in threads of its own."""

    def __init__(self, kinds: dict[str, Kind], threads: int = 2) -> None:
        self.kinds = kinds
        self._stopping = False
        self._threads = [threading.Thread(target=self._run, name=f'job-{n}', daemon=True) for n in range(threads)]

    def start(self) -> None:
        """Begin to work; jobs that a stopped process left running are taken up again where they stood."""
        with house().engines.write.begin() as connection:
            connection.execute(update(Job).where(col(Job.state) == 'running').values(state='queued'))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Take no further job; a running one goes on after the next start."""
        self._stopping = True
        wake()

    def _run(self) -> None:
        while not self._stopping:
            try:
                worked = self.run_next()
            except Exception:  # the database was busy or full for a moment: a thread that died would take no job again
                log.exception('taking or ending a job')
                worked = False
            if not worked:
                with _queued:
                    _queued.wait(timeout=1)

    def run_next(self) -> bool:
        """Run one queued job to its end in this thread; returns False when none waits."""
        taken = _take()
        if taken is None:
            return False
        job, role = taken
        try:
            self.kinds[job.kind](Running(job, role))
        except Cancelled:
            log.info('job %s cancelled', job.id)
        except Refused as refused:
            _end(job.id, 'failed', refused.sentence, None, {})
        except SignedOut:
            _end(job.id, 'failed', '发起人的岗位已结束，任务停止；请由在岗人员重新发起。', None, {})
        except Exception:
            log.exception('job %s of kind %s', job.id, job.kind)
            _end(job.id, 'failed', f'任务因程序错误中止，编号{job.id}，请把编号告诉管理员；已完成的部分保留。', None, {})
        return True


def wake() -> None:
    """Tell the runner that a job was queued, after its commit; without it the job waits up to a second."""
    with _queued:
        _queued.notify_all()


def queue_job(work: Work, kind: str, title: str, **args: Any) -> Job:
    """Queue long work within the transaction; wake the runner after the commit."""
    job = work.make(Job, kind=kind, title=title, args=args, person_id=work.actor.person_id, post_id=work.actor.post_id, made_at=work.now)
    work.session.add(job)
    work.session.flush()
    return job


def cancel_job(work: Work, job_id: int) -> None:
    """Cancel a queued or running job of one's own; what it finished so far stays. raises NotYours, Refused"""
    job = work.get(Job, job_id, lock=True)
    if job.person_id != work.actor.person_id or job.state not in ('queued', 'running'):
        raise Refused('只能取消本人发起且尚未结束的任务。')
    job.state, job.ended_at, job.message = 'cancelled', work.now, '已取消；取消前已完成的部分保留。'
    work.keep('job.cancel', job)


def _take() -> tuple[Job, str] | None:
    with house().engines.write.begin() as connection:
        found = connection.execute(
            select(Job).join(Post, col(Post.id) == Job.post_id).add_columns(col(Post.role))
            .where(col(Job.state) == 'queued').order_by(col(Job.id)).limit(1).with_for_update(skip_locked=True, of=Job)).one_or_none()
        if found is None:
            return None
        values = dict(found._mapping)
        role = str(values.pop('role'))
        connection.execute(update(Job).where(col(Job.id) == values['id']).values(state='running'))
    return Job(**values), role


def _end(job_id: int, state: str, message: str, file_id: int | None, result: dict[str, Any]) -> None:
    with house().engines.write.begin() as connection:
        connection.execute(update(Job).where(col(Job.id) == job_id, col(Job.state) == 'running').values(
            state=state, message=message[:500], result_file_id=file_id, result=result, ended_at=house().now()))
