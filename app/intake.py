"""Reading workbooks that people hand in: nothing is trusted, and every fault is a Chinese sentence that names its place."""

from __future__ import annotations

import marshal
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from itertools import chain
from pathlib import Path
from threading import Timer
from typing import IO

from app import intake_child
from app.errors import Refused
from app.findings import Finding
from app.intake_cells import Value
from app.intake_table import Cells, Column, Table, column_letters, read_cells, take_column
from app.zips import opened_zip, pieces, shown_name

ROWS, COLUMNS = 20_000, 100
XLSX_BYTES, XLS_BYTES = 20 << 20, 5 << 20
WAIT_S = 20  # for a busy machine; the child's own computing time is shorter

CHILD = 'import sys; sys.path += sys.argv[1:]; import intake_child; intake_child.main()'  # imported, not run by path: so it is compiled but once

XLS_LOCKED = re.compile(rb'\x09\x08\x10\0\0\x06\x05\0.{12}(?:\x86\0\0\0)?\x2f\0', re.DOTALL)  # a password record follows the first one
OLE = b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'
FAR = re.compile(rb'r="[A-Z]?+1?+[0-9]{0,4}+[A-Z0-9]')  # two letters, or a row from 20,000 on, as ROWS has it; other ways to write an address are left to the child
CELL = re.compile(rb'<(?:\w+:)?(?:c|row)\s(?:[^<>]*?\s)?r\s*=\s*["\']([A-Z]{0,3})(\d{1,9})["\']')
KINDS = tuple((re.compile(mark, re.DOTALL), kind) for mark, kind in (
    (rb'\xff\xd8\xff', 'JPG图片'), (rb'\x89PNG', 'PNG图片'), (rb'GIF8', 'GIF图片'), (rb'BM.{4}\0\0', 'BMP图片'), (rb'RIFF.{4}WEBP', 'WEBP图片'),
    (rb'II\*\0|MM\0\*', 'TIFF图片'), (rb'.{4}ftyp(?:hei|mif|avi)', 'HEIC图片'), (rb'.{4}ftyp', '视频'), (rb'%PDF', 'PDF文件'),
    (rb'PK[\3\5]', 'ZIP压缩包或Office文档'), (rb'\xd0\xcf\x11\xe0', '旧版Office文档'), (rb'Rar!', 'RAR压缩包'), (rb'7z\xbc\xaf', '7z压缩包'),
    (rb'\{\\rtf', 'RTF文档'), (rb'\s*<', '网页、SVG或XML文本'), (rb'\Z', '空文件'), (rb'.*\0', '未知类型的文件'),
))


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the child says of a table.

    head_row: index from 0 · merged: (first row, first column, last row, last column), all from 0
    numbers: of the rows read, in the sheet, from 1 · cells: of each column found, in the order asked for
    """

    sheet: str
    head_row: int
    heads: list[str]
    merged: list[tuple[int, ...]]
    numbers: Sequence[int]
    cells: list[Cells]


def read_table(source: Path | bytes, columns: Sequence[Column], *, name_shown: str) -> Table:
    """Read the first visible sheet that holds the heads, from .xlsx or .xls.

    source: the file or its bytes · name_shown: the upload's name, text to show only
    returns rows with their faults; blank rows and rows marked 示例 are left out
    raises Refused within 5 s for whatever cannot be read as a whole
    source: security.md, What comes in; stack.md §7
    """
    name = shown_name(name_shown)
    data = _bytes_of(source, name)
    with _child() as child, ThreadPoolExecutor(1) as apart:
        early = apart.submit(_read, child, data, columns, name) if intake_child.HAS_LIMITS else None  # without limits the look comes first
        try:
            _check_file(data, name)
        except Refused:
            child.kill()
            raise
        return early.result() if early else _read(child, data, columns, name)


def kind_of(data: bytes) -> str:
    """Return in Chinese what a file really is, by its first bytes; plain text when nothing else fits."""
    start = data[:4096].removeprefix(b'\xef\xbb\xbf')
    return next((kind for mark, kind in KINDS if mark.match(start)), 'CSV或其他纯文本')


def _bytes_of(source: Path | bytes, name: str) -> bytes:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > XLSX_BYTES:
        raise Refused(f'“{name}”超过{XLSX_BYTES >> 20}MB，不能导入。请删除图片和多余的工作表，或分成几个文件上传。')
    return source if isinstance(source, bytes) else source.read_bytes()


def _check_file(data: bytes, name: str) -> None:
    """Refuse by content, whatever the name says."""
    if data.startswith(OLE):
        _check_ole(data, name)
    elif data.startswith(b'PK\3\4'):
        _check_xlsx(data, name)
    else:
        raise Refused(f'“{name}”不是Excel工作簿，实际是{kind_of(data)}。请下载模板，用Excel或WPS填写并存为.xlsx后再上传。')


def _check_ole(data: bytes, name: str) -> None:
    """Old .xls, or a container around something else: stream names stand in it as UTF-16."""
    streams = {word for word in ('EncryptedPackage', 'Workbook', 'Book', '_VBA_PROJECT_CUR') if word.encode('utf-16-le') in data}
    if 'EncryptedPackage' in streams or XLS_LOCKED.search(data):
        raise Refused(_locked(name))
    if '_VBA_PROJECT_CUR' in streams:
        raise Refused(_macros(name))
    if not streams:
        raise Refused(f'“{name}”不是Excel工作簿，可能是旧版Word或其他Office文件。请用模板填写并存为.xlsx后再上传。')
    if len(data) > XLS_BYTES:
        raise Refused(f'“{name}”是旧版.xls，超过{XLS_BYTES >> 20}MB，不能导入。请用Excel或WPS另存为.xlsx后再上传。')


def _check_xlsx(data: bytes, name: str) -> None:
    """Look at the directory, then count every part through and find the farthest cell address."""
    with opened_zip(BytesIO(data), name) as packed:
        parts = {info.filename.lower() for info in packed.infolist()}
        if 'xl/workbook.xml' not in parts:
            word = 'Word文档' if 'word/document.xml' in parts else '二进制工作簿（.xlsb）' if 'xl/workbook.bin' in parts else 'ZIP压缩包或其他格式'
            raise Refused(f'“{name}”不是.xlsx工作簿，实际是{word}。请用Excel或WPS另存为“Excel工作簿（*.xlsx）”后再上传。')
        if any(part.endswith('vbaproject.bin') for part in parts):
            raise Refused(_macros(name))
        if any('externallinks/' in part for part in parts):
            raise Refused(f'“{name}”链接了其他工作簿，不能导入。请在“数据”→“编辑链接”中断开链接，保存后再上传。')
        total = 0
        for info in packed.infolist():
            total += _check_part(packed, info, total, name)


def _check_part(packed: zipfile.ZipFile, info: zipfile.ZipInfo, total: int, name: str) -> int:
    """Return the bytes of a part; a sheet may lie under any name, so each part is searched for cell addresses."""
    count, tail, last, rows, columns = 0, b'', b'', 0, 0
    for piece in pieces(packed, info, name, already=total):
        count += len(piece)
        last = tail + piece
        if rows <= ROWS and columns <= COLUMNS and FAR.search(last):
            rows, columns = _farthest(last)
        tail = last[-256:]
    if rows > ROWS or columns > COLUMNS:
        end_rows, end_columns = _farthest(last)  # rows ascend: the end of the part knows how far they go
        _refuse_size(max(rows, end_rows), max(columns, end_columns), name)
    return count


def _farthest(text: bytes) -> tuple[int, int]:
    """Return the largest row and column, both from 1, of the cell addresses in a piece of XML."""
    rows, columns = 0, 0
    for letters, digits in set(CELL.findall(text)):
        rows = max(rows, int(digits))
        if len(letters) > 1:
            number = 0
            for letter in letters:
                number = number * 26 + letter - 64
            columns = max(columns, number)
    return rows, columns


def _refuse_size(rows: int, columns: int, name: str) -> None:
    raise Refused(
        f'“{name}”的工作表声明了{rows:,}行、{max(columns, 1):,}列，超过每次导入的上限{ROWS:,}行、{COLUMNS}列。'
        '请删除空行和空列（选中后右键“删除”，不是清除内容），保存后再上传；数据确实较多时请分成几个文件。')


def _child() -> subprocess.Popen[bytes]:
    """Start the reader with an environment of its own: it needs no key, no database address, and of what is installed calamine alone."""
    needed = {key: os.environ[key] for key in ('SYSTEMROOT', 'LD_LIBRARY_PATH') if key in os.environ}
    return subprocess.Popen(
        [sys.executable, '-I', '-S', '-c', CHILD, str(Path(intake_child.__file__).parent), _calamine()], env=needed, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, creationflags=getattr(subprocess, 'CREATE_NO_WINDOW', 0))


@cache
def _calamine() -> str:
    """Return the folder in which calamine lies."""
    found = find_spec('python_calamine')
    assert found and found.origin
    return str(Path(found.origin).parent.parent)


def _read(child: subprocess.Popen[bytes], data: bytes, columns: Sequence[Column], name: str) -> Table:
    """Return the table that the child finds in a file; its death, its silence and an answer that makes no sense are one refusal."""
    words = [[intake_child.bare_head(word) for word in (column.head, *column.aliases)] for column in columns]
    assert len(set(chain(*words))) == len(list(chain(*words))), 'two columns with one head'
    question = {'words': words, 'required': [column.required for column in columns], 'max_rows': ROWS, 'max_columns': COLUMNS}
    assert child.stdin and child.stdout
    clock = Timer(WAIT_S, child.kill)
    clock.start()
    try:
        with suppress(OSError):  # it died while it was told
            child.stdin.write(marshal.dumps(question) + data)
            child.stdin.close()
        answer = _answer(child.stdout, columns, words, name)
    except ValueError as fault:
        raise _broken(name) from fault
    finally:
        clock.cancel()
    return _table(answer, columns, words, name)


def _answer(out: IO[bytes], columns: Sequence[Column], words: Sequence[Sequence[str]], name: str) -> _Answer:
    """Read the child's answer, a column while it prepares the next; raises Refused for its faults, ValueError for what is no answer."""
    _, head_row, count = _line(out, columns, name)
    sheet, heads, merged, left_out = ([str(cells.cell(text)) for text in cells.texts] for cells in (_cells(out, columns, name) for _ in range(4)))
    if not 0 <= int(count) <= ROWS:
        raise ValueError('more rows than asked for')
    skipped = set(map(int, left_out))
    numbers: Sequence[int] = range(int(head_row) + 2, int(head_row) + 2 + int(count))
    if skipped:
        numbers = [number for at, number in enumerate(numbers) if at not in skipped]
    cells = [_cells(out, columns, name) for place in intake_child.places_of(heads, words) if place]
    if any(len(column.texts) != len(numbers) for column in cells):
        raise ValueError('columns of different lengths')
    return _Answer(sheet[0], int(head_row), heads, [tuple(map(int, where.split(','))) for where in merged], numbers, cells)


def _cells(out: IO[bytes], columns: Sequence[Column], name: str) -> Cells:
    kind, count, size = _line(out, columns, name)
    if not 0 <= int(size) <= intake_child.ANSWER_BYTES:
        raise ValueError('more bytes than allowed')
    return read_cells(out.read(int(size)).decode(), int(count), marked=kind == intake_child.MARKED)


def _line(out: IO[bytes], columns: Sequence[Column], name: str) -> tuple[bytes, bytes, bytes]:
    """Return the three words of a line, refusing what the child refuses."""
    match out.readline(100).split():
        case [b'fault', b'size', rows, width]:
            _refuse_size(int(rows), int(width), name)
        case [b'fault', b'much']:
            raise Refused(f'“{name}”的文字过多，不能一次导入。请分成几个文件上传。')
        case [b'fault', b'heads']:
            heads = '、'.join(f'“{column.head}”' for column in columns if column.required)
            raise Refused(f'“{name}”的可见工作表前{intake_child.HEAD_ROWS}行内没有找到表头{heads}。请下载模板，照模板的表头填写后再上传。')
        case [first, second, third]:
            return first, second, third
    raise _broken(name)


def _broken(name: str) -> Refused:
    return Refused(f'“{name}”无法读取：文件已损坏，或内容异常庞大。请用Excel或WPS打开后另存为.xlsx再上传。')


def _table(answer: _Answer, columns: Sequence[Column], words: Sequence[Sequence[str]], name: str) -> Table:
    """Return the table of an answer, each fault with its row."""
    places = intake_child.places_of(answer.heads, words)
    _check_heads(answer, columns, places, name)
    used = set(chain(*places))
    unread = tuple(title for at, title in enumerate(answer.heads) if title and at not in used)
    letters = {column.key: column_letters(at[0]) for column, at in zip(columns, places, strict=True) if at}
    blank: dict[str, Sequence[Value]] = {column.key: [''] * len(answer.numbers) for column in columns}
    table = Table(answer.sheet, answer.head_row + 1, letters, unread, answer.numbers, blank)
    for column, cells in zip((column for column in columns if column.key in letters), answer.cells, strict=True):
        take_column(table, column, cells)
    index = {number: at for at, number in enumerate(answer.numbers)} if answer.merged else {}
    for merged in answer.merged:
        if merged[0] > answer.head_row and merged[0] + 1 in index:
            place = _range(merged)
            said = f'{place}是合并单元格，只有左上角一格有内容。请取消合并并逐格填写。'
            table.faults.setdefault(index[merged[0] + 1], []).append(Finding('', 'block', place, said))
    return table


def _check_heads(answer: _Answer, columns: Sequence[Column], places: Sequence[Sequence[int]], name: str) -> None:
    """Refuse merged, missing and doubled heads; all of a kind are named at once."""
    head_row, sheet = answer.head_row, answer.sheet
    if merged := [_range(where) for where in answer.merged if where[0] <= head_row <= where[2]]:
        raise Refused(f'“{name}”工作表“{sheet}”的表头有合并单元格（{"、".join(merged[:10])}）。请取消合并，使每列各有一个表头，再上传。')
    found = list(zip(columns, places, strict=True))
    if missing := '、'.join(f'“{column.head}”' for column, at in found if column.required and not at):
        raise Refused(f'“{name}”工作表“{sheet}”第{head_row + 1}行的表头缺少{missing}。请照模板补上该列后再上传。')
    if doubled := [(column.head, at) for column, at in found if len(at) > 1]:
        said = '；'.join(f'“{head}”（{"、".join(f"{column_letters(i)}{head_row + 1}" for i in at)}）' for head, at in doubled)
        raise Refused(f'“{name}”工作表“{sheet}”的表头重复：{said}。请只保留一列后再上传。')


def _range(where: Sequence[int]) -> str:
    return f'{column_letters(where[1])}{where[0] + 1}:{column_letters(where[3])}{where[2] + 1}'


def _locked(name: str) -> str:
    return f'“{name}”设有打开密码，无法读取。请用Excel或WPS打开，在“文件”→“信息”→“保护工作簿”中去掉密码，保存后再上传。'


def _macros(name: str) -> str:
    return f'“{name}”含有宏，不能导入。请用Excel或WPS另存为不含宏的“Excel工作簿（*.xlsx）”后再上传。'
