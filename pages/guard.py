"""The outer guard: which host is addressed, from which page, how much, how often; and the headers of every answer."""

from __future__ import annotations

import ipaddress
import logging
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.plain.notices import fault_page, notice_page

log = logging.getLogger(__name__)

FORM_BYTES = 256 << 10
SOCKET_BYTES = 1_000_000  # Engine.IO's own limit of one message
UPLOAD_BYTES = 512 << 20
UPLOADS = re.compile(r'/_nicegui/client/[^/]+/upload/\d+')
CACHED = ('/_nicegui/', '/static/')  # front-end files, nothing personal
CHARSET = re.compile(rb';\s*charset=[^;]*', re.IGNORECASE)  # some that Python knows fail in a way that no form parser expects
FORWARDED = (b'x-forwarded-prefix', b'x-forwarded-host', b'x-forwarded-proto', b'x-forwarded-port', b'x-forwarded-for', b'forwarded')


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where this server may be addressed.

    origins: scheme, name and port as the address bar shows them, e.g. 'http://127.0.0.1:8080'
    behind_proxy: a proxy of our own adds the last X-Forwarded-For · hsts: with an own certificate or a proxy only
    """

    origins: frozenset[str]
    behind_proxy: bool = False
    hsts: bool = False

    @property
    def hosts(self) -> frozenset[str]:
        """What the Host header may say."""
        found = set()
        for origin in self.origins:
            parts = urlsplit(origin)
            found.add(parts.netloc)
            if parts.port is None:
                found.add(f'{parts.netloc}:{443 if parts.scheme == "https" else 80}')
        return frozenset(found)


class Guard:
    """The outermost application; what it refuses never reaches a route."""

    def __init__(self, app: ASGIApp, bounds: Bounds, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app  # NiceGUI finds its server by following this name
        self.bounds, self.hosts = bounds, bounds.hosts
        self.lookups = Rate(free=30, window_s=600, clock=clock)  # of certificates by the public
        self.failures = Rate(free=30, window_s=900, clock=clock)  # of signing in; each account waits by itself as well

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] == 'lifespan':
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        self._settle(scope, headers)
        if scope['type'] == 'websocket':
            if self._foreign(scope, headers):
                await receive()
                return await send({'type': 'websocket.close', 'code': 1008})
            return await self.app(scope, receive, send)
        answer = _Answer(scope, send, self.bounds.hsts, self._after(scope))
        if refusal := self._refusal(scope, headers):
            return await Csp(notice_page(*refusal), eval_ok=False)(scope, receive, answer.send)
        try:
            await self.app(scope, _counted(receive, answer, limit_of(scope['path'])), answer.send)
        except ClientDisconnect:
            return None
        except Exception:
            number = secrets.token_hex(4)
            log.exception('fault %s at %s %s', number, scope['method'], scope['path'])
            if not answer.started:
                await Csp(fault_page(number), eval_ok=False)(scope, receive, answer.send)
        return None

    def _settle(self, scope: Scope, headers: Headers) -> None:
        """Believe forwarded headers of our own proxy only; nobody below sees them, nor a character set: all our forms are UTF-8."""
        if self.bounds.behind_proxy:
            scope['scheme'] = scope['scheme'].replace('http', 'https') if scope['scheme'] in ('http', 'ws') else scope['scheme']
            if hops := headers.get('x-forwarded-for'):
                scope['client'] = (hops.rsplit(',', 1)[-1].strip(), 0)
        scope['headers'] = [(k, CHARSET.sub(b'', v) if k == b'content-type' else v) for k, v in scope['headers'] if k not in FORWARDED]

    def _foreign(self, scope: Scope, headers: Headers) -> bool:
        """Return whether a request comes from a page of somebody else, or from none where one is due."""
        origin = headers.get('origin')
        if headers.get('host', '').lower() not in self.hosts:
            return True
        if scope['type'] == 'websocket':
            return origin not in self.bounds.origins
        if origin is not None and origin != 'null':  # our own forms say null, because our pages ask for no referrer
            return origin not in self.bounds.origins
        acts = scope['method'] not in ('GET', 'HEAD', 'OPTIONS') or scope['path'].startswith('/_nicegui_ws')
        return acts and headers.get('sec-fetch-site') != 'same-origin'

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str, str] | None:
        """Return status, title and sentence when the request goes no further."""
        if headers.get('host', '').lower() not in self.hosts:
            return 421, '地址不对', f'请用 {" 或 ".join(sorted(self.bounds.origins))} 打开本系统。'
        if self._foreign(scope, headers):
            return 403, '请求已拒绝', '这个请求不是从本系统的页面发出的。请在浏览器地址栏中直接打开本系统，再重新操作。'
        if int(headers.get('content-length', '0')) > limit_of(scope['path']):  # the server has checked that it is a number
            return 413, '内容过大', too_large(scope['path'])
        address = address_of(scope)
        wait = self.failures.wait_s(address) if is_sign_in(scope) else self.lookups.wait_s(address) if is_lookup(scope) else 0
        if wait:
            return 429, '请稍候再试', f'从您的网络地址发来的请求过于频繁，请在{wait}秒后再试；等待会自行结束，不会锁定。'
        if is_lookup(scope):
            self.lookups.count(address)
        return None

    def _after(self, scope: Scope) -> Callable[[int], None]:
        """Count wrong passwords, not people: a whole office may sign in from one address."""

        def seen(status: int) -> None:
            if status == 401 and is_sign_in(scope):
                self.failures.count(address_of(scope))

        return seen


class Rate:
    """Requests of one address: so many free ones, then each next one waits longer, and the wait ends by itself."""

    LONGEST_S = 60
    ADDRESSES = 10_000  # kept at once, the oldest go

    def __init__(self, *, free: int, window_s: float, clock: Callable[[], float]) -> None:
        self.free, self.window_s, self.clock = free, window_s, clock
        self._seen: OrderedDict[str, tuple[int, float, float]] = OrderedDict()  # count, last, until

    def wait_s(self, address: str) -> int:
        """Return the seconds to wait, 0 when the request may go on."""
        until = self._seen.get(address, (0, 0.0, 0.0))[2]
        return max(0, int(until - self.clock() + 0.999))

    def count(self, address: str) -> None:
        """Count one request of an address."""
        now = self.clock()
        count, last, _ = self._seen.pop(address, (0, now, 0.0))
        count = 1 if now - last > self.window_s else count + 1
        over = count - self.free
        self._seen[address] = (count, now, now + min(2.0 ** min(over, 10), self.LONGEST_S) if over >= 0 else 0.0)
        while len(self._seen) > self.ADDRESSES:
            self._seen.popitem(last=False)


class Csp:
    """Content Security Policy with a nonce per answer; the nonce is added to every script tag of the page."""

    def __init__(self, app: ASGIApp, *, eval_ok: bool) -> None:
        self.app, self.eval_ok = app, eval_ok

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] != 'http':
            return await self.app(scope, receive, send)
        nonce, start, body = secrets.token_urlsafe(16), None, bytearray()

        async def out(message: Message) -> None:
            nonlocal start
            if message['type'] == 'http.response.start':
                headers = MutableHeaders(raw=list(message.get('headers', ())))
                headers['content-security-policy'] = self._policy(nonce)
                message = {**message, 'headers': headers.raw}
                if headers.get('content-type', '').startswith('text/html'):
                    start = message  # held back until the length with the nonces is known
                    return
            elif start is not None:
                body.extend(message.get('body', b''))
                if message.get('more_body'):
                    return
                data = re.sub(rb'<script(?![^>]*\bnonce=)(?=[\s>])', b'<script nonce="%s"' % nonce.encode(), bytes(body))
                headers = MutableHeaders(raw=start['headers'])
                headers['content-length'] = str(len(data))
                await send({**start, 'headers': headers.raw})
                message = {'type': 'http.response.body', 'body': data}
            await send(message)

        return await self.app(scope, receive, out)

    def _policy(self, nonce: str) -> str:
        unsafe = " 'unsafe-eval'" if self.eval_ok else ''
        return (f"default-src 'self'; script-src 'self' 'nonce-{nonce}'{unsafe}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
                "media-src 'self' blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
                "form-action 'self'")


def limit_of(path: str) -> int:
    """Return how many bytes a request to this path may bring."""
    return UPLOAD_BYTES if UPLOADS.fullmatch(path) else SOCKET_BYTES if path.startswith('/_nicegui_ws') else FORM_BYTES


def too_large(path: str) -> str:
    """Return the sentence for a request that brings more."""
    if UPLOADS.fullmatch(path):
        return f'上传的文件超过{UPLOAD_BYTES >> 20} MB，请拆成几个文件分别上传。'
    return f'提交的内容超过{limit_of(path) >> 10} KB，请删减后再提交。'


def is_sign_in(scope: Scope) -> bool:
    """Return whether the request tries a secret: password, dynamic code or one-time code."""
    return scope['method'] == 'POST' and scope['path'] in ('/login', '/enrol', '/password', '/second-factor', '/first')


def is_lookup(scope: Scope) -> bool:
    """Return whether the request asks for a certificate; the empty form and a scanned code that only fills it are free."""
    return bool(scope['method'] == 'POST' and scope['path'] == '/verify')


def address_of(scope: Scope) -> str:
    """Return whom to count: an IPv4 address or the /64 network of an IPv6 one."""
    host = (scope.get('client') or ('', 0))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    return str(address) if address.version == 4 else str(ipaddress.ip_network(f'{address}/64', strict=False))


class _Answer:
    """What goes out: headers added, and whether something went out already."""

    def __init__(self, scope: Scope, send: Send, hsts: bool, seen: Callable[[int], None]) -> None:
        self.scope, self._send, self.hsts, self.seen = scope, send, hsts, seen
        self.started = self.cut = False

    async def send(self, message: Message) -> None:
        if self.cut:
            return
        if message['type'] == 'http.response.start':
            self.started = True
            self.seen(message['status'])
            headers = MutableHeaders(raw=list(message.get('headers', ())))
            headers['x-content-type-options'] = 'nosniff'
            headers['referrer-policy'] = 'no-referrer'
            headers['x-frame-options'] = 'DENY'
            headers['cross-origin-opener-policy'] = 'same-origin'
            headers['permissions-policy'] = 'camera=(self), microphone=(self), geolocation=(), payment=()'
            headers.setdefault('content-security-policy', "default-src 'none'; style-src 'self'; frame-ancestors 'none'")
            if self.hsts:
                headers['strict-transport-security'] = 'max-age=31536000'
            if not self.scope['path'].startswith(CACHED) or message['status'] >= 400:
                headers['cache-control'] = 'no-store'
            else:
                headers.setdefault('cache-control', 'no-cache')  # ours: asked for anew, answered 304
            message = {**message, 'headers': headers.raw}
        await self._send(message)


def _counted(receive: Receive, answer: _Answer, limit: int) -> Receive:
    """Count what arrives: a body without a length, or with a false one, is cut as well."""
    arrived = 0

    async def limited() -> Message:
        nonlocal arrived
        message = await receive()
        arrived += len(message.get('body', b''))
        if arrived > limit and not answer.cut:
            if not answer.started:
                await Csp(notice_page(413, '内容过大', too_large(answer.scope['path'])), eval_ok=False)(answer.scope, receive, answer.send)
            answer.cut = True
        return {'type': 'http.disconnect'} if answer.cut else message

    return limited
