"""Premises and equipment of the story: §3.5, §3.6, §5 and §6 of what it tells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import select
from sqlmodel import col

from app.equipment.queries import equipment
from app.equipment.rules import rate_findings, sound_rates, trade_word
from app.house import House, house
from app.premises.queries import cameras, checks, rooms, sites, systems
from app.premises.rules import area_dm2, open_hazards, tenure_of, theory_seats
from app.work import Work, begin_as
from app.workdays import Conventions, term_end
from db.users import Person
from tests.shows import shows


@contextmanager
def as_person(name: str) -> Iterator[Work]:
    with house().engines.read.connect() as connection:
        person = connection.execute(select(col(Person.id)).where(col(Person.name) == name)).scalar_one()
    with begin_as(person, reads=True) as work:
        yield work


def test_the_school_has_1391_square_metres_in_thirteen_rooms_and_a_camera_for_each_point(story_house: House) -> None:
    with as_person('何立春') as work:
        found, points = rooms(work), cameras(work)
        assert [s.tenure for s in sites(work)] == ['owned']
    assert (len(found), area_dm2(found)) == (13, 139100)
    assert theory_seats(found) == {'机房一 3-301': 40, '机房二 3-302': 36}
    assert len(points) == sum(r.camera_count for r in found) == 29


@shows('TEV-07')
def test_twelve_of_the_schools_fourteen_lathes_are_sound(story_house: House) -> None:
    with as_person('何立春') as work:
        lines, least = equipment(work), work.profile.assessment.working_equipment_pct_min
    assert {trade_word(t): r.word for t, r in sound_rates(lines).items()} == {
        '保育师': '100.0%', '汽车维修工/汽车机械维修工': '100.0%', '车工': '100.0%', '车工/普通车床': '85.7%', '车工/数控车床': '100.0%'}
    assert rate_findings(lines, least) == []
    assert {e.number: (e.count, e.state, e.price_fen) for e in lines if e.number.startswith('CG')} == {
        'CG-0001…0012': (12, 'sound', 6_800_000), 'CG-0013': (1, 'repair', 6_100_000), 'CG-0014': (1, 'stopped', 4_200_000), 'CG-0015…0022': (8, 'sound', 16_500_000),
        'CG-0031': (1, 'sound', 1_850_000)}


def test_the_systems_are_docked_and_one_small_hazard_is_open(story_house: House) -> None:
    with as_person('何立春') as work:
        assert {s.kind: s.docking for s in systems(work)} == {'exam_affairs': 'docked', 'item_bank': 'none', 'computer_exam': 'docked', 'video': 'docked'}
        assert [(c.area, c.serious, c.due_on) for c in open_hazards(checks(work))] == [('2号楼', False, date(2026, 11, 27))]


def test_the_company_has_36_seats_ten_stations_and_sixteen_vices(story_house: House) -> None:
    with as_person('卜斗木') as work:
        assert [(r.name, r.seats) for r in rooms(work) if r.seats > 1] == [('理论机考室', 36), ('数控车间', 10), ('钳工实训室', 16)]
        assert len(equipment(work)) == 7


@shows('CONV-07')
def test_the_college_leases_its_archive_and_for_less_than_three_years_its_theory_room(story_house: House) -> None:
    with as_person('汪觜火') as work:
        site, = sites(work)
        terms = {r.name: tenure_of(r, site) for r in rooms(work)}
        counted: Conventions = work.conventions
    leased = {name: [term_end(t.lease_from, n, counted) <= t.lease_to for n in (2, 3, 5)] for name, t in terms.items() if t.tenure == 'leased' and t.lease_from and t.lease_to}
    assert leased == {'理论机考室': [True, False, False], '档案室': [True, True, True]}


def test_what_the_school_says_it_has_for_the_increment_stands_in_its_ledger(story_house: House) -> None:
    with as_person('何立春') as work:
        assert {e.name: f'{e.count}{e.unit}' for e in equipment(work) if e.number.startswith('QX')} == {'双柱举升机': '2台', '发动机拆装台架': '4套', '故障诊断仪': '4套'}
