"""How far each step of an application is: not begun, being written, with faults, done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.filing.forms import STEPS
from app.filing.records import ApplicationRecord
from app.filing.rules import step_of
from app.filing.versions import PARTS
from app.filing.ways import WAYS
from app.findings import Finding

State = Literal['untouched', 'writing', 'wrong', 'done']
WORDS: dict[State, str] = {'untouched': '未开始', 'writing': '填写中', 'wrong': '有误', 'done': '完成'}


@dataclass(frozen=True, slots=True)
class StepState:
    """One step; faults: findings that stop the handing in or need a reason."""

    step: str
    state: State
    faults: int


def step_states(record: ApplicationRecord, findings: Iterable[Finding]) -> list[StepState]:
    """Return the steps of the way in order."""
    found = [f for f in findings if f.severity != 'remind']
    return [_state(record, step, [f for f in found if step_of(f) == step]) for step in WAYS[record.way].steps]


def _state(record: ApplicationRecord, step: str, found: list[Finding]) -> StepState:
    answers = record.answers.get(step, {})
    begun = any(v not in ('', None, []) for v in answers.values()) if step in STEPS else any(getattr(record, part) for part in PARTS[step])
    blocks = [f for f in found if f.severity == 'block']
    if not begun:
        return StepState(step, 'untouched', len(found))
    if not blocks:
        return StepState(step, 'done', len(found))
    gaps = step in STEPS and all(answers.get(f.subject.partition('.')[2]) in ('', None, []) for f in blocks)
    return StepState(step, 'writing' if gaps else 'wrong', len(found))
