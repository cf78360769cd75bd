"""A clock that jumps back: ids still rise, the trail keeps its order, nobody is signed out or let in."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from sqlmodel import select

from app import audit
from app.actors import actor_of, token_hash
from app.errors import SignedOut
from app.house import House
from app.scores.operations import enter_score
from app.scores.queries import score_table
from app.users.operations import add_account
from app.users.sign_in import sign_in_demo, sign_out
from app.work import begin, begin_as, look
from db.base import new_id
from db.users import Post
from tests import make

JUMPS = (timedelta(0), timedelta(days=-400), timedelta(hours=3), timedelta(days=-1), timedelta(seconds=-1))


def test_works_between_jumps_keep_ids_trail_and_sign_in(both: House) -> None:
    made = make.world()
    batch_id = make.batch(made).id
    scorer = made.people['scorer']
    with begin_as(made.people['head'], at=make.NOW) as work:
        add_account(work, person_id=scorer, login='luru.yuan', password_hash='-', must_change=False)
        post = work.session.exec(select(Post).where(Post.person_id == scorer)).one()
    both.demo = True
    both.offset = make.NOW - both.now()
    token = sign_in_demo(post.id, 'test').token
    me = actor_of(token_hash(token))
    assert me
    with look(me) as work:
        rows = score_table(work, batch_id).rows
    base, ids = both.offset, []
    for jump, row in zip(JUMPS, rows, strict=False):
        both.offset = base + jump
        with begin(me) as work:
            ids.append(enter_score(work, batch_id=batch_id, candidate_id=row.candidate.id, subject='theory', round_no=1, text='75').id)
    assert ids == sorted(set(ids))
    with both.engines.read.connect() as connection:
        assert audit.check_chain(connection, both.keys) == []
    sign_out(token)
    both.offset = base - timedelta(hours=1)
    with pytest.raises(SignedOut), look(me):
        pass


def test_ids_rise_when_the_machines_own_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = [new_id() for _ in range(100)]
    real = time.time_ns
    monkeypatch.setattr(time, 'time_ns', lambda: real() - 3_600_000_000_000)
    ids = before + [new_id() for _ in range(1000)]
    assert ids == sorted(set(ids))
    assert max(ids) < 2 ** 53
