"""今日桌面: what is due, what is wrong, what is running. Every line is a link."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from app.access import Permission
from app.actors import Actor
from app.dashboard.items import Item
from app.dashboard.queries import desk, first_step
from app.work import look
from pages.frame import page
from pages.parts.basis import basis
from pages.parts.states import deadline_words

MOST = 30  # lines of a block drawn at a time, the most urgent


@page('/', title='今日桌面', needs=Permission.HELP_READ)
def home(me: Actor) -> None:
    """Three blocks side by side, drawn for the post of who is signed in."""
    with look(me) as work:
        found, first = desk(work), first_step(work)
    with ui.element('div').classes('dj-panels'):
        block('due', '待办', 'event_available', found['due'], f'没有到期的事项。{first}')
        block('wrong', '异常', 'error_outline', found['wrong'], '没有发现需要处理的问题。')
        block('running', '进行中', 'autorenew', found['running'], '没有正在进行的批次和任务。')


def block(kind: str, title: str, icon: str, items: Sequence[Item], empty: str) -> None:
    """Draw one block; without items it says what to do first."""
    with ui.card().classes(f'dj-panel dj-panel-{kind} w-full').props('role=region') as panel:
        panel.props['aria-label'] = title
        with ui.element('div').classes('dj-panel-head'):
            ui.icon(icon).props('aria-hidden=true')
            ui.label(f'{title}（{len(items)}）' if items else title).props('role=heading aria-level=2')
        if not items:
            ui.label(empty).classes('dj-quiet')
        with ui.element('ul').classes('dj-desk'):
            for item in items[:MOST]:
                line(item)
        if len(items) > MOST:
            ui.label(f'另有{len(items) - MOST}项，办完上面的以后显示；也可从左侧菜单进入各项查看。').classes('dj-note')


def line(item: Item) -> None:
    """Draw one line: what, the link to where it is done, until when, the clause."""
    with ui.element('li').classes(f'dj-desk-{item.grade}'):
        ui.link(item.sentence, item.address)
        if item.days_left is not None:
            ui.label(deadline_words(item.days_left)).classes(f'dj-mark dj-is-{item.grade}')
            ui.label(f'{item.due_on}{"（暂定）" if item.provisional else ""}').classes('dj-note')
        basis(item.rule)
