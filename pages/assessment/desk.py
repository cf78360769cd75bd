"""技术评估: applications from their acceptance on, and the panel of a new assessment."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from app.access import Permission, Role
from app.actors import Actor
from app.assessment import operations
from app.assessment.queries import (
    AT_WORK,
    AssessmentRow,
    answer_page,
    application_page,
    assessments,
    candidates,
    count_assessments,
    range_name,
)
from app.assessment.records import rows_after
from app.assessment.rules import METHODS, PANEL_MIN, Member
from app.filing.ways import STEP_WORDS, WAYS
from app.states import WORDS, state_word
from app.words import level_digits
from app.work import Work, begin, look
from pages.assessment.deciding import handed_in_link, letter_section, papers
from pages.filing.shown import step_shown
from pages.frame import page
from pages.parts.days import day_box, day_of
from pages.parts.exporting import exporter
from pages.parts.history import history
from pages.parts.listing import Column, Filter, listing
from pages.parts.refusals import refusals
from pages.parts.tables import table


@page('/assessments', title='技术评估', needs=Permission.ASSESSMENT_READ)
def assessment_list(me: Actor) -> None:
    """All applications from acceptance on; an assessor sees those he is on the panel of."""
    def fetch(work: Work, *, q: str = '', **more: Any) -> tuple[list[Any], bool]:
        rows, follow = assessments(work, find=q, **more)
        return [_Line(r, arranges) for r in rows], follow

    arranges = me.may(Permission.ASSESSMENT_ARRANGE)
    columns = [Column('org', '申请单位'), Column('way', '申报方式'), Column('state', '状态'), Column('visited', '评估日期'), Column('part', '本人', hidden=me.role != Role.ASSESSOR)]
    filters = [Filter('state', '状态', {s: state_word('application', s) for s in WORDS['application'] if s in AT_WORK})]
    listing(
        me, name='assessments', title='技术评估', search='申请单位', columns=columns, export=exporter('技术评估', columns, fetch, filters), fetch=fetch,
        count=lambda work, limit, q='', **more: count_assessments(work, limit or 1_000_000, find=q, **more), filters=filters, opens=lambda row: row.address,
        empty=('还没有分给您的评估。' if me.role == Role.ASSESSOR else '还没有已受理的申报，受理以后在这里组织评估。', None))


class _Line:
    """One line of the list as text."""

    def __init__(self, row: AssessmentRow, arranges: bool) -> None:
        self.id, self.org, self.way = row.application.id, row.org.name, WAYS[row.application.way].word
        self.state = state_word('application', row.application.state)
        self.visited = f'{row.assessment.visited_on}（{state_word("assessment", row.assessment.state)}）' if row.assessment else '不需评估' if row.answered else '—'
        self.part = '' if row.mine is None else '组长' if row.mine.leads else '成员'
        self.address = f'/assessments/answer/{row.application.id}' if row.answered else f'/assessments/{row.assessment.id}' if row.assessment else f'/assessments/new/{row.application.id}' if arranges else '/assessments'


@page('/assessments/new/{application_id}', title='组织技术评估', needs=Permission.ASSESSMENT_ARRANGE)
def new_assessment(me: Actor, application_id: int) -> None:
    """Method, day, panel and leader."""
    with look(me) as work:
        application, org, ranges = application_page(work, application_id)
        offered, today = {p.id: p for p in candidates(work)}, work.today
    chosen: dict[int, dict[str, Any]] = {}

    @refusals()
    def go() -> None:
        members = [Member(n, offered[n].name, c['title'].value or '', c['employer'].value or '', n == leader.value) for n, c in chosen.items() if c['in'].value]
        with begin(me, org.id) as work:
            made = operations.open_assessment(
                work, application_id=application_id, method=method.value or '', visited_on=day_of(day), members=members, spread_line=line.value or '')
        ui.navigate.to(f'/assessments/{made.id}')

    ui.label(f'{org.name}　{WAYS[application.way].word}').classes('dj-subtitle')
    handed_in_link(me, application)
    table('申请的职业', ('序号', '职业（工种）', '等级'), [(str(r.seq), range_name(r), level_digits(r.levels)) for r in ranges])
    if len(offered) < PANEL_MIN:
        ui.label(f'本中心只有{len(offered)}名评估专家，评估组至少{PANEL_MIN}人，请先在人员与账号中任命。').classes('dj-note')
    with ui.column().classes('w-full gap-3').style('max-width: 900px'):
        with ui.row().classes('w-full gap-3'):
            method = ui.select(METHODS, value='onsite', label='评估方式 *').props('outlined dense').style('min-width: 10em')
            day = day_box('评估日期 *', today)
            line = ui.input('分差界限（分） *', value='2').props('outlined dense').tooltip('各评估专家对同一项或总分相差超过此数，须写复核意见')
        ui.html('评估组', tag='h2', sanitize=False).classes('dj-heading')
        ui.label('申请单位的工作人员、顾问及其近亲属应当回避；每名评估专家评分前须声明。').classes('dj-note')
        for n, person in offered.items():
            with ui.row().classes('w-full items-center gap-3 no-wrap'):
                box = ui.checkbox(person.name).style('min-width: 8em')
                title = ui.input('职称/技能等级').props('outlined dense maxlength=60')
                employer = ui.input('工作单位', value=me.org_name).props('outlined dense maxlength=100').classes('dj-grow')
            chosen[n] = {'in': box, 'title': title, 'employer': employer}
        leader = ui.select({n: p.name for n, p in offered.items()}, label='组长 *').props('outlined dense').style('min-width: 12em')
        with ui.row().classes('gap-2'):
            ui.button('开始评估', icon='check', on_click=go).props('unelevated')
            ui.button('返回').props('outline href=/assessments')


@page('/assessments/answer/{application_id}', title='答复', needs=Permission.ASSESSMENT_READ)
def answer(me: Actor, application_id: int) -> None:
    """A change or an end that is examined on its papers: what was handed in, the letter, its papers."""
    with look(me) as work:
        shown = answer_page(work, application_id)
        after = rows_after(work, application_id)
    app, step = shown.application, 'change' if shown.application.way == 'change' else 'ending'
    ui.label(f'{shown.record.org.name}　{WAYS[app.way].word}　原备案 {shown.filing.number}').classes('dj-subtitle')
    with ui.row().classes('items-center gap-3'):
        ui.label(state_word('application', app.state)).classes('dj-mark dj-is-remind')
        ui.label(f'受理号 {app.number or "—"}')
        handed_in_link(me, app)
        ui.label('所报事项不需要技术评估，审核后以函答复。').classes('dj-note')
    ui.html(STEP_WORDS[step], tag='h2', sanitize=False).classes('dj-heading')
    step_shown(shown.record, step)
    letter_section(me, shown)
    papers(me, shown)
    ui.html('办理记录', tag='h2', sanitize=False).classes('dj-heading')
    history(me, app.id, *after, needs=Permission.ASSESSMENT_READ)
