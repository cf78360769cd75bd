"""What must hold of the rule documents of an organisation, and how two versions of one differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Literal

from app.bylaws.templates import gaps
from app.errors import Refused
from app.figures import Limit
from app.findings import Finding, Severity

LISTED = (  # numbers 1 to 24 as the application form names them (ORG-55)
    '职业技能等级评价工作规则', '财务管理制度', '职业技能等级认定机构岗位职责', '职业技能等级认定公示制度', '质量监督管理办法', '考生投诉处理办法',
    '职业技能等级认定考务管理规程', '职业技能等级认定考场规则', '档案管理制度', '职业技能等级认定应急预案', '考评员管理办法', '内部质量督导员管理办法', '专家管理办法',
    '考务人员工作守则', '考评员工作守则', '内部质量督导员工作守则', '违规人员处理办法', '职业技能等级认定考场管理规定', '设施设备管理制度', '技能考核安全规程',
    '试题库资源建设及使用管理办法', '证书管理及发放办法', '职业技能等级认定保密制度', '职业技能等级认定工作流程图')
FLOW = 24  # the document that is the flow chart
MOST = 60_000  # characters of a text
STATES = {'': '未制定', 'draft': '起草中', 'in_force': '现行', 'revising': '修订中', 'ended': '废止'}


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule document as the checks see it.

    state: key of STATES · written: its text or file is there · gaps: places still 〔待填：…〕 · hangs: where such a document usually hangs
    """

    number: int
    title: str
    state: str
    written: bool
    gaps: int
    posted_at: str
    hangs: str

    @property
    def in_force(self) -> bool:
        """Whether a version is in force, also while the next one is written."""
        return self.state in ('in_force', 'revising')


def bylaw_findings(documents: Sequence[Standing], least: Limit) -> list[Finding]:
    """Return what is wrong with the rule documents as a whole and one by one; subject is 'bylaw n', n the number in the list.

    documents: all listed ones, written or not, and the organisation's own · least: how many the form asks for
    source: ORG-54, ORG-55, ORG-103
    """
    return [*_count_findings(documents, least), *(f for d in documents for f in _one(d))]


def check_title(number: int, title: str) -> str:
    """Return a title that may stand; raises Refused for one of the 24 that would be called otherwise (source: ORG-55)."""
    if number <= len(LISTED) and title != LISTED[number - 1]:
        raise Refused(f'申请表清单中第{number}项的名称是“{LISTED[number - 1]}”，不能改名；机构自定的制度请从第{len(LISTED) + 1}项起另建。', rule='ORG-55')
    if number > len(LISTED) and title in LISTED:
        raise Refused(f'“{title}”是申请表清单第{LISTED.index(title) + 1}项，请在该项下制定，不要另建。', rule='ORG-55')
    return title


def approval_findings(number: int, title: str, unit: str, text: str) -> list[Finding]:
    """Return why a draft may not come into force yet, and what has to be accepted with a reason (source: ORG-54)."""
    found = []
    if not text.strip():
        found.append(Finding('ORG-54', 'block', f'bylaw {number}', f'《{title}》还没有正文，不能批准；请写明正文或上传Word文件。'))
    if not unit:
        found.append(Finding('ORG-54', 'block', 'unit', f'《{title}》还没有填写制定部门，申请表清单要列明，请填写后再批准。'))
    if open_ones := gaps(text):
        names = f'{"、".join(open_ones[:5])}{"等" if len(open_ones) > 5 else ""}'
        found.append(Finding('ORG-54', 'warn', f'bylaw {number}', f'《{title}》还有{len(open_ones)}处〔待填〕：{names}。请先补填，确需保留的请说明理由。'))
    return found


def paper_hash(title: str, unit: str, made_on: date | None, issue_no: str, text: str) -> str:
    """Return what tells whether a document is still the one that was read: all that is printed of it before it is approved."""
    return sha256('\0'.join((title, unit, f'{made_on or ""}', issue_no, text)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Difference:
    """A line of two versions side by side."""

    kind: Literal['same', 'changed', 'added', 'removed']
    old: str
    new: str


def differences(old: str, new: str) -> list[Difference]:
    """Return two texts line by line: what is the same, changed, added and removed, in order."""
    before, after = old.split('\n'), new.split('\n')
    made: list[Difference] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        left, right = before[a:b], after[c:d]
        if kind == 'equal':
            made += [Difference('same', line, line) for line in left]
            continue
        paired = min(len(left), len(right))
        made += [Difference('changed', x, y) for x, y in zip(left, right, strict=False)]
        made += [Difference('removed', line, '') for line in left[paired:]] + [Difference('added', '', line) for line in right[paired:]]
    return made


def _count_findings(documents: Sequence[Standing], least: Limit) -> list[Finding]:
    standing = sum(d.in_force for d in documents)
    found: list[Finding] = []
    if not standing:
        found.append(Finding('ORG-54', 'block', 'bylaws', '规章制度清单还是空的：现行制度0项。请先按模板生成、修改并由第二人批准，再申报。'))
    elif least.value is not None and standing < least.value:
        severity: Severity = 'block' if least.enforcement == 'block' else 'warn'
        found.append(Finding('ORG-54', severity, 'bylaws', f'现行规章制度{standing}项，清单要求{least.value}项，还缺{least.value - standing}项，请补齐后再申报。'))
    missing = [d for d in documents if d.number <= len(LISTED) and not d.in_force]
    if missing and standing:
        names = '、'.join(f'{d.number}.{d.title}' for d in missing[:6])
        found.append(Finding('ORG-55', 'remind', f'bylaw {missing[0].number}',
                             f'申请表清单的24项中还有{len(missing)}项没有现行文本：{names}{"等" if len(missing) > 6 else ""}。请逐项制定并批准。'))
    return found


def _one(d: Standing) -> list[Finding]:
    found: list[Finding] = []
    subject = f'bylaw {d.number}'
    if d.state not in ('', 'ended') and not d.written:
        found.append(Finding('ORG-54', 'warn', subject, f'第{d.number}项《{d.title}》没有正文也没有文件，请写明正文或上传Word文件。'))
    if d.gaps:
        do = '请起草新版补填' if d.in_force else '请补充登记信息后点“补填”，或直接改写'
        found.append(Finding('ORG-54', 'warn', subject, f'第{d.number}项《{d.title}》还有{d.gaps}处〔待填〕，{do}。'))
    if d.in_force and d.hangs and not d.posted_at:
        found.append(Finding('ORG-103', 'remind', subject, f'第{d.number}项《{d.title}》须在场所显著位置公开（建议：{d.hangs}），还没有登记上墙位置，请张贴后登记。'))
    return found
