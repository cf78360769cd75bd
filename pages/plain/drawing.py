"""How plain pages are drawn: templates with every value escaped."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

TEMPLATES = Path(__file__).parent / 'templates'


def draw(template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page of `templates/`; a value the template asks for and nobody gave is our mistake (UndefinedError)."""
    return HTMLResponse(_templates().get_template(template).render(**values), status)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
