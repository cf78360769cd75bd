"""What stands in a data folder after a fault, against what was acknowledged before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import col

from app import audit
from app.certificates.queries import serials_are_whole
from app.work import begin_as
from db.audit import Trail
from db.batches import Batch
from db.certificates import Approval, Certificate, SerialCounter
from db.registration import Candidate
from db.scores import Result, ScoreEntry
from tests.faults.prepared import Plan, opened, plan_of


@dataclass(slots=True)
class Verdict:
    """lost: acknowledged works that are not there · broken: what is there and does not fit together."""

    lost: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.lost or self.broken)


def judge(folder: Path, acks: Sequence[str]) -> Verdict:
    """Open the folder as after a restart and compare it with the acknowledged lines."""
    verdict, plan = Verdict(), plan_of(folder)
    house = opened(folder)
    try:
        with house.engines.read.connect() as connection:
            integrity = connection.exec_driver_sql('PRAGMA integrity_check').scalars().all()
            if integrity != ['ok']:
                verdict.broken += [str(line) for line in integrity]
                return verdict
            verdict.broken += [f'trail {b.n} {b.what}' for b in audit.check_chain(connection, house.keys)]
            _scores(connection, plan, acks, verdict)
            _certificates(connection, plan, acks, verdict)
        with begin_as(plan.people['certificate_clerk'], reads=True) as work:
            verdict.broken += serials_are_whole(work)
    finally:
        house.engines.close()
    return verdict


def imported(folder: Path) -> tuple[list[int], int, Counter[str]]:
    """Return the 序号 of the imported rows in order, how many different ID numbers they have, and the trail's verbs about them."""
    house, plan = opened(folder), plan_of(folder)
    try:
        with house.engines.read.connect() as connection:
            rows = connection.execute(select(col(Candidate.id), col(Candidate.seq), col(Candidate.id_no_index)).where(
                col(Candidate.batch_id) == plan.importing).order_by(col(Candidate.seq))).all()
            ids = {row.id for row in rows}
            verbs = Counter(verb for row_id, verb in _trail(connection) if row_id in ids)
    finally:
        house.engines.close()
    return [row.seq for row in rows], len({row.id_no_index for row in rows}), verbs


def _scores(connection: Connection, plan: Plan, acks: Sequence[str], verdict: Verdict) -> None:
    """Every acknowledged score with its value; at most the one in flight beside them; each with exactly one trail entry."""
    kept = {(e.candidate_id, e.subject, e.round): (e.tenths, e.id) for e in connection.execute(select(ScoreEntry.__table__).where(  # type: ignore[attr-defined]
        col(ScoreEntry.batch_id) == plan.scoring))}
    told: dict[tuple[int, str, int], int] = {}
    for line in acks:
        if line.startswith('score '):
            _, candidate, subject, round_no, tenths = line.split()
            told[int(candidate), subject, int(round_no)] = int(tenths)
    verdict.lost += [f'score {key}: {kept.get(key)} instead of {tenths}' for key, tenths in told.items() if kept.get(key, (None, 0))[0] != tenths]
    if len(kept.keys() - told.keys()) > 1:
        verdict.broken.append(f'{len(kept.keys() - told.keys())} scores that nobody acknowledged')
    entries = Counter(row_id for row_id, verb in _trail(connection) if verb == 'scores.enter')
    verdict.broken += [f'score {key} has {entries[row_id]} trail entries' for key, (_, row_id) in kept.items() if entries[row_id] != 1]


def _certificates(connection: Connection, plan: Plan, acks: Sequence[str], verdict: Verdict) -> None:
    """Each batch has all its numbers or none; the counters stand exactly at the rows; acknowledged numbers are there."""
    numbers: dict[int, list[str]] = {}
    serials: dict[tuple[str, int, int], list[int]] = {}
    for c in connection.execute(select(Certificate.__table__).order_by(col(Certificate.serial))):  # type: ignore[attr-defined]
        numbers.setdefault(c.batch_id, []).append(c.number)
        serials.setdefault((c.filing_number, c.year, c.level), []).append(c.serial)
    counters = {(c.filing_number, c.year, c.level): c for c in connection.execute(select(SerialCounter.__table__))}  # type: ignore[attr-defined]
    for key, given in serials.items():
        counter: Any = counters.get(key)
        if counter is None or given != list(range(counter.started_at + 1, counter.last + 1)):
            verdict.broken.append(f'{key}: serials {given} against counter {counter and counter.last}')
    verdict.broken += [f'{key}: counter ahead at {c.last}' for key, c in counters.items() if key not in serials and c.last != c.started_at]
    passed = select(col(Result.batch_id), func.count()).where(col(Result.passed)).group_by(col(Result.batch_id))
    due = {row.batch_id: row[1] for row in connection.execute(passed)}
    signed = {row.batch_id: row[1] for row in connection.execute(select(col(Approval.batch_id), col(Approval.count)))}
    for batch_id, state in connection.execute(select(col(Batch.id), col(Batch.state)).where(col(Batch.id).in_(plan.publicized))):
        whole = due[batch_id] if state == 'approved' else 0
        if (len(numbers.get(batch_id, ())), signed.get(batch_id, 0)) != (whole, whole):
            verdict.broken.append(f'batch {batch_id} {state}: {len(numbers.get(batch_id, ()))} of {due[batch_id]} numbers, approval of {signed.get(batch_id)}')
    for line in acks:
        if line.startswith('batch '):
            _, batch, told = line.split()
            if sorted(numbers.get(int(batch), ())) != sorted(told.split(',')):
                verdict.lost.append(f'batch {batch}: {numbers.get(int(batch))} instead of {told}')


def _trail(connection: Connection) -> list[tuple[int, str]]:
    verb = func.json_extract(col(Trail.body), '$.verb')
    return [(row_id, said) for row_id, said in connection.execute(select(col(Trail.row_id), verb))]
