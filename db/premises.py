"""Premises and rooms, information systems and cameras, safety checks."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field

from db.base import Owned


class Site(Owned, table=True):
    """Premises at one address, owned or leased."""

    __table_args__ = (CheckConstraint('area_dm2 >= 0', name='area'),)

    name: str = Field(max_length=60)
    address: str = Field(max_length=200)
    region: str = Field(default='', max_length=6)
    area_dm2: int = 0  # hundredths of a square metre: 999.9 m² is 99990
    tenure: str = Field(max_length=10)  # owned, leased
    lease_from: date | None = None
    lease_to: date | None = None  # last day
    title_no: str = Field(default='', max_length=60)  # title deed or lease contract
    ended_on: date | None = None


class Room(Owned, table=True):
    """A room of a site (F-ROOM-REG)."""

    __table_args__ = (CheckConstraint('area_dm2 >= 0 AND seats >= 0', name='size'),)

    site_id: int = Field(foreign_key='site.id', index=True)
    name: str = Field(max_length=60)
    kind: str = Field(max_length=30, index=True)  # theory_computer, theory_paper, practical, review, exam_affairs_office, … (premises.words.ROOMS)
    floor: str = Field(default='', max_length=60)
    area_dm2: int = 0
    seats: int = 0  # machine seats or practical stations
    spacing_ok: bool | None = None  # seats as far apart as the profile asks
    screens: bool = False
    camera_count: int = 0
    resolution: str = Field(default='', max_length=20)
    platform: str = Field(default='', max_length=60)  # which platform the video is linked to
    fire_ok: bool | None = None
    tenure: str = Field(default='', max_length=10)  # owned, leased; empty: as the site
    lease_from: date | None = None
    lease_to: date | None = None
    serves: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)  # [{occupation_code, work_type}]
    note: str = Field(default='', max_length=300)
    ended_on: date | None = None


class InfoSystem(Owned, table=True):
    """An information system and whether it is linked to the provincial platform (F-IT-REG)."""

    kind: str = Field(max_length=20)  # exam_affairs, item_bank, computer_exam, video
    name: str = Field(max_length=60)
    developer: str = Field(default='', max_length=60)
    version: str = Field(default='', max_length=30)
    platform: str = Field(default='', max_length=60)
    docking: str = Field(default='none', max_length=10)  # none, testing, docked
    docked_on: date | None = None
    online_on: date | None = None
    responsible: str = Field(default='', max_length=50)
    description: str = Field(default='', max_length=1000)
    ended_on: date | None = None


class Camera(Owned, table=True):
    """A camera of a room."""

    room_id: int = Field(foreign_key='room.id', index=True)
    label: str = Field(max_length=40)
    resolution: str = Field(default='', max_length=20)
    remote_view: bool = False
    kept_days: int = 0
    ended_on: date | None = None


class SafetyCheck(Owned, table=True):
    """One fire and safety check of an area (F-SAFETY)."""

    checked_on: date
    area: str = Field(max_length=100)
    room_id: int | None = Field(default=None, foreign_key='room.id')
    items: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # {疏散标识: 'ok', 'bad' or ''}
    hazard: str = Field(default='', max_length=500)
    serious: bool = False
    due_on: date | None = None
    checker: str = Field(max_length=50)
    rechecked_on: date | None = None  # the hazard was found cured
    recheck: str = Field(default='', max_length=300)
    ended_on: date | None = None  # recorded by mistake
