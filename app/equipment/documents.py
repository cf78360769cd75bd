"""F-EQUIP-LEDGER: the equipment ledger by occupation, with its share in working order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from app.access import Permission
from app.equipment.queries import equipment
from app.equipment.rules import Trade, sound_rates, trade_word
from app.equipment.words import STATES
from app.house import house
from app.premises.occupations import occupation_word
from app.premises.queries import rooms
from app.premises.words import TENURES
from app.words import hundredths_text, paper_month
from app.work import Work
from db.equipment import Equipment

HEADS = ('编号', '名称', '规格/型号', '数量', '单位', '购置时间', '价格', '权属', '所在场所', '认定职业', '可认定工作内容/项目', '当前技术指标与参数', '状态', '保管人', '备注')
_PARTS = (26, 20, 19, 10, 10, 20, 16, 11, 28, 24, 30, 34, 11, 15, 22)


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of one occupation: 车工/普通车床, 完好率 85.7%（12/14）."""

    trade: str
    rate: str
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class EquipmentLedger:
    """F-EQUIP-LEDGER."""

    org: str
    printed_at: datetime
    mark: str
    parts: tuple[Part, ...]


def ledger_record(work: Work) -> EquipmentLedger:
    """Return the ledger, one part an occupation and work type, equipment for all last (EQUIP-01, TEV-07)."""
    work.require(Permission.EQUIPMENT_READ)
    found = equipment(work)
    places = {room.id: room.name for room in rooms(work)}
    rates = sound_rates(found)
    parts = []
    for trade, lines in groupby(found, key=_trade):
        rate = rates.get(trade)
        said = f'完好率{rate.word}（完好{rate.sound}，共{rate.total}）' if rate else '已全部报废'
        parts.append(Part(trade_word(trade), said, tuple(_line(e, places) for e in lines)))
    return EquipmentLedger(work.org.name, work.now, '演示样本' if house().demo else '', tuple(parts))


def ledger_pdf(ledger: EquipmentLedger) -> bytes:
    """Return F-EQUIP-LEDGER, A4 landscape, a table for each occupation."""
    from app.pdf import Paper

    paper = Paper('设备设施台账', form='F-EQUIP-LEDGER', landscape=True, printed_at=ledger.printed_at, mark=ledger.mark)
    paper.line(f'评价机构：{ledger.org}', f'共{sum(len(part.lines) for part in ledger.parts)}条')
    for part in ledger.parts:
        paper.heading(f'认定职业：{part.trade}　{part.rate}')
        paper.table(HEADS, part.lines, _PARTS, row_mm=7, pt=8)
    if not ledger.parts:
        paper.table(HEADS, [], _PARTS, row_mm=7, pt=8)
    paper.note('完好率＝状态为“完好”的数量÷未报废的数量。价格为单价，单位元。')
    paper.signatures(('保管人', None), ('负责人', None), columns=2)
    return paper.to_bytes()


def ledger_xlsx(ledger: EquipmentLedger) -> bytes:
    """Return F-EQUIP-LEDGER as a workbook, a sheet for each occupation."""
    from app.xlsx import Book, Column

    book = Book('设备设施台账', made_at=ledger.printed_at, form='F-EQUIP-LEDGER')
    offered = {'权属': tuple(TENURES.values()), '状态': tuple(STATES.values())}
    columns = [Column(head, max(8.0, part * 0.62), options=offered.get(head, ())) for head, part in zip(HEADS, _PARTS, strict=True)]
    mark = [ledger.mark] if ledger.mark else []
    for part in ledger.parts or (Part('设备', '暂无设备', ()),):
        book.sheet(part.trade.replace('/', '-')[:31], columns, part.lines, title=f'{ledger.org}设备设施台账（{part.trade}）', foot=[part.rate, *mark])
    return book.to_bytes()


def _trade(line: Equipment) -> Trade:
    return line.occupation_code, line.work_type


def _line(e: Equipment, places: dict[int, str]) -> tuple[str, ...]:
    return (
        e.number, e.name, e.model, str(e.count), e.unit, paper_month(e.bought_on) if e.bought_on else '', hundredths_text(e.price_fen) if e.price_fen is not None else '',
        TENURES[e.tenure], places.get(e.room_id or 0, ''), occupation_word(e.occupation_code, e.work_type) if e.occupation_code else '', e.serves, e.specs, STATES[e.state],
        e.keeper, e.note)
