"""States: the matrix is made from the table itself; who must differ; and nobody moves a state past it."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.actors import Actor
from app.errors import Refused
from app.states import MOVES, WORDS, Move, allowed, state_word
from app.work import Work
from db.organizations import Org
from tests import make
from tests.shows import shows

ROOT = Path(__file__).resolve().parent.parent
EVERY = [(move, state) for move in MOVES.values() for state in WORDS[move.table]]


def work_of(person_id: int, role: str = 'head') -> Work:
    """Return a work without a session: moving needs none."""
    actor = Actor(person_id, '张三', '', role, 1, 1, '机构', '990101')
    return Work(None, actor, make.NOW, Org(id=1, name='', kind='', credit_code='', region='', profile='demo'), False)  # type: ignore[arg-type]


def row(state: str, **steps: int) -> SimpleNamespace:
    return SimpleNamespace(state=state, **steps)


@pytest.mark.parametrize(('move', 'state'), EVERY, ids=lambda v: v.verb if isinstance(v, Move) else v)
@shows('SCORE-12', 'SCORE-19', 'CERT-35', 'CERT-01', 'CERT-23', 'CERT-24', 'ORG-80', 'ORG-96')
def test_a_verb_moves_from_its_own_states_only(move: Move, state: str) -> None:
    moved = row(state, **dict.fromkeys(move.differs, 7))
    if state in move.start:
        work_of(8).move(moved, move.verb)
        assert moved.state == move.end
        return
    with pytest.raises(Refused) as refused:
        work_of(8).move(moved, move.verb)
    assert moved.state == state
    assert refused.value.rule == move.rule
    assert state_word(move.table, state) in refused.value.sentence and move.word in refused.value.sentence


SECOND_PERSON = [m for m in MOVES.values() if m.differs]


@pytest.mark.parametrize('move', SECOND_PERSON, ids=lambda m: m.verb)
@shows('ORG-80', 'CERT-23', 'CERT-24')
def test_the_second_person_is_another_person_not_another_post(move: Move) -> None:
    for column in move.differs:
        moved = row(move.start[0], **dict.fromkeys(move.differs, 0) | {column: 7})
        with pytest.raises(Refused, match='须由另一人办理') as refused:
            work_of(7, role='centre_head').move(moved, move.verb)
        assert (moved.state, refused.value.rule) == (move.start[0], move.rule)
        work_of(8).move(moved, move.verb)
        assert moved.state == move.end


def test_there_are_moves_that_ask_for_a_second_person() -> None:
    assert [m.verb for m in SECOND_PERSON] == [
        'filing.confirm', 'filing_end.confirm', 'bylaws.approve', 'application.confirm_act', 'letter.sign', 'outside_site.confirm_opinion', 'reissue.approve']


def test_every_state_has_a_word_can_be_reached_and_every_move_ends_in_one() -> None:
    for table, words in WORDS.items():
        moves = [m for m in MOVES.values() if m.table == table]
        assert {s for m in moves for s in (*m.start, m.end)} <= set(words)
        first, *later = words
        assert set(later) <= {m.end for m in moves}
        assert first in {s for m in moves for s in m.start}
    assert {m.table for m in MOVES.values()} == set(WORDS)


def test_what_is_allowed_is_what_starts_there() -> None:
    assert [m.verb for m in allowed('batch', 'signed')] == ['scores.reopen', 'scores.publicize']
    assert allowed('batch', 'issued') == []


def assignments_to_state(source: str) -> int:
    """Return how often a source sets an attribute `state`, also by setattr and by update().values()."""
    count = 0
    for node in ast.walk(ast.parse(source)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []
        flat = [t for target in targets for t in (target.elts if isinstance(target, ast.Tuple) else [target])]
        count += sum(isinstance(t, ast.Attribute) and t.attr == 'state' and ast.unparse(t.value) != 'self' for t in flat)  # rows, not lines of a screen
        if isinstance(node, ast.Call) and ast.unparse(node.func) == 'setattr' and len(node.args) > 1 and getattr(node.args[1], 'value', '') == 'state':
            count += 1
        if isinstance(node, ast.Call) and getattr(node.func, 'attr', '') == 'values' and any(k.arg == 'state' for k in node.keywords):
            count += 1
    return count


def test_no_code_but_move_sets_a_state() -> None:
    found = {p.relative_to(ROOT).as_posix(): n for floor in ('app', 'pages', 'db') for p in (ROOT / floor).rglob('*.py')
             if (n := assignments_to_state(p.read_text(encoding='utf-8')))}
    jobs = found.pop('app/jobs.py')  # a job's own life: queued, running, done, failed, cancelled; nobody moves it by hand
    assert found == {'app/work.py': 1}
    assert jobs == 4


@pytest.mark.parametrize('line', ["b.state = 'x'", "b.state, b.n = 'x', 1", "setattr(b, 'state', 'x')", "update(B).values(state='x')"])
def test_a_planted_assignment_is_found(line: str) -> None:
    assert assignments_to_state(line) == 1


def test_a_new_row_begins_in_the_first_state() -> None:
    from db.assessment import Assessment, FilingLetter, ScoreSheet
    from db.batches import Batch
    from db.bylaws import BylawVersion
    from db.certificates import Certificate, Reissue
    from db.filing import Application, CentreAct
    from db.organizations import Filing, FilingEnd
    from db.outside_sites import OutsideSite, SiteOpinion

    tables = (Application, Assessment, Batch, BylawVersion, CentreAct, Certificate, Filing, FilingEnd, FilingLetter, OutsideSite, Reissue, ScoreSheet, SiteOpinion)
    assert {m.__tablename__: m.model_fields['state'].default for m in tables} == {t: next(iter(w)) for t, w in WORDS.items()}
