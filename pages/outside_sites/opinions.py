"""中心意见 of a request for an outside place: the centre's desk, and letters of centres outside the system copied and confirmed: 外部决定."""

from __future__ import annotations

from nicegui import run, ui

from app.access import Permission
from app.actors import Actor
from app.errors import Refused
from app.files import MOST_ATTACHED, keep_stored, read_file, store_scan
from app.outside_sites import operations
from app.outside_sites.queries import SitePage, local_centre
from app.outside_sites.records import SEATS
from app.outside_sites.rules import needed_seats
from app.states import state_word
from app.work import begin, look
from db.outside_sites import SiteOpinion
from pages.parts.confirm import confirm
from pages.parts.days import day_box, day_of
from pages.parts.refusals import refusals
from pages.parts.tables import table
from pages.parts.upload import Given, upload


def opinions(me: Actor, found: SitePage) -> None:
    """Draw what the centres said, what is still open, and the way for who may say or copy it."""
    with look(me, found.site.org_id) as work:
        needed = needed_seats(found.record, work.profile)
        copies = me.may(Permission.OUTSIDE_SITES_WRITE)
        here = local_centre(work, found.record.org_region) if copies else ''
    ui.html('中心意见', tag='h2', sanitize=False).classes('dj-heading')
    table('中心意见', ('中心', '意见', '机关和文号', '日期', '状态', '经办', '核对'), [
        (SEATS[o.seat], ('同意' if o.agrees else '不同意') + (f'：{o.text}' if o.text else ''), f'{o.issuer}{o.number}', f'{o.decided_on}',
         state_word('site_opinion', o.state), o.recorded_by, o.confirmed_by or '—') for o in found.opinions], empty='还没有意见。')
    if found.site.state != 'handed_in':
        return
    waiting = [s for s in needed if all((o.seat, o.state) != (s, 'in_force') for o in found.opinions)]
    if waiting:
        ui.label(f'尚待{"和".join(SEATS[s] for s in waiting)}的意见' + ('；跨市（州）的外部考点须两地鉴定中心都同意。' if len(needed) > 1 else '。')).classes('dj-next')
    if 'local' in waiting and me.may(Permission.OUTSIDE_SITES_DECIDE):
        _deciding(me, found)
    if copies and (seats := [s for s in waiting if s != 'local' or not here]):
        _copying(me, found, seats)
    for o in found.opinions:
        if o.state == 'proposed' and me.may(Permission.OUTSIDE_SITES_CONFIRM):
            _confirming(me, o)


def _deciding(me: Actor, found: SitePage) -> None:
    async def decide(agrees: bool) -> None:
        word = '同意' if agrees else '不同意'
        if await confirm(f'{word}{found.record.org}在“{found.record.name}”开展批次{found.record.batch}的认定。', do=word, danger=not agrees):
            with begin(me, found.site.org_id) as work:
                operations.give_opinion(work, outside_site_id=found.site.id, agrees=agrees, text=text.value or '')
            ui.navigate.reload()

    @refusals()
    async def yes() -> None:
        await decide(True)

    @refusals()
    async def no() -> None:
        await decide(False)

    text = ui.textarea('属地鉴定中心意见（不同意的、同意逾期申请的，须写明理由）').props('outlined dense rows=2 maxlength=1000').classes('w-full')
    with ui.row().classes('gap-2'):
        ui.button('同意', icon='check', on_click=yes).props('unelevated')
        ui.button('不同意', on_click=no).props('outline')


def _copying(me: Actor, found: SitePage, seats: list[str]) -> None:
    scan: list[Given] = []

    @refusals()
    async def keep() -> None:
        if not scan:
            raise Refused('请上传文书扫描件，第二人据此核对。', rule='PLAN-26')
        decided_on = day_of(on)
        stored = await run.io_bound(store_scan, scan[0].data, me.org_id, name=scan[0].name)
        if stored is None:  # the server stops
            return
        with begin(me) as work:
            kept = keep_stored(work, stored)
            operations.record_opinion(
                work, outside_site_id=found.site.id, seat=seat.value, agrees=verdict.value == 'yes', number=number.value or '', decided_on=decided_on,
                issuer=issuer.value or '', scan_id=kept.id, text=text.value or '')
        ui.navigate.reload()

    ui.html('登记外部决定', tag='h3', sanitize=False).classes('dj-heading')
    ui.label('不在本系统签署意见的鉴定中心：照它的文书登记，上传扫描件，由机构负责人核对后生效；核对前登记有误的，重新登记即可替换。').classes('dj-note')
    with ui.row().classes('w-full gap-2'):
        seat = ui.select({s: SEATS[s] for s in seats}, label='中心 *', value=seats[0]).props('outlined dense').style('min-width: 13em')
        verdict = ui.select({'yes': '同意', 'no': '不同意'}, label='意见 *', value='yes').props('outlined dense').style('min-width: 7em')
        issuer = ui.input('发文机关 *').props('outlined dense maxlength=100').style('min-width: 16em')
        number = ui.input('文书编号 *').props('outlined dense maxlength=60')
        on = day_box('文书日期 *')
    text = ui.textarea('意见内容（不同意的须写明理由）').props('outlined dense rows=2 maxlength=1000').classes('w-full')
    upload('上传文书扫描件', most_bytes=MOST_ATTACHED, accept='.pdf,.jpg,.png', on_file=lambda given: scan.__setitem__(slice(None), [given]))
    ui.button('保存，交另一人核对', icon='check', on_click=keep).props('unelevated')


def _confirming(me: Actor, opinion: SiteOpinion) -> None:
    """Offer the scan to the second person."""
    @refusals()
    async def fetch() -> None:
        def read() -> tuple[str, bytes]:
            with look(me) as work:
                work.require(Permission.OUTSIDE_SITES_CONFIRM)
                row, data = read_file(work, opinion.scan_id or 0)
            return row.name, data

        if got := await run.io_bound(read):
            ui.download.content(got[1], got[0])

    @refusals()
    async def go() -> None:
        if await confirm(f'{opinion.issuer}{opinion.number}（{opinion.decided_on}）与扫描件一致？确认后立即生效。', do='确认', danger=False):
            with begin(me) as work:
                operations.confirm_opinion(work, opinion_id=opinion.id)
            ui.navigate.reload()

    with ui.row().classes('dj-next items-center gap-3 w-full'):
        ui.label(f'{SEATS[opinion.seat]}的意见由{opinion.recorded_by}照文书登记，待另一人对照扫描件核对。').classes('dj-grow')
        ui.button('下载扫描件', icon='download', on_click=fetch).props('outline')
        ui.button('核对无误，确认', icon='verified', on_click=go).props('unelevated')
