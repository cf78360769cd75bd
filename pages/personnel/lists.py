"""The list of each register with what the rules say of it and its papers; entering a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui

from app.access import Permission
from app.actors import Actor
from app.organizations.occupations import occupations
from app.personnel import operations
from app.personnel.documents import (
    examiner_roll_record,
    examiner_roll_xlsx,
    expert_file_pdf,
    expert_file_record,
    expert_file_xlsx,
)
from app.personnel.queries import count_members, findings_of, members, register_of
from app.personnel.reading import written_of
from app.personnel.registers import GRADES, GROUPS, LEVEL, RANK, REGISTERS, Item, position_word
from app.personnel.rules import Member
from app.work import Work, begin, look
from pages.frame import page
from pages.parts.documents import Format, Paper, documents
from pages.parts.exporting import exporter
from pages.parts.findings import counts, findings_table
from pages.parts.listing import Action, Column, Filter, listing
from pages.parts.refusals import refusals

STATES = {'ended': '已退出', 'all': '全部'}
_COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {  # besides name, sex, number and post: (attribute of _Line, head), a head with ~ is hidden at first
    'staff': (('title', '职称/技能等级'), ('education', '学历'), ('duty', '主要职责'), ('full_time', '专职'), ('own', '~本单位人员'), ('unit', '~工作单位'), ('phone', '~联系电话'),
              ('employed', '~入职日期'), ('contract', '~合同到期')),
    'examiners': (('grade', '类别'), ('occupation', '职业（工种）'), ('title', '职称/技能等级'), ('card_no', '证卡编号'), ('card_to', '有效期至'), ('own', '本单位人员'),
                  ('engaged_to', '~聘期至'), ('proofs', '证书（份）'), ('education', '~学历')),
    'experts': (('occupation', '职业（工种）'), ('title', '职称/技能等级'), ('leads', '组长'), ('years', '从业（年）'), ('engaged_to', '聘期至'), ('own', '本单位人员'), ('proofs', '证书（份）'),
                ('group_name', '~专业组'), ('honours', '~荣誉'), ('education', '~学历')),
    'supervisors': (('direction', '专业方向'), ('title', '职称/技能等级'), ('card_no', '证卡编号'), ('card_to', '有效期至'), ('management_years', '评价管理（年）'), ('proofs', '证书（份）'),
                    ('education', '~学历')),
    'seats': (('group', '小组'), ('position', '组内职务'), ('department', '负责部门'), ('title', '职称/技能等级'))}


@page('/personnel', title='人员登记', needs=Permission.PERSONNEL_READ)
def staff_list(me: Actor) -> None:
    """The register of staff: where the menu leads."""
    _draw(me, 'staff')


@page('/personnel/{register}', title='人员登记', needs=Permission.PERSONNEL_READ)
def register_list(me: Actor, register: str) -> None:
    """One register with search, filters, findings and papers."""
    _draw(me, register)


@page('/personnel/{register}/new', title='人员登记', needs=Permission.PERSONNEL_WRITE)
def new_record(me: Actor, register: str) -> None:
    """What tells the new row from others; everything else is filled in on its record."""
    asked = register_of(register)
    draw_tabs(me, register)
    ui.label(_entering(register)).classes('dj-subtitle')
    ui.label('系统按身份证号认人：本单位已登记过的人（包括有账号的人）不会重复登记，姓名须一致。保存后在登记页继续填写学历、职称、证卡并上传证书。').classes('dj-note')
    boxes: dict[str, Callable[[], str]] = {}

    @refusals()
    def keep() -> None:
        with begin(me) as work:
            row = operations.enter(work, register=register, written={key: told() for key, told in boxes.items()})
        ui.navigate.to(f'/personnel/{register}/{row.id}')

    with ui.column().classes('w-full gap-3').style('max-width: 720px'):
        for item in asked.items:
            if item.key in ('occupation', 'work_type'):
                continue
            if item.key == 'occupation_code':
                boxes |= _occupation()
            elif item.required or item.fixed:
                boxes[item.key] = _box(item)
        with ui.row().classes('gap-2'):
            ui.button('登记', icon='check', on_click=keep).props('unelevated')
            ui.button('返回').props(f'outline href=/personnel/{register}')


def draw_tabs(me: Actor, current: str) -> None:
    """Draw the links between the registers."""
    with ui.element('nav').classes('dj-tabs').props('aria-label=人员登记册'):
        for name, register in REGISTERS.items():
            with ui.element('a').classes('dj-tab').props(f'href=/personnel/{name}{" aria-current=page" if name == current else ""}'):
                ui.label(register.title)


def _draw(me: Actor, name: str) -> None:
    register = register_of(name)
    may = me.may(Permission.PERSONNEL_WRITE)
    draw_tabs(me, name)

    def fetch(work: Work, *, q: str = '', **more: Any) -> tuple[list[_Line], bool]:
        rows, follow = members(work, register=name, find=q, **more)
        return [_Line(m) for m in rows], follow

    def count(work: Work, limit: int, *, q: str = '', **more: Any) -> int:
        return count_members(work, limit, register=name, find=q, **more)

    filters = [Filter('state', '状态', STATES)]
    if name == 'staff':
        filters.insert(0, Filter('part', '范围', {'all': '含考评员、专家等全部人员'}))
    elif name == 'examiners':
        filters.insert(0, Filter('grade', '类别', GRADES))
    elif name == 'seats':
        filters.insert(0, Filter('group', '小组', GROUPS))
    columns = [Column('name', '姓名'), Column('sex', '性别', hidden=name != 'staff'), Column('id_no', '身份证号'), Column('post', '职务', hidden=name in ('examiners', 'experts'))]
    columns += [Column(key, head.lstrip('~'), hidden=head.startswith('~'), align='right' if '（' in head and head.endswith(('年）', '份）')) else 'left')
                for key, head in _COLUMNS[name]]
    new = Action(_entering(name), f'/personnel/{name}/new', icon='person_add')
    actions = [new, Action('导入导出', f'/personnel/{name}/import', icon='upload_file')]
    listing(
        me, name=f'personnel_{name}', title=register.title, search='姓名、首字母、身份证号', columns=columns, fetch=fetch, count=count, filters=filters,
        export=exporter(register.title, columns, fetch, filters), actions=actions if may else [], opens=lambda row: f'/personnel/{name}/{row.id}',
        empty=(f'还没有登记{register.title}。可以逐人登记，也可以下载模板填写后一次导入。', new if may else None))
    _findings(me, name)
    if may:
        _papers(me, name)


def _findings(me: Actor, name: str) -> None:
    with look(me) as work:
        found = findings_of(work, name)
    ui.html('核对结果', tag='h2', sanitize=False).classes('dj-heading')
    if not found:
        ui.label('按规则核对没有发现问题。').classes('dj-note')
        return
    ui.label(f'按规则档案逐人核对：{counts(found)}。').classes('dj-note')

    def go(subject: str) -> None:
        ui.navigate.to(f'/{subject}' if subject.count('/') > 1 else f'/{subject}/new')  # what is missing is entered

    findings_table(found, go=go if me.may(Permission.PERSONNEL_WRITE) else None)


def _papers(me: Actor, name: str) -> None:
    builds: dict[Format, Callable[[], bytes]]
    match name:
        case 'examiners':
            form, title = 'F-EXAMINER-ROLL', '考评人员名册'
            builds = {'XLSX': lambda: with_numbers(me, name, lambda work, _: examiner_roll_record(work), examiner_roll_xlsx)}
        case 'experts':
            form, title = 'F-EXPERT-FILE', '专家信息表'
            builds = {
                'PDF': lambda: with_numbers(me, name, lambda work, _: expert_file_record(work), expert_file_pdf),
                'XLSX': lambda: with_numbers(me, name, lambda work, _: expert_file_record(work), expert_file_xlsx)}
        case _:
            return
    ui.html('文书', tag='h2', sanitize=False).classes('dj-heading')
    documents([Paper(form, title, builds)], bundle_name=title)


def with_numbers(me: Actor, name: str, record: Callable[[Work, str], Any], draw: Callable[[Any], bytes]) -> bytes:
    """Return a workbook or paper with full ID numbers: they leave the house, so the trail says so first."""
    with begin(me) as work:
        operations.note_export(work, register=name)
        found = record(work, name)
    return draw(found)


def _box(item: Item) -> Callable[[], str]:
    word = f'{item.head}{" *" if item.required else ""}'
    if item.kind in ('choice', 'flag'):
        chosen = ui.select(dict(item.options), label=word).props('outlined dense').classes('w-full')
        return lambda: str(chosen.value or '')
    box = ui.input(word).props(f'outlined dense autocomplete=off maxlength={max(item.most, 30)}').classes('w-full')
    return lambda: box.value or ''


def _occupation() -> dict[str, Callable[[], str]]:
    """Draw the choice of an occupation and work type out of the list, or code and name of another one."""
    listed = list(occupations())
    offered = {i: f'{o.code} {o.name}{"/" + o.work_type if o.work_type else ""}' for i, o in enumerate(listed) if o.code}

    def fill() -> None:
        if chosen.value is not None:
            row = listed[chosen.value]
            code.value, name.value, trade.value = row.code, row.name, row.work_type

    chosen = ui.select(offered, label='从职业目录选择（工种）', with_input=True, on_change=fill).props('outlined dense').classes('w-full')
    with ui.row().classes('w-full gap-3 no-wrap'):
        code = ui.input('职业编码 *').props('outlined dense maxlength=14').classes('dj-grow')
        name = ui.input('职业名称').props('outlined dense maxlength=60').classes('dj-grow')
        trade = ui.input('工种（各工种均可的留空）').props('outlined dense maxlength=60').classes('dj-grow')
    return {'occupation_code': lambda: code.value or '', 'occupation': lambda: name.value or '', 'work_type': lambda: trade.value or ''}


def _entering(name: str) -> str:
    return '登记小组成员' if name == 'seats' else f'登记{REGISTERS[name].title}'


class _Line:
    """One line of a list as text; ID numbers masked."""

    def __init__(self, m: Member) -> None:
        row, staff, person = m.row, m.staff, m.person
        self.id, self.name, self.sex, self.id_no, self.post, self.phone = row.id, person.name, person.sex, person.id_no_masked, person.title, person.phone
        self.title = staff.title or written_of(LEVEL, staff.skill_level) or (f'{written_of(RANK, staff.title_rank)}职称' if staff.title_rank else '')
        self.education, self.duty, self.unit = staff.education, staff.duty, staff.unit
        self.full_time, self.own = _yes(staff.full_time), _yes(staff.own_staff)
        self.employed, self.contract = staff.employed_from, staff.contract_to
        self.proofs = m.proofs
        self.grade, self.leads = GRADES.get(getattr(row, 'grade', ''), ''), _yes(getattr(row, 'leads', False))
        self.occupation = f'{row.occupation}{"/" + row.work_type if row.work_type else ""}' if hasattr(row, 'occupation') else ''
        for key in ('card_no', 'card_to', 'engaged_to', 'years', 'group_name', 'honours', 'direction', 'management_years', 'department'):
            setattr(self, key, getattr(row, key, ''))
        group = getattr(row, 'group', '')
        self.group, self.position = GROUPS.get(group, ''), position_word(group, getattr(row, 'position', ''))


def _yes(value: bool) -> str:
    return '是' if value else '否'
