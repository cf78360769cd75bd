"""F-ROOM-REG, F-IT-REG and F-SAFETY: the registers of premises on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.access import Permission
from app.cells import Cell
from app.house import house
from app.premises.occupations import served_words
from app.premises.queries import cameras, checks, promises, rooms, sites, systems
from app.premises.rules import is_open, tenure_of
from app.premises.words import CHECKED, DOCKING, RESULTS, ROOMS, SYSTEMS, TENURES
from app.words import hundredths_text, paper_date, paper_term
from app.work import Work

UNKNOWN, YES, NO = '', '是', '否'
CONCLUSIONS = ('合格', '有隐患', '重大隐患')  # of F-SAFETY


@dataclass(frozen=True, slots=True)
class Register:
    """A register on paper: rows as printed, and lines under them."""

    org: str
    printed_at: datetime
    mark: str
    rows: tuple[tuple[str, ...], ...]
    foot: tuple[str, ...] = ()
    more: tuple[tuple[str, ...], ...] = ()
    spacing_cm: int = 0


# ------------------------------------------------------------------ F-ROOM-REG


def room_record(work: Work) -> Register:
    """Return the register of rooms, site by site."""
    work.require(Permission.PREMISES_READ)
    held = {site.id: site for site in sites(work)}
    found = sorted(rooms(work), key=lambda r: (list(held).index(r.site_id), list(ROOMS).index(r.kind), r.id))
    lines = []
    for room in found:
        site, term = held[room.site_id], tenure_of(room, held[room.site_id])
        lease = paper_term(term.lease_from, term.lease_to) if term.tenure == 'leased' and term.lease_from and term.lease_to else ''
        lines.append((
            room.name, ROOMS[room.kind], ' '.join(x for x in (site.address, room.floor) if x), hundredths_text(room.area_dm2) if room.area_dm2 else '',
            str(room.seats) if room.seats else '', _said(room.spacing_ok), _said(room.screens), str(room.camera_count), room.resolution, room.platform,
            {True: '符合', False: '不符合', None: UNKNOWN}[room.fire_ok], TENURES[term.tenure], lease, served_words(room.serves)))
    total = sum(room.area_dm2 for room in found)
    spacing = work.profile.rooms.spacing_cm.value
    return Register(work.org.name, work.now, _mark(), tuple(lines), (f'房间{len(lines)}间，面积合计{hundredths_text(total)}㎡。',), spacing_cm=int(spacing or 0))


def room_register_xlsx(register: Register) -> bytes:
    """Return F-ROOM-REG as a workbook, rooms by site and kind."""
    from app.xlsx import Book, Column

    spacing = f'间距≥{register.spacing_cm}cm' if register.spacing_cm else '间距'
    over: list[str | Cell] = [Cell(h, rows=2) for h in ('场所名称', '类别', '地址楼层', '面积㎡', '机位/工位数', spacing, '防窥隔屏')]
    over += [Cell('视频监控', cols=3), *(Cell(h, rows=2) for h in ('消防疏散', '权属', '租期', '用于职业'))]
    widths = (22, 12, 28, 9, 11, 11, 10, 9, 9, 18, 10, 8, 30, 26)
    book = Book('场地（考场）登记表', made_at=register.printed_at, form='F-ROOM-REG')
    offered = {1: tuple(ROOMS.values()), 5: (YES, NO), 6: (YES, NO), 10: ('符合', '不符合'), 11: tuple(TENURES.values())}
    book.sheet('场地（考场）登记', [Column('', w, options=offered.get(n, ())) for n, w in enumerate(widths)], register.rows, title=f'{register.org}场地（考场）登记表',
               heads=[over, ['点位数', '分辨率', '对接平台']], foot=[*register.foot, *_marked(register)])
    return book.to_bytes()


# ------------------------------------------------------------------ F-IT-REG


def system_record(work: Work) -> Register:
    """Return the register of information systems, with the cameras of each room."""
    work.require(Permission.PREMISES_READ)
    found = sorted(systems(work), key=lambda s: (list(SYSTEMS).index(s.kind), s.id))
    promised = promises(work)
    lines = [(
        f'{SYSTEMS[s.kind]}：{s.name}', s.developer, s.version,
        f'{s.platform or "平台未填"}：{DOCKING[s.docking]}' + (f'（{paper_date(s.docked_on)}）' if s.docked_on else ''),
        paper_date(s.online_on) if s.online_on else '', s.responsible, '、'.join(promised.get(s.id, ()))) for s in found]
    named = {room.id: room for room in rooms(work)}
    points = [(
        named[c.room_id].name, c.label, c.resolution, _said(c.remote_view), str(c.kept_days) if c.kept_days else '') for c in cameras(work) if c.room_id in named]
    return Register(work.org.name, work.now, _mark(), tuple(lines), more=tuple(points))


def system_register_xlsx(register: Register) -> bytes:
    """Return F-IT-REG as a workbook: systems, then cameras on a sheet of their own."""
    from app.xlsx import Book, Column

    book = Book('信息系统与监控登记', made_at=register.printed_at, form='F-IT-REG')
    heads = (('系统', 30), ('开发单位', 26), ('版本', 10), ('对接平台与状态', 36), ('上线日期', 16), ('责任人', 10), ('承诺书', 24))
    book.sheet('信息系统', [Column(h, w) for h, w in heads], register.rows, title=f'{register.org}信息系统与监控登记', foot=_marked(register))
    points = (('所在房间', 26), ('点位名称', 16), ('分辨率', 12), ('可远程查看', 12), ('录像保存天数', 14))
    book.sheet('监控点位', [Column(h, w, options=(YES, NO) if h == '可远程查看' else ()) for h, w in points], register.more, title=f'{register.org}视频监控点位', foot=[f'共{len(register.more)}个点位。', *_marked(register)])
    return book.to_bytes()


# ------------------------------------------------------------------ F-SAFETY


def safety_record(work: Work) -> Register:
    """Return the safety checks by day."""
    work.require(Permission.PREMISES_READ)
    found = checks(work)
    lines = [(
        paper_date(c.checked_on), c.area, *(RESULTS.get(str(c.items.get(item, '')), '') for item in CHECKED),
        CONCLUSIONS[0 if not c.hazard and 'bad' not in c.items.values() else 2 if c.serious else 1], c.hazard,
        paper_date(c.due_on) if c.due_on else '', c.checker,
        f'{paper_date(c.rechecked_on)} {c.recheck}'.strip() if c.rechecked_on else '待复查' if is_open(c) else '') for c in found]
    left = sum(is_open(c) for c in found)
    return Register(work.org.name, work.now, _mark(), tuple(lines), (f'检查{len(lines)}次，尚有{left}项隐患待复查。',))


_RESULT, _REST = '检查项', ('结论', '隐患', '整改期限', '检查人', '复查')


def _safety_heads() -> list[list[str | Cell]]:
    return [[Cell('日期', rows=2), Cell('区域', rows=2), Cell(_RESULT, cols=len(CHECKED)), *(Cell(h, rows=2) for h in _REST)], [*CHECKED]]


def safety_pdf(register: Register) -> bytes:
    """Return F-SAFETY, A4 landscape."""
    from app.pdf import Paper

    paper = Paper('消防与安全检查记录', form='F-SAFETY', landscape=True, printed_at=register.printed_at, mark=register.mark)
    paper.line(f'评价机构：{register.org}', *register.foot)
    paper.table(_safety_heads(), register.rows, (30, 22, *(17,) * len(CHECKED), 16, 40, 30, 16, 34), row_mm=8, pt=8.5)
    paper.signatures(('检查人', None), ('安全负责人', None), columns=2)
    return paper.to_bytes()


def safety_xlsx(register: Register) -> bytes:
    """Return F-SAFETY as a workbook."""
    from app.xlsx import Book, Column

    book = Book('消防与安全检查记录', made_at=register.printed_at, form='F-SAFETY')
    widths = (16, 24, *(10,) * len(CHECKED), 10, 40, 16, 10, 36)
    offered = {**dict.fromkeys(range(2, 2 + len(CHECKED)), tuple(RESULTS.values())), 2 + len(CHECKED): CONCLUSIONS}
    book.sheet('消防与安全检查', [Column('', w, options=offered.get(n, ())) for n, w in enumerate(widths)], register.rows, title=f'{register.org}消防与安全检查记录', heads=_safety_heads(),
               foot=[*register.foot, *_marked(register)])
    return book.to_bytes()


def _said(value: bool | None) -> str:
    return UNKNOWN if value is None else YES if value else NO


def _mark() -> str:
    return '演示样本' if house().demo else ''


def _marked(register: Register) -> Sequence[str]:
    return [register.mark] if register.mark else []
