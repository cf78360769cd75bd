"""What becomes of each row of a score workbook."""

from __future__ import annotations

import pytest

from app.intake import read_table
from app.intake_table import Table
from app.scores.importing import COLUMNS, Known, entries_word, score_fates
from tests.make_bad_files import workbook
from tests.shows import shows

HEADS = ('准考证号', '姓名', '理论', '实操', '综合评审')
TWO, THREE = ('theory', 'practical'), ('theory', 'practical', 'comprehensive')
KNOWN = {
    '260034001015': Known(1, '赵甲子', TWO, {}),
    '260034001023': Known(2, '钱乙丑', TWO, {'theory': 665, 'practical': 750}),
    '260032003019': Known(3, '孙丙寅', THREE, {'theory': 600})}


def read(*rows: tuple[object, ...]) -> Table:
    return read_table(workbook([HEADS, *rows]), COLUMNS, name_shown='成绩.xlsx')


def only(*row: object) -> tuple[str, int, dict[str, int | str], list[tuple[str, str]]]:
    """Return outcome, candidate, entries and (rule, subject) of each finding of a sheet of one row."""
    fate, = score_fates(read(row), KNOWN, 100)
    return fate.outcome, fate.candidate_id, fate.entries, [(f.rule, f.subject) for f in fate.findings]


@pytest.mark.parametrize(('row', 'fate'), [
    (('260034001015', '赵甲子', 66.5, '75'), ('new', 1, {'theory': 665, 'practical': 750})),
    (('260034001015', ' 赵 甲子', '６６．５', '缺考'), ('new', 1, {'theory': 665, 'practical': 'absent'})),
    (('260034001023', '钱乙丑', 66.5, 75), ('same', 2, {})),
    (('260034001023', '钱乙丑', 66.5, 76), ('changed', 2, {'practical': 760})),
    (('260032003019', '孙丙寅', 60, 61.5, 62), ('new', 3, {'practical': 615, 'comprehensive': 620})),
    (('260034001015', '赵甲子', 0, 100, '-'), ('new', 1, {'theory': 0, 'practical': 1000}))])
def test_a_good_row_brings_what_is_not_there_yet(row: tuple[object, ...], fate: tuple[object, ...]) -> None:
    assert only(*row) == (*fate, [])


@pytest.mark.parametrize(('theory', 'said'), [
    (100.5, '100.5'), (-1, '-1'), ('-1', '不能是负数'), ('九十', '阿拉伯数字'), (None, '还没有填写'), ('66.55', '最多一位小数'), (True, '')])
@shows('CONV-12', 'SCORE-01')
def test_a_score_that_is_none_is_refused_at_its_cell(theory: object, said: str) -> None:
    fate, = score_fates(read(('260034001015', '赵甲子', theory, 75)), KNOWN, 100)
    assert (fate.outcome, fate.entries) == ('bad', {})
    assert len(fate.findings) == 1 and fate.findings[0].subject == 'C2' and fate.findings[0].severity == 'block'
    assert fate.findings[0].sentence.startswith('第2行C2：') and said in fate.findings[0].sentence


@pytest.mark.parametrize(('row', 'findings'), [
    (('260034001999', '赵甲子', 66, 75), [('', 'A2')]),
    (('260034001015', '钱乙丑', 66, 75), [('', 'B2')]),
    (('260034001015', '赵甲子', 66, 75, 80), [('SCORE-02', 'E2')]),
    (('260032003019', '孙丙寅', 60, 60, None), [('CONV-12', 'E2')]),
    (('260034001015', '赵甲子', 101, 'x'), [('CONV-12', 'C2'), ('CONV-12', 'D2')])])
@shows('SCORE-02')
def test_a_row_of_somebody_else_or_another_subject_is_refused(row: tuple[object, ...], findings: list[tuple[str, str]]) -> None:
    outcome, _, entries, found = only(*row)
    assert (outcome, entries, found) == ('bad', {}, findings)


def test_a_ticket_twice_is_refused_the_second_time() -> None:
    table = read(('260034001015', '赵甲子', 66, 75), ('260034001015', '赵甲子', 67, 75))
    assert [(f.outcome, [x.sentence for x in f.findings]) for f in score_fates(table, KNOWN, 100)] == [
        ('new', []), ('bad', ['第3行A3：与第2行是同一准考证号，请删去一行。'])]


def test_entries_are_shown_in_one_line() -> None:
    assert entries_word({'theory': 665, 'practical': 'absent'}) == '理论 66.5，实操 缺考'
