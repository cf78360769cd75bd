"""3,000 seeded odd requests and socket frames against one running demo: nothing breaks, nothing is logged as our mistake."""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from pages.frame import PAGES
from pages.frames import is_packet
from tests.processes import Started, demo_copy, started
from tests.serving import WAIT_S, client_id_of, elements_of

SEED, REQUESTS, FRAMES, EVENTS = 20261123, 2_000, 500, 512
LIMIT_S, ANSWER_S, AT_ONCE = 60, 1.0, 8
PLAIN = ('/login', '/login/demo', '/logout', '/post', '/enrol', '/password', '/second-factor', '/first', '/verify', '/ca', '/ca/dingji-ca.crt', '/healthz', '/files/{id}', '/static/{id}',
         '/manual/{id}', '/_nicegui/client/{id}/upload/{id}', '/_nicegui/{id}', '/_nicegui_ws/socket.io/', '/_nicegui_ws/socket.io', '/{id}')
METHODS = ('GET',) * 20 + ('POST',) * 16 + ('HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND', 'CONNECT', 'get', 'G\x80T', 'GET GET', '')
VALUES = ('', '0', '-1', '1', '00', '1e9', 'x', 'null', 'true', str(2**53), str(2**63), str(2**64), '9' * 60, '９', '张三', '\0', '\ud800', '\u202e', '<script>alert(1)</script>',
          "' OR 1=1 --", '../../etc/passwd', '..\\..\\', '{{7*7}}', '%', '%00', 'a' * 3000, '=cmd|x', '\r\nset-cookie: x=1', '[]', '{"a":1}', '2026-13-45', '\U0001f600')
NAMES = ('q', 'before', 'after', 'last', 'state', 'kind', 'sort', 'next', 'number', 'org', 'page', 'columns', 'out', 'level', 'round', 'chapter', 'x')
FIELDS = ('login', 'password', 'code', 'next', 'post', 'secret', 'do', 'again', 'number', 'name', 'id_no', 'purpose', 'org_name', 'x')
TARGETS = ('*', '', 'x', '//', '///evil.example', 'http://evil.example/', '/%', '/%zz', '/\x80\xff', '/..', '/../../etc/passwd', '/static/../../app/main.py', '/static/..%2f..%2fapp/main.py',
           '/static/%2e%2e/%2e%2e/app/main.py', '/manual/..%5c..%5capp', '/files/..%2f1', '/?' + 'a=' * 3000, '/' + 'a/' * 2000, '/#x', '/;a=b', '/login?next=%00', '/\u2028'.encode().decode('latin-1'))
ONCE = '(further occurrences of this error will be logged with level INFO)'  # Engine.IO about a request that asks for an unknown transport or version
CHARSETS = ('utf-8', 'utf-7', 'utf-16', 'unicode_escape', 'raw_unicode_escape', 'idna', 'punycode', 'hex', 'rot13', 'nonsense', '')
PART = b'--b\r\nContent-Disposition: form-data; name="login"\r\n\r\n\\ud800-xn--\xff\r\n--b--\r\n'


@dataclass
class Found:
    """What came back, by kind."""

    answers: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


@pytest.fixture(scope='module')
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """The one server of all requests and frames."""
    with started(demo_copy(tmp_path_factory, 'fuzz'), demo=True) as running:
        yield running


def click_in(running: Started, name: str) -> str:
    """Sign a person of the demo in; return the cookies as a browser sends them."""
    with httpx.Client(base_url=running.url, headers={'origin': running.url}) as client:
        post = re.search(rf'value="(\d+)"><b>{name}</b>', client.get('/login').text)
        assert post
        client.post('/login/demo', data={'post': post[1]})
        return '; '.join(f'{k}={v}' for k, v in client.cookies.items())


class Requests:
    """Makes odd HTTP requests, the same ones for the same seed."""

    def __init__(self, running: Started, dice: random.Random) -> None:
        self.running, self.dice = running, dice
        self.host = urlsplit(running.url).netloc
        self.live = [click_in(running, name) for name in ('张春分', '何立春', '禹鬼金', '曹谷雨')]

    def one(self) -> bytes:
        dice = self.dice
        method = dice.choice(METHODS)
        head = [f'{method} {self.target()} HTTP/{dice.choice(("1.1",) * 40 + ("1.0", "2.0", "9"))}', f'Host: {self.host if dice.random() < .95 else self.value()}', *self.headers()]
        kind, body = self.body() if method in ('POST', 'PUT', 'PATCH') or dice.random() < .05 else ('', b'')
        if kind:
            head.append(f'Content-Type: {kind}')
        if dice.random() < .03:
            head.append(f'Content-Length: {dice.choice(("-1", "x", "999999999999", "0", str(len(body) - 1), "1, 2"))}')
        elif dice.random() < .05:
            head.append(f'Transfer-Encoding: {dice.choice(("chunked", "gzip", "chunked, chunked"))}')
            body = dice.choice((b'5\r\nhello\r\n0\r\n\r\n', b'zz\r\n', b'ffffffffffffffff\r\n', b'0\r\n\r\n'))
        elif body or method == 'POST':
            head.append(f'Content-Length: {len(body)}')
        return '\r\n'.join(head).encode('utf-8', 'surrogatepass').replace(b'\0', b'%00') + b'\r\nConnection: close\r\n\r\n' + body

    def target(self) -> str:
        dice = self.dice
        if dice.random() < .1:
            return dice.choice(TARGETS)
        path = re.sub(r'\{\w+\}', lambda _: quote(self.value()[:200].encode(errors='surrogatepass'), safe=dice.choice(('', '/'))), dice.choice((*PLAIN, *PAGES)))
        pairs = [f'{dice.choice(NAMES)}={quote(self.value().encode(errors="surrogatepass"))}' for _ in range(dice.choice((0, 0, 1, 2, 5)))]
        return path + ('?' + '&'.join(pairs) if pairs else '')

    def headers(self) -> list[str]:
        dice = self.dice
        found = [f'Origin: {self.running.url}'] if dice.random() < .8 else [f'Origin: {dice.choice(("null", "http://evil.example", "", "x" * 500))}']
        cookie = self.running.url and f'dingji-{(self.running.home / "folder-id").read_text()}'
        given = dice.choice((dice.choice(self.live),) * 3 + (f'{cookie}=', f'{cookie}={"A" * 4000}', f'{cookie}="\\303\\251"', ';;=;a', f'{cookie}=\xff\xfe', '=' * 50, 'a=b; ' * 300))
        found.append(f'Cookie: {given}')
        odd = (('X-Forwarded-For', '1.2.3.4, x'), ('X-Forwarded-Prefix', '/evil'), ('Range', 'bytes=0-1,5-,-7'), ('Range', 'bytes=9-1'), ('If-Modified-Since', 'x'),
               ('Accept-Encoding', 'gzip;q=x'), ('Expect', '100-continue'), ('Upgrade', 'websocket'), ('Connection', 'upgrade'), ('Content-Encoding', 'gzip'), ('X-A', 'a' * 9000),
               ('Accept-Language', '\xff' * 50), ('User-Agent', 'u' * 2000), ('NiceGUI-Check', 'try_reconnect'), ('Sec-WebSocket-Key', 'x'), ('X-' + 'n' * 300, ''), ('Sec-Fetch-Site', 'cross-site'))
        found += [f'{name}: {value}' for name, value in dice.sample(odd, dice.choice((0, 0, 1, 2, 4)))]
        return found + (['X-Big: ' + 'b' * 70_000] if dice.random() < .01 else [])

    def body(self) -> tuple[str, bytes]:
        dice = self.dice
        form = {dice.choice(FIELDS): self.value() for _ in range(dice.randrange(6))}
        match dice.randrange(6):
            case 0:
                return dice.choice(('application/json', 'text/plain', 'x', '')), dice.randbytes(dice.randrange(300))
            case 1:
                boundary = dice.choice(('b', 'b' * 100))
                parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{k}"{dice.choice(("", "; filename=x", "; filename*=x"))}\r\n\r\n{v}\r\n' for k, v in form.items()]
                whole = ''.join(parts).encode(errors='surrogatepass') + f'--{boundary}--\r\n'.encode()
                return f'multipart/form-data; charset={dice.choice(CHARSETS)}; boundary={boundary}', whole[:dice.choice((len(whole), len(whole), 20))]
            case 2:
                return 'multipart/form-data; charset=unicode_escape; boundary=b', b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n\\ud800\\x00\r\n--b--\r\n' % dice.choice(FIELDS).encode()
            case 3:
                return 'multipart/form-data', b'--x\r\n\xff\0'
            case 4:
                return 'application/x-www-form-urlencoded', b'a=' + b'b' * dice.choice((10, 100_000, 300_000))
            case _:
                return dice.choice(('application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=utf-16')), '&'.join(
                    f'{k}={quote(v.encode(errors="surrogatepass"))}' for k, v in form.items()).encode()

    def value(self) -> str:
        return self.dice.choice(VALUES)


async def send(running: Started, found: Found, raw: bytes, source: int, answer_s: float = ANSWER_S) -> None:
    """Send one request as bytes from an address of its own, for the guard counts by address; note what came back."""
    own = (f'127.0.{source >> 8 & 127}.{source % 250 + 2}', 0) if sys.platform == 'linux' else None
    host, port = running.listens_at
    reader, writer = await asyncio.open_connection(host, port, local_addr=own)
    try:
        writer.write(raw)
        line = await asyncio.wait_for(reader.readline(), answer_s)
        await asyncio.wait_for(reader.read(1 << 20), answer_s)
        status = line.split(b' ')[1].decode() if line.startswith(b'HTTP/1') else 'closed'
    except TimeoutError:
        status = 'waits'  # for the rest of what was announced
    except ConnectionError:
        status = 'closed'
    finally:
        writer.close()
    found.answers[status] += 1
    if status.startswith('5'):
        found.broken.append(f'{status} {raw[:600]!r}')


async def send_all(running: Started, found: Found, made: list[bytes]) -> None:
    waiting = iter(enumerate(made))

    async def worker() -> None:
        for n, raw in waiting:
            await send(running, found, raw, n)

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


async def frames_all(running: Started, found: Found, dice: random.Random) -> None:
    """Send raw Engine.IO and Socket.IO frames, with and without a live sign-in, and odd events of the page's own listeners."""
    for _ in range(FRAMES // 20):
        page = await asyncio.to_thread(drawn, running, dice.choice(('张春分', '曹谷雨')), '/') if dice.random() < .5 else None
        await talk(running, found, page, [frame(dice, page) for _ in range(20)])
    pages = [('张春分', '/batches'), ('张春分', '/batches/{batch}'), ('张春分', '/batches/{batch}/candidates'), ('何立春', '/users'), ('禹鬼金', '/organizations'), ('禹鬼金', '/organizations/new'),
             ('曹谷雨', '/batches/{batch}/certificates'), ('孔清明', '/batches/{batch}/scores')]
    for name, path in pages:
        page = await asyncio.to_thread(drawn, running, name, path)
        await talk(running, found, page, [odd_event(dice, page) for _ in range(EVENTS // len(pages))])


@dataclass
class Drawn:
    """A page as a browser holds it."""

    client_id: str
    cookie: str
    listeners: list[tuple[int, str]]


def drawn(running: Started, name: str, path: str) -> Drawn:
    cookie = click_in(running, name)
    with httpx.Client(base_url=running.url, headers={'cookie': cookie}) as client:
        ids = re.findall(r'/batches/(\d+)', client.get('/batches').text) or ['0']
        text = client.get(path.replace('{batch}', ids[0])).text
    listeners = [(int(n), e['listener_id']) for n, element in elements_of(text).items() for e in element.get('events', ())]
    return Drawn(client_id_of(text), cookie, listeners)


async def talk(running: Started, found: Found, page: Drawn | None, frames: list[str | bytes]) -> None:
    """Open sockets until all frames are sent; the server may close one for what it said."""
    query = f'&client_id={page.client_id}&next_message_id=0&implicit_handshake=true&document_id=d1&tab_id=t1' if page else ''
    address = f'{running.url.replace("http", "ws")}/_nicegui_ws/socket.io/?EIO=4&transport=websocket{query}'
    headers = {'Cookie': page.cookie} if page else {}
    while frames:
        try:
            async with connect(address, origin=running.url, additional_headers=headers, max_size=None, proxy=None) as socket:  # type: ignore[arg-type]
                await socket.recv()
                await socket.send('40')
                while frames:
                    await socket.send(frames.pop())
                    found.answers['frame'] += 1
                    await heard(socket)
        except ConnectionClosed:
            found.answers['socket closed'] += 1
        except InvalidStatus as refused:
            found.answers[f'socket {refused.response.status_code}'] += 1
            if refused.response.status_code >= 500:
                found.broken.append(f'socket {refused.response.status_code}')
            return


async def heard(socket: ClientConnection) -> None:
    """Take what the server says, for a moment."""
    try:
        while True:
            await asyncio.wait_for(socket.recv(), 0.003)
    except TimeoutError:
        return


def frame(dice: random.Random, page: Drawn | None) -> str | bytes:
    """Return one frame that no browser sends."""
    names = ('event', 'ack', 'log', 'javascript_response', 'handshake', 'connect', 'disconnect', 'nonsense', '__class__', '')
    bodies = (None, 1, 'x', [], {}, {'client_id': page.client_id if page else 'x'}, {'client_id': 5}, {'client_id': page.client_id if page else '', 'id': 1e400, 'args': 5},
              {'client_id': page.client_id if page else '', 'request_id': [], 'result': {}}, {'client_id': page.client_id if page else '', 'level': 'info', 'message': '证件 990199196907215012'})
    match dice.randrange(5):
        case 0:
            return dice.choice(('', '0', '1', '2', '2probe', '3', '4', '5', '6', '9', 'x', '40', '41', '42', '43', '44', '45', '46', '40/admin,', '42/admin,["event"]', '40{"a":', '4' * 50, 'é', '42[', '42{}',
                                '42[]', '42[1]', '42["event"]', '42["event",' + '[' * 5000, '421e9["event",{}]', '42' + '9' * 400 + '["event"]', '430[]', '4399999["x"]', '451-["event",{"_placeholder":true,"num":0}]',
                                '45999-["x"]', '461-0["x"]', '45-1-["x"]'))
        case 1:
            return dice.randbytes(dice.choice((0, 1, 30, 5000)))
        case 2:
            return '42' + json.dumps([dice.choice(names)])[:dice.randrange(2, 30)]
        case 3:
            return '42["event","' + 'x' * dice.choice((10, 100_000, 900_000)) + '"]'
        case _:
            return '42' + json.dumps([dice.choice(names), *dice.choices(bodies, k=dice.randrange(3))], ensure_ascii=dice.random() < .5).replace('Infinity', '1e999')


def odd_event(dice: random.Random, page: Drawn) -> str:
    """Return an event that a listener of the page hears, with arguments it never expects."""
    element, listener = dice.choice(page.listeners)
    simple = ('null', 'true', '-1', '1e999', '"x"', '""', '[]', '{}', '[[[]]]', '{"value":null}', '{"name":"title"}', '{"name":5,"shown":[],"new":{}}', '{"name":"title","shown":"a","new":9}',
              '{"name":"' + 'x' * 5000 + '"}', '"2026-99-99"', '"\\ud800"', '"\\u0000"', '{"rows":[1],"keys":["x"],"added":true}', '9' * 400, 'no json', '', 'NaN', '{"item":"x","column":99,"value":{},"shown":null}')
    args = dice.choices(simple, k=dice.choice((0, 1, 1, 1, 2, 5)))
    return '42' + json.dumps(['event', {'id': element, 'client_id': page.client_id, 'listener_id': listener, 'args': args}])


@pytest.mark.parametrize(('text', 'whole'), [
    ('2probe', True), ('3', True), ('5', True), ('40', True), ('41', True), ('40{"token":1}', True), ('42["event",{"id":1}]', True), ('421["handshake",{}]', True), ('430[true]', True),
    (None, False), ('', False), ('4', False), ('40/admin,', False), ('40{"a":', False), ('42', False), ('42[]', False), ('42[1]', False), ('42{}', False), ('42["event"', False),
    ('42["event",1e999]', False), ('42["connect",{}]', False), ('42["disconnect"]', False), ('42["nonsense"]', False), ('42' + '9' * 99 + '["event"]', False),
    ('451-["event",{"_placeholder":true,"num":0}]', False), ('44{}', False), ('42["event",' + '[' * 5000, False),
], ids=lambda value: str(value)[:20])
def test_only_whole_packets_that_our_pages_send_pass(text: str | None, whole: bool) -> None:
    assert is_packet(text) is whole


@pytest.mark.parametrize('raw', [
    b'OPTIONS * HTTP/1.1\r\n\r\n',
    *(b'POST %s HTTP/1.1\r\nContent-Type: multipart/form-data; charset=%s; boundary=b\r\nContent-Length: %d\r\n\r\n' % (path, charset, len(PART)) + PART
      for path in (b'/login', b'/verify') for charset in (b'punycode', b'idna', b'unicode_escape')),
    b'POST /_nicegui_ws/socket.io/?EIO=4&transport=polling HTTP/1.1\r\nContent-Length: 3\r\n\r\n4\x1ex',
], ids=lambda raw: raw[:60].decode(errors='replace'))
def test_what_once_broke_is_refused(demo: Started, raw: bytes) -> None:
    found = Found()
    head = f'\r\nHost: {urlsplit(demo.url).netloc}\r\nOrigin: {demo.url}\r\nConnection: close\r\n'.encode()
    asyncio.run(send(demo, found, raw.replace(b'\r\n', head, 1), 60_000, WAIT_S))
    assert found.broken == []
    assert set(found.answers) <= {'400', '401', '404', '422'}


def test_three_thousand_odd_requests_and_frames_break_nothing(demo: Started) -> None:
    dice, found, begun = random.Random(SEED), Found(), time.monotonic()
    maker = Requests(demo, dice)
    for _ in range(10):
        asyncio.run(send_all(demo, found, [maker.one() for _ in range(REQUESTS // 10)]))
        maker.live[:] = [click_in(demo, name) for name in ('张春分', '何立春', '禹鬼金', '曹谷雨')]
    asyncio.run(frames_all(demo, found, dice))
    took_s = time.monotonic() - begun
    log = demo.log
    print(found.answers, round(took_s, 1))
    assert found.broken == []
    faults = [line for line in log.splitlines() if ' ERROR ' in line or ' CRITICAL ' in line or line.startswith('Traceback')]
    assert [line for line in faults if ONCE not in line] == []
    assert 'Traceback' not in demo.said
    assert (demo.process.poll(), httpx.get(f'{demo.url}/healthz').text) == (None, 'ok')
    assert sum(found.answers[kind] for kind in found.answers if kind.isdigit() or kind in ('closed', 'waits', 'frame')) >= 3_000
    assert '990199196907215012' not in log
    assert took_s <= LIMIT_S
