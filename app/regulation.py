"""Regulation profiles (规则档案): the figures of a province, from data files to typed models, and how provinces compare."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.figures import Frozen, Setting
from app.figures_results import Profile
from app.layers import PROPOSALS, REGULATIONS, Layer, Tree, fault_of, lay_over, read_layer, tighten
from app.register import clause


@dataclass(frozen=True, slots=True)
class Leaf:
    """One figure of a profile.

    beside: what stands beside the value, e.g. {'comparator': 'gt'} · origin_layer: name of the file it comes from, e.g. 'national'
    """

    path: str
    value: Any
    beside: Mapping[str, Any]
    enforcement: str
    rule: str
    settles: str
    origin_layer: str
    because: str

    @property
    def clause(self) -> str:
        return clause(self.rule)

    @property
    def shown(self) -> str:
        """The value in Chinese, with what stands beside it."""
        main = word(f'{self.path}.null', 'null') if self.value is None else value_words(self.value)
        more = '；'.join(f'{word(key)}：{value_words(value)}' for key, value in self.beside.items() if value is not None)
        return f'{main}（{more}）' if more else main


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the page 规则档案: the same figure in several profiles, in the order asked for."""

    path: str
    label: str
    leaves: tuple[Leaf, ...]

    @property
    def differs(self) -> bool:
        return len({repr(leaf.value) for leaf in self.leaves}) > 1


def profiles(root: Path = REGULATIONS) -> tuple[str, ...]:
    """Return the names of the profiles an organisation may have: every file but the layer of proposals below them all."""
    return tuple(sorted(file.stem for file in root.glob('*.yaml') if file.stem != PROPOSALS))


def overlays(root: Path = REGULATIONS) -> tuple[str, ...]:
    """Return the names of the house rules that may be laid over a profile."""
    return tuple(sorted(file.stem for file in (root / 'overlays').glob('*.yaml')))


@lru_cache
def profile(name: str, overlay: str = '', root: Path = REGULATIONS) -> Profile:
    """Return a profile, with an overlay if one is named.

    raises ValueError with file and line for unknown and missing keys, wrong types, unknown rule ids and an overlay
    whose strictness cannot be told; an unknown name is our mistake (ValueError)
    source: rules.md 0.2, CONV-15
    """
    if name not in profiles(root) or (overlay and overlay not in overlays(root)):
        raise ValueError(f'no regulation profile {name} {overlay}'.rstrip())
    layer = _resolved(name, root)
    if overlay:
        layer = tighten(layer, read_layer(root / 'overlays' / f'{overlay}.yaml'))
    head = {'name': name, 'label': layer.label, 'overlay': overlay, 'province_code': layer.province_code}
    origins = {'.'.join(map(str, path[:-1])): place.layer for path, place in layer.places.items() if path[-1] == 'value'}
    try:
        return Profile.model_validate({**head, 'version': _version(head, layer.tree), 'origins': origins, **layer.tree})
    except ValidationError as error:
        raise ValueError(fault_of(error, layer.places)) from None


def check_profiles(root: Path = REGULATIONS) -> None:
    """Load every profile with every overlay, so that a wrong file stops the start and not a later day."""
    for name in profiles(root):
        for overlay in ('', *overlays(root)):
            profile(name, overlay, root)


def leaves(held: Profile) -> list[Leaf]:
    """Return every figure of a profile in the order of the models."""
    return [
        Leaf(path, leaf.value, _beside(leaf), leaf.enforcement, leaf.rule, leaf.settles or '', held.origins[path], leaf.because)
        for path, leaf in _walk(held, '')]


def compare(names: Sequence[str]) -> list[Compared]:
    """Return one line a figure for the page 规则档案, each profile's leaf beside the others."""
    columns = [{leaf.path: leaf for leaf in leaves(profile(name))} for name in names]
    return [Compared(path, label_of(path), tuple(column[path] for column in columns)) for path in columns[0]] if columns else []


def label_of(path: str) -> str:
    """Return the Chinese of a path, e.g. '备案 › 数量限制 › 每辖区同一职业机构数'."""
    parts = path.split('.')
    return ' › '.join(word('.'.join(parts[:n + 1]), parts[n]) for n in range(len(parts)))


def layer_label(name: str) -> str:
    """Return the Chinese name of a layer, e.g. 'national' → '国家'."""
    file = REGULATIONS / f'{name}.yaml'
    return read_layer(file if file.exists() else REGULATIONS / 'overlays' / file.name).label


def word(*keys: str) -> str:
    """Return the Chinese of the first key that stands in words.csv; raises ValueError when none does."""
    known = _words()
    for key in keys:
        if key in known:
            return known[key]
    raise ValueError(f'{keys[-1]} does not stand in assets/regulations/words.csv')


@lru_cache
def _resolved(name: str, root: Path) -> Layer:
    layer = read_layer(root / f'{name}.yaml')
    return lay_over(_resolved(layer.extends, root), layer) if layer.extends else layer


def _version(head: Mapping[str, str], tree: Tree) -> str:
    text = json.dumps([head, tree], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _walk(model: Frozen, path: str) -> Iterator[tuple[str, Setting[Any]]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        below = f'{path}.{name}' if path else name
        if isinstance(value, Setting):
            yield below, value
        elif isinstance(value, Frozen):
            yield from _walk(value, below)


def _beside(leaf: Setting[Any]) -> dict[str, Any]:
    return {name: getattr(leaf, name) for name in type(leaf).model_fields if name not in Setting.model_fields}


def value_words(value: Any) -> str:
    """Return a value in Chinese, as the page 规则档案 and the rule documents say it."""
    if value is None:
        return word('null')
    if isinstance(value, bool):
        return '是' if value else '否'
    if isinstance(value, str):
        return _words().get(value, value)
    if isinstance(value, Frozen):
        return value_words(value.model_dump())
    if isinstance(value, Mapping):
        return '；'.join(f'{value_words(str(key))}：{value_words(below)}' for key, below in value.items())
    if isinstance(value, (tuple, list)):
        return '、'.join(value_words(item) for item in value) or '无'
    return f'{value:g}' if isinstance(value, float) else str(value)


@lru_cache(maxsize=1)
def _words() -> Mapping[str, str]:
    lines = (REGULATIONS / 'words.csv').read_text(encoding='utf-8').splitlines()
    return dict(line.split(',', 1) for line in lines[1:])
