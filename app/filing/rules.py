"""All that must hold of an application when it is handed in, collected from the files beside this one in the order of the form."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from app.figures_results import Profile
from app.filing.answering import change_findings
from app.filing.answers import given, holds, step_findings
from app.filing.capacity import Filed, capacity_findings
from app.filing.forms import Belonging
from app.filing.jurisdiction import elsewhere_findings
from app.filing.materials import material_findings
from app.filing.records import ApplicationRecord
from app.filing.resources import resource_findings
from app.filing.scope import scope_findings
from app.filing.standing import standing_findings
from app.filing.ways import WAYS
from app.findings import Finding
from app.register import rules

CENTRE_NAME_END = '认定中心'


def application_findings(
        record: ApplicationRecord, profile: Profile, *, centres: Mapping[str, str] | None = None, others: Sequence[Filed] = (),
        received_on: date | None = None) -> list[Finding]:
    """Return everything that is wrong with an application, in the order of its steps; the step stands before the first dot of a subject.

    centres: {region: name} of the centres that are known · others: rows of the active filings of the city, for the limits of ORG-30 … ORG-33
    """
    found = [
        *step_findings(record, profile), *standing_findings(record, profile, received_on=received_on), *elsewhere_findings(record, profile, centres),
        *_audience(record, profile), *change_findings(record), *scope_findings(record, profile), *resource_findings(record, profile), *material_findings(record, profile),
        *capacity_findings(record, profile, others)]
    order = {step: n for n, step in enumerate(WAYS[record.way].steps)}
    return sorted(found, key=lambda f: order.get(step_of(f), len(order)))


def step_of(finding: Finding) -> str:
    """Return the step a finding belongs to, for the link to it; 'materials' for what the whole volume lacks."""
    return finding.subject.split('.')[0]


def is_in_principle(rule_id: str) -> bool:
    """Tell whether a rule holds in principle (原则上): from such a one alone the centre admits exceptions (source: CONV-14)."""
    found = rules().get(rule_id)
    return found is not None and '原则上' in found.text + found.sentence


def unlifted(findings: Iterable[Finding], lifted: Collection[tuple[str, str]]) -> list[Finding]:
    """Return the findings that still stand; lifted: (rule, subject) that the centre lifted with a written reason (CONV-14)."""
    return [f for f in findings if (f.rule, f.subject) not in lifted]


def _audience(record: ApplicationRecord, profile: Profile) -> list[Finding]:
    """A technical school files once for its own students and once for society: whom it evaluates decides the way (ORG-82, ORG-86)."""
    audience, said = WAYS[record.way].audience, given(record, Belonging).audience
    if not audience or not holds('ORG-82', profile):
        return []
    found = []
    if said and said != audience:
        other = '技工院校备案（社会人员）' if audience == 'own_students' else '技工院校备案（本校学生）'
        found.append(Finding('ORG-86', 'block', 'belonging.audience', f'评价对象与本次申报方式不一致；既评价本校学生又评价社会人员的，另报“{other}”，各有备案号。'))
    centre = str(record.answers.get('school', {}).get('centre_name', '') or '')
    if audience == 'own_students' and not centre.endswith(CENTRE_NAME_END):
        found.append(Finding('ORG-82', 'block', 'school.centre_name', '评价本校学生的，以“技工院校（技师学院）职业技能等级认定中心”的名称备案，请填写认定中心名称。'))
    return found
