"""The first start: who holds the one-time code from the terminal makes the first administrator."""

from __future__ import annotations

import hmac

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Refused
from app.installation import is_new
from app.organizations.first import PURPOSES, check_first, make_first
from app.organizations.rules import KINDS
from app.regulation import profile, profiles
from app.users.passwords import SHORTEST
from app.words import ORGANIZATIONS
from pages.plain.drawing import draw
from pages.plain.entrance import entrance, field, slowly

FIELDS = ('purpose', 'org_name', 'kind', 'credit_code', 'region', 'profile', 'person_name', 'id_number', 'login', 'password')
KEPT = ('code', *(f for f in FIELDS if f not in ('id_number', 'password')))  # shown again after a fault


async def first_page(request: Request) -> Response:
    """GET: the form, once in an installation's life."""
    return _draw(request, {'purpose': 'organization', 'kind': 'employer', 'profile': 'national'}) if is_new() else RedirectResponse('/login', 303)


async def first_done(request: Request) -> Response:
    """POST: all faults at once, each at its field; then on to the sign-in."""
    if not is_new():
        return RedirectResponse('/login', 303)
    form = await request.form()
    given = {name: field(form, name) for name in FIELDS}
    code, again = field(form, 'code').strip(), field(form, 'again')
    if not hmac.compare_digest(code.upper().encode(), entrance(request).first_code.encode()):
        return _draw(request, given, 401, {'code': '一次性代码不正确，请照启动本系统的终端窗口中显示的填写。'})
    faults = {} if given['password'] == again else {'again': '两次输入的密码不一致，请重新输入。'}
    try:
        checked = await slowly(request, check_first, **given)
        if not faults:
            make_first(**checked)
    except Refused as refused:
        faults = ({f.subject: f.sentence for f in refused.findings} or {'code': refused.sentence}) | faults
    if faults:
        return _draw(request, given | {'code': code}, 422, faults)
    return draw('first_done.html', org=given['org_name'].strip(), login=given['login'].strip().lower())


def _draw(request: Request, given: dict[str, str], status: int = 200, faults: dict[str, str] | None = None) -> Response:
    return draw(
        'first.html', status=status, given={field: given.get(field, '') for field in KEPT}, faults=faults or {}, purposes=PURPOSES,
        kinds={kind: ORGANIZATIONS[kind] for kind in KINDS}, profiles={name: profile(name).label for name in profiles() if name != 'demo'}, shortest=SHORTEST)


ROUTES = [Route('/first', first_page, methods=['GET']), Route('/first', first_done, methods=['POST'])]
