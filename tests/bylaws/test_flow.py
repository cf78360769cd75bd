"""F-FLOWCHART: the steps of the source, tied to the verbs of the state table."""

from __future__ import annotations

import pytest

from app.bylaws.flow import ARROWS, LANES, PHASES, STEPS, Size, flowchart_pdf
from app.states import MOVES, WORDS
from tests.make import NOW
from tests.papers.read import drawn_text_of, in_order, text_of, without_blanks
from tests.shows import shows

SOURCE = {  # handbook 000, l.2472–2529, line by line as it stands there
    '认定准备阶段': 2474, '认定实施阶段': 2481, '证书发放': 2488, '省中心、地市中心': 2493, '评价机构': 2493, '认定对象': 2493, '3、备案认定计划': 2495, '2、编制认定计划': 2495,
    '1、提出认定申请': 2495, '5、考生报名': 2497, '4、实施认定计划发布认定通知': 2499, '6、资格审核': 2503, '8、获取准考证': 2505, '10、理论考试': 2507, '11、技能考核': 2509,
    '12、成绩汇总': 2511, '13、成绩公布': 2513, '15、核发证书': 2515, '14、提交、备案': 2517, '16、获取证书': 2519, '9、外部质量督导': 2521, '17、证书信息上网': 2525,
    '18、资料存档': 2527, '7、考场编排': 2529}
BACK = {'batch.reopen', 'scores.reopen'}  # ways back, which the chart does not draw


@shows('F-FLOWCHART')
def test_the_steps_lanes_and_phases_are_those_of_the_source() -> None:
    drawn = [name for name, _, _ in PHASES] + list(LANES) + [without_blanks(step.label) for step in STEPS]
    assert sorted(drawn) == sorted(SOURCE)
    assert [step.number for step in STEPS] == list(range(1, 19))
    assert {step.number: LANES[step.lane] for step in STEPS if step.number <= 3} == {1: '认定对象', 2: '评价机构', 3: '省中心、地市中心'}  # l.2493 over l.2495


def test_arrows_lead_from_the_first_step_to_every_other_but_the_supervision_that_joins_from_outside() -> None:
    reached, more = {1}, True
    while more:
        found = {end for start, end in ARROWS if start in reached} - reached
        reached, more = reached | found, bool(found)
    assert set(range(1, 19)) - reached == {9}
    assert {start for start, _ in ARROWS} | {16, 18} == set(range(1, 19))  # the two ends: the certificate in hand, the archive


def test_no_two_boxes_stand_on_each_other_and_each_stands_in_its_phase() -> None:
    places = [(step.lane, step.row + n) for step in STEPS for n in range(step.rows)]
    assert len(set(places)) == len(places)
    assert [next(name for name, first, last in PHASES if first <= step.row <= last) for step in STEPS] == ['认定准备阶段'] * 8 + ['认定实施阶段'] * 5 + ['证书发放'] * 5


@shows('F-FLOWCHART')
def test_the_verbs_of_the_steps_take_a_batch_from_its_first_state_to_its_last() -> None:
    taken = [verb for step in STEPS for verb in step.verbs]
    assert set(taken) == {m.verb for m in MOVES.values() if m.table in ('batch', 'certificate')} - BACK
    for table, words in WORDS.items():
        if table in ('batch', 'certificate'):
            state, *later = words
            for move in (MOVES[verb] for verb in taken if MOVES[verb].table == table):
                assert state in move.start
                state = move.end
            assert state == later[-1]


@pytest.mark.parametrize(('size', 'mm'), [('A4', (210, 297)), ('A3', (297, 420))])
@shows('F-FLOWCHART')
def test_the_chart_prints_on_one_sheet_with_every_label(size: Size, mm: tuple[int, int]) -> None:
    import io

    import pikepdf

    data = flowchart_pdf('明川市启帆职业培训学校（演示）', size, NOW, '演示样本')
    with pikepdf.open(io.BytesIO(data)) as paper:
        box = [float(x) * 25.4 / 72 for x in paper.pages[0].mediabox]
        assert (len(paper.pages), round(box[2]), round(box[3])) == (1, *mm)
    text = without_blanks(text_of(data, layout=False))
    assert in_order(text, ['职业技能等级认定工作流程图', '明川市启帆职业培训学校（演示）', *LANES]) == []
    assert in_order(drawn_text_of(data), [step.label for step in STEPS]) == []  # 1 to 18, as forms.md lists them
    phases = [name for name, _, _ in PHASES]
    assert [label for label in SOURCE if label not in phases and without_blanks(label) not in text] == []
    assert [name for name in phases if in_order(text, list(name))] == []  # one sign below the other
    assert '系统：开始报名' in text
    assert data == flowchart_pdf('明川市启帆职业培训学校（演示）', size, NOW, '演示样本')
