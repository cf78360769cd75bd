"""What silence makes true, written down once an hour: applications deemed accepted, corrections that lapsed (ORG-74, ORG-75)."""

from __future__ import annotations

import logging

from sqlalchemy import select
from sqlmodel import col

from app.access import Permission, roles_with
from app.errors import Refused, SignedOut
from app.filing.desk import settle
from app.house import house
from app.words import china_time
from app.work import begin_as
from db.filing import Application
from db.users import Post

log = logging.getLogger(__name__)


def settle_due() -> int:
    """Settle every application that waits for an answer or a correction; returns how many changed. Each is a transaction of its own.

    It is done in the post of somebody of the organisation who may read its applications, and recorded as 期限届满.
    """
    with house().engines.read.connect() as connection:
        waiting = connection.execute(select(col(Application.id), col(Application.org_id)).where(col(Application.state).in_(('handed_in', 'correcting')))).all()
    return sum(_settle(application_id, org_id) for application_id, org_id in waiting)


def _settle(application_id: int, org_id: int) -> bool:
    at = house().now()
    today = china_time(at).date()
    with house().engines.read.connect() as connection:
        readers = connection.execute(select(col(Post.person_id), col(Post.role), col(Post.to_on)).where(
            col(Post.org_id) == org_id, col(Post.role).in_(roles_with(Permission.FILING_READ)), col(Post.from_on) <= today).order_by(col(Post.id))).all()
    for person_id, role, to_on in readers:
        if to_on is not None and to_on < today:
            continue
        try:
            with begin_as(person_id, role=role, at=at) as work:
                return settle(work, application_id=application_id) is not None
        except SignedOut:  # left the organisation meanwhile
            continue
        except Refused as refused:  # decided by somebody in this moment
            log.info('application %s was not settled: %s', application_id, refused.sentence)
            return False
    log.warning('nobody of organisation %s may read application %s: its term is not settled', org_id, application_id)
    return False
