"""The files a visitor of the demo fills the empty batch with: `python -m app.demo.samples` writes them into assets/demo."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO

from app.demo.photos import draw_photo
from app.demo.story import FOLDER, candidate_rows, rows_of, story
from app.intake_table import Column
from app.numbers import ticket_number
from app.registration.rules import COLUMNS
from app.scores.importing import COLUMNS as SCORE_COLUMNS
from app.words import LEVELS

MADE = datetime(2026, 11, 23, tzinfo=UTC)  # in the workbooks' properties: the day of the story, so that the bytes stay the same
WIDE = {'证件号码': 22, '工作单位': 30, '准考证号': 16, '职业编码': 13, '申报依据': 14, '联系电话': 14}


def people() -> list[dict[str, str]]:
    """Return the fourteen of batch 003 who did not pass and were not banned, with seat and sample scores for the next batch."""
    known = {row['序号']: row for row in candidate_rows()}
    return [known[row['序号']] | row | {'综合评审': ''} for row in rows_of('next_batch')]


def roster_xlsx() -> bytes:
    """Return the sample list of candidates, with the heads of the import's template."""
    return _xlsx('考生名单', COLUMNS, people())


def scores_xlsx() -> bytes:
    """Return the sample scores, by ticket number as the empty batch gives it for these seats."""
    levels = {word: level for level, word in LEVELS.items()}
    year, batch = map(int, story().next.batch.number.split('-'))
    return _xlsx('成绩', SCORE_COLUMNS, [
        row | {'准考证号': ticket_number(year, batch, levels[row['等级']], int(row['考场号']), int(row['座位号']))} for row in people()])


def photos_zip() -> bytes:
    """Return the drawn photos of the sample list, each named by ID number."""
    out = BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_STORED) as packed:  # JPEG does not shrink
        for row in people():
            packed.writestr(zipfile.ZipInfo(f'{row["证件号码"]}.jpg'), draw_photo(row['姓名'], row['性别'], int(row['序号'])))
    return out.getvalue()


SAMPLES: Mapping[str, Callable[[], bytes]] = {'示例名单.xlsx': roster_xlsx, '示例照片.zip': photos_zip, '示例成绩.xlsx': scores_xlsx}


def write() -> None:
    """Write the three files."""
    for name, made in SAMPLES.items():
        (FOLDER / name).write_bytes(made())


def _xlsx(sheet: str, columns: Sequence[Column], rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return a workbook of text cells, the same bytes for the same rows."""
    import xlsxwriter

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {'in_memory': True})
    book.set_properties({'created': MADE, 'title': f'{sheet}（演示）'})
    page = book.add_worksheet(sheet)
    text, head = book.add_format({'num_format': '@', 'border': 1}), book.add_format({'bold': True, 'border': 1, 'bg_color': '#E8EEF5'})
    for at, column in enumerate(columns):
        page.set_column(at, at, WIDE.get(column.head, 9), text)
        page.write_string(0, at, column.head, head)
        for n, row in enumerate(rows, 1):
            page.write_string(n, at, row.get(column.head, ''), text)
    page.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


if __name__ == '__main__':
    write()
