"""Two short templates of ours, for tests only."""

from __future__ import annotations

from pathlib import Path

RULES = '''# 职业技能等级评价工作规则
部门：考务管理组
上墙：考务办公室

## 总则
* 为规范{机构}的认定工作，制定本规则，自{发布日期}起施行。
* 考务管理组由{组:考务管理组.负责人}负责，成员{组:考务管理组.成员}，资格审查由{人:资格审查}办理。
* 本机构有考评员{数量:考评员}名，使用{系统:考务}，理论考试在{房间:理论机考}进行。
## 考试
* 监考按下列规定：
+ 每{数:staffing.invigilators.per_candidates}名考生不少于{数:staffing.invigilators.count}人；
+ 下列人员不得监考：
- 亲属；
- 任教班教师。
| 岗位 | 人数 |
| 监考 | {数:staffing.invigilators.count} |
* 开展认定的职业：{职业}。
'''
FINANCE = '''# 财务管理制度
部门：财务监督组

* 收支按月结账。
* 每辖区限额：
+ 每县不超过{数:filing.capacity.per_county}家；
* 印章由专人保管。
'''


def write(folder: Path) -> Path:
    """Write both templates; returns the folder."""
    (folder / '01-work-rules.md').write_text(RULES, encoding='utf-8')
    (folder / '02-finance.md').write_text(FINANCE, encoding='utf-8')
    return folder
