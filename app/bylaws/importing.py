"""The workbook of evaluation standards: template, export in the same columns, import as a job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.access import Permission
from app.bylaws.operations import write_standards
from app.bylaws.queries import kept_standards
from app.bylaws.standards import COLUMNS, Fate, books_text, fates
from app.bylaws.standards import KINDS as KIND_WORDS
from app.files import read_file
from app.intake import read_table
from app.intake_table import Table
from app.jobs import Kind, Running, queue_job
from app.organizations.occupations import occupations
from app.words import level_digits
from app.work import Work
from db.files import StoredFile
from db.jobs import Job

if TYPE_CHECKING:
    from app.xlsx import Column

ROWS = 'standards.import'
SLICE = 100
SHEET = '职业标准'
NOTES = '一行一项标准或评价规范，带*的必填。等级范围写数字，用顿号隔开，如5、4、3。教材一本一行（格内按Alt+Enter换行），写成“书名｜作者｜出版社｜年份”，作者、出版社、年份可以留空。'
_WIDTHS = (14, 16, 16, 18, 34, 10, 14, 24, 12, 20, 48)
_EXAMPLE = ('6-18-01-01', '车工', '', '国家职业技能标准', '车工国家职业技能标准', '2018', '5、4、3、2、1', '人社厅发〔××××〕×号', '是', '题库室资料柜', '车工（中级）｜张三｜示例出版社｜2021')
_FIXED = datetime.fromisoformat('2026-01-01T00:00:00+08:00')  # a template has no record: its bytes never change


def judge(work: Work, *, data: bytes, name: str) -> tuple[Table, list[Fate]]:
    """Return the workbook as read and the fate of every row; writes nothing. raises Refused"""
    work.require(Permission.BYLAWS_WRITE)
    table = read_table(data, COLUMNS, name_shown=name)
    return table, fates(table, kept_standards(work))


def queue_standards(work: Work, *, file_id: int) -> Job:
    """Queue the import of a kept workbook. raises NotYours"""
    work.require(Permission.BYLAWS_WRITE)
    return queue_job(work, ROWS, '导入职业标准', file_id=work.get(StoredFile, file_id).id)


def import_standards(job: Running) -> None:
    """Write good rows in slices; what was written before a restart is found again as the same."""
    with job.look() as work:
        row, data = read_file(work, int(job.args['file_id']))
        _table, judged = judge(work, data=data, name=row.name)
    good = [f for f in judged if f.outcome in ('new', 'changed')]
    count = Counter(f.outcome for f in judged)
    for start in range(0, len(good), SLICE):
        with job.begin() as work:
            write_standards(work, rows=good[start:start + SLICE])
        job.report(min(start + SLICE, len(good)), len(good), f'已写入{min(start + SLICE, len(good))}行')
    job.finish(f'新增{count["new"]}项，更新{count["changed"]}项，无变化{count["same"]}项，有误未导入{count["bad"]}行。', **{k: count[k] for k in ('new', 'changed', 'same', 'bad')})


def template_xlsx() -> bytes:
    """Return the empty workbook for import: notes, heads, example, value lists."""
    from app.xlsx import Book

    return Book(f'{SHEET}模板', made_at=_FIXED).template(SHEET, _columns(), NOTES).to_bytes()


def export_xlsx(rows: Iterable[Any], made_at: datetime) -> bytes:
    """Return standards in the columns of the template: imported again unchanged, nothing changes."""
    from app.xlsx import Book

    return Book(SHEET, made_at=made_at).sheet(SHEET, _columns(), [[_cell(row, c.key) for c in COLUMNS] for row in rows]).to_bytes()


def rows_back_xlsx(rows: Sequence[tuple[Mapping[str, str], str]]) -> bytes:
    """Return bad rows in the same template, with a last column for the reason: {column key: text} and why."""
    from app.xlsx import Book, Column

    lines = [[*(values.get(c.key) or '' for c in COLUMNS), reason] for values, reason in rows]
    return Book(f'{SHEET}有误的行', made_at=_FIXED).sheet(SHEET, [*_columns(), Column('原因', 60)], lines).to_bytes()


def _cell(row: Any, key: str) -> str:
    value = getattr(row, key)
    match key:
        case 'kind':
            return KIND_WORDS[value]
        case 'levels':
            return level_digits(value)
        case 'publicized':
            return '是' if value else '否'
        case 'books':
            return books_text(value)
        case _:
            return str(value)


def _columns() -> list[Column]:
    from app.xlsx import Column

    options = {'kind': tuple(KIND_WORDS.values()), 'publicized': ('是', '否'), 'work_type': tuple(sorted({o.work_type for o in occupations() if o.work_type}))}
    return [Column(c.head, width, required=c.required, options=options.get(c.key, ()), example=example)
            for c, width, example in zip(COLUMNS, _WIDTHS, _EXAMPLE, strict=True)]


KINDS: dict[str, Kind] = {ROWS: import_standards}
