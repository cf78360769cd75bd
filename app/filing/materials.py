"""What is handed in: which material is there, which is missing, in which order it is bound, in how many copies (ORG-50 … ORG-61, ORG-93, ORG-94)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.figures_results import Profile
from app.filing.answers import given, holds, missing, severity_of
from app.filing.forms import Basics, IncrementStep, LetterStep, NationwideFacts, Plan, Standing
from app.filing.records import ApplicationRecord
from app.filing.ways import WAYS
from app.findings import Finding
from app.regulation import word

ONLINE = 'provincial_online_system'
SCHOOL_NAMES = ('学校', '学院')


@dataclass(frozen=True, slots=True)
class Material:
    """One material: key of the profile's list, whether it is there, and what to do for it."""

    key: str
    word: str
    there: bool
    todo: str


@dataclass(frozen=True, slots=True)
class Handing:
    """How the application is handed in; copies of paper, 0 online."""

    channel: str
    copies: int
    rule: str
    sentence: str


def handing(profile: Profile) -> Handing:
    """Return the channel and the number of paper copies (source: ORG-52, ORG-58)."""
    channel, copies = profile.filing.channel, profile.filing.paper_copies
    if channel.value == ONLINE:
        return Handing(channel.value, 0, channel.rule, '通过省职业技能等级认定监管系统提交，不再报送纸质材料。')
    return Handing(channel.value, copies.value, copies.rule, f'按顺序装订成册，一式{copies.value}份报送。' if copies.value else '纸质份数由受理机关确定。')


def material_findings(record: ApplicationRecord, profile: Profile) -> list[Finding]:
    """Return which materials of the way are missing; subject is the step where they come from.

    source: ORG-50, ORG-51, ORG-52, ORG-54, ORG-55, ORG-56, ORG-57, ORG-93, ORG-94, ORG-98, ORG-103
    """
    way, lists = record.way, profile.filing.materials
    found: list[Finding] = []
    if way in ('social', 'employer', 'school_own', 'school_society', 'extension'):
        found += _missing(record, lists.at_application.value, lists.at_application.rule, lists.at_application.enforcement, '申请时须提交')
        found += _missing(record, lists.at_assessment.value, lists.at_assessment.rule, 'warn', '技术评估时备查，现在还缺')
        rest = [key for key in lists.bound_order.value if key not in (*lists.at_application.value, *lists.at_assessment.value)]
        found += _missing(record, rest, lists.bound_order.rule, lists.bound_order.enforcement, '装订成册须有')
    elif way == 'social_national':
        found += _missing(record, lists.social_training_org.value, lists.social_training_org.rule, lists.social_training_org.enforcement, '国家规定须提交')
    elif way == 'nationwide_employer':
        found += _nationwide(record, profile)
    elif way == 'increment':
        found += [*_missing(record, lists.extension.value, lists.extension.rule, lists.extension.enforcement, '增量备案须提交'), *_increment(record, profile)]
    if 'licences' in WAYS[way].steps:
        found += _licences(record, profile)
    if 'bylaws' in WAYS[way].steps:
        found += _bylaws(record, profile)
    return found + [*_original(record), *_seal(record)]


def binding(record: ApplicationRecord, profile: Profile) -> list[Material]:
    """Return the materials of the volume in the order they are bound; proof of premises follows as an appendix (C-02).

    source: ORG-52
    """
    lists = profile.filing.materials
    order = [*lists.bound_order.value]
    same = {'legal_person_certificate': 'licences', 'integrity_pledge': 'credit_report_or_pledge'}
    held = {same.get(key, key) for key in order}
    return [material(key, record) for key in (*order, *(k for k in lists.at_application.value if k not in held))]


def asked(record: ApplicationRecord, profile: Profile) -> tuple[str, list[Material]]:
    """Return the rule that names what is handed in with an application of this way, and the materials in its order (source: ORG-50, ORG-56, ORG-57, ORG-93)."""
    lists = profile.filing.materials
    if record.way == 'nationwide_employer':
        return lists.nationwide_employer_items.rule, [Material(str(n), name, there(record), f'请补充第{n}项') for n, (name, there) in enumerate(NATIONWIDE, 1)]
    figure = {'increment': lists.extension, 'social_national': lists.social_training_org}.get(record.way, lists.at_application)
    few = {'change': ('application_letter', 'licences'), 'ending': ()}.get(record.way, figure.value)
    return figure.rule, [material(key, record) for key in few]


def originals(record: ApplicationRecord) -> list[str]:
    """Return what is shown in the original at the visit, as copies do not suffice (source: ORG-61)."""
    return [
        *(f'{LICENCE_WORDS.get(x.kind, x.kind)}（{x.number}）原件' for x in record.licences),
        *(f'“{s.name}”{"租赁合同" if s.tenure == "leased" else "产权证明"}{f"（{s.title_no}）" if s.title_no else ""}原件' for s in record.sites),
        *(f'考评员{e.name}的职称或技能等级证书{f"、证卡（{e.card_no}）" if e.card_no else ""}原件' for e in record.examiners),
        *(f'专家{e.name}的职称或技能等级证书、聘书原件' for e in record.experts)]


def material(key: str, record: ApplicationRecord) -> Material:
    """Return a material of a profile's list; an unknown key is our mistake (KeyError)."""
    there, todo = _THERE[key]
    return Material(key, word(key), there(record), todo)


# ------------------------------------------------------------------ is it there


def _plan(record: ApplicationRecord) -> bool:
    plan = given(record, Plan)
    return bool(plan.overview and plan.scope and plan.modes and plan.workflow)


def _letter(record: ApplicationRecord) -> bool:
    letter = given(record, LetterStep)
    return bool(letter.argument and letter.promise and letter.letter_on)


def _form(record: ApplicationRecord) -> bool:
    return bool(record.ranges) and not missing(record, Basics)


def _premises(record: ApplicationRecord) -> bool:
    return bool(record.sites) and all(s.proofs or s.title_no for s in record.sites) and bool(record.equipment)


def _leaders(record: ApplicationRecord) -> bool:
    leading = [s for s in record.seats if s.group == 'leading']
    return any(s.position == 'head' for s in leading) and len(leading) > 1


def _people(record: ApplicationRecord) -> bool:
    proofs = [*(e.proofs for e in record.examiners), *(e.proofs for e in record.experts)]
    return bool(proofs) and all(proofs)


def _pledge(record: ApplicationRecord) -> bool:
    return given(record, Standing).sound_management == 'yes'


def _licence(record: ApplicationRecord) -> bool:
    return any(x.kind != 'school' and x.scans for x in record.licences)


_THERE: dict[str, tuple[Callable[[ApplicationRecord], bool], str]] = {
    'application_letter': (_letter, '请填写“申请函”'),
    'extension_letter': (_letter, '请填写“申请函”'),
    'application_form': (_form, '请填全“基本情况”并至少填写一个申请职业'),
    'extension_form': (_form, '请填全“基本情况”并至少填写一个增量职业'),
    'implementation_plan': (_plan, '请填写“实施方案”的基本情况、范围、方式和工作流程'),
    'licences': (_licence, '请登记法人证照并上传扫描件'),
    'legal_person_certificate': (_licence, '请登记法人证照并上传扫描件'),
    'legal_person_certificate_or_credit_code': (lambda r: _licence(r) or bool(r.org.credit_code), '请登记法人证照，或填写统一社会信用代码'),
    'venue_and_equipment_proof': (_premises, '请为每处场地上传产权证明或租赁合同，并登记设备清单'),
    'asset_proof_or_pledge': (lambda r: _premises(r) or _pledge(r), '请登记场地证明和设备清单，或作出承诺'),
    'credit_report_or_pledge': (_pledge, '请在“申请条件”中承诺信用良好，并签署诚信承诺书'),
    'integrity_pledge': (_pledge, '请在“申请条件”中承诺信用良好，并签署诚信承诺书'),
    'leading_group_document': (_leaders, '请登记领导小组组长和成员'),
    'staff_skill_proof': (_people, '请为每名考评员、专家上传职称或技能等级证书'),
    'expert_proof_or_pledge': (lambda r: _people(r) or _pledge(r), '请上传专家等人员的技能水平证明，或作出承诺'),
    'standards_and_rules': (lambda r: bool(r.standards) and any(b.in_force for b in r.bylaws), '请登记职业标准和已施行的规章制度'),
    'certificate_specimen': (lambda r: bool(given(r, Plan).certificate), '请在“实施方案”中写明证书样式'),
    'basic_data_form': (_form, '请填全“基本情况”并至少填写一个申请职业'),
    'plan_and_quality_control': (lambda r: _plan(r) and bool(given(r, Plan).quality), '请填写“实施方案”和其中的质量保障')}


def _missing(record: ApplicationRecord, keys: tuple[str, ...] | list[str], rule: str, enforcement: str, when: str) -> Iterator[Finding]:
    for held in (material(key, record) for key in keys):
        if not held.there:
            yield Finding(rule, severity_of(enforcement), 'materials', f'{when}：{held.word}。{held.todo}。')


def _nationwide(record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    figure = profile.filing.materials.nationwide_employer_items
    for n, (name, there) in enumerate(NATIONWIDE, 1):
        if not there(record):
            yield Finding(figure.rule, severity_of(figure.enforcement), 'nationwide', f'全国性用人单位须提交的{len(NATIONWIDE)}项材料缺第{n}项：{name}，请补充。')


def _facts(record: ApplicationRecord) -> NationwideFacts:
    return given(record, NationwideFacts)


NATIONWIDE: tuple[tuple[str, Callable[[ApplicationRecord], bool]], ...] = (
    ('备案申请表', _form), ('法人登记证书复印件', _licence), ('工作实施方案', _plan), ('备案企业分支机构表', lambda r: bool(_facts(r).branches)),
    ('企业技能人才队伍建设相关制度清单', lambda r: bool(_facts(r).systems)), ('职业（工种）和标准目录清单', lambda r: bool(r.ranges and r.standards)),
    ('培训大纲及教材清单', lambda r: bool(_facts(r).outlines)), ('题库或卷库清单', lambda r: bool(given(r, Plan).bank)),
    ('场地、设施、设备配置情况清单', lambda r: bool(r.rooms and r.equipment)), ('考评人员名册', lambda r: bool(r.examiners)), ('督导人员名册', lambda r: bool(r.supervisors)),
    ('评价队伍分布情况表', lambda r: any(b.examiners for b in _facts(r).branches)), ('申报机构评价情况统计表', lambda r: bool(_facts(r).evaluated)),
    ('申报机构培训情况统计表', lambda r: bool(_facts(r).classes)))


# ------------------------------------------------------------------ licences, rule documents, the filing it rests on


LICENCE_WORDS = {
    'business': '营业执照', 'public_institution': '事业单位法人证书', 'social_organization': '社会团体法人登记证书', 'private_non_enterprise': '民办非企业单位登记证书',
    'school': '办学许可证'}


def _licences(record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    lists = profile.filing.materials
    for licence in record.licences:
        name = LICENCE_WORDS.get(licence.kind, licence.kind)
        if licence.valid_to is not None and licence.valid_to < record.day:
            yield Finding(lists.at_application.rule, 'block', 'licences', f'{name}（{licence.number}）已于{licence.valid_to}到期，请换证后更新登记并上传扫描件。')
        if not licence.scans:
            yield Finding(lists.at_application.rule, 'warn', 'licences', f'{name}（{licence.number}）没有扫描件，请上传加盖公章的复印件。')
    private = given(record, Basics).nature == 'private_non_enterprise' and any(x in record.org.name for x in SCHOOL_NAMES)
    if private and not any(x.kind == 'school' for x in record.licences):
        yield Finding(lists.bound_order.rule, severity_of(lists.bound_order.enforcement), 'licences', '民办培训学校须另附办学许可证，请登记并上传扫描件。')


def _bylaws(record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    listed, written = profile.filing.materials.regulations_count, [b for b in record.bylaws if b.in_force]
    if holds('ORG-54', profile) and not written:
        yield Finding('ORG-54', 'block', 'bylaws', '规章制度清单是空的，请制定并批准规章制度后再申报。')
    elif listed.value is not None and len(written) < listed.value:
        yield Finding(listed.rule, severity_of(listed.enforcement), 'bylaws', f'已施行的规章制度{len(written)}项，申请表列有{listed.value}项，请补齐或说明理由。')
    if holds('ORG-55', profile) and listed.value is not None:
        in_force, titles = {b.number for b in written}, {b.number: b.title for b in record.bylaws}
        lacking = [f'{n}《{titles[n]}》' if n in titles else f'{n}' for n in range(1, listed.value + 1) if n not in in_force]
        if written and lacking:
            yield Finding('ORG-55', 'remind', 'bylaws', f'申请表所列规章制度尚缺第{"、第".join(lacking)}项。')
    unposted = [b for b in written if not b.posted_at]
    if unposted and holds('ORG-103', profile):
        names = '、'.join(f'《{b.title}》' for b in unposted[:3])
        yield Finding('ORG-103', 'remind', 'bylaws', f'{len(unposted)}项规章制度没有登记张贴或公开的位置（{names}等），规章和工作流程须在场所醒目处公示。')


def _increment(record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    figure = profile.filing.materials.extension
    if given(record, IncrementStep).legal_person_agrees == 'no':
        yield Finding(figure.rule, 'block', 'increment.legal_person_agrees', '增量备案须法定代表人同意申报。')
    if record.original is None:
        return
    for n, row in enumerate(record.ranges, 1):
        same = [r for r in record.original.ranges if (r.occupation_code, r.work_type) == (row.occupation_code, row.work_type)]
        if again := sorted({x for r in same for x in r.levels} & set(row.levels), reverse=True):
            levels = '、'.join(map(str, again))
            yield Finding(figure.rule, 'block', f'ranges.{n}', f'第{n}行“{row.name}”的{levels}级已在原备案范围内，增量备案只填新增部分，请删去。')


def _original(record: ApplicationRecord) -> Iterator[Finding]:
    if not WAYS[record.way].needs_filing:
        return
    if record.original is None:
        yield Finding('ORG-94', 'block', 'basics', '没有注明原备案：增量、延续、变更和终止都须依据有效的备案，请选择原备案号。')
    elif record.way == 'increment' and record.original.valid_to < record.day:
        yield Finding('ORG-94', 'block', 'basics', f'原备案{record.original.number}已于{record.original.valid_to}到期，请先办理延续备案。')


def _seal(record: ApplicationRecord) -> Iterator[Finding]:
    said = given(record, LetterStep).seal_sample
    if said and said != record.org.name:
        yield Finding('ORG-98', 'block', 'letter.seal_sample', f'证书上使用的机构名称“{said}”与备案名称“{record.org.name}”不一致，请改为一致。')
