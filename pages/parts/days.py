"""A day asked for beside a button: the browser's own date box, read back as a day; a form saved while typing has its own field (form.py)."""

from __future__ import annotations

from datetime import date

from nicegui import ui

from app.errors import Refused


def day_box(label: str, value: date | str | None = None) -> ui.input:
    """Draw a box for a day. label: with ' *' where a day must be given · value: the day that stands in it, None or '': none"""
    return ui.input(label, value=f'{value or ""}').props('outlined dense type=date stack-label')


def day_of(box: ui.input) -> date:
    """Return the day in a box; raises Refused for none, also for what a browser would never send."""
    try:
        return date.fromisoformat(str(box.value or ''))
    except ValueError:
        word = str(box.props['label']).removesuffix(' *')
        raise Refused(f'“{word}”还没有填写或不是有效日期，请选择日期。') from None
