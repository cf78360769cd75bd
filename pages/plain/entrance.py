"""What the pages before the sign-in share: settings, a place for slow work, and how a person goes in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar, cast
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.actors import token_hash
from app.settings import Settings
from app.users.sign_in import Entered, sign_out
from pages.gate import end_pages
from pages.plain.cookies import give_token, token_in

P = ParamSpec('P')
T = TypeVar('T')

NAVIGATION_S = 0.3  # a page that has just posted a form is on its way and needs no message


@dataclass(frozen=True, slots=True)
class Entrance:
    """What main hands to the plain pages.

    slow: two threads for Argon2id, 64 MiB each · first_code: one-time code of a first start, '' later · ca: certificate to trust
    """

    settings: Settings
    slow: Executor
    first_code: str
    ca: Path | None


def entrance(request: Request) -> Entrance:
    """Return what main handed over."""
    return cast(Entrance, request.app.state.entrance)


async def slowly(request: Request, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what hashes passwords in the threads kept for it; the loop goes on."""
    return await asyncio.get_running_loop().run_in_executor(entrance(request).slow, partial(work, *args, **kwargs))


def field(form: FormData, name: str) -> str:
    """Return what a form's field holds, at most 200 characters and none that a database cannot keep (NUL, halves of a pair)."""
    return str(form.get(name, '')).replace('\0', '').encode(errors='ignore').decode()[:200]


def number(form: FormData, name: str) -> int:
    """Return an id from a form, 0 for anything else."""
    text = field(form, name)
    return int(text) if text.isdecimal() and len(text) <= 16 else 0


def device_of(request: Request) -> str:
    """Return the browser as a sign-in keeps it."""
    return request.headers.get('user-agent', '')[:120]


def go_in(request: Request, entered: Entered, back: str = '/') -> Response:
    """Give the browser its new token and go on: to the step still owed, after a recovery code to the second factor, else to the page asked for.

    An older sign-in ends.
    """
    old = token_in(request.cookies)
    if old:
        sign_out(old)
    target = {'password': '/password', 'enrol': '/enrol'}.get(entered.stage, '/second-factor' if entered.recovered else '')
    where = f'{target}?next={quote(back, safe="")}' if target else back
    response = RedirectResponse(where, 303, background=BackgroundTask(end_after, old) if old else None)
    give_token(response, entered.token)
    return response


async def end_after(token: str) -> None:
    """Close what a former sign-in left open, once the answer is out."""
    await asyncio.sleep(NAVIGATION_S)
    await end_pages(token_hash(token))


def back_path(text: str) -> str:
    """Return where to go after the sign-in: a path of this server, never another address."""
    here = text.startswith('/') and not text.startswith(('//', '/\\', '/login', '/logout')) and text.isprintable()
    return text if here and len(text) <= 1000 else '/'
