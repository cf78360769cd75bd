"""What is read of approvals, numbers, certificates and reissues; and the public query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlmodel import col, select

from app.access import Permission
from app.batches.queries import batch as get_batch
from app.batches.queries import groups_of
from app.certificates.rules import Passed, check_query, mask_name
from app.checks import same_name
from app.codes import fold
from app.errors import Refused
from app.house import house
from app.registration.queries import candidates_by_ticket
from app.scores.queries import results
from app.states import state_word
from app.words import level_word
from app.work import Work
from db.certificates import Approval, Certificate, Reissue, SerialCounter


def passed_people(work: Work, batch_id: int) -> list[Passed]:
    """Return who passed in a signed batch, by ticket number."""
    work.require(Permission.CERTIFICATES_READ)
    get_batch(work, batch_id)
    groups = {g.id: g for g in groups_of(work, batch_id)}
    outcome = results(work, batch_id)
    return [
        Passed(c.id, groups[c.group_id].occupation_code, groups[c.group_id].occupation, groups[c.group_id].work_type, groups[c.group_id].level, c.ticket_number or '')
        for c in candidates_by_ticket(work, batch_id) if c.id in outcome and outcome[c.id].passed]


def approval(work: Work, batch_id: int) -> Approval | None:
    """Return the approval of a batch, None before the head has signed."""
    work.require(Permission.CERTIFICATES_READ)
    return work.session.exec(select(Approval).where(Approval.batch_id == batch_id)).first()


def certificates_of(work: Work, batch_id: int) -> list[Certificate]:
    """Return the certificates of a batch in the order of their numbers: by ticket, not by level, see in_order."""
    work.require(Permission.CERTIFICATES_READ)
    found = work.session.exec(select(Certificate).where(Certificate.batch_id == batch_id)).all()
    return sorted(found, key=lambda c: (-c.level, c.serial))


def certificates(
    work: Work, *, batch_id: int = 0, find: str = '', level: int = 0, before: int = 0, after: int = 0, last: bool = False, limit: int = 25,
) -> tuple[list[Certificate], bool]:
    """Return certificates in scope, newest first, and whether more follow. find: number, name or whole ID number"""
    work.require(Permission.CERTIFICATES_READ)
    q = select(Certificate)
    if batch_id:
        q = q.where(Certificate.batch_id == batch_id)
    if level:
        q = q.where(Certificate.level == level)
    if find := find.strip():
        q = q.where((col(Certificate.number) == fold(find)) | col(Certificate.name).contains(find, autoescape=True)
                    | (col(Certificate.id_no_index) == house().keys.blind('id_no', fold(find))))
    return work.page(q, Certificate, before=before, after=after, last=last, limit=limit)


def certificate(work: Work, certificate_id: int, *, lock: bool = False) -> Certificate:
    """Return a certificate in scope. raises NotYours"""
    work.require(Permission.CERTIFICATES_READ)
    return work.get(Certificate, certificate_id, lock=lock)


def reissues_of(work: Work, certificate_id: int) -> list[Reissue]:
    """Return the reissues of a certificate in the order they were asked for, refused ones too."""
    work.require(Permission.CERTIFICATES_READ)
    return list(work.session.exec(select(Reissue).where(Reissue.certificate_id == certificate_id).order_by(col(Reissue.id))))


def reissued_in(work: Work, batch_id: int) -> dict[int, list[Reissue]]:
    """Return {certificate id: its printed reissues} of a batch: the ledger beside its numbers (source: CERT-23)."""
    work.require(Permission.CERTIFICATES_READ)
    found: dict[int, list[Reissue]] = {}
    for reissue in work.session.exec(select(Reissue).join(Certificate, col(Certificate.id) == Reissue.certificate_id).where(
            Certificate.batch_id == batch_id, Reissue.state == 'reissued').order_by(col(Reissue.id))):
        found.setdefault(reissue.certificate_id, []).append(reissue)
    return found


def open_reissues(work: Work) -> list[tuple[Reissue, Certificate]]:
    """Return the reissues that wait for the head or the printer, oldest first."""
    work.require(Permission.CERTIFICATES_READ)
    q = select(Reissue, Certificate).join(Certificate, col(Certificate.id) == Reissue.certificate_id)
    return [(r, c) for r, c in work.session.exec(q.where(col(Reissue.state).in_(('requested', 'approved'))).order_by(col(Reissue.id)))]


def reissue_to_print(work: Work, reissue_id: int, *, lock: bool = False) -> tuple[Reissue, Certificate]:
    """Return a granted reissue with its certificate; refuses one that was not granted (CERT-23)."""
    work.require(Permission.CERTIFICATES_PRINT)
    reissue = work.get(Reissue, reissue_id, lock=lock)
    if reissue.state not in ('approved', 'reissued'):
        raise Refused(f'补发处于“{state_word("reissue", reissue.state)}”，批准后才能打印补发证书。', rule='CERT-23')
    return reissue, work.get(Certificate, reissue.certificate_id)


def counters(work: Work) -> list[SerialCounter]:
    """Return the counters of the organisation worked on, newest year first, then level."""
    work.require(Permission.CERTIFICATES_READ)
    found = work.session.exec(select(SerialCounter).where(SerialCounter.org_id == work.org.id)).all()
    return sorted(found, key=lambda c: (-c.year, -c.level))


def serials_are_whole(work: Work) -> list[str]:
    """Return a sentence for every counter whose certificates are not exactly its serials; empty when all is whole (CERT-21)."""
    work.require(Permission.CERTIFICATES_READ)
    faults = []
    for counter in counters(work):
        rows = work.session.exec(select(func.count(), func.min(Certificate.serial), func.max(Certificate.serial)).where(
            Certificate.filing_number == counter.filing_number, Certificate.year == counter.year, Certificate.level == counter.level)).one()
        count, first, final = rows
        given = counter.last - counter.started_at
        if (count, first, final) != ((given, counter.started_at + 1, counter.last) if given else (0, None, None)):
            faults.append(f'{counter.year}年{counter.level}级：计数器到{counter.last:06d}，证书{count}本（{first}–{final}），请立即停止发证并联系管理员。')
    return faults


@dataclass(frozen=True, slots=True)
class Verified:
    """What the public sees of a valid certificate."""

    number: str
    name: str  # masked
    id_no: str  # masked
    occupation: str
    work_type: str
    level: str
    org: str
    issued_on: date
    state: str


def verify(work: Work, given: Mapping[str, str], at_least: int) -> list[Verified]:
    """Return the certificates that fit every field given, masked, newest first; none alike for wrong and unknown.

    A number fits one certificate; name and ID number fit all that the person holds (source: DATA-14, DATA-16)
    """
    filled = check_query(given, at_least)
    q = select(Certificate).where(Certificate.state == 'issued')
    if 'number' in filled:
        q = q.where(Certificate.number == filled['number'])
    if 'id_no' in filled:
        q = q.where(Certificate.id_no_index == house().keys.blind('id_no', filled['id_no']))
    found = work.session.exec(q.order_by(col(Certificate.issued_on).desc(), col(Certificate.id).desc()))
    return [
        Verified(c.number, mask_name(c.name), c.id_no_masked, c.occupation, c.work_type, level_word(c.level), c.org_name, c.issued_on, c.state)
        for c in found if 'name' not in filled or same_name(c.name, filled['name'])]
