"""The head's approval that gives the numbers, the issue of certificates and their reissue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import select

from app.access import Permission
from app.batches.queries import batch as get_batch
from app.certificates.queries import certificate as get_certificate
from app.certificates.queries import certificates_of, passed_people, reissue_to_print, reissues_of
from app.certificates.rules import Passed, check_issue_date, check_publicity_over, list_hash, serials
from app.checks import check_written
from app.errors import Refused
from app.numbers import certificate_number
from app.organizations.queries import check_filed, end_of, filing_in_force
from app.organizations.rules import check_in_force
from app.words import LEVELS
from app.work import Work
from db.certificates import Approval, Certificate, Reissue, SerialCounter
from db.organizations import Filing
from db.registration import Candidate


def start_counter(work: Work, *, year: int, level: int, last: int) -> SerialCounter:
    """Enter the last serial used in the system before this one; only before the first number is given (codes.md 6.1.7)."""
    work.require(Permission.CERTIFICATES_COUNTERS)
    if level not in LEVELS or not 0 <= last <= 999_999:
        raise Refused('最后使用的序列码须为0至999999，等级须为1至5。', rule='CERT-21')
    if not 0 <= year - work.today.year <= 1:
        raise Refused(f'年份须为{work.today.year}或{work.today.year + 1}：计数器按发证年份启用。', rule='CERT-22')
    filing = work.get(Filing, filing_in_force(work).id, lock=True)
    if _counter(work, filing.number, year, level) is not None:
        raise Refused(f'{year}年{LEVELS[level]}的计数器已经启用，不能再改起点。', rule='CERT-21')
    counter = work.make(SerialCounter, filing_number=filing.number, year=year, level=level, last=last, started_at=last)
    work.keep('certificates.start_counter', counter, year=year, level=level, last=last)
    return counter


def check_approval(work: Work, *, batch_id: int, issued_on: date, shown_hash: str, objections: str) -> list[Passed]:
    """Return whom an approval would give numbers to, in their order; what would refuse it refuses here, before anything is announced or written.

    raises Refused as `approve` does, but for a serial beyond six digits
    """
    work.require(Permission.CERTIFICATES_APPROVE)
    batch = get_batch(work, batch_id)
    work.check_move(batch, 'certificates.approve')
    check_written('公示结果', objections, 2, 1000)
    check_publicity_over(batch.publicity_to_on, work.today)
    check_issue_date(issued_on, work.today)
    people = passed_people(work, batch_id)
    if not people:
        raise Refused('本批次没有合格人员，不需要核发证书。', rule='CERT-01')
    if list_hash(people, issued_on) != shown_hash:
        raise Refused('名单或发证日期在您打开之后有改动，签批没有生效。请刷新页面，核对后再签。', rule='CERT-35')
    filing = work.get(Filing, batch.filing_id)
    check_in_force(filing.state, filing.valid_from, filing.valid_to, batch.last_on, work.profile.filing.validity_years)
    for key in {(p.occupation_code, p.work_type, p.level) for p in people}:
        check_filed(work, filing.id, *key, batch.last_on)
    return people


def approve(work: Work, *, batch_id: int, issued_on: date, shown_hash: str, objections: str) -> list[Certificate]:
    """Sign 证书核发审批表 and give every number of the batch in one transaction; nothing before it shows a number.

    shown_hash: list_hash of what was on the screen · objections: result of the publicity, written
    raises Refused (CERT-35, SCORE-19, CERT-16, ORG-90, CERT-18 outside the filed range or serial beyond six digits)
    """
    work.require(Permission.CERTIFICATES_APPROVE)
    batch = get_batch(work, batch_id, lock=True)
    filing = work.get(Filing, batch.filing_id, lock=True)  # one counter of a year and level, whoever begins it
    people = check_approval(work, batch_id=batch_id, issued_on=issued_on, shown_hash=shown_hash, objections=objections)
    work.move(batch, 'certificates.approve')
    batch.objections = check_written('公示结果', objections, 2, 1000)
    made = _numbered(work, batch_id, filing.number, issued_on, people)
    work.keep('certificates.approve', work.make(
        Approval, batch_id=batch.id, content_hash=shown_hash, count=len(made), issued_on=issued_on, signed_by_id=work.actor.person_id,
        signed_by=work.actor.printed, signed_at=work.now), count=len(made))
    work.keep('certificates.approve', batch)
    work.seal_trail(f'批次{batch.number}核发')
    return made


def issue(work: Work, *, batch_id: int) -> int:
    """Mark the certificates of an approved batch as issued: from now on the public query finds them. Returns how many."""
    work.require(Permission.CERTIFICATES_ISSUE)
    batch = get_batch(work, batch_id, lock=True)
    work.move(batch, 'certificates.issue')
    made = certificates_of(work, batch_id)
    if made and work.today < made[0].issued_on:
        raise Refused(f'证书上的发证日期是{made[0].issued_on}，请在当天或之后登记发证。', rule='CERT-16')
    end = end_of(work, batch.filing_id)
    if made and end and end.state == 'confirmed' and made[0].issued_on > end.ended_on:
        raise Refused(f'备案已于{end.ended_on}终止（{end.document_no}），发证日期{made[0].issued_on}在终止之后，不能登记发证；请与鉴定中心联系。', rule='CERT-24')
    for certificate in made:
        work.move(certificate, 'certificate.issue')
        work.keep('certificate.issue', certificate)
    work.keep('certificates.issue', batch)
    return len(made)


def note_print(work: Work, *, batch_id: int, form: str) -> None:
    """Leave the trail of a print or export with full ID numbers; the first print of a certificate is kept with its time."""
    work.require(Permission.CERTIFICATES_PRINT)
    batch = get_batch(work, batch_id)
    if form == 'F-CERT':
        for certificate in certificates_of(work, batch_id):
            if certificate.printed_at is None:
                certificate.printed_at = work.now
                work.keep('certificate.print', certificate)
    work.note('certificates.print', batch, form=form)


def request_reissue(work: Work, *, certificate_id: int, reason: str) -> Reissue:
    """Ask for a duplicate of an issued certificate (lost, damaged); the head decides. raises Refused (CERT-23)"""
    work.require(Permission.CERTIFICATES_ISSUE)
    reason = check_written('补发原因', reason, 4, 500)
    found = get_certificate(work, certificate_id, lock=True)  # one request at a time
    if found.state != 'issued':
        raise Refused('证书还没有登记发证，不需要补发；打坏的在登记发证前重新打印即可。', rule='CERT-23')
    if any(r.state in ('requested', 'approved') for r in reissues_of(work, found.id)):
        raise Refused(f'证书{found.number}已有一项补发没有办完，请先办完它，再申请下一次。', rule='CERT-23')
    reissue = work.make(
        Reissue, certificate_id=found.id, reason=reason, requested_by_id=work.actor.person_id, requested_by=work.actor.printed, requested_at=work.now)
    work.keep('reissue.request', reissue)
    return reissue


def approve_reissue(work: Work, *, reissue_id: int) -> Reissue:
    """Grant a duplicate; another person than who asked for it. raises Refused (CERT-23)"""
    work.require(Permission.CERTIFICATES_APPROVE)
    return _decided(work, reissue_id, 'reissue.approve', '')


def refuse_reissue(work: Work, *, reissue_id: int, opinion: str) -> Reissue:
    """Do not grant a duplicate, with a written opinion. raises Refused"""
    work.require(Permission.CERTIFICATES_APPROVE)
    return _decided(work, reissue_id, 'reissue.refuse', check_written('不予补发的理由', opinion, 4, 500))


def note_reissue(work: Work, *, reissue_id: int) -> Reissue:
    """Leave the trail of a printed duplicate; the first print is the day of the reissue. Number and counter are not touched."""
    work.require(Permission.CERTIFICATES_PRINT)
    reissue, found = reissue_to_print(work, reissue_id, lock=True)
    if reissue.state == 'approved':
        work.move(reissue, 'reissue.print')
        reissue.reissued_on = work.today
        work.keep('reissue.print', reissue)
    work.note('certificate.reissue', found)
    return reissue


def _decided(work: Work, reissue_id: int, verb: str, opinion: str) -> Reissue:
    reissue = work.get(Reissue, reissue_id, lock=True)
    work.move(reissue, verb)
    reissue.decided_by_id, reissue.decided_by, reissue.decided_at, reissue.opinion = work.actor.person_id, work.actor.printed, work.now, opinion
    work.keep(verb, reissue)
    return reissue


def _numbered(work: Work, batch_id: int, filing_number: str, issued_on: date, people: Sequence[Passed]) -> list[Certificate]:
    counters = {level: _locked_counter(work, filing_number, issued_on.year, level) for level in sorted({p.level for p in people})}
    candidates = {c.id: c for c in work.session.exec(select(Candidate).where(Candidate.batch_id == batch_id))}
    made = []
    for person, serial in serials(people, {level: c.last for level, c in counters.items()}):
        candidate = candidates[person.candidate_id]
        certificate = work.make(
            Certificate, batch_id=batch_id, candidate_id=candidate.id, number=certificate_number(filing_number, issued_on.year, person.level, serial),
            filing_number=filing_number, year=issued_on.year, level=person.level, serial=serial, issued_on=issued_on, name=candidate.name,
            id_kind=candidate.id_kind, id_no_sealed=b'', id_no_index=b'', id_no_masked='', occupation=person.occupation,
            occupation_code=person.occupation_code, work_type=person.work_type, org_name=work.org.name)
        work.seal_id(certificate, work.unseal_id(candidate), candidate.id_no_masked)
        counters[person.level].last = serial
        made.append(certificate)
    for counter in counters.values():
        work.keep('certificates.count', counter, last=counter.last)
    work.keep_all('certificate.number', made)
    return made


def _counter(work: Work, filing_number: str, year: int, level: int, *, lock: bool = False) -> SerialCounter | None:
    q = select(SerialCounter).where(SerialCounter.filing_number == filing_number, SerialCounter.year == year, SerialCounter.level == level)
    return work.session.exec(q.with_for_update() if lock else q).first()


def _locked_counter(work: Work, filing_number: str, year: int, level: int) -> SerialCounter:
    counter = _counter(work, filing_number, year, level, lock=True)
    if counter is None:
        counter = work.make(SerialCounter, filing_number=filing_number, year=year, level=level)
        work.keep('certificates.count', counter, last=0)
    return counter


