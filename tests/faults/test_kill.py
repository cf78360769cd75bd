"""Killed at random while people work: what was acknowledged is there, and numbers stay whole."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from app.registration.operations import SLICE
from tests.faults.judge import imported, judge
from tests.faults.killing import kill, kills, start
from tests.faults.prepared import copied, plan_of
from tests.shows import shows

SHORT_AND_LONG = pytest.mark.parametrize('count', [10, pytest.param(100, marks=pytest.mark.long)])
SEED = 20261020


@SHORT_AND_LONG
@pytest.mark.parametrize(('workload', 'acks', 'wait_s'), [('scores', 120, .05), ('issuing', 8, .06)])
def test_nothing_acknowledged_is_lost_by_a_kill(prepared: Path, tmp_path: Path, workload: str, acks: int, wait_s: float, count: int) -> None:
    total = running = 0
    for killed in kills(prepared, tmp_path, workload, range(SEED, SEED + count), acks=acks, wait_s=wait_s):
        verdict = judge(killed.folder, killed.acks)
        assert not verdict, f'seed {killed.seed}, {killed.moment}: {verdict}'
        total, running = total + len(killed.acks), running + (killed.code != 0)
        shutil.rmtree(killed.folder)
    print(f'\nkill -9 during {workload}: {count} kills ({running} at work, seeds from {SEED}), {total} acknowledged, 0 lost')
    assert running == count


def test_the_control_that_acknowledges_before_its_commit_loses(prepared: Path, tmp_path: Path) -> None:
    lost = total = 0
    for killed in kills(prepared, tmp_path, 'scores', range(SEED, SEED + 6), 'early', acks=100, wait_s=.05):
        verdict = judge(killed.folder, killed.acks)
        assert verdict.broken == []
        lost, total = lost + len(verdict.lost), total + len(killed.acks)
    print(f'\nkill -9, control acknowledged before the commit: 6 kills, {total} acknowledged, {lost} lost')
    assert lost > 0


@pytest.mark.parametrize('count', [3, pytest.param(20, marks=pytest.mark.long)])
def test_an_import_killed_twice_and_taken_up_again_has_every_row_once(prepared: Path, tmp_path: Path, count: int) -> None:
    rows, moments = plan_of(prepared).rows, []
    for seed in range(SEED, SEED + count):
        folder = copied(prepared, tmp_path / f'importing-{seed}')
        for again in range(2):
            killed = kill(folder, 'importing', seed * 10 + again, least=1, acks=4, wait_s=.05)
            seqs, people, _ = imported(folder)
            told = max([int(line.split()[1]) for line in killed.acks if line.startswith('rows')], default=0)
            assert (len(seqs) % SLICE, people) == (0, len(seqs))  # whole slices
            assert len(seqs) >= told
            moments.append(f'{len(seqs)} rows')
        process = start(folder, 'importing', seed)
        said, _ = process.communicate(timeout=300)
        assert said.decode().splitlines()[-1].startswith('job done')
        seqs, people, verbs = imported(folder)
        assert (seqs, people, verbs) == (list(range(1, rows + 1)), rows, {'registration.import': rows})
        assert not judge(folder, [])
    print(f'\nkill -9 during an import: {count} imports of {rows} rows, killed at {", ".join(moments)}, taken up again, every row once')


@shows('CERT-21')
@pytest.mark.parametrize(('statement', 'fault'), [
    ('DELETE FROM certificate WHERE serial = 120 AND level = 4', '计数器到'),
    ('UPDATE serial_counter SET last = last + 1 WHERE level = 2', '计数器到'),
    ("UPDATE batch SET state = 'publicized' WHERE state = 'approved'", 'publicized'),
    ('DELETE FROM approval', 'approval of None'),
    ('UPDATE score_entry SET tenths = 1000 - tenths WHERE batch_id = :scoring', 'instead of'),
    ('DELETE FROM score_entry WHERE batch_id = :scoring', 'instead of'),
    ('DROP TRIGGER trail_no_update; UPDATE trail SET body = body || char(32) WHERE n = 50', 'changed'),
    ('DROP TRIGGER trail_no_delete; DELETE FROM trail WHERE n = (SELECT max(n) FROM trail)', 'cut'),
])
def test_the_judge_finds_what_is_planted(done: tuple[Path, list[str]], tmp_path: Path, statement: str, fault: str) -> None:
    folder, acks = copied(done[0], tmp_path / 'planted'), done[1]
    plan = plan_of(folder)
    with sqlite3.connect(folder / 'data' / 'dingji.db') as connection:
        for part in statement.split(';'):
            connection.execute(part, {'scoring': plan.scoring} if ':scoring' in part else ())
    verdict = judge(folder, acks)
    assert any(fault in line for line in verdict.lost + verdict.broken), verdict


@pytest.fixture(scope='module')
def done(prepared_small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A folder worked through to the end without a fault, and what was acknowledged."""
    folder = copied(prepared_small, tmp_path_factory.mktemp('done') / 'folder')
    said, _ = start(folder, 'both', random.Random(SEED).randrange(1000)).communicate(timeout=300)
    acks = said.decode().splitlines()[1:]
    assert len(acks) == 150 + len(plan_of(folder).publicized)
    assert not judge(folder, acks)
    return folder, acks
