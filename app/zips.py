"""ZIP files from outside (workbooks, photos): looked at before anything is unpacked, counted while it is unpacked (security.md, What comes in)."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import IO

from app.errors import Refused

ENTRIES = 1_000
UNPACKED_BYTES = 100 << 20
RATIO, RATIO_FROM_BYTES = 100, 1 << 20  # small parts of a workbook may well shrink a hundredfold
DIRECTORY_BYTES = 1 << 20  # a longer directory alone would keep the reader busy for seconds
PIECE_BYTES = 1 << 16  # larger pieces are slower: each is fresh memory
BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, struct.error, ValueError)


@contextmanager
def opened_zip(file: IO[bytes], name: str) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP whose directory keeps the limits.

    name: the file's name as shown to the person
    raises Refused for a broken, encrypted or overlarge file; sizes are those of the directory, which may lie: `pieces` counts
    """
    try:
        directory_bytes = _directory_bytes(file)
        packed = zipfile.ZipFile(file) if directory_bytes <= DIRECTORY_BYTES else None
    except BROKEN as error:
        raise Refused(f'“{name}”已损坏，无法打开。请重新生成或重新下载后再上传。') from error
    if packed is None:
        raise Refused(f'“{name}”内的文件超过{ENTRIES:,}个，请拆成几个文件分别上传。')
    with packed:
        _check_directory(packed.infolist(), name)
        yield packed


def pieces(packed: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, *, already: int = 0) -> Iterator[bytes]:
    """Yield an entry in pieces of at most 64 KB, whatever size the directory states; raises Refused when the limits are passed.

    already: bytes unpacked from other entries of the same file
    """
    honest = copy(info)
    honest.file_size = UNPACKED_BYTES + 1  # zipfile would stop at the stated size, another reader would not
    count = 0
    try:
        with packed.open(honest) as entry:
            while piece := entry.read(PIECE_BYTES):
                count += len(piece)
                _check_bytes(already + count, 0, name)
                _check_bytes(count, info.compress_size, name)
                yield piece
    except BROKEN as error:
        raise Refused(f'“{name}”的内容已损坏，无法读取。请用原来的软件打开后另存一份再上传。') from error
    if count != info.file_size:
        raise Refused(f'“{name}”的目录与内容不一致，文件可能被改动过。请用原来的软件打开后另存一份再上传。')


def entry_name(info: zipfile.ZipInfo) -> str:
    """Return the last component of an entry's name as text to compare, UTF-8 or GBK; it is never used as a path."""
    text = info.orig_filename
    if not info.flag_bits & 0x800:  # without the flag Python reads code page 437, whatever the writer meant
        raw = text.encode('cp437', 'replace')
        try:
            text = raw.decode('utf-8')
        except UnicodeDecodeError:
            text = raw.decode('gb18030', 'replace')
    return text.replace('\\', '/').rpartition('/')[2]


def shown_name(name: str) -> str:
    """Return an upload's name as one line to show: last component, no control characters, at most 60 characters."""
    last = name.replace('\\', '/').rpartition('/')[2]
    text = ''.join(sign for sign in last if sign.isprintable()).strip() or '未命名文件'
    return text if len(text) <= 60 else f'{text[:40]}…{text[-16:]}'


def is_plain_file(info: zipfile.ZipInfo) -> bool:
    """Tell whether an entry is a file: no folder, no symbolic link, nothing that systems add by themselves."""
    parts = info.orig_filename.replace('\\', '/').split('/')
    own = parts[-1].startswith('._') or '__MACOSX' in parts or parts[-1].lower() in {'thumbs.db', 'desktop.ini', '.ds_store'}
    return bool(parts[-1]) and not own and stat.S_IFMT(info.external_attr >> 16) in {0, stat.S_IFREG}


def _check_directory(entries: list[zipfile.ZipInfo], name: str) -> None:
    if len(entries) > ENTRIES:
        raise Refused(f'“{name}”内有{len(entries):,}个文件，超过{ENTRIES:,}个，请拆成几个文件分别上传。')
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(f'“{name}”设有密码，无法读取。请去掉密码后再上传。')
    if len({entry.orig_filename for entry in entries}) < len(entries):
        raise Refused(f'“{name}”内有重名的文件，可能被改动过。请重新生成后再上传。')
    if any(entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in entries):
        raise Refused(f'“{name}”用了不常见的压缩方式，无法读取。请用普通ZIP方式重新压缩后再上传。')
    _check_bytes(sum(entry.file_size for entry in entries), 0, name)
    for entry in entries:
        _check_bytes(entry.file_size, entry.compress_size, name)


def _check_bytes(unpacked: int, packed: int, name: str) -> None:
    """Refuse too many unpacked bytes, and too many for the packed ones (0: not asked)."""
    if unpacked > UNPACKED_BYTES:
        raise Refused(f'“{name}”解压后超过{UNPACKED_BYTES >> 20}MB，不能接收。请删除不需要的内容或拆成几个文件后再上传。')
    if packed and unpacked > RATIO_FROM_BYTES and unpacked > RATIO * packed:
        raise Refused(f'“{name}”的压缩比异常（超过{RATIO}倍），可能是压缩炸弹，不能接收。请用原来的软件打开后另存一份再上传。')


def _directory_bytes(file: IO[bytes]) -> int:
    """Return the length of the directory as zipfile will read it, from the end record or its 64-bit form."""
    size = file.seek(0, 2)
    start = max(0, size - 65_557 - 76)  # longest comment, end record and the 64-bit records before it
    file.seek(start)
    tail = file.read()
    file.seek(0)
    at = tail.rfind(b'PK\5\6')
    if at < 0 or len(tail) < at + 22:
        raise zipfile.BadZipFile
    if at >= 76 and tail[at - 20:at - 16] == b'PK\6\7' and tail[at - 76:at - 72] == b'PK\6\6':
        return int(struct.unpack_from('<Q', tail, at - 36)[0])
    return int(struct.unpack_from('<L', tail, at + 12)[0])
