"""操作记录: the trail, and the check that nobody changed it."""

from __future__ import annotations

from nicegui import run, ui

from app.access import Permission
from app.actors import Actor
from app.audit import Broken
from app.dashboard.queries import check_trail, trail
from app.users.history import verb_word
from app.words import screen_moment
from app.work import look
from pages.frame import page
from pages.parts.refusals import refusals
from pages.parts.tables import table

FAULTS = {'changed': '内容被改动', 'missing': '缺少一条', 'cut': '末尾被截断', 'seal': '与签名的封存值不符'}


@page('/audit', title='操作记录', needs=Permission.AUDIT_READ)
def audit_page(me: Actor, before: int = 0) -> None:
    """Entries newest first, fifty a page."""
    with look(me) as work:
        rows, more = trail(work, before=before)
    told = ui.label('每一项更改、查看完整证件号码、打印和导出都留有记录，记录之间以校验值相连，不能修改和删除。').classes('dj-note').props('role=status')

    def read() -> list[Broken]:
        with look(me) as work:
            return check_trail(work)

    @refusals()
    async def check() -> None:
        told.set_text('正在核对全部记录…')
        faults = await run.io_bound(read)
        if faults is not None:
            told.set_text('核对完毕：记录完整，没有被改动。' if not faults else '；'.join(f'第{f.n}条：{FAULTS[f.what]}' for f in faults[:20]) + '。请立即报告负责人。')

    ui.button('核对记录是否完整', icon='fact_check', on_click=check).props('outline')
    table('操作记录', ('序号', '时间', '办理人', '事项', '对象编号'), [
        (str(e.n), screen_moment(e.at), e.who, verb_word(e.verb), str(e.row_id)) for e in rows])
    with ui.row().classes('gap-2'):
        if before:
            ui.button('最新').props('outline dense href=/audit')
        if more and rows:
            ui.button('更早').props(f'outline dense href=/audit?before={rows[-1].n}')
