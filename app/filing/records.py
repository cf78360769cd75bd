"""What is handed in, whole: the one frozen record that is checked, scored, snapshotted, printed and compared.

Read from the registers and the application by `queries.record_of`; a snapshot keeps its canonical JSON in a sealed file, so it may hold full
ID numbers. Papers take nothing else.
"""

from __future__ import annotations

import hashlib
from datetime import date

from app.figures import Frozen


class OrgLine(Frozen):
    """The applicant."""

    name: str
    short_name: str
    kind: str  # employer, social_training_org, technical_school
    credit_code: str
    region: str
    address: str
    phone: str


class RangeLine(Frozen):
    """One occupation asked for."""

    id: int
    seq: int
    occupation_code: str
    occupation: str
    work_type: str
    levels: tuple[int, ...]
    standard: str
    modes: dict[str, str]  # {theory, practical, review: how it is evaluated}

    @property
    def name(self) -> str:
        """车工/数控车床, or the occupation alone."""
        return f'{self.occupation}/{self.work_type}' if self.work_type else self.occupation


class StaffLine(Frozen):
    """工作人员情况."""

    name: str
    sex: str
    id_no: str
    post: str  # 职务
    title: str  # 职称/技能等级
    title_rank: str
    skill_level: int | None
    education: str
    duty: str
    unit: str
    full_time: bool
    own_staff: bool
    works_in_evaluation: bool


class ExaminerLine(Frozen):
    """考评人员队伍."""

    name: str
    sex: str
    id_no: str
    post: str
    title: str
    title_rank: str
    skill_level: int | None
    education: str
    occupation_code: str
    occupation: str
    work_type: str
    grade: str  # examiner, senior
    own_staff: bool
    card_no: str
    card_to: date | None
    proofs: int  # skill certificates attached
    letter_no: str | None = None  # letter of engagement; None: the register was not asked, '' none
    engaged_to: date | None = None


class ExpertLine(Frozen):
    """专家队伍."""

    name: str
    sex: str
    id_no: str
    born_on: date | None
    post: str
    title: str
    title_rank: str
    skill_level: int | None
    education: str
    occupation_code: str
    occupation: str
    work_type: str
    own_staff: bool
    years: int
    letter_no: str
    engaged_to: date | None
    proofs: int


class SupervisorLine(Frozen):
    """内部质量监督人员队伍."""

    name: str
    sex: str
    id_no: str
    post: str
    title: str
    education: str
    direction: str
    card_no: str
    card_to: date | None = None


class SeatLine(Frozen):
    """A seat in the leading group, its office or a working group."""

    group: str
    position: str
    name: str
    post: str
    department: str


class SiteLine(Frozen):
    """Premises."""

    name: str
    address: str
    area_dm2: int
    tenure: str
    lease_from: date | None
    lease_to: date | None
    title_no: str
    proofs: int
    region: str = ''  # six digits; '' where not registered


class RoomLine(Frozen):
    """A room, its tenure resolved."""

    name: str
    kind: str
    site: str
    floor: str
    area_dm2: int
    seats: int
    tenure: str
    lease_from: date | None
    lease_to: date | None
    camera_count: int
    resolution: str
    fire_ok: bool | None
    serves: tuple[dict[str, str], ...]


class EquipmentLine(Frozen):
    """A line of the ledger."""

    number: str
    name: str
    model: str
    count: int
    unit: str
    tenure: str
    room: str
    occupation_code: str
    work_type: str
    state: str
    price_fen: int | None


class SystemLine(Frozen):
    """An information system."""

    kind: str
    name: str
    developer: str
    version: str
    platform: str
    docking: str
    description: str


class BylawLine(Frozen):
    """A rule document."""

    number: int
    title: str
    unit: str
    made_on: date | None
    version: int  # 0: not written yet
    in_force: bool
    posted_at: str
    note: str


class StandardLine(Frozen):
    """A standard or norm at hand, with its books."""

    occupation_code: str
    occupation: str
    work_type: str
    kind: str
    name: str
    edition: int
    levels: tuple[int, ...]
    publicized: bool
    books: tuple[dict[str, str | int], ...]


class TrainingLine(Frozen):
    """Trained people of a year."""

    year: int
    kind: str
    trade: str
    occupation_code: str
    people: int
    level: str


class LicenceLine(Frozen):
    """A licence."""

    kind: str
    number: str
    issuer: str
    valid_from: date | None
    valid_to: date | None
    scans: int


class SafetyLine(Frozen):
    """The newest check of an area."""

    checked_on: date
    area: str
    bad: tuple[str, ...]
    hazard: str
    serious: bool
    cured: bool


class OriginalLine(Frozen):
    """The filing that is added to, extended, changed or ended."""

    number: str
    letter_no: str
    valid_from: date
    valid_to: date
    ranges: tuple[RangeLine, ...]


class ApplicationRecord(Frozen):
    """All of it; lists in print order."""

    application_id: int
    way: str
    form_version: int
    profile: str
    receiver: str
    receiver_level: str
    day: date  # day it was read: of handing in, in a snapshot
    org: OrgLine
    answers: dict[str, dict[str, object]]  # {step: {field: value}} as app/filing/forms.py defines them
    ranges: tuple[RangeLine, ...]
    original: OriginalLine | None
    licences: tuple[LicenceLine, ...]
    staff: tuple[StaffLine, ...]
    examiners: tuple[ExaminerLine, ...]
    experts: tuple[ExpertLine, ...]
    supervisors: tuple[SupervisorLine, ...]
    seats: tuple[SeatLine, ...]
    sites: tuple[SiteLine, ...]
    rooms: tuple[RoomLine, ...]
    equipment: tuple[EquipmentLine, ...]
    systems: tuple[SystemLine, ...]
    safety: tuple[SafetyLine, ...]
    bylaws: tuple[BylawLine, ...]
    standards: tuple[StandardLine, ...]
    training: tuple[TrainingLine, ...]

    def canonical(self) -> bytes:
        """Return the bytes that are kept and hashed."""
        return self.model_dump_json().encode()

    @property
    def sha256(self) -> str:
        """Hash of what is handed in."""
        return hashlib.sha256(self.canonical()).hexdigest()
