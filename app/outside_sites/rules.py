"""When a place outside the filed premises may be asked for: what the request says, whose the staff are, how far ahead, which centres must agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.errors import Refused
from app.figures_results import Profile
from app.filing.resources import region_findings
from app.findings import Finding
from app.outside_sites.records import DUTIES, SITES, TABLES, SiteRecord
from app.workdays import Calendar, Conventions, last_submission_day

OPEN = ('preparing', 'registering', 'scoring')  # states of a batch that has not been examined yet
Place = tuple[str, str]  # name and address


@dataclass(frozen=True, slots=True)
class Judged:
    """By what a request is judged.

    on: day of handing in · premises: the organisation's registered premises · asked: places asked for or agreed for the same batch
    """

    profile: Profile
    on: date
    conventions: Conventions
    calendar: Calendar
    premises: Sequence[Place] = ()
    asked: Sequence[Place] = ()


def check_batch(number: str, state: str, first_on: date, today: date) -> None:
    """Refuse a batch that has begun or is over: permission comes before the exam (source: PLAN-26)."""
    if state not in OPEN or today >= first_on:
        raise Refused(f'批次{number}已经开始或结束（考试自{first_on}起），外部考点须在考试前取得许可，不能再申请或同意。', rule='PLAN-26')


def site_findings(record: SiteRecord, by: Judged) -> list[Finding]:
    """Return everything that is wrong with a request; subject is a field of the form.

    Each request is of one batch and one place, so every case is reported singly in every profile (一事一报).
    source: PLAN-26, PLAN-27, STAFF-38, ORG-100, PLAN-20, PLAN-21, PLAN-22
    """
    found = [*_gaps(record), *_where(record, by), *_staff(record, by.profile), *late_findings(record.first_on, by)]
    return [*found, *(replace(f, subject='region') for f in region_findings(record.name, record.region, record.org_region, by.profile))]


def late_findings(first_on: date, by: Judged) -> list[Finding]:
    """Return a warning when less is left than the working days that a batch plan needs: handed in with a reason, agreed to with one.

    source: PLAN-20, PLAN-21, PLAN-22, CONV-04
    """
    lead = by.profile.plan.batch_lead_working_days
    if lead.value is None:
        return []
    due = last_submission_day(first_on, lead.value, by.calendar, by.conventions)
    if by.on <= due.on:
        return []
    return [Finding(lead.rule, 'warn', 'late_reason', f'申请须在考试前{lead.value}个工作日（{due.on}前）随批次计划报送，现已逾期：确有原因的写明理由，由鉴定中心决定；无故逾期不予通过。')]


def needed_seats(record: SiteRecord, profile: Profile) -> tuple[str, ...]:
    """Return whose permission is needed: the local centre's, in another city also that of the place (双备案; source: PLAN-26)."""
    both = record.elsewhere and profile.plan.outside_venue.other_city.value == 'both_centres'
    return ('local', 'place') if both else ('local',)


def _gaps(record: SiteRecord) -> Iterator[Finding]:
    for item in SITES.items:
        if item.required and not getattr(record, item.key):
            why = '须大于0，请填写实际面积。' if item.kind == 'area' else '还没有填写，请填写后再提交。'
            yield Finding(item.rule, 'block', item.key, f'“{item.head}”{why}')
    if not sum(g.people for g in record.groups):
        yield Finding('PLAN-26', 'block', 'batch', f'批次{record.batch}的名单中还没有考生，职业等级人数无法填写，请先导入名单。')
    if not record.proofs:
        yield Finding('PLAN-26', 'block', 'proofs', '没有上传场地证明（产权、租赁或借用证明），请上传后再提交。')
    for column, (title, items) in TABLES.items():
        rows = getattr(record, column)
        if not rows:
            yield Finding('PLAN-26', 'block', column, f'“{title}”一行也没有，请至少填写一行。')
        for n, row in enumerate(rows, 1):
            empty = [i.head for i in items if not getattr(row, i.key) and i.key != 'model']
            if empty:
                yield Finding('PLAN-26', 'block', column, f'“{title}”第{n}行的{"、".join(empty)}没有填写，请填写或删去这一行。')


def _where(record: SiteRecord, by: Judged) -> Iterator[Finding]:
    own, name, address = (record.name, record.address), _plain(record.name), _plain(record.address)
    if any(name == _plain(n) or address == _plain(a) for n, a in by.premises if all(own)):
        yield Finding('PLAN-26', 'block', 'address', f'“{record.name}”（{record.address}）就是本机构登记的场所，在备案场所内进行不用申请，请撤回本申请。')
    if any(address == _plain(a) for _, a in by.asked if address):
        yield Finding('PLAN-26', 'block', 'address', f'批次{record.batch}在“{record.address}”已有一份申请，一事一报，同一考点不重复申请。')


def _staff(record: SiteRecord, profile: Profile) -> Iterator[Finding]:
    people = [line.person for line in record.staff if line.person]
    for n, line in enumerate(record.staff, 1):
        if line.person and not line.name:
            yield Finding('PLAN-26', 'block', 'staff', f'“考务人员名单”第{n}行的人员已不在人员登记册中，请另选人员。')
        elif line.person in people[:n - 1]:
            yield Finding('PLAN-26', 'block', 'staff', f'{line.name}在“考务人员名单”中列了两次，请删去一行。')
        elif line.person and not line.own_full_time and profile.staffing.outside_venue_full_time_only.value:
            yield Finding('PLAN-27', 'block', 'staff', (
                f'{DUTIES.get(line.duty, "")}{line.name}在人员登记册中不是本单位专职人员；外部考点的考务人员和内部质量督导员须为备案机构专职人员，请换人，登记有误的先更正登记。'))


def _plain(text: str) -> str:
    return ''.join(text.split())
