"""Kept files: content-addressed, sealed, on disk before the row that names them."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from app.errors import NotYours, Refused
from app.house import house
from app.logbook import cover
from app.sealed import sync_folder
from app.unkept import unkept
from app.work import Work
from db.files import StoredFile

_SEALED = b'\x01'
_SCANS = {b'%PDF-': 'application/pdf', b'\xff\xd8\xff': 'image/jpeg', b'\x89PNG\r\n\x1a\n': 'image/png'}


def keep_file(work: Work, data: bytes, *, name: str, content_type: str, sealed: bool = True) -> StoredFile:
    """Put bytes into the data folder and keep their row, an ID number in the name covered; the same content lies on disk once."""
    row = work.make(StoredFile, kept_sha256='', size=len(data), content_type=content_type, name=cover(name)[:200], sealed=sealed,
                    made_at=work.now, by_id=work.actor.person_id)
    row.kept_sha256 = store(data, work.org.id, sealed=sealed)
    work.session.add(row)
    work.session.flush()
    return row


def keep_scan(work: Work, data: bytes, *, name: str) -> StoredFile:
    """Keep a scan as it came; its kind is told by its content, never by its name. raises Refused"""
    kind = next((kind for start, kind in _SCANS.items() if data.startswith(start)), '')
    if not kind:
        raise Refused(f'“{name}”不是PDF、JPG或PNG文件，请重新扫描后上传。')
    return keep_file(work, data, name=name, content_type=kind)


def store(data: bytes, org_id: int, *, sealed: bool) -> str:
    """Write bytes under their hash (temporary name, fsync, rename, fsync of the folders); returns the hash as hex.

    Done outside a transaction where there are many: the row comes after. raises Refused when the disk is full
    """
    kept = _SEALED + _encrypt(data, org_id) if sealed else data
    digest = hashlib.sha256(kept).hexdigest()
    path = _path(digest)
    if not path.exists():
        _write(path, kept)
    for folder in path.parents[:3]:  # also of a file that was there: who named it may have died before this, and mkdir is a name too
        sync_folder(folder)
    return digest


def read_file(work: Work, file_id: int) -> tuple[StoredFile, bytes]:
    """Return the row and the plain bytes of a kept file; raises NotYours."""
    row = work.get(StoredFile, file_id)
    return row, file_bytes(row)


def own_file(work: Work, file_id: int) -> tuple[StoredFile, bytes]:
    """Return a file that the person made himself (results of his jobs, his uploads); raises NotYours for everybody else's.

    Others read a file through the business it belongs to, with that business's permission.
    """
    row = work.get(StoredFile, file_id)
    if row.by_id != work.actor.person_id:
        raise NotYours
    return row, file_bytes(row)


def file_bytes(row: StoredFile) -> bytes:
    """Return the plain bytes of a row already read in scope; raises NotYours when the bytes are missing or altered."""
    try:
        kept = _path(row.kept_sha256).read_bytes()
    except FileNotFoundError:
        raise NotYours(f'文件“{row.name}”在数据目录中缺失，请联系管理员从备份中恢复。') from None
    if hashlib.sha256(kept).hexdigest() != row.kept_sha256:
        raise NotYours(f'文件“{row.name}”的内容与登记的校验值不符，请联系管理员从备份中恢复。')
    return _decrypt(kept[1:], row.org_id) if row.sealed else kept


def _write(path: Path, kept: bytes) -> None:
    loose = path.parents[1] / f'.{path.name[:16]}-{secrets.token_hex(6)}'  # where the next start looks for what a killed process left
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with loose.open('xb') as out:
            out.write(kept)
            out.flush()
            os.fsync(out.fileno())
        loose.replace(path)
    except OSError as fault:
        loose.unlink(missing_ok=True)
        if refused := unkept(fault):
            raise refused from fault
        raise


def _encrypt(data: bytes, org_id: int) -> bytes:
    nonce = hmac.digest(house().keys.derived(f'file nonce/{org_id}'), data, 'sha256')[:12]  # same content, same bytes: stored once
    return nonce + house().keys.cipher(org_id).encrypt(nonce, data, b'file')


def _decrypt(kept: bytes, org_id: int) -> bytes:
    return house().keys.cipher(org_id).decrypt(kept[:12], kept[12:], b'file')


def _path(digest: str) -> Path:
    return house().home / 'files' / digest[:2] / digest
