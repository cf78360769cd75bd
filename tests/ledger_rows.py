"""Rows of the ledgers as people write them, and the steps that bring them in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.equipment import importing as equipment_importing
from app.equipment.operations import add_equipment
from app.files import keep_file
from app.jobs import Kind, Runner
from app.premises import importing
from app.premises.operations import add_premises
from app.work import begin_as
from db.jobs import Job
from tests import make

KINDS: dict[str, Kind] = importing.KINDS | equipment_importing.KINDS
WRITTEN: dict[str, dict[str, Any]] = {
    'site': {'name': '云桥路校区', 'address': '演示省明川市云桥路88号', 'region': '990102', 'area_dm2': '1391', 'tenure': '自有', 'title_no': '明房权证9901号'},
    'room': {'name': '机房一 3-301', 'site_id': '云桥路校区', 'kind': '理论机考', 'floor': '3层', 'area_dm2': '120', 'seats': '40', 'serves': '车工/普通车床、保育师',
             'spacing_ok': '是', 'screens': '是', 'camera_count': '3', 'resolution': '1080P', 'fire_ok': '是'},
    'system': {'kind': '考务管理', 'name': '启帆考务管理系统', 'developer': '演示软件公司（演示）', 'version': '3.2', 'platform': '省平台', 'docking': '已对接', 'docked_on': '2025-02-20'},
    'camera': {'room_id': '机房一 3-301', 'label': '前门', 'resolution': '1080P', 'remote_view': '是', 'kept_days': '1826'},
    'check': {'checked_on': '2026-10-15', 'area': '1号楼', 'checker': '严立夏', 'items.疏散标识': '合格', 'items.灭火器': '不合格', 'hazard': '灭火器压力不足2具',
              'due_on': '2026-10-25'},
    'equipment': {'number': 'CG-0001…0012', 'name': '普通车床', 'model': 'CA6140A', 'count': '12', 'unit': '台', 'bought_on': '2019-06', 'price_fen': '68,000', 'tenure': '自有',
                  'occupation_code': '车工', 'work_type': '普通车床', 'state': '完好', 'keeper': '严立夏'}}


def add(made: make.World, ledger: str, at: datetime = make.NOW, **change: Any) -> int:
    """Keep a row as the head does; returns its id."""
    with begin_as(made.people['head'], at=at) as work:
        written = WRITTEN[ledger] | change
        return (add_equipment(work, written=written) if ledger == 'equipment' else add_premises(work, ledger=ledger, written=written)).id


def bring_in(made: make.World, ledger: str, data: bytes) -> Job:
    """Import a workbook as the page does; returns the finished job."""
    with begin_as(made.people['head'], at=make.NOW) as work:
        kept = keep_file(work, data, name='台账.xlsx', content_type='application/octet-stream')
        if ledger == 'equipment':
            job = equipment_importing.queue_equipment(work, file_id=kept.id)
        else:
            job = importing.queue_premises(work, ledger=ledger, file_id=kept.id)
    assert Runner(KINDS).run_next()
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        return work.get(Job, job.id)


def outcomes(job: Job) -> Mapping[str, int]:
    """Return how many rows were new, changed, same and bad."""
    return {key: int(job.result.get(key, 0)) for key in ('new', 'changed', 'same', 'bad')}
