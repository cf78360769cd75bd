"""Attachments of a record: scans and photos, listed, taken in, looked at and ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nicegui import run, ui

from app.actors import Actor
from app.files import MOST_ATTACHED, Scan, attached_file, attachments, file_bytes, store_scan
from app.words import china_time, screen_date
from app.work import Work, begin, look
from db.base import Owned
from db.files import Attachment, StoredFile
from pages.parts.confirm import confirm
from pages.parts.refusals import refusals
from pages.parts.upload import Given, size_words, upload


@dataclass(frozen=True, slots=True)
class Holder:
    """A record that holds attachments.

    kinds: {kind: word} that it takes, the usual one first · read: (work) → the record, asking for its permission
    attach: (work, scan, kind, title) · end: (work, attachment id) · hint: what to attach, as a sentence, when there is nothing yet
    open: (work, attachment id) → the file's row, where looking at a file asks for more than reading the record and leaves a trail entry
    """

    kinds: Mapping[str, str]
    read: Callable[[Work], Owned]
    attach: Callable[[Work, Scan, str, str], object]
    end: Callable[[Work, int], object]
    hint: str
    open: Callable[[Work, int], StoredFile] | None = None


def attached(me: Actor, holder: Holder, *, may: bool, opens: bool = True, changed: Callable[[], object] = lambda: None) -> None:
    """Draw the attachments of a record.

    may: whether the person may change the record · opens: whether he may look at the files · changed: called after one was taken in or ended
    """
    shown = _Attachments(me, holder, may=may, opens=opens, changed=changed)
    ui.html('附件', tag='h2', sanitize=False).classes('dj-heading')
    shown.table()
    if may:
        _taking(me, holder, shown.renew)


class _Attachments:
    """The table of what is attached."""

    def __init__(self, me: Actor, holder: Holder, *, may: bool, opens: bool, changed: Callable[[], object]) -> None:
        self.me, self.holder, self.may, self.opens, self.changed = me, holder, may, opens, changed
        self.table = ui.refreshable(self._table)

    def renew(self) -> None:
        """Draw what is attached now."""
        self.table.refresh()
        self.changed()

    def _table(self) -> None:
        with look(self.me) as work:
            held = [(a, work.get(StoredFile, a.file_id)) for a in attachments(work, self.holder.read(work).id)]
        if not held:
            ui.label(f'还没有附件。{self.holder.hint if self.may else ""}').classes('dj-note')
            return
        with ui.element('div').classes('dj-scroll').props('tabindex=0 role=region aria-label=附件'), ui.element('table').classes('dj-table'):
            with ui.element('thead'), ui.element('tr'):
                for head in ('种类', '说明', '文件', '大小', '上传', *(['办理'] if self.opens else [])):
                    ui.html(head, tag='th', sanitize=False).props('scope=col')
            with ui.element('tbody'):
                for attachment, stored in held:
                    self._line(attachment, stored)

    def _line(self, a: Attachment, stored: StoredFile) -> None:
        with ui.element('tr'):
            word, day = self.holder.kinds.get(a.kind, a.kind), screen_date(china_time(a.added_at).date())
            for text in (word, a.title, stored.name, size_words(stored.size), f'{a.added_by}　{day}'):
                with ui.element('td'):
                    ui.label(text)
            if not self.opens:
                return
            with ui.element('td'), ui.row().classes('gap-1 no-wrap'):
                ui.button('下载', on_click=lambda: self._fetch(a.id)).props('outline dense').props['aria-label'] = f'下载 {a.title}'
                if self.may:
                    ui.button('作废', on_click=lambda: self._end(a)).props('outline dense').props['aria-label'] = f'作废 {a.title}'

    @refusals()
    async def _fetch(self, attachment_id: int) -> None:
        if found := await run.io_bound(self._file, attachment_id):
            ui.download.content(found[1], found[0])

    def _file(self, attachment_id: int) -> tuple[str, bytes]:
        if self.holder.open:
            with begin(self.me) as work:
                kept = self.holder.open(work, attachment_id)
            return kept.name, file_bytes(kept)
        with look(self.me) as work:
            stored, data = attached_file(work, self.holder.read(work), attachment_id)
        return stored.name, data

    @refusals()
    async def _end(self, a: Attachment) -> None:
        if await confirm(f'作废附件“{a.title}”：不再列出和计数，文件和办理记录保留。', do='作废'):
            with begin(self.me) as work:
                self.holder.end(work, a.id)
            self.renew()


def _taking(me: Actor, holder: Holder, taken: Callable[[], object]) -> None:
    """Draw the place for a new attachment."""
    @refusals()
    async def take(given: Given) -> None:
        scan = await run.io_bound(store_scan, given.data, me.org_id, name=given.name)
        if scan is None:
            return
        with begin(me) as work:
            holder.attach(work, scan, kind.value or '', title.value or '')
        title.value = ''
        ui.notify(f'已上传“{scan.name}”。', type='positive', position='top')
        taken()

    with ui.row().classes('items-center gap-3'):
        kind = ui.select(dict(holder.kinds), value=next(iter(holder.kinds)), label='附件种类').props('outlined dense').style('min-width: 14em')
        title = ui.input('说明（可不填）').props('outlined dense maxlength=100').style('min-width: 14em')
        upload('上传扫描件或照片', most_bytes=MOST_ATTACHED, accept='.pdf,.jpg,.jpeg,.png', on_file=take, hint='PDF、JPG、PNG，')
