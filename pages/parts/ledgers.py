"""A ledger on the screen: its list, a new row, a record saved while typing, the import; the same for rooms, systems and equipment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from nicegui import ui

from app.access import Permission
from app.actors import Actor
from app.errors import NotYours
from app.files import Scan
from app.intake_table import Table
from app.ledger_books import rows_back_xlsx, rows_xlsx, template_xlsx
from app.ledger_items import YES_NO, Item, Known, Written, written_of
from app.ledgers import Fate, Ledger, known_of, values_of
from app.work import Work, begin, look
from db.base import Owned
from db.jobs import Job
from pages.parts.attachments import Holder, attached
from pages.parts.confirm import confirm
from pages.parts.days import day_box
from pages.parts.documents import noted
from pages.parts.findings import findings_table
from pages.parts.form import Field, Form, Kind
from pages.parts.history import history
from pages.parts.importing import RowsImporter, importing
from pages.parts.listing import Action, Column, Filter, listing
from pages.parts.listing_place import SEARCH
from pages.parts.refusals import refusals
from pages.parts.tables import table

AT_ONCE, MOST = 500, 20_000  # rows read at a time for an export; what a workbook of ours may hold
KINDS: Mapping[str, Kind] = {'long': 'long', 'date': 'date', 'count': 'number', 'area': 'number', 'price': 'number', 'choice': 'select', 'flag': 'select', 'row': 'select'}
FIGURES = {'count', 'area', 'price'}


@dataclass(frozen=True, slots=True)
class Screen:
    """One ledger as pages show it, and the queries and operations behind it.

    path: of its list's records: /premises/room · home: of the page its list stands on · columns: keys of items shown at first · starts: what a new row begins with
    more: columns besides the items, {head: row → text} · filters: above the list · attached: kinds of attachments, none: takes none
    """

    ledger: Ledger
    path: str
    home: str
    reads: Permission
    writes: Permission
    columns: Sequence[str]
    page: Callable[..., tuple[list[Any], bool]]
    found: Callable[..., int]
    row: Callable[[Work, int], Owned]
    add: Callable[[Work, Mapping[str, Written]], Owned]
    change: Callable[[Work, int, str, Written, Written], str]
    end: Callable[[Work, int], None]
    judge: Callable[[Work, bytes, str], tuple[Table, list[Fate]]]
    queue: Callable[[Work, int], Job]
    empty: str
    search: str
    more: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    filters: Callable[[Known], Sequence[Filter]] = lambda known: ()
    starts: Callable[[Work], Mapping[str, str]] = lambda work: {}
    attached: Mapping[str, str] = field(default_factory=dict)
    attach: Callable[[Work, int, Scan, str, str], object] | None = None
    end_attachment: Callable[[Work, int, int], object] | None = None


class _Line:
    """One row of a list as texts."""

    def __init__(self, screen: Screen, row: Any, known: Known) -> None:
        values = values_of(screen.ledger, row)
        self.__dict__.update({
            i.key: '' if i.kind == 'count' and not values[i.key] else written_of(i, values[i.key], known) for i in screen.ledger.items})
        self.__dict__.update({head: said(row) for head, said in screen.more.items()})
        self.id = row.id


# ------------------------------------------------------------------ the list


def screen_of(screens: Mapping[str, Screen], ledger: str) -> Screen:
    """Return the screen of a ledger named in an address; raises NotYours for an unknown one."""
    if ledger not in screens:
        raise NotYours
    return screens[ledger]


def titled(ledgers: Mapping[str, Ledger], verb: str = '') -> Callable[..., str]:
    """Return what titles a page of any of these ledgers: the noun of the one in its address, after a verb (登记房间); raises NotYours for an unknown one."""
    def title(ledger: str, **_: object) -> str:
        if ledger not in ledgers:
            raise NotYours
        return f'{verb}{ledgers[ledger].noun}'

    return title


def draw_list(me: Actor, screen: Screen, *, prefix: str = '') -> None:
    """Draw the ledger's list with search, filters, its export and the ways to enter and import rows."""
    ledger = screen.ledger

    def fetch(work: Work, *, q: str = '', before: int = 0, after: int = 0, last: bool = False, limit: int = 25, **filters: str) -> tuple[list[_Line], bool]:
        rows, more = screen.page(work, find=q, filters=filters, before=before, after=after, last=last, limit=limit)
        known = known_of(work, ledger)
        return [_Line(screen, row, known) for row in rows], more

    def count(work: Work, limit: int, *, q: str = '', **filters: str) -> int:
        return screen.found(work, limit or 10_000_000, find=q, filters=filters)

    def export(me: Actor, keys: Sequence[str], chosen: dict[str, str]) -> bytes:
        return noted(me, ledger.noun, lambda work: (list(_all(work, screen, chosen)), known_of(work, ledger), work.now), lambda read: rows_xlsx(ledger, *read))()

    with look(me) as work:
        known = known_of(work, ledger)
    columns = [Column(i.key, i.sheet_head, align='right' if i.kind in FIGURES else 'left', hidden=i.key not in screen.columns)
               for i in sorted(ledger.items, key=lambda i: screen.columns.index(i.key) if i.key in screen.columns else len(screen.columns))]
    columns += [Column(head, head) for head in screen.more]
    new, book = Action(f'登记{ledger.noun}', f'{screen.path}/new', icon='add'), Action('导入', f'{screen.path}/import', icon='upload_file')
    may = me.may(screen.writes)
    listing(
        me, name=f'{ledger.verb}.{ledger.name}', title=ledger.noun, search=screen.search, columns=columns, fetch=fetch, count=count, prefix=prefix,
        filters=[*screen.filters(known), Filter('ended', f'是否{ledger.ending}', {'yes': f'已{ledger.ending}'})], export=export, actions=[new, book] if may else [],
        opens=lambda line: f'{screen.path}/{line.id}', empty=(screen.empty, new if may else None))


def _all(work: Work, screen: Screen, chosen: dict[str, str]) -> Iterator[Any]:
    """Yield the rows that the filters find, page by page."""
    filters, find = {k: v for k, v in chosen.items() if k != SEARCH}, chosen.get(SEARCH, '')
    more, before, told = True, 0, 0
    while more and told < MOST:
        rows, more = screen.page(work, find=find, filters=filters, before=before, limit=AT_ONCE)
        yield from rows
        before, told = rows[-1].id if rows else 0, told + len(rows)


# ------------------------------------------------------------------ a new row, and a record


def draw_new(me: Actor, screen: Screen) -> None:
    """Draw what a new row must have; the rest is filled in on its own page, saved while typing."""
    ledger = screen.ledger
    with look(me) as work:
        known, starts = known_of(work, ledger), screen.starts(work)

    @refusals()
    def keep() -> None:
        with begin(me) as work:
            row = screen.add(work, {key: box.value or '' for key, box in boxes.items()})
        ui.navigate.to(f'{screen.path}/{row.id}')

    boxes: dict[str, Any] = {}
    with ui.column().classes('w-full gap-3').style('max-width: 640px'):
        ui.label(f'登记{ledger.noun}：先填写必填项，登记后在下一页继续填写其余内容。').classes('dj-note')
        for item in ledger.items:
            if not item.required:
                continue
            words, label = _words(item, known), f'{item.head} *' + (f'（{item.hint}）' if item.hint else '')
            if words:
                only = words[0] if len(words) == 1 else None
                boxes[item.key] = ui.select(list(words), label=label, value=starts.get(item.key, only)).props('outlined dense').classes('w-full')
            else:
                start = starts.get(item.key, '')
                box = day_box(label, start) if item.kind == 'date' else ui.input(label, value=start).props('outlined dense')
                boxes[item.key] = box.classes('w-full')
        with ui.row().classes('gap-2'):
            ui.button(f'登记{ledger.noun}', icon='add', on_click=keep).props('unelevated')
            ui.button('返回').props(f'outline href={screen.home}')


def draw_record(me: Actor, screen: Screen, record_id: int) -> None:
    """Draw one row: what is to be seen to, its form, attachments, its end, its history."""
    ledger = screen.ledger
    with look(me) as work:
        row: Any = screen.row(work, record_id)
        known = known_of(work, ledger)
        values = values_of(ledger, row)
        findings = ledger.check(values, work.today) if not row.ended_on else ()
    may = me.may(screen.writes) and not row.ended_on
    with ui.row().classes('items-center gap-3'):
        named = [written_of(ledger.item(key), values[key], known) for key in ledger.keys]
        ui.label('　'.join(named)).classes('dj-subtitle')
        if row.ended_on:
            ui.label(f'{row.ended_on}{ledger.ending}').classes('dj-mark dj-is-warn')
        ui.space()
        ui.button('返回列表').props(f'outline href={screen.home}')
    if findings:
        findings_table(findings)
    if may:
        _form(me, screen, row, known)
    else:
        for word, items in _parts(ledger):
            shown = list(items)
            table(word, [i.sheet_head for i in shown], [[written_of(i, values[i.key], known) or '—' for i in shown]])
    _attached(me, screen, record_id, may=may)
    if may:
        _ending(me, screen, record_id, named)
    ui.html('办理记录', tag='h2', sanitize=False).classes('dj-heading')
    history(me, record_id, needs=screen.reads)


def _form(me: Actor, screen: Screen, row: Any, known: Known) -> None:
    def put(name: str, shown: Any, new: Any) -> Any:
        with begin(me) as work:
            return screen.change(work, row.id, name, shown, new)

    values = values_of(screen.ledger, row)
    fields: list[Field] = []
    for word, items in _parts(screen.ledger):
        fields.append(Field(f'_{word}', word, kind='heading'))
        fields += [field_of(i, values[i.key], known) for i in items]
    Form(fields, put, title=f'{screen.ledger.noun}登记')


def _parts(ledger: Ledger) -> Iterator[tuple[str, Iterator[Item]]]:
    """Yield the parts of a form: heading and items."""
    heading = [ledger.noun]

    def part(item: Item) -> str:
        heading[0] = item.under or heading[0]
        return heading[0]

    yield from groupby(ledger.items, part)


def field_of(item: Item, value: Any, known: Known) -> Field:
    """Return an item as a field of a form, with its kept value."""
    text = written_of(item, value, known)
    words = {word: word for word in _words(item, known)}
    return Field(
        item.key, item.head, value if isinstance(value, date) and item.kind == 'date' else text if item.kind != 'date' else None, kind=KINDS.get(item.kind, 'text'),
        required=item.required, hint=item.hint, rule=item.rule, unit=item.unit, options=words | ({text: text} if text and words else {}),
        most=item.most if item.kind in ('text', 'long', 'code') else 0, wide=item.kind == 'long' or item.most > 100 and item.kind == 'text')


def _words(item: Item, known: Known) -> tuple[str, ...]:
    """Return the words a person chooses among, none for what is typed."""
    if item.kind == 'flag':
        return tuple(YES_NO.values())
    return tuple(known.names.get(item.row, ())) if item.kind == 'row' else tuple(item.options.values())


def _attached(me: Actor, screen: Screen, record_id: int, *, may: bool) -> None:
    attach, end = screen.attach, screen.end_attachment
    if not (screen.attached and attach and end):
        return
    attached(me, Holder(
        screen.attached, read=lambda work: screen.row(work, record_id), attach=lambda work, *given: attach(work, record_id, *given),
        end=lambda work, attachment_id: end(work, record_id, attachment_id),
        hint=f'可上传{"、".join(word for kind, word in screen.attached.items() if kind != "other")}。'), may=may)


def _ending(me: Actor, screen: Screen, record_id: int, named: Sequence[str]) -> None:
    noun, word = screen.ledger.noun, screen.ledger.ending

    @refusals()
    async def end() -> None:
        if await confirm(f'{word}{noun}“{" ".join(named)}”：不再列入登记册和申报材料；记录保留，在列表中选“已{word}”可以查看。', do=f'{word}{noun}'):
            with begin(me) as work:
                screen.end(work, record_id)
            ui.navigate.to(screen.home)

    ui.button(f'{word}{noun}', icon='block', on_click=end).props('outline')


# ------------------------------------------------------------------ the import


class _Import(RowsImporter):
    """The import of a ledger's workbook."""

    def __init__(self, me: Actor, screen: Screen) -> None:
        self.me, self.screen, self.title = me, screen, screen.ledger.noun
        self.items = [screen.ledger.item(key) for key in screen.columns]
        self.columns = [(i.key, i.sheet_head) for i in self.items]
        self.known = Known(date.min)

    def template(self) -> bytes:
        with look(self.me) as work:
            return template_xlsx(self.screen.ledger, known_of(work, self.screen.ledger))

    def judge(self, work: Work, data: bytes, name: str) -> tuple[Table, list[Fate]]:
        self.known = known_of(work, self.screen.ledger)
        return self.screen.judge(work, data, name)

    def queue(self, work: Work, file_id: int) -> Job:
        return self.screen.queue(work, file_id)

    def cells(self, fate: Fate) -> Mapping[str, str]:
        return {i.key: written_of(i, fate.values[i.key], self.known) if i.key in fate.values else '' for i in self.items}

    def back(self, bad: Sequence[tuple[Mapping[str, str], str]]) -> bytes:
        return rows_back_xlsx(self.screen.ledger, bad, self.known)


def draw_import(me: Actor, screen: Screen) -> None:
    """Draw the import of a ledger's workbook."""
    importing(me, _Import(me, screen))
    ui.button('返回列表').props(f'outline href={screen.home}')
