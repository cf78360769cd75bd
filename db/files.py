"""Kept files: the row; the bytes lie in the data folder under their hash."""

from __future__ import annotations

from datetime import datetime

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
