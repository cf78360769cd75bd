"""The tables that several papers of a filing share, and how its words are written on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from app.bylaws.rules import LISTED
from app.filing.papers.blocks import Printing, Table, Words
from app.filing.records import ApplicationRecord, EquipmentLine, ExaminerLine, ExpertLine, RoomLine, StaffLine, SupervisorLine
from app.words import LEVEL_NAMES, level_digits, paper_date, paper_month

TENURES = {'owned': '自有', 'leased': '租赁'}
ROOMS = {  # as part 5 of the application form calls them
    'theory_computer': '理论考场（机考）', 'theory_paper': '理论考场（笔试）', 'practical': '实操考场', 'review': '评审答辩室', 'exam_affairs_office': '等级认定办公室',
    'office': '办公室', 'confidential_room': '保密室', 'archive_room': '档案室', 'monitoring_room': '视频监控室', 'preparation_room': '备考室', 'waiting_room': '候考室',
    'examiner_room': '考评室', 'spare_room': '应急考场', 'medical_room': '医务室', 'banned_items_place': '物品存放处'}
RANGE_HEADS = ('序号', '职业编码', '职业名称', '工种名称', '等级', '评价标准')
EQUIPMENT_HEADS = ('序号', '名称', '规格/型号', '数量', '权属')
STAFF_HEADS = ('序号', '姓名', '身份证件号', '职务/职称/技能等级', '学历', '主要职责')
EXAMINER_HEADS = ('序号', '姓名', '身份证件号', '职务/职称/技能等级', '学历', '考评职业（工种）', '是否本单位人员')
SUPERVISOR_HEADS = ('序号', '姓名', '身份证件号', '职务/职称/技能等级', '学历', '专业方向')
NO_MORE = 'scrapped'
OFFERED = {'权属': tuple(TENURES.values()), '是否本单位人员': ('是', '否'), '专业方向': ('考评技术', '考评流程', '全面督导', '过程督导', '财务督导'), '性别': ('男', '女')}  # value lists of workbooks


def range_table(record: ApplicationRecord, title: str, *, note: str = '', least: int = 0) -> Table:
    """Return the occupations asked for."""
    rows = tuple((str(n), r.occupation_code, r.occupation, r.work_type, level_digits(r.levels), r.standard) for n, r in enumerate(record.ranges, 1))
    return Table(RANGE_HEADS, numbered(rows, least), (12, 26, 28, 36, 24, 32), title, note)


def bylaw_table(record: ApplicationRecord) -> Table:
    """Return the rule documents: the 24 of the form, then the organisation's own from 25 on (ORG-55)."""
    held = {b.number: b for b in record.bylaws}
    own = sorted(n for n in held if n > len(LISTED))
    rows = []
    for n, (number, title) in enumerate([*enumerate(LISTED, 1), *((n, held[n].title) for n in own)], 1):
        written = held[number] if number in held and held[number].version else None
        rows.append((str(n), at_left(title), written.unit if written else '', paper_month(written.made_on) if written and written.made_on else '', written.note if written else ''))
    return Table(('序号', '名称', '制定部门', '制定时间', '备注'), tuple(rows), (12, 58, 42, 28, 20), '文件、规章制度清单（具体材料另附）')


def room_table(rooms: Sequence[RoomLine]) -> Table:
    """Return the rooms, in the order of the form's kinds."""
    order = list(ROOMS)
    rows = tuple((ROOMS.get(r.kind, r.kind), f'{r.site} {r.floor} {r.name}'.strip(), f'{r.seats}' if r.seats else '—', square_metres(r.area_dm2), TENURES.get(r.tenure, ''),
                  term_text(r.lease_from, r.lease_to) if r.tenure == 'leased' else '—') for r in sorted(rooms, key=lambda r: order.index(r.kind) if r.kind in order else 99))
    return Table(('场所', '位置', '机位/工位', '面积（㎡）', '权属', '租期'), rows, (34, 54, 22, 22, 14, 32), '场地明细')


def equipment_tables(record: ApplicationRecord) -> list[Table]:
    """Return one table for each occupation asked for, headed 认定职业n and 设备所在地."""
    tables = []
    for n, (code, name) in enumerate(occupations(record), 1):
        lines = [e for e in record.equipment if e.occupation_code == code and e.state != NO_MORE]
        places = '、'.join(dict.fromkeys(e.room for e in lines if e.room))
        tables.append(Table(EQUIPMENT_HEADS, _equipment(lines), (12, 52, 46, 24, 18), f'认定职业{n}：{name}　　设备所在地：{places}'))
    return tables


def occupations(record: ApplicationRecord) -> list[tuple[str, str]]:
    """Return each occupation asked for once, code and name with its work types: 车工（普通车床、数控车床）."""
    found: dict[str, tuple[str, list[str]]] = {}
    for r in record.ranges:
        types = found.setdefault(r.occupation_code, (r.occupation, []))[1]
        if r.work_type and r.work_type not in types:
            types.append(r.work_type)
    return [(code, name + (f'（{"、".join(types)}）' if types else '')) for code, (name, types) in found.items()]


def staff_table(record: ApplicationRecord, *, title: str = '工作人员情况', least: int = 0) -> Table:
    """Return who works in evaluation."""
    rows = tuple((str(n), s.name, s.id_no, post_text(s), s.education, at_left(s.duty)) for n, s in enumerate((s for s in record.staff if s.works_in_evaluation), 1))
    return Table(STAFF_HEADS, numbered(rows, least, len(STAFF_HEADS)), (12, 18, 42, 40, 14, 32), title)


def examiner_table(record: ApplicationRecord, *, title: str = '考评人员队伍', note: str = '', least: int = 0) -> Table:
    """Return the examiners."""
    return Table(EXAMINER_HEADS, numbered(_evaluators(record.examiners), least, len(EXAMINER_HEADS)), (11, 18, 40, 39, 13, 30, 19), title, note)


def expert_table(record: ApplicationRecord, *, title: str = '专家队伍', note: str = '', least: int = 0) -> Table:
    """Return the experts, in the same columns."""
    return Table(EXAMINER_HEADS, numbered(_evaluators(record.experts), least, len(EXAMINER_HEADS)), (11, 18, 40, 39, 13, 30, 19), title, note)


def supervisor_table(record: ApplicationRecord, *, note: str = '') -> Table:
    """Return the internal supervisors, numbered without a gap."""
    rows = tuple((str(n), s.name, s.id_no, post_text(s), s.education, s.direction) for n, s in enumerate(record.supervisors, 1))
    return Table(SUPERVISOR_HEADS, rows, (12, 18, 42, 40, 14, 32), '内部质量监督人员队伍', note)


def training_table(record: ApplicationRecord) -> Table:
    """Return F-TRAIN-STAT's table."""
    rows = tuple((str(t.year), t.kind, t.trade, str(t.people), t.level) for t in sorted(record.training, key=lambda t: (t.year, t.kind, t.trade)))
    return Table(('年份', '培训种类', '培训工种', '培训人数', '鉴定级别'), rows, (16, 40, 50, 22, 36))


def post_text(person: StaffLine | ExaminerLine | ExpertLine | SupervisorLine) -> str:
    """Return 职务/职称/技能等级, each once."""
    level = getattr(person, 'skill_level', None)
    return '/'.join(dict.fromkeys(word for word in (person.post, person.title, LEVEL_NAMES[level] if level else '') if word and word != '—'))


def numbered(rows: Iterable[tuple[Words, ...]], least: int, columns: int = len(RANGE_HEADS)) -> tuple[tuple[Words, ...], ...]:
    """Return the rows, and numbered empty ones up to `least`, as a form for filling in by hand."""
    rows = tuple(rows)
    return rows + tuple((str(n), *([''] * (columns - 1))) for n in range(len(rows) + 1, least + 1))


def marked(printing: Printing) -> list[str]:
    """Return the mark as the last line of a sheet: a workbook has nothing across its pages."""
    return [printing.mark] if printing.mark else []


def square_metres(area_dm2: int) -> str:
    """Return an area in ㎡: 139100 → 1391."""
    return f'{area_dm2 / 100:.2f}'.rstrip('0').rstrip('.')


def month_text(month: str) -> str:
    """Return a month that was typed as papers print it: 2024-03 → 2024年3月."""
    return paper_month(date.fromisoformat(f'{month}-01')) if month else ''


def term_text(begins: date | None, ends: date | None) -> str:
    """Return a term whose ends may be open: 2024年1月1日至长期."""
    return f'{paper_date(begins) if begins else ""}至{paper_date(ends) if ends else "长期"}' if begins or ends else ''


def at_left(text: str) -> Words:
    """Return a cell whose text begins at the left."""
    from app.cells import Cell

    return Cell(text, align='L')


def _equipment(lines: Sequence[EquipmentLine]) -> tuple[tuple[Words, ...], ...]:
    counts: dict[tuple[str, str, str, str], int] = {}
    for e in lines:
        key = (e.name, e.model, e.unit, e.tenure)
        counts[key] = counts.get(key, 0) + e.count
    return tuple((str(n), name, model, f'{count}{unit}', TENURES.get(tenure, '')) for n, ((name, model, unit, tenure), count) in enumerate(counts.items(), 1))


def _evaluators(people: Sequence[ExaminerLine | ExpertLine]) -> tuple[tuple[Words, ...], ...]:
    return tuple((str(n), p.name, p.id_no, post_text(p), p.education, p.work_type and f'{p.occupation}（{p.work_type}）' or p.occupation, '是' if p.own_staff else '否')
                 for n, p in enumerate(people, 1))
