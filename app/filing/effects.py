"""What the letter that decides on an application does to the register of filings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.filing.answers import given
from app.filing.forms import ChangeStep, EndingStep
from app.filing.queries import handed_in_record
from app.filing.ways import WAYS
from app.organizations.granting import Hand, add_ranges, change_filed, end_filing, extend_filing, grant_filing
from app.organizations.rules import Range
from app.work import Work
from db.filing import Application
from db.organizations import Filing


@dataclass(frozen=True, slots=True)
class Given:
    """What a letter gives; number, term and ranges only where it gives a filing, more occupations or another term."""

    letter_no: str
    letter_on: date
    issuer: str
    basis: str = ''
    number: str = ''
    valid_from: date | None = None
    valid_to: date | None = None
    ranges: tuple[Range, ...] = ()


def put_into_force(work: Work, app: Application, letter: Given, hand: Hand) -> Filing:
    """Let the letter work on the register: a new filing, more occupations, another term, what changed, the end. raises Refused"""
    if app.way == 'change' and app.filing_id:
        rows = given(handed_in_record(work, app.id), ChangeStep).changes
        return change_filed(work, filing_id=app.filing_id, changes={r.what: (r.before, r.after) for r in rows}, letter_no=letter.letter_no, hand=hand)
    if app.way == 'ending' and app.filing_id:
        said = given(handed_in_record(work, app.id), EndingStep)
        return end_filing(work, filing_id=app.filing_id, ended_on=said.stops_on or letter.letter_on, reason=said.explanation, letter_no=letter.letter_no, hand=hand)
    assert letter.valid_from and letter.valid_to  # every other letter gives a term
    if app.way == 'increment' and app.filing_id:
        return add_ranges(work, filing_id=app.filing_id, ranges=letter.ranges, hand=hand)
    if app.way == 'extension' and app.filing_id:
        return extend_filing(work, filing_id=app.filing_id, valid_to=letter.valid_to, ranges=letter.ranges, hand=hand)
    return grant_filing(
        work, number=letter.number, letter_no=letter.letter_no, letter_on=letter.letter_on, valid_from=letter.valid_from, valid_to=letter.valid_to, ranges=letter.ranges,
        issuer=letter.issuer, basis=letter.basis, audience=WAYS[app.way].audience, hand=hand)
