"""One assessment: panel, sheets, differences, conclusion; rectification, publicity and letter follow in deciding.py."""

from __future__ import annotations

from nicegui import ui

from app.access import Permission
from app.actors import Actor
from app.assessment import operations, scoring
from app.assessment.queries import AssessmentPage, SheetLine, assessment_page, candidates, range_name, sheet_page
from app.assessment.records import rows_after
from app.assessment.rules import METHODS, Member, lost_points
from app.assessment.spreads import TOTAL
from app.errors import Refused
from app.filing.ways import WAYS
from app.states import state_word
from app.words import screen_moment
from app.work import begin, look
from pages.assessment.deciding import handed_in_link, letter_section, papers, publicity_section, rectification_section
from pages.frame import page
from pages.parts.basis import basis
from pages.parts.confirm import confirm
from pages.parts.days import day_box, day_of
from pages.parts.history import history
from pages.parts.refusals import refusals
from pages.parts.states import stages
from pages.parts.tables import table

SHEET_GRADES = {'open': 'warn', 'signed': 'good'}


@page('/assessments/{assessment_id}', title='技术评估', needs=Permission.ASSESSMENT_READ)
def one_assessment(me: Actor, assessment_id: int) -> None:
    """What the actor may see and do, in the order of the procedure."""
    with look(me) as work:
        shown = assessment_page(work, assessment_id)
        after = rows_after(work, shown.application.id)
    ui.label(f'{shown.org.name}　{WAYS[shown.application.way].word}').classes('dj-subtitle')
    with ui.row().classes('items-center gap-3'):
        ui.label(state_word('application', shown.application.state)).classes('dj-mark dj-is-remind')
        ui.label(f'{METHODS[shown.assessment.method]}　{shown.assessment.visited_on}　受理号 {shown.application.number or "—"}')
        handed_in_link(me, shown.application)
    stages('assessment', shown.assessment.state)
    if shown.assessment.method == 'onsite' and shown.assessment.state == 'open' and me.is_centre:
        with ui.row().classes('items-center gap-2'):
            ui.label('现场评估查验原件，复印件不能代替。').classes('dj-note')
            basis('ORG-61')
    _panel(me, shown)
    if me.is_centre:
        _declaration(me, shown)
        _sheets(shown)
        _differences(shown)
    _consolidated(me, shown)
    _conclusion(me, shown)
    rectification_section(me, shown)
    publicity_section(me, shown)
    letter_section(me, shown)
    papers(me, shown)
    ui.html('办理记录', tag='h2', sanitize=False).classes('dj-heading')
    history(me, assessment_id, *after, needs=Permission.ASSESSMENT_READ)


def heading(text: str) -> None:
    """Draw the heading of a part."""
    ui.html(text, tag='h2', sanitize=False).classes('dj-heading')


def _panel(me: Actor, shown: AssessmentPage) -> None:
    heading('评估组')
    table('评估组', ('姓名', '职称/技能等级', '工作单位', '组内', '回避声明'), [(
        a.name, a.title or '—', a.employer or '—', '组长' if a.leads else '成员',
        f'{a.left_because}（{screen_moment(a.left_at)}）' if a.left_at else f'无应回避的关系（{screen_moment(a.declared_at)}）' if a.declared_at else '未声明') for a in shown.panel])
    if not me.may(Permission.ASSESSMENT_ARRANGE) or shown.assessment.state != 'open' or shown.consolidated:
        return
    with look(me) as work:
        others = {p.id: p.name for p in candidates(work) if p.id not in {a.member_id for a in shown.panel}}
    replaceable = {a.id: a.name for a in shown.panel if not a.left_because.endswith('，已更换')}

    @refusals()
    def replace() -> None:
        if leaving.value is None or taking.value is None:
            raise Refused('请选择更换谁、换成谁。')
        with begin(me, shown.org.id) as work:
            operations.replace_assessor(work, assessment_id=shown.assessment.id, assessor_id=leaving.value, member=Member(taking.value, others[taking.value], '', me.org_name), reason=why.value or '')
        ui.navigate.reload()

    waiting = [a.name for a in shown.panel if a.left_at and not a.left_because.endswith('，已更换')]
    with ui.expansion(f'更换评估专家{"（" + "、".join(waiting) + "应当回避，须更换）" if waiting else ""}', value=bool(waiting)).classes('w-full'), ui.row().classes('items-center gap-2'):
        leaving = ui.select(replaceable, label='更换').props('outlined dense').style('min-width: 9em')
        taking = ui.select(others, label='换成').props('outlined dense').style('min-width: 9em')
        why = ui.input('原因').props('outlined dense maxlength=200')
        ui.button('更换', on_click=replace).props('outline')


def _declaration(me: Actor, shown: AssessmentPage) -> None:
    """Ask an assessor for his declaration before he scores."""
    if shown.mine is None or shown.mine.declared_at or shown.mine.left_at or shown.assessment.state != 'open':
        return

    @refusals()
    async def say(related: bool) -> None:
        if related and not (relation.value or '').strip():
            raise Refused('请写明是什么关系。')
        text = '声明存在应当回避的关系：您将退出评估组，由备案受理员更换。' if related else f'声明本人与{shown.org.name}没有工作、顾问、亲属等应当回避的关系。'
        if await confirm(text, do='声明', danger=related):
            with begin(me, shown.org.id) as work:
                operations.declare(work, assessment_id=shown.assessment.id, relation=relation.value if related else '')
            ui.navigate.reload()

    with ui.column().classes('dj-next w-full gap-2'):
        ui.label('评分前请先作回避声明：本人不是被评估单位的工作人员或顾问，也没有近亲属在该单位任职。').classes('dj-strong')
        with ui.row().classes('items-center gap-2'):
            ui.button('没有应当回避的关系', icon='verified_user', on_click=lambda: say(False)).props('unelevated')
            relation = ui.input('有关系的，写明是什么关系').props('outlined dense maxlength=300').style('min-width: 18em')
            ui.button('有，申请回避', on_click=lambda: say(True)).props('outline')


def _sheets(shown: AssessmentPage) -> None:
    heading('评分表')
    ui.label('各评估专家独立评分；自己的同一张评分表签字后，才能看到别人已签字的。').classes('dj-note')
    names = list(dict.fromkeys(x.name for x in shown.sheets))
    people = list(dict.fromkeys(x.assessor for x in shown.sheets))
    by_place = {(x.name, x.assessor): x for x in shown.sheets}
    with ui.element('div').classes('dj-scroll').props('tabindex=0 role=region aria-label=评分表'), ui.element('table').classes('dj-table'):
        with ui.element('thead'), ui.element('tr'):
            for head in ('评分表', *people):
                ui.html(head, tag='th').props('scope=col')
        with ui.element('tbody'):
            for name in names:
                with ui.element('tr'):
                    with ui.element('td'):
                        ui.label(name)
                    for person in people:
                        with ui.element('td'):
                            _sheet_cell(shown, by_place.get((name, person)))


def _sheet_cell(shown: AssessmentPage, line: SheetLine | None) -> None:
    if line is None:
        return
    word = f'{line.sheet.total}分' if line.visible and line.sheet.state == 'signed' else state_word('score_sheet', line.sheet.state)
    with ui.row().classes('items-center gap-2'):
        ui.label(word).classes(f'dj-mark dj-is-{SHEET_GRADES[line.sheet.state]}')
        if line.visible:
            ui.link('评分' if line.editable else '查看', f'/assessments/{shown.assessment.id}/sheets/{line.sheet.id}').classes('dj-link')


def _differences(shown: AssessmentPage) -> None:
    """Show where the assessors differ, the wide ones first."""
    wide = sorted((s for s in shown.spreads if s.differs), key=lambda s: -s.width)
    if not shown.spreads:
        return
    heading(f'评分差异（{len(wide)}处）')
    names = {x.sheet.range_id: x.name for x in shown.sheets}
    people = {a.id: a.name for a in shown.active}
    written = {(r.rubric, r.range_id, r.item): r.text for r in shown.reconciliations}
    table('评分差异', ('评分表', '项目', *people.values(), '相差', '复核意见'), [(
        names[s.range_id], '总分' if s.item == TOTAL else s.item, *(f'{s.points[who].normalize():f}' if who in s.points else '—' for who in people),
        f'{s.width.normalize():f}分', written.get((s.rubric, s.range_id, s.item), '须写复核意见' if s.width > float(shown.assessment.spread_line) else '—')) for s in wide],
        empty='各评估专家的评分完全一致。')


def _consolidated(me: Actor, shown: AssessmentPage) -> None:
    if not shown.consolidated:
        if shown.leads and shown.assessment.state == 'open':
            if any(x.sheet.state != 'signed' for x in shown.sheets):
                ui.label('全部评分表签字以后，由您汇总评分。').classes('dj-note')
                return

            @refusals()
            def make() -> None:
                with begin(me, shown.org.id) as work:
                    scoring.open_consolidated(work, assessment_id=shown.assessment.id)
                ui.navigate.reload()

            ui.button('汇总评分', icon='join_inner', on_click=make).props('unelevated')
        return
    heading('汇总评分表')
    table('汇总评分表', ('评分表', '状态', '总分', '签字'), [(
        x.name, state_word('score_sheet', x.sheet.state), x.sheet.total or '—', f'{x.sheet.signed_by} {screen_moment(x.sheet.signed_at)}' if x.sheet.signed_at else '—')
        for x in shown.consolidated], links=[f'/assessments/{shown.assessment.id}/sheets/{x.sheet.id}' for x in shown.consolidated])


def _conclusion(me: Actor, shown: AssessmentPage) -> None:
    if shown.outcome is None:
        return
    heading('评估结论')
    ui.label(shown.outcome.sentence).classes('dj-strong')
    named = {word: '、'.join(range_name(r) for r in shown.ranges if (r.id in shown.outcome.included) is fits) or '无' for word, fits in (('纳入', True), ('不纳入', False))}
    ui.label('　'.join(f'{word}：{names}' for word, names in named.items()))
    if shown.assessment.concluded_at:
        ui.label(f'{shown.assessment.concluded_by}于{screen_moment(shown.assessment.concluded_at)}作出结论。').classes('dj-note')
    if shown.assessment.state != 'consolidated' or not me.may(Permission.ASSESSMENT_ARRANGE):
        return
    rectify = shown.outcome.verdict == 'rectify'
    boxes = _points(me, shown) if rectify else []

    @refusals()
    async def go() -> None:
        points = [(item, text.value or '') for box, item, text in boxes if box.value]
        due_on = day_of(due) if rectify else None
        if await confirm(f'{shown.outcome.sentence if shown.outcome else ""}{f"列出{len(points)}项整改事项。" if rectify else ""}', do='作出结论'):
            with begin(me, shown.org.id) as work:
                operations.conclude(work, assessment_id=shown.assessment.id, points=points, due_on=due_on)
            ui.navigate.reload()

    with ui.row().classes('items-center gap-2'):
        if rectify:
            due = day_box('整改期限 *')
        ui.button('作出评估结论', icon='gavel', on_click=go).props('unelevated')


def _points(me: Actor, shown: AssessmentPage) -> list[tuple[ui.checkbox, str, ui.input]]:
    """Offer what the consolidated sheets lost as points of the rectification list."""
    ui.label('整改事项（从扣分项中选择，可以改写）：').classes('dj-note')
    boxes = []
    for line in shown.consolidated:
        with look(me) as work:
            found = sheet_page(work, line.sheet.id)
        for item, remark in lost_points(found.rubric, found.entries):
            with ui.row().classes('w-full items-center gap-2 no-wrap'):
                box = ui.checkbox(f'{line.name} {item.id}', value=line.sheet.range_id is None).style('min-width: 11em')
                text = ui.input('整改事项', value=f'{item.content}：{remark}'[:500]).props('outlined dense maxlength=500').classes('dj-grow')
            boxes.append((box, item.id, text))
    return boxes
