"""Workbooks: lists to upload or to edit, and templates for import; texts stay texts, the same rows give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any, Self

from app.cells import Cell, placed
from app.words import china_time

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

Value = str | int | Decimal | None  # a text, a count or score, nothing; days and numbers of papers are texts

TEMPLATE_ROWS = 10_000  # rows of a template that are text, offer their values and show wrong lengths
LISTS = '值列表'  # the hidden sheet that holds the values offered
_NOT_IN_NAMES, _NAME_MOST = str.maketrans(dict.fromkeys('[]:*?/\\', '-')), 31  # of the sheets of a workbook
GREY, RED, SHADE = '#808080', '#C00000', '#F2F2F2'


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet.

    head: its head without * · width: in characters · required: the head of a template gets a *
    options: values offered by a list · lengths: allowed lengths of a text (15 and 18), others turn red · example: of a template
    """

    head: str
    width: float = 12
    required: bool = False
    options: tuple[str, ...] = ()
    lengths: tuple[int, ...] = ()
    example: str = ''


class Book:
    """A workbook of A4 sheets.

    title: kept in the file's properties · form: id in the foot (F-PASS) · made_at: instant of the record, the file's creation time
    """

    def __init__(self, title: str, *, made_at: datetime, form: str = '') -> None:
        import xlsxwriter

        self.form = form
        self._out = BytesIO()
        self._book: Workbook = xlsxwriter.Workbook(
            self._out, {'in_memory': True, 'strings_to_formulas': False, 'strings_to_urls': False, 'strings_to_numbers': False})
        self._book.set_properties({'title': title, 'created': china_time(made_at).replace(tzinfo=None)})
        self._formats: dict[str, Any] = {}
        self._lists: list[tuple[str, ...]] = []

    def sheet(self, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Value | Cell]], *, title: str = '', note: str = '',
              heads: Sequence[Sequence[str | Cell]] = (), foot: Sequence[str] = (), landscape: bool = True) -> Self:
        """Add a list: title and a note over it (if any), heads frozen and repeated on paper, rows, lines under it.

        heads: several lines of heads with merged cells; without it one line from the columns
        rows: a value for each column, or cells that begin in the row when some are merged
        """
        sheet = self._new_sheet(name, columns, landscape=landscape)
        top = 0
        if title:
            _merged(sheet, 0, 0, 1, len(columns), title, self._format('title'))
            sheet.set_row(0, 28)
            top = 1
        if note:
            _merged(sheet, top, 0, 1, len(columns), note, self._format('foot'))
            sheet.set_row(top, 15.5 * (1 + 2 * len(note) // int(sum(column.width for column in columns))))
            top += 1
        lines = heads or [[column.head for column in columns]]
        self._place(sheet, top, placed_cells=placed(lines, len(columns)), kind='head')
        first = top + len(lines)
        sheet.freeze_panes(first, 0)
        sheet.repeat_rows(0, first - 1)
        if any(isinstance(value, Cell) for row in rows for value in row):
            cells = [[value if isinstance(value, Cell) else Cell(_shown(value)) for value in row] for row in rows]
            self._place(sheet, first, placed_cells=placed(cells, len(columns)), kind='text')
        else:
            for at, row in enumerate(rows, first):
                for col, value in zip(range(len(columns)), row, strict=True):
                    assert not isinstance(value, Cell)
                    self._write(sheet, at, col, value)
        for n, line in enumerate(foot, first + len(rows)):
            _merged(sheet, n, 0, 1, len(columns), line, self._format('foot'))
        self._offer(sheet, columns, first, first + len(rows) - 1)
        return self

    def template(self, name: str, columns: Sequence[Column], notes: str) -> Self:
        """Add an empty sheet for import: notes in row 1, heads in row 2 (* for required), a grey example in row 3, marked 示例.

        10,000 rows are text, offer the values of their column, and turn red where a length is wrong (experience.md §5)
        """
        sheet = self._new_sheet(name, columns, landscape=True)
        for col, column in enumerate(columns):
            sheet.set_column(col, col, column.width, self._format('plain'))
        _merged(sheet, 0, 0, 1, len(columns), f'填写说明：{notes}', self._format('notes'))
        sheet.set_row(0, 15.5 * (2 + len(notes) // 50 + notes.count('\n')))
        for col, column in enumerate(columns):
            sheet.write_string(1, col, f'*{column.head}' if column.required else column.head, self._format('must' if column.required else 'head'))
            sheet.write_string(2, col, f'示例：{column.example}' if col == 0 else column.example, self._format('example'))
        sheet.freeze_panes(3, 0)
        sheet.repeat_rows(1, 1)
        self._offer(sheet, columns, 3, 2 + TEMPLATE_ROWS)
        return self

    def to_bytes(self) -> bytes:
        """Return the workbook; nothing can be added afterwards."""
        if self._lists:
            hidden = self._book.add_worksheet(LISTS)
            hidden.hide()
            for col, options in enumerate(self._lists):
                for row, option in enumerate(options):
                    hidden.write_string(row, col, option)
        self._book.close()
        return self._out.getvalue()

    def _new_sheet(self, name: str, columns: Sequence[Column], *, landscape: bool) -> Worksheet:
        sheet = self._book.add_worksheet(self._sheet_name(name))
        sheet.set_paper(9)  # A4
        if landscape:
            sheet.set_landscape()
        sheet.set_margins(left=0.59, right=0.59, top=0.79, bottom=0.79)  # inches
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f'&L{self.form.replace("&", "&&")}&C第 &P 页 共 &N 页')
        for col, column in enumerate(columns):
            sheet.set_column(col, col, column.width)
        return sheet

    def _sheet_name(self, name: str) -> str:
        """Return a name that a sheet can have: it may come from what a person typed."""
        taken, n = {sheet.get_name().lower() for sheet in self._book.worksheets()}, 1
        free = stem = name.translate(_NOT_IN_NAMES)[:_NAME_MOST].strip("' ") or '表'
        while free.lower() in taken:
            n += 1
            free = f'{stem[:_NAME_MOST - 5]}（{n}）'
        return free

    def _write(self, sheet: Worksheet, row: int, col: int, value: Value) -> None:
        if isinstance(value, int | Decimal):
            sheet.write_number(row, col, value, self._format('number'))
        elif sheet.write_string(row, col, value or '', self._format(_kind(value or ''))):
            raise ValueError(f'row {row + 1}, column {col + 1} cannot be written: {str(value)[:40]!r}')

    def _place(self, sheet: Worksheet, top: int, *, placed_cells: Sequence[Any], kind: str) -> None:
        for place in placed_cells:
            cell: Cell = place.cell
            _merged(sheet, top + place.row, place.col, cell.rows, cell.cols, cell.text, self._format(kind if kind == 'head' else _kind(cell.text)))

    def _offer(self, sheet: Worksheet, columns: Sequence[Column], first: int, last: int) -> None:
        """Put value lists and length checks on the rows of a sheet."""
        for col, column in enumerate(columns):
            if column.options and last >= first:
                if column.options not in self._lists:
                    self._lists.append(column.options)
                at = _letters(self._lists.index(column.options))
                sheet.data_validation(first, col, last, col, {
                    'validate': 'list', 'source': f"='{LISTS}'!${at}$1:${at}${len(column.options)}", 'error_title': column.head[:32],
                    'error_message': f'请从下拉列表中选择“{column.head}”。'})
            if column.lengths and last >= first:
                cell = f'{_letters(col)}{first + 1}'
                wrong = ','.join(f'LEN({cell})<>{length}' for length in (0, *column.lengths))
                sheet.conditional_format(first, col, last, col, {'type': 'formula', 'criteria': f'=AND({wrong})', 'format': self._format('wrong')})

    def _format(self, kind: str) -> Any:
        if kind not in self._formats:
            self._formats[kind] = self._book.add_format(FORMATS[kind] if kind == 'wrong' else {'font_name': '宋体', 'font_size': 11} | FORMATS[kind])
        return self._formats[kind]


_GRID = {'border': 1, 'valign': 'vcenter', 'text_wrap': True}
FORMATS: dict[str, dict[str, Any]] = {
    'title': {'bold': True, 'font_size': 18, 'align': 'center', 'valign': 'vcenter'},
    'head': _GRID | {'bold': True, 'align': 'center', 'bg_color': SHADE, 'num_format': '@'},
    'must': _GRID | {'bold': True, 'align': 'center', 'bg_color': SHADE, 'num_format': '@', 'font_color': RED},
    'text': _GRID | {'num_format': '@'},
    'formula-like': _GRID | {'num_format': '@', 'quote_prefix': True},
    'number': _GRID | {'align': 'center'},
    'plain': {'num_format': '@'},
    'notes': _GRID | {'font_color': GREY, 'align': 'left', 'num_format': '@'},
    'example': _GRID | {'font_color': GREY, 'italic': True, 'num_format': '@'},
    'foot': {'valign': 'vcenter', 'num_format': '@', 'text_wrap': True},
    'wrong': {'font_color': '#FFFFFF', 'bg_color': RED},
}


def _kind(text: str) -> str:
    """Return the format of a text: what begins like a formula keeps an apostrophe, also when the sheet is saved as CSV."""
    return 'formula-like' if text[:1] in {'=', '+', '-', '@', '\t', '\r'} else 'text'


def _merged(sheet: Worksheet, row: int, col: int, rows: int, cols: int, text: str, style: Any) -> None:
    if rows > 1 or cols > 1:
        sheet.merge_range(row, col, row + rows - 1, col + cols - 1, '', style)
    sheet.write_string(row, col, text, style)


def _shown(value: Value | Cell) -> str:
    return '' if value is None else str(value)


def _letters(col: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(col))
