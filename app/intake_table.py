"""The table that a workbook becomes: columns of values, and rows made of them for whoever looks at one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from app.errors import Refused
from app.findings import Finding
from app.intake_cells import BLANKS, Cell, Kind, Moment, Value, cell_text, value_or_refusal
from app.intake_child import END

_NEEDED = '不能为空，请填写。'
_READERS: Mapping[str, Callable[[str], Cell]] = {  # by the mark that the child puts before a cell
    's': str, 'i': int, 'f': float, 'b': lambda text: text == '1', 'd': date.fromisoformat, 't': Moment}


@dataclass(frozen=True, slots=True)
class Column:
    """One column asked for.

    key: name in `Row.values` · head: its word in the template · aliases: other words for it
    kind: text · code (ID, phone, credit code: never a number) · date · score (whole tenths: 89.5 is 895) · int
    """

    key: str
    head: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    kind: Kind = 'text'


@dataclass(slots=True)
class Row:
    """One row as read: number is the sheet's own; a blank or misread cell is None; written holds the text of misread cells."""

    number: int
    values: dict[str, Value]
    faults: list[Finding] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)

    def as_written(self) -> dict[str, str]:
        """Return every cell as text, a misread one as it stands in the sheet: for handing the row back."""
        return {key: self.written.get(key) or self.text(key) for key in self.values}

    def text(self, key: str) -> str:
        """Return a text or code, empty when blank."""
        value = self.values[key]
        return '' if value is None else str(value)

    def day(self, key: str) -> date | None:
        """Return a date, None when blank or misread."""
        value = self.values[key]
        assert value is None or isinstance(value, date)
        return value

    def number_of(self, key: str) -> int | None:
        """Return a whole number, or a score in tenths; None when blank or misread."""
        value = self.values[key]
        assert value is None or isinstance(value, int)
        return value


@dataclass(frozen=True, slots=True)
class Table:
    """What was read: the sheet's name, the row of its heads, the column letters {key: 'D'}, heads nobody asked for, and the cells.

    numbers: of the rows in the sheet · columns: {key: values}, '' for a blank or misread cell; all keys asked for, also those that the sheet lacks
    faults, written: of the rows that have misread cells, by their index in `numbers`
    """

    sheet: str
    head_row: int
    letters: dict[str, str]
    unread: tuple[str, ...]
    numbers: Sequence[int]
    columns: dict[str, Sequence[Value]]
    faults: dict[int, list[Finding]] = field(default_factory=dict)
    written: dict[int, dict[str, str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def rows(self) -> list[Row]:
        """All rows; whoever needs only few of many asks for `row`."""
        return [self.row(at) for at in range(len(self))]

    def row(self, at: int) -> Row:
        """Return the row of an index in `numbers`."""
        values = {key: None if column[at] == '' else column[at] for key, column in self.columns.items()}
        return Row(self.numbers[at], values, list(self.faults.get(at, ())), self.written.get(at, {}))

    def texts(self, key: str) -> Sequence[str]:
        """Return a column of texts or codes, '' for a blank or misread cell."""
        return cast('Sequence[str]', self.columns[key])

    def place(self, row: Row, key: str) -> str:
        """Return where a fault stands, in words: 第4行D4, or 第4行 for a column that the sheet lacks."""
        return f'第{row.number}行{self.letters[key]}{row.number}' if key in self.letters else f'第{row.number}行'

    def address(self, row: Row, key: str) -> str:
        """Return the address of a cell, e.g. 'D4'; for a column that the sheet lacks the row alone."""
        return f'{self.letters[key]}{row.number}' if key in self.letters else f'第{row.number}行'


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one column as the child wrote them: joined by END, each with the mark of its type when not all are texts."""

    joined: str
    texts: list[str]
    marked: bool

    def cell(self, text: str) -> Cell:
        """Return the cell that a text stands for."""
        return _READERS[text[:1]](text[1:]) if self.marked else text


def take_column(table: Table, column: Column, cells: Cells) -> None:
    """Put what the cells of a column mean into a table; misread and missing ones become faults of their rows."""
    values, refused = _meant(column, cells)
    table.columns[column.key] = values
    if not refused:
        return
    for at, text in enumerate(cells.texts):
        if text in refused:
            place = f'{table.letters[column.key]}{table.numbers[at]}'
            table.faults.setdefault(at, []).append(Finding('', 'block', place, f'{place}“{column.head}”：{refused[text]}'))
            table.written.setdefault(at, {})[column.key] = cell_text(cells.cell(text))


def _meant(column: Column, cells: Cells) -> tuple[Sequence[Value], Mapping[str, str]]:
    """Return the values of a column, and {cell as the child wrote it: what is said} of those that are refused; each different cell is judged once."""
    if column.kind in {'text', 'code'} and not cells.marked:
        texts = cells.texts
        if any(blank in cells.joined for blank in BLANKS):
            texts = [text.strip(BLANKS) for text in texts]
        missing = column.required and '' in texts
        return texts, {text: _NEEDED for text in set(cells.texts) if not text.strip(BLANKS)} if missing else {}
    meant = {text: value_or_refusal(column.kind, cells.cell(text)) for text in set(cells.texts)}
    refused = {text: value.sentence for text, value in meant.items() if isinstance(value, Refused)}
    if column.required:
        refused |= {text: _NEEDED for text, value in meant.items() if value is None}
    kept: dict[str, Value] = {text: '' if value is None or isinstance(value, Refused) else value for text, value in meant.items()}
    return [kept[text] for text in cells.texts], refused


def read_cells(joined: str, count: int, *, marked: bool) -> Cells:
    """Return so many cells of a column; raises ValueError for another count."""
    texts = joined.split(END) if count else []
    if len(texts) != count:
        raise ValueError('another count of cells')
    return Cells(joined, texts, marked)


def column_letters(index: int) -> str:
    """Return the letters of a column: 0 is A, 26 is AA."""
    head, last = divmod(index, 26)
    return (column_letters(head - 1) if head else '') + chr(ord('A') + last)
