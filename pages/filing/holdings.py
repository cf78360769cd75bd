"""证照 and 培训统计: what a filing needs beside the registers of people and things; lists, records and imports like every ledger's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from app.access import Permission
from app.actors import Actor
from app.errors import NotYours
from app.filing import holdings
from app.filing.importing import judge_holdings, queue_holdings
from app.filing.ledgers import LEDGERS
from app.filing.materials import LICENCE_WORDS
from app.work import look
from pages.frame import page
from pages.parts.findings import findings_table
from pages.parts.ledgers import Screen, draw_import, draw_list, draw_new, draw_record, screen_of, titled
from pages.parts.listing import Filter


@page('/filings/licences', title='法人登记证照', needs=Permission.FILING_READ)
def licences(me: Actor) -> None:
    """What lacks a scan, then the licences."""
    _own(me)
    with look(me) as work:
        missing = holdings.unscanned(work)
    if missing:
        findings_table(missing, go=lambda row: ui.navigate.to(f'{SCREENS["licence"].path}/{row}'))
    draw_list(me, SCREENS['licence'])


@page('/filings/training', title='近3年社会培训统计', needs=Permission.FILING_READ)
def training(me: Actor) -> None:
    """Trained people by year, kind and trade."""
    _own(me)
    draw_list(me, SCREENS['training'])


@page('/filings/held/{ledger}/new', title=titled(LEDGERS, '登记'), needs=Permission.FILING_WRITE)
def new_holding(me: Actor, ledger: str) -> None:
    """What a new row must have: a licence, or a line of the training statistics."""
    draw_new(me, screen_of(SCREENS, ledger))


@page('/filings/held/{ledger}/import', title=titled(LEDGERS, '导入'), needs=Permission.FILING_WRITE)
def import_holdings(me: Actor, ledger: str) -> None:
    """The workbook of a ledger."""
    draw_import(me, screen_of(SCREENS, ledger))


@page('/filings/held/{ledger}/{record_id}', title=titled(LEDGERS), needs=Permission.FILING_READ)
def holding(me: Actor, ledger: str, record_id: int) -> None:
    """One licence with its scans, or one line of the training statistics."""
    _own(me)
    draw_record(me, screen_of(SCREENS, ledger), record_id)


def _own(me: Actor) -> None:
    if me.is_centre:
        raise NotYours


def _screen(name: str, home: str, columns: Sequence[str], empty: str, search: str, **more: Any) -> Screen:
    return Screen(
        LEDGERS[name], f'/filings/held/{name}', home, Permission.FILING_READ, Permission.FILING_WRITE, columns,
        page=lambda work, **asked: holdings.holdings_page(work, ledger=name, **asked),
        found=lambda work, limit, **asked: holdings.holdings_found(work, limit, ledger=name, **asked),
        row=lambda work, record_id: holdings.holding(work, ledger=name, record_id=record_id),
        add=lambda work, written: holdings.add_holding(work, ledger=name, written=written),
        change=lambda work, record_id, key, shown, new: holdings.change_holding(work, ledger=name, record_id=record_id, column=key, shown=shown, new=new),
        end=lambda work, record_id: holdings.end_holding(work, ledger=name, record_id=record_id),
        judge=lambda work, data, shown: judge_holdings(work, ledger=name, data=data, name=shown),
        queue=lambda work, file_id: queue_holdings(work, ledger=name, file_id=file_id), empty=empty, search=search, attached=holdings.SCANS.get(name, {}),
        attach=lambda work, record_id, scan, kind, title: holdings.attach_to_holding(work, ledger=name, record_id=record_id, scan=scan, kind=kind, title=title),
        end_attachment=lambda work, record_id, attachment_id: holdings.end_holding_attachment(work, ledger=name, record_id=record_id, attachment_id=attachment_id), **more)


SCREENS: Mapping[str, Screen] = {
    'licence': _screen('licence', '/filings/licences', ('kind', 'number', 'issuer', 'valid_from', 'valid_to'), '还没有登记证照。登记法人证照并上传扫描件后才能提交申报。', '证号、发证机关',
                       filters=lambda known: [Filter('kind', '种类', LICENCE_WORDS)]),
    'training': _screen('training', '/filings/training', ('year', 'kind', 'trade', 'occupation_code', 'people', 'level'),
                        '还没有登记。按年份、种类和工种逐行登记，或下载模板填写后导入。', '培训种类、培训工种',
                        starts=lambda work: {'year': f'{work.today.year}', 'kind': '职业技能培训'})}
