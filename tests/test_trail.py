"""The trail: whole after real work, never changed in silence, found where it was, and without personal values."""

from __future__ import annotations

import ast
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from app.audit import Broken, check_chain, last_seal, row_hash, seal_head
from app.batches.operations import change_batch
from app.house import House, house
from app.registration.operations import reveal_id
from app.registration.queries import candidates_by_ticket
from app.sealed import Keys
from app.users.history import history_of, verb_word
from app.work import begin_as
from db.audit import NO_CHANGE, Trail
from db.batches import Batch
from pages.filing.shown import told_once
from pages.parts.documents import Paper, noted
from pages.parts.exporting import exporter
from pages.parts.listing import Column
from tests import make, steps
from tests.shows import shows

ROOT = Path(__file__).resolve().parent.parent


def faults() -> list[Broken]:
    with house().engines.read.connect() as connection:
        return check_chain(connection, house().keys)


entries = make.trail


def run(statement: str) -> None:
    """Do what only somebody with the database in his hands can."""
    with house().engines.write.begin() as connection:
        connection.exec_driver_sql(statement)


def unlock() -> None:
    """Take the triggers away, as a forger would."""
    for statement in ('DROP TRIGGER trail_no_update', 'DROP TRIGGER trail_no_delete') if house().engines.is_sqlite else ('DROP TRIGGER trail_no_change ON trail',):
        run(statement)


def seal() -> str:
    with house().engines.write.begin() as connection:
        return seal_head(connection, house().keys, 'test', make.NOW)


@shows('SEC-05')
def test_the_chain_is_whole_after_the_whole_way_of_a_batch(both: House) -> None:
    made = make.world()
    make.batch(made)
    steps.through(made, {2: {'theory': '59.9'}})
    assert faults() == []
    said = entries()
    assert {e['verb'] for e in said} >= {
        'organizations.register', 'filing.record', 'filing.confirm', 'batch.make', 'registration.import', 'registration.photo', 'scores.enter',
        'scores.signature', 'scores.sign', 'scores.publicize', 'certificates.approve', 'certificate.number', 'certificate.issue'}
    assert all(e['person'] and e['name'] and e['post'] and e['at'] for e in said)


@shows('SEC-05')
def test_each_entry_begins_with_the_hash_the_one_before_it_ended_with(both: House) -> None:
    made = make.world()
    make.batch(made)
    steps.through(made)
    with begin_as(made.people['registrar'], at=steps.ON_ISSUE) as work:
        reveal_id(work, candidate_id=candidates_by_ticket(work, made.batch.id)[0].id)  # type: ignore[union-attr]
    last: dict[int, str] = {}
    broken = []
    changes = 0
    for entry in entries():
        if not entry['before'] and not entry['after']:
            continue  # a reveal changes nothing
        changes += 1
        if entry['row'] in last and entry['before'] != last[entry['row']]:
            broken.append((entry['verb'], entry['row']))
        if entry['row'] not in last and entry['before'] and entry['table'] not in ('org', 'person', 'post'):  # make.py keeps its first rows by hand
            broken.append((entry['verb'], entry['row']))
        last[entry['row']] = entry['after']
    assert broken == []
    assert changes > 100


def test_no_personal_value_stands_in_the_trail(both: House) -> None:
    made = make.world()
    make.batch(made)
    steps.through(made, {1: {'theory': '98.7'}})
    with begin_as(made.people['head'], at=steps.ON_ISSUE, reads=True) as work:
        people = candidates_by_ticket(work, made.batch.id)  # type: ignore[union-attr]
        told = [v for c in people for v in (c.name, work.unseal_id(c), c.id_no_masked, c.ticket_number or '-')]
        bodies = '\n'.join(work.session.execute(select(col(Trail.body))).scalars())
        score = make_hash_without_key(work.session.execute(select(Batch)).scalars().one().model_dump())
    assert [v for v in [*told, '98.7', '987'] if f'"{v}"' in bodies or (len(v) > 9 and v in bodies)] == []
    assert score not in bodies


def make_hash_without_key(values: dict[str, Any]) -> str:
    return row_hash(Keys(bytes(32)), values)


def test_hashes_of_rows_cannot_be_recomputed_without_the_key(house_on_sqlite: House) -> None:
    values = {'tenths': 665, 'at': make.NOW}
    assert row_hash(house().keys, values) == row_hash(house().keys, dict(values)) != row_hash(Keys(bytes(32)), values)
    assert row_hash(house().keys, values | {'tenths': 666}) != row_hash(house().keys, values)


@pytest.mark.parametrize('statement', [
    "UPDATE trail SET body = 'x' WHERE n = 1", 'UPDATE trail SET mac = mac', 'DELETE FROM trail WHERE n = 1', 'DELETE FROM trail',
    "INSERT OR REPLACE INTO trail (n, org_id, row_id, body, mac) VALUES (1, 1, 1, 'x', x'00')", 'TRUNCATE trail'])
@shows('SEC-05')
def test_the_database_itself_refuses_to_change_the_trail(both: House, statement: str) -> None:
    if house().engines.is_sqlite and statement.startswith('TRUNCATE') or not house().engines.is_sqlite and 'REPLACE' in statement:
        pytest.skip('not a statement of this database')
    make.world()
    with pytest.raises(DBAPIError, match=NO_CHANGE):
        run(statement)
    assert faults() == []


@shows('SEC-05')
def test_a_changed_entry_is_found_where_it_stands(both: House) -> None:
    make.world()
    unlock()
    run("UPDATE trail SET body = REPLACE(body, '禹鬼金', '狄柳土') WHERE n = 3")
    assert faults() == [Broken(3, 'changed')]


@shows('SEC-05')
def test_a_removed_entry_is_found_where_it_stood(both: House) -> None:
    make.world()
    unlock()
    run('DELETE FROM trail WHERE n = 4')
    assert faults() == [Broken(4, 'missing')]


@shows('SEC-05')
def test_a_cut_end_is_found_even_when_the_head_was_set_back(both: House) -> None:
    make.world()
    seal()
    total = len(entries())
    unlock()
    run(f'DELETE FROM trail WHERE n > {total - 2}')
    assert faults() == [Broken(total, 'cut'), Broken(total, 'seal')]
    run(f'UPDATE trail_head SET n = {total - 2}, mac = (SELECT mac FROM trail WHERE n = {total - 2})')
    assert faults() == [Broken(total, 'seal')]


def test_a_cut_end_is_found_without_a_seal(both: House) -> None:
    make.world()
    total = len(entries())
    unlock()
    run(f'DELETE FROM trail WHERE n = {total}')
    assert faults() == [Broken(total, 'cut')]


@shows('SEC-05')
def test_a_forged_seal_is_found(both: House) -> None:
    make.world()
    seal()
    assert faults() == []
    run("UPDATE trail_seal SET made_at = '2026-01-01 00:00:00+00:00'" if not house().engines.is_sqlite else "UPDATE trail_seal SET made_at = '2026-01-01 00:00:00'")
    assert faults() == [Broken(len(entries()), 'seal')]


def test_a_chain_written_anew_without_the_key_is_found(house_on_sqlite: House) -> None:
    from app.audit import write_entries

    make.world()
    said = entries()
    unlock()
    run('DELETE FROM trail')
    run("UPDATE trail_head SET n = 0, mac = x'" + '00' * 32 + "'")
    with house().engines.write.begin() as connection:
        write_entries(connection, Keys(b'k' * 32), said)
    assert {f.what for f in faults()} == {'changed'} and len(faults()) == len(said)


def test_the_text_of_a_seal_names_the_count_and_the_head(both: House) -> None:
    make.world()
    with house().engines.read.connect() as connection:
        assert last_seal(connection) == ''
    text = seal()
    with house().engines.read.connect() as connection:
        assert last_seal(connection) == text
    assert text.split('-')[0] == str(len(entries())) and len(text.split('-')[1]) == 16


def test_approving_a_batch_seals_the_trail(house_on_sqlite: House) -> None:
    made = make.world()
    make.batch(made)
    steps.scored(made)
    steps.publicized(made)
    steps.approved(made)
    with house().engines.read.connect() as connection:
        assert last_seal(connection).split('-')[0] == str(len(entries()))
    assert faults() == []


@shows('SEC-05')
def test_eighty_works_of_eight_threads_leave_every_entry_in_one_chain(both: House) -> None:
    made = make.world()
    kept = make.batch(made, sizes=(1, 1, 1), photos=False, close=False)
    before = len(entries())

    def ten(_thread: int) -> None:
        for _ in range(10):
            with begin_as(made.people['registrar'], at=make.NOW) as work:
                found = work.get(Batch, kept.id, lock=True)
                found.title = f'{int(found.title) + 1 if found.title.isdigit() else 1}'
                work.keep('batch.change', found)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ten, range(8)))
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        assert work.get(Batch, kept.id).title == '80'
    assert len(entries()) - before == 80
    assert faults() == []


def test_what_was_not_committed_leaves_no_entry(both: House) -> None:
    made = make.world()
    kept = make.batch(made, sizes=(1, 1, 1), photos=False, close=False)
    before = entries()
    with pytest.raises(ZeroDivisionError), begin_as(made.people['registrar'], at=make.NOW) as work:
        change_batch(work, batch_id=kept.id, column='title', shown=kept.title, new='另一个名称')
        raise ZeroDivisionError
    assert entries() == before
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        assert work.get(Batch, kept.id).title == kept.title


def test_a_row_written_without_an_entry_is_our_mistake_and_is_not_kept(both: House) -> None:
    made = make.world()
    kept = make.batch(made, sizes=(1, 1, 1), photos=False, close=False)
    with pytest.raises(RuntimeError, match=r"without a trail entry: \['batch'\]"), begin_as(made.people['registrar'], at=make.NOW) as work:
        work.get(Batch, kept.id).title = '没有痕迹'
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        assert work.get(Batch, kept.id).title == kept.title


def test_a_change_is_told_of_who_changed_and_not_of_who_looked(house_on_sqlite: House) -> None:
    from app.errors import Changed

    made = make.world()
    kept = make.batch(made, sizes=(1, 1, 1), photos=False, close=False)
    with begin_as(made.people['registrar'], at=make.NOW) as work:
        change_batch(work, batch_id=kept.id, column='title', shown=kept.title, new='秋季批次')
    with begin_as(made.people['certificate_clerk'], at=make.NOW + timedelta(minutes=5)) as work:
        work.note('certificates.print', work.get(Batch, kept.id))
    with pytest.raises(Changed, match='“批次名称”已由职员1（报名与资格审核员）于2026-10-20 09:00改为“秋季批次”'), begin_as(made.people['exam_affairs'], at=make.NOW) as work:
        change_batch(work, batch_id=kept.id, column='title', shown=kept.title, new='冬季批次')


def test_history_tells_one_record_newest_first_and_nothing_of_another_organisation(both: House) -> None:
    made = make.world()
    kept = make.batch(made, sizes=(1, 1, 1), photos=False, close=False)
    far = make.org(9, region='990200', kind='employer')
    stranger = make.first_person(far, '远方', make.number(800), 'head')
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        assert [e.what for e in history_of(work, kept.id)] == ['开始报名', '新建批次']
    with begin_as(stranger.id, at=make.NOW, reads=True) as work:
        assert history_of(work, kept.id) == []


def verbs_in_code() -> dict[str, set[str]]:
    """Return {verb: files}: the first text argument of keep, keep_all, note, remove and of what writes entries without a Work."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / 'app').rglob('*.py')):
        for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
            if isinstance(node, ast.Call) and getattr(node.func, 'attr', '') in ('keep', 'keep_all', 'note', 'remove') and node.args:
                if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str) and '.' in node.args[0].value:
                    found[node.args[0].value].add(path.name)
            elif isinstance(node, ast.Constant) and path.name in ('sign_in.py', 'first.py') and isinstance(node.value, str) and node.value.startswith(('users.', 'organizations.')):
                found[node.value].add(path.name)
    return found


def test_every_verb_of_the_trail_has_a_chinese_word() -> None:
    verbs = verbs_in_code()
    assert len(verbs) > 30
    assert [v for v in verbs if not _has_word(v)] == []


def _has_word(verb: str) -> bool:
    try:
        return bool(verb_word(verb))
    except KeyError:
        return False


def test_instants_of_entries_carry_their_zone(house_on_sqlite: House) -> None:
    make.world()
    assert {datetime.fromisoformat(e['at']).astimezone(UTC) for e in entries()} == {make.NOW.astimezone(UTC)}


def test_a_paper_of_a_register_leaves_an_entry_each_time_it_is_drawn(house_on_sqlite: House) -> None:
    made = make.world()
    build = noted(make.signed_in(made.people['head']), 'F-RULES', lambda work: work.org.name, str.encode)
    assert build() == build() == made.org.name.encode()
    assert [(x['verb'], x['row'], x['note']) for x in entries()[-2:]] == [('organizations.print', made.org.id, {'form': 'F-RULES'})] * 2


def test_a_preview_beside_a_step_leaves_one_entry_however_often_it_is_drawn_anew() -> None:
    told: list[str] = []
    build = told_once(Paper('F-FILING-HN', '申请表', {'PDF': lambda: b'drawn'}), told.append)
    assert [build(), build(), build()] == [b'drawn'] * 3
    assert told == ['F-FILING-HN']


def test_the_export_of_a_list_leaves_an_entry(house_on_sqlite: House) -> None:
    made = make.world()
    export = exporter('评价机构', [Column('name', '机构名称')], lambda work, **_: ([work.org], False))
    assert export(make.signed_in(made.people['head']), ['name'], {}).startswith(b'PK')
    assert [(x['verb'], x['note']) for x in entries()[-1:]] == [('organizations.print', {'form': '评价机构'})]
