"""The papers of a business: preview, PDF, XLSX, DOCX, and one ZIP of all in binding order."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from nicegui import run, ui

from app.findings import Finding
from pages.parts.findings import findings_table
from pages.parts.refusals import refusals

Format = Literal['PDF', 'XLSX', 'DOCX', 'ZIP', '空白PDF', '空白XLSX', '空白DOCX']
FIXED = (2026, 1, 1, 0, 0, 0)  # time of every entry, so that the same papers give the same ZIP
FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|\r\n\t', '_'))


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of the list, by form id.

    builds: what it comes as: each reads its record, draws outside any transaction and returns the bytes; runs in a thread
    preview: address of an authorised route that answers the PDF; '' when there is none
    missing: what must be put right before it may be printed
    """

    form: str
    title: str
    builds: Mapping[Format, Callable[[], bytes]]
    preview: str = ''
    missing: Sequence[Finding] = ()


def documents(papers: Sequence[Paper], *, bundle_name: str) -> None:
    """Draw the list of papers in binding order and the button for one ZIP of all.

    The preview is a link into a new tab, where the browser's own viewer shows the PDF: our CSP allows neither frames nor objects,
    and nothing on the server draws pages as pictures.
    """
    previews = any(paper.preview for paper in papers)
    with ui.element('div').classes('dj-scroll').props('tabindex=0 role=region aria-label=文书'), ui.element('table').classes('dj-table'):
        with ui.element('thead'), ui.element('tr'):
            for head in ('序号', '表号', '名称', *(['预览'] if previews else []), '下载'):
                ui.html(head, tag='th', sanitize=False).props('scope=col')
        with ui.element('tbody'):
            for at, paper in enumerate(papers, 1):
                _row(at, paper, previews=previews)
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


def file_name(title: str) -> str:
    """Return a title as a file name that Windows takes."""
    return title.translate(FORBIDDEN).strip(' .') or '文书'


def _row(at: int, paper: Paper, *, previews: bool) -> None:
    with ui.element('tr'):
        for text in (str(at), paper.form):
            with ui.element('td').classes('dj-nowrap'):
                ui.label(text)
        with ui.element('td'):
            ui.label(paper.title)
            if paper.missing:
                with ui.expansion(f'缺少{len(paper.missing)}项，补齐后才能打印').classes('dj-missing'):
                    findings_table(paper.missing)
        if previews:
            with ui.element('td'):
                _preview(paper)
        with ui.element('td'), ui.row().classes('gap-1 no-wrap'):
            for kind, build in paper.builds.items():
                _format(paper, kind, build)


def _preview(paper: Paper) -> None:
    if paper.preview and not paper.missing:
        ui.link('预览', paper.preview, new_tab=True).classes('dj-link').props(f'rel=noopener aria-label="预览 {paper.title}（新标签页）"')


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
    button = ui.button(kind, on_click=fetch).props(f'outline dense no-caps aria-label="{kind} {paper.title}"')
    button.set_enabled(blank or not paper.missing)
