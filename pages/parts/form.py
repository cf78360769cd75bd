"""The one form of the whole house: saved while typing, faults at the field and in a summary, two people on one record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from nicegui import events, ui

from app.errors import Changed, Refused
from app.findings import Finding
from app.house import house
from app.intake_cells import value_of
from app.words import LEVELS, china_time
from pages.parts.basis import clause_of
from pages.parts.refusals import refusals

Kind = Literal['text', 'long', 'date', 'number', 'select', 'levels', 'heading']
LONGEST = 20_000  # characters that one field may send at all; its own limit is checked by the operation

Put = Callable[[str, Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    name: what `put` is told, also the subject of findings about it
    value: as stored: text (also for kind number and select), date or None, list of levels
    rule: id behind the button 依据 · options: {value: word} of a select · previous: values offered · most: characters
    kept: whether the browser may keep what was typed over a restart; False for ID numbers, scores and other people's data
    """

    name: str
    label: str
    value: Any = ''
    kind: Kind = 'text'
    required: bool = False
    hint: str = ''
    rule: str = ''
    unit: str = ''
    options: Mapping[str, str] = field(default_factory=dict)
    previous: Sequence[str] = ()
    most: int = 0
    wide: bool = False
    kept: bool = True


class Form(ui.element, component='form.js'):
    """A drawn form."""

    def __init__(self, fields: Sequence[Field], put: Put, *, title: str) -> None:
        """Draw the fields in two columns (one on a narrow screen).

        put: (name, shown, new) saves one field in a transaction of its own and returns what is stored when it differs from `new`;
            raises Changed when the stored value is no longer the one that was shown, Refused for what cannot be saved
        """
        super().__init__()
        self.fields = {f.name: f for f in fields if f.kind != 'heading'}
        self.put = put
        self._props['title'] = title
        self._props['fields'] = tuple(_drawn(f) for f in fields)  # NiceGUI watches each list and dict of a property, but no tuple
        self.on('put', self._put)
        self.on('clause', self._explain)

    def show(self, findings: Sequence[Finding]) -> None:
        """Show findings at their fields and in the summary, which takes the focus; none clears them."""
        self.run_method('show', [{'subject': f.subject, 'sentence': f.sentence} for f in findings])

    @refusals()
    def _put(self, event: events.GenericEventArguments) -> None:
        asked = self._asked(event.args)
        try:
            shown, new = read_value(asked, event.args.get('shown')), read_value(asked, event.args.get('new'))
            stored = self.put(asked.name, shown, new)
        except Changed as other:
            self.run_method('conflict', {'name': asked.name, 'sentence': other.sentence, 'stored': _plain(read_stored(asked, other.value))})
        except Refused as refused:
            self.run_method('refused', {'name': asked.name, 'sentence': refused.sentence})
        except Exception:
            self.run_method('refused', {'name': asked.name, 'sentence': '这一项没有保存，请稍后再试。'})
            raise
        else:
            at = china_time(house().now())  # after the commit
            self.run_method('saved', {'name': asked.name, 'stored': _plain(new if stored is None else stored), 'at': f'{at:%H:%M}'})

    @refusals()
    def _explain(self, event: events.GenericEventArguments) -> None:
        asked = self._asked(event.args)
        if not asked.rule:
            raise Refused('这一项没有列出依据。')
        self.run_method('explain', {'name': asked.name, 'clause': clause_of(asked.rule)})

    def _asked(self, args: object) -> Field:
        """Return the field that an event names; raises Refused for what this form never sends."""
        name = args.get('name') if isinstance(args, dict) else None
        if not isinstance(name, str) or name not in self.fields:
            raise Refused('没有这一项，请刷新页面后重新填写。')
        return self.fields[name]


def read_value(asked: Field, raw: object) -> str | date | list[int] | None:
    """Return what a browser sent for a field as its kind is stored; raises Refused for a date that is none and a choice not offered."""
    if asked.kind == 'levels':
        if not isinstance(raw, list) or not all(type(level) is int and level in LEVELS for level in raw):
            raise Refused(f'“{asked.label}”只能从列出的等级中选择。')
        return sorted(set(raw), reverse=True)
    if not isinstance(raw, str) or len(raw) > max(LONGEST, asked.most):
        raise Refused(f'“{asked.label}”的内容过长，请删减后再保存。')
    if asked.kind == 'date':
        found = value_of('date', raw)
        assert found is None or isinstance(found, date)
        return found
    if asked.kind == 'select' and raw and raw not in asked.options:
        raise Refused(f'“{asked.label}”请从列表中选择。')
    return raw


def read_stored(asked: Field, text: str) -> str | date | list[int] | None:
    """Return the stored value out of the text in which Changed carries it (`str(value)`)."""
    if asked.kind == 'levels':
        return [level for level in sorted(LEVELS, reverse=True) if str(level) in text]
    if asked.kind == 'date':
        return date.fromisoformat(text) if text != 'None' else None
    return text


def _plain(value: str | date | list[int] | None) -> str | list[int]:
    return f'{value:%Y-%m-%d}' if isinstance(value, date) else value or ''


def _drawn(asked: Field) -> dict[str, Any]:
    options = {str(k): v for k, v in LEVELS.items()} if asked.kind == 'levels' else asked.options
    return {
        'name': asked.name, 'label': asked.label, 'value': [*asked.value] if asked.kind == 'levels' else _plain(asked.value), 'kind': asked.kind,
        'required': asked.required, 'hint': asked.hint, 'rule': asked.rule, 'unit': asked.unit, 'options': [[k, v] for k, v in options.items()],
        'previous': list(asked.previous), 'most': asked.most, 'wide': asked.wide, 'kept': asked.kept}
