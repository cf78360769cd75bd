"""The five ledgers of premises as data, in the order of form and workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col

from app.errors import NotYours
from app.ledger_items import Item
from app.ledgers import Ledger
from app.organizations.operations import check_region
from app.premises.occupations import read_served, served_words
from app.premises.rules import check_findings, lease_findings, system_findings
from app.premises.words import CHECKED, DOCKING, RESULTS, ROOMS, SYSTEMS, TENURES
from db.premises import Camera, InfoSystem, Room, SafetyCheck, Site


def _equal(column: Any) -> Callable[[str], ColumnElement[bool]]:
    return lambda value: col(column) == value


def _lease(under: str) -> tuple[Item, ...]:
    return (
        Item('lease_from', '租期起', 'date', blank=None, width=12, under=under, rule='ORG-05'),
        Item('lease_to', '租期止', 'date', blank=None, width=12, hint='最后一天', rule='ORG-05'))


SITES = Ledger(
    'site', '场所', Site, (
        Item('name', '场所名称', required=True, width=20, example='云桥路校区', under='基本情况'),
        Item('address', '地址', most=200, required=True, width=30, example='演示省明川市云桥路88号'),
        Item('region', '行政区划', 'code', 6, width=10, example='990102', hint='6位代码', reader=check_region),
        Item('area_dm2', '面积', 'area', width=10, unit='㎡', example='1391', aliases=('面积㎡',), blank=0, rule='ORG-05'),
        Item('tenure', '权属', 'choice', required=True, options=TENURES, width=8, example='自有', under='权属', rule='ORG-05'),
        Item('title_no', '产权证号/租赁合同号', most=60, width=22, aliases=('产权证号', '租赁合同号')), *_lease('')),
    ('name',), 'premises', ('name', 'address', 'title_no'), check=lambda values, today: lease_findings(values), filters={'tenure': _equal(Site.tenure)})

ROOM_LEDGER = Ledger(
    'room', '房间', Room, (
        Item('name', '场所名称', required=True, width=20, aliases=('房间名称', '考场名称'), example='机房一 3-301', under='基本情况', hint='房间或考场的名称和门牌'),
        Item('site_id', '所在场所', 'row', required=True, row='site', width=16, example='云桥路校区', aliases=('场所',)),
        Item('kind', '类别', 'choice', required=True, options=ROOMS, width=12, example='理论机考', rule='ORG-06'),
        Item('floor', '地址楼层', most=60, width=16, example='3号楼3层'),
        Item('area_dm2', '面积', 'area', width=10, unit='㎡', example='120', aliases=('面积㎡',), blank=0, rule='ORG-05'),
        Item('seats', '机位/工位数', 'count', 9999, width=10, example='40', aliases=('机位数', '工位数'), blank=0, rule='ORG-07'),
        Item('serves', '用于职业', width=26, example='车工/普通车床、保育师', hint='职业/工种，多个用顿号分开；通用的留空', blank=[], reader=read_served, writer=served_words,
             rule='OCC-07'),
        Item('spacing_ok', '间距达标', 'flag', width=10, blank=None, under='考试条件', hint='前后左右间距', rule='ROOM-03'),
        Item('screens', '防窥隔屏', 'flag', width=10, blank=False, rule='ROOM-04'),
        Item('fire_ok', '消防疏散达标', 'flag', width=12, blank=None, aliases=('消防疏散',), rule='ORG-18'),
        Item('camera_count', '监控点位数', 'count', 999, width=10, example='3', aliases=('点位数',), blank=0, under='视频监控', rule='VIDEO-04'),
        Item('resolution', '分辨率', most=20, width=10, example='1080P', rule='VIDEO-01'),
        Item('platform', '对接平台', width=18),
        Item('tenure', '权属', 'choice', options=TENURES, width=8, under='权属', hint='与所在场所相同的留空', rule='ORG-05'), *_lease(''),
        Item('note', '备注', 'long', 300, width=30, under='其他')),
    ('name',), 'premises', ('name', 'floor', 'note'), named={'site': Site}, check=lambda values, today: lease_findings(values),
    filters={'kind': _equal(Room.kind), 'site_id': lambda value: col(Room.site_id) == int(value)})

SYSTEM_LEDGER = Ledger(
    'system', '系统', InfoSystem, (
        Item('kind', '系统', 'choice', required=True, options=SYSTEMS, width=12, example='考务管理', under='基本情况', rule='ORG-12'),
        Item('name', '系统名称', required=True, width=24, example='考务管理系统'),
        Item('developer', '开发单位', width=24), Item('version', '版本', most=30, width=10),
        Item('online_on', '上线日期', 'date', blank=None, width=12), Item('responsible', '责任人', most=50, width=10),
        Item('platform', '对接平台', width=24, example='省级评价监管平台', under='对接', rule='ORG-12'),
        Item('docking', '对接状态', 'choice', required=True, options=DOCKING, width=10, example='已对接', rule='ORG-12'),
        Item('docked_on', '对接日期', 'date', blank=None, width=12, rule='ORG-12'),
        Item('description', '功能说明', 'long', 1000, width=40, under='说明')),
    ('kind', 'name'), 'premises', ('name', 'developer', 'platform'), check=system_findings,
    filters={'kind': _equal(InfoSystem.kind), 'docking': _equal(InfoSystem.docking)})

CAMERAS = Ledger(
    'camera', '监控点位', Camera, (
        Item('room_id', '所在房间', 'row', required=True, row='room', width=24, example='机房一 3-301', aliases=('房间', '考场')),
        Item('label', '点位名称', most=40, required=True, width=16, example='前门'),
        Item('resolution', '分辨率', most=20, width=10, example='1080P', rule='VIDEO-01'),
        Item('remote_view', '可远程查看', 'flag', width=12, blank=False, rule='VIDEO-04'),
        Item('kept_days', '录像保存天数', 'count', 99999, width=12, unit='天', blank=0, rule='VIDEO-08')),
    ('room_id', 'label'), 'premises', ('label', 'resolution'), named={'room': Room}, filters={'room_id': lambda value: col(Camera.room_id) == int(value)})

CHECKS = Ledger(
    'check', '检查记录', SafetyCheck, (
        Item('checked_on', '日期', 'date', required=True, width=12, example='2026-11-20', aliases=('检查日期',), under='检查'),
        Item('area', '区域', most=100, required=True, width=24, example='普通车床实训室 1-101'),
        Item('room_id', '房间', 'row', row='room', width=24, blank=None, hint='整层、整栋的检查留空'),
        Item('checker', '检查人', most=50, required=True, width=10),
        *(Item(f'items.{name}', name, 'choice', options=RESULTS, width=10, example='合格', under='检查项' if name == CHECKED[0] else '') for name in CHECKED),
        Item('hazard', '隐患', 'long', 500, width=36, under='隐患和整改', rule='ORG-18'),
        Item('serious', '重大隐患', 'flag', width=10, blank=False, hint='技术评估时一票否决', rule='ORG-18'),
        Item('due_on', '整改期限', 'date', blank=None, width=12),
        Item('rechecked_on', '复查日期', 'date', blank=None, width=12, hint='另一天复查，整改合格后填写', under='复查'),
        Item('recheck', '复查情况', 'long', 300, width=30)),
    ('checked_on', 'area'), 'premises', ('area', 'hazard', 'checker'), named={'room': Room}, check=check_findings,
    filters={'open': lambda value: col(SafetyCheck.rechecked_on).is_(None) & (col(SafetyCheck.hazard) != ''),
             'serious': lambda value: col(SafetyCheck.serious).is_(True)}, ending='作废')

LEDGERS: Mapping[str, Ledger] = {ledger.name: ledger for ledger in (SITES, ROOM_LEDGER, SYSTEM_LEDGER, CAMERAS, CHECKS)}


def ledger_of(name: str) -> Ledger:
    """Return a ledger by its name; raises NotYours for another one, as an address may ask for."""
    if name not in LEDGERS:
        raise NotYours
    return LEDGERS[name]
