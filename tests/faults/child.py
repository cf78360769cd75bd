"""The process that is killed: works through real operations and acknowledges each after its commit, one line a work.

python -m tests.faults.child FOLDER WORKLOAD SEED [option …]; options: early, normal, checkpoints, unsynced
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
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
from app.errors import Refused
from app.house import house
from app.jobs import Runner
from app.registration.importing import ROWS, import_rows
from app.scores.operations import enter_score
from app.words import score_text
from app.work import Work, begin_as
from db.jobs import Job
from tests.faults.prepared import AFTER_EXAM, APPROVAL, ISSUED_ON, Plan, opened, plan_of

EARLY = 60  # scores in one transaction of the control that acknowledges before its commit
Acknowledge = Callable[[str], None]
Cell = tuple[int, str, int]  # candidate, subject, first or second entry


def scores(plan: Plan, dice: random.Random, acknowledge: Acknowledge, options: Sequence[str]) -> None:
    """Enter all scores of the batch, first and second entry, one work each; 'early' is the control."""
    for round_no in (1, 2):
        cells: list[Cell] = [(int(str(candidate)), str(subject), round_no) for candidate, subject in dice.sample(plan.cells, len(plan.cells))]
        if 'early' not in options:
            for cell in cells:
                _enter_one(plan, cell, dice.randrange(1001), acknowledge)
            continue
        for start in range(0, len(cells), EARLY):
            with _as_scorer(plan, round_no) as work:
                for cell in cells[start:start + EARLY]:
                    acknowledge(_enter(work, plan, cell, dice.randrange(1001)))


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


def crowded(plan: Plan, dice: random.Random, acknowledge: Acknowledge, options: Sequence[str]) -> None:
    """Enter all scores; from the hundredth work on files cannot grow for a while: ten refusals later there is room again."""
    import resource

    def limit(size: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def room(line: str) -> None:
        nonlocal entered
        acknowledge(line)
        entered += 1
        if entered == 100:
            size = (house().home / 'dingji.db').stat().st_size
            limit(size)
            _store_or_say(plan, dice.randbytes(size + 1), acknowledge)

    entered = refused = 0
    for candidate, subject in plan.cells:
        for round_no in (1, 2):
            while True:
                try:
                    _enter_one(plan, (int(str(candidate)), str(subject), round_no), 600, room)
                    break
                except Refused as told:
                    acknowledge(f'refused {told.sentence}')
                    refused += 1
                    if refused == 10:
                        limit(resource.RLIM_INFINITY)
                        _store_or_say(plan, dice.randbytes(200_000), acknowledge)


def _store_or_say(plan: Plan, data: bytes, acknowledge: Acknowledge) -> None:
    try:
        files.store(data, plan.org_id, sealed=True)
        acknowledge('file kept')
    except Refused as told:
        acknowledge('file refused')
        acknowledge(f'refused {told.sentence}')


def _enter_one(plan: Plan, cell: Cell, tenths: int, acknowledge: Acknowledge) -> None:
    with _as_scorer(plan, cell[2]) as work:
        line = _enter(work, plan, cell, tenths)
    acknowledge(line)


def _as_scorer(plan: Plan, round_no: int) -> AbstractContextManager[Work]:
    return begin_as(plan.people['scorer' if round_no == 1 else 'second'], at=AFTER_EXAM)


def _enter(work: Work, plan: Plan, cell: Cell, tenths: int) -> str:
    """Enter one score; returns the line that acknowledges it."""
    candidate_id, subject, round_no = cell
    enter_score(work, batch_id=plan.scoring, candidate_id=candidate_id, subject=subject, round_no=round_no, text=score_text(tenths))
    return f'score {candidate_id} {subject} {round_no} {tenths}'


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


WORKLOADS = {'scores': scores, 'issuing': issuing, 'both': both, 'importing': importing, 'storing': storing, 'crowded': crowded}

if __name__ == '__main__':
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4:])
