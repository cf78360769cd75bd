"""The steps of a batch's life, each in one call: what tests of later steps begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from app.certificates.operations import approve, issue
from app.certificates.queries import passed_people
from app.certificates.rules import list_hash
from app.scores.operations import enter_score, publicize, sign_table
from app.scores.queries import score_table
from app.scores.rules import STEPS
from app.words import CHINA
from app.work import begin_as
from tests.make import World

AFTER_EXAM = datetime(2026, 11, 3, 10, 0, tzinfo=CHINA)  # publicity of 5 working days from here ends on 2026-11-10
AFTER_PUBLICITY = datetime(2026, 11, 11, 9, 0, tzinfo=CHINA)
ISSUED_ON = date(2026, 11, 12)
ON_ISSUE = datetime(2026, 11, 12, 9, 0, tzinfo=CHINA)
Marks = Mapping[int, Mapping[str, str]]  # {seq: {subject: text}}


def enter(made: World, marks: Marks | None = None, *, round_no: int = 1, by: str = '', at: datetime = AFTER_EXAM) -> None:
    """Enter one round for everybody in one transaction; 75 where `marks` says nothing."""
    assert made.batch
    with begin_as(made.people[by or ('scorer', 'second')[round_no - 1]], at=at) as work:
        for row in score_table(work, made.batch.id).rows:
            for subject in row.cells:
                text = (marks or {}).get(row.candidate.seq, {}).get(subject, '75')
                enter_score(work, batch_id=made.batch.id, candidate_id=row.candidate.id, subject=subject, round_no=round_no, text=text)


def sign(made: World, steps: Sequence[str] = STEPS, *, at: datetime = AFTER_EXAM) -> None:
    """Sign the table as it stands, each step by who holds its post."""
    assert made.batch
    for step in steps:
        with begin_as(made.people[step], at=at) as work:
            sign_table(work, batch_id=made.batch.id, step=step, shown_hash=score_table(work, made.batch.id).content_hash)


def scored(made: World, marks: Marks | None = None) -> None:
    """Enter both rounds alike and sign."""
    enter(made, marks)
    enter(made, marks, round_no=2)
    sign(made)


def publicized(made: World, *, at: datetime = AFTER_EXAM) -> None:
    """Begin the publicity today."""
    assert made.batch
    with begin_as(made.people['exam_affairs'], at=at) as work:
        publicize(work, batch_id=made.batch.id, from_on=work.today)


def approved(made: World, *, at: datetime = AFTER_PUBLICITY, issued_on: date = ISSUED_ON) -> list[str]:
    """Sign the approval as the head sees it; returns the numbers in the order they were given."""
    assert made.batch
    with begin_as(made.people['head'], at=at) as work:
        shown = list_hash(passed_people(work, made.batch.id), issued_on)
        return [c.number for c in approve(work, batch_id=made.batch.id, issued_on=issued_on, shown_hash=shown, objections='无异议')]


def issued(made: World, *, at: datetime = ON_ISSUE) -> int:
    """Register the issue."""
    assert made.batch
    with begin_as(made.people['certificate_clerk'], at=at) as work:
        return issue(work, batch_id=made.batch.id)


def through(made: World, marks: Marks | None = None) -> list[str]:
    """Bring a closed batch all the way; returns the numbers."""
    scored(made, marks)
    publicized(made)
    numbers = approved(made)
    issued(made)
    return numbers
