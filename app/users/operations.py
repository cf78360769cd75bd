"""People, accounts and posts of an organisation."""

from __future__ import annotations

from datetime import date

from sqlmodel import col, select

from app.access import CENTRE_ROLES, Permission, Role
from app.checks import check_name, check_phone, check_text
from app.codes import mask_id, read_id_number
from app.errors import Refused
from app.house import house
from app.users import passwords
from app.words import SEXES, name_initials, name_key
from app.work import Work
from db.users import Account, Person, Post, Preference, SharedView


def add_person(work: Work, *, name: str, id_number: str, title: str = '', phone: str = '') -> Person:
    """Keep a person of staff; one per ID number and organisation. raises Refused (VAL-01)"""
    work.require(Permission.USERS_WRITE)
    name, number = check_name('姓名', name), read_id_number(id_number, work.today)
    if work.session.exec(select(Person).where(Person.id_no_index == house().keys.blind('id_no', number.text), Person.org_id == work.org.id)).first():
        raise Refused(f'本单位已有证件号码为{mask_id(number.text)}的人员，请在原记录上增加岗位，不要重复登记。', rule='SEC-01')
    person = work.make(Person, name=name, sort_key=name_key(name), initials=name_initials(name), sex=SEXES[number.sex], title=title.strip(),
                       phone=check_phone('电话', phone) if phone else '')
    work.seal_id(person, number.text, mask_id(number.text))
    work.keep('users.add_person', person)
    return person


def add_account(work: Work, *, person_id: int, login: str, password_hash: str, must_change: bool = True) -> Account:
    """Give a person a login; the hash comes from passwords.hash_password, made outside the transaction. raises Refused"""
    work.require(Permission.USERS_WRITE)
    login = check_login(login)
    person = work.get(Person, person_id)
    if held := work.session.exec(select(Account.login).where(Account.person_id == person.id)).first():
        raise Refused(f'{person.name}已有账号“{held}”，一人只有一个账号；忘记密码请重设密码。', rule='SEC-06')
    account = work.make(Account, person_id=person.id, login=login, password_hash=password_hash, must_change=must_change)
    if work.taken(col(Account.login), login):
        raise Refused(f'登录名“{login}”已被使用，请换一个。')
    work.keep('users.add_account', account)
    return account


def give_post(work: Work, *, person_id: int, role: str, from_on: date, to_on: date | None = None) -> Post:
    """Give a person a role from a day on. raises Refused: unknown role, role of another kind of organisation, same post twice"""
    work.require(Permission.USERS_WRITE)
    if role not in set(Role):
        raise Refused('没有这个岗位，请从列表中选择。', rule='SEC-01')
    if (Role(role) in CENTRE_ROLES) != (work.org.kind == 'centre') and role != Role.PLATFORM_ADMIN:
        raise Refused('鉴定中心的岗位只能给中心的人员，评价机构的岗位只能给机构的人员。', rule='ORG-26')
    if role == Role.PLATFORM_ADMIN and work.actor.role != Role.PLATFORM_ADMIN:
        raise Refused('平台管理员只能由平台管理员任命。', rule='SEC-01')
    if to_on and to_on < from_on:
        raise Refused('岗位的结束日期早于开始日期，请更正。')
    person = work.get(Person, person_id)
    for post in work.session.exec(select(Post).where(Post.person_id == person.id, Post.role == role)):
        if post.to_on is None or post.to_on >= from_on:
            raise Refused(f'{person.name}在该期间已有这个岗位，无须重复任命。')
    post = work.make(Post, person_id=person.id, role=role, from_on=from_on, to_on=to_on)
    work.keep('users.give_post', post)
    return post


def end_post(work: Work, *, post_id: int, to_on: date) -> Post:
    """End a post on a day. The last head or administrator cannot be removed. raises Refused"""
    work.require(Permission.USERS_WRITE)
    post = work.get(Post, post_id, lock=True)
    if post.role == Role.PLATFORM_ADMIN:
        _refuse_above(work, post.person_id)
    if to_on < post.from_on:
        raise Refused('岗位的结束日期早于开始日期，请更正。')
    if post.role in (Role.HEAD, Role.CENTRE_HEAD, Role.PLATFORM_ADMIN):
        others = [p for p in work.session.exec(select(Post).where(Post.role == post.role, Post.org_id == post.org_id))
                  if p.id != post.id and (p.to_on is None or p.to_on > to_on)]
        if not others:
            raise Refused('这是最后一位负责人或管理员，先任命接任者，再结束此岗位。')
    post.to_on = to_on
    work.keep('users.end_post', post)
    return post


def reset_password(work: Work, *, account_id: int, password_hash: str) -> Account:
    """Set a password for somebody who forgot his; open sign-ins end, and he must choose his own at the next one. raises Refused"""
    work.require(Permission.USERS_WRITE)
    account = work.get(Account, account_id, lock=True)
    _refuse_above(work, account.person_id)
    work.end_sign_ins(account.id)
    account.password_hash, account.must_change, account.totp_sealed, account.totp_step = password_hash, True, b'', 0
    work.keep('users.reset_password', account)
    return account


def reset_second_factor(work: Work, *, account_id: int) -> Account:
    """Cancel the second factor of somebody who lost his phone; open sign-ins end, the password stays, his post asks for a new factor.

    Recovery codes count beside an enrolled factor only, so the old ones go with it. raises Refused
    """
    work.require(Permission.USERS_WRITE)
    account = work.get(Account, account_id, lock=True)
    _refuse_above(work, account.person_id)
    if account.person_id == work.actor.person_id:
        raise Refused('自己换手机，请点右上角姓名，在“动态码与恢复码”中办理。', rule='SEC-01')
    if not account.totp_sealed:
        raise Refused('此账号没有启用动态码，不需要取消。')
    work.end_sign_ins(account.id)
    account.totp_sealed, account.totp_step = b'', 0
    work.keep('users.reset_second_factor', account)
    return account


def set_preference(work: Work, name: str, value: dict[str, object]) -> None:
    """Keep what the person chose for one list or page; leaves no trail entry, it is nobody's business."""
    row = work.session.exec(select(Preference).where(Preference.person_id == work.actor.person_id, Preference.name == name)).first()
    if row is None:
        row = work.make(Preference, org_id=work.actor.org_id, person_id=work.actor.person_id, name=name, value=value)
    row.value = value
    work.session.add(row)
    work.session.flush()


def share_view(work: Work, *, name: str, title: str, value: dict[str, object]) -> SharedView:
    """Keep a view of a list for everybody of the organisation, in place of an older one of the same title. raises Refused"""
    work.require(Permission.VIEWS_SHARE)
    title = check_text('视图名称', title, 30)
    view = work.session.exec(select(SharedView).where(SharedView.org_id == work.org.id, SharedView.list_name == name, SharedView.title == title)).first()
    if view is None:
        view = work.make(SharedView, list_name=name, title=title, value=value, shared_by_id=work.actor.person_id, shared_by=work.actor.printed)
    view.value, view.shared_by_id, view.shared_by = value, work.actor.person_id, work.actor.printed
    work.keep('users.share_view', view)
    return view


def withdraw_view(work: Work, *, view_id: int) -> None:
    """Take a shared view away; whoever chose it keeps the columns it gave him. raises Refused"""
    work.require(Permission.VIEWS_SHARE)
    work.remove('users.withdraw_view', work.get(SharedView, view_id))


def first_password() -> str:
    """Return a password to hand over on paper: four groups of letters and digits that are not mixed up."""
    made = passwords.spoken(4)
    passwords.check_password(made, '')
    return made


def check_login(login: str) -> str:
    """Return a login name as it is kept, in small letters. raises Refused"""
    login = login.strip().lower()
    if not (3 <= len(login) <= 40 and login.replace('.', '').replace('-', '').replace('_', '').isalnum() and login.isascii()):
        raise Refused('登录名须为3至40个小写字母、数字或 . - _，例如 zhang.san。')
    return login


def _refuse_above(work: Work, person_id: int) -> None:
    """Refuse to touch an administrator of the platform unless one is acting: who resets his password could act as him (SEC-01)."""
    posts = work.session.exec(select(Post).where(Post.person_id == person_id, Post.role == Role.PLATFORM_ADMIN))
    if work.actor.role != Role.PLATFORM_ADMIN and any(p.to_on is None or p.to_on >= work.today for p in posts):
        raise Refused('平台管理员的账号和岗位只能由平台管理员办理。', rule='SEC-01')
