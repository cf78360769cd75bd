"""The child process that opens a user's workbook: a hostile file can kill this process, never the server (stack.md §0.1).

Run in isolated mode, with limits; it imports a little of the standard library and calamine only. In: a question of our own, then the file.
Out: what `_table` describes, a column at a time, while the server already reads the first ones.
"""

from __future__ import annotations

import gc
import io
import marshal
import os
import sys
import unicodedata
from itertools import islice

TYPE_CHECKING = False  # by hand: `typing` would take as long as all imports above; `json` and `datetime` are missed for the same reason
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from python_calamine import CalamineSheet

MEMORY_BYTES = 1 << 30
HAS_LIMITS = sys.platform != 'win32'
CPU_S = 4  # a refusal has to come within 5 s; 20,000 × 100 cells take about 2 s
ANSWER_BYTES = 64 << 20
BLOCK_ROWS = 200  # rows read at a time
HEAD_ROWS = 10  # heads stand within the first ten rows: notes and titles may stand above them
END = '\0'  # between the cells of a column: no workbook in XML can hold it
TEXTS, MARKED = b'texts', b'marked'  # a column of texts alone, and one whose cells each begin with a letter for their type


def bare_head(text: object) -> str:
    """Return a head without blanks, line breaks, full-width forms and the marks of required columns: '* 姓 名：' is '姓名'."""
    folded = unicodedata.normalize('NFKC', str(text))
    return ''.join(sign for sign in folded if not sign.isspace() and sign not in '*:')


def places_of(heads: Iterable[object], words: Sequence[Sequence[str]]) -> list[list[int]]:
    """Return for each column asked for, by its bare words, the indexes where its head stands."""
    bare = [bare_head(head) for head in heads]
    return [[at for at, head in enumerate(bare) if head and head in names] for names in words]


def main() -> None:
    """Answer one question on standard input; an empty input means that the file was refused before."""
    try:
        question = marshal.load(sys.stdin.buffer)  # written by the server that started this process
    except EOFError:
        return
    limit_self()
    gc.disable()  # rows of cells hold no cycles, and the process ends at once
    count = 0
    for piece in _answer(sys.stdin.buffer.read(), question):
        if (count := count + len(piece)) > ANSWER_BYTES:
            sys.stdout.buffer.write(b'fault much\n')
            break
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
    os._exit(0)  # at once: taking a large table apart takes as long as writing it


def limit_self() -> None:
    """Set the limits that the system has: memory, computing time, no files, no core dump with people's data in it."""
    if sys.platform != 'win32':
        import resource

        for what, limit in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_S), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
            resource.setrlimit(what, (limit, limit))


def _answer(data: bytes, question: dict[str, Any]) -> Iterator[bytes]:
    """Yield the table, or one line with the fault for which there is none."""
    from python_calamine import CalamineError

    try:
        found = _search(data, question)
    except CalamineError:
        yield b'fault broken\n'
    else:
        yield from (found,) if isinstance(found, bytes) else _table(*found)


def _search(data: bytes, question: dict[str, Any]) -> tuple[CalamineSheet, int, list[list[int]]] | bytes:
    """Return the first visible sheet with all required heads, else the one with most heads, its head row and the columns' places."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    most, best = 0, None
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for number, meta in enumerate(book.sheets_metadata):
        if meta.visible != SheetVisibleEnum.Visible or meta.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(number)
        last_row, last_column = sheet.end or (-1, -1)
        if last_row >= question['max_rows'] or last_column >= question['max_columns']:
            return b'fault size %d %d\n' % (last_row + 1, last_column + 1)
        hits, head_row, places = _heads_of(sheet, question['words'])
        if hits and all(found for found, required in zip(places, question['required'], strict=True) if required):
            return sheet, head_row, places
        if hits > most:
            most, best = hits, (sheet, head_row, places)
    return best or b'fault heads\n'


def _heads_of(sheet: CalamineSheet, words: Sequence[Sequence[str]]) -> tuple[int, int, list[list[int]]]:
    """Return how many columns the best of the first rows names, its index, and for each column the indexes where its head stands."""
    best: tuple[int, int, list[list[int]]] = (0, 0, [[] for _ in words])
    for index, cells in enumerate(sheet.to_python(skip_empty_area=False, nrows=HEAD_ROWS)):
        places = places_of(cells, words)
        if (hits := sum(map(bool, places))) > best[0]:
            best = hits, index, places
        if hits == len(words):
            break
    return best


def _table(sheet: CalamineSheet, head_row: int, places: list[list[int]]) -> Iterator[bytes]:
    """Yield the table: a line with the index of the head row and the count of rows below it, then columns as `_column` writes them.

    First the sheet's name, the heads, the merged ranges as 'row,column,row,column' from 0, and the indexes of rows left out, counted from
    the first one below the heads; then each column found, in the order of `places`, without those rows.
    Rows without any of these cells and rows marked 示例 in the first column are left out.
    """
    unused = sheet.start[1] if sheet.start else 0  # columns before the first used one, which the rows lack
    rows = islice(sheet.iter_rows(), head_row, None)
    heads = [''] * unused + next(rows)
    first = next(at for at, head in enumerate(heads) if head != '') - unused
    asked = [found[0] - unused for found in places if found]
    parts: list[list[tuple[bool, str]]] = [[] for _ in asked]
    left_out: list[int] = []
    count = 0
    while block := list(islice(rows, BLOCK_ROWS)):  # in blocks, so that their memory is used again
        columns: list[Sequence[Any]] = list(zip(*block, strict=True))
        if out := _left_out(columns, first, asked):
            left_out += [count + at for at in sorted(out)]
            columns = [[cell for at, cell in enumerate(column) if at not in out] for column in columns]
        for part, at in zip(parts, asked, strict=True):
            if columns[at]:
                part.append(joined(columns[at]))
        count += len(block)
    merged = [f'{start[0]},{start[1]},{end[0]},{end[1]}' for start, end in sheet.merged_cell_ranges or [] if end[0] >= head_row]
    yield b'table %d %d\n' % (head_row, count)
    for texts in ([sheet.name], [str(head).strip() for head in heads], merged, list(map(str, left_out))):
        yield _column([joined(texts)] if texts else [], len(texts))
    for part in parts:
        yield _column(part, count - len(left_out))


def _left_out(columns: Sequence[Sequence[Any]], first: int, asked: Sequence[int]) -> set[int]:
    """Return the indexes of the rows of a block that are examples or hold nothing asked for."""
    out = {at for at, text in enumerate(map(str, columns[first])) if '示例' in text and text.lstrip().startswith('示例')}
    out.update(at for at, text in enumerate(map(str, columns[asked[0]]))
               if (not text or text.isspace()) and not any(str(columns[other][at]).strip() for other in asked))
    return out


def _column(parts: Sequence[tuple[bool, str]], count: int) -> bytes:
    """Return a line with the kind of a column, its count of cells and of bytes, and then its cells."""
    some = any(marked for marked, _ in parts)
    texts = [text if marked or not some else END.join(f's{cell}' for cell in text.split(END)) for marked, text in parts]
    data = END.join(texts).encode()
    return b'%s %d %d\n%s' % (MARKED if some else TEXTS, count, len(data), data)


def joined(cells: Sequence[Any]) -> tuple[bool, str]:
    """Return whether cells had to be marked with their types, and all of them in one text."""
    try:
        marked, text = False, END.join(cells)
    except TypeError:
        marked, text = True, END.join(map(_marked, cells))
    if text.count(END) >= len(cells):  # only an old .xls can hold this sign; the next one is refused like it wherever it matters
        marked, text = True, END.join(_marked(cell).replace(END, '\1') for cell in cells)
    return marked, text


def _marked(cell: object) -> str:
    """Return a cell as the server's `Cells.cell` reads it back."""
    match cell:
        case str():
            return f's{cell}'
        case bool():
            return f'b{cell:d}'
        case int():
            return f'i{cell}'
        case float():
            return f'f{cell!r}'
    from datetime import date, datetime, time

    if isinstance(cell, date) and not (isinstance(cell, datetime) and cell.time() != time()):
        return f'd{cell.isoformat()[:10]}'
    return f't{cell}'
