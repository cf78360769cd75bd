"""Who may apply and who may not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.codes import credit_code
from app.filing.standing import standing_findings
from app.regulation import profile
from tests.filing.made import DAY, record
from tests.shows import shows


def found(way: str = 'social', name: str = 'henan', received_on: date | None = None, answers: dict[str, dict[str, Any]] | None = None, **changed: Any) -> list[tuple[str, str, str]]:
    told = standing_findings(record(way, profile=name, answers=answers, **changed), profile(name), received_on=received_on)
    return [(f.rule, f.severity, f.subject) for f in told]


@pytest.mark.parametrize(('field', 'answer', 'rule'), [
    ('independent_entity', 'no', 'ORG-01'), ('training_scope', 'no', 'ORG-01'), ('sound_management', 'no', 'ORG-02'), ('government_body', 'yes', 'ORG-20'),
    ('breach', 'yes', 'ORG-21'), ('illegal_list', 'yes', 'ORG-23'), ('bad_record', 'yes', 'ORG-25'), ('subcontracts', 'yes', 'ORG-27')])
@shows('ORG-01', 'ORG-02', 'ORG-20', 'ORG-21', 'ORG-23', 'ORG-25', 'ORG-27')
def test_a_declared_obstacle_stops_the_filing(field: str, answer: str, rule: str) -> None:
    assert found(answers={'standing': {field: answer}}) == [(rule, 'block', f'standing.{field}')]
    assert found(answers={'standing': {field: 'yes' if answer == 'no' else 'no'}}) == []


def test_an_applicant_in_order_meets_no_obstacle() -> None:
    assert [found(way) for way in ('social', 'employer', 'school_own', 'extension')] == [[], [], [], []]


@pytest.mark.parametrize(('nature', 'field', 'rule', 'asked'), [
    ('private_non_enterprise', 'civil_affairs_failed_on', 'ORG-22', True), ('social_organization', 'civil_affairs_failed_on', 'ORG-22', True),
    ('enterprise', 'civil_affairs_failed_on', 'ORG-22', False), ('enterprise', 'abnormal_list_on', 'ORG-24', True), ('private_non_enterprise', 'abnormal_list_on', 'ORG-24', False)])
@pytest.mark.parametrize(('on', 'within'), [
    (date(2023, 10, 18), False), (date(2023, 10, 19), True), (date(2023, 10, 20), True), (date(2026, 10, 19), True), (date(2020, 1, 1), False)])
@shows('ORG-22', 'ORG-24')
def test_three_years_count_back_from_the_day_of_receipt(nature: str, field: str, rule: str, asked: bool, on: date, within: bool) -> None:
    told = found(received_on=DAY, answers={'basics': {'nature': nature}, 'standing': {field: on.isoformat()}})
    assert told == ([(rule, 'block', f'standing.{field}')] if asked and within else [])


@shows('ORG-22')
def test_the_day_of_receipt_decides_and_not_the_day_it_was_written() -> None:
    answers = {'standing': {'civil_affairs_failed_on': '2023-11-02'}}
    assert found(answers=answers) == [('ORG-22', 'block', 'standing.civil_affairs_failed_on')]
    assert found(answers=answers, received_on=date(2026, 11, 3)) == []


@pytest.mark.parametrize(('way', 'code', 'told'), [
    ('social', '52990102MA99DM010', False), ('social', '52980102MA99DM010', True), ('nationwide_employer', '91980103MA99DM029', False)])
@shows('VAL-03')
def test_a_code_registered_in_another_province_than_the_applicants_is_to_be_explained(way: str, code: str, told: bool) -> None:
    elsewhere = record(way).org.model_copy(update={'credit_code': credit_code(code)})
    assert ('VAL-03', 'warn', 'basics.credit_code') in found(way, org=elsewhere) if told else found(way, org=elsewhere) == []


@shows('ORG-23')
def test_the_list_of_illegal_social_organisations_concerns_no_company() -> None:
    assert found(answers={'basics': {'nature': 'enterprise'}, 'standing': {'illegal_list': 'yes'}}) == []


@shows('ORG-27')
def test_handing_the_work_on_is_forbidden_in_henan_and_hunan_and_ends_the_filing_in_hunan() -> None:
    answers = {'standing': {'subcontracts': 'yes'}}
    assert found(name='national', answers=answers) == found(name='xinjiang', answers=answers) == []
    (told,) = standing_findings(record(profile='hunan', answers=answers), profile('hunan'))
    assert told.rule == 'ORG-27' and '终止备案' in told.sentence


@shows('ORG-26')
def test_a_skill_appraisal_centre_is_no_evaluation_organisation() -> None:
    org = record().org
    assert found(org=org.model_copy(update={'kind': 'centre'})) == [('ORG-26', 'block', 'basics')]
    assert found(org=org.model_copy(update={'name': '明川市职业技能鉴定指导中心'})) == [('ORG-26', 'warn', 'basics')]


@pytest.mark.parametrize('field', ['in_province', 'insured', 'pay_by_skill', 'education_budget'])
@shows('ORG-14')
def test_an_employer_in_henan_meets_all_four_conditions(field: str) -> None:
    assert found('employer', answers={'employer': {field: 'no'}}) == [('ORG-14', 'block', f'employer.{field}')]
    assert found('employer', 'hunan', answers={'employer': {field: 'no'}}) == []
    assert found('nationwide_employer', answers={'employer': {field: 'no'}}) == []


@shows('ORG-01')
def test_an_employer_is_not_asked_whether_training_is_its_main_duty() -> None:
    assert found('employer', answers={'standing': {'training_scope': 'no'}}) == []


def test_a_wrong_credit_code_and_another_place_are_told() -> None:
    org = record().org
    assert found(org=org.model_copy(update={'credit_code': '52990102MA99DM010Q'})) == [('VAL-03', 'block', 'basics.credit_code')]
    elsewhere = credit_code('52430102MA99DM010')
    assert found(org=org.model_copy(update={'credit_code': elsewhere})) == [('VAL-03', 'warn', 'basics.credit_code')]
    assert found(org=org.model_copy(update={'credit_code': elsewhere, 'region': '430102'})) == []
    company = credit_code('91430102MA99DM010')
    assert found(org=org.model_copy(update={'credit_code': company, 'region': '430102'})) == [('VAL-03', 'warn', 'basics.credit_code')]
