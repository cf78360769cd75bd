"""Leases, areas, seats, hazards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.checks import read_hundredths
from app.errors import Refused
from app.premises.rules import (
    area_dm2,
    hazard_findings,
    lease_reminders,
    open_hazards,
    tenure_of,
    theory_seats,
)
from app.premises.words import ROOMS
from app.regulation import profile, profiles
from app.words import hundredths_text
from db.premises import Room, SafetyCheck, Site
from tests.shows import shows

TODAY = date(2026, 11, 23)


def room(**change: object) -> Room:
    return Room.model_validate({'org_id': 1, 'site_id': 1, 'name': '机房一', 'kind': 'theory_computer', 'area_dm2': 12000, 'seats': 40} | change)


def site(**change: object) -> Site:
    return Site.model_validate({'org_id': 1, 'name': '校区', 'address': '路1号', 'tenure': 'leased', 'lease_from': '2024-01-01', 'lease_to': '2028-12-31'} | change)


def check(**change: object) -> SafetyCheck:
    return SafetyCheck.model_validate({'org_id': 1, 'checked_on': '2026-10-10', 'area': '1号楼', 'checker': '严立夏', 'hazard': '通道堆物'} | change)


@given(st.integers(0, 10_000_000))
def test_an_area_written_out_reads_back_exactly(area: int) -> None:
    assert read_hundredths('面积', hundredths_text(area), 10_000_000, '平方米') == area


@pytest.mark.parametrize(('text', 'kept'), [('999.9', 99990), ('1,391', 139100), ('１３９１㎡', 139100), ('120 平方米', 12000), ('0', 0), ('0.01', 1), ('1391m2', 139100)])
def test_an_area_is_kept_in_hundredths_of_a_square_metre(text: str, kept: int) -> None:
    assert read_hundredths('面积', text, 1_000_000_00, '平方米') == kept


@pytest.mark.parametrize(('text', 'said'), [
    ('-1', '不能是负数'), ('1.234', '最多两位小数'), ('约一千', '阿拉伯数字'), ('13,91', '阿拉伯数字'), ('1e3', '阿拉伯数字'), ('1000001', '超过1,000,000平方米'), ('', '阿拉伯数字')])
def test_an_area_that_is_none_is_refused(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_hundredths('面积', text, 1_000_000_00, '平方米')


@shows('ORG-05')
def test_a_room_is_held_as_its_site_is_unless_it_has_terms_of_its_own() -> None:
    own = room(tenure='owned')
    leased = room(tenure='leased', lease_from='2026-01-01', lease_to='2027-12-31')
    assert [(t.tenure, t.lease_to) for t in (tenure_of(room(), site()), tenure_of(own, site()), tenure_of(leased, site(tenure='owned')))] == [
        ('leased', date(2028, 12, 31)), ('owned', None), ('leased', date(2027, 12, 31))]


@shows('ORG-05')
def test_a_lease_is_recalled_half_a_year_before_its_end_and_after_it() -> None:
    ends = [TODAY + timedelta(days=d) for d in (181, 180, 0, -1)]
    found = lease_reminders([site(name=f'{n}号', lease_to=day) for n, day in enumerate(ends)], [room(tenure='leased', lease_to=None)], TODAY)
    assert [(f.severity, f.sentence[:4], f.rule) for f in found] == [('remind', '“1号”', 'ORG-05'), ('remind', '“2号”', 'ORG-05'), ('warn', '“3号”', 'ORG-05')]
    assert ['还有180天到期' in found[0].sentence, '今天到期' in found[1].sentence, '已到期1天' in found[2].sentence] == [True] * 3


@shows('ORG-06', 'ORG-07')
def test_rooms_come_to_an_area_and_seats() -> None:
    rooms = [room(), room(name='机房二', seats=36, area_dm2=10850), room(name='保密室', kind='confidential_room', seats=0, area_dm2=2000)]
    assert area_dm2(rooms) == 24850
    assert theory_seats(rooms) == {'机房一': 40, '机房二': 36}


@shows('ORG-18')
def test_a_hazard_is_open_until_another_check_finds_it_cured() -> None:
    cured = check(rechecked_on='2026-10-20')
    fine = check(hazard='', items={'用电': 'ok'})
    bad = check(hazard='', area='2号楼', items={'用电': 'bad'})
    serious = check(area='3号楼', serious=True, due_on='2026-12-31')
    late = check(area='4号楼', due_on='2026-11-22')
    assert [c.area for c in open_hazards([cured, fine, bad, late, serious])] == ['3号楼', '4号楼', '2号楼']
    told = hazard_findings([cured, fine, bad, late, serious], TODAY)
    assert [(f.severity, f.rule) for f in told] == [('warn', 'ORG-18'), ('warn', 'ORG-18'), ('remind', 'ORG-18')]
    assert ['一票否决' in told[0].sentence, '整改期限2026-11-22已过' in told[1].sentence, '用电不合格' in told[2].sentence] == [True] * 3


def test_every_room_that_a_profile_names_has_its_word() -> None:
    named = {kind for name in profiles() for kind in (*profile(name).filing.premises.rooms.value, *profile(name).rooms.site_rooms.value)}
    assert named <= set(ROOMS) and len(named) > 3
