"""The one list of the whole house: filters, order and page in the address, columns and views of each person, bulk acts, export."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nicegui import events, run, ui

from app.access import Permission
from app.actors import Actor
from app.errors import Refused
from app.users.queries import preference
from app.work import Work, look
from pages.parts.confirm import confirm
from pages.parts.listing_layout import layout_of
from pages.parts.listing_place import SEARCH, address_of, count_words, place_of, tellable
from pages.parts.listing_views import drop_view, keep_layout, keep_view, view_of, views_of
from pages.parts.refusals import refusals

COUNT_TO = 1000  # beyond it the exact number is counted on a click only

Fetch = Callable[..., tuple[Sequence[Any], bool]]
Count = Callable[..., int]
Export = Callable[[Actor, Sequence[str], dict[str, str]], bytes]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` is the row's attribute, `format` makes its value text; figures stand on the right, with the unit in the head.

    The first of a list is always shown, stands first and does not scroll away.
    """

    key: str
    head: str
    format: Callable[[Any], str] = lambda value: '' if value is None else str(value)
    align: str = 'left'
    width: str = ''  # e.g. '8em'
    hidden: bool = False  # not shown until a person chooses it
    sort: bool = False  # rows can be ordered by it: `fetch` takes sort='key' and sort='-key'


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice above the list: its key goes to `fetch` and `count`."""

    key: str
    label: str
    options: Mapping[str, str]  # {value: word}


@dataclass(frozen=True, slots=True)
class Action:
    """A button above the list or in its empty state; `address` or `act`."""

    word: str
    address: str = ''
    act: Callable[[], object] | None = None
    icon: str = ''


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a bulk act works on: the ticked rows, or all that the filters find when `ids` is empty; `count` is what the person was told."""

    filters: dict[str, str]
    ids: tuple[int, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Bulk:
    """An act on many rows: `act(me, chosen)` runs in a thread and returns the sentence that tells what was done."""

    word: str
    act: Callable[[Actor, Chosen], str]
    warning: str = ''  # what cannot be taken back


@dataclass(frozen=True, slots=True)
class Listed:
    """All that a list is made of; see `listing`."""

    me: Actor
    name: str
    title: str
    columns: Sequence[Column]
    fetch: Fetch
    count: Count
    empty: tuple[str, Action | None]
    filters: Sequence[Filter] = ()
    search: str = ''
    actions: Sequence[Action] = ()
    bulk: Sequence[Bulk] = ()
    export: Export | None = None
    opens: Callable[[Any], str] | None = None
    prefix: str = ''
    allowed: dict[str, Sequence[str] | None] = field(init=False)
    sorts: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        free: dict[str, Sequence[str] | None] = {SEARCH: None} if self.search else {}
        object.__setattr__(self, 'allowed', free | {f.key: tuple(f.options) for f in self.filters})
        object.__setattr__(self, 'sorts', frozenset(c.key for c in self.columns if c.sort))


def listing(
        me: Actor, *, name: str, title: str, columns: Sequence[Column], fetch: Fetch, count: Count, empty: tuple[str, Action | None],
        filters: Sequence[Filter] = (), search: str = '', actions: Sequence[Action] = (), bulk: Sequence[Bulk] = (), export: Export | None = None,
        opens: Callable[[Any], str] | None = None, prefix: str = '') -> Listing:
    """Draw a list and return it; `.refresh()` reads it anew where it stands.

    name: under which a person's columns and views are kept · title: of the table, the export and its file
    fetch: (work, **filters, sort=, before=, after=, last=) → (rows, more in the direction asked), newest first without sort; rows have `id`
    count: (work, limit, **filters) → how many, counted up to a limit; limit 0 counts all
    empty: what to do first, as a sentence and a button · filters: choices above the list · search: hint of the search box, its text goes to `q`
    actions: buttons · bulk: acts on what is ticked or found · export: (me, column keys in their order, filters and sort) → XLSX, in a thread
    opens: row → address of its record · prefix: of the keys in the address when a page has several lists
    """
    return Listing(Listed(me, name, title, columns, fetch, count, empty, filters, search, actions, bulk, export, opens, prefix))


class Listing(ui.element, component='listing.js'):
    """A drawn list and where the person stands in it. The browser draws it; here it is read, and every wish of the browser checked."""

    def __init__(self, listed: Listed) -> None:
        super().__init__()
        self.listed = listed
        request = ui.context.client.request
        self.path, self.query = str(request.scope['path']), dict(request.query_params)
        self.place = place_of(self.query, listed.allowed, listed.prefix, listed.sorts)
        self.found = self.total = 0  # counted to COUNT_TO + 1
        self.exact = False  # whether all that was found was counted
        self.taken = 0  # views, each of which changes what the browser shows
        with look(listed.me) as work:  # a refusal while the page is drawn is the page's own
            self.layout = layout_of(preference(work, f'list:{listed.name}'), listed.columns)
            self._read(work)
        self._props |= {  # tuples: NiceGUI watches each list and dict of a property
            'title': listed.title, 'search': listed.search, 'columns': tuple((c.key, c.head, c.align, c.width, c.sort, c.hidden) for c in listed.columns),
            'filters': tuple((f.key, f.label, tuple(f.options.items())) for f in listed.filters), 'bulk': tuple(b.word for b in listed.bulk),
            'actions': tuple((a.word, a.address, a.icon) for a in listed.actions), 'exports': listed.export is not None,
            'shares': listed.me.may(Permission.VIEWS_SHARE), 'layout': self.layout.shown(self.taken),
            'empty': (listed.empty[0], tuple((a.word, a.address, a.icon) for a in (listed.empty[1],) if a))}
        self.on('ask', self._asked)

    @refusals()
    def refresh(self) -> None:
        """Read the page it stands on anew."""
        with look(self.listed.me) as work:
            self._read(work)

    @refusals()
    async def _asked(self, event: events.GenericEventArguments) -> None:
        """Do what the browser asks for; what it never asks for is refused."""
        listed = self.listed
        match event.args:
            case ['choose', str(key), str(value)] if key in listed.allowed and self._is_choice(key, value):
                if self.place.choose(key, value):
                    self._moved()
            case ['clear']:
                self.place.filters.clear()
                self._go()
            case ['sort', str(sort)] if not sort or sort.removeprefix('-') in listed.sorts:
                self.place.order(sort)
                self._moved()
            case ['go', 'first' | 'back' | 'forth' | 'last' as where]:
                self._go(where)
            case ['act', int(at)] if -1 <= at < len(listed.actions):
                await self._act(listed.empty[1] if at < 0 else listed.actions[at])
            case ['bulk', int(at), list(ids)] if 0 <= at < len(listed.bulk):
                await self._run_bulk(listed.bulk[at], {i for i in ids if type(i) is int})
            case ['count']:
                self.found, self.exact = await self._counted(), True
                self._props['page'] |= self._count_words()
            case ['export'] if listed.export:
                await self._export(listed.export)
            case ['layout', dict(layout)]:
                self.layout = layout_of(layout, listed.columns)
                keep_layout(listed.me, listed.name, self.layout)
            case ['reset']:
                self.layout = layout_of({}, listed.columns)
                keep_layout(listed.me, listed.name, None)
            case ['views', *wish]:
                self._views(wish)
            case _:
                raise Refused('这一步无法识别，没有办理，请刷新页面后重试。')

    def _views(self, wish: list[object]) -> None:
        listed = self.listed
        match wish:
            case []:
                pass
            case ['take', str(title), str(shared)]:
                kept = view_of(listed.me, listed.name, title, shared)
                self.place, self.layout = place_of(kept.place, listed.allowed, sorts=listed.sorts), layout_of(kept.layout, listed.columns)
                keep_layout(listed.me, listed.name, self.layout)
                self.taken += 1
                self._props['layout'] = self.layout.shown(self.taken)
                self._moved()
                return
            case ['keep', str(title), bool(shared)]:
                keep_view(listed.me, listed.name, title, tellable(self.place), self.layout, shared=shared)
                ui.notify(f'已保存视图“{title.strip()}”。', type='positive', position='top')
            case ['drop', str(title), str(shared)]:
                drop_view(listed.me, listed.name, title, shared)
            case _:
                raise Refused('这个视图无法识别，请刷新页面后重试。')
        self.run_method('offer', views_of(listed.me, listed.name))

    def _read(self, work: Work) -> None:
        """Read the page it stands on; a page that is no longer there gives the first."""
        listed, place = self.listed, self.place
        self.found = listed.count(work, COUNT_TO + 1, **place.filters)
        self.total = listed.count(work, COUNT_TO + 1) if place.filters else self.found
        self.exact = False
        rows, more = listed.fetch(work, **place.asked(), **place.bounds()) if self.found else ([], False)
        if place.bounds() and (not rows or place.after and not more):
            place.to()
            rows, more = listed.fetch(work, **place.asked()) if self.found else ([], False)
        self.ids = [row.id for row in rows]
        up = bool(place.last or place.after)
        self._props['page'] = {
            'rows': tuple((row.id, listed.opens(row) if listed.opens else '', tuple(c.format(getattr(row, c.key)) for c in listed.columns)) for row in rows),
            'filters': dict(place.filters), 'sort': place.sort, 'back': more if up else bool(place.before),
            'forth': bool(place.after) or not place.last and more} | self._count_words()

    def _count_words(self) -> dict[str, Any]:
        found = count_words(self.found, 0 if self.exact else COUNT_TO)
        said = f'筛选后{found}条 / 共{count_words(self.total, COUNT_TO)}条' if self.place.filters else f'共{found}条'
        return {'count': said, 'open': not self.exact and self.found > COUNT_TO}

    def _is_choice(self, key: str, value: str) -> bool:
        values = self.listed.allowed[key]
        return not value or values is None or value in values

    def _go(self, where: str = 'first') -> None:
        beside = {'back': {'after': self.ids[0]}, 'forth': {'before': self.ids[-1]}} if self.ids else {}
        self.place.to(last=where == 'last', **beside.get(where, {}))
        self._moved()

    def _moved(self) -> None:
        """Show the place it now stands on and write it into the address."""
        self.refresh()
        ui.navigate.history.replace(address_of(self.path, self.query, self.place, self.listed.allowed, self.listed.prefix))

    async def _act(self, action: Action | None) -> None:
        done = action.act() if action and action.act else None
        if inspect.isawaitable(done):
            await done

    async def _counted(self) -> int:
        found = await run.io_bound(_count, self.listed, dict(self.place.filters))
        return found or 0

    async def _export(self, export: Export) -> None:
        data = await run.io_bound(export, self.listed.me, self.layout.keys, self.place.asked())
        if data:
            with look(self.listed.me) as work:
                name = f'{self.listed.title}_{work.today:%Y-%m-%d}.xlsx'
            ui.download.content(data, name)

    async def _run_bulk(self, bulk: Bulk, ticked: set[int]) -> None:
        ids = tuple(i for i in self.ids if i in ticked)
        many = len(ids) or await self._counted()
        if not many:
            ui.notify('没有可办理的记录，请先放宽筛选条件。', type='warning', position='top')
            return
        what = f'所选的{many:,}条' if ids else f'筛选结果的全部{many:,}条'
        if await confirm(f'将影响{what}：{bulk.word}。{bulk.warning}', do=bulk.word, title=bulk.word):
            said = await run.io_bound(bulk.act, self.listed.me, Chosen(dict(self.place.filters), ids, many))
            self.refresh()
            ui.notify(said, type='positive', position='top')


def _count(listed: Listed, filters: dict[str, str]) -> int:
    with look(listed.me) as work:
        return listed.count(work, 0, **filters)
