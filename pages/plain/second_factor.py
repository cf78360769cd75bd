"""动态码与恢复码: what each person does for his own second factor, with his password given again."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.actors import Actor
from app.errors import Refused
from app.house import house
from app.users.passwords import RECOVERY_CODES
from app.users.sign_in import change_phone, new_recovery_codes, second_factor_of
from app.words import china_time, paper_date
from pages.plain.cookies import actor_in
from pages.plain.drawing import draw
from pages.plain.entrance import back_path, device_of, field, go_in, slowly


async def own_page(request: Request) -> Response:
    """GET: how many codes are left, and what can be done."""
    me = actor_in(request.cookies)
    return _draw(me, back_path(request.query_params.get('next', '/'))) if me else RedirectResponse('/login?next=/second-factor', 303)


async def own_done(request: Request) -> Response:
    """POST: new recovery codes, or on to the enrolment of another phone."""
    me = actor_in(request.cookies)
    if me is None:
        return RedirectResponse('/login?next=/second-factor', 303)
    form = await request.form()
    password, back = field(form, 'password'), back_path(str(form.get('next', '/')))
    try:
        if field(form, 'do') == 'phone':
            return go_in(request, await slowly(request, change_phone, me, password, device_of(request)), back)
        return codes_page(me.name, await slowly(request, new_recovery_codes, me, password), back)
    except Refused as refused:
        return _draw(me, back, refused.sentence)


def codes_page(name: str, codes: tuple[str, ...], back: str) -> Response:
    """Return the one page that ever shows a set of recovery codes."""
    return draw('recovery_codes.html', name=name, codes=codes, on=paper_date(china_time(house().now()).date()), back=back)


def _draw(me: Actor, back: str, fault: str = '') -> Response:
    enrolled, left = second_factor_of(me)
    return draw('second_factor.html', status=401 if fault else 200, name=me.name, enrolled=enrolled, left=left, most=RECOVERY_CODES, fault=fault, back=back)


ROUTES = [Route('/second-factor', own_page, methods=['GET']), Route('/second-factor', own_done, methods=['POST'])]
