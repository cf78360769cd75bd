"""任务: long work of the person, running and ended."""

from __future__ import annotations

from nicegui import ui
from sqlmodel import col, select

from app.access import Permission
from app.actors import Actor
from app.words import screen_moment
from app.work import Work, look
from db.jobs import Job
from pages.frame import page
from pages.parts.progress import STATES, faults_list, progress, result
from pages.parts.tables import table


@page('/jobs', title='任务', needs=Permission.HELP_READ)
def jobs_page(me: Actor) -> None:
    """What runs now with its progress, and the last fifty."""
    with look(me) as work:
        rows = jobs_of(work)
    for job in rows:
        if job.state in ('queued', 'running'):
            ui.label(job.title).classes('dj-strong')
            progress(me, job.id)
    table('任务', ('编号', '任务', '状态', '结果', '发起时间', '结束时间'), [
        (str(j.id), j.title, STATES[j.state], j.message, screen_moment(j.made_at), screen_moment(j.ended_at) if j.ended_at else '—') for j in rows],
        empty='还没有任务。导入名单、生成证书等较长的工作会列在这里，关闭页面也会继续。')
    for job in [j for j in rows if j.result.get('faults')]:
        with ui.expansion(f'未能处理的内容：{job.title}（{screen_moment(job.made_at)}）').classes('w-full'):
            faults_list(job.result['faults'])
    for job in rows:
        if job.result_file_id:
            with ui.row().classes('items-center gap-2'):
                result(me, job.result_file_id, f'下载：{job.title}（{screen_moment(job.made_at)}）')


def jobs_of(work: Work) -> list[Job]:
    """Return the person's own last fifty jobs, newest first."""
    return list(work.session.exec(select(Job).where(Job.person_id == work.actor.person_id).order_by(col(Job.id).desc()).limit(50)))
