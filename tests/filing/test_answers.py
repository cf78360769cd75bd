"""The steps of an application: what is missing, what cannot be read, what survives another version of the forms."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from app.filing.answers import given, holds, lost, step_findings, upgraded, upgraded_draft
from app.filing.forms import STEPS, Basics, Plan, extra, questions, row_model
from app.filing.ways import STEP_WORDS, WAYS
from app.regulation import profile
from tests.filing.made import BASICS, PLAN, record
from tests.shows import shows

HENAN = profile('henan')


def found(way: str, answers: dict[str, dict[str, Any]], name: str = 'henan') -> list[tuple[str, str, str]]:
    return [(f.rule, f.severity, f.subject) for f in step_findings(record(way, answers=answers), profile(name))]


@pytest.mark.parametrize('way', WAYS)
def test_a_record_in_order_has_no_gap_in_any_step(way: str) -> None:
    assert found(way, {}) == []


@pytest.mark.parametrize(('way', 'step', 'field', 'rule', 'severity'), [
    ('social', 'basics', 'contact', 'ORG-53', 'block'), ('social', 'basics', 'contact_post', 'ORG-53', 'block'), ('social', 'basics', 'contact_phone', 'ORG-53', 'block'),
    ('social', 'basics', 'contact_email', 'ORG-53', 'block'), ('social', 'basics', 'registration_body', 'ORG-53', 'block'), ('social', 'basics', 'nature', 'ORG-53', 'block'),
    ('social', 'standing', 'experience', 'ORG-03', 'block'), ('social', 'standing', 'capacity', 'ORG-04', 'block'), ('social', 'standing', 'sound_management', 'ORG-02', 'block'),
    ('social', 'plan', 'overview', 'ORG-59', 'warn'), ('social', 'letter', 'argument', 'ORG-50', 'block'), ('social', 'letter', 'promise', 'ORG-60', 'block'),
    ('employer', 'employer', 'pay_by_skill', 'ORG-14', 'block'), ('employer', 'employer', 'staff_total', 'ORG-14', 'block'),
    ('school_own', 'school', 'approval_no', 'ORG-16', 'block'), ('school_own', 'school', 'station_licence', 'ORG-16', 'block'),
    ('nationwide_employer', 'nationwide', 'standing', 'ORG-15', 'block'), ('ending', 'ending', 'explanation', 'ORG-96', 'warn'),
    ('ending', 'ending', 'data_keeper', 'ORG-97', 'block'), ('ending', 'ending', 'data_keeper_phone', 'ORG-97', 'block')])
@shows('ORG-02', 'ORG-03', 'ORG-04', 'ORG-14', 'ORG-15', 'ORG-16', 'ORG-50', 'ORG-53', 'ORG-59', 'ORG-60', 'ORG-96', 'ORG-97')
def test_a_question_left_empty_is_named_at_its_field(way: str, step: str, field: str, rule: str, severity: str) -> None:
    assert found(way, {step: {field: '  '}}) == [(rule, severity, f'{step}.{field}')]
    (finding,) = step_findings(record(way, answers={step: {field: ''}}), HENAN)
    assert STEP_WORDS[step] in finding.sentence and str(questions(STEPS[step])[field].title) in finding.sentence


MAY_BE_EMPTY = {
    'standing': {'civil_affairs_failed_on', 'abnormal_list_on'}, 'belonging': {'ties', 'social_insurance_place', 'under_department', 'audience'}, 'plan': {'bank', 'fees'},
    'letter': {'letter_no', 'seal_sample'}, 'school': {'centre_name', 'graduation_year'}, 'plan.bank': {'work_type', 'review', 'source', 'reviewed_on'}, 'plan.fees': {'basis'},
    'school.subjects': {'work_type', 'secondary', 'small_subject'}, 'nationwide.branches': {'address'}, 'nationwide.systems': {'issue_no'}, 'nationwide.outlines': {'publisher'},
    'change.changes': {'basis'}}


def test_only_these_questions_and_columns_may_stay_empty() -> None:
    found: dict[str, set[str]] = {}
    for step, model in STEPS.items():
        tables = {f'{step}.{name}': columns for name, definition in questions(model).items() if (columns := row_model(definition))}
        for place, asked in {step: model, **tables}.items():
            found[place] = {name for name, definition in questions(asked).items() if not extra(definition)['required']}
    assert {place: names for place, names in found.items() if names} == MAY_BE_EMPTY


@pytest.mark.parametrize('way', WAYS)
@shows('ORG-02', 'ORG-03', 'ORG-04', 'ORG-14', 'ORG-15', 'ORG-16', 'ORG-50', 'ORG-53', 'ORG-57', 'ORG-59', 'ORG-60', 'ORG-92', 'ORG-96', 'ORG-97')
def test_every_other_question_left_empty_is_named_by_its_rule(way: str) -> None:
    for step in (s for s in WAYS[way].steps if s in STEPS):
        for field, definition in questions(STEPS[step]).items():
            if field not in MAY_BE_EMPTY.get(step, ()):
                told = [(rule, subject) for rule, _, subject in found(way, {step: {field: [] if row_model(definition) else ''}})]
                assert told == [(extra(definition)['rule'] or 'ORG-53', f'{step}.{field}')]


@shows('ORG-96', 'OCC-12')
def test_a_gap_blocks_only_where_its_rule_holds() -> None:
    assert found('ending', {'ending': {'explanation': ''}}, 'hunan') == [('ORG-96', 'block', 'ending.explanation')]
    assert found('employer', {'employer': {'main_business': ''}}, 'hunan') == [('OCC-12', 'block', 'employer.main_business')]
    assert found('employer', {'employer': {'main_business': ''}}, 'henan') == [('OCC-12', 'warn', 'employer.main_business')]


def test_a_rule_holds_where_its_layer_or_its_figure_stands() -> None:
    assert [name for name in ('national', 'henan', 'hunan', 'xinjiang', 'demo') if holds('ORG-05', profile(name))] == ['henan', 'demo']
    assert all(holds('ORG-20', profile(name)) for name in ('national', 'henan', 'hunan', 'xinjiang', 'demo'))
    assert [name for name in ('henan', 'hunan', 'demo') if holds('ORG-72', profile(name))] == ['hunan', 'demo']


@pytest.mark.parametrize(('step', 'field', 'value', 'said'), [
    ('basics', 'contact_phone', '12345', '应为11位手机号码'), ('basics', 'contact_email', '何立春', '应为邮箱地址'), ('basics', 'nature', 'bank', '不在可选范围内'),
    ('basics', 'filled_on', '2026-13-01', '不是日期'), ('basics', 'legal_person', '长' * 51, '最多50个字，现有51个字'), ('standing', 'breach', 'maybe', '不在可选范围内'),
    ('employer', 'staff_total', '八百', '不是数字'), ('employer', 'staff_total', '-3', '不是数字'), ('employer', 'staff_total', 'NaN', '不是数字')])
def test_an_answer_of_another_kind_is_refused_at_its_field(step: str, field: str, value: str, said: str) -> None:
    way = 'employer' if step == 'employer' else 'social'
    (finding,) = step_findings(record(way, answers={step: {field: value}}), HENAN)
    assert (finding.severity, finding.subject) == ('block', f'{step}.{field}')
    assert said in finding.sentence


@shows('ORG-57', 'ORG-92')
def test_a_table_names_its_row_and_column() -> None:
    rows = [{'name': '制度', 'unit': '人力部', 'made': '2024-03'}, {'name': '', 'unit': '人力部', 'made': '三月'}]
    told = step_findings(record('nationwide_employer', answers={'nationwide': {'systems': rows}}), HENAN)
    assert [(f.rule, f.subject) for f in told] == [('ORG-57', 'nationwide.systems')] * 2
    assert '第2行“制度名称”还没有填写' in told[0].sentence and '第2行“制定时间”现为“三月”' in told[1].sentence
    assert found('social', {'plan': {'schedule': []}}) == [('ORG-92', 'warn', 'plan.schedule')]
    assert found('nationwide_employer', {'nationwide': {'branches': []}}) == [('ORG-57', 'block', 'nationwide.branches')]


def test_unchanged_fields_survive_another_version_of_the_forms() -> None:
    old = {'basics': BASICS | {'fax': '65900001', 'nature': 'company'}, 'gone': {'field': 'text'}, 'plan': PLAN | {'schedule': 'a text once', 'funds': 7}}
    kept = upgraded_draft(old)
    assert set(kept) == {'basics', 'plan'}
    assert kept['basics'] == {k: v for k, v in BASICS.items() if k not in ('nature', 'filled_on')} | {'filled_on': date(2026, 10, 19)}
    assert 'schedule' not in kept['plan'] and 'funds' not in kept['plan'] and kept['plan']['overview'] == PLAN['overview']
    assert kept['plan']['bank'] == PLAN['bank']
    assert sorted(lost(old)) == ['basics.fax', 'basics.nature', 'gone.field', 'plan.funds', 'plan.schedule']
    assert lost({'basics': BASICS}) == []


def test_a_step_is_read_although_a_field_cannot_be() -> None:
    basics = given(record(answers={'basics': {'filled_on': 'soon', 'nature': 'bank', 'contact': '吕雨水'}}), Basics)
    assert (basics.filled_on, basics.nature, basics.contact) == (None, '', '吕雨水')
    plan = given(record(answers={'plan': {'schedule': [{'phase': '准备', 'old': 'x'}, 'row']}}), Plan)
    assert [(row.phase, row.begins) for row in plan.schedule] == [('准备', None)]


@drawn(st.data())
def test_reading_an_upgraded_draft_again_changes_nothing(data: st.DataObject) -> None:
    step = data.draw(st.sampled_from(sorted(STEPS)))
    fields = questions(STEPS[step])
    value = st.one_of(st.text(max_size=20), st.none(), st.integers(), st.just('2026-10-19'), st.just('yes'), st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=5))))
    drawn_data = {name: data.draw(value) for name in fields}
    once = upgraded(step, drawn_data)
    assert upgraded(step, once) == once
    STEPS[step].model_validate(once)


def test_every_question_names_a_kind_its_page_can_draw_and_every_step_has_a_word() -> None:
    for step, model in STEPS.items():
        assert STEP_WORDS[step]
        for name, definition in questions(model).items():
            said = extra(definition)
            assert (said['kind'] == 'rows') == (row_model(definition) is not None), f'{step}.{name}'
            assert bool(said['options']) == (said['kind'] in ('select', 'yes_no')) or said['kind'] == 'multi', f'{step}.{name}'
