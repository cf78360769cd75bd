"""Applications to be filed: what is asked, what was handed in, what the centre decided on it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from db.base import Instant, Owned


class TrainingYear(Owned, table=True):
    """Trained people of one year, kind and trade (F-TRAIN-STAT)."""

    __table_args__ = (CheckConstraint('people >= 0', name='people'),)

    year: int
    kind: str = Field(max_length=30)  # 培训种类
    trade: str = Field(max_length=60)  # 培训工种
    occupation_code: str = Field(default='', max_length=10)
    people: int
    level: str = Field(default='', max_length=20)  # 鉴定级别
    ended_on: date | None = None


class Licence(Owned, table=True):
    """A certificate of legal person or school licence (F-LICENCE); scans are attachments."""

    kind: str = Field(max_length=30)  # business, public_institution, social_organization, private_non_enterprise, school
    number: str = Field(max_length=60)
    issuer: str = Field(max_length=100)
    valid_from: date | None = None
    valid_to: date | None = None
    ended_on: date | None = None


class Application(Owned, table=True):
    """One application of an organisation: a way of filing, its drafts, its place in the procedure (ORG-70)."""

    way: str = Field(max_length=30)  # app/filing/ways.py
    state: str = Field(default='draft', max_length=20, index=True)
    number: str = Field(default='', max_length=30)  # 受理号
    filing_id: int | None = Field(default=None, foreign_key='filing.id')  # the filing it adds to, extends, changes or ends; later the one it led to
    form_version: int  # of the form definitions the draft was last saved with
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # {step: {field: value}}; no ID numbers
    touched: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # {step.field: [who, instant]} of the last save: drafts leave no entry a keystroke
    profile: str = Field(max_length=30)
    profile_sha256: str = Field(default='', max_length=64)  # figures in force when it was handed in
    receiver: str = Field(default='', max_length=100)  # printed name of the receiving body
    receiver_level: str = Field(default='', max_length=30)  # province, city, …: ORG-40 … ORG-48
    outside_centre: bool = False  # the centre does not use this system: its acts are recorded as 外部决定
    prepared_by_id: int = Field()
    prepared_by: str = Field(max_length=80)
    handed_in_at: datetime | None = Field(default=None, sa_type=Instant)
    received_on: date | None = None  # day that counts: of handing in, or of the completed correction (ORG-74)
    correction_due_on: date | None = None
    decided_on: date | None = None


class ApplicationRange(Owned, table=True):
    """An occupation, work type and levels asked for (OCC-14), with how they are evaluated."""

    application_id: int = Field(foreign_key='application.id', index=True)
    seq: int
    occupation_code: str = Field(default='', max_length=10)
    occupation: str = Field(default='', max_length=60)
    work_type: str = Field(default='', max_length=60)
    levels: list[int] = Field(default_factory=list, sa_type=JSON)
    standard: str = Field(default='国家职业技能标准', max_length=80)
    modes: dict[str, str] = Field(default_factory=dict, sa_type=JSON)  # {theory, practical, review: mode}


class Snapshot(Owned, table=True):
    """What was handed in, frozen: a sealed file of the whole record, its hash, who and when (design §2.7)."""

    __table_args__ = (UniqueConstraint('application_id', 'n'),)

    application_id: int = Field(foreign_key='application.id', index=True)
    n: int  # 1, 2 after a correction, …
    file_id: int = Field(foreign_key='stored_file.id')
    sha256: str = Field(max_length=64)  # of the canonical JSON
    form_version: int
    summary: str = Field(default='', max_length=500)  # occupations and levels, as lists show them
    reasons: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # {rule and subject of a warning: the applicant's written reason}
    made_at: datetime = Field(sa_type=Instant)
    by_id: int = Field()
    by: str = Field(max_length=80)


class Correction(Owned, table=True):
    """One point of a correction notice, on a single field."""

    application_id: int = Field(foreign_key='application.id', index=True)
    act_id: int = Field(foreign_key='centre_act.id', index=True)
    step: str = Field(max_length=30)
    field: str = Field(default='', max_length=60)  # empty: the whole step
    label: str = Field(max_length=100)  # as the applicant reads it
    sentence: str = Field(max_length=500)  # what is missing or wrong
    answer: str = Field(default='', max_length=500)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)


class CentreAct(Owned, table=True):
    """An act of the centre on an application: its own, or copied from its letter as 外部决定 and confirmed by a second person."""

    application_id: int = Field(foreign_key='application.id', index=True)
    verb: str = Field(max_length=40)  # of states.py
    state: str = Field(default='proposed', max_length=10)  # proposed, in_force, rejected; the centre's own are made in force
    number: str = Field(default='', max_length=60)
    decided_on: date
    text: str = Field(default='', sa_type=Text)  # reasons, opinions
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    outside: bool = False
    issuer: str = Field(default='', max_length=100)
    scan_id: int | None = Field(default=None, foreign_key='stored_file.id')
    recorded_by_id: int = Field()
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=Instant)
    confirmed_by_id: int | None = Field(default=None)
    confirmed_by: str = Field(default='', max_length=80)


class Lifted(Owned, table=True):
    """A block or warning that the centre lifted, with its reason (CONV-14, ORG-30)."""

    __table_args__ = (UniqueConstraint('application_id', 'rule', 'subject'),)

    application_id: int = Field(foreign_key='application.id', index=True)
    rule: str = Field(max_length=20)
    subject: str = Field(default='', max_length=100)
    reason: str = Field(max_length=500)
    by_id: int = Field()
    by: str = Field(max_length=80)
    at: datetime = Field(sa_type=Instant)
