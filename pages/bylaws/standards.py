"""职业标准: the standards, norms and books at hand; list, form, import and export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from app.access import Permission
from app.actors import Actor
from app.bylaws import operations
from app.bylaws.documents import STANDARDS, standards_xlsx
from app.bylaws.importing import export_xlsx, judge, queue_standards, rows_back_xlsx, template_xlsx
from app.bylaws.queries import count_standards, standards
from app.bylaws.records import standard_record
from app.bylaws.standards import KINDS, WORDS, Fate, books_text
from app.errors import Changed
from app.intake import ROWS
from app.intake_table import Table
from app.organizations.occupations import occupations
from app.words import LEVELS, level_digits
from app.work import Work, begin, look
from db.bylaws import EvaluationStandard
from db.jobs import Job
from pages.frame import page
from pages.parts.confirm import confirm
from pages.parts.documents import Paper, documents, noted
from pages.parts.form import Field, Form
from pages.parts.history import history
from pages.parts.importing import RowsImporter, importing
from pages.parts.listing import Action, Column, Filter, listing
from pages.parts.refusals import refusals


@page('/standards', title='职业标准', needs=Permission.BYLAWS_READ)
def standard_list(me: Actor) -> None:
    """The standards at hand with search, filter, import and export."""
    def fetch(work: Work, *, q: str = '', **more: Any) -> tuple[list[_Line], bool]:
        rows, follow = standards(work, find=q, **more)
        return [_Line(row) for row in rows], follow

    def count(work: Work, limit: int, *, q: str = '', kind: str = '') -> int:
        return count_standards(work, limit or 1_000_000, find=q, kind=kind)

    new = Action('登记标准', '/standards/new', icon='add')
    may = me.may(Permission.BYLAWS_WRITE)
    columns = [
        Column('name', '标准名称'), Column('occupation', '职业'), Column('code', '职业编码'), Column('kind', '类别'), Column('edition', '版本年份'), Column('levels', '等级范围'),
        Column('issue_no', '发布文号', hidden=True), Column('publicized', '已备案公示', hidden=True), Column('kept_at', '存放位置'), Column('books', '教材（本）', align='right')]
    filters = [Filter('kind', '类别', KINDS)]
    listing(
        me, name='standards', title='职业标准', search='标准名称、职业或编码', columns=columns, fetch=fetch, count=count, filters=filters,
        export=_export, opens=lambda line: f'/standards/{line.id}',
        actions=[new, Action('导入', '/standards/import', icon='upload_file')] if may else [],
        empty=('还没有登记职业标准；没有标准的职业不能申报。', new if may else None))
    ui.html('文书', tag='h2', sanitize=False).classes('dj-heading')

    documents([Paper('F-STD-REG', STANDARDS, {'XLSX': noted(me, 'F-STD-REG', standard_record, standards_xlsx)})], bundle_name='职业标准登记')


def _export(me: Actor, _keys: Sequence[str], chosen: dict[str, str]) -> bytes:
    """Return what the filters find in the columns of the import: changed there, it can be brought in again."""
    return noted(me, STANDARDS, lambda work: (standards(work, find=chosen.get('q', ''), kind=chosen.get('kind', ''), limit=ROWS)[0], work.now), lambda read: export_xlsx(*read))()


class _Line:
    """One line of the list as text."""

    def __init__(self, row: EvaluationStandard) -> None:
        self.id, self.name, self.code, self.edition, self.issue_no, self.kept_at = row.id, row.name, row.occupation_code, row.edition, row.issue_no, row.kept_at
        self.occupation = f'{row.occupation}{"/" + row.work_type if row.work_type else ""}'
        self.kind, self.levels, self.books = KINDS[row.kind], level_digits(row.levels), len(row.books)
        self.publicized = '是' if row.publicized else '否'


@page('/standards/new', title='登记职业标准', needs=Permission.BYLAWS_WRITE)
def new_standard(me: Actor) -> None:
    """What tells a standard from others; the rest is filled in on its own page."""
    offered = {i: f'{o.code} {o.name}{"/" + o.work_type if o.work_type else ""}' for i, o in enumerate(occupations()) if o.code}

    @refusals()
    def keep() -> None:
        with begin(me) as work:
            made = operations.add_standard(work, values={
                'occupation_code': code.value or '', 'occupation': occupation.value or '', 'work_type': work_type.value or '', 'kind': kind.value, 'name': name.value or '',
                'edition': edition.value or '', 'levels': levels.value or [], 'publicized': '是' if kind.value == 'national' else '否'})
        ui.navigate.to(f'/standards/{made.id}')

    def choose() -> None:
        if chosen.value is not None:
            o = occupations()[chosen.value]
            code.value, occupation.value, work_type.value, levels.value = o.code, o.name, o.work_type, list(o.levels)
            name.value = name.value or f'{o.name}国家职业技能标准'

    with ui.column().classes('w-full gap-3').style('max-width: 720px'):
        chosen = ui.select(offered, label='从职业目录中选择（可不选）', with_input=True, clearable=True, on_change=choose).props('outlined dense').classes('w-full')
        with ui.row().classes('w-full gap-3 no-wrap'):
            code = ui.input('职业编码 *', placeholder='6-18-01-01').props('outlined dense stack-label maxlength=20').classes('dj-grow')
            occupation = ui.input('职业 *').props('outlined dense maxlength=60').classes('dj-grow')
            work_type = ui.input('工种（标准只管一个工种时填写）').props('outlined dense maxlength=60').classes('dj-grow')
        with ui.row().classes('w-full gap-3 no-wrap'):
            kind = ui.select(dict(KINDS), value='national', label='类别 *').props('outlined dense').classes('dj-grow')
            name = ui.input('标准名称 *').props('outlined dense maxlength=100').classes('dj-grow')
            edition = ui.input('版本年份 *', placeholder='2019').props('outlined dense stack-label maxlength=4 inputmode=numeric').classes('dj-grow')
        levels = ui.select(dict(LEVELS), label='等级范围 *', multiple=True).props('outlined dense use-chips').classes('w-full')
        with ui.row().classes('gap-2'):
            ui.button('登记', icon='check', on_click=keep).props('unelevated')
            ui.button('返回').props('outline href=/standards')


@page('/standards/import', title='导入职业标准', needs=Permission.BYLAWS_WRITE)
def import_page(me: Actor) -> None:
    """The workbook with its preview."""
    importing(me, _Standards())
    ui.button('返回').props('outline href=/standards')


class _Standards(RowsImporter):
    """The import of standards."""

    title = '职业标准'
    columns = [(key, word) for key, word in WORDS.items() if key not in ('publicized', 'issue_no')]

    def template(self) -> bytes:
        return template_xlsx()

    def judge(self, work: Work, data: bytes, name: str) -> tuple[Table, Sequence[Fate]]:
        return judge(work, data=data, name=name)

    def queue(self, work: Work, file_id: int) -> Job:
        return queue_standards(work, file_id=file_id)

    def cells(self, fate: Fate) -> Mapping[str, str]:
        said = {key: str(fate.values.get(key, '')) for key in WORDS}
        return said | {'kind': KINDS.get(said['kind'], ''), 'levels': level_digits(fate.values.get('levels', [])), 'books': books_text(fate.values.get('books', []))}

    def back(self, bad: Sequence[tuple[Mapping[str, str], str]]) -> bytes:
        return rows_back_xlsx(bad)


@page('/standards/{standard_id}', title='职业标准', needs=Permission.BYLAWS_READ)
def standard_page(me: Actor, standard_id: int) -> None:
    """One standard as a form that saves itself, with its books."""
    with look(me) as work:
        work.require(Permission.BYLAWS_READ)
        row = work.get(EvaluationStandard, standard_id)
    ui.label(f'{row.name}（{row.edition}年版）').classes('dj-subtitle')

    def put(name: str, shown: Any, new: Any) -> Any:
        try:
            with begin(me) as work:
                operations.change_standard(work, standard_id=standard_id, column=name, shown=shown, new=new)
                return _shown(work.get(EvaluationStandard, standard_id), name)
        except Changed as other:  # tells it as the form shows it
            with look(me) as work:
                stored = _shown(work.get(EvaluationStandard, standard_id), name)
            raise Changed(WORDS[name], other.who, other.at, str(stored)) from other

    if me.may(Permission.BYLAWS_WRITE) and row.ended_on is None:
        Form([Field(key, word, _shown(row, key), **_FIELDS.get(key, {})) for key, word in WORDS.items()], put, title='职业标准')
    else:
        for key, word in WORDS.items():
            value = _shown(row, key)
            ui.label(f'{word}：{level_digits(value) if isinstance(value, list) else KINDS.get(value, value) or "—"}').classes('dj-sentence')

    @refusals()
    async def end() -> None:
        if await confirm(f'《{row.name}》移出登记，不再用于核对申报的职业；记录保留。', do='移出登记'):
            with begin(me) as work:
                operations.end_standard(work, standard_id=standard_id)
            ui.navigate.to('/standards')

    with ui.row().classes('gap-2'):
        if me.may(Permission.BYLAWS_WRITE) and row.ended_on is None:
            ui.button('移出登记', on_click=end).props('outline')
        ui.button('返回').props('outline href=/standards')
    ui.html('办理记录', tag='h2', sanitize=False).classes('dj-heading')
    history(me, standard_id, needs=Permission.BYLAWS_READ)


_FIELDS: Mapping[str, dict[str, Any]] = {
    'occupation_code': {'required': True, 'most': 20, 'hint': '例如 6-18-01-01'}, 'occupation': {'required': True, 'most': 60},
    'work_type': {'most': 60, 'hint': '标准只管一个工种时填写'}, 'kind': {'kind': 'select', 'options': KINDS, 'required': True},
    'name': {'required': True, 'most': 100}, 'edition': {'required': True, 'most': 4}, 'levels': {'kind': 'levels', 'required': True},
    'issue_no': {'most': 60}, 'publicized': {'kind': 'select', 'options': {'是': '是', '否': '否'}, 'rule': 'OCC-02', 'hint': '评价规范须已备案公示'},
    'kept_at': {'most': 100}, 'books': {'kind': 'long', 'most': 4000, 'wide': True, 'hint': '一本一行：书名｜作者｜出版社｜年份'}}


def _shown(row: EvaluationStandard, key: str) -> Any:
    """Return a value as the form holds it."""
    value = getattr(row, key)
    if key == 'books':
        return books_text(value)
    if key == 'publicized':
        return '是' if value else '否'
    return value if key == 'levels' else str(value)
