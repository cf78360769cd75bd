"""Which columns of a list a person sees; kept on the server for each person and list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nicegui import ui

from app.actors import Actor
from app.users.operations import set_preference
from app.users.queries import preference
from app.work import begin, look
from pages.parts.refusals import refusals

if TYPE_CHECKING:
    from pages.parts.listing import Column


def visible_columns(me: Actor, name: str, columns: Sequence[Column]) -> list[str]:
    """Return the keys of the columns to show; kept names that are no longer columns are left out."""
    with look(me) as work:
        kept = preference(work, f'list:{name}').get('columns')
    chosen = [c.key for c in columns if isinstance(kept, list) and c.key in kept]
    return chosen or _usual(columns)


def columns_menu(me: Actor, name: str, columns: Sequence[Column], on_change: Callable[[list[str]], None]) -> None:
    """Draw the button 列 with a tick box for each column; each tick is kept at once."""

    @refusals()
    def keep() -> None:
        chosen = [key for key, box in boxes.items() if box.value] or _usual(columns)
        with begin(me) as work:
            set_preference(work, f'list:{name}', {'columns': [*chosen]})
        on_change(chosen)

    @refusals()
    def reset() -> None:
        for key, box in boxes.items():
            box.value = key in _usual(columns)

    shown = visible_columns(me, name, columns)
    with ui.button('列', icon='view_column').props('outline aria-haspopup=dialog'), ui.menu().props('role=dialog aria-label=显示的列'), \
            ui.column().classes('gap-1 q-pa-sm'):
        boxes = {c.key: ui.checkbox(c.head, value=c.key in shown, on_change=keep).props('dense') for c in columns}
        ui.button('恢复默认', on_click=reset).props('flat dense')


def _usual(columns: Sequence[Column]) -> list[str]:
    return [c.key for c in columns if not c.hidden]
