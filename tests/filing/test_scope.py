"""Which occupations, work types and levels may be filed."""

from __future__ import annotations

from typing import Any

import pytest

from app.filing.forms import SchoolSubjectRow
from app.filing.records import RangeLine
from app.filing.scope import excluded, highest_level, scope_findings, standard_of
from app.regulation import profile
from tests.filing.made import LATHE, NURSE, ORIGINAL, SCHOOL, examiner, record, standard
from tests.shows import shows

HENAN = profile('henan')
ALL_MODES = {'theory': '机考', 'practical': '现场操作', 'review': '答辩'}


def row(base: RangeLine = NURSE, **changed: Any) -> RangeLine:
    return base.model_copy(update=changed)


def found(*rows: RangeLine, way: str = 'social', name: str = 'henan', **changed: Any) -> list[tuple[str, str, str]]:
    standards = changed.pop('standards', tuple(standard(r) for r in rows))
    told = scope_findings(record(way, profile=name, ranges=rows, standards=standards, **changed), profile(name))
    return [(f.rule, f.severity, f.subject) for f in told]


def test_rows_of_the_classification_with_their_standards_are_right() -> None:
    assert found(LATHE, NURSE, row(LATHE, work_type='', levels=(5,))) == []
    assert [found(LATHE, NURSE, way=way) for way in ('employer', 'school_own', 'increment')] == [[], [], []]


@pytest.mark.parametrize(('wrong', 'rules'), [
    (row(LATHE, levels=(5,)), {'OCC-08'}),  # level 5 of the lathe has no trades
    (row(LATHE, work_type='', levels=(4,)), {'OCC-07'}), (row(NURSE, levels=(5, 2)), {'OCC-08'}), (row(NURSE, occupation='保育员'), {'OCC-05'}),
    (row(NURSE, occupation_code='2-10-01-03', occupation='教师'), {'OCC-01', 'OCC-04', 'OCC-05'}), (row(NURSE, levels=()), {'OCC-08'}), (row(NURSE, occupation=''), {'OCC-14'})])
@shows('OCC-01', 'OCC-04', 'OCC-05', 'OCC-07', 'OCC-08', 'OCC-14')
def test_a_row_outside_the_classification_or_the_standard_is_refused(wrong: RangeLine, rules: set[str]) -> None:
    fitter = row(occupation_code='6-20-01-01', occupation='钳工', levels=(5, 4))
    told = found(fitter, wrong, standards=(standard(fitter), standard(NURSE, levels=(5, 4, 3)), standard(LATHE), standard(wrong, levels=(5, 4, 3))))
    assert {(rule, 'ranges.2') for rule in rules} <= {(rule, subject) for rule, _, subject in told}
    assert {rule for rule, severity, _ in told if severity == 'block'} <= rules


@shows('OCC-07', 'OCC-08')
def test_level_5_of_the_lathe_with_a_trade_is_refused_whatever_standard_is_at_hand() -> None:
    for kept in (standard(LATHE), standard(LATHE, work_type='普通车床')):
        assert [x for x in found(row(LATHE, levels=(5, 4)), standards=(kept,)) if x[1] == 'block'] == [('OCC-08', 'block', 'ranges.1')]


@shows('OCC-14')
def test_an_application_asks_for_something() -> None:
    assert found() == [('OCC-14', 'block', 'ranges')]


@shows('OCC-02')
def test_every_row_rests_on_a_standard_or_a_publicized_norm() -> None:
    assert found(NURSE, standards=()) == [('OCC-02', 'block', 'ranges.1')]
    assert found(NURSE, standards=(standard(LATHE),)) == [('OCC-02', 'block', 'ranges.1')]
    norm = standard(NURSE, kind='norm', publicized=False)
    assert found(NURSE, standards=(norm,)) == [('OCC-02', 'block', 'ranges.1')]
    assert found(NURSE, standards=(norm.model_copy(update={'publicized': True}),)) == []
    assert found(LATHE, standards=(standard(LATHE, work_type='数控车床'),)) == [('OCC-02', 'block', 'ranges.1')]


@shows('OCC-03')
def test_a_licence_type_occupation_is_refused_and_a_partly_licensed_one_needs_a_reason() -> None:
    guard = row(occupation_code='4-07-05-01', occupation='保安员', levels=(5, 4))
    assert ('OCC-03', 'block', 'ranges.1') in found(guard)
    welder = row(occupation_code='6-18-02-04', occupation='焊工', levels=(5, 4))
    assert [x for x in found(welder) if x[0] == 'OCC-03'] == [('OCC-03', 'warn', 'ranges.1')]
    assert [x for x in found(NURSE, LATHE) if x[0] == 'OCC-03'] == []
    assert {x.kind for x in excluded()} == {'准入类', '部分准入', '接近专技类'}


@shows('OCC-04')
def test_group_4_near_the_professions_waits_in_henan_only_and_group_2_is_out_everywhere() -> None:
    bank = row(occupation_code='4-05-01-01', occupation='银行综合柜员', levels=(5,))
    assert [x for x in found(bank) if x[0] == 'OCC-04'] == [('OCC-04', 'warn', 'ranges.1')]
    assert [x for x in found(bank, name='hunan') if x[0] == 'OCC-04'] == []
    teacher = row(occupation_code='2-08-01-01', occupation='教师', levels=(5,))
    assert ('OCC-04', 'block', 'ranges.1') in found(teacher)
    assert ('OCC-01', 'block', 'ranges.1') in found(teacher, name='hunan')


@shows('OCC-05')
def test_the_old_name_in_a_register_counts_and_is_told() -> None:
    old = tuple(examiner(n, NURSE, occupation='保育员', occupation_code='') for n in range(3))
    (told,) = scope_findings(record(ranges=(NURSE,), examiners=old), HENAN)
    assert (told.rule, told.severity, told.subject) == ('OCC-05', 'warn', 'people')
    assert '3名（项）考评员登记的职业“保育员”是“保育师”的旧名' in told.sentence
    assert ('OCC-05', 'warn', 'standards') in found(NURSE, standards=(standard(NURSE, occupation='保育员'),))


@shows('OCC-06')
def test_where_standard_and_classification_differ_the_standard_wins() -> None:
    nurse_2 = row(NURSE, levels=(5, 4, 3, 2), modes=ALL_MODES)
    assert found(nurse_2, standards=(standard(NURSE, levels=(5, 4, 3)),)) == [('OCC-08', 'block', 'ranges.1'), ('OCC-08', 'block', 'ranges.1')]
    newer = standard(NURSE, levels=(5, 4, 3, 2), edition=2025)
    assert found(nurse_2, standards=(standard(NURSE, levels=(5, 4, 3)), newer)) == [('OCC-06', 'warn', 'ranges.1')]
    assert found(nurse_2, standards=(newer, standard(NURSE, levels=(5, 4, 3), edition=2026))) == [('OCC-08', 'block', 'ranges.1'), ('OCC-08', 'block', 'ranges.1')]


def test_the_newest_standard_of_the_work_type_is_the_one() -> None:
    whole, trade = standard(LATHE, edition=2018), standard(LATHE, edition=2018, work_type='普通车床')
    asked = record(standards=(trade, whole, standard(LATHE, work_type='数控车床', edition=2025), standard(NURSE)))
    assert standard_of(asked, LATHE) == trade
    assert standard_of(asked, row(LATHE, work_type='', levels=(5,))) == whole


@shows('OCC-08')
def test_a_level_that_the_standard_at_hand_lacks_is_refused() -> None:
    assert found(LATHE, standards=(standard(LATHE, levels=(4,)),)) == [('OCC-08', 'block', 'ranges.1')]


# ------------------------------------------------------------------ technical schools


def school(**changed: Any) -> dict[str, Any]:
    return {'answers': {'school': {'subjects': [SCHOOL['subjects'][0] | changed]}}}


@pytest.mark.parametrize(('levels', 'class_kind', 'secondary', 'refused'), [
    ((4,), 'intermediate', 'no', False), ((4, 3), 'intermediate', 'no', True), ((4, 3), 'advanced', 'no', False), ((4, 3), 'both', 'no', False),
    ((4, 3), 'advanced', 'yes', True), ((4,), 'advanced', 'yes', False), ((4,), 'intermediate', 'yes', True)])
@shows('OCC-09')
def test_the_class_decides_the_level_and_a_second_subject_is_one_lower(levels: tuple[int, ...], class_kind: str, secondary: str, refused: bool) -> None:
    told = found(row(LATHE, levels=levels), way='school_own', **school(class_kind=class_kind, secondary=secondary))
    assert told == ([('OCC-09', 'block', 'ranges.1')] if refused else [])


@shows('OCC-09')
def test_own_students_reach_level_3_at_most() -> None:
    senior = row(LATHE, levels=(4, 3, 2), modes=ALL_MODES)
    assert set(found(senior, way='school_own', **school())) == {('OCC-09', 'block', 'ranges.1')}
    assert found(senior, way='school_society', **school()) == found(senior, way='school_own', name='hunan', **school()) == []
    subject = SchoolSubjectRow(occupation_code='6-18-01-01', class_kind='both', secondary='yes')
    assert highest_level(subject, HENAN.scope.technical_school_own_students) == 4
    assert highest_level(subject, profile('hunan').scope.technical_school_own_students) is None


@pytest.mark.parametrize(('years', 'refused'), [('3', False), ('2', True), ('', True), ('8', False)])
@shows('OCC-10')
def test_a_subject_was_enrolled_three_years_running(years: str, refused: bool) -> None:
    assert found(LATHE, way='school_own', **school(enrolled_years=years)) == ([('OCC-10', 'block', 'school.subjects')] if refused else [])


@shows('OCC-10')
def test_students_are_evaluated_in_their_last_year_in_a_subject_that_is_described() -> None:
    assert found(LATHE, way='school_own', answers={'school': {'graduation_year': 'no'}}) == [('OCC-10', 'block', 'school.graduation_year')]
    assert found(LATHE, way='school_own', answers={'school': {'subjects': []}}) == [('OCC-10', 'block', 'school.subjects')]
    assert found(NURSE, way='school_own', **school()) == [('OCC-10', 'block', 'school.subjects')]


@shows('OCC-12')
def test_in_hunan_an_employer_says_how_its_business_needs_the_occupation() -> None:
    silent: dict[str, Any] = {'answers': {'employer': {'main_business': ''}}}
    assert found(LATHE, way='employer', name='hunan', **silent) == [('OCC-12', 'warn', 'employer.main_business')]
    assert found(LATHE, way='employer', name='henan', **silent) == []


@shows('OCC-13')
def test_special_ranks_are_for_employers_only() -> None:
    special: dict[str, Any] = {'answers': {'plan': {'scope': '五级至一级，另设特级技师'}}}
    assert found(LATHE, name='xinjiang', **special) == [('OCC-13', 'block', 'plan.scope')]
    assert found(LATHE, way='employer', name='xinjiang', **special) == found(LATHE, name='henan', **special) == []
    own_level = row(NURSE, levels=(5, 0))
    assert ('OCC-13', 'block', 'ranges.1') in found(own_level, name='xinjiang')
    assert ('OCC-13', 'block', 'ranges.1') not in found(own_level, way='employer', name='xinjiang')


@shows('ORG-59')
def test_levels_with_a_comprehensive_review_say_how_it_is_held() -> None:
    high = row(LATHE, levels=(2, 1))
    assert found(high) == [('ORG-59', 'warn', 'ranges.1')]
    assert found(row(high, modes=ALL_MODES)) == []
    assert found(row(NURSE, modes={'theory': '', 'practical': '现场操作'})) == [('ORG-59', 'warn', 'ranges.1')]
    assert found(high, way='increment') == []  # no plan, no table


@pytest.mark.parametrize(('asked', 'new'), [
    (row(), ''), (row(levels=(5,)), ''), (row(levels=(3, 2)), '2'), (row(levels=(2, 1)), '2、1'), (row(LATHE, levels=(4,)), ''), (row(LATHE, levels=(4, 3, 2)), '2'),
    (row(LATHE, work_type='数控车床', levels=(4,)), '4'), (row(LATHE, work_type='', levels=(5,)), '5'), (row(occupation_code='6-20-01-01', occupation='钳工', levels=(5, 4)), '5、4')])
@shows('ORG-93')
def test_an_extension_asks_for_nothing_that_is_not_filed(asked: RangeLine, new: str) -> None:
    rows = (NURSE, LATHE, asked)[2 if asked.occupation_code in (NURSE.occupation_code, LATHE.occupation_code) else 0:]
    filed = ORIGINAL.model_copy(update={'ranges': (NURSE, LATHE)})
    told = [f for f in scope_findings(record('extension', ranges=rows, original=filed), HENAN) if f.rule == 'ORG-93']
    said = f'第{len(rows)}行“{asked.name}”的{new}级不在备案{ORIGINAL.number}的现行范围内'
    assert [(f.severity, f.subject, f.sentence.split('，')[0], '请另报增量备案' in f.sentence) for f in told] == ([('block', f'ranges.{len(rows)}', said, True)] if new else [])
    assert [f for f in scope_findings(record('social', ranges=rows), HENAN) if f.rule == 'ORG-93'] == []
