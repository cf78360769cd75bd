"""F-ROOM-REG, F-IT-REG, F-SAFETY: labels in their order, values, the same bytes."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest

from app.house import House
from app.premises.documents import (
    room_record,
    room_register_xlsx,
    safety_pdf,
    safety_record,
    safety_xlsx,
    system_record,
    system_register_xlsx,
)
from app.premises.ledgers import LEDGERS
from app.work import begin_as
from tests import make
from tests.ledger_rows import add
from tests.papers.read import in_order, text_of, without_blanks
from tests.shows import shows


@pytest.fixture
def made(house_on_sqlite: House) -> make.World:
    """A world with a row in each ledger and a room leased on its own."""
    found = make.world()
    for ledger in LEDGERS:
        add(found, ledger)
    add(found, 'room', name='档案室', kind='档案室', area_dm2='40.5', seats='', serves='', spacing_ok='', tenure='租赁', lease_from='2024-01-01', lease_to='2028-12-31')
    return found


def cells(data: bytes) -> list[list[str]]:
    """Return the texts of the first sheet, line by line, blank cells left out."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return [[str(c) for c in row if c not in (None, '')] for row in sheet.iter_rows(values_only=True)]


@shows('F-ROOM-REG')
def test_the_register_of_rooms_has_the_columns_of_the_form_in_order(made: make.World) -> None:
    with begin_as(made.people['staff'], at=make.NOW, reads=True) as work:
        record = room_record(work)
    data = room_register_xlsx(record)
    lines = cells(data)
    assert lines[1] == ['场所名称', '类别', '地址楼层', '面积㎡', '机位/工位数', '间距≥80cm', '防窥隔屏', '视频监控', '消防疏散', '权属', '租期', '用于职业']
    assert lines[2] == ['点位数', '分辨率', '对接平台']
    assert lines[3] == ['机房一 3-301', '理论机考', '演示省明川市云桥路88号 3层', '120', '40', '是', '是', '3', '1080P', '符合', '自有', '车工/普通车床、保育师']
    assert lines[4][:4] + lines[4][-2:] == ['档案室', '档案室', '演示省明川市云桥路88号 3层', '40.5', '租赁', '2024年1月1日至2028年12月31日']
    assert lines[5] == ['房间2间，面积合计160.5㎡。']
    assert room_register_xlsx(record) == data != room_register_xlsx(replace(record, org='别的机构'))


@shows('F-IT-REG')
def test_the_register_of_systems_has_the_columns_of_the_form_and_the_cameras(made: make.World) -> None:
    with begin_as(made.people['staff'], at=make.NOW, reads=True) as work:
        data = system_register_xlsx(system_record(work))
    lines = cells(data)
    assert lines[1] == ['系统', '开发单位', '版本', '对接平台与状态', '上线日期', '责任人', '承诺书']
    assert lines[2] == ['考务管理：启帆考务管理系统', '演示软件公司（演示）', '3.2', '省平台：已对接（2025年2月20日）']
    points = openpyxl.load_workbook(io.BytesIO(data)).worksheets[1]
    assert [c for c in next(points.iter_rows(min_row=3, max_row=3, values_only=True)) if c] == ['机房一 3-301', '前门', '1080P', '是', '1826']


@shows('F-SAFETY', 'ORG-18')
def test_the_record_of_safety_checks_has_the_columns_of_the_form_as_pdf_and_workbook(made: make.World) -> None:
    add(made, 'check', checked_on='2026-10-01', area='3号楼', serious='是', rechecked_on='2026-10-02', recheck='已整改')
    with begin_as(made.people['staff'], at=make.NOW, reads=True) as work:
        record = safety_record(work)
    heads = ['日期', '区域', '检查项', '结论', '隐患', '整改期限', '检查人', '复查']
    items = ['疏散标识', '灭火器', '用电', '动火', '设备防护', '制度上墙']
    lines = cells(safety_xlsx(record))
    assert lines[1:3] == [heads, items]
    assert lines[3] == ['2026年10月1日', '3号楼', '合格', '不合格', '重大隐患', '灭火器压力不足2具', '2026年10月25日', '严立夏', '2026年10月2日 已整改']
    assert lines[4] == ['2026年10月15日', '1号楼', '合格', '不合格', '有隐患', '灭火器压力不足2具', '2026年10月25日', '严立夏', '待复查']
    text = text_of(safety_pdf(record), layout=False)
    assert [word for word in [*heads, *items] if without_blanks(word) not in without_blanks(text)] == []
    assert in_order(text, ['消防与安全检查记录', '检查2次，尚有1项隐患待复查']) == []
    assert safety_pdf(record) == safety_pdf(record)
