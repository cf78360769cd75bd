"""A grid of short texts, one browser component: Enter and arrows go along, each cell is saved when it is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nicegui import events, ui

from app.errors import Refused
from app.house import house
from app.words import screen_clock
from pages.parts.refusals import refusals

Save = Callable[[str, int, str, str], str]
LONGEST = 20  # characters of a cell; more is not read


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and whether it may be filled."""

    text: str
    open: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its key, what tells whose it is, its cells."""

    key: str
    fixed: tuple[str, ...]
    cells: tuple[Cell, ...]


class Matrix(ui.element, component='matrix.js'):
    """A drawn grid."""

    def __init__(self, fixed: Sequence[str], heads: Sequence[str], lines: Sequence[Line], save: Save, *, label: str) -> None:
        """Draw the grid.

        fixed: heads of the columns that cannot be changed · heads: of the cells
        save: (key of the line, column, new text, text shown before) keeps one cell in its own transaction, returns what is stored; raises Refused
        """
        super().__init__()
        self.keys, self.columns, self.save = frozenset(line.key for line in lines), len(heads), save
        self._props['fixed'], self._props['heads'], self._props['label'] = list(fixed), list(heads), label
        self._props['lines'] = tuple({'key': line.key, 'fixed': list(line.fixed), 'cells': [[c.text, c.open] for c in line.cells]} for line in lines)
        self.on('cell', self._cell)

    @refusals()
    def _cell(self, event: events.GenericEventArguments) -> None:
        said = event.args if isinstance(event.args, dict) else {}
        key, column, value, before = said.get('key'), said.get('column'), said.get('value'), said.get('shown')
        texts = isinstance(key, str) and isinstance(value, str) and isinstance(before, str) and len(value) <= LONGEST and len(before) <= LONGEST
        if not texts or key not in self.keys or type(column) is not int or not 0 <= column < self.columns:
            raise Refused('这一格的内容无法识别，没有保存，请刷新页面后重填。')
        try:
            stored = self.save(str(key), column, str(value), str(before))
        except Refused as refused:
            self.run_method('refused', key, column, refused.sentence)
        else:
            self.run_method('saved', key, column, stored, screen_clock(house().now()))
