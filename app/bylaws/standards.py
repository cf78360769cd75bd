"""What must hold of the evaluation standards at hand, and what becomes of the rows of their workbook."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.checks import check_long, check_text
from app.codes import read_level, read_occupation_code
from app.errors import Refused
from app.findings import Finding
from app.intake_table import Column, Row, Table
from app.organizations.occupations import known

KINDS: Mapping[str, str] = {'national': '国家职业技能标准', 'norm': '评价规范'}
YEARS = (1990, 2100)  # an edition outside is a slip of the pen
WORDS: Mapping[str, str] = {
    'occupation_code': '职业编码', 'occupation': '职业', 'work_type': '工种', 'kind': '类别', 'name': '标准名称', 'edition': '版本年份', 'levels': '等级范围',
    'issue_no': '发布文号', 'publicized': '已备案公示', 'kept_at': '存放位置', 'books': '教材/大纲'}
COLUMNS = (
    Column('occupation_code', '职业编码', required=True, kind='code'), Column('occupation', '职业', required=True, aliases=('职业名称',)), Column('work_type', '工种'),
    Column('kind', '类别'), Column('name', '标准名称', required=True), Column('edition', '版本年份', required=True, kind='int'),
    Column('levels', '等级范围', required=True, aliases=('等级',)), Column('issue_no', '发布文号'), Column('publicized', '已备案公示'), Column('kept_at', '存放位置'),
    Column('books', '教材/大纲', aliases=('教材',)))
BOOK = ('title', 'author', 'publisher', 'year')
Book = dict[str, Any]
Outcome = Literal['new', 'same', 'changed', 'bad']


def read_standard(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the checked values of a standard, all of them; raises Refused naming the first that is wrong (VAL-05, VAL-06, OCC-05)."""
    made = {key: READERS[key](values.get(key)) for key in WORDS}
    check_occupation(made['occupation_code'], made['occupation'])
    return made


def check_occupation(code: str, name: str) -> None:
    """Refuse a name that the list of occupations knows otherwise (source: OCC-05)."""
    if (rows := known(code)) and name not in {row.name for row in rows}:
        raise Refused(f'编码{code}的职业名称是“{rows[0].name}”，现为“{name}”，请改为规范名称。', rule='OCC-05')


def books_text(books: Iterable[Book]) -> str:
    """Return books as a cell holds them, one a line: 书名｜作者｜出版社｜年份."""
    return '\n'.join('｜'.join(str(book.get(key) or '') for key in BOOK).rstrip('｜') for book in books)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one row: values as they will be kept, and why not when it is bad."""

    row: int  # number in the sheet
    outcome: Outcome
    values: dict[str, Any]
    findings: tuple[Finding, ...] = ()
    standard_id: int = 0  # of the row it is the same as, or changes


Key = tuple[str, str, str, int]  # code, work type, name, edition: what tells standards apart


def key_of(values: Mapping[str, Any]) -> Key:
    """Return what tells a standard from others."""
    return values['occupation_code'], values['work_type'], values['name'], values['edition']


def fates(table: Table, kept: Mapping[Key, tuple[int, Mapping[str, Any]]]) -> list[Fate]:
    """Return what becomes of every row, in the sheet's order; kept: standards of the register by key, each with its id and values."""
    judged: list[Fate] = []
    seen: dict[Key, int] = {}
    for row in table.rows:
        values, findings = _values(table, row)
        if not findings and key_of(values) in seen:
            findings.append(_fault(table, row, 'name', '', f'与第{seen[key_of(values)]}行是同一标准，请删去一行，教材写在同一格内。'))
        if findings:
            judged.append(Fate(row.number, 'bad', values, tuple(findings)))
            continue
        seen[key_of(values)] = row.number
        standard_id, before = kept.get(key_of(values), (0, {}))
        outcome: Outcome = 'new' if not standard_id else 'same' if all(before[k] == v for k, v in values.items()) else 'changed'
        judged.append(Fate(row.number, outcome, values, (), standard_id))
    return judged


def _values(table: Table, row: Row) -> tuple[dict[str, Any], list[Finding]]:
    values: dict[str, Any] = {}
    findings = list(row.faults)
    misread = {f.subject for f in row.faults}
    for column in COLUMNS:
        if table.address(row, column.key) in misread:
            continue
        try:
            values[column.key] = READERS[column.key](row.values[column.key])
        except Refused as refused:
            findings.append(_fault(table, row, column.key, refused.rule, refused.sentence))
    if values.get('kind') == 'norm' and not row.values['publicized']:
        values['publicized'] = False  # a norm counts only when somebody says that it was publicized
    if not findings:
        try:
            check_occupation(values['occupation_code'], values['occupation'])
        except Refused as refused:
            findings.append(_fault(table, row, 'occupation', refused.rule, refused.sentence))
    return values, findings


def _fault(table: Table, row: Row, key: str, rule: str, sentence: str) -> Finding:
    return Finding(rule, 'block', table.address(row, key), f'{table.place(row, key)}：{sentence}')


def _code(value: Any) -> str:
    return read_occupation_code(str(value or '')).occupation


def _kind(value: Any) -> str:
    text = str(value or '').strip() or 'national'
    for kind, word in KINDS.items():
        if text in (kind, word):
            return kind
    raise Refused(f'没有“{text}”这种类别，请填{"或".join(KINDS.values())}。')


def _edition(value: Any) -> int:
    text = str(value or '').strip().removesuffix('年版').removesuffix('年')
    if not text.isascii() or not text.isdigit() or not YEARS[0] <= int(text) <= YEARS[1]:
        raise Refused(f'“版本年份”应为4位年份（如2019），现为“{text[:20]}”，请核对标准封面。')
    return int(text)


def _levels(value: Any) -> list[int]:
    parts = value if isinstance(value, (list, tuple)) else [part for part in re.split(r'[、,，;；/\s]+', str(value or '').strip()) if part]
    if not parts:
        raise Refused('“等级范围”还没有填写，请填标准所含等级，如5、4、3。', rule='VAL-06')
    return sorted({read_level(str(part)) for part in parts}, reverse=True)


def _yes(value: Any) -> bool:
    text = str(value).strip() if value not in (None, '') else '是'
    if text not in ('是', '否', 'True', 'False'):
        raise Refused(f'“已备案公示”请填是或否，现为“{text[:20]}”。')
    return text in ('是', 'True')


def _books(value: Any) -> list[Book]:
    if isinstance(value, list):
        return value
    lines = [line.strip() for line in check_long('教材/大纲', str(value or ''), 4000, required=False).split('\n')]
    return [_book(line) for line in lines if line]


def _book(line: str) -> Book:
    parts = [part.strip() for part in re.split(r'[|｜]', line)] + [''] * 3
    title, author, publisher, year = parts[:4]
    if len(parts) > 4 + 3 or (year and not (year.isascii() and year.isdigit() and YEARS[0] <= int(year) <= YEARS[1])):
        raise Refused(f'教材“{line[:30]}”请按“书名｜作者｜出版社｜年份”填写，一本一行，年份为4位数字，可以留空。')
    return {'title': check_text('书名', title, 100), 'author': check_text('作者', author, 60, required=False),
            'publisher': check_text('出版社', publisher, 60, required=False), 'year': int(year) if year else None}


READERS: Mapping[str, Callable[[Any], Any]] = {
    'occupation_code': _code, 'occupation': lambda v: check_text('职业', str(v or ''), 60),
    'work_type': lambda v: check_text('工种', str(v or '').strip('—- '), 60, required=False), 'kind': _kind, 'name': lambda v: check_text('标准名称', str(v or ''), 100),
    'edition': _edition, 'levels': _levels, 'issue_no': lambda v: check_text('发布文号', str(v or ''), 60, required=False), 'publicized': _yes,
    'kept_at': lambda v: check_text('存放位置', str(v or ''), 100, required=False), 'books': _books}
