"""成绩 of a batch: two entries by two people, comparison, signatures, publicity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nicegui import ui

from app import jobs
from app.access import Permission
from app.actors import Actor
from app.errors import Refused
from app.files import keep_stored, store_file
from app.intake_table import Table
from app.registration.rules import Outcome
from app.scores import operations
from app.scores.documents import (
    check_list_xlsx,
    check_record,
    notice_docx,
    notice_pdf,
    notice_record,
    score_record,
    score_sheet_pdf,
    score_sheet_xlsx,
    scores_back_xlsx,
    template_xlsx,
)
from app.scores.importing import ScoreFate, entries_word
from app.scores.jobs import judge, queue_rows
from app.scores.queries import ScoreTable, score_table, withdrawn_signatures
from app.scores.rules import STATUS_WORDS, STEP_WORDS, STEPS, entry_text
from app.words import LEVELS, SUBJECTS, screen_moment
from app.work import begin, look
from pages.batches import batch_head
from pages.frame import page
from pages.parts.confirm import confirm
from pages.parts.documents import Paper, documents
from pages.parts.findings import findings_table
from pages.parts.importing import importing
from pages.parts.matrix import Cell, Line, Matrix
from pages.parts.refusals import refusals
from pages.parts.tables import table
from pages.parts.upload import Given
from pages.registration import WORKBOOK

AT_ONCE = 60  # rows that a page opens by itself
ROUNDS = {1: '第一次录入', 2: '第二次录入'}
_SIGNS = {
    'leader': Permission.SCORES_SIGN_LEADER, 'recorder': Permission.SCORES_SIGN_RECORDER, 'supervisor': Permission.SCORES_SIGN_SUPERVISOR,
    'exam_affairs': Permission.SCORES_SIGN_EXAM_AFFAIRS}


@page('/batches/{batch_id}/scores', title='成绩', needs=Permission.SCORES_READ)
def score_page(me: Actor, batch_id: int) -> None:
    """What stands in the table, what is missing, the signatures and the publicity."""
    found = batch_head(me, batch_id, '/scores')
    if found.state in ('preparing', 'registering'):
        ui.label('名单定稿后才能录入成绩。').classes('dj-note')
        return
    with look(me) as work:
        shown, taken_back = score_table(work, batch_id), withdrawn_signatures(work, batch_id)
    if found.state == 'scoring':
        _entries(me, shown)
    _compared(shown)
    _signatures(me, shown)
    if taken_back:
        with ui.expansion(f'撤回过的签字（{len(taken_back)}）', value=len(taken_back) <= len(STEPS)).classes('w-full'):
            table('撤回过的签字', ('岗位', '签字人', '签字时间', '撤回人', '撤回时间', '撤回理由'), [
                (STEP_WORDS[s.step], s.signed_by, screen_moment(s.signed_at), s.withdrawn_by or '—', screen_moment(s.withdrawn_at) if s.withdrawn_at else '—',
                 s.withdrawn_reason or '见批次的办理记录') for s in taken_back])
    if found.state in ('signed', 'publicized') and (me.may(Permission.SCORES_PUBLICIZE) or me.may(Permission.SCORES_REOPEN)):
        _publicity(me, shown)
    _papers(me, shown)


def _entries(me: Actor, shown: ScoreTable) -> None:
    if not me.may(Permission.SCORES_ENTER):
        return
    with ui.row().classes('gap-2 items-center'):
        for number, word in ROUNDS.items():
            ui.button(f'{word}（逐格）', icon='grid_on').props(f'outline href=/batches/{shown.batch.id}/scores/{number}')
            ui.button(f'{word}（工作簿）', icon='upload_file').props(f'outline href=/batches/{shown.batch.id}/scores/{number}/import')
        ui.label('两次录入须由两人分别完成。').classes('dj-note')


def _compared(shown: ScoreTable) -> None:
    count = dict.fromkeys(('missing', 'one', 'equal', 'differs'), 0)
    for row in shown.rows:
        for cell in row.cells.values():
            count[cell.status] += 1
    with ui.row().classes('gap-2'):
        for status, word, grade in (('equal', '两次一致', 'good'), ('differs', '不一致', 'block'), ('one', '待第二次录入', 'warn'), ('missing', '未录入', 'remind')):
            ui.label(f'{word} {count[status]}').classes(f'dj-mark dj-is-{grade if count[status] else "calm"}')
    if shown.findings:
        with ui.expansion(f'签字前须处理{len(shown.findings)}项', value=len(shown.findings) <= 10).classes('w-full'):
            findings_table(shown.findings[:200])
    with ui.expansion(f'成绩表（{len(shown.rows)}人）', value=not shown.findings and len(shown.rows) <= AT_ONCE).classes('w-full'):
        table('成绩表', ('准考证号', '姓名', '职业等级', *SUBJECTS.values()), [
            (row.candidate.ticket_number or '', row.candidate.name, f'{row.group.occupation} {LEVELS[row.group.level]}',
             *(_both(row.cells[s]) if s in row.cells else '—' for s in SUBJECTS)) for row in shown.rows])


def _both(cell: Any) -> str:
    if cell.status == 'equal':
        return entry_text(cell.first)
    if cell.status == 'differs':
        return f'{entry_text(cell.first)} / {entry_text(cell.second)}'
    return STATUS_WORDS[cell.status]  # one entry alone is not shown: whoever makes the second must not see it


def _signatures(me: Actor, shown: ScoreTable) -> None:
    ui.html('签字', tag='h2', sanitize=False).classes('dj-heading')
    signed = {s.step: s for s in shown.signatures}
    table('签字', ('顺序', '岗位', '签字人', '时间'), [
        (str(i), STEP_WORDS[step], signed[step].signed_by if step in signed else '—', screen_moment(signed[step].signed_at) if step in signed else '未签')
        for i, step in enumerate(STEPS, 1)])
    if shown.batch.state != 'scoring':
        return
    due = next((s for s in STEPS if s not in signed), None)

    @refusals()
    async def sign() -> None:
        if due and await confirm(f'以{STEP_WORDS[due]}身份签署{len(shown.rows)}人的成绩表（校验码{shown.content_hash[:8]}）。签字只对当前显示的内容有效。', do='签字'):
            with begin(me) as work:
                operations.sign_table(work, batch_id=shown.batch.id, step=due, shown_hash=shown.content_hash)
            ui.navigate.reload()

    @refusals()
    async def withdraw() -> None:
        if not (reason.value or '').strip():
            raise Refused('请先写明撤回理由。')
        with begin(me) as work:
            operations.withdraw_signatures(work, batch_id=shown.batch.id, reason=reason.value)
        ui.navigate.reload()

    with ui.row().classes('items-center gap-2'):
        if due and me.may(_SIGNS[due]):
            ui.button(f'以{STEP_WORDS[due]}身份签字', icon='draw', on_click=sign).props('unelevated').set_enabled(not shown.findings)
            if shown.findings:
                ui.label(f'还有{len(shown.findings)}项未处理，不能签字。').classes('dj-note')
        elif due:
            ui.label(f'现在应由{STEP_WORDS[due]}签字。').classes('dj-note')
        if signed and me.may(Permission.SCORES_SIGN_EXAM_AFFAIRS):
            reason = ui.input('撤回理由').props('outlined dense maxlength=500')
            ui.button('撤回签字', on_click=withdraw).props('outline')


def _publicity(me: Actor, shown: ScoreTable) -> None:
    batch = shown.batch
    ui.html('公示', tag='h2', sanitize=False).classes('dj-heading')

    @refusals()
    async def start() -> None:
        with look(me) as work:
            days = work.profile.scores.publicity_working_days.value
        if await confirm(f'从今天起公示{len(shown.rows)}人的结果，为期{days}个工作日；期满后机构负责人才能签批核发。', do='开始公示', danger=False):
            with begin(me) as work:
                operations.publicize(work, batch_id=batch.id, from_on=work.today)
            ui.navigate.reload()

    @refusals()
    async def reopen() -> None:
        if await confirm('撤回全部签字、公示作废，成绩重新核对签字。', do='撤回签字'):
            with begin(me) as work:
                operations.reopen_table(work, batch_id=batch.id, reason=reason.value or '')
            ui.navigate.reload()

    if batch.publicity_from_on:
        late = '（日历未载入该年，暂定）' if batch.publicity_provisional else ''
        ui.label(f'公示期 {batch.publicity_from_on} 至 {batch.publicity_to_on}{late}；期满次日起机构负责人可签批核发。')
    with ui.row().classes('items-center gap-2'):
        if batch.state == 'signed' and me.may(Permission.SCORES_PUBLICIZE):
            ui.button('开始公示', icon='campaign', on_click=start).props('unelevated')
        if me.may(Permission.SCORES_REOPEN):
            reason = ui.input('撤回理由').props('outlined dense maxlength=500')
            ui.button('撤回签字，重新核对', on_click=reopen).props('outline')


def _papers(me: Actor, shown: ScoreTable) -> None:
    batch_id = shown.batch.id

    def of(read: Callable[..., Any], draw: Callable[[Any], bytes], form: str = '') -> Callable[[], bytes]:
        def build() -> bytes:
            with look(me) as work:
                record = read(work, batch_id)
            data = draw(record)
            if form:  # full ID numbers leave the house: the trail says so
                with begin(me) as work:
                    operations.note_paper(work, batch_id=batch_id, form=form)
            return data
        return build

    if any(cell.status in ('missing', 'one') for row in shown.rows for cell in row.cells.values()):
        return  # before both entries are whole, no paper shows one of them
    papers = [Paper('F-SCORE-CHECK', '成绩录入双人核对单', {'XLSX': of(check_record, check_list_xlsx)})]
    if shown.batch.state != 'scoring':
        papers.insert(0, Paper('F-SCORESUM', '成绩汇总表', {
            'PDF': of(score_record, score_sheet_pdf, 'F-SCORESUM'), 'XLSX': of(score_record, score_sheet_xlsx, 'F-SCORESUM')}))
    if shown.batch.publicity_from_on:
        papers.append(Paper('F-RESULT-NOTICE', '认定结果公示', {'PDF': of(notice_record, notice_pdf), 'DOCX': of(notice_record, notice_docx)}))
    ui.html('文书', tag='h2', sanitize=False).classes('dj-heading')
    documents(papers, bundle_name=f'{shown.batch.number}_成绩文书')


@page('/batches/{batch_id}/scores/{round_no}', title='录入成绩', needs=Permission.SCORES_ENTER)
def entry_page(me: Actor, batch_id: int, round_no: int) -> None:
    """The grid of one entry: the other person's entry is never shown."""
    found = batch_head(me, batch_id, '/scores')
    if round_no not in ROUNDS:
        raise Refused('只有第一次和第二次录入。')
    with look(me) as work:
        shown = score_table(work, batch_id)
    ui.label(f'{ROUNDS[round_no]}：填写分数（最多一位小数）或“缺考”“违纪取消”“未参加”。回车到下一行，每格离开即保存；不显示另一次录入的内容。').classes('dj-note')
    subjects = [s for s in SUBJECTS if any(s in row.cells for row in shown.rows)]
    lines = [Line(str(row.candidate.id), (row.candidate.ticket_number or '', row.candidate.name, LEVELS[row.group.level]),
                  tuple(_own(row.cells.get(s), round_no) for s in subjects)) for row in shown.rows]

    def save(line: str, column: int, value: str, before: str) -> str:
        with begin(me) as work:
            entry = operations.enter_score(
                work, batch_id=batch_id, candidate_id=int(line), subject=subjects[column], round_no=round_no, text=value, shown=before)
            kept = entry.mark if entry.tenths is None else entry.tenths
        return entry_text(kept)

    Matrix(('准考证号', '姓名', '等级'), tuple(SUBJECTS[s] for s in subjects), lines, save, label=f'{found.number}{ROUNDS[round_no]}')
    ui.button('返回成绩').props(f'outline href=/batches/{batch_id}/scores')


def _own(cell: Any, round_no: int) -> Cell:
    if cell is None:
        return Cell('', False)
    return Cell(entry_text(cell.first if round_no == 1 else cell.second), True)


@dataclass(frozen=True, slots=True)
class _Checked:
    """A workbook of scores that was judged."""

    given: Given
    table: Table
    fates: Sequence[ScoreFate]

    @property
    def outcomes(self) -> Sequence[Outcome]:
        return [fate.outcome for fate in self.fates]

    def fate(self, at: int) -> ScoreFate:
        return self.fates[at]


class _Scores:
    """The import of a workbook of scores as one of the two entries."""

    title = '成绩'
    columns = (('ticket', '准考证号'), ('name', '姓名'), ('entries', '将写入'))
    second = ''

    def __init__(self, me: Actor, batch_id: int, round_no: int) -> None:
        self.me, self.batch_id, self.round_no = me, batch_id, round_no

    def template(self) -> bytes:
        with look(self.me) as work:
            shown = score_table(work, self.batch_id)
        return template_xlsx([(row.candidate.ticket_number or '', row.candidate.name, tuple(row.cells)) for row in shown.rows])

    def check(self, me: Actor, book: Given, second: Given | None) -> _Checked:
        with look(me) as work:
            return _Checked(book, *judge(work, batch_id=self.batch_id, round_no=self.round_no, data=book.data, name=book.name))

    def cells(self, fate: ScoreFate) -> Mapping[str, str]:
        return {'ticket': fate.ticket, 'name': fate.name, 'entries': entries_word(fate.entries)}

    def start(self, me: Actor, checked: _Checked) -> int:
        stored = store_file(checked.given.data, me.org_id, name=checked.given.name, content_type=WORKBOOK)
        with begin(me) as work:
            job = queue_rows(work, batch_id=self.batch_id, round_no=self.round_no, file_id=keep_stored(work, stored).id)
        jobs.wake()
        return job.id

    def rows_back(self, checked: _Checked) -> bytes:
        bad = [(at, fate) for at, fate in enumerate(checked.fates) if fate.outcome == 'bad']
        return scores_back_xlsx([(checked.table.row(at).as_written(), '；'.join(x.sentence for x in fate.findings)) for at, fate in bad])


@page('/batches/{batch_id}/scores/{round_no}/import', title='导入成绩', needs=Permission.SCORES_ENTER)
def import_page(me: Actor, batch_id: int, round_no: int) -> None:
    """A workbook as one of the two entries."""
    batch_head(me, batch_id, '/scores')
    if round_no not in ROUNDS:
        raise Refused('只有第一次和第二次录入。')
    ui.label(ROUNDS[round_no]).classes('dj-subtitle')
    importing(me, _Scores(me, batch_id, round_no))
    ui.button('返回成绩').props(f'outline href=/batches/{batch_id}/scores')
