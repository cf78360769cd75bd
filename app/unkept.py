"""Why the database or the disk could not keep something, as a sentence for the person."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

from app.errors import Refused

log = logging.getLogger(__name__)

_SENTENCES = {
    'changed': '此项刚刚已被他人修改，您的更改没有保存。请刷新页面核对后再办理。',
    'twice': '同样的内容刚刚已由他人保存，您的没有再保存一份。请刷新页面核对后再办理。',
    'busy': '数据库正忙，您的更改没有保存。请稍等片刻，再办理一次。',
    'full': '磁盘已满，您的更改没有保存。请联系管理员清理磁盘空间，然后再办理一次。',
    'broken': '数据库写入失败，您的更改没有保存。请联系管理员检查磁盘和数据库，然后再办理一次。',
}
_SQLITE_TWICE = (1555, 2067)  # extended codes of a primary key and of a unique constraint
_SQLITE = {5: 'busy', 6: 'busy', 8: 'broken', 10: 'broken', 13: 'full', 14: 'broken'}  # BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN
_POSTGRES = {'23505': 'twice', '40001': 'busy', '40P01': 'busy', '55P03': 'busy', '53100': 'full', '25006': 'broken'}
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def unkept(fault: Exception) -> Refused | None:
    """Return what the person is told of a fault that is not ours: two people met, the disk is full, the database is held; else None."""
    kind = _kind(fault)
    if kind in ('full', 'broken'):
        log.error('not kept: %s', getattr(fault, 'orig', fault))  # without the statement's values: they may be personal
    return Refused(_SENTENCES[kind]) if kind else None


@contextmanager
def told(session: Session) -> Iterator[None]:
    """Answer with a sentence where the database could not keep; a connection whose write failed is never used again."""
    try:
        yield
    except (DBAPIError, StaleDataError, OSError) as fault:
        refused = unkept(fault)
        if refused is None:
            raise
        if isinstance(fault, DBAPIError) and _kind(fault) in ('full', 'broken'):
            session.invalidate()
        raise refused from fault


def _kind(fault: BaseException) -> str:
    if isinstance(fault, StaleDataError):
        return 'changed'
    if isinstance(fault, OSError):
        return 'full' if fault.errno in _FULL else ''
    if not isinstance(fault, DBAPIError):
        return ''
    code = getattr(fault.orig, 'sqlite_errorcode', None)
    if code is not None:
        return 'twice' if code in _SQLITE_TWICE else _SQLITE.get(code & 0xFF, '')
    state = getattr(fault.orig, 'sqlstate', None)
    return 'broken' if fault.connection_invalidated else _POSTGRES.get(state or '', '')
