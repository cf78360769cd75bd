"""Kept files: the row; the bytes lie in the data folder under their hash."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field

from db.base import Instant, Owned


class StoredFile(Owned, table=True):
    """One kept file; `kept_sha256` names the bytes as they lie on disk (sealed ones are ciphertext)."""

    kept_sha256: str = Field(max_length=64, index=True)
    size: int  # bytes of the plain content
    content_type: str = Field(max_length=60)
    name: str = Field(max_length=200)  # as the person called it: text to show, never a path
    sealed: bool = True
    made_at: datetime = Field(sa_type=Instant)
    by_id: int = Field()


class Attachment(Owned, table=True):
    """A kept file that belongs to a record of any register: proof, photo, scan; ended, never deleted."""

    row_id: int = Field(index=True)  # the record it belongs to
    kind: str = Field(max_length=40)  # e.g. lease, title_deed, photo, skill_certificate
    title: str = Field(max_length=100)
    file_id: int = Field(foreign_key='stored_file.id')
    added_at: datetime = Field(sa_type=Instant)
    added_by: str = Field(max_length=80)
    ended_on: date | None = None
