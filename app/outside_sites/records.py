"""What F-OFFSITE asks, said once, and the frozen record that is checked, handed in and printed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date

from app.equipment.words import STATES
from app.figures import Frozen
from app.ledger_items import Item
from app.ledgers import Ledger
from app.organizations.operations import check_region
from db.outside_sites import OutsideSite

DUTIES: Mapping[str, str] = {'lead': '考点负责人', 'affairs': '考务人员', 'invigilator': '监考人员', 'equipment': '设备管理人员', 'supervisor': '内部质量督导员'}
SEATS: Mapping[str, str] = {'local': '属地鉴定中心', 'place': '考点所在地鉴定中心'}
PROOFS: Mapping[str, str] = {'proof': '场地证明'}
MOST_ROWS = 100

SITES = Ledger(
    'outside_site', '外部考点', OutsideSite, (
        Item('name', '外部考点名称', required=True, rule='PLAN-26'),
        Item('address', '地址', most=200, required=True, rule='PLAN-26'),
        Item('city', '所在市州', most=30, required=True, example='明川市', rule='PLAN-26'),
        Item('region', '行政区划', 'code', 6, required=True, hint='考点所在地的6位代码，据此判断是否跨市（州）', reader=check_region, rule='PLAN-26'),
        Item('reason', '使用理由', 'long', 1000, required=True, hint='为什么不能在备案场所进行', rule='PLAN-26'),
        Item('area_dm2', '场地面积', 'area', required=True, unit='㎡', blank=0, rule='PLAN-26'),
        Item('video', '视频监控条件', 'long', 500, required=True, hint='点位、分辨率、录像保存', rule='PLAN-26')),
    ('name',), 'outside_site', ('name', 'address'), marks=lambda values: ())

TABLES: Mapping[str, tuple[str, tuple[Item, ...]]] = {  # tables of the form: {column: (title, columns)}
    'equipment': ('设备工量具', (
        Item('name', '名称', most=60), Item('model', '型号规格', most=60), Item('count', '数量', 'count', 9999), Item('state', '状况', 'choice', options=STATES))),
    'staff': ('考务人员名单', (Item('person', '姓名', most=20), Item('duty', '岗位', 'choice', options=DUTIES)))}


class GroupLine(Frozen):
    """An occupation and level of the batch with its candidates."""

    name: str
    people: int


class EquipmentLine(Frozen):
    """A row of 设备工量具, as typed."""

    name: str
    model: str
    count: str
    state: str  # key of equipment.words.STATES


class StaffLine(Frozen):
    """A person who works at the place; name '' when he has left the register, own_full_time: 本单位专职, by the register."""

    person: str
    name: str
    post: str
    duty: str  # key of DUTIES
    own_full_time: bool


class SiteRecord(Frozen):
    """A request as it is handed in."""

    org: str
    org_region: str
    filing_number: str
    batch: str
    first_on: date
    last_on: date
    name: str
    address: str
    city: str
    region: str
    reason: str
    groups: tuple[GroupLine, ...]
    area_dm2: int
    equipment: tuple[EquipmentLine, ...]
    video: str
    staff: tuple[StaffLine, ...]
    proofs: tuple[str, ...]  # titles of what is attached
    late_reason: str = ''  # why it is handed in after the last day; '' in time

    @property
    def elsewhere(self) -> bool:
        """Whether the place lies in another city (州) than the organisation."""
        return bool(self.region) and self.region[:4] != self.org_region[:4]

    @property
    def sha256(self) -> str:
        """Hash of what is handed in."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()
