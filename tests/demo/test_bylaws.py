"""The rule documents and standards of the story: whose, in which version, approved when."""

from __future__ import annotations

from datetime import date

import pytest

from app.bylaws.queries import BylawRow, all_standards, bylaw_page, bylaws
from app.bylaws.rules import LISTED
from app.bylaws.templates import templates
from app.house import House
from app.settings import DEMO_START
from app.words import china_time
from app.work import begin_as
from tests.demo.test_load import id_of
from tests.shows import shows

HAVE = [n for n in templates() if n <= len(LISTED)]


def rows_of(name: str, house: House) -> dict[int, BylawRow]:
    with begin_as(id_of(house, name), at=DEMO_START, reads=True) as work:
        return {row.number: row for row in bylaws(work)}


@shows('ORG-54', 'ORG-55')
@pytest.mark.parametrize(('name', 'units', 'days'), [
    ('何立春', {'考务管理组', '综合科'}, (date(2024, 11, 1), date(2025, 1, 31))), ('卜斗木', {'认定中心'}, (date(2023, 10, 1), date(2023, 12, 31))),
    ('汪觜火', {'职业技能等级认定中心'}, (date(2026, 9, 1), date(2026, 11, 9)))])
def test_each_organisation_has_the_listed_documents_in_force(story_house: House, name: str, units: set[str], days: tuple[date, date]) -> None:
    rows = rows_of(name, story_house)
    assert [n for n, row in rows.items() if row.current] == HAVE
    assert {row.bylaw.unit for row in rows.values() if row.bylaw} <= units
    made = [row.current.made_on for n, row in rows.items() if row.current and (name, n) != ('何立春', 10)]
    assert [on for on in made if on is None or not days[0] <= on <= days[1]] == []


def test_a_has_its_second_emergency_plan_and_its_rules_for_certificates_in_revision(story_house: House) -> None:
    rows = rows_of('何立春', story_house)
    assert {n: row.current.version for n, row in rows.items() if row.current} == {n: 2 if n == 10 else 1 for n in HAVE}
    assert [row.number for row in rows.values() if row.draft] == [n for n in HAVE if n == 22]
    assert [f'{row.current.made_on:%Y-%m}' for row in rows.values() if row.current and row.number == 10] == ['2026-09'] * (10 in HAVE)
    for row in (row for n, row in rows.items() if n == 10 and row.bylaw):
        assert row.bylaw
        with begin_as(id_of(story_house, '何立春'), at=DEMO_START, reads=True) as work:
            assert [v.state for v in bylaw_page(work, row.bylaw.id).versions] == ['in_force', 'replaced']


def test_c_completed_its_list_on_the_ninth_of_november(story_house: House) -> None:
    approved = {n: row.current.approved_at for n, row in rows_of('汪觜火', story_house).items() if row.current and row.current.approved_at}
    assert {n: f'{china_time(at):%m-%d}' for n, at in approved.items()} == {n: '11-09' if n in (22, 24) else '10-26' for n in HAVE}


@shows('OCC-02')
@pytest.mark.parametrize(('name', 'standards'), [
    ('何立春', [('保育师', 2), ('汽车维修工', 1), ('车工', 3)]), ('卜斗木', [('车工', 1), ('钳工', 1)]), ('汪觜火', [('汽车维修工', 1), ('钳工', 0)])])
def test_each_organisation_has_the_standards_of_what_it_evaluates(story_house: House, name: str, standards: list[tuple[str, int]]) -> None:
    with begin_as(id_of(story_house, name), at=DEMO_START, reads=True) as work:
        assert [(s.occupation, len(s.books)) for s in all_standards(work)] == standards
