"""The register of rule and form ids: what each rests on, in the source's words and in ours (assets/rules.csv, assets/forms.csv)."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

Row = TypeVar('Row')
ASSETS = Path(__file__).resolve().parents[1] / 'assets'


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the handbooks.

    profile: where it holds, e.g. 'henan' or 'national,hunan' · enforcement: block, warn, remind, compute or ledger
    source: short file and place · clause: 文号 and 条 · text: the source's own words, '' where not yet excerpted or silent
    sentence: ours, '' where not yet written · carrying: refused, found, computed, reminded, kept or not software, with the reason
    """

    id: str
    section: str
    profile: str
    enforcement: str
    source: str
    clause: str
    text: str
    sentence: str
    carrying: str


@dataclass(frozen=True, slots=True)
class Form:
    """One paper.

    entry: number of its line in the index, several ids may share one · part: A to K · status: SRC, LIST, named or proposed
    outputs: PDF, XLSX, DOCX, ZIP · builder: dotted path of the function that makes it, e.g. 'app.certificates.documents:certificates_pdf'
    """

    id: str
    title: str
    entry: int
    part: str
    status: str
    outputs: tuple[str, ...]
    builder: str


def rule(rule_id: str) -> Rule:
    """Return a rule; an unknown id is our mistake (ValueError)."""
    return _found(rules(), rule_id, 'rules.csv')


def clause(rule_id: str) -> str:
    """Return 文号 and 条 of a rule, e.g. '湘人社鉴函〔2022〕1号 三'."""
    return rule(rule_id).clause


def form(form_id: str) -> Form:
    """Return a form; an unknown id is our mistake (ValueError)."""
    return _found(forms(), form_id, 'forms.csv')


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Rule]:
    """Return all rules by id, in the order of the register."""
    return MappingProxyType({row['id']: Rule(**row) for row in _rows('rules.csv')})


@lru_cache(maxsize=1)
def forms() -> Mapping[str, Form]:
    """Return all forms by id, in the order of the index."""
    return MappingProxyType({
        row['id']: Form(row['id'], row['title'], int(row['entry']), row['part'], row['status'], tuple(row['outputs'].split()), row['builder'])
        for row in _rows('forms.csv')})


def _found(register: Mapping[str, Row], key: str, file: str) -> Row:
    if key not in register:
        raise ValueError(f'{key} does not stand in assets/{file}')
    return register[key]


def _rows(file: str) -> list[dict[str, str]]:
    with (ASSETS / file).open(encoding='utf-8', newline='') as lines:
        rows = list(csv.DictReader(lines, strict=True))
    if twice := [i for i, times in Counter(row['id'] for row in rows).items() if times > 1]:
        raise ValueError(f'assets/{file}: {", ".join(twice)} stands twice')
    return rows
