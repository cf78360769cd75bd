"""What becomes of a row of a register that somebody wrote: new, the same, changed or wrong; values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.checks import same_name
from app.codes import id_findings, mask_id, read_id_number
from app.findings import Finding
from app.intake_table import Row as SheetRow
from app.intake_table import Table
from app.personnel.reading import Fault, Reading, Written, read_row, row_faults
from app.personnel.registers import Register

Outcome = Literal['new', 'same', 'changed', 'bad']
PLAUSIBLE_AGES = (16, 80)  # outside it a number is looked at once more


@dataclass(slots=True)
class KeptRow:
    """A row of the register as it is kept."""

    id: int
    ended: bool
    values: dict[str, Any]


@dataclass(slots=True)
class Kept:
    """A person of the organisation as he is kept: shared holds what stands with the person and on the register of staff."""

    name: str
    shared: dict[str, Any]
    on_staff: bool = False  # has a row of staff, ended or not
    staff_ended: bool = False
    rows: dict[tuple[str, ...], KeptRow] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a row means: values to keep (what was left empty beside something kept is not among them) and everything wrong with it."""

    outcome: Outcome
    values: dict[str, Any]
    faults: tuple[Fault, ...] = ()
    told: tuple[Finding, ...] = ()  # warnings
    kept: KeptRow | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one row of a sheet."""

    row: int  # number in the sheet
    outcome: Outcome
    values: dict[str, Any]
    findings: tuple[Finding, ...] = ()


def judge_row(
    register: Register, written: Mapping[str, Written], by: Reading, people: Mapping[str, Kept], *, misread: frozenset[str] = frozenset()) -> Verdict:
    """Return what a row means beside what is kept; one person by ID number, whoever entered him before.

    people: {ID number: as kept} · misread: items refused before, e.g. an ID number that a spreadsheet made a number
    source: VAL-01, VAL-02, SEC-01
    """
    values, faults = read_row(register, written, by, misread=misread)
    number = values.get('id_no', '')
    person = people.get(number)
    if person and (name := values.get('name')) and not same_name(person.name, name):
        faults.append(Fault('name', 'VAL-01', (
            f'证件号码{mask_id(number)}在本单位登记的姓名是“{person.name}”，这里填写的是“{name}”；请核对号码和姓名，确需改名的在人员登记中更改。')))
    row = person.rows.get(key_of(register, values)) if person else None
    said = {key for key in values if str(written.get(key) or '').strip()}
    new = {k: v for k, v in values.items() if k in said or _asks(register, k, person, row)}
    faults += row_faults(register, (row.values if row else {}) | new, by)
    told = () if not number else tuple(
        id_findings(read_id_number(number, by.today), by.today, ages=PLAUSIBLE_AGES))
    if faults or misread:
        return Verdict('bad', new, tuple(faults), told, row)
    if row is None:
        return Verdict('new', new, (), told)
    have = (person.shared if person else {}) | row.values
    same = not row.ended and not (person and person.staff_ended) and all(have.get(k) == v for k, v in new.items() if k != 'id_no')
    return Verdict('same' if same else 'changed', new, (), told, row)


def fates(table: Table, register: Register, by: Reading, people: Mapping[str, Kept]) -> list[Fate]:
    """Return what becomes of every row of a sheet, in its order; bad ones are not kept."""
    judged: list[Fate] = []
    seen: dict[tuple[str, ...], int] = {}
    shared: dict[str, tuple[int, dict[str, Any]]] = {}
    own = {i.key for i in register.of('row')}
    for row in table.rows:
        misread = frozenset(i.key for i in register.items if row.faults and table.address(row, i.key) in {f.subject for f in row.faults})
        verdict = judge_row(register, row.values, by, people, misread=misread)
        faults, number = list(verdict.faults), verdict.values.get('id_no', '')
        if number:
            key = (number, *key_of(register, verdict.values))
            if (first := seen.setdefault(key, row.number)) != row.number:
                faults.append(Fault('id_no', 'VAL-01', f'与第{first}行重复（{mask_id(number)}），同一人在同一{"小组" if register.name == "seats" else "职业工种" if register.keys else "登记册"}只登记一行，请删去一行。'))
            above, values = shared.setdefault(number, (row.number, {}))
            for item in register.items:
                if item.key not in own and item.key in verdict.values and values.setdefault(item.key, verdict.values[item.key]) != verdict.values[item.key]:
                    faults.append(Fault(item.key, 'VAL-01', f'同一人的“{item.head}”与第{above}行不一致，请统一。'))
        judged.append(_fate(table, row, verdict, faults))
    return judged


def counts(judged: Iterable[Fate]) -> dict[Outcome, int]:
    """Return how many rows have each fate."""
    made: dict[Outcome, int] = {'new': 0, 'same': 0, 'changed': 0, 'bad': 0}
    for fate in judged:
        made[fate.outcome] += 1
    return made


def key_of(register: Register, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what tells a person's rows apart within a register."""
    return tuple(str(values.get(key, '')) for key in register.keys)


def _asks(register: Register, key: str, person: Kept | None, row: KeptRow | None) -> bool:
    """Return whether an empty cell means something: for whoever is new; of what is kept it changes nothing."""
    match register.item(key).owner:
        case 'row':
            return row is None or key in register.keys or key == 'occupation'
        case 'staff':
            return person is None or not person.on_staff
        case _:
            return person is None


def _fate(table: Table, row: SheetRow, verdict: Verdict, faults: list[Fault]) -> Fate:
    findings = [*row.faults, *(Finding(f.rule, 'block', table.address(row, f.key), f'{table.place(row, f.key)}：{f.sentence}') for f in faults)]
    findings += [Finding(f.rule, f.severity, table.address(row, 'id_no'), f'{table.place(row, "id_no")}：{f.sentence}') for f in verdict.told]
    if verdict.kept and verdict.kept.ended and not faults:
        findings.append(Finding('PERS-10', 'remind', table.address(row, 'id_no'), f'{table.place(row, "id_no")}：此人已退出登记，导入后重新在册。'))
    bad = bool(faults or row.faults)
    return Fate(row.number, 'bad' if bad else verdict.outcome, verdict.values, tuple(findings))
