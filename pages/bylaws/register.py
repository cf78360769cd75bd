"""规章制度: the 24 listed documents and the organisation's own, what is missing, register, volume and chart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui

from app import jobs
from app.access import Permission
from app.actors import Actor
from app.bylaws import operations
from app.bylaws.documents import RULES, VOLUME, rules_docx, rules_pdf, rules_xlsx, volume_pdf
from app.bylaws.flow import ARROWS, LANES, PHASES, STEPS, TITLE, Size, flowchart_pdf
from app.bylaws.notices import LONGEST, check_notice
from app.bylaws.printing import queue_bundle
from app.bylaws.queries import BylawRow, bylaws, findings_of
from app.bylaws.records import BylawRegister, register_record
from app.bylaws.rules import LISTED, STATES
from app.bylaws.templates import templates
from app.errors import Refused
from app.findings import Finding
from app.states import MOVES
from app.words import screen_date
from app.work import Work, begin, look
from pages.frame import page
from pages.parts.confirm import confirm
from pages.parts.documents import Paper, documents, noted
from pages.parts.exporting import exporter
from pages.parts.findings import findings_table
from pages.parts.listing import Action, Bulk, Chosen, Column, Filter, listing
from pages.parts.progress import progress
from pages.parts.refusals import refusals
from pages.parts.tables import table


@page('/bylaws', title='规章制度', needs=Permission.BYLAWS_READ)
def bylaw_list(me: Actor) -> None:
    """The list, what is missing, the papers."""
    with look(me) as work:
        rows, findings = bylaws(work), findings_of(work)
    _told(me, rows)
    _list(me)
    ui.html('检查', tag='h2', sanitize=False).classes('dj-heading')
    addresses = {f'bylaw {row.number}': f'/bylaws/{row.bylaw.id}' for row in rows if row.bylaw}
    if findings:
        findings_table(findings, go=lambda subject: ui.navigate.to(addresses.get(subject, '/bylaws')))
    else:
        ui.label('清单齐全，没有需要处理的问题。').classes('dj-note')
    if me.may(Permission.BYLAWS_WRITE):
        _notices(me)
    _papers(me)
    _flow()


class _Line:
    """One line of the list as text; its id is its number."""

    def __init__(self, row: BylawRow) -> None:
        v = row.current or row.draft
        self.id, self.number, self.title, self.state = row.number, row.number, row.title, STATES[row.state]
        self.address = f'/bylaws/{row.bylaw.id}' if row.bylaw else ''
        self.version = f'第{v.version}版' if v else '—'
        self.made_on, self.issue_no = (screen_date(v.made_on) if v.made_on else '', v.issue_no) if v else ('', '')
        self.approved_by = row.current.approved_by if row.current else ''
        self.unit, self.posted_at = (row.bylaw.unit, row.bylaw.posted_at) if row.bylaw else ('', '')


def _told(me: Actor, rows: list[BylawRow]) -> None:
    listed = [row for row in rows if row.number <= len(LISTED)]
    standing, open_ones = sum(row.standing.in_force for row in listed), [row for row in listed if not row.state]
    drafts = sum(row.state == 'draft' for row in listed)

    @refusals()
    async def start_all() -> None:
        if await confirm(f'将按模板起草清单中尚未制定的{len(open_ones)}项，单位名称、人员、考场和规定的数字由系统填入；草稿改好后由另一人批准才施行。', do='一键生成', danger=False):
            with begin(me) as work:
                made = operations.start_all(work)
            ui.notify(f'已起草{len(made)}项，请逐项修改。', type='positive', position='top')
            ui.navigate.reload()

    with ui.row().classes('dj-next items-center gap-3 w-full'):
        ui.icon('flag').props('aria-hidden=true')
        ui.label(f'申请表清单{len(listed)}项：现行{standing}项，起草中{drafts}项，未制定{len(open_ones)}项。').classes('dj-grow')
        if open_ones and me.may(Permission.BYLAWS_WRITE):
            ui.button(f'一键生成{len(open_ones)}项', icon='auto_fix_high', on_click=start_all).props('unelevated')


def _list(me: Actor) -> None:
    def fetch(work: Work, *, q: str = '', state: str = '', **_at: Any) -> tuple[list[_Line], bool]:
        return [_Line(row) for row in bylaws(work, find=q) if state in ('', row.state or 'none')], False

    def count(work: Work, _limit: int, *, q: str = '', state: str = '') -> int:
        return len(fetch(work, q=q, state=state)[0])

    def start(me: Actor, chosen: Chosen) -> str:
        with begin(me) as work:
            wanted = chosen.ids or [line.id for line in fetch(work, **chosen.filters)[0]]
            open_ones = [row.number for row in bylaws(work) if not row.state and row.number in wanted]
            for number in open_ones:
                operations.start_bylaw(work, number=number)
        if not open_ones:
            raise Refused('所选各项都已开始制定，请直接打开。')
        return f'已起草{len(open_ones)}项，请逐项修改。'

    columns = [
        Column('number', '序号', align='right', width='4em'), Column('title', '名称'), Column('version', '版本'), Column('unit', '制定部门'), Column('made_on', '制定时间'),
        Column('issue_no', '发布文号', hidden=True), Column('approved_by', '批准人'), Column('state', '状态'), Column('posted_at', '上墙/公开位置')]
    filters = [Filter('state', '状态', {key or 'none': word for key, word in STATES.items()})]
    may = me.may(Permission.BYLAWS_WRITE)
    listing(
        me, name='bylaws', title='规章制度', search='名称', columns=columns, fetch=fetch, count=count, filters=filters, opens=lambda line: line.address,
        bulk=[Bulk('按模板生成', start)] if may else [], actions=[Action('增加制度', '/bylaws/new', icon='add')] if may else [],
        export=exporter('规章制度', columns, fetch, filters), empty=('还没有规章制度。', None))


def _notices(me: Actor) -> None:
    """Look at the words of a poster or notice before it is posted."""

    @refusals()
    def look_at() -> None:
        with begin(me) as work:
            found = check_notice(work, title=title.value or '', text=text.value or '')
        result.clear()
        with result:
            if found:
                findings_table(found)
            else:
                ui.label(f'“{title.value.strip()}”中没有发现不得使用的文字，已记入操作记录。').classes('dj-note')

    ui.html('宣传文字检查', tag='h2', sanitize=False).classes('dj-heading')
    ui.label('海报、招生简章、公告、横幅发布前，在此检查其中有没有规定不得使用的文字；检查过的记入操作记录。').classes('dj-note')
    with ui.column().classes('w-full gap-2').style('max-width: 720px'):
        title = ui.input('宣传材料名称 *').props('outlined dense maxlength=60').classes('w-full')
        text = ui.textarea('宣传文字 *').props(f'outlined dense autogrow maxlength={LONGEST}').classes('w-full')
        ui.button('检查', icon='spellcheck', on_click=look_at).props('outline')
    result = ui.column().classes('w-full').props('role=status')


def _papers(me: Actor) -> None:
    with look(me) as work:
        register = register_record(work)
    none = [] if register.papers else [Finding('ORG-54', 'block', 'bylaws', '还没有现行的规章制度，请先制定并批准。')]

    def of(draw: Callable[[BylawRegister], bytes]) -> Callable[[], bytes]:
        return noted(me, 'F-RULES', register_record, draw)

    def chart(size: Size) -> Callable[[], bytes]:
        return noted(me, 'F-FLOWCHART', register_record, lambda now: flowchart_pdf(now.org, size, now.made_at, now.mark))

    ui.html('文书', tag='h2', sanitize=False).classes('dj-heading')
    documents([
        Paper('F-RULES', RULES, {'PDF': of(rules_pdf), 'XLSX': of(rules_xlsx), 'DOCX': of(rules_docx)}),
        Paper('F-RULES', VOLUME, {'PDF': of(volume_pdf)}, none),
        Paper('F-FLOWCHART', f'{TITLE}（A4）', {'PDF': chart('A4')}), Paper('F-FLOWCHART', f'{TITLE}（A3张贴）', {'PDF': chart('A3')})], bundle_name='规章制度登记和汇编')

    @refusals()
    def bundle() -> None:
        with begin(me) as work:
            job = queue_bundle(work)
        jobs.wake()
        box.clear()
        with box:
            progress(me, job.id)

    with ui.row().classes('items-center gap-2'):
        button = ui.button('各项制度PDF和Word打包（ZIP，按序号）', icon='folder_zip', on_click=bundle).props('outline')
        button.set_enabled(not none)
    box = ui.column().classes('w-full')


def _flow() -> None:
    """The steps of the chart with what the system calls them, from the same data."""
    phases = {row: name for name, first, last in PHASES for row in range(first, last + 1)}
    after = {step.number: '、'.join(str(end) for start, end in ARROWS if start == step.number) or '—' for step in STEPS}
    with ui.expansion('工作流程图的18个步骤和系统中的操作').classes('w-full'):
        table('工作流程', ('步骤', '阶段', '办理方', '系统中的操作', '下一步'), [
            (step.label.replace('\n', '，'), phases[step.row], LANES[step.lane], '、'.join(dict.fromkeys(MOVES[verb].word for verb in step.verbs)) or '—', after[step.number])
            for step in STEPS])


@page('/bylaws/new', title='增加制度', needs=Permission.BYLAWS_WRITE)
def new_bylaw(me: Actor) -> None:
    """A document from one of our further texts, or an empty one of the organisation's own."""
    with look(me) as work:
        rows = bylaws(work)
    begun = {row.bylaw.template for row in rows if row.bylaw and row.state}
    offered = {t.number: t.title for t in templates().values() if t.number > len(LISTED) and t.number not in begun}

    @refusals()
    def keep() -> None:
        with begin(me) as work:
            made = operations.start_bylaw(work, number=chosen.value) if chosen.value else operations.add_bylaw(work, title=title.value or '', unit=unit.value or '')
        ui.navigate.to(f'/bylaws/{made.bylaw_id}')

    with ui.column().classes('w-full gap-3').style('max-width: 720px'):
        ui.label('申请表清单的24项在“规章制度”中生成；这里增加第25项起的制度，可以用模板起草，也可以自拟。').classes('dj-note')
        chosen = ui.select(offered, label='用模板起草', clearable=True, with_input=True).props('outlined dense').classes('w-full')
        title = ui.input('自拟名称（不用模板时填写）').props('outlined dense maxlength=80').classes('w-full')
        unit = ui.input('制定部门').props('outlined dense maxlength=60').classes('w-full')
        with ui.row().classes('gap-2'):
            ui.button('开始起草', icon='check', on_click=keep).props('unelevated')
            ui.button('返回').props('outline href=/bylaws')
