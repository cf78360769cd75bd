"""Reading workbooks that people hand in: nothing is trusted, and every fault is a Chinese sentence that names its place."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from itertools import chain
from pathlib import Path
from threading import Timer
from typing import Any

from app import intake_child
from app.errors import Refused
from app.findings import Finding
from app.intake_cells import BLANKS, Cell, Kind, Moment, Value, cell_text, value_or_refusal
from app.zips import opened_zip, pieces, shown_name

ROWS, COLUMNS = 20_000, 100
XLSX_BYTES, XLS_BYTES = 20 << 20, 5 << 20
WAIT_S = 20  # for a busy machine; the child's own computing time is shorter

XLS_LOCKED = re.compile(rb'\x09\x08\x10\0\0\x06\x05\0.{12}(?:\x86\0\0\0)?\x2f\0', re.DOTALL)  # a password record follows the first one
OLE = b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'
FAR = re.compile(rb'r="(?:[A-Z]{2,3}\d|[A-Z]?\d{5})')  # cheap: few sheets hold such an address; other ways to write it are left to the child
CELL = re.compile(rb'<(?:\w+:)?(?:c|row)\s(?:[^<>]*?\s)?r\s*=\s*["\']([A-Z]{0,3})(\d{1,9})["\']')
KINDS = tuple((re.compile(mark, re.DOTALL), kind) for mark, kind in (
    (rb'\xff\xd8\xff', 'JPG图片'), (rb'\x89PNG', 'PNG图片'), (rb'GIF8', 'GIF图片'), (rb'BM.{4}\0\0', 'BMP图片'), (rb'RIFF.{4}WEBP', 'WEBP图片'),
    (rb'II\*\0|MM\0\*', 'TIFF图片'), (rb'.{4}ftyp(?:hei|mif|avi)', 'HEIC图片'), (rb'.{4}ftyp', '视频'), (rb'%PDF', 'PDF文件'),
    (rb'PK[\3\5]', 'ZIP压缩包或Office文档'), (rb'\xd0\xcf\x11\xe0', '旧版Office文档'), (rb'Rar!', 'RAR压缩包'), (rb'7z\xbc\xaf', '7z压缩包'),
    (rb'\{\\rtf', 'RTF文档'), (rb'\s*<', '网页、SVG或XML文本'), (rb'\Z', '空文件'), (rb'.*\0', '未知类型的文件'),
))


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


Reader = tuple[str, bool, Column, str, dict[object, Value | Refused]]  # key, whether text, column, its letters, what its cells so far meant


@dataclass(slots=True)
class Row:
    """One row as read: number is the sheet's own; a blank or misread cell is None; written holds the text of misread cells."""

    number: int
    values: dict[str, Value]
    faults: list[Finding] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)

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
    """What was read: the sheet's name, the row of its heads, the column letters {key: 'D'}, heads nobody asked for, and the rows."""

    sheet: str
    head_row: int
    letters: dict[str, str]
    unread: tuple[str, ...]
    rows: list[Row]

    def place(self, row: Row, key: str) -> str:
        """Return where a fault stands, in words: 第4行D4, or 第4行 for a column that the sheet lacks."""
        return f'第{row.number}行{self.letters[key]}{row.number}' if key in self.letters else f'第{row.number}行'

    def address(self, row: Row, key: str) -> str:
        """Return the address of a cell, e.g. 'D4'; for a column that the sheet lacks the row alone."""
        return f'{self.letters[key]}{row.number}' if key in self.letters else f'第{row.number}行'


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


def column_letters(index: int) -> str:
    """Return the letters of a column: 0 is A, 26 is AA."""
    head, last = divmod(index, 26)
    return (column_letters(head - 1) if head else '') + chr(ord('A') + last)


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
    """Start the reader with an environment of its own: it needs no key, no database address."""
    needed = {key: os.environ[key] for key in ('SYSTEMROOT', 'LD_LIBRARY_PATH') if key in os.environ}
    return subprocess.Popen(
        [sys.executable, '-I', str(Path(intake_child.__file__))], env=needed, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, creationflags=getattr(subprocess, 'CREATE_NO_WINDOW', 0))


def _read(child: subprocess.Popen[bytes], data: bytes, columns: Sequence[Column], name: str) -> Table:
    """Return the table from the child's blocks of rows, each built while the child prepares the next."""
    answers = _answers(child, data, columns)
    head = next(answers)
    _check_fault(head, columns, name)
    _check_heads(head, columns, name)
    places: list[list[int]] = head['places']
    letters = {column.key: column_letters(at[0]) for column, at in zip(columns, places, strict=True) if at}
    readers: list[Reader] = [
        (column.key, column.kind in {'text', 'code'}, column, letters[column.key], {}) for column in columns if column.key in letters]
    absent: dict[str, Value] = {column.key: None for column in columns if column.key not in letters}
    rows: list[Row] = []
    for block in answers:
        _check_fault(block, columns, name)
        for number, cells in zip(block['numbers'], block['cells'], strict=True):
            rows.append(row := Row(number, dict(absent)))
            _fill(row, readers, cells)
    by_number = {row.number: row for row in rows}
    for start, end in head['merged']:
        if start[0] > head['head_row'] and (at := by_number.get(start[0] + 1)):
            place = _range(start, end)
            at.faults.append(Finding('', 'block', place, f'{place}是合并单元格，只有左上角一格有内容。请取消合并并逐格填写。'))
    used = set(chain(*places))
    unread = tuple(title for at, title in enumerate(head['heads']) if title and at not in used)
    return Table(head['sheet'], head['head_row'] + 1, letters, unread, rows)


def _fill(row: Row, readers: Sequence[Reader], cells: Sequence[Cell]) -> None:
    """Convert the cells of a row; each different cell of a column is judged once, since dates and scores repeat in a roster."""
    values = row.values
    for (key, is_text, column, letters, known), cell in zip(readers, cells, strict=True):
        if is_text and cell.__class__ is str and (text := cell.strip(BLANKS)):
            values[key] = text
            continue
        mark = cell.__class__, cell
        if mark not in known:
            known[mark] = value_or_refusal(column.kind, cell)
        value = known[mark]
        if isinstance(value, Refused) or (value is None and column.required):
            place = f'{letters}{row.number}'
            said = value.sentence if isinstance(value, Refused) else '不能为空，请填写。'
            row.faults.append(Finding('', 'block', place, f'{place}“{column.head}”：{said}'))
            row.written[key] = cell_text(cell)
        values[key] = None if isinstance(value, Refused) else value


def _answers(child: subprocess.Popen[bytes], data: bytes, columns: Sequence[Column]) -> Iterator[dict[str, Any]]:
    """Yield the child's answers; its death and its silence are the fault 'broken'."""
    words = [[intake_child.bare_head(word) for word in (column.head, *column.aliases)] for column in columns]
    assert len(set(chain(*words))) == len(list(chain(*words))), 'two columns with one head'
    question = {'words': words, 'required': [column.required for column in columns], 'max_rows': ROWS, 'max_columns': COLUMNS}
    assert child.stdin and child.stdout
    clock = Timer(WAIT_S, child.kill)
    clock.start()
    try:
        with suppress(OSError):  # it died while it was told
            child.stdin.write(json.dumps(question).encode() + b'\n' + data)
            child.stdin.close()
        for line in child.stdout:
            if (answer := json.loads(line, object_hook=_day)) == {'end': True}:
                return
            yield answer
        yield {'fault': 'broken'}
    finally:
        clock.cancel()


def _day(found: dict[str, Any]) -> Any:
    """Return a date or a moment where the child wrote one."""
    if 'day' in found:
        return date.fromisoformat(found['day'])
    return Moment(found['text']) if 'text' in found else found


def _check_fault(answer: dict[str, Any], columns: Sequence[Column], name: str) -> None:
    """Refuse what the child refuses."""
    match answer.get('fault'):
        case None:
            return
        case 'size':
            _refuse_size(answer['rows'], answer['columns'], name)
        case 'much':
            raise Refused(f'“{name}”的文字过多，不能一次导入。请分成几个文件上传。')
        case 'heads':
            heads = '、'.join(f'“{column.head}”' for column in columns if column.required)
            raise Refused(f'“{name}”的可见工作表前{intake_child.HEAD_ROWS}行内没有找到表头{heads}。请下载模板，照模板的表头填写后再上传。')
        case _:
            raise Refused(f'“{name}”无法读取：文件已损坏，或内容异常庞大。请用Excel或WPS打开后另存为.xlsx再上传。')


def _check_heads(answer: dict[str, Any], columns: Sequence[Column], name: str) -> None:
    """Refuse merged, missing and doubled heads; all of a kind are named at once."""
    head_row, sheet = answer['head_row'], answer['sheet']
    if merged := [_range(start, end) for start, end in answer['merged'] if start[0] <= head_row <= end[0]]:
        raise Refused(f'“{name}”工作表“{sheet}”的表头有合并单元格（{"、".join(merged[:10])}）。请取消合并，使每列各有一个表头，再上传。')
    found = list(zip(columns, answer['places'], strict=True))
    if missing := '、'.join(f'“{column.head}”' for column, at in found if column.required and not at):
        raise Refused(f'“{name}”工作表“{sheet}”第{head_row + 1}行的表头缺少{missing}。请照模板补上该列后再上传。')
    if doubled := [(column.head, at) for column, at in found if len(at) > 1]:
        said = '；'.join(f'“{head}”（{"、".join(f"{column_letters(i)}{head_row + 1}" for i in at)}）' for head, at in doubled)
        raise Refused(f'“{name}”工作表“{sheet}”的表头重复：{said}。请只保留一列后再上传。')


def _range(start: Sequence[int], end: Sequence[int]) -> str:
    return f'{column_letters(start[1])}{start[0] + 1}:{column_letters(end[1])}{end[0] + 1}'


def _locked(name: str) -> str:
    return f'“{name}”设有打开密码，无法读取。请用Excel或WPS打开，在“文件”→“信息”→“保护工作簿”中去掉密码，保存后再上传。'


def _macros(name: str) -> str:
    return f'“{name}”含有宏，不能导入。请用Excel或WPS另存为不含宏的“Excel工作簿（*.xlsx）”后再上传。'
