"""The rule documents and evaluation standards of the story: A's and B's in force, C's first without numbers 22 and 24."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.bylaws.numbering import renumbered
from app.bylaws.operations import add_standard, approve_bylaw, change_bylaw, change_version, hash_of, new_version, save_text, start_bylaw
from app.bylaws.queries import bylaw_page, bylaws
from app.bylaws.standards import COLUMNS
from app.bylaws.templates import gaps, templates
from app.demo.story import Scene, rows_of
from app.words import CHINA
from app.work import Work, begin_as
from db.bylaws import BylawVersion

LATE = (22, 24)  # of C: missing when it applied, handed in with the correction
KEPT_GAPS = '登记尚未齐全，以登记册为准，下次修订时补齐。'  # why a gap may stay


@dataclass(frozen=True, slots=True)
class _Hand:
    """Who writes and who approves in an organisation, and when."""

    key: str
    writes: str
    approves: str
    at: datetime


A = _Hand('a', '施惊蛰', '何立春', datetime(2025, 5, 13, 9, 0, tzinfo=CHINA))
B = _Hand('b', '顾牛金', '卜斗木', datetime(2024, 1, 9, 9, 0, tzinfo=CHINA))
C = _Hand('c', '汪觜火', '湛毕月', datetime(2026, 10, 26, 11, 40, tzinfo=CHINA))
STEP = timedelta(minutes=10)  # from writing to approving to the standards
C_LATER = datetime(2026, 11, 9, 9, 0, tzinfo=CHINA)
INCREMENT = datetime(2026, 10, 19, 8, 30, tzinfo=CHINA)
SECOND = datetime(2026, 9, 24, 9, 0, tzinfo=CHINA)
REVISION = datetime(2026, 11, 13, 15, 0, tzinfo=CHINA)


def of_a(scene: Scene) -> None:
    """A: all 24 of 2024-11 to 2025-01 in force, standards of what it is filed for."""
    _adopt(scene, A, range(1, 25), A.at)
    _enter_standards(scene, A, 'a', A.at + 2 * STEP)


def of_b(scene: Scene) -> None:
    """B: all 24 in force, its two standards."""
    _adopt(scene, B, range(1, 25), B.at)
    _enter_standards(scene, B, 'b', B.at + 2 * STEP)


def of_c(scene: Scene) -> None:
    """C at its application: 22 of 24, standards without a book for 钳工."""
    _adopt(scene, C, [n for n in range(1, 25) if n not in LATE], C.at)
    _enter_standards(scene, C, 'c', C.at + 2 * STEP)


def of_c_later(scene: Scene) -> None:
    """C completes its list on 2026-11-09."""
    _adopt(scene, C, LATE, C_LATER)


def second_version(scene: Scene) -> None:
    """A's emergency plan (10) comes out anew in September 2026."""
    added = '网络中断、停电造成考试用时减少的，由考点负责人确认后按实际中断时间为受影响的考生补时，并在考场记录中写明起止时间。'
    with begin_as(scene.people[A.writes], at=SECOND) as work:
        version = _revised(work, 10, added, SECOND.date())
    if version:
        with begin_as(scene.people[A.approves], at=SECOND.replace(hour=15)) as work:
            approve_bylaw(work, version_id=version.id, shown_hash=hash_of(bylaw_page(work, version.bylaw_id).bylaw, version), reason=KEPT_GAPS if gaps(version.text) else '')


def revision(scene: Scene) -> None:
    """A's rules for certificates (22) are being revised."""
    with begin_as(scene.people['吕雨水'], at=REVISION) as work:
        _revised(work, 22, '证书数据退回更正的，证书管理员自收到退回通知之日起逐条登记原因、更正内容和再次上报日期。', None)


def increment_standard(scene: Scene) -> None:
    """A enters the standard of the occupation it asks to add."""
    _enter_standards(scene, A, 'a2', INCREMENT)


def _adopt(scene: Scene, hand: _Hand, numbers: Sequence[int], at: datetime) -> None:
    """Write documents from their templates as the head of the list tells, then approve them by another hand."""
    told = {int(row['序号']): row for row in rows_of('bylaws') if row['单位'] == hand.key}
    with begin_as(scene.people[hand.writes], at=at) as work:
        for number in (n for n in numbers if n in templates()):
            row = told[number]
            version = start_bylaw(work, number=number, made_on=date.fromisoformat(row['制定时间']))
            change_version(work, version_id=version.id, column='issue_no', shown='', new=row['发布文号'])
            change_bylaw(work, bylaw_id=version.bylaw_id, column='unit', shown=templates()[number].unit, new=row['制定部门'])
            change_bylaw(work, bylaw_id=version.bylaw_id, column='posted_at', shown='', new=templates()[number].posted_at)
    with begin_as(scene.people[hand.approves], at=at + STEP) as work:
        for bylaw, draft in [(row.bylaw, row.draft) for row in bylaws(work) if row.bylaw and row.draft]:
            approve_bylaw(work, version_id=draft.id, shown_hash=hash_of(bylaw, draft), reason=KEPT_GAPS if gaps(draft.text) else '')


def _revised(work: Work, number: int, added: str, made_on: date | None) -> BylawVersion | None:
    """Begin the next version with an article more; None where the document has no template yet."""
    row = next(row for row in bylaws(work) if row.number == number)
    if row.bylaw is None:
        return None
    version = new_version(work, bylaw_id=row.bylaw.id)
    save_text(work, version_id=version.id, shown=version.text, new=renumbered(f'{version.text}\n第一条　{added}'))
    if made_on:
        change_version(work, version_id=version.id, column='made_on', shown=None, new=made_on)
    return version


def _enter_standards(scene: Scene, hand: _Hand, key: str, at: datetime) -> None:
    with begin_as(scene.people[hand.writes], at=at) as work:
        for row in rows_of('standards'):
            if row['单位'] == key:
                add_standard(work, values={c.key: row.get(c.head, '') for c in COLUMNS})
