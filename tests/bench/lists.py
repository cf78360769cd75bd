"""The list page of 25 among 1,000,000 candidates, 950,000 of them in one batch: what each page costs the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from sqlite3 import Connection, connect
from statistics import median
from typing import Any

from sqlalchemy import event, insert, text

from app.batches.queries import groups_of
from app.house import house
from app.registration.queries import candidates, count_candidates
from app.work import Work, begin_as
from db.base import new_id
from db.files import StoredFile
from tests import make
from tests.bench.measuring import Figure, scratch_house, taken

MOST, OWN = 1_000_000, 950_000
PAGE_MS, COUNT_TO = 2.0, 1000
ROUNDS = 9

FILL = """
INSERT INTO candidate (
  id, revision, org_id, batch_id, group_id, seq, name, sort_key, initials, sex, birth_on, id_kind, id_no_sealed, id_no_index, id_no_masked,
  ticket_number, room_no, seat_no, education, basis, employer, phone, photo_id)
WITH RECURSIVE
  counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < :most),
  placed AS (SELECT n, n % 20 < 19 AS own, CASE WHEN n % 20 < 19 THEN n / 20 * 19 + n % 20 + 1 ELSE n / 20 + 1 END AS seq FROM counted)
SELECT
  :first + n * 97, 1, iif(own, :org, :other), iif(own, :batch, :foreign), iif(own, iif(n % 10 < 3, :rare, :common), :theirs), seq,
  '考生' || n, 'kaosheng' || n, 'ks', '男', '1990-01-01', 'resident_id', zeroblob(46), CAST(printf('%032d', n) AS BLOB), '9901**********1381',
  iif(n % 20 = 3, NULL, printf('%012d', seq)), 1, 1, '大专', '从业10年', '明川市云朵幼儿园（演示）', '15400000001', iif(own, :photo, :their_photo)
FROM placed
"""

Query = Callable[[Work], object]


def run() -> Iterator[Figure]:
    """Yield the figures; the milliseconds are those of the statements that the query sends, run and fetched by sqlite3 alone."""
    with scratch_house() as found:
        made, other = make.world(at=datetime.now(UTC)), make.world(at=datetime.now(UTC), n=2)
        batch_id = make.batch(made, sizes=(0, 0, 0), photos=False, close=False, at=datetime.now(UTC)).id
        foreign_id = make.batch(other, sizes=(0, 0, 0), photos=False, close=False, at=datetime.now(UTC)).id
        with begin_as(made.people['registrar'], reads=True) as work:
            groups = [g.id for g in groups_of(work, batch_id)]
        with begin_as(other.people['registrar'], reads=True) as work:
            foreign = [g.id for g in groups_of(work, foreign_id)]
        seconds = taken(lambda: _fill(made.org.id, batch_id, groups, other.org.id, foreign_id, foreign))
        with connect(str(found.home / 'dingji.db')) as raw:
            middle = int(raw.execute('SELECT id FROM candidate WHERE batch_id = ? AND seq = ?', (batch_id, OWN // 2)).fetchone()[0])
            costs = {name: _cost_ms(made.people['registrar'], raw, query) for name, query in _pages(batch_id, groups, middle)}
        for name, cost in costs.items():
            yield Figure(f'list of 25 at 1,000,000: {name}', cost, 'ms', PAGE_MS)
        yield Figure('list of 25 at 1,000,000: last page beside the first', costs['last page'] / costs['first page'], '×', 2)
        yield Figure('  filling the table', seconds, 's')


def _pages(batch_id: int, groups: list[int], middle: int) -> Iterable[tuple[str, Query]]:
    nobodys = groups[2]
    places: dict[str, dict[str, Any]] = {'first page': {}, 'middle page': {'before': middle}, 'back from the middle': {'after': middle}, 'last page': {'last': True}}
    return (
        ('first page', lambda work: candidates(work, batch_id=batch_id)),
        ('middle page', lambda work: candidates(work, batch_id=batch_id, before=middle)),
        ('last page', lambda work: candidates(work, batch_id=batch_id, last=True)),
        *((f'by {key}, {name}', lambda work, key=key, where=where: candidates(work, batch_id=batch_id, sort=key, **where))
          for key in ('name', '-name', 'seq', '-ticket') for name, where in places.items()),
        ('filter, by name, first page', lambda work: candidates(work, batch_id=batch_id, group_id=groups[1], sort='name')),
        ('filter, by name, last page', lambda work: candidates(work, batch_id=batch_id, group_id=groups[1], sort='name', last=True)),
        ('filter, first page', lambda work: candidates(work, batch_id=batch_id, group_id=groups[1])),
        ('filter, last page', lambda work: candidates(work, batch_id=batch_id, group_id=groups[1], last=True)),
        ('filter that finds nobody', lambda work: candidates(work, batch_id=batch_id, group_id=nobodys)),
        ('with photo, all have one', lambda work: candidates(work, batch_id=batch_id, photo='with')),
        ('without photo, nobody', lambda work: candidates(work, batch_id=batch_id, photo='without')),
        ('search by ticket number', lambda work: candidates(work, batch_id=batch_id, find=_ticket(OWN // 2))),
        ('search by ID number that nobody has', lambda work: candidates(work, batch_id=batch_id, find=make.number(7))),
        (f'count to {COUNT_TO:,}', lambda work: count_candidates(work, COUNT_TO, batch_id=batch_id)),
    )


def _cost_ms(person_id: int, raw: Connection, query: Query) -> float:
    """Return the median time of what the query sends about candidates, run on a bare connection."""
    sent: list[tuple[str, Any]] = []

    def keep(_connection: object, _cursor: object, statement: str, values: Any, _context: object, _many: bool) -> None:
        sent.append((statement, values))

    with begin_as(person_id, reads=True) as work:
        event.listen(house().engines.write, 'before_cursor_execute', keep)
        query(work)
        event.remove(house().engines.write, 'before_cursor_execute', keep)
    asked = [found for found in sent if 'FROM candidate' in found[0]]
    return median(taken(lambda: [raw.execute(*found).fetchall() for found in asked]) for _ in range(ROUNDS)) * 1000


def _ticket(n: int) -> str:
    return f'{n:012d}'


def _fill(org_id: int, batch_id: int, groups: list[int], other_id: int, foreign_id: int, foreign: list[int]) -> None:
    """Write the rows by one statement beside the operations; one in twenty belongs to the other organisation, all have the same photo."""
    values = {'most': MOST, 'first': new_id(), 'org': org_id, 'batch': batch_id, 'rare': groups[0], 'common': groups[1], 'photo': _photo(org_id),
              'other': other_id, 'foreign': foreign_id, 'theirs': foreign[0], 'their_photo': _photo(other_id)}
    with house().engines.write.begin() as connection:
        connection.execute(text(FILL), values)


def _photo(org_id: int) -> int:
    row = StoredFile(org_id=org_id, kept_sha256='0' * 64, size=1, content_type='image/jpeg', name='a.jpg', sealed=True, made_at=make.NOW, by_id=1)
    with house().engines.write.begin() as connection:
        connection.execute(insert(StoredFile.__table__), row.model_dump())
    return row.id
