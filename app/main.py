"""The composition root: settings → database → keys → profiles → guard and gate → sign-in page → server → the rest. Only here pages are imported.

The sign-in page is served first; screens, further routes and long work come in a thread right after it, and who asks for them earlier waits.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import secrets
import webbrowser
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from nicegui import app as nicegui_app
from nicegui import ui
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from app import audit, tls
from app.checked import is_checked
from app.errors import Refused
from app.house import House, house, open_house
from app.installation import installation, is_new
from app.jobs import Kind, Runner
from app.light import lightly
from app.logbook import open_log
from app.sealed import open_keys
from app.settings import ROOT, Settings
from db.migrate import migrate
from db.session import Engines
from pages import frames, gate, login
from pages.guard import Bounds, Csp, Guard
from pages.plain import ca, second_factor, steps
from pages.plain.entrance import Entrance
from pages.plain.notices import not_found_page

log = logging.getLogger(__name__)

STATIC = ROOT / 'assets' / 'static'
SCREENS = ('home', 'organizations', 'assessment.desk', 'assessment.one', 'assessment.sheet', 'users', 'filing', 'personnel', 'premises', 'equipment', 'bylaws.register', 'bylaws.document', 'bylaws.standards', 'batches', 'outside_sites', 'registration', 'scores', 'certificates', 'jobs', 'audit', 'settings', 'help')  # modules of pages/ that register screens
PLAIN = ('first', 'files', 'verify')  # modules of pages/plain/ with more ROUTES than those of the sign-in page
JOBS = ('app.personnel.importing', 'app.premises.importing', 'app.equipment.importing', 'app.bylaws.importing', 'app.bylaws.printing', 'app.registration.importing', 'app.scores.jobs', 'app.certificates.printing')  # modules with KINDS of long work
FIRST = frozenset({'login', 'static'})  # first parts of the paths that are answered before the rest is there
HEAD_START_S = 0.3  # the first page goes out before the rest takes the processor
SEAL_EVERY_S = 3600
SETTLE_EVERY_S = 3600  # a term ends with its day; what a page shows is computed when it is opened
HEAD = """<script src="/static/oldbrowser.js"></script>
<script src="/static/guard.js"></script>
<script src="/static/typed.js" defer></script>
<script src="/static/clock.js" defer></script>
<link rel="stylesheet" href="/static/site.css">
<link rel="stylesheet" href="/static/parts.css">
<link rel="stylesheet" href="/static/pages.css">
<noscript>本系统的工作页面需要启用 JavaScript，请在浏览器设置中允许后刷新。</noscript>"""
BODY = '<script>window.__unocss.blocklist = [/^(dj|q|nicegui)-/]</script>'  # classes of ours and of Quasar's that UnoCSS need not try each of its rules on
COLOURS = {'primary': '#1559a6', 'secondary': '#3f6f8f', 'accent': '#7a4fa3', 'positive': '#1b6e3c', 'negative': '#b3261e', 'info': '#1f6f8b', 'warning': '#8a5300'}


def serve(settings: Settings) -> None:
    """Serve until the process is told to end; raises Refused when this data folder cannot be served."""
    open_log(settings.home)
    certificate = tls.ensure_certificate(settings, datetime.now(UTC)) if settings.serves_tls else None
    rest = Rest()
    guard = build(settings, rest, certificate.ca if certificate else None)
    config = uvicorn.Config(
        guard, host=settings.host, port=settings.port, lifespan='on', log_config=None, access_log=False, server_header=False, proxy_headers=False,
        timeout_keep_alive=75, timeout_graceful_shutdown=3, ws_max_size=2 << 20,
        ssl_certfile=certificate.cert if certificate else None, ssl_keyfile=certificate.key if certificate else None)
    _say_where(settings, certificate.ca if certificate else None)
    uvicorn.Server(config).run()
    if rest.fault:
        raise rest.fault


def build(settings: Settings, rest: Rest, ca_file: Path | None = None) -> Guard:
    """Return the whole application, the rest still to come; the house is open and the newest tables stand.

    ca_file: the authority that devices in the room must trust · raises Refused for foreign keys or data, ValueError for a wrong profile
    """
    open_database(settings)
    if not is_checked():
        from app.regulation import check_profiles

        check_profiles()
    if settings.demo:
        from app.demo.load import load

        load(house(), _say_progress)
    entrance = Entrance(settings, ThreadPoolExecutor(2, 'slow'), secrets.token_hex(5).upper() if is_new() else '', ca_file)
    if entrance.first_code:
        print(f'首次启动：请在浏览器中完成首次设置，一次性代码 {entrance.first_code}', flush=True)
    rest.join(_plain(entrance))
    own = settings.cert is not None or bool(settings.behind_proxy)
    bounds = Bounds(frozenset(settings.origins), behind_proxy=bool(settings.behind_proxy), hsts=own)
    return Guard(Outer(GZipMiddleware(gate.Uploads(frames.Frames(Csp(_staff(settings, rest), eval_ok=True))), 1000, 5), rest), bounds)


def open_database(settings: Settings) -> None:
    """Open the house: database with the newest tables, keys that fit it, business clock. raises Refused"""
    engines = Engines(settings.database)
    try:
        migrate(engines)
        keys = open_keys(settings.keys)
    except (PermissionError, RuntimeError) as fault:
        raise Refused(str(fault)) from fault
    name = f'dingji-{settings.folder_id}'
    open_house(House(
        engines, keys, settings.home, settings.offset, settings.demo, f'__Host-{name}' if settings.secure else name))
    found = installation()
    if found and found.key_check != keys.check_value():
        raise Refused(f'密钥文件夹 {settings.keys} 中的密钥不属于这个数据库，身份证号等加密内容无法读取。请放回原来的密钥，或用 DINGJI_KEYS 指定其位置。')
    if found and found.demo != settings.demo:
        raise Refused('演示数据与正式数据不能互相打开：演示请用 python -m app demo，正式数据请用 python -m app。')


class Rest:
    """What the sign-in page does without: screens, further plain routes, long work. It comes once, when first asked for."""

    def __init__(self) -> None:
        self.kinds: dict[str, Kind] = {}
        self.parts: frozenset[str] = frozenset()  # first parts of the paths that the plain routes answer
        self.fault: Exception | None = None
        self._coming: asyncio.Future[None] | None = None

    def join(self, plain: Starlette) -> None:
        """Take the plain application whose routes are to grow."""
        self._app, self.plain = plain, Csp(plain, eval_ok=False)
        self._count_parts()

    async def here(self) -> None:
        """Wait until it is there."""
        if self._coming is None:
            self._coming = asyncio.ensure_future(asyncio.to_thread(self.bring))
        await asyncio.shield(self._coming)

    def bring(self) -> None:
        """Import it; takes longer than a blink."""
        with lightly():
            for screen in SCREENS:
                importlib.import_module(f'pages.{screen}')
            for name in PLAIN:
                self._app.router.routes.extend(importlib.import_module(f'pages.plain.{name}').ROUTES)
            for name in JOBS:
                self.kinds.update(importlib.import_module(name).KINDS)
            if developing():
                self.kinds.update(importlib.import_module('pages.components').KINDS)
        self._count_parts()

    def _count_parts(self) -> None:
        self.parts = frozenset(str(getattr(route, 'path', '/')).split('/')[1] for route in self._app.routes)


class Outer:
    """Sends each request to the staff's application or to the plain routes, by the first part of its path; all but the first page waits for the rest."""

    def __init__(self, staff: ASGIApp, rest: Rest) -> None:
        self.app, self.rest = staff, rest  # NiceGUI finds its server by following `app`

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        first_part = f'{scope["path"]}/'.split('/', 2)[1] if scope['type'] == 'http' else ''  # `OPTIONS *` has no slash
        if scope['type'] != 'lifespan' and not (first_part in FIRST and scope['method'] in ('GET', 'HEAD')):
            await self.rest.here()
        await (self.rest.plain if first_part in self.rest.parts else self.app)(scope, receive, send)


def _plain(entrance: Entrance) -> Starlette:
    routes = [*login.ROUTES, *steps.ROUTES, *second_factor.ROUTES, *ca.ROUTES, Mount('/static', StaticFiles(directory=STATIC)), Mount('/manual', StaticFiles(directory=ROOT / 'assets' / 'manual'))]
    plain = Starlette(routes=routes, exception_handlers={HTTPException: _not_found, Exception: _again})
    plain.state.entrance = entrance
    return plain


def _staff(settings: Settings, rest: Rest) -> FastAPI:
    """Return NiceGUI inside an application whose life is the life of jobs and seals."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        runner = Runner(rest.kinds)
        tasks = [asyncio.create_task(_bring(rest, runner)), asyncio.create_task(_seal_hourly()), asyncio.create_task(_settle_hourly())]
        if settings.open_browser:
            tasks.append(asyncio.create_task(_open_browser(settings.origins[0])))
        yield
        for task in tasks:
            task.cancel()
        runner.stop()
        house().engines.close()

    gate.install()
    nicegui_app.colors(**COLOURS)
    ui.add_head_html(HEAD, shared=True)
    ui.add_body_html(BODY, shared=True)
    staff = FastAPI(lifespan=life, docs_url=None, redoc_url=None, openapi_url=None)
    ui.run_with(
        staff, title='定级台', favicon=STATIC / 'icon.svg', language='zh-CN', tailwind=False, unocss='wind3', gzip_middleware_factory=None,
        storage_secret=secrets.token_urlsafe(32), show_welcome_message=False,
        session_middleware_kwargs={'session_cookie': f'dingji-ui-{settings.folder_id}', 'same_site': 'lax', 'https_only': settings.secure})
    for of in (staff, nicegui_app):  # the guard answers faults, with a number
        for kind in (404, HTTPException, RequestValidationError):
            of.add_exception_handler(kind, _not_found)
        of.add_exception_handler(Exception, _again)
    return staff


def developing() -> bool:
    """Return whether the page 组件 is served: every part in every state, for developers and browser tests."""
    return os.environ.get('DINGJI_DEV') == '1'


async def _not_found(request: Request, fault: Exception) -> Response:
    return not_found_page()


async def _again(request: Request, fault: Exception) -> Response:
    raise fault


async def _bring(rest: Rest, runner: Runner) -> None:
    """Let the rest come and long work begin; a program of which a part cannot be imported ends."""
    await asyncio.sleep(HEAD_START_S)
    try:
        await rest.here()
        runner.start()
    except Exception as fault:
        rest.fault = fault
        nicegui_app.shutdown()


async def _seal_hourly() -> None:
    while True:
        await asyncio.sleep(SEAL_EVERY_S)
        try:
            await asyncio.to_thread(_seal)
        except Exception:
            log.exception('the hourly seal of the trail failed')


async def _settle_hourly() -> None:
    while True:
        await asyncio.sleep(SETTLE_EVERY_S)
        try:
            await asyncio.to_thread(importlib.import_module('app.filing.timed').settle_due)
        except Exception:
            log.exception('settling the terms of applications failed')


def _seal() -> None:
    with house().engines.write.begin() as connection:
        audit.seal_head(connection, house().keys, 'hourly', house().now())


async def _open_browser(address: str) -> None:
    await asyncio.sleep(0.5)  # the socket opens after the start of life
    await asyncio.to_thread(webbrowser.open, address)  # False without a display, and no failure


def _say_progress(done: int, total: int, what: str) -> None:
    print(f'载入演示数据 {done}/{total}：{what}', flush=True)


def _say_where(settings: Settings, ca_file: Path | None) -> None:
    print('定级台已启动，请用浏览器打开：', *(f'  {origin}' for origin in settings.origins), sep='\n', flush=True)
    if ca_file:
        print(f'其他电脑和平板先打开 /ca 页面安装根证书，指纹（SHA-256）：\n  {tls.fingerprint(ca_file)}', flush=True)
    print('按 Ctrl+C 结束。', flush=True)
