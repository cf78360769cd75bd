"""The papers of a business: preview, PDF, XLSX, DOCX, and one ZIP of all in binding order."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from typing import Literal, TypeVar

from nicegui import background_tasks, run, ui

from app.actors import Actor
from app.errors import Refused
from app.findings import Finding
from app.organizations.operations import note_print
from app.work import Work, begin, look
from pages.parts.preview import file_name, preview_button
from pages.parts.refusals import refusals

Record = TypeVar('Record')
Format = Literal['PDF', 'XLSX', 'DOCX', 'ZIP', '空白PDF', '空白XLSX', '空白DOCX']
FIXED = (2026, 1, 1, 0, 0, 0)  # time of every entry, so that the same papers give the same ZIP


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of the list, by form id; one that comes as PDF can be looked at before.

    builds: what it comes as: each reads its record, draws outside any transaction and returns the bytes; runs in a thread
    missing: what must be put right before it may be shown or printed
    """

    form: str
    title: str
    builds: Mapping[Format, Callable[[], bytes]]
    missing: Sequence[Finding] = ()


def noted(me: Actor, form: str, read: Callable[[Work], Record], draw: Callable[[Record], bytes], *, org_id: int | None = None) -> Callable[[], bytes]:
    """Return what reads a paper of a register, leaves its trail entry at the organisation and draws it."""
    def build() -> bytes:
        with look(me, org_id) as work:
            record = read(work)
        with begin(me, org_id) as work:
            note_print(work, form=form)
        return draw(record)

    return build


def documents(papers: Sequence[Paper], *, bundle_name: str) -> None:
    """Draw the list of papers in binding order, the preview of each that comes as PDF, and, where there are several, the button for one ZIP of all."""
    previews = any(map(_shows, papers))
    background_tasks.create(run.io_bound(import_module, 'fpdf'))  # takes most of a second, once: before anybody presses a button
    with ui.element('div').classes('dj-scroll').props('tabindex=0 role=region aria-label=文书'), ui.element('table').classes('dj-table'):
        with ui.element('thead'), ui.element('tr'):
            for head in ('序号', '表号', '名称', *(['预览'] if previews else []), '下载'):
                ui.html(head, tag='th', sanitize=False).props('scope=col')
        with ui.element('tbody'):
            for at, paper in enumerate(papers, 1):
                _row(at, paper, previews)
    if len(papers) < 2:
        return
    ready = [p for p in papers if not p.missing]

    @refusals()
    async def all_in_one() -> None:
        if data := await run.io_bound(bundle, ready):
            ui.download.content(data, f'{file_name(bundle_name)}.zip')

    with ui.row().classes('items-center gap-2'):
        button = ui.button('全部打包下载（ZIP）', icon='folder_zip', on_click=all_in_one).props('outline')
        button.set_enabled(bool(ready))
        if len(ready) < len(papers):
            ui.label(f'{len(papers)}份中有{len(papers) - len(ready)}份缺少内容，不在包内。').classes('dj-note')


def bundle(papers: Sequence[Paper]) -> bytes:
    """Return a ZIP of the papers in order, names like 01_认定人员名单.pdf; blank copies are left out. The same papers give the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as packed:
        for at, paper in enumerate(papers, 1):
            for kind, build in paper.builds.items():
                if not kind.startswith('空白'):
                    entry = zipfile.ZipInfo(f'{at:02d}_{file_name(paper.title)}.{kind.lower()}', FIXED)
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    packed.writestr(entry, build())
    return out.getvalue()


def _row(at: int, paper: Paper, previews: bool) -> None:
    with ui.element('tr'):
        for text in (str(at), paper.form):
            with ui.element('td').classes('dj-nowrap'):
                ui.label(text)
        with ui.element('td'):
            ui.label(paper.title)
            if paper.missing:
                ui.label(f'缺少{len(paper.missing)}项，补齐后才能打印').classes('dj-missing')
        if previews:
            with ui.element('td'):
                if _shows(paper):
                    preview_button(paper.title, lambda: _pdf(paper), word='查看缺项' if paper.missing else '预览')
        with ui.element('td'), ui.row().classes('gap-1 no-wrap'):
            for kind, build in paper.builds.items():
                _format(paper, kind, build)


def _shows(paper: Paper) -> bool:
    return 'PDF' in paper.builds or bool(paper.missing)


def _pdf(paper: Paper) -> bytes:
    """Return what the preview shows, the same build as the download: full numbers leave the same trail. raises Refused with what is missing"""
    if paper.missing:
        raise Refused(paper.missing[0].sentence, rule=paper.missing[0].rule, findings=paper.missing)
    return paper.builds['PDF']()


def _format(paper: Paper, kind: Format, build: Callable[[], bytes]) -> None:
    @refusals()
    async def fetch() -> None:
        button.props('loading')
        try:
            data = await run.io_bound(build)
        finally:
            button.props(remove='loading')
        if data:
            ui.download.content(data, f'{file_name(paper.title)}{"（空白）" if blank else ""}.{kind.removeprefix("空白").lower()}')

    blank = kind.startswith('空白')
    button = ui.button(kind, on_click=fetch).props('outline dense no-caps')
    button.props['aria-label'] = f'{kind} {paper.title}'  # not through props(text), as in preview_button
    button.set_enabled(blank or not paper.missing)
