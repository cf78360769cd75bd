"""People, accounts, posts, sign-ins and what each person set for himself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from db.base import SORT_KEY, Instant, Owned, Record


class Person(Owned, table=True):
    """A person of an organisation's staff; one per ID number and organisation."""

    __table_args__ = (UniqueConstraint('org_id', 'id_no_index'),)

    name: str = Field(max_length=50)
    sort_key: str = Field(default='', max_length=200, sa_type=SORT_KEY)  # pinyin with tones
    initials: str = Field(default='', max_length=50)  # pinyin initials for search
    sex: str = Field(default='', max_length=1)
    id_no_sealed: bytes = b''
    id_no_index: bytes | None = Field(default=None, index=True)  # blind index
    id_no_masked: str = Field(default='', max_length=30)
    phone: str = Field(default='', max_length=30)
    title: str = Field(default='', max_length=30)  # job title as printed, e.g. 考务管理组组长
    ended_on: date | None = None


class Account(Owned, table=True):
    """How a person signs in: name, password, second factor."""

    person_id: int = Field(foreign_key='person.id', unique=True)
    login: str = Field(max_length=40, unique=True)
    password_hash: str = Field(max_length=200)
    must_change: bool = True  # a password that somebody else set
    totp_sealed: bytes = b''  # empty: no second factor yet
    totp_step: int = 0  # last step used; a code is taken once
    ended_on: date | None = None


class RecoveryCode(Owned, table=True):
    """A code for one sign-in without the phone; only its keyed hash is kept, a new set takes the place of the old one."""

    account_id: int = Field(foreign_key='account.id', index=True)
    code_hash: bytes = Field(unique=True)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class Post(Owned, table=True):
    """A role of a person in an organisation, from a day to a day, for all batches or one."""

    person_id: int = Field(foreign_key='person.id', index=True)
    role: str = Field(max_length=30)  # access.Role
    batch_id: int | None = Field(default=None, foreign_key='batch.id')
    from_on: date
    to_on: date | None = None


class SignIn(Record, table=True):
    """One sign-in of a person in a post; the cookie holds the token, the row its hash."""

    token_hash: bytes = Field(unique=True)
    account_id: int = Field(index=True)
    person_id: int = Field(index=True)
    post_id: int = Field(index=True)
    stage: str = Field(default='full', max_length=10)  # full; enrol, password: only that one step may be taken
    device: str = Field(default='', max_length=120)
    began_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class SignInFailure(Record, table=True):
    """Wrong attempts under one login name, known or not: both wait alike."""

    login_hash: str = Field(max_length=64, unique=True)
    count: int = 0
    failed_at: datetime = Field(sa_type=Instant)
    wait_until: datetime | None = Field(default=None, sa_type=Instant)


class Preference(Owned, table=True):
    """What a person chose for one list or page, e.g. visible columns."""

    __table_args__ = (UniqueConstraint('person_id', 'name'),)

    person_id: int = Field(foreign_key='person.id')
    name: str = Field(max_length=60)
    value: dict[str, Any] = Field(sa_type=JSON)


class SharedView(Owned, table=True):
    """A saved view of a list that everybody of the organisation may choose: filters, order of rows, columns."""

    __table_args__ = (UniqueConstraint('org_id', 'list_name', 'title'),)

    list_name: str = Field(max_length=60)
    title: str = Field(max_length=30)
    value: dict[str, Any] = Field(sa_type=JSON)
    shared_by_id: int = Field()
    shared_by: str = Field(max_length=80)  # name and post as printed


class Installation(Record, table=True):
    """One row: what this installation is and by which keys it was sealed."""

    purpose: str = Field(max_length=20)  # organization, centre, both
    demo: bool = False
    key_check: str = Field(max_length=64)  # HMAC of a constant: another master key is refused at start
    made_at: datetime = Field(sa_type=Instant)
