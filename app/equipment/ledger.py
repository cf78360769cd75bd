"""The equipment ledger as data, in the order of form and workbook."""

from __future__ import annotations

from sqlalchemy import ColumnElement
from sqlmodel import col

from app.equipment.rules import line_findings, numbers_of
from app.equipment.words import STATES
from app.ledger_items import Item
from app.ledgers import Ledger
from app.premises.occupations import occupation_name, read_occupation
from app.premises.words import TENURES
from db.equipment import Equipment
from db.premises import Room


def _of_occupation(code: str) -> ColumnElement[bool]:
    return col(Equipment.occupation_code) == code


EQUIPMENT = Ledger(
    'equipment', '设备', Equipment, (
        Item('number', '编号', 'code', 30, required=True, width=18, example='CG-0001…0012', hint='成批同型号的可写CG-0001…0012', under='设备', rule='EQUIP-01'),
        Item('name', '名称', required=True, width=18, example='普通车床', aliases=('设备名称',)),
        Item('model', '规格/型号', width=16, example='CA6140A', aliases=('型号规格', '规格型号'), rule='EQUIP-01'),
        Item('count', '数量', 'count', 99999, required=True, width=8, example='12', rule='EQUIP-01'),
        Item('unit', '单位', most=10, required=True, width=8, example='台', hint='张、个、台、套、条、个工位'),
        Item('bought_on', '购置时间', 'month', width=12, example='2019-06', blank=None, hint='年-月', rule='EQUIP-01'),
        Item('price_fen', '单价', 'price', width=14, example='68000', unit='元', blank=None, aliases=('价格', '价格（元）'), rule='EQUIP-01'),
        Item('tenure', '权属', 'choice', required=True, options=TENURES, width=8, example='自有', under='使用', rule='ORG-17'),
        Item('room_id', '所在场所', 'row', row='room', width=24, blank=None, aliases=('所在房间',), hint='先在“场所与考场”登记房间'),
        Item('occupation_code', '认定职业', width=16, example='车工', aliases=('职业编码',), hint='职业名称或编码；各职业通用的留空', reader=read_occupation, writer=occupation_name,
             rule='EQUIP-01'),
        Item('work_type', '工种', width=16, example='普通车床', aliases=('工种/方向',), rule='OCC-07'),
        Item('serves', '可认定工作内容/项目', most=200, width=30, aliases=('可认定工作内容',), rule='EQUIP-01'),
        Item('specs', '当前技术指标与参数', 'long', 500, width=30, rule='EQUIP-01'),
        Item('state', '状态', 'choice', required=True, options=STATES, width=8, example='完好', under='状态', rule='TEV-07'),
        Item('calibrated_to', '检定有效期至', 'date', width=14, blank=None, hint='计量器具填写证书的最后一天', rule='EQUIP-04'),
        Item('keeper', '保管人', most=50, width=10, rule='EQUIP-02'),
        Item('note', '备注', 'long', 300, width=30)),
    ('number',), 'equipment', ('number', 'name', 'model', 'keeper'), named={'room': Room}, check=line_findings,
    marks=lambda values: numbers_of(values['number']) if values.get('number') else (), for_good=True,
    filters={'occupation': _of_occupation, 'state': lambda value: col(Equipment.state) == value, 'room_id': lambda value: col(Equipment.room_id) == int(value)})
