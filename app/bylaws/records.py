"""Frozen records of rule documents: what a text is filled from, and what papers print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import col, select

from app.access import Permission
from app.bylaws.facts import COUNTED, GROUPS, ROOMS, SYSTEMS, Facts, Seat
from app.bylaws.queries import BylawRow, all_standards, bylaw_page, bylaws, named
from app.bylaws.rules import STATES
from app.bylaws.standards import KINDS
from app.errors import Refused
from app.files import read_file
from app.house import house
from app.organizations.queries import held_on, ranges_of
from app.organizations.rules import Range
from app.states import state_word
from app.words import china_time, level_digits, level_words
from app.work import Work
from db.bylaws import Bylaw, BylawVersion
from db.filing import Application, ApplicationRange
from db.organizations import Filing
from db.personnel import Examiner, Expert, GroupSeat, InternalSupervisor, Staff
from db.premises import InfoSystem, Room
from db.users import Person

DEAD = ('discarded', 'withdrawn', 'refused', 'failed', 'declined')  # applications that ask for nothing any more


def facts_of(work: Work, issued_on: date | None = None) -> Facts:
    """Return what the registers say today: names, groups, rooms, systems, occupations; issued_on: the day a document bears."""
    work.require(Permission.BYLAWS_READ)
    org = work.org
    seats = work.session.exec(select(GroupSeat, Person.name).join(Person).where(GroupSeat.org_id == org.id).order_by(col(GroupSeat.id))).all()
    staff = work.session.exec(select(Staff, Person.name).join(Person).where(Staff.org_id == org.id, col(Staff.ended_on).is_(None)).order_by(col(Staff.id))).all()
    rooms = work.session.exec(select(Room).where(Room.org_id == org.id, col(Room.ended_on).is_(None)).order_by(col(Room.id))).all()
    systems = work.session.exec(select(InfoSystem).where(InfoSystem.org_id == org.id, col(InfoSystem.ended_on).is_(None)).order_by(col(InfoSystem.id))).all()
    counted = [_people(work, model) for model in (Examiner, Expert, InternalSupervisor)]
    return Facts(
        org.name, org.short_name, org.address, org.phone, issued_on,
        tuple(Seat(GROUPS.get(s.group, s.group), s.position == 'head', name, s.department) for s, name in seats),
        tuple((name, s.duty) for s, name in staff), dict(zip(COUNTED, (*counted, sum(s.works_in_evaluation for s, _ in staff)), strict=True)),
        {word: tuple(r.name for r in rooms if r.kind == kind) for kind, word in ROOMS.items()},
        {word: tuple(s.name for s in systems if s.kind == kind) for kind, word in SYSTEMS.items()}, tuple(_occupations(work)))


def _people(work: Work, model: type[Examiner] | type[Expert] | type[InternalSupervisor]) -> int:
    return work.session.exec(select(func.count(func.distinct(model.person_id))).where(model.org_id == work.org.id, col(model.ended_on).is_(None))).one()


def _occupations(work: Work) -> list[str]:
    """Return the occupations of the filing in force with their levels; of the newest application where nothing is filed yet."""
    in_force = work.session.exec(select(col(Filing.id)).where(Filing.org_id == work.org.id, Filing.state == 'in_force').order_by(col(Filing.id))).all()
    rows: Sequence[Range] | Sequence[ApplicationRange] = [r for filing_id in in_force for r in held_on(ranges_of(work, filing_id), work.today)]
    if not rows:
        newest = work.session.exec(
            select(col(Application.id)).where(Application.org_id == work.org.id, col(Application.state).not_in(DEAD)).order_by(col(Application.id).desc())).first()
        rows = work.session.exec(
            select(ApplicationRange).where(ApplicationRange.application_id == newest).order_by(col(ApplicationRange.seq))).all() if newest else []
    return [f'{r.occupation}{"/" + r.work_type if r.work_type else ""}（{level_words(r.levels)}）' for r in rows]


# ------------------------------------------------------------------ papers


@dataclass(frozen=True, slots=True)
class BylawPaper:
    """One version of a rule document as it is printed; state: its word · mark: across every page."""

    org: str
    number: int
    title: str
    version: int
    state: str
    unit: str
    made_on: date | None
    issue_no: str
    approved_by: str
    approved_on: date | None
    posted_at: str
    text: str
    made_at: datetime
    mark: str


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One line of F-RULES."""

    number: int
    title: str
    version: str
    unit: str
    made_on: date | None
    issue_no: str
    approved_by: str
    state: str
    posted_at: str
    file: str


@dataclass(frozen=True, slots=True)
class BylawRegister:
    """F-RULES, and what of it is in force with its text, in order."""

    org: str
    made_at: datetime
    mark: str
    rows: tuple[RegisterRow, ...]
    papers: tuple[BylawPaper, ...]


@dataclass(frozen=True, slots=True)
class StandardRow:
    """One book of a standard, or the standard alone (F-STD-REG)."""

    occupation: str
    name: str
    edition: int
    levels: str
    issue_no: str
    kept_at: str
    book: str
    publisher: str
    year: str


@dataclass(frozen=True, slots=True)
class StandardRegister:
    """F-STD-REG, and the same standards as the workbook for import holds them."""

    org: str
    made_at: datetime
    rows: tuple[StandardRow, ...]


def bylaw_paper(work: Work, bylaw_id: int, version: int = 0) -> BylawPaper:
    """Return a version as it is printed; version 0: the one in force, or the draft where there is none. raises NotYours, Refused"""
    work.require(Permission.BYLAWS_READ)
    page = bylaw_page(work, bylaw_id)
    row = page.row
    wanted = next((v for v in page.versions if v.version == version), None) if version else row.current or row.draft or next(iter(page.versions), None)
    if wanted is None:
        raise Refused(f'《{page.bylaw.title}》没有这一版，请刷新页面。')
    return _paper(work, page.bylaw, wanted)


def papers_named(work: Work, versions: Mapping[int, int], mark: str) -> tuple[BylawPaper, ...]:
    """Return the texts that an application names, {number: version}, in their order; who reads the application reads them. mark: across every page"""
    work.require(Permission.FILING_READ)
    found = work.session.exec(
        select(Bylaw, BylawVersion).join(BylawVersion, col(BylawVersion.bylaw_id) == Bylaw.id).where(Bylaw.org_id == work.org.id, col(Bylaw.number).in_(list(versions)))
        .order_by(col(Bylaw.number)))
    return tuple(replace(_paper(work, b, v), mark=mark) for b, v in found if v.version == versions[b.number] and v.text)


def register_record(work: Work) -> BylawRegister:
    """Return the register of rule documents and those in force with their texts, in order."""
    work.require(Permission.BYLAWS_READ)
    found = bylaws(work)
    papers = tuple(_paper(work, row.bylaw, row.current) for row in found if row.bylaw and row.current and row.current.text)
    return BylawRegister(work.org.name, work.now, _mark(), tuple(_register_row(row) for row in found), papers)


def standard_record(work: Work) -> StandardRegister:
    """Return F-STD-REG: a line a book, the standard's own data in each."""
    work.require(Permission.BYLAWS_READ)
    rows = []
    for s in all_standards(work):
        name = f'{s.occupation}{"/" + s.work_type if s.work_type else ""}'
        said = (name, s.name if s.kind == 'national' else f'{s.name}（{KINDS[s.kind]}）', s.edition, level_digits(s.levels), s.issue_no, s.kept_at)
        rows += [StandardRow(*said, b.get('title', ''), b.get('publisher', ''), str(b.get('year') or '')) for b in s.books] or [StandardRow(*said, '', '', '')]
    return StandardRegister(work.org.name, work.now, tuple(rows))


def word_file(work: Work, bylaw_id: int, version: int) -> tuple[str, bytes]:
    """Return name and bytes of the Word file that a version came back as; raises NotYours, Refused."""
    work.require(Permission.BYLAWS_READ)
    found = next((v for v in bylaw_page(work, bylaw_id).versions if v.version == version), None)
    if found is None or found.file_id is None:
        raise Refused('这一版没有上传的Word文件。')
    row, data = read_file(work, found.file_id)
    return row.name, data


def file_stem(number: int, title: str) -> str:
    """Return what the file of a document is called: 01_职业技能等级评价工作规则."""
    return f'{number:02d}_{title.translate(_NOT_IN_NAMES).strip(" .")}'


def _paper(work: Work, bylaw: Bylaw, v: BylawVersion) -> BylawPaper:
    draft = '' if v.state == 'in_force' else state_word('bylaw_version', v.state)
    title, unit = named(bylaw, v)
    return BylawPaper(
        work.org.name, bylaw.number, title, v.version, state_word('bylaw_version', v.state), unit, v.made_on, v.issue_no, v.approved_by,
        china_time(v.approved_at).date() if v.approved_at else None, bylaw.posted_at, v.text, work.now, '　'.join(filter(None, (_mark(), draft))))


def _register_row(row: BylawRow) -> RegisterRow:
    v, unit, posted = row.current, row.bylaw.unit if row.bylaw else '', row.bylaw.posted_at if row.bylaw else ''
    state = STATES[row.state] if row.state in ('in_force', 'revising', 'ended') else ''  # a register tells what was ever put into force
    if v is None:
        return RegisterRow(row.number, row.title, '', unit, None, '', '', state, posted, '')
    title, unit = named(row.bylaw, v) if row.bylaw else (row.title, unit)
    return RegisterRow(row.number, title, f'第{v.version}版', unit, v.made_on, v.issue_no, v.approved_by, state, posted, f'{file_stem(row.number, title)}.docx')


def _mark() -> str:
    return '演示样本' if house().demo else ''



_NOT_IN_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|\r\n\t', '_'))
