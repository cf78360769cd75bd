"""The ways of filing: who takes which, its steps in the order of the official form, and its papers in binding order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Way:
    """One way of filing.

    kinds: organisations that take it · profile: extends this profile only, '' all · steps: keys of forms.STEPS and of the register steps
    papers: form ids in binding order · needs_filing: rests on a filing in force
    """

    code: str
    word: str
    kinds: tuple[str, ...]
    steps: tuple[str, ...]
    papers: tuple[str, ...]
    needs_filing: bool = False
    audience: str = ''
    profile: str = ''


REGISTERS: dict[str, str] = {  # steps that show a register instead of asking: what is kept there is not typed again
    'ranges': '申请开展认定的职业（工种）', 'bylaws': '文件、规章制度清单', 'rooms': '场地', 'equipment': '设施设备', 'systems': '信息系统', 'people': '人员队伍',
    'groups': '领导小组和工作组', 'licences': '法人登记证照', 'training': '近3年社会培训统计', 'standards': '职业标准和教材'}

STEP_WORDS: dict[str, str] = REGISTERS | {
    'basics': '基本情况', 'standing': '申请条件与禁止情形', 'belonging': '受理机关', 'strengths': '组织和专业优势、场地、信息化', 'plan': '实施方案', 'letter': '申请函',
    'employer': '用人单位情况', 'school': '院校情况', 'nationwide': '全国性用人单位材料', 'change': '变更内容', 'extension': '延续说明', 'increment': '增量说明', 'ending': '终止报备'}

_REGISTERS = ('licences', 'groups', 'bylaws', 'rooms', 'equipment', 'systems', 'people', 'training', 'standards')
_BOUND = ('F-FILING-LETTER', 'F-PLEDGE', 'F-LICENCE', 'F-LEADGROUP', 'F-FILING-HN', 'F-PLAN-HN', 'F-CERT-SAMPLE')

WAYS: dict[str, Way] = {w.code: w for w in (
    Way('social', '社会培训评价组织备案', ('social_training_org',), ('basics', 'standing', 'belonging', 'ranges', *_REGISTERS, 'strengths', 'plan', 'letter'), _BOUND),
    Way('social_national', '社会培训评价组织备案（国家6项材料）', ('social_training_org',),
        ('basics', 'standing', 'belonging', 'ranges', *_REGISTERS, 'strengths', 'plan'), ('F-NAT6', 'F-FILING-HN', 'F-LICENCE', 'F-PLAN-HN', 'F-PLEDGE')),
    Way('nationwide_employer', '全国性用人单位备案（14项材料）', ('employer',),
        ('basics', 'standing', 'belonging', 'employer', 'nationwide', 'ranges', *_REGISTERS, 'strengths', 'plan'), ('F-NAT14', 'F-LICENCE', 'F-PLAN-HN', 'F-EXAMINER-ROLL')),
    Way('employer', '用人单位备案', ('employer',), ('basics', 'standing', 'belonging', 'employer', 'ranges', *_REGISTERS, 'strengths', 'plan', 'letter'), _BOUND),
    Way('school_own', '技工院校备案（本校学生）', ('technical_school',), ('basics', 'standing', 'belonging', 'school', 'ranges', *_REGISTERS, 'strengths', 'plan', 'letter'), _BOUND,
        audience='own_students'),
    Way('school_society', '技工院校备案（社会人员）', ('technical_school',), ('basics', 'standing', 'belonging', 'school', 'ranges', *_REGISTERS, 'strengths', 'plan', 'letter'), _BOUND,
        audience='society'),
    Way('increment', '增量备案', ('social_training_org', 'employer', 'technical_school'),
        ('basics', 'increment', 'ranges', 'rooms', 'equipment', 'people', 'standards', 'strengths', 'letter'), ('F-INC-LETTER', 'F-FILING-INC', 'F-EXPERT-FILE', 'F-EQUIP-LEDGER'),
        needs_filing=True),
    Way('extension', '延续备案', ('social_training_org', 'employer', 'technical_school'), ('basics', 'standing', 'extension', 'ranges', *_REGISTERS, 'strengths', 'plan', 'letter'), _BOUND,
        needs_filing=True),
    Way('change', '变更备案', ('social_training_org', 'employer', 'technical_school'), ('basics', 'change', 'letter'), ('F-FILING-LETTER', 'F-LICENCE'), needs_filing=True),
    Way('ending', '终止评价工作报备', ('social_training_org', 'employer', 'technical_school'), ('basics', 'ending'), ('F-DEREG',), needs_filing=True),
)}


def ways_for(kind: str, *, has_filing: bool) -> list[Way]:
    """Return the ways open to a kind of organisation; those resting on a filing only where there is one in force."""
    return [w for w in WAYS.values() if kind in w.kinds and (has_filing or not w.needs_filing)]
