"""The gate in front of NiceGUI's socket events and uploads: without it a handler runs for anyone who knows the page's id (recipes.md C).

Private names of NiceGUI 3.18.0 in use: `sio.handlers`, `Client._socket_to_document_id`; tests/browser/test_gate.py shows each.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from nicegui import Client, core
from socketio.exceptions import ConnectionRefusedError as HandshakeRefused  # type: ignore[import-untyped]
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.actors import Actor, actor_of, token_hash
from pages.frames import is_sendable
from pages.guard import UPLOADS
from pages.plain.cookies import token_in
from pages.plain.notices import not_found_page

log = logging.getLogger(__name__)

Message = dict[str, Any]

ARG_CHARACTERS = 200_000
LOG_CHARACTERS = 2_000
LEVELS = frozenset({'debug', 'info', 'warning', 'error'})
EVENT_KEYS = frozenset({'id', 'client_id', 'listener_id', 'args'})
SIGN_IN, SIGNED_OUT = '/login', '/login?out=1'


def install() -> None:
    """Put the gate in front of NiceGUI's socket handlers; once, before the server starts."""
    handlers = core.sio.handlers['/']
    kept = dict(handlers)
    handlers['event'] = _fenced('event', kept, _is_event, alive=True)
    handlers['javascript_response'] = _fenced('javascript_response', kept, lambda m: isinstance(m.get('request_id'), str), alive=True)
    handlers['ack'] = _fenced('ack', kept, lambda m: isinstance(m.get('next_message_id'), int), alive=False)
    handlers['log'] = _fenced('log', kept, _is_log, alive=False)

    async def connect(sid: str, environ: Message, auth: object = None) -> None:
        query = {k: v[0] for k, v in parse_qs(environ.get('QUERY_STRING', '')).items()}
        if query.get('implicit_handshake') == 'true' and not _may_shake_hands(query, environ):
            raise HandshakeRefused('Implicit handshake failed')  # exactly this text makes the page reload, and so reach the sign-in page
        await kept['connect'](sid, environ, auth)

    async def handshake(sid: str, data: object = None, *_: object) -> bool:
        if not isinstance(data, dict) or not _may_shake_hands(data, core.sio.get_environ(sid) or {}):
            return _refuse('handshake', 'not its page')
        return bool(await kept['handshake'](sid, data))

    handlers['connect'], handlers['handshake'] = connect, handshake


def drawn_for(client: Client, me: Actor) -> None:
    """Remember for whom a page was drawn: only this sign-in may use it."""
    client.drawn_by, client.drawn_token = me.person_id, me.token  # type: ignore[attr-defined]


async def end_pages(token: bytes) -> None:
    """Send every open page of a sign-in to the sign-in page and forget it; what was typed there is cleared."""
    for client in [c for c in Client.instances.values() if getattr(c, 'drawn_token', None) == token]:
        sockets = list(client._socket_to_document_id)
        for sid in sockets:
            await _open(sid, SIGNED_OUT)
        if sockets:  # a page without one is on its way out and NiceGUI forgets it
            client.delete()


class Uploads:
    """Lets an upload through only to a page of the same, living sign-in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] == 'http' and scope['path'].startswith('/_nicegui/client/'):
            client = Client.instances.get(scope['path'].split('/')[3])
            known = UPLOADS.fullmatch(scope['path']) and client and _signed_in(client, Request(scope).cookies)
            if not known:
                return await not_found_page()(scope, receive, send)
        return await self.app(scope, receive, send)


def _fenced(name: str, kept: Mapping[str, Callable[..., Any]], shape: Callable[[Message], bool], *, alive: bool) -> Callable[..., Any]:
    """Return a handler that passes on only well-formed messages of the page's own socket, and of a living sign-in where `alive`."""

    async def handle(sid: str, message: object = None, *_: object) -> None:
        if not isinstance(message, dict) or not isinstance(message.get('client_id'), str) or not shape(message):
            _refuse(name, 'malformed')
            return
        client = Client.instances.get(message['client_id'])
        if client is None or sid not in client._socket_to_document_id:  # this socket shook hands for this page
            _refuse(name, 'not its page')
            return
        if alive and not _signed_in(client, _cookies(core.sio.get_environ(sid) or {})):
            _refuse(name, 'signed out')
            await _open(sid, SIGN_IN)
            return
        try:
            if name == 'event' and not is_sendable(client, message):
                _refuse(name, 'not what the element sends')
                return
            found = kept[name](sid, message)
            if inspect.isawaitable(found):
                await found
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            log.warning('%s from a page refused: %r', name, fault)

    return handle


def _may_shake_hands(query: Message, environ: Message) -> bool:
    """Return whether a socket may become a page's: all fields there, and the page drawn for this living sign-in."""
    whole = all(isinstance(query.get(k), str) and 0 < len(query[k]) <= 100 for k in ('client_id', 'tab_id', 'document_id'))
    client = Client.instances.get(query['client_id']) if whole and str(query.get('next_message_id', '')).isdecimal() else None
    return client is not None and _signed_in(client, _cookies(environ))


def _signed_in(client: Client, cookies: Mapping[str, str]) -> bool:
    """Compare sign-ins, not persons: after a change of post the old pages end too."""
    token = token_hash(token_in(cookies))
    if getattr(client, 'drawn_token', None) != token:
        return False
    me = actor_of(token)
    return me is not None and me.person_id == client.drawn_by  # type: ignore[attr-defined]


def _cookies(environ: Message) -> dict[str, str]:
    try:
        return {k: v.value for k, v in SimpleCookie(environ.get('HTTP_COOKIE', '')).items()}
    except CookieError:
        return {}


def _is_event(message: Message) -> bool:
    args = message.get('args', [])
    return (
        message.keys() <= EVENT_KEYS and type(message.get('id')) is int and isinstance(message.get('listener_id'), str)
        and isinstance(args, list) and all(a is None or isinstance(a, str) and len(a) <= ARG_CHARACTERS for a in args))


def _is_log(message: Message) -> bool:
    text = message.get('message')
    return message.get('level') in LEVELS and isinstance(text, str) and len(text) <= LOG_CHARACTERS


def _refuse(name: str, why: str) -> bool:
    log.warning('%s refused: %s', name, why)
    return False


async def _open(sid: str, path: str) -> None:
    await core.sio.emit('open', {'path': path, 'new_tab': False}, to=sid)
