"""What an organisation holds for its filings beside the registers of people and things: licences with their scans, and whom it trained (F-LICENCE, F-TRAIN-STAT)."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from sqlmodel import col, select

from app.access import Permission
from app.checks import check_text
from app.codes import read_occupation_code
from app.errors import NotYours, Refused
from app.files import Scan, attach, end_attachment
from app.filing.materials import LICENCE_WORDS
from app.work import Work
from db.files import Attachment
from db.filing import Licence, TrainingYear

SCANS = {'licence': '证照扫描件'}
MOST_PEOPLE = 1_000_000
Held = TypeVar('Held', Licence, TrainingYear)


def licences_of(work: Work) -> list[Licence]:
    """Return the licences of the organisation worked on that have not ended."""
    work.require(Permission.FILING_READ)
    return _held(work, Licence)


def training_of(work: Work) -> list[TrainingYear]:
    """Return the lines of the training statistics of the organisation worked on, the newest year first."""
    work.require(Permission.FILING_READ)
    return sorted(_held(work, TrainingYear), key=lambda x: (-x.year, x.id))


def add_licence(work: Work, *, kind: str, number: str, issuer: str, valid_from: date | None = None, valid_to: date | None = None) -> Licence:
    """Enter a certificate of legal person or a school licence. raises Refused (ORG-50)"""
    work.require(Permission.FILING_WRITE)
    if kind not in LICENCE_WORDS:
        raise Refused('请选择证照种类。', rule='ORG-50')
    if valid_from and valid_to and valid_to < valid_from:
        raise Refused(f'有效期止{valid_to}早于有效期起{valid_from}，请对照证照核对。', rule='ORG-50')
    licence = work.make(Licence, kind=kind, number=check_text('证号', number, 60), issuer=check_text('发证机关', issuer, 100), valid_from=valid_from, valid_to=valid_to)
    work.keep('licence.add', licence)
    return licence


def attach_licence(work: Work, *, licence_id: int, scan: Scan) -> Attachment:
    """Add a scan to a licence; app/files.store_scan has judged its kind and size. raises NotYours, Refused"""
    work.require(Permission.FILING_WRITE)
    return attach(work, _standing(work, Licence, licence_id), scan, kind='licence', kinds=SCANS)


def end_licence_scan(work: Work, *, licence_id: int, attachment_id: int) -> Attachment:
    """End a scan of a licence; what was handed in with it keeps it. raises NotYours, Refused"""
    work.require(Permission.FILING_WRITE)
    return end_attachment(work, _standing(work, Licence, licence_id), attachment_id)


def end_licence(work: Work, *, licence_id: int) -> Licence:
    """End a licence that was replaced; what was handed in with it stays as it was. raises NotYours"""
    work.require(Permission.FILING_WRITE)
    return _end(work, _standing(work, Licence, licence_id), 'licence.end')


def add_training(work: Work, *, year: int, kind: str, trade: str, people: int, occupation_code: str = '', level: str = '') -> TrainingYear:
    """Enter how many people were trained in a year, by kind and trade. raises Refused (ORG-03)"""
    work.require(Permission.FILING_WRITE)
    if not 2000 <= year <= work.today.year:
        raise Refused(f'年份{year}不对，应在2000年至今年之间。', rule='ORG-03')
    if not 0 < people <= MOST_PEOPLE:
        raise Refused('培训人数应为大于0的整数。', rule='ORG-03')
    line = work.make(
        TrainingYear, year=year, kind=check_text('培训种类', kind, 30), trade=check_text('培训工种', trade, 60), people=people,
        occupation_code=read_occupation_code(occupation_code).occupation if occupation_code.strip() else '', level=check_text('鉴定级别', level, 20, required=False))
    if any((x.year, x.kind, x.trade, x.level) == (line.year, line.kind, line.trade, line.level) for x in training_of(work)):
        raise Refused(f'{year}年“{line.trade}”的这一行已登记，人数有误的请先作废原来的一行。', rule='ORG-03')
    work.keep('training.add', line)
    return line


def end_training(work: Work, *, training_id: int) -> TrainingYear:
    """Take a line out that was entered by mistake. raises NotYours"""
    work.require(Permission.FILING_WRITE)
    return _end(work, _standing(work, TrainingYear, training_id), 'training.end')


def _held(work: Work, model: type[Held]) -> list[Held]:
    return list(work.session.exec(select(model).where(model.org_id == work.org.id, col(model.ended_on).is_(None)).order_by(col(model.id))))


def _standing(work: Work, model: type[Held], row_id: int) -> Held:
    row = work.get(model, row_id, lock=True)
    if row.ended_on:
        raise NotYours
    return row


def _end(work: Work, row: Held, verb: str) -> Held:
    row.ended_on = work.today
    work.keep(verb, row)
    return row
