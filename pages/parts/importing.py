"""The one import of the whole house: template, preview of every row with its fate, good rows in, bad rows back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar

from nicegui import run, ui

from app import jobs
from app.actors import Actor
from app.errors import Refused
from app.files import keep_stored, store_file
from app.findings import Finding
from app.intake import XLSX_BYTES
from app.intake_table import Table
from app.work import Work, begin, look
from app.zips import UNPACKED_BYTES
from db.jobs import Job
from pages.parts.progress import progress
from pages.parts.refusals import refusals
from pages.parts.upload import Given, upload

WORKBOOK = 'application/octet-stream'  # .xlsx or .xls: the import looks, and nobody downloads it
AT_ONCE = 50  # rows of the preview drawn at a time
Outcome = Literal['new', 'same', 'changed', 'bad']
WORDS: Mapping[Outcome, str] = {'new': '新增', 'changed': '更新', 'same': '相同', 'bad': '有误'}


class Fate(Protocol):
    """What will happen to one row of the sheet."""

    @property
    def row(self) -> int:
        """Number in the sheet."""

    @property
    def outcome(self) -> Outcome:
        """new, changed, same (nothing to do) or bad (not imported)."""

    @property
    def findings(self) -> Sequence[Finding]:
        """What is wrong and what to do; warnings too."""


class Checked(Protocol):
    """A file that was read and judged; nothing is written yet."""

    @property
    def outcomes(self) -> Sequence[Outcome]:
        """One for each row, in the order of the sheet."""

    def fate(self, at: int) -> Fate:
        """Return the whole fate of a row by its index in `outcomes`; asked for those that are shown."""


Found = TypeVar('Found', bound=Checked)


class Importer(Protocol[Found]):
    """What a function brings to import its rows; everything but `start` runs in a thread, outside any transaction.

    title: 考生名单 · columns: (key, head) of the preview · second: what a ZIP beside the workbook holds, '' for none
    """

    @property
    def title(self) -> str: ...

    @property
    def columns(self) -> Sequence[tuple[str, str]]: ...

    @property
    def second(self) -> str: ...

    def template(self) -> bytes:
        """Return the empty workbook with notes, heads and value lists."""

    def check(self, me: Actor, book: Given, second: Given | None) -> Found:
        """Read and judge every row; raises Refused for a file that cannot be read as a whole."""

    def cells(self, fate: Any) -> Mapping[str, str]:
        """Return what the preview shows of a row, by column key; ID numbers masked."""

    def start(self, me: Actor, checked: Found) -> int:
        """Queue the job that brings in what is new and changed; returns its id. Rows are judged again while they are written."""

    def rows_back(self, checked: Found) -> bytes:
        """Return the bad rows in the same template with a column 原因."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A workbook that was judged row by row. written: {row: {column key: text as it stood}}"""

    given: Given
    fates: Sequence[Any]
    written: Mapping[int, Mapping[str, str]]

    @property
    def outcomes(self) -> Sequence[Outcome]:
        return [fate.outcome for fate in self.fates]

    def fate(self, at: int) -> Any:
        return self.fates[at]


class RowsImporter(ABC):
    """An import of one workbook whose rows are all judged at once; a function says how it judges, queues and writes rows back."""

    title: str
    columns: Sequence[tuple[str, str]]
    second = ''

    @abstractmethod
    def template(self) -> bytes:
        """Return the empty workbook with notes, heads and value lists."""

    @abstractmethod
    def judge(self, work: Work, data: bytes, name: str) -> tuple[Table, Sequence[Any]]:
        """Return the workbook as read and the fate of every row; raises Refused for one that cannot be read as a whole."""

    @abstractmethod
    def queue(self, work: Work, file_id: int) -> Job:
        """Queue the import of a kept workbook."""

    @abstractmethod
    def cells(self, fate: Any) -> Mapping[str, str]:
        """Return what the preview shows of a row, by column key; ID numbers masked."""

    @abstractmethod
    def back(self, bad: Sequence[tuple[Mapping[str, str], str]]) -> bytes:
        """Return bad rows, {column key: text} and why, in the template with a column 原因."""

    def check(self, me: Actor, book: Given, second: Given | None) -> Rows:
        with look(me) as work:
            sheet, judged = self.judge(work, book.data, book.name)
        return Rows(book, judged, {row.number: {key: row.written.get(key) or row.text(key) for key in row.values} for row in sheet.rows})

    def start(self, me: Actor, checked: Rows) -> int:
        stored = store_file(checked.given.data, me.org_id, name=checked.given.name, content_type=WORKBOOK)
        with begin(me) as work:
            job = self.queue(work, keep_stored(work, stored).id)
        jobs.wake()
        return job.id

    def rows_back(self, checked: Rows) -> bytes:
        return self.back([
            (checked.written[f.row], '；'.join(x.sentence for x in f.findings if x.severity == 'block')) for f in checked.fates if f.outcome == 'bad'])


def importing(me: Actor, importer: Importer[Found]) -> None:
    """Draw the three steps of an import: template, file with preview, import with progress."""
    second: list[Given] = []

    @refusals()
    async def template() -> None:
        if data := await run.io_bound(importer.template):
            ui.download.content(data, f'{importer.title}模板.xlsx')

    @refusals()
    async def read(book: Given) -> None:
        preview.clear()
        with preview, ui.row().classes('items-center gap-2'):
            ui.spinner(size='sm')
            ui.label('正在读取并逐行核对…').props('role=status')
        checked, fault = None, ''
        try:
            checked = await run.io_bound(importer.check, me, book, second[0] if second else None)
        except Refused as refused:
            if refused.rule or refused.findings:
                raise
            fault = refused.sentence
        finally:
            preview.clear()
        with preview:
            if fault:  # beside the file it is about, until another one is chosen
                ui.label(fault).classes('dj-faults dj-sentence').props('role=alert')
            elif checked is not None:
                _Preview(me, importer, checked)

    with ui.column().classes('dj-import w-full gap-3'):
        with _step('1', '下载模板，照表头和说明填写'):
            ui.button(f'下载{importer.title}模板', icon='download', on_click=template).props('outline')
        if importer.second:
            with _step('2', f'选择{importer.second}（ZIP，可不选）'):
                upload(f'选择{importer.second}', most_bytes=UNPACKED_BYTES, accept='.zip', on_file=lambda given: second.__setitem__(slice(None), [given]))
        with _step('3' if importer.second else '2', '选择填好的工作簿，先核对，不会立即写入'):
            upload('选择工作簿', most_bytes=XLSX_BYTES, accept='.xlsx,.xls', on_file=read)
        preview = ui.column().classes('w-full gap-2')


class _Preview:
    """Every row with its fate, and the button that brings the good ones in."""

    def __init__(self, me: Actor, importer: Importer[Found], checked: Found) -> None:
        self.checked = checked
        self.importer = importer
        self.count = Counter(checked.outcomes)
        self.wanted: Outcome | None = None
        self.start = 0
        good = self.count['new'] + self.count['changed']

        @refusals()
        async def back() -> None:
            if data := await run.io_bound(importer.rows_back, checked):
                ui.download.content(data, f'{importer.title}有误的行.xlsx')

        @refusals()
        async def go() -> None:
            go_button.disable()
            try:
                job_id = await run.io_bound(importer.start, me, checked)
            except BaseException:
                go_button.enable()
                raise
            if job_id is not None:  # None while the server stops
                with job:
                    progress(me, job_id, on_end=_told)

        ui.label(self._said()).classes('dj-job-title').props('role=status')
        with ui.row().classes('gap-2').props('role=group aria-label=按结果查看'):
            ui.button(f'全部 {len(checked.outcomes)}', on_click=lambda: self._show(None)).props('outline dense')
            for outcome, word in WORDS.items():
                button = ui.button(f'{word} {self.count[outcome]}', on_click=lambda outcome=outcome: self._show(outcome)).props('outline dense')
                button.set_enabled(bool(self.count[outcome]))
        self._draw_table()
        with ui.row().classes('gap-2 dj-bar'):
            go_button = ui.button(f'导入{good}行' if good else '没有需要导入的行', icon='playlist_add_check', on_click=go).props('unelevated')
            go_button.set_enabled(bool(good))
            if self.count['bad']:
                ui.button(f'下载有误的{self.count["bad"]}行（含原因）', icon='download', on_click=back).props('outline')
        job = ui.column().classes('w-full')

    def _said(self) -> str:
        count, rows = self.count, len(self.checked.outcomes)
        if not rows:
            return '工作簿中没有数据行。请在表头下方填写后重新选择。'
        if count['same'] == rows:
            return f'共{rows}行，均与系统中相同，无须导入。'
        bad = f'；有误{count["bad"]}行不会导入，可下载更正后再次选择' if count['bad'] else ''
        return f'共{rows}行：新增{count["new"]}行，更新{count["changed"]}行，相同{count["same"]}行{bad}。'

    def _draw_table(self) -> None:
        columns = [('row', '行号'), ('said', '结果'), ('reason', '说明'), *self.importer.columns]
        self.table = ui.table(
            rows=[], row_key='row', pagination={'rowsPerPage': 0},
            columns=[{'name': key, 'label': head, 'field': key, 'align': 'left', 'style': 'min-width: 14em' if key == 'reason' else ''} for key, head in columns])
        self.table.props('hide-pagination dense flat bordered tabindex=0 role=region aria-label=逐行核对结果').classes('dj-fates w-full')
        self.table.add_slot('body-cell-said', '<q-td :props="props"><span :class="\'dj-mark dj-is-\' + props.row.outcome">{{ props.value }}</span></q-td>')
        with ui.row().classes('items-center gap-2'):
            self.back = ui.button('上一页', on_click=lambda: self._show(self.wanted, self.start - AT_ONCE)).props('outline dense')
            self.forth = ui.button('下一页', on_click=lambda: self._show(self.wanted, self.start + AT_ONCE)).props('outline dense')
            self.place = ui.label().props('role=status')
        self._show('bad' if self.count['bad'] else None)

    def _show(self, wanted: Outcome | None, start: int = 0) -> None:
        self.wanted, self.start = wanted, max(0, start)
        rows = [at for at, outcome in enumerate(self.checked.outcomes) if wanted in (None, outcome)]
        part = [self.checked.fate(at) for at in rows[self.start:self.start + AT_ONCE]]
        self.table.rows = [
            {**self.importer.cells(fate), 'row': fate.row, 'said': WORDS[fate.outcome], 'outcome': fate.outcome, 'reason': ' '.join(f.sentence for f in fate.findings)}
            for fate in part]
        self.back.set_enabled(self.start > 0)
        self.forth.set_enabled(self.start + AT_ONCE < len(rows))
        self.place.set_text(f'{WORDS[wanted] if wanted else "全部"}：第{self.start + 1}～{self.start + len(part)}行，共{len(rows)}行' if part else '')


def _told(job: Job) -> None:
    ui.notify(job.message or '导入已结束。', type='positive' if job.state == 'done' else 'warning', position='top', multi_line=True)


def _step(number: str, sentence: str) -> ui.column:
    with ui.row().classes('dj-step items-start no-wrap w-full gap-3'):
        ui.label(number).classes('dj-step-number').props('aria-hidden=true')
        with ui.column().classes('gap-1 dj-grow') as column:
            ui.label(sentence).classes('dj-step-title')
    return column
