"""The centre, the organisations of its city and their people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from app.codes import read_id_number
from app.demo.story import Scene, rows_of
from app.house import house
from app.organizations.first import make_first
from app.organizations.operations import base_values, confirm_filing, record_filing, register_org
from app.organizations.rules import Range
from app.users.operations import add_account, add_person, give_post
from app.words import china_time
from app.work import begin_as
from db.users import Person

PROFILE = 'demo'
BEFORE = timedelta(minutes=10)  # this clock runs on: the centre must stand before its next people come, also on a slow machine


def open_centre(scene: Scene) -> None:
    """Make the installation with the centre and its head, then the centre's people."""
    told = scene.story.centre
    head = _people_of('centre')[0]
    assert head['姓名'] == told.head
    kept = house().offset
    house().offset = told.from_at - BEFORE - datetime.now(UTC)  # nobody is known yet, so no Work can be told the time
    try:
        centre = make_first(
            purpose='both', org=base_values(**_card('centre'), profile=PROFILE), name=head['姓名'], number=read_id_number(head['证件号码'], _day(told.from_at)),
            login=head['登录名'], password_hash=scene.password_hash, demo=True)
    finally:
        house().offset = kept
    scene.orgs['centre'] = centre.id
    with house().engines.read.connect() as connection:
        scene.people[told.head] = connection.execute(select(col(Person.id)).where(col(Person.org_id) == centre.id)).scalar_one()
    for row in _people_of('centre')[1:]:
        _join(scene, 'centre', row, told.head, told.from_at)


def register(scene: Scene, key: str) -> None:
    """Register an organisation at the centre."""
    told = scene.story.centre
    with begin_as(scene.people[told.clerk], at=scene.story.joined[key].registered_at) as work:
        scene.orgs[key] = register_org(work, **_card(key), profile=PROFILE).id


def file_letter(scene: Scene, key: str) -> None:
    """Record an organisation's filing and confirm it by the centre's head."""
    letter, told = scene.story.filings[key], scene.story.centre
    with begin_as(scene.people[told.clerk], org_id=scene.orgs[key], at=letter.recorded_at) as work:
        filing = record_filing(
            work, number=letter.number, letter_no=letter.letter_no, letter_on=letter.letter_on, valid_from=letter.letter_on, issuer=letter.issuer,
            ranges=[Range(*row) for row in letter.ranges])
    with begin_as(scene.people[told.head], org_id=scene.orgs[key], at=letter.recorded_at) as work:
        confirm_filing(work, filing_id=filing.id)


def staff(scene: Scene, key: str) -> None:
    """Take in an organisation's people: the first by the centre's head, the others by him."""
    at, by = scene.story.joined[key].staffed_at, scene.story.centre.head
    for row in _people_of(key):
        _join(scene, key, row, by, at)
        by = _people_of(key)[0]['姓名']


def _join(scene: Scene, key: str, row: dict[str, str], by: str, at: datetime) -> None:
    """Keep a person with his posts and, where he signs in, his account."""
    with begin_as(scene.people[by], org_id=scene.orgs[key], at=at) as work:
        person = add_person(work, name=row['姓名'], id_number=row['证件号码'], title=row['职务'], phone=row['电话'])
        if row['登录名']:
            add_account(work, person_id=person.id, login=row['登录名'], password_hash=scene.password_hash, must_change=False)
        for role in row['岗位'].split('、'):
            give_post(work, person_id=person.id, role=role, from_on=_day(at))
    scene.people[row['姓名']] = person.id


def _people_of(key: str) -> list[dict[str, str]]:
    return [row for row in rows_of('people') if row['单位'] == key]


def _card(key: str) -> dict[str, str]:
    row = next(row for row in rows_of('organizations') if row['单位'] == key)
    return {
        'name': row['名称'], 'short_name': row['简称'], 'kind': row['性质'], 'credit_code': row['统一社会信用代码'], 'region': row['行政区划'],
        'address': row['地址'], 'phone': row['电话']}


def _day(at: datetime) -> date:
    return china_time(at).date()
