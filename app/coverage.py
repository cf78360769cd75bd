"""Which rules and forms the code carries and which test shows each; reads the tree, runs nothing (`python -m app coverage`).

A rule is carried when a test is marked with it, @shows('PLAN-20'), and the code names it in one of three ways: as a text of its
own in app/ or db/ (rule='PLAN-20', the first argument of a Finding or of a helper that makes one), in a line `source: PLAN-20` of a
docstring there, or as the rule of a profile's leaf that app/ or pages/ reads. A leaf is read where an expression ends in its path, e.g. `figures.batch_lead_working_days.value`: as many
names of the path's end as tell it from the other leaves, and either one more name of the path before them or one of the leaf's own
attributes behind them. A leaf counts for its rule and for the point it settles, in every profile.
A form is carried when the function that forms.csv names as its builder stands in the tree and a test shows the form.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.register import forms, rules
from app.regulation import leaves, overlays, profile, profiles

ID = re.compile(r'\b[A-Z]+-[A-Z]?\d+(?:-\d+)?\b')
LEAF_ATTRIBUTES = {'value', 'enforcement', 'rule', 'settles', 'comparator', 'result', 'unit', 'levels', 'at_least', 'all_members_sign', 'background'}


@dataclass(frozen=True)
class Coverage:
    """What is carried: {id: tests as file:line::name}; unknown: ids in @shows that no register has, with the test."""

    rules: dict[str, list[str]]
    forms: dict[str, list[str]]
    unknown: dict[str, list[str]]

    @property
    def papers(self) -> int:
        """Entries of the index all of whose ids are carried."""
        return len({form.entry for form in forms().values()} - {form.entry for form in forms().values() if form.id not in self.forms})


def main() -> int:
    """Print what is carried, section by section; returns 1 when a test shows an id that does not exist."""
    found = cover(Path(__file__).resolve().parents[1])
    by_section: dict[str, list[str]] = defaultdict(list)
    for rule in rules().values():
        by_section[rule.section].append(rule.id)
    for section, ids in by_section.items():
        _print_part(section, ids, found.rules)
    _print_part('表格文书', list(forms()), found.forms)
    for name, tests in found.unknown.items():
        print(f'不存在的编号 {name}：{"，".join(tests)}')
    print(f'rules {len(found.rules)}/{len(rules())}')
    print(f'papers {found.papers}/{max(form.entry for form in forms().values())}')
    print(f'ids {len(found.forms)}/{len(forms())}')
    return 1 if found.unknown else 0


def cover(root: Path) -> Coverage:
    """Return what the tree under root carries; registers and profiles are the house's own."""
    shown = _shown(root)
    app, db, pages = (
        [list(ast.walk(ast.parse(file.read_text(encoding='utf-8')))) for file in sorted((root / floor).rglob('*.py'))]
        for floor in ('app', 'db', 'pages'))
    carried = {name for nodes in app + db for name in _named(nodes)} | _of_leaves({chain for nodes in app + pages for chain in _chains(nodes)})
    built = {form.id for form in forms().values() if form.builder and _stands(root, form.builder)}
    return Coverage(
        {name: shown[name] for name in rules() if name in shown and name in carried},
        {name: shown[name] for name in forms() if name in shown and name in built},
        {name: tests for name, tests in shown.items() if name not in rules() and name not in forms()})


def _print_part(title: str, ids: list[str], carried: dict[str, list[str]]) -> None:
    print(f'{title}  {sum(name in carried for name in ids)}/{len(ids)}')
    for name in ids:
        if name in carried:
            print(f'  {name}  {"  ".join(carried[name])}')


def _shown(root: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted((root / 'tests').rglob('*.py')):
        text = file.read_text(encoding='utf-8')
        for node in ast.walk(ast.parse(text)) if '@shows(' in text else ():
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                continue
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and _name(mark.func) == 'shows':
                    for name in _texts(mark.args):
                        found[name].append(f'{file.relative_to(root).as_posix()}:{node.lineno}::{node.name}')
    return dict(found)


def _named(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and ID.fullmatch(node.value):
            yield node.value
        elif isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for line in re.findall(r'source:(.*)', ast.get_docstring(node) or ''):
                yield from ID.findall(line)


def _chains(nodes: list[ast.AST]) -> Iterator[tuple[str, ...]]:
    for node in nodes:
        if isinstance(node, ast.Attribute):
            names: list[str] = []
            at: ast.expr = node
            while isinstance(at, ast.Attribute):
                names.append(at.attr)
                at = at.value
            yield tuple(reversed([*names, at.id] if isinstance(at, ast.Name) else names))


def _of_leaves(chains: set[tuple[str, ...]]) -> set[str]:
    ids: dict[str, set[str]] = defaultdict(set)
    for held in [profile(name, overlay) for name in profiles() for overlay in ('', *overlays())]:
        for leaf in leaves(held):
            ids[leaf.path] |= {leaf.rule, leaf.settles}
    ends: dict[tuple[str, ...], int] = defaultdict(int)
    for path in ids:
        parts = tuple(path.split('.'))
        for n in range(1, len(parts) + 1):
            ends[parts[-n:]] += 1
    endings = {chain[-n:] for chain in chains for n in range(1, len(chain) + 1)}
    before = {chain[-n:-1] for chain in chains if chain[-1] in LEAF_ATTRIBUTES for n in range(2, len(chain) + 1)}
    read: set[str] = set()
    for path, of_path in ids.items():
        parts = tuple(path.split('.'))
        need = next(n for n in range(1, len(parts) + 1) if ends[parts[-n:]] == 1)
        if parts[-need:] in before or parts[-min(need + 1, len(parts)):] in endings:
            read |= of_path
    return read - {''}


def _stands(root: Path, builder: str) -> bool:
    module, _, function = builder.partition(':')
    file = root / (module.replace('.', '/') + '.py')
    if not file.exists():
        return False
    return any(isinstance(node, ast.FunctionDef) and node.name == function for node in ast.parse(file.read_text(encoding='utf-8')).body)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ''


def _texts(nodes: list[ast.expr]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
