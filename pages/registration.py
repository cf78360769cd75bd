"""考生名单 of a batch: the list, the import of workbook and photos, the card of one candidate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nicegui import run, ui

from app import jobs
from app.access import Permission
from app.actors import Actor
from app.batches.queries import group_word, groups_of
from app.codes import mask_id
from app.errors import Refused
from app.files import keep_stored, read_file, store_file
from app.intake_table import Table
from app.registration import operations
from app.registration.documents import roster_pdf, roster_record, roster_xlsx, rows_back_xlsx, template_xlsx
from app.registration.importing import judge, queue_photos, queue_rows
from app.registration.judging import Judged
from app.registration.queries import candidates, count_candidates
from app.registration.rules import Fate, Outcome
from app.words import LEVELS
from app.work import Work, begin, look
from app.zips import UNPACKED_BYTES
from db.registration import Candidate
from pages.batches import batch_head
from pages.frame import page
from pages.parts.confirm import confirm
from pages.parts.documents import Paper, documents
from pages.parts.exporting import exporter
from pages.parts.history import history
from pages.parts.importing import importing
from pages.parts.listing import Action, Column, Filter, listing
from pages.parts.progress import progress
from pages.parts.refusals import refusals
from pages.parts.tables import table
from pages.parts.upload import Given, upload

WORKBOOK = 'application/octet-stream'  # .xlsx or .xls: the import looks, and nobody downloads it


@page('/batches/{batch_id}/candidates', title='考生名单', needs=Permission.REGISTRATION_READ)
def candidate_list(me: Actor, batch_id: int) -> None:
    """The candidates of a batch with search, filters and the import."""
    found = batch_head(me, batch_id, '/candidates')
    with look(me) as work:
        groups = {str(g.id): group_word(g) for g in groups_of(work, batch_id)}
        anybody = count_candidates(work, 1, batch_id=batch_id) > 0

    def fetch(work: Work, *, q: str = '', group_id: str = '', **more: Any) -> tuple[list[_Line], bool]:
        rows, follow = candidates(work, batch_id=batch_id, find=q, group_id=int(group_id or 0), **more)
        return [_Line(c, groups) for c in rows], follow

    def count(work: Work, limit: int, *, q: str = '', group_id: str = '', photo: str = '') -> int:
        return count_candidates(work, limit, batch_id=batch_id, find=q, group_id=int(group_id or 0), photo=photo)

    may = me.may(Permission.REGISTRATION_WRITE) and found.state == 'registering'
    act = Action('导入名单和照片', f'/batches/{batch_id}/candidates/import', icon='upload_file')
    columns = [
        Column('name', '姓名', sort=True), Column('seq', '序号', align='right', sort=True), Column('sex', '性别'), Column('id_no', '证件号码'),
        Column('ticket', '准考证号', sort=True),
        Column('seat', '考场/座位'), Column('group', '职业等级'), Column('employer', '工作单位'), Column('education', '学历', hidden=True),
        Column('basis', '申报依据', hidden=True), Column('photo', '照片')]
    filters = [Filter('group_id', '职业等级', groups), Filter('photo', '照片', {'with': '有照片', 'without': '缺照片'})]
    title = f'考生名单_{found.number}'
    listing(
        me, name='candidates', title=title, search='姓名、首字母、准考证号、证件号码', columns=columns, fetch=fetch, count=count, filters=filters,
        export=exporter(title, columns, fetch, filters),
        actions=[act] if may else [], opens=lambda row: f'/batches/{batch_id}/candidates/{row.id}',
        empty=('名单还是空的。下载模板填写后导入，再导入照片。', act) if may else ('名单还是空的；“报名”状态下由报名人员导入。', None))

    def roster(draw: Any) -> Any:
        def build() -> bytes:
            with begin(me) as work:  # full ID numbers leave the house: the trail says so
                operations.note_roster(work, batch_id=batch_id)
                record = roster_record(work, batch_id)
            return bytes(draw(record))
        return build

    if anybody and me.may(Permission.REGISTRATION_REVEAL):
        ui.html('文书', tag='h2', sanitize=False).classes('dj-heading')
        documents([Paper('F-ROSTER', '报名花名册', {'PDF': roster(roster_pdf), 'XLSX': roster(roster_xlsx)})], bundle_name=f'{found.number}_报名花名册')


class _Line:
    """One line of the list as text; ID numbers masked."""

    def __init__(self, c: Candidate, groups: Mapping[str, str]) -> None:
        self.id, self.seq, self.name, self.sex, self.id_no = c.id, c.seq, c.name, c.sex, c.id_no_masked
        self.ticket, self.group = c.ticket_number or '—', groups[str(c.group_id)]
        self.seat = f'{c.room_no:03d}/{c.seat_no:02d}' if c.room_no else '—'
        self.employer, self.education, self.basis, self.photo = c.employer, c.education, c.basis, '有' if c.photo_id else '缺'


@page('/batches/{batch_id}/candidates/import', title='导入名单和照片', needs=Permission.REGISTRATION_WRITE)
def import_page(me: Actor, batch_id: int) -> None:
    """Workbook first, then the ZIP of photos."""
    batch_head(me, batch_id, '/candidates')
    with look(me) as work:
        groups = {g.id: group_word(g) for g in groups_of(work, batch_id)}
    importing(me, _Roster(batch_id, groups))
    ui.html('照片', tag='h2', sanitize=False).classes('dj-heading')
    ui.label('把照片压缩成一个ZIP，文件名中含证件号码即可，例如“990101…1381.jpg”；白底、竖版、413×579像素以上。名单导入后再导入照片。').classes('dj-note')
    box = ui.column().classes('w-full')

    @refusals()
    async def take(given: Given) -> None:
        stored = await run.io_bound(store_file, given.data, me.org_id, name=given.name, content_type='application/zip')
        if stored is None:  # the server stops
            return
        with begin(me) as work:
            job = queue_photos(work, batch_id=batch_id, file_id=keep_stored(work, stored).id)
        jobs.wake()
        box.clear()
        with box:
            progress(me, job.id)

    upload('选择照片ZIP', most_bytes=UNPACKED_BYTES, accept='.zip', on_file=take)
    ui.button('返回名单').props(f'outline href=/batches/{batch_id}/candidates')


@dataclass(frozen=True, slots=True)
class _Checked:
    """A workbook that was judged."""

    given: Given
    table: Table
    fates: Judged

    @property
    def outcomes(self) -> Sequence[Outcome]:
        return self.fates.outcomes

    def fate(self, at: int) -> Fate:
        return self.fates[at]


class _Roster:
    """The import of the candidates' workbook."""

    title = '考生名单'
    columns = (('name', '姓名'), ('id_no', '证件号码'), ('group', '职业等级'), ('seat', '考场/座位'), ('ticket', '准考证号'))
    second = ''

    def __init__(self, batch_id: int, groups: Mapping[int, str]) -> None:
        self.batch_id, self.groups = batch_id, groups

    def template(self) -> bytes:
        return template_xlsx()

    def check(self, me: Actor, book: Given, second: Given | None) -> _Checked:
        with look(me) as work:
            return _Checked(book, *judge(work, batch_id=self.batch_id, data=book.data, name=book.name))

    def cells(self, fate: Fate) -> Mapping[str, str]:
        values, stays = fate.values, '不变' if fate.candidate_id else ''  # what the sheet has no columns for
        seat = stays if 'room_no' not in values else f'{values["room_no"]:03d}/{values["seat_no"]:02d}' if values['room_no'] and values['seat_no'] else ''
        return {
            'name': str(values.get('name', '')), 'id_no': mask_id(str(values.get('id_no', ''))), 'group': self.groups.get(int(str(values.get('group_id', 0))), ''),
            'seat': seat, 'ticket': str(values.get('ticket_number', stays) or '')}

    def start(self, me: Actor, checked: _Checked) -> int:
        stored = store_file(checked.given.data, me.org_id, name=checked.given.name, content_type=WORKBOOK)
        with begin(me) as work:
            job = queue_rows(work, batch_id=self.batch_id, file_id=keep_stored(work, stored).id)
        jobs.wake()
        return job.id

    def rows_back(self, checked: _Checked) -> bytes:
        bad = [at for at, outcome in enumerate(checked.outcomes) if outcome == 'bad']
        return rows_back_xlsx([(
            checked.table.row(at).as_written(), '；'.join(x.sentence for x in checked.fate(at).findings if x.severity == 'block')) for at in bad])


@page('/batches/{batch_id}/candidates/{candidate_id}', title='考生', needs=Permission.REGISTRATION_READ)
def candidate_page(me: Actor, batch_id: int, candidate_id: int) -> None:
    """One candidate: data, photo, full number on demand, history."""
    found = batch_head(me, batch_id, '/candidates')
    with look(me) as work:
        c = work.get(Candidate, candidate_id)
        if c.batch_id != batch_id:
            raise Refused('该考生不在本批次。')
        group = next(g for g in groups_of(work, batch_id) if g.id == c.group_id)
        photo = read_file(work, c.photo_id)[1] if c.photo_id else None
    with ui.row().classes('gap-4 items-start'):
        if photo:
            shown = ui.image(f'data:image/jpeg;base64,{_base64(photo)}').style('width: 118px').props('no-spinner')
            shown.props['alt'] = f'{c.name}的照片'  # not through props(text): a quotation mark in a name would begin a property, which may be a script
        else:
            ui.label('缺照片').classes('dj-mark dj-is-warn')
        with ui.column():
            ui.label(f'{c.seq}　{c.name}　{c.sex}　{c.birth_on}').classes('dj-strong')
            number = ui.label(f'证件号码 {c.id_no_masked}')
            table('考生', ('职业等级', '准考证号', '考场/座位', '学历', '申报依据', '工作单位', '联系电话'), [
                (f'{group.occupation}{"/" + group.work_type if group.work_type else ""} {LEVELS[group.level]}', c.ticket_number or '—',
                 f'{c.room_no:03d}/{c.seat_no:02d}' if c.room_no else '—', c.education, c.basis, c.employer, c.phone)])

            @refusals()
            def reveal() -> None:
                with begin(me) as work:
                    full = operations.reveal_id(work, candidate_id=candidate_id)
                number.set_text(f'证件号码 {full}')
                button.delete()

            if me.may(Permission.REGISTRATION_REVEAL):
                button = ui.button('显示完整证件号码（留痕）', icon='visibility', on_click=reveal).props('outline dense')
            if me.may(Permission.REGISTRATION_WRITE) and found.state == 'registering':
                _changes(me, c)
    ui.html('办理记录', tag='h2', sanitize=False).classes('dj-heading')
    history(me, candidate_id, needs=Permission.REGISTRATION_READ)


def _changes(me: Actor, c: Candidate) -> None:
    @refusals()
    async def take(given: Given) -> None:
        from app.files import store
        from app.pictures import read_photo

        photo = await run.io_bound(read_photo, given.data, given.name)
        if photo is None:
            return
        digest = await run.io_bound(store, photo.jpeg, c.org_id, sealed=True)
        with begin(me) as work:
            operations.set_photo(work, candidate_id=c.id, photo=photo.jpeg, name=given.name, sha256=digest or '')
        ui.navigate.reload()

    @refusals()
    async def discard() -> None:
        if await confirm(f'将{c.name}移出名单；操作记录保留，可再次导入。', do='移出名单'):
            with begin(me) as work:
                operations.discard_candidate(work, candidate_id=c.id)
            ui.navigate.to(f'/batches/{c.batch_id}/candidates')

    upload('换照片', most_bytes=10 << 20, accept='.jpg,.jpeg,.png', on_file=take)
    ui.button('移出名单', icon='person_remove', on_click=discard).props('outline dense')


def _base64(data: bytes) -> str:
    from base64 import b64encode

    return b64encode(data).decode()
