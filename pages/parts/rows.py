"""A table whose rows a person writes: cells saved when they are left, rows added, taken out and moved; one browser component."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from nicegui import events, ui

from app.errors import Refused
from app.house import house
from app.words import screen_clock
from pages.parts.refusals import refusals

LONGEST = 2000  # characters of a cell that are read; its own limit is checked by the operation

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: kind text, number, date or select (with options {value: word})."""

    name: str
    head: str
    kind: Literal['text', 'number', 'date', 'select'] = 'text'
    required: bool = False
    most: int = 0
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Acts:
    """What a table does, each in a transaction of its own; raises Changed when a row no longer holds what was shown, Refused.

    change: (at, shown, new) keeps a row and returns it as it is kept · add: returns the new row · remove: (at, shown) · move: (at, by, shown)
    """

    change: Callable[[int, Row, Row], Row]
    add: Callable[[], Row]
    remove: Callable[[int, Row], object]
    move: Callable[[int, int, Row], object]


class Rows(ui.element, component='rows.js'):
    """A drawn table of rows."""

    def __init__(self, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], acts: Acts, *, label: str) -> None:
        """Draw the rows; label: what the table is called."""
        super().__init__()
        self.columns, self.acts = {c.name: c for c in columns}, acts
        self._props['label'] = label
        self._props['columns'] = [
            {'name': c.name, 'head': c.head, 'kind': c.kind, 'required': c.required, 'most': c.most, 'options': [[k, v] for k, v in c.options.items()]} for c in columns]
        self._props['rows'] = [self._texts(row) for row in rows]
        self.on('row', self._row)

    @refusals()
    def _row(self, event: events.GenericEventArguments) -> None:
        said = event.args if isinstance(event.args, dict) else {}
        do, at, key = said.get('do'), said.get('at'), said.get('key')
        if do not in ('change', 'add', 'remove', 'move') or type(at) is not int or type(key) is not int or not 0 <= at < 10_000:
            raise Refused('这一行的内容无法识别，没有保存，请刷新页面后重填。')
        try:
            stored = self._act(do, at, said)
        except Refused as refused:
            self.run_method('refused', key, refused.sentence)
        except Exception:
            self.run_method('refused', key, '这一行没有保存，请稍后再试。')
            raise
        else:
            self.run_method('done', do, key, self._texts(stored) if stored is not None else None, said.get('by') or 0, screen_clock(house().now()))

    def _act(self, do: str, at: int, said: Mapping[str, Any]) -> Row | None:
        if do == 'add':
            return self.acts.add()
        shown = self._values(said.get('shown'))
        if do == 'change':
            return self.acts.change(at, shown, self._values(said.get('new')))
        if do == 'remove':
            self.acts.remove(at, shown)
        else:
            self.acts.move(at, 1 if said.get('by') == 1 else -1, shown)
        return None

    def _values(self, raw: object) -> Row:
        """Return a row as the browser sent it: text, None for a day that is not filled."""
        row = raw if isinstance(raw, dict) else {}
        if any(not isinstance(row.get(name), str) or len(row[name]) > LONGEST for name in self.columns):
            raise Refused('这一行的内容过长或无法识别，没有保存，请删减后重填。')
        return {name: row[name] or (None if c.kind == 'date' else '') for name, c in self.columns.items()}

    def _texts(self, row: Mapping[str, Any]) -> dict[str, str]:
        return {name: str(row.get(name) or '') for name in self.columns}
