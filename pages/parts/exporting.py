"""The export of a list: the same rows and columns in the same order as shown, with filters and time in the head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.actors import Actor
from app.errors import Refused
from app.organizations.operations import note_print
from app.words import screen_moment
from app.work import Work, begin, look
from pages.parts.listing import Column, Filter
from pages.parts.listing_place import SEARCH

AT_ONCE, MOST = 500, 20_000  # rows read in one snapshot at a time; what a workbook of ours may hold


def exporter(
        title: str, columns: Sequence[Column], fetch: Callable[..., tuple[list[Any], bool]], filters: Sequence[Filter] = (),
) -> Callable[[Actor, Sequence[str], dict[str, str]], bytes]:
    """Return what `listing(export=…)` wants: (me, column keys in their order, filters and sort); `fetch` is the list's own and takes `limit` too.

    raises Refused for more rows than a workbook may hold
    """
    words = {f.key: (f.label, f.options) for f in filters} | {SEARCH: ('查找', {})}
    by_key = {c.key: c for c in columns}

    def export(me: Actor, keys: Sequence[str], chosen: dict[str, str]) -> bytes:
        from app.xlsx import Book
        from app.xlsx import Column as Head

        shown = [by_key[key] for key in keys if key in by_key]
        with look(me) as work:
            rows, at = _all(work, fetch, chosen), work.now
        with begin(me) as work:
            note_print(work, form=title)
        said = [f'{label}：{options.get(chosen[key], chosen[key])}' for key, (label, options) in words.items() if chosen.get(key)]
        if sort := chosen.get('sort', ''):
            said.append(f'按{by_key[sort.removeprefix("-")].head}{"降序" if sort.startswith("-") else "升序"}')
        book = Book(title, made_at=at)
        book.sheet(title[:28], [Head(c.head, max(8.0, 2.2 * len(c.head))) for c in shown], [[c.format(getattr(row, c.key)) for c in shown] for row in rows],
                   title=title, note=f'共{len(rows)}条　{"；".join(said) or "全部"}　导出时间 {screen_moment(at)}　{me.printed}')
        return book.to_bytes()

    return export


def _all(work: Work, fetch: Callable[..., tuple[list[Any], bool]], chosen: dict[str, str]) -> list[Any]:
    rows: list[Any] = []
    more, before = True, 0
    while more:
        part, more = fetch(work, **chosen, before=before, limit=AT_ONCE)
        rows += part
        before = part[-1].id if part else 0
        if len(rows) > MOST:
            raise Refused(f'筛选结果超过{MOST}条，请缩小范围后分几次导出。')
    return rows
