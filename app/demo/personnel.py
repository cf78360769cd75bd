"""The registers of people of the three organisations, judged and written as rows of a workbook are."""

from __future__ import annotations

from app.demo.story import Scene, rows_of
from app.intake_table import Table
from app.personnel.importing import judge_table, names_of
from app.personnel.operations import SLICE, write_rows
from app.personnel.registers import REGISTERS, Register
from app.work import begin_as


def fill(scene: Scene, key: str) -> None:
    """Fill the registers of an organisation; who has an account is found by his ID number. The story has no bad row."""
    told = scene.story.registers[key]
    numbers = {row['姓名']: row['证件号码'] for row in rows_of('people')}
    for name, register in REGISTERS.items():
        rows = [row | {'身份证号': numbers[row['姓名']]} for row in rows_of(f'personnel_{name}') if row['单位'] == key]
        with begin_as(scene.people[told.by], at=told.at, reads=True) as work:
            judged = judge_table(work, register=name, table=_as_table(register, rows))
        assert not [fate.findings for fate in judged if fate.outcome == 'bad']
        for start in range(0, len(judged), SLICE):
            part = judged[start:start + SLICE]
            names = names_of(part)
            with begin_as(scene.people[told.by], at=told.at) as work:
                write_rows(work, register=name, rows=part, names=names)


def _as_table(register: Register, rows: list[dict[str, str]]) -> Table:
    return Table(register.title, 1, {}, (), range(2, len(rows) + 2), {i.key: [row.get(i.head, '') for row in rows] for i in register.items})
