"""受理与评估: the centre's applications and the desk of one: what was handed in, what changed, and the acts on it."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from app.access import Permission
from app.actors import Actor
from app.errors import NotYours
from app.filing.acts import Point
from app.filing.comparing import Difference, differences
from app.filing.desk import accept, ask_correction, lift, refuse_application
from app.filing.materials import asked
from app.filing.queries import Page, application_page, findings_of, needs_assessment, seen, snapshot_record
from app.filing.records import ApplicationRecord
from app.filing.rules import is_in_principle
from app.filing.running import correction_act
from app.filing.ways import STEP_WORDS, WAYS
from app.findings import Finding
from app.regulation import profile
from app.work import begin, look
from pages.filing.applications import FILTERS, columns_for, count, fetch, head
from pages.filing.check import versions
from pages.filing.notices import notices_shown
from pages.filing.outside import acts_shown, points_form
from pages.filing.shown import step_shown
from pages.frame import page
from pages.parts.confirm import confirm
from pages.parts.exporting import exporter
from pages.parts.findings import counts, findings_table
from pages.parts.history import history
from pages.parts.listing import listing
from pages.parts.refusals import refusals
from pages.parts.tables import table


@page('/desk', title='受理与评估', needs=Permission.FILING_READ)
def desk(me: Actor) -> None:
    """What was handed in to this centre, newest first; never a draft."""
    if not me.is_centre:
        raise NotYours
    columns = columns_for(me)
    listing(
        me, name='desk', title='受理与评估', search='申报单位或受理号', columns=columns, fetch=fetch, count=count, filters=FILTERS,
        export=exporter('受理与评估', columns, fetch, FILTERS), opens=lambda line: f'/desk/{line.id}', empty=('还没有收到申报。机构提交后在此办理。', None))


@page('/desk/{application_id}', title='受理', needs=Permission.FILING_READ)
def desk_of(me: Actor, application_id: int, step: str = '') -> None:
    """One application as it was handed in, with the acts that its state allows."""
    found, record, before = handed_in(me, application_id)
    head(me, found, '')
    changed = differences(before, record) if before else []
    if before:
        ui.html('补正后的变化', tag='h2', sanitize=False).classes('dj-heading')
        table('补正后的变化', ('内容', '补正前', '补正后'), [(d.label, d.before, d.after) for d in changed], empty='申报内容没有变化')
    acts_shown(found)
    notices_shown(me, found)
    _acting(me, found, record)
    ui.html('申报内容', tag='h2', sanitize=False).classes('dj-heading')
    steps = WAYS[found.app.way].steps
    chosen = step if step in steps else steps[0]
    with ui.element('div').classes('dj-wizard'):
        _steps(found, steps, chosen, changed)
        with ui.column().classes('dj-wizard-step gap-3'):
            ui.html(STEP_WORDS[chosen], tag='h3', sanitize=False).classes('dj-heading')
            step_shown(record, chosen)
    ui.html('办理记录', tag='h2', sanitize=False).classes('dj-heading')
    history(me, application_id, needs=Permission.FILING_READ)


@page('/desk/{application_id}/compare', title='版本比较', needs=Permission.FILING_READ)
def desk_compare(me: Actor, application_id: int, before: int = -1, after: int = -1) -> None:
    """Two versions that were handed in, field by field."""
    found, _, _ = handed_in(me, application_id)
    head(me, found, '/compare')
    versions(me, found, before, after, '/desk')


def handed_in(me: Actor, application_id: int) -> tuple[Page, ApplicationRecord, ApplicationRecord | None]:
    """Return the application, what was handed in last, and what before that."""
    if not me.is_centre:
        raise NotYours
    with look(me) as work:
        org_id = seen(work, application_id).org_id
    with look(me, org_id) as work:
        found = application_page(work, application_id)
        records = [snapshot_record(work, s.id) for s in found.snapshots[-2:]]
    return found, records[-1], records[0] if len(records) > 1 else None


def _steps(found: Page, steps: Sequence[str], chosen: str, changed: Sequence[Difference]) -> None:
    with ui.element('nav').classes('dj-wizard-steps').props('aria-label=申报步骤'), ui.element('ol'):
        for n, name in enumerate(steps, 1):
            with ui.element('li'), ui.link(target=f'/desk/{found.app.id}?step={name}') as link:
                if name == chosen:
                    link.props('aria-current=step')
                ui.label(f'{n}. {STEP_WORDS[name]}').classes('dj-grow')
                if here := sum(d.step == name for d in changed):
                    ui.label(f'改动{here}处').classes('dj-mark dj-is-changed')


def _acting(me: Actor, found: Page, record: ApplicationRecord) -> None:
    """Offer the acts to who may, with what the rules find in what was handed in."""
    app = found.app
    if app.state not in ('handed_in', 'correcting'):
        return
    with look(me, app.org_id) as work:
        findings = [f for f in findings_of(work, app.id, record) if f.severity != 'remind']
        told, judged = correction_act(work, app.id) is not None, needs_assessment(work, app.id)
        lacking = [m.word for m in asked(record, profile(record.profile, work.org.overlay))[1] if not m.there]
    ui.html('规则检查', tag='h2', sanitize=False).classes('dj-heading')
    ui.label(counts(findings) or '按提交的内容没有发现问题。').classes('dj-strong')
    if findings:
        findings_table(findings)
    if lacking:
        ui.label(f'材料不齐：{"、".join(lacking)}。' + ('' if told else '请先告知补正；') + '材料不齐的不能出具受理通知书。').classes('dj-missing')
    if me.may(Permission.FILING_LIFT) and (in_principle := [f for f in findings if is_in_principle(f.rule)]):
        _lifting(me, found, in_principle)
    if app.state == 'handed_in' and me.may(Permission.FILING_ACCEPT):
        _deciding(me, found, told=told, judged=judged)


def _deciding(me: Actor, found: Page, *, told: bool, judged: bool) -> None:
    app, points = found.app, list[Point]()
    onward = '随后组织技术评估' if judged else '随后起草答复的函，不需要技术评估'

    @refusals()
    async def take() -> None:
        if await confirm(f'受理{found.org.name}的申报，生成受理号，{onward}。', do='受理', danger=False):
            with begin(me, app.org_id) as work:
                accept(work, application_id=app.id, reason=why.value or '')
            ui.navigate.reload()

    @refusals()
    async def correct() -> None:
        if await confirm(f'将一次性告知{len(points)}项补正事项，以后不能再次要求补正。', do='告知补正'):
            with begin(me, app.org_id) as work:
                ask_correction(work, application_id=app.id, points=points)
            ui.navigate.reload()

    @refusals()
    async def no() -> None:
        if await confirm(f'不予受理{found.org.name}的申报，理由和依据随文书送达。', do='不予受理'):
            with begin(me, app.org_id) as work:
                refuse_application(work, application_id=app.id, reason=reason.value or '', basis=basis.value or '')
            ui.navigate.reload()

    with ui.element('div').classes('dj-next w-full'):
        with ui.row().classes('items-center gap-2 w-full'):
            why = ui.input('超过原则性数量时写明理由').props('outlined dense maxlength=500').classes('dj-grow')
            why.set_visibility(judged)  # a change or an end adds nothing to what is counted
            ui.button('受理', icon='check', on_click=take).props('unelevated')
        if not told:
            with ui.expansion('一次性告知补正', icon='assignment_return').classes('w-full'):
                points_form(found, points)
                ui.button('告知补正', on_click=correct).props('unelevated')
        with ui.expansion('不予受理', icon='block').classes('w-full'):
            reason = ui.textarea('理由 *').props('outlined dense rows=2 maxlength=2000').classes('w-full')
            basis = ui.input('依据（文号和条款） *').props('outlined dense maxlength=200').classes('w-full')
            ui.button('不予受理', on_click=no).props('outline color=negative')


def _lifting(me: Actor, found: Page, findings: Sequence[Finding]) -> None:
    """Let the head of the centre admit an exception, one finding at a time."""
    @refusals()
    def go() -> None:
        chosen = findings[which.value]
        with begin(me, found.app.org_id) as work:
            lift(work, application_id=found.app.id, rule=chosen.rule, subject=chosen.subject, reason=reason.value or '')
        ui.navigate.reload()

    with ui.expansion('同意例外', icon='rule').classes('w-full'), ui.row().classes('w-full items-center gap-2 no-wrap'):
        which = ui.select({n: f'{f.rule} {f.sentence[:40]}' for n, f in enumerate(findings)}, value=0, label='检查结果').props('outlined dense').style('min-width: 26em')
        reason = ui.input('理由 *').props('outlined dense maxlength=500').classes('dj-grow')
        ui.button('同意例外', on_click=go).props('outline')
