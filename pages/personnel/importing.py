"""The import of a register's workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nicegui import run, ui

from app import jobs
from app.access import Permission
from app.actors import Actor
from app.codes import mask_id
from app.files import keep_file
from app.personnel.documents import rows_back_xlsx, sheet_record, sheet_xlsx, template_xlsx
from app.personnel.importing import judge, queue_rows
from app.personnel.judging import Fate
from app.personnel.queries import register_of
from app.personnel.reading import written_of
from app.personnel.registers import Register
from app.work import begin, look
from pages.frame import page
from pages.parts.importing import Outcome, importing
from pages.parts.refusals import refusals
from pages.parts.upload import Given
from pages.personnel.lists import draw_tabs, with_numbers

WORKBOOK = 'application/octet-stream'  # .xlsx or .xls: the import looks, and nobody downloads it


@page('/personnel/{register}/import', title='导入人员登记册', needs=Permission.PERSONNEL_WRITE)
def import_page(me: Actor, register: str) -> None:
    """Template, preview of every row, import with progress."""
    asked = register_of(register)
    draw_tabs(me, register)
    ui.label(f'导入{asked.title}').classes('dj-subtitle')
    importing(me, _Sheet(asked))
    ui.html('导出登记册', tag='h2', sanitize=False).classes('dj-heading')
    ui.label('含完整证件号码，导出留痕。改好后可以再导入：没有改动的行不会变化，留空的单元格不改动已有内容。').classes('dj-note')

    @refusals()
    async def export() -> None:
        if data := await run.io_bound(with_numbers, me, register, sheet_record, sheet_xlsx):
            with look(me) as work:
                ui.download.content(data, f'{asked.title}登记册_{work.today:%Y-%m-%d}.xlsx')

    ui.button(f'导出{asked.title}登记册', icon='download', on_click=export).props('outline')
    ui.separator()
    ui.button('返回').props(f'outline href=/personnel/{register}')


@dataclass(frozen=True, slots=True)
class _Checked:
    """A workbook that was judged."""

    given: Given
    fates: Sequence[Fate]
    written: Mapping[int, Mapping[str, str]]

    @property
    def outcomes(self) -> Sequence[Outcome]:
        return [fate.outcome for fate in self.fates]

    def fate(self, at: int) -> Fate:
        return self.fates[at]


class _Sheet:
    """The import of one register."""

    second = ''

    def __init__(self, register: Register) -> None:
        self.register = register
        self.title = f'{register.title}登记册'
        more = [i for i in register.items if i.owner == 'row' and (i.required or i.fixed or i.key == 'card_no')] or [i for i in register.items if i.key in ('post', 'title', 'duty')]
        self.items = [i for i in register.items if i.key in ('name', 'id_no')] + more
        self.columns = tuple((i.key, i.head) for i in self.items)

    def template(self) -> bytes:
        return template_xlsx(self.register.name)

    def check(self, me: Actor, book: Given, second: Given | None) -> _Checked:
        with look(me) as work:
            sheet, judged = judge(work, register=self.register.name, data=book.data, name=book.name)
        written = {row.number: {key: row.written.get(key) or row.text(key) for key in row.values} for row in sheet.rows}
        return _Checked(book, judged, written)

    def cells(self, fate: Fate) -> Mapping[str, str]:
        return {i.key: mask_id(str(fate.values.get('id_no', ''))) if i.key == 'id_no' else written_of(i, fate.values.get(i.key)) for i in self.items}

    def start(self, me: Actor, checked: _Checked) -> int:
        with begin(me) as work:
            kept = keep_file(work, checked.given.data, name=checked.given.name, content_type=WORKBOOK)
            job = queue_rows(work, register=self.register.name, file_id=kept.id)
        jobs.wake()
        return job.id

    def rows_back(self, checked: _Checked) -> bytes:
        bad = [(checked.written[f.row], '；'.join(x.sentence for x in f.findings if x.severity == 'block')) for f in checked.fates if f.outcome == 'bad']
        return rows_back_xlsx(self.register.name, bad)
