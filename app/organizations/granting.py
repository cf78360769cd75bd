"""What a letter puts into force: a new filing, more occupations, another term, what changed, the end; drafted or copied by one person, put into force by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.access import Permission
from app.checks import check_text, check_written
from app.codes import read_credit_code, read_occupation_code
from app.errors import Refused
from app.findings import refuse_blocks
from app.organizations.filed import check_free, checked_number, keep_ranges
from app.organizations.queries import as_range, end_of, going_on, ranges_of
from app.organizations.rules import CARD, Range, check_end, check_in_force, extension_fault, range_findings
from app.states import state_word
from app.work import Work
from db.organizations import FiledRange, Filing, FilingEnd, Org


@dataclass(frozen=True, slots=True)
class Hand:
    """Who wrote or copied the letter, before the actor put it into force; outside with the scan: a centre that does not use this system."""

    person_id: int
    printed: str
    outside: bool = False
    scan_id: int | None = None


def grant_filing(
    work: Work, *, number: str, letter_no: str, letter_on: date, valid_from: date, valid_to: date, ranges: Sequence[Range], issuer: str, hand: Hand, basis: str = '',
    audience: str = '') -> Filing:
    """Put a filing into force by its letter. raises Refused (ORG-80…ORG-86, ORG-90, OCC-01, OCC-05, OCC-07, OCC-08)"""
    work.require(Permission.FILINGS_CONFIRM)
    _check_side(work, hand)
    filing_number = checked_number(work, number, audience)
    check_free(work, filing_number)
    refuse_blocks(range_findings(ranges, work.profile.scope.major_groups.value))
    filing = work.make(
        Filing, number=filing_number, letter_no=check_text('发文字号', letter_no, 60), letter_on=letter_on, basis=basis, issuer=issuer, valid_from=valid_from, valid_to=valid_to,
        outside=hand.outside, scan_id=hand.scan_id, recorded_by_id=hand.person_id, recorded_by=hand.printed, recorded_at=work.now)
    work.keep('filing.record', filing)
    keep_ranges(work, filing, ranges)
    work.move(filing, 'filing.confirm')
    filing.confirmed_by_id, filing.confirmed_by = work.actor.person_id, work.actor.printed
    work.keep('filing.confirm', filing)
    return filing


def add_ranges(work: Work, *, filing_id: int, ranges: Sequence[Range], hand: Hand) -> Filing:
    """Add occupations to a filing in force; number and term stay. raises Refused (ORG-90, ORG-99, OCC-01…OCC-08)

    A row that goes on takes the new levels; what ended keeps its last day and comes back in a row that goes on.
    """
    work.require(Permission.FILINGS_CONFIRM)
    filing = work.get(Filing, filing_id, lock=True)
    _check_side(work, hand)
    check_in_force(filing.state, filing.valid_from, filing.valid_to, work.today, work.profile.filing.validity_years)
    refuse_blocks(range_findings(ranges, work.profile.scope.major_groups.value))
    filed = ranges_of(work, filing.id)
    there_already = {(r.occupation_code, r.work_type): r for r in going_on(filed)}
    new = []
    for row in ranges:
        code = read_occupation_code(row.occupation_code).occupation
        if there := there_already.get((code, row.work_type)):
            there.levels, there.standard = sorted({*there.levels, *row.levels}, reverse=True), row.standard
            work.keep('filing.range', there)
        else:
            new.append(row)
    keep_ranges(work, filing, new, after=max((r.seq for r in filed), default=0))
    return filing


def extend_filing(work: Work, *, filing_id: int, valid_to: date, ranges: Sequence[Range], hand: Hand) -> Filing:
    """Give a filing in force another term; its number stays, and the levels that the letter names; the rest ends on the old last day (ORG-90).

    raises Refused (ORG-90: no longer term; ORG-93: what the filing does not hold)
    """
    work.require(Permission.FILINGS_CONFIRM)
    filing = _in_force(work, filing_id, hand, '延续', 'ORG-90')
    check_later(valid_to, filing)
    filed = going_on(ranges_of(work, filing.id))
    held = [as_range(r) for r in filed]
    if faults := [fault for r in ranges if (fault := extension_fault(filing.number, held, r))]:
        raise Refused(''.join(faults), rule='ORG-93')
    named = {(read_occupation_code(r.occupation_code).occupation, r.work_type): r.levels for r in ranges}
    for row in filed:
        _keep_levels(work, row, named.get((row.occupation_code, row.work_type), ()), filing.valid_to)
    filing.valid_to = valid_to
    work.keep('filing.extend', filing)
    return filing


def _keep_levels(work: Work, row: FiledRange, named: Sequence[int], last: date) -> None:
    """Let the levels named go on and the others end on a day, in a row of their own where both are there."""
    over, going_on = [x for x in row.levels if x not in named], [x for x in row.levels if x in named]
    if not over:
        return
    ending = row
    if going_on:
        row.levels = going_on
        work.keep('filing.range', row)
        ending = work.make(
            FiledRange, filing_id=row.filing_id, seq=row.seq, occupation_code=row.occupation_code, occupation=row.occupation, work_type=row.work_type, levels=over,
            standard=row.standard, ended_on=last)
    ending.ended_on = last
    work.keep('filing.end_range', ending)


def check_later(valid_to: date, filing: Filing) -> None:
    """Refuse an extension that gives no longer term (ORG-90)."""
    if valid_to <= filing.valid_to:
        raise Refused(f'延续后的截止日期{valid_to}须晚于现在的{filing.valid_to}，请更正。', rule='ORG-90')


def change_filed(work: Work, *, filing_id: int, changes: Mapping[str, tuple[str, str]], letter_no: str, hand: Hand) -> Filing:
    """Change what was filed as the letter says; what has no place on the organisation's card is told in the trail and stands in what was handed in.

    changes: {name, address, credit_code or another key: (before, after)}
    raises Refused when the card says something else by now, and for a name or code of somebody else (ORG-98, VAL-03)
    """
    work.require(Permission.FILINGS_CONFIRM)
    filing = _in_force(work, filing_id, hand, '变更', 'ORG-98')
    for column, (before, after) in changes.items():
        if column not in CARD:
            continue
        word, limit = CARD[column]
        if getattr(work.org, column) != before:
            raise Refused(f'{word}现在登记的是“{getattr(work.org, column)}”，与申报的变更前“{before}”不同，不能按本函变更，请核对。', rule='ORG-98')
        new = read_credit_code(after).text if column == 'credit_code' else check_text(word, after, limit)
        if column != 'address' and work.taken(getattr(Org, column), new):
            raise Refused(f'{word}“{new}”已由另一单位登记，请核对。', rule='VAL-03')
        setattr(work.org, column, new)
    if set(changes) & set(CARD):
        work.keep('organizations.change_filed', work.org, letter=letter_no)
    work.note('filing.change', filing, letter=letter_no, changes=sorted(changes))
    return filing


def end_filing(work: Work, *, filing_id: int, ended_on: date, reason: str, letter_no: str, hand: Hand) -> Filing:
    """End a filing by the letter that answers its holder's report: no batch, number or certificate under it any more (ORG-96, CERT-24). raises Refused"""
    work.require(Permission.FILINGS_CONFIRM)
    filing = _in_force(work, filing_id, hand, '终止', 'CERT-24')
    if end_of(work, filing.id):
        raise Refused(f'备案{filing.number}的终止已另行登记，待第二人确认；请先撤销该登记，或直接确认它。', rule='CERT-24')
    check_end(ended_on, filing.valid_from, work.today, '', filing.number)
    end = work.make(
        FilingEnd, filing_id=filing.id, ended_on=ended_on, reason=check_written('终止原因', reason, 4)[:500], document_no=check_text('决定文号', letter_no, 60),
        outside=hand.outside, scan_id=hand.scan_id, recorded_by_id=hand.person_id, recorded_by=hand.printed, recorded_at=work.now)
    work.keep('filing_end.record', end)
    work.move(end, 'filing_end.confirm')
    end.confirmed_by_id, end.confirmed_by = work.actor.person_id, work.actor.printed
    work.keep('filing_end.confirm', end)
    work.move(filing, 'filing.end')
    work.keep('filing.end', filing)
    return filing


def _check_side(work: Work, hand: Hand) -> None:
    """An organisation puts into force only what it copied from the letter of a centre outside the system (ORG-80)."""
    if not work.actor.is_centre and not (hand.outside and hand.scan_id):
        raise Refused('备案由鉴定中心办理；受理机关不在本系统的，请登记外部决定并上传文书扫描件。', rule='ORG-80')
    if hand.person_id == work.actor.person_id:
        raise Refused('起草或登记的人不能自己使它生效，请由另一位有权限的人员办理。', rule='ORG-80')


def _in_force(work: Work, filing_id: int, hand: Hand, what: str, rule: str) -> Filing:
    filing = work.get(Filing, filing_id, lock=True)
    _check_side(work, hand)
    if filing.state != 'in_force':
        raise Refused(f'备案{filing.number}处于“{state_word("filing", filing.state)}”，只有有效的备案才能{what}。', rule=rule)
    return filing
