"""What this installation is, asked before anybody is known: for which purpose it was made, whether of the demo, by which keys."""

from __future__ import annotations

from sqlalchemy import select

from app.house import house
from db.users import Installation


def installation() -> Installation | None:
    """Return what this installation is, or None before the first start."""
    with house().engines.read.connect() as connection:
        row = connection.execute(select(*Installation.__table__.columns)).one_or_none()  # type: ignore[attr-defined]
    return Installation(**row._mapping) if row else None


def is_new() -> bool:
    """Return whether the first administrator is still to be made."""
    return installation() is None
