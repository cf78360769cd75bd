"""认定批次: the list, a new batch, and the page of one batch with its groups, sittings and next step."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from nicegui import ui

from app.access import Permission
from app.actors import Actor
from app.batches import operations
from app.batches.queries import BatchRow, batch, batches, count_batches, group_word, groups_of, sittings_of
from app.errors import Refused
from app.organizations.queries import filing_in_force, held_on, ranges_of
from app.registration.queries import count_candidates
from app.states import WORDS, state_word
from app.words import CHINA, LEVELS, SUBJECTS, china_time, screen_moment
from app.work import Work, begin, look
from db.batches import Batch
from pages.frame import page
from pages.parts.confirm import confirm
from pages.parts.days import day_box, day_of
from pages.parts.exporting import exporter
from pages.parts.form import Field, Form
from pages.parts.history import history
from pages.parts.listing import Action, Column, Filter, listing
from pages.parts.refusals import refusals
from pages.parts.states import stages
from pages.parts.tables import table

TABS = (('', '批次'), ('/candidates', '考生名单'), ('/scores', '成绩'), ('/certificates', '证书'))


@page('/batches', title='认定批次', needs=Permission.BATCHES_READ)
def batch_list(me: Actor) -> None:
    """All batches in scope, newest first."""
    def fetch(work: Work, *, q: str = '', **more: Any) -> tuple[list[Any], bool]:
        rows, follow = batches(work, find=q, **more)
        return [_Line(r) for r in rows], follow

    may = me.may(Permission.BATCHES_WRITE)
    new = Action('新建批次', '/batches/new', icon='add')
    columns = [
        Column('number', '批次号', sort=True), Column('title', '名称', hidden=me.is_centre), Column('org', '评价机构', hidden=not me.is_centre), Column('groups', '职业（工种）和等级'),
        Column('days', '考试日期', sort=True), Column('candidates', '考生（人）', align='right'), Column('state', '状态')]
    filters = [Filter('state', '状态', WORDS['batch'])]
    listing(
        me, name='batches', title='认定批次', search='批次号或名称', columns=columns, export=exporter('认定批次', columns, fetch, filters),
        fetch=fetch, count=lambda work, limit, q='', **more: count_batches(work, limit, find=q, **more),
        filters=filters, actions=[new] if may else [], opens=lambda row: f'/batches/{row.id}',
        empty=('还没有批次。新建批次后即可导入考生名单。', new) if may else ('还没有可以查看的批次。', None))


class _Line:
    """One line of the list as text."""

    def __init__(self, row: BatchRow) -> None:
        self.id, self.number, self.title, self.org, self.groups = row.batch.id, row.batch.number, row.batch.title, row.org, row.groups
        self.days = f'{row.batch.first_on} ～ {row.batch.last_on}'
        self.candidates, self.state = row.candidates, state_word('batch', row.batch.state)


@page('/batches/new', title='新建批次', needs=Permission.BATCHES_WRITE)
def new_batch(me: Actor) -> None:
    """Name, days and the occupations and levels inside the filed range."""
    with look(me) as work:
        filing = filing_in_force(work)
        ranges, today = held_on(ranges_of(work, filing.id), work.today), work.today
    offered = {f'{r.occupation_code}|{r.work_type}|{level}': f'{r.occupation}{"（" + r.work_type + "）" if r.work_type else ""} {LEVELS[level]}'
               for r in ranges for level in r.levels}

    @refusals()
    def make() -> None:
        groups = [(code, work_type, int(level)) for code, work_type, level in (key.split('|') for key in chosen.value or [])]
        with begin(me) as work:
            made = operations.make_batch(work, title=title.value or '', first_on=day_of(first), last_on=day_of(last), groups=groups, reason=reason.value or '')
        ui.navigate.to(f'/batches/{made.id}')

    with ui.column().classes('w-full gap-3').style('max-width: 720px'):
        title = ui.input('批次名称 *', placeholder='例如：第四批职业技能等级认定').props('outlined dense stack-label maxlength=100').classes('w-full')
        with ui.row().classes('w-full gap-3 no-wrap'):
            first = day_box('考试开始日期 *', today).classes('dj-grow')
            last = day_box('考试结束日期 *', today).classes('dj-grow')
        chosen = ui.select(offered, label='职业（工种）和等级 *（备案范围内）', multiple=True).props('outlined dense use-chips').classes('w-full')
        ui.label(f'备案号{filing.number}，有效期{filing.valid_from}至{filing.valid_to}。备案范围以外的职业和等级不能选择。').classes('dj-note')
        reason = ui.input('对提醒的说明（有提醒时填写）').props('outlined dense maxlength=500').classes('w-full')
        with ui.row().classes('gap-2'):
            ui.button('建立批次', icon='check', on_click=make).props('unelevated')
            ui.button('返回').props('outline href=/batches')


@page('/batches/{batch_id}', title='批次', needs=Permission.BATCHES_READ)
def batch_page(me: Actor, batch_id: int) -> None:
    """State, next step, groups and sittings of one batch."""
    found = batch_head(me, batch_id, '')
    _next_step(me, found)
    if me.may(Permission.BATCHES_WRITE) and found.state in ('preparing', 'registering', 'scoring'):
        _title_form(me, found)
    _groups(me, found)
    _sittings(me, found)
    ui.html('办理记录', tag='h2', sanitize=False).classes('dj-heading')
    history(me, batch_id, needs=Permission.BATCHES_READ)


def batch_head(me: Actor, batch_id: int, current: str) -> Batch:
    """Draw number, state and tabs of a batch on each of its pages; returns it."""
    with look(me) as work:
        found = batch(work, batch_id)
    ui.label(f'{found.number}　{found.title}').classes('dj-subtitle')
    stages('batch', found.state)
    needs = {'/candidates': Permission.REGISTRATION_READ, '/scores': Permission.SCORES_READ, '/certificates': Permission.CERTIFICATES_READ}
    with ui.element('nav').classes('dj-tabs').props('aria-label=本批次'):
        for tail, word in TABS:
            if tail == '' or me.may(needs[tail]):
                with ui.element('a').classes('dj-tab').props(f'href=/batches/{batch_id}{tail}{" aria-current=page" if tail == current else ""}'):
                    ui.label(word)
    return found


def _next_step(me: Actor, found: Batch) -> None:
    """Say what comes next, who does it, and offer the button to who may."""
    with look(me) as work:
        candidates = count_candidates(work, 10_000_000, batch_id=found.id) if me.may(Permission.REGISTRATION_READ) else 0
    steps = {
        'preparing': ('核对职业、等级和场次后开始报名。', '开始报名', operations.open_registration, '开始报名后，报名人员可以导入考生名单和照片。'),
        'registering': ('导入考生名单和照片，齐全后定稿名单，进入成绩录入。', '名单定稿，开始录入成绩', operations.close_registration,
                        f'{candidates}人的名单定稿后不能再增减和更改，随即开始录入成绩。')}
    with ui.row().classes('dj-next items-center gap-3 w-full'):
        ui.icon('flag').props('aria-hidden=true')
        if found.state in steps:
            sentence, word, act, asked = steps[found.state]
            ui.label(f'下一步：{sentence}').classes('dj-grow')

            @refusals()
            async def go() -> None:
                if await confirm(asked, do=word, danger=False):
                    with begin(me) as work:
                        act(work, batch_id=found.id)
                    ui.navigate.reload()

            if me.may(Permission.BATCHES_WRITE):
                ui.button(word, on_click=go).props('unelevated')
            return
        ui.label('下一步：' + {
            'scoring': '两人分别录入成绩，一致后由考评组长、汇总记分员、内部质量督导员、考务负责人依次签字（“成绩”页）。',
            'signed': '考务负责人公示成绩（“成绩”页）。', 'publicized': '公示期满后，机构负责人签批核发并生成编号（“证书”页）。',
            'approved': '证书管理员打印证书，到发证日期登记发证（“证书”页）。', 'issued': '本批次已发证，可随时重印文书。'}[found.state]).classes('dj-grow')
        if found.state == 'scoring' and me.may(Permission.BATCHES_WRITE):
            @refusals()
            async def back() -> None:
                if await confirm('退回报名状态后可以更改名单；已录入成绩的不能退回。', do='退回报名'):
                    with begin(me) as work:
                        operations.reopen_registration(work, batch_id=found.id)
                    ui.navigate.reload()

            ui.button('退回报名', on_click=back).props('outline')


def _title_form(me: Actor, found: Batch) -> None:
    def put(name: str, shown: Any, new: Any) -> Any:
        with begin(me) as work:
            operations.change_batch(work, batch_id=found.id, column=name, shown=shown, new=new)
            return batch(work, found.id).title

    Form([Field('title', '批次名称', found.title, required=True, most=100, wide=True)], put, title='批次信息')


def _groups(me: Actor, found: Batch) -> None:
    with look(me) as work:
        groups = groups_of(work, found.id)
    ui.html('职业（工种）和等级', tag='h2', sanitize=False).classes('dj-heading')
    table('职业和等级', ('职业编码', '职业', '工种', '等级', '考核科目'), [
        (g.occupation_code, g.occupation, g.work_type or '—', LEVELS[g.level], '、'.join(SUBJECTS[s] for s in g.subjects)) for g in groups])


def _sittings(me: Actor, found: Batch) -> None:
    ui.html('场次', tag='h2', sanitize=False).classes('dj-heading')

    @ui.refreshable
    def rows() -> None:
        with look(me) as work:
            groups = {g.id: g for g in groups_of(work, found.id)}
            sittings = sittings_of(work, found.id)
        table('场次', ('考场号', '日期', '时间', '科目', '职业等级', '考场'), [
            (f'{s.room_no:03d}', f'{china_time(s.starts_at):%Y-%m-%d}', f'{china_time(s.starts_at):%H:%M}～{china_time(s.ends_at):%H:%M}', SUBJECTS[s.subject],
             group_word(groups[s.group_id]), s.room) for s in sittings], empty='还没有场次；单科保留成绩的有效期从该科目的考试日起算。')

    @ui.refreshable
    def wrong() -> None:
        _old_sitting(me, found)

    rows()
    _outside(me, found)
    if me.may(Permission.BATCHES_WRITE) and found.state in ('preparing', 'registering', 'scoring'):
        with ui.expansion('添加场次', icon='add').classes('w-full'):
            _new_sitting(me, found, lambda: (rows.refresh(), wrong.refresh()))
    if me.may(Permission.BATCHES_WRITE) and found.state in ('preparing', 'registering'):
        with ui.expansion('删除场次', icon='remove').classes('w-full'):
            wrong()


def _outside(me: Actor, found: Batch) -> None:
    """Say what a place outside the filed premises needs, and lead there."""
    if found.state not in ('preparing', 'registering', 'scoring') or me.is_centre:
        return
    with ui.row().classes('items-center gap-2'):
        ui.label('在备案场所以外考试的，须先经鉴定中心许可' + ('。' if me.may(Permission.OUTSIDE_SITES_READ) else '，由备案联系人办理外部考点申请。')).classes('dj-note')
        if me.may(Permission.OUTSIDE_SITES_READ):
            ui.link('外部考点', '/outside-sites').classes('dj-link')


def _new_sitting(me: Actor, found: Batch, redraw: Any) -> None:
    with look(me) as work:
        groups = groups_of(work, found.id)
        last = max((s.room_no for s in sittings_of(work, found.id)), default=0)

    @refusals()
    def add() -> None:
        if group.value is None or subject.value is None:
            raise Refused('请先选择职业等级和科目。')
        on = day_of(day)
        with begin(me) as work:
            operations.add_sitting(
                work, batch_id=found.id, group_id=group.value, subject=subject.value, room_no=int(room_no.value or 0), room=room.value or '',
                starts_at=_at(on, starts.value), ends_at=_at(on, ends.value))
        ui.notify(f'考场{int(room_no.value or 0):03d}的场次已保存。', type='positive')
        redraw()

    with ui.row().classes('w-full gap-2 items-center'):
        group = ui.select({g.id: group_word(g) for g in groups}, label='职业等级 *').props('outlined dense').style('min-width: 16em')
        subject = ui.select(dict(SUBJECTS), label='科目 *').props('outlined dense').style('min-width: 8em')
        room_no = ui.number('考场号 *', value=last + 1, min=1, max=999, precision=0).props('outlined dense').style('width: 7em')
        room = ui.input('考场 *', placeholder='机房一').props('outlined dense stack-label maxlength=60').style('width: 12em')
        day = day_box('日期 *', found.first_on)
        starts = ui.input('开始 *', value='09:00').props('outlined dense type=time')
        ends = ui.input('结束 *', value='10:30').props('outlined dense type=time')
        ui.button('添加', icon='add', on_click=add).props('unelevated')


def _old_sitting(me: Actor, found: Batch) -> None:
    with look(me) as work:
        groups = {g.id: g for g in groups_of(work, found.id)}
        named = {s.id: f'考场{s.room_no:03d}　{screen_moment(s.starts_at)}　{SUBJECTS[s.subject]}　{group_word(groups[s.group_id])}' for s in sittings_of(work, found.id)}

    @refusals()
    async def discard() -> None:
        if chosen.value is None:
            raise Refused('请先选择要删除的场次。')
        if await confirm(f'将删除场次“{named[chosen.value]}”，操作记录中留有理由。', do='删除场次'):
            with begin(me) as work:
                operations.discard_sitting(work, sitting_id=chosen.value, reason=reason.value or '')
            ui.navigate.reload()

    with ui.row().classes('w-full gap-2 items-center'):
        chosen = ui.select(named, label='场次 *').props('outlined dense').classes('dj-grow')
        reason = ui.input('理由 *', placeholder='考场号写错').props('outlined dense stack-label maxlength=200').classes('dj-grow')
        ui.button('删除', icon='delete', on_click=discard).props('outline')


def _at(on: date, text: str | None) -> datetime:
    try:
        return datetime.combine(on, time.fromisoformat(text or ''), CHINA)
    except ValueError:
        raise Refused('时间还没有填写或无效，请按“时:分”填写，例如 09:00。') from None
