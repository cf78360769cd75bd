"""Who did what to a record and when, out of the trail."""

from __future__ import annotations

from itertools import groupby

from nicegui import ui

from app.access import Permission
from app.actors import Actor
from app.users.history import MOST, history_of
from app.work import look


def history(me: Actor, *row_ids: int, needs: Permission) -> None:
    """Draw the trail of a record, newest first, with that of the rows that belong to it; `needs` is what reading the record asks for."""
    with look(me) as work:
        work.require(needs)
        events = history_of(work, *row_ids)
    if not events:
        ui.label('还没有办理记录。填写草稿时不逐项记录，提交和签字时各记一次。').classes('dj-note')
        return
    with ui.element('ol').classes('dj-history').props('aria-label=办理记录'):
        for event, same in groupby(events):  # one act on several rows that belong together, such as the points of a list
            many = len(list(same))
            with ui.element('li'):
                ui.label(f'{event.at:%Y-%m-%d %H:%M:%S}').classes('dj-history-at')
                ui.label(event.who)
                ui.label(f'{event.what}{f"（{many}条）" if many > 1 else ""}{f"：{event.why}" if event.why else ""}')
    if len(events) == MOST:
        ui.label(f'只显示最近{MOST}条，更早的请在操作记录中查看。').classes('dj-note')
