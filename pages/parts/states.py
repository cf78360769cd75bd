"""Where a row stands on its way, and how long there is left."""

from __future__ import annotations

from datetime import date

from nicegui import ui

from app.states import WORDS
from pages.parts.basis import basis


def stages(table: str, state: str) -> None:
    """Draw the states of a table in order: what is done, where it stands, what is still to come."""
    words = WORDS[table]
    now = list(words).index(state)
    with ui.element('ol').classes('dj-stages').props('aria-label=办理进度'):
        for at, word in enumerate(words.values()):
            said = '已完成' if at < now else '当前' if at == now else '未开始'
            step = ui.element('li').classes(f'dj-stage-{"done" if at < now else "now" if at == now else "open"}')
            if at == now:
                step.props('aria-current=step')
            with step:
                ui.label('✓' if at < now else str(at + 1)).classes('dj-stage-sign').props('aria-hidden=true')
                ui.label(word)
                ui.label(f'（{said}）').classes('dj-hidden')


def deadline(due_on: date, workdays_left: int, *, rule: str = '') -> None:
    """Draw how many working days are left until a day, with the rule that sets it.

    workdays_left: 0 on the day itself, negative when it has passed
    """
    grade = 'block' if workdays_left < 0 else 'warn' if workdays_left <= 3 else 'calm'
    with ui.row().classes('items-center gap-1 no-wrap'):
        ui.label(deadline_words(workdays_left)).classes(f'dj-mark dj-is-{grade}')
        ui.label(f'{due_on:%Y-%m-%d}').classes('dj-note')
        basis(rule)


def deadline_words(workdays_left: int) -> str:
    """Return 剩3个工作日, 今天到期 or 已超2个工作日."""
    if workdays_left == 0:
        return '今天到期'
    return f'剩{workdays_left}个工作日' if workdays_left > 0 else f'已超{-workdays_left}个工作日'
