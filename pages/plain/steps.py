"""Steps owed between password and first page: the second factor, and a password of one's own."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.errors import Refused
from app.users.passwords import RECOVERY_CODES, SHORTEST, new_totp_secret, totp_address
from app.users.sign_in import choose_password, enrol, staged
from pages.plain.cookies import give_token, token_in
from pages.plain.drawing import draw
from pages.plain.entrance import back_path, device_of, field, go_in, slowly
from pages.plain.second_factor import codes_page

_SECRET = re.compile(r'[A-Z2-7]{32}')


async def enrol_page(request: Request) -> Response:
    """GET: the QR code of a fresh secret."""
    return _draw_enrol(request, new_totp_secret(), _back(request))


async def enrol_done(request: Request) -> Response:
    """POST: the first code, answered with the recovery codes; the same secret is shown again when it does not fit."""
    form = await request.form()
    secret, code, back = field(form, 'secret'), field(form, 'code'), back_path(str(form.get('next', '/')))
    if not _SECRET.fullmatch(secret):
        return RedirectResponse('/enrol', 303)
    found = staged(token_in(request.cookies))
    try:
        entered = enrol(token_in(request.cookies), secret, code, device_of(request))
    except Refused as refused:
        return _draw_enrol(request, secret, back, refused.sentence)
    response = codes_page(found.name if found else '', entered.codes, back)
    give_token(response, entered.token)
    return response


async def password_page(request: Request) -> Response:
    """GET: ask for a password of one's own."""
    return _draw_password(request, _back(request))


async def password_done(request: Request) -> Response:
    """POST: the new password, typed twice."""
    form = await request.form()
    password, again, back = field(form, 'password'), field(form, 'again'), back_path(str(form.get('next', '/')))
    try:
        if password != again:
            raise Refused('两次输入的新密码不一致，请重新输入。')
        entered = await slowly(request, choose_password, token_in(request.cookies), password, device_of(request))
    except Refused as refused:
        return _draw_password(request, back, refused.sentence)
    return go_in(request, entered, back)


def qr_svg(text: str) -> str:
    """Return a QR code as an SVG picture."""
    import zxingcpp

    return str(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level='M').to_svg(scale=1, add_quiet_zones=True))


def _draw_enrol(request: Request, secret: str, back: str, fault: str = '') -> Response:
    from urllib.parse import quote

    found = staged(token_in(request.cookies))
    if found is None or found.stage != 'enrol':
        return RedirectResponse('/login', 303)
    picture = 'data:image/svg+xml,' + quote(qr_svg(totp_address(secret, found.login)))
    groups = ' '.join(secret[n:n + 4] for n in range(0, len(secret), 4))
    return draw(
        'enrol.html', status=401 if fault else 200, name=found.name, secret=secret, groups=groups, picture=picture, most=RECOVERY_CODES, fault=fault, back=back)


def _draw_password(request: Request, back: str, fault: str = '') -> Response:
    found = staged(token_in(request.cookies))
    if found is None or found.stage != 'password':
        return RedirectResponse('/login', 303)
    return draw('password.html', status=401 if fault else 200, name=found.name, login=found.login, shortest=SHORTEST, fault=fault, back=back)


def _back(request: Request) -> str:
    return back_path(request.query_params.get('next', '/'))


ROUTES = [
    Route('/enrol', enrol_page, methods=['GET']),
    Route('/enrol', enrol_done, methods=['POST']),
    Route('/password', password_page, methods=['GET']),
    Route('/password', password_done, methods=['POST']),
]
