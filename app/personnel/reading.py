"""What is written of a person, item by item, and what it means: one reader for form, sheet and demo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.checks import check_name, check_phone, check_text
from app.codes import fold, read_id_number, read_level, read_occupation_code
from app.errors import Refused
from app.figures import Cards
from app.intake_cells import value_of
from app.numbers import CardScheme, read_card_number
from app.organizations.occupations import known
from app.personnel.registers import Item, Register
from app.words import CARDS, LEVEL_NAMES, LEVELS

Written = str | int | date | None
_NONE = set('-—／/ 无')


@dataclass(frozen=True, slots=True)
class Reading:
    """What texts are read by: the day of the work and how the profile builds card numbers."""

    today: date
    cards: CardScheme


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one item."""

    key: str
    rule: str
    sentence: str


def reading(today: date, cards: Cards) -> Reading:
    """Return how to read by the figures of a profile."""
    return Reading(today, CardScheme(cards.examiner_grades.value, int(cards.internal_supervisor_serial_max.value)))


def read_item(item: Item, written: Written, by: Reading) -> Any:
    """Return what was written for an item as it is kept; raises Refused naming the item.

    source: VAL-01, VAL-05, VAL-06, PERS-17, PERS-37
    """
    text = '' if written is None else str(written).strip()
    if not text:
        if item.required:
            raise Refused(f'“{item.head}”还没有填写，请填写后再保存。')
        return item.blank
    match item.kind:
        case 'name':
            return check_name(item.head, text)
        case 'id_no':
            return read_id_number(text, by.today).text
        case 'phone':
            return check_phone(item.head, text)
        case 'occupation':
            return read_occupation_code(text).occupation
        case 'card':
            return '' if set(text) <= _NONE else read_card_number(text, by.cards).text
        case 'date':
            return written if isinstance(written, date) else value_of('date', text)
        case 'count':
            return _count(item, text)
        case 'level':
            return None if set(text) <= _NONE else read_level(text)
        case 'flag':
            return _chosen(item, text) == 'yes'
        case 'choice':
            return _chosen(item, text)
        case 'text':
            return check_text(item.head, text, item.most, required=item.required)


def written_of(item: Item, value: Any) -> str:
    """Return a kept value as sheets and screens write it; what `read_item` reads back as the same."""
    if value is None or value == '':
        return ''
    match item.kind:
        case 'date':
            return f'{value:%Y-%m-%d}'
        case 'flag':
            return '是' if value else '否'
        case 'level':
            return f'{LEVELS[value]}/{LEVEL_NAMES[value]}'
        case 'choice':
            return item.options[value]
        case _:
            return str(value)


def read_row(register: Register, written: Mapping[str, Written], by: Reading, *, misread: frozenset[str] = frozenset()) -> tuple[dict[str, Any], list[Fault]]:
    """Return the values of a row and everything wrong with it; items in `misread` were refused before and are left out.

    source: OCC-05, OCC-07
    """
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for item in register.items:
        if item.key in misread:
            continue
        try:
            values[item.key] = read_item(item, written.get(item.key), by)
        except Refused as refused:
            faults.append(Fault(item.key, refused.rule, refused.sentence))
    return values, faults + _occupation_faults(values)


def row_faults(register: Register, values: Mapping[str, Any], by: Reading) -> list[Fault]:
    """Return what does not fit together in a row: terms that end before they begin, a card of another kind (source: PERS-17, PERS-37)."""
    faults = []
    for start, end, word in (('engaged_from', 'engaged_to', '聘期'), ('card_from', 'card_to', '证卡有效期')):
        if (first := values.get(start)) and (last := values.get(end)) and last < first:
            faults.append(Fault(end, 'PERS-11', f'{word}的截止日期{last}早于起始日期{first}，请更正。'))
    for key, word in (('practice_from', '从事本职业起始'), ('examining_from', '从事考评起始'), ('employed_from', '入职日期')):
        if (day := values.get(key)) and day > by.today:
            faults.append(Fault(key, 'PERS-20', f'“{word}”{day}晚于今天，请核对。'))
    if number := values.get('card_no'):
        kind = read_card_number(number, by.cards).kind
        due = {'examiners': {'senior': 'senior_examiner', 'examiner': 'examiner'}.get(values.get('grade', ''), kind), 'supervisors': 'supervisor'}.get(register.name, kind)
        if kind != due:
            rule = 'PERS-37' if due == 'supervisor' else 'PERS-17'
            faults.append(Fault('card_no', rule, f'证卡编号是{CARDS[kind]}的编号，登记的却是{CARDS[due]}，请核对编号和类别。'))
    return faults


def _occupation_faults(values: dict[str, Any]) -> list[Fault]:
    """Fill the name of a known occupation and say what does not agree with the list."""
    if 'occupation_code' not in values:
        return []
    if set(values.get('work_type', '')) <= _NONE:
        values['work_type'] = ''
    rows, name, trade = known(values['occupation_code']), values.get('occupation', ''), values.get('work_type', '')
    if not rows:
        return [] if name else [Fault('occupation', 'OCC-05', f'职业目录中没有编码{values["occupation_code"]}，请填写职业名称。')]
    faults = []
    if name and name != rows[0].name:
        faults.append(Fault('occupation', 'OCC-05', f'编码{values["occupation_code"]}的职业名称是“{rows[0].name}”，填写的是“{name}”，请更正其中一项。'))
    values['occupation'] = rows[0].name
    trades = [r.work_type for r in rows if r.work_type]
    if trade and trade not in trades:
        told = f'工种有{"、".join(trades)}' if trades else '不分工种'
        faults.append(Fault('work_type', 'OCC-07', f'{rows[0].name}没有工种“{trade}”（{told}），请更正或留空。'))
    return faults


def _count(item: Item, text: str) -> int:
    digits = fold(text)
    if not (digits.isascii() and digits.isdigit() and int(digits) <= item.most):
        raise Refused(f'“{item.head}”应为0至{item.most}的整数，现为“{text[:20]}”，请更正。')
    return int(digits)


def _chosen(item: Item, text: str) -> str:
    if text in item.options:
        return text
    found = next((value for value, word in item.options.items() if word == text), item.synonyms.get(text, ''))
    if item.kind == 'choice' and not item.required and set(text) <= _NONE:
        return ''
    if not found:
        raise Refused(f'“{item.head}”没有“{text[:20]}”这一项，请从{"、".join(item.options.values())}中选择。')
    return found
