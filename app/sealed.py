"""Encrypted columns and files: AES-256-GCM bound to its place, blind index for exact search, masked form for the eye."""

from __future__ import annotations

import hmac
import os
import secrets
import stat
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MASTER = 'master.key'
_BYTES = 32


class Row(Protocol):
    """A row with an id of an organisation."""

    id: int
    org_id: int


class Keys:
    """Keys of this installation, all derived from one master key outside the data folder."""

    def __init__(self, master: bytes) -> None:
        if len(master) != _BYTES:
            raise ValueError(f'master key of {len(master)} bytes, {_BYTES} are due')
        self._master = master
        self.trail = self.derived('trail')
        self._index = self.derived('index')

    def derived(self, purpose: str) -> bytes:
        """Return 32 bytes for one purpose (HKDF-SHA256)."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return HKDF(SHA256(), _BYTES, None, purpose.encode()).derive(self._master)

    @lru_cache(maxsize=256)  # noqa: B019  one Keys object lives as long as the process
    def cipher(self, org_id: int) -> AESGCM:
        """Return the cipher of an organisation's data key."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self.derived(f'data/{org_id}'))

    def seal(self, row: Row, column: str, value: str) -> bytes:
        """Return the ciphertext of a value, bound to organisation, table, row and column."""
        nonce = os.urandom(12)
        return nonce + self.cipher(row.org_id).encrypt(nonce, value.encode(), _place(row, column))

    def unseal(self, row: Row, column: str, sealed: bytes) -> str:
        """Return the plain value; raises cryptography.exceptions.InvalidTag when it was moved or altered."""
        return self.cipher(row.org_id).decrypt(sealed[:12], sealed[12:], _place(row, column)).decode()

    def unseal_all(self, model: type, column: str, org_id: int, sealed: Iterable[tuple[int, bytes]]) -> list[str]:
        """Return the plain values of one column of many rows of an organisation, given as (id, sealed value); raises InvalidTag as `unseal` does."""
        decrypt, start, end = self.cipher(org_id).decrypt, f'{org_id}/{model.__name__}/'.encode(), f'/{column}'.encode()
        return [decrypt(value[:12], value[12:], b'%b%d%b' % (start, row_id, end)).decode() for row_id, value in sealed]

    def blind(self, kind: str, value: str) -> bytes:
        """Return the index of a value for exact search, the same for every organisation (public verification searches all)."""
        return hmac.digest(self._index, f'{kind}\0{value.strip().upper()}'.encode(), 'sha256')

    def check_value(self) -> str:
        """Return what a database keeps to notice another master key at start."""
        return hmac.digest(self._master, b'dingji key check', 'sha256').hex()


def open_keys(folder: Path) -> Keys:
    """Read the master key of the folder, or make one in a new or empty folder (0700, file 0600).

    raises PermissionError when others may read it: the server does not start then
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / MASTER
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'wb') as out:
            out.write(secrets.token_bytes(_BYTES))
            out.flush()
            os.fsync(out.fileno())
        sync_folder(folder)  # without the key everything sealed with it is lost
        sync_folder(folder.parent)
    if os.name == 'posix' and (stat.S_IMODE(path.stat().st_mode) | stat.S_IMODE(folder.stat().st_mode)) & 0o077:
        raise PermissionError(f'密钥文件 {path} 能被其他用户读取，请执行 chmod 700 {folder} 和 chmod 600 {path} 后再启动。')
    return Keys(path.read_bytes())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    if os.name == 'posix':  # Windows cannot open a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _place(row: Row, column: str) -> bytes:
    return f'{row.org_id}/{type(row).__name__}/{row.id}/{column}'.encode()
