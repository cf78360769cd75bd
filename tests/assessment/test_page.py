"""Who sees the pages of assessments, and what the score sheet's component reads from a browser."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from app.access import PERMISSIONS, Permission, Role
from app.assessment.rules import Entry, sheet_of
from app.rubrics import RUBRICS
from pages.assessment import desk, one, sheet
from pages.frame import PAGES
from pages.menu import ENTRIES
from pages.parts.rubric_sheet import LONGEST, drawn_rubric, read_entry

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
