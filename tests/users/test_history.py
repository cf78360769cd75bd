"""The trail of one record, in words."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from app.access import Role
from app.house import House
from app.users.history import MOST, Event, history_of, verb_word
from app.words import CHINA
from app.work import begin_as
from db.users import Person
from tests.make import NOW, first_person, number, org
from tests.shows import shows

ROOT = Path(__file__).resolve().parents[2]


def renamed(person: int, title: str, minute: int) -> None:
    with begin_as(person, at=NOW + timedelta(minutes=minute)) as work:
        row = work.get(Person, person)
        row.title = title
        work.keep('users.add_person', row)


def test_the_history_of_a_record_is_its_entries_newest_first(both: House) -> None:
    person = first_person(org(1), '人员甲', number(1), Role.CENTRE_HEAD).id
    renamed(person, '一', 0)
    renamed(person, '二', 5)
    with begin_as(person, at=NOW, reads=True) as work:
        assert history_of(work, person) == [
            Event(at.astimezone(CHINA), '人员甲（中心主任）', '登记人员') for at in (NOW + timedelta(minutes=5), NOW)]
        assert history_of(work, person + 1) == []


def test_the_history_ends_after_the_newest_entries(house_on_sqlite: House) -> None:
    person = first_person(org(1), '人员甲', number(1), Role.CENTRE_HEAD).id
    for n in range(MOST + 1):
        renamed(person, str(n), n)
    with begin_as(person, at=NOW, reads=True) as work:
        events = history_of(work, person)
    assert (len(events), events[-1].at) == (MOST, (NOW + timedelta(minutes=1)).astimezone(CHINA))


@shows('SEC-01')
def test_the_history_of_another_organisation_is_empty(house_on_sqlite: House) -> None:
    other = first_person(org(1, kind='employer', region='990101'), '人员甲', number(1), Role.HEAD).id
    me = first_person(org(2, kind='employer', region='990102'), '人员乙', number(2), Role.HEAD).id
    renamed(other, '一', 0)
    with begin_as(other, at=NOW, reads=True) as work:
        assert len(history_of(work, other)) == 1
    with begin_as(me, at=NOW, reads=True) as work:
        assert history_of(work, other) == []


def test_every_verb_of_the_trail_has_a_chinese_word() -> None:
    text = '\n'.join(p.read_text(encoding='utf-8') for p in (ROOT / 'app').rglob('*.py'))
    verbs = set(re.findall(r"(?:keep|note|keep_all)\(\s*'([a-z_.]+)'", text))
    assert len(verbs) > 20
    assert [v for v in sorted(verbs) if not re.search('[\u4e00-\u9fff]', _word(v))] == []


def _word(verb: str) -> str:
    try:
        return verb_word(verb)
    except KeyError:
        return ''
