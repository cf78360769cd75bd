"""The process that is killed: works through real operations and acknowledges each after its commit, one line a work.

python -m tests.faults.child FOLDER WORKLOAD SEED [option …]; options: early, normal, checkpoints, unsynced
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import event, select
from sqlmodel import col

import db.tables  # noqa: F401  every table is known before the first query
from app import files
from app.certificates.operations import approve
from app.certificates.queries import passed_people
from app.certificates.rules import list_hash
from app.jobs import Runner
from app.registration.importing import ROWS, import_rows
from app.scores.operations import enter_score
from app.work import Work, begin_as, house
from db.jobs import Job
from tests.faults.prepared import AFTER_EXAM, APPROVAL, ISSUED_ON, Plan, opened, plan_of

EARLY = 60  # scores in one transaction of the control that acknowledges before its commit
Acknowledge = Callable[[str], None]


def scores(plan: Plan, dice: random.Random, acknowledge: Acknowledge, options: Sequence[str]) -> None:
    """Enter all scores of the batch, first and second entry, one work each."""
    cells = [(int(str(candidate)), str(subject), round_no) for round_no in (1, 2) for candidate, subject in dice.sample(plan.cells, len(plan.cells))]
    per_work = EARLY if 'early' in options else 1
    for start in range(0, len(cells), per_work):
        part = [(cell, dice.randrange(1001)) for cell in cells[start:start + per_work]]
        for round_no in sorted({cell[2] for cell, _ in part}):
            with begin_as(plan.people['scorer' if round_no == 1 else 'second'], at=AFTER_EXAM) as work:
                mine = [(cell, tenths) for cell, tenths in part if cell[2] == round_no]
                for cell, tenths in mine:
                    _enter(work, plan, cell, tenths)
                    if 'early' in options:
                        acknowledge(_score_line(cell, tenths))
            if 'early' not in options:
                for cell, tenths in mine:
                    acknowledge(_score_line(cell, tenths))


def issuing(plan: Plan, dice: random.Random, acknowledge: Acknowledge, options: Sequence[str]) -> None:
    """Approve every batch that waits; each gives its numbers in one work."""
    for batch_id in dice.sample(plan.publicized, len(plan.publicized)):
        with begin_as(plan.people['head'], at=APPROVAL) as work:
            shown = list_hash(passed_people(work, batch_id), ISSUED_ON)
            made = approve(work, batch_id=batch_id, issued_on=ISSUED_ON, shown_hash=shown, objections='无异议')
        acknowledge(f'batch {batch_id} {",".join(c.number for c in made)}')


def both(plan: Plan, dice: random.Random, acknowledge: Acknowledge, options: Sequence[str]) -> None:
    """Enter 150 scores, and after every twentieth approve a batch."""
    waiting, done = list(plan.publicized), 0

    def approve_between(line: str) -> None:
        nonlocal done
        acknowledge(line)
        done += 1
        if waiting and done % 20 == 0:
            issuing(replace(plan, publicized=[waiting.pop()]), dice, acknowledge, options)

    scores(replace(plan, cells=dice.sample(plan.cells, 75)), dice, approve_between, options)


def importing(plan: Plan, dice: random.Random, acknowledge: Acknowledge, options: Sequence[str]) -> None:
    """Let the runner take the job up where it stands; what it reports is acknowledged."""
    Runner({ROWS: import_rows}, threads=1).start()
    said = -1
    while True:
        with house().engines.read.connect() as connection:
            state, message, done = connection.execute(select(col(Job.state), col(Job.message), col(Job.done)).where(col(Job.id) == plan.job)).one()
        if state not in ('queued', 'running'):
            acknowledge(f'job {state} {message}')
            return
        if done != said:
            said = done
            acknowledge(f'rows {done}')
        time.sleep(.002)


def storing(plan: Plan, dice: random.Random, acknowledge: Acknowledge, options: Sequence[str]) -> None:
    """Keep thirty files, every third one a second time."""
    for n in range(30):
        data = dice.randbytes(dice.choice((700, 5_000, 40_000)))
        for _ in range(2 if n % 3 == 0 else 1):
            acknowledge(f'file {files.store(data, plan.org_id, sealed=n % 2 == 0)}')


def _enter(work: Work, plan: Plan, cell: tuple[int, str, int], tenths: int) -> None:
    text = f'{tenths // 10}.{tenths % 10}' if tenths % 10 else str(tenths // 10)
    enter_score(work, batch_id=plan.scoring, candidate_id=cell[0], subject=cell[1], round_no=cell[2], text=text)


def _score_line(cell: tuple[int, str, int], tenths: int) -> str:
    return f'score {cell[0]} {cell[1]} {cell[2]} {tenths}'


def main(folder: Path, workload: str, seed: int, options: Sequence[str]) -> None:
    engines = opened(folder).engines

    @event.listens_for(engines.write, 'connect')
    def weaken(connection: Any, _record: Any) -> None:
        if 'normal' in options:
            connection.execute('PRAGMA synchronous=NORMAL')
        if 'checkpoints' in options:
            connection.execute('PRAGMA wal_autocheckpoint=60')

    if 'unsynced' in options:
        os.fsync = lambda handle: None
    out = os.open(folder / 'data' / 'acks', os.O_WRONLY | os.O_CREAT | os.O_APPEND) if os.environ.get('FAULT_DIR') else 1

    def acknowledge(line: str) -> None:
        os.write(out, f'{line}\n'.encode())

    os.write(1, b'ready\n')
    WORKLOADS[workload](plan_of(folder), random.Random(seed), acknowledge, options)
    os._exit(0)  # no closing: what is not on disk by now was never promised


WORKLOADS = {'scores': scores, 'issuing': issuing, 'both': both, 'importing': importing, 'storing': storing}

if __name__ == '__main__':
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4:])
