"""What counts as carried: the code names the rule and a test shows it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from app.coverage import cover

ROOT = Path(__file__).resolve().parents[1]


def tree(root: Path, **files: str) -> Path:
    """Write files; `app__rules` is app/rules.py."""
    for name, text in files.items():
        file = root / (name.replace('__', '/') + '.py')
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text), encoding='utf-8')
    return root


SHOWN = """
from tests.shows import shows

@shows('PLAN-20', 'C-32')
def test_a_late_plan_is_refused():
    pass
"""


def test_a_rule_named_and_shown_is_carried_with_file_line_and_test(tmp_path: Path) -> None:
    found = cover(tree(tmp_path, app__rules="raise Refused('迟了。', rule='PLAN-20')", tests__test_plan=SHOWN))
    assert found.rules == {'PLAN-20': ['tests/test_plan.py:5::test_a_late_plan_is_refused']}


@pytest.mark.parametrize('code', [
    "Finding('PLAN-20', 'block', '', '迟了。')", "_fault(row, 'PLAN-20', '迟了。')", 'def late():\n    """Return.\n\n    source: 000, PLAN-20\n    """',
    'lead = figures.batch_lead_working_days.value', 'late_on(day, profile.plan.batch_lead_working_days)'])
def test_each_way_of_naming_a_rule_counts(tmp_path: Path, code: str) -> None:
    assert 'PLAN-20' in cover(tree(tmp_path, app__rules=code, tests__test_plan=SHOWN)).rules


@pytest.mark.parametrize('code', [
    '', '# PLAN-20', 'def late():\n    """Return the day (PLAN-20)."""', "print('see PLAN-20')", 'batch_lead_working_days = 1', 'row.batch_lead_working_days',
    'rows.count.value'])
def test_what_only_looks_like_it_does_not_count(tmp_path: Path, code: str) -> None:
    assert cover(tree(tmp_path, app__rules=code, tests__test_plan=SHOWN)).rules == {}


def test_a_leaf_counts_for_its_rules_and_for_the_point_it_settles(tmp_path: Path) -> None:
    found = cover(tree(tmp_path, app__rules='lead = figures.batch_lead_working_days.value', tests__test_plan=SHOWN))
    assert set(found.rules) == {'PLAN-20', 'C-32'}


def test_a_name_shared_by_leaves_needs_the_name_before_it(tmp_path: Path) -> None:
    shown = SHOWN.replace("'PLAN-20', 'C-32'", "'SCORE-20', 'ORG-76'")
    assert cover(tree(tmp_path, app__rules='figures.publicity_working_days.value', tests__test_plan=shown)).rules == {}
    assert set(cover(tree(tmp_path, app__rules='profile.scores.publicity_working_days.value', tests__test_plan=shown)).rules) == {'SCORE-20'}


def test_a_rule_that_no_test_shows_is_not_carried(tmp_path: Path) -> None:
    assert cover(tree(tmp_path, app__rules="raise Refused('迟了。', rule='PLAN-20')", tests__test_plan='def test_it():\n    pass')).rules == {}


def test_a_form_is_carried_when_its_builder_stands_and_a_test_shows_it(tmp_path: Path) -> None:
    shown = SHOWN.replace("'PLAN-20', 'C-32'", "'F-PASS', 'F-CERT', 'F-ACCEPT'")
    found = cover(tree(tmp_path, app__certificates__documents='def pass_list_pdf():\n    pass', tests__test_papers=shown))
    assert found.forms == {'F-PASS': ['tests/test_papers.py:5::test_a_late_plan_is_refused']}
    assert found.papers == 1


def test_an_id_that_does_not_exist_is_told(tmp_path: Path) -> None:
    found = cover(tree(tmp_path, tests__test_plan=SHOWN.replace('PLAN-20', 'PLAN-2O')))
    assert found.unknown == {'PLAN-2O': ['tests/test_plan.py:5::test_a_late_plan_is_refused']}


def test_the_command_ends_with_its_three_counts() -> None:
    said = subprocess.run([sys.executable, '-m', 'app', 'coverage'], cwd=ROOT, encoding='utf-8', capture_output=True, check=True)
    found = cover(ROOT)
    assert said.stdout.splitlines()[-3:] == [f'rules {len(found.rules)}/710', f'papers {found.papers}/150', f'ids {len(found.forms)}/165']
