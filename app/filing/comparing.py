"""Two versions of an application, field by field: what was handed in before and what is written now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from app.codes import mask_id
from app.filing.answers import upgraded
from app.filing.forms import STEPS, extra, questions, row_model
from app.filing.records import ApplicationRecord
from app.filing.resources import square_metres
from app.filing.ways import STEP_WORDS
from app.words import money

EMPTY = '（空）'
PRIVATE = ('id_no',)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs.

    step, field: where, for the link · label: step and field in Chinese, with the row · before, after: as shown; EMPTY for nothing
    """

    step: str
    field: str
    label: str
    before: str
    after: str


REGISTERS: dict[str, tuple[str, str, tuple[str, ...]]] = {  # {list of the record: (step, word of a row, fields that tell rows apart)}
    'ranges': ('ranges', '申请职业', ('occupation_code', 'work_type')), 'licences': ('licences', '证照', ('kind', 'number')), 'staff': ('people', '工作人员', ('id_no', 'name')),
    'examiners': ('people', '考评员', ('id_no', 'name', 'occupation_code', 'work_type')), 'experts': ('people', '专家', ('id_no', 'name', 'occupation_code', 'work_type')),
    'supervisors': ('people', '内部质量督导员', ('id_no', 'name')), 'seats': ('groups', '组织机构', ('group', 'name')), 'sites': ('rooms', '场所', ('name',)),
    'rooms': ('rooms', '房间', ('site', 'name')), 'equipment': ('equipment', '设备', ('number',)), 'systems': ('systems', '信息系统', ('kind', 'name')),
    'safety': ('rooms', '安全检查', ('area', 'checked_on')), 'bylaws': ('bylaws', '规章制度', ('number',)),
    'standards': ('standards', '职业标准', ('occupation_code', 'work_type', 'name')), 'training': ('training', '培训统计', ('year', 'kind', 'trade', 'level'))}
FIELDS: dict[str, str] = {
    'occupation': '职业', 'occupation_code': '职业编码', 'work_type': '工种', 'levels': '等级', 'standard': '评价标准', 'modes': '评价方式', 'seq': '序号', 'name': '名称',
    'short_name': '简称', 'kind': '类别', 'credit_code': '统一社会信用代码', 'region': '区划', 'address': '地址', 'phone': '电话', 'sex': '性别', 'id_no': '证件号码',
    'post': '职务', 'title': '职称/技能等级', 'title_rank': '职称级别', 'skill_level': '技能等级', 'education': '学历', 'duty': '主要职责', 'unit': '部门或单位',
    'full_time': '专职', 'own_staff': '本单位人员', 'works_in_evaluation': '列入工作人员', 'grade': '考评员级别', 'card_no': '证卡编号', 'card_to': '证卡有效期至',
    'proofs': '证明件数', 'letter_no': '聘书编号', 'engaged_to': '聘期至', 'born_on': '出生日期', 'years': '从业年限', 'direction': '专业方向', 'group': '组别',
    'position': '组内职务', 'department': '部门', 'area_dm2': '面积（平方米）', 'tenure': '权属', 'lease_from': '租期起', 'lease_to': '租期止', 'title_no': '权属证明编号',
    'site': '场所', 'floor': '楼层', 'seats': '机（工）位', 'camera_count': '监控点位', 'resolution': '分辨率', 'fire_ok': '消防', 'serves': '服务职业', 'number': '编号',
    'model': '型号', 'count': '数量', 'room': '所在房间', 'state': '状态', 'price_fen': '单价', 'developer': '开发单位', 'version': '版本', 'platform': '对接平台',
    'docking': '对接状态', 'description': '说明', 'made_on': '制定时间', 'in_force': '施行', 'posted_at': '张贴位置', 'note': '备注', 'edition': '版本年份',
    'publicized': '已备案公示', 'books': '教材', 'year': '年份', 'trade': '培训工种', 'people': '人数', 'level': '鉴定级别', 'issuer': '发证机关', 'valid_from': '有效期起',
    'valid_to': '有效期止', 'scans': '扫描件数', 'checked_on': '检查日期', 'area': '检查区域', 'bad': '不符合项', 'hazard': '隐患', 'serious': '重大隐患', 'cured': '已整改'}


def differences(before: ApplicationRecord, after: ApplicationRecord) -> list[Difference]:
    """Return what changed from one record to another, step by step; answers of older forms are compared as today's forms read them."""
    found = [Difference('basics', name, f'基本情况 › {FIELDS[name]}', _shown(old), _shown(new))
             for name in type(before.org).model_fields if (old := getattr(before.org, name)) != (new := getattr(after.org, name))]
    for step in STEPS:
        old, new = upgraded(step, before.answers.get(step, {})), upgraded(step, after.answers.get(step, {}))
        found += _answers(step, STEPS[step], old, new)
    for name, (step, word, keys) in REGISTERS.items():
        found += _register(name, step, word, keys, getattr(before, name), getattr(after, name))
    return found


def _answers(step: str, model: type[BaseModel], old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for name, definition in questions(model).items():
        label, columns = f'{STEP_WORDS[step]} › {definition.title}', row_model(definition)
        was, now = old.get(name), new.get(name)
        if columns is not None:
            rows, rows_now = was or [], now or []
            for n in range(max(len(rows), len(rows_now))):
                row, row_now = (rows[n] if n < len(rows) else {}), (rows_now[n] if n < len(rows_now) else {})
                for column, asked in questions(columns).items():
                    if (row.get(column) or '') != (row_now.get(column) or ''):
                        words = extra(asked)['options']
                        yield Difference(step, name, f'{label} 第{n + 1}行 › {asked.title}', _shown(row.get(column), words), _shown(row_now.get(column), words))
        elif (was or '') != (now or ''):
            words = extra(definition)['options']
            yield Difference(step, name, label, _shown(was, words), _shown(now, words))


def _register(name: str, step: str, word: str, keys: tuple[str, ...], old: Sequence[BaseModel], new: Sequence[BaseModel]) -> Iterator[Difference]:
    was: dict[tuple[object, ...], BaseModel] = {_key(line, keys): line for line in old}
    now: dict[tuple[object, ...], BaseModel] = {_key(line, keys): line for line in new}
    for key in dict.fromkeys([*was, *now]):
        label = f'{word} {_called(was.get(key) or now[key], keys)}'
        if key not in was or key not in now:
            yield Difference(step, name, label, '有' if key in was else EMPTY, '有' if key in now else EMPTY)
            continue
        for field in type(was[key]).model_fields:
            one, other = getattr(was[key], field), getattr(now[key], field)
            if one != other and field not in ('id', 'seq'):
                yield Difference(step, name, f'{label} › {FIELDS[field]}', _measured(field, one), _measured(field, other))


def _key(line: BaseModel, keys: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(getattr(line, k) for k in keys)


def _called(line: BaseModel, keys: tuple[str, ...]) -> str:
    """Return what tells a row from the others, without a full ID number."""
    name = getattr(line, 'name', None) or getattr(line, 'title', '')
    said = [str(name), *(str(getattr(line, k)) for k in keys if k not in PRIVATE and getattr(line, k))]
    return '/'.join(dict.fromkeys(x for x in said if x))


def _measured(field: str, value: object) -> str:
    if field == 'area_dm2' and isinstance(value, int):
        return square_metres(value)
    if field == 'price_fen' and isinstance(value, int):
        return money(value)
    return _shown(value)


def _shown(value: object, words: Mapping[str, str] | None = None) -> str:
    if value in ('', None, [], (), {}):
        return EMPTY
    if isinstance(value, bool):
        return '是' if value else '否'
    if isinstance(value, (list, tuple)):
        return '、'.join(_shown(v, words) for v in value)
    if isinstance(value, Mapping):
        return '；'.join(_shown(v) for v in value.values() if v)
    text = str(value)
    return (words or {}).get(text, mask_id(text) if len(text) == 18 and text[:17].isdigit() else text)
