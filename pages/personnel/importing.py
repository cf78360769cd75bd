"""The import of a register's workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nicegui import run, ui

from app.access import Permission
from app.actors import Actor
from app.codes import mask_id
from app.intake_table import Table
from app.personnel.documents import rows_back_xlsx, sheet_record, sheet_xlsx, template_xlsx
from app.personnel.importing import judge, queue_rows
from app.personnel.judging import Fate
from app.personnel.queries import register_of
from app.personnel.reading import written_of
from app.personnel.registers import Register
from app.work import Work, look
from db.jobs import Job
from pages.frame import page
from pages.parts.importing import RowsImporter, importing
from pages.parts.refusals import refusals
from pages.personnel.lists import draw_tabs, with_numbers


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


class _Sheet(RowsImporter):
    """The import of one register."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.title = f'{register.title}登记册'
        more = [i for i in register.items if i.owner == 'row' and (i.required or i.fixed or i.key == 'card_no')] or [i for i in register.items if i.key in ('post', 'title', 'duty')]
        self.items = [i for i in register.items if i.key in ('name', 'id_no')] + more
        self.columns = [(i.key, i.head) for i in self.items]

    def template(self) -> bytes:
        return template_xlsx(self.register.name)

    def judge(self, work: Work, data: bytes, name: str) -> tuple[Table, Sequence[Fate]]:
        return judge(work, register=self.register.name, data=data, name=name)

    def queue(self, work: Work, file_id: int) -> Job:
        return queue_rows(work, register=self.register.name, file_id=file_id)

    def cells(self, fate: Fate) -> Mapping[str, str]:
        return {i.key: mask_id(str(fate.values.get('id_no', ''))) if i.key == 'id_no' else written_of(i, fate.values.get(i.key)) for i in self.items}

    def back(self, bad: Sequence[tuple[Mapping[str, str], str]]) -> bytes:
        return rows_back_xlsx(self.register.name, bad)
