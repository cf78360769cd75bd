"""What is typed into an application: which questions are asked, each answer checked by its kind, rows of tables, what a correction opened."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic.fields import FieldInfo

from app.checks import check_email, check_long, check_phone, check_text
from app.codes import fold_line
from app.errors import Refused
from app.figures_results import Profile
from app.filing.forms import STEPS, extra, questions, row_model
from app.filing.ways import STEP_WORDS, WAYS
from app.regulation import word
from app.words import LEVELS

TIES = 'belonging.ties'  # its options are words of the profile's lists
LONGEST = {'text': 100, 'long': 4000}  # characters where a question names no limit
MOST_ROWS = 200
_MONTH = re.compile('[0-9]{4}-(0[1-9]|1[0-2])')
_NUMBER = re.compile(r'[0-9]{1,9}(\.[0-9]{1,2})?')


def question(way: str, step: str, field: str) -> FieldInfo:
    """Return the definition of a question of a way. raises Refused for what this way does not ask"""
    if step not in WAYS[way].steps or step not in STEPS or field not in questions(STEPS[step]):
        raise Refused('本申报没有这一项，请刷新页面后重新填写。')
    return questions(STEPS[step])[field]


def row_columns(way: str, step: str, field: str) -> dict[str, FieldInfo]:
    """Return the columns of a table that a way asks for. raises Refused"""
    model = row_model(question(way, step, field))
    if model is None:
        raise Refused('这一项不是表格，请刷新页面后重新填写。')
    return questions(model)


def options_of(definition: FieldInfo, profile: Profile, name: str, kind: str) -> dict[str, str]:
    """Return {value: word} of a question; name: step.field, for the one whose options the profile lists for a kind of organisation."""
    if name != TIES:
        return dict(extra(definition)['options'])
    return {key: word(key) for key in getattr(profile.filing.authority, kind).province_for.value}


def read_answer(definition: FieldInfo, raw: Any, options: Mapping[str, str]) -> Any:
    """Return an answer as it is kept: text, YYYY-MM-DD or None for a day, a list for several choices.

    raises Refused for what its kind does not take; nothing is required here, gaps are found when the application is checked
    source: ORG-53
    """
    said, label = extra(definition), str(definition.title)
    kind = said['kind']
    if kind == 'date':
        return _day(label, raw)
    if kind == 'multi':
        chosen = [x for x in raw if isinstance(x, str)] if isinstance(raw, Sequence) and not isinstance(raw, str) else []
        if set(chosen) - set(options):
            raise Refused(f'“{label}”请从列出的情形中选择。')
        return [key for key in options if key in chosen]
    if not isinstance(raw, str):
        raise Refused(f'“{label}”的内容无法识别，请重新填写。')
    if options and raw and raw not in options:
        raise Refused(f'“{label}”请从列表中选择。')
    return _text(kind, label, raw, said['most'])


def read_row(columns: Mapping[str, FieldInfo], raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as it is kept, each column checked by its kind. raises Refused"""
    return {name: read_answer(d, raw.get(name, None if extra(d)['kind'] == 'date' else ''), extra(d)['options']) for name, d in columns.items()}


def empty_row(columns: Mapping[str, FieldInfo]) -> dict[str, Any]:
    """Return a new row."""
    return {name: None if extra(d)['kind'] == 'date' else '' for name, d in columns.items()}


def blank(definition: FieldInfo) -> Any:
    """Return what an unanswered question holds."""
    return {'date': None, 'rows': [], 'multi': []}.get(extra(definition)['kind'], '')


def read_levels(levels: Collection[int]) -> list[int]:
    """Return chosen levels, the highest figure first. raises Refused (VAL-06)"""
    if set(levels) - set(LEVELS):
        raise Refused('等级只能在五级至一级中选择。', rule='VAL-06')
    return sorted(set(levels), reverse=True)


def is_open(step: str, field: str, opened: Collection[tuple[str, str]]) -> bool:
    """Return whether a correction opened a field; opened: (step, field), field '' for the whole step."""
    return (step, field) in opened or (step, '') in opened


def check_open(step: str, field: str, label: str, opened: Collection[tuple[str, str]]) -> None:
    """Refuse a change of what the correction did not open (ORG-74)."""
    if not is_open(step, field, opened):
        raise Refused(f'“{STEP_WORDS[step]}”的“{label}”不在补正范围内，补正期间只能修改补正告知书列明的内容；确需修改的请与受理人员联系。', rule='ORG-74')


def _text(kind: str, label: str, raw: str, most: int) -> str:
    if kind == 'long':
        return check_long(label, raw, most or LONGEST['long'], required=False)
    text = check_text(label, raw, most or LONGEST['text'], required=False)
    if not text:
        return ''
    if kind == 'phone':
        return check_phone(label, text)
    if kind == 'email':
        return check_email(label, text)
    if kind == 'number':
        figure = fold_line(text)
        if not _NUMBER.fullmatch(figure):
            raise Refused(f'“{label}”应填写数字（最多两位小数），现为“{text[:20]}”，请改为阿拉伯数字。')
        return figure
    if kind == 'month':
        month = fold_line(text)
        if not _MONTH.fullmatch(month):
            raise Refused(f'“{label}”应按“2026-11”填写年月，现为“{text[:20]}”。')
        return month
    return text


def _day(label: str, raw: Any) -> str | None:
    if raw in (None, ''):
        return None
    try:
        day = raw if isinstance(raw, date) else date.fromisoformat(str(raw).strip())
    except ValueError:
        raise Refused(f'“{label}”应按“2026-11-23”填写日期，现为“{str(raw)[:20]}”。') from None
    if not 1900 <= day.year <= 2100:
        raise Refused(f'“{label}”的年份{day.year}不对，请核对。')
    return f'{day:%Y-%m-%d}'
