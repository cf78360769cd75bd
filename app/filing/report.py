"""The compliance report of a filing: every rule of rules.md §1 to §3 that applies to its way, kind and profile: met, not met or open."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.figures_results import Profile
from app.filing.answers import holds
from app.filing.capacity import Filed
from app.filing.records import ApplicationRecord
from app.filing.report_evidence import EVIDENCE, Case, Procedure, State
from app.filing.rules import application_findings, unlifted
from app.filing.scoring import self_score
from app.findings import Finding
from app.register import Rule, rules

SECTIONS = ('1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '1.7', '1.8', '2', '3')
STATES: Mapping[State, str] = {'met': '符合', 'not_met': '不符合', 'open': '待定'}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One rule of the report; sentences: what was found, empty when nothing was."""

    rule: Rule
    state: State
    evidence: str
    sentences: tuple[str, ...]
    lifted: bool = False

    @property
    def clause(self) -> str:
        """文号 and 条."""
        return self.rule.clause

    @property
    def word(self) -> str:
        """符合, 不符合 or 待定."""
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class Report:
    """All lines in the order of the register."""

    lines: tuple[ReportLine, ...]
    day: date

    def count(self, state: State) -> int:
        """Return how many rules are met, not met or open."""
        return sum(line.state == state for line in self.lines)

    @property
    def summary(self) -> str:
        """One sentence over the report."""
        return f'适用{len(self.lines)}条规定：' + '，'.join(f'{word}{self.count(state)}条' for state, word in STATES.items()) + '。'


def report(
        record: ApplicationRecord, profile: Profile, procedure: Procedure | None = None, *, centres: Mapping[str, str] | None = None,
        others: Sequence[Filed] = (), lifted: Collection[tuple[str, str]] = ()) -> Report:
    """Return the compliance report of an application as it stands on the day of the record.

    lifted: (rule, subject) that the centre lifted with a written reason
    source: rules.md §1 to §3; the report itself is design §2.2
    """
    everything = application_findings(record, profile, centres=centres, others=others)
    standing = unlifted(everything, lifted)
    case = Case(record, profile, procedure or Procedure(), self_score(record, profile), centres or {})
    return Report(tuple(
        _line(rule, case, [f for f in standing if f.rule == rule.id], lifted=any(r == rule.id for r, _ in lifted))
        for rule in rules().values() if applies(rule, case) or (_in_section(rule) and any(f.rule == rule.id for f in standing))), record.day)


def applies(rule: Rule, case: Case) -> bool:
    """Tell whether a rule of §1 to §3 applies to the way, kind and profile of an application."""
    return _in_section(rule) and holds(rule.id, case.profile) and EVIDENCE[rule.id].applies(case)


def _in_section(rule: Rule) -> bool:
    return rule.section.split()[0] in SECTIONS


def _line(rule: Rule, case: Case, found: Sequence[Finding], *, lifted: bool) -> ReportLine:
    state, evidence = EVIDENCE[rule.id].read(case)
    computed = rule.enforcement == 'compute'  # what the system works out is never broken by a warning, only to be looked at
    if any(f.severity == 'block' or (f.severity == 'warn' and not computed) for f in found):
        state = 'not_met'
    elif found and state == 'met':
        state = 'open'
    return ReportLine(rule, state, evidence, tuple(f.sentence for f in found), lifted)
