"""Two entries compared, who signs when, and who passes."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.figures_results import Subject
from app.regulation import profile, profiles
from app.scores.rules import (
    STATUS_WORDS,
    STEP_WORDS,
    STEPS,
    Cell,
    check_second_person,
    check_signer,
    check_step,
    content_hash,
    entry_text,
    kept_subjects,
    passed,
    read_entry,
    table_findings,
)
from app.words import MARKS, SUBJECTS
from app.workdays import Conventions
from tests.shows import shows

CONVENTIONS = Conventions(False, True, False, False, 'corresponding_day_included', 'start_plus_years_minus_one_day', 'decision_date', 'exam_date',
                          'application_signed_date', 'last_day_of_february')
TENTHS = st.integers(min_value=0, max_value=1000)
MARK = st.sampled_from(sorted(MARKS))
TWO, THREE = ('theory', 'practical'), ('theory', 'practical', 'comprehensive')
ON = {'theory': date(2026, 10, 24), 'practical': date(2026, 10, 31), 'comprehensive': date(2024, 2, 29)}


@pytest.mark.parametrize(('scores', 'subjects', 'through'), [
    ({'theory': 600, 'practical': 600}, TWO, True),
    ({'theory': 599, 'practical': 1000}, TWO, False),
    ({'theory': 1000, 'practical': 599}, TWO, False),
    ({'theory': 600, 'practical': 'absent'}, TWO, False),
    ({'theory': 600}, TWO, False),
    ({'theory': 600, 'practical': 600}, THREE, False),
    ({'theory': 600, 'practical': 600, 'comprehensive': 599}, THREE, False),
    ({'theory': 600, 'practical': 600, 'comprehensive': 600}, THREE, True)])
@shows('SCORE-01', 'SCORE-02', 'SCORE-04', 'CONV-12')
def test_every_subject_of_the_level_must_reach_60(scores: dict[str, int | str], subjects: tuple[str, ...], through: bool) -> None:
    assert passed(scores, subjects, 60) is through


@given(st.dictionaries(st.sampled_from(THREE), TENTHS | MARK, min_size=3))
@shows('SCORE-01', 'SCORE-04')
def test_who_passes_reached_the_mark_in_each_subject_and_nothing_makes_up_for_one(scores: dict[str, int | str]) -> None:
    expected = min((v if isinstance(v, int) else -1) for v in scores.values()) >= 600
    assert passed(scores, THREE, 60) is expected


@given(st.sampled_from(THREE), MARK)
@shows('SCORE-01')
def test_a_mark_never_passes(subject: str, mark: str) -> None:
    assert not passed(dict.fromkeys(THREE, 1000) | {subject: mark}, THREE, 60)


@shows('SCORE-01', 'SCORE-02')
def test_every_profile_asks_60_of_100_and_the_review_of_levels_2_and_1_only() -> None:
    for name in profiles():
        figures = profile(name).scores
        assert (figures.full.value, figures.pass_mark.value) == (100, 60)
        assert figures.subjects.value == {5: TWO, 4: TWO, 3: TWO, 2: THREE, 1: THREE}
    assert get_args(Subject) == tuple(SUBJECTS)


@pytest.mark.parametrize(('scores', 'kept'), [
    ({'theory': 600, 'practical': 599, 'comprehensive': 600}, {'theory': date(2027, 10, 24)}),
    ({'theory': 'absent', 'practical': 600, 'comprehensive': 0}, {'practical': date(2027, 10, 31)}),
    ({'theory': 599, 'practical': 599, 'comprehensive': 1000}, {}),
    ({'theory': 600, 'practical': 600, 'comprehensive': 600}, {})])
@shows('SCORE-08')
def test_a_passed_subject_counts_for_a_year_from_its_exam_day(scores: dict[str, int | str], kept: dict[str, date]) -> None:
    assert kept_subjects(scores, THREE, 60, carried=TWO, years=1, exam_on=ON, conventions=CONVENTIONS) == kept


@shows('SCORE-08', 'CONV-06')
def test_a_leap_day_ends_on_the_last_of_february_and_no_years_carry_nothing() -> None:
    scores: dict[str, int | str] = {'theory': 0, 'practical': 0, 'comprehensive': 600}
    assert kept_subjects(scores, THREE, 60, carried=THREE, years=1, exam_on=ON, conventions=CONVENTIONS) == {'comprehensive': date(2025, 2, 28)}
    assert kept_subjects(scores, THREE, 60, carried=THREE, years=None, exam_on=ON, conventions=CONVENTIONS) == {}


@given(st.dictionaries(st.sampled_from(THREE), TENTHS | MARK, min_size=3), st.integers(min_value=1, max_value=5))
@shows('SCORE-08')
def test_only_passed_subjects_of_who_did_not_pass_are_kept(scores: dict[str, int | str], years: int) -> None:
    kept = kept_subjects(scores, THREE, 60, carried=THREE, years=years, exam_on=ON, conventions=CONVENTIONS)
    reached = {s for s, v in scores.items() if isinstance(v, int) and v >= 600}
    assert set(kept) == (set() if len(reached) == 3 else reached)


# ------------------------------------------------------------------ entries


@pytest.mark.parametrize(('text', 'value'), [
    ('66.5', 665), ('100', 1000), ('0', 0), ('６６．５', 665), (' 60 ', 600), ('59.9', 599), ('缺考', 'absent'), ('违纪取消', 'cancelled')])
@shows('CONV-12')
def test_an_entry_is_whole_tenths_or_a_mark(text: str, value: int | str) -> None:
    assert read_entry('理论', text, 100) == value


@pytest.mark.parametrize('text', ['100.5', '100.1', '-1', '九十', '', '  ', '66.55', '6e1', 'nan', '∞', '60分'])
@shows('CONV-12', 'SCORE-01')
def test_what_is_no_score_is_refused_at_its_cell(text: str) -> None:
    with pytest.raises(Refused, match='^“考生1的理论”') as refused:
        read_entry('考生1的理论', text, 100)
    assert refused.value.rule == 'CONV-12'


@given(TENTHS | MARK.filter(lambda mark: mark != 'exempt'))
def test_an_entry_reads_back_from_its_text(value: int | str) -> None:
    assert read_entry('理论', entry_text(value), 100) == value


def test_a_kept_subject_is_never_typed_as_exempt() -> None:
    with pytest.raises(Refused, match='不能手工填写免考') as refused:
        read_entry('理论', '免考', 100)
    assert refused.value.rule == 'SCORE-10'


@pytest.mark.parametrize(('cell', 'status'), [
    (Cell('', ''), 'missing'), (Cell(665, ''), 'one'), (Cell('', 665), 'one'), (Cell(665, 665), 'equal'), (Cell(665, 664), 'differs'),
    (Cell(0, 'absent'), 'differs'), (Cell('absent', 'absent'), 'equal'), (Cell(0, ''), 'one'), (Cell(0, 0), 'equal')])
@shows('SCORE-12')
def test_a_cell_says_how_its_two_entries_stand(cell: Cell, status: str) -> None:
    assert (cell.status, cell.status in STATUS_WORDS) == (status, True)


@shows('SCORE-12')
def test_every_cell_that_is_not_equal_keeps_the_table_from_being_signed() -> None:
    cells = {(1, 'theory'): Cell(665, 665), (1, 'practical'): Cell(750, 859), (2, 'theory'): Cell('absent', '')}
    found = table_findings({1: '01 甲', 2: '02 乙'}, cells, {1: TWO, 2: TWO})
    assert [(f.subject, f.rule, f.severity, f.sentence) for f in found] == [
        ('1/practical', 'SCORE-12', 'block', '01 甲的实操两次录入不一致（75与85.9），请对照原始成绩由录入人更正。'),
        ('2/theory', 'SCORE-12', 'block', '02 乙的理论只录入了一次，须由另一人第二次录入。'),
        ('2/practical', 'SCORE-12', 'block', '02 乙的实操尚未录入。')]


@shows('SCORE-12')
def test_the_second_entry_is_made_by_another_person() -> None:
    check_second_person(2, 7, 8)
    check_second_person(1, 0, 8)
    for round_no, said in ((2, '第一次录入就是您本人'), (1, '第二次录入就是您本人')):
        with pytest.raises(Refused, match=said) as refused:
            check_second_person(round_no, 8, 8)
        assert refused.value.rule == 'SCORE-12'


@shows('SCORE-13', 'SCORE-14')
def test_signatures_come_in_their_order_and_once() -> None:
    for n, step in enumerate(STEPS):
        check_step(step, STEPS[:n])
        for m, other in enumerate(STEPS):
            if m == n:
                continue
            with pytest.raises(Refused) as refused:
                check_step(other, STEPS[:n])
            said = f'“{STEP_WORDS[other]}”已签字' if m < n else f'现在应由{STEP_WORDS[step]}签字'
            assert said in refused.value.sentence
            assert refused.value.rule == ('SCORE-13' if m < n or step in ('leader', 'recorder') else 'SCORE-14')


@shows('SEC-03', 'SEC-04')
def test_a_supervisor_has_entered_nothing_and_nobody_signs_two_steps() -> None:
    check_signer('supervisor', 9, {'leader': 7, 'recorder': 8}, frozenset({1, 2}))
    with pytest.raises(Refused, match='督导签字须由未参与录入的内部质量督导员办理') as entered:
        check_signer('supervisor', 1, {'leader': 7}, frozenset({1, 2}))
    with pytest.raises(Refused, match='您已作为考评组长签字，“汇总记分员”须由另一人签字') as twice:
        check_signer('recorder', 7, {'leader': 7}, frozenset())
    assert (entered.value.rule, twice.value.rule) == ('SEC-03', 'SEC-04')


ROWS = st.lists(st.tuples(st.text(max_size=3), st.sampled_from(THREE), st.text(max_size=4)), min_size=1, max_size=6, unique_by=lambda r: (r[0], r[1]))


@given(ROWS, st.randoms())
def test_a_signature_covers_the_content_whatever_the_order(rows: list[tuple[str, str, str]], chance: object) -> None:
    mixed = list(rows)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert content_hash(mixed) == content_hash(rows)


@given(ROWS, st.data())
@shows('SCORE-13')
def test_any_change_of_a_cell_changes_what_was_signed(rows: list[tuple[str, str, str]], data: st.DataObject) -> None:
    at = data.draw(st.integers(min_value=0, max_value=len(rows) - 1))
    ticket, subject, text = rows[at]
    changed = [*rows[:at], (ticket, subject, text + '0'), *rows[at + 1:]]
    assert content_hash(changed) != content_hash(rows) != content_hash(rows[:-1])
