"""Where a person stands in a list: filters, order and page, as they are written in the address."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

SEARCH = 'q'
LONGEST = 60  # characters of a filter's text
_PERSONAL = re.compile(r'\d{11}')  # ID and phone numbers, which no address may hold (security.md, promise 9)


@dataclass(slots=True)
class Place:
    """Filters {key: value} without empty ones, the column the rows are ordered by, and one bound of the page at most."""

    filters: dict[str, str] = field(default_factory=dict)
    sort: str = ''  # key of a column, with - before it falling; newest first without
    before: int = 0
    after: int = 0
    last: bool = False

    def bounds(self) -> dict[str, int | bool]:
        """Return the page's bound as `fetch` takes it; empty on the first page."""
        return {k: v for k, v in (('before', self.before), ('after', self.after), ('last', self.last)) if v}

    def asked(self) -> dict[str, str]:
        """Return filters and order as `fetch` and an export take them."""
        return self.filters | ({'sort': self.sort} if self.sort else {})

    def to(self, *, before: int = 0, after: int = 0, last: bool = False) -> None:
        """Stand on another page of the same rows; without a bound on the first."""
        self.before, self.after, self.last = before, after, last

    def choose(self, key: str, value: str) -> bool:
        """Set or clear one filter and go to its first page; returns False when nothing changes."""
        if self.filters.get(key, '') == (value := value.strip()[:LONGEST]):
            return False
        self.filters.pop(key, None)
        if value:
            self.filters[key] = value
        self.to()
        return True

    def order(self, sort: str) -> None:
        """Order the rows by a column and go to the first page."""
        self.sort = sort
        self.to()


def place_of(query: Mapping[str, str], allowed: Mapping[str, Iterable[str] | None], prefix: str = '', sorts: Collection[str] = ()) -> Place:
    """Read a place from the address or a saved view; what does not fit is left out, so an old one still opens.

    allowed: {filter key: its values, None for free text} · prefix: of this list's keys when a page has several · sorts: columns that rows can be ordered by
    """
    place = Place()
    for key, values in allowed.items():
        value = query.get(prefix + key, '').strip()[:LONGEST]
        if value and (values is None or value in values):
            place.filters[key] = value
    sort = query.get(prefix + 'sort', '')
    place.sort = sort if sort.removeprefix('-') in sorts else ''
    place.before, place.after = (number_of(query.get(prefix + key, '')) for key in ('before', 'after'))
    place.last = query.get(prefix + 'last', '') == '1'
    return place


def address_of(path: str, query: Mapping[str, str], place: Place, allowed: Iterable[str], prefix: str = '') -> str:
    """Return the address that opens the same list, filters, order and page; other keys of the address stay.

    A search text with an ID or phone number stays out of it: addresses are kept in histories and logs.
    """
    own = {prefix + key for key in (*allowed, 'sort', 'before', 'after', 'last')}
    kept = {k: v for k, v in query.items() if k not in own}
    here = {prefix + k: '1' if v is True else str(v) for k, v in {**tellable(place), **place.bounds()}.items()}
    return f'{path}?{urlencode(here | kept)}' if here or kept else path


def tellable(place: Place) -> dict[str, str]:
    """Return filters and order that may be written into an address or a saved view: no ID or phone number that was searched for."""
    return {k: v for k, v in place.asked().items() if k != SEARCH or not _is_personal(v)}


def count_words(found: int, limit: int) -> str:
    """Return a count as lists show it: 1000+ when it goes beyond what was counted, else 1,204."""
    return f'{limit}+' if limit and found > limit else f'{found:,}'


def number_of(text: str) -> int:
    """Return an id as a browser sends it; 0 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 16 else 0


def _is_personal(text: str) -> bool:
    return bool(_PERSONAL.search(re.sub(r'[\s-]', '', text)))
