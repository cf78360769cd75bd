"""Cells of tables on paper, the same for PDF, XLSX and DOCX: merged cells, ticked choices, places of cells in the grid."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, how many columns and rows it covers, how it stands.

    align: None lets the table choose (one line and bold texts in the middle, several lines to the left)
    top: at the upper edge of a high cell instead of its middle
    where: what a person calls this place (“姓名”栏), for refusals · jpeg: a picture of picture_mm (width, height) instead of a text
    """

    text: str = ''
    cols: int = 1
    rows: int = 1
    align: Literal['L', 'C', 'R'] | None = None
    bold: bool = False
    top: bool = False
    where: str = ''
    jpeg: bytes = b''
    picture_mm: tuple[float, float] = (25.0, 35.0)


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell and the row and column of its upper left corner."""

    row: int
    col: int
    cell: Cell


def placed(rows: Iterable[Sequence[Cell | str]], columns: int, *, heads: bool = False) -> list[Placed]:
    """Return where every cell stands; each row names only the cells that begin in it, from left to right.

    columns: how many the table has; heads: all of them become bold and stand in the middle
    raises ValueError when cells overlap, leave a hole or reach beyond the last column or row
    """
    rows = list(rows)
    taken: set[tuple[int, int]] = set()
    places: list[Placed] = []
    for row, cells in enumerate(rows):
        col = 0
        for given in cells:
            cell = given if isinstance(given, Cell) else Cell(given)
            if heads:
                cell = replace(cell, bold=True, align='C')
            while (row, col) in taken:
                col += 1
            area = {(r, c) for r in range(row, row + cell.rows) for c in range(col, col + cell.cols)}
            if taken & area or col + cell.cols > columns or row + cell.rows > len(rows):
                raise ValueError(f'cell {cell.text!r} in row {row} does not fit into {columns} columns and {len(rows)} rows')
            taken |= area
            places.append(Placed(row, col, cell))
    if len(taken) != len(rows) * columns:
        raise ValueError(f'{len(rows) * columns - len(taken)} places of the table have no cell')
    return places


def head_names(heads: Sequence[Sequence[Cell | str]], columns: int) -> list[str]:
    """Return what each column is called: the lowest head over it."""
    names = [''] * columns
    for place in placed(heads, columns):
        names[place.col:place.col + place.cell.cols] = [place.cell.text] * place.cell.cols
    return names


def ticks(options: Sequence[str], chosen: Collection[str] = (), *, between: str = '　') -> str:
    """Return the options as papers print them, chosen ones ticked: '☑是　□否'; ValueError for a choice that is no option."""
    if unknown := set(chosen) - set(options):
        raise ValueError(f'{sorted(unknown)} not among the options {list(options)}')
    return between.join(f'{"☑" if option in chosen else "□"}{option}' for option in options)
