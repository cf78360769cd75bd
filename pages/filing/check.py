"""检查和提交: all findings of an application with the way to each, reasons for warnings, handing in, the self-check; and two versions compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nicegui import run, ui

from app.access import Permission
from app.actors import Actor
from app.errors import NotYours
from app.filing.comparing import differences
from app.filing.documents import MISSING
from app.filing.operations import complete, current_record, hand_in, open_points, warning_key
from app.filing.queries import Page, application_page, earlier_snapshots, findings_of, snapshot_record
from app.filing.records import ApplicationRecord
from app.filing.rules import step_of
from app.filing.ways import STEP_WORDS, WAYS
from app.findings import Finding
from app.register import form
from app.words import screen_moment
from app.work import begin, look
from pages.filing.applications import head
from pages.filing.self_check import self_check
from pages.frame import page
from pages.parts.confirm import confirm
from pages.parts.findings import counts, findings_table
from pages.parts.refusals import refusals
from pages.parts.tables import table


@page('/filings/{application_id}/check', title='检查和提交', needs=Permission.FILING_READ)
def check(me: Actor, application_id: int) -> None:
    """Everything that is wrong in one list and the button, then how the application would be scored."""
    if me.is_centre:
        raise NotYours
    with look(me) as work:
        found = application_page(work, application_id)
        state = found.app.state
        record = current_record(work, application_id)[0]
        findings = [*(open_points(work, application_id) if state == 'correcting' else ()), *(findings_of(work, application_id, record) if state in ('draft', 'correcting') else ())]
    head(me, found, '/check')
    if state in ('draft', 'correcting'):
        _findings(me, found, record, findings)
    elif found.snapshots:
        last = found.snapshots[-1]
        ui.label(f'第{last.n}次提交于{screen_moment(last.made_at)}，{last.by}，校验值{last.sha256[:16]}…').classes('dj-note')
    self_check(me, found, record)


def _findings(me: Actor, found: Page, record: ApplicationRecord, findings: Sequence[Finding]) -> None:
    app = found.app
    ui.html('检查结果', tag='h2', sanitize=False).classes('dj-heading')
    ui.label(counts(findings) or '没有发现问题，可以提交。').classes('dj-strong')

    def go(subject: str) -> None:
        step = subject.partition('.')[0]
        ui.navigate.to(f'/filings/{app.id}' + (f'?step={step}' if step in STEP_WORDS else ''))

    if others := [f for f in findings if f.severity != 'warn']:
        findings_table(others, go=go)
    if short := [form(f).title for f in WAYS[app.way].papers if any(x.severity == 'block' for x in MISSING.get(f, _nothing)(record))]:
        with ui.row().classes('items-center gap-2'):
            ui.label(f'{"、".join(short)}还不能完整打印，提交前请补齐。').classes('dj-missing')
            ui.link('查看缺项', f'/filings/{app.id}/papers').classes('dj-link')
    reasons = _reasons([f for f in findings if f.severity == 'warn'], go, found.snapshots[-1].reasons if found.snapshots else {})

    @refusals()
    async def submit() -> None:
        again = app.state == 'correcting'
        what = '提交补正材料' if again else '提交申报'
        told = f'将向{found.app.receiver or record.receiver}{what}。提交后内容封存，不能修改' + ('。' if again else '，受理机关可一次性告知补正。')
        if await confirm(told, do=what, danger=False):
            written = {key: box.value or '' for key, box in reasons.items()}

            def send() -> bool:
                with begin(me) as work:
                    (complete if again else hand_in)(work, application_id=app.id, reasons=written, shown_sha256=record.sha256)
                return True

            if await run.io_bound(send):  # judges everything again and writes the sealed record: not while others wait for their pages
                ui.navigate.to(f'/filings/{app.id}/acts')

    if me.may(Permission.FILING_HAND_IN):
        ui.button('提交补正材料' if app.state == 'correcting' else '提交申报', icon='send', on_click=submit).props('unelevated')
    else:
        ui.label('由备案联系人或机构负责人提交。').classes('dj-note')


def _nothing(record: ApplicationRecord) -> list[Finding]:
    return []


def _reasons(warnings: Sequence[Finding], go: object, given: Mapping[str, str]) -> dict[str, ui.input]:
    """Draw a box for the reason of each warning; given: the reasons when it was handed in before."""
    boxes: dict[str, ui.input] = {}
    if warnings:
        ui.label(f'{len(warnings)}项提醒：能改的请改；情况属实的，逐项写明理由（不少于4个字），随申报材料封存。').classes('dj-note')
    for f in warnings:
        key = warning_key(f)
        with ui.row().classes('items-center gap-3 w-full no-wrap'):
            ui.label('提醒').classes('dj-mark dj-is-warn')
            ui.label(f.sentence).classes('dj-grow')
            if key in boxes:
                ui.label('理由同上，写一次即可').classes('dj-note').style('width: 24em')
            else:
                boxes[key] = ui.input('理由', value=given.get(key, '')).props('outlined dense maxlength=500').style('width: 24em')
                boxes[key].props['aria-label'] = f'理由 {key}'  # not through props(text), as in preview_button
            way = ui.button('前往', on_click=lambda subject=f.subject: go(subject)).props('flat dense')  # type: ignore[operator]
            way.props['aria-label'] = f'前往 {STEP_WORDS.get(step_of(f), "申报材料")}'
    return boxes


@page('/filings/{application_id}/compare', title='版本比较', needs=Permission.FILING_READ)
def compare(me: Actor, application_id: int, before: int = -1, after: int = -1) -> None:
    """Two versions of the organisation's own application, field by field; 0: as it stands now."""
    if me.is_centre:
        raise NotYours
    with look(me) as work:
        found = application_page(work, application_id)
    head(me, found, '/compare')
    versions(me, found, before, after, '/filings')


def versions(me: Actor, found: Page, before: int, after: int, base: str) -> None:
    """Draw the choice of two versions and what differs: of this application, and of what was handed in with earlier ones; a centre compares what was handed in only."""
    with look(me, found.app.org_id) as work:
        earlier = earlier_snapshots(work, found.app.id)
    words = {s.id: f'{WAYS[a.way].word}（{screen_moment(s.made_at)}提交）' for a, s in earlier}
    words |= {s.n: f'第{s.n}次提交（{screen_moment(s.made_at)}）' for s in found.snapshots}
    if not me.is_centre and found.app.state in ('draft', 'correcting'):
        words[0] = '现在的内容'
    if len(words) < 2:
        ui.label('只有一个版本，提交补正材料后可以比较。').classes('dj-note')
        return
    keys = list(words)
    one, other = before if before in words else keys[-2], after if after in words else keys[-1]
    with ui.row().classes('items-center gap-2'):
        first = ui.select(words, label='前一版本', value=one).props('outlined dense').style('min-width: 18em')
        second = ui.select(words, label='后一版本', value=other).props('outlined dense').style('min-width: 18em')
        ui.button('比较', on_click=lambda: ui.navigate.to(f'{base}/{found.app.id}/compare?before={first.value}&after={second.value}')).props('outline')
    with look(me, found.app.org_id) as work:
        def read(n: int) -> ApplicationRecord:
            return snapshot_record(work, next((s.id for s in found.snapshots if s.n == n), n)) if n else current_record(work, found.app.id)[0]

        changed = differences(read(one), read(other))
    ui.label(f'共{len(changed)}处不同。' if changed else '两个版本的内容相同。').classes('dj-strong')
    table('不同之处', ('内容', words[one], words[other]), [(d.label, d.before, d.after) for d in changed], empty='没有不同')
