"""备案申报: the organisation's applications, a new one, and the head that stands above every page of one."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from app.access import Permission, Role
from app.actors import Actor
from app.assessment.queries import AT_WORK, newest_assessment, panel_of
from app.errors import NotYours
from app.filing.operations import OVER, discard_application, start_application, withdraw_application
from app.filing.queries import Line, Page, applications, count_applications, needs_assessment
from app.filing.running import clock_of
from app.filing.ways import WAYS, ways_for
from app.house import calendar
from app.organizations.queries import filings_of
from app.states import WORDS, state_word
from app.work import Work, begin, look
from app.workdays import working_days_left
from db.filing import Application
from pages.frame import page
from pages.parts.confirm import confirm
from pages.parts.exporting import exporter
from pages.parts.listing import Action, Column, Filter, listing
from pages.parts.refusals import refusals
from pages.parts.states import deadline

GRADES = {'draft': 'remind', 'correcting': 'warn', 'refused': 'bad', 'failed': 'bad', 'declined': 'bad', 'rectifying': 'warn', 'withdrawn': 'calm', 'discarded': 'calm', 'ended': 'calm', 'filed': 'good', 'published': 'good'}
FILTERS = [Filter('state', '状态', WORDS['application']), Filter('way', '备案方式', {w.code: w.word for w in WAYS.values()})]

TABS = (('', '填写'), ('/check', '检查和提交'), ('/papers', '申报材料'), ('/report', '合规报告'), ('/compare', '版本比较'), ('/acts', '决定和文书'))  # tail of the address → word
CENTRE_TABS = (('', '受理'), ('/papers', '申报材料'), ('/report', '合规报告'), ('/compare', '版本比较'))


def columns_for(me: Actor) -> list[Column]:
    """Return the columns of a list of applications."""
    return [
        Column('way', '备案方式'), Column('org', '申报单位', hidden=not me.is_centre), Column('ranges', '职业（工种）和等级'), Column('state', '状态'),
        Column('number', '受理号'), Column('handed_in_on', '提交日期'), Column('clock', '期限', format=lambda c: c.sentence if c else '')]


@page('/filings', title='备案申报', needs=Permission.FILING_READ)
def application_list(me: Actor) -> None:
    """The organisation's own applications, newest first."""
    if me.is_centre:
        raise NotYours
    new = Action('新建申报', '/filings/new', icon='add')
    held = [Action('法人证照', '/filings/licences', icon='badge'), Action('培训统计', '/filings/training', icon='bar_chart')]
    may = me.may(Permission.FILING_WRITE)
    columns = columns_for(me)
    listing(
        me, name='applications', title='备案申报', search='受理号', columns=columns, fetch=fetch, count=count, filters=FILTERS,
        export=exporter('备案申报', columns, fetch, FILTERS), actions=[new, *held] if may else held, opens=lambda line: f'/filings/{line.id}',
        empty=('还没有申报。新建申报后逐步填写，内容自动保存，可随时回来接着填。', new) if may else ('还没有申报，由备案联系人新建。', None))


def fetch(work: Work, *, q: str = '', **more: Any) -> tuple[list[Line], bool]:
    """Return a page of the list."""
    return applications(work, find=q, **more)


def count(work: Work, limit: int, *, q: str = '', **more: Any) -> int:
    """Return how many the filters find."""
    return count_applications(work, limit or 1_000_000, find=q, **more)


@page('/filings/new', title='新建申报', needs=Permission.FILING_WRITE)
def new_application(me: Actor, wanted: str = '') -> None:
    """The ways open to this organisation; what rests on a filing names it. wanted: the way that whoever led here has in mind"""
    with look(me) as work:
        held = [f.filing for f in filings_of(work) if f.filing.state == 'in_force' and f.filing.valid_from <= work.today <= f.filing.valid_to]
        kind = work.org.kind
        over = {state_word('application', state) for state in OVER}
        busy = {line.way for line in applications(work)[0] if line.state not in over}
    ways = {w.code: w for w in sorted(
        ways_for(kind, has_filing=bool(held)), key=lambda w: (w.word in busy and not w.needs_filing, bool(held) and not w.needs_filing))}  # who is filed adds, extends, changes or ends; what is under way is not begun again

    @refusals()
    def start() -> None:
        needs = ways[way.value].needs_filing
        with begin(me) as work:
            made = start_application(work, way=way.value, filing_id=filing.value if needs else None)
        ui.navigate.to(f'/filings/{made.id}')

    with ui.column().classes('w-full gap-3').style('max-width: 720px'):
        way = ui.select({code: w.word for code, w in ways.items()}, label='备案方式 *', value=wanted if wanted in ways else next(iter(ways), None)).props('outlined dense').classes('w-full')
        filing = ui.select({f.id: f'{f.number}（{f.valid_from} 至 {f.valid_to}）' for f in held}, label='原备案 *', value=held[0].id if held else None).props('outlined dense').classes('w-full')
        filing.bind_visibility_from(way, 'value', lambda code: bool(code) and ways[code].needs_filing)
        if not held:
            ui.label('本单位现在没有有效的备案，增量、延续、变更和终止不能办理。').classes('dj-note')
        if kind == 'technical_school':
            ui.label('既评价本校学生又评价社会人员的，分别申报，各有备案号。').classes('dj-note')
        with ui.row().classes('gap-2'):
            ui.button('开始填写', icon='edit', on_click=start).props('unelevated')
            ui.button('返回').props('outline href=/filings')


def head(me: Actor, found: Page, current: str) -> None:
    """Draw way, state, the day that runs and the tabs of an application."""
    app = found.app
    with look(me, app.org_id) as work:
        clock, overdue = clock_of(work, app)
        left = working_days_left(work.today, clock.due, calendar()) if clock else 0
        judged = _judged_at(work, app) if me.may(Permission.ASSESSMENT_READ) else ''
    ui.label(f'{WAYS[app.way].word}{_filing(found)}' + (f'　{found.org.name}' if me.is_centre else '')).classes('dj-subtitle')
    with ui.row().classes('items-center gap-3'):
        ui.label(state_word('application', app.state)).classes(f'dj-mark dj-is-{GRADES.get(app.state, "remind")}')
        if app.number:
            ui.label(f'受理号 {app.number}')
        if app.received_on:
            ui.label(f'收到日期 {app.received_on}')
        if app.receiver:
            ui.label(f'受理机关 {app.receiver}' + ('（不在本系统）' if app.outside_centre else ''))
        if clock:
            ui.label(clock.what)
            deadline(clock.due.on, left, rule=clock.rule)
        if overdue:
            ui.label({'application.deem_accepted': '逾期未答复，视为受理', 'application.lapse': '逾期未补正，视为撤回'}[overdue]).classes('dj-mark dj-is-warn')
        if judged:
            ui.link('组织技术评估' if '/new/' in judged else '答复的函' if '/answer/' in judged else '技术评估、公示和备案函', judged).classes('dj-link')
    base = '/desk' if me.is_centre else '/filings'
    tabs = CENTRE_TABS if me.is_centre else TABS
    with ui.element('nav').classes('dj-tabs').props('aria-label=本申报'):
        for tail, word in tabs:
            link = ui.link(word, f'{base}/{app.id}{tail}').classes('dj-tab')
            if tail == current:
                link.props('aria-current=page')


def _judged_at(work: Work, app: Application) -> str:
    """Return where an application is assessed or answered; '' while there is none, and for an assessor who is not on its panel."""
    if app.state not in AT_WORK or app.outside_centre:
        return ''
    found, scores = newest_assessment(work, app.id), work.actor.role == Role.ASSESSOR
    if found is None and not scores:
        if not needs_assessment(work, app.id):
            return f'/assessments/answer/{app.id}'
        return f'/assessments/new/{app.id}' if app.state == 'accepted' and work.actor.may(Permission.ASSESSMENT_ARRANGE) else ''
    if found is None or scores and all(a.member_id != work.actor.person_id for a in panel_of(work, found.id)):
        return ''
    return f'/assessments/{found.id}'


def _filing(found: Page) -> str:
    """Return the filing that an application rests on, or the one that its letter gave."""
    if found.filing is None:
        return ''
    if WAYS[found.app.way].needs_filing:
        return f'　原备案 {found.filing.number}'
    return f'　机构备案号 {found.filing.number}（{found.filing.valid_from} 至 {found.filing.valid_to}）'


def endings(me: Actor, found: Page) -> None:
    """Offer to give a draft up or to take back what was handed in."""
    app = found.app

    @refusals()
    async def discard() -> None:
        if await confirm('这份草稿作废后不能再填写，内容保留可查。', do='作废草稿'):
            with begin(me) as work:
                discard_application(work, application_id=app.id)
            ui.navigate.to('/filings')

    @refusals()
    async def withdraw() -> None:
        if await confirm('撤回后本申报终止，需要时重新申报。', do='撤回申报'):
            with begin(me) as work:
                withdraw_application(work, application_id=app.id, reason=reason.value or '')
            ui.navigate.reload()

    if app.state == 'draft' and me.may(Permission.FILING_WRITE):
        ui.button('作废草稿', on_click=discard).props('outline')
    if app.state in ('handed_in', 'correcting', 'accepted') and me.may(Permission.FILING_HAND_IN):
        with ui.row().classes('items-center gap-2'):
            reason = ui.input('撤回原因').props('outlined dense maxlength=500')
            ui.button('撤回申报', on_click=withdraw).props('outline')
