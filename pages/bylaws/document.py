"""One rule document: the text beside its preview, what is still to be filled, approval, versions and how they differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import run, ui

from app.access import Permission
from app.actors import Actor
from app.bylaws import operations
from app.bylaws.documents import bylaw_docx, bylaw_pdf
from app.bylaws.queries import BylawPage, bylaw_page
from app.bylaws.records import BylawPaper, bylaw_paper, word_file
from app.bylaws.rules import LISTED, MOST, STATES, differences, paper_hash
from app.bylaws.templates import figures_of, gaps, templates
from app.bylaws.word_files import DOCX_BYTES, read_word
from app.errors import Refused
from app.files import keep_stored, store_file
from app.regulation import label_of
from app.states import state_word
from app.words import screen_moment
from app.work import begin, look
from db.bylaws import BylawVersion
from pages.frame import page
from pages.parts.basis import basis
from pages.parts.confirm import confirm
from pages.parts.documents import Paper, documents, noted
from pages.parts.form import Field, Form
from pages.parts.history import history
from pages.parts.preview import Preview
from pages.parts.refusals import refusals
from pages.parts.tables import table
from pages.parts.upload import Given, upload

MARKS = {'in_force': 'good', 'revising': 'changed', 'draft': 'new', 'ended': 'bad', '': 'calm'}


@page('/bylaws/{bylaw_id}', title='规章制度', needs=Permission.BYLAWS_READ)
def bylaw_screen(me: Actor, bylaw_id: int) -> None:
    """Head, next steps, text beside preview, versions."""
    with look(me) as work:
        found = bylaw_page(work, bylaw_id)
    row = found.row
    with ui.row().classes('items-center gap-3 w-full'):
        ui.label(f'{found.bylaw.number}　{found.bylaw.title}').classes('dj-subtitle')
        ui.label(STATES[row.state]).classes(f'dj-mark dj-is-{MARKS[row.state]}')
        ui.space()
        ui.button('返回清单', icon='arrow_back').props('outline href=/bylaws')
    desk = _Desk(me, found)
    desk.draw_steps()
    if me.may(Permission.BYLAWS_WRITE) and row.state != 'ended':
        desk.draw_card()
    desk.draw_text()
    _figures(me, found)
    _versions(me, found)
    ui.html('办理记录', tag='h2', sanitize=False).classes('dj-heading')
    shown = row.draft or row.current
    history(me, shown.id if shown else bylaw_id, needs=Permission.BYLAWS_READ)


class _Desk:
    """The document as it stands on one page: the draft that is written on, and its text as this page last saved it."""

    def __init__(self, me: Actor, found: BylawPage) -> None:
        self.me, self.found, self.bylaw, self.row = me, found, found.bylaw, found.row
        self.draft: BylawVersion | None = self.row.draft
        self.text = self.draft.text if self.draft else ''
        self.writes = self.draft is not None and me.may(Permission.BYLAWS_WRITE)
        self.preview: Preview | None = None

    def draw_steps(self) -> None:
        """Say what comes next and offer what this person may do."""
        me, draft = self.me, self.draft
        with ui.row().classes('dj-next items-center gap-2 w-full'):
            ui.icon('flag').props('aria-hidden=true')
            self.said = ui.label(self._next()).classes('dj-grow')
            if draft and self.writes:
                ui.button('补填', icon='playlist_add_check', on_click=self._fill).props('outline').tooltip('用登记的人员、考场、系统补上〔待填〕')
                ui.button('重新编号', icon='format_list_numbered', on_click=self._renumber).props('outline').tooltip('按顺序重编章、条、款的序号')
                ui.button('放弃此稿', on_click=self._discard).props('outline')
            if draft and me.may(Permission.BYLAWS_APPROVE):
                self.reason = ui.input('保留待填的理由').props('outlined dense maxlength=200')
                self.reason.set_visibility(bool(gaps(self.text)))
                ui.button('批准施行', icon='verified', on_click=self._approve).props('unelevated')
            if not draft and me.may(Permission.BYLAWS_WRITE) and self.row.state == 'in_force':
                ui.button('修订（起草新版）', icon='edit', on_click=self._new_version).props('unelevated')
            if not draft and me.may(Permission.BYLAWS_WRITE) and self.row.state in ('', 'ended') and self.bylaw.template:
                ui.button('按模板重新起草', icon='edit', on_click=self._restart).props('unelevated')
            if self.row.current and me.may(Permission.BYLAWS_APPROVE):
                ui.button('废止', on_click=self._end).props('outline')

    def _next(self) -> str:
        open_ones = gaps(self.text)
        if self.draft:
            return f'下一步：还有{len(open_ones)}处待填（{"、".join(open_ones[:4])}{"等" if len(open_ones) > 4 else ""}），补齐后由另一人批准。' if open_ones else '下一步：核对全文，填写制定部门和时间，由未参与起草的负责人批准。'
        return {'in_force': '现行文本不能修改；需要修改时起草新版，旧版保留。', 'ended': '本制度已废止，各版本保留备查。', '': '还没有正在起草或现行的文本。'}[self.row.state]

    def draw_card(self) -> None:
        """Department, day, number, place; each saved when it is left."""
        template = templates().get(self.bylaw.template or 0)
        fields = [
            Field('posted_at', '上墙/公开位置', self.bylaw.posted_at, most=100, rule='ORG-103', previous=[template.posted_at] if template and template.posted_at else [])]
        if self.draft:
            fields += [Field('made_on', '制定时间', self.draft.made_on, kind='date', rule='ORG-54'), Field('issue_no', '发布文号', self.draft.issue_no, most=60)]
        if self.draft or not self.row.current:  # else approved with the text in force
            fields.insert(0, Field('unit', '制定部门', self.bylaw.unit, required=True, most=60, previous=[template.unit] if template and template.unit else []))
            if self.bylaw.number > len(LISTED):
                fields.insert(0, Field('title', '制度名称', self.bylaw.title, required=True, most=80))
        else:
            ui.label(f'制定部门：{self.row.current.unit or self.bylaw.unit or "—"}（更改名称或制定部门须起草新版，随新版批准）').classes('dj-note')
        with ui.element('div').classes('dj-oneline'):
            Form(fields, self._put_card, title='制度信息')

    def _put_card(self, name: str, shown: Any, new: Any) -> Any:
        if name in ('made_on', 'issue_no'):
            assert self.draft
            with begin(self.me) as work:
                operations.change_version(work, version_id=self.draft.id, column=name, shown=shown, new=new)
                version = work.get(BylawVersion, self.draft.id)
            setattr(self.draft, name, getattr(version, name))  # what is approved is what this page shows
            if version.text != self.text:  # the day stands in the text too
                ui.navigate.reload()
            self._redraw()
            return getattr(version, name)
        with begin(self.me) as work:
            operations.change_bylaw(work, bylaw_id=self.bylaw.id, column=name, shown=shown, new=new)
            stored = getattr(bylaw_page(work, self.bylaw.id).bylaw, name)
        setattr(self.bylaw, name, stored)
        self._redraw()
        return stored

    def draw_text(self) -> None:
        """The text to write on at the left, the paper at the right."""
        shown = self.draft or self.row.current
        if shown is None:
            return
        with ui.row().classes('w-full no-wrap gap-3 dj-text-desk'):
            if self.writes:
                with ui.column().classes('dj-writing gap-2'):
                    Form([Field('text', '正文', self.text, kind='long', most=MOST, wide=True,
                                hint='一行一段；行首写“第一章”“第一条”“（一）”“1.”，表格写成“| 甲 | 乙 |”')], self._put_text, title='正文')
                    upload('取回Word文件', most_bytes=DOCX_BYTES, accept='.docx', on_file=self._take_back, hint='在Word中改好的.docx，')
            with ui.column().classes('dj-shown'):
                self.preview = Preview()
                self.preview.show(self.bylaw.title, paper(self.me, self.bylaw.id, shown.version, bylaw_pdf))

    def _put_text(self, _name: str, shown: Any, new: Any) -> Any:
        assert self.draft
        with begin(self.me) as work:
            self.text = operations.save_text(work, version_id=self.draft.id, shown=shown, new=new)
        self.said.set_text(self._next())
        self._redraw()
        return self.text

    def _redraw(self) -> None:
        if self.preview:
            self.preview.refresh()

    @refusals()
    def _fill(self) -> None:
        assert self.draft
        with begin(self.me) as work:
            left = operations.fill_gaps(work, version_id=self.draft.id)
        ui.notify(f'已补填，还有{len(left)}处登记中没有，请直接改写。' if left else '已全部补填。', type='positive', position='top')
        ui.navigate.reload()

    @refusals()
    def _renumber(self) -> None:
        assert self.draft
        with begin(self.me) as work:
            operations.renumber(work, version_id=self.draft.id)
        ui.navigate.reload()

    @refusals()
    async def _take_back(self, given: Given) -> None:
        read = await run.io_bound(read_word, given.data, given.name)
        if read is None:
            return
        by_word = f'其中{read.numbered_by_word}段由Word自动编号，编号没有随文字取回，取回后请点“重新编号”。' if read.numbered_by_word else ''
        lines = read.text.count('\n') + 1
        if await confirm(f'读到{lines}段、{len(read.text):,}字，将代替本稿正文，文件一并保存。{by_word}', do='取回', title='取回Word文件', danger=False):
            stored = await run.io_bound(store_file, given.data, self.me.org_id, name=given.name, content_type=operations.DOCX)
            if stored is None:
                return
            with begin(self.me) as work:
                operations.take_back(work, bylaw_id=self.bylaw.id, file_id=keep_stored(work, stored).id, read=read, shown=self.text)
            ui.navigate.reload()

    @refusals()
    async def _discard(self) -> None:
        assert self.draft
        if await confirm(f'第{self.draft.version}版草稿不再起草；现行文本不受影响。', do='放弃此稿'):
            with begin(self.me) as work:
                operations.discard_draft(work, version_id=self.draft.id)
            ui.navigate.reload()

    @refusals()
    async def _approve(self) -> None:
        assert self.draft
        before = f'，第{self.row.current.version}版转为已替代' if self.row.current else ''
        if await confirm(f'《{self.bylaw.title}》第{self.draft.version}版自批准之日起施行{before}；批准后不能再改。', do='批准施行', danger=False):
            with begin(self.me) as work:
                operations.approve_bylaw(work, version_id=self.draft.id, shown_hash=paper_hash(self.bylaw.title, self.bylaw.unit, self.draft.made_on, self.draft.issue_no, self.text), reason=self.reason.value or '')
            ui.navigate.reload()

    @refusals()
    def _new_version(self) -> None:
        with begin(self.me) as work:
            operations.new_version(work, bylaw_id=self.bylaw.id)
        ui.navigate.reload()

    @refusals()
    def _restart(self) -> None:
        with begin(self.me) as work:
            operations.start_bylaw(work, number=self.bylaw.template or 0)
        ui.navigate.reload()

    @refusals()
    async def _end(self) -> None:
        with ui.dialog(value=True) as window, ui.card().classes('dj-dialog').props('role=alertdialog aria-label=废止'):
            ui.label('废止').classes('dj-dialog-title')
            ui.label(f'《{self.bylaw.title}》将不再施行，正在起草的新版一并停止；各版本保留备查。').classes('dj-sentence')
            why = ui.input('废止原因 *').props('outlined dense maxlength=200 autofocus').classes('w-full')
            with ui.row().classes('w-full justify-end gap-2'):
                ui.button('取消', on_click=lambda: window.submit('')).props('outline')
                ui.button('废止', on_click=lambda: window.submit(why.value or ' ')).props('unelevated color=negative')
        if answer := await window:
            with begin(self.me) as work:
                operations.end_bylaw(work, bylaw_id=self.bylaw.id, reason=answer)
            ui.navigate.reload()


def paper(me: Actor, bylaw_id: int, version: int, draw: Callable[[BylawPaper], bytes]) -> Callable[[], bytes]:
    """Return what reads a version and draws it."""
    def build() -> bytes:
        with look(me) as work:
            record = bylaw_paper(work, bylaw_id, version)
        return draw(record)

    return build


def _figures(me: Actor, found: BylawPage) -> None:
    template = templates().get(found.bylaw.template or 0)
    if template is None:
        return
    with look(me) as work:
        figures = figures_of(template, work.profile)
    if not figures:
        return
    with ui.expansion(f'模板引用的规定数字（{len(figures)}项，来自规则档案）').classes('w-full'), ui.element('ul').classes('dj-desk'):
        for figure in figures:
            with ui.element('li'):
                ui.label(f'{label_of(figure.path)}：{figure.said}').classes('dj-grow')
                basis(figure.rule)


def _versions(me: Actor, found: BylawPage) -> None:
    ui.html('版本', tag='h2', sanitize=False).classes('dj-heading')
    if not found.versions:
        ui.label('还没有版本。').classes('dj-note')
        return
    words = {v.version: f'第{v.version}版（{state_word("bylaw_version", v.state)}）' for v in found.versions}
    table('版本', ('版本', '制定时间', '发布文号', '起草', '批准人', '批准时间'), [
        (words[v.version], str(v.made_on or '—'), v.issue_no or '—', '、'.join(w['name'] for w in v.writers) or v.drafted_by, v.approved_by or '—',
         screen_moment(v.approved_at) if v.approved_at else '—') for v in found.versions])
    documents([Paper('—', f'{found.bylaw.title}_第{v.version}版', {
        'PDF': _noted(me, found, v.version, bylaw_pdf), 'DOCX': _noted(me, found, v.version, bylaw_docx)}) for v in found.versions],
        bundle_name=f'{found.bylaw.title}_各版本')
    for v in found.versions:
        if v.file_id:
            ui.button(f'第{v.version}版取回的Word原件', icon='download', on_click=lambda v=v: _original(me, found.bylaw.id, v.version)).props('outline dense')
    if len(found.versions) > 1:
        with ui.row().classes('items-center gap-2'):
            old = ui.select(words, value=found.versions[1].version, label='比较').props('outlined dense').style('min-width: 12em')
            new = ui.select(words, value=found.versions[0].version, label='与').props('outlined dense').style('min-width: 12em')
            ui.button('逐行比较', icon='difference', on_click=lambda: ui.navigate.to(f'/bylaws/{found.bylaw.id}/compare?old={old.value}&new={new.value}')).props('outline')


def _noted(me: Actor, found: BylawPage, version: int, draw: Callable[[BylawPaper], bytes]) -> Callable[[], bytes]:
    return noted(me, f'规章制度{found.bylaw.number} 第{version}版', lambda work: bylaw_paper(work, found.bylaw.id, version), draw)


@refusals()
async def _original(me: Actor, bylaw_id: int, version: int) -> None:
    def read() -> tuple[str, bytes]:
        with look(me) as work:
            return word_file(work, bylaw_id, version)

    if found := await run.io_bound(read):
        ui.download.content(found[1], found[0])


@page('/bylaws/{bylaw_id}/compare', title='版本比较', needs=Permission.BYLAWS_READ)
def compare_versions(me: Actor, bylaw_id: int, old: int = 0, new: int = 0) -> None:
    """Two versions line by line; what is the same stands closed between the differences."""
    with look(me) as work:
        found = bylaw_page(work, bylaw_id)
    texts = {v.version: v.text for v in found.versions}
    if old not in texts or new not in texts:
        raise Refused('没有这一版，请从版本列表中选择要比较的两版。')
    lines = differences(texts[old], texts[new])
    changed = sum(line.kind != 'same' for line in lines)
    ui.label(f'{found.bylaw.title}：第{old}版与第{new}版，{changed}处不同，{len(lines) - changed}行相同').classes('dj-subtitle')
    with ui.row().classes('items-center gap-3'):
        only = ui.checkbox('只看不同处')
        ui.button('返回', icon='arrow_back').props(f'outline href=/bylaws/{bylaw_id}')
    signs = {'same': '', 'changed': '改', 'added': '增', 'removed': '删'}
    with ui.element('div').classes('dj-scroll').props('tabindex=0 role=region aria-label=逐行比较'), ui.element('table').classes('dj-table dj-compare dj-diff'):
        with ui.element('thead'), ui.element('tr'):
            for head in ('', f'第{old}版', f'第{new}版'):
                ui.html(head, tag='th', sanitize=False).props('scope=col')
        with ui.element('tbody') as body:
            for line in lines:
                with ui.element('tr').classes(f'dj-diff-{line.kind}'):
                    for text in (signs[line.kind], line.old, line.new):
                        with ui.element('td'):
                            ui.label(text)
    only.on_value_change(lambda e: body.classes(add='dj-only') if e.value else body.classes(remove='dj-only'))
