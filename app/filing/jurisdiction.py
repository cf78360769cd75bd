"""With whom an application is filed, who supervises, and why (ORG-40 … ORG-48, ORG-58); the centre's filing number is proposed here too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.codes import PROVINCES
from app.errors import Refused
from app.figures import Receiver as Figures
from app.figures_results import Profile
from app.filing.answers import given
from app.filing.forms import Belonging
from app.filing.records import ApplicationRecord
from app.filing.ways import WAYS
from app.findings import Finding
from app.organizations.rules import filing_scheme
from app.regulation import word
from app.words import ORGANIZATIONS

NATIONAL_CENTRE = '中国就业培训技术指导中心'
SECTOR_PILOT = 'sector_pilot_branch'
UNDER_DEPARTMENT = 'directly_under_department'


@dataclass(frozen=True, slots=True)
class Receiver:
    """The body that receives an application.

    level: province, city, local_centre, regional_department, place_of_social_insurance, national_centre · name: as printed
    supervised_by: name of the body that supervises · rule: what decided · why: one Chinese sentence
    """

    level: str
    name: str
    supervised_by: str
    rule: str
    why: str


def receiver(record: ApplicationRecord, profile: Profile, centres: Mapping[str, str] | None = None) -> Receiver:
    """Return who receives the application.

    centres: {region of six digits: name of its centre}, of this installation; a body that is not among them is named by its place
    source: ORG-40, ORG-41, ORG-42, ORG-43, ORG-44, ORG-45, ORG-46, ORG-47, ORG-48
    """
    known = centres or {}
    belonging = given(record, Belonging)
    if record.way == 'nationwide_employer':
        figure = profile.filing.nationwide_employer_authority
        return Receiver(
            figure.value, NATIONAL_CENTRE, '分支机构所在地省级中心', figure.rule, f'全国性用人单位向{NATIONAL_CENTRE}备案并由其赋码，分支机构再向所在省备案。')
    level, rule, because = _level(getattr(profile.filing.authority, record.org.kind), belonging)
    over_level, _, _ = _level(getattr(profile.filing.supervision, record.org.kind), belonging)
    name = _name(level, record, belonging, known, profile)
    over = name if over_level == 'filing_authority' else _name(over_level, record, belonging, known, profile)
    audience = {'own_students': '（评价本校在籍学生）', 'society': '（评价社会人员）'}.get(WAYS[record.way].audience, '')
    kind = ORGANIZATIONS[record.org.kind]
    why = f'{kind}{audience}{because}，向{name}申请备案' + ('。' if over == name else f'，由{over}监管。')
    return Receiver(level, name, over, rule, why)


def elsewhere_findings(record: ApplicationRecord, profile: Profile, centres: Mapping[str, str] | None = None) -> list[Finding]:
    """Return a block when the application is addressed to another body than receives it, and what is unclear about the place."""
    right, found = receiver(record, profile, centres), []
    if record.receiver_level and record.receiver_level != right.level:
        found.append(Finding(right.rule, 'block', 'belonging', f'本申报填的受理机关是“{record.receiver or record.receiver_level}”，应为“{right.name}”：{right.why}请改正。'))
    if right.level == 'place_of_social_insurance' and not given(record, Belonging).social_insurance_place:
        found.append(Finding('ORG-45', 'warn', 'belonging.social_insurance_place', '没有填写社会保险登记地，由省鉴定中心指定监管机构，请补填或说明理由。'))
    return found


def check_receiving_centre(record: ApplicationRecord, profile: Profile, centre_region: str) -> None:
    """Refuse an application at a centre that does not receive it: of another place, or of another level.

    centre_region: six digits, of a province (990000), city (990100) or county
    """
    right, region = receiver(record, profile), record.org.region
    fits = {
        'province': centre_region == f'{region[:2]}0000', 'regional_department': centre_region == f'{region[:2]}0000',
        'city': centre_region == f'{region[:4]}00', 'local_centre': region.startswith(_prefix(centre_region)),
        'place_of_social_insurance': centre_region[:2] == region[:2]}
    if not fits.get(right.level, False):
        raise Refused(f'本申报不由本中心受理：{right.why}请退回并告知申请单位。', rule=right.rule)


def check_addressed(receiver: str, centre: str) -> None:
    """Refuse an act of a centre on what was handed in to another one: the centre above reads it, and no more (source: SEC-01).

    receiver: printed name of the body that the application was handed in to · centre: name of the acting one
    """
    if receiver != centre:
        raise Refused(f'本申报由{receiver or "另一机关"}受理和办理，本中心只能查看；需要处理的，请与该机关联系。', rule='SEC-01')


def _level(figures: Figures, belonging: Belonging) -> tuple[str, str, str]:
    """Return level, rule and the Chinese reason; the first tie of the list that the applicant has sends it to the province."""
    ties = list(belonging.ties) + ([UNDER_DEPARTMENT] if belonging.under_department == 'yes' else [])
    for tie in figures.province_for.value:
        if tie in ties:
            return 'province', 'ORG-42' if tie == SECTOR_PILOT else figures.province_for.rule, f'属于{word(tie)}'
    return figures.otherwise.value, figures.otherwise.rule, '' if not figures.province_for.value else '不属于省级备案的情形'


def _name(level: str, record: ApplicationRecord, belonging: Belonging, known: Mapping[str, str], profile: Profile) -> str:
    region = record.org.region
    if level == 'place_of_social_insurance':
        return f'{belonging.social_insurance_place}职业技能鉴定（指导）中心' if belonging.social_insurance_place else '社会保险登记地职业技能鉴定（指导）中心'
    if level == 'national_centre':
        return NATIONAL_CENTRE
    province = PROVINCES.get(region[:2], profile.label)
    if level == 'local_centre':
        nearest = [known[r] for r in (region, f'{region[:4]}00', f'{region[:2]}0000') if r in known]
        return nearest[0] if nearest else '属地职业技能鉴定中心'
    if level == 'regional_department':
        return known.get(f'{region[:2]}0000', f'{province}人力资源和社会保障厅')
    if level == 'province':
        return known.get(f'{region[:2]}0000', f'{province}职业技能鉴定指导中心')
    cities = profile.codes.org.city_codes.value or {}
    return known.get(f'{region[:4]}00', f'{cities.get(region[2:4], "所在省辖市")}职业技能鉴定（指导）中心')


def _prefix(region: str) -> str:
    return region[:2] if region.endswith('0000') else region[:4] if region.endswith('00') else region


# ------------------------------------------------------------------ the number that the centre gives


@dataclass(frozen=True, slots=True)
class NumberShape:
    """How the filing number of an applicant begins: letter, the digits open to position 10 ('' all), the rule behind it."""

    letter: str
    tenth: str
    rule: str


def number_shape(kind: str, audience: str, profile: Profile) -> NumberShape:
    """Return first letter and position 10 for a kind of organisation; a school that evaluates both audiences holds two filings (ORG-86).

    audience: own_students or society for a technical school, else ''
    raises Refused where the province has no code for the audience
    source: ORG-81, ORG-82, ORG-83, ORG-84, ORG-86
    """
    scheme = filing_scheme(profile.codes.org)
    key = f'{kind}_{audience}' if audience else kind
    if key not in scheme.kinds:
        raise Refused('本省没有规定技工院校评价这类对象的备案编码，请与备案部门核实评价对象后再办理。', rule='ORG-82')
    digits, rule = scheme.kinds[key], profile.codes.org.letters.rule
    if audience:
        rule = getattr(profile.codes.org.technical_school, audience).rule
    elif kind == 'employer':
        rule = profile.codes.org.tenth.employer.rule
    return NumberShape(digits.letter, digits.tenth or '', rule)
