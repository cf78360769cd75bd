"""`page`: every screen of the staff inside the same frame, drawn for one sign-in."""

from __future__ import annotations

import functools
import inspect
import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import quote

from nicegui import context, ui
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.access import ROLE_WORDS, Permission, Role
from app.actors import Actor
from app.errors import NotYours, Refused, SignedOut
from app.house import house
from app.users.queries import posts_of
from app.work import look
from db.base import LARGEST_ID
from pages.gate import drawn_for
from pages.menu import draw_menu
from pages.plain.cookies import actor_in
from pages.plain.notices import not_found_page, notice_page

log = logging.getLogger(__name__)

Drawn = TypeVar('Drawn', bound=Callable[..., None])

PAGES: dict[str, Permission] = {}  # path → what it needs; the access tests go through it


def page(path: str, *, title: str | Callable[..., str], needs: Permission) -> Callable[[Drawn], Drawn]:
    """Register a screen: `func(me, …path and query values)` draws inside the frame.

    title: or (…the same values) → title, where one screen serves several registers; it may raise NotYours
    Who is not signed in goes to the sign-in page and comes back; who lacks the permission sees what an unknown address shows.
    """

    def wrap(func: Drawn) -> Drawn:
        assert not inspect.iscoroutinefunction(func), 'pages draw at once; what takes longer is a job or a handler'
        PAGES[path] = needs
        rest = [p for p in inspect.signature(func, eval_str=True).parameters.values() if p.name != 'me']

        @functools.wraps(func)
        def drawn(request: Request, **values: Any) -> Response | None:
            me = actor_in(request.cookies)
            if me is None:
                return _to_sign_in(request)
            if not me.may(needs) or any(isinstance(v, int) and abs(v) > LARGEST_ID for v in values.values()):
                return not_found_page()
            drawn_for(context.client, me)
            context.client.on_exception(_tell)
            said = ''
            try:
                said = title(**values) if callable(title) else title
                ui.page_title(f'{said} · 定级台')
                with frame(me, said):
                    func(me, **values)
            except SignedOut:
                return _to_sign_in(request)
            except NotYours:
                return not_found_page()
            except Refused as refused:
                return notice_page(409, said, refused.sentence)
            return None

        first = inspect.Parameter('request', inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)
        drawn.__signature__ = inspect.Signature([first, *rest])  # type: ignore[attr-defined]
        ui.page(path)(drawn)
        return func

    return wrap


@contextmanager
def frame(me: Actor, title: str) -> Iterator[None]:
    """Draw top bar and menu; what is drawn inside stands on the page, below its title."""
    with look(me) as work:
        posts = [(p.id, ROLE_WORDS[Role(p.role)]) for p in posts_of(work)]
    ui.add_head_html(f'<meta name="dj-person" content="{me.person_id}">')  # typed.js keeps what was typed apart by person
    with ui.header(elevated=False).classes('dj-top'):
        drawer_button = ui.button(icon='menu', color=None).props('flat dense aria-label=收起或展开菜单').classes('dj-top-button')
        ui.label('定级台').classes('dj-brand')
        ui.label(me.org_name).classes('dj-org').props['title'] = me.org_name
        ui.space()
        if house().demo:
            _demo_mark()
        _person_menu(me, posts)
    with ui.left_drawer(value=True, bordered=True).props('width=188 breakpoint=900').classes('dj-left') as drawer:
        draw_menu(me, context.client.request.url.path)
    drawer.value = None  # open where there is room; None from the start would ask the browser, and fail when it is slow or already gone
    drawer_button.on_click(drawer.toggle)
    with ui.column().classes('dj-page') as main:
        main.props('role=main')
        ui.skip_link('跳到正文', target=main)
        ui.label(title).classes('dj-title').props('role=heading aria-level=1')
        yield


def _demo_mark() -> None:
    ui.label('演示').classes('dj-demo').props('title=本系统中的单位、人员和成绩均为虚构')
    offset_ms = int(house().offset.total_seconds() * 1000)
    ui.element('time').classes('dj-clock').props(f'data-clock-offset={offset_ms} data-clock-before=演示时间')


def _person_menu(me: Actor, posts: list[tuple[int, str]]) -> None:
    with ui.button(color=None).props('flat no-caps dense aria-haspopup=dialog').classes('dj-top-button dj-person'):
        ui.icon('account_circle').props('aria-hidden=true')
        ui.label(me.printed)
        ui.icon('arrow_drop_down').props('aria-hidden=true')
        with ui.menu().classes('dj-person-menu').props('role=dialog aria-label=切换岗位、动态码和退出'):
            with ui.element('form').props('method=post action=/post'):
                ui.label('切换岗位').classes('dj-menu-head')
                for post_id, word in posts:
                    current = ' disabled aria-current=true' if post_id == me.post_id else ''
                    with ui.element('button').props(f'type=submit name=post value={post_id}{current}').classes('dj-menu-line'):
                        ui.icon('check' if current else 'swap_horiz').props('aria-hidden=true')
                        ui.label(f'{word}（当前）' if current else word)
            ui.separator()
            if not house().demo:  # there nobody has a password
                with ui.link(target='/second-factor').classes('dj-menu-line'):
                    ui.icon('phonelink_lock').props('aria-hidden=true')
                    ui.label('动态码与恢复码')
            with ui.element('form').props('method=post action=/logout'), ui.element('button').props('type=submit').classes('dj-menu-line'):
                ui.icon('logout').props('aria-hidden=true')
                ui.label('退出登录')


def _tell(fault: Exception) -> None:
    """Say in the open page what a handler raised: what the person can put right, or the number of our mistake."""
    if isinstance(fault, SignedOut):
        ui.navigate.to('/login')
    elif isinstance(fault, Refused):
        ui.notify(fault.sentence, type='negative', multi_line=True, timeout=0, close_button='知道了')
    else:
        number = secrets.token_hex(4)
        log.error('fault %s in an open page', number, exc_info=fault)
        ui.notify(f'程序出错，这一步没有完成，编号 {number}。请重试；仍不行时把编号告诉管理员。', type='negative', timeout=0, close_button='知道了')


def _to_sign_in(request: Request) -> Response:
    back = request.url.path + (f'?{request.url.query}' if request.url.query else '')
    return RedirectResponse('/login' if back == '/' else f'/login?next={quote(back, safe="")}', 303)
