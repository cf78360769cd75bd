"""Who sees the pages of assessments, and what the score sheet's component reads from a browser."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from app.access import PERMISSIONS, Permission, Role
from app.assessment.queries import sheet_page
from app.assessment.rules import Entry, sheet_of, typed_fields
from app.assessment.scoring import sign_sheet
from app.errors import Refused
from app.house import House
from app.rubrics import RUBRICS
from app.work import begin_as
from pages.assessment import desk, one, sheet
from pages.frame import PAGES
from pages.menu import ENTRIES
from pages.parts.rubric_sheet import LONGEST, drawn_rubric, read_entry
from tests.assessment.making import VISIT, accepted, fill, opened, sheets, shown_hash
from tests.shows import shows

ADDRESSES = {
    '/assessments': Permission.ASSESSMENT_READ, '/assessments/new/{application_id}': Permission.ASSESSMENT_ARRANGE, '/assessments/answer/{application_id}': Permission.ASSESSMENT_READ,
    '/assessments/{assessment_id}': Permission.ASSESSMENT_READ,
    '/assessments/{assessment_id}/sheets/{sheet_id}': Permission.ASSESSMENT_READ}


def test_the_pages_ask_for_their_permissions() -> None:
    assert {m.__name__ for m in (desk, one, sheet)} == {'pages.assessment.desk', 'pages.assessment.one', 'pages.assessment.sheet'}
    assert {path: needs for path, needs in PAGES.items() if path.startswith('/assessments')} == ADDRESSES


def test_the_menu_leads_there_for_the_centre_its_assessors_and_the_organisation_s_filing_people() -> None:
    entry = next(e for e in ENTRIES if e.path == '/assessments')
    assert {role for role, given in PERMISSIONS.items() if entry.needs in given} == {
        Role.HEAD, Role.FILING_CLERK, Role.CENTRE_HEAD, Role.ACCEPTANCE_CLERK, Role.ASSESSOR}


@pytest.mark.parametrize('raw', [
    None, [], {'answer': {}}, {'answer': {}, 'remark': '', 'finding': '', 'more': 1}, {'answer': [], 'remark': '', 'finding': ''}, {'answer': {'met': 1}, 'remark': '', 'finding': ''},
    {'answer': {'__class__': 'x'}, 'remark': '', 'finding': ''}, {'answer': {'score': None}, 'remark': '', 'finding': ''}, {'answer': {}, 'remark': 7, 'finding': ''},
    {'answer': {}, 'remark': 'x' * (LONGEST + 1), 'finding': ''}, {'answer': {'score': '1' * (LONGEST + 1)}, 'remark': '', 'finding': ''}])
def test_what_the_component_never_sends_is_not_read(raw: object) -> None:
    assert read_entry(raw) is None


def test_an_entry_is_read_as_it_was_typed() -> None:
    assert read_entry({'answer': {'score': '3.5', 'leased': True}, 'remark': '薄', 'finding': ''}) == Entry({'score': '3.5', 'leased': True}, '薄', '')


@pytest.mark.parametrize('rubric_id', RUBRICS)
def test_the_rules_go_to_the_browser_whole(rubric_id: str) -> None:
    rubric, shipped = sheet_of(rubric_id), json.loads(json.dumps(drawn_rubric(sheet_of(rubric_id))))
    items: list[dict[str, Any]] = [i for s in shipped['sections'] for g in s['groups'] for i in g['items']]
    assert [i['id'] for i in items] == [i.id for i in rubric.items]
    assert sum(i['points'] or 0 for i in items) == 100
    assert [Decimal(str(b['min'])) for b in shipped['bands']] == [b.min for b in rubric.conclusion.bands]
    assert [i['id'] for i in items if i['scope'] == 'filing'] == [i.id for i in rubric.items if i.veto_scope == 'filing']
    for item, sent in zip(rubric.items, items, strict=True):
        figures = {key: value for key, value in item.rule.model_dump().items() if key not in ('hint', 'rows', 'options')}
        assert {key: str(value) for key, value in sent['rule'].items() if key in figures} == {
            key: str(int(v) if isinstance(v, Decimal) and v == int(v) else v) for key, v in figures.items()}


@shows('TEV-03')
def test_a_page_signs_what_it_shows_and_not_what_another_page_saved_since(house_on_sqlite: House) -> None:
    case = opened(accepted())
    person = case.assessors[0]
    own = sheets(case, person)[0]
    with begin_as(person, org_id=case.org_id, at=VISIT, reads=True) as work:
        seen = sheet.Seen(sheet_page(work, own.id))
    fill(case, person, own)  # on another page
    assert seen.hash != shown_hash(case, person, own.id)
    with pytest.raises(Refused, match='有改动，签字没有生效'), begin_as(person, org_id=case.org_id, at=VISIT) as work:
        sign_sheet(work, sheet_id=own.id, shown_hash=seen.hash)
    with begin_as(person, org_id=case.org_id, at=VISIT, reads=True) as work:
        stands = sheet_page(work, own.id)
    for item, entry in stands.entries.items():
        seen.cell(item, entry)
    for key in (f.key for f in typed_fields(stands.rubric)):
        seen.head(key, stands.sheet.header.get(key, ''))
    assert seen.hash == stands.shown_hash
