"""合规报告 of an application: every rule of filing that applies to it, met, not met or open, with clause and evidence."""

from __future__ import annotations

from nicegui import ui

from app.access import Permission
from app.actors import Actor
from app.dashboard.compliance import compliance_of
from app.errors import NotYours
from app.filing.papers.compliance import TITLE, report_pdf, sections, told
from app.filing.queries import Page, application_page
from app.filing.report import STATES, Report, ReportLine
from app.words import screen_date
from app.work import look
from pages.filing.applications import head
from pages.filing.desk import handed_in
from pages.frame import page
from pages.parts.basis import basis
from pages.parts.preview import preview_button

GRADES = {'met': 'good', 'not_met': 'bad', 'open': 'remind'}


@page('/filings/{application_id}/report', title=TITLE, needs=Permission.FILING_READ)
def own_report(me: Actor, application_id: int, state: str = '') -> None:
    """The organisation's own, as the application stands now."""
    if me.is_centre:
        raise NotYours
    with look(me) as work:
        found = application_page(work, application_id)
    head(me, found, '/report')
    _report(me, found, state, f'/filings/{application_id}/report')


@page('/desk/{application_id}/report', title=TITLE, needs=Permission.FILING_READ)
def desk_report(me: Actor, application_id: int, state: str = '') -> None:
    """A centre's, by what was handed in last."""
    found, _, _ = handed_in(me, application_id)
    head(me, found, '/report')
    _report(me, found, state, f'/desk/{application_id}/report')


def _report(me: Actor, found: Page, state: str, address: str) -> None:
    with look(me, found.app.org_id) as work:
        made = compliance_of(work, found.app.id)
    basis_of = '提交时封存的材料' if made.sealed else '现在填写的内容和登记'
    with ui.row().classes('items-center gap-3'):
        ui.label(f'按{basis_of}（{screen_date(made.record.day)}）和办理经过逐条核对。{made.report.summary}').classes('dj-strong')
        preview_button(TITLE, lambda: _pdf(me, found), word='预览和打印', icon='print')
    _choice(made.report, state, address)
    chosen = [line for line in made.report.lines if state not in STATES or line.state == state]
    if not chosen:
        ui.label(f'没有“{STATES[state]}”的规定。' if state in STATES else '没有适用的规定。').classes('dj-note')  # type: ignore[index]
    for section, lines in sections(Report(tuple(chosen), made.report.day)).items():
        _section(section, lines)


def _choice(report: Report, state: str, address: str) -> None:
    """Draw the filter: every state with its count, kept in the address."""
    with ui.element('nav').classes('dj-tabs').props('aria-label=按结果筛选'):
        for key, word, count in (('', '全部', len(report.lines)), *((key, word, report.count(key)) for key, word in STATES.items())):
            link = ui.link(f'{word} {count}', f'{address}?state={key}' if key else address).classes('dj-tab')
            if key == (state if state in STATES else ''):
                link.props('aria-current=page')


def _section(section: str, lines: list[ReportLine]) -> None:
    ui.html(section, tag='h2', sanitize=False).classes('dj-heading')
    with ui.element('div').classes('dj-scroll').props('tabindex=0 role=region') as region, ui.element('table').classes('dj-table dj-report'):
        region.props['aria-label'] = section
        with ui.element('thead'), ui.element('tr'):
            for word in ('规则', '规定', '结果', '证据和说明', '依据'):
                ui.html(word, tag='th', sanitize=False).props('scope=col')
        with ui.element('tbody'):
            for line in lines:
                _line(line)


def _line(line: ReportLine) -> None:
    with ui.element('tr'):
        with ui.element('td').classes('dj-nowrap'):
            ui.label(line.rule.id)
        with ui.element('td'):
            ui.label(line.rule.sentence)
        with ui.element('td').classes('dj-nowrap'):
            ui.label(line.word).classes(f'dj-mark dj-is-{GRADES[line.state]}')
        with ui.element('td'):
            ui.label(told(line) or '—')
        with ui.element('td'):
            ui.label(line.clause)
            basis(line.rule.id)


def _pdf(me: Actor, found: Page) -> bytes:
    with look(me, found.app.org_id) as work:
        made = compliance_of(work, found.app.id)
    return report_pdf(made.report, made.record, made.printing)
