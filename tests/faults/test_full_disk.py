"""A full disk: the person is told, nothing is half done, and work goes on when there is room again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from app.certificates.operations import approve
from app.certificates.queries import passed_people
from app.certificates.rules import list_hash
from app.errors import Refused
from app.work import begin_as
from tests.faults.judge import judge
from tests.faults.killing import start
from tests.faults.prepared import APPROVAL, ISSUED_ON, copied, opened, plan_of

SEED = 20261022


def approve_one(people: dict[str, int], batch_id: int) -> int:
    with begin_as(people['head'], at=APPROVAL) as work:
        shown = list_hash(passed_people(work, batch_id), ISSUED_ON)
        return len(approve(work, batch_id=batch_id, issued_on=ISSUED_ON, shown_hash=shown, objections='无异议'))


def test_an_approval_without_room_gives_no_number(prepared_small: Path, tmp_path: Path) -> None:
    folder = copied(prepared_small, tmp_path / 'full')
    plan, engines = plan_of(folder), opened(folder).engines

    @event.listens_for(engines.write, 'connect')
    def limit(connection: Any, _record: object) -> None:
        pages = connection.execute('PRAGMA page_count').fetchone()[0]
        connection.execute(f'PRAGMA max_page_count={pages if full else 1_000_000}')

    full, given = True, 0
    with pytest.raises(Refused, match='磁盘已满，您的更改没有保存'):
        for batch_id in plan.publicized:  # the first may still fit into pages half used
            given += approve_one(plan.people, batch_id)
    engines.close()
    assert given < 6 * len(plan.publicized)
    assert not judge(folder, [])
    full, engines = False, opened(folder).engines
    assert given + sum(approve_one(plan.people, batch_id) for batch_id in plan.publicized[given // 6:]) == 6 * len(plan.publicized)
    engines.close()
    assert not judge(folder, [])


@pytest.mark.skipif(sys.platform == 'win32', reason='a limit for files needs RLIMIT_FSIZE')
def test_scores_and_files_refused_for_want_of_room_can_be_saved_when_there_is_some(prepared_small: Path, tmp_path: Path) -> None:
    folder = copied(prepared_small, tmp_path / 'limited')
    said, _ = start(folder, 'crowded', SEED).communicate(timeout=300)
    lines = said.decode().splitlines()[1:]
    refused = [line for line in lines if line.startswith('refused ')]
    acks = [line for line in lines if line.startswith('score ')]
    print(f'\ndisk full: {len(refused)} works refused, {len(acks)} acknowledged, then room again')
    assert len(acks) == 2 * len(plan_of(folder).cells)
    assert len(refused) == 11
    assert {line.split()[1] for line in refused} == {'数据库写入失败，您的更改没有保存。请联系管理员检查磁盘和数据库，然后再办理一次。', '磁盘已满，您的更改没有保存。请联系管理员清理磁盘空间，然后再办理一次。'}
    assert not judge(folder, lines)
    assert not list((folder / 'data' / 'files').rglob('.*'))
    assert [line.split()[1] for line in lines if line.startswith('file ')] == ['refused', 'kept']
