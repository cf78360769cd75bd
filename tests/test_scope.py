"""What a session may see and write: rows of its scope only, however the statement is written; on both databases."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, exists, func, insert, literal_column, outerjoin, select, text, union, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.access import Role
from app.actors import Actor
from app.errors import NotYours, Refused, SignedOut
from app.filing.drafts import change_range, remove_range
from app.house import House, house
from app.organizations.queries import organizations
from app.work import begin, begin_as, look
from db.base import Owned
from db.organizations import FiledRange, Filing, Org
from db.session import Scoped, Unscoped
from db.tables import METADATA
from db.users import Account, Installation, Person, Post, SignIn
from tests import make
from tests.shows import shows

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Two:
    """Two organisations with two people and two posts each."""

    mine: Org
    other: Org
    my_person: Person
    other_person: Person


def two() -> Two:
    mine, other = make.org(1, region='990101', kind='employer'), make.org(2, region='990101', kind='employer')
    mine_first, other_first = make.first_person(mine, '甲一', make.number(1), Role.HEAD), make.first_person(other, '乙一', make.number(2), Role.HEAD)
    make.first_person_of(mine, '甲二', make.number(3), Role.STAFF)
    make.first_person_of(other, '乙二', make.number(4), Role.STAFF)
    return Two(mine, other, mine_first, other_first)


def session(*scope: int, write: bool = False, org: int | None = None) -> Scoped:
    return Scoped(house().engines.write if write else house().engines.read, scope, org)


P2 = aliased(Person)
READS: dict[str, Callable[[Scoped, Two], Any]] = {
    'select': lambda s, t: s.execute(select(Person)).scalars().all(),
    'columns': lambda s, t: s.execute(select(col(Person.name))).scalars().all(),
    'columns gathered': lambda s, t: s.columns([col(Person.id), col(Person.name)])[1],
    'columns gathered by a condition': lambda s, t: s.columns([col(Post.id)], col(Post.person_id).in_(select(col(Person.id))))[0],
    'query': lambda s, t: s.query(Person).all(),
    'count': lambda s, t: range(s.execute(select(func.count()).select_from(Person)).scalar_one()),
    'count of a column': lambda s, t: range(s.execute(select(func.count(col(Person.id)))).scalar_one()),
    'by foreign id': lambda s, t: [*s.execute(select(Person).where(col(Person.id) == t.other_person.id)).scalars(), 1, 2],
    'get': lambda s, t: [s.get(Person, t.my_person.id), s.get(Person, t.other_person.id) or 'none'],
    'join': lambda s, t: s.execute(select(Person, Post).join(Post, col(Post.person_id) == Person.id)).all(),
    'outer join': lambda s, t: s.execute(select(Person).select_from(outerjoin(Person, Post, col(Post.person_id) == Person.id))).scalars().all(),
    'cartesian': lambda s, t: {p.id for p, _ in s.execute(select(Person, P2)).all()},
    'alias': lambda s, t: s.execute(select(P2)).scalars().all(),
    'subquery': lambda s, t: s.execute(select(select(Person).subquery())).all(),
    'alias of a subquery': lambda s, t: s.execute(select(aliased(Person, select(Person).subquery()))).scalars().all(),
    'scalar subquery': lambda s, t: range(s.execute(select(select(func.count(col(Person.id))).scalar_subquery())).scalar_one()),
    'IN subquery': lambda s, t: s.execute(select(Post).where(col(Post.person_id).in_(select(col(Person.id))))).scalars().all(),
    'CTE': lambda s, t: s.execute(select(select(Person).cte())).all(),
    'exists': lambda s, t: [s.execute(select(select(col(Person.id)).where(col(Person.id) == t.other_person.id).exists())).scalar_one(), 'always'],
    'union': lambda s, t: s.execute(union(select(col(Person.id)), select(col(Person.id)).where(col(Person.name) == '乙一')).subquery().select()).all(),
    'union all of whole rows': lambda s, t: s.execute(select(Person).from_statement(union_all(select(Person)))).scalars().all(),
}


@pytest.mark.filterwarnings('ignore::DeprecationWarning', 'ignore:SELECT statement has a cartesian')
@shows('SEC-01')
def test_every_way_to_read_sees_two_rows_of_its_own_organisation(both: House) -> None:
    made = two()
    seen: dict[str, object] = {}
    for name, read in READS.items():
        with session(made.mine.id) as mine:
            try:
                seen[name] = len(list(read(mine, made)))
            except Unscoped:
                seen[name] = 'refused'
    assert seen == dict.fromkeys(READS, 2)
    with session(made.mine.id) as mine:
        assert mine.get(Person, made.other_person.id) is None
        assert mine.execute(select(select(col(Person.id)).where(col(Person.id) == made.other_person.id).exists())).scalar_one() is False
        assert {p.name for p in mine.execute(select(Person)).scalars()} == {'甲一', '甲二'}


def test_an_empty_scope_sees_nothing_and_a_wider_one_sees_all_of_it(both: House) -> None:
    made = two()
    counts = []
    for scope in ((), (made.mine.id,), (made.mine.id, made.other.id), (made.other.id,), ()):  # one statement, compiled once, another scope each time
        with session(*scope) as narrow:
            counts.append((len(narrow.execute(select(Person)).scalars().all()), len(narrow.execute(select(Org)).scalars().all())))
    assert counts == [(0, 0), (2, 1), (4, 2), (2, 1), (0, 0)]


REFUSED: dict[str, Callable[[Scoped, Two], Any]] = {
    'text': lambda s, t: s.execute(text('SELECT * FROM person')),
    'exists of a star': lambda s, t: s.execute(select(exists().where(col(Person.id) == t.other_person.id))),
    'text inside': lambda s, t: s.execute(select(Person).where(text('1 = 1'))),
    'a literal column': lambda s, t: s.execute(select(literal_column('name')).select_from(Person.__table__)),  # type: ignore[attr-defined]
    'from text': lambda s, t: s.execute(select(Person).from_statement(text('SELECT * FROM person'))),
    'a Core table': lambda s, t: s.execute(select(Person.__table__)),  # type: ignore[attr-defined]
    'a column of a Core table': lambda s, t: s.columns([Person.__table__.c.name]),  # type: ignore[attr-defined]
    'text as a condition': lambda s, t: s.columns([col(Person.name)], text('1 = 1')),
    'a Core table beside': lambda s, t: s.execute(select(Person).where(col(Person.id).in_(select(Account.__table__.c.person_id)))),  # type: ignore[attr-defined]
    'insert': lambda s, t: s.execute(insert(Post).values(org_id=t.mine.id, person_id=t.my_person.id, role='staff', from_on=make.START)),
    'update by keys': lambda s, t: s.execute(update(Person), [{'id': t.my_person.id, 'name': '丙'}]),
    'update of the organisation': lambda s, t: s.execute(update(Post).values(org_id=t.other.id)),
    'Core update': lambda s, t: s.execute(update(Person.__table__).values(name='丙')),  # type: ignore[attr-defined]
    'Core delete': lambda s, t: s.execute(delete(Person.__table__)),  # type: ignore[attr-defined]
    'bulk_save_objects': lambda s, t: s.bulk_save_objects([t.my_person]),
    'bulk_insert_mappings': lambda s, t: s.bulk_insert_mappings(Post, []),  # type: ignore[arg-type]
    'bulk_update_mappings': lambda s, t: s.bulk_update_mappings(Post, []),  # type: ignore[arg-type]
    'sign-ins': lambda s, t: s.execute(select(SignIn)),
    'the installation': lambda s, t: s.execute(select(Installation)),
}


def test_columns_come_as_numbers_texts_nothing_and_bytes_in_hex(both: House) -> None:
    made = two()
    with session(made.mine.id) as mine:
        people = [(p.id, p.name, p.id_no_index.hex(), p.phone) for p in mine.execute(select(Person)).scalars()]
        gathered = mine.columns([col(Person.id), col(Person.name), col(Person.id_no_index), col(Person.phone)])
        assert sorted((n, name, index.lower(), phone) for n, name, index, phone in zip(*gathered, strict=True)) == sorted(people)
        assert mine.columns([col(Post.to_on), col(Post.id)], col(Post.person_id) == made.my_person.id)[0] == [None]
        assert mine.columns([col(Person.id), col(Person.name)], col(Person.id) == made.other_person.id) == [[], []]


def test_what_would_pass_the_condition_by_is_refused(both: House) -> None:
    made = two()
    passed = []
    for name, run in REFUSED.items():
        with session(made.mine.id, write=True) as mine:
            try:
                run(mine, made)
                passed.append(name)
            except Unscoped:
                pass
    assert passed == []


def test_bulk_changes_reach_own_rows_only(both: House) -> None:
    made = two()
    with session(made.mine.id, write=True) as mine:
        assert mine.execute(update(Person).values(title='改')).rowcount == 2  # type: ignore[attr-defined]
        assert mine.execute(update(Person).where(col(Person.id) == made.other_person.id).values(title='改')).rowcount == 0  # type: ignore[attr-defined]
        assert mine.execute(delete(Post)).rowcount == 2  # type: ignore[attr-defined]
        assert mine.execute(delete(Post).where(col(Post.person_id) == made.other_person.id)).rowcount == 0  # type: ignore[attr-defined]
        mine.commit()
    with session(made.mine.id, made.other.id) as all_rows:
        assert sorted((p.name, p.title) for p in all_rows.execute(select(Person)).scalars()) == [('乙一', ''), ('乙二', ''), ('甲一', '改'), ('甲二', '改')]
        assert len(all_rows.execute(select(Post)).scalars().all()) == 2


def _add_foreign(s: Scoped, t: Two) -> None:
    s.add(Post.model_validate({'org_id': t.other.id, 'person_id': t.other_person.id, 'role': 'staff', 'from_on': make.START}))


def _move(s: Scoped, t: Two) -> None:
    found = s.get(Person, t.my_person.id)
    assert found
    found.org_id = t.other.id


def _change_foreign(s: Scoped, t: Two) -> None:
    t.other_person.name = '丙'
    s.add(t.other_person)


def _delete_foreign(s: Scoped, t: Two) -> None:
    s.delete(t.other_person)


def _take_over(s: Scoped, t: Two) -> None:
    t.other_person.org_id = t.mine.id
    s.add(t.other_person)


def _merge_foreign(s: Scoped, t: Two) -> None:
    s.merge(Person.model_validate(t.other_person.model_dump() | {'name': '丙'}))


def _new_org_outside(s: Scoped, t: Two) -> None:
    s.add(make.org(3, region='880101'))


def _change_foreign_org(s: Scoped, t: Two) -> None:
    t.other.phone = '1'
    s.add(t.other)


def _sign_in_row(s: Scoped, t: Two) -> None:
    s.add(SignIn.model_validate({
        'token_hash': b'1', 'account_id': 1, 'person_id': t.my_person.id, 'post_id': 1, 'began_at': make.NOW, 'seen_at': make.NOW, 'ends_at': make.NOW}))


@pytest.mark.parametrize('write', [_add_foreign, _move, _change_foreign, _delete_foreign, _take_over, _merge_foreign, _new_org_outside, _change_foreign_org, _sign_in_row])
def test_another_organisations_row_is_never_written(house_on_sqlite: House, write: Callable[[Scoped, Two], None]) -> None:
    made = two()
    with session(made.mine.id, write=True, org=made.mine.id) as mine, pytest.raises((Unscoped, IntegrityError)):
        write(mine, made)
        mine.flush()
    with session(made.mine.id, made.other.id) as all_rows:
        assert sorted(p.name for p in all_rows.execute(select(Person)).scalars()) == ['乙一', '乙二', '甲一', '甲二']


def test_a_reference_to_another_organisations_row_is_refused_by_the_database(both: House) -> None:
    made = two()
    with Session(house().engines.write) as plain, pytest.raises(IntegrityError):
        plain.add(Post.model_validate({'org_id': made.mine.id, 'person_id': made.other_person.id, 'role': 'staff', 'from_on': make.START}))
        plain.commit()


def test_a_filed_range_cannot_hang_on_another_organisations_filing(both: House) -> None:
    made = two()
    filing = {'number': 'S000099010001', 'letter_no': '1', 'letter_on': date(2025, 3, 17), 'issuer': '局', 'valid_from': date(2025, 3, 17),
              'valid_to': date(2028, 3, 16), 'recorded_by_id': 1, 'recorded_by': '甲', 'recorded_at': make.NOW}
    with Session(house().engines.write, expire_on_commit=False) as plain:
        other = Filing.model_validate(filing | {'org_id': made.other.id})
        plain.add(other)
        plain.commit()
    with session(made.mine.id, write=True, org=made.mine.id) as mine, pytest.raises(IntegrityError):
        mine.add(FiledRange.model_validate({
            'org_id': made.mine.id, 'filing_id': other.id, 'seq': 1, 'occupation_code': '6-18-01-01', 'occupation': '车工', 'levels': [5]}))
        mine.flush()


def test_every_foreign_key_of_an_owned_table_carries_its_organisation() -> None:
    owned = {c.__tablename__ for c in Owned.__subclasses__()}
    keys = {(t.name, tuple(f.column_keys), f.referred_table.name) for t in METADATA.sorted_tables if t.name in owned for f in t.foreign_key_constraints}
    assert owned and {(table, columns) for table, columns, to in keys if to != 'org' and not (len(columns) == 2 and columns[0] == 'org_id')} == set()
    assert {table for table, columns, to in keys if to == 'org' and columns == ('org_id',)} == owned


@shows('SEC-01')
def test_a_centre_sees_the_organisations_of_its_region_only(both: House) -> None:
    made = make.world()
    far = make.org(77, region='990200', kind='employer', name='别市机构（演示）')
    make.first_person(far, '远方', make.number(800), Role.HEAD)
    with begin_as(made.people['centre_head'], at=make.NOW, reads=True) as work:
        assert {o.name for o in organizations(work)[0]} == {made.centre.name, made.org.name}
        with pytest.raises(NotYours):
            work.get(Org, far.id)
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert {o.name for o in organizations(work)[0]} == {made.org.name}
    with pytest.raises(NotYours), begin_as(made.people['head'], org_id=far.id, at=make.NOW):
        pass


def test_a_row_is_changed_only_as_a_row_of_the_organisation_worked_on(both: House) -> None:
    made = make.world()
    with begin_as(made.people['centre_head'], at=make.NOW, reads=True) as work:
        assert work.get(Filing, made.filing.id).number == made.filing.number
    with pytest.raises(NotYours), begin_as(made.people['centre_head'], at=make.NOW) as work:
        work.get(Filing, made.filing.id)


@pytest.mark.filterwarnings('error')
def test_an_occupation_without_an_id_is_answered_like_one_that_is_not_there(house_on_sqlite: House) -> None:
    made = make.world()
    no_id: Any = None
    with begin_as(made.people['filing_clerk'], at=make.NOW) as work:
        with pytest.raises(NotYours, match='未找到此项'):
            remove_range(work, range_id=no_id)
        with pytest.raises(NotYours, match='未找到此项'):
            change_range(work, range_id=no_id, shown=1, occupation_code='4-10-01-03', occupation='保育师')


def test_reading_work_cannot_write(both: House) -> None:
    made = two()
    with begin_as(made.my_person.id, at=make.NOW, reads=True) as work, pytest.raises(RuntimeError, match='look'):
        work.keep('users.add_person', made.my_person)
    with pytest.raises(Refused, match='数据库写入失败'), begin_as(made.my_person.id, at=make.NOW, reads=True) as work:
        work.session.get(Person, made.my_person.id).name = '丙'  # type: ignore[union-attr]
        work.session.flush()


# Where statements may pass the session's condition by. Every line was read with that in mind; a new one needs the same.
REVIEWED = {
    'db/session.py': 'makes the engines and the session',
    'db/migrate.py': 'asks for the version of the tables',
    'app/actors.py': 'finds who is signed in',
    'app/work.py': 'finds post and scope, writes the trail, asks what is unique in the whole installation, ends sign-ins',
    'app/jobs.py': 'takes and ends jobs of all organisations',
    'app/users/sign_in.py': 'works before anybody is known',
    'app/users/queries.py': "lists everybody for the demo's sign-in page",
    'app/installation.py': 'reads its one row before anybody is known',
    'app/organizations/first.py': 'makes the first rows of all',
    'app/demo/load.py': 'reads what the demo has made',
    'app/demo/people.py': 'reads the first person of the demo',
    'app/dashboard/queries.py': 'checks the whole chain of the trail',
    'app/certificates/records.py': 'prints the last seal of the trail',
    'app/filing/queries.py': 'names the centres of the installation: with whom to file',
    'app/filing/timed.py': 'finds applications of all organisations whose term may have ended',
    'app/main.py': 'seals the trail each hour',
}


def reaches_past(path: Path) -> bool:
    """Return whether a file takes a connection, an engine or a session that knows no scope."""
    for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ('connection', 'exec_driver_sql', 'raw_connection', 'get_bind'):
            return True
        if isinstance(node, ast.Attribute) and node.attr == 'engines':
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ('create_engine', 'Session', 'sessionmaker', 'Scoped'):
            return True
        if isinstance(node, ast.Attribute) and node.attr in ('read_sql', 'read_sql_query', 'read_sql_table'):
            return True
    return False


def test_connections_are_taken_in_the_reviewed_modules_only() -> None:
    found = {p.relative_to(ROOT).as_posix() for floor in ('app', 'db', 'pages') for p in (ROOT / floor).rglob('*.py')
             if 'migrations' not in p.parts and reaches_past(p)}
    assert found == set(REVIEWED)


@pytest.mark.parametrize('line', [
    'work.session.connection().execute(q)', 'house().engines.write.begin()', 'from sqlmodel import Session\nSession(e)', 'pandas.read_sql(q, c)', 'create_engine(u)'])
def test_a_planted_connection_is_found(tmp_path: Path, line: str) -> None:
    (tmp_path / 'a.py').write_text(line, encoding='utf-8')
    assert reaches_past(tmp_path / 'a.py')


def test_a_sign_in_that_is_none_neither_reads_nor_writes(house_on_sqlite: House) -> None:
    made = two()
    forged = Actor(made.my_person.id, '甲一', '', Role.HEAD, 1, made.mine.id, made.mine.name, made.mine.region, token=b'forged')
    with pytest.raises(SignedOut), look(forged):
        pass
    with pytest.raises(SignedOut), begin(forged):
        pass
