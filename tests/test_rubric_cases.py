"""The seven sheets as the README of the rubrics counts them, and the cases of the demo story scored with them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from app.rubric_models import Rubric
from app.rubric_visit import VisitFacts, score_supervision
from app.rubrics import FOLDER, RUBRICS, RubricId, is_included, rubric, score_sheet
from tests.rubric_answers import Answers, best_answers, best_boxes
from tests.shows import shows

COUNTED = {  # appendix, sections and points, items, filing and operation vetoes, bonus, highest with bonus
    'employer-public': ('附件1', {'资质': 0, '实施方案': 65, '制度建设': 35}, 46, (5, 1), (2, 2), 104),
    'employer-occupation': (
        '附件2',
        {'人员队伍建设': 30, '实操场地设施设备': 40, '技术保障': 20, '考核场所安全文明': 10},
        19,
        (3, 1),
        (4, 4),
        108,
    ),
    'school-public': ('附件3', {'资质': 0, '实施方案': 65, '制度建设': 35}, 46, (5, 2), (2, 2), 104),
    'school-occupation': (
        '附件4',
        {'人员队伍': 30, '实操场地设施设备': 30, '标准试题教材保障': 20, '教学实施': 10, '考核场所安全文明': 10},
        22,
        (4, 1),
        (4, 4),
        108,
    ),
    'social-public': ('附件5', {'资质': 0, '实施方案': 65, '制度建设': 35}, 44, (3, 2), (2, 2), 104),
    'social-occupation': ('附件6', {'人员队伍建设': 30, '实操场地设施设备': 40, '技术保障': 20, '安全文明': 10}, 18, (3, 1), (4, 4), 108),
}
LINES = {
    'employer-public': [('qualified', 85), ('basically_qualified', 70), ('not_qualified', 0)],
    'employer-occupation': [('included', 85), ('not_included', 0)],
    'school-public': [('qualified', 90), ('basically_qualified', 80), ('not_qualified', 0)],
    'school-occupation': [('included', 90), ('not_included', 0)],
    'social-public': [('qualified', 90), ('basically_qualified', 80), ('not_qualified', 0)],
    'social-occupation': [('included', 90), ('not_included', 0)],
}
PUBLIC_OF_C: Answers = {
    'A3.03': {'count': 1},  # framework: one part missing, 2
    'A3.13': {'score': 3},  # 评价方式 thin, 2
    'A3.15': {'leased': True},  # archive room leased, 4
    'A3.16': {'score': 4, 'leased': True, 'years': 2},  # theory room leased under 3 years, 3
    'A3.36': {'count': 0},  # 其他考务制度, 2
    'A3.46': {'met': False},  # 证书管理及发放办法, 1
}
FITTER_OF_C: Answers = {'A4.17': {'score': 9}, 'A4.18': {'score': 6}, 'A4.10': {'score': 2}}  # item bank 3, books 2, layout 2
CAR_MECHANIC_OF_C: Answers = {  # item bank 6, old equipment in two places 4, one expert without letter 2
    'A4.17': {'score': 6},
    'A4.14': {'count': 2},
    'A4.05': {'count': 1},
}


@pytest.mark.parametrize('rubric_id', RUBRICS)
def test_sheet_has_the_sections_items_vetoes_and_bonus_of_its_appendix(rubric_id: RubricId) -> None:
    sheet = rubric(rubric_id)
    scopes = [item.veto_scope for item in sheet.items]
    assert (
        sheet.source.appendix,
        {section.name: int(section.points) for section in sheet.sections},
        len(sheet.items),
        (scopes.count('filing'), scopes.count('operation')),
        tuple(int(item.add) for item in sheet.bonus),
        int(sheet.max_with_bonus),
    ) == COUNTED[rubric_id]


@shows('TEV-01', 'TEV-02', 'TEV-03')
@pytest.mark.parametrize('rubric_id', RUBRICS)
def test_sheet_has_the_lines_of_its_appendix(rubric_id: RubricId) -> None:
    assert [(band.code, int(band.min)) for band in rubric(rubric_id).conclusion.bands] == LINES[rubric_id]


@pytest.mark.parametrize('rubric_id', RUBRICS)
def test_best_answers_make_a_hundred_and_the_best_conclusion(rubric_id: RubricId) -> None:
    sheet = rubric(rubric_id)
    result = score_sheet(sheet, best_answers(sheet))
    assert (result.base, result.bonus, result.total, result.conclusion) == (100, 0, 100, sheet.conclusion.bands[0])
    assert [(part.id, part.score) for part in result.sections] == [(part.id, part.points) for part in sheet.sections]
    assert [(part.id, part.score) for part in result.groups] == [(part.id, part.points) for s in sheet.sections for part in s.groups]


def test_printed_points_differ_only_where_the_paper_does() -> None:
    zero = [item.id for name in RUBRICS for item in rubric(name).items if item.printed() != item.points]
    assert zero == ['A1.22', 'A1.25', 'A1.26', 'A5.19']
    groups = [group for name in RUBRICS for section in rubric(name).sections for group in section.groups]
    assert {group.printed() for group in groups if group.printed() != group.points} == {None}
    assert sum(group.printed() is None for group in groups) == 22


@pytest.mark.parametrize(
    ('printed', 'instead', 'fault'),
    [
        ('"points": 65,', '"points": 64,', 'the parts do not make'),
        ('"max_with_bonus": 104,', '"max_with_bonus": 105,', 'do not make max_with_bonus'),
        ('"id": "A1.04",', '"id": "A1.05",', 'stands twice'),
        ('"below": 85,', '"below": 84,', 'without a gap'),
        ('"on_filing_veto": "not_qualified"', '"on_filing_veto": "no"', 'no band no'),
        ('"score_step": 0.5,', '"score_step": 0.5, "colour": "red",', 'Extra inputs'),
        ('"score": 7', '"score": 6', 'the best answer must give all points'),
        ('"veto_scope": "operation"', '"veto_scope": null', 'a veto needs scope'),
    ],
)
def test_sheet_that_does_not_add_up_does_not_load(printed: str, instead: str, fault: str) -> None:
    text = (FOLDER / 'employer-public.json').read_text(encoding='utf-8')
    assert printed in text
    with pytest.raises(ValidationError, match=fault):
        Rubric.model_validate_json(text.replace(printed, instead, 1))


def test_unknown_sheet_is_our_mistake() -> None:
    with pytest.raises(ValueError, match='no rubric'):
        rubric('../employer-public')  # type: ignore[call-overload]


# ------------------------------------------------------------------ organisation C of the demo story


@shows('TEV-02', 'TEV-06')
def test_public_sheet_of_the_college_is_86_and_basically_ready() -> None:
    result = score_sheet(rubric('school-public'), best_answers(rubric('school-public')) | PUBLIC_OF_C)
    assert (result.total, [part.score for part in result.sections]) == (86, [0, 54, 32])
    assert result.conclusion and (result.conclusion.code, result.conclusion.text) == (
        'basically_qualified',
        '申请单位基本具备评价机构备案条件',
    )
    assert (result.filing_vetoes, result.operation_vetoes, result.operation_blocked) == ((), (), None)


@shows('TEV-03')
@pytest.mark.parametrize(('lost', 'total', 'code'), [(FITTER_OF_C, 93, 'included'), (CAR_MECHANIC_OF_C, 88, 'not_included')])
def test_occupation_sheets_of_the_college_are_93_and_88(lost: Answers, total: int, code: str) -> None:
    sheet = rubric('school-occupation')
    public = score_sheet(rubric('school-public'), best_answers(rubric('school-public')) | PUBLIC_OF_C)
    result = score_sheet(sheet, best_answers(sheet) | lost)
    assert (result.total, result.conclusion) == (total, sheet.conclusion.band(code))
    assert is_included(public, result) is (code == 'included')


def test_failed_public_part_leaves_no_occupation() -> None:
    public, occupation = rubric('school-public'), rubric('school-occupation')
    refused = score_sheet(public, best_answers(public) | {'A3.01': {'met': False}})
    assert is_included(refused, score_sheet(occupation, best_answers(occupation))) is False


def test_open_sheet_says_nothing_about_an_occupation() -> None:
    occupation = score_sheet(rubric('school-occupation'), {})
    with pytest.raises(ValueError, match='open items'):
        is_included(occupation, occupation)


# ------------------------------------------------------------------ the visit to batch 2026-003


@shows('SUP-10', 'SUP-11')
def test_visit_to_batch_003_scores_84() -> None:
    sheet = rubric('supervision')
    seen = {'SV.03': 'short', 'SV.08': 'some', 'SV.10': 'within_5min', 'SV.12': 'some'}
    ticked = {key: code for key, code in (best_boxes(sheet) | seen).items() if key not in ('SV.01', 'SV.02')}
    result = score_supervision(sheet, ticked, VisitFacts(machine_exam=True))
    assert (result.total, [part.score for part in result.sections]) == (84, [25, 27, 15, 17])
    assert (result.unanswered, result.findings, result.rectify_asked) == ((), (), False)
    assert [item.score for item in result.items[:4]] == [12, 3, 5, 5]


@shows('SUP-10')
def test_visit_sheet_has_fourteen_items_in_four_sections_and_no_verdict() -> None:
    sheet = rubric('supervision')
    assert ([(s.name, s.points) for s in sheet.sections], len(sheet.items), sheet.conclusion) == (
        [('考场布置是否符合鉴定要求', 30), ('考评人员配备使用', 30), ('试卷管理', 20), ('考试管理', 20)],
        14,
        None,
    )
    assert [[int(option.score) for option in item.rule.options] for item in sheet.items] == [
        [12, 10, 0],
        [3, 1, 0],
        [10, 5, 0],
        [5, 2, 0],
        [5, 0],
        [10, 0],
        [10, 5, 0],
        [5, 2, 0],
        [10, 5, 0],
        [10, 5, 0],
        [5, 0],
        [5, 2, 0],
        [5, 2, 0],
        [5, 0],
    ]


def test_points_are_decimals() -> None:
    assert isinstance(rubric('supervision').total_points, Decimal)
    assert rubric('school-public').score_step == Decimal('0.5')
