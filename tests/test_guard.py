"""The outer guard, alone and in front of the real application."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message
from starlette.websockets import WebSocket

from pages.guard import FORM_BYTES, Bounds, Csp, Guard, Rate
from tests.serving import Server, served
from tests.shows import shows

OWN = 'http://127.0.0.1:8080'
LAYERS = ('x-content-type-options', 'referrer-policy', 'x-frame-options', 'cache-control')


class Clock:
    """Seconds, set by hand."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def guarded(clock: Clock | None = None, **bounds: bool) -> Guard:
    """Return the guard around an application that answers every path."""

    async def echo(request: Request) -> Response:
        body = await request.body()
        if request.url.path == '/broken':
            raise ZeroDivisionError('secret detail')
        if request.url.path == '/page':
            return HTMLResponse('<html><script>1</script><script nonce="own">2</script></html>')
        if request.url.path == '/login':
            return PlainTextResponse('wrong', 401 if body != b'right' else 303)
        return PlainTextResponse(f'{len(body)} {request.client.host if request.client else ""} {request.headers.get("x-forwarded-prefix")}')

    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text('in')
        await socket.close()

    async def again(request: Request, fault: Exception) -> Response:
        raise fault

    routes = [WebSocketRoute('/ws', talk), Route('/{path:path}', echo, methods=['GET', 'POST', 'HEAD'])]
    app = Starlette(routes=routes, exception_handlers={Exception: again})
    return Guard(Csp(app, eval_ok=False), Bounds(frozenset({OWN}), **bounds), clock or Clock())


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with asking(guarded()) as client:
        yield client


def asking(guard: Guard) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(guard, client=('192.0.2.7', 1)), base_url=OWN)


@pytest.mark.parametrize('host', ['evil.example', '127.0.0.1', '127.0.0.1:8081', ''])
async def test_only_hosts_of_the_settings_are_answered(client: httpx.AsyncClient, host: str) -> None:
    assert (await client.get('/', headers={'host': host})).status_code == 421


@pytest.mark.parametrize(('method', 'path', 'headers', 'status'), [
    ('GET', '/', {}, 200),
    ('GET', '/', {'origin': 'http://evil.example'}, 403),
    ('POST', '/', {'origin': OWN}, 200),
    ('POST', '/', {'sec-fetch-site': 'same-origin'}, 200),
    ('POST', '/', {'origin': 'null', 'sec-fetch-site': 'same-origin'}, 200),
    ('POST', '/', {'origin': 'null', 'sec-fetch-site': 'cross-site'}, 403),
    ('POST', '/', {'origin': 'http://127.0.0.1:8081'}, 403),
    ('POST', '/', {'origin': 'https://127.0.0.1:8080'}, 403),
    ('POST', '/', {}, 403),
    ('GET', '/_nicegui_ws/socket.io/', {}, 403),
    ('GET', '/_nicegui_ws/socket.io/', {'sec-fetch-site': 'same-site'}, 403),
    ('GET', '/_nicegui_ws/socket.io/', {'sec-fetch-site': 'same-origin'}, 200),
])
async def test_requests_that_act_must_come_from_our_own_pages(
        client: httpx.AsyncClient, method: str, path: str, headers: dict[str, str], status: int) -> None:
    assert (await client.request(method, path, headers=headers)).status_code == status


@pytest.mark.parametrize(('headers', 'answer'), [
    ({'origin': OWN}, ['websocket.accept', 'websocket.send', 'websocket.close']),
    ({'origin': 'http://evil.example'}, [1008]),
    ({'origin': 'null'}, [1008]),
    ({}, [1008]),
])
async def test_a_websocket_needs_our_own_origin(headers: dict[str, str], answer: list[object]) -> None:
    said: list[object] = []

    async def receive() -> Message:
        return {'type': 'websocket.connect'}

    async def send(message: Message) -> None:
        said.append(1008 if message.get('code') == 1008 else message['type'])

    raw = [(b'host', b'127.0.0.1:8080'), *((k.encode(), v.encode()) for k, v in headers.items())]
    await guarded()({'type': 'websocket', 'path': '/ws', 'headers': raw, 'scheme': 'ws', 'query_string': b'', 'subprotocols': []}, receive, send)
    assert said == answer


async def test_a_body_over_the_limit_is_refused_before_it_is_read(client: httpx.AsyncClient) -> None:
    answers = [await client.post('/', content=b'x' * size, headers={'origin': OWN}) for size in (FORM_BYTES, FORM_BYTES + 1)]
    assert [a.status_code for a in answers] == [200, 413]
    assert '256 KB' in answers[1].text


async def test_a_body_without_length_is_cut_at_the_limit(client: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(FORM_BYTES // 1000 + 2):
            yield b'x' * 1000

    answer = await client.post('/', content=pieces(), headers={'origin': OWN})
    assert (answer.status_code, '256 KB' in answer.text) == (413, True)


async def test_every_answer_carries_the_headers(client: httpx.AsyncClient) -> None:
    for path, headers in (('/', {}), ('/', {'host': 'evil.example'}), ('/broken', {})):
        answer = await client.get(path, headers=headers)
        assert [answer.headers.get(name) for name in LAYERS] == ['nosniff', 'no-referrer', 'DENY', 'no-store']
        assert "frame-ancestors 'none'" in answer.headers['content-security-policy']


async def test_hsts_only_with_an_own_certificate_or_a_proxy() -> None:
    for hsts in (False, True):
        async with asking(guarded(hsts=hsts)) as client:
            assert ('strict-transport-security' in (await client.get('/')).headers) is hsts


async def test_scripts_get_a_nonce_that_is_new_for_each_answer(client: httpx.AsyncClient) -> None:
    nonces = set()
    for _ in range(2):
        answer = await client.get('/page')
        found = re.findall(r'<script nonce="([^"]+)">', answer.text)
        assert found[1] == 'own'
        assert f"'nonce-{found[0]}'" in answer.headers['content-security-policy']
        assert int(answer.headers['content-length']) == len(answer.content)
        nonces.add(found[0])
    assert len(nonces) == 2


async def test_a_fault_shows_a_number_and_no_detail(client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = await client.get('/broken')
    number = re.search(r'编号 ([0-9a-f]{8})', answer.text)
    assert answer.status_code == 500
    assert number and number[1] in caplog.text
    assert 'secret detail' not in answer.text


@pytest.mark.parametrize(('path', 'headers', 'status'), [('/broken', {}, 500), ('/', {'origin': 'http://elsewhere.example'}, 403)])
async def test_a_page_of_the_guard_itself_may_load_its_own_scripts_and_icon(client: httpx.AsyncClient, path: str, headers: dict[str, str], status: int) -> None:
    answer = await client.get(path, headers=headers)
    nonces = set(re.findall(r'<script nonce="([^"]+)"', answer.text))
    policy = answer.headers['content-security-policy']
    assert (answer.status_code, len(nonces), '<script ' in answer.text.replace('<script nonce', '')) == (status, 1, False)
    assert f"'nonce-{nonces.pop()}'" in policy and "img-src 'self'" in policy and "'unsafe-eval'" not in policy


@pytest.mark.parametrize(('behind_proxy', 'answer'), [(False, '0 192.0.2.7 None'), (True, '0 198.51.100.4 None')])
async def test_forwarded_headers_count_only_behind_a_proxy(behind_proxy: bool, answer: str) -> None:
    async with asking(guarded(behind_proxy=behind_proxy)) as client:
        given = {'x-forwarded-for': '203.0.113.9, 198.51.100.4', 'x-forwarded-prefix': '/evil'}
        assert (await client.get('/', headers=given)).text == answer


async def test_wrong_passwords_of_an_address_wait_longer_each_time_and_right_ones_do_not_count() -> None:
    clock = Clock()
    async with asking(guarded(clock)) as client:
        async def ask(body: bytes = b'') -> int:
            return (await client.post('/login', content=body, headers={'origin': OWN})).status_code

        assert [await ask(b'right') for _ in range(50)] == [303] * 50
        assert [await ask() for _ in range(30)] == [401] * 30
        waits = []
        for _ in range(4):
            answer = await client.post('/login', headers={'origin': OWN})
            assert answer.status_code == 429
            waits.append(int(re.search(r'请在(\d+)秒后', answer.text)[1]))  # type: ignore[index]
            clock.now_s += waits[-1]
            assert await ask() == 401
        assert waits == [1, 2, 4, 8]
        clock.now_s += 2000
        assert [await ask() for _ in range(30)] == [401] * 30


@shows('DATA-14')
async def test_certificate_lookups_of_an_address_are_slowed_down_but_never_locked() -> None:
    clock = Clock()
    async with asking(guarded(clock)) as client:
        answers = [(await client.post('/verify', headers={'origin': OWN})).status_code for _ in range(31)]
        assert answers == [200] * 30 + [429]
        assert (await client.get('/verify?number=1')).status_code == 200
        clock.now_s += 60
        assert (await client.post('/verify', headers={'origin': OWN})).status_code == 200


def test_the_wait_of_one_address_is_nobody_elses() -> None:
    rate = Rate(free=1, window_s=60, clock=Clock())
    for _ in range(5):
        rate.count('192.0.2.1')
    assert (rate.wait_s('192.0.2.1'), rate.wait_s('192.0.2.2')) == (16, 0)


@pytest.fixture(scope='module')
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp('guard')) as server:
        yield server


@shows('SEC-01')
def test_an_unknown_and_a_forbidden_page_look_the_same(server: Server) -> None:
    with server.signed_in('ge.dahan') as client:
        answers = [client.get(path) for path in ('/no-such-page', '/audit', '/files/123', '/static/no-such-file', '/files/x', f'/files/{10**30}', f'/batches/{10**30}', '/batches/x')]
    pages = {re.sub(r'nonce="[^"]*"', '', a.text) for a in answers}
    assert [a.status_code for a in answers] == [404] * 8
    assert len(pages) == 1
    assert '未找到' in pages.pop()


@pytest.mark.parametrize(('path', 'form'), [
    ('/login', {'login': 'a\0b', 'password': '\0', 'code': '９９'}), ('/login', {}), ('/login/demo', {'post': '9' * 40}), ('/enrol', {'secret': 'x'}),
    ('/password', {'password': 'x'}), ('/first', {'code': '\0'}), ('/post', {'post': '９' * 40}), ('/logout', {}),
])
def test_nonsense_in_a_form_is_refused_in_chinese_and_breaks_nothing(server: Server, path: str, form: dict[str, str]) -> None:
    with server.signed_in('ge.dahan') as client:
        answer = client.post(path, data=form)
        other = httpx.post(f'{server.url}{path}', content=b'--x\r\n\xff\0', headers={'origin': server.url, 'content-type': 'multipart/form-data; boundary=x'})
    assert {answer.status_code, other.status_code} <= {303, 401, 403, 404, 409}


def test_staff_pages_may_eval_and_plain_pages_may_not(server: Server) -> None:
    with server.signed_in('ge.dahan') as client:
        staff = client.get('/')
        login = httpx.get(f'{server.url}/login')
    assert staff.status_code == 200
    assert "'unsafe-eval'" in staff.headers['content-security-policy']
    assert "'unsafe-eval'" not in login.headers['content-security-policy']
    for answer in (staff, login):
        nonce = re.search(r"'nonce-([^']+)'", answer.headers['content-security-policy'])
        assert nonce and f'<script nonce="{nonce[1]}"' in answer.text


def test_no_script_of_a_staff_page_is_without_a_nonce(server: Server) -> None:
    with server.signed_in('ge.dahan') as client:
        page = client.get('/').text
    assert re.findall(r'<script(?![^>]*\bnonce=)[^>]*>', page) == []


def test_who_is_not_signed_in_comes_back_after_the_sign_in(server: Server) -> None:
    answer = httpx.get(f'{server.url}/?a=1&b=2')
    assert (answer.status_code, answer.headers['location']) == (303, '/login?next=%2F%3Fa%3D1%26b%3D2')
    for evil in ('//evil.example', 'https://evil.example', '/\\evil.example'):
        given = httpx.post(f'{server.url}/login', data={'login': 'ge.dahan', 'password': 'korrekt-pferd-batterie', 'next': evil}, headers={'origin': server.url})
        assert given.headers['location'] == '/'


def test_the_sign_in_cookie_is_for_this_server_alone(server: Server) -> None:
    answer = httpx.post(f'{server.url}/login', data={'login': 'ge.dahan', 'password': 'korrekt-pferd-batterie'}, headers={'origin': server.url})
    given = next(c for c in answer.headers.get_list('set-cookie') if c.startswith(server.cookie))
    assert {'HttpOnly', 'Path=/', 'SameSite=lax'} <= set(given.split('; '))
