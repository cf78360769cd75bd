"""What is handed in, in which order and how many copies."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.filing.materials import NATIONWIDE, binding, handing, material, material_findings, originals
from app.filing.ways import WAYS
from app.regulation import profile, profiles
from tests.filing.made import LATHE, NURSE, ORIGINAL, bylaw, record, site
from tests.filing.made import NATIONWIDE as FACTS
from tests.shows import shows

HENAN = profile('henan')


def found(way: str = 'social', name: str = 'henan', **changed: Any) -> list[tuple[str, str, str]]:
    return [(f.rule, f.severity, f.subject) for f in material_findings(record(way, profile=name, **changed), profile(name))]


@pytest.mark.parametrize('way', WAYS)
def test_a_record_in_order_lacks_no_material(way: str) -> None:
    assert [found(way, name) for name in profiles()] == [[]] * len(profiles())


@pytest.mark.parametrize(('changed', 'word'), [
    ({'answers': {'letter': {'argument': ''}}}, '备案申请函'), ({'answers': {'basics': {'contact': ''}}}, '申报表'), ({'ranges': ()}, '申报表'),
    ({'answers': {'plan': {'workflow': ''}}}, '实施方案'), ({'sites': (site(proofs=0, title_no=''),)}, '场地设备证明'), ({'equipment': ()}, '场地设备证明'),
    ({'seats': ()}, '成立领导小组的文件')])
@shows('ORG-50')
def test_each_of_the_seven_items_is_missed_when_applying(changed: dict[str, Any], word: str) -> None:
    told = [f for f in material_findings(record(**changed), HENAN) if f.rule == 'ORG-50']
    assert [f.severity for f in told] == ['block'] and f'申请时须提交：{word}' in told[0].sentence


@shows('ORG-50', 'ORG-52')
def test_without_licence_and_pledge_neither_list_is_whole() -> None:
    told = found(licences=(), answers={'standing': {'sound_management': ''}})
    assert sorted(told) == [('ORG-50', 'block', 'materials')] * 2 + [('ORG-52', 'warn', 'licences'), *[('ORG-52', 'warn', 'materials')] * 2]


@pytest.mark.parametrize(('changed', 'word'), [
    ({'standards': ()}, '职业标准'), ({'answers': {'plan': {'certificate': ''}}}, '证书样本'), ({'experts': (), 'examiners': ()}, '专业人员技能水平证明')])
@shows('ORG-51')
def test_what_the_assessment_looks_at_is_held_ready(changed: dict[str, Any], word: str) -> None:
    told = [f for f in material_findings(record(**changed), HENAN) if f.rule == 'ORG-51']
    assert [f.severity for f in told] == ['warn'] and word in told[0].sentence and '技术评估时备查' in told[0].sentence


@shows('ORG-52')
def test_the_volume_is_bound_in_its_order_with_proof_of_premises_behind() -> None:
    assert [m.key for m in binding(record(), HENAN)] == [
        'application_letter', 'integrity_pledge', 'legal_person_certificate', 'leading_group_document', 'application_form', 'implementation_plan', 'certificate_specimen',
        'venue_and_equipment_proof']
    assert all(m.there for m in binding(record(), HENAN))
    assert not material('leading_group_document', record(seats=record().seats[:1])).there


@shows('ORG-52', 'ORG-58')
def test_henan_wants_three_copies_and_hunan_none() -> None:
    assert [(handing(profile(n)).copies, handing(profile(n)).rule) for n in ('henan', 'hunan')] == [(3, 'ORG-52'), (0, 'ORG-58')]
    assert '一式3份' in handing(HENAN).sentence and '不再报送纸质材料' in handing(profile('hunan')).sentence


@shows('ORG-52')
def test_a_private_school_adds_its_school_licence() -> None:
    without = tuple(x for x in record().licences if x.kind != 'school')
    assert found(licences=without) == [('ORG-52', 'warn', 'licences')]
    assert found(licences=without, org=record().org.model_copy(update={'name': '明川市技能服务中心'})) == []
    assert found(licences=without, answers={'basics': {'nature': 'enterprise'}}) == []


@pytest.mark.parametrize(('ends', 'over'), [(date(2026, 10, 18), True), (date(2026, 10, 19), False), (None, False)])
@shows('ORG-50')
def test_a_licence_that_has_run_out_stops(ends: date | None, over: bool) -> None:
    licences = tuple(x.model_copy(update={'valid_to': ends}) if x.kind == 'school' else x for x in record().licences)
    assert found(licences=licences) == ([('ORG-50', 'block', 'licences')] if over else [])
    no_scan = tuple(x.model_copy(update={'scans': 0}) if x.kind == 'school' else x for x in record().licences)
    assert found(licences=no_scan) == [('ORG-50', 'warn', 'licences')]


@pytest.mark.parametrize(('bylaws', 'told'), [
    ((), [('ORG-54', 'block', 'bylaws'), ('ORG-51', 'warn', 'materials')]), (tuple(bylaw(n, in_force=False, version=0) for n in range(1, 25)), [('ORG-54', 'block', 'bylaws'), ('ORG-51', 'warn', 'materials')]),
    (tuple(bylaw(n) for n in range(1, 24)), [('ORG-54', 'warn', 'bylaws'), ('ORG-55', 'remind', 'bylaws')])])
@shows('ORG-54')
def test_an_empty_list_of_rule_documents_stops_and_a_short_one_warns(bylaws: tuple[Any, ...], told: list[tuple[str, str, str]]) -> None:
    assert sorted(found(bylaws=bylaws)) == sorted(told)
    assert ('ORG-54', 'block', 'bylaws') not in found(name='xinjiang', bylaws=())


@shows('ORG-55')
def test_each_of_the_24_that_is_missing_is_named_also_beside_25_own_ones() -> None:
    written = tuple(bylaw(n, in_force=n not in (22, 24)) for n in range(1, 30))
    (told,) = material_findings(record(bylaws=written), HENAN)
    assert (told.rule, told.severity) == ('ORG-55', 'remind')
    assert '第22《证书办法》、第24《流程图》项' in told.sentence


@shows('ORG-103')
def test_rules_hang_where_people_see_them_in_hunan() -> None:
    hidden = (bylaw(1, posted_at=''), *(bylaw(n) for n in range(2, 25)))
    assert found(name='hunan', bylaws=hidden) == [('ORG-103', 'remind', 'bylaws')]
    assert found(bylaws=hidden) == []


@pytest.mark.parametrize(('changed', 'word'), [
    ({'answers': {'basics': {'contact': ''}}}, '基本情况表'), ({'licences': (), 'org': record().org.model_copy(update={'credit_code': ''})}, '法人登记证书或统一社会信用代码'),
    ({'answers': {'plan': {'quality': ''}}}, '质量'), ({'experts': (), 'examiners': (), 'answers': {'standing': {'sound_management': ''}}}, '专家证明或承诺书')])
@shows('ORG-56')
def test_the_six_national_items_are_missed_one_by_one(changed: dict[str, Any], word: str) -> None:
    told = [f for f in material_findings(record('social_national', **changed), HENAN) if f.rule == 'ORG-56']
    assert told and told[0].severity == 'block' and any(word in f.sentence for f in told)


@shows('ORG-56')
def test_the_credit_code_alone_is_enough_for_the_nation() -> None:
    assert [x for x in found('social_national', licences=()) if x[0] == 'ORG-56'] == []


@pytest.mark.parametrize(('n', 'changed'), [
    (1, {'ranges': ()}), (2, {'licences': ()}), (3, {'answers': {'plan': {'scope': ''}}}), (4, {'answers': {'nationwide': {'branches': []}}}),
    (5, {'answers': {'nationwide': {'systems': []}}}), (6, {'standards': ()}), (7, {'answers': {'nationwide': {'outlines': []}}}), (8, {'answers': {'plan': {'bank': []}}}),
    (9, {'rooms': ()}), (10, {'examiners': ()}), (11, {'supervisors': ()}), (12, {'answers': {'nationwide': {'branches': [FACTS['branches'][0] | {'examiners': ''}]}}}),
    (13, {'answers': {'nationwide': {'evaluated': []}}}), (14, {'answers': {'nationwide': {'classes': []}}})])
@shows('ORG-57')
def test_each_of_the_fourteen_items_of_a_nationwide_employer_is_missed_by_its_number(n: int, changed: dict[str, Any]) -> None:
    told = [f for f in material_findings(record('nationwide_employer', **changed), HENAN) if f.rule == 'ORG-57']
    assert any(f'缺第{n}项' in f.sentence and f.severity == 'block' for f in told)
    assert len(NATIONWIDE) == HENAN.filing.materials.nationwide_employer_items.value


@shows('ORG-61')
def test_every_original_that_the_visit_wants_is_listed() -> None:
    listed = originals(record(sites=(site(), site(name='外租', tenure='leased', title_no='合同2号'))))
    assert {'办学许可证（民培9901号）原件', '“云桥路校区”产权证明（产权1号）原件', '“外租”租赁合同（合同2号）原件', '专家专家0的职称或技能等级证书、聘书原件'} <= set(listed)
    assert '考评员考评0的职称或技能等级证书、证卡（S00009901000110000）原件' in listed
    assert len(listed) == 2 + 2 + 10 + 4


@pytest.mark.parametrize(('changed', 'told'), [
    ({'answers': {'letter': {'argument': ''}}}, [('ORG-93', 'block', 'materials')]), ({'experts': (), 'examiners': ()}, [('ORG-93', 'block', 'materials')]),
    ({'equipment': ()}, [('ORG-93', 'block', 'materials')]), ({'answers': {'increment': {'legal_person_agrees': 'no'}}}, [('ORG-93', 'block', 'increment.legal_person_agrees')]),
    ({'original': ORIGINAL.model_copy(update={'ranges': (LATHE,)})}, [('ORG-93', 'block', 'ranges.1')])])
@shows('ORG-93')
def test_an_increment_brings_its_four_items_and_only_what_is_new(changed: dict[str, Any], told: list[tuple[str, str, str]]) -> None:
    assert found('increment', **changed) == told


@shows('ORG-93')
def test_a_further_level_of_a_filed_occupation_is_new() -> None:
    filed = ORIGINAL.model_copy(update={'ranges': (LATHE.model_copy(update={'levels': (2,)}), NURSE)})
    assert found('increment', original=filed) == []


@pytest.mark.parametrize('way', ['increment', 'extension', 'change', 'ending'])
@shows('ORG-94')
def test_what_rests_on_a_filing_names_it(way: str) -> None:
    assert found(way, original=None) == [('ORG-94', 'block', 'basics')]


@shows('ORG-94')
def test_an_increment_needs_a_filing_still_in_force() -> None:
    over = ORIGINAL.model_copy(update={'valid_to': date(2026, 10, 18)})
    assert found('increment', original=over) == [('ORG-94', 'block', 'basics')]
    assert found('extension', original=over) == []


@shows('ORG-98')
def test_the_name_on_certificates_is_the_filed_one() -> None:
    assert found(answers={'letter': {'seal_sample': '启帆学校'}}) == [('ORG-98', 'block', 'letter.seal_sample')]
    assert found(answers={'letter': {'seal_sample': record().org.name}}) == []


def test_nurses_and_lathes_stand_in_the_record() -> None:
    assert record().ranges == (LATHE, NURSE)
