"""The occupation that a room or a machine serves, as people write it: 车工/普通车床."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.codes import read_occupation_code
from app.errors import Refused
from app.organizations.occupations import known, occupations

Served = dict[str, str]


def read_occupation(text: str) -> str:
    """Return the code of an occupation named by its name or code; raises Refused (VAL-05, OCC-05)."""
    found = next((o.code for o in occupations() if o.name == text and o.code), '')
    if found or text[:1].isdigit():
        return found or read_occupation_code(text).occupation
    raise Refused(f'职业目录中没有“{text[:20]}”，请核对职业名称，或填写职业编码（如6-18-01-01）。', rule='OCC-05')


def occupation_name(code: str) -> str:
    """Return the name of an occupation, its code where the list does not know it."""
    rows = known(code)
    return rows[0].name if rows else code


def occupation_word(code: str, work_type: str) -> str:
    """Return 车工/普通车床, the occupation alone without a work type."""
    return f'{occupation_name(code)}/{work_type}' if work_type else occupation_name(code)


def work_type_fault(code: str, work_type: str) -> str:
    """Return what is wrong with a work type of an occupation, empty when nothing is or the occupation is unknown (OCC-07)."""
    rows = known(code)
    trades = [o.work_type for o in rows if o.work_type]
    if not work_type or not rows or work_type in trades:
        return ''
    return f'{rows[0].name}没有工种“{work_type[:20]}”（{"工种有" + "、".join(trades) if trades else "不分工种"}），请更正或留空。'


def read_served(text: str) -> list[Served]:
    """Return what a room serves: 车工/普通车床、保育师; raises Refused (VAL-05, OCC-05, OCC-07)."""
    served: list[Served] = []
    for part in text.replace('，', '、').replace('；', '、').replace(',', '、').replace(';', '、').split('、'):
        name, _, trade = (piece.strip() for piece in part.replace('／', '/').partition('/'))
        if not name:
            continue
        code = read_occupation(name)
        if fault := work_type_fault(code, trade):
            raise Refused(fault, rule='OCC-07')
        if (found := {'occupation_code': code, 'work_type': trade}) not in served:
            served.append(found)
    return served


def served_words(served: Sequence[Mapping[str, str]]) -> str:
    """Return 车工/普通车床、保育师; `read_served` reads it back."""
    return '、'.join(occupation_word(s['occupation_code'], s.get('work_type', '')) for s in served)
