"""The five registers of people as data: what each asks of a person, in the order of sheet, form and screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.intake_cells import Kind as CellKind
from app.intake_table import Column
from app.words import LEVEL_NAMES, LEVELS
from db.personnel import Examiner, Expert, GroupSeat, InternalSupervisor, Staff

Owner = Literal['person', 'staff', 'row']
Kind = Literal['text', 'id_no', 'name', 'phone', 'occupation', 'card', 'date', 'count', 'level', 'choice', 'flag']
Row = Staff | Examiner | Expert | InternalSupervisor | GroupSeat

YES_NO: Mapping[str, str] = {'yes': '是', 'no': '否'}
RANKS: Mapping[str, str] = {'junior': '初级', 'mid': '中级', 'senior': '高级'}
GRADES: Mapping[str, str] = {'examiner': '考评员', 'senior': '高级考评员'}
GROUPS: Mapping[str, str] = {
    'leading': '领导小组', 'office': '领导小组办公室', 'exam_affairs': '考务管理组', 'supervision': '内部质量督导组', 'experts': '专家考评组', 'equipment': '设备保障组',
    'finance': '财务监督组'}
POSITIONS: Mapping[str, str] = {'head': '负责人', 'deputy': '副职', 'member': '成员'}
PROOFS: Mapping[str, str] = {'skill_certificate': '职业技能等级证书', 'title_certificate': '职称证书', 'examiner_card': '考评员证卡'}
ATTACHED: Mapping[str, str] = {
    **PROOFS,
    'diploma': '学历证书', 'id_card': '身份证复印件', 'letter': '聘书', 'contract': '劳动合同或聘用协议', 'training': '培训合格证明', 'secrecy_pledge': '保密承诺书',
    'honour': '荣誉证书', 'photo': '照片', 'other': '其他'}
_SYNONYMS: Mapping[str, Mapping[str, str]] = {  # other words for a choice
    'position': {'组长': 'head', '主任': 'head', '副组长': 'deputy', '副主任': 'deputy', '副负责人': 'deputy'},
    'title_rank': {'正高级': 'senior', '副高级': 'senior', '高级职称': 'senior', '中级职称': 'mid', '初级职称': 'junior'},
    'group': {'办公室': 'office', '专家考评管理组': 'experts'}}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a register asks.

    key: name in values · head: its word · owner: whose column it is · column: of the owner, the key where empty · most: characters, or the largest count
    fixed: tells one row from another, so it is never changed, only ended and entered anew
    """

    key: str
    head: str
    owner: Owner = 'row'
    kind: Kind = 'text'
    most: int = 60
    required: bool = False
    fixed: bool = False
    column: str = ''
    options: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    width: float = 12
    example: str = ''
    hint: str = ''
    rule: str = ''
    blank: Any = ''  # what an empty cell means

    @property
    def stored_in(self) -> str:
        """The column that keeps it."""
        return self.column or self.key

    @property
    def synonyms(self) -> Mapping[str, str]:
        """{other word: value} of a choice."""
        return _SYNONYMS.get(self.key, {})

    @property
    def intake(self) -> Column:
        """The column of a workbook."""
        return Column(self.key, self.head, self.required, self.aliases, _CELLS.get(self.kind, 'text'))


_CELLS: Mapping[Kind, CellKind] = {'id_no': 'code', 'phone': 'code', 'occupation': 'code', 'card': 'code', 'date': 'date', 'count': 'int'}


@dataclass(frozen=True, slots=True)
class Register:
    """One register: its rows' model, what it asks, and which items besides the ID number tell its rows apart."""

    name: str
    title: str
    model: type[Any]
    items: tuple[Item, ...]
    keys: tuple[str, ...] = ()

    def item(self, key: str) -> Item:
        """Return an item by its key; raises KeyError."""
        return next(i for i in self.items if i.key == key)

    def of(self, owner: Owner) -> tuple[Item, ...]:
        """Return the items that belong to the person, the row of staff, or the register's own row."""
        return tuple(i for i in self.items if i.owner == owner)


def _flag(key: str, head: str, owner: Owner = 'row', *, blank: bool = False, hint: str = '') -> Item:
    return Item(key, head, owner, 'flag', options=YES_NO, width=10, example='是' if blank else '否', blank=blank, hint=hint)


def _day(key: str, head: str, owner: Owner = 'row', *, rule: str = '', hint: str = '') -> Item:
    return Item(key, head, owner, 'date', width=13, example='', blank=None, rule=rule, hint=hint)


def _count(key: str, head: str, most: int = 60, *, rule: str = '') -> Item:
    return Item(key, head, 'row', 'count', most, width=10, blank=0, rule=rule, hint='整年数')


NAME = Item('name', '姓名', 'person', 'name', 50, required=True, width=12, example='张三')
ID_NO = Item('id_no', '身份证号', 'person', 'id_no', 18, required=True, fixed=True, aliases=('证件号码', '身份证号码', '公民身份号码', '身份证件号'), width=22,
             example='990101199112031381', rule='VAL-01')
POST = Item('post', '职务', 'person', 'text', 30, column='title', example='教师', width=16)
PHONE = Item('phone', '联系电话', 'person', 'phone', 30, aliases=('电话', '手机'), width=16)
EDUCATION = Item('education', '学历', 'staff', most=20, aliases=('文化程度',), width=10, example='本科')
TITLE = Item('title', '职称/技能等级', 'staff', most=60, aliases=('职称', '职称或技能等级'), width=16, example='讲师', hint='照证书填写，例如讲师、高级技师')
RANK = Item('title_rank', '职称级别', 'staff', 'choice', options=RANKS, width=10, example='中级', hint='专业技术职称的级别，副高及以上为高级', rule='PERS-01')
LEVEL = Item('skill_level', '技能等级', 'staff', 'level', options={str(n): f'{w}/{LEVEL_NAMES[n]}' for n, w in LEVELS.items()}, width=14, example='', blank=None,
             hint='职业技能等级证书的等级', rule='PERS-01')
TRADE = Item('skill_occupation', '技能证书职业', 'staff', most=60, width=16)
OWN = _flag('own_staff', '本单位人员', 'staff', blank=True)
UNIT = Item('unit', '工作单位', 'staff', most=60, aliases=('单位', '部门'), width=20, hint='非本单位人员填写其单位，本单位人员可填写部门')
EMPLOYED = _day('employed_from', '入职日期', 'staff', rule='PERS-06', hint='到本单位工作的日期，外聘的留空')
_PROFESSION = (EDUCATION, TITLE, RANK, LEVEL, TRADE, OWN, UNIT)
_OCCUPATION = (
    Item('occupation_code', '职业编码', 'row', 'occupation', 10, required=True, fixed=True, width=14, example='6-18-01-01', rule='VAL-05'),
    Item('occupation', '职业名称', most=60, fixed=True, aliases=('考评职业', '职业'), width=14, example='车工', hint='职业目录中有的可留空', rule='OCC-05'),
    Item('work_type', '工种', most=60, fixed=True, aliases=('工种/方向', '职业方向'), width=14, hint='不分工种或各工种均可的留空', rule='OCC-07'))
_ENGAGED = (
    Item('letter_no', '聘书编号', most=60, width=18), _day('engaged_from', '聘期起', rule='PERS-10'), _day('engaged_to', '聘期止', rule='PERS-11'))


def _card(rule: str) -> tuple[Item, ...]:
    return (
        Item('card_no', '证卡编号', 'row', 'card', 18, width=22, rule=rule, hint='18位，尚未发证的留空'), _day('card_from', '证卡有效期起'), _day('card_to', '证卡有效期止'))


STAFF = Register('staff', '工作人员', Staff, (
    NAME, ID_NO, POST, PHONE, EDUCATION, Item('education_subject', '所学专业', 'staff', most=60, width=16), TITLE, RANK, LEVEL, TRADE,
    Item('duty', '主要职责', 'staff', most=200, width=30, example='考务、试卷'), _flag('works_in_evaluation', '从事评价工作', 'staff', blank=True, hint='列入备案申请表“工作人员情况”'),
    _flag('full_time', '专职', 'staff'), OWN, UNIT, EMPLOYED,
    _day('contract_to', '合同到期', 'staff', rule='PERS-50')))
EXAMINERS = Register('examiners', '考评人员', Examiner, (
    NAME, ID_NO, POST, *_PROFESSION, EMPLOYED, *_OCCUPATION, Item('grade', '类别', 'row', 'choice', required=True, options=GRADES, width=12, example='考评员', rule='STAFF-21'),
    _day('practice_from', '从事本职业起始', rule='PERS-02'), _day('examining_from', '从事考评起始', rule='PERS-20', hint='首次取得考评员资格的日期'),
    *_card('PERS-17'), *_ENGAGED), ('occupation_code', 'work_type'))
EXPERTS = Register('experts', '专家', Expert, (
    NAME, ID_NO, POST, *_PROFESSION, *_OCCUPATION, Item('group_name', '专业组', most=60, width=16), _flag('leads', '组长'),
    _count('years', '从事本职业年限', rule='PERS-41'), _count('examining_years', '考评年限', rule='PERS-42'), Item('honours', '荣誉', most=200, width=24, rule='PERS-43'), *_ENGAGED),
    ('occupation_code', 'work_type'))
SUPERVISORS = Register('supervisors', '内部质量督导员', InternalSupervisor, (
    NAME, ID_NO, POST, *_PROFESSION, EMPLOYED, Item('direction', '专业方向', most=60, required=True, width=14, example='全面督导', hint='考评技术、考评流程、全面督导、过程督导、财务督导'),
    _count('management_years', '评价管理年限', rule='PERS-30'), _count('examining_years', '考评年限', rule='PERS-30'), *_card('PERS-37')))
SEATS = Register('seats', '领导小组和工作组', GroupSeat, (
    NAME, ID_NO, POST, Item('group', '小组', 'row', 'choice', required=True, fixed=True, options=GROUPS, width=18, example='考务管理组'),
    Item('position', '组内职务', 'row', 'choice', required=True, options=POSITIONS, width=12, example='成员', hint='组长、主任填负责人'),
    Item('department', '负责部门', most=60, width=18)), ('group',))

REGISTERS: Mapping[str, Register] = {r.name: r for r in (STAFF, EXAMINERS, EXPERTS, SUPERVISORS, SEATS)}


def position_word(group: str, position: str) -> str:
    """Return a position as the group's paper prints it: 组长 of the leading group, 主任 of its office, 负责人 of a working group."""
    words = {'leading': ('组长', '副组长'), 'office': ('主任', '副主任')}.get(group, ('负责人', '副负责人'))
    return {'head': words[0], 'deputy': words[1]}.get(position, '成员')
