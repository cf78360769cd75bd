"""Making a batch and moving it through its states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import col, select

from app.access import Permission
from app.batches.queries import batch as get_batch
from app.batches.queries import groups_of, sittings_of
from app.batches.rules import Slot, check_days, next_number, slot_findings
from app.checks import check_long, check_text, check_written
from app.errors import Refused
from app.filing.clocks import term_findings
from app.filing.resources import docking_findings
from app.findings import refuse_blocks, refuse_unless_accepted
from app.organizations.queries import check_filed, filing_in_force
from app.organizations.rules import check_in_force
from app.states import state_word
from app.words import LEVELS, china_time
from app.work import Work
from db.batches import Batch, BatchGroup, Sitting
from db.organizations import Filing
from db.premises import InfoSystem
from db.registration import Candidate
from db.scores import ScoreEntry


def make_batch(work: Work, *, title: str, first_on: date, last_on: date, groups: Sequence[tuple[str, str, int]], reason: str = '') -> Batch:
    """Make a batch with its groups (occupation code, work type, level), all inside the filed range.

    reason: why the batch is held after the term, where the sources fix none and its passing is only warned of (ORG-91)
    raises Refused (ORG-90 filing or level not in force on the days, ORG-99 outside the filed range)
    """
    work.require(Permission.BATCHES_WRITE)
    check_days(first_on, last_on)
    filing = work.get(Filing, filing_in_force(work).id, lock=True)  # one batch number after the other
    check_in_force(filing.state, filing.valid_from, filing.valid_to, last_on, work.profile.filing.validity_years)
    refuse_unless_accepted(term_findings(filing.valid_to, last_on, work.profile), written := check_long('对提醒的说明', reason, 500, required=False))
    if not groups:
        raise Refused('请至少选择一个职业（工种）和等级。', rule='OCC-14')
    if len(set(groups)) < len(groups):
        raise Refused('同一职业（工种）和等级选择了两次，请删去一项。', rule='OCC-14')
    taken = work.session.exec(select(Batch.number).where(Batch.org_id == work.org.id)).all()
    batch = work.make(
        Batch, number=next_number(first_on.year, taken), title=check_text('批次名称', title, 100), filing_id=filing.id, first_on=first_on, last_on=last_on,
        profile=work.profile.name, profile_version=work.profile.version, made_by_id=work.actor.person_id)
    work.keep('batch.make', batch, **({'accepted': written} if written else {}))
    for code, work_type, level in groups:
        row = check_filed(work, filing.id, code, work_type, level, last_on)
        work.keep('batch.group', work.make(
            BatchGroup, batch_id=batch.id, occupation_code=code, occupation=row.occupation, work_type=work_type, level=level,
            subjects=list(work.profile.scores.subjects.value[level])))
    return batch


def add_sitting(
    work: Work, *, batch_id: int, group_id: int, subject: str, room_no: int, room: str, starts_at: datetime, ends_at: datetime, seats: int = 0) -> Sitting:
    """Add one sitting. raises Refused with all faults: subject not of the group, outside the days, room taken"""
    work.require(Permission.BATCHES_WRITE)
    batch = _changeable(work, batch_id, ('preparing', 'registering', 'scoring'))
    if seats < 0:
        raise Refused('座位数不能是负数，请更正。')
    group = work.get(BatchGroup, group_id)
    if group.batch_id != batch.id or subject not in group.subjects:
        raise Refused(f'{LEVELS[group.level]}没有这个考核科目，请从列表中选择。', rule='SCORE-02')
    slot = Slot(room_no, check_text('考场', room, 60), china_time(starts_at), china_time(ends_at))
    others = [Slot(s.room_no, s.room, china_time(s.starts_at), china_time(s.ends_at)) for s in sittings_of(work, batch.id)]
    refuse_blocks(slot_findings(slot, others, batch.first_on, batch.last_on))
    sitting = work.make(Sitting, batch_id=batch.id, group_id=group.id, subject=subject, room_no=room_no, room=slot.room, seats=seats, starts_at=starts_at, ends_at=ends_at)
    work.keep('batch.sitting', sitting)
    return sitting


def open_registration(work: Work, *, batch_id: int) -> Batch:
    """Let candidates in. raises Refused without a group, and for a system that is not linked to the provincial platform (ORG-12)"""
    work.require(Permission.BATCHES_WRITE)
    batch = get_batch(work, batch_id, lock=True)
    if not groups_of(work, batch.id):
        raise Refused('批次还没有职业和等级，请先添加。', rule='OCC-14')
    systems = work.session.exec(select(InfoSystem).where(InfoSystem.org_id == batch.org_id, col(InfoSystem.ended_on).is_(None))).all()
    refuse_blocks(docking_findings(systems, work.profile))
    work.move(batch, 'batch.open')
    work.keep('batch.open', batch)
    return batch


def close_registration(work: Work, *, batch_id: int) -> Batch:
    """Fix the list of candidates; scores may be entered. raises Refused for an empty list or a missing photo or seat"""
    work.require(Permission.BATCHES_WRITE)
    batch = get_batch(work, batch_id, lock=True)
    people = work.session.exec(select(Candidate).where(Candidate.batch_id == batch.id)).all()
    if not people:
        raise Refused('名单中还没有考生，请先导入名单。')
    if without := [p.name for p in people if p.photo_id is None]:
        raise Refused(f'{len(without)}人缺照片：{"、".join(without[:5])}{"等" if len(without) > 5 else ""}。证书须印照片，请先导入照片。', rule='CERT-02')
    if without := [p.name for p in people if p.ticket_number is None]:
        raise Refused(f'{len(without)}人没有准考证号：{"、".join(without[:5])}{"等" if len(without) > 5 else ""}。请在名单中补考场号和座位号。')
    work.move(batch, 'batch.close')
    work.keep('batch.close', batch)
    return batch


def reopen_registration(work: Work, *, batch_id: int) -> Batch:
    """Go back to the list while no score was entered. raises Refused"""
    work.require(Permission.BATCHES_WRITE)
    batch = get_batch(work, batch_id, lock=True)
    if work.session.exec(select(func.count()).select_from(ScoreEntry).where(ScoreEntry.batch_id == batch.id)).one():
        raise Refused('已录入成绩，名单不能再改动；个别更正请走成绩核对。', rule='SCORE-12')
    work.move(batch, 'batch.reopen')
    work.keep('batch.reopen', batch)
    return batch


def change_batch(work: Work, *, batch_id: int, column: str, shown: str, new: str) -> bool:
    """Save one field of the batch as typed. raises Refused, Changed"""
    work.require(Permission.BATCHES_WRITE)
    batch = _changeable(work, batch_id, ('preparing', 'registering', 'scoring'))
    if column != 'title':
        raise Refused('此项不能在这里修改。')
    if not work.change(batch, 'title', shown=shown, new=check_text('批次名称', new, 100), word='批次名称'):
        return False
    work.keep('batch.change', batch)
    return True


def discard_sitting(work: Work, *, sitting_id: int, reason: str) -> None:
    """Take a wrongly made sitting out of a batch whose list is not yet fixed; the trail keeps that it was there."""
    work.require(Permission.BATCHES_WRITE)
    sitting = work.get(Sitting, sitting_id)
    _changeable(work, sitting.batch_id, ('preparing', 'registering'))
    work.remove('batch.discard_sitting', sitting, room_no=sitting.room_no, reason=check_written('理由', reason, 4))


def _changeable(work: Work, batch_id: int, states: tuple[str, ...]) -> Batch:
    batch = get_batch(work, batch_id, lock=True)
    if batch.state not in states:
        raise Refused(f'批次{batch.number}处于“{state_word("batch", batch.state)}”，此项不能再改动。', rule='SCORE-12')
    return batch
