"""A job on the page: how far it is, what came out, and the button that stops it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nicegui import ui

from app.actors import Actor
from app.files import own_file
from app.jobs import cancel_job
from app.work import begin, look
from db.files import StoredFile
from db.jobs import Job
from pages.parts.confirm import confirm
from pages.parts.preview import preview_button
from pages.parts.refusals import refusals

OFTEN_S = 0.5
STATES = {'queued': '排队中', 'running': '进行中', 'done': '已完成', 'failed': '未完成', 'cancelled': '已取消'}


def progress(me: Actor, job_id: int, *, on_end: Callable[[Job], None] | None = None) -> None:
    """Draw a job and follow it until its end, also over a restart of the server and a reload of the page."""
    box = ui.column().classes('dj-job w-full gap-1').props('role=group aria-label=任务进度')
    with box:
        state = ui.label().classes('dj-job-title').props('role=status')
        bar = ui.linear_progress(0, show_value=False).props('aria-label=完成比例')
        message = ui.label().classes('dj-note dj-sentence')
        buttons = ui.row().classes('gap-2')
    ended = False

    @refusals()
    def tick() -> None:
        nonlocal ended
        try:
            with look(me) as work:
                job = work.get(Job, job_id)
        except BaseException:
            timer.deactivate()  # signed out or not ours: asking again would show the same twice a second
            raise
        show(job)
        if job.state not in ('queued', 'running') and not ended:
            ended = True
            timer.deactivate()
            draw_end(job)
            if on_end:
                on_end(job)

    def show(job: Job) -> None:
        part = f'　{job.done:,} / {job.total:,}' if job.total else ''
        state.set_text(f'{job.title}：{STATES[job.state]}{part}')
        bar.set_value(1 if job.state == 'done' else job.done / job.total if job.total else 0)
        message.set_text(job.message)

    @refusals()
    async def stop() -> None:
        if await confirm('停止后，已完成的部分保留，未完成的部分不再办理。', do='停止任务', title='停止任务'):
            with begin(me) as work:
                cancel_job(work, job_id)
            tick()

    def draw_end(job: Job) -> None:
        buttons.clear()
        if faults := job.result.get('faults'):
            with box:
                faults_list(faults)
        if job.result_file_id:
            with buttons:
                result(me, job.result_file_id, '下载结果')

    with buttons:
        ui.button('停止任务', icon='stop', on_click=stop).props('outline dense')
    timer = ui.timer(OFTEN_S, tick, immediate=False)
    tick()


def result(me: Actor, file_id: int, word: str) -> None:
    """Draw the way to a file that a job of this person made: the download, and the preview of a PDF."""
    def read() -> bytes:
        with look(me) as work:
            return own_file(work, file_id)[1]

    with look(me) as work:
        kept = work.get(StoredFile, file_id)
    ui.button(word, icon='download').props(f'outline dense href=/files/{file_id}')
    if kept.content_type == 'application/pdf':
        preview_button(kept.name.removesuffix('.pdf'), read, icon='visibility')


def faults_list(faults: Sequence[str]) -> None:
    """Draw what a job could not take, one sentence a line: what is wrong and what to do."""
    with ui.element('ul').classes('dj-faults').props('aria-label=未能处理的内容'):
        for sentence in faults:
            with ui.element('li'):
                ui.label(sentence)
