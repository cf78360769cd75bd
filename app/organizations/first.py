"""The first start: installation, first organisation and first administrator. Nobody is known yet, so it works without a Work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from app import audit
from app.access import ROLE_WORDS, Role
from app.checks import check_name, check_text
from app.codes import IdNumber, mask_id, read_credit_code, read_id_number
from app.errors import Refused
from app.findings import Finding, refuse_blocks
from app.house import house
from app.organizations.operations import base_values, check_region, org_values
from app.users.operations import check_login
from app.users.passwords import check_password, hash_password
from app.words import CHINA, SEXES, name_initials, name_key
from db.base import Record
from db.organizations import Org
from db.users import Account, Installation, Person, Post

PURPOSES = {'organization': '评价机构', 'centre': '鉴定中心', 'both': '鉴定中心和评价机构'}

T = TypeVar('T')


def check_first(
    *, purpose: str, org_name: str, kind: str, credit_code: str, region: str, profile: str, person_name: str, id_number: str, login: str,
    password: str) -> dict[str, Any]:
    """Return the values of the first rows, checked; slow (Argon2id), call from a thread.

    raises Refused with a finding for each field that is wrong; subject is the field's name (VAL-01, VAL-03, DATA-19)
    """
    today = house().now().astimezone(CHINA).date()
    faults: list[Finding] = []

    def read(field: str, check: Callable[[], T]) -> T | None:
        try:
            return check()
        except Refused as refused:
            faults.append(Finding(refused.rule, 'block', field, refused.sentence))
            return None

    if purpose not in PURPOSES:
        faults.append(Finding('', 'block', 'purpose', '请选择本系统的用途。'))
    read('org_name', lambda: check_text('机构名称', org_name, 100))
    read('credit_code', lambda: read_credit_code(credit_code))
    read('region', lambda: check_region(region.strip()))
    org = None
    if not faults:  # what may still be wrong is chosen from lists
        given = {'name': org_name, 'credit_code': credit_code, 'region': region.strip(), 'profile': profile}
        org = read('profile', lambda: org_values(**given, kind=kind) if purpose == 'organization' else base_values(**given, kind='centre'))
    name = read('person_name', lambda: check_name('姓名', person_name))
    number = read('id_number', lambda: read_id_number(id_number, today))
    found_login = read('login', lambda: check_login(login))
    read('password', lambda: check_password(password, login))
    refuse_blocks(faults)
    assert org and name and number and found_login
    return {'purpose': purpose, 'org': org, 'name': name, 'number': number, 'login': found_login, 'password_hash': hash_password(password)}


def make_first(*, purpose: str, org: dict[str, str], name: str, number: IdNumber, login: str, password_hash: str, demo: bool = False) -> Org:
    """Keep installation, organisation, person, account and two posts with their trail, or nothing.

    The values come from check_first. The person becomes head (of the centre) and platform administrator.
    raises Refused when another first start was quicker
    """
    now = house().now()
    today = now.astimezone(CHINA).date()
    with Session(house().engines.write, expire_on_commit=False) as session:
        if session.connection().execute(select(col(Installation.id))).first():
            raise Refused('本系统已经完成首次设置，请直接登录。')
        first = Org.model_validate(org)
        person = Person.model_validate({
            'org_id': first.id, 'name': name, 'sort_key': name_key(name), 'initials': name_initials(name), 'sex': SEXES[number.sex],
            'id_no_index': house().keys.blind('id_no', number.text), 'id_no_masked': mask_id(number.text)})
        person.id_no_sealed = house().keys.seal(person, 'id_no', number.text)
        account = Account.model_validate({
            'org_id': first.id, 'person_id': person.id, 'login': login, 'password_hash': password_hash, 'must_change': False})
        head = Role.CENTRE_HEAD if first.kind == 'centre' else Role.HEAD
        posts = [Post.model_validate({'org_id': first.id, 'person_id': person.id, 'role': role, 'from_on': today}) for role in (head, Role.PLATFORM_ADMIN)]
        made = Installation.model_validate({'purpose': purpose, 'demo': demo, 'key_check': house().keys.check_value(), 'made_at': now})
        kept: list[tuple[str, Record]] = [
            ('organizations.first_start', made), ('organizations.register', first), ('users.add_person', person), ('users.add_account', account),
            *(('users.give_post', post) for post in posts)]
        for _, row in kept:
            session.add(row)
            session.flush()
        audit.write_entries(session.connection(), house().keys, [
            _entry(verb, row, first, person, posts[0]) for verb, row in kept])
        session.commit()
    return first


def _entry(verb: str, row: SQLModel, org: Org, person: Person, post: Post) -> dict[str, Any]:
    state = row.model_dump()
    return {
        'at': house().now().isoformat(timespec='milliseconds'), 'person': person.id, 'name': f'{person.name}（{ROLE_WORDS[Role(post.role)]}）',
        'post': post.id, 'by_org': org.id, 'org': org.id, 'row': state['id'], 'table': str(row.__tablename__), 'verb': verb, 'before': '',
        'after': audit.row_hash(house().keys, state)}
