"""The texts of ours that rule documents begin from (assets/bylaws): read line by line, then filled from the registers and the profile."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any

from app.bylaws.facts import Facts, known_reference, label_of, value_of
from app.bylaws.numbering import Kind, Line, as_text, chinese_number, numbered
from app.figures import Setting, Span, YearDay
from app.figures_people import Band
from app.figures_results import Profile
from app.regulation import leaves, profile, profiles, value_words

FOLDER = Path(__file__).resolve().parents[2] / 'assets' / 'bylaws'
FIRST, LAST = 1, 52  # numbers of institution_documents.md
FIGURE = '数:'
GAP = re.compile(r'〔待填：([^〕]{1,40})〕')

_NAME = re.compile(r'(\d\d)-[a-z0-9-]+\.md')
_REFERENCE = re.compile(r'\{([^{}]*)\}')
_MARKS: tuple[tuple[str, Kind], ...] = (('## ', 'chapter'), ('* ', 'article'), ('+ ', 'item'), ('- ', 'subitem'), ('|', 'row'))
_DEPTH: dict[Kind, int] = {'chapter': 0, 'article': 1, 'item': 2, 'text': 2, 'row': 2, 'subitem': 3}
_BY_NUMBER = re.compile(r'(?<!》)第[一二三四五六七八九十百\d]+[条章款]')


@dataclass(frozen=True, slots=True)
class Template:
    """A text: number and title as institution_documents.md lists it, who usually makes it, where it usually hangs."""

    number: int
    title: str
    unit: str
    posted_at: str
    lines: tuple[Line, ...]

    @property
    def references(self) -> list[str]:
        """Every {…} once, in order."""
        return list(dict.fromkeys(r for line in self.lines for r in _REFERENCE.findall(line.text)))


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the profile that a text names: path, how the text says it, what happens when it is not kept, the rule."""

    path: str
    said: str
    enforcement: str
    rule: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A filled text; missing: what the registers do not say yet, in words, as it stands in the text (〔待填：…〕)."""

    text: str
    missing: tuple[str, ...]


@lru_cache
def templates(folder: Path = FOLDER) -> dict[int, Template]:
    """Return every template by number, in order. raises ValueError with file and line for what does not follow the grammar"""
    found: dict[int, Template] = {}
    for file in sorted(folder.glob('*.md')):
        made = read_template(file)
        if made.number in found:
            raise ValueError(f'{file.name}:1: number {made.number} is taken by {found[made.number].title}')
        found[made.number] = made
    return found


def read_template(file: Path) -> Template:
    """Return one template. raises ValueError with file and line"""
    name = _NAME.fullmatch(file.name)
    if not name or not FIRST <= int(name[1]) <= LAST:
        raise ValueError(f'{file.name}:1: a template is called NN-slug.md, NN from 01 to {LAST}')
    rows = file.read_text(encoding='utf-8').split('\n')
    fault = _fault(file)
    if not rows[0].startswith('# ') or not 2 <= len(rows[0][2:].strip()) <= 80:
        raise fault(1, 'the first line is # and the title')
    head, at = {'部门': '', '上墙': ''}, 1
    while at < len(rows) and rows[at].strip():
        key, _, value = rows[at].partition('：')
        if key not in head or len(value) > 60:
            raise fault(at + 1, 'between title and text stand only 部门：… and 上墙：…')
        head[key] = value.strip()
        at += 1
    lines = tuple(_lines(rows, at, fault))
    if not lines:
        raise fault(at + 1, 'there is no text')
    return Template(int(name[1]), rows[0][2:].strip(), head['部门'], head['上墙'], lines)


def filled(template: Template, facts: Facts, figures: Profile) -> Draft:
    """Return the text of a template with all that is known, numbered; a line whose figure is null in the profile vanishes with what hangs on it."""
    text = as_text(numbered(Line(line.kind, '', _REFERENCE.sub(lambda m: _said(m[1], facts, figures), line.text)) for line in _standing(template, figures)))
    return Draft(text, gaps(text))


def figures_of(template: Template, held: Profile) -> list[Figure]:
    """Return the figures a template names that the profile sets, in order."""
    paths = [r.removeprefix(FIGURE) for r in template.references if r.startswith(FIGURE)]
    settings = [(path, setting_at(held, path)) for path in paths]
    return [Figure(path, figure_words(path, setting), setting.enforcement, setting.rule) for path, setting in settings if setting.value is not None]


def gaps(text: str) -> tuple[str, ...]:
    """Return what is still 〔待填：…〕 in a text, each once, in order."""
    return tuple(dict.fromkeys(GAP.findall(text)))


def refilled(text: str, facts: Facts, references: Iterable[str]) -> str:
    """Return a text whose gaps are filled with what the registers say by now; everything else stays as it was written.

    references: {…} of the template that the text began from
    """
    known = {label_of(r): value_of(r, facts) for r in references if not r.startswith(FIGURE)}
    return GAP.sub(lambda gap: known.get(gap[1]) or gap[0], text)


def setting_at(held: Profile, path: str) -> Setting[Any]:
    """Return a leaf of a profile by its path."""
    found: Setting[Any] = reduce(getattr, path.split('.'), held)  # type: ignore[arg-type]
    return found


def figure_words(path: str, setting: Setting[Any]) -> str:
    """Return a figure as running text says it: 30, 5、4、3, 12月31日, 1至3, 三分之一."""
    value = setting.value
    if isinstance(value, YearDay):
        return f'{value.month}月{value.day}日'
    if isinstance(setting, Span):
        return f'{value[0]}至{value[1]}' if value[1] is not None else f'{value[0]}'
    if path.endswith('_fraction'):
        return f'{chinese_number(value[1])}分之{chinese_number(value[0])}'
    if isinstance(value, tuple) and value and isinstance(value[0], Band):
        return '、'.join(f'{value_words(band.grade)}（{band.from_score}分以上）' if band.from_score else value_words(band.grade) for band in value)
    return value_words(value)


def _said(reference: str, facts: Facts, figures: Profile) -> str:
    if reference.startswith(FIGURE):
        path = reference.removeprefix(FIGURE)
        return figure_words(path, setting_at(figures, path))
    return value_of(reference, facts) or f'〔待填：{label_of(reference)}〕'


def _standing(template: Template, figures: Profile) -> list[Line]:
    """Return the lines that stay: without null figures, without what hung on a line that went, without heads that lost all they led to."""
    kept: list[Line] = []
    gone_at, in_table, head_gone = 9, False, False
    for line in template.lines:
        depth = _DEPTH[line.kind]
        head = line.kind == 'row' and not in_table
        in_table = line.kind == 'row'
        if depth > gone_at:
            continue
        gone_at = 9
        null = any(setting_at(figures, r.removeprefix(FIGURE)).value is None for r in _REFERENCE.findall(line.text) if r.startswith(FIGURE))
        head_gone = null if head else head_gone and in_table
        if null and line.kind != 'row':
            gone_at = depth
        if not null and not head_gone:
            kept.append(line)
    for kind in ('row', 'item', 'text', 'article', 'chapter'):
        kept = _without_empty(kept, template.lines, kind)
    return kept


def _without_empty(kept: Sequence[Line], whole: Sequence[Line], kind: Kind) -> list[Line]:
    """Return the lines without those of a kind that led to others (a head of a table, a text ending in a colon, a chapter) and lead to none now."""
    leading = {id(line) for n, line in enumerate(whole) if line.kind == kind and _leads(whole, n)}
    return [line for n, line in enumerate(kept) if id(line) not in leading or _leads(kept, n)]


def _leads(lines: Sequence[Line], n: int) -> bool:
    line, after = lines[n], lines[n + 1] if n + 1 < len(lines) else None
    if line.kind == 'row':  # only a head leads
        return (n == 0 or lines[n - 1].kind != 'row') and after is not None and after.kind == 'row'
    if line.kind == 'chapter' or line.text.endswith(('：', ':')):
        return after is not None and (_DEPTH[after.kind] > _DEPTH[line.kind] or (line.kind == 'text' and after.kind in ('row', 'item')))
    return False


def _lines(rows: Sequence[str], at: int, fault: Callable[[int, str], ValueError]) -> Iterator[Line]:
    above: set[Kind] = set()
    width = 0
    for number, row in enumerate(rows[at:], at + 1):
        if not row.strip():
            continue
        kind, text = _marked(row, number, fault)
        if kind == 'row':
            width = width or text.count('|')
            if text.count('|') != width:
                raise fault(number, 'a row has as many cells as its head')
        else:
            width = 0
        if kind in ('item', 'text', 'row') and 'article' not in above:
            raise fault(number, 'items, paragraphs and rows stand under an article (* …)')
        if kind == 'subitem' and 'item' not in above:
            raise fault(number, 'a sub-item (- …) stands under an item (+ …)')
        above = {'chapter': set(), 'article': above - {'item'}, 'item': above}.get(kind, above) | {kind}
        _check_references(text, number, fault)
        yield Line(kind, '', text)


def _marked(row: str, number: int, fault: Callable[[int, str], ValueError]) -> tuple[Kind, str]:
    if row != row.strip():
        raise fault(number, 'blanks before or after the line')
    for mark, kind in _MARKS:
        if row.startswith(mark):
            if kind == 'row' and not (row.endswith('|') and set(row) - set('|-: ')):
                raise fault(number, 'a row begins and ends with | and says something')
            text = row[1:-1].strip() if kind == 'row' else row.removeprefix(mark).strip()
            if not text:
                raise fault(number, 'the line is empty behind its mark')
            return kind, text
    if row[0] in '#*+-|':
        raise fault(number, 'marks are ## for a chapter, * + - with a blank behind them, and | for a row')
    return 'text', row


def _check_references(text: str, number: int, fault: Callable[[int, str], ValueError]) -> None:
    if _BY_NUMBER.search(text):
        raise fault(number, 'an article is never named by its number')
    if set('{}') & set(_REFERENCE.sub('', text)):
        raise fault(number, 'a brace without its other half')
    for reference in _REFERENCE.findall(text):
        if reference.startswith(FIGURE):
            if reference.removeprefix(FIGURE) not in _paths():
                raise fault(number, f'the profiles have no figure {reference.removeprefix(FIGURE)}')
        elif not known_reference(reference):
            raise fault(number, f'unknown reference {{{reference}}}')


def _fault(file: Path) -> Callable[[int, str], ValueError]:
    return lambda number, what: ValueError(f'{file.name}:{number}: {what}')


@lru_cache(maxsize=1)
def _paths() -> frozenset[str]:
    return frozenset(leaf.path for leaf in leaves(profile(profiles()[0])))
