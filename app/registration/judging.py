"""What becomes of the rows of a candidates' workbook: columns are judged as a whole, and alone only the rows in which something is wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.codes import mask_id, other_than_id_numbers
from app.errors import Refused
from app.findings import Finding
from app.intake_table import Table
from app.numbers import ticket_numbers
from app.registration.rules import (
    KEPT,
    OF_ONE_CELL,
    Fate,
    Meanings,
    Outcome,
    Roster,
    has_seats,
    row_fault,
    row_meanings,
    row_outcome,
    row_values,
)

Read = tuple[dict[str, object], list[Finding]]  # values of a row and what is wrong with it


class Judged:
    """The fates of all rows in the sheet's order.

    outcomes: of every row · a whole fate, with its values and findings, is read from its row when somebody asks for it
    """

    def __init__(self, table: Table, roster: Roster) -> None:
        self._table, self._roster, self._meanings = table, roster, row_meanings(roster)
        columns, wrong = _columns(table, roster, self._meanings)
        self._alone = {at: self._read(at) for at in sorted(wrong)}
        self._clashes = _clashes(table, roster, columns, self._alone)
        self.outcomes = self._outcomes(columns)

    def __len__(self) -> int:
        return len(self._table)

    def __iter__(self) -> Iterator[Fate]:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, at: int) -> Fate:
        values, findings = self._alone.get(at) or self._read(at)
        outcome = self.outcomes[at]
        kept = self._roster.person(values.get('id_no')) if outcome in ('same', 'changed') else None
        return Fate(self._table.numbers[at], outcome, values, (*findings, *self._clashes.get(at, ())), kept['id'] if kept else 0)

    def of(self, *outcomes: Outcome) -> Iterator[Fate]:
        """Yield the fates with one of the outcomes."""
        return (self[at] for at, outcome in enumerate(self.outcomes) if outcome in outcomes)

    def _read(self, at: int) -> Read:
        return row_values(self._table, self._table.row(at), self._roster, self._meanings)

    def _outcomes(self, columns: Mapping[str, Sequence[Any]]) -> list[Outcome]:
        met = _met(columns['id_no'], self._roster)
        outcomes: list[Outcome] = ['new'] * len(self)
        for at in met:
            outcomes[at] = 'same'
        for at in _changed(columns, self._roster, met):
            outcomes[at] = 'changed'
        for at, (values, findings) in self._alone.items():
            outcomes[at] = row_outcome(values, findings, self._roster)
        for at in self._clashes:
            outcomes[at] = 'bad'
        return outcomes


def counts(judged: Judged) -> dict[Outcome, int]:
    """Return how many rows have each fate."""
    made: dict[Outcome, int] = {'new': 0, 'same': 0, 'changed': 0, 'bad': 0}
    return made | Counter(judged.outcomes)


def fates(table: Table, roster: Roster) -> Judged:
    """Return what becomes of every row, in the sheet's order; a person stands in a batch once (SCORE-24, CERT-01).

    source: VAL-01, VAL-02, VAL-05, VAL-06, VAL-07, ORG-99
    """
    return Judged(table, roster)


def _columns(table: Table, roster: Roster, meanings: Mapping[str, Meanings]) -> tuple[dict[str, Sequence[Any]], set[int]]:
    """Return the columns with their values as they will be kept, and the indexes of rows to be read alone: their values in the columns do not count.

    Only rows in which `row_values` would refuse nothing are left to the columns.
    """
    wrong = set(table.faults)
    columns: dict[str, Sequence[Any]] = {'id_no': table.texts('id_no')}

    def take(key: str, cells: Iterable[Any], meant: Meanings) -> None:
        columns[key] = column = [meant[cell] for cell in cells]
        if meant.refused:
            wrong.update(at for at, value in enumerate(column) if isinstance(value, Refused))

    for key in OF_ONE_CELL:
        if key in table.letters:
            take(key, table.texts(key), meanings[key])
    wrong.update(other_than_id_numbers(columns['id_no'], roster.today))
    if set(columns.get('id_kind', ())) - {'resident_id'}:
        wrong.update(at for at, kind in enumerate(columns['id_kind']) if kind != 'resident_id')
    group = Meanings(lambda cells: next((cell for cell in cells if isinstance(cell, Refused)), None) or meanings['group_id'][cells])
    take('group_id', zip(columns.pop('occupation_code'), columns.pop('level'), table.texts('work_type'), strict=True), group)
    if 'work_type' not in table.letters and any(g.work_type for g in roster.groups):
        wrong.update(range(len(table)))  # each person keeps the trade he has
    if has_seats(table):
        for key in ('room_no', 'seat_no'):
            columns.setdefault(key, [0] * len(table))
        wrong.update(at for at, (room, seat) in enumerate(zip(columns['room_no'], columns['seat_no'], strict=True)) if bool(room) != bool(seat))
        if roster.known:  # to be compared with
            columns['ticket_number'] = _tickets(columns, wrong, roster)
    return columns, wrong


def _tickets(columns: Mapping[str, Sequence[Any]], wrong: Collection[int], roster: Roster) -> list[str | None]:
    """Return the ticket numbers that go with the seats."""
    levels: dict[object, int] = {group.id: group.level for group in roster.groups}
    parts: list[Sequence[int]] = [[levels.get(group_id, 0) for group_id in columns['group_id']], columns['room_no'], columns['seat_no']]
    if wrong:
        parts = [[0 if at in wrong else value for at, value in enumerate(part)] for part in parts]
    return ticket_numbers(roster.year, roster.number, *parts)


def _met(numbers: Iterable[str], roster: Roster) -> dict[int, int]:
    """Return {index of a row: index of its person in the columns of the roster} for who is in the batch already."""
    return {at: roster.known[number] for at, number in enumerate(numbers) if number in roster.known}


def _clashes(table: Table, roster: Roster, columns: Mapping[str, Sequence[Any]], alone: Mapping[int, Read]) -> dict[int, list[Finding]]:
    """Return by index what is wrong between rows: a person twice, a seat given to another."""
    nowhere = [0] * len(table)
    numbers, rooms, seats = list(columns['id_no']), list(columns.get('room_no', nowhere)), list(columns.get('seat_no', nowhere))
    for at, (values, _) in alone.items():
        numbers[at], rooms[at], seats[at] = values.get('id_no', ''), values.get('room_no', 0), values.get('seat_no', 0)
    found: defaultdict[int, list[Finding]] = defaultdict(list)
    seen: dict[str, int] = {}
    taken = dict(roster.seats)
    for at, (number, room, seat) in enumerate(zip(numbers, rooms, seats, strict=True)):
        if number and (first := seen.setdefault(number, at)) != at:
            said = f'与第{table.numbers[first]}行是同一人（证件号码{mask_id(number)}），同一批次每人只报一项，请删去一行。'
            found[at].append(row_fault(table, table.row(at), 'id_no', 'CERT-01', said))
        if room and seat and taken.setdefault((room, seat), number) != number:
            found[at].append(row_fault(table, table.row(at), 'seat_no', 'ROOM-09', f'考场{room:03d}的{seat:02d}号座位已安排给他人，请换一个座位。'))
    return found


def _changed(columns: Mapping[str, Sequence[Any]], roster: Roster, met: Mapping[int, int]) -> set[int]:
    """Return the indexes of the rows met that differ from what is kept."""
    changed: set[int] = set()
    for key in KEPT:
        if key in columns and key in roster.kept:
            here = list(map(columns[key].__getitem__, met))
            kept = list(map(roster.kept[key].__getitem__, met.values()))
            if here != kept:
                changed.update(at for at, one, other in zip(met, here, kept, strict=True) if one != other)
    return changed
