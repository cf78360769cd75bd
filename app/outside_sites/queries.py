"""What is read of outside places: an organisation its own, a centre what was handed in, never a draft."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.access import Permission
from app.batches.queries import group_word, groups_of
from app.errors import NotYours
from app.files import attachments
from app.filing.queries import centres
from app.findings import Finding
from app.house import calendar
from app.organizations.queries import filing_page
from app.outside_sites.records import EquipmentLine, GroupLine, SiteRecord, StaffLine
from app.outside_sites.rules import Judged, site_findings
from app.personnel.queries import staff_members
from app.premises.queries import sites as premises
from app.work import Work
from db.batches import Batch
from db.organizations import Org
from db.outside_sites import OutsideSite, SiteOpinion
from db.registration import Candidate


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One line of the list."""

    site: OutsideSite
    org: str
    batch: str


@dataclass(frozen=True, slots=True)
class SitePage:
    """A request with what the centres said: `record` as handed in, of a draft as it stands."""

    site: OutsideSite
    record: SiteRecord
    opinions: tuple[SiteOpinion, ...]


def outside_sites(
        work: Work, *, find: str = '', state: str = '', before: int = 0, after: int = 0, last: bool = False, limit: int = 25) -> tuple[list[SiteLine], bool]:
    """Return requests in scope, newest first, and whether more follow in the direction asked."""
    work.require(Permission.OUTSIDE_SITES_READ)
    rows, more = work.page(_filtered(work, find, state), OutsideSite, before=before, after=after, last=last, limit=limit)
    orgs = {o.id: o.name for o in work.session.exec(select(Org).where(col(Org.id).in_({r.org_id for r in rows})))}
    numbers = {b.id: b.number for b in work.session.exec(select(Batch).where(col(Batch.id).in_({r.batch_id for r in rows})))}
    return [SiteLine(r, orgs[r.org_id], numbers[r.batch_id]) for r in rows], more


def count_outside_sites(work: Work, limit: int, *, find: str = '', state: str = '') -> int:
    """Return how many requests fit the filters, counted up to a limit; 0 counts all."""
    work.require(Permission.OUTSIDE_SITES_READ)
    return work.session.exec(select(func.count()).select_from(_filtered(work, find, state).limit(limit or None).subquery())).one()


def seen(work: Work, outside_site_id: int, *, lock: bool = False) -> OutsideSite:
    """Return a request that the reader may see; raises NotYours, also to a centre for what was never handed in."""
    work.require(Permission.OUTSIDE_SITES_READ)
    site = work.get(OutsideSite, outside_site_id, lock=lock)
    if work.actor.is_centre and site.handed_in_at is None:
        raise NotYours
    return site


def site_page(work: Work, outside_site_id: int) -> SitePage:
    """Return one request; raises NotYours."""
    work.require(Permission.OUTSIDE_SITES_READ)
    site = seen(work, outside_site_id)
    found = work.session.exec(select(SiteOpinion).where(SiteOpinion.outside_site_id == site.id).order_by(col(SiteOpinion.id)))
    return SitePage(site, record_of(work, site), tuple(found))


def record_of(work: Work, site: OutsideSite) -> SiteRecord:
    """Return what was handed in, as it was; of a draft what the form, the batch and the register of people say now."""
    work.require(Permission.OUTSIDE_SITES_READ)
    if site.record:
        return SiteRecord.model_validate_json(site.record)
    batch, org = work.get(Batch, site.batch_id), work.get(Org, site.org_id)
    counted = dict(work.session.execute(select(Candidate.group_id, func.count()).where(Candidate.batch_id == batch.id).group_by(col(Candidate.group_id))).all())
    people = {str(m.person.id): m for m in staff_members(work)}
    staff = []
    for row in site.staff:
        m = people.get(row['person'])
        staff.append(StaffLine(
            person=row['person'], name=m.person.name if m else '', post=m.person.title if m else '', duty=row['duty'],
            own_full_time=bool(m and m.staff.full_time and m.staff.own_staff)))
    return SiteRecord(
        org=org.name, org_region=org.region, filing_number=filing_page(work, batch.filing_id).filing.number, batch=batch.number, first_on=batch.first_on,
        last_on=batch.last_on, name=site.name, address=site.address, city=site.city, region=site.region, reason=site.reason,
        groups=tuple(GroupLine(name=group_word(g), people=counted.get(g.id, 0)) for g in groups_of(work, batch.id)), area_dm2=site.area_dm2,
        equipment=tuple(EquipmentLine(**row) for row in site.equipment), video=site.video, staff=tuple(staff), proofs=tuple(a.title for a in attachments(work, site.id)))


def findings_of(work: Work, outside_site_id: int) -> list[Finding]:
    """Return what is wrong with a draft if it were handed in today."""
    work.require(Permission.OUTSIDE_SITES_READ)
    site = seen(work, outside_site_id)
    asked = work.session.exec(select(OutsideSite).where(OutsideSite.batch_id == site.batch_id, col(OutsideSite.state).in_(('handed_in', 'agreed'))))
    return site_findings(record_of(work, site), Judged(
        work.profile, work.today, work.conventions, calendar(), [(s.name, s.address) for s in premises(work)], [(s.name, s.address) for s in asked if s.id != site.id]))


def local_centre(work: Work, region: str) -> str:
    """Return the centre of this installation nearest to a region; '' when none of it uses the system."""
    work.require(Permission.FILING_READ)
    near = sorted((code, name) for code, name in centres(work).items() if region.startswith(code.removesuffix('00').removesuffix('00')))
    return near[-1][1] if near else ''


def _filtered(work: Work, find: str, state: str) -> SelectOfScalar[OutsideSite]:
    q = select(OutsideSite)
    if work.actor.is_centre:
        q = q.where(col(OutsideSite.handed_in_at).is_not(None))
    if find:
        q = q.where(col(OutsideSite.name).contains(find, autoescape=True) | col(OutsideSite.address).contains(find, autoescape=True))
    return q.where(OutsideSite.state == state) if state else q
