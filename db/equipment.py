"""The ledger of equipment (F-EQUIP-LEDGER)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from db.base import Owned


class Equipment(Owned, table=True):
    """One line of the ledger: a machine, or several alike under one number."""

    __table_args__ = (UniqueConstraint('org_id', 'number'), CheckConstraint('count > 0', name='count'))

    number: str = Field(max_length=30)
    name: str = Field(max_length=60)
    model: str = Field(default='', max_length=60)
    count: int
    unit: str = Field(default='台', max_length=10)
    bought_on: date | None = None  # first of the month
    price_fen: int | None = None  # of one
    tenure: str = Field(default='owned', max_length=10)  # owned, leased
    room_id: int | None = Field(default=None, foreign_key='room.id')
    occupation_code: str = Field(default='', max_length=10, index=True)
    work_type: str = Field(default='', max_length=60)
    serves: str = Field(default='', max_length=200)  # work contents of the standard
    specs: str = Field(default='', max_length=500)
    state: str = Field(default='sound', max_length=10)  # sound, repair, stopped, scrapped
    calibrated_to: date | None = None  # last day of a measuring tool's certificate; None: not a measuring tool
    keeper: str = Field(default='', max_length=50)
    note: str = Field(default='', max_length=300)
    ended_on: date | None = None
