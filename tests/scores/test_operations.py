"""Entering twice, signing, opening again and publicity, on both databases."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import col, select, update

from app.access import Role
from app.batches.queries import batch as get_batch
from app.errors import Changed, Refused
from app.files import keep_file
from app.house import House
from app.jobs import Runner
from app.scores.jobs import ROWS, import_rows, queue_rows
from app.scores.operations import enter_row, enter_score, publicize, reopen_table, sign_table, withdraw_signatures
from app.scores.queries import ScoreTable, results, score_table, withdrawn_signatures
from app.scores.rules import STEPS
from app.users.history import history_of
from app.users.operations import give_post
from app.words import CHINA
from app.work import begin_as
from db.batches import Batch
from db.registration import Candidate
from db.scores import ScoreEntry, ScoreSignature
from tests import make, steps
from tests.make_bad_files import workbook
from tests.shows import shows

TWO_GROUPS = (('4-10-01-03', '', 4), ('6-18-01-01', '普通车床', 2))


def world(*, roles: tuple[str, ...] = tuple(Role)) -> make.World:
    """Return a world with a closed batch: two of level 4, one of level 2."""
    made = make.world(roles=roles)
    make.batch(made, sizes=(2, 1), groups=TWO_GROUPS)
    return made


def table(made: make.World) -> ScoreTable:
    with begin_as(made.people['head'], at=steps.AFTER_EXAM, reads=True) as work:
        return score_table(work, made.batch.id)  # type: ignore[union-attr]


def person(made: make.World, seq: int) -> Candidate:
    return next(row.candidate for row in table(made).rows if row.candidate.seq == seq)


def put(
    made: make.World, text: str, *, by: str = 'scorer', round_no: int = 1, seq: int = 1, subject: str = 'theory', shown: str | None = None,
    at: datetime = steps.AFTER_EXAM) -> ScoreEntry:
    candidate = person(made, seq)
    with begin_as(made.people[by], at=at) as work:
        return enter_score(work, batch_id=made.batch.id, candidate_id=candidate.id, subject=subject, round_no=round_no, text=text, shown=shown)  # type: ignore[union-attr]


def batch_of(made: make.World) -> Batch:
    with begin_as(made.people['head'], at=steps.AFTER_EXAM, reads=True) as work:
        return get_batch(work, made.batch.id)  # type: ignore[union-attr]


def count(made: make.World, model: type) -> int:
    with begin_as(made.people['head'], at=steps.AFTER_EXAM, reads=True) as work:
        return len(work.session.exec(select(model)).all())


@shows('SCORE-12')
def test_an_entry_is_kept_with_who_and_when_and_typed_again_changes_nothing(both: House) -> None:
    made = world()
    entry = put(made, '66.5')
    assert (entry.tenths, entry.mark, entry.source, entry.round, entry.entered_by_id, entry.entered_at) == (665, '', 'hand', 1, made.people['scorer'], steps.AFTER_EXAM)
    assert put(made, '66.5', at=steps.AFTER_EXAM + timedelta(hours=1)).entered_at == steps.AFTER_EXAM
    changed = put(made, '缺考', at=steps.AFTER_EXAM + timedelta(hours=1))
    assert (changed.tenths, changed.mark, changed.id) == (None, 'absent', entry.id)
    assert count(made, ScoreEntry) == 1


def test_two_people_on_one_cell_overwrite_nothing(both: House) -> None:
    made = world()
    put(made, '66.5')
    with pytest.raises(Changed, match='“考生1的理论”已由.*成绩录入员.*于2026-.*10:00改为“66.5”，您的内容没有覆盖它'):
        put(made, '80', by='registrar', shown='')
    assert put(made, '66.5', by='registrar', shown='').tenths == 665  # the same value is no quarrel
    assert put(made, '80', by='registrar', shown='66.5').tenths == 800


@pytest.mark.parametrize(('text', 'rule'), [('100.5', 'CONV-12'), ('-1', 'CONV-12'), ('九十', 'CONV-12'), ('', 'CONV-12'), ('66.55', 'CONV-12')])
@shows('CONV-12')
def test_what_is_no_score_is_not_kept(house_on_sqlite: House, text: str, rule: str) -> None:
    made = world()
    with pytest.raises(Refused) as refused:
        put(made, text)
    assert (refused.value.rule, count(made, ScoreEntry)) == (rule, 0)


@pytest.mark.parametrize('change', [{'subject': 'comprehensive'}, {'round_no': 3}, {'round_no': 0}, {'subject': 'driving'}])
@shows('SCORE-02')
def test_a_subject_or_round_that_the_person_does_not_have_is_refused(house_on_sqlite: House, change: dict[str, object]) -> None:
    made = world()
    with pytest.raises(Refused, match='没有这个科目') as refused:
        put(made, '66', **change)  # type: ignore[arg-type]
    assert refused.value.rule == 'SCORE-02'
    with pytest.raises(Refused, match='没有这个科目'), begin_as(made.people['scorer'], at=steps.AFTER_EXAM) as work:
        enter_row(work, batch_id=made.batch.id, candidate_id=person(made, 1).id, round_no=1, entries={'comprehensive': 600})  # type: ignore[union-attr]


@shows('SCORE-02')
def test_a_candidate_of_another_batch_is_refused(house_on_sqlite: House) -> None:
    made = world()
    candidate = person(made, 1)
    make.batch(made, sizes=(1, 1), groups=TWO_GROUPS)
    for operation in (enter_score, enter_row):
        values = {'subject': 'theory', 'text': '66'} if operation is enter_score else {'entries': {'theory': 660}}
        with pytest.raises(Refused, match='没有这个科目'), begin_as(made.people['scorer'], at=steps.AFTER_EXAM) as work:
            operation(work, batch_id=made.batch.id, candidate_id=candidate.id, round_no=1, **values)  # type: ignore[operator,union-attr]


@shows('SCORE-12', 'SEC-06')
def test_the_same_person_in_another_post_is_still_the_same_person(both: House) -> None:
    made = world()
    with begin_as(made.people['head'], at=make.NOW) as work:
        give_post(work, person_id=made.people['scorer'], role=Role.REGISTRAR, from_on=make.START)
    put(made, '66')
    with pytest.raises(Refused, match='第一次录入就是您本人') as refused, begin_as(made.people['scorer'], role=Role.REGISTRAR, at=steps.AFTER_EXAM) as work:
        enter_score(work, batch_id=made.batch.id, candidate_id=person(made, 1).id, subject='theory', round_no=2, text='66')  # type: ignore[union-attr]
    assert refused.value.rule == 'SCORE-12'
    put(made, '66', by='second', round_no=2)
    with pytest.raises(Refused, match='第二次录入就是您本人'):
        put(made, '70', by='second', round_no=1)


@shows('SCORE-12')
def test_the_table_is_not_signed_before_every_cell_is_entered_twice_alike(both: House) -> None:
    made = world()
    steps.enter(made)
    with pytest.raises(Refused, match='只录入了一次，须由另一人第二次录入。（另有6项，见下表）') as refused:
        steps.sign(made)
    assert (refused.value.rule, len(refused.value.findings), count(made, ScoreSignature)) == ('SCORE-12', 7, 0)
    steps.enter(made, {1: {'theory': '80'}}, round_no=2)
    with pytest.raises(Refused, match='考生1的理论两次录入不一致（75与80）'):
        steps.sign(made)


@shows('SCORE-13', 'SCORE-14')
def test_four_people_sign_in_their_order_and_the_last_one_writes_the_results(both: House) -> None:
    made = world()
    steps.enter(made, {1: {'theory': '59.9'}})
    steps.enter(made, {1: {'theory': '59.9'}}, round_no=2)
    for n, step in enumerate(STEPS):
        for other in STEPS[n + 1:]:
            with pytest.raises(Refused) as early:
                steps.sign(made, (other,))
            assert early.value.rule == ('SCORE-13' if step in ('leader', 'recorder') else 'SCORE-14')
        assert batch_of(made).state == 'scoring'
        steps.sign(made, (step,))
    assert batch_of(made).state == 'signed'
    with begin_as(made.people['head'], at=steps.AFTER_EXAM, reads=True) as work:
        by_seq = {row.candidate.seq: results(work, made.batch.id)[row.candidate.id] for row in table(made).rows}  # type: ignore[union-attr]
    assert {seq: (r.passed, r.scores, r.kept) for seq, r in by_seq.items()} == {
        1: (False, {'theory': 599, 'practical': 750}, {'practical': '2027-10-31'}), 2: (True, {'theory': 750, 'practical': 750}, {}),
        3: (True, {'theory': 750, 'practical': 750, 'comprehensive': 750}, {})}


@shows('SEC-03')
def test_a_supervisor_who_entered_scores_cannot_sign_as_supervisor(both: House) -> None:
    made = world()
    with begin_as(made.people['head'], at=make.NOW) as work:
        give_post(work, person_id=made.people['scorer'], role=Role.SUPERVISOR, from_on=make.START)
    steps.enter(made)
    steps.enter(made, round_no=2)
    steps.sign(made, ('leader', 'recorder'))
    with pytest.raises(Refused, match='未参与录入') as refused, begin_as(made.people['scorer'], role=Role.SUPERVISOR, at=steps.AFTER_EXAM) as work:
        sign_table(work, batch_id=made.batch.id, step='supervisor', shown_hash=score_table(work, made.batch.id).content_hash)  # type: ignore[union-attr]
    assert refused.value.rule == 'SEC-03'


@shows('SEC-04')
def test_one_person_in_two_posts_signs_one_step_only(both: House) -> None:
    made = world()
    with begin_as(made.people['head'], at=make.NOW) as work:
        give_post(work, person_id=made.people['leader'], role=Role.RECORDER, from_on=make.START)
    steps.enter(made)
    steps.enter(made, round_no=2)
    steps.sign(made, ('leader',))
    with pytest.raises(Refused, match='您已作为考评组长签字') as refused, begin_as(made.people['leader'], role=Role.RECORDER, at=steps.AFTER_EXAM) as work:
        sign_table(work, batch_id=made.batch.id, step='recorder', shown_hash=score_table(work, made.batch.id).content_hash)  # type: ignore[union-attr]
    assert refused.value.rule == 'SEC-04'


@shows('SCORE-13')
def test_scores_changed_behind_a_signature_are_not_signed_on(both: House) -> None:
    made = world()
    steps.enter(made)
    steps.enter(made, round_no=2)
    steps.sign(made, ('leader',))
    with both.engines.write.begin() as connection:  # as somebody would who writes into the database
        connection.execute(update(ScoreEntry).where(col(ScoreEntry.candidate_id) == person(made, 1).id, col(ScoreEntry.subject) == 'theory').values(tenths=800))
    with pytest.raises(Refused, match='考评组长签字之后成绩有改动') as refused:
        steps.sign(made, ('recorder',))
    assert refused.value.rule == 'SCORE-13'


@shows('SCORE-13')
def test_nothing_is_entered_under_a_signature_until_it_is_withdrawn(both: House) -> None:
    made = world()
    steps.enter(made)
    steps.enter(made, round_no=2)
    steps.sign(made, ('leader', 'recorder'))
    with pytest.raises(Refused, match='已在成绩表上签字，签过的内容不能再改') as refused:
        put(made, '80')
    assert refused.value.rule == 'SCORE-13'
    with pytest.raises(Refused, match='撤回理由'), begin_as(made.people['exam_affairs'], at=steps.AFTER_EXAM) as work:
        withdraw_signatures(work, batch_id=made.batch.id, reason='。')  # type: ignore[union-attr]
    with begin_as(made.people['exam_affairs'], at=steps.AFTER_EXAM) as work:
        withdraw_signatures(work, batch_id=made.batch.id, reason='第一行理论成绩抄错')  # type: ignore[union-attr]
    put(made, '80')
    put(made, '80', by='second', round_no=2)
    assert len(table(made).signatures) == 0
    steps.sign(made)
    assert (count(made, ScoreSignature), len(table(made).signatures)) == (6, 4)  # the old ones stay, and no longer count


@shows('SCORE-12', 'SCORE-13')
def test_who_took_signatures_back_when_and_why_stands_on_them(both: House) -> None:
    made = world()
    assert made.batch
    steps.enter(made)
    steps.enter(made, round_no=2)
    with pytest.raises(Refused, match='没有签字') as unsigned, begin_as(made.people['exam_affairs'], at=steps.AFTER_EXAM) as work:
        withdraw_signatures(work, batch_id=made.batch.id, reason='第一行理论成绩抄错')
    assert unsigned.value.rule == 'SCORE-13'
    steps.sign(made, ('leader', 'recorder'))
    with begin_as(made.people['exam_affairs'], at=steps.AFTER_EXAM) as work:
        withdraw_signatures(work, batch_id=made.batch.id, reason='第一行理论成绩抄错')
    steps.sign(made)
    with begin_as(made.people['head'], at=steps.AFTER_PUBLICITY) as work:
        reopen_table(work, batch_id=made.batch.id, reason='异议成立，重新核对')
    with begin_as(made.people['head'], at=steps.AFTER_PUBLICITY, reads=True) as work:
        taken_back = [(s.step, s.edition, s.withdrawn_by.split('（')[1], s.withdrawn_by_id, s.withdrawn_at, s.withdrawn_reason) for s in withdrawn_signatures(work, made.batch.id)]
        history = [(e.what, e.why) for e in history_of(work, made.batch.id)]
    first = ('考务负责人）', made.people['exam_affairs'], steps.AFTER_EXAM, '第一行理论成绩抄错')
    second = ('机构负责人）', made.people['head'], steps.AFTER_PUBLICITY, '异议成立，重新核对')
    assert taken_back == [('leader', 1, *first), ('recorder', 1, *first), *((step, 2, *second) for step in STEPS)]
    assert (history[0], ('撤回签字', '第一行理论成绩抄错') in history) == (('撤回签字，重新核对成绩', '异议成立，重新核对'), True)
    steps.sign(made)
    assert all((s.withdrawn_at, s.withdrawn_reason) == (None, '') for s in table(made).signatures)


@shows('SCORE-12')
def test_a_signed_table_is_opened_again_only_by_the_head_with_a_reason(both: House) -> None:
    made = world()
    steps.scored(made)
    with pytest.raises(Refused, match='处于“成绩已签”，不能录入') as closed:
        put(made, '80')
    assert closed.value.rule == 'SCORE-12'
    with pytest.raises(Refused, match='撤回理由'), begin_as(made.people['head'], at=steps.AFTER_EXAM) as work:
        reopen_table(work, batch_id=made.batch.id, reason='错')  # type: ignore[union-attr]
    steps.publicized(made)
    with begin_as(made.people['head'], at=steps.AFTER_EXAM) as work:
        reopen_table(work, batch_id=made.batch.id, reason='异议成立，重新核对')  # type: ignore[union-attr]
    opened = batch_of(made)
    assert (opened.state, opened.score_edition, opened.publicity_from_on, opened.publicity_to_on) == ('scoring', 2, None, None)
    with begin_as(made.people['head'], at=steps.AFTER_EXAM, reads=True) as work:
        assert results(work, made.batch.id) == {}  # type: ignore[union-attr]
    steps.enter(made, {1: {'theory': '59.9'}})
    steps.enter(made, {1: {'theory': '59.9'}}, round_no=2)
    steps.sign(made)
    with begin_as(made.people['head'], at=steps.AFTER_EXAM, reads=True) as work:
        assert sorted(r.passed for r in results(work, made.batch.id).values()) == [False, True, True]  # type: ignore[union-attr]


@shows('SCORE-12')
def test_numbers_given_close_the_table_for_good(house_on_sqlite: House) -> None:
    made = world()
    steps.scored(made)
    steps.publicized(made)
    steps.approved(made)
    with pytest.raises(Refused, match='不能“撤回签字，重新核对成绩”') as refused, begin_as(made.people['head'], at=steps.AFTER_PUBLICITY) as work:
        reopen_table(work, batch_id=made.batch.id, reason='异议成立，重新核对')  # type: ignore[union-attr]
    assert refused.value.rule == 'SCORE-12'


@shows('SCORE-19', 'SCORE-20', 'C-14', 'CONV-03')
def test_publicity_runs_five_working_days_from_the_day_after_it_began(both: House) -> None:
    made = world()
    steps.scored(made)
    friday = datetime(2026, 11, 6, 10, tzinfo=CHINA)
    with pytest.raises(Refused, match='不能从过去的日期开始') as past, begin_as(made.people['exam_affairs'], at=friday) as work:
        publicize(work, batch_id=made.batch.id, from_on=date(2026, 11, 5))  # type: ignore[union-attr]
    assert past.value.rule == 'SCORE-19'
    with begin_as(made.people['exam_affairs'], at=friday) as work:
        publicize(work, batch_id=made.batch.id, from_on=date(2026, 11, 6))  # type: ignore[union-attr]
    found = batch_of(made)
    assert (found.state, found.publicity_from_on, found.publicity_to_on, found.publicity_provisional) == ('publicized', date(2026, 11, 6), date(2026, 11, 13), False)


@shows('SCORE-19')
def test_results_are_not_publicized_before_all_have_signed(house_on_sqlite: House) -> None:
    made = world()
    steps.enter(made)
    with pytest.raises(Refused, match='需要先处于“成绩已签”') as refused:
        steps.publicized(made)
    assert refused.value.rule == 'SCORE-19'


# ------------------------------------------------------------------ workbook


def sheet(made: make.World, marks: dict[int, object]) -> bytes:
    rows = [(r.candidate.ticket_number, r.candidate.name, marks.get(r.candidate.seq, 75), 80, 85 if 'comprehensive' in r.cells else None) for r in table(made).rows]
    return workbook([('准考证号', '姓名', '理论', '实操', '综合评审'), *rows])


def bring_in(made: make.World, data: bytes, *, round_no: int = 1, by: str = 'scorer') -> dict[str, int]:
    with begin_as(made.people[by], at=steps.AFTER_EXAM) as work:
        kept = keep_file(work, data, name='成绩.xlsx', content_type='application/vnd.ms-excel')
        job = queue_rows(work, batch_id=made.batch.id, round_no=round_no, file_id=kept.id)  # type: ignore[union-attr]
    assert Runner({ROWS: import_rows}).run_next()
    with begin_as(made.people[by], at=steps.AFTER_EXAM, reads=True) as work:
        found = work.get(type(job), job.id)
        assert found.state == 'done', found.message
        return found.result


def test_a_workbook_brings_good_rows_in_and_the_same_one_again_changes_nothing(both: House) -> None:
    made = world()
    data = sheet(made, {2: 100.5})
    assert bring_in(made, data) == {'written': 2, 'same': 0, 'bad': 1}
    assert bring_in(made, data) == {'written': 0, 'same': 2, 'bad': 1}
    assert count(made, ScoreEntry) == 5
    assert bring_in(made, sheet(made, {}), round_no=2, by='second') == {'written': 3, 'same': 0, 'bad': 0}
    assert {f.subject.split('/')[1] for f in table(made).findings} == {'theory', 'practical'}  # of the row that was bad the first time


@shows('SCORE-12')
def test_a_third_entry_is_never_queued(house_on_sqlite: House) -> None:
    made = world()
    with pytest.raises(Refused, match='只录入两次') as refused, begin_as(made.people['scorer'], at=steps.AFTER_EXAM) as work:
        queue_rows(work, batch_id=made.batch.id, round_no=3, file_id=1)  # type: ignore[union-attr]
    assert refused.value.rule == 'SCORE-12'
