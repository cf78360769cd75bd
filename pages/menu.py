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
    rows: tuple[str, ...] = ()  # where its records stand, when not below its own address


ENTRIES = (
    Entry('今日桌面', '/', 'space_dashboard', Permission.HELP_READ),
    Entry('评价机构', '/organizations', 'apartment', Permission.ORGANIZATIONS_READ),
    Entry('人员与账号', '/users', 'badge', Permission.USERS_READ),
    Entry('人员登记', '/personnel', 'groups', Permission.PERSONNEL_READ),
    Entry('规章制度', '/bylaws', 'gavel', Permission.BYLAWS_READ),
    Entry('职业标准', '/standards', 'menu_book', Permission.BYLAWS_READ),
    Entry('场所与考场', '/premises', 'meeting_room', Permission.PREMISES_READ),
    Entry('信息系统', '/systems', 'dns', Permission.PREMISES_READ, rows=('/premises/system/', '/premises/camera/')),
    Entry('安全检查', '/safety', 'health_and_safety', Permission.PREMISES_READ, rows=('/premises/check/',)),
    Entry('设备台账', '/equipment', 'precision_manufacturing', Permission.EQUIPMENT_READ),
    Entry('备案申报', '/filings', 'description', Permission.FILING_READ, 'org'),
    Entry('受理与评估', '/desk', 'inbox', Permission.FILING_READ, 'centre'),
    Entry('技术评估', '/assessments', 'fact_check', Permission.ASSESSMENT_READ),
    Entry('认定批次', '/batches', 'event_note', Permission.BATCHES_READ),
    Entry('外部考点', '/outside-sites', 'add_location_alt', Permission.OUTSIDE_SITES_READ),
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
    if rows := [e for e in ENTRIES if path.startswith(e.rows)]:
        return entry in rows
    return path == entry.path or (entry.path != '/' and path.startswith(f'{entry.path}/'))


def draw_menu(me: Actor, path: str) -> None:
    """Draw the menu inside the left drawer, as one text: it stands on every page and nothing of it changes there."""
    lines = [
        f'<a class="dj-menu-entry" href="{entry.path}"{" aria-current=page" if is_current(entry, path) else ""}>'
        f'<i class="q-icon notranslate material-icons" aria-hidden="true">{entry.icon}</i><div>{entry.word}</div></a>' for entry in entries_for(me)]
    ui.html(''.join(lines), tag='nav', sanitize=False).classes('dj-menu').props('aria-label=主菜单')
