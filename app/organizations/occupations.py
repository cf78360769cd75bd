"""The occupations whose levels and work types are known (assets/occupations.csv, from the filing letters and lists of the sources)."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LIST = Path(__file__).resolve().parents[2] / 'assets' / 'occupations.csv'


@dataclass(frozen=True, slots=True)
class Occupation:
    """One row: an occupation, or one work type of it, with the levels its standard has (empty: the source gives none)."""

    code: str
    name: str
    work_type: str
    levels: tuple[int, ...]
    work_type_code: str
    note: str


@lru_cache(maxsize=1)
def occupations() -> tuple[Occupation, ...]:
    """Return the list in its own order."""
    with LIST.open(encoding='utf-8-sig', newline='') as file:
        return tuple(
            Occupation(r['职业编码'], r['职业名称'], r['工种'], tuple(int(x) for x in r['等级'].split('、') if x), r['工种编码'], r['备注'])
            for r in csv.DictReader(file))


def known(code: str) -> tuple[Occupation, ...]:
    """Return the rows of an occupation code, one per work type; empty when the code is not in the list."""
    return tuple(o for o in occupations() if o.code == code)


def work_types(rows: Iterable[Occupation], level: int) -> tuple[str, ...]:
    """Return the work types a level is divided into: () for 车工 level 5 (OCC-07)."""
    return tuple(o.work_type for o in rows if o.work_type and level in o.levels)


def old_names(name: str) -> tuple[str, ...]:
    """Return the names that the list calls old names of an occupation: ('保育员',) for 保育师."""
    return tuple(o.name for o in occupations() if o.note.startswith(f'{name}的旧名'))
