"""The child process that opens a user's workbook: a hostile file can kill this process, never the server (stack.md §0.1).

Run by path in isolated mode, with limits; it imports the standard library and calamine only. In: one line of JSON, then the file.
Out: lines of JSON as `_answers` describes, written while the server already reads them.
"""

from __future__ import annotations

import gc
import io
import json
import os
import sys
import unicodedata
from datetime import date, datetime, time
from operator import itemgetter

TYPE_CHECKING = False  # by hand: `typing` would take a fifth of the start of this process
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from python_calamine import CalamineSheet

MEMORY_BYTES = 1 << 30
HAS_LIMITS = sys.platform != 'win32'
CPU_S = 4  # a refusal has to come within 5 s; 20,000 × 100 cells take about 2 s
ANSWER_BYTES = 64 << 20
BLOCK_ROWS = 500
HEAD_ROWS = 10  # heads stand within the first ten rows: notes and titles may stand above them


def bare_head(text: object) -> str:
    """Return a head without blanks, line breaks, full-width forms and the marks of required columns: '* 姓 名：' is '姓名'."""
    folded = unicodedata.normalize('NFKC', str(text))
    return ''.join(sign for sign in folded if not sign.isspace() and sign not in '*:')


def main() -> None:
    """Answer one question on standard input; an empty input means that the file was refused before."""
    if not (line := sys.stdin.buffer.readline()):
        return
    limit_self()
    gc.disable()  # rows of cells hold no cycles, and the process ends at once
    count = 0
    for answer in _answers(sys.stdin.buffer.read(), json.loads(line)):
        text = json.dumps(answer, ensure_ascii=False, default=_day).encode()
        if (count := count + len(text)) > ANSWER_BYTES:
            sys.stdout.buffer.write(b'{"fault": "much"}\n')
            break
        sys.stdout.buffer.write(text + b'\n')
    sys.stdout.buffer.flush()
    os._exit(0)  # at once: taking a large table apart takes as long as writing it


def limit_self() -> None:
    """Set the limits that the system has: memory, computing time, no files, no core dump with people's data in it."""
    if sys.platform != 'win32':
        import resource

        for what, limit in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_S), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
            resource.setrlimit(what, (limit, limit))


def _answers(data: bytes, question: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the head of the table, its rows in blocks, and {'end': True}; or {'fault': …} alone."""
    from python_calamine import CalamineError

    try:
        found = _search(data, question)
    except CalamineError:
        yield {'fault': 'broken'}
    else:
        if isinstance(found, dict):
            yield found
        else:
            yield from _blocks(*found)
            yield {'end': True}


def _search(data: bytes, question: dict[str, Any]) -> tuple[CalamineSheet, int, list[list[int]]] | dict[str, Any]:
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
            return {'fault': 'size', 'rows': last_row + 1, 'columns': last_column + 1}
        hits, head_row, places = _heads_of(sheet, question['words'])
        if hits and all(found for found, required in zip(places, question['required'], strict=True) if required):
            return sheet, head_row, places
        if hits > most:
            most, best = hits, (sheet, head_row, places)
    return best or {'fault': 'heads'}


def _heads_of(sheet: CalamineSheet, words: Sequence[Sequence[str]]) -> tuple[int, int, list[list[int]]]:
    """Return how many columns the best of the first rows names, its index, and for each column the indexes where its head stands."""
    best: tuple[int, int, list[list[int]]] = (0, 0, [[] for _ in words])
    for index, cells in enumerate(sheet.to_python(skip_empty_area=False, nrows=HEAD_ROWS)):
        bare = [bare_head(cell) for cell in cells]
        places = [[at for at, head in enumerate(bare) if head and head in names] for names in words]
        if (hits := sum(map(bool, places))) > best[0]:
            best = hits, index, places
    return best


def _blocks(sheet: CalamineSheet, head_row: int, places: list[list[int]]) -> Iterator[dict[str, Any]]:
    """Yield name, head row, heads, places and merged ranges, all indexes from 0; then blocks of {'numbers', 'cells'}.

    Of each row come its number from 1 and the cells of the columns found, in the order of `places`.
    Rows without any of these cells and rows marked 示例 in the first column are left out.
    """
    rows = sheet.to_python(skip_empty_area=False)
    heads = rows[head_row]
    yield {
        'sheet': sheet.name, 'head_row': head_row, 'heads': [str(head).strip() for head in heads], 'places': places,
        'merged': [(start, end) for start, end in sheet.merged_cell_ranges or [] if end[0] >= head_row]}
    first = next(at for at, head in enumerate(heads) if head != '')
    asked = [found[0] for found in places if found]
    pick = itemgetter(*asked) if len(asked) > 1 else lambda row: (row[asked[0]],)
    for start in range(head_row + 1, len(rows), BLOCK_ROWS):
        block = enumerate(rows[start:start + BLOCK_ROWS], start + 1)
        picked = [(number, pick(row)) for number, row in block if not str(row[first]).lstrip().startswith('示例')]
        kept = [(number, cells) for number, cells in picked if str(cells[0]).strip() or any(str(cell).strip() for cell in cells)]
        yield {'numbers': [number for number, _ in kept], 'cells': [cells for _, cells in kept]}


def _day(value: object) -> dict[str, str]:
    if isinstance(value, datetime) and value.time() != time():
        return {'text': str(value)}
    return {'day': value.isoformat()[:10]} if isinstance(value, date) else {'text': str(value)}


if __name__ == '__main__':
    main()
