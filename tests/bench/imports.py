"""The import of 10,000 candidates: reading and judging beside calamine alone, and the job that writes them."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time

from sqlalchemy import event

from app.files import keep_file
from app.house import house
from app.jobs import Runner
from app.registration.importing import ROWS, import_rows, judge, queue_rows
from app.registration.judging import counts
from app.registration.operations import SLICE
from app.registration.rules import COLUMNS
from app.work import begin_as
from app.xlsx import Book
from app.xlsx import Column as Head
from tests import make
from tests.bench.measuring import Figure, computing, ratio, scratch_house, taken

PEOPLE = 10_000
WRITE_MS = 250  # design §2.1
ALONE = ('import sys, python_calamine; '
         'print(len(python_calamine.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()))')


def run() -> Iterator[Figure]:
    """Yield the figures: judged against an empty batch, written, judged against the full batch."""
    with scratch_house(), TemporaryDirectory() as folder:
        path = Path(folder) / 'candidates.xlsx'
        path.write_bytes(data := workbook(PEOPLE))
        made = make.world(at=datetime.now(UTC))
        batch_id = make.batch(made, sizes=(0, 0, 0), photos=False, close=False, at=datetime.now(UTC)).id
        registrar = made.people['registrar']
        gc.freeze()  # as the server before it serves

        def ours(outcome: str) -> None:
            with begin_as(registrar, reads=True) as work:
                _table, judged = judge(work, batch_id=batch_id, data=data, name='candidates.xlsx')
            assert counts(judged)[outcome] == PEOPLE, counts(judged)

        def alone() -> None:
            said = subprocess.run([sys.executable, '-I', '-c', ALONE, str(path)], check=True, capture_output=True, text=True).stdout
            assert int(said) == PEOPLE + 1

        yield ratio('import, 10,000 candidates judged, empty batch', lambda: ours('new'), alone, 2, rounds=5, clock=computing)
        yield Figure('  calamine inside this process', taken(lambda: _inside(path), computing) * 1000, 'ms')
        with begin_as(registrar) as work:
            queue_rows(work, batch_id=batch_id, file_id=keep_file(work, data, name='candidates.xlsx', content_type='application/zip').id)
        with write_times() as lasted:
            seconds = taken(Runner({ROWS: import_rows}).run_next)
        yield Figure('  the writing job, per 1,000 rows', seconds / PEOPLE * 1e6, 'ms', None, f'{seconds:.1f} s in all, {len(lasted)} transactions of up to {SLICE} rows')
        yield Figure('  its longest write transaction, computing', max(cpu for _wall, cpu in lasted) * 1000, 'ms', WRITE_MS,
                     f'{max(wall for wall, _cpu in lasted) * 1000:.0f} ms on the clock of this machine')
        yield ratio('import, 10,000 candidates judged, full batch', lambda: ours('same'), alone, 2, rounds=5, clock=computing)


def workbook(count: int) -> bytes:
    """Return our template with so many candidates in it, each with a number, seat and phone of his own."""
    stems, branches = '甲乙丙丁戊己庚辛壬癸', '子丑寅卯辰巳午未申酉戌亥'
    rows = [[f'考生{stems[n % 10]}{branches[n % 12]}{stems[n // 120 % 10]}', '居民身份证', make.number(n), '男', '4-10-01-03', '', '四级', str(n // 40 + 1), str(n % 40 + 1), '大专',
             '从业10年', f'明川市第{n % 200}幼儿园（演示）', f'154{n:08d}'] for n in range(count)]
    return Book('考生名单', made_at=make.NOW).sheet('考生名单', [Head(column.head) for column in COLUMNS], rows).to_bytes()


@contextmanager
def write_times() -> Iterator[list[tuple[float, float]]]:
    """Give a list that fills with how long each write transaction held the database: seconds on the clock, and of its thread's computing."""
    begun: dict[int, tuple[float, float]] = {}
    lasted: list[tuple[float, float]] = []
    engine = house().engines.write

    def begin(connection: object) -> None:
        if not connection.get_execution_options().get('read'):
            begun[id(connection.connection.dbapi_connection)] = perf_counter(), thread_time()

    def checkin(raw: object, _record: object) -> None:
        if id(raw) in begun:
            wall, cpu = begun.pop(id(raw))
            lasted.append((perf_counter() - wall, thread_time() - cpu))

    event.listen(engine, 'begin', begin)
    event.listen(engine, 'checkin', checkin)
    yield lasted
    event.remove(engine, 'begin', begin)
    event.remove(engine, 'checkin', checkin)


def _inside(path: Path) -> None:
    from python_calamine import CalamineWorkbook

    CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
