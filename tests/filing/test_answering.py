"""What follows the acceptance of each way, and what a change may say."""

from __future__ import annotations

import pytest

from app.filing.answering import answer_verb, change_findings, changes_of, is_assessed, is_publicized
from app.filing.forms import ChangeRow, extra, questions
from app.filing.ways import WAYS
from app.regulation import profile
from app.states import MOVES
from tests.filing.made import record
from tests.shows import shows

DEMO = profile('demo')


def changing(*rows: dict[str, str]):  # type: ignore[no-untyped-def]
    made = record('change')
    return made.model_copy(update={'answers': made.answers | {'change': {'changes': list(rows), 'reason': '变更'}}})


@shows('ORG-70', 'ORG-71', 'ORG-94', 'ORG-96')
def test_all_is_assessed_but_an_end_and_a_change_of_papers_and_publicized_where_a_filing_is_given() -> None:
    assert {way for way in WAYS if not is_assessed(record(way), DEMO)} == {'change', 'ending'}
    assert {way for way in WAYS if not is_publicized(way)} == {'change', 'ending', 'nationwide_employer'}
    ends = {way: (MOVES[answer_verb(way)].start, MOVES[answer_verb(way)].end) for way in ('social', 'nationwide_employer', 'change', 'ending')}
    assert ends == {'social': (('publicized',), 'filed'), 'nationwide_employer': (('assessed',), 'filed'), 'change': (('accepted', 'assessed'), 'filed'), 'ending': (('accepted',), 'ended')}


@shows('ORG-70')
@pytest.mark.parametrize('what', list(extra(questions(ChangeRow)['what'])['options']))
def test_of_all_that_changes_the_place_of_evaluation_alone_is_assessed_again(what: str) -> None:
    assert is_assessed(changing({'what': what, 'before': '甲', 'after': '乙'}), DEMO) is (what == 'venue')


def test_a_change_of_place_among_others_is_assessed() -> None:
    both = changing({'what': 'contact', 'before': '甲', 'after': '乙'}, {'what': 'venue', 'before': '甲路', 'after': '乙路'})
    assert is_assessed(both, DEMO)
    assert changes_of(both) == (('联系人', '甲', '乙'), ('评价场所', '甲路', '乙路'))


@shows('ORG-98', 'VAL-03')
@pytest.mark.parametrize(('rows', 'rule', 'said'), [
    ([{'what': 'name', 'before': '别的学校', 'after': '新名'}], 'ORG-98', '应与登记的单位名称“明川市启帆职业培训学校（演示）”一致'),
    ([{'what': 'address', 'before': '云桥路88号', 'after': '云桥路88号'}], 'ORG-98', '变更前后相同'),
    ([{'what': 'contact', 'before': '甲', 'after': '乙'}, {'what': 'contact', 'before': '乙', 'after': '丙'}], 'ORG-98', '同一事项只填一行'),
    ([{'what': 'name', 'before': '明川市启帆职业培训学校（演示）', 'after': '长' * 101}], 'ORG-98', '超过100个字'),
    ([{'what': 'credit_code', 'before': record('change').org.credit_code, 'after': '52990102MA97000X00'}], 'VAL-', '')])
def test_a_change_that_cannot_be_made_blocks_the_handing_in(rows: list[dict[str, str]], rule: str, said: str) -> None:
    [found] = change_findings(changing(*rows))
    assert (found.severity, found.subject) == ('block', 'change.changes')
    assert found.rule.startswith(rule) and said in found.sentence


def test_a_change_in_order_and_any_other_way_have_no_findings() -> None:
    assert change_findings(changing({'what': 'legal_person', 'before': '甲', 'after': '乙'}, {'what': 'name', 'before': '明川市启帆职业培训学校（演示）', 'after': '新名'})) == []
    assert change_findings(record('social')) == []
