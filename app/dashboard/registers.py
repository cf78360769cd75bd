"""What runs out in an organisation's registers: leases, cards, engagements, contracts, licences, calibrations, mending of hazards; for those who keep them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from app.access import Permission
from app.dashboard.items import Desk, Item, dated
from app.filing.materials import LICENCE_WORDS
from app.personnel.rules import REMINDED_DAYS
from app.premises.rules import LEASE_NOTICE_DAYS
from app.work import Work
from db.equipment import Equipment
from db.filing import Licence
from db.personnel import Examiner, Expert, InternalSupervisor, Staff
from db.premises import Room, SafetyCheck, Site
from db.users import Person

APART = 3  # rows that run out on one day and stand in lines of their own; more are one line that leads to the list
PAST = 730  # days: what ran out longer ago is a matter of the register, not of the day


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of term that a register keeps.

    ends: its last day · named: column that names the row, of the person where the row is one's · says: {name} and what of it · does: what to do
    path: of the register's records; listed: of the register · days: how long before it is told · only: which rows have such a term
    """

    ends: Any
    named: Any
    says: str
    does: str
    keeps: Permission
    path: str
    listed: str
    rule: str
    days: int = REMINDED_DAYS
    only: ColumnElement[bool] | None = None
    words: Mapping[str, str] | None = None

    @property
    def model(self) -> Any:
        """The table of the rows."""
        return self.ends.class_


_HAZARD = col(SafetyCheck.rechecked_on).is_(None) & (col(SafetyCheck.hazard) != '')
KINDS = (
    Kind(SafetyCheck.due_on, SafetyCheck.area, '{name}的安全隐患整改期限', '请整改并另日复查', Permission.PREMISES_WRITE, '/premises/check/', '/safety', 'ORG-18', only=_HAZARD),
    Kind(Site.lease_to, Site.name, '场所“{name}”的租期', '请续租并更新租赁合同', Permission.PREMISES_WRITE, '/premises/site/', '/premises', 'ORG-05', LEASE_NOTICE_DAYS,
         col(Site.tenure) == 'leased'),
    Kind(Room.lease_to, Room.name, '房间“{name}”的租期', '请续租并更新租赁合同', Permission.PREMISES_WRITE, '/premises/room/', '/premises', 'ORG-05', LEASE_NOTICE_DAYS,
         col(Room.tenure) == 'leased'),
    Kind(Equipment.calibrated_to, Equipment.number, '计量器具{name}的检定', '送检前不得分配使用', Permission.EQUIPMENT_WRITE, '/equipment/', '/equipment', 'EQUIP-04'),
    Kind(Examiner.card_to, Person.name, '考评员{name}的证卡', '请办理换证', Permission.PERSONNEL_WRITE, '/personnel/examiners/', '/personnel/examiners', 'PERS-11'),
    Kind(Examiner.engaged_to, Person.name, '考评员{name}的聘期', '请续聘', Permission.PERSONNEL_WRITE, '/personnel/examiners/', '/personnel/examiners', 'PERS-10'),
    Kind(Expert.engaged_to, Person.name, '专家{name}的聘期', '请续聘', Permission.PERSONNEL_WRITE, '/personnel/experts/', '/personnel/experts', 'PERS-45'),
    Kind(InternalSupervisor.card_to, Person.name, '督导员{name}的证卡', '请办理换证', Permission.PERSONNEL_WRITE, '/personnel/supervisors/', '/personnel/supervisors', 'PERS-36'),
    Kind(Staff.contract_to, Person.name, '{name}的合同', '请续签', Permission.PERSONNEL_WRITE, '/personnel/staff/', '/personnel/staff', 'PERS-50'),
    Kind(Licence.valid_to, Licence.kind, '{name}的有效期', '请换领后登记新证', Permission.FILING_WRITE, '/filings/held/licence/', '/filings/licences', 'ORG-50', words=LICENCE_WORDS),
)


def put_registers(work: Work, found: Desk) -> None:
    """Put what runs out soon or has run out into the blocks of who keeps the register; a centre keeps none."""
    if work.actor.is_centre:
        return
    for kind in KINDS:
        if work.actor.may(kind.keeps):
            for item in _items(work, kind):
                found['wrong' if item.grade == 'block' else 'due'].append(item)


def _items(work: Work, kind: Kind) -> Iterator[Item]:
    by_day: dict[date, list[tuple[int, str]]] = defaultdict(list)
    for row_id, name, ends in _rows(work, kind):
        by_day[ends].append((row_id, kind.words[name] if kind.words else name))
    for ends, rows in by_day.items():
        lines = rows if len(rows) <= APART else [(0, f'{rows[0][1]}等{len(rows)}{"人" if kind.named.class_ is Person else "项"}')]
        for row_id, name in lines:
            word = '已到期' if ends < work.today else '将到期'
            yield dated(work, f'{kind.says.format(name=name)}{word}，{kind.does}', f'{kind.path}{row_id}' if row_id else kind.listed, ends, rule=kind.rule, grade='' if ends < work.today else 'warn')


def _rows(work: Work, kind: Kind) -> Iterator[tuple[int, str, date]]:
    """Yield id, name and last day of the rows in use that run out before the notice is over, the first to end first."""
    model, last = kind.model, work.today + timedelta(days=kind.days)
    q = select(model.id, kind.named, kind.ends).where(
        model.org_id == work.org.id, col(model.ended_on).is_(None), kind.ends.between(work.today - timedelta(days=PAST), last))
    if kind.named.class_ is Person:
        q = q.join(Person, col(Person.id) == model.person_id)
    if kind.only is not None:
        q = q.where(kind.only)
    yield from work.session.exec(q.order_by(kind.ends, model.id)).all()
