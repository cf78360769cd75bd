"""What a browser can send over NiceGUI's socket: whole frames of Engine.IO and Socket.IO, and values that the widget can have.

Without it each frame that no browser sends ends in a traceback in the log, for anybody who knows our address, and an event named
`connect` reaches NiceGUI's own handlers. Private names of NiceGUI 3.18.0 in use: `Element._event_listeners`, `Select._values`.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from nicegui import Client, json, ui
from nicegui.element import Element
from nicegui.elements.drawer import Drawer
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.plain.notices import notice_page

log = logging.getLogger(__name__)

SOCKET = '/_nicegui_ws'
EVENTS = frozenset({'event', 'ack', 'log', 'javascript_response', 'handshake'})
BETWEEN = '\x1e'  # packets of one polling request
_BARE = frozenset({'1', '2', '2probe', '3', '3probe', '5', '6', '40', '41'})  # closing, beating, changing the transport, entering
_CALL = re.compile(r'4(2\d{0,9}|3\d{1,9})(?=\[)')  # an event with or without number, an answer with one
_NUMBER = re.compile(r'-?\d{1,15}(\.\d{0,15})?')


class Frames:
    """Drops frames that no browser sends; the page lives on. A polling request with one of them is refused whole."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app  # NiceGUI finds its server by following this name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] == 'websocket' and scope['path'].startswith(SOCKET):
            return await self.app(scope, _whole(receive), send)
        if scope['type'] == 'http' and scope['path'].startswith(SOCKET):
            body = await _body(receive)
            if body is None:
                return None
            if scope['method'] == 'POST' and not all(is_packet(text) for text in body.decode(errors='replace').split(BETWEEN)):
                log.warning('polling refused: malformed')
                return await notice_page(400, '请求已拒绝', '这个请求不完整或不是从本系统的页面发出的，请刷新页面后重试。')(scope, receive, send)
            return await self.app(scope, _again(body, receive), send)
        return await self.app(scope, receive, send)


def is_packet(text: str | None) -> bool:
    """Return whether one Engine.IO packet is whole and of a sort that our pages send; they send no bytes, only text."""
    if text is None:
        return False
    if text in _BARE:
        return True
    try:
        if text.startswith('40{'):
            return isinstance(json.loads(text[2:]), dict)
        head = _CALL.match(text)
        if head is None:
            return False
        said = json.loads(text[head.end():])
    except ValueError:
        return False
    return head[1].startswith('3') or len(said) > 0 and isinstance(said[0], str) and said[0] in EVENTS


def is_sendable(client: Client, message: dict[str, Any]) -> bool:
    """Return whether the arguments of an event are some that the element can send; its rules are checked later, by the operation."""
    element = client.elements.get(message['id'])
    listener = element._event_listeners.get(message['listener_id']) if element else None
    if element is None or listener is None:
        return False
    args = [None if arg is None else json.loads(arg) for arg in message.get('args', [])]
    value = args[0] if len(args) == 1 else args
    if listener.type in ('update:modelValue', 'update:value'):
        return _is_value(element, value)
    return True


def _is_value(element: Element, value: object) -> bool:
    match element:
        case ui.input() | ui.textarea():
            return value is None or isinstance(value, str)
        case ui.number():
            return value in (None, '') or type(value) in (int, float) or isinstance(value, str) and bool(_NUMBER.fullmatch(value))
        case ui.select():
            if not element.multiple:
                return value is None or _is_choice(element, value)
            return value is None or isinstance(value, list) and all(_is_choice(element, v) for v in value)
        case ui.checkbox() | ui.switch() | ui.dialog() | ui.menu() | ui.expansion() | Drawer():
            return value is None or isinstance(value, bool)
        case _:
            return True


def _is_choice(element: ui.select, value: object) -> bool:
    index = value.get('value') if isinstance(value, dict) else None
    return type(index) is int and 0 <= index < len(element._values)


def _whole(receive: Receive) -> Receive:
    async def take() -> Message:
        while True:
            message = await receive()
            if message['type'] != 'websocket.receive' or is_packet(message.get('text')):
                return message
            log.warning('frame refused: malformed')

    return take


async def _body(receive: Receive) -> bytes | None:
    """Return what a request brings, which the guard has bounded; None when who asked has gone meanwhile."""
    body, more = b'', True
    while more:
        message = await receive()
        if message['type'] == 'http.disconnect':
            return None
        body, more = body + message.get('body', b''), message.get('more_body', False)
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that hands over a body that was read already."""
    sent = False

    async def take() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {'type': 'http.request', 'body': body, 'more_body': False}

    return take
