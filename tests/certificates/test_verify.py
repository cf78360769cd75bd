"""The public query: two of three, masked, all of a person, the same answer for wrong and unknown in the same time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import httpx
import pytest
from sqlalchemy import event, update
from starlette.applications import Starlette

from app.certificates.queries import Verified, verify
from app.errors import Refused
from app.house import House, house
from app.words import paper_date
from app.work import visitor
from db.certificates import Certificate
from pages.plain.verify import ANSWER_S, NONE, ROUTES
from tests import make, steps
from tests.shows import shows


def issued_batch(made: make.World, *, days: int = 0, groups: tuple[tuple[str, str, int], ...] = (('4-10-01-03', '', 4),)) -> list[str]:
    """Carry a batch of two to its issue; returns the numbers."""
    make.batch(made, sizes=(2,), groups=groups)
    steps.scored(made)
    steps.publicized(made)
    numbers = steps.approved(made, issued_on=steps.ISSUED_ON + timedelta(days=days))
    steps.issued(made, at=steps.ON_ISSUE + timedelta(days=days))
    return numbers


@pytest.fixture
def issued(house_on_sqlite: House) -> make.World:
    made = make.world()
    issued_batch(made)
    return made


def ask(**given: str) -> list[Verified]:
    with visitor() as work:
        return verify(work, {'number': '', 'name': '', 'id_no': ''} | given, 2)


@shows('DATA-14', 'DATA-16')
def test_any_two_of_three_find_the_certificate_with_names_and_numbers_covered(issued: make.World) -> None:
    right = {'number': f'{issued.filing.number}264000001', 'name': '考生1', 'id_no': make.number(1)}
    seen = Verified(right['number'], '考*1', make.number(1)[:4] + '*' * 10 + make.number(1)[-4:], '保育师', '', '四级/中级工', issued.org.name, steps.ISSUED_ON, 'issued')
    for keys in (*combinations(right, 2), tuple(right)):
        assert ask(**{k: right[k] for k in keys}) == [seen]
    assert ask(number=right['number'].lower(), name=' 考生1 ') == [seen]


@shows('DATA-14', 'DATA-16')
def test_name_and_id_number_find_all_certificates_of_the_person_newest_first(both: House) -> None:
    made = make.world()
    first, second = issued_batch(made), issued_batch(made, days=5, groups=(('6-18-01-01', '普通车床', 2),))
    other = make.world(n=2)
    third = issued_batch(other, days=3)
    found = ask(name='考生1', id_no=make.number(1))
    assert [(f.number, f.occupation, f.level, f.org) for f in found] == [
        (second[0], '车工', '二级/技师', made.org.name), (third[0], '保育师', '四级/中级工', other.org.name), (first[0], '保育师', '四级/中级工', made.org.name)]
    assert {(f.name, f.id_no) for f in found} == {('考*1', make.number(1)[:4] + '*' * 10 + make.number(1)[-4:])}
    assert [f.number for f in ask(number=first[0], id_no=make.number(1))] == [first[0]]  # a number asks for one


@shows('DATA-14')
def test_a_certificate_under_another_name_of_the_same_number_stays_hidden(issued: make.World) -> None:
    issued_batch(issued, days=5)
    with house().engines.write.begin() as connection:
        connection.execute(update(Certificate).where(Certificate.serial == 3).values(name='另名'))  # type: ignore[arg-type]
    assert [f.number[-6:] for f in ask(name='考生1', id_no=make.number(1))] == ['000001']
    assert [f.number[-6:] for f in ask(name='另名', id_no=make.number(1))] == ['000003']


@shows('DATA-14')
def test_wrong_and_unknown_are_answered_alike(issued: make.World) -> None:
    right = {'number': f'{issued.filing.number}264000001', 'name': '考生1', 'id_no': make.number(1)}
    other = {'number': f'{issued.filing.number}264000002', 'name': '考生2', 'id_no': make.number(2)}
    nobody = {'number': f'{issued.filing.number}264000999', 'name': '无此人', 'id_no': make.number(400)}
    answers = [ask(**{one: right[one], two: wrong[two]}) for one in right for two in right if one != two for wrong in (other, nobody)]
    answers += [ask(**right | {k: wrong[k]}) for k in right for wrong in (other, nobody)] + [ask(**nobody)]
    assert [a for a in answers if a] == []
    for one in right:
        with pytest.raises(Refused, match='任意两项'):
            ask(**{one: right[one]})


@shows('DATA-14')
def test_a_forged_number_is_never_valid(issued: make.World) -> None:
    real = f'{issued.filing.number}264000001'
    forged = [real[:at] + other + real[at + 1:] for at in range(len(real)) for other in '0123456789SYX' if other != real[at]]
    valid = {real, f'{issued.filing.number}264000002'}
    assert [n for n in forged if n not in valid and (ask(number=n, name='考生1') or ask(number=n, id_no=make.number(1)))] == []
    assert ask(number=f'{issued.filing.number}264000002', name='考生1') == []


@shows('DATA-14')
def test_a_certificate_is_found_from_its_issue_on(house_on_sqlite: House) -> None:
    made = make.world()
    make.batch(made, sizes=(2,), groups=(('4-10-01-03', '', 4),))
    steps.scored(made)
    steps.publicized(made)
    number = steps.approved(made)[0]
    assert ask(number=number, name='考生1') == ask(name='考生1', id_no=make.number(1)) == []
    steps.issued(made)
    assert [f.number for f in ask(number=number, name='考生1')] == [number]


# ------------------------------------------------------------------ the page


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect what is asked of the database meanwhile."""
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(house().engines.read, 'before_cursor_execute', hear)
    try:
        yield said
    finally:
        event.remove(house().engines.read, 'before_cursor_execute', hear)


async def post(**given: str) -> tuple[httpx.Response, float]:
    """Send the form; returns the answer and how long it took."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(Starlette(routes=ROUTES)), base_url='http://127.0.0.1') as client:
        began = time.monotonic()
        answer = await client.post('/verify', data={'number': '', 'name': '', 'id_no': ''} | given)
        return answer, time.monotonic() - began


@shows('DATA-14')
async def test_wrong_and_unknown_cost_the_same_and_no_answer_comes_early(issued: make.World) -> None:
    real = f'{issued.filing.number}264000001'
    asked = {
        'right': {'name': '考生1', 'id_no': make.number(1)}, 'wrong name': {'name': '考生2', 'id_no': make.number(1)},
        'unknown person': {'name': '考生1', 'id_no': make.number(400)}, 'wrong number': {'number': real, 'name': '考生2'},
        'unknown number': {'number': real[:-1] + '9', 'name': '考生1'}}
    texts, cost = {}, {}
    for kind, given in asked.items():
        with statements() as said:
            answer, took_s = await post(**given)
        assert took_s >= ANSWER_S
        texts[kind] = answer.text
        for value in given.values():
            texts[kind] = texts[kind].replace(f'value="{value}"', 'value=""')  # the form keeps what was typed
        cost[kind] = said
    assert NONE in texts['wrong name']
    assert texts['wrong name'] == texts['unknown person'] == texts['wrong number'] == texts['unknown number'] != texts['right']
    assert cost['wrong name'] == cost['unknown person'] == cost['right']
    assert cost['wrong number'] == cost['unknown number']


@shows('DATA-16')
async def test_the_page_shows_each_certificate_and_no_full_name_or_number(issued: make.World) -> None:
    issued_batch(issued, days=5)
    answer, _ = await post(name='考生1', id_no=make.number(1))
    shown = answer.text.split('<form')[0]
    assert '查到2本有效证书。' in shown
    assert shown.index(f'{issued.filing.number}264000003') < shown.index(f'{issued.filing.number}264000001')
    assert shown.count('考*1') == shown.count(make.number(1)[:4] + '*' * 10) == 2
    assert [value for value in ('考生1', make.number(1)) if value in shown] == []
    assert paper_date(date(2026, 11, 17)) in shown
