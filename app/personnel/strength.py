"""Whether there are enough people: by occupation and level, in the groups, full-time staff and supervisors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.figures import Filing, Limit
from app.figures_exam import Staffing
from app.findings import Finding
from app.organizations.rules import Range
from app.personnel.registers import GROUPS, position_word
from app.personnel.rules import SEVERITY, Member, subject_of
from app.words import level_digits


def examiner_strength(ranges: Sequence[Range], examiners: Sequence[Member], filing: Filing, staffing: Staffing) -> list[Finding]:
    """Return which occupations have too few examiners, and which rows with high levels have no senior one.

    source: ORG-08, ORG-09, STAFF-21
    """
    found = list(_too_few(ranges, examiners, filing.min_examiners_per_occupation, '考评员', 'examiners'))
    high = staffing.senior_examiner_required_levels
    for row in ranges:
        asked = sorted(set(row.levels) & set(high.value), reverse=True)
        if asked and not any(m.row.grade == 'senior' and _serves(m, row) for m in examiners):
            found.append(Finding(high.rule, SEVERITY[high.enforcement], 'personnel/examiners', (
                f'{_name(row)}申报{level_digits(asked)}级，须由高级考评员考评，登记册中没有这个职业的高级考评员；请补充登记，或减少申报的等级。')))
    return found


def expert_strength(ranges: Sequence[Range], experts: Sequence[Member], filing: Filing) -> list[Finding]:
    """Return which occupations have too few experts (source: ORG-10)."""
    return list(_too_few(ranges, experts, filing.min_experts_per_occupation, '专家', 'experts'))


def staff_strength(staff: Sequence[Member], filing: Filing) -> list[Finding]:
    """Return whether the unit for evaluation has too few full-time staff (source: ORG-11)."""
    limit = filing.min_full_time_staff
    full = sum(m.row.full_time and m.row.works_in_evaluation for m in staff)
    if limit.value is None or full >= limit.value:
        return []
    return [Finding(limit.rule, SEVERITY[limit.enforcement], 'personnel/staff', (
        f'从事评价工作的专职人员{full}人，应不少于{limit.value}人；请在工作人员登记中补充，或把专职人员的“专职”和“从事评价工作”选为“是”。'))]


def supervisor_strength(supervisors: Sequence[Member], staffing: Staffing) -> list[Finding]:
    """Return whether there are fewer internal supervisors than one evaluation needs (source: STAFF-04, STAFF-05)."""
    limit = staffing.internal_supervisors_min
    people = len({m.person.id for m in supervisors})
    if limit.value is None or people >= limit.value:
        return []
    return [Finding(limit.rule, SEVERITY[limit.enforcement], 'personnel/supervisors', f'内部质量督导员{people}人，每次认定须有{limit.value}人，请补充登记。')]


def group_findings(seats: Sequence[Member], filing: Filing, staffing: Staffing) -> list[Finding]:
    """Return what the leading group, its office and the five working groups lack, as their paper (F-LEADGROUP) needs it.

    source: ORG-50, STAFF-04, STAFF-20
    """
    document = filing.materials.at_application
    severity = SEVERITY[document.enforcement] if 'leading_group_document' in document.value else 'remind'
    found = []
    for group, word in GROUPS.items():
        heads = [m for m in seats if m.row.group == group and m.row.position == 'head']
        head = position_word(group, 'head')
        if not heads:
            found.append(Finding(document.rule, severity, 'personnel/seats', f'{word}还没有{head}，成立领导小组的文件须写明；请登记一名{head}。'))
        elif len(heads) > 1:
            found.append(Finding(document.rule, 'warn', 'personnel/seats', f'{word}登记了{len(heads)}名{head}（{"、".join(m.person.name for m in heads)}），应为一名，请核对。'))
        if group == 'leading' and not any(m.row.group == group and m.row.position == 'deputy' for m in seats):
            found.append(Finding(document.rule, severity, 'personnel/seats', '领导小组还没有副组长，成立领导小组的文件须写明；请登记副组长。'))
    return found + list(_supervision_group(seats, staffing))


def _supervision_group(seats: Sequence[Member], staffing: Staffing) -> Iterator[Finding]:
    inside = {m.person.id: m for m in seats if m.row.group == 'supervision'}
    limit = staffing.internal_supervisors_min
    if limit.value is not None and len(inside) < limit.value:
        yield Finding(limit.rule, SEVERITY[limit.enforcement], 'personnel/seats', f'内部质量督导组{len(inside)}人，应不少于{limit.value}人，包括负责人和技术专家，请补充。')
    if staffing.supervisor_may_examine_same_batch.value:
        return
    for m in seats:
        if m.row.group == 'experts' and m.person.id in inside:
            yield Finding(staffing.supervisor_may_examine_same_batch.rule, 'warn', subject_of('seats', m.row), (
                f'{m.person.name}同时在内部质量督导组和专家考评组；同一批次中督导员不得兼考评员，请只留一处，或说明如何分开。'))


def _too_few(ranges: Sequence[Range], members: Sequence[Member], limit: Limit, word: str, register: str) -> Iterator[Finding]:
    if limit.value is None:
        return
    for code, occupation in {r.occupation_code: r.occupation for r in ranges}.items():
        people = len({m.person.id for m in members if m.row.occupation_code == code})
        if people < limit.value:
            yield Finding(limit.rule, SEVERITY[limit.enforcement], f'personnel/{register}', (
                f'{occupation}（{code}）有{word}{people}人，每个职业应不少于{limit.value}人，请补充登记{limit.value - people}人。'))


def _serves(m: Member, row: Range) -> bool:
    """Return whether an examiner may examine in a filed row: of the occupation, and of its work type unless either names none."""
    return bool(m.row.occupation_code == row.occupation_code and (not m.row.work_type or not row.work_type or m.row.work_type == row.work_type))


def _name(row: Range) -> str:
    return f'{row.occupation}/{row.work_type}' if row.work_type else row.occupation
