"""Attachments of a record: scans and photos, listed, taken in, looked at and ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nicegui import run, ui

from app.actors import Actor
from app.files import MOST_ATTACHED, Scan, attached_file, attachments, store_scan
from app.words import china_time, screen_date
from app.work import Work, look
from db.base import Owned
from db.files import Attachment, StoredFile
from pages.parts.confirm import confirm
from pages.parts.refusals import refusals
from pages.parts.upload import Given, size_words, upload

Held = list[tuple[Attachment, StoredFile]]


def attached(
        me: Actor, kinds: Mapping[str, str], *, read: Callable[[Work], Owned], attach: Callable[[Scan, str, str], object], end: Callable[[int], object], may: bool,
        hint: str) -> None:
    """Draw the attachments of a record.

    kinds: {kind: word} that it takes · read: (work) → the record, asking for its permission · attach: (scan, kind, title) · end: (attachment id)
    may: whether the person may change the record · hint: what to attach, as a sentence, when there is nothing yet
    """
    @ui.refreshable
    def drawn() -> None:
        with look(me) as work:
            held: Held = [(a, work.get(StoredFile, a.file_id)) for a in attachments(work, read(work).id)]
        if not held:
            ui.label(f'还没有附件。{hint if may else ""}').classes('dj-note')
            return
        with ui.element('div').classes('dj-scroll').props('tabindex=0 role=region aria-label=附件'), ui.element('table').classes('dj-table'):
            with ui.element('thead'), ui.element('tr'):
                for head in ('种类', '说明', '文件', '大小', '上传', '办理'):
                    ui.html(head, tag='th', sanitize=False).props('scope=col')
            with ui.element('tbody'):
                for attachment, stored in held:
                    line(attachment, stored)

    def line(a: Attachment, stored: StoredFile) -> None:
        with ui.element('tr'):
            for text in (kinds.get(a.kind, a.kind), a.title, stored.name, size_words(stored.size), f'{a.added_by}　{screen_date(china_time(a.added_at).date())}'):
                with ui.element('td'):
                    ui.label(text)
            with ui.element('td'), ui.row().classes('gap-1 no-wrap'):
                ui.button('下载', on_click=lambda: fetch(a.id)).props('outline dense').props['aria-label'] = f'下载 {a.title}'
                if may:
                    ui.button('作废', on_click=lambda: ended(a)).props('outline dense').props['aria-label'] = f'作废 {a.title}'

    @refusals()
    async def fetch(attachment_id: int) -> None:
        def of() -> tuple[str, bytes]:
            with look(me) as work:
                stored, data = attached_file(work, read(work), attachment_id)
            return stored.name, data

        if found := await run.io_bound(of):
            ui.download.content(found[1], found[0])

    @refusals()
    async def ended(a: Attachment) -> None:
        if await confirm(f'作废附件“{a.title}”：不再列出和计数，文件和办理记录保留。', do='作废'):
            end(a.id)
            drawn.refresh()

    @refusals()
    async def take(given: Given) -> None:
        scan = await run.io_bound(store_scan, given.data, me.org_id, name=given.name)
        if scan is None:
            return
        attach(scan, kind.value or '', title.value or '')
        title.value = ''
        ui.notify(f'已上传“{scan.name}”。', type='positive', position='top')
        drawn.refresh()

    ui.html('附件', tag='h2', sanitize=False).classes('dj-heading')
    drawn()
    if may:
        with ui.row().classes('items-center gap-3'):
            kind = ui.select(dict(kinds), value=next(iter(kinds)), label='附件种类').props('outlined dense').style('min-width: 12em')
            title = ui.input('说明（可不填）').props('outlined dense maxlength=100').style('min-width: 14em')
            upload('上传扫描件或照片', most_bytes=MOST_ATTACHED, accept='.pdf,.jpg,.jpeg,.png', on_file=take, hint='PDF、JPG、PNG，')
