"""The compliance report of a filing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.filing.capacity import Filed
from app.filing.report import SECTIONS, Report, report
from app.filing.report_evidence import EVIDENCE, Procedure
from app.filing.ways import WAYS
from app.register import rules
from app.regulation import profile, profiles
from tests.filing.made import LATHE, NURSE, machine, record, room, site, standard, system
from tests.shows import shows

HENAN, HUNAN = profile('henan'), profile('hunan')
DONE = Procedure(
    handed_in_on=date(2026, 10, 26), told_on=date(2026, 11, 2), completed_on=date(2026, 11, 9), accepted_on=date(2026, 11, 9), assessed_on=date(2026, 11, 18), passed=True,
    publicity_from=date(2026, 12, 1), publicity_to=date(2026, 12, 8), filed_on=date(2026, 12, 9), reported_on=date(2026, 12, 10), published_on=date(2026, 12, 20),
    number='S000099010001', valid_to=date(2029, 12, 8), correction_points=5, answered=5)


def state(made: Report, rule: str) -> str:
    return next(line.state for line in made.lines if line.rule.id == rule)


@pytest.mark.parametrize('way', WAYS)
@pytest.mark.parametrize('name', profiles())
def test_every_rule_that_applies_stands_once_in_the_order_of_the_register(way: str, name: str) -> None:
    made = report(record(way, profile=name), profile(name))
    ids = [line.rule.id for line in made.lines]
    assert ids == [x for x in rules() if x in ids] and len(set(ids)) == len(ids) > 5
    assert all(line.evidence and line.clause for line in made.lines)
    assert made.count('met') + made.count('open') == len(ids)
    assert made.summary.startswith(f'适用{len(ids)}条规定：符合')


def test_every_rule_of_the_three_parts_is_known_to_the_report_and_reaches_some_filing() -> None:
    wanted = {r.id for r in rules().values() if r.section.split()[0] in SECTIONS}
    assert set(EVIDENCE) == wanted and len(wanted) == 107
    ties = [{}, {'ties': ['provincial_association']}, {'ties': ['sector_pilot_branch']}, {'ties': ['central_soe_branch']}]
    reached = {line.rule.id for way in WAYS for name in profiles() for tie in ties
               for line in report(record(way, profile=name, answers={'belonging': tie}), profile(name), DONE).lines}
    assert reached == wanted


@pytest.mark.parametrize(('changed', 'rule'), [
    ({'answers': {'standing': {'breach': 'yes'}}}, 'ORG-21'), ({'sites': (site(area_dm2=99990),)}, 'ORG-05'), ({'rooms': (room('theory_computer', seats=29),)}, 'ORG-07'),
    ({'bylaws': ()}, 'ORG-54'), ({'standards': ()}, 'OCC-02'), ({'standards': (standard(NURSE), standard(LATHE, levels=(4,)))}, 'OCC-08'), ({'equipment': (machine(1, LATHE, tenure='leased'),)}, 'ORG-17'),
    ({'receiver_level': 'province', 'receiver': '省中心'}, 'ORG-43')])
def test_a_fault_makes_its_rule_not_met_with_its_sentence(changed: dict[str, Any], rule: str) -> None:
    made = report(record(**changed), HENAN)
    line = next(line for line in made.lines if line.rule.id == rule)
    assert (line.state, line.word) == ('not_met', '不符合') and line.sentences
    assert state(report(record(), HENAN), rule) == 'met'


def test_a_reminder_leaves_a_rule_open() -> None:
    made = report(record(systems=tuple(system(k, 'testing') for k in ('exam_affairs', 'computer_exam', 'video'))), HENAN)
    assert state(made, 'ORG-12') == 'open'


@shows('OCC-06')
def test_a_level_that_only_the_standard_has_is_open_for_the_reviewer() -> None:
    asked = record(ranges=(NURSE.model_copy(update={'levels': (5, 2)}),))
    made = report(asked, HENAN)
    assert (state(made, 'OCC-06'), state(made, 'OCC-08')) == ('open', 'met')


@shows('TEV-04')
def test_a_veto_stands_in_the_report() -> None:
    made = report(record(systems=(system('exam_affairs'), system('computer_exam'))), HENAN)
    assert state(made, 'TEV-04') == 'not_met'


@shows('ORG-03', 'ORG-04', 'ORG-61', 'ORG-72', 'ORG-75', 'ORG-76', 'ORG-78', 'ORG-80', 'ORG-90', 'ORG-104', 'TEV-09')
@pytest.mark.parametrize(('name', 'rule'), [
    *(('henan', rule) for rule in ('ORG-03', 'ORG-04', 'ORG-61', 'ORG-70', 'ORG-76', 'ORG-77', 'ORG-78', 'ORG-80', 'ORG-90', 'TEV-03', 'TEV-09')),
    *(('hunan', rule) for rule in ('ORG-72', 'ORG-74', 'ORG-75', 'ORG-91', 'ORG-104'))])
def test_what_the_procedure_settles_is_open_before_and_met_after(name: str, rule: str) -> None:
    told = Procedure(told_on=date(2026, 11, 2), correction_points=5)
    assert state(report(record(profile=name), profile(name), told), rule) == 'open'
    assert state(report(record(profile=name), profile(name), DONE), rule) == 'met'


@shows('ORG-77')
def test_the_applicants_say_is_met_when_every_point_is_answered() -> None:
    half = Procedure(correction_points=5, answered=4)
    assert state(report(record(), HENAN, half), 'ORG-77') == 'open'
    assert '告知5点，已逐点答复4点' in next(x.evidence for x in report(record(), HENAN, half).lines if x.rule.id == 'ORG-77')
    assert state(report(record(), HENAN, Procedure(correction_points=5, answered=5)), 'ORG-77') == 'met'


@shows('ORG-70')
def test_skipped_and_reversed_stages_are_not_met() -> None:
    skipped = Procedure(handed_in_on=date(2026, 10, 26), assessed_on=date(2026, 11, 18))
    reversed_ = Procedure(handed_in_on=date(2026, 10, 26), accepted_on=date(2026, 10, 1))
    assert [state(report(record(), HENAN, p), 'ORG-70') for p in (skipped, reversed_, Procedure(handed_in_on=date(2026, 10, 26)), DONE)] == ['not_met', 'not_met', 'open', 'met']
    assert state(report(record('nationwide_employer'), HENAN, skipped), 'ORG-71') == 'not_met'


@shows('ORG-30')
def test_a_limit_that_the_centre_lifted_is_met_and_marked() -> None:
    others = [Filed(f'机构{n}', 'S', '990101', NURSE.occupation_code, '') for n in range(3)]
    made = report(record(), HENAN, others=others)
    assert state(made, 'ORG-30') == 'not_met'
    lifted = report(record(), HENAN, others=others, lifted={('ORG-30', 'ranges.2')})
    line = next(x for x in lifted.lines if x.rule.id == 'ORG-30')
    assert (line.state, line.lifted, line.sentences) == ('met', True, ())


@shows('ORG-13')
def test_a_proposed_figure_that_is_not_kept_is_reported_although_the_province_is_silent() -> None:
    made = report(record(profile='hunan', examiners=record().examiners[:1]), HUNAN)
    assert state(made, 'ORG-08') == 'not_met'
    assert 'ORG-08' not in {x.rule.id for x in report(record(profile='hunan'), HUNAN).lines}
