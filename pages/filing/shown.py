"""An application to be read: answers and registers as tables, the papers of its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, cast

from nicegui import ui

from app.actors import Actor
from app.codes import mask_id
from app.equipment.documents import ledger_pdf, ledger_record, ledger_xlsx
from app.filing.comparing import FIELDS
from app.filing.documents import BUILDERS, MISSING, printing_of
from app.filing.forms import STEPS, extra, questions, row_model
from app.filing.operations import current_record, note_print
from app.filing.papers.blocks import Printing
from app.filing.papers.form import title_of
from app.filing.queries import Page
from app.filing.records import ApplicationRecord
from app.filing.resources import square_metres
from app.filing.typed import options_of
from app.filing.versions import PARTS
from app.filing.ways import REGISTERS, STEP_WORDS, WAYS
from app.personnel.documents import examiner_roll_record, examiner_roll_xlsx, expert_file_pdf, expert_file_record, expert_file_xlsx
from app.register import form
from app.regulation import profile
from app.words import level_digits
from app.work import Work, begin, look
from pages.parts.documents import Format, Paper
from pages.parts.tables import table

SHOWN: dict[str, tuple[str, ...]] = {  # part → columns on the screen; the papers carry all
    'ranges': ('occupation_code', 'occupation', 'work_type', 'levels', 'standard', 'modes'), 'bylaws': ('number', 'title', 'unit', 'made_on', 'version', 'posted_at', 'note'),
    'sites': ('name', 'address', 'area_dm2', 'tenure', 'lease_to', 'title_no', 'proofs'), 'rooms': ('name', 'site', 'kind', 'area_dm2', 'seats', 'camera_count'),
    'safety': ('checked_on', 'area', 'bad', 'hazard', 'cured'), 'equipment': ('number', 'name', 'model', 'count', 'unit', 'room', 'state'),
    'systems': ('name', 'developer', 'version', 'platform', 'docking'), 'staff': ('name', 'post', 'title', 'education', 'duty', 'full_time'),
    'examiners': ('name', 'id_no', 'occupation', 'work_type', 'grade', 'title', 'card_no', 'proofs'), 'experts': ('name', 'id_no', 'occupation', 'work_type', 'title', 'years', 'proofs'),
    'supervisors': ('name', 'id_no', 'title', 'direction', 'card_no'), 'seats': ('group', 'position', 'name', 'post', 'department'),
    'licences': ('kind', 'number', 'issuer', 'valid_to', 'scans'), 'training': ('year', 'kind', 'trade', 'people', 'level'),
    'standards': ('occupation', 'work_type', 'name', 'edition', 'levels')}
PART_WORDS = {
    'ranges': '申请职业', 'bylaws': '规章制度', 'sites': '场所', 'rooms': '考场和用房', 'safety': '安全检查', 'equipment': '设备', 'systems': '信息系统', 'staff': '工作人员',
    'examiners': '考评员', 'experts': '专家', 'supervisors': '内部质量督导员', 'seats': '领导小组和工作组', 'licences': '证照', 'training': '培训统计', 'standards': '标准和教材'}
KEYS = {  # words of the registers' keys, as their own pages say them
    'owned': '自有', 'leased': '租赁', 'sound': '完好', 'repair': '维修', 'stopped': '停用', 'scrapped': '报废', 'none': '未对接', 'testing': '测试中', 'docked': '已对接',
    'examiner': '考评员', 'senior': '高级考评员', 'head': '组长', 'deputy': '副组长', 'member': '成员', 'leading': '领导小组', 'office': '办公室', 'exam_affairs': '考务管理',
    'supervision': '质量督导', 'experts': '专家组', 'equipment': '设备管理', 'finance': '财务', 'theory_computer': '理论机考', 'theory_paper': '理论笔试', 'practical': '实操',
    'review': '评审', 'exam_affairs_office': '考务室', 'confidential_room': '保密室', 'archive_room': '档案室', 'business': '营业执照', 'public_institution': '事业单位法人证书',
    'social_organization': '社会团体法人登记证书', 'private_non_enterprise': '民办非企业单位登记证书', 'school': '办学许可证', 'national': '国家标准', 'norm': '评价规范'}


OF_REGISTERS: dict[str, tuple[Callable[[Work], Any], Mapping[Format, Callable[[Any], bytes]]]] = {  # papers of other functions that a way asks for
    'F-EXPERT-FILE': (expert_file_record, {'PDF': expert_file_pdf, 'XLSX': expert_file_xlsx}), 'F-EXAMINER-ROLL': (examiner_roll_record, {'XLSX': examiner_roll_xlsx}),
    'F-EQUIP-LEDGER': (ledger_record, {'PDF': ledger_pdf, 'XLSX': ledger_xlsx})}


@dataclass(frozen=True, slots=True)
class Now:
    """An application as it counts, how it is printed, and whether that is sealed."""

    record: ApplicationRecord
    printing: Printing
    sealed: bool


def step_shown(record: ApplicationRecord, step: str) -> None:
    """Draw a step of a record to be read."""
    if step in REGISTERS:
        register_shown(record, step)
        return
    definitions, figures = questions(STEPS[step]), profile(record.profile)
    answers = record.answers.get(step, {})
    rows = []
    for name, definition in definitions.items():
        if row_model(definition) is None:
            rows.append((str(definition.title), _answer(definition, answers.get(name), options_of(definition, figures, f'{step}.{name}', record.org.kind))))
    table(STEP_WORDS[step], ('项目', '填写内容'), rows)
    for name, definition in definitions.items():
        if model := row_model(definition):
            ui.html(str(definition.title), tag='h3', sanitize=False).classes('dj-heading')
            columns = questions(model)
            held: Any = answers.get(name) or []
            table(str(definition.title), [str(d.title) for d in columns.values()], [
                [_answer(d, row.get(n), extra(d)['options']) for n, d in columns.items()] for row in held], empty='没有填写')


def register_shown(record: ApplicationRecord, step: str) -> None:
    """Draw what the registers hand in for a step; ID numbers masked."""
    for part in PARTS[step]:
        lines = getattr(record, part)
        ui.html(f'{PART_WORDS[part]}（{len(lines)}）', tag='h3', sanitize=False).classes('dj-heading')
        table(PART_WORDS[part], [_HEADS.get((part, name), FIELDS.get(name, name)) for name in SHOWN[part]], [[_cell(name, getattr(line, name)) for name in SHOWN[part]] for line in lines], empty='还没有登记')


def papers_of(me: Actor, found: Page, now: Now, note: Callable[[str], None] | None = None) -> list[Paper]:
    """Return the papers of an application in binding order, each in every format of the register; each print leaves a trail entry.

    note: called with the form id instead of leaving one
    now: as the page is drawn, for what is missing: what was handed in prints as it was; a paper reads it anew · registers are not a centre's to print
    """
    papers, tell = [], note or partial(printed, me, found)
    for form_id in WAYS[found.app.way].papers:
        title = title_of(form(form_id).title, now.record)
        if form_id in BUILDERS:
            missing = [] if now.sealed else [f for f in MISSING[form_id](now.record) if f.severity == 'block']
            papers.append(Paper(form_id, title, {cast(Format, kind): _build(me, found, partial(tell, form_id), draw) for kind, draw in BUILDERS[form_id].items()}, missing))
        elif not me.is_centre:
            read, draws = OF_REGISTERS[form_id]
            papers.append(Paper(form_id, title, {kind: _of_register(me, partial(tell, form_id), read, draw) for kind, draw in draws.items()}))
    return papers


def read_now(me: Actor, found: Page) -> Now:
    """Return the application as it counts now for the reader."""
    with look(me, found.app.org_id) as work:
        record, sealed = current_record(work, found.app.id)
        return Now(record, printing_of(work, record, sealed=sealed), sealed)


def printed(me: Actor, found: Page, form_id: str) -> None:
    """Leave the trail entry of a paper that is drawn."""
    with begin(me, found.app.org_id) as work:
        note_print(work, application_id=found.app.id, form=form_id)


def _build(me: Actor, found: Page, tell: Callable[[], None], draw: Callable[[ApplicationRecord, Printing], bytes]) -> Callable[[], bytes]:
    def build() -> bytes:
        now = read_now(me, found)
        tell()
        return draw(now.record, now.printing)

    return build


def _of_register(me: Actor, tell: Callable[[], None], read: Callable[[Work], Any], draw: Callable[[Any], bytes]) -> Callable[[], bytes]:
    def build() -> bytes:
        with look(me) as work:
            record = read(work)
        tell()
        return draw(record)

    return build


def told_once(paper: Paper, note: Callable[[str], None]) -> Callable[[], bytes]:
    """Return the build of a paper that is noted when it is first drawn."""
    told = cache(partial(note, paper.form))

    def build() -> bytes:
        told()
        return paper.builds['PDF']()

    return build


def _answer(definition: Any, value: Any, options: dict[str, str]) -> str:
    if value in (None, '', []):
        return '（未填写）' if extra(definition)['required'] else '—'
    if isinstance(value, list | tuple):
        return '、'.join(options.get(str(x), str(x)) for x in value)
    return options.get(str(value), str(value))


def _cell(name: str, value: Any) -> str:
    if value in (None, '', (), {}):
        return '—'
    if isinstance(value, bool):
        return '是' if value else '否'
    if name == 'id_no':
        return mask_id(value)
    if name == 'area_dm2':
        return square_metres(value)
    if name == 'levels':
        return level_digits(value)
    if isinstance(value, dict):
        return '、'.join(x for x in value.values() if x) or '—'
    if isinstance(value, tuple):
        return '、'.join(map(str, value))
    return KEYS.get(value, value) if isinstance(value, str) else str(value)


_HEADS = {('equipment', 'number'): '设备编号', ('bylaws', 'number'): '序号', ('bylaws', 'title'): '制度名称', ('bylaws', 'unit'): '制定部门', ('bylaws', 'version'): '版次',
          ('licences', 'number'): '证号', ('equipment', 'unit'): '单位', ('standards', 'name'): '标准名称', ('rooms', 'kind'): '用途',
          **{(part, 'name'): '姓名' for part in ('seats', 'staff', 'examiners', 'experts', 'supervisors')}}
