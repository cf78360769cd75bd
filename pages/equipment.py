"""设备台账: the share in working order by occupation, the ledger with its records and import, F-EQUIP-LEDGER."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from app.access import Permission
from app.actors import Actor
from app.equipment import operations, queries
from app.equipment.documents import ledger_pdf, ledger_record, ledger_xlsx
from app.equipment.importing import judge_equipment, queue_equipment
from app.equipment.ledger import EQUIPMENT
from app.equipment.rules import rate_findings, sound_rates, trade_word
from app.equipment.words import ATTACHED, STATES
from app.ledger_items import Known
from app.organizations.occupations import occupations
from app.work import look
from pages.frame import page
from pages.parts.documents import Paper, documents, noted
from pages.parts.findings import findings_table
from pages.parts.ledgers import Screen, draw_import, draw_list, draw_new, draw_record
from pages.parts.listing import Filter
from pages.parts.tables import table


@page('/equipment', title='设备台账', needs=Permission.EQUIPMENT_READ)
def equipment(me: Actor) -> None:
    """Shares in working order above the ledger."""
    with look(me) as work:
        lines, least = queries.equipment(work), work.profile.assessment.working_equipment_pct_min
    rates = sound_rates(lines)
    if rates:
        table('设备完好率', ('认定职业', '完好', '共有', '完好率'), [(trade_word(trade), f'{rate.sound}', f'{rate.total}', rate.word) for trade, rate in rates.items()])
    if found := rate_findings(lines, least):
        findings_table(found)
    draw_list(me, SCREEN)

    if lines:
        ui.html('文书', tag='h2', sanitize=False).classes('dj-heading')
        documents([Paper('F-EQUIP-LEDGER', '设备设施台账', {
            'PDF': noted(me, 'F-EQUIP-LEDGER', ledger_record, ledger_pdf), 'XLSX': noted(me, 'F-EQUIP-LEDGER', ledger_record, ledger_xlsx)})], bundle_name='设备设施台账')


@page('/equipment/new', title='登记设备', needs=Permission.EQUIPMENT_WRITE)
def new_equipment(me: Actor) -> None:
    """What a line must have."""
    draw_new(me, SCREEN)


@page('/equipment/import', title='导入设备', needs=Permission.EQUIPMENT_WRITE)
def import_equipment(me: Actor) -> None:
    """The workbook of the ledger."""
    draw_import(me, SCREEN)


@page('/equipment/{equipment_id}', title='设备', needs=Permission.EQUIPMENT_READ)
def equipment_record(me: Actor, equipment_id: int) -> None:
    """One line of the ledger."""
    draw_record(me, SCREEN, equipment_id)


def _filters(known: Known) -> Sequence[Filter]:
    named = {o.code: o.name for o in occupations() if o.code}
    return [Filter('occupation', '认定职业', named), Filter('state', '状态', STATES), Filter('room_id', '所在场所', {str(row): word for word, row in known.names['room'].items()})]


SCREEN = Screen(
    EQUIPMENT, '/equipment', '/equipment', Permission.EQUIPMENT_READ, Permission.EQUIPMENT_WRITE, ('number', 'name', 'model', 'count', 'unit', 'occupation_code', 'work_type', 'room_id', 'state', 'keeper'),
    page=queries.equipment_page, found=queries.equipment_found,
    row=lambda work, equipment_id: queries.equipment_line(work, equipment_id=equipment_id),
    add=lambda work, written: operations.add_equipment(work, written=written),
    change=lambda work, equipment_id, key, shown, new: operations.change_equipment(work, equipment_id=equipment_id, column=key, shown=shown, new=new),
    end=lambda work, equipment_id: operations.end_equipment(work, equipment_id=equipment_id),
    judge=lambda work, data, name: judge_equipment(work, data=data, name=name), queue=lambda work, file_id: queue_equipment(work, file_id=file_id),
    empty='台账还是空的。逐台登记，或下载模板填写后导入。', search='编号、名称、型号、保管人', filters=_filters,
    starts=lambda work: {'unit': '台', 'count': '1', 'tenure': '自有', 'state': '完好'}, attached=ATTACHED,
    attach=lambda work, equipment_id, scan, kind, title: operations.attach_to_equipment(work, equipment_id=equipment_id, scan=scan, kind=kind, title=title),
    end_attachment=lambda work, equipment_id, attachment_id: operations.end_equipment_attachment(work, equipment_id=equipment_id, attachment_id=attachment_id))
