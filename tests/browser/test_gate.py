"""The gate in front of NiceGUI's events, tried with a raw client as an attacker would (recipes.md C)."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import httpx
import pytest
import socketio

from tests.serving import WAIT_S, Server, client_id_of, elements_of

PATH = '/_nicegui_ws/socket.io'
QUIET_S = 0.6  # how long nothing must come back


@dataclass
class Drawn:
    """A page as one person's browser holds it: its id, the menu button's listener, the cookie."""

    url: str
    client_id: str
    element: int
    listener: str
    cookie: str

    @property
    def query(self) -> str:
        return f'?client_id={self.client_id}&next_message_id=0&implicit_handshake=true&document_id=d1&tab_id=t1'

    def press(self, **change: object) -> dict[str, object]:
        """Return the message that a press of the menu button sends."""
        return {'id': self.element, 'client_id': self.client_id, 'listener_id': self.listener, 'args': ['{}'], **change}


@dataclass
class Socket:
    """A raw socket and what the server said to it."""

    raw: socketio.AsyncClient
    said: list[tuple[str, Any]] = field(default_factory=list)

    async def sends(self, name: str, message: object) -> list[str]:
        """Send one message that is not to be answered and return the names of what comes back all the same."""
        self.said.clear()
        await self.raw.emit(name, message)
        await asyncio.sleep(QUIET_S)
        return [n for n, _ in self.said]

    async def asks(self, name: str, message: object) -> list[str]:
        """Send one message and return the names of what comes back; waits for it."""
        self.said.clear()
        await self.raw.emit(name, message)
        return await self.heard()

    async def heard(self) -> list[str]:
        """Wait until the server has said something, and all of it; returns the names."""
        until = monotonic() + WAIT_S
        while not self.said and monotonic() < until:
            await asyncio.sleep(0.02)
        await self.quiet()
        return [n for n, _ in self.said]

    async def quiet(self) -> None:
        """Wait until the server says no more."""
        told = -1
        while told != len(self.said):
            told = len(self.said)
            await asyncio.sleep(QUIET_S / 2)


def drawn(server: Server, login: str) -> Drawn:
    """Sign a person in and draw the home page."""
    with server.signed_in(login) as client:
        text = client.get('/').text
        button = next((int(n), e) for n, e in elements_of(text).items() if e.get('props', {}).get('icon') == 'menu')
        listener = next(event['listener_id'] for event in button[1]['events'] if event['type'] == 'click')
        return Drawn(server.url, client_id_of(text), button[0], listener, f'{server.cookie}={client.cookies[server.cookie]}')


@asynccontextmanager
async def socket(page: Drawn, *, origin: str | None = '', cookie: str | None = '', query: str | None = None) -> AsyncIterator[Socket]:
    """Open a raw socket; '' takes the page's own origin and cookie, None sends none."""
    made = Socket(socketio.AsyncClient(reconnection=False))
    made.raw.on('*', lambda name, data=None: made.said.append((name, data)))
    headers = {k: v for k, v in {'Origin': page.url if origin == '' else origin, 'Cookie': page.cookie if cookie == '' else cookie}.items() if v is not None}
    address = f'{page.url}{PATH}{page.query if query is None else query}'
    await made.raw.connect(address, headers=headers, transports=['websocket'], socketio_path=PATH, wait_timeout=WAIT_S)
    try:
        await made.quiet()
        yield made
    finally:
        await made.raw.disconnect()


async def test_the_pages_own_socket_works(server: Server) -> None:
    page = drawn(server, 'ge.dahan')
    async with socket(page) as own:
        assert await own.asks('event', page.press()) != []


@pytest.mark.parametrize(('origin', 'cookie'), [
    ('http://evil.example', ''), ('http://evil.example', None), (None, ''), ('', None), ('', 'x=1'),
])
async def test_a_foreign_origin_and_a_missing_cookie_are_refused(server: Server, origin: str | None, cookie: str | None) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        async with socket(drawn(server, 'ge.dahan'), origin=origin, cookie=cookie):
            pass


@pytest.mark.parametrize(('headers', 'status'), [
    ({'origin': 'http://evil.example'}, 403), ({'origin': 'null'}, 403), ({}, 403), ({'sec-fetch-site': 'cross-site'}, 403), ({'sec-fetch-site': 'same-origin'}, 200),
], ids=str)
def test_polling_from_a_foreign_page_is_refused(server: Server, headers: dict[str, str], status: int) -> None:
    page = drawn(server, 'ge.dahan')
    answer = httpx.get(f'{page.url}{PATH}/{page.query}&EIO=4&transport=polling', headers={'cookie': page.cookie, **headers})
    assert (answer.status_code, '"sid"' in answer.text) == (status, status == 200)


async def test_another_persons_cookie_is_refused(server: Server) -> None:
    page, other = drawn(server, 'ge.dahan'), drawn(server, 'zhang.chunfen')
    with pytest.raises(socketio.exceptions.ConnectionError):
        async with socket(page, cookie=other.cookie):
            pass


async def test_another_sign_in_of_the_same_person_is_refused(server: Server) -> None:
    page, again = drawn(server, 'ge.dahan'), drawn(server, 'ge.dahan')
    with pytest.raises(socketio.exceptions.ConnectionError):
        async with socket(page, cookie=again.cookie):
            pass


async def test_another_persons_own_socket_fires_nothing_on_the_page(server: Server) -> None:
    page, other = drawn(server, 'ge.dahan'), drawn(server, 'zhang.chunfen')
    async with socket(page) as own, socket(other) as foreign:
        own.said.clear()
        assert await foreign.sends('event', page.press()) == []
        assert own.said == []


async def test_a_socket_without_handshake_fires_nothing(server: Server) -> None:
    page = drawn(server, 'ge.dahan')
    async with socket(page) as own, socket(page, query=f'?client_id={page.client_id}') as loose:
        own.said.clear()
        assert await loose.sends('event', page.press()) == []
        assert own.said == []


async def test_a_late_handshake_is_checked_like_an_early_one(server: Server) -> None:
    page, other = drawn(server, 'ge.dahan'), drawn(server, 'zhang.chunfen')
    given = {'client_id': page.client_id, 'tab_id': 't1', 'document_id': 'd1', 'next_message_id': 0}
    async with socket(page, query='', cookie=other.cookie) as foreign:
        assert await foreign.raw.call('handshake', given, timeout=WAIT_S) is False
    async with socket(page, query='') as own:
        assert await own.raw.call('handshake', given, timeout=WAIT_S) is True


@pytest.mark.parametrize('change', [
    {'id': 'x'}, {'id': None}, {'id': True}, {'listener_id': 5}, {'args': 'x'}, {'args': [5]}, {'args': ['x' * 200_001]}, {'args': {}}, {'more': 1},
    {'client_id': 7}, {'client_id': ['x']}, {'client_id': 'no such page'}, {'args': ['no json']},
], ids=lambda change: str(change)[:40])
async def test_a_malformed_event_fires_nothing_and_the_page_lives_on(server: Server, change: dict[str, object]) -> None:
    page = drawn(server, 'ge.dahan')
    async with socket(page) as own:
        assert await own.sends('event', page.press(**change)) == []
        assert await own.asks('event', page.press()) != []


@pytest.mark.parametrize(('name', 'message'), [
    ('event', None), ('event', 'x'), ('event', []), ('ack', {}), ('ack', {'client_id': 'x', 'next_message_id': 'y'}), ('javascript_response', {'request_id': 5}),
    ('log', {'level': 'fatal', 'message': 'x'}), ('handshake', 'x'), ('handshake', {}), ('nonsense', {}),
], ids=str)
async def test_other_malformed_messages_do_nothing(server: Server, name: str, message: object) -> None:
    page = drawn(server, 'ge.dahan')
    async with socket(page) as own:
        assert await own.sends(name, message) == []
        assert await own.asks('event', page.press()) != []


async def test_an_event_after_the_sign_in_has_ended_leads_to_the_sign_in_page(server: Server) -> None:
    page = drawn(server, 'ge.dahan')
    async with socket(page) as own:
        with closing(sqlite3.connect(server.home / 'dingji.db', timeout=10)) as database, database:
            database.execute("UPDATE sign_in SET ended_at = '2026-01-01 00:00:00' WHERE ended_at IS NULL")
        assert await own.asks('event', page.press()) == ['open']
        assert own.said == [('open', {'path': '/login', 'new_tab': False})]


async def test_a_sign_out_sends_the_open_page_away_at_once(server: Server) -> None:
    page = drawn(server, 'ge.dahan')
    async with socket(page) as own:
        own.said.clear()
        name, token = page.cookie.split('=', 1)
        httpx.post(f'{server.url}/logout', cookies={name: token}, headers={'origin': server.url})
        await own.heard()
        assert [said for said in own.said if said[0] == 'open'] == [('open', {'path': '/login?out=1', 'new_tab': False})]
        assert await own.sends('event', page.press()) == []


def test_an_upload_needs_the_pages_own_sign_in(server: Server) -> None:
    page = drawn(server, 'ge.dahan')
    other = drawn(server, 'zhang.chunfen')
    path = f'{server.url}/_nicegui/client/{page.client_id}/upload/1'
    for cookie in ('', 'x=1', other.cookie):
        answer = httpx.post(path, files={'f': b'x'}, headers={'origin': server.url, 'cookie': cookie})
        assert answer.status_code == 404
    assert httpx.post(path, files={'f': b'x'}, headers={'origin': 'http://evil.example', 'cookie': page.cookie}).status_code == 403
