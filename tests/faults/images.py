"""What a disk may hold after a power cut: replayed from the record that rec.c wrote."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

_ENTRY = struct.Struct('<4q')
_SECTOR = 512


@dataclass(frozen=True, slots=True)
class Step:
    """One recorded call; body: the bytes written, or the new path of a rename below the folder."""

    op: str
    path: str
    at: int
    body: bytes


@dataclass(slots=True)
class Content:
    """The bytes of one file: those that were synced, and the writes and truncations since."""

    sure: bytearray = field(default_factory=bytearray)
    loose: list[Step] = field(default_factory=list)


@dataclass(slots=True)
class Disk:
    """A folder as the process sees it, and how much of it a power cut must leave.

    names: path → content now · standing: names after a power cut · changes: folder → creations, renames and removals not yet synced, in order
    """

    names: dict[str, Content] = field(default_factory=dict)
    standing: dict[str, Content] = field(default_factory=dict)
    folders: set[str] = field(default_factory=lambda: {''})
    changes: dict[str, list[tuple[str, Content | None]]] = field(default_factory=dict)
    acks: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, folder: Path) -> Disk:
        """Return the disk before the record began: everything in the folder is synced."""
        disk = cls()
        for path in folder.rglob('*'):
            name = path.relative_to(folder).as_posix()
            if path.is_dir():
                disk.folders.add(name)
            else:
                disk.names[name] = disk.standing[name] = Content(bytearray(path.read_bytes()))
        return disk

    def step(self, step: Step) -> None:
        """Let one recorded call happen."""
        if step.path == 'acks':
            self.acks += step.body.decode().splitlines()
        elif step.op in 'wt':
            if step.path not in self.names:
                self.names[step.path] = Content()
                self._change(step.path, self.names[step.path])
            self.names[step.path].loose.append(step)
        elif step.op == 's' and step.path in self.names:
            content = self.names[step.path]
            for loose in content.loose:
                _apply(content.sure, loose)
            content.loose.clear()
        elif step.op == 's':
            for path, content in self.changes.pop(step.path, ()):
                _rename(self.standing, self.folders, path, content)
        elif step.op == 'm':
            self._change(f'{step.path}/', None)
        else:
            content = self.names.pop(step.path)
            if step.op == 'r':
                self.names[step.body.decode()] = content
                self._change(step.body.decode(), content)
            else:
                self._change(step.path, None)

    def after_a_cut(self, dice: random.Random) -> dict[str, bytes]:
        """Return {path: bytes} of one possible outcome: of what is not synced some, in any order, some torn at 512 bytes."""
        mode = dice.choice(('none', 'some', 'all', 'prefix', 'torn'))
        names, folders = dict(self.standing), set(self.folders)
        for changes in self.changes.values():
            count = {'none': 0, 'all': len(changes)}.get(mode, dice.randrange(len(changes) + 1))
            for path, content in changes[:count]:  # a folder's own entries are journaled in order
                _rename(names, folders, path, content)
        return {path: _left(content, mode, dice) for path, content in names.items() if all(str(p) in folders for p in PurePosixPath(path).parents if str(p) != '.')}

    def _change(self, path: str, content: Content | None) -> None:
        parent = str(PurePosixPath(path).parent)
        self.changes.setdefault('' if parent == '.' else parent, []).append((path, content))


def steps(log: Path, folder: Path) -> Iterator[Step]:
    """Read a record; folder: what FAULT_DIR was."""
    data, at = memoryview(log.read_bytes()), 0
    while at < len(data):
        op, offset, name, size = _ENTRY.unpack_from(data, at)
        at += _ENTRY.size
        path, body = bytes(data[at:at + name]).decode(), bytes(data[at + name:at + name + size])
        at += name + size
        if op == ord('r'):
            body = Path(body.decode()).relative_to(folder).as_posix().encode()
        yield Step(chr(op), path, offset, body)


def _rename(names: dict[str, Content], folders: set[str], path: str, content: Content | None) -> None:
    """Let a name stand for a content, which leaves the name it had; without content the name goes, 'name/' makes a folder."""
    if path.endswith('/'):
        folders.add(path[:-1])
        return
    for old in [name for name, kept in names.items() if kept is content or name == path]:
        del names[old]
    if content is not None:
        names[path] = content


def _left(content: Content, mode: str, dice: random.Random) -> bytes:
    loose, made = list(content.loose), bytearray(content.sure)
    if mode == 'none':
        loose = []
    elif mode == 'prefix':
        loose = loose[:dice.randrange(len(loose) + 1)]
    elif mode in ('some', 'torn'):
        loose = [step for step in loose if dice.random() < .5]
        dice.shuffle(loose)
    for step in loose:
        _apply(made, step, dice.randrange(9) * _SECTOR if mode == 'torn' and dice.random() < .5 else None)
    return bytes(made)


def _apply(made: bytearray, step: Step, keep: int | None = None) -> None:
    if step.op == 't':
        made[step.at:] = bytes(max(0, step.at - len(made)))
        return
    body = step.body[:keep]
    if len(made) < step.at:
        made.extend(bytes(step.at - len(made)))
    made[step.at:step.at + len(body)] = body
