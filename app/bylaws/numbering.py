"""The text of a rule document as it is kept: one paragraph a line, chapters, articles and items numbered in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal['chapter', 'article', 'item', 'subitem', 'row', 'text']

_DIGITS = '零一二三四五六七八九'
_COUNT = rf'[{_DIGITS}〇十百\d]{{1,7}}'
_READ: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ('chapter', re.compile(rf'(第{_COUNT}章)[\s、]*(.*)')),
    ('article', re.compile(rf'(第{_COUNT}条)[\s、]*(.*)')),
    ('item', re.compile(rf'([（(]{_COUNT}[）)])[\s、]*(.*)')),
    ('subitem', re.compile(r'(\d{1,3}[.．、])(?!\d)\s*(.*)')),
    ('row', re.compile(r'()\|(.*)\|')),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: its number as written ('第一条', empty for running text and rows) and its text; of a row the text between the outer bars."""

    kind: Kind
    number: str
    text: str

    @property
    def cells(self) -> list[str]:
        """The cells of a row."""
        return [cell.strip() for cell in self.text.split('|')]

    @property
    def written(self) -> str:
        """The line as it is kept."""
        match self.kind:
            case 'chapter' | 'article':
                return f'{self.number}　{self.text}'
            case 'subitem':
                return f'{self.number} {self.text}'
            case 'row':
                return f'| {" | ".join(self.cells)} |'
            case _:
                return f'{self.number}{self.text}'


def read_lines(text: str) -> list[Line]:
    """Return the paragraphs of a text; empty lines are left out."""
    return [_read(line.strip()) for line in text.split('\n') if line.strip()]


def numbered(lines: Iterable[Line]) -> list[Line]:
    """Return the lines numbered anew: chapters and articles through the whole document, items within their article, subitems within their item."""
    made: list[Line] = []
    count = dict.fromkeys(('chapter', 'article', 'item', 'subitem'), 0)
    for line in lines:
        if line.kind in count:
            count[line.kind] += 1
        if line.kind in ('chapter', 'article'):
            count['item'] = 0
        if line.kind in ('chapter', 'article', 'item'):
            count['subitem'] = 0
        made.append(Line(line.kind, _number(line.kind, count.get(line.kind, 0)), line.text))
    return made


def renumbered(text: str) -> str:
    """Return a text with the numbers of its chapters, articles, items and subitems in order; running text stays as it is."""
    return as_text(numbered(read_lines(text)))


def as_text(lines: Iterable[Line]) -> str:
    """Return lines as they are kept."""
    return '\n'.join(line.written for line in lines)


def chinese_number(n: int) -> str:
    """Return 1 to 999 as articles are counted: 10 → 十, 21 → 二十一, 105 → 一百零五, 110 → 一百一十."""
    if not 0 < n < 1000:
        raise ValueError(n)
    hundreds, rest = divmod(n, 100)
    tens, ones = divmod(rest, 10)
    head = f'{_DIGITS[hundreds]}百' if hundreds else ''
    middle = f'{_DIGITS[tens] if tens > 1 or hundreds else ""}十' if tens else '零' if hundreds and ones else ''
    return head + middle + (_DIGITS[ones] if ones else '')


def _read(line: str) -> Line:
    for kind, pattern in _READ:
        if found := pattern.fullmatch(line):
            return Line(kind, found[1], found[2].strip())
    return Line('text', '', line)


def _number(kind: Kind, n: int) -> str:
    match kind:
        case 'chapter':
            return f'第{chinese_number(n)}章'
        case 'article':
            return f'第{chinese_number(n)}条'
        case 'item':
            return f'（{chinese_number(n)}）'
        case 'subitem':
            return f'{n}.'
        case _:
            return ''
