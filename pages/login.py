"""Signing in and out and changing the post; the only pages besides the public ones that nobody need be known for."""

from __future__ import annotations

from itertools import groupby

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.access import ROLE_WORDS, Role
from app.errors import Refused
from app.installation import is_new
from app.users.queries import demo_posts
from app.users.sign_in import sign_in, sign_in_demo, sign_out, switch_post
from pages.plain.cookies import actor_in, drop_token, token_in
from pages.plain.drawing import draw
from pages.plain.entrance import back_path, device_of, end_after, entrance, field, go_in, number, slowly
from pages.plain.notices import notice_page


async def login_page(request: Request) -> Response:
    """GET: the form, in the demo the people to choose from."""
    if is_new():
        return RedirectResponse('/first', 303)
    if actor_in(request.cookies):
        return RedirectResponse(back_path(request.query_params.get('next', '/')), 303)
    return _draw(request, back_path(request.query_params.get('next', '/')), out='out' in request.query_params)


async def login(request: Request) -> Response:
    """POST: name, password and dynamic code."""
    form = await request.form()
    name, password, code = (field(form, key) for key in ('login', 'password', 'code'))
    back = back_path(str(form.get('next', '/')))
    try:
        entered = await slowly(request, sign_in, name.strip().lower(), password, code, device_of(request))
    except Refused as refused:
        return _draw(request, back, status=401, fault=refused.sentence, name=name)
    return go_in(request, entered, back)


async def login_demo(request: Request) -> Response:
    """POST: one click in the demo, on this machine only."""
    form = await request.form()
    try:
        if not entrance(request).settings.demo_sign_in:
            raise Refused('一键登录只在本机的演示数据中提供，请使用登录名和密码。')
        entered = sign_in_demo(number(form, 'post'), device_of(request))
    except Refused as refused:
        return _draw(request, '/', status=403, fault=refused.sentence)
    return go_in(request, entered, back_path(str(form.get('next', '/'))))


async def logout(request: Request) -> Response:
    """POST: the sign-in ends, and with it every open page."""
    token = token_in(request.cookies)
    sign_out(token)
    response = RedirectResponse('/login?out=1', 303, background=BackgroundTask(end_after, token))
    drop_token(response)
    return response


async def change_post(request: Request) -> Response:
    """POST: go on in another post of one's own, with a new token."""
    me = actor_in(request.cookies)
    if me is None:
        return RedirectResponse('/login', 303)
    form = await request.form()
    try:
        entered = switch_post(me, number(form, 'post'), device_of(request))
    except Refused as refused:
        return notice_page(409, '不能切换岗位', refused.sentence)
    return go_in(request, entered)


def _draw(request: Request, back: str, *, status: int = 200, fault: str = '', name: str = '', out: bool = False) -> Response:
    settings = entrance(request).settings
    groups: list[tuple[str, list[tuple[int, str, str, str]]]] = []
    if settings.demo_sign_in:
        for org, posts in groupby(demo_posts(), key=lambda p: p.org):
            groups.append((org, [(p.post_id, p.name, ROLE_WORDS[Role(p.role)], p.title) for p in posts]))
    return draw('login.html', status=status, demo=settings.demo, groups=groups, back=back, fault=fault, name=name, out=out)


ROUTES = [
    Route('/login', login_page, methods=['GET']),
    Route('/login', login, methods=['POST']),
    Route('/login/demo', login_demo, methods=['POST']),
    Route('/logout', logout, methods=['POST']),
    Route('/post', change_post, methods=['POST']),
]
