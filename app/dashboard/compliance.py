"""The compliance report of an application: what was handed in and the whole procedure, from acceptance to publication, read together (design §2.2)."""

from __future__ import annotations

from dataclasses import dataclass

from app.access import Permission
from app.assessment.queries import letter_of, newest_assessment, publicity_of
from app.assessment.rules import is_declined
from app.filing.documents import printing_of
from app.filing.operations import current_record
from app.filing.papers.blocks import Printing
from app.filing.queries import Page, application_page, centres, filed_rows
from app.filing.records import ApplicationRecord
from app.filing.report import Report, report
from app.filing.report_evidence import Procedure
from app.words import china_time
from app.work import Work
from db.filing import CentreAct

PASSED = ('assessed', 'publicized', 'filed', 'published')


@dataclass(frozen=True, slots=True)
class Compliance:
    """A report with the record it speaks of and how it is printed; sealed: whether that was handed in."""

    report: Report
    record: ApplicationRecord
    printing: Printing
    sealed: bool


def compliance_of(work: Work, application_id: int) -> Compliance:
    """Return the report of an application as the reader may see it: a centre by what was handed in. raises NotYours"""
    work.require(Permission.FILING_READ)
    page = application_page(work, application_id)
    record, sealed = current_record(work, application_id)
    printing = printing_of(work, record, sealed=sealed)
    made = report(
        record, printing.profile, procedure_of(work, page), centres=centres(work), others=filed_rows(work, record), lifted={(x.rule, x.subject) for x in page.lifted})
    return Compliance(made, record, printing, sealed)


def procedure_of(work: Work, page: Page) -> Procedure:
    """Return what has happened to an application so far, as far as the reader may know it."""
    work.require(Permission.ASSESSMENT_READ)
    app = page.app
    acts: dict[str, CentreAct] = {a.verb: a for a in page.acts if a.state == 'in_force'}
    told, refused = acts.get('application.correct'), acts.get('application.refuse')
    accepted = acts.get('application.accept') or acts.get('application.deem_accepted')
    later = [s for s in page.snapshots if s.n > 1]
    assessment, publicity = newest_assessment(work, app.id), publicity_of(work, app.id)
    letter = letter_of(work, app.id)
    signed = letter if letter and letter.state == 'signed' and not is_declined(letter.kind) else None
    return Procedure(
        handed_in_on=china_time(page.snapshots[0].made_at).date() if page.snapshots else None, told_on=told.decided_on if told else None,
        completed_on=china_time(later[-1].made_at).date() if later else None, accepted_on=accepted.decided_on if accepted else None,
        refused_on=refused.decided_on if refused else None,
        assessed_on=china_time(assessment.concluded_at).date() if assessment and assessment.concluded_at else None,
        passed=True if app.state in PASSED else False if app.state == 'failed' else None, publicity_from=publicity.from_on if publicity else None,
        publicity_to=publicity.to_on if publicity else None, filed_on=signed.letter_on if signed else None, reported_on=signed.reported_on if signed else None,
        published_on=signed.published_on if signed else None, number=signed.filing_number if signed else '', valid_to=signed.valid_to if signed else None,
        correction_points=len(page.corrections), answered=sum(bool(c.answer) for c in page.corrections))
