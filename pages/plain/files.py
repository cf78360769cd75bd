"""Kept files go out here: authorised anew, with our own content type, as attachments."""

from __future__ import annotations

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.actors import Actor
from app.errors import NotYours, SignedOut
from app.files import own_file
from app.work import look
from db.base import LARGEST_ID
from db.files import StoredFile
from pages.plain.cookies import actor_in
from pages.plain.notices import not_found_page

SENT_AS = frozenset({  # what browsers get; everything else goes as plain bytes
    'application/pdf', 'application/zip', 'image/jpeg', 'image/png', 'text/csv',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document'})


async def download(request: Request) -> Response:
    """GET: the bytes of a kept file; one that is not there and one that is not yours look the same."""
    me, file_id = actor_in(request.cookies), request.path_params['file_id']
    if me is None:
        return RedirectResponse(f'/login?next={quote(request.url.path, safe="")}', 303)
    if file_id > LARGEST_ID:
        return not_found_page()
    try:
        row, data = await run_in_threadpool(_read, me, file_id)
    except NotYours:
        return not_found_page()
    except SignedOut:
        return RedirectResponse('/login', 303)
    kind = row.content_type if row.content_type in SENT_AS else 'application/octet-stream'
    return Response(data, media_type=kind, headers={'content-disposition': disposition(row.name), 'cache-control': 'no-store'})


def disposition(name: str) -> str:
    """Return the header that saves a file under its Chinese name (RFC 5987, RFC 6266)."""
    shown = ''.join(c if c.isprintable() and c not in '/\\:*?"<>|' else '_' for c in name) or '文件'
    plain = ''.join(c if c.isascii() else '_' for c in shown)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}"


def _read(me: Actor, file_id: int) -> tuple[StoredFile, bytes]:
    with look(me) as work:
        return own_file(work, file_id)


ROUTES = [Route('/files/{file_id:int}', download, methods=['GET'])]
