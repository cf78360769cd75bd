"""自评: the assessment's own sheets filled from the registers, what is lost and what to do, what a person must judge, and F-PRECHECK-SELF of each sheet."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from app.actors import Actor
from app.assessment.documents import precheck_pdf, precheck_xlsx
from app.assessment.records import PrecheckRecord, SelfLine, precheck_record
from app.filing.queries import Page
from app.filing.records import ApplicationRecord
from app.filing.scoring import ScoredLine, SelfSheet, self_score
from app.regulation import profile
from pages.filing.shown import printed, read_now
from pages.parts.documents import Paper, documents
from pages.parts.tables import table

FORM = 'F-PRECHECK-SELF'
SCOPES = {'filing': '否决备案', 'operation': '否决开展工作'}


def self_check(me: Actor, found: Page, record: ApplicationRecord) -> None:
    """Draw the score sheet by sheet and the papers; nothing for a way that is not assessed."""
    scored = self_score(record, profile(record.profile))
    if not scored.sheets:
        return
    ui.html('自评', tag='h2', sanitize=False).classes('dj-heading')
    ui.label('按技术评估评分表，用登记的数据先行自评：登记能说明的已计分，须人判断的列为待定。').classes('dj-note')
    table('自评分', ('评分表', '已确定', '最多可得', '待人判断', '否决', '预期'), [
        (sheet_name(sheet), str(sheet.least), str(sheet.most), f'{len(sheet.open_lines)}项', f'{sum(1 for line in sheet.lines if line.veto)}项', sheet.outlook.text)
        for sheet in scored.sheets])
    for sheet in scored.sheets:
        _gaps(sheet)
        _open(sheet)
    documents(
        [Paper(FORM, f'备案自查表（{sheet_name(sheet)}）', {'PDF': _paper(me, found, n, precheck_pdf), 'XLSX': _paper(me, found, n, precheck_xlsx)})
         for n, sheet in enumerate(scored.sheets)], bundle_name=f'备案自查表_{record.org.name}')


def sheet_name(sheet: SelfSheet) -> str:
    """Return 公共部分, or the occupation."""
    return sheet.row.name if sheet.row else '公共部分'


def self_line(line: ScoredLine) -> SelfLine:
    """Return what F-PRECHECK-SELF says of an item: where it comes from, what is lost, what to do; who and until when are written by hand."""
    said = [f'待人判断：{line.evidence}' if line.judged else line.evidence]
    if line.veto:
        said.append(SCOPES[line.veto])
    if line.lost:
        said.append(f'失{line.lost}分')
    return SelfLine('；'.join(x.rstrip('。') for x in [*said, line.todo] if x))


def _gaps(sheet: SelfSheet) -> None:
    if sheet.gaps:
        with ui.expansion(f'{sheet_name(sheet)}：失分{len(sheet.gaps)}项', value=True).classes('w-full'):
            table('失分', ('评估内容', '要求', '失分', '登记的情况', '怎么办'), [
                (line.place, line.item.content, SCOPES[line.veto] if line.veto else str(line.lost), line.evidence, line.todo) for line in sheet.gaps])


def _open(sheet: SelfSheet) -> None:
    if sheet.open_lines:
        with ui.expansion(f'{sheet_name(sheet)}：待人判断{len(sheet.open_lines)}项').classes('w-full'):
            table('待人判断', ('评估内容', '要求', '最多可得', '登记的情况'), [(line.place, line.item.content, str(line.most), line.evidence or '—') for line in sheet.open_lines])


def _paper(me: Actor, found: Page, n: int, draw: Callable[[PrecheckRecord], bytes]) -> Callable[[], bytes]:
    """Return the build of one sheet's paper: scored anew when it is printed."""
    def build() -> bytes:
        now = read_now(me, found)
        sheet = self_score(now.record, now.printing.profile).sheets[n]
        printed(me, found, FORM)
        return draw(precheck_record(
            sheet.rubric_id, now.record.org.name, sheet.row.name if sheet.row else '', sheet.answers, {x.item.id: self_line(x) for x in sheet.lines}, now.printing.at))

    return build
