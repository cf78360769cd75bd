"""A long PDF written part by part: one part is in memory at a time, so 2,000 pages need no more than 50."""

from __future__ import annotations

import re
from hashlib import sha256
from io import BufferedIOBase

ROOT, CATALOG = 1, 2  # object numbers of the page tree and the catalogue, the same in a part and in the whole
_REFERENCE = re.compile(rb'\b(\d+) 0 R\b')


class Parts:
    """Joins PDF files of fpdf2 (pages of one size) into one on its way to `out`; their order is kept.

    It knows how fpdf2 2.8 lays out a file: numbered without gaps, page tree first, catalogue second, document
    information last, no object streams. pikepdf would join anything, but holds every picture in memory until it saves.
    """

    def __init__(self, out: BufferedIOBase) -> None:
        self._out = out
        self._at = 0
        self._offsets: dict[int, int] = {}
        self._next = CATALOG + 1
        self._pages: list[int] = []
        self._box = self._information = b''
        self._digest = sha256()
        self._write(b'%PDF-1.6\n%\xe9\xeb\xf1\xbf\n')

    def add(self, part: bytes) -> None:
        """Write the pages of a part and all they need."""
        objects = _objects(part)
        shift = self._next - CATALOG - 1
        for number in range(CATALOG + 1, len(objects)):
            self._object(number + shift, _shifted(objects[number], shift))
        tree = objects[ROOT]
        kids = tree[tree.index(b'/Kids [') + 7:]
        self._pages += [int(number) + shift for number in _REFERENCE.findall(kids[:kids.index(b']')])]
        self._box = self._box or tree[tree.index(b'/MediaBox'):tree.index(b'/Type')]
        self._information = self._information or objects[len(objects)]
        self._next += len(objects) - CATALOG - 1

    def close(self) -> None:
        """Write page tree, catalogue, information and table of contents; the file is whole only then."""
        kids = b'\n'.join(b'%d 0 R' % number for number in self._pages)
        self._object(ROOT, b'<<\n/Count %d\n/Kids [%s]\n%s/Type /Pages\n>>' % (len(self._pages), kids, self._box))
        self._object(CATALOG, b'<<\n/PageLayout /OneColumn\n/Pages %d 0 R\n/Type /Catalog\n>>' % ROOT)
        self._object(self._next, self._information)
        start, count = self._at, self._next + 1
        rows = b''.join(b'%010d 00000 n \n' % self._offsets[number] for number in range(1, count))
        mark = self._digest.hexdigest()[:32].upper().encode()
        self._write(b'xref\n0 %d\n0000000000 65535 f \n%strailer\n<<\n/Size %d\n/Root %d 0 R\n/Info %d 0 R\n/ID [<%s><%s>]\n>>\n' % (
            count, rows, count, CATALOG, self._next, mark, mark))
        self._write(b'startxref\n%d\n%%%%EOF\n' % start)

    def _object(self, number: int, content: bytes) -> None:
        self._offsets[number] = self._at
        self._write(b'%d 0 obj\n%s\nendobj\n' % (number, content))

    def _write(self, piece: bytes) -> None:
        self._out.write(piece)
        self._digest.update(piece)
        self._at += len(piece)


def _objects(part: bytes) -> dict[int, bytes]:
    """Return {number: content} by the file's own table of contents; ValueError when it is not laid out as expected."""
    start = int(part[part.rindex(b'startxref') + 9:].split()[0])
    table = part[start:part.index(b'trailer', start)].split(b'\n')
    offsets = [int(row[:10]) for row in table[3:] if row] + [start]
    objects = {}
    for number, (begin, end) in enumerate(zip(offsets, offsets[1:], strict=False), 1):
        head, tail = b'%d 0 obj\n' % number, b'\nendobj\n'
        if not part.startswith(head, begin) or not part.endswith(tail, begin, end):
            raise ValueError(f'object {number} of a part is not laid out as fpdf2 2.8 does')
        objects[number] = part[begin + len(head):end - len(tail)]
    return objects


def _shifted(content: bytes, shift: int) -> bytes:
    dictionary, stream, data = content.partition(b'\nstream\n')
    moved = _REFERENCE.sub(lambda match: b'%d 0 R' % _moved(int(match[1]), shift), dictionary)
    return moved + stream + data


def _moved(number: int, shift: int) -> int:
    return number if number == ROOT else number + shift
