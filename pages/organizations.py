"""评价机构: organisations in scope, their card, filings, the reply letter and the end of a filing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from nicegui import run, ui

from app.access import Permission
from app.actors import Actor
from app.assessment.records import filing_reply, giving_application
from app.dashboard.org_files import org_file
from app.errors import Refused
from app.files import keep_stored, read_file, store_scan
from app.filing.documents import CENTRE
from app.filing.papers.blocks import Printing
from app.filing.papers.orgfile import TITLE, OrgFile
from app.filing.papers.orgfile import missing as missing_in_card
from app.house import house
from app.organizations import operations
from app.organizations.documents import Reply, filing_reply_docx, filing_reply_pdf, reply_record
from app.organizations.occupations import occupations
from app.organizations.queries import FilingPage, count_organizations, filing_page, filings_of, organizations
from app.organizations.rules import KINDS, Range
from app.regulation import profile, profiles
from app.states import state_word
from app.words import LEVELS, ORGANIZATIONS, level_digits
from app.work import Work, begin, look
from db.organizations import Filing, FilingEnd, Org
from pages.frame import page
from pages.parts.confirm import confirm
from pages.parts.days import day_box, day_of
from pages.parts.documents import Format, Paper, documents, noted
from pages.parts.exporting import exporter
from pages.parts.form import Field, Form
from pages.parts.listing import Action, Column, Filter, listing
from pages.parts.refusals import refusals
from pages.parts.tables import table
from pages.parts.upload import Given, upload


@page('/organizations', title='评价机构', needs=Permission.ORGANIZATIONS_READ)
def organization_list(me: Actor) -> None:
    """A centre's organisations; an organisation sees its own card."""
    def fetch(work: Work, *, q: str = '', **more: Any) -> tuple[list[Org], bool]:
        return organizations(work, find=q, **more)

    def count(work: Work, limit: int, *, q: str = '', kind: str = '') -> int:
        return count_organizations(work, limit, find=q, kind=kind)

    new = Action('登记评价机构', '/organizations/new', icon='add_business')
    may = me.may(Permission.ORGANIZATIONS_WRITE) and me.is_centre
    columns = [
        Column('name', '机构名称'), Column('kind', '性质', format=lambda k: ORGANIZATIONS[k]), Column('credit_code', '统一社会信用代码', sort=True),
        Column('region', '行政区划'), Column('phone', '电话'), Column('profile', '规则档案', format=lambda p: profile(p).label)]
    filters = [Filter('kind', '性质', {k: ORGANIZATIONS[k] for k in (*KINDS, 'centre')})]
    listing(
        me, name='organizations', title='评价机构', search='名称或统一社会信用代码', columns=columns, fetch=fetch, count=count, filters=filters,
        export=exporter('评价机构', columns, fetch, filters),
        actions=[new] if may else [], opens=lambda org: f'/organizations/{org.id}', empty=('还没有评价机构。', new if may else None))


@page('/organizations/new', title='登记评价机构', needs=Permission.ORGANIZATIONS_WRITE)
def new_organization(me: Actor) -> None:
    """What the centre needs to know of an organisation."""
    @refusals()
    def keep() -> None:
        with begin(me) as work:
            org = operations.register_org(
                work, name=name.value or '', kind=kind.value or '', credit_code=code.value or '', region=(region.value or '').strip(),
                profile=rules.value or '', short_name=short.value or '', address=address.value or '', phone=phone.value or '')
        ui.navigate.to(f'/organizations/{org.id}')

    with ui.column().classes('w-full gap-3').style('max-width: 720px'):
        name = ui.input('机构名称 *（与登记证照一致）').props('outlined dense maxlength=100').classes('w-full')
        kind = ui.select({k: ORGANIZATIONS[k] for k in KINDS}, label='机构性质 *').props('outlined dense').classes('w-full')
        code = ui.input('统一社会信用代码 *（18位）').props('outlined dense maxlength=30').classes('w-full')
        region = ui.input('行政区划代码 *（6位）', value=me.region).props('outlined dense maxlength=6').classes('w-full')
        rules = ui.select({p: profile(p).label for p in profiles()}, label='规则档案 *').props('outlined dense').classes('w-full')
        short = ui.input('简称（用于文号）').props('outlined dense maxlength=20').classes('w-full')
        address = ui.input('地址').props('outlined dense maxlength=200').classes('w-full')
        phone = ui.input('联系电话').props('outlined dense maxlength=30').classes('w-full')
        with ui.row().classes('gap-2'):
            ui.button('登记', icon='check', on_click=keep).props('unelevated')
            ui.button('返回').props('outline href=/organizations')


@page('/organizations/{org_id}', title='评价机构', needs=Permission.ORGANIZATIONS_READ)
def organization(me: Actor, org_id: int) -> None:
    """The card of one organisation with its filings."""
    with look(me, org_id) as work:
        org, filings = work.org, filings_of(work)
    ui.label(org.name).classes('dj-subtitle')
    table('机构信息', ('性质', '统一社会信用代码', '行政区划', '规则档案'), [(ORGANIZATIONS[org.kind], org.credit_code, org.region, profile(org.profile).label)])
    if me.may(Permission.FILINGS_RECORD if me.org_id == org.id else Permission.ORGANIZATIONS_WRITE):
        _card(me, org)
    if org.kind == 'centre':
        return
    with ui.row().classes('items-center w-full'):
        ui.html('备案', tag='h2', sanitize=False).classes('dj-heading dj-grow')
        if me.may(Permission.FILINGS_RECORD):
            ui.button('登记备案函', icon='add').props(f'outline href=/organizations/{org.id}/filing')
    if not filings:
        ui.label('尚无备案。没有已确认的备案，不能建立批次。').classes('dj-note')
    for found in filings:
        _filing(me, found)
    if me.is_centre and me.may(Permission.FILING_READ):
        _file_card(me, org)


def _file_card(me: Actor, org: Org) -> None:
    """The centre's own card of the organisation, of all that it holds."""
    def build(draw: Callable[[OrgFile, Printing], bytes]) -> Callable[[], bytes]:
        return noted(me, 'F-ORGFILE', lambda work: (org_file(work), Printing(work.now, work.profile, '演示样本' if house().demo else '')), lambda read: draw(*read), org_id=org.id)

    with look(me, org.id) as work:
        lacking = [f for f in missing_in_card(org_file(work)) if f.severity == 'block']
    ui.html('一户一档', tag='h2', sanitize=False).classes('dj-heading')
    documents([Paper('F-ORGFILE', TITLE, {cast(Format, kind): build(draw) for kind, draw in CENTRE['F-ORGFILE'].items()}, lacking)], bundle_name=f'{TITLE}_{org.name}')


def _card(me: Actor, org: Org) -> None:
    def put(name: str, shown: Any, new: Any) -> Any:
        with begin(me, org.id) as work:
            operations.change_org(work, column=name, shown=shown, new=new)
            return getattr(work.org, name)

    Form([Field('short_name', '简称', org.short_name, hint='用于文号，例如“明启培”', most=20), Field('phone', '联系电话', org.phone, most=30),
          Field('address', '地址', org.address, most=200, wide=True)], put, title='联系信息')


def _filing(me: Actor, found: FilingPage) -> None:
    filing = found.filing
    with ui.card().props('flat bordered').classes('w-full'):
        with ui.row().classes('items-center w-full gap-3'):
            ui.label(f'机构备案号 {filing.number}').classes('dj-strong')
            ui.label(state_word('filing', filing.state)).classes(f'dj-mark dj-is-{"good" if filing.state == "in_force" else "warn"}')
            if filing.outside:
                ui.label('外部决定').classes('dj-mark dj-is-remind')
            ui.label(f'{filing.letter_no}　{filing.letter_on}　{filing.issuer}')
            ui.label(f'有效期 {filing.valid_from} 至 {filing.valid_to}')
            ui.label(f'登记：{filing.recorded_by}' + (f'　确认：{filing.confirmed_by}' if filing.confirmed_by else ''))
            if filing.state == 'proposed':
                _confirming(me, filing)
            elif filing.state == 'in_force' and not found.end and me.may(Permission.FILINGS_RECORD) and (me.is_centre or filing.outside):
                ui.button('登记终止').props(f'outline href=/organizations/{filing.org_id}/filing/{filing.id}/end')
        if found.end:
            _end(me, filing, found.end)
        last = found.end.ended_on if found.end and filing.state == 'ended' else filing.valid_to
        table('备案范围', ('序号', '职业名称', '职业编码', '工种/方向', '等级', '评价依据', '备案至'), [
            (str(r.seq), r.occupation, r.occupation_code, r.work_type or '—', level_digits(r.levels), r.standard, f'{min(r.ended_on or last, last)}') for r in found.ranges])
        with look(me, found.org.id) as work:
            answered = giving_application(work, filing.id)
        if not filing.outside and (answered is None or me.may(Permission.ASSESSMENT_READ)):
            documents([Paper('F-FILING-REPLY', '备案函', {'PDF': _reply(me, found, answered, filing_reply_pdf), 'DOCX': _reply(me, found, answered, filing_reply_docx)})],
                      bundle_name=f'备案函_{filing.number}')


def _reply(me: Actor, found: FilingPage, answered: int | None, draw: Callable[[Reply], bytes]) -> Callable[[], bytes]:
    """Return the build of the letter as it was signed, or of a filing recorded by hand."""
    def read(work: Work) -> Reply:
        return filing_reply(work, answered) if answered is not None else reply_record(filing_page(work, found.filing.id), work.now)

    return noted(me, 'F-FILING-REPLY', read, draw, org_id=found.org.id)


def _confirming(me: Actor, filing: Filing) -> None:
    @refusals()
    async def go() -> None:
        if await confirm(f'确认备案号{filing.number}、有效期{filing.valid_from}至{filing.valid_to}与备案函一致？确认后即可安排认定。', do='确认备案函', danger=False):
            with begin(me, filing.org_id) as work:
                operations.confirm_filing(work, filing_id=filing.id)
            ui.navigate.reload()

    if me.may(Permission.FILINGS_CONFIRM):
        _scan(me, filing.org_id, filing.scan_id)
        ui.button('核对并确认', icon='verified', on_click=go).props('unelevated')
    else:
        ui.label('待另一人确认').classes('dj-note')


def _scan(me: Actor, org_id: int, scan_id: int | None) -> None:
    """Offer the scan to who compares it with what was typed."""
    @refusals()
    async def fetch() -> None:
        def read() -> tuple[str, bytes]:
            with look(me, org_id) as work:
                work.require(Permission.FILINGS_CONFIRM)
                row, data = read_file(work, scan_id or 0)
            return row.name, data

        if found := await run.io_bound(read):
            ui.download.content(found[1], found[0])

    if scan_id:
        ui.button('下载扫描件核对', icon='download', on_click=fetch).props('outline')


def _end(me: Actor, filing: Filing, end: FilingEnd) -> None:
    """The recorded end of a filing, and what waits for the second person."""
    @refusals()
    async def go() -> None:
        if await confirm(f'备案号{filing.number}自{end.ended_on}起终止：不能再建批次、编号和发证，原号不再使用，此前发的证书不受影响。确认后不能撤销。', do='确认终止'):
            with begin(me, filing.org_id) as work:
                operations.confirm_end(work, filing_id=filing.id)
            ui.navigate.reload()

    @refusals()
    async def back() -> None:
        if await confirm('撤销这次终止登记，备案继续有效；操作记录保留。', do='撤销登记'):
            with begin(me, filing.org_id) as work:
                operations.withdraw_end(work, filing_id=filing.id)
            ui.navigate.reload()

    table('终止', ('终止日期', '决定文号', '原因', '承接机构备案号', '登记', '确认'), [(
        f'{end.ended_on}', end.document_no + ('（外部决定）' if end.outside else ''), end.reason, end.successor or '—', end.recorded_by,
        end.confirmed_by or state_word('filing_end', end.state))])
    if end.state != 'proposed':
        return
    with ui.row().classes('items-center gap-2'):
        if me.may(Permission.FILINGS_CONFIRM):
            _scan(me, filing.org_id, end.scan_id)
            ui.button('确认终止', icon='block', on_click=go).props('unelevated')
        if me.may(Permission.FILINGS_RECORD):
            ui.button('撤销登记', on_click=back).props('outline')


@page('/organizations/{org_id}/filing/{filing_id}/end', title='登记终止备案', needs=Permission.FILINGS_RECORD)
def end_filing(me: Actor, org_id: int, filing_id: int) -> None:
    """Date, reason, decision and, after a merger, who goes on; a second person confirms."""
    with look(me, org_id) as work:
        found, today = filing_page(work, filing_id), work.today
    scan: list[Given] = []

    @refusals()
    async def keep() -> None:
        stored = await run.io_bound(store_scan, scan[0].data, org_id, name=scan[0].name) if scan else None  # large: not while the database waits
        with begin(me, org_id) as work:
            scan_id = keep_stored(work, stored).id if stored else None
            operations.record_end(
                work, filing_id=filing_id, ended_on=day_of(ended), reason=reason.value or '', document_no=document.value or '',
                successor=successor.value or '', scan_id=scan_id)
        ui.navigate.to(f'/organizations/{org_id}')

    ui.label(f'{found.org.name}　备案号{found.filing.number}').classes('dj-subtitle')
    ui.label('终止以后不能再建批次、编号和发证；原备案号保留，不再给任何机构使用；此前发的证书照常可以查到。登记后由另一人确认才生效。').classes('dj-note')
    with ui.column().classes('w-full gap-3').style('max-width: 720px'):
        with ui.row().classes('w-full gap-3'):
            ended = day_box('终止日期 *', today)
            document = ui.input('决定文号 *', placeholder='明人社函〔2026〕20号').props('outlined dense stack-label maxlength=60').classes('dj-grow')
        reason = ui.input('终止原因 *', placeholder='例如：机构自愿终止；与另一机构合并').props('outlined dense stack-label maxlength=500').classes('w-full')
        successor = ui.input('承接机构的备案号（合并时填写，13位）').props('outlined dense maxlength=20').classes('w-full')
        upload('上传终止决定扫描件', most_bytes=20 << 20, accept='.pdf,.jpg,.png', on_file=lambda given: scan.__setitem__(slice(None), [given]),
               hint='' if me.is_centre else '照外部决定登记时必须上传；')
        with ui.row().classes('gap-2'):
            ui.button('保存，交另一人确认', icon='check', on_click=keep).props('unelevated')
            ui.button('返回').props(f'outline href=/organizations/{org_id}')


@page('/organizations/{org_id}/filing', title='登记备案函', needs=Permission.FILINGS_RECORD)
def new_filing(me: Actor, org_id: int) -> None:
    """Number, letter, term and annex; a second person confirms."""
    with look(me, org_id) as work:
        org, today = work.org, work.today
    rows: list[Range] = []
    scan: list[Given] = []
    outside = not me.is_centre

    @refusals()
    async def keep() -> None:
        stored = await run.io_bound(store_scan, scan[0].data, org_id, name=scan[0].name) if scan else None  # large: not while the database waits
        with begin(me, org_id) as work:
            scan_id = keep_stored(work, stored).id if stored else None
            operations.record_filing(
                work, number=number.value or '', letter_no=letter.value or '', letter_on=day_of(letter_on), valid_from=day_of(valid_from),
                ranges=rows, issuer=issuer.value or '', basis=basis.value or '', outside=outside, scan_id=scan_id, reason=reason.value or '',
                audience=audience.value if audience else '')
        ui.navigate.to(f'/organizations/{org_id}')

    ui.label(org.name).classes('dj-subtitle')
    if outside:
        ui.label('外部决定：照鉴定中心的备案函登记，上传扫描件，再由机构负责人核对确认。备案号由人力资源社会保障部门赋予，不能自编。').classes('dj-note')
    with ui.row().classes('w-full gap-3'):
        number = ui.input('机构备案号 *（13位）').props('outlined dense maxlength=20')
        letter = ui.input('发文字号 *', placeholder='明人社函〔2025〕11号').props('outlined dense stack-label maxlength=60')
        letter_on = day_box('发文日期 *', today)
        valid_from = day_box('有效期起 *', today)
        issuer = ui.input('发文机关 *').props('outlined dense maxlength=100').style('min-width: 20em')
        basis = ui.input('依据文件').props('outlined dense maxlength=200').style('min-width: 20em')
        audience = ui.select({'own_students': '本校在籍学生', 'society': '社会人员'}, label='评价对象 *').props('outlined dense').style('min-width: 12em') if org.kind == 'technical_school' else None
    _annex(rows)
    if outside:
        upload('上传备案函扫描件', most_bytes=20 << 20, accept='.pdf,.jpg,.png', on_file=lambda given: scan.__setitem__(slice(None), [given]))
    reason = ui.input('对提醒的说明（有提醒时填写）').props('outlined dense maxlength=500').classes('w-full')
    with ui.row().classes('gap-2'):
        ui.button('保存，交另一人确认', icon='check', on_click=keep).props('unelevated')
        ui.button('返回').props(f'outline href=/organizations/{org_id}')


def _annex(rows: list[Range]) -> None:
    offered = {i: f'{o.code} {o.name}{"/" + o.work_type if o.work_type else ""}' for i, o in enumerate(occupations()) if o.code and o.levels}

    @refusals()
    def add() -> None:
        if chosen.value is None or not levels.value:
            raise Refused('请选择职业（工种）和至少一个等级。')
        o = occupations()[chosen.value]
        rows.append(Range(o.code, o.name, o.work_type, tuple(levels.value)))
        shown.refresh()

    def levels_of() -> None:
        levels.options = {level: LEVELS[level] for level in occupations()[chosen.value].levels} if chosen.value is not None else {}
        levels.value = list(levels.options)
        levels.update()

    @ui.refreshable
    def shown() -> None:
        table('备案范围', ('序号', '职业名称', '职业编码', '工种/方向', '等级'), [
            (str(i), r.occupation, r.occupation_code, r.work_type or '—', level_digits(r.levels)) for i, r in enumerate(rows, 1)], empty='还没有范围，请逐行添加。')

    ui.html('附件：职业技能等级评价职业/工种目录', tag='h2', sanitize=False).classes('dj-heading')
    shown()
    with ui.row().classes('gap-2 items-center'):
        chosen = ui.select(offered, label='职业（工种）', with_input=True, on_change=levels_of).props('outlined dense').style('min-width: 22em')
        levels = ui.select({}, label='等级', multiple=True).props('outlined dense use-chips').style('min-width: 16em')
        ui.button('添加一行', icon='add', on_click=add).props('outline')
