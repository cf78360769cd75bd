"""The main job, through operations: from a list of candidates to numbered certificates."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from app.certificates.operations import approve, issue, start_counter
from app.certificates.queries import certificates_of, passed_people, serials_are_whole, verify
from app.certificates.rules import list_hash
from app.errors import Refused
from app.house import House
from app.scores.operations import enter_score, publicize, sign_table
from app.scores.queries import results, score_table
from app.scores.rules import STEPS
from app.words import CHINA
from app.work import begin_as, visitor
from tests import make
from tests.shows import shows

AFTER_EXAM = datetime(2026, 11, 3, 10, 0, tzinfo=CHINA)


def enter_all(made: make.World, marks: dict[int, dict[str, str]], *, round_no: int, by: str, at: datetime = AFTER_EXAM) -> None:
    """Enter one round for everybody; `marks` replaces 75 for some: {seq: {subject: text}}."""
    assert made.batch
    with begin_as(made.people[by], at=at, reads=True) as work:
        rows = score_table(work, made.batch.id).rows
    for row in rows:
        with begin_as(made.people[by], at=at) as work:
            for subject in row.cells:
                text = marks.get(row.candidate.seq, {}).get(subject, '75')
                enter_score(work, batch_id=made.batch.id, candidate_id=row.candidate.id, subject=subject, round_no=round_no, text=text)


def sign_all(made: make.World, at: datetime = AFTER_EXAM) -> None:
    assert made.batch
    for step in STEPS:
        with begin_as(made.people[step], at=at) as work:
            sign_table(work, batch_id=made.batch.id, step=step, shown_hash=score_table(work, made.batch.id).content_hash)


def publicized(made: make.World) -> None:
    assert made.batch
    with begin_as(made.people['exam_affairs'], at=AFTER_EXAM) as work:
        publicize(work, batch_id=made.batch.id, from_on=AFTER_EXAM.date())


def approved(made: make.World, at: datetime, issued_on: date) -> list[str]:
    assert made.batch
    with begin_as(made.people['head'], at=at) as work:
        shown = list_hash(passed_people(work, made.batch.id), issued_on)
        return [c.number for c in approve(work, batch_id=made.batch.id, issued_on=issued_on, shown_hash=shown, objections='无异议')]


@shows('SCORE-02', 'CERT-18', 'CERT-20', 'CERT-21', 'CERT-22', 'CERT-35')
def test_a_batch_runs_from_its_list_to_numbered_certificates(both: House) -> None:
    made = make.world()
    make.batch(made)
    with begin_as(made.people['certificate_clerk'], at=make.NOW) as work:
        start_counter(work, year=2026, level=4, last=118)
    marks = {2: {'theory': '59.9'}, 5: {'practical': '缺考'}, 7: {'comprehensive': '59.9'}}
    enter_all(made, marks, round_no=1, by='scorer')
    enter_all(made, marks, round_no=2, by='second')
    sign_all(made)
    publicized(made)
    numbers = approved(made, datetime(2026, 11, 11, 9, tzinfo=CHINA), date(2026, 11, 12))
    with begin_as(made.people['certificate_clerk'], at=datetime(2026, 11, 12, 9, tzinfo=CHINA)) as work:
        assert issue(work, batch_id=made.batch.id) == 5
        assert serials_are_whole(work) == []
        assert [(c.number, c.name) for c in certificates_of(work, made.batch.id)] == [
            ('S000099010001264000119', '考生1'), ('S000099010001264000120', '考生3'), ('S000099010001264000121', '考生4'), ('S000099010001264000122', '考生6'),
            ('S000099010001262000001', '考生8')]
        kept = {r.kept.keys() and tuple(r.kept.items()) for r in results(work, made.batch.id).values() if not r.passed}
    assert len(numbers) == 5
    assert kept == {(('practical', '2027-10-31'),), (('theory', '2027-10-24'),), (('theory', '2027-10-24'), ('practical', '2027-10-31'))}
    with visitor() as work:
        found = verify(work, {'number': numbers[0], 'name': '考生1', 'id_no': ''}, 2)
        assert [(f.name, f.id_no) for f in found] == [('考*1', make.number(1)[:4] + '*' * 10 + make.number(1)[-4:])]
        assert verify(work, {'number': numbers[0], 'name': '考生2', 'id_no': ''}, 2) == []


@shows('SCORE-19')
def test_numbers_wait_for_the_end_of_publicity(both: House) -> None:
    made = make.world()
    make.batch(made)
    enter_all(made, {}, round_no=1, by='scorer')
    enter_all(made, {}, round_no=2, by='second')
    sign_all(made)
    publicized(made)
    with pytest.raises(Refused, match='公示期到2026-11-10止'):
        approved(made, datetime(2026, 11, 10, 23, 59, tzinfo=CHINA), date(2026, 11, 12))
    assert len(approved(made, datetime(2026, 11, 11, 0, 0, tzinfo=CHINA), date(2026, 11, 12))) == 8


@shows('SEC-06', 'SCORE-12')
def test_one_person_cannot_make_both_entries_with_one_account(both: House) -> None:
    made = make.world()
    make.batch(made)
    enter_all(made, {}, round_no=1, by='scorer')
    with pytest.raises(Refused, match='第一次录入就是您本人') as refused:
        enter_all(made, {}, round_no=2, by='scorer')
    assert refused.value.rule == 'SCORE-12'


def test_nothing_is_signed_while_the_entries_differ(both: House) -> None:
    made = make.world()
    make.batch(made)
    enter_all(made, {}, round_no=1, by='scorer')
    enter_all(made, {3: {'practical': '85.9'}}, round_no=2, by='second')
    with pytest.raises(Refused, match='两次录入不一致（75与85.9）'):
        sign_all(made)


@shows('SCORE-13')
def test_a_signature_covers_what_was_shown(both: House) -> None:
    made = make.world()
    make.batch(made)
    enter_all(made, {}, round_no=1, by='scorer')
    enter_all(made, {}, round_no=2, by='second')
    with begin_as(made.people['leader'], at=AFTER_EXAM, reads=True) as work:
        shown = score_table(work, made.batch.id).content_hash
    enter_all(made, {1: {'theory': '80'}}, round_no=1, by='scorer', at=AFTER_EXAM + timedelta(minutes=1))
    enter_all(made, {1: {'theory': '80'}}, round_no=2, by='second', at=AFTER_EXAM + timedelta(minutes=1))
    with pytest.raises(Refused, match='有改动，签字没有生效'), begin_as(made.people['leader'], at=AFTER_EXAM) as work:
        sign_table(work, batch_id=made.batch.id, step='leader', shown_hash=shown)
