"""What every filing is held to, whoever records it: its number and the rows of its annex."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from app.codes import read_occupation_code
from app.errors import Refused
from app.numbers import read_filing_number
from app.organizations.rules import Range, filing_scheme
from app.work import Work
from db.organizations import FiledRange, Filing


def checked_number(work: Work, number: str, audience: str) -> str:
    """Return a filing number that fits the organisation's kind by the province's scheme. raises Refused (ORG-82, CERT-10…CERT-15)"""
    if (work.org.kind == 'technical_school') != (audience in ('own_students', 'society')):
        raise Refused('技工院校须说明评价对象：本校在籍学生或社会人员；其他机构不填此项。', rule='ORG-82')
    scheme, kind = filing_scheme(work.profile.codes.org), f'{work.org.kind}_{audience}' if audience else work.org.kind
    if kind not in scheme.kinds:
        raise Refused('本省没有规定技工院校评价这类对象的备案编码，请与备案部门核实评价对象后再登记。', rule='ORG-82')
    return read_filing_number(number, scheme, kind).text


def check_free(work: Work, number: str) -> None:
    """Refuse a filing number that is or was somebody's (ORG-80, CERT-24)."""
    if work.session.exec(select(Filing.id).where(Filing.number == number, Filing.state == 'ended')).first():
        raise Refused(f'备案号{number}属于已终止的备案，原号保留，不再给任何机构使用；请对照备案函核对。', rule='CERT-24')
    if work.taken(col(Filing.number), number):
        raise Refused(f'备案号{number}已登记，一个备案号只属于一个备案；请对照备案函核对。', rule='ORG-80')


def keep_ranges(work: Work, filing: Filing, ranges: Sequence[Range], *, after: int = 0) -> None:
    """Keep the rows of an annex, numbered on from `after`."""
    for n, row in enumerate(ranges, after + 1):
        work.keep('filing.range', work.make(
            FiledRange, filing_id=filing.id, seq=n, occupation_code=read_occupation_code(row.occupation_code).occupation, occupation=row.occupation, work_type=row.work_type,
            levels=sorted(row.levels, reverse=True), standard=row.standard))
