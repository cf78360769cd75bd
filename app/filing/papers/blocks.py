"""What papers of a filing are made of: blocks written once and laid out as PDF and as DOCX, in the same order with the same labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.cells import Cell
from app.figures_results import Profile

if TYPE_CHECKING:
    from app.docx import WordPaper
    from app.pdf import Paper

Words = str | Cell

LABEL_MM = 34.0  # of the labels of a form, on the cover, in its rows and beside its opinions
COVER_MM = 45.0  # free over the title of a cover


@dataclass(frozen=True, slots=True)
class Printing:
    """How the papers of a record are printed: when, by whose figures, with what across every page (演示样本)."""

    at: datetime
    profile: Profile
    mark: str = ''


@dataclass(frozen=True, slots=True)
class Cover:
    """A first page: title lines, labelled values, the issuer of the form at the foot."""

    titles: tuple[str, ...]
    lines: tuple[tuple[tuple[str, str], ...], ...]
    foot: str = ''


@dataclass(frozen=True, slots=True)
class Rows:
    """Labelled values, `columns` pairs beside each other."""

    pairs: tuple[tuple[str, str], ...]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Box:
    """A title over the whole width and a text under it, as one piece of the form."""

    title: str
    text: str
    least_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table; title: a head over all its columns, note: smaller lines in that head, blank: empty rows after the others."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    widths: tuple[float, ...]
    title: str = ''
    note: str = ''
    blank: int = 0


@dataclass(frozen=True, slots=True)
class Opinion:
    """An opinion with signature, seal place and date."""

    label: str
    text: str
    sign: str = ''
    seal: str = ''
    least_mm: float = 20.0


@dataclass(frozen=True, slots=True)
class Title:
    """The paper's name in the middle, as over a first page; again after a cover."""

    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """A heading, 一、 on level 1, （一） on level 2."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """Running text, each line a paragraph; indent: characters before its first line."""

    text: str
    pt: float = 12.0
    indent: int = 2


@dataclass(frozen=True, slots=True)
class Note:
    """Small type under a table."""

    text: str


@dataclass(frozen=True, slots=True)
class Seal:
    """Name, label and day at the right with room for a seal."""

    name: str
    label: str = '（盖章）'
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """The place of a signature at the right."""

    label: str


Block = Cover | Rows | Box | Table | Opinion | Title | Head | Text | Note | Seal | Sign


def paper_of(title: str, form: str, blocks: Sequence[Block], printing: Printing, *, landscape: bool = False) -> Paper:
    """Return the blocks as a paper to be drawn or bound; a cover takes the place of the title."""
    from app.pdf import Paper

    covered = bool(blocks) and isinstance(blocks[0], Cover)
    paper = Paper('' if covered else title, form=form, landscape=landscape, printed_at=printing.at, mark=printing.mark)
    paper.title = title
    for before, block in zip([None, *blocks], blocks, strict=False):
        if isinstance(block, Table | Rows) and isinstance(before, Text):
            paper.space(1.5)
        _print(paper, block)
    return paper


def pdf_of(title: str, form: str, blocks: Sequence[Block], printing: Printing, *, landscape: bool = False) -> bytes:
    """Return the blocks as PDF; the same blocks give the same bytes."""
    return paper_of(title, form, blocks, printing, landscape=landscape).to_bytes()


def docx_of(title: str, form: str, blocks: Sequence[Block], printing: Printing, author: str, *, landscape: bool = False) -> bytes:
    """Return the blocks for Word."""
    from app.docx import WordPaper

    word = WordPaper(title, made_at=printing.at, author=author, form=form, landscape=landscape, mark=printing.mark)
    for block in blocks:
        _write(word, block)
    return word.to_bytes()


def _print(paper: Paper, block: Block) -> None:
    match block:
        case Cover():
            _print_cover(paper, block)
        case Rows():
            paper.rows(block.pairs, columns=block.columns, label_mm=LABEL_MM, row_mm=9)
        case Box():
            paper.table([[block.title]], [[Cell(block.text, align='L', top=True, where=f'“{block.title}”栏')]], (1,), row_mm=max(12, block.least_mm))
        case Table():
            paper.table(_heads(block), block.rows, block.widths, blank=block.blank, row_mm=7)
        case Opinion():
            paper.opinion(block.label, block.text, sign=block.sign, seal=block.seal, least_mm=block.least_mm, label_mm=LABEL_MM)
        case Title():
            paper.paragraph(block.text, style='宋粗', pt=18, indent=0, align='C').space(3)
        case Head():
            if block.level == 1:
                paper.heading(block.text)
            else:
                paper.space(1).heading(f'　{block.text}')
        case Text():
            paper.paragraph(block.text, pt=block.pt, indent=block.indent)
        case Note():
            paper.note(block.text).space(2)
        case Seal():
            paper.seal(block.name, label=block.label, on=block.on)
        case Sign():
            paper.signature(block.label)


def _print_cover(paper: Paper, cover: Cover) -> None:
    paper.space(COVER_MM)
    for line in cover.titles:
        paper.paragraph(line, style='宋粗', pt=24, indent=0, align='C').space(4)
    paper.space(36)
    for pairs in cover.lines:
        paper.rows(pairs, columns=len(pairs), label_mm=LABEL_MM, row_mm=14)
    if cover.foot:
        paper.space(28).paragraph(cover.foot, style='黑', pt=15, indent=0, align='C')
    paper.new_page()


def _write(word: WordPaper, block: Block) -> None:
    match block:
        case Cover():
            _write_cover(word, block)
        case Rows():
            word.rows(block.pairs, columns=block.columns, label_mm=LABEL_MM)
        case Box():
            word.table([[block.title]], [[Cell(block.text, align='L', top=True)]], (1,))
        case Table():
            word.table(_heads(block), block.rows, block.widths, blank=block.blank)
        case Opinion():
            word.rows([(block.label, f'{block.text}\n\n{_foot(block)}')], label_mm=LABEL_MM)
        case Title():
            word.paragraph(block.text, style='标题', pt=18, indent=0, align='C')
        case Head():
            word.heading(block.text, level=1 if block.level == 1 else 2)
        case Text():
            word.paragraph(block.text, pt=block.pt, indent=block.indent)
        case Note():
            word.paragraph(block.text, style='宋', pt=9, indent=0)
        case Seal():
            word.seal(block.name, label=block.label, on=block.on)
        case Sign():
            word.signature(block.label)


def _write_cover(word: WordPaper, cover: Cover) -> None:
    """Write the lines of a cover as one table, under the title that stands there already."""
    value_mm = word.width / 2 - LABEL_MM
    rows = [[cell for n, (label, value) in enumerate(pairs, 1)
             for cell in (Cell(label, bold=True, align='C'), Cell(value, align='L', cols=1 if n < len(pairs) or len(pairs) == 2 else 3))] for pairs in cover.lines]
    word.lower_title(COVER_MM).table([], rows, (LABEL_MM, value_mm, LABEL_MM, value_mm))
    if cover.foot:
        word.paragraph(cover.foot, style='黑', pt=15, indent=0, align='C')
    word.new_page()


def _foot(block: Opinion) -> str:
    places = [f'{block.sign}：＿＿＿＿＿＿' if block.sign else '', block.seal, '　　年　　月　　日']
    return '\n'.join(place for place in places if place)


def _heads(block: Table) -> list[list[Words]]:
    title = block.title + (f'\n{block.note}' if block.note else '')
    over: list[list[Words]] = [[Cell(title, cols=len(block.heads))]] if title else []
    return [*over, list(block.heads)]
