"""What a row of the candidates' workbook must hold, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from app.checks import check_name, check_phone, check_text
from app.codes import Sex, fold_line, id_findings, mask_id, read_document, read_id_number, read_level, read_occupation_code
from app.errors import Refused
from app.findings import Finding
from app.intake_table import Column, Row, Table
from app.numbers import ticket_number
from app.words import DOCUMENTS, LEVELS, SEXES

Outcome = Literal['new', 'same', 'changed', 'bad']
OUTCOME_WORDS: Mapping[Outcome, str] = {'new': '新增', 'same': '已有，无变化', 'changed': '更新', 'bad': '有误，不导入'}

COLUMNS = (
    Column('name', '姓名', required=True),
    Column('id_kind', '证件类型'),
    Column('id_no', '证件号码', required=True, aliases=('身份证号', '身份证号码', '公民身份号码'), kind='code'),
    Column('sex', '性别'),
    Column('occupation_code', '职业编码', required=True, kind='code'),
    Column('work_type', '工种', aliases=('工种/方向', '职业方向')),
    Column('level', '等级', required=True, aliases=('职业技能等级', '申报等级')),
    Column('room_no', '考场号', kind='code'),
    Column('seat_no', '座位号', kind='code'),
    Column('education', '学历', aliases=('文化程度',)),
    Column('basis', '申报依据', aliases=('申报条件',)),
    Column('employer', '工作单位', aliases=('单位',)),
    Column('phone', '联系电话', aliases=('手机', '电话', '手机号码'), kind='code'),
)
PLAUSIBLE_AGES = (14, 75)  # codes.md §2, proposed: outside it a number is looked at once more
_DOCUMENT_KINDS = {word: kind for kind, word in DOCUMENTS.items()} | {'身份证': 'resident_id', '': 'resident_id'}


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the batch as rows are matched with it."""

    id: int
    occupation_code: str
    occupation: str
    work_type: str
    level: int


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one row: values as they will be kept, and why not when it is bad."""

    row: int  # number in the sheet
    outcome: Outcome
    values: dict[str, object]
    findings: tuple[Finding, ...] = ()
    candidate_id: int = 0  # of the row it is the same as, or changes


@dataclass(slots=True)
class Known:
    """A candidate already in the batch."""

    id: int
    values: dict[str, object]


@dataclass(slots=True)
class Roster:
    """What rows are judged against.

    number, year: of the batch, for ticket numbers · seats: (room, seat) → ID number · known: ID number → candidate
    """

    today: date
    year: int
    number: int
    groups: Sequence[Group]
    known: Mapping[str, Known] = field(default_factory=dict)
    seats: Mapping[tuple[int, int], str] = field(default_factory=dict)


def fates(table: Table, roster: Roster) -> list[Fate]:
    """Return what becomes of every row, in the sheet's order; a person stands in a batch once (SCORE-24, CERT-01).

    source: VAL-01, VAL-02, VAL-05, VAL-06, VAL-07, ORG-99
    """
    judged: list[Fate] = []
    seen: dict[str, int] = {}
    seats = dict(roster.seats)
    meanings = _meanings(roster)
    for row in table.rows:
        values, findings = _values(table, row, roster, meanings)
        number: Any = values.get('id_no', '')
        if number and number in seen:
            findings.append(_fault(table, row, 'id_no', 'CERT-01', f'与第{seen[number]}行是同一人（证件号码{mask_id(number)}），同一批次每人只报一项，请删去一行。'))
        elif number:
            seen[number] = row.number
        place: Any = (values['room_no'], values['seat_no'])
        if all(place) and seats.setdefault(place, number) != number:
            findings.append(_fault(table, row, 'seat_no', 'ROOM-09', f'考场{place[0]:03d}的{place[1]:02d}号座位已安排给他人，请换一个座位。'))
        judged.append(_fate(row, values, findings, roster.known.get(number)))
    return judged


def counts(judged: Iterable[Fate]) -> dict[Outcome, int]:
    """Return how many rows have each fate."""
    made: dict[Outcome, int] = {'new': 0, 'same': 0, 'changed': 0, 'bad': 0}
    for fate in judged:
        made[fate.outcome] += 1
    return made


def _fate(row: Row, values: dict[str, object], findings: list[Finding], known: Known | None) -> Fate:
    if findings and any(f.severity == 'block' for f in findings):
        return Fate(row.number, 'bad', values, tuple(findings))
    if known is None:
        return Fate(row.number, 'new', values, tuple(findings))
    same = all(known.values.get(key) == value for key, value in values.items())
    return Fate(row.number, 'same' if same else 'changed', values, tuple(findings), known.id)


class _Meanings(dict[Any, Any]):
    """What the cells of one column mean, or why they are refused: read once each, since most texts of a roster stand in it many times."""

    def __init__(self, reader: Callable[[Any], object]) -> None:
        super().__init__()
        self._reader = reader

    def __missing__(self, cell: Any) -> object:
        try:
            found = self._reader(cell)
        except Refused as refused:
            found = refused
        self[cell] = found
        return found


def _meanings(roster: Roster) -> dict[str, _Meanings]:
    """Return the readers of a sheet's columns; that of the group takes code and level as read, and the trade."""
    return {
        'name': _Meanings(lambda text: check_name('姓名', text)),
        'id_kind': _Meanings(_document_kind),
        'occupation_code': _Meanings(lambda text: read_occupation_code(text).occupation),
        'level': _Meanings(read_level),
        'group_id': _Meanings(lambda cells: _group_id(cells[0], cells[1], cells[2], roster.groups)),
        'education': _Meanings(lambda text: check_text('学历', text, 20, required=False)),
        'basis': _Meanings(lambda text: check_text('申报依据', text, 60, required=False)),
        'employer': _Meanings(lambda text: check_text('工作单位', text, 100, required=False)),
        'phone': _Meanings(lambda text: check_phone('联系电话', text) if text else ''),
        'room_no': _Meanings(lambda text: _whole('考场号', text, 999) if text else 0),
        'seat_no': _Meanings(lambda text: _whole('座位号', text, 99) if text else 0),
    }


_OF_ONE_CELL = ('name', 'id_kind', 'occupation_code', 'level', 'education', 'basis', 'employer', 'phone', 'room_no', 'seat_no')
_BLANK: Mapping[str, object] = {'education': '', 'basis': '', 'employer': '', 'phone': '', 'room_no': 0, 'seat_no': 0}  # kept when a cell is misread or refused


def _values(table: Table, row: Row, roster: Roster, meanings: Mapping[str, _Meanings]) -> tuple[dict[str, object], list[Finding]]:
    """Return what could be read of a row and everything wrong with it."""
    values: dict[str, Any] = dict(_BLANK)
    findings = list(row.faults)
    misread = {f.subject for f in row.faults}

    def take(key: str, cell: Any, at: str) -> None:
        if misread and table.address(row, at) in misread:
            return
        if isinstance(found := meanings[key][cell], Refused):
            findings.append(_fault(table, row, at, found.rule, found.sentence))
        else:
            values[key] = found

    for key in _OF_ONE_CELL:
        take(key, row.text(key), key)
    if not misread or table.address(row, 'id_no') not in misread:
        _read_document(table, row, roster.today, values, findings)
    code, level = values.pop('occupation_code', None), values.pop('level', None)
    if code and level:
        take('group_id', (code, level, row.text('work_type')), 'occupation_code')
    room, seat = values['room_no'], values['seat_no']
    if bool(room) != bool(seat):
        findings.append(_fault(table, row, 'seat_no', '', '考场号和座位号须同时填写，或同时留空待编排。'))
    seated = 'group_id' in values and room and seat
    values['ticket_number'] = ticket_number(roster.year, roster.number, level, room, seat) if seated else None
    return values, findings


def _read_document(table: Table, row: Row, today: date, values: dict[str, object], findings: list[Finding]) -> None:
    kind = str(values.get('id_kind', 'resident_id'))
    said = row.text('sex')
    try:
        if kind == 'resident_id':
            number = read_id_number(row.text('id_no'), today)
            values |= {'id_no': number.text, 'birth_on': number.birth_on, 'sex': SEXES[number.sex]}
            told: Sex | None = 'male' if said == SEXES['male'] else 'female' if said == SEXES['female'] else None
            findings += [Finding(f.rule, f.severity, table.address(row, 'id_no'), f'第{row.number}行：{f.sentence}')
                         for f in id_findings(number, today, ages=PLAUSIBLE_AGES, sex=told)]
        else:
            values |= {'id_no': read_document(kind, row.text('id_no'), today).number}
            findings.append(_fault(table, row, 'id_kind', 'VAL-07', f'{DOCUMENTS[kind]}不含出生日期和性别，请在报名页面逐人登记，不要用表格导入。'))
    except Refused as refused:
        findings.append(_fault(table, row, 'id_no', refused.rule, refused.sentence))


def _group_id(code: str, level: int, work_type: str, groups: Sequence[Group]) -> int:
    work_type = '' if set(work_type) <= set('-— ') else work_type
    for group in groups:
        if (group.occupation_code, group.work_type, group.level) == (code, work_type, level):
            return group.id
    offered = '；'.join(f'{g.occupation_code} {g.occupation}{"/" + g.work_type if g.work_type else ""} {LEVELS[g.level]}' for g in groups)
    raise Refused(f'职业编码{code}{"、工种“" + work_type + "”" if work_type else ""}、{LEVELS[level]}不在本批次内。本批次有：{offered}。', rule='ORG-99')


def _document_kind(text: str) -> str:
    if text.strip() not in _DOCUMENT_KINDS:
        raise Refused(f'没有“{text}”这种证件类型，请从{"、".join(DOCUMENTS.values())}中选择。', rule='VAL-07')
    return _DOCUMENT_KINDS[text.strip()]


def _whole(label: str, text: str, most: int) -> int:
    digits = fold_line(text)
    if not digits.isdigit() or not 1 <= int(digits) <= most:
        raise Refused(f'{label}“{text}”须为1至{most}的数字。', rule='TICK-07')
    return int(digits)


def _fault(table: Table, row: Row, key: str, rule: str, sentence: str) -> Finding:
    return Finding(rule, 'block', table.address(row, key), f'{table.place(row, key)}：{sentence}')
