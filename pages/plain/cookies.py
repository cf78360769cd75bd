"""The cookie of a sign-in: its name belongs to the data folder, because cookies ignore the port."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from app.actors import Actor, actor_of, token_hash
from app.house import house


def token_in(cookies: Mapping[str, str]) -> str:
    """Return the token a browser sent, '' without one."""
    return cookies.get(house().cookie, '')


def actor_in(cookies: Mapping[str, str]) -> Actor | None:
    """Return who is signed in by the cookies of a request."""
    token = token_in(cookies)
    return actor_of(token_hash(token)) if token else None


def give_token(response: Response, token: str) -> None:
    """Put a sign-in's token into the browser; it ends with the browser, and on the server before that."""
    name = house().cookie
    response.set_cookie(name, token, path='/', httponly=True, samesite='lax', secure=name.startswith('__Host-'))


def drop_token(response: Response) -> None:
    """Take the token out of the browser."""
    name = house().cookie
    response.delete_cookie(name, path='/', httponly=True, samesite='lax', secure=name.startswith('__Host-'))
