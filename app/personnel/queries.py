"""What is read of the registers of people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.access import Permission
from app.codes import fold
from app.errors import NotYours, Refused
from app.files import attachment_counts
from app.findings import Finding
from app.house import house
from app.organizations.queries import filing_in_force, held_on, ranges_of
from app.organizations.rules import Range
from app.personnel.registers import GROUPS, POSITIONS, PROOFS, REGISTERS, Register, Row
from app.personnel.rules import Judged, Member, contract_findings, examiner_findings, expert_findings, supervisor_findings
from app.personnel.strength import examiner_strength, expert_strength, group_findings, staff_strength, supervisor_strength
from app.work import Work
from db.personnel import Examiner, GroupSeat, Staff
from db.users import Person

_DOCUMENT = re.compile('[0-9]{6}')  # no name holds six digits


def register_of(name: str) -> Register:
    """Return a register by its name; raises NotYours for none of ours."""
    if name not in REGISTERS:
        raise NotYours
    return REGISTERS[name]


def members(
    work: Work, *, register: str, find: str = '', state: str = '', group: str = '', grade: str = '', part: str = '', before: int = 0, after: int = 0,
    last: bool = False, limit: int = 25,
) -> tuple[list[Member], bool]:
    """Return rows of a register, newest first, and whether more follow in the direction asked.

    find: part of a name, pinyin initials or a whole ID number · state: '' on the register, 'ended', 'all'
    group: of a seat · grade: of an examiner · part: '' of staff those who work in evaluation, 'all' everybody
    """
    work.require(Permission.PERSONNEL_READ)
    model = register_of(register).model
    rows, more = work.page(_filtered(work, model, find, state, group, grade, part), model, before=before, after=after, last=last, limit=limit)
    return _members(work, rows), more


def count_members(work: Work, limit: int, *, register: str, find: str = '', state: str = '', group: str = '', grade: str = '', part: str = '') -> int:
    """Return how many rows fit the filters, counted up to a limit; 0 counts all."""
    work.require(Permission.PERSONNEL_READ)
    q = _filtered(work, register_of(register).model, find, state, group, grade, part)
    return work.session.exec(select(func.count()).select_from(q.limit(limit or None).subquery())).one()


def member(work: Work, *, register: str, row_id: int) -> Member:
    """Return one row of a register, also an ended one; raises NotYours."""
    work.require(Permission.PERSONNEL_READ)
    return _members(work, [work.get(register_of(register).model, row_id)])[0]




def places_of(work: Work, *, person_id: int) -> list[tuple[Register, Row]]:
    """Return where else a person stands in the registers: rows that have not ended, staff left out."""
    work.require(Permission.PERSONNEL_READ)
    found: list[tuple[Register, Row]] = []
    for register in REGISTERS.values():
        if register.model is not Staff:
            model = register.model
            found += [(register, row) for row in work.session.exec(
                select(model).where(model.person_id == person_id, model.ended_on.is_(None)).order_by(model.id))]
    return found


def staff_members(work: Work) -> tuple[Member, ...]:
    """Return everybody on the register of people in the order of entry; `row` and `staff` are the same."""
    work.require(Permission.PERSONNEL_READ)
    return _whole(work, 'staff')


def examiner_members(work: Work) -> tuple[Member, ...]:
    """Return the examiners by occupation, the senior ones first."""
    work.require(Permission.PERSONNEL_READ)
    return tuple(sorted(_whole(work, 'examiners'), key=lambda m: (m.row.occupation_code, m.row.grade != 'senior', m.row.id)))


def expert_members(work: Work) -> tuple[Member, ...]:
    """Return the experts by occupation, in the order of entry."""
    work.require(Permission.PERSONNEL_READ)
    return tuple(sorted(_whole(work, 'experts'), key=lambda m: (m.row.occupation_code, m.row.id)))


def supervisor_members(work: Work) -> tuple[Member, ...]:
    """Return the internal supervisors in the order of entry."""
    work.require(Permission.PERSONNEL_READ)
    return _whole(work, 'supervisors')


def seats(work: Work) -> tuple[Member, ...]:
    """Return the seats group by group: head, deputies, members."""
    work.require(Permission.PERSONNEL_READ)
    order, rank = list(GROUPS), list(POSITIONS)
    return tuple(sorted(_whole(work, 'seats'), key=lambda m: (order.index(m.row.group), rank.index(m.row.position), m.row.id)))


def register_members(work: Work, register: str) -> tuple[Member, ...]:
    """Return everybody on a register in print order; raises NotYours."""
    work.require(Permission.PERSONNEL_READ)
    register_of(register)
    return {'staff': staff_members, 'examiners': examiner_members, 'experts': expert_members, 'supervisors': supervisor_members, 'seats': seats}[register](work)


def findings_of(work: Work, register: str, ranges: Sequence[Range] | None = None) -> list[Finding]:
    """Return everything that the rules say of a register today.

    ranges: what the people must suffice for; the filing in force where None, nothing without one
    """
    work.require(Permission.PERSONNEL_READ)
    profile, found = work.profile, register_members(work, register)
    by = Judged(profile.persons, work.today, work.conventions)
    asked = _filed(work) if ranges is None else ranges
    match register:
        case 'staff':
            return staff_strength(found, profile.filing) + contract_findings(found, by)
        case 'examiners':
            return examiner_strength(asked, found, profile.filing, profile.staffing) + examiner_findings(found, by)
        case 'experts':
            senior = set(work.session.exec(select(Examiner.person_id).where(Examiner.grade == 'senior', col(Examiner.ended_on).is_(None))))
            return expert_strength(asked, found, profile.filing) + expert_findings(found, by, senior_examiners=senior)
        case 'supervisors':
            return supervisor_strength(found, profile.staffing) + supervisor_findings(found, by)
        case _:
            return group_findings(found, profile.filing, profile.staffing)


def _filed(work: Work) -> list[Range]:
    try:
        return held_on(ranges_of(work, filing_in_force(work).id), work.today)
    except Refused:  # nothing is filed yet: the people are judged by themselves
        return []


def _whole(work: Work, register: str) -> tuple[Member, ...]:
    model = REGISTERS[register].model
    q = select(model).where(model.org_id == work.org.id, model.ended_on.is_(None)).order_by(model.id)
    return tuple(_members(work, list(work.session.exec(q))))


def _members(work: Work, rows: Sequence[Any]) -> list[Member]:
    ids = [row.person_id for row in rows]
    people = {p.id: p for p in work.session.exec(select(Person).where(col(Person.id).in_(ids)))}
    staff = {s.person_id: s for s in work.session.exec(select(Staff).where(col(Staff.person_id).in_(ids)))}
    proofs = attachment_counts(work, [*(row.id for row in rows), *(s.id for s in staff.values())], PROOFS)
    return [_member(work, people[row.person_id], row, staff[row.person_id], proofs) for row in rows]


def _member(work: Work, person: Person, row: Any, staff: Staff, proofs: Mapping[int, int]) -> Member:
    number = work.unseal_id(person) if person.id_no_sealed else ''
    born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14])) if len(number) == 18 else None
    shown = number if work.actor.may(Permission.PERSONNEL_WRITE) else person.id_no_masked
    return Member(person, row, staff, shown, sum(proofs.get(n, 0) for n in {row.id, staff.id}), born_on)


def _filtered(work: Work, model: type[Any], find: str, state: str, group: str, grade: str, part: str) -> SelectOfScalar[Any]:
    q = select(model).where(model.org_id == work.org.id)
    if state != 'all':
        q = q.where(model.ended_on.is_not(None) if state == 'ended' else model.ended_on.is_(None))
    if group and model is GroupSeat:
        q = q.where(col(GroupSeat.group) == group)
    if grade and model is Examiner:
        q = q.where(col(Examiner.grade) == grade)
    if model is Staff and part != 'all':
        q = q.where(col(Staff.works_in_evaluation).is_(True))
    if find := find.strip():
        numbered = col(Person.id_no_index) == house().keys.blind('id_no', fold(find))
        named = col(Person.name).contains(find, autoescape=True) | col(Person.initials).startswith(find.lower(), autoescape=True)
        q = q.where(model.person_id.in_(select(Person.id).where(Person.org_id == work.org.id, numbered if _DOCUMENT.search(fold(find)) else named)))
    return q
