"""证照 and 培训统计: what a filing needs beside the registers of people and things."""

from __future__ import annotations

from datetime import date

from nicegui import ui

from app.access import Permission
from app.actors import Actor
from app.errors import NotYours, Refused
from app.files import Scan
from app.filing import holdings
from app.filing.materials import LICENCE_WORDS
from app.work import Work, begin, look
from db.filing import Licence
from pages.frame import page
from pages.parts.attachments import attached
from pages.parts.confirm import confirm
from pages.parts.refusals import refusals


@page('/filings/licences', title='法人登记证照', needs=Permission.FILING_READ)
def licences(me: Actor) -> None:
    """The licences with their scans, and a new one."""
    if me.is_centre:
        raise NotYours
    with look(me) as work:
        held = holdings.licences_of(work)
    if not held:
        ui.label('还没有登记证照。登记法人证照并上传扫描件后才能提交申报。').classes('dj-note')
    for licence in held:
        with ui.card().props('flat bordered').classes('w-full gap-2'):
            with ui.row().classes('items-center gap-4 w-full'):
                ui.label(LICENCE_WORDS.get(licence.kind, licence.kind)).classes('dj-strong')
                ui.label(f'{licence.number}　{licence.issuer}　有效期 {licence.valid_from or "—"} 至 {licence.valid_to or "长期"}').classes('dj-grow')
                if me.may(Permission.FILING_WRITE):
                    ui.button('作废', on_click=lambda licence=licence: _end(me, licence.id)).props(f'outline dense aria-label="作废 {licence.number}"')
            _scans(me, licence.id)
    if me.may(Permission.FILING_WRITE):
        _new_licence(me)


def _scans(me: Actor, licence_id: int) -> None:
    """The scans of a licence: looked at, added, ended."""
    def read(work: Work) -> Licence:
        return next(x for x in holdings.licences_of(work) if x.id == licence_id)

    def attach(scan: Scan, kind: str, title: str) -> None:
        with begin(me) as work:
            holdings.attach_licence(work, licence_id=licence_id, scan=scan)

    def end(attachment_id: int) -> None:
        with begin(me) as work:
            holdings.end_licence_scan(work, licence_id=licence_id, attachment_id=attachment_id)

    attached(me, holdings.SCANS, read=read, attach=attach, end=end, may=me.may(Permission.FILING_WRITE), hint='上传加盖公章的复印件扫描件后才能提交申报。')


@refusals()
async def _end(me: Actor, licence_id: int) -> None:
    if await confirm('作废后新的申报不再带这份证照，已提交的材料不变。', do='作废'):
        with begin(me) as work:
            holdings.end_licence(work, licence_id=licence_id)
        ui.navigate.reload()


def _new_licence(me: Actor) -> None:
    @refusals()
    def keep() -> None:
        with begin(me) as work:
            holdings.add_licence(
                work, kind=kind.value or '', number=number.value or '', issuer=issuer.value or '', valid_from=_day('有效期起', begins.value),
                valid_to=_day('有效期止', ends.value))
        ui.navigate.reload()

    ui.html('登记证照', tag='h2', sanitize=False).classes('dj-heading')
    with ui.row().classes('w-full gap-2 items-center'):
        kind = ui.select(LICENCE_WORDS, label='种类 *').props('outlined dense').style('min-width: 14em')
        number = ui.input('证号 *').props('outlined dense maxlength=60')
        issuer = ui.input('发证机关 *').props('outlined dense maxlength=100').style('min-width: 16em')
        begins = ui.input('有效期起').props('outlined dense type=date stack-label')
        ends = ui.input('有效期止（长期不填）').props('outlined dense type=date stack-label')
        ui.button('登记', icon='check', on_click=keep).props('unelevated')


@page('/filings/training', title='近3年社会培训统计', needs=Permission.FILING_READ)
def training(me: Actor) -> None:
    """Trained people by year, kind and trade."""
    if me.is_centre:
        raise NotYours

    @refusals()
    def add() -> None:
        figures = (year.value or '').strip(), (people.value or '').strip()
        if not all(x.isascii() and x.isdigit() for x in figures):
            raise Refused('年份和人数请填写整数。')
        with begin(me) as work:
            holdings.add_training(
                work, year=int(figures[0]), kind=kind.value or '', trade=trade.value or '', people=int(figures[1]), occupation_code=code.value or '', level=level.value or '')
        rows.refresh()

    @refusals()
    def end(training_id: int) -> None:
        with begin(me) as work:
            holdings.end_training(work, training_id=training_id)
        rows.refresh()

    @ui.refreshable
    def rows() -> None:
        with look(me) as work:
            held = holdings.training_of(work)
        if not held:
            ui.label('还没有登记，请按年份、种类和工种填写人数。').classes('dj-note')
            return
        with ui.element('div').classes('dj-scroll').props('tabindex=0 role=region aria-label=培训统计'), ui.element('table').classes('dj-table'):
            with ui.element('thead'), ui.element('tr'):
                for word in ('年份', '培训种类', '培训工种', '职业编码', '人数', '鉴定级别', '办理'):
                    ui.html(word, tag='th', sanitize=False).props('scope=col')
            with ui.element('tbody'):
                for x in held:
                    with ui.element('tr'):
                        for text in (str(x.year), x.kind, x.trade, x.occupation_code or '—', str(x.people), x.level or '—'):
                            with ui.element('td'):
                                ui.label(text)
                        with ui.element('td'):
                            if me.may(Permission.FILING_WRITE):
                                ui.button('作废', on_click=lambda x=x: end(x.id)).props(f'outline dense aria-label="作废 {x.year} {x.trade}"')

    rows()
    if me.may(Permission.FILING_WRITE):
        with ui.row().classes('w-full gap-2 items-center'):
            year = ui.input('年份 *').props('outlined dense maxlength=4').style('width: 7em')
            kind = ui.input('培训种类 *', placeholder='职业技能培训').props('outlined dense stack-label maxlength=30')
            trade = ui.input('培训工种 *').props('outlined dense maxlength=60')
            code = ui.input('职业编码').props('outlined dense maxlength=20').style('width: 10em')
            people = ui.input('人数 *').props('outlined dense maxlength=7').style('width: 7em')
            level = ui.input('鉴定级别').props('outlined dense maxlength=20').style('width: 8em')
            ui.button('添加', icon='add', on_click=add).props('unelevated')


def _day(label: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(f'“{label}”不是有效日期，请重新选择。') from None
