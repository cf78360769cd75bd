"""What the applicant has for the work: premises, people, systems, equipment, held against the profile (ORG-05 … ORG-13, ORG-17, ORG-18)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Protocol, TypeVar

from app.figures import Combine, Title
from app.figures_results import Profile
from app.filing.answers import given, holds, severity_of
from app.filing.forms import Strengths
from app.filing.records import ApplicationRecord, ExaminerLine, ExpertLine, RangeLine, RoomLine, SafetyLine, SiteLine
from app.filing.standing import conventions_of
from app.filing.ways import WAYS
from app.findings import Finding
from app.organizations.occupations import old_names
from app.regulation import word
from app.words import level_digits
from app.workdays import term_end

TITLES = {'': 0, 'junior': 1, 'mid': 2, 'senior': 3}
SYSTEMS = {'exam_affairs': '考务管理系统', 'computer_exam': '理论机考系统', 'video': '视频监控系统'}
COMPUTER_ROOM, PAPER_ROOM, PRACTICAL_ROOM = 'theory_computer', 'theory_paper', 'practical'
OFFICES, ARCHIVE, MONITORING, WAITING = ('office', 'exam_affairs_office'), 'archive_room', 'monitoring_room', 'waiting_room'
DM2_A_M2 = 100


class OfOccupation(Protocol):
    """A line of a register that belongs to an occupation."""

    @property
    def occupation_code(self) -> str: ...
    @property
    def work_type(self) -> str: ...


class Qualified(Protocol):
    """A person with a title or skill level."""

    @property
    def title_rank(self) -> str: ...
    @property
    def skill_level(self) -> int | None: ...


class Linked(Protocol):
    """An information system and how far it is linked to the provincial platform."""

    @property
    def kind(self) -> str: ...
    @property
    def docking(self) -> str: ...


Line = TypeVar('Line', bound=OfOccupation)


def resource_findings(record: ApplicationRecord, profile: Profile) -> list[Finding]:
    """Return what premises, people, systems and equipment lack; subject is `rooms`, `people.n` (row asked for), `systems` or `equipment`."""
    steps = WAYS[record.way].steps
    found: list[Finding] = []
    if 'rooms' in steps:
        if record.org.kind == 'social_training_org':  # 指南五 is addressed to them; employers and schools are held to their rubrics (TEV-06)
            found += [*_area(record, profile), *_leases(record, profile), *_rooms(record, profile)]
        found += _safety(record, profile)
        found += [f for site in record.sites for f in region_findings(site.name, site.region, record.org.region, profile)]
    if 'people' in steps:
        found += [*_examiners(record, profile), *_experts(record, profile), *_staff(record, profile)]
    if 'systems' in steps:
        found += [*_systems(record, profile), *_preference(record, profile)]
    if 'equipment' in steps:
        found += _own_equipment(record, profile)
    return found


def docking_findings(systems: Iterable[Linked], profile: Profile) -> list[Finding]:
    """Return a block for each system that is not linked to the provincial platform: asked before the first evaluation (source: ORG-12)."""
    docked = {s.kind for s in systems if s.docking == 'docked'}
    return [Finding('ORG-12', 'block', 'systems', f'{name}尚未与省平台完成对接，对接后方可开展评价；请完成对接，并在“信息系统”中登记对接日期。')
            for kind, name in SYSTEMS.items() if kind not in docked] if holds('ORG-12', profile) else []


def region_findings(place: str, region: str, org_region: str, profile: Profile) -> list[Finding]:
    """Return a block for a place of evaluation outside the organisation's own city; region '' is not known (source: ORG-100)."""
    if not region or region[:4] == org_region[:4] or not holds('ORG-100', profile):
        return []
    return [Finding(
        'ORG-100', 'block', 'rooms', f'“{place}”所在区划{region}不在本机构所在地市（{org_region[:4]}00）内，不得跨区域开展评价，请改用本地场地。')]


def lines_of(lines: Iterable[Line], row: RangeLine) -> list[Line]:
    """Return the lines that serve a row asked for: the same occupation, also by its old name, and no other work type."""
    return [x for x in lines if _same_occupation(x, row) and (not x.work_type or not row.work_type or x.work_type == row.work_type)]


def serving_rooms(record: ApplicationRecord, row: RangeLine) -> list[RoomLine]:
    """Return the practical rooms of a row asked for: those that name it, and those that name nothing."""
    def serves(room: RoomLine) -> bool:
        return not room.serves or any(
            s.get('occupation_code') == row.occupation_code and s.get('work_type', '') in ('', row.work_type) for s in room.serves)
    return [r for r in record.rooms if r.kind == PRACTICAL_ROOM and serves(r)]


def has_standing(person: Qualified, level_min: int | None, title_min: Title | None, combine: Combine) -> bool:
    """Tell whether title and skill level reach what a profile asks of examiners or experts; the smaller level is the higher."""
    asked = [reached for needed, reached in (
        (level_min, person.skill_level is not None and level_min is not None and person.skill_level <= level_min),
        (title_min, title_min is not None and TITLES.get(person.title_rank, 0) >= TITLES[title_min])) if needed is not None]
    return (all(asked) if combine == 'and' else any(asked)) if asked else True


def fit_examiners(record: ApplicationRecord, row: RangeLine, profile: Profile) -> list[ExaminerLine]:
    """Return the examiners of a row who have the title or level asked for and whose card has not run out."""
    asked = profile.persons.examiner
    return [e for e in lines_of(record.examiners, row)
            if has_standing(e, asked.level_min.value, asked.title_min.value, asked.combine.value) and not card_is_over(e, record.day)]


def card_is_over(examiner: ExaminerLine, day: date) -> bool:
    """Tell whether a card ran out before a day; its last day counts."""
    return examiner.card_to is not None and examiner.card_to < day


def fit_expert(expert: ExpertLine, profile: Profile) -> bool:
    """Tell whether an expert has the senior title or skill level asked for."""
    asked = profile.persons.expert
    return has_standing(expert, asked.level_min.value, asked.title_min.value, asked.combine.value)


def hazards(checks: Iterable[SafetyLine]) -> list[SafetyLine]:
    """Return the serious hazards that are not cured."""
    return [c for c in checks if c.serious and not c.cured]


def lease_is_short(tenure: str, begins: date | None, ends: date | None, years: int, profile: Profile) -> bool:
    """Tell whether a lease runs less than so many years, or does not say how long; 4 years 11 months are less than 5."""
    if tenure != 'leased':
        return False
    return begins is None or ends is None or ends < term_end(begins, years, conventions_of(profile))


# ------------------------------------------------------------------ premises


def _area(record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    least, total = profile.filing.premises.area_m2_min, sum(s.area_dm2 for s in record.sites)
    if least.value is not None and total < least.value * DM2_A_M2:
        yield Finding(
            least.rule, severity_of(least.enforcement), 'rooms',
            f'场地合计{square_metres(total)}平方米，应不少于{least.value}平方米（自有或租赁），请补充场地，或核对场地登记的面积。')


def square_metres(dm2: int) -> str:
    """Return an area as people write it: 99990 → 999.9."""
    return f'{dm2 // DM2_A_M2}.{dm2 % DM2_A_M2:02d}'.rstrip('0').rstrip('.')


def _leases(record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    years = profile.filing.premises.lease_years_min
    if years.value is None:
        return
    of_site = {(s.name, s.tenure, s.lease_from, s.lease_to) for s in record.sites}
    rooms = [r for r in record.rooms if (r.site, r.tenure, r.lease_from, r.lease_to) not in of_site]  # leased apart from their site
    places: list[SiteLine | RoomLine] = [*record.sites, *rooms]
    for place in places:
        if lease_is_short(place.tenure, place.lease_from, place.lease_to, years.value, profile):
            term = f'租期{place.lease_from}至{place.lease_to}' if place.lease_from and place.lease_to else '没有填写租期起止'
            yield Finding(years.rule, severity_of(years.enforcement), 'rooms', f'“{place.name}”为租赁，{term}，租期应不少于{years.value}年，请续签租赁合同后更新登记。')


def _rooms(record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    needed, seats = profile.filing.premises.rooms, profile.filing.premises.exam_seats_min
    kinds = {r.kind for r in record.rooms}
    for kind in needed.value:
        if kind not in kinds:
            yield Finding(needed.rule, severity_of(needed.enforcement), 'rooms', f'没有登记{word(kind)}，请在场地登记中补充。')
    if seats.value is not None:
        most = max((r.seats for r in record.rooms if r.kind == COMPUTER_ROOM), default=0)
        if most < seats.value:
            yield Finding(
                seats.rule, severity_of(seats.enforcement), 'rooms',
                f'标准教室（理论机考考场）最多的一间有{most}个机位，应不少于{seats.value}个，请增加机位或更正登记。')


def _safety(record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    if not holds('ORG-18', profile):
        return
    for room in record.rooms:
        if room.fire_ok is False:
            yield Finding('ORG-18', 'block', 'rooms', f'“{room.name}”消防不符合要求，请整改后更新场地登记。')
    for check in hazards(record.safety):
        yield Finding('ORG-18', 'block', 'rooms', f'“{check.area}”{check.checked_on}检查有重大隐患（{check.hazard or "未写明"}）尚未整改，技术评估时此项否决，请先整改并复查。')
    for check in record.safety:
        if check.bad and not check.cured and not check.serious:
            yield Finding('ORG-18', 'warn', 'rooms', f'“{check.area}”安全检查有{len(check.bad)}处不符合（{"、".join(check.bad)}），请整改并复查。')
    if not record.safety:
        yield Finding('ORG-18', 'warn', 'rooms', '还没有消防、用电、采光、通风的检查记录，请做一次安全检查并登记。')


# ------------------------------------------------------------------ people


def _examiners(record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    least = profile.filing.min_examiners_per_occupation
    senior_levels = profile.staffing.senior_examiner_required_levels.value
    for row in record.ranges:
        all_of, fit = lines_of(record.examiners, row), fit_examiners(record, row, profile)
        out = '、'.join(e.name for e in all_of if e not in fit)
        also = f'（{out}没有相应职称或技能等级，或证卡已过期，不计入）' if out else ''
        if least.value is not None and len(fit) < least.value:
            yield Finding(
                least.rule, severity_of(least.enforcement), f'people.{row.seq}', f'“{row.name}”有符合条件的考评员{len(fit)}人，应不少于{least.value}人{also}，请补充。')
        high = [level for level in row.levels if level in senior_levels]
        senior = sum(e.grade == 'senior' for e in fit)
        if high and least.value is not None and senior < least.value and len(fit) >= least.value:
            yield Finding(
                least.rule, severity_of(least.enforcement), f'people.{row.seq}',
                f'“{row.name}”申报{level_digits(high)}级，须由高级考评员考评，现有{senior}人，应不少于{least.value}人，请补充，或减少所报等级。')


def _experts(record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    least = profile.filing.min_experts_per_occupation
    for row in record.ranges:
        all_of = lines_of(record.experts, row)
        if least.value is not None and len(all_of) < least.value:
            yield Finding(least.rule, severity_of(least.enforcement), f'people.{row.seq}', f'“{row.name}”有专家{len(all_of)}人，应不少于{least.value}人，请补充。')
        for expert in all_of:
            if not fit_expert(expert, profile):
                shown = expert.title or '没有职称或技能等级'
                yield Finding(
                    'ORG-10', 'warn', f'people.{row.seq}', f'“{row.name}”的专家{expert.name}（{shown}）应有副高级以上职称或高级技师，评分时扣分，请更换或补登。')


def _staff(record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    least, full = profile.filing.min_full_time_staff, full_time_staff(record)
    if least.value is not None and full < least.value:
        yield Finding(least.rule, severity_of(least.enforcement), 'people', f'评价工作机构有专职人员{full}人，应不少于{least.value}人，请补充，或在人员登记中更正专兼职。')


def full_time_staff(record: ApplicationRecord) -> int:
    """Return the full-time people of the evaluation unit."""
    return sum(s.works_in_evaluation and s.full_time for s in record.staff)


# ------------------------------------------------------------------ systems and equipment


def _systems(record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    if not holds('ORG-12', profile):
        return
    promised = given(record, Strengths).docking_promised == 'yes'
    for kind, name in SYSTEMS.items():
        of_kind = [s for s in record.systems if s.kind == kind]
        if not of_kind:
            yield Finding('ORG-12', 'block', 'systems', f'没有登记{name}，请在信息系统登记中补充。')
        elif not any(s.docking == 'docked' for s in of_kind):
            todo = '已承诺对接后方可开展评价，首次认定前须完成' if promised else '请完成对接，或在“信息化”中作出对接承诺'
            yield Finding('ORG-12', 'remind' if promised else 'block', 'systems', f'{name}尚未与省平台对接，{todo}。')


def _preference(record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    preferred = profile.filing.preference
    if preferred.value == 'computer_testing' and not tests_by_computer(record):
        yield Finding(preferred.rule, severity_of(preferred.enforcement), 'systems', '尚未实现理论机考；本省新增备案、增加职业、提高等级优先已实现智能化考试的机构，请说明理由。')


def tests_by_computer(record: ApplicationRecord) -> bool:
    """Tell whether theory is tested by computer: a system and a room for it."""
    return any(s.kind == 'computer_exam' for s in record.systems) and any(r.kind == COMPUTER_ROOM for r in record.rooms)


def _own_equipment(record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    leased = [e for e in record.equipment if e.tenure == 'leased']
    if leased and holds('ORG-17', profile):
        names = '、'.join(f'{e.number}{e.name}' for e in leased[:5]) + ('等' if len(leased) > 5 else '')
        yield Finding('ORG-17', 'warn', 'equipment', f'有{len(leased)}项设备为租赁（{names}），用于评价的设备应为自有，请说明理由。')


def sound_percent(lines: Sequence[tuple[int, str]]) -> int | None:
    """Return the share of machines in working order in whole percent, rounded down; None without a machine.

    lines: (count, state), scrapped ones left out
    source: TEV-07
    """
    counted = [(n, state) for n, state in lines if state != 'scrapped']
    total = sum(n for n, _ in counted)
    return sum(n for n, state in counted if state == 'sound') * 100 // total if total else None


def _same_occupation(line: OfOccupation, row: RangeLine) -> bool:
    return line.occupation_code == row.occupation_code or getattr(line, 'occupation', '') in old_names(row.occupation)
