"""F-LEADGROUP: the red-header document that sets up the leading group, its office and five working groups (000 l.1248–1520)."""

from __future__ import annotations

from app.filing.answers import given
from app.filing.forms import LetterStep
from app.filing.papers.blocks import Block, Head, Printing, Table, Text
from app.filing.records import ApplicationRecord, SeatLine
from app.findings import Finding
from app.letters import Letter, letter_pdf

TITLE = '关于成立职业技能等级认定\n工作领导小组的通知'  # broken where it is read
HEADS = {'leading': ('组　长', '副组长', '成　员'), 'office': ('主　任', '副主任', '成　员')}
GROUPS = {
    'leading': '职业技能等级认定工作领导小组', 'office': '领导小组办公室', 'exam_affairs': '考务管理组', 'supervision': '内部质量督导组', 'experts': '专家考评组',
    'equipment': '设备保障组', 'finance': '财务监督组'}
DUTIES = {
    'leading': ('贯彻落实职业技能等级认定政策规定和上级工作部署', '组织政策法规宣传和工作人员业务学习', '制定工作计划并组织实施，审批年度报告', '审批设备配置和建设', '督导认定财务工作，定期检查收支'),
    'office': ('承担领导小组日常工作', '组织实施认定计划，协调各工作组', '负责与人力资源社会保障部门和鉴定指导中心的联系、报送'),
    'exam_affairs': ('起草年度计划和调整，报送监管中心备案', '受理报名，审核资格，录入和上报考生信息', '提取和保管试卷，准备理论和实操考场', '统计、汇总、造册并上报成绩', '办理和发放证书，整理档案，做好保密'),
    'supervision': ('负责内部质量督导人员的培训、聘用、评价和管理', '制定质量督导计划', '对认定计划实施、考评人员资格、考务、考场秩序和证书管理全过程督导', '调查核实违规违纪举报', '调研重大问题并提出建议'),
    'experts': ('负责专家和考评员队伍的培训、聘用、评价和管理', '安排专家承担技术指导', '合理安排考评员承担考评', '组织专家开发试题和题库'),
    'equipment': ('提出设施设备工具的配备意见', '编制管理维护文件和安全使用方法', '考试期间确保设施设备正常使用', '根据实际需求提出合理化建议'),
    'finance': ('负责职业技能等级认定的资金保障', '监督认定资金使用情况')}
NUMERALS = '一二三四五六七八九十'


def lead_group_pdf(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-LEADGROUP, to be sealed."""
    return letter_pdf(_letter(record), printed_at=printing.at, mark=printing.mark)


def lead_group_docx(record: ApplicationRecord, printing: Printing) -> bytes:
    """Return F-LEADGROUP for Word."""
    from app.docx import letter_docx

    return letter_docx(_letter(record), made_at=printing.at, mark=printing.mark)


def missing(record: ApplicationRecord) -> list[Finding]:
    """Return groups without a head, a leading group without a deputy, people who examine and supervise at once (source: ORG-50)."""
    seats = {g: [s for s in record.seats if s.group == g] for g in GROUPS}
    found = [Finding('ORG-50', 'block', 'groups', f'“{GROUPS[g]}”没有负责人，请在组织机构中登记后再打印。') for g, own in seats.items() if not _at(own, 'head')]
    if not _at(seats['leading'], 'deputy'):
        found.append(Finding('ORG-50', 'block', 'groups', '领导小组没有副组长，请在组织机构中登记后再打印。'))
    found += [Finding('ORG-50', 'warn', 'groups', f'“{GROUPS[g]}”没有负责部门，打印时留空，请在组织机构中登记。') for g, own in seats.items() if g not in HEADS and own and not any(s.department for s in own)]
    for name in sorted({s.name for s in seats['supervision']} & {s.name for s in seats['experts']}):
        found.append(Finding('ORG-50', 'warn', 'groups', f'{name}同时在内部质量督导组和专家考评组，督导与考评应当分开，请调整其中一项。'))
    return found


def group_blocks(record: ApplicationRecord) -> list[Block]:
    """Return every group with its people and duties, as the plan's section shows them."""
    blocks: list[Block] = []
    for group, name in GROUPS.items():
        own = [s for s in record.seats if s.group == group]
        rows = tuple((_word(group, s.position), s.name, s.post or '—', s.department or '—') for s in own)
        blocks += [Head(name, 2), Table(('岗位', '姓名', '职务', '负责部门'), rows, (24, 28, 44, 60)), Text('主要职责：' + '；'.join(DUTIES[group]) + '。')]
    return blocks


def _letter(record: ApplicationRecord) -> Letter:
    step = given(record, LetterStep)
    said = ['为做好职业技能等级认定工作，加强组织领导，落实主体责任，经研究，决定成立职业技能等级认定工作领导小组，下设办公室和考务管理组、内部质量督导组、专家考评组、设备保障组、财务监督组。现将组成人员和职责通知如下。']
    for n, (group, name) in enumerate(GROUPS.items()):
        own = [s for s in record.seats if s.group == group]
        said.append(f'{NUMERALS[n]}、{name}')
        if group not in HEADS:
            said.append(f'负责部门：{"、".join(dict.fromkeys(s.department for s in own if s.department))}')
        said += [f'{_word(group, position)}：{"　".join(f"{s.name}（{s.post}）" if s.post else s.name for s in people)}'
                 for position in ('head', 'deputy', 'member') if (people := _at(own, position))]
        said += [f'{"主要职责：" if k == 1 else ""}{k}.{duty}{"。" if k == len(DUTIES[group]) else "；"}' for k, duty in enumerate(DUTIES[group], 1)]
    return Letter(record.org.name, '', TITLE, '各部门', tuple(said), on=step.letter_on)


def _at(seats: list[SeatLine], position: str) -> list[SeatLine]:
    return [s for s in seats if s.position == position]


def _word(group: str, position: str) -> str:
    words = HEADS.get(group, ('负责人', '副组长', '成　员'))
    return words[('head', 'deputy', 'member').index(position)] if position in ('head', 'deputy', 'member') else position
