"""A day asked for beside a button: typed as a form saved while typing takes it (form.py), or picked; read back as a day or refused in words."""

from __future__ import annotations

from datetime import date

from nicegui import ui

from app.errors import Refused
from app.intake_cells import value_of


def day_box(label: str, value: date | str | None = None) -> ui.input:
    """Draw a box for a day. label: with ' *' where a day must be given · value: the day that stands in it, None or '': none"""
    box = ui.input(label, value=f'{value or ""}', placeholder='例如 2026-01-05').props('outlined dense stack-label maxlength=20 autocomplete=off')
    with box.add_slot('append'):
        ui.button(icon='event', color=None).props('flat dense').on('click', js_handler='(e) => e.currentTarget.nextElementSibling.showPicker()').props['aria-label'] = f'选择日期 {_word(box)}'
        picker = ui.element('input').props('type=date tabindex=-1 aria-hidden=true').classes('dj-picker')
        picker.on('change', lambda e: box.set_value(e.args if isinstance(e.args, str) else ''), js_handler='(e) => emit(e.target.value)')
    return box


def day_of(box: ui.input) -> date:
    """Return the day in a box; raises Refused for none and for what is no day."""
    typed = box.value if isinstance(box.value, str) else ''
    try:
        found = value_of('date', typed)
    except Refused as refused:
        raise Refused(f'“{_word(box)}”：{refused.sentence}') from None
    if not isinstance(found, date):
        raise Refused(f'“{_word(box)}”还没有填写，请填写或选择日期。')
    return found


def _word(box: ui.input) -> str:
    return str(box.props['label']).removesuffix(' *')
