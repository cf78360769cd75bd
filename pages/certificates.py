"""证书 of a batch: the head's approval that gives the numbers, printing, issue; counters; one certificate with its reissues."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nicegui import run, ui

from app import jobs
from app.access import Permission
from app.actors import Actor
from app.certificates import operations
from app.certificates.documents import approval_pdf, certificates_pdf, issue_list_pdf, issue_list_xlsx, pass_list_pdf, pass_list_xlsx
from app.certificates.printing import queue_print
from app.certificates.queries import (
    approval,
    certificate,
    certificates_of,
    counters,
    passed_people,
    reissued_in,
    reissues_of,
    serials_are_whole,
)
from app.certificates.records import approval_record, list_record, reissue_papers
from app.certificates.rules import in_order, list_hash
from app.errors import NotYours
from app.registration.queries import candidates_by_ticket
from app.states import state_word
from app.words import LEVELS, screen_moment
from app.work import begin, look
from db.batches import Batch
from db.certificates import Certificate, Reissue
from pages.batches import batch_head
from pages.frame import page
from pages.parts.confirm import confirm
from pages.parts.days import day_box, day_of
from pages.parts.documents import Paper, documents
from pages.parts.history import history
from pages.parts.progress import progress
from pages.parts.refusals import refusals
from pages.parts.tables import table

AT_ONCE = 60  # rows that a page opens by itself
LAYOUTS = {'handbook': '手册式样（2寸照片、16磅楷体）', 'national_2021': '全国统一式样（1寸照片、小四仿宋）'}


@page('/batches/{batch_id}/certificates', title='证书', needs=Permission.CERTIFICATES_READ)
def certificate_page(me: Actor, batch_id: int) -> None:
    """Who passed, the approval, the numbers, the papers."""
    found = batch_head(me, batch_id, '/certificates')
    if found.state in ('preparing', 'registering', 'scoring'):
        ui.label('成绩签字完成后，合格人员会列在这里。').classes('dj-note')
        return
    if found.state in ('signed', 'publicized'):
        _approval(me, found)
    else:
        _numbers(me, found)
        _printing(me, found)
    _papers(me, found)
    if me.may(Permission.CERTIFICATES_COUNTERS):
        _counters(me)


def _approval(me: Actor, found: Batch) -> None:
    with look(me) as work:
        people, today = passed_people(work, found.id), work.today
        names = {c.id: (c.name, c.id_no_masked) for c in candidates_by_ticket(work, found.id)} if me.may(Permission.REGISTRATION_READ) else {}
    per_level = {level: sum(p.level == level for p in people) for level in LEVELS}
    ui.html('证书核发审批', tag='h2', sanitize=False).classes('dj-heading')
    table('拟发证', ('等级', '合格人数'), [(LEVELS[level], str(n)) for level, n in per_level.items() if n])
    if found.publicity_to_on is None:
        ui.label('成绩尚未公示，公示期满后才能签批。').classes('dj-note')
        return
    ui.label(f'公示期 {found.publicity_from_on} 至 {found.publicity_to_on}，' + ('已期满。' if today > found.publicity_to_on else '尚未期满，次日起可以签批。'))
    if not me.may(Permission.CERTIFICATES_APPROVE):
        ui.label('由机构负责人签批；签批后一次生成全部证书编号。').classes('dj-note')
        return

    @refusals()
    async def sign() -> None:
        on = day_of(issued)
        with look(me) as work:  # what would refuse it says so before numbers are announced
            operations.check_approval(work, batch_id=found.id, issued_on=on, shown_hash=list_hash(people, on), objections=objections.value or '')
        if await confirm(f'将为{len(people)}人生成{len(people)}个证书编号，发证日期{on}，编号不可撤回、不可重号。', do='签批并生成编号'):
            with begin(me) as work:
                operations.approve(work, batch_id=found.id, issued_on=on, shown_hash=list_hash(people, on), objections=objections.value or '')
            ui.navigate.reload()

    with ui.row().classes('items-center gap-3 w-full'):
        issued = day_box('发证日期 *', today)
        objections = ui.input('公示结果 *', placeholder='例如：公示期内无异议').props('outlined dense stack-label maxlength=1000').classes('dj-grow')
        ui.button('签批核发，生成编号', icon='draw', on_click=sign).props('unelevated')
    with ui.expansion(f'合格人员（{len(people)}人，按编号顺序）', value=len(people) <= AT_ONCE).classes('w-full'):
        table('合格人员', ('准考证号', '姓名', '证件号码', '职业', '工种', '等级'), [
            (p.ticket_number, *names.get(p.candidate_id, ('—', '—')), p.occupation, p.work_type or '—', LEVELS[p.level]) for p in in_order(people)])


def _numbers(me: Actor, found: Batch) -> None:
    with look(me) as work:
        signed, made, faults, today = approval(work, found.id), certificates_of(work, found.id), serials_are_whole(work), work.today
        again = reissued_in(work, found.id)
    if signed is None:
        return
    ui.label(f'{signed.signed_by}于{screen_moment(signed.signed_at)}签批，共{signed.count}本，发证日期{signed.issued_on}。').classes('dj-strong')
    for fault in faults:
        ui.label(fault).classes('dj-mark dj-is-block')

    @refusals()
    async def issue() -> None:
        if await confirm(f'登记{len(made)}本证书为已发证，公众即可查询。', do='登记发证', danger=False):
            with begin(me) as work:
                operations.issue(work, batch_id=found.id)
            ui.navigate.reload()

    if found.state == 'approved' and me.may(Permission.CERTIFICATES_ISSUE):
        button = ui.button('登记发证', icon='task_alt', on_click=issue).props('unelevated')
        if made and today < made[0].issued_on:
            button.disable()
            ui.label(f'发证日期{made[0].issued_on}当天起可以登记。').classes('dj-note')
    with ui.expansion(f'证书（{len(made)}本）', value=len(made) <= AT_ONCE).classes('w-full'):
        table('证书', ('证书编号', '姓名', '证件号码', '职业', '工种', '等级', '发证日期', '补发'), [
            (c.number, c.name, c.id_no_masked, c.occupation, c.work_type or '—', LEVELS[c.level], f'{c.issued_on}', _again(again.get(c.id, []))) for c in made],
            links=[f'/batches/{found.id}/certificates/{c.id}' for c in made])


def _again(reissues: Sequence[Reissue]) -> str:
    """Return the ledger's word of a certificate's duplicates: 补发2次（2026-12-01、2027-03-05）."""
    return f'补发{len(reissues)}次（{"、".join(str(r.reissued_on) for r in reissues)}）' if reissues else ''


def _printing(me: Actor, found: Batch) -> None:
    if not me.may(Permission.CERTIFICATES_PRINT):
        return
    ui.html('打印证书', tag='h2', sanitize=False).classes('dj-heading')

    @refusals()
    def start() -> None:
        with begin(me) as work:
            job = queue_print(work, batch_id=found.id, layout=layout.value, frame=bool(frame.value))
        jobs.wake()
        box.clear()
        with box:
            progress(me, job.id)

    with ui.row().classes('items-center gap-3'):
        layout, frame = _stock(me)
        ui.button('生成证书PDF', icon='print', on_click=start).props('unelevated')
    box = ui.column().classes('w-full')


def _stock(me: Actor) -> tuple[ui.select, ui.checkbox]:
    """Draw the choice of layout and paper."""
    with look(me) as work:
        usual = work.profile.certificates.layout.value
    return (ui.select(LAYOUTS, value=usual, label='证书式样').props('outlined dense').style('min-width: 20em'), ui.checkbox('印边框（空白纸）', value=True))


def _papers(me: Actor, found: Batch) -> None:
    def of(read: Callable[..., Any], draw: Callable[[Any], bytes], form: str) -> Callable[[], bytes]:
        def build() -> bytes:
            with look(me) as work:
                record = read(work, found.id)
            data = draw(record)
            with begin(me) as work:  # full ID numbers leave the house: the trail says so
                operations.note_print(work, batch_id=found.id, form=form)
            return data
        return build

    if not me.may(Permission.CERTIFICATES_PRINT):
        return
    papers = [Paper('F-PASS', '合格人员名册', {'PDF': of(list_record, pass_list_pdf, 'F-PASS'), 'XLSX': of(list_record, pass_list_xlsx, 'F-PASS')})]
    if found.publicity_from_on:
        papers.insert(0, Paper('F-CERT-APPROVE', '证书核发审批表', {'PDF': of(approval_record, approval_pdf, 'F-CERT-APPROVE')}))
    if found.state in ('approved', 'issued'):
        papers.append(Paper('F-CERT-LIST', '证书核发名册', {
            'PDF': of(list_record, issue_list_pdf, 'F-CERT-LIST'), 'XLSX': of(list_record, issue_list_xlsx, 'F-CERT-LIST')}))
    ui.html('文书', tag='h2', sanitize=False).classes('dj-heading')
    documents(papers, bundle_name=f'{found.number}_证书文书')


def _counters(me: Actor) -> None:
    with look(me) as work:
        known, year = counters(work), work.today.year

    @refusals()
    def start() -> None:
        with begin(me) as work:
            operations.start_counter(work, year=int(of_year.value or 0), level=int(level.value or 0), last=int(last.value or 0))
        ui.navigate.reload()

    with ui.expansion('证书编号计数器').classes('w-full'):
        table('计数器', ('年份', '等级', '起点', '最后使用'), [(str(c.year), LEVELS[c.level], f'{c.started_at:06d}', f'{c.last:06d}') for c in known])
        ui.label('从其他系统转来的机构，在第一次编号之前登记该年该等级最后使用的序列码；启用后不能更改。').classes('dj-note')
        with ui.row().classes('items-center gap-2'):
            of_year = ui.number('年份', value=year, precision=0).props('outlined dense').style('width: 8em')
            level = ui.select(dict(LEVELS), label='等级').props('outlined dense').style('width: 8em')
            last = ui.number('最后使用的序列码', value=0, min=0, max=999999, precision=0).props('outlined dense').style('width: 12em')
            ui.button('登记起点', on_click=start).props('outline')


@page('/batches/{batch_id}/certificates/{certificate_id}', title='证书', needs=Permission.CERTIFICATES_READ)
def one_certificate(me: Actor, batch_id: int, certificate_id: int) -> None:
    """One certificate: what it says, its reissues, its history."""
    batch_head(me, batch_id, '/certificates')
    with look(me) as work:
        c, reissues = certificate(work, certificate_id), reissues_of(work, certificate_id)
    if c.batch_id != batch_id:
        raise NotYours
    ui.label(f'{c.number}　{c.name}').classes('dj-strong')
    table('证书内容', ('证件号码', '职业', '工种', '等级', '发证日期', '评价机构', '状态'), [
        (c.id_no_masked, c.occupation, c.work_type or '—', LEVELS[c.level], f'{c.issued_on}', c.org_name, state_word('certificate', c.state))])
    ui.html('补发台账', tag='h2', sanitize=False).classes('dj-heading')
    ui.label('补发的证书是同一条记录的副本：编号和发证日期不变，不占用新的序列码，证面不另作标记，只在此台账中登记。').classes('dj-note')
    table('补发台账', ('申请', '原因', '办理', '状态', '补发日期'), [
        (f'{r.requested_by} {screen_moment(r.requested_at)}', r.reason, _decision(r), state_word('reissue', r.state), f'{r.reissued_on or "—"}') for r in reissues],
        empty='没有补发过。')
    _reissue(me, c, reissues[-1] if reissues else None)
    ui.html('办理记录', tag='h2', sanitize=False).classes('dj-heading')
    history(me, certificate_id, needs=Permission.CERTIFICATES_READ)


def _decision(reissue: Reissue) -> str:
    return f'{reissue.decided_by} {screen_moment(reissue.decided_at)}　{reissue.opinion}'.rstrip() if reissue.decided_at else '—'


def _reissue(me: Actor, c: Certificate, last: Reissue | None) -> None:
    """Offer the step that comes next to who may take it."""
    state = last.state if last else ''
    if last and state == 'requested':
        _deciding(me, c, last)
        return
    if last and state in ('approved', 'reissued') and me.may(Permission.CERTIFICATES_PRINT):
        _reprinting(me, c, last)
    if state != 'approved' and c.state == 'issued' and me.may(Permission.CERTIFICATES_ISSUE):
        _requesting(me, c)


def _requesting(me: Actor, c: Certificate) -> None:
    @refusals()
    def ask() -> None:
        with begin(me) as work:
            operations.request_reissue(work, certificate_id=c.id, reason=reason.value or '')
        ui.navigate.reload()

    with ui.row().classes('items-center gap-2 w-full'):
        reason = ui.input('补发原因 *', placeholder='例如：证书遗失，本人持身份证原件申请').props('outlined dense stack-label maxlength=500').classes('dj-grow')
        ui.button('申请补发', icon='post_add', on_click=ask).props('outline')


def _deciding(me: Actor, c: Certificate, reissue: Reissue) -> None:
    @refusals()
    async def approve() -> None:
        if await confirm(f'{c.name}的证书{c.number}补发1本，编号和发证日期不变。', do='批准补发'):
            with begin(me) as work:
                operations.approve_reissue(work, reissue_id=reissue.id)
            ui.navigate.reload()

    @refusals()
    def refuse() -> None:
        with begin(me) as work:
            operations.refuse_reissue(work, reissue_id=reissue.id, opinion=opinion.value or '')
        ui.navigate.reload()

    if not me.may(Permission.CERTIFICATES_APPROVE):
        ui.label('补发由机构负责人批准，须与申请人不是同一人。').classes('dj-note')
        return
    with ui.row().classes('items-center gap-2 w-full'):
        ui.button('批准补发', icon='draw', on_click=approve).props('unelevated')
        opinion = ui.input('不予补发的理由').props('outlined dense maxlength=500').classes('dj-grow')
        ui.button('不予补发', on_click=refuse).props('outline')


def _reprinting(me: Actor, c: Certificate, reissue: Reissue) -> None:
    def build(layout: str, framed: bool) -> bytes:
        with look(me) as work:
            papers = reissue_papers(work, reissue.id, layout)
        data = certificates_pdf(papers, frame=framed)
        with begin(me) as work:  # the full ID number leaves the house: the trail says so
            operations.note_reissue(work, reissue_id=reissue.id)
        return data

    @refusals()
    async def draw() -> None:
        if data := await run.io_bound(build, str(layout.value), bool(frame.value)):
            ui.download.content(data, f'{c.number}_补发.pdf')
            told.set_text('补发证书已生成，请打印；台账已登记，刷新后可见。')

    with ui.row().classes('items-center gap-3'):
        layout, frame = _stock(me)
        ui.button('打印补发证书', icon='print', on_click=draw).props('unelevated')
        told = ui.label().classes('dj-note').props('role=status')
