"""Kept files: content-addressed, sealed, on disk before the row that names them."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from sqlmodel import col, select

from app.checks import check_text
from app.errors import NotYours, Refused
from app.house import house
from app.logbook import cover
from app.pictures import SCAN_PX, written_anew
from app.sealed import sync_folder
from app.unkept import unkept
from app.work import Work
from db.base import Owned
from db.files import Attachment, StoredFile

MOST_ATTACHED = 50 << 20  # bytes of one attachment

_SEALED = b'\x01'
_JPEG = 'image/jpeg'
_SCANS = {b'%PDF-': 'application/pdf', b'\xff\xd8\xff': _JPEG, b'\x89PNG\r\n\x1a\n': _JPEG}  # what a scan is kept as, by how it begins


def keep_file(work: Work, data: bytes, *, name: str, content_type: str, sealed: bool = True) -> StoredFile:
    """Put bytes into the data folder and keep their row, an ID number in the name covered; the same content lies on disk once.

    For what is small and made within the transaction; all else goes to the disk before it begins: `store_file`, `keep_stored`
    """
    row = work.make(StoredFile, kept_sha256='', size=len(data), content_type=content_type, name=cover(name)[:200], sealed=sealed,
                    made_at=work.now, by_id=work.actor.person_id)
    row.kept_sha256 = store(data, work.org.id, sealed=sealed)
    work.session.add(row)
    work.session.flush()
    return row


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


# ------------------------------------------------------------------ attachments of a record of any register


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan or other file whose bytes lie in the data folder already, for one organisation; `attach` makes a scan part of a record."""

    name: str
    org_id: int
    content_type: str
    size: int
    sha256: str  # of the bytes as they are kept


def store_file(data: bytes, org_id: int, *, name: str, content_type: str) -> Scan:
    """Write the bytes of a file, outside any transaction: they may be many. raises Refused when the disk is full"""
    return Scan(cover(name)[:200], org_id, content_type, len(data), store(data, org_id, sealed=True))


def store_picture(data: bytes, org_id: int, *, name: str, max_bytes: int, side_px: int) -> Scan:
    """Write a picture anew as JPEG, outside any transaction: where and with which device it was taken is not kept.

    side_px: most along its longer side · raises Refused for no JPEG or PNG, for more than max_bytes and for a damaged one
    """
    clean = written_anew(data, cover(name), max_bytes=max_bytes, side_px=side_px)
    return store_file(clean, org_id, name=f'{PurePath(name).stem}.jpg', content_type=_JPEG)


def store_scan(data: bytes, org_id: int, *, name: str) -> Scan:
    """Check a scan, its kind told by its content, and write its bytes, a picture's anew, outside any transaction: it may be large.

    raises Refused for another kind, a damaged picture and more than 50 MB
    """
    if len(data) > MOST_ATTACHED:
        raise Refused(f'“{cover(name)}”超过{MOST_ATTACHED >> 20}MB，没有接收。请降低扫描分辨率，或拆成几个文件后再上传。')
    if _scan_type(data, name) == _JPEG:
        return store_picture(data, org_id, name=name, max_bytes=MOST_ATTACHED, side_px=SCAN_PX)
    return store_file(data, org_id, name=name, content_type='application/pdf')


def keep_stored(work: Work, scan: Scan) -> StoredFile:
    """Keep the row of a file whose bytes lie in the data folder already; raises NotYours for one that was stored for another organisation."""
    if scan.org_id != work.org.id:
        raise NotYours
    stored = work.make(StoredFile, kept_sha256=scan.sha256, size=scan.size, content_type=scan.content_type, name=scan.name, sealed=True,
                       made_at=work.now, by_id=work.actor.person_id)
    work.session.add(stored)
    work.session.flush()
    return stored


def attach(work: Work, row: Owned, scan: Scan, *, kind: str, kinds: Mapping[str, str], title: str = '') -> Attachment:
    """Make a stored scan an attachment of a record; the operation that calls this has asked for the permission of the record.

    kinds: {kind: word} that the record takes · title: what it is, else the word of its kind
    raises Refused for a kind that the record does not take and for the same file twice
    """
    if kind not in kinds:
        raise Refused(f'这里不收这种附件，请选择附件种类：{"、".join(kinds.values())}。')
    if scan.org_id != row.org_id:
        raise NotYours
    for held in attachments(work, row.id):
        if held.kind == kind and work.get(StoredFile, held.file_id).kept_sha256 == scan.sha256:
            raise Refused(f'同一文件已作为“{kinds[kind]}”上传过，无须重复上传。')
    attachment = work.make(
        Attachment, row_id=row.id, kind=kind, title=check_text('附件说明', title, 100, required=False) or kinds[kind], file_id=keep_stored(work, scan).id,
        added_at=work.now, added_by=work.actor.printed)
    work.keep('files.attach', attachment)
    work.note('files.attach', row, attachment=attachment.id)  # the record's own history tells of it too
    return attachment


def attachments(work: Work, row_id: int) -> list[Attachment]:
    """Return the attachments of a record that the caller has read, oldest first, ended ones left out."""
    return list(work.session.exec(select(Attachment).where(Attachment.row_id == row_id, col(Attachment.ended_on).is_(None)).order_by(col(Attachment.id))))


def attachment_counts(work: Work, row_ids: Sequence[int], kinds: Mapping[str, str]) -> dict[int, int]:
    """Return {record: how many attachments of these kinds it has}; records without one are left out."""
    found: dict[int, int] = {}
    for row_id in work.session.exec(select(Attachment.row_id).where(
            col(Attachment.row_id).in_(row_ids), col(Attachment.kind).in_(list(kinds)), col(Attachment.ended_on).is_(None))):
        found[row_id] = found.get(row_id, 0) + 1
    return found


def end_attachment(work: Work, row: Owned, attachment_id: int) -> Attachment:
    """End an attachment of a record on the day of the work; its file stays. raises NotYours, Refused"""
    attachment = _of(work, row, attachment_id)
    if attachment.ended_on:
        raise Refused(f'附件“{attachment.title}”已于{attachment.ended_on}作废，请刷新页面。')
    attachment.ended_on = work.today
    work.keep('files.end_attachment', attachment)
    work.note('files.end_attachment', row, attachment=attachment.id)
    return attachment


def attached_row(work: Work, row: Owned, attachment_id: int) -> StoredFile:
    """Return the row of an attachment's file, of a record that the caller has read; its bytes may be read after the transaction. raises NotYours"""
    return work.get(StoredFile, _of(work, row, attachment_id).file_id)


def attached_file(work: Work, row: Owned, attachment_id: int) -> tuple[StoredFile, bytes]:
    """Return the file of an attachment of a record that the caller has read; raises NotYours."""
    stored = attached_row(work, row, attachment_id)
    return stored, file_bytes(stored)


def _of(work: Work, row: Owned, attachment_id: int) -> Attachment:
    attachment = work.get(Attachment, attachment_id)
    if attachment.row_id != row.id:
        raise NotYours
    return attachment


# ------------------------------------------------------------------ on disk


def _scan_type(data: bytes, name: str) -> str:
    kind = next((kind for start, kind in _SCANS.items() if data.startswith(start)), '')
    if not kind:
        raise Refused(f'“{cover(name)}”不是PDF、JPG或PNG文件，请重新扫描后上传。')
    return kind


def _write(path: Path, kept: bytes) -> None:
    loose = path.with_name(f'.{path.name[:16]}-{secrets.token_hex(6)}')  # in the folder it is renamed in: its sync makes both names last
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
