"""人员与账号: the staff of the organisation, their accounts and posts."""

from __future__ import annotations

from typing import TypeVar

from nicegui import run, ui

from app.access import CENTRE_ROLES, ROLE_WORDS, Permission, Role
from app.actors import Actor
from app.errors import Refused
from app.organizations.queries import organizations
from app.users import operations
from app.users.passwords import hash_password
from app.users.queries import StaffRow, staff
from app.work import begin, look
from pages.frame import page
from pages.parts.confirm import confirm
from pages.parts.refusals import refusals

Drawn = TypeVar('Drawn', bound=ui.element)

MOST_ORGS = 1000  # of one centre, offered in one list


@page('/users', title='人员与账号', needs=Permission.USERS_READ)
def users(me: Actor, org: int = 0) -> None:
    """Everybody of the organisation with account and posts, and a new person; a centre also makes the first people of its organisations.

    org: the organisation, 0 for one's own
    """
    org_id = org or me.org_id
    with look(me, org_id) as work:
        rows, centre = staff(work), work.org.kind == 'centre'
        offered = {o.id: o.name for o in organizations(work, limit=MOST_ORGS)[0]} if me.may(Permission.ORGANIZATIONS_WRITE) else {}
    if len(offered) > 1:
        ui.select(offered, value=org_id, label='单位', with_input=True, on_change=lambda e: ui.navigate.to(f'/users?org={e.value}')).props(
            'outlined dense').style('min-width: 24em')
    ui.label(f'共{len(rows)}人。一人一号、一证一人：不同的人不能共用账号，需要两人办理的环节按人核对。').classes('dj-note')
    if me.may(Permission.USERS_WRITE):
        with ui.expansion('登记人员', icon='person_add').classes('w-full'):
            _new_person(me, org_id)
    with ui.element('div').classes('dj-scroll').props('tabindex=0 role=region aria-label=人员'), ui.element('table').classes('dj-table'):
        with ui.element('thead'), ui.element('tr'):
            for head in ('姓名', '性别', '证件号码', '职务', '登录名', '岗位', '办理'):
                ui.html(head, tag='th', sanitize=False).props('scope=col')
        with ui.element('tbody'):
            for row in rows:
                _row(me, row, centre, org_id)


def _row(me: Actor, row: StaffRow, centre: bool, org_id: int) -> None:
    person = row.person
    with ui.element('tr'):
        for text in (person.name, person.sex, person.id_no_masked, person.title, row.account.login if row.account else '—'):
            with ui.element('td'):
                ui.label(text)
        with ui.element('td'):
            for post in row.posts:
                ui.label(f'{ROLE_WORDS[Role(post.role)]}　{post.from_on} 起' + (f'，至{post.to_on}' if post.to_on else ''))
        with ui.element('td'), ui.row().classes('gap-1 no-wrap'):
            if me.may(Permission.USERS_WRITE):
                _named(ui.button('岗位', on_click=lambda: _posts(me, row, centre, org_id)).props('outline dense'), f'岗位 {person.name}')
                word = '重设密码' if row.account else '开账号'
                _named(ui.button(word, on_click=lambda: _account(me, row, org_id)).props('outline dense'), f'{word} {person.name}')


def _new_person(me: Actor, org_id: int) -> None:
    @refusals()
    def keep() -> None:
        with begin(me, org_id) as work:
            operations.add_person(work, name=name.value or '', id_number=number.value or '', title=title.value or '', phone=phone.value or '')
        ui.navigate.reload()

    with ui.row().classes('gap-2 items-center'):
        name = ui.input('姓名 *').props('outlined dense maxlength=50')
        number = ui.input('公民身份号码 *').props('outlined dense maxlength=30 autocomplete=off').style('min-width: 14em')
        title = ui.input('职务').props('outlined dense maxlength=30')
        phone = ui.input('联系电话').props('outlined dense maxlength=30')
        ui.button('登记', icon='check', on_click=keep).props('unelevated')


def _posts(me: Actor, row: StaffRow, centre: bool, org_id: int) -> None:
    with look(me) as work:
        today = work.today
    offered = {r.value: w for r, w in ROLE_WORDS.items() if (r in CENTRE_ROLES) == centre and r != Role.PLATFORM_ADMIN}

    @refusals()
    def give() -> None:
        if not role.value:
            raise Refused('请选择岗位。')
        with begin(me, org_id) as work:
            operations.give_post(work, person_id=row.person.id, role=role.value, from_on=today)
        ui.navigate.reload()

    @refusals()
    async def end(post_id: int, word: str) -> None:
        if await confirm(f'{row.person.name}的“{word}”岗位到今天（{today}）结束，明天起不能再以此岗位办理。', do='结束岗位'):
            with begin(me, org_id) as work:
                operations.end_post(work, post_id=post_id, to_on=today)
            ui.navigate.reload()

    with ui.dialog(value=True) as dialog, _named(ui.card().classes('dj-dialog').props('role=dialog'), f'岗位 {row.person.name}'):
        ui.label(f'{row.person.name}的岗位').classes('dj-dialog-title')
        for post in row.posts:
            word = ROLE_WORDS[Role(post.role)]
            with ui.row().classes('items-center w-full'):
                ui.label(f'{word}　{post.from_on} ～ {post.to_on or "今"}').classes('dj-grow')
                if post.to_on is None:
                    ui.button('结束', on_click=lambda p=post.id, w=word: end(p, w)).props('outline dense')
        with ui.row().classes('items-center'):
            role = ui.select(offered, label='增加岗位').props('outlined dense').style('min-width: 14em')
            ui.button('任命', on_click=give).props('unelevated')
        _closing(dialog)


def _account(me: Actor, row: StaffRow, org_id: int) -> None:
    @refusals()
    async def keep() -> None:
        made = operations.first_password()
        kept = await run.io_bound(hash_password, made)
        if kept is None:
            return
        with begin(me, org_id) as work:
            if row.account:
                operations.reset_password(work, account_id=row.account.id, password_hash=kept)
            else:
                operations.add_account(work, person_id=row.person.id, login=login.value or '', password_hash=kept)
        fields.clear()
        with fields:
            ui.label('请把下面的密码当面交给本人；关闭后不再显示。首次登录须由本人改成自己的密码。')
            ui.label(made).classes('dj-password').props('role=status')

    @refusals()
    async def cancel() -> None:
        if row.account and await confirm(f'取消{row.person.name}的动态码和恢复码，密码不变；本人下次登录时重新启用。请先当面核实是本人。', do='取消动态码'):
            with begin(me, org_id) as work:
                operations.reset_second_factor(work, account_id=row.account.id)
            ui.navigate.reload()

    with ui.dialog(value=True) as dialog, _named(ui.card().classes('dj-dialog').props('role=dialog'), f'账号 {row.person.name}'):
        ui.label(f'{row.person.name}的账号').classes('dj-dialog-title')
        with ui.column().classes('w-full') as fields:
            if row.account:
                ui.label('将生成新密码并取消原有动态码，本人须重新设置。').classes('dj-sentence')
                login = ui.input('登录名', value=row.account.login).props('outlined dense readonly')
            else:
                login = ui.input('登录名 *（小写字母、数字）').props('outlined dense maxlength=40')
            with ui.row().classes('gap-2'):
                ui.button('重设密码' if row.account else '开账号', on_click=keep).props('unelevated')
                if row.account and row.account.totp_sealed:
                    ui.button('只取消动态码', on_click=cancel).props('outline')
        _closing(dialog)


def _closing(dialog: ui.dialog) -> None:
    """Draw the way out of a dialog; it is gone once closed, so that no password stays in the page."""
    with ui.row().classes('w-full justify-end'):
        ui.button('关闭', on_click=dialog.close).props('outline')
    dialog.on('hide', dialog.delete)


def _named(element: Drawn, name: str) -> Drawn:
    """Name an element after a person; never through `props(text)`, where a quotation mark in a name would begin a property of its own."""
    element.props['aria-label'] = name
    return element
