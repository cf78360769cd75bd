"""What the registers of an organisation say that its rule documents name: people, groups, rooms, systems, occupations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.words import paper_date

GROUPS: Mapping[str, str] = {
    'leading': '领导小组', 'office': '办公室', 'exam_affairs': '考务管理组', 'supervision': '内部质量督导组', 'experts': '专家考评组', 'equipment': '设备保障组',
    'finance': '财务监督组'}
ROOMS: Mapping[str, str] = {
    'theory_computer': '理论机考', 'theory_paper': '理论笔试', 'practical': '实操', 'review': '评审', 'confidential_room': '保密室', 'archive_room': '档案室',
    'exam_affairs_office': '考务室', 'monitoring_room': '监控室'}
SYSTEMS: Mapping[str, str] = {'exam_affairs': '考务', 'item_bank': '题库', 'computer_exam': '机考', 'video': '视频监控'}
COUNTED = ('考评员', '专家', '内部质量督导员', '工作人员')
PARTS = ('负责人', '成员', '部门')


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat in a group; group: its Chinese word · head: whether it leads the group."""

    group: str
    head: bool
    name: str
    department: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read from the registers on one day; all names as printed.

    people: (name, duty) · counts: {考评员: 12} · rooms, systems: {word of the kind: names} · occupations: with their levels, as filed or asked for
    """

    name: str = ''
    short_name: str = ''
    address: str = ''
    phone: str = ''
    issued_on: date | None = None
    seats: tuple[Seat, ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    rooms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    systems: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    occupations: tuple[str, ...] = ()


def known_reference(reference: str) -> bool:
    """Return whether a template may write {reference}; figures ({数:…}) are told apart by the caller."""
    kind, _, name = reference.partition(':')
    if not name:
        return reference in _PLAIN
    group, _, part = name.partition('.')
    return {'组': group in GROUPS.values() and part in PARTS, '人': 1 <= len(name) <= 20, '数量': name in COUNTED, '房间': name in ROOMS.values(),
            '系统': name in SYSTEMS.values()}.get(kind, False)


def value_of(reference: str, facts: Facts) -> str:
    """Return what the registers say, names joined by 、; empty when they say nothing."""
    kind, _, name = reference.partition(':')
    match kind:
        case '组':
            group, _, part = name.partition('.')
            return _of_group(group, part, facts)
        case '人':
            return _joined([person for person, duty in facts.people if name in duty])
        case '数量':
            return str(facts.counts.get(name) or '')
        case '房间':
            return _joined(facts.rooms.get(name, ()))
        case '系统':
            return _joined(facts.systems.get(name, ()))
        case _:
            return _PLAIN[kind](facts)


def label_of(reference: str) -> str:
    """Return what is missing in words, as 〔待填：…〕 says it: 组:考务管理组.负责人 → 考务管理组负责人."""
    kind, _, name = reference.partition(':')
    match kind:
        case '组':
            return name.replace('.', '')
        case '人':
            return f'{name}人员'
        case '数量':
            return f'{name}人数'
        case '房间':
            return f'{name}名称' if name.endswith('室') else f'{name}考场名称'
        case '系统':
            return f'{name}系统名称'
        case _:
            return {'机构': '机构名称', '简称': '机构简称', '负责人': '领导小组负责人', '电话': '联系电话', '职业': '认定职业和等级'}.get(kind, kind)


def _of_group(group: str, part: str, facts: Facts) -> str:
    seats = [seat for seat in facts.seats if seat.group == group]
    if part == '部门':
        return _joined([seat.department for seat in seats if seat.department])
    return _joined([seat.name for seat in seats if seat.head == (part == '负责人')])


def _joined(names: list[str] | tuple[str, ...]) -> str:
    return '、'.join(dict.fromkeys(names))


_PLAIN: Mapping[str, Callable[[Facts], str]] = {
    '机构': lambda facts: facts.name, '简称': lambda facts: facts.short_name, '地址': lambda facts: facts.address,
    '负责人': lambda facts: _of_group('领导小组', '负责人', facts), '电话': lambda facts: facts.phone,
    '发布日期': lambda facts: paper_date(facts.issued_on) if facts.issued_on else '', '职业': lambda facts: _joined(facts.occupations)}
