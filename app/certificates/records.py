"""What the papers of certificates are drawn from: frozen records, read in one snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import select

from app.access import Permission
from app.audit import last_seal
from app.batches.queries import batch as get_batch
from app.batches.queries import groups_of
from app.certificate_sheets import CertificatePaper, CertificatePapers
from app.certificates.queries import approval, certificates_of, passed_people, reissue_to_print
from app.errors import Refused
from app.files import file_bytes
from app.house import house
from app.registration.queries import candidates_by_ticket
from app.scores.queries import results
from app.scores.rules import entry_text
from app.words import DOCUMENTS, LEVELS, SUBJECTS, level_word
from app.work import Work
from db.certificates import Certificate
from db.files import StoredFile
from db.registration import Candidate

VERIFY = '/?number='  # after the query address of the profile: the content of the QR code (codes.md §11)


@dataclass(frozen=True, slots=True)
class ListRow:
    """One person of F-PASS and F-CERT-LIST."""

    seq: int
    name: str
    sex: str
    id_kind: str
    id_no: str
    occupation: str
    work_type: str
    level: str
    scores: tuple[str, str, str]  # theory, practical, comprehensive ('' where the level has none)
    number: str  # '' before the approval
    issued_on: date | None


@dataclass(frozen=True, slots=True)
class PeopleList:
    """F-PASS and F-CERT-LIST of a batch; trail is the signed head printed in the foot."""

    org: str
    batch: str
    printed_at: datetime
    mark: str
    rows: Sequence[ListRow]
    trail: str


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """One line of 证书核发审批表: a group's figures and its run of numbers."""

    group: str
    due: int
    sat: int
    passed: int
    to_issue: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class ApprovalPaper:
    """F-CERT-APPROVE."""

    org: str
    batch: str
    exam_on: tuple[date, date]
    publicity: tuple[date, date] | None
    objections: str
    rows: Sequence[ApprovalRow]
    signed_by: str  # '' before the head has signed
    signed_at: datetime | None
    issued_on: date | None
    printed_at: datetime
    mark: str


def certificate_papers(work: Work, batch_id: int, layout: str = '') -> CertificatePapers:
    """Return the certificates of a batch in the order of their numbers, in a layout or the profile's own.

    raises Refused when a photo is missing · source: CERT-02, CERT-03, CERT-08, CERT-09
    """
    work.require(Permission.CERTIFICATES_PRINT)
    return _papers(work, batch_id, certificates_of(work, batch_id), layout)


def reissue_papers(work: Work, reissue_id: int, layout: str = '') -> CertificatePapers:
    """Return the certificate of a granted reissue as it was first printed: same number, same date (source: CERT-23). raises Refused"""
    work.require(Permission.CERTIFICATES_PRINT)
    _, found = reissue_to_print(work, reissue_id)
    return _papers(work, found.batch_id, [found], layout)


def _papers(work: Work, batch_id: int, certificates: Sequence[Certificate], layout: str) -> CertificatePapers:
    batch, figures = get_batch(work, batch_id), work.profile.certificates
    candidates = {c.id: c for c in work.session.exec(select(Candidate).where(Candidate.batch_id == batch_id))}
    files = {f.id: f for f in work.session.exec(select(StoredFile).where(StoredFile.id.in_([c.photo_id for c in candidates.values() if c.photo_id])))}  # type: ignore[attr-defined]
    people = []
    for c in certificates:
        photo = files.get(candidates[c.candidate_id].photo_id or 0)
        if photo is None:
            raise Refused(f'{c.name}没有照片，证书不能打印，请先补照片。', rule='CERT-02')
        people.append(CertificatePaper(
            c.number, c.name, DOCUMENTS[c.id_kind], work.unseal_id(c), c.occupation, c.work_type or figures.empty_work_type.value, level_word(c.level), c.level,
            c.issued_on, c.org_name, lambda photo=photo: file_bytes(photo), f'{figures.query_address.value.rstrip("/")}{VERIFY}{c.number}'))  # type: ignore[misc]
    return CertificatePapers(
        batch.number, figures.query_address.value, figures.organization_query_address.value, mark(), work.now,
        getattr(figures.layouts, layout or figures.layout.value).value, figures.qr_mm.value, people)


def list_record(work: Work, batch_id: int) -> PeopleList:
    """Return who passed, with numbers where they were given."""
    work.require(Permission.CERTIFICATES_PRINT)
    batch = get_batch(work, batch_id)
    groups = {g.id: g for g in groups_of(work, batch_id)}
    numbers = {c.candidate_id: c for c in certificates_of(work, batch_id)}
    outcome = results(work, batch_id)
    people = [c for c in candidates_by_ticket(work, batch_id) if c.id in outcome and outcome[c.id].passed]
    if numbers:
        people.sort(key=lambda c: numbers[c.id].number)
    rows = []
    for seq, c in enumerate(people, 1):
        group, given = groups[c.group_id], numbers.get(c.id)
        scores = outcome[c.id].scores
        rows.append(ListRow(
            seq, c.name, c.sex, DOCUMENTS[c.id_kind], work.unseal_id(c), group.occupation, group.work_type or work.profile.certificates.empty_work_type.value,
            LEVELS[group.level], tuple(entry_text(scores.get(s, '')) for s in SUBJECTS), given.number if given else '', given.issued_on if given else None))  # type: ignore[arg-type]
    return PeopleList(work.org.name, batch.number, work.now, mark(), rows, last_seal(work.session.connection()))


def approval_record(work: Work, batch_id: int) -> ApprovalPaper:
    """Return the approval sheet: blank for signing before, with the numbers after it."""
    work.require(Permission.CERTIFICATES_READ)
    batch = get_batch(work, batch_id)
    signed, outcome, made = approval(work, batch_id), results(work, batch_id), certificates_of(work, batch_id)
    passed = {p.candidate_id for p in passed_people(work, batch_id)}
    people = candidates_by_ticket(work, batch_id)
    rows = []
    for group in groups_of(work, batch_id):
        own = [c for c in people if c.group_id == group.id]
        sat = sum(any(v != 'absent' for v in outcome[c.id].scores.values()) for c in own if c.id in outcome)
        numbers = sorted(c.number for c in made if c.candidate_id in {x.id for x in own})
        ok = sum(c.id in passed for c in own)
        name = f'{group.occupation}{"（" + group.work_type + "）" if group.work_type else ""}{LEVELS[group.level]}'
        rows.append(ApprovalRow(name, len(own), sat, ok, ok, numbers[0] if numbers else '', numbers[-1] if numbers else ''))
    publicity = (batch.publicity_from_on, batch.publicity_to_on) if batch.publicity_from_on and batch.publicity_to_on else None
    return ApprovalPaper(
        work.org.name, batch.number, (batch.first_on, batch.last_on), publicity, batch.objections, rows, signed.signed_by if signed else '',
        signed.signed_at if signed else None, signed.issued_on if signed else None, work.now, mark())


def mark() -> str:
    """Return what stands across every paper of a demo."""
    return '演示样本' if house().demo else ''
