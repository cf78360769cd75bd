"""The equipment ledger: kept, changed, ended, brought in by workbook."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.equipment.importing import judge_equipment
from app.equipment.ledger import EQUIPMENT
from app.equipment.operations import change_equipment, end_equipment
from app.equipment.queries import equipment, equipment_found, equipment_page
from app.errors import Refused
from app.house import House
from app.ledger_books import rows_xlsx
from app.ledgers import known_of
from app.work import begin_as
from tests import make
from tests.ledger_rows import WRITTEN, add, bring_in, outcomes
from tests.make_bad_files import workbook
from tests.shows import shows

BAD_LINES: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({'price_fen': '约六万八'}, '“单价”应填写阿拉伯数字（单位元），现为“约六万八”', 'EQUIP-01'),
    ({'price_fen': '-1'}, '“单价”不能是负数', 'EQUIP-01'),
    ({'price_fen': '68000.005'}, '最多两位小数', 'EQUIP-01'),
    ({'count': '0'}, '应为1至99999的整数', 'EQUIP-01'),
    ({'count': '11'}, '编号CG-0101…0112共12个，数量填写的是11', 'EQUIP-01'),
    ({'bought_on': '2026-11'}, '晚于本月', 'EQUIP-01'),
    ({'bought_on': '2019'}, '应为年和月，如2021-05', 'EQUIP-01'),
    ({'room_id': '热处理车间'}, '没有名为“热处理车间”的所在场所', ''),
    ({'state': '还行'}, '请从完好、维修、停用、报废中选择', 'TEV-07'),
    ({'occupation_code': '', 'work_type': '普通车床'}, '填写工种前请先填写认定职业', 'OCC-07'),
    ({'number': 'CG-0012'}, '设备“CG-0012”已登记', ''),
    ({'number': 'CG-0005…0016'}, '设备“CG-0005”已登记', ''))


@pytest.fixture
def made(house_on_sqlite: House) -> make.World:
    """A world with a room and a lot of twelve lathes."""
    found = make.world()
    for ledger in ('site', 'room', 'equipment'):
        add(found, ledger)
    return found


@shows('EQUIP-01')
def test_a_lot_is_kept_with_money_in_fen_and_the_first_of_the_month(both: House) -> None:
    made = make.world()
    add(made, 'equipment')
    with begin_as(made.people['staff'], at=make.NOW, reads=True) as work:
        line, = equipment(work)
    assert (line.number, line.count, line.price_fen, line.bought_on) == ('CG-0001…0012', 12, 6_800_000, date(2019, 6, 1))
    assert (line.occupation_code, line.work_type, line.state, line.tenure) == ('6-18-01-01', '普通车床', 'sound', 'owned')


@shows('EQUIP-01', 'OCC-07')
def test_a_line_that_cannot_be_right_is_refused_with_what_to_do(made: make.World) -> None:
    wrong = []
    for change, said, rule in BAD_LINES:
        with pytest.raises(Refused) as refused:
            add(made, 'equipment', **{'number': 'CG-0101…0112'} | change)
        if said not in refused.value.sentence or refused.value.rule != rule:
            wrong.append((change, refused.value.sentence, refused.value.rule))
    assert wrong == []
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert equipment_found(work, 9) == 1


def test_state_and_room_change_alone_and_the_list_follows(made: make.World) -> None:
    with begin_as(made.people['exam_affairs'], at=make.NOW) as work:
        line, = equipment(work)
        assert change_equipment(work, equipment_id=line.id, column='state', shown='完好', new='维修') == '维修'
        assert change_equipment(work, equipment_id=line.id, column='room_id', shown='', new='机房一 3-301') == '机房一 3-301'
        assert change_equipment(work, equipment_id=line.id, column='bought_on', shown='2019-06', new='2019年7月') == '2019-07'
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert [len(equipment_page(work, **asked)[0]) for asked in (
            {'filters': {'state': 'repair'}}, {'filters': {'state': 'sound'}}, {'filters': {'occupation': '6-18-01-01'}}, {'find': 'CA61'}, {'find': '铣'})] == [1, 0, 1, 1, 0]


def test_the_number_of_a_line_that_ended_is_never_given_again(made: make.World) -> None:
    with begin_as(made.people['head'], at=make.NOW) as work:
        end_equipment(work, equipment_id=equipment(work)[0].id)
    with pytest.raises(Refused, match='设备“CG-0001”该设备已于2026-10-20停用，原编号不再使用'):
        add(made, 'equipment')
    heads = [i.sheet_head for i in EQUIPMENT.items]
    book = workbook([heads, [WRITTEN['equipment'].get(i.key, '') for i in EQUIPMENT.items]])
    assert outcomes(bring_in(made, 'equipment', book)) == {'new': 0, 'changed': 0, 'same': 0, 'bad': 1}


def test_a_workbook_that_was_exported_changes_nothing_when_it_comes_back(made: make.World) -> None:
    add(made, 'equipment', number='BY-0001', count='1', room_id='机房一 3-301', occupation_code='保育师', work_type='', price_fen='900.5', bought_on='')
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        data = rows_xlsx(EQUIPMENT, equipment(work), known_of(work, EQUIPMENT), work.now)
    assert outcomes(bring_in(made, 'equipment', data)) == {'new': 0, 'changed': 0, 'same': 2, 'bad': 0}


def test_a_number_twice_in_a_sheet_is_refused_the_second_time(made: make.World) -> None:
    heads = ['编号', '名称', '数量', '单位', '权属', '状态', '价格', '购置时间']
    book = workbook([heads, ['X-1', '锯床', 1, '台', '自有', '完好', 18500, ''], ['X-1', '锯床', 1, '台', '自有', '完好', '', ''],
                     ['X-2', '锯床', 1, '台', '自有', '完好', '一万', '']], more=lambda book, sheet: sheet.write_datetime(1, 7, date(2019, 6, 1), book.add_format({'num_format': 'yyyy-mm'})))
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        _table, fates = judge_equipment(work, data=book, name='台账.xlsx')
    assert [f.outcome for f in fates] == ['new', 'bad', 'bad']
    told = ['第3行A3：设备“X-1”与第2行重复，请核对编号。', '第4行G4：“单价”应填写阿拉伯数字（单位元），现为“一万”，请更正。']
    assert [f.findings[0].sentence for f in fates[1:]] == told
    assert outcomes(bring_in(made, 'equipment', book)) == {'new': 1, 'changed': 0, 'same': 0, 'bad': 2}
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert [(e.number, e.price_fen, e.bought_on) for e in equipment(work)][1:] == [('X-1', 1_850_000, date(2019, 6, 1))]
