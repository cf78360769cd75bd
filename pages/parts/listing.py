"""The one list of the whole house: filters in the address, paging by key, chosen columns, bulk acts, export."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nicegui import run, ui

from app.actors import Actor
from app.work import look
from pages.parts.confirm import confirm
from pages.parts.listing_columns import columns_menu, visible_columns
from pages.parts.listing_place import SEARCH, address_of, count_words, place_of
from pages.parts.refusals import refusals

COUNT_TO = 1000  # beyond it the exact number is counted on a click only

Fetch = Callable[..., tuple[Sequence[Any], bool]]
Count = Callable[..., int]
Export = Callable[[Actor, Sequence[str], dict[str, str]], bytes]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` is the row's attribute, `format` makes its value text; figures stand on the right, with the unit in the head."""

    key: str
    head: str
    format: Callable[[Any], str] = lambda value: '' if value is None else str(value)
    align: str = 'left'
    width: str = ''  # e.g. '8em'
    hidden: bool = False  # not shown until a person chooses it


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

    def __post_init__(self) -> None:
        free: dict[str, Sequence[str] | None] = {SEARCH: None} if self.search else {}
        object.__setattr__(self, 'allowed', free | {f.key: tuple(f.options) for f in self.filters})


def listing(
        me: Actor, *, name: str, title: str, columns: Sequence[Column], fetch: Fetch, count: Count, empty: tuple[str, Action | None],
        filters: Sequence[Filter] = (), search: str = '', actions: Sequence[Action] = (), bulk: Sequence[Bulk] = (), export: Export | None = None,
        opens: Callable[[Any], str] | None = None, prefix: str = '') -> Listing:
    """Draw a list and return it; `.refresh()` reads it anew where it stands.

    name: under which a person's columns are kept · title: of the table, the export and its file
    fetch: (work, **filters, before=, after=, last=) → (rows, more in the direction asked), newest first; rows have `id`
    count: (work, limit, **filters) → how many, counted up to limit + 1 at most; limit 0 counts exactly
    empty: what to do first, as a sentence and a button · filters: choices above the list · search: hint of the search box, its text goes to `q`
    actions: buttons · bulk: acts on what is ticked or found · export: (me, column keys, filters) → XLSX, in a thread
    opens: row → address of its record · prefix: of the keys in the address when a page has several lists
    """
    return Listing(Listed(me, name, title, columns, fetch, count, empty, filters, search, actions, bulk, export, opens, prefix))


class Listing:
    """A drawn list and where the person stands in it."""

    def __init__(self, listed: Listed) -> None:
        self.listed = listed
        request = ui.context.client.request
        self.path, self.query = str(request.scope['path']), dict(request.query_params)
        self.place = place_of(self.query, listed.allowed, listed.prefix)
        self.first = self.ended = 0  # ids at the page's ends
        self.found = self.total = 0  # counted to COUNT_TO + 1
        with ui.column().classes('dj-list w-full gap-2'):
            self._draw_tools()
            self.chips = ui.row().classes('dj-chips items-center gap-2')
            self.table = self._table()
            self.none = ui.column().classes('dj-empty items-center w-full gap-2')
            self._draw_pages()
        self._show()  # a refusal while the page is drawn is the page's own

    @refusals()
    def refresh(self) -> None:
        """Read the page it stands on anew."""
        self._show()

    def _show(self) -> None:
        """Read and show the page it stands on; a page that is no longer there gives the first."""
        listed, place = self.listed, self.place
        with look(listed.me) as work:
            rows, more = listed.fetch(work, **place.filters, **place.bounds())
            if place.bounds() and (not rows or place.after and not more):
                place.to()
                rows, more = listed.fetch(work, **place.filters)
            self.found = listed.count(work, COUNT_TO, **place.filters)
            self.total = listed.count(work, COUNT_TO) if place.filters else self.found
        self.first, self.ended = (rows[0].id, rows[-1].id) if rows else (0, 0)
        up = bool(place.last or place.after)
        self.back.set_enabled(more if up else bool(place.before))
        self.forth.set_enabled(bool(place.after) or not place.last and more)
        self.end.set_enabled(self.forth.enabled)
        self._show_count(COUNT_TO)
        self.table.selected.clear()
        self.table.rows = [self._cells(row) for row in rows]
        self.table.set_visibility(bool(rows))
        self._draw_chips()
        self._draw_none(empty=not rows)

    def go(self, **bound: Any) -> None:
        """Stand on another page, write the address, show it."""
        self.place.to(**bound)
        self._moved()

    @refusals()
    def choose(self, key: str, value: str) -> None:
        """Set or clear a filter."""
        if self.place.choose(key, value or ''):
            self._moved()

    def clear(self) -> None:
        """Take every filter away."""
        for key, box in self.boxes.items():
            self.place.choose(key, '')
            box.set_value('' if key == SEARCH else None)
        self._moved()

    def _moved(self) -> None:
        self.refresh()
        ui.navigate.history.replace(address_of(self.path, self.query, self.place, self.listed.allowed, self.listed.prefix))

    def _cells(self, row: Any) -> dict[str, Any]:
        cells: dict[str, Any] = {c.key: c.format(getattr(row, c.key)) for c in self.listed.columns}
        return {'id': row.id, 'opens': self.listed.opens(row) if self.listed.opens else '', 'cells': cells}

    def _draw_tools(self) -> None:
        listed = self.listed
        self.boxes: dict[str, Any] = {}
        with ui.row().classes('dj-tools items-center w-full gap-2'):
            if listed.search:
                box = ui.input(placeholder=listed.search, value=self.place.filters.get(SEARCH, ''), on_change=lambda e: self.choose(SEARCH, e.value))
                box.props('outlined dense clearable debounce=300 aria-label=搜索').classes('dj-search')
                with box.add_slot('prepend'):
                    ui.icon('search').props('aria-hidden=true')
                box.on('keydown.down', js_handler='(e) => e.target.closest(".dj-list").querySelector("tbody a")?.focus()')
                self.boxes[SEARCH] = box
            for choice in listed.filters:
                self.boxes[choice.key] = ui.select(
                    dict(choice.options), label=choice.label, value=self.place.filters.get(choice.key), clearable=True,
                    on_change=lambda e, key=choice.key: self.choose(key, e.value)).props('outlined dense options-dense').classes('dj-choice')
            ui.space()
            for bulk in listed.bulk:
                ui.button(bulk.word, on_click=lambda bulk=bulk: self._run_bulk(bulk)).props('outline')
            for action in listed.actions:
                action_button(action)
            columns_menu(listed.me, listed.name, listed.columns, self._show_columns)
            if listed.export:
                ui.button('导出XLSX', icon='download', on_click=self._export).props('outline')

    def _table(self) -> ui.table:
        listed = self.listed
        columns = [{'name': c.key, 'label': c.head, 'field': 'id', 'align': c.align, 'headerStyle': f'width: {c.width}' if c.width else ''}
                   for c in listed.columns]
        table = ui.table(rows=[], columns=columns, row_key='id', pagination={'rowsPerPage': 0}, selection='multiple' if listed.bulk else None)
        table.props(f'hide-pagination dense flat bordered aria-label="{listed.title}"').classes('dj-rows w-full')
        table.props['visible-columns'] = visible_columns(listed.me, listed.name, listed.columns)
        table.add_slot('header-selection', '<q-checkbox v-model="props.selected" dense aria-label="选择本页全部" />')
        table.add_slot('body', _ROW.replace('<!-- tick -->', _TICK if listed.bulk else ''))
        return table

    def _draw_pages(self) -> None:
        with ui.row().classes('dj-pages items-center w-full gap-2'):
            self.counted = ui.label().props('role=status')
            self.exactly = ui.button('精确计数', on_click=self._count_exactly).props('flat dense')
            ui.space()
            ui.button('首页', on_click=lambda: self.go()).props('outline dense')
            self.back = ui.button('上一页', on_click=lambda: self.go(after=self.first)).props('outline dense')
            self.forth = ui.button('下一页', on_click=lambda: self.go(before=self.ended)).props('outline dense')
            self.end = ui.button('末页', on_click=lambda: self.go(last=True)).props('outline dense')

    def _draw_chips(self) -> None:
        self.chips.clear()
        words = {f.key: (f.label, f.options) for f in self.listed.filters}
        with self.chips:
            for key, value in self.place.filters.items():
                label, options = words.get(key, ('搜索', {}))
                ui.button(f'{label}：{options.get(value, value)}', icon='close', on_click=lambda key=key: self._drop(key)).props(
                    f'outline dense rounded no-caps size=sm aria-label="清除 {label}"')
            if self.place.filters:
                ui.button('全部清除', on_click=self.clear).props('flat dense size=sm')
        self.chips.set_visibility(bool(self.place.filters))

    def _drop(self, key: str) -> None:
        self.boxes[key].set_value('' if key == SEARCH else None)  # its change does the rest

    def _draw_none(self, *, empty: bool) -> None:
        self.none.clear()
        self.none.set_visibility(empty)
        if not empty:
            return
        sentence, action = self.listed.empty
        with self.none:
            if self.place.filters:
                ui.label('没有符合条件的记录。请减少筛选条件，或核对搜索的字词。')
                ui.button('清除筛选', on_click=self.clear).props('outline')
            else:
                ui.label(sentence)
                if action:
                    action_button(action, first=True)

    def _show_columns(self, keys: list[str]) -> None:
        self.table.props['visible-columns'] = keys
        self.table.update()

    def _show_count(self, limit: int) -> None:
        found = count_words(self.found, limit)
        self.counted.set_text(f'筛选后{found}条 / 共{count_words(self.total, COUNT_TO)}条' if self.place.filters else f'共{found}条')
        self.exactly.set_visibility(bool(limit) and self.found > limit)

    async def _counted(self) -> int:
        found = await run.io_bound(_count, self.listed, dict(self.place.filters))
        return found or 0

    @refusals()
    async def _count_exactly(self) -> None:
        self.found = await self._counted()
        self._show_count(0)

    @refusals()
    async def _export(self) -> None:
        assert self.listed.export
        visible = list(self.table.props['visible-columns'])
        data = await run.io_bound(self.listed.export, self.listed.me, visible, dict(self.place.filters))
        if data:
            with look(self.listed.me) as work:
                name = f'{self.listed.title}_{work.today:%Y-%m-%d}.xlsx'
            ui.download.content(data, name)

    @refusals()
    async def _run_bulk(self, bulk: Bulk) -> None:
        ids = tuple(int(row['id']) for row in self.table.selected)
        many = len(ids) or await self._counted()
        if not many:
            ui.notify('没有可办理的记录，请先放宽筛选条件。', type='warning', position='top')
            return
        what = f'所选的{many:,}条' if ids else f'筛选结果的全部{many:,}条'
        if await confirm(f'将影响{what}：{bulk.word}。{bulk.warning}', do=bulk.word, title=bulk.word):
            said = await run.io_bound(bulk.act, self.listed.me, Chosen(dict(self.place.filters), ids, many))
            self.refresh()
            ui.notify(said, type='positive', position='top')


def action_button(action: Action, *, first: bool = False) -> None:
    """Draw one button of a list."""
    button = ui.button(action.word, icon=action.icon or None, on_click=action.act).props('unelevated' if first or not action.address else 'outline')
    if action.address:
        button.props(f'href="{action.address}"')


def _count(listed: Listed, filters: dict[str, str]) -> int:
    with look(listed.me) as work:
        return listed.count(work, 0, **filters)


_ROW = '''
<q-tr :props="props"
  @keydown.down.prevent="$event.currentTarget.nextElementSibling?.querySelector('a')?.focus()"
  @keydown.up.prevent="$event.currentTarget.previousElementSibling?.querySelector('a')?.focus()"
  @click="$event.target.closest('a, button, .q-checkbox') || $event.currentTarget.querySelector('a')?.click()"
  :class="props.row.opens ? 'dj-opens' : ''">
  <!-- tick -->
  <q-td v-for="(col, at) in props.cols" :key="col.name" :props="props">
    <a v-if="at === 0 && props.row.opens" :href="props.row.opens">{{ props.row.cells[col.name] || '（未填）' }}</a>
    <template v-else>{{ props.row.cells[col.name] }}</template>
  </q-td>
</q-tr>'''
_TICK = '''<q-td auto-width><q-checkbox v-model="props.selected" dense :aria-label="'选择 ' + props.row.cells[props.cols[0].name]" /></q-td>'''
