"""Requests to examine at a place outside the filed premises, and what the centres say of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Text
from sqlmodel import Field

from db.base import Instant, Owned


class OutsideSite(Owned, table=True):
    """A request to examine one batch at one place outside the filed premises (F-OFFSITE)."""

    __table_args__ = (CheckConstraint('area_dm2 >= 0', name='area'),)

    batch_id: int = Field(foreign_key='batch.id', index=True)
    name: str = Field(max_length=60)
    address: str = Field(default='', max_length=200)
    city: str = Field(default='', max_length=30)  # 所在市州 as printed; `region` decides whether it is another city
    region: str = Field(default='', max_length=6)
    reason: str = Field(default='', max_length=1000)
    area_dm2: int = 0  # hundredths of a square metre
    video: str = Field(default='', max_length=500)
    equipment: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)  # [{name, model, count, state}]
    staff: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)  # [{person: id as text, duty}]
    state: str = Field(default='drafted', max_length=20, index=True)
    record: str = Field(default='', sa_type=Text)  # what was handed in, frozen: canonical JSON of outside_sites.records.SiteRecord
    handed_in_at: datetime | None = Field(default=None, sa_type=Instant)
    made_by_id: int = Field()
    ended_on: date | None = None  # refused or withdrawn


class SiteOpinion(Owned, table=True):
    """What a centre says of a request: its own words, or copied from its letter as 外部决定 and confirmed by a second person."""

    outside_site_id: int = Field(foreign_key='outside_site.id', index=True)
    seat: str = Field(max_length=10)  # local: of the organisation, place: of the place, when that is another city
    state: str = Field(default='proposed', max_length=10)  # proposed, in_force; the centre's own are made in force
    agrees: bool
    text: str = Field(default='', max_length=1000)
    issuer: str = Field(max_length=100)
    number: str = Field(default='', max_length=60)  # of the letter
    decided_on: date
    scan_id: int | None = Field(default=None, foreign_key='stored_file.id')
    recorded_by_id: int = Field()
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=Instant)
    confirmed_by_id: int | None = Field(default=None)
    confirmed_by: str = Field(default='', max_length=80)
