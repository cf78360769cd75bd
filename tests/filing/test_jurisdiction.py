"""With whom an application is filed, who supervises, which number it can get."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import Refused
from app.filing.jurisdiction import NATIONAL_CENTRE, check_receiving_centre, elsewhere_findings, number_shape, receiver
from app.filing.rules import application_findings
from app.regulation import profile
from tests.filing.made import record
from tests.shows import shows

CENTRES = {'990100': '明川市职业技能鉴定指导中心（演示）', '990000': '演示省职业技能鉴定指导中心（演示）', '990102': '云桥区鉴定中心（演示）'}


def of(way: str, name: str = 'henan', **belonging: Any) -> tuple[str, str]:
    answers = {'belonging': belonging}
    told = receiver(record(way, profile=name, answers=answers), profile(name))
    return told.level, told.rule


@pytest.mark.parametrize(('way', 'name', 'belonging', 'level', 'rule'), [
    ('nationwide_employer', 'henan', {}, 'national_centre', 'ORG-40'), ('nationwide_employer', 'xinjiang', {}, 'national_centre', 'ORG-40'),
    ('social', 'henan', {}, 'city', 'ORG-43'), ('employer', 'henan', {}, 'place_of_social_insurance', 'ORG-45'), ('school_own', 'henan', {}, 'province', 'ORG-46'),
    ('school_society', 'henan', {}, 'province', 'ORG-46'), ('social', 'henan', {'ties': ['sector_pilot_branch']}, 'province', 'ORG-42'),
    ('employer', 'henan', {'ties': ['central_soe_branch']}, 'province', 'ORG-44'), ('employer', 'henan', {'ties': ['provincial_sasac_enterprise']}, 'province', 'ORG-44'),
    ('employer', 'henan', {'ties': ['provincial_association']}, 'place_of_social_insurance', 'ORG-45'),
    *(('social', 'henan', {'ties': [tie]}, 'province', 'ORG-41') for tie in (
        'central_soe_branch', 'provincial_sasac_enterprise', 'provincial_or_ministerial_school', 'national_association_branch', 'provincial_association',
        'training_body_approved_by_province', 'registered_with_provincial_market_regulator')),
    *((way, 'hunan', {'ties': ['central_soe_branch']}, 'local_centre', 'ORG-47') for way in ('social', 'employer', 'school_own')),
    *((way, 'xinjiang', {}, 'regional_department', 'ORG-48') for way in ('social', 'employer', 'school_society')),
    ('social', 'demo', {}, 'city', 'ORG-43'), ('school_own', 'demo', {}, 'city', 'ORG-46')])
@shows('ORG-40', 'ORG-41', 'ORG-42', 'ORG-43', 'ORG-44', 'ORG-45', 'ORG-46', 'ORG-47', 'ORG-48')
def test_kind_and_ties_decide_who_receives(way: str, name: str, belonging: dict[str, Any], level: str, rule: str) -> None:
    assert of(way, name, **belonging) == (level, rule)


@shows('ORG-40', 'ORG-41', 'ORG-43', 'ORG-45', 'ORG-46')
def test_the_receiver_is_explained_in_one_sentence_with_its_supervisor() -> None:
    told = receiver(record(profile='demo'), profile('demo'), CENTRES)
    assert (told.name, told.supervised_by) == (CENTRES['990100'], CENTRES['990100'])
    assert told.why == '社会培训评价组织不属于省级备案的情形，向明川市职业技能鉴定指导中心（演示）申请备案。'
    tied = receiver(record(profile='demo', answers={'belonging': {'ties': ['provincial_association']}}), profile('demo'), CENTRES)
    assert (tied.name, tied.why) == (CENTRES['990000'], '社会培训评价组织属于省级行业社团组织，向演示省职业技能鉴定指导中心（演示）申请备案。')
    employer = receiver(record('employer', answers={'belonging': {'social_insurance_place': '明川市'}}), profile('henan'))
    assert employer.name == '明川市职业技能鉴定（指导）中心' and '向明川市' in employer.why
    nationwide = receiver(record('nationwide_employer'), profile('henan'))
    assert (nationwide.name, nationwide.supervised_by) == (NATIONAL_CENTRE, '分支机构所在地省级中心')


@shows('ORG-46')
def test_a_school_files_with_the_province_and_is_supervised_by_its_city_unless_it_is_the_departments() -> None:
    city = receiver(record('school_own'), profile('henan'), CENTRES)
    assert (city.name, city.supervised_by) == (CENTRES['990000'], CENTRES['990100'])
    assert '评价本校在籍学生' in city.why and city.why.endswith(f'由{CENTRES["990100"]}监管。')
    own = receiver(record('school_own', answers={'belonging': {'under_department': 'yes'}}), profile('henan'), CENTRES)
    assert (own.level, own.supervised_by) == ('province', CENTRES['990000'])


@shows('ORG-47')
def test_the_local_centre_is_the_nearest_that_is_known() -> None:
    asked = record(profile='hunan')
    assert [receiver(asked, profile('hunan'), known).name for known in (CENTRES, {'990100': '市中心', '990000': '省中心'}, {})] == [
        '云桥区鉴定中心（演示）', '市中心', '属地职业技能鉴定中心']


@pytest.mark.parametrize(('way', 'name', 'level', 'rule'), [
    ('social', 'henan', 'province', 'ORG-43'), ('employer', 'henan', 'province', 'ORG-45'), ('school_own', 'henan', 'city', 'ORG-46'),
    ('nationwide_employer', 'henan', 'province', 'ORG-40'), ('social', 'hunan', 'province', 'ORG-47'), ('social', 'xinjiang', 'city', 'ORG-48')])
@shows('ORG-40', 'ORG-43', 'ORG-45', 'ORG-46', 'ORG-47', 'ORG-48')
def test_filing_elsewhere_is_blocked_and_says_where(way: str, name: str, level: str, rule: str) -> None:
    wrong = record(way, profile=name, receiver='某中心', receiver_level=level)
    (told,) = elsewhere_findings(wrong, profile(name))
    assert (told.rule, told.severity, told.subject) == (rule, 'block', 'belonging')
    assert '某中心' in told.sentence and receiver(wrong, profile(name)).name in told.sentence
    right = receiver(wrong, profile(name)).level
    assert elsewhere_findings(wrong.model_copy(update={'receiver_level': right}), profile(name)) == []
    assert told in application_findings(wrong, profile(name))


@pytest.mark.parametrize(('tie', 'way', 'rule'), [('provincial_association', 'social', 'ORG-41'), ('sector_pilot_branch', 'social', 'ORG-42'), ('central_soe_branch', 'employer', 'ORG-44')])
@shows('ORG-41', 'ORG-42', 'ORG-44')
def test_what_belongs_to_the_province_is_not_filed_with_the_city(tie: str, way: str, rule: str) -> None:
    wrong = record(way, receiver='市中心', receiver_level='city', answers={'belonging': {'ties': [tie]}})
    assert [(f.rule, f.severity) for f in elsewhere_findings(wrong, profile('henan'))] == [(rule, 'block')]


@shows('ORG-45')
def test_an_unclear_place_of_social_insurance_is_settled_by_the_province() -> None:
    (told,) = elsewhere_findings(record('employer', answers={'belonging': {'social_insurance_place': ''}}), profile('henan'))
    assert (told.rule, told.severity, told.subject) == ('ORG-45', 'warn', 'belonging.social_insurance_place')


@pytest.mark.parametrize(('way', 'name', 'centre', 'refused'), [
    ('social', 'henan', '990100', False), ('social', 'henan', '990000', True), ('social', 'henan', '990200', True), ('social', 'henan', '990102', True),
    ('school_own', 'henan', '990000', False), ('school_own', 'henan', '990100', True), ('nationwide_employer', 'henan', '990100', True),
    ('employer', 'henan', '990100', False), ('employer', 'henan', '980100', True), ('social', 'hunan', '990102', False), ('social', 'hunan', '990100', False),
    ('social', 'hunan', '990200', True), ('social', 'xinjiang', '990000', False), ('social', 'xinjiang', '990100', True)])
@shows('ORG-43', 'ORG-46')
def test_a_centre_takes_only_what_it_receives(way: str, name: str, centre: str, refused: bool) -> None:
    if not refused:
        check_receiving_centre(record(way, profile=name), profile(name), centre)
        return
    with pytest.raises(Refused) as told:
        check_receiving_centre(record(way, profile=name), profile(name), centre)
    assert told.value.rule == receiver(record(way, profile=name), profile(name)).rule


# ------------------------------------------------------------------ the number


@pytest.mark.parametrize(('kind', 'audience', 'name', 'shape'), [
    ('employer', '', 'henan', ('Y', '0-8', 'ORG-84')), ('social_training_org', '', 'henan', ('S', '', 'ORG-81')),
    ('technical_school', 'own_students', 'henan', ('Y', '9', 'ORG-82')), ('technical_school', 'society', 'henan', ('S', '', 'ORG-82')),
    ('technical_school', 'own_students', 'xinjiang', ('S', '9', 'ORG-83')), ('technical_school', 'society', 'xinjiang', ('S', '9', 'ORG-83'))])
@shows('ORG-81', 'ORG-82', 'ORG-83', 'ORG-84', 'ORG-86')
def test_kind_and_audience_decide_how_the_number_begins(kind: str, audience: str, name: str, shape: tuple[str, str, str]) -> None:
    told = number_shape(kind, audience, profile(name))
    assert (told.letter, told.tenth, told.rule) == shape


@shows('ORG-86')
def test_a_school_with_both_audiences_holds_two_filings_of_two_shapes() -> None:
    own, society = (number_shape('technical_school', audience, profile('henan')) for audience in ('own_students', 'society'))
    assert own != society
    wrong = record('school_own', answers={'belonging': {'audience': 'society'}})
    told = [f for f in application_findings(wrong, profile('henan')) if f.rule == 'ORG-86']
    assert [(f.severity, f.subject) for f in told] == [('block', 'belonging.audience')] and '各有备案号' in told[0].sentence


@shows('ORG-82')
def test_a_centre_for_own_students_has_the_name_the_rule_gives() -> None:
    def told(way: str, centre_name: str) -> list[tuple[str, str]]:
        return [(f.rule, f.subject) for f in application_findings(record(way, answers={'school': {'centre_name': centre_name}}), profile('henan'))]
    assert told('school_own', '明川技师学院职业技能等级认定中心') == []
    assert told('school_own', '明川技师学院') == told('school_own', '') == [('ORG-82', 'school.centre_name')]
    assert told('school_society', '') == []


@shows('ORG-82')
def test_a_province_without_a_code_for_own_students_is_told() -> None:
    with pytest.raises(Refused, match='没有规定') as told:
        number_shape('technical_school', 'own_students', profile('hunan'))
    assert told.value.rule == 'ORG-82'
