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
    lines = []
    for at, word in enumerate(words.values()):
        said, look = ('已完成', 'done') if at < now else ('当前', 'now') if at == now else ('未开始', 'open')
        lines.append(
            f'<li class="dj-stage-{look}"{" aria-current=step" if at == now else ""}><div class="dj-stage-sign" aria-hidden="true">'
            f'{"✓" if at < now else at + 1}</div><div>{word}</div><div class="dj-hidden">（{said}）</div></li>')
    ui.html(''.join(lines), tag='ol', sanitize=False).classes('dj-stages').props('aria-label=办理进度')  # one element instead of thirty


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
