"""Whether the profiles are as they were when last checked: only a start with other files reads and checks them all (design §7)."""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTE = 'assets/regulations/checked.txt'
DECIDING = ('assets/rules.csv', 'assets/regulations/*.yaml', 'assets/regulations/overlays/*.yaml', 'app/figures*.py')  # figures, their rule ids, their models


def is_checked(root: Path = ROOT) -> bool:
    """Return whether every file that decides about the profiles is the one that stands in the note, and no other lies beside it."""
    note = root / NOTE
    return note.is_file() and note.read_text(encoding='utf-8') == _hashes(root)


def note_check() -> None:
    """Check every profile, then note the files it was done with; raises ValueError with file and line."""
    from app.regulation import check_profiles

    check_profiles()
    (ROOT / NOTE).write_text(_hashes(ROOT), encoding='utf-8', newline='\n')


def _hashes(root: Path) -> str:
    """Return one line a file, hash and name; the same whichever line ends a checkout has."""
    files = sorted((file for pattern in DECIDING for file in root.glob(pattern)), key=Path.as_posix)
    return ''.join(f'{_hash(file)}  {file.relative_to(root).as_posix()}\n' for file in files)


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes().replace(b'\r\n', b'\n')).hexdigest()
