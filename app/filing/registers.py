"""The registers as they stand on a day, as lines of a record: what is kept there is not typed again into an application."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from sqlmodel import col, select

from app.bylaws.queries import named
from app.codes import read_id_number
from app.errors import Refused
from app.filing import records as r
from app.work import Work
from db.base import Owned
from db.bylaws import Bylaw, BylawVersion, EvaluationStandard
from db.equipment import Equipment
from db.files import Attachment
from db.filing import Licence, TrainingYear
from db.personnel import Examiner, Expert, GroupSeat, InternalSupervisor, Staff
from db.premises import InfoSystem, Room, SafetyCheck, Site
from db.users import Person

TRAINING_YEARS = 3  # 近3年社会培训统计
Table = TypeVar('Table', bound=Owned)


def registers_of(work: Work) -> dict[str, tuple[Any, ...]]:
    """Return the registers of the organisation worked on as fields of ApplicationRecord, each in print order; full ID numbers."""
    proofs = _proofs(work)
    people = {p.id: p for p in work.session.exec(select(Person).where(Person.org_id == work.org.id))}
    numbers = {key: work.unseal_id(p) for key, p in people.items()}
    staff = {s.person_id: s for s in _rows(work, Staff)}
    sites = {s.id: s for s in _rows(work, Site)}
    rooms = {x.id: x for x in _rows(work, Room)}
    return {
        'staff': tuple(_staff(s, people[s.person_id], numbers) for s in staff.values()),
        'examiners': tuple(_examiner(x, people[x.person_id], staff.get(x.person_id), numbers, proofs) for x in _rows(work, Examiner)),
        'experts': tuple(_expert(x, people[x.person_id], staff.get(x.person_id), numbers, proofs, work.today) for x in _rows(work, Expert)),
        'supervisors': tuple(_supervisor(x, people[x.person_id], staff.get(x.person_id), numbers) for x in _rows(work, InternalSupervisor)),
        'seats': tuple(
            r.SeatLine(group=x.group, position=x.position, name=people[x.person_id].name, post=people[x.person_id].title, department=x.department)
            for x in _rows(work, GroupSeat)),
        'sites': tuple(_site(s, proofs) for s in sites.values()),
        'rooms': tuple(_room(x, sites[x.site_id]) for x in rooms.values() if x.site_id in sites),
        'equipment': tuple(_equipment(x, rooms) for x in sorted(_rows(work, Equipment), key=lambda x: x.number)),
        'systems': tuple(
            r.SystemLine(kind=x.kind, name=x.name, developer=x.developer, version=x.version, platform=x.platform, docking=x.docking, description=x.description)
            for x in _rows(work, InfoSystem)),
        'safety': _safety(work), 'bylaws': _bylaws(work),
        'standards': tuple(_standard(x) for x in _rows(work, EvaluationStandard)),
        'training': tuple(
            r.TrainingLine(year=x.year, kind=x.kind, trade=x.trade, occupation_code=x.occupation_code, people=x.people, level=x.level)
            for x in sorted(_rows(work, TrainingYear), key=lambda x: (x.year, x.id)) if x.year >= work.today.year - TRAINING_YEARS),
        'licences': tuple(
            r.LicenceLine(kind=x.kind, number=x.number, issuer=x.issuer, valid_from=x.valid_from, valid_to=x.valid_to, scans=proofs.get(x.id, 0))
            for x in _rows(work, Licence))}


def _rows(work: Work, model: type[Table]) -> list[Table]:
    """Return the rows of a register that have not ended, oldest first."""
    q = select(model).where(model.org_id == work.org.id).order_by(col(model.id))
    return [row for row in work.session.exec(q) if getattr(row, 'ended_on', None) is None]


def _proofs(work: Work) -> dict[int, int]:
    """Return {row: how many attachments it has}."""
    counted: dict[int, int] = {}
    for row_id in work.session.exec(select(Attachment.row_id).where(Attachment.org_id == work.org.id, col(Attachment.ended_on).is_(None))):
        counted[row_id] = counted.get(row_id, 0) + 1
    return counted


def _staff(s: Staff, person: Person, numbers: dict[int, str]) -> r.StaffLine:
    return r.StaffLine(
        name=person.name, sex=person.sex, id_no=numbers[person.id], post=person.title, title=s.title, title_rank=s.title_rank, skill_level=s.skill_level,
        education=s.education, duty=s.duty, unit=s.unit, full_time=s.full_time, own_staff=s.own_staff, works_in_evaluation=s.works_in_evaluation)


def _examiner(x: Examiner, person: Person, s: Staff | None, numbers: dict[int, str], proofs: dict[int, int]) -> r.ExaminerLine:
    return r.ExaminerLine(
        name=person.name, sex=person.sex, id_no=numbers[person.id], post=person.title, title=s.title if s else '', title_rank=s.title_rank if s else '',
        skill_level=s.skill_level if s else None, education=s.education if s else '', occupation_code=x.occupation_code, occupation=x.occupation,
        work_type=x.work_type, grade=x.grade, own_staff=s.own_staff if s else False, card_no=x.card_no, card_to=x.card_to, proofs=proofs.get(x.id, 0),
        letter_no=x.letter_no, engaged_to=x.engaged_to)


def _expert(x: Expert, person: Person, s: Staff | None, numbers: dict[int, str], proofs: dict[int, int], today: date) -> r.ExpertLine:
    return r.ExpertLine(
        name=person.name, sex=person.sex, id_no=numbers[person.id], born_on=_born_on(numbers[person.id], today), post=person.title, title=s.title if s else '',
        title_rank=s.title_rank if s else '', skill_level=s.skill_level if s else None, education=s.education if s else '', occupation_code=x.occupation_code,
        occupation=x.occupation, work_type=x.work_type, own_staff=s.own_staff if s else False, years=x.years, letter_no=x.letter_no, engaged_to=x.engaged_to,
        proofs=proofs.get(x.id, 0))


def _supervisor(x: InternalSupervisor, person: Person, s: Staff | None, numbers: dict[int, str]) -> r.SupervisorLine:
    return r.SupervisorLine(
        name=person.name, sex=person.sex, id_no=numbers[person.id], post=person.title, title=s.title if s else '', education=s.education if s else '',
        direction=x.direction, card_no=x.card_no, card_to=x.card_to)


def _born_on(number: str, today: date) -> date | None:
    try:
        return read_id_number(number, today).birth_on
    except Refused:
        return None


def _site(s: Site, proofs: dict[int, int]) -> r.SiteLine:
    return r.SiteLine(
        name=s.name, address=s.address, area_dm2=s.area_dm2, tenure=s.tenure, lease_from=s.lease_from, lease_to=s.lease_to, title_no=s.title_no,
        proofs=proofs.get(s.id, 0), region=s.region)


def _room(x: Room, site: Site) -> r.RoomLine:
    own = bool(x.tenure)
    return r.RoomLine(
        name=x.name, kind=x.kind, site=site.name, floor=x.floor, area_dm2=x.area_dm2, seats=x.seats, tenure=x.tenure or site.tenure,
        lease_from=x.lease_from if own else site.lease_from, lease_to=x.lease_to if own else site.lease_to, camera_count=x.camera_count,
        resolution=x.resolution, fire_ok=x.fire_ok, serves=tuple(dict(served) for served in x.serves))


def _equipment(x: Equipment, rooms: dict[int, Room]) -> r.EquipmentLine:
    return r.EquipmentLine(
        number=x.number, name=x.name, model=x.model, count=x.count, unit=x.unit, tenure=x.tenure, room=rooms[x.room_id].name if x.room_id in rooms else '',
        occupation_code=x.occupation_code, work_type=x.work_type, state=x.state, price_fen=x.price_fen)


def _safety(work: Work) -> tuple[r.SafetyLine, ...]:
    """Return the newest check of each area."""
    newest = {c.area: c for c in sorted(_rows(work, SafetyCheck), key=lambda c: (c.checked_on, c.id))}
    return tuple(
        r.SafetyLine(
            checked_on=c.checked_on, area=c.area, bad=tuple(item for item, said in c.items.items() if said == 'bad'), hazard=c.hazard, serious=c.serious,
            cured=c.rechecked_on is not None) for c in newest.values())


def _bylaws(work: Work) -> tuple[r.BylawLine, ...]:
    """Return the rule documents by number, each with the version in force, or without one (version 0)."""
    current: dict[int, BylawVersion] = {}
    for version in work.session.exec(select(BylawVersion).where(BylawVersion.org_id == work.org.id).order_by(col(BylawVersion.version))):
        if version.state == 'in_force':
            current[version.bylaw_id] = version
    lines = []
    for b in sorted(_rows(work, Bylaw), key=lambda b: b.number):
        v = current.get(b.id)
        title, unit = named(b, v) if v else (b.title, b.unit)
        lines.append(r.BylawLine(
            number=b.number, title=title, unit=unit, made_on=v.made_on if v else None, version=v.version if v else 0, in_force=v is not None,
            posted_at=b.posted_at, note='' if v else '尚未施行'))
    return tuple(lines)


def _standard(x: EvaluationStandard) -> r.StandardLine:
    return r.StandardLine(
        occupation_code=x.occupation_code, occupation=x.occupation, work_type=x.work_type, kind=x.kind, name=x.name, edition=x.edition,
        levels=tuple(x.levels), publicized=x.publicized, books=tuple(dict(book) for book in x.books))
