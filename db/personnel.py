"""The registers of people: staff, examiners, experts, internal supervisors, seats in the leading and working groups."""

from __future__ import annotations

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from db.base import Owned


class Staff(Owned, table=True):
    """A person on the organisation's register: education, title and work; `Person` holds name, ID number and post title."""

    person_id: int = Field(foreign_key='person.id', unique=True)
    education: str = Field(default='', max_length=20)
    education_subject: str = Field(default='', max_length=60)
    title: str = Field(default='', max_length=60)  # professional title or skill level as printed (职称/技能等级)
    title_rank: str = Field(default='', max_length=10)  # '', junior, mid, senior
    skill_level: int | None = None  # 5 … 1, of `skill_occupation`
    skill_occupation: str = Field(default='', max_length=60)
    full_time: bool = False
    own_staff: bool = True  # 是否本单位人员
    unit: str = Field(default='', max_length=60)
    duty: str = Field(default='', max_length=200)
    works_in_evaluation: bool = False  # stands in the table 工作人员情况
    employed_from: date | None = None  # by this organisation; PERS-06 counts from it
    contract_to: date | None = None
    ended_on: date | None = None


class GroupSeat(Owned, table=True):
    """A seat in the leading group, its office or one of the five working groups (F-LEADGROUP)."""

    __table_args__ = (UniqueConstraint('person_id', 'group'),)

    person_id: int = Field(foreign_key='person.id', index=True)
    group: str = Field(max_length=20)  # leading, office, exam_affairs, supervision, experts, equipment, finance
    position: str = Field(max_length=10)  # head, deputy, member
    department: str = Field(default='', max_length=60)
    ended_on: date | None = None


class Examiner(Owned, table=True):
    """An examiner of one occupation or work type, with his card."""

    __table_args__ = (UniqueConstraint('person_id', 'occupation_code', 'work_type'),)

    person_id: int = Field(foreign_key='person.id', index=True)
    grade: str = Field(max_length=10)  # examiner, senior
    occupation_code: str = Field(max_length=10)
    occupation: str = Field(max_length=60)
    work_type: str = Field(default='', max_length=60)
    practice_from: date | None = None  # in the occupation
    examining_from: date | None = None  # as an examiner of any organisation
    card_no: str = Field(default='', max_length=18)
    card_from: date | None = None
    card_to: date | None = None
    engaged_from: date | None = None
    engaged_to: date | None = None
    letter_no: str = Field(default='', max_length=60)
    ended_on: date | None = None


class Expert(Owned, table=True):
    """An expert of one occupation or work type, with his letter of engagement."""

    __table_args__ = (UniqueConstraint('person_id', 'occupation_code', 'work_type'),)

    person_id: int = Field(foreign_key='person.id', index=True)
    occupation_code: str = Field(max_length=10)
    occupation: str = Field(max_length=60)
    work_type: str = Field(default='', max_length=60)
    group_name: str = Field(default='', max_length=60)
    leads: bool = False
    years: int = 0  # in the occupation
    examining_years: int = 0
    honours: str = Field(default='', max_length=200)
    letter_no: str = Field(default='', max_length=60)
    engaged_from: date | None = None
    engaged_to: date | None = None
    ended_on: date | None = None


class InternalSupervisor(Owned, table=True):
    """An internal quality supervisor with his card."""

    person_id: int = Field(foreign_key='person.id', unique=True)
    direction: str = Field(max_length=60)  # 专业方向
    management_years: int = 0
    examining_years: int = 0
    card_no: str = Field(default='', max_length=18)
    card_from: date | None = None
    card_to: date | None = None
    ended_on: date | None = None
