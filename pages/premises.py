"""场所与考场, 信息系统, 安全检查: sites and rooms, systems and cameras, safety checks; each list with its records and import."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nicegui import ui

from app.access import Permission
from app.actors import Actor
from app.ledger_items import Known
from app.premises import operations, queries
from app.premises.documents import (
    room_record,
    room_register_xlsx,
    safety_pdf,
    safety_record,
    safety_xlsx,
    system_record,
    system_register_xlsx,
)
from app.premises.importing import judge_premises, queue_premises
from app.premises.ledgers import LEDGERS
from app.premises.rules import area_dm2, hazard_findings, is_open, lease_reminders, theory_seats
from app.premises.words import ATTACHED, DOCKING, ROOMS, SYSTEMS, TENURES
from app.words import hundredths_text
from app.work import look
from pages.frame import page
from pages.parts.documents import Paper, documents, noted
from pages.parts.findings import findings_table
from pages.parts.ledgers import Screen, draw_import, draw_list, draw_new, draw_record, screen_of, titled
from pages.parts.listing import Filter


@page('/premises', title='场所与考场', needs=Permission.PREMISES_READ)
def premises(me: Actor) -> None:
    """What the rooms come to, leases that end, sites, rooms, F-ROOM-REG."""
    with look(me) as work:
        held, rooms, today = queries.sites(work), queries.rooms(work), work.today
    seats = '、'.join(f'{name} {n}个' for name, n in theory_seats(rooms).items())
    ui.label(f'场所{len(held)}处，房间{len(rooms)}间，面积合计{hundredths_text(area_dm2(rooms))}㎡。' + (f'理论考场机位：{seats}。' if seats else '')).classes('dj-sentence')
    if reminders := lease_reminders(held, rooms, today):
        sites = {str(site.id) for site in held}
        findings_table(reminders, go=lambda row: ui.navigate.to(f'/premises/{"site" if row in sites else "room"}/{row}'))
    _heading('场所')
    draw_list(me, SCREENS['site'], prefix='s')
    _heading('房间（考场）')
    draw_list(me, SCREENS['room'])
    if rooms:
        _heading('文书')
        documents([Paper('F-ROOM-REG', '场地（考场）登记表', {'XLSX': noted(me, 'F-ROOM-REG', room_record, room_register_xlsx)})], bundle_name='场地登记表')


@page('/systems', title='信息系统', needs=Permission.PREMISES_READ)
def systems(me: Actor) -> None:
    """Information systems and how far they are linked, cameras, F-IT-REG."""
    with look(me) as work:
        found, points = queries.systems(work), queries.cameras(work)
    linked = sum(s.docking == 'docked' for s in found)
    ui.label(f'信息系统{len(found)}个，已与上级平台对接{linked}个；监控点位登记{len(points)}个。').classes('dj-sentence')
    draw_list(me, SCREENS['system'])
    _heading('监控点位')
    draw_list(me, SCREENS['camera'], prefix='c')
    if found:
        _heading('文书')
        documents([Paper('F-IT-REG', '信息系统与监控登记', {'XLSX': noted(me, 'F-IT-REG', system_record, system_register_xlsx)})], bundle_name='信息系统与监控登记')


@page('/safety', title='安全检查', needs=Permission.PREMISES_READ)
def safety(me: Actor) -> None:
    """Open hazards first, then all checks, F-SAFETY."""
    with look(me) as work:
        found, today = queries.checks(work), work.today
    if hazards := hazard_findings(found, today):
        ui.label(f'有{len(hazards)}项隐患待整改复查：').classes('dj-strong')
        findings_table(hazards, go=lambda row: ui.navigate.to(f'/premises/check/{row}'))
    draw_list(me, SCREENS['check'])
    if found:
        _heading('文书')
        documents([Paper('F-SAFETY', '消防与安全检查记录', {
            'PDF': noted(me, 'F-SAFETY', safety_record, safety_pdf), 'XLSX': noted(me, 'F-SAFETY', safety_record, safety_xlsx)})], bundle_name='消防与安全检查记录')


def _heading(word: str) -> None:
    ui.html(word, tag='h2', sanitize=False).classes('dj-heading')


# ------------------------------------------------------------------ each ledger on its screen


def _screen(name: str, home: str, columns: Sequence[str], empty: str, search: str, **more: Any) -> Screen:
    return Screen(
        LEDGERS[name], f'/premises/{name}', home, Permission.PREMISES_READ, Permission.PREMISES_WRITE, columns,
        page=lambda work, **asked: queries.premises_page(work, ledger=name, **asked),
        found=lambda work, limit, **asked: queries.premises_found(work, limit, ledger=name, **asked),
        row=lambda work, record_id: queries.premises_row(work, ledger=name, record_id=record_id),
        add=lambda work, written: operations.add_premises(work, ledger=name, written=written),
        change=lambda work, record_id, key, shown, new: operations.change_premises(work, ledger=name, record_id=record_id, column=key, shown=shown, new=new),
        end=lambda work, record_id: operations.end_premises(work, ledger=name, record_id=record_id),
        judge=lambda work, data, shown: judge_premises(work, ledger=name, data=data, name=shown),
        queue=lambda work, file_id: queue_premises(work, ledger=name, file_id=file_id), empty=empty, search=search, attached=ATTACHED.get(name, {}),
        attach=lambda work, record_id, scan, kind, title: operations.attach_to_premises(work, ledger=name, record_id=record_id, scan=scan, kind=kind, title=title),
        end_attachment=lambda work, record_id, attachment_id: operations.end_premises_attachment(
            work, ledger=name, record_id=record_id, attachment_id=attachment_id), **more)


def _rows_of(kind: str, key: str, label: str) -> Callable[[Known], Sequence[Filter]]:
    return lambda known: [Filter(key, label, {str(row): word for word, row in known.names.get(kind, {}).items()})]


def _result(check: Any) -> str:
    if not check.hazard and 'bad' not in check.items.values():
        return '合格'
    return '已复查' if not is_open(check) else '重大隐患' if check.serious else '有隐患'


SCREENS: Mapping[str, Screen] = {
    'site': _screen('site', '/premises', ('name', 'address', 'area_dm2', 'tenure', 'lease_from', 'lease_to', 'title_no'), '还没有场所。先登记场所，再登记其中的房间。',
                    '名称、地址、证号或合同号', filters=lambda known: [Filter('tenure', '权属', TENURES)]),
    'room': _screen('room', '/premises', ('name', 'kind', 'site_id', 'floor', 'area_dm2', 'seats', 'camera_count', 'serves'),
                    '还没有房间。逐间登记，或下载模板填写后导入。', '名称、楼层、备注',
                    filters=lambda known: [Filter('kind', '类别', ROOMS), *_rows_of('site', 'site_id', '所在场所')(known)]),
    'system': _screen('system', '/systems', ('name', 'kind', 'developer', 'version', 'platform', 'docking', 'online_on', 'responsible'),
                      '还没有信息系统。请登记考务、题库、机考和视频监控系统。', '名称、开发单位、平台',
                      filters=lambda known: [Filter('kind', '系统', SYSTEMS), Filter('docking', '对接状态', DOCKING)]),
    'camera': _screen('camera', '/systems', ('room_id', 'label', 'resolution', 'remote_view', 'kept_days'), '还没有监控点位。先登记房间，再登记点位或导入。', '点位名称、分辨率',
                      filters=_rows_of('room', 'room_id', '房间')),
    'check': _screen('check', '/safety', ('checked_on', 'area', 'checker', 'hazard', 'due_on', 'rechecked_on'), '还没有检查记录。', '区域、隐患、检查人',
                     more={'结论': _result}, filters=lambda known: [Filter('open', '复查', {'yes': '有隐患待复查'}), Filter('serious', '重大隐患', {'yes': '重大隐患'})],
                     starts=lambda work: {'checked_on': f'{work.today}', 'checker': work.actor.name})}


@page('/premises/{ledger}/new', title=titled(LEDGERS, '登记'), needs=Permission.PREMISES_WRITE)
def new_row(me: Actor, ledger: str) -> None:
    """What a new row must have: a site, room, information system, camera or check."""
    draw_new(me, screen_of(SCREENS, ledger))


@page('/premises/{ledger}/import', title=titled(LEDGERS, '导入'), needs=Permission.PREMISES_WRITE)
def import_rows(me: Actor, ledger: str) -> None:
    """The workbook of a ledger."""
    draw_import(me, screen_of(SCREENS, ledger))


@page('/premises/{ledger}/{record_id}', title=titled(LEDGERS), needs=Permission.PREMISES_READ)
def record(me: Actor, ledger: str, record_id: int) -> None:
    """One row of a ledger."""
    draw_record(me, screen_of(SCREENS, ledger), record_id)
