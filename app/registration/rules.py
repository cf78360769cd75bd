"""What a row of the candidates' workbook must hold, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from app.checks import check_name, check_phone, check_text
from app.codes import Sex, fold_line, id_findings, read_document, read_id_number, read_level, read_occupation_code
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
KEPT = ('name', 'id_kind', 'group_id', 'education', 'basis', 'employer', 'phone', 'room_no', 'seat_no', 'ticket_number')  # birth day and sex follow from the number
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
class Roster:
    """What rows are judged against.

    number, year: of the batch, for ticket numbers · kept: {id and each of KEPT: one value for each candidate of the batch}
    known: ID number → index in the columns of `kept` · seats: (room, seat) → ID number
    """

    today: date
    year: int
    number: int
    groups: Sequence[Group]
    kept: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    known: Mapping[str, int] = field(default_factory=dict)
    seats: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def level(self, group_id: int) -> int:
        """Return the level of a group."""
        return next(g.level for g in self.groups if g.id == group_id)

    def work_type(self, group_id: int, occupation_code: str) -> str:
        """Return the trade of a group, '' when the group is of another occupation."""
        return next((g.work_type for g in self.groups if (g.id, g.occupation_code) == (group_id, occupation_code)), '')

    def person(self, number: object) -> dict[str, Any] | None:
        """Return what is kept of the candidate with an ID number; None when he is not in the batch."""
        at = self.known.get(str(number))
        return None if at is None else {key: column[at] for key, column in self.kept.items()}


class Meanings(dict[Any, Any]):
    """What the cells of one column mean, or why they are refused: read once each, since most texts of a roster stand in it many times."""

    def __init__(self, reader: Callable[[Any], object]) -> None:
        super().__init__()
        self._reader = reader
        self.refused = False  # whether any cell was

    def __missing__(self, cell: Any) -> object:
        try:
            found = self._reader(cell)
        except Refused as refused:
            found = refused
        if isinstance(found, Refused):
            self.refused = True
        self[cell] = found
        return found


def row_meanings(roster: Roster) -> dict[str, Meanings]:
    """Return the readers of a sheet's columns; that of the group takes code and level as read, and the trade."""
    return {
        'name': Meanings(lambda text: check_name('姓名', text)),
        'id_kind': Meanings(_document_kind),
        'occupation_code': Meanings(lambda text: read_occupation_code(text).occupation),
        'level': Meanings(read_level),
        'group_id': Meanings(lambda cells: _group_id(cells[0], cells[1], cells[2], roster.groups)),
        'education': Meanings(lambda text: check_text('学历', text, 20, required=False)),
        'basis': Meanings(lambda text: check_text('申报依据', text, 60, required=False)),
        'employer': Meanings(lambda text: check_text('工作单位', text, 100, required=False)),
        'phone': Meanings(lambda text: check_phone('联系电话', text) if text else ''),
        'room_no': Meanings(lambda text: _whole('考场号', text, 999) if text else 0),
        'seat_no': Meanings(lambda text: _whole('座位号', text, 99) if text else 0),
    }


OF_ONE_CELL = ('name', 'id_kind', 'occupation_code', 'level', 'education', 'basis', 'employer', 'phone', 'room_no', 'seat_no')
_BLANK: Mapping[str, object] = {'education': '', 'basis': '', 'employer': '', 'phone': '', 'room_no': 0, 'seat_no': 0}  # kept when a cell is misread or refused


def row_values(table: Table, row: Row, roster: Roster, meanings: Mapping[str, Meanings]) -> tuple[dict[str, object], list[Finding]]:
    """Return what could be read of a row and everything wrong with it; what the sheet has no column for is no value: it stays as it is kept."""
    values: dict[str, Any] = {key: blank for key, blank in _BLANK.items() if key in table.letters}
    findings = list(row.faults)
    misread = {f.subject for f in row.faults}

    def take(key: str, cell: Any, at: str) -> None:
        if misread and table.address(row, at) in misread:
            return
        if isinstance(found := meanings[key][cell], Refused):
            findings.append(row_fault(table, row, at, found.rule, found.sentence))
        else:
            values[key] = found

    for key in OF_ONE_CELL:
        if key in table.letters:
            take(key, row.text(key), key)
    if not misread or table.address(row, 'id_no') not in misread:
        _read_document(table, row, roster.today, values, findings)
    kept = roster.person(values.get('id_no'))
    code, level = values.pop('occupation_code', None), values.pop('level', None)
    if code and level:
        work_type = row.text('work_type') if 'work_type' in table.letters or kept is None else roster.work_type(kept['group_id'], code)
        take('group_id', (code, level, work_type), 'occupation_code')
    if has_seats(table):
        room, seat = values.setdefault('room_no', 0), values.setdefault('seat_no', 0)
        if bool(room) != bool(seat):
            findings.append(row_fault(table, row, 'seat_no', '', '考场号和座位号须同时填写，或同时留空待编排。'))
        seated = 'group_id' in values and room and seat
        values['ticket_number'] = ticket_number(roster.year, roster.number, level, room, seat) if seated else None
    elif kept and kept['room_no'] and 'group_id' in values and level != roster.level(kept['group_id']):
        values['ticket_number'] = ticket_number(roster.year, roster.number, level, kept['room_no'], kept['seat_no'])
    return values, findings


def row_outcome(values: Mapping[str, object], findings: Iterable[Finding], roster: Roster) -> Outcome:
    """Return what becomes of a row that clashes with no other."""
    if any(f.severity == 'block' for f in findings):
        return 'bad'
    if (kept := roster.person(values.get('id_no'))) is None:
        return 'new'
    return 'same' if all(kept[key] == values[key] for key in KEPT if key in values) else 'changed'


def has_seats(table: Table) -> bool:
    """Tell whether a sheet seats people: room and seat are one matter, a sheet with one of the columns says something about both."""
    return 'room_no' in table.letters or 'seat_no' in table.letters


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
            findings.append(row_fault(table, row, 'id_kind', 'VAL-07', f'{DOCUMENTS[kind]}不含出生日期和性别，请在报名页面逐人登记，不要用表格导入。'))
    except Refused as refused:
        findings.append(row_fault(table, row, 'id_no', refused.rule, refused.sentence))


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
    if not (digits.isdecimal() and len(digits) < 20 and 1 <= int(digits) <= most):
        raise Refused(f'{label}“{text}”须为1至{most}的数字。', rule='TICK-07')
    return int(digits)


def row_fault(table: Table, row: Row, key: str, rule: str, sentence: str) -> Finding:
    """Return what is wrong with a cell, the sentence with its place."""
    return Finding(rule, 'block', table.address(row, key), f'{table.place(row, key)}：{sentence}')
