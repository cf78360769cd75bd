"""One score sheet: scored by its assessor alone, signed for exactly what is shown; the consolidated one by the leader."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from nicegui import ui

from app.access import Permission
from app.actors import Actor
from app.assessment import scoring
from app.assessment.documents import sheet_pdf, sheet_xlsx
from app.assessment.queries import SheetPage, photo, reconciliations, sheet_page, signed_entries
from app.assessment.records import blank_sheet, sheet_record
from app.assessment.rules import METHODS, NOTHING, Entry, content_hash, scored, typed_fields
from app.assessment.spreads import TOTAL
from app.errors import NotYours, Refused
from app.words import screen_moment
from app.work import Work, begin, look
from pages.assessment.deciding import built
from pages.frame import page
from pages.parts.confirm import confirm
from pages.parts.documents import Paper, documents
from pages.parts.findings import findings_table
from pages.parts.form import Field, Form
from pages.parts.refusals import refusals
from pages.parts.rubric_sheet import Panel, Photos, RubricSheet, Scored
from pages.parts.upload import Given


@page('/assessments/{assessment_id}/sheets/{sheet_id}', title='评分表', needs=Permission.ASSESSMENT_READ)
def sheet_screen(me: Actor, assessment_id: int, sheet_id: int) -> None:
    """Head, grid, signature and the paper of one sheet."""
    with look(me) as work:
        shown = sheet_page(work, sheet_id)
        if shown.assessment.id != assessment_id:
            raise NotYours
        panel = _panel(me, work, shown) if shown.sheet.assessor_id is None and me.is_centre else None
    seen = Seen(shown)
    _head(shown)
    if typed_fields(shown.rubric):
        _header_form(me, shown, seen)
    if panel is not None:
        _total_reason(me, shown, panel)
    _signing(me, shown, seen, _grid(me, shown, panel, seen))
    with ui.column().classes('w-full'):
        ui.timer(0, lambda: _paper(me, shown), once=True)  # once the grid stands: nobody prints before he has seen it


class Seen:
    """What stands on this page by now: the signature covers exactly that, not what another page may have saved meanwhile."""

    def __init__(self, shown: SheetPage) -> None:
        self.sheet, self.entries, self.header = shown.sheet, dict(shown.entries), dict(shown.sheet.header)

    @property
    def hash(self) -> str:
        """Hash of what a signature on this page covers."""
        return content_hash(self.sheet.rubric, self.sheet.range_id, self.header, self.entries)

    def cell(self, item: str, entry: Entry) -> Entry:
        """Note what is stored at an item, as the page shows it from now on."""
        self.entries[item] = entry
        return entry

    def head(self, key: str, text: str) -> str:
        """Note a number of the sheet's head."""
        if self.header.get(key, '') != text:
            self.header[key] = text
        return text


def _head(shown: SheetPage) -> None:
    whose = shown.assessor.name if shown.assessor else '汇总评分表'
    ui.label(f'{shown.org.name}　{shown.occupation or "公共部分"}　{whose}').classes('dj-subtitle')
    with ui.row().classes('items-center gap-3'):
        ui.label(f'{METHODS[shown.assessment.method]}　{shown.assessment.visited_on}　{shown.rubric.title}').classes('dj-note')
        if shown.sheet.state == 'signed' and shown.sheet.signed_at:
            ui.label(f'{shown.sheet.signed_by}于{screen_moment(shown.sheet.signed_at)}签字，校验码{shown.sheet.content_sha256[:8]}').classes('dj-mark dj-is-good')
        ui.link('返回本次评估', f'/assessments/{shown.assessment.id}').classes('dj-link')


def _header_form(me: Actor, shown: SheetPage, seen: Seen) -> None:
    def put(name: str, before: Any, new: Any) -> str:
        with begin(me, shown.org.id) as work:
            kept = scoring.save_header(work, sheet_id=shown.sheet.id, key=name, shown=before, new=new)
        return seen.head(name, kept)

    asked = typed_fields(shown.rubric)
    if shown.editable:
        Form([Field(f.key, f.label, shown.sheet.header.get(f.key, ''), kind='number', unit=f.unit) for f in asked], put, title='表头')
    else:
        ui.label('　'.join(f'{f.label} {shown.sheet.header.get(f.key, "") or "—"}' for f in asked))


def _panel(me: Actor, work: Work, shown: SheetPage) -> Panel:
    """Return what each assessor gave at each item, beside the consolidated sheet."""
    key = (shown.sheet.rubric, shown.sheet.range_id)
    by_assessor = signed_entries(work, shown.assessment.id).get(key, {})
    names = {a.id: a.name for a in shown.panel}
    given: dict[str, list[Scored]] = {}
    for who, entries in by_assessor.items():
        points = {r.id: r.score for r in scored(shown.rubric, entries).items}
        for item in [i.id for i in shown.rubric.items] + [b.id for b in shown.rubric.bonus]:
            entry = entries.get(item, NOTHING)
            given.setdefault(item, []).append(Scored(names.get(who, ''), points.get(item), _given_text(points.get(item), entry), entry.remark))
    reasons = {r.item: r.text for r in reconciliations(work, shown.assessment.id) if (r.rubric, r.range_id) == key}

    def reconcile(item: str, text: str) -> str:
        with begin(me, shown.org.id) as changing:
            return scoring.reconcile(changing, assessment_id=shown.assessment.id, rubric=key[0], range_id=key[1], item=item, text=text).text

    return Panel(given, reasons, Decimal(shown.assessment.spread_line), reconcile)


def _given_text(points: Decimal | None, entry: Entry) -> str:
    """Return what an assessor gave as the panel compares it: points, or met where there are none."""
    if points is not None:
        return format(points.normalize(), 'f')
    return '—' if 'met' not in entry.answer else '符合' if entry.answer['met'] else '不符合'


def _total_reason(me: Actor, shown: SheetPage, panel: Panel) -> None:
    """Ask for the reconciliation of the totals where they lie further apart than the line."""
    if not any(f.subject == TOTAL for f in shown.faults) and TOTAL not in panel.reasons:
        return

    @refusals()
    def keep() -> None:
        panel.reconcile(TOTAL, text.value or '')
        ui.notify('总分的复核意见已保存。', type='positive')

    with ui.row().classes('w-full items-center gap-2'):
        text = ui.input(f'总分复核意见（各评估专家总分相差超过{shown.assessment.spread_line}分）', value=panel.reasons.get(TOTAL, '')).props('outlined dense maxlength=500').classes('dj-grow')
        text.set_enabled(shown.editable)
        if shown.editable:
            ui.button('保存', on_click=keep).props('outline')


def _grid(me: Actor, shown: SheetPage, panel: Panel | None, seen: Seen) -> RubricSheet:
    sheet_id, org_id = shown.sheet.id, shown.org.id

    def put(item: str, before: Entry, new: Entry) -> Entry:
        with begin(me, org_id) as work:
            kept = scoring.save_cell(work, sheet_id=sheet_id, item=item, shown=before, new=new)
        return seen.cell(item, kept)

    def again(item: str) -> Entry:
        with look(me) as work:
            return seen.cell(item, sheet_page(work, sheet_id).entries.get(item, NOTHING))

    def read(attachment_id: int) -> bytes:
        with look(me) as work:
            return photo(work, attachment_id)[1]

    def add(item: str, given: Given) -> tuple[int, str]:
        scan = scoring.store_photo(given.data, org_id, name=given.name)
        with begin(me, org_id) as work:
            kept = scoring.add_photo(work, sheet_id=sheet_id, item=item, scan=scan)
        return kept.id, kept.title

    kept = {item: [(a.id, a.title) for a in found] for item, found in shown.photos.items()}
    return RubricSheet(shown.rubric, shown.entries, put, again, editable=shown.editable, photos=Photos(kept, read, add, scoring.PHOTO_BYTES), panel=panel)


def _signing(me: Actor, shown: SheetPage, seen: Seen, grid: RubricSheet) -> None:
    """Draw what keeps the sheet from being signed, with the way to each item, and the button."""
    if not shown.editable:
        return

    @refusals()
    async def sign() -> None:
        with look(me) as work:
            now = sheet_page(work, shown.sheet.id)
        if now.shown_hash != seen.hash:
            raise Refused('评分表已在另一个页面上改动，这里显示的不是最新内容。请刷新页面，核对后再签。', rule='TEV-03')
        faults.refresh(now)
        if now.faults:
            return
        text = f'总分{now.result.total}分，{now.result.conclusion.text if now.result.conclusion else ""}（校验码{now.shown_hash[:8]}）。签字后内容不能再改。'
        if await confirm(text, do='签字'):
            with begin(me, shown.org.id) as work:
                scoring.sign_sheet(work, sheet_id=shown.sheet.id, shown_hash=now.shown_hash)
            ui.navigate.to(f'/assessments/{shown.assessment.id}')

    items = {item.id for item in shown.rubric.items}

    def go(subject: str) -> None:
        if subject in items:
            grid.run_method('focus', subject)
        else:  # heads and the reason of the totals stand above the grid
            ui.run_javascript('window.scrollTo(0, 0)')

    @ui.refreshable
    def faults(now: SheetPage | None = None) -> None:
        if now is not None and now.faults:
            with ui.column().classes('w-full gap-2').props('role=alert tabindex=-1') as told:
                ui.label(f'签字前须处理{len(now.faults)}项：').classes('dj-strong')
                findings_table(now.faults, go=go)
            ui.run_javascript(f'getHtmlElement({told.id}).focus(); getHtmlElement({told.id}).scrollIntoView({{block: "center"}})')  # the button is in view everywhere, they are not

    faults()
    with ui.row().classes('dj-bar w-full items-center gap-2'):
        ui.button('核对并签字', icon='draw', on_click=sign).props('unelevated')
        ui.label('签字只对当时显示的内容有效；签字后才能看到其他评估专家已签字的评分表。' if shown.assessor else '汇总评分表全部签字后，由中心作出评估结论。').classes('dj-note')


def _paper(me: Actor, shown: SheetPage) -> None:
    build = partial(built, me, shown.application, 'F-TECHEVAL', lambda work, _: sheet_record(work, shown.sheet.id))
    blank = blank_sheet(shown.rubric.id)
    ui.html('文书', tag='h2', sanitize=False).classes('dj-heading')
    name = f'备案技术评估评分表_{shown.occupation or "公共部分"}'.replace('/', '_')
    documents([Paper('F-TECHEVAL', name, {'PDF': build(sheet_pdf), 'XLSX': build(sheet_xlsx), '空白PDF': lambda: sheet_pdf(blank), '空白XLSX': lambda: sheet_xlsx(blank)})], bundle_name=f'{shown.org.name}_{name}')
