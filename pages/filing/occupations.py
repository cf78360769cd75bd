"""The occupations asked for: chosen from the list of occupations or typed, with levels, standard and how each is evaluated."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from app.actors import Actor
from app.filing.drafts import add_range, change_range, remove_range
from app.filing.queries import Page, asked_ranges
from app.organizations.occupations import Occupation, occupations
from app.words import LEVELS, level_digits
from app.work import begin, look
from db.filing import ApplicationRange
from pages.parts.confirm import confirm
from pages.parts.refusals import refusals

MODES = {'theory': '理论', 'practical': '实操', 'review': '综合评审'}


def ranges_form(me: Actor, found: Page) -> None:
    """Draw what is asked for, each line to be changed or taken out, and the form of a new one."""
    application_id = found.app.id

    @ui.refreshable
    def rows() -> None:
        with look(me) as work:
            held = asked_ranges(work, application_id)
        if not held:
            ui.label('还没有申请职业，请在下面选择职业和等级后添加。').classes('dj-note')
            return
        with ui.element('div').classes('dj-scroll').props('tabindex=0 role=region aria-label=申请职业'), ui.element('table').classes('dj-table'):
            with ui.element('thead'), ui.element('tr'):
                for word in ('序号', '职业编码', '职业（工种）', '等级', '评价依据', '评价方式', '办理'):
                    ui.html(word, tag='th', sanitize=False).props('scope=col')
            with ui.element('tbody'):
                for n, row in enumerate(held, 1):
                    _line(me, n, row, rows.refresh)

    rows()
    ui.html('添加职业', tag='h3', sanitize=False).classes('dj-heading')
    with ui.column().classes('w-full gap-2'):
        box = _Box(None)

        @refusals()
        def add() -> None:
            with begin(me) as work:
                add_range(work, application_id=application_id, **box.values())
            box.clear()
            rows.refresh()

        ui.button('添加', icon='add', on_click=add).props('unelevated')


def _line(me: Actor, n: int, row: ApplicationRange, redraw: object) -> None:
    @refusals()
    async def remove() -> None:
        if await confirm(f'从申请范围中删去“{row.occupation}”。', do='删去'):
            with begin(me) as work:
                remove_range(work, range_id=row.id)
            redraw()  # type: ignore[operator]

    def change() -> None:
        with ui.dialog(value=True) as dialog, ui.card().classes('dj-dialog').props('role=dialog aria-label=修改申请职业'):
            ui.label('修改申请职业').classes('dj-dialog-title')
            box = _Box(row)

            @refusals()
            def save() -> None:
                with begin(me) as work:
                    change_range(work, range_id=row.id, shown=row.revision, **box.values())
                dialog.close()
                redraw()  # type: ignore[operator]

            with ui.row().classes('w-full justify-end gap-2'):
                ui.button('取消', on_click=dialog.close).props('outline')
                ui.button('保存', on_click=save).props('unelevated')
        dialog.on('hide', dialog.delete)

    name = f'{row.occupation}/{row.work_type}' if row.work_type else row.occupation
    with ui.element('tr'):
        for text in (str(n), row.occupation_code, name, level_digits(row.levels), row.standard, '；'.join(f'{MODES[k]}：{v}' for k, v in row.modes.items() if v) or '—'):
            with ui.element('td'):
                ui.label(text)
        with ui.element('td'), ui.row().classes('gap-1 no-wrap'):
            ui.button('修改', on_click=change).props('outline dense').props['aria-label'] = f'修改 {name}'
            ui.button('删去', on_click=remove).props('outline dense').props['aria-label'] = f'删去 {name}'


class _Box:
    """The fields of one line."""

    def __init__(self, row: ApplicationRange | None) -> None:
        """Draw them, filled with a line or empty."""
        self.offered = {f'{o.code}|{o.work_type}': o for o in occupations() if o.code}
        words = {key: f'{o.code} {o.name}{"/" + o.work_type if o.work_type else ""}（{level_digits(o.levels) or "等级见标准"}）' for key, o in self.offered.items()}
        self.listed = ui.select(words, label='从职业目录选择', with_input=True, on_change=lambda e: self._take(self.offered[e.value]) if e.value else None).props('outlined dense').classes('w-full')
        with ui.row().classes('w-full gap-2'):
            self.code = ui.input('职业编码 *', value=row.occupation_code if row else '').props('outlined dense maxlength=20').style('width: 11em')
            self.name = ui.input('职业名称 *', value=row.occupation if row else '').props('outlined dense maxlength=60').style('width: 12em')
            self.work_type = ui.input('工种', value=row.work_type if row else '').props('outlined dense maxlength=60').style('width: 12em')
            self.standard = ui.input('评价依据', value=row.standard if row else '国家职业技能标准').props('outlined dense maxlength=80').style('width: 14em')
        with ui.row().classes('items-center gap-3').props('role=group aria-label=等级'):
            self.levels = {level: ui.checkbox(word, value=bool(row and level in row.levels)) for level, word in LEVELS.items()}
        with ui.row().classes('w-full gap-2'):
            self.modes = {key: ui.input(f'{word}评价方式', value=row.modes.get(key, '') if row else '').props('outlined dense maxlength=60').style('width: 12em') for key, word in MODES.items()}

    def values(self) -> dict[str, Any]:
        """Return what an operation takes."""
        return {
            'occupation_code': self.code.value or '', 'occupation': self.name.value or '', 'work_type': self.work_type.value or '', 'standard': self.standard.value or '',
            'levels': [level for level, box in self.levels.items() if box.value], 'modes': {key: box.value or '' for key, box in self.modes.items()}}

    def clear(self) -> None:
        """Empty the line for the next."""
        self.listed.value = None
        for box in (self.code, self.name, self.work_type, *self.modes.values()):
            box.value = ''
        for tick in self.levels.values():
            tick.value = False

    def _take(self, chosen: Occupation) -> None:
        self.code.value, self.name.value, self.work_type.value = chosen.code, chosen.name, chosen.work_type
        for level, tick in self.levels.items():
            tick.value = level in chosen.levels
