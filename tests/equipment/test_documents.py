"""F-EQUIP-LEDGER: columns of the form, a part for each occupation, the share in working order."""

from __future__ import annotations

import io

import openpyxl
import pytest

from app.equipment.documents import HEADS, ledger_pdf, ledger_record, ledger_xlsx
from app.house import House
from app.work import begin_as
from app.xlsx import LISTS
from tests import make
from tests.ledger_rows import add
from tests.papers.read import in_order, text_of, without_blanks
from tests.shows import shows

FORM = ['编号', '名称', '规格/型号', '数量', '单位', '购置时间', '价格', '权属', '所在场所', '认定职业', '可认定工作内容/项目', '当前技术指标与参数', '状态', '保管人', '备注']


@pytest.fixture
def made(house_on_sqlite: House) -> make.World:
    """A world with twelve sound lathes, two that are not, and a cupboard for all."""
    found = make.world()
    for ledger in ('site', 'room'):
        add(found, ledger)
    add(found, 'equipment', room_id='机房一 3-301', serves='四至一级全部项目', specs='最大回转直径400mm')
    add(found, 'equipment', number='CG-0013', count='1', state='维修')
    add(found, 'equipment', number='CG-0014', count='1', state='停用')
    add(found, 'equipment', number='T-1', name='货架', count='1', occupation_code='', work_type='')
    return found


@shows('F-EQUIP-LEDGER', 'EQUIP-01', 'TEV-07')
def test_the_ledger_is_printed_by_occupation_with_its_share_in_working_order(made: make.World) -> None:
    with begin_as(made.people['staff'], at=make.NOW, reads=True) as work:
        record = ledger_record(work)
    assert list(HEADS) == FORM
    book = openpyxl.load_workbook(io.BytesIO(ledger_xlsx(record)))
    assert book.sheetnames == ['车工-普通车床', '通用', LISTS]
    assert [v.formula1 for v in book.worksheets[0].data_validations.dataValidation] == [f"'{LISTS}'!$A$1:$A$2", f"'{LISTS}'!$B$1:$B$4"]
    lines = [[c for c in row if c not in (None, '')] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert lines[1] == FORM
    assert lines[2] == ['CG-0001…0012', '普通车床', 'CA6140A', '12', '台', '2019年6月', '68000', '自有', '机房一 3-301', '车工/普通车床', '四至一级全部项目', '最大回转直径400mm', '完好',
                        '严立夏']
    assert lines[5] == ['完好率85.7%（完好12，共14）']
    text = text_of(ledger_pdf(record), layout=False)
    assert [word for word in FORM if without_blanks(word) not in without_blanks(text)] == []
    assert in_order(text, ['设备设施台账', '认定职业：车工/普通车床', '完好率85.7%（完好12，共14）', 'CG-0001…0012', 'CG-0013', '认定职业：通用', '货架']) == []
    assert ledger_pdf(record) == ledger_pdf(record)


def test_an_empty_ledger_prints_its_heads(house_on_sqlite: House) -> None:
    made = make.world()
    with begin_as(made.people['staff'], at=make.NOW, reads=True) as work:
        record = ledger_record(work)
    assert '（无）' in without_blanks(text_of(ledger_pdf(record)))
    assert openpyxl.load_workbook(io.BytesIO(ledger_xlsx(record))).sheetnames == ['设备']
