"""The registers as workbooks that can be imported again, F-EXAMINER-ROLL and F-EXPERT-FILE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.access import Permission
from app.house import house
from app.personnel.queries import expert_members, register_members, register_of
from app.personnel.reading import written_of
from app.personnel.registers import GRADES, LEVEL, Register
from app.personnel.rules import Member
from app.words import paper_date
from app.work import Work
from app.workdays import Conventions, age_on

if TYPE_CHECKING:
    from app.xlsx import Column

REASON = '原因'
NOTES = (
    '请从第4行起填写，每行一人（一人有几个职业工种或在几个小组的，每个填一行），不要合并单元格、不要改动表头；带*的必须填写。身份证号、证卡编号、职业编码和电话均为文本格式。'
    '系统按身份证号认人：已登记过的人不会重复登记，留空的单元格不改动已有内容。日期按“年-月-日”填写。')
_FIXED = datetime.fromisoformat('2026-01-01T00:00:00+08:00')  # a template has no record: its bytes never change


# ------------------------------------------------------------------ workbooks of the import


def template_xlsx(register: str) -> bytes:
    """Return the empty workbook of a register: notes, heads, example, value lists."""
    from app.xlsx import Book

    asked = register_of(register)
    return Book(f'{asked.title}登记册模板', made_at=_FIXED).template(asked.title, _columns(asked), NOTES).to_bytes()


def rows_back_xlsx(register: str, rows: Sequence[tuple[Mapping[str, str], str]]) -> bytes:
    """Return bad rows in the same template, with a last column for the reason: {item: text} and why."""
    from app.xlsx import Book, Column

    asked = register_of(register)
    lines = [[*(values.get(i.key) or '' for i in asked.items), reason] for values, reason in rows]
    return Book(f'{asked.title}有误的行', made_at=_FIXED).sheet(asked.title, [*_columns(asked), Column(REASON, 60)], lines).to_bytes()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole register as it is written: what an import reads back unchanged."""

    register: str
    org: str
    made_at: datetime
    rows: tuple[tuple[str, ...], ...]


def sheet_record(work: Work, register: str) -> Sheet:
    """Return a register with full ID numbers; whoever takes it out leaves a trail entry before."""
    work.require(Permission.PERSONNEL_WRITE)
    asked = register_of(register)
    return Sheet(register, work.org.name, work.now, tuple(_written(asked, m) for m in register_members(work, register)))


def sheet_xlsx(sheet: Sheet) -> bytes:
    """Return the register as a workbook with the heads of its template, codes as text."""
    from app.xlsx import Book

    asked = register_of(sheet.register)
    book = Book(f'{asked.title}登记册', made_at=sheet.made_at)
    return book.sheet(asked.title, _columns(asked), sheet.rows, foot=[]).to_bytes()


def _written(register: Register, m: Member) -> tuple[str, ...]:
    owners: dict[str, Any] = {'person': m.person, 'staff': m.staff, 'row': m.row}
    return tuple(m.id_no if i.key == 'id_no' else written_of(i, getattr(owners[i.owner], i.stored_in)) for i in register.items)


def _columns(register: Register) -> list[Column]:
    from app.xlsx import Column

    return [Column(i.head, i.width, required=i.required, options=tuple(i.options.values()), lengths=(18,) if i.kind in ('id_no', 'card') else (), example=i.example)
            for i in register.items]


# ------------------------------------------------------------------ F-EXAMINER-ROLL, F-EXPERT-FILE


@dataclass(frozen=True, slots=True)
class ExaminerEntry:
    """One line of F-EXAMINER-ROLL; what the year brought is empty until it is recorded."""

    name: str
    sex: str
    id_no: str
    unit: str
    title: str
    occupation: str
    grade: str
    card_no: str
    valid: str
    engaged: str
    state: str


@dataclass(frozen=True, slots=True)
class ExpertEntry:
    """One line of F-EXPERT-FILE."""

    name: str
    sex: str
    id_no: str
    age: str
    education: str
    title: str
    occupation: str
    years: str
    examining_years: str
    honours: str
    group_name: str
    leads: str
    proofs: str
    engaged: str
    pledged: str


@dataclass(frozen=True, slots=True)
class Roll:
    """F-EXAMINER-ROLL or F-EXPERT-FILE of an organisation."""

    org: str
    made_at: datetime
    mark: str
    examiners: tuple[ExaminerEntry, ...] = ()
    experts: tuple[ExpertEntry, ...] = ()


def examiner_roll_record(work: Work) -> Roll:
    """Return the roll of examiners with full ID numbers; the trail has been told."""
    work.require(Permission.PERSONNEL_WRITE)
    rows = tuple(ExaminerEntry(
        m.person.name, m.person.sex, m.id_no, _unit(work, m), _title(m), _occupation(m), GRADES[m.row.grade], m.row.card_no, _term(m.row.card_from, m.row.card_to),
        _term(m.row.engaged_from, m.row.engaged_to), '证卡到期' if m.row.card_to and m.row.card_to < work.today else '在册') for m in register_members(work, 'examiners'))
    return Roll(work.org.name, work.now, _mark(), examiners=rows)


def expert_file_record(work: Work) -> Roll:
    """Return the file of experts with full ID numbers; the trail has been told."""
    work.require(Permission.PERSONNEL_WRITE)
    found = expert_members(work)
    pledged = _pledged(work, found)
    rows = tuple(ExpertEntry(
        m.person.name, m.person.sex, m.id_no, _age(m.born_on, work.today, work.conventions), m.staff.education, _title(m), _occupation(m), str(m.row.years),
        str(m.row.examining_years), m.row.honours, m.row.group_name, '是' if m.row.leads else '否', f'{m.proofs}份', _term(m.row.engaged_from, m.row.engaged_to),
        '有' if m.row.id in pledged else '无') for m in found)
    return Roll(work.org.name, work.now, _mark(), experts=rows)


EXAMINER_HEADS = ('序号', '姓名', '性别', '身份证号', '单位', '技能等级/职称', '考评职业', '类别', '证卡编号', '有效期', '聘期', '本年次数', '继续教育', '年度等次', '状态')
_EXAMINER_WIDTHS = (6, 10, 6, 21, 26, 14, 18, 12, 21, 32, 32, 10, 10, 10, 10)
_OFFERED = {'性别': ('男', '女'), '类别': tuple(GRADES.values()), '状态': ('在册', '证卡到期'), '组长': ('是', '否'), '保密承诺': ('有', '无')}  # value lists of the workbooks
EXPERT_HEADS = (
    '序号', '姓名', '性别', '身份证号', '年龄', '学历', '职称/技能等级', '职业（工种）', '从事年限', '考评年限', '荣誉', '专业组', '组长', '证书影印件', '聘期', '保密承诺')
_EXPERT_PARTS = (9, 15, 9, 33, 9, 10, 22, 22, 16, 16, 17, 17, 9, 19, 26, 16)


def examiner_roll_xlsx(roll: Roll) -> bytes:
    """Return F-EXAMINER-ROLL as a workbook, codes as text."""
    from app.xlsx import Book, Column

    lines = [[str(n), e.name, e.sex, e.id_no, e.unit, e.title, e.occupation, e.grade, e.card_no, e.valid, e.engaged, '', '', '', e.state]
             for n, e in enumerate(roll.examiners, 1)]
    book = Book('考评人员名册', made_at=roll.made_at, form='F-EXAMINER-ROLL')
    book.sheet('考评人员名册', [Column(head, width, options=_OFFERED.get(head, ())) for head, width in zip(EXAMINER_HEADS, _EXAMINER_WIDTHS, strict=True)], lines,
               title=f'{roll.org}考评人员名册', foot=[f'{_count(roll.examiners)}　{roll.mark}'.strip()])
    return book.to_bytes()


def expert_file_pdf(roll: Roll) -> bytes:
    """Return F-EXPERT-FILE, A4 landscape."""
    from app.pdf import Paper

    paper = Paper('职业技能等级认定专家信息表', form='F-EXPERT-FILE', landscape=True, printed_at=roll.made_at, mark=roll.mark)
    paper.line(f'评价机构：{roll.org}', f'合计：{_count(roll.experts)}')
    paper.table(EXPERT_HEADS, _expert_lines(roll), _EXPERT_PARTS, row_mm=9, pt=8)
    paper.signatures(('填表人', None), ('审核人', None), columns=2).seal(roll.org)
    return paper.to_bytes()


def expert_file_xlsx(roll: Roll) -> bytes:
    """Return F-EXPERT-FILE as a workbook, codes as text."""
    from app.xlsx import Book, Column

    book = Book('专家信息表', made_at=roll.made_at, form='F-EXPERT-FILE')
    book.sheet('专家信息表', [Column(head, max(6, part * 0.62), options=_OFFERED.get(head, ())) for head, part in zip(EXPERT_HEADS, _EXPERT_PARTS, strict=True)],
               _expert_lines(roll), title=f'{roll.org}专家信息表', foot=[f'合计：{_count(roll.experts)}　{roll.mark}'.strip()])
    return book.to_bytes()


def _count(entries: Sequence[ExaminerEntry | ExpertEntry]) -> str:
    """Return how many people stand on how many lines: who is there for two occupations stands twice."""
    people = len({e.id_no for e in entries})
    return f'{people}人' if people == len(entries) else f'{people}人，{len(entries)}行'


def _expert_lines(roll: Roll) -> list[list[str]]:
    return [[str(n), e.name, e.sex, e.id_no, e.age, e.education, e.title, e.occupation, e.years, e.examining_years, e.honours, e.group_name, e.leads, e.proofs,
             e.engaged, e.pledged] for n, e in enumerate(roll.experts, 1)]


def _pledged(work: Work, found: Sequence[Member]) -> Mapping[int, int]:
    from app.files import attachment_counts

    return attachment_counts(work, [m.row.id for m in found], {'secrecy_pledge': ''})


def _unit(work: Work, m: Member) -> str:
    return m.staff.unit or (work.org.name if m.staff.own_staff else '')


def _title(m: Member) -> str:
    return m.staff.title or written_of(LEVEL, m.staff.skill_level)


def _occupation(m: Member) -> str:
    return f'{m.row.occupation}/{m.row.work_type}' if m.row.work_type else str(m.row.occupation)


def _term(start: date | None, end: date | None) -> str:
    return f'{paper_date(start) if start else ""}至{paper_date(end) if end else ""}' if start or end else ''


def _age(born_on: date | None, on: date, conventions: Conventions) -> str:
    return '' if born_on is None else str(age_on(on, born_on, conventions))


def _mark() -> str:
    return '演示样本' if house().demo else ''
