"""What is read of organisations, filings and ranges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.access import Permission
from app.errors import Refused
from app.organizations.rules import Range, check_in_force, check_in_range, check_not_ended
from app.work import Work
from db.organizations import FiledRange, Filing, FilingEnd, Org

SORTS = {'credit_code': col(Org.credit_code)}


@dataclass(frozen=True, slots=True)
class FilingPage:
    """A filing with its organisation, the rows of its annex and its end, where one was recorded."""

    org: Org
    filing: Filing
    ranges: tuple[FiledRange, ...]
    end: FilingEnd | None


def organizations(
    work: Work, *, find: str = '', kind: str = '', sort: str = '', before: int = 0, after: int = 0, last: bool = False, limit: int = 25,
) -> tuple[list[Org], bool]:
    """Return organisations in scope, newest first, and whether more follow in the direction asked. sort: key of SORTS, falling with - before it"""
    work.require(Permission.ORGANIZATIONS_READ)
    return work.page(_filtered(find, kind), Org, before=before, after=after, last=last, limit=limit, sort=sort, sorts=SORTS)


def count_organizations(work: Work, limit: int, *, find: str = '', kind: str = '') -> int:
    """Return how many organisations fit the filters, counted up to a limit; 0 counts all."""
    work.require(Permission.ORGANIZATIONS_READ)
    return work.session.exec(select(func.count()).select_from(_filtered(find, kind).limit(limit or None).subquery())).one()


def filings_of(work: Work) -> list[FilingPage]:
    """Return the filings of the organisation worked on, newest first."""
    work.require(Permission.ORGANIZATIONS_READ)
    found = work.session.exec(select(Filing).where(Filing.org_id == work.org.id).order_by(col(Filing.id).desc())).all()
    return [FilingPage(work.org, f, tuple(ranges_of(work, f.id)), end_of(work, f.id)) for f in found]


def filing_page(work: Work, filing_id: int) -> FilingPage:
    """Return one filing with its annex; raises NotYours."""
    work.require(Permission.ORGANIZATIONS_READ)
    filing = work.get(Filing, filing_id)
    return FilingPage(work.get(Org, filing.org_id), filing, tuple(ranges_of(work, filing.id)), end_of(work, filing.id))


def end_of(work: Work, filing_id: int) -> FilingEnd | None:
    """Return the end of a filing, confirmed or waiting for the second person; None when nobody recorded one."""
    work.require(Permission.ORGANIZATIONS_READ)
    return work.session.exec(select(FilingEnd).where(FilingEnd.filing_id == filing_id)).first()


def proposed_ends(work: Work) -> list[tuple[FilingEnd, Filing]]:
    """Return the ends in scope that wait for the second person, with their filings."""
    work.require(Permission.ORGANIZATIONS_READ)
    q = select(FilingEnd, Filing).join(Filing, col(Filing.id) == FilingEnd.filing_id).where(FilingEnd.state == 'proposed')
    return [(end, filing) for end, filing in work.session.exec(q.order_by(col(FilingEnd.id)))]


def ranges_of(work: Work, filing_id: int) -> list[FiledRange]:
    """Return the rows of a filing's annex in their order."""
    return list(work.session.exec(select(FiledRange).where(FiledRange.filing_id == filing_id).order_by(col(FiledRange.seq), col(FiledRange.id))))


def filing_in_force(work: Work) -> Filing:
    """Return the filing in force today of the organisation worked on; refuses when there is none (ORG-90); outside its term only where the sources fix one (ORG-91)."""
    found = work.session.exec(select(Filing).where(Filing.org_id == work.org.id, Filing.state == 'in_force').order_by(col(Filing.valid_to).desc())).all()
    if not found:
        last = work.session.exec(select(Filing).where(Filing.org_id == work.org.id).order_by(col(Filing.id).desc())).first()
        if last and last.state == 'ended':
            check_in_force(last.state, last.valid_from, last.valid_to, work.today, work.profile.filing.validity_years)
        raise Refused('本机构没有已确认的备案，不能安排认定；请先登记备案函并由第二人确认。', rule='ORG-90')
    filing = next((f for f in found if f.valid_from <= work.today <= f.valid_to), found[0])
    check_in_force(filing.state, filing.valid_from, filing.valid_to, work.today, work.profile.filing.validity_years)
    return filing


def check_filed(work: Work, filing_id: int, occupation_code: str, work_type: str, level: int, day: date) -> Range:
    """Return what is filed of an occupation and work type for an evaluation that ends on a day; refuses a level outside, or ended before it (ORG-90, ORG-99, CERT-18)."""
    rows = ranges_of(work, filing_id)
    held = held_on(rows, day)
    same = [r for r in rows if (r.occupation_code, r.work_type) == (occupation_code, work_type)]
    check_not_ended([(as_range(r), r.ended_on) for r in same], level, day)
    check_in_range(held, occupation_code, work_type, level)
    return next(r for r in held if (r.occupation_code, r.work_type) == (occupation_code, work_type))


def held_on(rows: Iterable[FiledRange], day: date) -> list[Range]:
    """Return what the rows of a filing cover on a day, each occupation and work type once with all its levels (ORG-90)."""
    found: dict[tuple[str, str], Range] = {}
    for row in rows:
        if row.ended_on is None or row.ended_on >= day:
            key, new = (row.occupation_code, row.work_type), as_range(row)
            there = found.get(key, new)
            found[key] = replace(new if row.ended_on is None else there, levels=tuple(sorted({*there.levels, *new.levels}, reverse=True)))
    return list(found.values())


def going_on(rows: Iterable[FiledRange]) -> list[FiledRange]:
    """Return the rows of a filing that have no last day of their own, in their order."""
    return [row for row in rows if row.ended_on is None]


def as_range(row: FiledRange) -> Range:
    """Return a kept row as the value that rules take."""
    return Range(row.occupation_code, row.occupation, row.work_type, tuple(row.levels), row.standard)


def _filtered(find: str, kind: str) -> SelectOfScalar[Org]:
    q = select(Org)
    if find:
        q = q.where(col(Org.name).contains(find, autoescape=True) | col(Org.credit_code).contains(find.upper(), autoescape=True))
    return q.where(Org.kind == kind) if kind else q
