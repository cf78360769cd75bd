"""Who acts: the post behind a sign-in, read anew each time, and what it may see."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Date, Row, Select, bindparam, or_, select, update
from sqlmodel import col

from app.access import CENTRE_ROLES, ROLE_WORDS, Permission, Role, may
from app.house import house
from app.words import CHINA
from db.organizations import Org
from db.users import Account, Person, Post, SignIn

IDLE = timedelta(minutes=30)  # security.md: staff sign-ins
LONGEST = timedelta(hours=12)
Who = tuple[Select[Any], dict[str, Any]]  # a statement for one post and its values
_TOUCH = timedelta(minutes=1)  # how exactly the last use of a sign-in is kept


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which post. Proves nothing by itself: `look` and `begin` read the sign-in anew."""

    person_id: int
    name: str
    title: str
    role: str
    post_id: int
    org_id: int
    org_name: str
    region: str
    account_id: int = 0
    sign_in_id: int = 0
    token: bytes = b''  # hash of the cookie's token

    @property
    def is_centre(self) -> bool:
        return self.role in CENTRE_ROLES

    @property
    def printed(self) -> str:
        """Name and post as they stand on papers and beside entries."""
        return f'{self.name}（{ROLE_WORDS[Role(self.role)]}）' if self.role else self.name

    def may(self, permission: Permission) -> bool:
        return bool(self.role) and may(self.role, permission)


def actor_of(token: bytes) -> Actor | None:
    """Return who is signed in by a token's hash, or None; keeps the time of last use to a minute."""
    engines = house().engines
    with engines.read.connect() as connection:
        found = find(connection, by_token(token))
    if found is None:
        return None
    real = datetime.now(UTC)
    if real - found.seen_at > _TOUCH:
        with engines.write.begin() as connection:
            connection.execute(update(SignIn).where(col(SignIn.id) == found.sign_in_id).values(seen_at=real))
    return actor_from(found)


def token_hash(token: str) -> bytes:
    """Return what the database keeps of a cookie's token."""
    return hashlib.sha256(token.encode()).digest()


def regions_of(actor: Actor) -> tuple[str, ...]:
    """Return the region prefixes a centre's post reads: 990100 → 9901; nothing for an organisation."""
    if not actor.is_centre and actor.role != Role.PLATFORM_ADMIN:
        return ()
    prefix = actor.region
    while len(prefix) > 2 and prefix.endswith('00'):
        prefix = prefix[:-2]
    return (prefix,)


_COLUMNS: tuple[Any, ...] = (
    col(Person.id).label('person_id'), col(Person.name), col(Person.title), col(Post.id).label('post_id'), col(Post.role), col(Org.id).label('org_id'),
    col(Org.name).label('org_name'), col(Org.region))


def by_token(token: bytes) -> Who:
    real = datetime.now(UTC)
    return _signed_in(), {'token': token, 'real': real, 'idle': real - IDLE, 'today': house().now().astimezone(CHINA).date()}


def by_person(person_id: int, role: str, at: datetime) -> Who:
    found = _posts(select(*_COLUMNS).select_from(Post).where(col(Post.person_id) == person_id)).order_by(col(Post.id))
    return (found.where(col(Post.role) == role) if role else found).limit(1), {'today': at.astimezone(CHINA).date()}


@cache
def _signed_in() -> Select[Any]:
    """Return the statement that each page and each event begins with; to build it takes as long as to run it."""
    living = (col(SignIn.token_hash) == bindparam('token'), col(SignIn.stage) == 'full', col(SignIn.ended_at).is_(None), col(SignIn.ends_at) > bindparam('real'),
              col(SignIn.seen_at) > bindparam('idle'), col(Account.ended_on).is_(None))
    return _posts(
        select(*_COLUMNS, col(SignIn.id).label('sign_in_id'), col(SignIn.account_id), col(SignIn.token_hash).label('token'), col(SignIn.seen_at))
        .select_from(SignIn).join(Post, col(Post.id) == SignIn.post_id).join(Account, col(Account.id) == SignIn.account_id).where(*living))


def _posts(found: Select[Any]) -> Select[Any]:
    today = bindparam('today', type_=Date())
    return found.join(Person, col(Person.id) == Post.person_id).join(Org, col(Org.id) == Post.org_id).where(
        col(Post.from_on) <= today, or_(col(Post.to_on).is_(None), col(Post.to_on) >= today), col(Person.ended_on).is_(None), col(Org.ended_on).is_(None))


def find(connection: Connection, who: Who) -> Row[Any] | None:
    return connection.execute(*who).one_or_none()


def actor_from(found: Row[Any]) -> Actor:
    values = found._mapping
    return Actor(
        found.person_id, found.name, found.title, found.role, found.post_id, found.org_id, found.org_name, found.region,
        values.get('account_id', 0), values.get('sign_in_id', 0), values.get('token', b''))


def scope_of(connection: Connection, actor: Actor) -> frozenset[int]:
    if not (prefixes := regions_of(actor)):
        return frozenset({actor.org_id})
    below = connection.execute(select(col(Org.id)).where(or_(*(col(Org.region).startswith(p) for p in prefixes)))).scalars()
    return frozenset(below) | {actor.org_id}
