"""F-ROSTER and the workbooks of the import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.access import Permission
from app.batches.queries import batch as get_batch
from app.batches.queries import groups_of
from app.house import house
from app.organizations.occupations import occupations
from app.registration.queries import candidates_by_ticket
from app.registration.rules import COLUMNS
from app.words import DOCUMENTS, LEVELS
from app.work import Work

if TYPE_CHECKING:
    from app.xlsx import Column

NOTES = (
    '请从第4行起填写，每人一行，不要合并单元格、不要改动表头；带*的必须填写。证件号码、职业编码、考场号、座位号和电话均为文本格式。'
    '等级填写五级至一级；不分工种的职业，工种留空。考场号和座位号可以留空，编排后再导入一次。')
REASON = '原因'
_WIDTHS = {'name': 12, 'id_kind': 14, 'id_no': 22, 'sex': 6, 'occupation_code': 14, 'work_type': 16, 'level': 8, 'room_no': 8, 'seat_no': 8, 'education': 10,
           'basis': 18, 'employer': 26, 'phone': 16}
_EXAMPLE = {'name': '赵甲子', 'id_kind': '居民身份证', 'id_no': '990101199112031381', 'sex': '女', 'occupation_code': '4-10-01-03', 'work_type': '', 'level': '四级',
            'room_no': '1', 'seat_no': '1', 'education': '初中', 'basis': '从业10年', 'employer': '明川市云朵幼儿园（演示）', 'phone': '15400000001'}


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One candidate of F-ROSTER."""

    seq: int
    name: str
    sex: str
    id_kind: str
    id_no: str
    birth_on: date
    occupation: str
    work_type: str
    level: str
    education: str
    basis: str
    employer: str
    phone: str
    ticket: str
    photo: bool


@dataclass(frozen=True, slots=True)
class Roster:
    """F-ROSTER of a batch."""

    org: str
    batch: str
    printed_at: datetime
    mark: str
    rows: Sequence[RosterRow]


def roster_record(work: Work, batch_id: int) -> Roster:
    """Return the roster with full ID numbers; whoever prints it needs to be allowed to see them."""
    work.require(Permission.REGISTRATION_REVEAL)
    batch = get_batch(work, batch_id)
    groups = {g.id: g for g in groups_of(work, batch_id)}
    people = sorted(candidates_by_ticket(work, batch_id), key=lambda c: (list(groups).index(c.group_id), c.seq))
    rows = [RosterRow(
        seq, c.name, c.sex, DOCUMENTS[c.id_kind], work.unseal_id(c), c.birth_on, groups[c.group_id].occupation, groups[c.group_id].work_type or '—',
        LEVELS[groups[c.group_id].level], c.education, c.basis, c.employer, c.phone, c.ticket_number or '', c.photo_id is not None) for seq, c in enumerate(people, 1)]
    return Roster(work.org.name, batch.number, work.now, '演示样本' if house().demo else '', rows)


_HEADS = ('序号', '姓名', '性别', '证件类型', '证件号码', '出生日期', '学历', '申报依据', '工作单位', '手机号码', '职业名称', '工种', '等级', '准考证号', '照片', '备注')
_PARTS = (10, 13, 10, 18, 29, 17, 10, 18, 32, 19, 15, 15, 10, 21, 10, 10)


def roster_pdf(roster: Roster) -> bytes:
    """Return F-ROSTER, A4 landscape."""
    from app.pdf import Paper

    paper = Paper('职业技能等级认定报名花名册', form='F-ROSTER', batch=roster.batch, landscape=True, printed_at=roster.printed_at, mark=roster.mark)
    paper.line(f'评价机构：{roster.org}', f'批次：{roster.batch}', f'合计：{len(roster.rows)}人')
    paper.table(_HEADS, [_line(r) for r in roster.rows], _PARTS, row_mm=7, pt=7.5)
    paper.signatures(('制表人', None), ('审核人', None), columns=2).seal(roster.org)
    return paper.to_bytes()


def roster_xlsx(roster: Roster) -> bytes:
    """Return F-ROSTER as a workbook, codes as text."""
    from app.xlsx import Book, Column

    book = Book('职业技能等级认定报名花名册', made_at=roster.printed_at, form='F-ROSTER')
    book.sheet('报名花名册', [Column(head, max(8, part * 0.6)) for head, part in zip(_HEADS, _PARTS, strict=True)], [_line(r) for r in roster.rows],
               title=f'{roster.org}报名花名册（{roster.batch}）', foot=[f'合计：{len(roster.rows)}人'])
    return book.to_bytes()


def _line(r: RosterRow) -> list[str]:
    return [str(r.seq), r.name, r.sex, r.id_kind, r.id_no, f'{r.birth_on}', r.education, r.basis, r.employer, r.phone, r.occupation, r.work_type, r.level,
            r.ticket, '有' if r.photo else '无', '']


def template_xlsx() -> bytes:
    """Return the empty workbook for import: notes, heads, example, value lists."""
    from app.xlsx import Book

    return Book('考生名单模板', made_at=_FIXED).template('考生名单', _columns(), NOTES).to_bytes()


def rows_back_xlsx(rows: Sequence[tuple[Mapping[str, str], str]]) -> bytes:
    """Return bad rows in the same template, with a last column for the reason: {column key: text} and why."""
    from app.xlsx import Book, Column

    book = Book('考生名单有误的行', made_at=_FIXED)
    lines = [[*(values.get(c.key) or '' for c in COLUMNS), reason] for values, reason in rows]
    book.sheet('考生名单', [*_columns(), Column(REASON, 60)], lines)
    return book.to_bytes()


def _columns() -> list[Column]:
    from app.xlsx import Column

    options = {'id_kind': tuple(DOCUMENTS.values()), 'sex': ('男', '女'), 'level': tuple(LEVELS.values()),
               'work_type': tuple(sorted({o.work_type for o in occupations() if o.work_type}))}
    return [Column(c.head, _WIDTHS[c.key], required=c.required, options=options.get(c.key, ()), lengths=(18,) if c.key == 'id_no' else (), example=_EXAMPLE[c.key])
            for c in COLUMNS]


_FIXED = datetime.fromisoformat('2026-01-01T00:00:00+08:00')  # a template has no record: its bytes never change
