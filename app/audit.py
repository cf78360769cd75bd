"""The trail: entries chained by HMAC, checked entry by entry, sealed by signed heads."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select, update
from sqlmodel import col

from app.sealed import Keys
from db.audit import Trail, TrailHead, TrailSeal

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

GENESIS = b'\0' * 32


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the chain does not hold: entry number and what was found (changed, missing, cut, seal)."""

    n: int
    what: str


def write_entries(connection: Connection, keys: Keys, entries: Sequence[dict[str, Any]]) -> tuple[int, bytes]:
    """Chain entries to the trail under the lock of the head row; returns the new head. Last act before the commit."""
    n, mac = connection.execute(select(col(TrailHead.n), col(TrailHead.mac)).where(col(TrailHead.id) == 1).with_for_update()).one()
    rows = []
    for entry in entries:
        body = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(',', ':'))
        n += 1
        mac = _mac(keys, mac, n, body)
        rows.append({'n': n, 'org_id': entry['org'], 'row_id': entry['row'], 'body': body, 'mac': mac})
    connection.execute(insert(Trail), rows)
    connection.execute(update(TrailHead).where(col(TrailHead.id) == 1).values(n=n, mac=mac))
    return n, mac


def check_chain(connection: Connection, keys: Keys) -> list[Broken]:
    """Return every place where the trail was changed, cut or its seals do not fit; empty when it is whole (SEC-05)."""
    faults: list[Broken] = []
    heads: dict[int, bytes] = {0: GENESIS}
    seals = connection.execute(select(col(TrailSeal.n), col(TrailSeal.mac), col(TrailSeal.made_at), col(TrailSeal.signature))).all()
    sealed_at = {s.n for s in seals}
    expected, mac = 0, GENESIS
    for n, body, kept in connection.execute(select(col(Trail.n), col(Trail.body), col(Trail.mac)).order_by(col(Trail.n)).execution_options(stream_results=True)):
        expected += 1
        if n != expected:
            faults.append(Broken(expected, 'missing'))
            expected = n
        elif _mac(keys, mac, n, body) != kept:
            faults.append(Broken(n, 'changed'))
        mac = kept
        if n in sealed_at:
            heads[n] = kept
    head_n, head_mac = connection.execute(select(col(TrailHead.n), col(TrailHead.mac)).where(col(TrailHead.id) == 1)).one()
    if (head_n, head_mac) != (expected, mac):
        faults.append(Broken(max(expected, head_n), 'cut'))
    public = _signer(keys).public_key()
    for seal in seals:
        if heads.get(seal.n) != seal.mac or not _verified(public, seal.signature, seal.n, seal.mac, seal.made_at):
            faults.append(Broken(seal.n, 'seal'))
    return faults


def seal_head(connection: Connection, keys: Keys, reason: str, at: datetime) -> str:
    """Sign the head as it stands and keep the seal; returns its short text for papers: 条数-前16位."""
    n, mac = connection.execute(select(col(TrailHead.n), col(TrailHead.mac)).where(col(TrailHead.id) == 1).with_for_update()).one()
    signature = _signer(keys).sign(_message(n, mac, at))
    connection.execute(insert(TrailSeal).values(n=n, mac=mac, reason=reason, made_at=at, signature=signature))
    return f'{n}-{mac.hex()[:16]}'


def last_seal(connection: Connection) -> str:
    """Return the text of the newest signed head, '' before the first; it leaves the house on printed lists."""
    found = connection.execute(select(col(TrailSeal.n), col(TrailSeal.mac)).order_by(col(TrailSeal.id).desc()).limit(1)).one_or_none()
    return f'{found.n}-{found.mac.hex()[:16]}' if found else ''


def row_hash(keys: Keys, values: dict[str, Any]) -> str:
    """Return the keyed hash of a row's values; it stands in the trail instead of them, and nobody without the key can guess a score from it."""
    return hmac.digest(keys.trail, json.dumps(values, ensure_ascii=False, sort_keys=True, default=_plain).encode(), 'sha256').hex()


def _plain(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def _mac(keys: Keys, before: bytes, n: int, body: str) -> bytes:
    return hmac.digest(keys.trail, before + n.to_bytes(8, 'big') + body.encode(), 'sha256')


def _signer(keys: Keys) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(keys.derived('trail seal'))


def _message(n: int, mac: bytes, at: datetime) -> bytes:
    return n.to_bytes(8, 'big') + mac + at.astimezone(UTC).isoformat(timespec='seconds').encode()


def _verified(public: Any, signature: bytes, n: int, mac: bytes, at: datetime) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        public.verify(signature, _message(n, mac, at))
    except InvalidSignature:
        return False
    return True
