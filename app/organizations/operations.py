"""Registering organisations and the filings that let them evaluate; ending a filing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import col

from app.access import Permission
from app.checks import check_phone, check_text, check_written
from app.codes import read_credit_code
from app.errors import Refused
from app.findings import refuse_unless_accepted
from app.numbers import read_filing_number
from app.organizations.filed import check_free, checked_number, keep_ranges
from app.organizations.queries import end_of
from app.organizations.rules import KINDS, Range, check_end, filing_scheme, range_findings
from app.regulation import profiles
from app.states import state_word
from app.work import Work
from app.workdays import term_end
from db.files import StoredFile
from db.organizations import Filing, FilingEnd, Org


def register_org(
    work: Work, *, name: str, kind: str, credit_code: str, region: str, profile: str, short_name: str = '', address: str = '', phone: str = '') -> Org:
    """Keep an organisation in the centre's regions. raises Refused (VAL-03, ORG-26, SEC-01)"""
    work.require(Permission.ORGANIZATIONS_WRITE)
    values = org_values(name=name, kind=kind, credit_code=credit_code, region=region, profile=profile, short_name=short_name, address=address, phone=phone)
    if not any(region.startswith(r) for r in work.session.regions):
        raise Refused(f'行政区划{region}不在本中心的辖区内，请核对区划代码，或由所在地的中心登记。', rule='SEC-01')
    if work.taken(col(Org.name), values['name']) or work.taken(col(Org.credit_code), values['credit_code']):
        raise Refused(f'“{values["name"]}”已登记（名称或统一社会信用代码相同），请打开原记录；不在本中心辖区的，由所在地的中心办理。', rule='VAL-03')
    org = Org.model_validate(values)
    work.keep('organizations.register', org)
    return org


def org_values(
    *, name: str, kind: str, credit_code: str, region: str, profile: str, short_name: str = '', address: str = '', phone: str = '') -> dict[str, str]:
    """Return the checked values of an organisation. raises Refused (VAL-03)"""
    if kind not in KINDS:
        raise Refused('请选择机构性质：用人单位、社会培训评价组织或技工院校；鉴定中心不能登记为评价机构。', rule='ORG-26')
    return base_values(name=name, kind=kind, credit_code=credit_code, region=region, profile=profile, short_name=short_name, address=address, phone=phone)


def base_values(
    *, name: str, kind: str, credit_code: str, region: str, profile: str, short_name: str = '', address: str = '', phone: str = '') -> dict[str, str]:
    """Return the checked values of an organisation or a centre. raises Refused (VAL-03)"""
    if profile not in profiles():
        raise Refused('没有这个规则档案，请从列表中选择。')
    return {
        'name': check_text('机构名称', name, 100), 'kind': kind, 'credit_code': read_credit_code(credit_code).text, 'region': check_region(region),
        'profile': profile, 'short_name': check_text('简称', short_name, 20, required=False), 'address': check_text('地址', address, 200, required=False), 'phone': check_phone('电话', phone) if phone else ''}


def check_region(region: str) -> str:
    """Return a region code; raises Refused when it is not six digits."""
    if not (len(region) == 6 and region.isascii() and region.isdigit()):
        raise Refused('行政区划代码须为6位数字，例如990102。')
    return region


def record_filing(
    work: Work, *, number: str, letter_no: str, letter_on: date, valid_from: date, ranges: Sequence[Range], issuer: str, basis: str = '',
    valid_to: date | None = None, outside: bool = False, scan_id: int | None = None, reason: str = '', audience: str = '') -> Filing:
    """Keep a filing with its annex, to be confirmed by a second person.

    The centre gives the number; an organisation only copies the letter of a centre outside the system (outside, with its scan: 外部决定)
    reason: accepts warnings · audience: of a technical school, own_students or society · raises Refused (ORG-80, ORG-81…84, ORG-90, OCC-01, OCC-05, OCC-07, OCC-08)
    """
    work.require(Permission.FILINGS_RECORD)
    if not outside and not work.actor.is_centre:
        raise Refused('机构备案号由人力资源社会保障部门赋予，机构不能自编；请选择“外部决定”，照备案函登记并上传扫描件。', rule='ORG-80')
    if outside and scan_id is None:
        raise Refused('照外部决定登记时须上传备案函扫描件，第二人据此确认。', rule='ORG-80')
    if scan_id is not None:
        work.get(StoredFile, scan_id)
    filing_number, profile = checked_number(work, number, audience), work.profile
    years = profile.filing.validity_years.value
    if valid_to is None and years is None:
        raise Refused('本省没有规定备案有效期，请照备案函填写截止日期。', rule='ORG-91')
    valid_to = valid_to or term_end(valid_from, years or 0, work.conventions)
    if valid_to < valid_from:
        raise Refused(f'备案截止日期{valid_to}早于起始日期{valid_from}，请更正。', rule='ORG-90')
    if letter_on > work.today:
        raise Refused(f'备案函日期{letter_on}晚于今天，请核对。', rule='ORG-90')
    refuse_unless_accepted(range_findings(ranges, profile.scope.major_groups.value), reason)
    check_free(work, filing_number)
    filing = work.make(
        Filing, number=filing_number, letter_no=check_text('发文字号', letter_no, 60), letter_on=letter_on, basis=check_text('依据文件', basis, 200, required=False),
        issuer=check_text('发文机关', issuer, 100), valid_from=valid_from, valid_to=valid_to, outside=outside, scan_id=scan_id,
        recorded_by_id=work.actor.person_id, recorded_by=work.actor.printed, recorded_at=work.now)
    work.keep('filing.record', filing, **({'accepted': reason.strip()} if reason.strip() else {}))  # the written reason for warnings
    keep_ranges(work, filing, ranges)
    return filing


def confirm_filing(work: Work, *, filing_id: int) -> Filing:
    """Put a recorded filing into force; another person than who recorded it. raises Refused (ORG-80)"""
    work.require(Permission.FILINGS_CONFIRM)
    filing = work.get(Filing, filing_id, lock=True)
    if not filing.outside and not work.actor.is_centre:
        raise Refused('本备案由鉴定中心办理，须由中心的另一人确认。', rule='ORG-80')
    work.move(filing, 'filing.confirm')
    filing.confirmed_by_id, filing.confirmed_by = work.actor.person_id, work.actor.printed
    work.keep('filing.confirm', filing)
    return filing


def record_end(
    work: Work, *, filing_id: int, ended_on: date, reason: str, document_no: str, successor: str = '', scan_id: int | None = None) -> FilingEnd:
    """Record that a filing in force has ended, to be confirmed by a second person; until then it stays in force.

    successor: filing number that goes on after a merger, '' without one
    An organisation only copies the decision of a centre outside the system, with its scan (外部决定). raises Refused (CERT-24, CERT-10…15)
    """
    work.require(Permission.FILINGS_RECORD)
    filing = work.get(Filing, filing_id, lock=True)
    if scan_id is not None:
        work.get(StoredFile, scan_id)
    outside = not work.actor.is_centre
    if outside and not filing.outside:
        raise Refused('本备案由鉴定中心在系统中办理，终止也由中心登记；自愿终止的，请报告中心。', rule='ORG-96')
    if outside and scan_id is None:
        raise Refused('照外部决定登记时须上传终止决定的扫描件，第二人据此确认。', rule='CERT-24')
    if filing.state != 'in_force':
        raise Refused(f'备案{filing.number}处于“{state_word("filing", filing.state)}”，只有有效的备案才能登记终止。', rule='CERT-24')
    if end_of(work, filing.id):
        raise Refused(f'备案{filing.number}的终止已登记，待第二人确认；登记有误的，请先撤销登记。', rule='CERT-24')
    number = read_filing_number(successor, filing_scheme(work.profile.codes.org)).text if successor.strip() else ''
    check_end(ended_on, filing.valid_from, work.today, number, filing.number)
    end = work.make(
        FilingEnd, filing_id=filing.id, ended_on=ended_on, reason=check_written('终止原因', reason, 4, 500), document_no=check_text('决定文号', document_no, 60),
        successor=number, outside=outside, scan_id=scan_id, recorded_by_id=work.actor.person_id, recorded_by=work.actor.printed, recorded_at=work.now)
    work.keep('filing_end.record', end)
    return end


def confirm_end(work: Work, *, filing_id: int) -> Filing:
    """End a filing: no batch, number or certificate under it any more, its number is kept; another person than who recorded it. raises Refused"""
    work.require(Permission.FILINGS_CONFIRM)
    filing = work.get(Filing, filing_id, lock=True)
    end = _recorded_end(work, filing)
    if not end.outside and not work.actor.is_centre:
        raise Refused('本备案的终止由鉴定中心登记，须由中心的另一人确认。', rule='CERT-24')
    work.move(end, 'filing_end.confirm')
    end.confirmed_by_id, end.confirmed_by = work.actor.person_id, work.actor.printed
    work.keep('filing_end.confirm', end)
    work.move(filing, 'filing.end')
    work.keep('filing.end', filing)
    return filing


def withdraw_end(work: Work, *, filing_id: int) -> None:
    """Take back an end that was recorded by mistake and not yet confirmed; the trail keeps that it was there. raises Refused"""
    work.require(Permission.FILINGS_RECORD)
    end = _recorded_end(work, work.get(Filing, filing_id, lock=True))
    if not end.outside and not work.actor.is_centre:
        raise Refused('本备案的终止由鉴定中心登记，须由中心撤销。', rule='CERT-24')
    if end.state != 'proposed':
        raise Refused('终止已经确认生效，不能撤销；重新取得备案的，请登记新的备案函。', rule='CERT-24')
    work.remove('filing_end.withdraw', end)


def _recorded_end(work: Work, filing: Filing) -> FilingEnd:
    end = end_of(work, filing.id)
    if end is None:
        raise Refused(f'备案{filing.number}没有登记终止，请刷新页面。', rule='CERT-24')
    return end


def note_print(work: Work, *, form: str) -> None:
    """Leave the trail entry of a paper or workbook of a register of the organisation that was drawn; the reader of the register has asked for its permission."""
    work.require(Permission.ORGANIZATIONS_READ)
    work.note('organizations.print', work.org, form=check_text('表号', form, 60))


def change_org(work: Work, *, column: str, shown: str, new: str) -> bool:
    """Save one field of the organisation's card as typed; returns False when nothing changed. raises Refused, Changed"""
    work.require(Permission.FILINGS_RECORD if work.actor.org_id == work.org.id else Permission.ORGANIZATIONS_WRITE)
    words = {'short_name': ('简称', 20), 'address': ('地址', 200), 'phone': ('电话', 30)}
    if column not in words:
        raise Refused('名称、信用代码和区划不能在此修改，请由鉴定中心办理变更。', rule='ORG-98')
    word, limit = words[column]
    checked = check_phone(word, new) if column == 'phone' and new.strip() else check_text(word, new, limit, required=False)
    if not work.change(work.org, column, shown=shown, new=checked, word=word):
        return False
    work.keep('organizations.change', work.org)
    return True
