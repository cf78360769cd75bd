"""Layers of figures: YAML files read with the place of every key, laid over one another (rules.md 0.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

REGULATIONS = Path(__file__).resolve().parents[1] / 'assets' / 'regulations'
LEAF = {'value', 'enforcement', 'rule'}
WEIGHT = ('ledger', 'remind', 'warn', 'compute', 'block')
PROPOSALS = 'default'  # the layer that is not law

Keys = tuple[Any, ...]  # ('plan', 'annual_due', 'value')
Tree = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key stands."""

    layer: str
    file: str
    line: int

    def __str__(self) -> str:
        return f'{self.file}:{self.line}'


@dataclass(frozen=True, slots=True)
class Layer:
    """One file, or several laid over one another; places has every key path of the tree."""

    name: str
    label: str
    extends: str
    province_code: str
    tree: Tree
    places: Mapping[Keys, Place]


def read_layer(file: Path) -> Layer:
    """Return a file as a layer; raises ValueError with file and line for what cannot be read, double keys and half leaves."""
    shown = '/'.join(file.parts[file.parts.index('assets'):]) if 'assets' in file.parts else str(file)
    places: dict[Keys, Place] = {}
    try:
        node = yaml.compose(file.read_text(encoding='utf-8'), Loader=getattr(yaml, 'CSafeLoader', yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise ValueError(f'{shown}:{mark.line + 1 if mark else 1}: {error.problem}') from None
    if not isinstance(node, yaml.MappingNode):
        raise ValueError(f'{shown}:1: a mapping is expected')
    tree = _plain(node, (), places, file.stem, shown)
    head = {key: str(tree.pop(key, '')) for key in ('label', 'extends', 'province_code')}
    return Layer(file.stem, head['label'], head['extends'], head['province_code'], tree, places)


def lay_over(lower: Layer, upper: Layer) -> Layer:
    """Return both merged: mappings merge key by key, lists and figures replace, null replaces as well."""
    tree = _merged(lower.tree, upper.tree)
    return replace(upper, tree=tree, province_code=upper.province_code or lower.province_code, places={**lower.places, **upper.places})


def tighten(base: Layer, overlay: Layer) -> Layer:
    """Return base with an organisation's overlay: it replaces proposals freely, and what national or province lay down only by stricter values.

    Laxer than national or province: the profile's own value stands. Raises ValueError with file and line where nothing
    says which of two values is stricter.
    source: rules.md 0.2
    """
    tree, places = base.tree, dict(base.places)
    for path, leaf in _leaves(overlay.tree, (), overlay.places):
        below = _at(base.tree, path)
        laid = leaf
        if 'value' in below and base.places[(*path, 'value')].layer != PROPOSALS:
            if not _stricter(below, leaf, overlay.places[path]):
                continue
            laid = {**leaf, 'enforcement': max(below['enforcement'], leaf['enforcement'], key=WEIGHT.index)}
        tree = _merged(tree, _nested(path, laid))
        places.update({keys: place for keys, place in overlay.places.items() if keys[:len(path)] == path})
    return replace(base, tree=tree, places=places)


def fault_of(error: ValidationError, places: Mapping[Keys, Place]) -> str:
    """Return file, line and what is wrong of the first fault of a validation."""
    first = error.errors()[0]
    path = tuple(first['loc'])
    while path and path not in places:
        path = path[:-1]
    name = '.'.join(str(part) for part in first['loc'])
    what = {'extra_forbidden': 'unknown key', 'missing': 'missing key'}.get(first['type'], first['msg'])
    return f'{places.get(path, "assets/regulations")}: {name}: {what}'


def _plain(node: yaml.Node, path: Keys, places: dict[Keys, Place], layer: str, file: str) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return tuple(_plain(item, (*path, n), places, layer, file) for n, item in enumerate(node.value))
    if not isinstance(node, yaml.MappingNode):
        return yaml.constructor.SafeConstructor().construct_object(node)
    found: Tree = {}
    for key_node, value_node in node.value:
        key = _plain(key_node, path, places, layer, file)
        place = Place(layer, file, key_node.start_mark.line + 1)
        if key in found:
            raise ValueError(f'{place}: {key} stands twice')
        places[(*path, key)] = place
        found[key] = _plain(value_node, (*path, key), places, layer, file)
    half = found.keys() & LEAF
    if half and path and not found.keys() >= LEAF and not {'all', 'any'} & found.keys():
        raise ValueError(f'{places[path]}: {".".join(map(str, path))}: missing {", ".join(sorted(LEAF - half))}')
    return found


def _merged(lower: Tree, upper: Tree) -> Tree:
    merged = {key: value for key, value in lower.items() if not (key == 'because' and 'value' in upper)}
    for key, value in upper.items():
        below = merged.get(key)
        merged[key] = _merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _stricter(below: Tree, leaf: Tree, place: Place) -> bool:
    """Whether the overlay's value may stand in place of the one below: stricter or the same."""
    old, new, how = below['value'], leaf['value'], leaf.get('stricter', below.get('stricter'))
    if old == new:
        return True
    if how == 'fixed':
        return False
    if how == 'more':
        return set(new) >= set(old)
    if how in ('higher', 'lower'):
        return new is not None and (old is None or (new > old if how == 'higher' else new < old))
    raise ValueError(f'{place}: nothing says whether {new} is stricter than {old} ({below["rule"]})')


def _leaves(tree: Tree, path: Keys, places: Mapping[Keys, Place]) -> Iterator[tuple[Keys, Tree]]:
    if 'value' in tree:
        yield path, tree
        return
    for key, below in tree.items():
        if not isinstance(below, dict):
            raise ValueError(f'{places[(*path, key)]}: {key}: a leaf has value, enforcement and rule')
        yield from _leaves(below, (*path, key), places)


def _at(tree: Tree, path: Keys) -> Tree:
    for key in path:
        tree = tree.get(key, {})
    return tree


def _nested(path: Keys, leaf: Tree) -> Tree:
    for key in reversed(path):
        leaf = {key: leaf}
    return leaf
