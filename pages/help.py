"""帮助: the manual of assets/manual/ as pages of the application."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from nicegui import ui

from app.access import Permission
from app.actors import Actor
from pages.frame import page

MANUAL = Path(__file__).resolve().parents[1] / 'assets' / 'manual'
_PICTURE = re.compile(r'\]\((?!http)([\w./-]+\.png)\)')


@page('/help', title='帮助', needs=Permission.HELP_READ)
def help_page(me: Actor, chapter: str = '') -> None:
    """The chapters on the left, the chosen one beside them."""
    found = chapters()
    chosen = chapter if chapter in found else next(iter(found), '')
    with ui.row().classes('dj-help w-full items-start no-wrap gap-4'):
        with ui.element('nav').classes('dj-chapters').props('aria-label=手册目录'):
            for name, text in found.items():
                link = ui.link(title_of(text), f'/help?chapter={name}').classes('dj-tab')
                if name == chosen:
                    link.props('aria-current=page')
        if chosen:
            ui.markdown(_PICTURE.sub(r'](/manual/\1)', found[chosen])).classes('dj-manual dj-grow')
        else:
            ui.label('手册文件缺失，请重新安装程序。')


@lru_cache(maxsize=1)
def chapters() -> dict[str, str]:
    """Return {file name without suffix: text} in the order of the files."""
    return {p.stem: p.read_text(encoding='utf-8') for p in sorted(MANUAL.glob('*.md'))}


def title_of(text: str) -> str:
    """Return the first heading of a chapter."""
    return text.split('\n', 1)[0].lstrip('# ').strip()
