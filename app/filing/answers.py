"""What the steps of an application hold: read as typed, kept over a change of the forms, checked field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.checks import check_email, check_phone
from app.errors import Refused
from app.figures_results import Profile
from app.filing.forms import STEPS, Step, extra, number_of, questions, row_model
from app.filing.records import ApplicationRecord
from app.filing.ways import STEP_WORDS, WAYS
from app.findings import Finding, Severity
from app.layers import PROPOSALS
from app.register import rule as rule_of
from app.regulation import leaves
from app.regulation import profile as profile_of

Model = TypeVar('Model', bound=Step)
FORM_RULE = 'ORG-53'  # of a field that names no rule of its own: it stands on the official form
_MONTH = re.compile(r'[0-9]{4}-(0[1-9]|1[0-2])')
_NUMBER = re.compile(r'[0-9]{1,9}(\.[0-9]{1,2})?')


def given(record: ApplicationRecord, model: type[Model]) -> Model:
    """Return the answers of a step; what is not asked any more or cannot be read is empty."""
    key = next(key for key, step in STEPS.items() if step is model)
    return model.model_validate(upgraded(key, record.answers.get(key, {})))


def upgraded(step: str, data: Mapping[str, object]) -> dict[str, Any]:
    """Return the answers of a step that are still asked in the same kind; the others fall back to empty.

    data: what a draft of this or an older FORM_VERSION kept
    """
    return _kept(STEPS[step], data)


def upgraded_draft(data: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, Any]]:
    """Return a whole draft by the forms of today: unchanged fields survive, steps that are gone are left out."""
    return {step: upgraded(step, answers) for step, answers in data.items() if step in STEPS}


def lost(data: Mapping[str, Mapping[str, object]]) -> list[str]:
    """Return 'step.field' of every answer that a draft kept and that today's forms cannot take, to be shown to who writes on."""
    after = upgraded_draft(data)
    return [f'{step}.{name}' for step, answers in data.items() for name, value in answers.items()
            if not is_empty(value) and after.get(step, {}).get(name, '') in ('', [])]


def step_findings(record: ApplicationRecord, profile: Profile) -> list[Finding]:
    """Return what is missing or cannot be read in the steps of the way; subject is `step.field`.

    source: ORG-03, ORG-04, ORG-14, ORG-15, ORG-16, ORG-53, ORG-57, ORG-59, ORG-60, ORG-96, ORG-97, OCC-12
    """
    return [f for step in WAYS[record.way].steps if step in STEPS for f in _step(step, record.answers.get(step, {}), profile)]


def missing(record: ApplicationRecord, model: type[Step], *, rule: str = '') -> list[str]:
    """Return the labels of required questions of a step that are empty; rule: only those that rest on it."""
    answers = given(record, model)
    return [str(d.title) for name, d in questions(model).items()
            if extra(d)['required'] and (not rule or extra(d)['rule'] == rule) and is_empty(getattr(answers, name))]


def is_empty(value: object) -> bool:
    """Tell whether an answer says nothing; blanks say nothing."""
    return value in ('', None, [], ()) or (isinstance(value, str) and not value.strip())


def holds(rule_id: str, profile: Profile) -> bool:
    """Tell whether a rule holds in a profile: it is everybody's, comes from a layer that the profile rests on, or stands behind one of its figures."""
    where = rule_of(rule_id).profile.split(',')
    return 'all' in where or bool({*profile.origins.values(), profile.name} & set(where)) or rule_id in _adopted(profile.name, profile.overlay)


@lru_cache
def _adopted(name: str, overlay: str) -> frozenset[str]:
    """Return the rules behind the figures that some layer above the proposals lays down."""
    return frozenset(leaf.rule for leaf in leaves(profile_of(name, overlay)) if leaf.origin_layer != PROPOSALS)


def severity_of(enforcement: str) -> Severity:
    """Return how grave a figure that is not kept is: what a profile only records or computes is a warning."""
    return 'block' if enforcement == 'block' else 'remind' if enforcement == 'remind' else 'warn'


# ------------------------------------------------------------------ what is kept


def _kept(model: type[BaseModel], data: Mapping[str, object]) -> dict[str, Any]:
    asked = questions(model)
    return {name: value for name, definition in asked.items() if name in data and (value := _same_kind(definition, data[name])) is not None}


def _same_kind(definition: FieldInfo, value: object) -> Any:
    """Return the value as its kind keeps it; None when it is of another kind."""
    said, columns = extra(definition), row_model(definition)
    if columns is not None:
        return [_kept(columns, row) for row in value if isinstance(row, Mapping)] if isinstance(value, (list, tuple)) else None
    if said['kind'] == 'multi':
        return [str(v) for v in value] if isinstance(value, (list, tuple)) else None
    if said['kind'] == 'date':
        return _day(value)
    if not isinstance(value, str) or (said['options'] and value not in said['options']):
        return None
    return value if _fault(said, value) is None or said['kind'] in ('text', 'long', 'phone', 'email') else None


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


# ------------------------------------------------------------------ what is wrong


def _step(step: str, data: Mapping[str, object], profile: Profile) -> Iterator[Finding]:
    for name, definition in questions(STEPS[step]).items():
        said = extra(definition)
        rule, subject, where = said['rule'] or FORM_RULE, f'{step}.{name}', f'“{STEP_WORDS[step]}”的“{definition.title}”'
        value = data.get(name)
        columns = row_model(definition)
        if columns is not None:
            rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, (list, tuple)) else []
            if not rows and said['required']:
                yield Finding(rule, _severity(rule, profile), subject, f'{where}一行也没有，请至少填写一行。')
            for n, row in enumerate(rows, 1):
                yield from (Finding(rule, _severity(rule, profile), subject, f'{where}第{n}行“{label}”{fault}') for label, fault in _faults(columns, row))
        elif fault := _value_fault(definition, value):
            wrong = _severity(rule, profile) if is_empty(value) else 'block'
            yield Finding(rule, wrong, subject, f'{where}{fault}')


def _faults(columns: type[BaseModel], row: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, definition in questions(columns).items():
        if fault := _value_fault(definition, row.get(name)):
            yield str(definition.title), fault


def _value_fault(definition: FieldInfo, value: object) -> str:
    said = extra(definition)
    if is_empty(value):
        return '还没有填写，请填写。' if said['required'] else ''
    return _fault(said, value) or ''


def _fault(said: Mapping[str, Any], value: object) -> str | None:
    """Return what is wrong with an answer of its kind; None: nothing."""
    kind, options = said['kind'], said['options']
    if kind == 'date':
        return None if _day(value) else f'现为“{value}”，不是日期，请按“2026-11-23”填写。'
    if kind == 'multi':
        return None if isinstance(value, (list, tuple)) else '请重新选择。'
    text = str(value)
    if options and text not in options:
        return f'现为“{text[:20]}”，不在可选范围内，请重新选择。'
    if kind == 'number' and not (_NUMBER.fullmatch(text) and number_of(text) is not None):
        return f'现为“{text[:20]}”，不是数字，请用阿拉伯数字填写。'
    if kind == 'month' and not _MONTH.fullmatch(text):
        return f'现为“{text[:20]}”，请按“2026-11”填写年月。'
    if said['most'] and len(text) > said['most']:
        return f'最多{said["most"]}个字，现有{len(text)}个字，请删减。'
    return _written_fault(kind, text)


def _written_fault(kind: str, text: str) -> str | None:
    try:
        if kind == 'phone' and text:
            check_phone('此项', text)
        if kind == 'email' and text:
            check_email('此项', text)
    except Refused as refused:
        return refused.sentence.removeprefix('“此项”')
    return None


def _severity(rule_id: str, profile: Profile) -> Severity:
    """A gap is only a warning where the rule is one, or holds in another province."""
    return 'warn' if rule_of(rule_id).enforcement in ('warn', 'remind') or not holds(rule_id, profile) else 'block'
