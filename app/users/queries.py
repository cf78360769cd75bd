"""What is read of people, accounts and posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select as plain
from sqlmodel import col, select

from app.access import Permission
from app.house import house
from app.words import CHINA
from app.work import Work
from db.organizations import Org
from db.users import Account, Person, Post, Preference, SharedView


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One person with account and posts."""

    person: Person
    account: Account | None
    posts: tuple[Post, ...]


def staff(work: Work) -> list[StaffRow]:
    """Return the people of the organisation worked on by pinyin, with accounts and posts."""
    work.require(Permission.USERS_READ)
    people = work.session.exec(select(Person).where(Person.org_id == work.org.id).order_by(Person.sort_key, col(Person.id))).all()
    accounts = {a.person_id: a for a in work.session.exec(select(Account).where(Account.org_id == work.org.id))}
    posts: dict[int, list[Post]] = {}
    for post in work.session.exec(select(Post).where(Post.org_id == work.org.id).order_by(col(Post.id))):
        posts.setdefault(post.person_id, []).append(post)
    return [StaffRow(p, accounts.get(p.id), tuple(posts.get(p.id, ()))) for p in people]


def posts_of(work: Work) -> list[Post]:
    """Return the actor's own posts that run today, for the switch in the top bar."""
    found = work.session.exec(select(Post).where(Post.person_id == work.actor.person_id).order_by(col(Post.id))).all()
    return [p for p in found if p.from_on <= work.today and (p.to_on is None or p.to_on >= work.today)]


def preference(work: Work, name: str) -> dict[str, object]:
    """Return what the person chose for a list or page; empty when nothing."""
    row = work.session.exec(select(Preference).where(Preference.person_id == work.actor.person_id, Preference.name == name)).first()
    return dict(row.value) if row else {}


def shared_views(work: Work, name: str) -> list[SharedView]:
    """Return the views of a list that the organisation worked on shares, by title."""
    found = work.session.exec(select(SharedView).where(SharedView.org_id == work.org.id, SharedView.list_name == name)).all()
    return sorted(found, key=lambda view: view.title)


@dataclass(frozen=True, slots=True)
class DemoPost:
    """One click of the demo's sign-in page."""

    post_id: int
    name: str
    title: str
    role: str
    org: str


def demo_posts() -> list[DemoPost]:
    """Return everybody who can sign in by a click in the demo today, by organisation."""
    today = house().now().astimezone(CHINA).date()
    with house().engines.read.connect() as connection:
        rows: Sequence[Any] = connection.execute(
            plain(col(Post.id), col(Person.name), col(Person.title), col(Post.role), col(Org.name).label('org'))
            .select_from(Post).join(Person, col(Person.id) == Post.person_id).join(Org, col(Org.id) == Person.org_id)
            .join(Account, col(Account.person_id) == Person.id)
            .where(col(Account.ended_on).is_(None), col(Person.ended_on).is_(None), col(Org.ended_on).is_(None), col(Post.from_on) <= today,
                   col(Post.to_on).is_(None) | (col(Post.to_on) >= today)).order_by(col(Org.id), col(Post.id))).all()
    return [DemoPost(r.id, r.name, r.title, r.role, r.org) for r in rows]
