"""What must hold of sites, rooms, systems and safety checks, and what they come to: areas, seats, leases, hazards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.findings import Finding
from app.premises.words import CHECKED, THEORY
from db.premises import Room, SafetyCheck, Site

LEASE_NOTICE_DAYS = 180  # proposed: half a year to renew a lease or to find other premises


# ------------------------------------------------------------------ one row


def lease_findings(values: Mapping[str, Any]) -> list[Finding]:
    """Return a block for a lease that ends before it begins, a reminder for a leased one without its term (source: ORG-05)."""
    first, last = values.get('lease_from'), values.get('lease_to')
    if first and last and last < first:
        return [Finding('ORG-05', 'block', 'lease_to', f'租期止{last}早于租期起{first}，请更正其中一项。')]
    if values.get('tenure') == 'leased' and not (first and last):
        return [Finding('ORG-05', 'remind', 'lease_to', '租赁的场所须填写租期起止，备案时据此核对租期。')]
    return []


def system_findings(values: Mapping[str, Any], today: date) -> list[Finding]:
    """Return a block for a link to the platform that lies in the future (source: ORG-12)."""
    docked_on = values.get('docked_on')
    if docked_on and docked_on > today:
        return [Finding('ORG-12', 'block', 'docked_on', f'对接日期{docked_on}晚于今天，尚未完成的对接请选“联调中”，完成后再填日期。')]
    if docked_on and values.get('docking') != 'docked':
        return [Finding('ORG-12', 'remind', 'docking', '已填对接日期，但状态不是“已对接”，请核对。')]
    return []


def check_findings(values: Mapping[str, Any], today: date) -> list[Finding]:
    """Return what does not fit together in a safety check (source: ORG-18)."""
    checked, due, again = (values.get(key) for key in ('checked_on', 'due_on', 'rechecked_on'))
    found = []
    if checked and checked > today:
        found.append(('block', 'checked_on', f'检查日期{checked}晚于今天，请核对。'))
    if checked and due and due < checked:
        found.append(('block', 'due_on', f'整改期限{due}早于检查日期{checked}，请更正。'))
    if again and again > today:
        found.append(('block', 'rechecked_on', f'复查日期{again}晚于今天，请在复查后填写。'))
    if checked and again and again <= checked:
        found.append(('block', 'rechecked_on', f'复查须另择日期：复查日期{again}应晚于检查日期{checked}。'))
    if values.get('serious') and not values.get('hazard'):
        found.append(('block', 'hazard', '标为重大隐患的，须写明隐患情况。'))
    if values.get('hazard') and not due:
        found.append(('remind', 'due_on', '有隐患的检查请填写整改期限。'))
    if not values.get('hazard') and any(values.get(f'items.{item}') == 'bad' for item in CHECKED):
        found.append(('remind', 'hazard', '有检查项不合格，请写明隐患情况和整改期限。'))
    return [Finding('ORG-18', 'block' if grade == 'block' else 'remind', key, sentence) for grade, key, sentence in found]


# ------------------------------------------------------------------ leases


@dataclass(frozen=True, slots=True)
class Term:
    """How a room or site is held; days are of a lease, the last one included."""

    tenure: str
    lease_from: date | None
    lease_to: date | None


def tenure_of(room: Room, site: Site) -> Term:
    """Return how a room is held: by its own terms, else by those of its site."""
    held = room if room.tenure else site
    return Term(held.tenure, held.lease_from, held.lease_to)


def lease_reminders(sites: Iterable[Site], rooms: Iterable[Room], today: date) -> list[Finding]:
    """Return a reminder for each lease that has ended or ends within half a year; subject is the row's id (source: ORG-05)."""
    found = []
    rows: list[Site | Room] = [*sites, *rooms]
    for row in rows:
        if row.tenure != 'leased' or row.lease_to is None or row.lease_to > today + timedelta(days=LEASE_NOTICE_DAYS):
            continue
        left = (row.lease_to - today).days
        when = f'还有{left}天到期' if left > 0 else '今天到期' if left == 0 else f'已到期{-left}天'
        found.append(Finding('ORG-05', 'warn' if left < 0 else 'remind', str(row.id), f'“{row.name}”的租期止于{row.lease_to}，{when}，请续租并更新租期，或另行安排。'))
    return found


# ------------------------------------------------------------------ sums


def area_dm2(rooms: Iterable[Room]) -> int:
    """Return the area of rooms together, in hundredths of a square metre."""
    return sum(room.area_dm2 for room in rooms)


def theory_seats(rooms: Iterable[Room]) -> dict[str, int]:
    """Return the seats of each theory room by its name (source: ORG-07, ROOM-01)."""
    return {room.name: room.seats for room in rooms if room.kind in THEORY}


# ------------------------------------------------------------------ hazards


def is_open(check: SafetyCheck) -> bool:
    """Tell whether a check found something that no later check has found cured (source: ORG-18)."""
    return check.rechecked_on is None and (bool(check.hazard) or 'bad' in check.items.values())


def open_hazards(checks: Iterable[SafetyCheck]) -> list[SafetyCheck]:
    """Return the checks whose hazard is not cured: serious ones first, then by due date."""
    return sorted((c for c in checks if is_open(c)), key=lambda c: (not c.serious, c.due_on or date.max, c.checked_on))


def newest_checks(checks: Iterable[SafetyCheck]) -> list[SafetyCheck]:
    """Return the newest check of each area, in the order of their areas."""
    newest = {c.area: c for c in sorted(checks, key=lambda c: (c.checked_on, c.id))}
    return [newest[area] for area in sorted(newest)]


def hazard_findings(checks: Iterable[SafetyCheck], today: date) -> list[Finding]:
    """Return what is open: a serious hazard as a warning that it is a veto, an overdue one as a warning, others as reminders; subject is the row's id (source: ORG-18)."""
    found = []
    for c in open_hazards(checks):
        late = c.due_on is not None and c.due_on < today
        why = '属重大隐患，技术评估时一票否决' if c.serious else f'整改期限{c.due_on}已过' if late else f'整改期限{c.due_on}' if c.due_on else '未定整改期限'
        what = c.hazard or '、'.join(item for item, said in c.items.items() if said == 'bad') + '不合格'
        found.append(Finding('ORG-18', 'warn' if c.serious or late else 'remind', str(c.id), f'{c.area}（{c.checked_on}检查）：{what.rstrip("。")}。{why}，请整改后登记复查。'))
    return found
