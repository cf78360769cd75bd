"""How a person sees a list: which columns, in which order, how wide; kept on the server for each person and list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pages.parts.listing import Column

NARROWEST, WIDEST = 48, 800  # px of a column; listing.js knows them too


@dataclass(frozen=True, slots=True)
class Layout:
    """Keys of the shown columns in their order, the list's first column always first; widths {key: px} where somebody set one."""

    keys: tuple[str, ...]
    widths: dict[str, int] = field(default_factory=dict)

    def kept(self) -> dict[str, object]:
        """Return it as it is kept."""
        return {'columns': [*self.keys], 'widths': dict(self.widths)}

    def shown(self, n: int) -> tuple[tuple[str, ...], dict[str, int], int]:
        """Return it as the browser takes it: another n takes the place of what the person did there since."""
        return self.keys, dict(self.widths), n


def layout_of(kept: Mapping[str, object], columns: Sequence[Column]) -> Layout:
    """Return what was kept or sent; columns that are no longer there and odd widths are left out, without any the usual ones are shown."""
    known = {c.key for c in columns}
    said, widths = kept.get('columns'), kept.get('widths')
    keys = [key for key in (said if isinstance(said, list) else []) if isinstance(key, str) and key in known]
    shown = dict.fromkeys([columns[0].key, *keys] if keys else [c.key for c in columns if not c.hidden])
    given = widths if isinstance(widths, dict) else {}
    return Layout(tuple(shown), {k: min(max(w, NARROWEST), WIDEST) for k, w in given.items() if k in known and type(w) is int})
