"""The list of candidates in every order, page by page, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from app.batches.queries import groups_of
from app.house import House
from app.registration.queries import SORTS, candidates
from app.work import begin_as
from db.registration import Candidate
from tests import make
from tests.registration.test_operations import bring_in, line, people, sheet

NAMES = ('赵甲', '钱 乙', '钱乙', '赵甲', '欧阳丙', '欧丙', 'Anna B', '䶮丁', '赵甲', '孙·戊', '单己')  # equal ones, blanks, letters, a rare character
COLUMN = {'name': 'sort_key', 'seq': 'seq', 'ticket': 'ticket_number'}


@pytest.fixture
def made(both: House) -> make.World:
    """A world with an open batch of eleven candidates, every third without a seat and so without a ticket number."""
    found = make.world()
    make.batch(found, sizes=(0, 0, 0), close=False)
    bring_in(found, sheet(*(line(n, 姓名=name, **({'考场号': None, '座位号': None} if n % 3 == 0 else {'座位号': str(12 - n)})) for n, name in enumerate(NAMES, 1))))
    return found


def page(made: make.World, **asked: Any) -> tuple[list[int], bool]:
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        rows, more = candidates(work, batch_id=made.batch.id, **asked)  # type: ignore[union-attr]
        return [c.id for c in rows], more


def walked(made: make.World, *, up: bool, **asked: Any) -> list[int]:
    """Go from page to page to the end, downwards or from the last page up; return what was seen from top to bottom."""
    seen, more = page(made, last=up, **asked)
    while more:
        part, more = page(made, **({'after': seen[0]} if up else {'before': seen[-1]}), **asked)
        seen = part + seen if up else seen + part
    return seen


def ordered(rows: list[Candidate], sort: str) -> list[int]:
    """What people expect: by the column, equal ones by id, those without a value at the end either way."""
    def value(c: Candidate) -> Any:
        return getattr(c, COLUMN[sort.removeprefix('-')]) if sort else c.id

    falling = not sort or sort.startswith('-')
    known = sorted((c for c in rows if value(c) is not None), key=lambda c: (value(c), c.id), reverse=falling)
    return [c.id for c in (*known, *sorted((c for c in rows if value(c) is None), key=lambda c: c.id, reverse=falling))]


def test_every_order_shows_each_row_once_in_both_directions(made: make.World) -> None:
    rows = people(made)
    assert (len(rows), sum(c.ticket_number is None for c in rows), len({c.sort_key for c in rows})) == (11, 3, 8)
    for sort in ('', *SORTS, *(f'-{key}' for key in SORTS)):
        expected = ordered(rows, sort)
        for limit in (1, 2, 3, 5, 11, 12):
            assert (walked(made, up=False, sort=sort, limit=limit), walked(made, up=True, sort=sort, limit=limit)) == (expected, expected), (sort, limit)


def test_an_order_keeps_to_the_filters(made: make.World) -> None:
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        group = groups_of(work, made.batch.id)[0]  # type: ignore[union-attr]
    expected = ordered([c for c in people(made) if '赵' in c.name], '-ticket')
    assert (walked(made, up=False, sort='-ticket', find='赵', limit=2), walked(made, up=True, sort='-ticket', find='赵', limit=2)) == (expected, expected)
    assert page(made, sort='name', group_id=group.id + 1) == ([], False)


def test_no_page_stands_beside_a_row_that_is_gone(made: make.World) -> None:
    assert [page(made, sort='name', **{side: 1}) for side in ('before', 'after')] == [([], False)] * 2
