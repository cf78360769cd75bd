"""The notices of the centre on an application: 受理通知书, 一次性补正告知书, 不予受理通知书, once the act is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from nicegui import ui

from app.actors import Actor
from app.filing.documents import CENTRE, printing_of
from app.filing.notices import FORMS, notice_record, notices_of
from app.filing.operations import current_record
from app.filing.papers.blocks import Printing
from app.filing.papers.centre import TITLES, Answer, missing
from app.filing.queries import Page
from app.work import look
from db.filing import CentreAct
from pages.filing.shown import printed
from pages.parts.documents import Format, Paper, documents


def notices_shown(me: Actor, found: Page) -> None:
    """Draw the notices of an application; nothing while the centre has answered nothing."""
    with look(me, found.app.org_id) as work:
        acts = notices_of(work, found.app.id)
        records = [notice_record(work, act.id) for act in acts]
    if not acts:
        return
    ui.html('受理文书', tag='h2', sanitize=False).classes('dj-heading')
    documents([
        Paper(form, f'{TITLES[form]} {act.number}', {cast(Format, kind): _build(me, found, act, draw) for kind, draw in CENTRE[form].items()}, missing(form, record))
        for act, record in zip(acts, records, strict=True) for form in (FORMS[act.verb],)], bundle_name=f'受理文书_{found.org.name}')


def _build(me: Actor, found: Page, act: CentreAct, draw: Callable[[Answer, Printing], bytes]) -> Callable[[], bytes]:
    def build() -> bytes:
        with look(me, found.app.org_id) as work:
            record, printing = notice_record(work, act.id), printing_of(work, current_record(work, found.app.id)[0])
        printed(me, found, FORMS[act.verb])
        return draw(record, printing)

    return build
