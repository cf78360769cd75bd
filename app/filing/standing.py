"""Who may apply and what stands in the way (ORG-01 … ORG-27), judged from what the applicant declares and by the day the application is received."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date

from app.codes import PROVINCES, credit_code_findings, read_credit_code
from app.errors import Refused
from app.figures import Limit, Switch
from app.figures_results import Profile
from app.filing.answers import given, holds, severity_of
from app.filing.forms import INCREMENT_NATURES, NATURES, Basics, EmployerFacts, Standing
from app.filing.records import ApplicationRecord
from app.filing.ways import WAYS
from app.findings import Finding
from app.organizations.rules import KINDS
from app.workdays import Conventions, add_years

CIVIL = ('private_non_enterprise', 'social_organization', 'industry_association', '')  # under the civil affairs; '' not said yet: asked of all
COMPANIES = ('enterprise', '')
CENTRE_NAMES = ('职业技能鉴定中心', '职业技能鉴定指导中心', '职业技能鉴定（指导）中心')


def standing_findings(record: ApplicationRecord, profile: Profile, *, received_on: date | None = None) -> list[Finding]:
    """Return why the applicant cannot be filed at all; subject is `standing.field`, `employer.field` or `basics.field`.

    received_on: day that the three years of ORG-22 and ORG-24 count back from; the day of the record while it is a draft
    """
    found = [*_centre(record), *_credit_code(record)]
    steps = WAYS[record.way].steps
    if 'standing' in steps:
        found += [*_entity(record, profile), *_prohibited(record, profile, received_on or record.day)]
    if 'employer' in steps:
        found += _employer(record, profile)
    return found


def conventions_of(profile: Profile) -> Conventions:
    """Return how periods are counted by a profile."""
    said = profile.conventions
    return Conventions(**{f.name: getattr(said, f.name).value for f in fields(Conventions)})


def _centre(record: ApplicationRecord) -> Iterator[Finding]:
    if record.org.kind not in KINDS:
        yield Finding('ORG-26', 'block', 'basics', '职业技能鉴定中心不直接承担认定，只负责监督和服务，不能申报评价机构。')
    elif any(name in record.org.name for name in CENTRE_NAMES):
        yield Finding(
            'ORG-26', 'warn', 'basics', f'单位名称“{record.org.name}”像是鉴定中心；人力资源社会保障部门的鉴定中心不能申报评价机构，不是的请说明理由。')


def _credit_code(record: ApplicationRecord) -> Iterator[Finding]:
    nature = given(record, Basics).nature
    word = {**NATURES, **INCREMENT_NATURES}.get(nature, '')
    try:
        code = read_credit_code(record.org.credit_code)
    except Refused as refused:
        yield Finding(refused.rule, 'block', 'basics.credit_code', refused.sentence)
        return
    known = code.division[:2] in PROVINCES  # an unknown one was warned of when the organisation was registered
    yield from (f for f in credit_code_findings(code, nature=word, subject='basics.credit_code') if known or f.rule == 'VAL-04')
    if code.division[:2] != record.org.region[:2] and WAYS[record.way].code != 'nationwide_employer':
        yield Finding(
            'VAL-03', 'warn', 'basics.credit_code',
            f'信用代码的登记地区划“{code.division[:2]}”与单位所在区划“{record.org.region[:2]}”不在同一省，请核对所在地区；外省登记的请说明理由。')


def _entity(record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    said = given(record, Standing)
    if record.org.kind == 'social_training_org' and holds('ORG-01', profile):
        if said.independent_entity == 'no':
            yield Finding('ORG-01', 'block', 'standing.independent_entity', '社会培训评价组织须是在中国境内登记的独立法人，本单位填了“否”，不能申报。')
        if said.training_scope == 'no':
            yield Finding('ORG-01', 'block', 'standing.training_scope', '登记（批准）范围须含培训或评价，本单位填了“否”，请先办理登记变更再申报。')
    if said.sound_management == 'no' and holds('ORG-02', profile):
        yield Finding('ORG-02', 'block', 'standing.sound_management', '财务和管理制度不健全或有违法违规失信记录的不能申报，请健全制度、修复信用后再申报。')


def _prohibited(record: ApplicationRecord, profile: Profile, received_on: date) -> Iterator[Finding]:
    said, nature, limits = given(record, Standing), given(record, Basics).nature, profile.filing.prohibited
    yield from _declared(limits.government_or_not_detached, said.government_body, 'government_body', '行政机关及其所属事业单位、未脱钩的社会团体不能申报评价机构。')
    yield from _declared(limits.breach_in_training_or_evaluation, said.breach, 'breach', '本单位或法定代表人在培训评价中有违法违规失信记录，不能申报。')
    if nature in CIVIL:
        yield from _within(
            limits.civil_affairs_check_failed_years, said.civil_affairs_failed_on, received_on, profile, 'civil_affairs_failed_on', '民政年检不合格')
        yield from _declared(limits.illegal_social_org_list, said.illegal_list, 'illegal_list', '被列入非法社会组织名单，不能申报。')
    if nature in COMPANIES:
        yield from _within(limits.abnormal_operation_list_years, said.abnormal_list_on, received_on, profile, 'abnormal_list_on', '被列入经营异常名录')
    yield from _declared(limits.bad_evaluation_record, said.bad_record, 'bad_record', '在人才评价活动中有不良记录，不能申报。')
    if said.subcontracts == 'yes' and holds('ORG-27', profile):
        more = '；本省规定转包的终止备案' if profile.filing.subcontracting_ends_filing.value else ''
        yield Finding('ORG-27', 'block', 'standing.subcontracts', f'不得授权、委托其他单位评价或转包{more}，请改由本单位自行组织。')


def _declared(limit: Switch, answer: str, field: str, sentence: str) -> Iterator[Finding]:
    if limit.value and answer == 'yes':
        yield Finding(limit.rule, severity_of(limit.enforcement), f'standing.{field}', sentence)


def _within(limit: Limit, on: date | None, received_on: date, profile: Profile, field: str, what: str) -> Iterator[Finding]:
    """A period of years counts its corresponding day in (CONV-06), back from the day the application is received."""
    if limit.value is None or on is None:
        return
    until = add_years(on, limit.value, conventions_of(profile))
    if received_on <= until:
        yield Finding(
            limit.rule, severity_of(limit.enforcement), f'standing.{field}',
            f'{on}{what}，距收到申请之日（{received_on}）不满{limit.value}年，{until}以后才能申报。')


def _employer(record: ApplicationRecord, profile: Profile) -> Iterator[Finding]:
    if not holds('ORG-14', profile) or record.way == 'nationwide_employer':
        return
    said = given(record, EmployerFacts)
    for field, sentence in (
            ('in_province', '用人单位须是在本省登记的企业法人，请向登记地申报。'),
            ('insured', '用人单位须依法为职工办理社会保险，请先办理。'),
            ('pay_by_skill', '用人单位须有与技能等级挂钩的薪酬（或岗位津贴）制度，技术评估时此项否决，请先制定。'),
            ('education_budget', '评价经费须从职工教育经费列支并有文件保障，技术评估时此项否决，请先落实。')):
        if getattr(said, field) == 'no':
            yield Finding('ORG-14', 'block', f'employer.{field}', sentence)
