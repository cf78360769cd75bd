"""What must hold of the people on the registers, each by himself: conditions, ages, cards and terms of engagement."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.figures import Combine, Enforcement, Limit, Setting, Title
from app.figures_people import ExpertHead, Persons, SeniorExaminer
from app.findings import Finding, Severity
from app.organizations.occupations import known
from app.personnel.registers import GRADES, RANKS, Row
from app.words import LEVEL_NAMES, LEVELS
from app.workdays import Conventions, age_on, term_end, years_reached
from db.personnel import Staff
from db.users import Person

REMINDED_DAYS = 60  # before a card or an engagement runs out; ours, no rule names a figure
SEVERITY: dict[Enforcement, Severity] = {'block': 'block', 'warn': 'warn', 'remind': 'remind', 'compute': 'warn', 'ledger': 'remind'}
_RANK_ORDER = tuple(RANKS)


@dataclass(frozen=True, slots=True)
class Member:
    """One row of a register with whose it is.

    row: of the register; of the register of staff the row of staff itself · id_no: full for who keeps the registers, else masked
    proofs: certificates attached to the row or to the person's row of staff · born_on: out of the ID number
    """

    person: Person
    row: Any
    staff: Staff
    id_no: str
    proofs: int
    born_on: date | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """By what people are judged: figures, day, and how years are counted."""

    figures: Persons
    on: date
    conventions: Conventions


def subject_of(register: str, row: Row) -> str:
    """Return the subject of a finding about a row: the address of its page without the leading stroke."""
    return f'personnel/{register}/{row.id}'


# ------------------------------------------------------------------ examiners


def examiner_findings(members: Sequence[Member], by: Judged) -> list[Finding]:
    """Return what examiners lack for their grade, judged on the day of engagement (source: PERS-01, PERS-02, PERS-03, PERS-04, PERS-06, PERS-19, PERS-20)."""
    found: list[Finding] = []
    for m in members:
        found += _grade_findings(m, by)
        found += _employment_findings(m, 'examiners', by)
        found += card_findings(m, 'examiners', by, 'PERS-11')
        if not m.row.card_no and not m.row.letter_no:
            found.append(Finding('PERS-10', 'remind', subject_of('examiners', m.row), f'{_said(m)}还没有登记证卡编号或聘书编号；聘任、发卡后补填，没有合同、聘书和证卡的不能派任。'))
    return found


def _grade_findings(m: Member, by: Judged) -> Iterator[Finding]:
    senior = m.row.grade == 'senior'
    asked = by.figures.senior_examiner if senior else by.figures.examiner
    at = subject_of('examiners', m.row)
    level_min = _waived(by.figures.senior_examiner, m.row.occupation_code) if senior else by.figures.examiner.level_min
    if not _qualified(m.staff, level_min, asked.title_min, asked.combine.value):
        yield Finding(asked.level_min.rule, SEVERITY[asked.level_min.enforcement], at, (
            f'{_said(m)}登记的是“{_held(m.staff)}”，{GRADES[m.row.grade]}须有相关职业{_condition(level_min, asked.title_min, asked.combine.value)}。'
            '请补填技能等级或职称级别并上传证书；确不具备的，改登合适的类别或退出登记。'))
    day = m.row.engaged_from or m.row.card_from or by.on
    limits = [(asked.practice_years, m.row.practice_from, '从事本职业')]
    if senior:
        limits.append((by.figures.senior_examiner.examining_years, m.row.examining_from, '从事考评'))
    for limit, since, word in limits:
        if limit.value is None:
            continue
        if since is None:
            yield Finding(limit.rule, 'warn', at, f'{_said(m)}没有填写“{word}起始”，无法核对是否满{limit.value}年，请补填。')
        elif not years_reached(since, limit.value, day, by.conventions):
            yield Finding(limit.rule, SEVERITY[limit.enforcement], at, f'{_said(m)}{word}自{since}起，到聘任日{day}不满{limit.value}年，不能任{GRADES[m.row.grade]}；请核对日期或改登类别。')


def _waived(figures: SeniorExaminer, occupation_code: str) -> Limit:
    """Return the level a senior examiner must hold: where the occupation itself ends lower, that level is enough (source: PERS-04)."""
    ends = figures.level_1_waived_if_occupation_ends_at
    levels = [level for o in known(occupation_code) for level in o.levels]
    if ends.value is not None and levels and min(levels) == ends.value:
        return figures.level_min.model_copy(update={'value': ends.value})
    return figures.level_min


def _employment_findings(m: Member, register: str, by: Judged) -> Iterator[Finding]:
    limit = by.figures.examiner_years_employed
    if limit.value is None:
        return
    at, severity = subject_of(register, m.row), SEVERITY[limit.enforcement]
    if not m.staff.own_staff:
        yield Finding(limit.rule, severity, at, f'{_said(m)}不是本单位人员；原则上应为在本单位工作满{limit.value}年的正式职工，外聘的请说明理由。')
    elif m.staff.employed_from is None:
        yield Finding(limit.rule, 'remind', at, f'{_said(m)}没有填写入职日期，无法核对在本单位工作是否满{limit.value}年，请补填。')
    elif not years_reached(m.staff.employed_from, limit.value, by.on, by.conventions):
        yield Finding(limit.rule, severity, at, f'{_said(m)}{m.staff.employed_from}入职，在本单位工作不满{limit.value}年，请说明理由或另选人员。')


# ------------------------------------------------------------------ experts


def expert_findings(members: Sequence[Member], by: Judged, *, senior_examiners: Collection[int] = ()) -> list[Finding]:
    """Return what experts lack: title or level, years, age by sex (a warning), what a head needs, and ends of engagement.

    senior_examiners: person ids of those who hold that grade
    source: PERS-40, PERS-41, PERS-42, PERS-43, PERS-44, PERS-45
    """
    found: list[Finding] = []
    for m in members:
        at, asked = subject_of('experts', m.row), by.figures.expert
        if not _qualified(m.staff, asked.level_min, asked.title_min, asked.combine.value):
            found.append(Finding(asked.level_min.rule, SEVERITY[asked.level_min.enforcement], at, (
                f'{_said(m)}登记的是“{_held(m.staff)}”，专家须有本职业或相关职业{_condition(asked.level_min, asked.title_min, asked.combine.value)}。'
                '请补填技能等级或职称级别并上传证书，确不具备的请退出登记。')))
        for limit, years, word in ((asked.years_in_occupation, m.row.years, '从事本职业'), (asked.examining_years, m.row.examining_years, '从事考评')):
            if limit.value is not None and years < limit.value:
                found.append(Finding(limit.rule, SEVERITY[limit.enforcement], at, f'{_said(m)}{word}{years}年，一般不少于{limit.value}年，请核对年限或说明理由。'))
        found += _age_findings(m, by)
        if m.row.leads:
            found += _head_findings(m, by.figures.expert_head, head_is_senior=m.person.id in senior_examiners)
        found += _term_findings(m, 'experts', by, 'engaged', '聘期', 'PERS-45', by.figures.term_years.value)
    return found


def _age_findings(m: Member, by: Judged) -> Iterator[Finding]:
    limit = by.figures.expert.max_age
    if limit.value is None or m.born_on is None:
        return
    sex = 'female' if m.person.sex == '女' else 'male'
    honoured = bool(m.row.honours.strip()) and 'with_honours' in limit.value
    most, age = limit.value['with_honours' if honoured else sex], age_on(by.on, m.born_on, by.conventions)
    if age > most:
        who = '有荣誉并经批准的' if honoured else f'{m.person.sex}性'
        yield Finding(limit.rule, SEVERITY[limit.enforcement], subject_of('experts', m.row), f'{_said(m)}{by.on}年满{age}岁，{who}专家一般不超过{most}岁，请另聘或说明理由。')


def _head_findings(m: Member, asked: ExpertHead, *, head_is_senior: bool) -> Iterator[Finding]:
    years, least, fewer = m.row.examining_years, asked.examining_years, asked.new_occupation_years
    if least.value is None or years >= least.value or (asked.or_senior_examiner.value and head_is_senior):
        return
    if fewer.value is not None and years >= fewer.value:
        yield Finding(least.rule, 'warn', subject_of('experts', m.row), f'{_said(m)}任组长，考评{years}年，不满{least.value}年；只有新开发的职业可为{fewer.value}年，请说明理由。')
    else:
        yield Finding(least.rule, SEVERITY[least.enforcement], subject_of('experts', m.row), (
            f'{_said(m)}考评{years}年，任专家组组长须担任考评员{least.value}年以上或具备高级考评员资格，请另选组长。'))


# ------------------------------------------------------------------ internal supervisors


def supervisor_findings(members: Sequence[Member], by: Judged) -> list[Finding]:
    """Return what internal supervisors lack: years of management or of examining, employment, card (source: PERS-30, PERS-32, PERS-36)."""
    found: list[Finding] = []
    for m in members:
        asked, at = by.figures.supervisor, subject_of('supervisors', m.row)
        manages = (asked.management_years.value is not None and m.row.management_years >= asked.management_years.value) or (
            asked.management_staff.value and (m.staff.works_in_evaluation or m.row.management_years > 0))
        examines = asked.examining_years.value is not None and m.row.examining_years >= asked.examining_years.value
        if not ((manages and examines) if asked.combine.value == 'and' else (manages or examines)):
            managing = f'{asked.management_years.value}年以上' if asked.management_years.value else ''
            found.append(Finding(asked.examining_years.rule, SEVERITY[asked.examining_years.enforcement], at, (
                f'{_said(m)}评价管理{m.row.management_years}年、考评{m.row.examining_years}年；督导员须从事{managing}评价管理或技术工作，'
                f'{"并且" if asked.combine.value == "and" else "或"}担任考评员{asked.examining_years.value}年以上。请核对年限或另选人员。')))
        elif examines and not manages and asked.examining_grade.value == 'excellent':
            found.append(Finding(asked.examining_grade.rule, 'remind', at, f'{_said(m)}以考评员身份担任督导员，须年度考核优秀，请附考核表。'))
        found += _employment_findings(m, 'supervisors', by)
        found += card_findings(m, 'supervisors', by, 'PERS-36')
    return found


# ------------------------------------------------------------------ staff


def contract_findings(members: Sequence[Member], by: Judged) -> list[Finding]:
    """Return whose contract has run out or soon does (source: PERS-50)."""
    found = []
    for m in members:
        if (end := m.row.contract_to) and end <= by.on + timedelta(days=REMINDED_DAYS):
            told = f'已于{end}到期' if end < by.on else f'{end}到期，还有{(end - by.on).days}天'
            found.append(Finding('PERS-50', 'remind', subject_of('staff', m.row), f'{m.person.name}的合同{told}；请续签后更新日期，不再工作的请退出登记。'))
    return found


# ------------------------------------------------------------------ cards and terms


def card_findings(m: Member, register: str, by: Judged, rule: str) -> Iterator[Finding]:
    """Return that a card has run out, soon does, or was given for too long (source: PERS-11, PERS-36)."""
    yield from _term_findings(m, register, by, 'card', '证卡', rule, by.figures.card_years.value)


def _term_findings(m: Member, register: str, by: Judged, prefix: str, word: str, rule: str, years: int | None) -> Iterator[Finding]:
    start, end, at = getattr(m.row, f'{prefix}_from'), getattr(m.row, f'{prefix}_to'), subject_of(register, m.row)
    if end is None:
        return
    if end < by.on:
        yield Finding(rule, 'warn', at, f'{_said(m)}的{word}已于{end}到期，不能再派任；请办理换证或续聘后更新日期，不再使用的请退出登记。')
    elif end <= by.on + timedelta(days=REMINDED_DAYS):
        yield Finding(rule, 'remind', at, f'{_said(m)}的{word}{end}到期，还有{(end - by.on).days}天，请及时办理换证或续聘。')
    if start and years and end > (last := term_end(start, years, by.conventions)):
        yield Finding(rule, 'warn', at, f'{_said(m)}的{word}自{start}起，{years}年应到{last}，登记为{end}，请对照原件核对。')


# ------------------------------------------------------------------ words


def _qualified(staff: Staff, level_min: Limit, title_min: Setting[Title | None], combine: Combine) -> bool:
    met = []
    if level_min.value is not None:
        met.append(staff.skill_level is not None and staff.skill_level <= level_min.value)
    if title_min.value is not None:
        met.append(staff.title_rank in _RANK_ORDER and _RANK_ORDER.index(staff.title_rank) >= _RANK_ORDER.index(title_min.value))
    return not met or (all(met) if combine == 'and' else any(met))


def _condition(level_min: Limit, title_min: Setting[Title | None], combine: Combine) -> str:
    asked = []
    if level_min.value is not None:
        asked.append(f'{LEVEL_NAMES[level_min.value]}（{LEVELS[level_min.value]}）' + ('以上职业技能等级' if level_min.value > 1 else '职业技能等级'))
    if title_min.value is not None:
        asked.append(f'{RANKS[title_min.value]}' + ('以上职称' if title_min.value != 'senior' else '职称'))
    return ('和' if combine == 'and' else '或').join(asked)


def _held(staff: Staff) -> str:
    level = f'{LEVEL_NAMES[staff.skill_level]}（{LEVELS[staff.skill_level]}）' if staff.skill_level else ''
    rank = f'{RANKS[staff.title_rank]}职称' if staff.title_rank else ''
    told = '、'.join(filter(None, (level, rank)))
    return f'{staff.title}（{told or "未填等级和职称级别"}）' if staff.title else told or '未填'


def _said(m: Member) -> str:
    """Return the person with what he is registered for: 金芒种（车工）."""
    trade = getattr(m.row, 'work_type', '') or getattr(m.row, 'occupation', '') or getattr(m.row, 'direction', '')
    return f'{m.person.name}（{trade}）' if trade else m.person.name
