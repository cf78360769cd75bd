"""The left menu, in the order of the work; an entry shows only to posts that carry its permission."""

from __future__ import annotations

from dataclasses import dataclass

from nicegui import ui

from app.access import Permission
from app.actors import Actor


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu."""

    word: str
    path: str
    icon: str
    needs: Permission
    side: str = ''  # 'org' or 'centre': only for that side


ENTRIES = (
    Entry('今日桌面', '/', 'space_dashboard', Permission.HELP_READ),
    Entry('评价机构', '/organizations', 'apartment', Permission.ORGANIZATIONS_READ),
    Entry('人员与账号', '/users', 'badge', Permission.USERS_READ),
    Entry('备案申报', '/filings', 'description', Permission.FILING_READ, 'org'),
    Entry('受理与评估', '/desk', 'inbox', Permission.FILING_READ, 'centre'),
    Entry('认定批次', '/batches', 'event_note', Permission.BATCHES_READ),
    Entry('任务', '/jobs', 'pending_actions', Permission.HELP_READ),
    Entry('操作记录', '/audit', 'history', Permission.AUDIT_READ),
    Entry('设置·规则档案', '/settings/regulations', 'rule', Permission.SETTINGS_READ),
    Entry('帮助', '/help', 'help_outline', Permission.HELP_READ),
)


def entries_for(me: Actor) -> list[Entry]:
    """Return what a post may open."""
    side = 'centre' if me.is_centre else 'org'
    return [entry for entry in ENTRIES if me.may(entry.needs) and entry.side in ('', side)]


def is_current(entry: Entry, path: str) -> bool:
    """Return whether an entry leads to the page at a path or above it."""
    return path == entry.path or (entry.path != '/' and path.startswith(f'{entry.path}/'))


def draw_menu(me: Actor, path: str) -> None:
    """Draw the menu inside the left drawer."""
    with ui.element('nav').classes('dj-menu').props('aria-label=主菜单'):
        for entry in entries_for(me):
            with ui.link(target=entry.path).classes('dj-menu-entry') as link:
                if is_current(entry, path):
                    link.props('aria-current=page')
                ui.icon(entry.icon).props('aria-hidden=true')
                ui.label(entry.word)
