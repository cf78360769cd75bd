"""申报材料: the papers of an application, its signed scans, and all of it bound into one ZIP in the official order."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from app import jobs
from app.access import Permission
from app.actors import Actor
from app.errors import NotYours
from app.filing.materials import handing
from app.filing.operations import attach_signed, end_signed
from app.filing.papers.binding import GAPS, LACKING, MADE, SCANNED, Entry, binding_pdf, entries, is_bound, signed_forms, volume_of
from app.filing.printing import queue_volume
from app.filing.queries import Page, application_page, seen
from app.filing.scans import annexes_of, scans_of
from app.filing.ways import WAYS
from app.findings import Finding
from app.register import form
from app.work import begin, look
from pages.filing.applications import head
from pages.filing.desk import handed_in
from pages.filing.shown import Now, papers_of, printed, read_now
from pages.frame import page
from pages.parts.attachments import Holder, attached
from pages.parts.documents import documents
from pages.parts.findings import findings_table
from pages.parts.preview import preview_button
from pages.parts.progress import progress
from pages.parts.refusals import refusals

STATES = {MADE: 'good', SCANNED: 'good', GAPS: 'warn', LACKING: 'bad'}


@page('/filings/{application_id}/papers', title='申报材料', needs=Permission.FILING_READ)
def own_papers(me: Actor, application_id: int) -> None:
    """The organisation's own: from the draft, marked as such, until it is handed in; then from what was sealed."""
    if me.is_centre:
        raise NotYours
    with look(me) as work:
        found = application_page(work, application_id)
    head(me, found, '/papers')
    _papers(me, found)


@page('/desk/{application_id}/papers', title='申报材料', needs=Permission.FILING_READ)
def desk_papers(me: Actor, application_id: int) -> None:
    """A centre's: what was handed in last."""
    found, _, _ = handed_in(me, application_id)
    head(me, found, '/papers')
    _papers(me, found)


def _papers(me: Actor, found: Page) -> None:
    now = read_now(me, found)
    writes = found.app.state in ('draft', 'correcting') and not me.is_centre
    if writes:
        ui.label('提交前打印的材料每页标有“草稿”；提交后按封存的内容打印。').classes('dj-note')
    if volume_of(found.app.way):
        _volume(me, found, now)
    ui.html('申报文书', tag='h2', sanitize=False).classes('dj-heading')
    documents(papers_of(me, found, now), bundle_name=f'申报文书_{now.record.org.name}')
    if writes and is_bound(found.app.way):
        _signed(me, found)


def _volume(me: Actor, found: Page, now: Now) -> None:
    """Draw the materials in binding order with what each lacks, and the button of the one ZIP."""
    bound, title = is_bound(found.app.way), form(volume_of(found.app.way)).title
    ui.html(title, tag='h2', sanitize=False).classes('dj-heading')

    @refusals()
    def bind() -> None:
        with begin(me, found.app.org_id) as work:
            job = queue_volume(work, application_id=found.app.id)
        jobs.wake()
        box.clear()
        with box:
            progress(me, job.id)

    with ui.row().classes('items-center gap-2'):
        ui.button('装订打包（ZIP）' if bound else '打包全部材料（ZIP）', icon='auto_stories', on_click=bind).props('unelevated')
        if bound:
            preview_button(title, lambda: _contents(me, found), word='预览封面和目录')
        ui.label(_said(now)).classes('dj-note')
    box = ui.column().classes('w-full')
    if bound:
        with look(me, found.app.org_id) as work:
            scans = scans_of(work, found.app.id, now.printing, sealed=now.sealed)
        held = entries(now.record, now.printing, scans, sealed=now.sealed)
        _materials(held)
        if lacking := [f for e in held if e.state != SCANNED for f in e.findings]:
            _lacking(held, lacking)


def _said(now: Now) -> str:
    if not is_bound(now.record.way):
        return '按国家规定的清单逐项编号打包，扫描件附在各自的材料后。'
    annexed = sum(bool(b.version) for b in now.record.bylaws) if 'bylaws' in WAYS[now.record.way].steps else 0
    copies = max(1, handing(now.printing.profile).copies)
    return f'全部材料按装订顺序编号，封面标明第1至第{copies}份' + (f'，另附规章制度{annexed}项' if annexed else '') + '；扫描件装在各自的位置。'


def _materials(held: Sequence[Entry]) -> None:
    with ui.element('div').classes('dj-scroll').props('tabindex=0 role=region aria-label=装订顺序'), ui.element('table').classes('dj-table'):
        with ui.element('thead'), ui.element('tr'):
            for word in ('序号', '材料名称', '原件/复印件', '是否盖章', '状态'):
                ui.html(word, tag='th', sanitize=False).props('scope=col')
        with ui.element('tbody'):
            for e in held:
                with ui.element('tr'):
                    for text in (str(e.n), e.title, '原件' if e.original else '复印件', '是' if e.sealed else '否'):
                        with ui.element('td'):
                            ui.label(text)
                    with ui.element('td'):
                        ui.label(e.state).classes(f'dj-mark dj-is-{STATES[e.state]}')


def _lacking(held: Sequence[Entry], lacking: Sequence[Finding]) -> None:
    out, gaps = ([e.title for e in held if e.state == state] for state in (LACKING, GAPS))
    sentence = (
        f'{"、".join(out)}缺少内容，补齐后才能装订进去。' if out else f'{"、".join(gaps)}提交时就缺少内容，按提交的样子打印。' if gaps else '材料齐全，下列扫描件没有上传，装订后会缺页。')
    ui.label(sentence).classes('dj-strong')
    findings_table(lacking)


def _signed(me: Actor, found: Page) -> None:
    """Take in the papers that were signed and sealed on paper."""
    attached(me, Holder(
        signed_forms(found.app.way), read=lambda work: seen(work, found.app.id),
        attach=lambda work, scan, kind, title: attach_signed(work, application_id=found.app.id, scan=scan, kind=kind, title=title),
        end=lambda work, attachment_id: end_signed(work, application_id=found.app.id, attachment_id=attachment_id),
        hint='打印的材料签字盖章后扫描上传，装订时代替打印件。'), may=me.may(Permission.FILING_WRITE), changed=ui.navigate.reload)


def _contents(me: Actor, found: Page) -> bytes:
    now = read_now(me, found)
    with look(me, found.app.org_id) as work:
        scans = scans_of(work, found.app.id, now.printing, sealed=now.sealed)
        annexed = len(annexes_of(work, now.record, now.printing))
    printed(me, found, volume_of(found.app.way))
    return binding_pdf(now.record, now.printing, scans, annexes=annexed, sealed=now.sealed)
