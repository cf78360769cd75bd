"""One record of a register: what is kept of a person, his proofs, what the rules say, and his leaving."""

from __future__ import annotations

from datetime import date
from typing import Any

from nicegui import ui

from app.access import Permission
from app.actors import Actor
from app.personnel import operations
from app.personnel.queries import findings_of, member, places_of, register_of
from app.personnel.reading import written_of
from app.personnel.registers import ATTACHED, Item, Register
from app.personnel.rules import Member, subject_of
from app.work import begin, look
from pages.frame import page
from pages.parts.attachments import Holder, attached
from pages.parts.confirm import confirm
from pages.parts.days import day_box, day_of
from pages.parts.findings import findings_table
from pages.parts.form import Field, Form
from pages.parts.history import history
from pages.parts.refusals import refusals
from pages.parts.tables import table
from pages.personnel.lists import draw_tabs

_PARTS = {'person': '本人', 'staff': '学历、职称和工作', 'row': ''}


@page('/personnel/{register}/{row_id}', title='人员登记', needs=Permission.PERSONNEL_READ)
def record(me: Actor, register: str, row_id: int) -> None:
    """The record: head, form saved while typing, findings, attachments, leaving, history."""
    asked = register_of(register)
    with look(me) as work:
        m = member(work, register=register, row_id=row_id)
        found = [f for f in findings_of(work, register) if f.subject == subject_of(register, m.row)] if not m.row.ended_on else []
        places = [(r, row) for r, row in places_of(work, person_id=m.person.id) if row.id != row_id]
    draw_tabs(me, register)
    _head(me, asked, m)
    if places or m.staff.id != row_id:
        with ui.row().classes('items-center gap-2'):
            ui.label('同一人还登记在').classes('dj-note')
            if m.staff.id != row_id:
                ui.link('工作人员', f'/personnel/staff/{m.staff.id}').classes('dj-link')
            for other, row in places:
                ui.link(_place(other, row), f'/personnel/{other.name}/{row.id}').classes('dj-link')
    may = me.may(Permission.PERSONNEL_WRITE) and not m.row.ended_on
    if found:
        findings_table(found)
    if may:
        _form(me, asked, m)
    else:
        for owner, word in _PARTS.items():
            items = [i for i in asked.items if i.owner == owner and not i.fixed and i.key != 'name']
            if items:
                table(word or asked.title, [i.head for i in items], [[written_of(i, _value(m, i)) or '—' for i in items]])
    _attachments(me, register, row_id, may=may)
    if may:
        _leaving(me, asked, m)
    ui.html('办理记录', tag='h2', sanitize=False).classes('dj-heading')
    history(me, row_id, needs=Permission.PERSONNEL_READ)


def _place(register: Register, row: Any) -> str:
    fixed = '/'.join(filter(None, (written_of(i, getattr(row, i.stored_in)) for i in register.of('row') if i.fixed and i.key != 'occupation_code')))
    return f'{register.title}（{fixed}）' if fixed else register.title


def _head(me: Actor, register: Register, m: Member) -> None:
    keeps = me.may(Permission.PERSONNEL_WRITE)
    with ui.row().classes('items-center gap-3'):
        born = f'　{m.born_on}出生' if m.born_on and keeps else ''  # eight digits of the number: for who may see the whole
        ui.label(f'{m.person.name}　{m.person.sex}{born}').classes('dj-subtitle')
        fixed = [written_of(i, _value(m, i)) for i in register.of('row') if i.fixed and i.key != 'occupation_code']
        if what := '/'.join(filter(None, fixed)):
            ui.label(what).classes('dj-strong')
        if m.row.ended_on:
            ui.label(f'{m.row.ended_on}退出').classes('dj-mark dj-is-warn')
    with ui.row().classes('items-center gap-3'):
        number = ui.label(f'身份证号 {m.person.id_no_masked}')

        @refusals()
        def reveal() -> None:
            with begin(me) as work:
                full = operations.reveal_id(work, person_id=m.person.id)
            number.set_text(f'身份证号 {full}')
            button.delete()

        if keeps:
            button = ui.button('显示完整证件号码（留痕）', icon='visibility', on_click=reveal).props('outline dense')


def _form(me: Actor, register: Register, m: Member) -> None:
    def put(name: str, shown: Any, new: Any) -> Any:
        with begin(me) as work:
            kept = operations.change_field(work, register=register.name, row_id=m.row.id, column=name, shown=shown, new=new)
        if register.item(name).kind == 'date':
            return date.fromisoformat(kept) if kept else None
        return kept

    fields: list[Field] = []
    for owner, word in _PARTS.items():
        items = [i for i in register.items if i.owner == owner and not i.fixed]
        if items:
            fields += [Field(f'_{owner}', word or register.title, kind='heading'), *(_field(m, i) for i in items)]
    Form(fields, put, title=f'{register.title}登记')


def _field(m: Member, item: Item) -> Field:
    value = _value(m, item)
    kinds: dict[str, Any] = {'date': 'date', 'count': 'number', 'choice': 'select', 'flag': 'select', 'level': 'select'}
    options = {word: word for word in item.options.values()}
    return Field(
        item.key, item.head, value if item.kind == 'date' else written_of(item, value), kind=kinds.get(item.kind, 'text'), required=item.required, hint=item.hint,
        rule=item.rule, unit='年' if item.kind == 'count' else '', options=options if item.required or item.kind == 'flag' else {'': '—'} | options,
        most=item.most if item.kind in ('text', 'name') else 0, wide=item.most > 100 and item.kind == 'text', kept=False)


def _value(m: Member, item: Item) -> Any:
    return getattr({'person': m.person, 'staff': m.staff, 'row': m.row}[item.owner], item.stored_in)


def _attachments(me: Actor, register: str, row_id: int, *, may: bool) -> None:
    attached(me, Holder(
        ATTACHED, read=lambda work: member(work, register=register, row_id=row_id).row,
        attach=lambda work, scan, kind, title: operations.attach_proof(work, register=register, row_id=row_id, scan=scan, kind=kind, title=title),
        end=lambda work, attachment_id: operations.end_proof(work, register=register, row_id=row_id, attachment_id=attachment_id),
        open=lambda work, attachment_id: operations.open_proof(work, register=register, row_id=row_id, attachment_id=attachment_id),
        hint='请上传技能等级证书、职称证书、聘书等扫描件，备案评估时按证书核对。'), may=may, opens=me.may(Permission.PERSONNEL_WRITE))


def _leaving(me: Actor, register: Register, m: Member) -> None:
    with look(me) as work:
        today = work.today

    @refusals()
    async def leave() -> None:
        day = day_of(ended)
        if await confirm(f'{m.person.name}自{day}起退出{register.title}登记册，不再列入申报材料；记录保留，可以重新登记。', do='退出登记'):
            with begin(me) as work:
                operations.end_record(work, register=register.name, row_id=m.row.id, ended_on=day, reason=reason.value or '')
            ui.navigate.to(f'/personnel/{register.name}')

    ui.html('退出', tag='h2', sanitize=False).classes('dj-heading')
    with ui.row().classes('items-center gap-3'):
        ended = day_box('退出日期', today)
        reason = ui.input('退出原因 *', placeholder='例如：调离、聘期届满').props('outlined dense stack-label maxlength=200').style('min-width: 22em')
        ui.button('退出登记', icon='person_remove', on_click=leave).props('outline')
