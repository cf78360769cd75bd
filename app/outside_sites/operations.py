"""Asking for a place outside the filed premises, handing the request in, and what the centres say of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlmodel import col, select

from app.access import Permission
from app.batches.queries import batch as get_batch
from app.checks import check_text, check_written
from app.errors import Refused
from app.files import Scan, attach, end_attachment
from app.findings import refuse_unless_accepted
from app.ledger_items import Known, Written, read_item
from app.ledgers import change_row
from app.outside_sites.queries import findings_of, local_centre, record_of, seen
from app.outside_sites.records import MOST_ROWS, PROOFS, SEATS, SITES, TABLES, SiteRecord
from app.outside_sites.rules import check_batch, needed_seats
from app.personnel.queries import staff_members
from app.states import state_word
from app.words import china_time
from app.work import Work
from db.batches import Batch
from db.files import Attachment, StoredFile
from db.outside_sites import OutsideSite, SiteOpinion

Row = Mapping[str, str]


def start_site(work: Work, *, batch_id: int, name: str) -> OutsideSite:
    """Begin a request for one batch that has not begun. raises Refused (PLAN-26)"""
    work.require(Permission.OUTSIDE_SITES_WRITE)
    batch = get_batch(work, batch_id)
    check_batch(batch.number, batch.state, batch.first_on, work.today)
    site = work.make(OutsideSite, batch_id=batch.id, name=read_item(SITES.item('name'), name, Known(work.today)), made_by_id=work.actor.person_id)
    work.keep('outside_site.start', site)
    return site


def change_site(work: Work, *, outside_site_id: int, column: str, shown: Written, new: Written) -> str:
    """Save one field of a draft as typed and return it as written; the trail tells of it when the form is left. raises Refused, Changed"""
    work.require(Permission.OUTSIDE_SITES_WRITE)
    return change_row(work, SITES, _draft(work, outside_site_id), key=column, shown=shown, new=new, draft=True)


def write_row(work: Work, *, outside_site_id: int, column: str, at: int, shown: Row | None, new: Row | None, by: int = 0) -> list[dict[str, str]]:
    """Add (shown None), change, take out (new None) or move (by) a row of a table; returns all rows.

    raises Refused, also when the row no longer holds what was shown, for an unknown person and for what its column does not take
    """
    work.require(Permission.OUTSIDE_SITES_WRITE)
    site = _draft(work, outside_site_id)
    if column not in TABLES:
        raise Refused('没有这张表，请刷新页面后重新填写。')
    title, items = TABLES[column]
    rows = list(getattr(site, column))
    if shown is None and len(rows) >= MOST_ROWS:
        raise Refused(f'“{title}”最多{MOST_ROWS}行，请合并同类项，或作为附件上传清单。')
    if shown is not None and (not 0 <= at < len(rows) or rows[at] != dict(shown)):
        raise Refused(f'“{title}”第{at + 1}行已由他人改动，您的内容没有覆盖它，请刷新页面后核对。')
    kept = [{i.key: str(read_item(i, new.get(i.key, ''), Known(work.today))) for i in items}] if new is not None else []
    if column == 'staff' and kept and kept[0]['person'] not in {'', *(str(m.person.id) for m in staff_members(work))}:
        raise Refused('此人不在人员登记册中，请先登记，或从列表中选择。', rule='PLAN-27')
    rest, to = (rows, len(rows)) if shown is None else ([*rows[:at], *rows[at + 1:]], max(at + by, 0))
    setattr(site, column, [*rest[:to], *kept, *rest[to:]])
    work.keep_draft(site, 'outside_site.change')
    return list(getattr(site, column))


def leave_site(work: Work, *, outside_site_id: int) -> bool:
    """Leave the one trail entry of what was written since the last one; returns whether there was anything to tell."""
    work.require(Permission.OUTSIDE_SITES_WRITE)
    return work.keep_written('outside_site.change', seen(work, outside_site_id, lock=True))


def attach_proof(work: Work, *, outside_site_id: int, scan: Scan, kind: str = 'proof', title: str = '') -> Attachment:
    """Make a stored scan the proof of the place; app/files.store_scan has judged its kind and size. raises Refused"""
    work.require(Permission.OUTSIDE_SITES_WRITE)
    return attach(work, _draft(work, outside_site_id), scan, kind=kind, kinds=PROOFS, title=title)


def end_proof(work: Work, *, outside_site_id: int, attachment_id: int) -> Attachment:
    """End a proof of a draft; its file stays. raises Refused"""
    work.require(Permission.OUTSIDE_SITES_WRITE)
    return end_attachment(work, _draft(work, outside_site_id), attachment_id)


def hand_in(work: Work, *, outside_site_id: int, shown_sha256: str, reason: str = '') -> OutsideSite:
    """Freeze a request and hand it in, once. reason: why it comes late · shown_sha256: of the record that was shown

    raises Refused with every block, for a late one without a reason and for what changed since it was shown (PLAN-20, PLAN-26, PLAN-27, ORG-100)
    """
    work.require(Permission.OUTSIDE_SITES_WRITE)
    site = seen(work, outside_site_id, lock=True)
    work.move(site, 'outside_site.hand_in')
    _check_batch(work, site)
    record = record_of(work, site)
    if record.sha256 != shown_sha256:
        raise Refused('申请内容在您打开本页后有改动，请刷新页面，核对后再提交。')
    found = findings_of(work, site.id)
    refuse_unless_accepted(found, reason)
    late = check_written('逾期报送的原因', reason, 4, 500) if any(f.severity == 'warn' for f in found) else ''
    site.record, site.handed_in_at = record.model_copy(update={'late_reason': late}).model_dump_json(), work.now
    work.keep('outside_site.hand_in', site)
    return site


def withdraw_site(work: Work, *, outside_site_id: int, reason: str = '') -> OutsideSite:
    """Give a draft up, or take back what was handed in, with a written reason. raises Refused"""
    work.require(Permission.OUTSIDE_SITES_WRITE)
    site = seen(work, outside_site_id, lock=True)
    written = check_written('撤回原因', reason, 4, 500) if site.state == 'handed_in' else reason.strip()
    work.move(site, 'outside_site.withdraw')
    site.ended_on = work.today
    work.keep('outside_site.withdraw', site, reason=written)
    return site


# ------------------------------------------------------------------ opinions of the centres


def give_opinion(work: Work, *, outside_site_id: int, agrees: bool, text: str = '') -> SiteOpinion:
    """Say as the local centre whether the place may be used; a refusal, and a permission in spite of lateness, are reasoned. raises Refused (PLAN-26, PLAN-20, PLAN-21)"""
    work.require(Permission.OUTSIDE_SITES_DECIDE)
    site, record = _handed_in(work, outside_site_id, 'local')
    text = _reasoned(record, agrees, text)
    opinion = work.make(
        SiteOpinion, outside_site_id=site.id, seat='local', state='in_force', agrees=agrees, text=text, issuer=work.actor.org_name, decided_on=work.today,
        recorded_by_id=work.actor.person_id, recorded_by=work.actor.printed, recorded_at=work.now)
    work.keep('outside_site.opinion', opinion)
    _settle(work, site, record, opinion)
    return opinion


def record_opinion(
        work: Work, *, outside_site_id: int, seat: str, agrees: bool, number: str, decided_on: date, issuer: str, scan_id: int, text: str = '') -> SiteOpinion:
    """Copy the letter of a centre that does not see the request here (外部决定), again in place of one not yet confirmed; a second person confirms it. raises Refused (PLAN-26)"""
    work.require(Permission.OUTSIDE_SITES_WRITE)
    site, record = _handed_in(work, outside_site_id, seat)
    work.get(StoredFile, scan_id)
    if seat == 'local' and (centre := local_centre(work, record.org_region)):
        raise Refused(f'属地鉴定中心（{centre}）在本系统中签署意见，机构不能代为登记。', rule='PLAN-26')
    handed_on = china_time(site.handed_in_at).date() if site.handed_in_at else work.today
    if not handed_on <= decided_on <= work.today:
        raise Refused(f'文书日期{decided_on}不在提交申请（{handed_on}）至今天之间，请对照文书核对。', rule='PLAN-26')
    for former in (o for o in _opinions(work, site) if (o.seat, o.state) == (seat, 'proposed')):
        work.remove('outside_site.drop_opinion', former)
    opinion = work.make(
        SiteOpinion, outside_site_id=site.id, seat=seat, agrees=agrees, text=_reasoned(record, agrees, text, late=False), issuer=check_text('发文机关', issuer, 100),
        number=check_text('文书编号', number, 60), decided_on=decided_on, scan_id=scan_id, recorded_by_id=work.actor.person_id, recorded_by=work.actor.printed,
        recorded_at=work.now)
    work.keep('outside_site.record_opinion', opinion)
    return opinion


def confirm_opinion(work: Work, *, opinion_id: int) -> SiteOpinion:
    """Compare a copied letter with its scan and put it into force; another person than who copied it. raises Refused (PLAN-26)"""
    work.require(Permission.OUTSIDE_SITES_CONFIRM)
    opinion = work.get(SiteOpinion, opinion_id, lock=True)
    site = seen(work, opinion.outside_site_id, lock=True)
    _check_waiting(site)
    work.move(opinion, 'outside_site.confirm_opinion')
    opinion.confirmed_by_id, opinion.confirmed_by = work.actor.person_id, work.actor.printed
    work.keep('outside_site.confirm_opinion', opinion)
    _settle(work, site, record_of(work, site), opinion)
    return opinion


# ------------------------------------------------------------------ inside


def _draft(work: Work, outside_site_id: int) -> OutsideSite:
    site = seen(work, outside_site_id, lock=True)
    if site.state != 'drafted':
        raise Refused(f'本申请处于“{state_word("outside_site", site.state)}”，内容已经封存，不能修改；需要更改的请撤回后重新申请。', rule='PLAN-26')
    return site


def _check_batch(work: Work, site: OutsideSite) -> None:
    batch = work.get(Batch, site.batch_id)
    check_batch(batch.number, batch.state, batch.first_on, work.today)


def _check_waiting(site: OutsideSite) -> None:
    if site.state != 'handed_in':
        raise Refused(f'本申请处于“{state_word("outside_site", site.state)}”，只有待中心意见的申请才能签署或登记意见。', rule='PLAN-26')


def _handed_in(work: Work, outside_site_id: int, seat: str) -> tuple[OutsideSite, SiteRecord]:
    """Return a request that waits for the opinion of a seat, locked. raises Refused"""
    site = seen(work, outside_site_id, lock=True)
    _check_waiting(site)
    record = record_of(work, site)
    if seat not in needed_seats(record, work.profile):
        raise Refused('本申请不需要这一意见：外部考点不跨市（州）的，只须属地鉴定中心许可。', rule='PLAN-26')
    if any((o.seat, o.state) == (seat, 'in_force') for o in _opinions(work, site)):
        raise Refused(f'{SEATS[seat]}的意见已经签署或核对生效，请刷新页面。', rule='PLAN-26')
    return site, record


def _opinions(work: Work, site: OutsideSite) -> list[SiteOpinion]:
    return list(work.session.exec(select(SiteOpinion).where(SiteOpinion.outside_site_id == site.id).order_by(col(SiteOpinion.id))))


def _reasoned(record: SiteRecord, agrees: bool, text: str, *, late: bool = True) -> str:
    """Return the text of an opinion; without one nobody refuses, and no late request is agreed to."""
    if not agrees:
        return check_written('不同意的理由', text, 4, 1000)
    if late and record.late_reason:
        return check_written('同意逾期申请的理由', text, 4, 1000)
    return check_text('意见', text, 1000, required=False)


def _settle(work: Work, site: OutsideSite, record: SiteRecord, opinion: SiteOpinion) -> None:
    """Let an opinion in force work on the request: one refusal ends it, every needed permission together grants it."""
    if opinion.agrees:
        _check_batch(work, site)
    given = {o.seat: o.agrees for o in _opinions(work, site) if o.state == 'in_force'}
    if not all(given.values()):
        work.move(site, 'outside_site.refuse')
        site.ended_on = work.today
        work.keep('outside_site.refuse', site)
    elif set(needed_seats(record, work.profile)) <= set(given):
        work.move(site, 'outside_site.agree')
        work.keep('outside_site.agree', site)
