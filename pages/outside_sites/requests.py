"""外部考点: requests to examine outside the filed premises: the list, a new one, form and paper beside each other, handing in, the opinions of the centres."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from nicegui import context, ui

from app.access import Permission
from app.actors import Actor
from app.batches.queries import batches
from app.equipment.words import STATES
from app.errors import Refused, SignedOut
from app.house import calendar
from app.ledger_items import Known
from app.outside_sites import operations
from app.outside_sites.documents import TITLE, offsite_pdf, offsite_record
from app.outside_sites.queries import SiteLine, SitePage, count_outside_sites, findings_of, outside_sites, seen, site_page
from app.outside_sites.records import DUTIES, PROOFS, SITES, TABLES
from app.outside_sites.rules import OPEN
from app.personnel.queries import staff_members
from app.states import WORDS, state_word
from app.words import hundredths_text
from app.work import Work, begin, look
from app.workdays import last_submission_day, working_days_left
from db.outside_sites import OutsideSite
from pages.frame import page
from pages.outside_sites.opinions import opinions
from pages.parts.attachments import Holder, attached
from pages.parts.confirm import confirm
from pages.parts.documents import Paper, documents
from pages.parts.exporting import exporter
from pages.parts.findings import findings_table
from pages.parts.form import Form
from pages.parts.history import history
from pages.parts.ledgers import field_of
from pages.parts.listing import Action, Column, Filter, listing
from pages.parts.preview import Preview
from pages.parts.refusals import refusals
from pages.parts.rows import Acts, Row, Rows
from pages.parts.rows import Column as RowColumn
from pages.parts.states import deadline
from pages.parts.tables import table

GRADES = {'drafted': 'remind', 'handed_in': 'warn', 'agreed': 'good', 'refused': 'bad', 'withdrawn': 'calm'}
WRITE = Permission.OUTSIDE_SITES_WRITE


class _Line:
    """One line of the list as text."""

    def __init__(self, line: SiteLine) -> None:
        self.id, self.name, self.address, self.city, self.org, self.batch = line.site.id, line.site.name, line.site.address, line.site.city, line.org, line.batch
        self.state = state_word('outside_site', line.site.state)


@page('/outside-sites', title='外部考点', needs=Permission.OUTSIDE_SITES_READ)
def site_list(me: Actor) -> None:
    """The requests in scope, newest first; a centre's hold no draft."""
    def fetch(work: Work, *, q: str = '', **more: Any) -> tuple[list[_Line], bool]:
        rows, follow = outside_sites(work, find=q, **more)
        return [_Line(r) for r in rows], follow

    may, new = me.may(WRITE), Action('新建申请', '/outside-sites/new', icon='add')
    columns = [
        Column('name', '外部考点'), Column('org', '评价机构', hidden=not me.is_centre), Column('batch', '批次'), Column('city', '所在市州'), Column('address', '地址'), Column('state', '状态')]
    filters = [Filter('state', '状态', {k: w for k, w in WORDS['outside_site'].items() if k != 'drafted' or not me.is_centre})]
    listing(
        me, name='outside_sites', title='外部考点', search='考点名称或地址', columns=columns, fetch=fetch, filters=filters, export=exporter('外部考点', columns, fetch, filters),
        count=lambda work, limit, q='', **more: count_outside_sites(work, limit, find=q, **more), actions=[new] if may else [], opens=lambda line: f'/outside-sites/{line.id}',
        empty=('还没有申请。认定应在备案场所进行；确需在外部考点进行的批次，逐次申请，经鉴定中心许可后方可使用。', new if may else None))


@page('/outside-sites/new', title='新建外部考点申请', needs=Permission.OUTSIDE_SITES_WRITE)
def new_site(me: Actor) -> None:
    """The batch and the name of the place; the rest is written on the next page, saved while typing."""
    with look(me) as work:
        rows, _ = batches(work, limit=200)
        offered = {r.batch.id: f'{r.batch.number}　{r.batch.title}（{r.batch.first_on} 起）' for r in rows if r.batch.state in OPEN and r.batch.first_on > work.today}

    @refusals()
    def start() -> None:
        with begin(me) as work:
            made = operations.start_site(work, batch_id=batch.value or 0, name=name.value or '')
        ui.navigate.to(f'/outside-sites/{made.id}')

    with ui.column().classes('w-full gap-3').style('max-width: 640px'):
        batch = ui.select(offered, label='批次 *（尚未开考的）', value=next(iter(offered), None)).props('outlined dense').classes('w-full')
        name = ui.input('外部考点名称 *').props('outlined dense maxlength=60').classes('w-full')
        ui.label('每份申请只报一个批次、一个考点（一事一报）。').classes('dj-note' if offered else 'dj-hidden')
        ui.label('没有尚未开考的批次，请先在“认定批次”中建立批次、导入名单。').classes('dj-hidden' if offered else 'dj-note')
        with ui.row().classes('gap-2'):
            ui.button('开始填写', icon='edit', on_click=start).props('unelevated').set_enabled(bool(offered))
            ui.button('返回').props('outline href=/outside-sites')


@page('/outside-sites/{outside_site_id}', title='外部考点申请', needs=Permission.OUTSIDE_SITES_READ)
def site(me: Actor, outside_site_id: int) -> None:
    """One request: written while it is a draft, else as handed in, with the opinions of the centres."""
    with look(me) as work:
        found = site_page(work, outside_site_id)
    writes = found.site.state == 'drafted' and me.may(WRITE)
    _head(me, found, '')
    if writes:
        _write(me, found)
        context.client.on_disconnect(lambda: _leave(me, outside_site_id))
    else:
        _shown(found)
        opinions(me, found)
        _proofs(me, found, may=False)
        documents([Paper('F-OFFSITE', TITLE, {'PDF': partial(_pdf, me, outside_site_id)})], bundle_name=TITLE)
    if found.site.state in ('drafted', 'handed_in') and me.may(WRITE):
        _withdrawing(me, found.site)
    ui.html('办理记录', tag='h2', sanitize=False).classes('dj-heading')
    history(me, outside_site_id, needs=Permission.OUTSIDE_SITES_READ)


@page('/outside-sites/{outside_site_id}/check', title='检查和提交', needs=Permission.OUTSIDE_SITES_WRITE)
def check(me: Actor, outside_site_id: int) -> None:
    """What is handed in, everything that is wrong with it, and the button."""
    with look(me) as work:
        found = site_page(work, outside_site_id)
        faults = findings_of(work, outside_site_id) if found.site.state == 'drafted' else []
    _head(me, found, '/check')
    if found.site.state != 'drafted':
        ui.label('本申请已经提交或撤回，内容不能修改。').classes('dj-note')
        return
    late = any(f.severity == 'warn' for f in faults)

    @refusals()
    async def submit() -> None:
        if await confirm(f'向鉴定中心提交批次{found.record.batch}在“{found.record.name}”的申请；提交后内容封存，不能修改。', do='提交申请', danger=False):
            with begin(me) as work:
                operations.hand_in(work, outside_site_id=outside_site_id, shown_sha256=found.record.sha256, reason=reason.value or '')
            ui.navigate.to(f'/outside-sites/{outside_site_id}')

    if faults:
        findings_table(faults)
    else:
        ui.label('没有发现问题，可以提交。').classes('dj-strong')
    with ui.row().classes('items-center gap-3 w-full'):
        reason = ui.input('逾期报送的原因 *').props('outlined dense maxlength=500').classes('dj-grow' if late else 'dj-hidden')
        ui.button('提交申请', icon='send', on_click=submit).props('unelevated')
    _shown(found)


def _head(me: Actor, found: SitePage, current: str) -> None:
    with look(me, found.site.org_id) as work:
        lead = work.profile.plan.batch_lead_working_days
        due = last_submission_day(found.record.first_on, lead.value, calendar(), work.conventions) if lead.value else None
        left = working_days_left(work.today, due, calendar()) if due else 0
    ui.label(f'{found.record.name}　批次 {found.record.batch}' + (f'　{found.record.org}' if me.is_centre else '')).classes('dj-subtitle')
    with ui.row().classes('items-center gap-3'):
        ui.label(state_word('outside_site', found.site.state)).classes(f'dj-mark dj-is-{GRADES[found.site.state]}')
        if due and found.site.state == 'drafted':
            ui.label('报送期限')
            deadline(due.on, left, rule=lead.rule)
    if found.site.state == 'drafted':
        with ui.element('nav').classes('dj-tabs').props('aria-label=本申请'):
            for tail, word in (('', '填写'), ('/check', '检查和提交')):
                if not tail or me.may(WRITE):
                    ui.link(word, f'/outside-sites/{found.site.id}{tail}').classes('dj-tab').props('aria-current=page' if tail == current else '')


def _write(me: Actor, found: SitePage) -> None:
    """The form on the left, the paper as it would be printed now on the right."""
    with look(me) as work:
        people = {str(m.person.id): f'{m.person.name}　{m.person.title or "—"}' for m in staff_members(work)}
        known = Known(work.today)
    with ui.element('div').classes('dj-wizard dj-previewing'):
        left, right = ui.column().classes('dj-wizard-step gap-3'), ui.element('div').classes('dj-wizard-paper')
    with right:
        paper = Preview()
        paper.show(TITLE, partial(_pdf, me, found.site.id))

    def put(column: str, shown: Any, new: Any) -> Any:
        with begin(me) as work:
            kept = operations.change_site(work, outside_site_id=found.site.id, column=column, shown=shown, new=new)
        paper.refresh()
        return kept

    with left:
        Form([field_of(i, getattr(found.site, i.key), known) for i in SITES.items], put, title='外部考点')
        for column in TABLES:
            _rows(me, found.site, column, people, paper.refresh)
        ui.label('考务人员从人员登记册中选择，是否本单位专职以登记册为准。').classes('dj-note')
        _proofs(me, found, may=True, saved=paper.refresh)
        ui.button('检查和提交', icon='task_alt').props(f'unelevated href=/outside-sites/{found.site.id}/check')


def _leave(me: Actor, outside_site_id: int) -> None:
    """The form is left: its one entry in the trail; who has signed out meanwhile leaves it to the next who writes."""
    with suppress(SignedOut, Refused), begin(me) as work:
        operations.leave_site(work, outside_site_id=outside_site_id)


def _rows(me: Actor, row: OutsideSite, column: str, people: dict[str, str], saved: Callable[[], None]) -> None:
    def write(at: int, shown: Row | None, new: Row | None, by: int = 0) -> list[Row]:
        with begin(me) as work:
            rows = operations.write_row(work, outside_site_id=row.id, column=column, at=at, shown=shown, new=new, by=by)
        saved()
        return list(rows)

    title, items = TABLES[column]
    options = {'person': people, 'duty': dict(DUTIES), 'state': dict(STATES)}
    ui.html(title, tag='h2', sanitize=False).classes('dj-heading')
    Rows([RowColumn(i.key, i.head, 'select' if i.key in options else 'number' if i.kind == 'count' else 'text', i.key != 'model', i.most, options.get(i.key, {})) for i in items],
         getattr(row, column), Acts(
             change=lambda at, shown, new: write(at, shown, new)[at], add=lambda: write(0, None, {})[-1], remove=lambda at, shown: write(at, shown, None),
             move=lambda at, by, shown: write(at, shown, shown, by)), label=title)


def _proofs(me: Actor, found: SitePage, *, may: bool, saved: Callable[[], object] = lambda: None) -> None:
    attached(me, Holder(
        PROOFS, read=lambda work: seen(work, found.site.id),
        attach=lambda work, scan, kind, title: operations.attach_proof(work, outside_site_id=found.site.id, scan=scan, kind=kind, title=title),
        end=lambda work, attachment_id: operations.end_proof(work, outside_site_id=found.site.id, attachment_id=attachment_id),
        hint='请上传场地的产权、租赁或借用证明。'), may=may, changed=saved)


def _shown(found: SitePage) -> None:
    """What was handed in, or of a draft what would be."""
    r = found.record
    ui.html('申请内容', tag='h2', sanitize=False).classes('dj-heading')
    table('申请内容', ('项目', '内容'), [
        ('备案号', r.filing_number), ('考试日期', f'{r.first_on} ～ {r.last_on}'), ('外部考点名称', r.name), ('地址', r.address or '—'), ('所在市州', f'{r.city}（{r.region}）{"，跨市（州）" if r.elsewhere else ""}'), ('使用理由', r.reason or '—'),
        ('职业等级人数', '；'.join(f'{g.name}{g.people}人' for g in r.groups)), ('场地面积', f'{hundredths_text(r.area_dm2)}㎡'), ('视频监控条件', r.video or '—'),
        *([('逾期报送的原因', r.late_reason)] if r.late_reason else [])])
    ui.html('设备工量具', tag='h2', sanitize=False).classes('dj-heading')
    table('设备工量具', ('名称', '型号规格', '数量', '状况'), [(e.name, e.model or '—', e.count, STATES.get(e.state, '—')) for e in r.equipment], empty='没有填写设备工量具。')
    ui.html('考务人员名单', tag='h2', sanitize=False).classes('dj-heading')
    table('考务人员名单', ('姓名', '职务', '岗位', '本单位专职'), [
        (s.name or '—', s.post or '—', DUTIES.get(s.duty, '—'), '是' if s.own_full_time else '否') for s in r.staff], empty='没有填写考务人员。')


def _withdrawing(me: Actor, row: OutsideSite) -> None:
    @refusals()
    async def withdraw() -> None:
        if await confirm('撤回后本申请终止，需要时重新申请；记录保留。', do='撤回申请'):
            with begin(me) as work:
                operations.withdraw_site(work, outside_site_id=row.id, reason=reason.value or '')
            ui.navigate.reload()

    with ui.row().classes('items-center gap-2'):
        reason = ui.input('撤回原因').props('outlined dense maxlength=500')
        ui.button('撤回申请', on_click=withdraw).props('outline')


def _pdf(me: Actor, outside_site_id: int) -> bytes:
    with look(me) as work:
        given = offsite_record(work, outside_site_id)
    return offsite_pdf(given)
