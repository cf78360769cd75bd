"""What is found wrong with the rule documents and standards of an organisation, and how two versions differ."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.bylaws.rules import FLOW, LISTED, Difference, Standing, approval_findings, bylaw_findings, check_title, differences
from app.errors import Refused
from app.regulation import profile
from tests.shows import shows

HENAN = profile('henan').filing.materials.regulations_count
NATIONAL = profile('national').filing.materials.regulations_count
ALL = [Standing(n, title, 'in_force', True, 0, '公示栏', '') for n, title in enumerate(LISTED, 1)]


def found(documents: list[Standing], least: Any = HENAN) -> list[tuple[str, str, str]]:
    return [(f.rule, f.severity, f.subject) for f in bylaw_findings(documents, least)]


def but(n: int, **change: Any) -> list[Standing]:
    return [replace(d, **change) if d.number == n else d for d in ALL]


@shows('ORG-55')
def test_the_list_names_the_24_of_the_application_form_in_its_order() -> None:
    assert len(LISTED) == len(set(LISTED)) == 24
    assert (LISTED[0], LISTED[9], LISTED[21], LISTED[FLOW - 1]) == ('职业技能等级评价工作规则', '职业技能等级认定应急预案', '证书管理及发放办法', '职业技能等级认定工作流程图')


@shows('ORG-54', 'ORG-55', 'ORG-103')
def test_a_whole_list_has_no_fault() -> None:
    assert found(ALL) == []


@shows('ORG-54')
def test_an_empty_list_blocks_also_where_only_drafts_stand() -> None:
    assert found([replace(d, state='', written=False, posted_at='') for d in ALL]) == [('ORG-54', 'block', 'bylaws')]
    assert found([replace(d, state='draft') for d in ALL])[0] == ('ORG-54', 'block', 'bylaws')
    assert found([replace(d, state='ended') for d in ALL], NATIONAL)[0] == ('ORG-54', 'block', 'bylaws')


@shows('ORG-54', 'ORG-55')
def test_fewer_than_the_profile_asks_for_warns_and_names_what_is_missing() -> None:
    findings = bylaw_findings(but(22, state='draft'), HENAN)
    assert [(f.rule, f.severity) for f in findings] == [('ORG-54', 'warn'), ('ORG-55', 'remind')]
    assert findings[0].sentence == '现行规章制度23项，清单要求24项，还缺1项，请补齐后再申报。'
    assert '还有1项没有现行文本：22.证书管理及发放办法。' in findings[1].sentence
    own = [*but(22, state=''), Standing(25, '考评员回避制度', 'in_force', True, 0, '', '')]
    assert found(own) == [('ORG-55', 'remind', 'bylaw 22')]  # 24 in force, one of them not of the list


@shows('ORG-54')
def test_where_the_profile_sets_no_number_only_the_names_are_told() -> None:
    assert NATIONAL.value is None
    assert found(but(3, state=''), NATIONAL) == [('ORG-55', 'remind', 'bylaw 3')]


@shows('ORG-54')
def test_a_document_without_text_and_one_with_gaps_are_told() -> None:
    assert found(but(5, written=False)) == [('ORG-54', 'warn', 'bylaw 5')]
    assert [f.sentence for f in bylaw_findings(but(5, gaps=3), HENAN)] == ['第5项《质量监督管理办法》还有3处〔待填〕，请起草新版补填。']
    assert found(but(5, state='revising')) == []


@shows('ORG-103')
def test_what_has_to_hang_and_hangs_nowhere_is_reminded() -> None:
    assert found(but(24, posted_at='', hangs='办事大厅')) == [('ORG-103', 'remind', 'bylaw 24')]
    assert found(but(24, posted_at='', hangs='')) == []
    assert found(but(24, posted_at='一楼大厅', hangs='办事大厅')) == []


@shows('ORG-54')
@pytest.mark.parametrize(('unit', 'text', 'faults'), [
    ('考务组', '第一条　甲。', []), ('', '第一条　甲。', ['block']), ('考务组', '  ', ['block']), ('考务组', '〔待填：联系电话〕〔待填：联系电话〕', ['warn']), ('', '', ['block', 'block'])])
def test_a_draft_comes_into_force_with_text_unit_and_no_gaps(unit: str, text: str, faults: list[str]) -> None:
    assert [f.severity for f in approval_findings(5, '质量监督管理办法', unit, text)] == faults


@shows('ORG-55')
@pytest.mark.parametrize(('number', 'title', 'well'), [
    (2, '财务管理制度', True), (2, '财务制度', False), (25, '财务管理制度', False), (25, '考评员回避制度', True)])
def test_the_24_keep_their_names(number: int, title: str, well: bool) -> None:
    if well:
        assert check_title(number, title) == title
        return
    with pytest.raises(Refused) as refused:
        check_title(number, title)
    assert refused.value.rule == 'ORG-55'


def test_two_versions_are_compared_line_by_line() -> None:
    assert differences('甲\n乙\n丙\n丁', '甲\n乙二\n丁\n戊') == [
        Difference('same', '甲', '甲'), Difference('changed', '乙', '乙二'), Difference('removed', '丙', ''), Difference('same', '丁', '丁'), Difference('added', '', '戊')]
    assert {d.kind for d in differences('甲\n乙', '甲\n乙')} == {'same'}
