"""Columns judged as a whole say of every row what its own rules say; what a workbook has no column for stays as it is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.codes import id_number
from app.intake_child import joined
from app.intake_table import Table, column_letters, read_cells, take_column
from app.numbers import ticket_number
from app.registration import judging
from app.registration.judging import counts, fates
from app.registration.rules import COLUMNS, KEPT, Fate, Group, Roster, row_fault, row_meanings, row_outcome, row_values
from tests import make
from tests.shows import shows

TODAY = date(2026, 10, 20)
GROUPS = (
    Group(1, '4-10-01-03', '保育师', '', 4), Group(2, '6-18-01-01', '车工', '普通车床', 4), Group(3, '6-18-01-01', '车工', '普通车床', 5),
    Group(4, '6-18-01-01', '车工', '', 5), Group(5, '4-10-01-03', '保育师', '', 3))
ROSTER = Roster(TODAY, 2026, 3, GROUPS)
OPTIONAL = [c.key for c in COLUMNS if not c.required]
NUMBER = make.number(1)
WRONG_DIGIT = NUMBER[:-1] + ('0' if NUMBER[-1] != '0' else '1')
WIDE = NUMBER.translate({ord(sign): chr(ord(sign) + 0xFEE0) for sign in '0123456789X'})
ODD: dict[str, list[object]] = {
    'name': ['', '12345', ' 赵  甲 ', '赵•甲', '赵\u200b甲', '名\n字', '长' * 51, 5.0, True],
    'id_kind': ['', '身份证', ' 居民身份证', '护照', '学生证'],
    'id_no': [
        '', WRONG_DIGIT, WIDE, f' {NUMBER[:6]} {NUMBER[6:]}', make.number(2).lower(), NUMBER[:17], '990101900101123', '990101199002301234', '990101209901011236',
        '000101199002011234', '990101000001011234', '٣' * 18, '9.90101E+17', float(NUMBER), 'E12345678', '990101-19700102-001' + NUMBER[17], date(1970, 1, 2),
        id_number('110101', date(1930, 2, 28), 2), id_number('410101', date(2020, 2, 29), 11), id_number('410101', date(2000, 2, 29), 124)],
    'sex': ['', '女', '不详'],
    'occupation_code': ['', '4-10-01-99', '保育师', '6-18-01-01', '４－１０－０１－０３', '4-10-01-03-01'],
    'work_type': ['普通车床', '--', '数控车床'],
    'level': ['', '4', '中级工', '三级', '五级', '六级', 5.0],
    'room_no': ['', '0', '2', '02', '1000', 'x', '²', 7.0],
    'seat_no': ['', '0', '1', '2', '100', 3.0],
    'education': ['', '大' * 21, '大\x07专'],
    'basis': ['', '依' * 61, '从业 10 年'],
    'employer': ['', '单\n位', '甲\u00ad乙', '乙（演示）', 'x' * 101],
    'phone': ['', '12345', '0371-65900000', '１３９００００００００', 13900000001.0, 1.39e17, date(1970, 1, 2)]}


def good(n: int) -> dict[str, object]:
    return {
        'name': f'考生{n}', 'id_kind': '居民身份证', 'id_no': make.number(n), 'sex': '男', 'occupation_code': '4-10-01-03', 'work_type': '', 'level': '四级',
        'room_no': '1', 'seat_no': str(n + 1), 'education': '大专', 'basis': '从业10年', 'employer': '明川市机械厂', 'phone': f'139{n:08d}'}


def table_of(rows: Sequence[Mapping[str, object]], absent: Collection[str] = ()) -> Table:
    """Return the table that a workbook with these cells becomes."""
    asked = [column for column in COLUMNS if column.key not in absent]
    letters = {column.key: column_letters(at) for at, column in enumerate(asked)}
    table = Table('名单', 1, letters, (), range(2, len(rows) + 2), {column.key: [''] * len(rows) for column in COLUMNS})
    for column in asked:
        marked, text = joined([row[column.key] for row in rows])
        take_column(table, column, read_cells(text, len(rows), marked=marked))
    return table


def one_by_one(table: Table, roster: Roster) -> Iterator[Fate]:
    """Yield what the rules say of each row alone, and of two rows with one person or one seat: the meaning of `fates`, without its columns."""
    seen: dict[object, int] = {}
    seats = dict(roster.seats)
    for row in table.rows:
        values, findings = row_values(table, row, roster, row_meanings(roster))
        number: Any = values.get('id_no', '')
        if number and number in seen:
            said = f'与第{seen[number]}行是同一人（证件号码{judging.mask_id(number)}），同一批次每人只报一项，请删去一行。'
            findings.append(row_fault(table, row, 'id_no', 'CERT-01', said))
        elif number:
            seen[number] = row.number
        place: Any = (values.get('room_no'), values.get('seat_no'))
        if all(place) and seats.setdefault(place, number) != number:
            findings.append(row_fault(table, row, 'seat_no', 'ROOM-09', f'考场{place[0]:03d}的{place[1]:02d}号座位已安排给他人，请换一个座位。'))
        outcome = row_outcome(values, findings, roster)
        kept = roster.person(number) if outcome in ('same', 'changed') else None
        yield Fate(row.number, outcome, values, tuple(findings), kept['id'] if kept else 0)


def batch_of(rows: Sequence[Mapping[str, object]], other: str = '') -> Roster:
    """Return the roster of a batch into which rows came as they stand; something else stands in one of the columns of the first."""
    people = [fate.values for fate in fates(table_of(rows), ROSTER) if fate.outcome == 'new'] if rows else []
    kept: dict[str, list[Any]] = {'id': [70 + n for n in range(len(people))], **{key: [values[key] for values in people] for key in KEPT}}
    if people and other:
        kept[other][0] = {'group_id': 1, 'room_no': 9, 'seat_no': 9}.get(other, '260034001999')
    known = {str(values['id_no']): n for n, values in enumerate(people)}
    seats: Any = {(values['room_no'], values['seat_no']): values['id_no'] for values in people if values['room_no']}
    return replace(ROSTER, kept=kept, known=known, seats=seats)


@st.composite
def odd_row(draw: st.DrawFn) -> dict[str, object]:
    """A good row of one of few people, with up to three cells of it changed."""
    keys = draw(st.lists(st.sampled_from(sorted(ODD)), max_size=3, unique=True))
    return good(draw(st.integers(0, 5))) | {key: draw(st.sampled_from(ODD[key])) for key in keys}


@settings(max_examples=300, deadline=None)
@given(
    rows=st.lists(odd_row(), min_size=1, max_size=8), before=st.lists(odd_row(), max_size=6), other=st.sampled_from(('', *KEPT)),
    absent=st.sets(st.sampled_from(OPTIONAL), max_size=4))
@shows('CERT-01', 'ROOM-09')
def test_columns_and_single_rows_give_the_same_judgement(
        rows: list[dict[str, object]], before: list[dict[str, object]], other: str, absent: set[str]) -> None:
    table, roster = table_of(rows, absent), batch_of(before, other)
    judged, alone = fates(table, roster), list(one_by_one(table, roster))
    assert list(judged) == alone
    assert judged.outcomes == [fate.outcome for fate in alone]
    assert list(judged.of('new', 'changed')) == [fate for fate in alone if fate.outcome in ('new', 'changed')]


def test_only_rows_in_which_something_is_wrong_are_read_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [good(n) for n in range(60)]
    rows[7] |= {'phone': '1'}
    rows[8] |= {'education': '', 'sex': '女', 'id_no': id_number('110101', date(1930, 2, 28), 2)}  # warnings only
    roster, read = batch_of(rows[20:40]), []
    monkeypatch.setattr(judging, 'row_values', lambda table, row, *rest: read.append(row.number) or row_values(table, row, *rest))
    assert (counts(fates(table_of(rows), roster)), read) == ({'new': 39, 'same': 20, 'changed': 0, 'bad': 1}, [9])


def test_a_workbook_of_no_rows_is_judged_too() -> None:
    assert list(fates(table_of([]), ROSTER)) == []


# ------------------------------------------------------------------ columns that the workbook lacks


@pytest.mark.parametrize('absent', [[key] for key in ('id_kind', 'sex', 'work_type', 'education', 'basis', 'employer', 'phone')] + [['room_no', 'seat_no'], OPTIONAL])
def test_a_workbook_without_a_column_says_nothing_of_it(absent: list[str]) -> None:
    roster = batch_of([good(1)])
    fate, = fates(table_of([good(1)], absent), roster)
    assert fate.outcome == 'same'
    assert not {*absent} & {*fate.values} - {'sex'}  # which follows from the number


@pytest.mark.parametrize('key', ['education', 'basis', 'employer', 'phone'])
def test_an_empty_column_says_that_there_is_nothing(key: str) -> None:
    fate, = fates(table_of([good(1) | {key: ''}]), batch_of([good(1)]))
    assert (fate.outcome, fate.values[key]) == ('changed', '')


def test_empty_seat_columns_take_the_seat_away_and_one_column_alone_is_half_a_seat() -> None:
    roster = batch_of([good(1)])
    fate, = fates(table_of([good(1) | {'room_no': '', 'seat_no': ''}]), roster)
    assert (fate.outcome, fate.values['room_no'], fate.values['seat_no'], fate.values['ticket_number']) == ('changed', 0, 0, None)
    fate, = fates(table_of([good(1)], ['seat_no']), roster)
    assert (fate.outcome, [f.sentence for f in fate.findings if f.severity == 'block']) == ('bad', ['第2行：考场号和座位号须同时填写，或同时留空待编排。'])
    fate, = fates(table_of([good(1) | {'room_no': ''}], ['seat_no']), roster)
    assert (fate.outcome, fate.values['room_no'], fate.values['seat_no'], fate.values['ticket_number']) == ('changed', 0, 0, None)


@shows('TICK-07')
def test_without_seat_columns_a_seat_is_kept_and_its_ticket_number_follows_the_level() -> None:
    roster = batch_of([good(1)])
    fate, = fates(table_of([good(1) | {'level': '三级'}], ['room_no', 'seat_no']), roster)
    assert (fate.outcome, fate.values['group_id'], fate.values['ticket_number']) == ('changed', 5, ticket_number(2026, 3, 3, 1, 2))
    assert 'room_no' not in fate.values
    assert roster.kept['ticket_number'] == [ticket_number(2026, 3, 4, 1, 2)]


def test_without_a_column_of_trades_a_person_stays_in_his_trade_and_a_new_one_has_none() -> None:
    turner = {'occupation_code': '6-18-01-01', 'work_type': '普通车床'}
    roster = batch_of([good(1) | turner])
    rows = [good(1) | turner, good(1) | turner | {'level': '五级'}, good(1), good(2) | turner | {'level': '五级'}, good(2) | turner]
    judged = [fates(table_of([row], ['work_type']), roster)[0] for row in rows]
    assert [(f.outcome, f.values.get('group_id')) for f in judged] == [('same', 2), ('changed', 3), ('changed', 1), ('new', 4), ('bad', None)]
    fate, = fates(table_of([rows[1]], ['work_type']), batch_of([rows[1]]))
    assert (fate.outcome, fate.values['group_id']) == ('same', 3)
