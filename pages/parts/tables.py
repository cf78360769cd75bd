"""A plain table of texts: for what is short and not searched; lists are pages/parts/listing.py."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

SHORT, MOMENT = 10, 16  # characters of a cell that never wraps: a state, a count; a day with its time


def table(label: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, empty: str = '暂无', links: Sequence[str] = ()) -> None:
    """Draw heads and rows; the sentence `empty` when there are none. links: what the first cell of each row opens"""
    if not rows:
        ui.label(empty).classes('dj-note')
        return
    with ui.element('div').classes('dj-scroll').props('tabindex=0 role=region') as region, ui.element('table').classes('dj-table'):
        region.props['aria-label'] = label  # not through props(text): a quotation mark in it would begin a property
        with ui.element('thead'), ui.element('tr'):
            for head in heads:
                ui.html(head, tag='th', sanitize=False).props('scope=col')
        with ui.element('tbody'):
            for at, row in enumerate(rows):
                with ui.element('tr'):
                    for column, text in enumerate(row):
                        with ui.element('td') as cell:
                            if links and column == 0:
                                ui.link(text, links[at]).classes('dj-link')
                            else:
                                ui.label(text)
                        if len(text) <= (MOMENT if text.isascii() else SHORT):
                            cell.classes('dj-nowrap')
