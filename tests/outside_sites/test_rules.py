"""When a place outside the filed premises may be asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.errors import Refused
from app.filing.standing import conventions_of
from app.house import calendar
from app.outside_sites.records import EquipmentLine, GroupLine, SiteRecord, StaffLine
from app.outside_sites.rules import Judged, check_batch, late_findings, needed_seats, site_findings
from app.regulation import profile
from tests.shows import shows

FIRST = date(2026, 10, 24)
STAFF = (
    StaffLine(person='1', name='施惊蛰', post='考务管理组组长', duty='lead', own_full_time=True), StaffLine(person='2', name='葛大寒', post='科员', duty='supervisor', own_full_time=True))
RECORD = SiteRecord(
    org='明川市启帆职业培训学校（演示）', org_region='990102', filing_number='S000099010001', batch='2026-003', first_on=FIRST, last_on=date(2026, 10, 25),
    name='北郊农机修配厂实训车间', address='演示省明川市北郊路6号', city='明川市', region='990103', reason='本校车床维修', groups=(GroupLine(name='车工（普通车床）四级', people=24),),
    area_dm2=42000, equipment=(EquipmentLine(name='普通车床', model='CA6140A', count='12', state='sound'),), video='六路高清监控', staff=STAFF, proofs=('场地证明',))


def judged(name: str = 'hunan', on: date = date(2026, 10, 12), **more: Any) -> Judged:
    return Judged(profile(name), on, conventions_of(profile(name)), calendar(), **more)


def found(change: dict[str, Any] | None = None, by: Judged | None = None) -> list[tuple[str, str, str]]:
    return [(f.rule, f.severity, f.subject) for f in site_findings(RECORD.model_copy(update=change or {}), by or judged())]


def test_a_request_in_order_has_no_finding() -> None:
    assert found() == []


@pytest.mark.parametrize(('change', 'subject'), [
    ({'address': ''}, 'address'), ({'city': ''}, 'city'), ({'region': ''}, 'region'), ({'reason': ''}, 'reason'), ({'area_dm2': 0}, 'area_dm2'), ({'video': ''}, 'video'),
    ({'equipment': ()}, 'equipment'), ({'equipment': (EquipmentLine(name='车床', model='', count='', state='sound'),)}, 'equipment'), ({'staff': ()}, 'staff'),
    ({'staff': (StaffLine(person='', name='', post='', duty='lead', own_full_time=False),)}, 'staff'), ({'staff': (*STAFF, STAFF[0])}, 'staff'),
    ({'staff': (StaffLine(person='9', name='', post='', duty='lead', own_full_time=False),)}, 'staff'), ({'proofs': ()}, 'proofs'),
    ({'groups': (GroupLine(name='车工四级', people=0),)}, 'batch')])
@shows('PLAN-26')
def test_what_the_request_lacks_is_told_at_its_field(change: dict[str, Any], subject: str) -> None:
    assert found(change) == [('PLAN-26', 'block', subject)]


@pytest.mark.parametrize('own', [('北郊农机修配厂 实训车间', '别处'), ('别名', '演示省明川市 北郊路6号')])
@shows('PLAN-26')
def test_a_filed_place_needs_no_permission_and_a_place_is_asked_for_once(own: tuple[str, str]) -> None:
    assert found(by=judged(premises=[own])) == [('PLAN-26', 'block', 'address')]
    assert found(by=judged(asked=[own])) == ([('PLAN-26', 'block', 'address')] if own[0] == '别名' else [])


@pytest.mark.parametrize('n', [0, 1])
@shows('PLAN-27', 'STAFF-38')
def test_staff_and_supervisors_of_an_outside_place_are_full_time_staff_of_the_organisation(n: int) -> None:
    hired = tuple(line.model_copy(update={'own_full_time': i != n}) for i, line in enumerate(STAFF))
    faults = site_findings(RECORD.model_copy(update={'staff': hired}), judged())
    assert [(f.rule, f.severity, STAFF[n].name in f.sentence) for f in faults] == [('PLAN-27', 'block', True)]
    assert found({'staff': hired}, judged('national')) == []  # only Hunan asks it


@shows('ORG-100')
def test_where_evaluation_across_regions_is_forbidden_no_permission_is_asked_for() -> None:
    assert found({'region': '990201'}, judged('xinjiang')) == [('ORG-100', 'block', 'region')]
    assert found({'region': '990201'}) == []


@shows('PLAN-26')
def test_another_city_needs_both_centres() -> None:
    for region, seats in (('990103', ('local',)), ('990201', ('local', 'place'))):
        assert needed_seats(RECORD.model_copy(update={'region': region}), profile('hunan')) == seats


@pytest.mark.parametrize(('name', 'in_time', 'late', 'rule'), [
    ('hunan', date(2026, 10, 15), date(2026, 10, 16), 'PLAN-21'), ('henan', date(2026, 10, 12), date(2026, 10, 13), 'PLAN-20')])
def test_a_late_request_is_handed_in_with_a_reason(name: str, in_time: date, late: date, rule: str) -> None:
    by = judged(name)
    assert late_findings(FIRST, replace(by, on=in_time)) == []
    assert [(f.rule, f.severity) for f in late_findings(FIRST, replace(by, on=late))] == [(rule, 'warn')]


@shows('PLAN-26')
def test_permission_comes_before_the_exam() -> None:
    check_batch('2026-003', 'registering', FIRST, date(2026, 10, 23))
    for state, today in (('registering', FIRST), ('signed', date(2026, 10, 23))):
        with pytest.raises(Refused, match='已经开始或结束'):
            check_batch('2026-003', state, FIRST, today)
