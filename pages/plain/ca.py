"""How a PC or tablet in the room comes to trust this server's certificate; and the plain sign of life."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.tls import fingerprint
from pages.plain.drawing import draw
from pages.plain.entrance import entrance
from pages.plain.notices import not_found_page
from pages.plain.steps import qr_svg


async def ca_page(request: Request) -> Response:
    """GET: address, fingerprint and steps."""
    own = entrance(request)
    if own.ca is None:
        return not_found_page()
    addresses = [origin for origin in own.settings.origins if not any(name in origin for name in ('127.0.0.1', 'localhost'))]
    picture = 'data:image/svg+xml,' + quote(qr_svg(f'{addresses[0]}/ca')) if addresses else ''
    return draw('ca.html', fingerprint=fingerprint(own.ca), addresses=addresses, picture=picture)


async def ca_file(request: Request) -> Response:
    """GET: the certificate authority to trust; a public thing."""
    own = entrance(request)
    if own.ca is None:
        return not_found_page()
    return Response(own.ca.read_bytes(), media_type='application/x-x509-ca-cert', headers={'content-disposition': 'attachment; filename="dingji-ca.crt"'})


async def healthz(request: Request) -> Response:
    """GET: the process answers, and every page with it; says nothing else."""
    return PlainTextResponse('ok')


ROUTES = [Route('/ca', ca_page, methods=['GET']), Route('/ca/dingji-ca.crt', ca_file, methods=['GET']), Route('/healthz', healthz, methods=['GET'])]
