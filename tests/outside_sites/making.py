"""A request for an outside place, from nothing to handed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.files import store_scan
from app.outside_sites import operations
from app.outside_sites.queries import site_page
from app.personnel.operations import enter
from app.words import CHINA
from app.work import begin_as
from db.outside_sites import OutsideSite
from tests import make
from tests.personnel.make_people import typed

AT = datetime(2026, 9, 28, 9, 0, tzinfo=CHINA)  # the exam is on 2026-10-24
PDF = b'%PDF-1.7 a lease'
WRITTEN = {'address': '演示省明川市北郊路6号', 'city': '明川市', 'region': '990103', 'reason': '本校车床维修，改在修配厂', 'area_dm2': '420', 'video': '六路高清监控'}


def do(made: make.World, operation: Callable[..., Any], who: str = 'filing_clerk', when: datetime = AT, **given: Any) -> Any:
    with begin_as(made.people[who], at=when, org_id=made.org.id) as work:
        return operation(work, **given)


def person(made: make.World, n: int = 1, **change: Any) -> str:
    """Put somebody on the register of people; returns his id as tables of the form keep it."""
    return str(do(made, enter, register='staff', written=typed('staff', n, **change)).person_id)


def drafted(made: make.World, n: int = 1, **change: str) -> int:
    """Return a complete draft for the world's batch; n: which person works there."""
    assert made.batch
    site: OutsideSite = do(made, operations.start_site, batch_id=made.batch.id, name='北郊农机修配厂实训车间')
    for column, new in (WRITTEN | change).items():
        do(made, operations.change_site, outside_site_id=site.id, column=column, shown='', new=new)
    rows = {'equipment': {'name': '普通车床', 'model': 'CA6140A', 'count': '12', 'state': '完好'}, 'staff': {'person': person(made, n), 'duty': '监考人员'}}
    for column, row in rows.items():
        do(made, operations.write_row, outside_site_id=site.id, column=column, at=0, shown=None, new=row)
    do(made, operations.attach_proof, outside_site_id=site.id, scan=store_scan(PDF, made.org.id, name='借用协议.pdf'))
    return site.id


def hand_in(made: make.World, site_id: int, at: datetime = AT, reason: str = '') -> OutsideSite:
    """Hand in what the page shows now."""
    with begin_as(made.people['filing_clerk'], at=at) as work:
        return operations.hand_in(work, outside_site_id=site_id, shown_sha256=site_page(work, site_id).record.sha256, reason=reason)


def copied(made: make.World, site_id: int, at: datetime = AT, **change: Any) -> Any:
    """Copy a letter of the centre of the place."""
    scan = do(made, lambda work: make.keep_scan(work, PDF, name='复函.pdf'))
    given = {'seat': 'place', 'agrees': True, 'number': '〔2026〕8号', 'decided_on': at.date(), 'issuer': '外市职业技能鉴定中心（演示）', 'scan_id': scan.id} | change
    return do(made, operations.record_opinion, when=at, outside_site_id=site_id, **given)


def state(made: make.World, site_id: int) -> str:
    with begin_as(made.people['filing_clerk'], at=AT, reads=True) as work:
        return site_page(work, site_id).site.state
