"""Which occupations, work types and levels may be filed (OCC-01 … OCC-14), and extended (ORG-93)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.codes import fold_line
from app.figures import OwnStudents
from app.figures_results import Profile
from app.filing.answers import given, holds, severity_of
from app.filing.forms import EmployerFacts, Plan, SchoolFacts, SchoolSubjectRow
from app.filing.records import ApplicationRecord, RangeLine, StandardLine
from app.filing.ways import WAYS
from app.findings import Finding
from app.organizations.occupations import known, old_names
from app.organizations.rules import Range, extension_fault, range_findings
from app.words import LEVELS, level_digits, level_words

LIST = Path(__file__).resolve().parents[2] / 'assets' / 'excluded_occupations.csv'
LICENSED, PARTLY_LICENSED, NEAR_PROFESSIONAL = '准入类', '部分准入', '接近专技类'
SPECIAL_RANKS = ('特级技师', '首席技师')
ALL_LEVELS_CLASS = 'both'


MODES = {'theory': ('theory', '理论知识考试'), 'practical': ('practical', '技能考核'), 'comprehensive': ('review', '综合评审')}  # {subject: key of the row's modes and its head in the plan}


@dataclass(frozen=True, slots=True)
class Excluded:
    """An occupation that may not be filed, or not without a ruling; code: its beginning is enough, '' = by name only."""

    code: str
    name: str
    kind: str
    basis: str
    note: str

    def covers(self, row: RangeLine) -> bool:
        """Tell whether a row asked for is meant."""
        by_code = bool(self.code) and fold_line(row.occupation_code).startswith(self.code)
        return by_code or (self.kind != NEAR_PROFESSIONAL and self.name in (row.occupation, row.work_type))


@lru_cache(maxsize=1)
def excluded() -> tuple[Excluded, ...]:
    """Return the list of assets/excluded_occupations.csv."""
    with LIST.open(encoding='utf-8', newline='') as file:
        return tuple(Excluded(r['职业编码'], r['职业名称'], r['类别'], r['依据'], r['备注']) for r in csv.DictReader(file))


def scope_findings(record: ApplicationRecord, profile: Profile) -> list[Finding]:
    """Return what is wrong with the rows asked for; subject is `ranges.n`, n the place in the list, or the field of a school or employer.

    source: OCC-01, OCC-05, OCC-07, OCC-08, OCC-14 (`range_findings` of organizations), ORG-93
    """
    steps = WAYS[record.way].steps
    if 'ranges' not in steps:
        return []
    ranges = [Range(r.occupation_code, r.occupation, r.work_type, r.levels, r.standard) for r in record.ranges]
    found = _by_standard(record, range_findings(ranges, profile.scope.major_groups.value), profile)
    for n, row in enumerate(record.ranges, 1):
        found += [*_excluded(n, row, profile), *_groups(n, row, profile), *_five_levels(n, row, record, profile)]
        if profile.scope.standard_required.value and 'standards' in steps:
            found += _standard(n, row, record, profile)
        if 'plan' in steps:
            found += _modes(n, row, profile)
    found += [*_old_names(record), *_special_ranks(record, profile), *_extended(record)]
    if WAYS[record.way].audience == 'own_students':
        found += _school(record, profile.scope.technical_school_own_students)
    if 'employer' in steps and holds('OCC-12', profile) and not given(record, EmployerFacts).main_business:
        found.append(Finding('OCC-12', 'warn', 'employer.main_business', '用人单位按主营业务申报职业，请说明所报职业与主营业务的关系。'))
    return found


def standard_of(record: ApplicationRecord, row: RangeLine) -> StandardLine | None:
    """Return the newest standard at hand for a row asked for: that of its work type, else that of the whole occupation."""
    of = [s for s in record.standards if s.occupation_code == row.occupation_code and s.work_type in ('', row.work_type)]
    return max(of, key=lambda s: (s.edition, s.work_type != ''), default=None)


# ------------------------------------------------------------------ standard and classification


def _by_standard(record: ApplicationRecord, found: Iterable[Finding], profile: Profile) -> list[Finding]:
    """Where the standard at hand has the levels that the classification lacks, the standard wins (OCC-06): a warning for the reviewer."""
    kept: list[Finding] = []
    for finding in found:
        n = int(finding.subject.removeprefix('range '))
        row = record.ranges[n - 1] if n else None
        standard = standard_of(record, row) if row else None
        if (finding.rule == 'OCC-08' and row and row.levels and standard and set(row.levels) <= set(standard.levels)
                and not _below_the_trades(row) and profile.scope.standard_wins_over_classification.value):
            kept.append(Finding(
                'OCC-06', 'warn', f'ranges.{n}',
                f'第{n}行“{row.name}”：职业目录与《{standard.name}》（{standard.edition}年版）等级不一致，以标准为准（{level_digits(standard.levels)}级），请随附标准供核对。'))
        else:
            kept.append(Finding(finding.rule, finding.severity, f'ranges.{n}' if n else 'ranges', finding.sentence))
    return kept


def _below_the_trades(row: RangeLine) -> bool:
    """Tell whether a work type is named for a level that is not divided: 车工 level 5 has no trades, whatever is said of the whole standard (OCC-07)."""
    return bool(row.work_type) and any(not o.work_type and set(o.levels) & set(row.levels) for o in known(row.occupation_code))


def _standard(n: int, row: RangeLine, record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    needed, standard = profile.scope.standard_required, standard_of(record, row)
    if standard is None:
        yield Finding(
            needed.rule, severity_of(needed.enforcement), f'ranges.{n}',
            f'第{n}行“{row.name}”没有登记国家职业技能标准或经备案公示的评价规范，请在“职业标准和教材”中登记。')
        return
    if standard.kind == 'norm' and not standard.publicized:
        yield Finding(
            needed.rule, severity_of(needed.enforcement), f'ranges.{n}',
            f'第{n}行“{row.name}”所依据的评价规范《{standard.name}》尚未备案公示，备案公示后才能申报。')
    if over := [x for x in row.levels if x in LEVELS and x not in standard.levels]:
        yield Finding(
            'OCC-08', 'block', f'ranges.{n}',
            f'第{n}行“{row.name}”：登记的《{standard.name}》（{standard.edition}年版）没有{level_digits(over)}级（有{level_digits(standard.levels)}级），请删去或更正标准登记。')


# ------------------------------------------------------------------ what may not be filed


def _modes(n: int, row: RangeLine, profile: Profile) -> Iterator[Finding]:
    """The plan's table of modes has no empty box (source: ORG-59, SCORE-02)."""
    if empty := [word for _, word in unsaid_modes(row, profile)]:
        yield Finding(
            'ORG-59', 'warn', f'ranges.{n}', f'第{n}行“{row.name}”没有填写{"、".join(empty)}的评价方式，实施方案“评价方式”表会空着，请在“申请开展认定的职业（工种）”中补填。')


def unsaid_modes(row: RangeLine, profile: Profile) -> list[tuple[str, str]]:
    """Return key and head of the subjects that the row's levels are examined in and whose way it does not say (source: ORG-59, SCORE-02)."""
    asked = {subject for level in row.levels for subject in profile.scores.subjects.value.get(level, ())}
    return [(key, word) for subject, (key, word) in MODES.items() if subject in asked and not row.modes.get(key, '').strip()]


def _excluded(n: int, row: RangeLine, profile: Profile) -> Iterator[Finding]:
    listed = profile.scope.qualification_list_occupations
    for item in excluded():
        if item.kind == LICENSED and item.covers(row):
            yield Finding(
                listed.rule, severity_of(listed.enforcement), f'ranges.{n}',
                f'第{n}行“{row.name}”是准入类职业（{item.basis}），不得申报职业技能等级认定，请删去；目录有调整的请与受理机关核实。')
        elif item.kind == PARTLY_LICENSED and item.covers(row):
            yield Finding(
                listed.rule, 'warn', f'ranges.{n}', f'第{n}行“{row.name}”部分方向属职业资格目录（{item.note}），须另行研究，请说明所报方向不在其内。')


def _groups(n: int, row: RangeLine, profile: Profile) -> Iterator[Finding]:
    group_2, group_4 = profile.scope.group_2, profile.scope.group_4_near_professional
    if fold_line(row.occupation_code).startswith('2-') and group_2.value == 'excluded':
        yield Finding(
            group_2.rule, severity_of(group_2.enforcement), f'ranges.{n}', f'第{n}行“{row.name}”属第二大类专业技术类职业，不得申报，请另选职业。')
    if group_4.value == 'not_for_now' and (near := [x for x in excluded() if x.kind == NEAR_PROFESSIONAL and x.covers(row)]):
        yield Finding(
            group_4.rule, severity_of(group_4.enforcement), f'ranges.{n}',
            f'第{n}行“{row.name}”与专业技术类职业接近（{near[0].name}），本省暂不受理，请先与受理机关核实并说明理由。')


def _five_levels(n: int, row: RangeLine, record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    if holds('OCC-13', profile) and record.org.kind != 'employer' and set(row.levels) - set(LEVELS):
        yield Finding('OCC-13', 'block', f'ranges.{n}', f'第{n}行“{row.name}”：社会培训评价组织和技工院校只按五级至一级申报，不能自设等级。')


def _special_ranks(record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    said = given(record, Plan).scope
    named = [rank for rank in SPECIAL_RANKS if rank in said or any(rank in r.standard for r in record.ranges)]
    if named and record.org.kind != 'employer' and holds('OCC-13', profile):
        yield Finding(
            'OCC-13', 'block', 'plan.scope', f'{"、".join(named)}只有用人单位可以增设，社会培训评价组织和技工院校按五个等级评价，请删去。')


def _extended(record: ApplicationRecord) -> Iterator[Finding]:
    """An extension asks for nothing that is not filed: what is new needs an increment (source: ORG-93)."""
    if record.way != 'extension' or record.original is None:
        return
    filed = [Range(r.occupation_code, r.occupation, r.work_type, r.levels) for r in record.original.ranges]
    for n, row in enumerate(record.ranges, 1):
        if fault := extension_fault(record.original.number, filed, Range(row.occupation_code, row.occupation, row.work_type, row.levels)):
            yield Finding('ORG-93', 'block', f'ranges.{n}', f'第{n}行{fault}')


def _old_names(record: ApplicationRecord) -> Iterator[Finding]:
    registers: tuple[tuple[str, str, Iterable[object]], ...] = (
        ('people', '考评员', record.examiners), ('people', '专家', record.experts), ('standards', '标准', record.standards))
    for row in {r.occupation: r for r in record.ranges}.values():
        for old in old_names(row.occupation):
            for step, word, lines in registers:
                if used := [x for x in lines if getattr(x, 'occupation', '') == old]:
                    yield Finding(
                        'OCC-05', 'warn', step, f'{len(used)}名（项）{word}登记的职业“{old}”是“{row.occupation}”的旧名，按同一职业计算，请改用现名。')


# ------------------------------------------------------------------ technical schools


def _school(record: ApplicationRecord, figures: OwnStudents) -> Iterator[Finding]:
    facts = given(record, SchoolFacts)
    if figures.graduation_year_only.value and facts.graduation_year == 'no':
        yield Finding(figures.graduation_year_only.rule, 'block', 'school.graduation_year', '本校学生须在毕业学年参加评价，请更正评价安排。')
    for n, row in enumerate(record.ranges, 1):
        if figures.levels.value is not None and (over := [x for x in row.levels if x in LEVELS and x not in figures.levels.value]):
            yield Finding(
                figures.levels.rule, severity_of(figures.levels.enforcement), f'ranges.{n}',
                f'第{n}行“{row.name}”：评价本校学生只到{level_words([min(figures.levels.value)])}，请删去{level_digits(over)}级。')
        subjects = [s for s in facts.subjects if s.occupation_code == row.occupation_code and s.work_type in ('', row.work_type)]
        if figures.enrolled_years_min.value is not None and not subjects:
            yield Finding(figures.enrolled_years_min.rule, 'block', 'school.subjects', f'“{row.name}”没有填写专业情况（连续招生年数、培养人数、班级层次），请补充。')
        for subject in subjects:
            yield from _subject(n, row, subject, figures)


def _subject(n: int, row: RangeLine, subject: SchoolSubjectRow, figures: OwnStudents) -> Iterator[Finding]:
    least = figures.enrolled_years_min
    years = int(subject.enrolled_years) if subject.enrolled_years.isdigit() else 0
    if least.value is not None and years < least.value:
        yield Finding(
            least.rule, severity_of(least.enforcement), 'school.subjects', f'“{row.name}”连续招生{years}年，应连续招生{least.value}年以上，期满后再申报该职业。')
    highest = highest_level(subject, figures)
    if highest is not None and (over := [x for x in row.levels if x in LEVELS and x < highest]):
        second = '，第二（辅修）专业低一级' if subject.secondary == 'yes' and figures.secondary_subject_one_lower.value else ''
        yield Finding(
            'OCC-09', 'block', f'ranges.{n}', f'第{n}行“{row.name}”：按班级层次最高报{LEVELS[highest]}{second}，请删去{level_digits(over)}级。')


def highest_level(subject: SchoolSubjectRow, figures: OwnStudents) -> int | None:
    """Return the highest level (smallest figure) that students of a subject may be evaluated at; None: no such limit.

    source: OCC-09; that students enrolled in stages hold the earlier stage's certificate is asked of each candidate
    """
    levels = figures.class_levels.value
    if levels is None or not subject.class_kind:
        return None
    highest = min(levels.values()) if subject.class_kind == ALL_LEVELS_CLASS else levels[subject.class_kind]
    return min(highest + 1, max(LEVELS)) if subject.secondary == 'yes' and figures.secondary_subject_one_lower.value else highest
