"""Saved views of a list: filters, order and columns under a name; a person's own beside his columns, shared ones for the organisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.actors import Actor
from app.checks import check_text
from app.errors import Refused
from app.users.operations import set_preference, share_view, withdraw_view
from app.users.queries import preference, shared_views
from app.work import Work, begin, look
from pages.parts.listing_layout import Layout
from pages.parts.listing_place import number_of

MOST, LONGEST = 30, 30  # views of one person for one list; characters of a name


@dataclass(frozen=True, slots=True)
class View:
    """What a saved view holds; both may name filters and columns that are no longer there."""

    place: Mapping[str, str]
    layout: Mapping[str, object]


def keep_layout(me: Actor, name: str, layout: Layout | None) -> None:
    """Keep how a person sees a list from now on; None: as everybody does at first."""
    with begin(me) as work:
        kept = {k: v for k, v in preference(work, f'list:{name}').items() if k not in ('columns', 'widths')}
        set_preference(work, f'list:{name}', kept | (layout.kept() if layout else {}))


def views_of(me: Actor, name: str) -> list[dict[str, str]]:
    """Return what the menu offers, the person's own first: title, id of a shared one, who shared it."""
    with look(me) as work:
        own, shared = _own(work, name), shared_views(work, name)
    return [*({'title': title, 'shared': '', 'by': ''} for title in own), *({'title': v.title, 'shared': str(v.id), 'by': v.shared_by} for v in shared)]


def view_of(me: Actor, name: str, title: str, shared: str) -> View:
    """Return a view of the person, or a shared one of his organisation by its id; raises Refused when it is gone."""
    with look(me) as work:
        kept = {str(v.id): v.value for v in shared_views(work, name)}.get(shared) if shared else _own(work, name).get(title)
    if not isinstance(kept, dict):
        raise Refused(f'视图“{title}”已不存在，可能在别处删除了，请重新打开“视图”菜单选择。')
    return View(kept.get('place', {}), kept)


def keep_view(me: Actor, name: str, title: str, place: Mapping[str, str], layout: Layout, *, shared: bool) -> None:
    """Keep a view under a name, in place of an older one of the same name. raises Refused"""
    value: dict[str, object] = {'place': dict(place), **layout.kept()}
    with begin(me) as work:
        title = check_text('视图名称', title, LONGEST)
        if shared:
            share_view(work, name=name, title=title, value=value)
            return
        own = {**_own(work, name), title: value}
        if len(own) > MOST:
            raise Refused(f'一个列表最多保存{MOST}个自己的视图，请先删除不用的。')
        set_preference(work, f'list:{name}', {**preference(work, f'list:{name}'), 'views': own})


def drop_view(me: Actor, name: str, title: str, shared: str) -> None:
    """Take away a view of the person, or a shared one by its id. raises Refused"""
    with begin(me) as work:
        if shared:
            withdraw_view(work, view_id=number_of(shared))
            return
        own = {kept: value for kept, value in _own(work, name).items() if kept != title}
        set_preference(work, f'list:{name}', {**preference(work, f'list:{name}'), 'views': own})


def _own(work: Work, name: str) -> dict[str, object]:
    kept = preference(work, f'list:{name}').get('views')
    return kept if isinstance(kept, dict) else {}
