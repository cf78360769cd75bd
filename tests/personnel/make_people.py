"""People of the registers: as typed, and as values for rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.house import house
from app.personnel.registers import REGISTERS
from app.personnel.rules import Member
from db.personnel import Staff
from db.users import Person
from tests import make

TYPED: dict[str, dict[str, Any]] = {
    'staff': {'post': '科员', 'education': '本科', 'title': '讲师', 'title_rank': '中级', 'full_time': '是'},
    'examiners': {
        'education': '大专', 'title': '高级技师', 'skill_level': '一级', 'skill_occupation': '车工', 'own_staff': '是', 'occupation_code': '6-18-01-01', 'work_type': '普通车床',
        'grade': '高级考评员', 'card_no': 'S00009901000110001', 'card_from': '2025-05-12', 'card_to': '2028-05-11'},
    'experts': {'title': '高级工程师', 'title_rank': '高级', 'own_staff': '否', 'occupation_code': '6-18-01-01', 'years': '20', 'examining_years': '5'},
    'supervisors': {'title': '会计师', 'title_rank': '中级', 'direction': '财务督导', 'management_years': '3', 'card_no': 'S00009901000100001'},
    'seats': {'post': '主任', 'group': '考务管理组', 'position': '负责人'}}


def typed(register: str, n: int = 1, **change: Any) -> dict[str, Any]:
    """Return what is written of the n-th person in a register's form."""
    return {'name': f'人员{n}', 'id_no': make.number(2000 + n)} | TYPED[register] | change


def heads(register: str) -> list[str]:
    return [i.head for i in REGISTERS[register].items]


def line(register: str, n: int = 1, **change: Any) -> list[Any]:
    """Return a row of a register's sheet."""
    values = typed(register, n, **change)
    return [values.get(i.key) for i in REGISTERS[register].items]


def member(register: str, *, n: int = 1, born: str = '', sex: str = '男', proofs: int = 0, staff: dict[str, Any] | None = None, **row: Any) -> Member:
    """Return a member as rules take him; nothing is kept."""
    person = Person.model_validate({'org_id': 1, 'id': n, 'name': f'人员{n}', 'sex': sex, 'id_no_masked': ''})
    of_staff = Staff.model_validate({'org_id': 1, 'id': 100 + n, 'person_id': n} | (staff or {}))
    defaults = {'occupation_code': '6-18-01-01', 'occupation': '车工', 'grade': 'examiner', 'direction': '全面督导', 'group': 'exam_affairs', 'position': 'member'}
    model = REGISTERS[register].model
    kept = of_staff if model is Staff else model.model_validate({'org_id': 1, 'id': 200 + n, 'person_id': n} | {k: v for k, v in defaults.items() if k in model.model_fields} | row)
    return Member(person, kept, of_staff, '', proofs, date.fromisoformat(born) if born else None)


def trail_verbs(row_id: int) -> list[str]:
    """Return the verbs of a row's trail in order."""
    import json

    from sqlalchemy import select
    from sqlmodel import col

    from db.audit import Trail

    with house().engines.read.connect() as connection:
        return [json.loads(body)['verb'] for body in connection.execute(select(col(Trail.body)).where(col(Trail.row_id) == row_id).order_by(col(Trail.n))).scalars()]
