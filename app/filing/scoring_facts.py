"""What the self-score reads, and the answers it can give: yes or no, a count, a value, nothing at all, or left open for a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.figures_results import Profile
from app.filing.records import ApplicationRecord, BylawLine, RoomLine
from app.filing.resources import square_metres
from app.filing.ways import WAYS
from app.findings import Finding
from app.rubric_items import Answer
from app.rubric_models import Item
from app.rubric_rules import AllOrNothing, Judgement, Lease, Options


@dataclass(frozen=True, slots=True)
class Facts:
    """The record, the profile, and what the scope check found."""

    record: ApplicationRecord
    profile: Profile
    scope: tuple[Finding, ...]

    def asks(self, step: str) -> bool:
        """Tell whether the way asks for a step."""
        return step in WAYS[self.record.way].steps

    def in_force(self, *numbers: int) -> list[BylawLine]:
        """Return the listed rule documents of these numbers that are in force."""
        return [b for b in self.record.bylaws if b.number in numbers and b.in_force]

    def rooms(self, *kinds: str) -> list[RoomLine]:
        """Return the rooms of these kinds."""
        return [r for r in self.record.rooms if r.kind in kinds]


@dataclass(frozen=True, slots=True)
class Filled:
    """The answer to one item; empty: a person must judge.

    evidence: where it comes from · todo: what wins lost points · most: what an open item can still give, None: all
    """

    answer: Answer = field(default_factory=dict)
    evidence: str = ''
    todo: str = ''
    most: Decimal | None = None


def yes_no(ok: bool, evidence: str, todo: str) -> Filled:
    """Answer an item that is met or not."""
    return Filled({'met': ok}, evidence, '' if ok else todo)


def counted(faults: int, evidence: str, todo: str) -> Filled:
    """Answer an item that loses points for every fault."""
    return Filled({'count': faults}, evidence, todo if faults else '')


def judged(evidence: str, *, most: Decimal | None = None, todo: str = '') -> Filled:
    """Leave an item open for a person, saying what the registers show."""
    return Filled({}, evidence, todo, most)


def nothing(item: Item, evidence: str, todo: str) -> Filled:
    """Answer an item that has nothing to be judged: no points for certain."""
    match item.rule:
        case AllOrNothing():
            return Filled({'met': False}, evidence, todo)
        case Options(options=options):
            return Filled({'option': min(options, key=lambda o: o.score).code}, evidence, todo)
        case Lease():
            return Filled({'score': '0', 'leased': False}, evidence, todo)
        case Judgement(zero_when=condition):
            return Filled({'score': '0'} if condition is None else {'score': '0', 'zero_when': True}, evidence, todo)
        case _:
            raise ValueError(f'{item.id} is counted, not judged')


def names(things: Collection[str], most: int = 4) -> str:
    """Return names for a sentence, the first few of them."""
    listed: Sequence[str] = list(things)
    return '、'.join(listed[:most]) + (f'等{len(listed)}项' if len(listed) > most else '')


def area_of(rooms: Collection[RoomLine]) -> str:
    """Return rooms with their areas for a sentence."""
    return names([f'{r.name}（{square_metres(r.area_dm2)}平方米）' for r in rooms])
