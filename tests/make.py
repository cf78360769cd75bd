"""What tests begin with: organisations, people in posts, a batch with candidates; made through the operations wherever there is one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.access import CENTRE_ROLES, Role
from app.actors import Actor, actor_of, token_hash
from app.batches.operations import add_sitting, close_registration, make_batch, open_registration
from app.codes import credit_code, id_number, mask_id
from app.files import keep_stored, store, store_scan
from app.house import house
from app.numbers import ticket_number
from app.organizations.operations import confirm_filing, record_filing, register_org
from app.organizations.rules import Range
from app.registration.operations import set_photo, write_rows
from app.registration.rules import Fate
from app.users.operations import add_person, give_post
from app.words import CHINA
from app.work import Work, begin_as
from db.audit import Trail
from db.batches import Batch
from db.files import StoredFile
from db.organizations import Filing, Org
from db.premises import InfoSystem
from db.users import Account, Person, Post, SignIn

START = date(2025, 1, 1)
NOW = datetime(2026, 10, 20, 9, 0, tzinfo=CHINA)
CENTRE_NAME = '明川市职业技能鉴定指导中心（演示）'
RANGES = (
    Range('4-10-01-03', '保育师', '', (5, 4, 3)), Range('6-18-01-01', '车工', '', (5,)), Range('6-18-01-01', '车工', '普通车床', (4, 3, 2, 1)))
GROUPS = (('4-10-01-03', '', 4), ('6-18-01-01', '普通车床', 4), ('6-18-01-01', '普通车床', 2))


@dataclass
class World:
    """Ids of what was made: {role: person id} of centre and organisation."""

    centre: Org
    org: Org
    filing: Filing
    people: dict[str, int] = field(default_factory=dict)
    batch: Batch | None = None


def signed_in(person_id: int) -> Actor:
    """Return a person as pages know him, signed in to his first post."""
    real = datetime.now(UTC)
    with Session(house().engines.write, expire_on_commit=False) as session:
        post = session.exec(select(Post).where(Post.person_id == person_id)).first()
        assert post
        account = Account.model_validate({'org_id': post.org_id, 'person_id': person_id, 'login': f'login{person_id}', 'password_hash': 'none', 'must_change': False})
        session.add(account)
        session.add(SignIn.model_validate({
            'token_hash': token_hash(f'{person_id}'), 'account_id': account.id, 'person_id': person_id, 'post_id': post.id, 'began_at': real, 'seen_at': real,
            'ends_at': real + timedelta(hours=1)}))
        session.commit()
    found = actor_of(token_hash(f'{person_id}'))
    assert found
    return found


def trail() -> list[dict[str, Any]]:
    """Return the entries of the trail, oldest first."""
    with Session(house().engines.read) as session:
        return [json.loads(body) for body in session.exec(select(Trail.body).order_by(col(Trail.n)))]


def keep_scan(work: Work, data: bytes, *, name: str) -> StoredFile:
    """Keep a scan of the organisation worked on."""
    return keep_stored(work, store_scan(data, work.org.id, name=name))


def number(n: int, *, sex: int = 1, address: str = '990101') -> str:
    """Return the n-th valid ID number; sex 1 male, 0 female."""
    return id_number(address, date(1970 + n // 300 % 35, n // 25 % 12 + 1, n % 25 + 1), n % 450 * 2 + sex)


def first_person(org: Org, name: str, id_no: str, *roles: str) -> Person:
    """Keep the first person of an installation, who has nobody to appoint him."""
    person = Person.model_validate({'org_id': org.id, 'name': name, 'sort_key': name, 'initials': name, 'sex': '男', 'id_no_masked': mask_id(id_no)})
    person.id_no_sealed, person.id_no_index = house().keys.seal(person, 'id_no', id_no), house().keys.blind('id_no', id_no)
    with Session(house().engines.write, expire_on_commit=False) as session:
        session.add(org)
        session.flush()
        session.add(person)
        session.flush()
        for role in roles:
            session.add(Post.model_validate({'org_id': org.id, 'person_id': person.id, 'role': role, 'from_on': START}))
        session.commit()
    return person


def org(n: int, *, kind: str = 'centre', profile: str = 'demo', region: str = '990100', name: str = '') -> Org:
    """Return an organisation not yet kept."""
    body = f'5299010{n % 9 + 1}MA99{n:04d}0'[:17]
    return Org.model_validate({
        'name': name or f'第{n}机构（演示）', 'kind': kind, 'credit_code': credit_code(body), 'region': region, 'profile': profile})


def world(*, at: datetime = NOW, roles: Sequence[str] = tuple(Role), n: int = 1) -> World:
    """Return a centre, an organisation with a filing in force, and a person in each role of the organisation."""
    centre = org(n * 10, name=f'{CENTRE_NAME}{n}' if n > 1 else CENTRE_NAME)
    head = first_person(centre, '禹鬼金', number(900 + n), Role.CENTRE_HEAD)
    with begin_as(head.id, at=at) as work:
        clerk = add_person(work, name='狄柳土', id_number=number(901 + n * 3))
        give_post(work, person_id=clerk.id, role=Role.ACCEPTANCE_CLERK, from_on=START)
        evaluated = register_org(
            work, name=f'明川市第{n}职业培训学校（演示）', kind='social_training_org', credit_code=credit_code(f'5299010{n % 9}MA98{n:04d}0'[:17]), region='990102',
            profile='demo', short_name='启帆')
    with begin_as(clerk.id, org_id=evaluated.id, at=at) as work:
        filing = record_filing(
            work, number=f'S00009901000{n}', letter_no=f'明人社函〔2025〕{n}号', letter_on=date(2025, 3, 17), valid_from=date(2025, 3, 17), ranges=RANGES,
            issuer='明川市人力资源和社会保障局（演示）')
    with begin_as(head.id, org_id=evaluated.id, at=at) as work:
        confirm_filing(work, filing_id=filing.id)
    made = World(centre, evaluated, filing, {'centre_head': head.id, 'acceptance_clerk': clerk.id})
    made.people['head'] = first_person_of(evaluated, '何立春', number(1000 + n)).id
    with begin_as(made.people['head'], at=at) as work:
        for i, role in enumerate(r for r in roles if r not in ('head', 'platform_admin') and r not in CENTRE_ROLES):
            person = add_person(work, name=f'职员{i}', id_number=number(1100 + n * 40 + i))
            give_post(work, person_id=person.id, role=role, from_on=START)
            made.people[role] = person.id
        second = add_person(work, name='再录人', id_number=number(1190 + n * 40))
        give_post(work, person_id=second.id, role=Role.SCORER, from_on=START)
        made.people['second'] = second.id
    return made


def first_person_of(kept: Org, name: str, id_no: str, *roles: str) -> Person:
    """Keep the first person of an organisation already kept; head when no role is named."""
    person = Person.model_validate({'org_id': kept.id, 'name': name, 'sort_key': name, 'initials': name, 'sex': '男', 'id_no_masked': mask_id(id_no)})
    person.id_no_sealed, person.id_no_index = house().keys.seal(person, 'id_no', id_no), house().keys.blind('id_no', id_no)
    with Session(house().engines.write, expire_on_commit=False) as session:
        session.add(person)
        session.flush()
        for role in roles or (Role.HEAD,):
            session.add(Post.model_validate({'org_id': kept.id, 'person_id': person.id, 'role': role, 'from_on': START}))
        session.commit()
    return person


JPEG = bytes.fromhex(
    'ffd8ffe000104a46494600010100000100010000ffdb004300' + '01' * 64 + 'ffc0000b080001000101011100ffc4001f0000010501010101010100000000000000000102030405060708090a0b'
    'ffc400b5100002010303020403050504040000017d01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a34353637'
    '38393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5'
    'c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffda0008010100003f00fbd3ffd9')


def systems(made: World) -> None:
    """Register the three systems, linked to the provincial platform, where none stands yet: without them nobody is evaluated (ORG-12)."""
    with Session(house().engines.write) as session:
        if session.exec(select(InfoSystem.id).where(InfoSystem.org_id == made.org.id)).first() is None:
            session.add_all([InfoSystem.model_validate({'org_id': made.org.id, 'kind': kind, 'name': f'{kind}系统', 'docking': 'docked'}) for kind in ('exam_affairs', 'computer_exam', 'video')])
            session.commit()


def batch(made: World, *, sizes: Sequence[int] = (3, 3, 2), photos: bool = True, close: bool = True, at: datetime = NOW, groups: Sequence[tuple[str, str, int]] = GROUPS) -> Batch:
    """Return a batch with candidates in each group, ready for scores."""
    systems(made)
    with begin_as(made.people['registrar'], at=at) as work:
        kept = make_batch(work, title='第三批职业技能等级认定', first_on=date(2026, 10, 24), last_on=date(2026, 10, 31), groups=groups)
        open_registration(work, batch_id=kept.id)
    from app.batches.queries import groups_of

    with begin_as(made.people['registrar'], at=at) as work:
        kept_groups = {(g.occupation_code, g.work_type, g.level): g for g in groups_of(work, kept.id)}
        for i, key in enumerate(groups):
            add_sitting(
                work, batch_id=kept.id, group_id=kept_groups[key].id, subject='theory', room_no=i + 1, room=f'机房{i + 1}',
                starts_at=datetime(2026, 10, 24, 9, 0, tzinfo=CHINA), ends_at=datetime(2026, 10, 24, 10, 30, tzinfo=CHINA))
        rows, n = [], 0
        for i, (key, size) in enumerate(zip(groups, sizes, strict=True)):
            for seat in range(1, size + 1):
                n += 1
                rows.append(_row(n, kept_groups[key].id, int(kept.number[5:]), key[2], i + 1, seat))
        for start in range(0, len(rows), 200):
            write_rows(work, batch_id=kept.id, rows=rows[start:start + 200])
    if photos:
        from app.registration.queries import candidates_by_ticket

        with begin_as(made.people['registrar'], at=at) as work:
            for candidate in candidates_by_ticket(work, kept.id):
                set_photo(work, candidate_id=candidate.id, photo=JPEG, name='a.jpg', sha256=store(JPEG, made.org.id, sealed=True))
    if close:
        with begin_as(made.people['registrar'], at=at) as work:
            close_registration(work, batch_id=kept.id)
    made.batch = kept
    return kept


def _row(n: int, group_id: int, batch_no: int, level: int, room: int, seat: int) -> tuple[Fate, dict[str, object]]:
    values: dict[str, object] = {
        'name': f'考生{n}', 'id_kind': 'resident_id', 'id_no': number(n), 'sex': '男', 'birth_on': date.fromisoformat(f'{number(n)[6:10]}-{number(n)[10:12]}-{number(n)[12:14]}'),
        'group_id': group_id, 'education': '', 'basis': '', 'employer': '', 'phone': '', 'room_no': room, 'seat_no': seat,
        'ticket_number': ticket_number(2026, batch_no, level, room, seat), 'sort_key': f'kaosheng{n}', 'initials': 'ks'}
    return Fate(n, 'new', values), values
