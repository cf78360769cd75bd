"""To which filings each rule of §1 to §3 applies, and what the record and the procedure say to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.figures_results import Profile
from app.filing.answers import given
from app.filing.forms import (
    Basics,
    EmployerFacts,
    EndingStep,
    IncrementStep,
    LetterStep,
    NationwideFacts,
    Plan,
    SchoolFacts,
    Standing,
    Step,
)
from app.filing.jurisdiction import receiver
from app.filing.materials import binding, handing, originals
from app.filing.records import ApplicationRecord
from app.filing.resources import full_time_staff, sound_percent, square_metres, tests_by_computer
from app.filing.scoring import SelfScore
from app.filing.ways import WAYS
from app.words import screen_date

State = Literal['met', 'not_met', 'open']
Read = Callable[['Case'], tuple[State, str]]
When = Callable[['Case'], bool]


@dataclass(frozen=True, slots=True)
class Procedure:
    """What has happened to an application so far; None: not yet.

    passed: what the assessment concluded · correction_points, answered: how many points were told and answered · stages: keys of clocks.STAGES that are done
    """

    handed_in_on: date | None = None
    told_on: date | None = None
    completed_on: date | None = None
    accepted_on: date | None = None
    refused_on: date | None = None
    assessed_on: date | None = None
    passed: bool | None = None
    publicity_from: date | None = None
    publicity_to: date | None = None
    filed_on: date | None = None
    reported_on: date | None = None
    published_on: date | None = None
    number: str = ''
    valid_to: date | None = None
    correction_points: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """All that a line of the report reads."""

    record: ApplicationRecord
    profile: Profile
    procedure: Procedure
    score: SelfScore
    centres: Mapping[str, str]

    def has(self, *steps: str) -> bool:
        """Tell whether the way asks for one of the steps."""
        return any(step in WAYS[self.record.way].steps for step in steps)


@dataclass(frozen=True, slots=True)
class Evidence:
    """When a rule applies, and what is to be said to it when no finding speaks against it."""

    applies: When
    read: Read


# ------------------------------------------------------------------ how evidence is read


def _always(case: Case) -> bool:
    return True


def _asks(*steps: str) -> When:
    return lambda case: case.has(*steps)


def _way(*ways: str) -> When:
    return lambda case: case.record.way in ways


def _kind(*kinds: str) -> When:
    return lambda case: case.record.org.kind in kinds


def _school(audience: str = '') -> When:
    return lambda case: case.record.org.kind == 'technical_school' and audience in ('', WAYS[case.record.way].audience)


def _both(one: When, other: When) -> When:
    return lambda case: one(case) and other(case)


def _said(step: type[Step], field: str, words: str, *, wanted: str = '') -> Read:
    """An answer: met when it is the one wanted (any, when none is named), open while it is empty."""
    def read(case: Case) -> tuple[State, str]:
        value = getattr(given(case.record, step), field)
        if not value:
            return 'open', f'{words}：未填'
        shown = {'yes': '是', 'no': '否'}.get(value, value) if isinstance(value, str) else f'{len(value)}项' if isinstance(value, list) else screen_date(value)
        return ('met' if not wanted or value == wanted else 'not_met'), f'{words}：{str(shown)[:60]}'
    return read


def _noted(step: type[Step], field: str, words: str) -> Read:
    """A fact that is recorded and judged by people: met once the assessment passed."""
    def read(case: Case) -> tuple[State, str]:
        value = getattr(given(case.record, step), field)
        if not value:
            return 'open', f'{words}：未填'
        return ('met' if case.procedure.passed else 'open'), f'{words}：已填写，{"评估已通过" if case.procedure.passed else "由受理机关和评估人员判断"}'
    return read


def _fact(words: Callable[[Case], str]) -> Read:
    """A fact of the registers that a check found nothing against."""
    return lambda case: ('met', words(case))


NOTICES = '海报、公告发布前，在“规章制度”的“宣传文字检查”中逐份检查'


def _later(words: str) -> Read:
    """What begins after the filing."""
    return lambda case: ('open', words)


def _day(name: str, done: str, waiting: str) -> Read:
    """A day of the procedure."""
    def read(case: Case) -> tuple[State, str]:
        day = getattr(case.procedure, name)
        return ('met', f'{done}：{screen_date(day)}') if day else ('open', waiting)
    return read


# ------------------------------------------------------------------ what single rules say


def _per_row(people: str) -> Callable[[Case], str]:
    def words(case: Case) -> str:
        lines = getattr(case.record, people)
        return '；'.join(f'{row.name}{sum(x.occupation_code == row.occupation_code for x in lines)}人' for row in case.record.ranges)
    return words


def _systems(case: Case) -> str:
    word = {'docked': '已对接', 'testing': '联调中', 'none': '未对接'}
    return '；'.join(f'{s.name}{word.get(s.docking, s.docking)}' for s in case.record.systems)


def _rooms(case: Case) -> str:
    return f'登记房间{len(case.record.rooms)}间：{"、".join(r.name for r in case.record.rooms[:8])}'


def _receiver(case: Case) -> str:
    return receiver(case.record, case.profile, case.centres).why


def _receives(*rules: str) -> When:
    return lambda case: case.has('belonging') and receiver(case.record, case.profile, case.centres).rule in rules


def _term_by(rule: str) -> When:
    return lambda case: case.profile.filing.validity_years.rule == rule


def _limit_by(rule: str) -> When:
    def applies(case: Case) -> bool:
        limits = case.profile.filing.capacity
        return rule in (limits.per_jurisdiction.rule, limits.per_county.rule, limits.occupations_per_org.rule)
    return applies


def _seats(case: Case) -> str:
    return f'机考考场最多一间{max((r.seats for r in case.record.rooms if r.kind == "theory_computer"), default=0)}个机位'


def _volume(case: Case) -> str:
    return '装订顺序：' + '、'.join(m.word for m in binding(case.record, case.profile) if m.there)


def _bylaws(case: Case) -> str:
    return f'已施行规章制度{sum(b.in_force for b in case.record.bylaws)}项'


def _ranges(case: Case) -> str:
    return '；'.join(f'{r.name}（{r.occupation_code}）{"、".join(map(str, r.levels))}级' for r in case.record.ranges)


def _stated(case: Case) -> tuple[State, str]:
    p = case.procedure
    if not p.correction_points:
        return 'open', '尚无需要申请单位陈述的事项'
    return ('met' if p.answered == p.correction_points else 'open'), f'补正告知{p.correction_points}点，已逐点答复{p.answered}点'


def _stages(case: Case) -> tuple[State, str]:
    p = case.procedure
    days = [p.handed_in_on, p.accepted_on, p.assessed_on, p.publicity_from, p.filed_on, p.published_on]
    done = [d for d in days if d]
    if days[:len(done)] != done or done != sorted(done):
        return 'not_met', '办理环节有跳过或先后颠倒，请核对各环节日期'
    return ('met' if len(done) == len(days) else 'open'), f'申请、受理、评估、公示、备案、网上公布六个环节，已完成{len(done)}个'


def _public(case: Case) -> tuple[State, str]:
    sheet = case.score.public
    if sheet is None:
        return 'open', '本次申报不评公共部分'
    return 'open', f'自评已确定{sheet.least}分，最高可达{sheet.most}分；待评估人员判断{len(sheet.open_lines)}项'


def _occupations(case: Case) -> tuple[State, str]:
    said = [f'{s.row.name}已确定{s.least}分、最高{s.most}分' for s in case.score.occupations if s.row]
    return ('met' if case.procedure.passed else 'open'), '；'.join(said)


def _vetoes(case: Case) -> tuple[State, str]:
    filing = [line.item.label for _, line in case.score.vetoes if line.veto == 'filing']
    operation = [line.item.label for _, line in case.score.vetoes if line.veto == 'operation']
    said = f'备案否决项：{"、".join(filing) or "无"}；开展工作否决项：{"、".join(operation) or "无"}'
    return ('not_met' if filing else 'open' if operation else 'met'), said


def _sound(case: Case) -> str:
    percent = sound_percent([(e.count, e.state) for e in case.record.equipment])
    return '没有登记设备' if percent is None else f'设备完好率{percent}%'


def _concluded(words: str) -> Read:
    return lambda case: ('met' if case.procedure.passed else 'open', words)


def _table(pairs: Iterable[tuple[str, When, Read]]) -> dict[str, Evidence]:
    return {rule: Evidence(applies, read) for rule, applies, read in pairs}


_social, _employer = _kind('social_training_org'), _both(_kind('employer'), _asks('employer'))
_standing, _of_rooms, _of_people = _asks('standing'), _asks('rooms'), _asks('people')
_of_ranges, _filed_before = _asks('ranges'), _way('increment', 'extension', 'change', 'ending')

EVIDENCE: Mapping[str, Evidence] = _table((
    ('ORG-01', _both(_social, _standing), _said(Standing, 'independent_entity', '独立法人', wanted='yes')),
    ('ORG-02', _standing, _said(Standing, 'sound_management', '制度健全、信用良好', wanted='yes')),
    ('ORG-03', _standing, _noted(Standing, 'experience', '影响力和考核经验')), ('ORG-04', _standing, _noted(Standing, 'capacity', '评价工作条件')),
    ('ORG-05', _both(_social, _of_rooms), _fact(lambda c: f'场地合计{square_metres(sum(s.area_dm2 for s in c.record.sites))}平方米')), ('ORG-06', _both(_social, _of_rooms), _fact(_rooms)),
    ('ORG-07', _both(_social, _of_rooms), _fact(_seats)), ('ORG-08', _of_people, _fact(_per_row('examiners'))), ('ORG-09', _of_people, _fact(_per_row('examiners'))),
    ('ORG-10', _of_people, _fact(_per_row('experts'))), ('ORG-11', _of_people, _fact(lambda c: f'专职工作人员{full_time_staff(c.record)}人')),
    ('ORG-12', _asks('systems'), _fact(_systems)), ('ORG-13', _asks('systems'), _fact(lambda c: f'理论机考：{"已实现" if tests_by_computer(c.record) else "未实现"}')),
    ('ORG-14', _both(_employer, _way('employer')), _said(EmployerFacts, 'in_province', '本省企业法人', wanted='yes')),
    ('ORG-15', _way('nationwide_employer'), _noted(NationwideFacts, 'standing', '全国性用人单位情况')),
    ('ORG-16', _both(_school(), _asks('school')), _said(SchoolFacts, 'approval_no', '批准设立文号')),
    ('ORG-17', _asks('equipment'), _fact(lambda c: f'设备{len(c.record.equipment)}项，租赁{sum(e.tenure == "leased" for e in c.record.equipment)}项')),
    ('ORG-18', _of_rooms, _fact(lambda c: f'安全检查{len(c.record.safety)}处')), ('ORG-20', _standing, _said(Standing, 'government_body', '行政机关及所属', wanted='no')),
    ('ORG-21', _standing, _said(Standing, 'breach', '培训评价违法违规失信', wanted='no')),
    ('ORG-22', _standing, _fact(lambda c: '三年内没有民政年检不合格')), ('ORG-23', _standing, _said(Standing, 'illegal_list', '非法社会组织名单', wanted='no')),
    ('ORG-24', _standing, _fact(lambda c: '三年内没有列入经营异常名录')), ('ORG-25', _standing, _said(Standing, 'bad_record', '评价不良记录', wanted='no')),
    ('ORG-26', _always, _fact(lambda c: f'申请单位：{c.record.org.name}')), ('ORG-27', _standing, _said(Standing, 'subcontracts', '委托或转包', wanted='no')),
    *((rule, _both(_both(_social, _of_ranges), _limit_by(rule)), _fact(lambda c: '未超过原则上的数量')) for rule in ('ORG-30', 'ORG-31', 'ORG-32', 'ORG-33')),
    ('ORG-34', _both(_social, _of_ranges), _fact(lambda c: '按有效备案逐职业计数，等级不分别计数')),
    *((rule, _receives(rule), _fact(_receiver)) for rule in ('ORG-40', 'ORG-41', 'ORG-42', 'ORG-43', 'ORG-44', 'ORG-45', 'ORG-46', 'ORG-47', 'ORG-48')),
    ('ORG-50', _asks('letter'), _fact(lambda c: '申请时提交的材料齐全')), ('ORG-51', _asks('bylaws'), _fact(lambda c: '技术评估备查材料齐全')),
    ('ORG-52', _asks('letter'), _fact(_volume)), ('ORG-53', _always, _said(Basics, 'contact', '联系人')), ('ORG-54', _asks('bylaws'), _fact(_bylaws)),
    ('ORG-55', _asks('bylaws'), _fact(_bylaws)), ('ORG-56', _way('social_national'), _fact(lambda c: '国家规定的六项材料齐全')),
    ('ORG-57', _way('nationwide_employer'), _fact(lambda c: '国家规定的十四项材料齐全')), ('ORG-58', _always, _fact(lambda c: handing(c.profile).sentence)),
    ('ORG-59', _asks('plan'), _said(Plan, 'overview', '实施方案')), ('ORG-60', _asks('letter'), _said(LetterStep, 'promise', '真实性承诺')),
    ('ORG-61', _of_rooms, lambda c: ('met' if c.procedure.passed else 'open', f'现场查验原件{len(originals(c.record))}件')),
    ('ORG-70', lambda c: c.record.way != 'nationwide_employer', _stages), ('ORG-71', _way('nationwide_employer'), _stages),
    ('ORG-72', _always, _day('accepted_on', '受理', '等待答复')), ('ORG-73', _way('nationwide_employer'), _day('accepted_on', '受理', '等待答复')),
    ('ORG-74', lambda c: c.procedure.told_on is not None, _day('completed_on', '补正完成', '等待补正')),
    ('ORG-75', _always, _day('accepted_on', '受理', '尚未受理；不予受理须写明理由和依据')), ('ORG-76', _always, _day('publicity_to', '公示期满', '尚未公示')),
    ('ORG-77', _always, _stated), ('ORG-78', _always, _day('reported_on', '已报部中心', '备案后由省中心报部中心公布')),
    *((rule, when, lambda c: ('met', f'备案号{c.procedure.number}由中心赋予') if c.procedure.number else ('open', '备案号由中心赋予')) for rule, when in (
        ('ORG-80', _always), ('ORG-81', _always), ('ORG-82', _school()), ('ORG-83', _school()), ('ORG-84', _kind('employer')), ('ORG-85', _always), ('ORG-86', _school()))),
    *((rule, _term_by(rule), _day('valid_to', '有效期至', '备案后计算')) for rule in ('ORG-90', 'ORG-91')),
    ('ORG-92', _asks('plan'), _said(Plan, 'schedule', '工作计划阶段')), ('ORG-93', _way('increment'), _said(IncrementStep, 'legal_person_agrees', '法定代表人同意', wanted='yes')),
    ('ORG-94', _filed_before, _fact(lambda c: f'原备案号{c.record.original.number if c.record.original else "未选"}')),
    ('ORG-95', _always, _later('备案后按最近一次评价的日期计算')), ('ORG-96', _way('ending'), _said(EndingStep, 'explanation', '终止说明')),
    ('ORG-97', _way('ending'), _said(EndingStep, 'data_keeper', '证书数据责任人')), ('ORG-98', _always, _fact(lambda c: f'证书使用的机构名称：{c.record.org.name}')),
    ('ORG-99', _of_ranges, _later('备案后系统只允许在备案范围内安排认定')), ('ORG-100', _of_rooms, _fact(lambda c: '、'.join(s.address for s in c.record.sites))),
    ('ORG-101', _always, _later(NOTICES)), ('ORG-102', _always, _later(NOTICES)), ('ORG-103', _asks('bylaws'), _fact(
        lambda c: f'已登记张贴位置{sum(bool(b.posted_at) for b in c.record.bylaws)}项')),
    ('ORG-104', _always, _day('handed_in_on', '已归入本机构档案（一户一档）', '提交后归入机构档案')),
    *((rule, _of_ranges, _fact(_ranges)) for rule in ('OCC-01', 'OCC-03', 'OCC-04', 'OCC-05', 'OCC-06', 'OCC-07', 'OCC-08', 'OCC-14')),
    ('OCC-02', _asks('standards'), _fact(lambda c: '、'.join(f'《{s.name}》{s.edition}' for s in c.record.standards))),
    ('OCC-09', _both(_school('own_students'), _of_ranges), _fact(_ranges)), ('OCC-10', _both(_school('own_students'), _asks('school')), _said(SchoolFacts, 'subjects', '专业')),
    ('OCC-11', _both(_school('own_students'), _asks('school')), _said(SchoolFacts, 'subjects', '专业培养情况')),
    ('OCC-12', _asks('employer', 'school'), lambda c: _noted(EmployerFacts, 'main_business', '主营业务')(c) if c.has('employer') else _said(SchoolFacts, 'subjects', '专业设置')(c)),
    ('OCC-13', _of_ranges, _fact(_ranges)),
    ('TEV-01', _both(_employer, _asks('plan')), _public), ('TEV-02', _both(lambda c: c.record.org.kind != 'employer', _asks('plan')), _public),
    ('TEV-03', _of_ranges, _occupations), ('TEV-04', _of_ranges, _vetoes), ('TEV-05', _of_ranges, _fact(lambda c: '逐项扣分，扣完为止')),
    ('TEV-06', _both(lambda c: c.record.org.kind != 'employer', _of_rooms), _fact(lambda c: f'租赁房间{sum(r.tenure == "leased" for r in c.record.rooms)}间')),
    ('TEV-07', _asks('equipment'), _fact(_sound)), ('TEV-08', _of_people, _fact(_per_row('examiners'))),
    ('TEV-09', _asks('plan'), _concluded('“基本具备”的限期整改后由人决定')), ('TEV-10', _of_ranges, _concluded('优先项目加分由评估人员核定，不抵否决项'))))

