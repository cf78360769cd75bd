"""What is read of assessments; who sees which score sheet is decided here alone.

An open sheet is seen by its assessor only; a signed one by the others of the panel once their own sheet of the same rubric is signed, and by
the centre's desk. The organisation sees the consolidated sheets after the conclusion, and letters once they are signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from app.access import Permission, Role
from app.assessment.rules import Entries, Entry, Key, Outcome, content_hash, outcome, scored, sheet_faults, sheet_of
from app.assessment.sight import may_edit, panel_seen, sees_sheet
from app.assessment.spreads import Spread, spreads, unreconciled
from app.errors import NotYours
from app.files import file_bytes
from app.filing.queries import handed_in_record, needs_assessment
from app.filing.records import ApplicationRecord
from app.findings import Finding
from app.rubric_models import Rubric
from app.rubrics import SheetResult
from app.work import Work
from db.assessment import Assessment, Assessor, FilingLetter, Publicity, Reconciliation, Rectification, ScoreCell, ScoreSheet
from db.files import Attachment, StoredFile
from db.filing import Application, ApplicationRange
from db.organizations import Filing, Org
from db.users import Person, Post

AT_WORK = ('accepted', 'assessing', 'rectifying', 'assessed', 'failed', 'publicized', 'filed', 'published', 'ended', 'declined')  # states from acceptance on
PHOTO = 'assessment_photo'


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """A line of the list: an application from its acceptance on, with its newest assessment and the actor's part in it.

    answered: a change or an end that needs no assessment, its letter answers it
    """

    application: Application
    org: Org
    assessment: Assessment | None
    mine: Assessor | None
    answered: bool = False


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A sheet as the overview shows it; state and total only where the actor may see the sheet."""

    sheet: ScoreSheet
    name: str  # of the rubric: 公共部分, or the occupation
    assessor: str  # '' for the consolidated one
    visible: bool
    editable: bool


@dataclass(frozen=True, slots=True)
class SheetPage:
    """One sheet whole."""

    assessment: Assessment
    application: Application
    org: Org
    sheet: ScoreSheet
    rubric: Rubric
    range: ApplicationRange | None
    panel: tuple[Assessor, ...]
    assessor: Assessor | None
    entries: Entries
    result: SheetResult
    faults: tuple[Finding, ...]
    photos: Mapping[str, Sequence[Attachment]]  # {item id: photos}
    shown_hash: str
    editable: bool

    @property
    def occupation(self) -> str:
        """Name of the occupation, '' on the public sheet."""
        return range_name(self.range) if self.range else ''


@dataclass(frozen=True, slots=True)
class AssessmentPage:
    """All of an assessment that the actor may see."""

    assessment: Assessment
    application: Application
    org: Org
    ranges: tuple[ApplicationRange, ...]
    panel: tuple[Assessor, ...]
    sheets: tuple[SheetLine, ...]
    consolidated: tuple[SheetLine, ...]
    spreads: tuple[Spread, ...]  # empty until all have signed
    reconciliations: tuple[Reconciliation, ...]
    outcome: Outcome | None  # of signed consolidated sheets
    rectifications: tuple[Rectification, ...]
    publicity: Publicity | None
    letter: FilingLetter | None
    mine: Assessor | None

    @property
    def active(self) -> tuple[Assessor, ...]:
        """Who is still on the panel."""
        return tuple(a for a in self.panel if a.left_at is None)

    @property
    def leads(self) -> bool:
        """Whether the actor leads the panel."""
        return bool(self.mine and self.mine.leads and self.mine.left_at is None)


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """A change or an end that is answered on its papers, as it was handed in, with its letter."""

    application: Application
    org: Org
    record: ApplicationRecord
    filing: Filing
    letter: FilingLetter | None


def range_name(row: ApplicationRange) -> str:
    """Return 车工/数控车床, or the occupation alone."""
    return f'{row.occupation}/{row.work_type}' if row.work_type else row.occupation


def assessments(work: Work, *, find: str = '', state: str = '', before: int = 0, after: int = 0, last: bool = False, limit: int = 25) -> tuple[list[AssessmentRow], bool]:
    """Return applications in scope from their acceptance on, newest first; an assessor those he is on the panel of."""
    work.require(Permission.ASSESSMENT_READ)
    q = _listed(work, find, state)
    rows, more = work.page(q, Application, before=before, after=after, last=last, limit=limit)
    return [AssessmentRow(row, work.get(Org, row.org_id), (a := newest_assessment(work, row.id)), _mine(work, a) if a else None, a is None and not needs_assessment(work, row.id)) for row in rows], more


def count_assessments(work: Work, limit: int, *, find: str = '', state: str = '') -> int:
    """Return how many applications fit the filters, counted up to a limit."""
    work.require(Permission.ASSESSMENT_READ)
    return work.session.exec(select(func.count()).select_from(_listed(work, find, state).limit(limit).subquery())).one()


def application_page(work: Work, application_id: int) -> tuple[Application, Org, list[ApplicationRange]]:
    """Return an application from its acceptance on, with its organisation and what it asks for; raises NotYours."""
    work.require(Permission.ASSESSMENT_READ)
    found = work.get(Application, application_id)
    if found.state not in AT_WORK or (work.actor.is_centre and found.outside_centre):
        raise NotYours
    return found, work.get(Org, found.org_id), ranges_of(work, found.id)


def newest_assessment(work: Work, application_id: int) -> Assessment | None:
    """Return the newest assessment of an application."""
    work.require(Permission.ASSESSMENT_READ)
    return work.session.exec(select(Assessment).where(Assessment.application_id == application_id).order_by(col(Assessment.id).desc())).first()


def candidates(work: Work) -> list[Person]:
    """Return the people of the centre who hold the role of an assessor today."""
    work.require(Permission.ASSESSMENT_ARRANGE)
    posts = work.session.exec(select(Post).where(Post.org_id == work.actor.org_id, Post.role == Role.ASSESSOR.value)).all()
    ids = {p.person_id for p in posts if p.from_on <= work.today and (p.to_on is None or p.to_on >= work.today)}
    return list(work.session.exec(select(Person).where(col(Person.id).in_(ids), col(Person.ended_on).is_(None)).order_by(Person.sort_key)))


def panel_of(work: Work, assessment_id: int) -> list[Assessor]:
    """Return the panel with those who left, the leader first."""
    work.require(Permission.ASSESSMENT_READ)
    return list(work.session.exec(select(Assessor).where(Assessor.assessment_id == assessment_id).order_by(col(Assessor.leads).desc(), col(Assessor.id))))


def sheets_of(work: Work, assessment_id: int) -> list[ScoreSheet]:
    """Return the sheets of those on the panel and the consolidated ones; what stands in them is asked of `sheet_page`."""
    work.require(Permission.ASSESSMENT_READ)
    active = [a.id for a in panel_of(work, assessment_id) if a.left_at is None]
    found = work.session.exec(select(ScoreSheet).where(ScoreSheet.assessment_id == assessment_id).order_by(col(ScoreSheet.id)))
    return [s for s in found if s.assessor_id is None or s.assessor_id in active]


def sheet_page(work: Work, sheet_id: int) -> SheetPage:
    """Return a sheet whole; raises NotYours for one that the actor may not see (yet)."""
    work.require(Permission.ASSESSMENT_READ)
    sheet = work.get(ScoreSheet, sheet_id)
    assessment = work.get(Assessment, sheet.assessment_id)
    panel = panel_of(work, assessment.id)
    if not sees_sheet(work.actor, assessment, sheet, panel, lambda: sheets_of(work, assessment.id)):
        raise NotYours
    entries, rubric = _entries(work, sheet.id), sheet_of(sheet.rubric)
    faults = sheet_faults(rubric, entries, sheet.header, consolidated=sheet.assessor_id is None)
    if sheet.assessor_id is None and sheet.state == 'open':
        faults += open_reconciliations(work, sheet)
    org = work.get(Org, sheet.org_id)
    return SheetPage(
        assessment, work.get(Application, assessment.application_id), org, sheet, rubric,
        work.get(ApplicationRange, sheet.range_id) if sheet.range_id else None, tuple(a for a in panel if a.left_at is None),
        next((a for a in panel if a.id == sheet.assessor_id), None), entries, scored(rubric, entries), tuple(faults), _photos(work, sheet.id),
        content_hash(sheet.rubric, sheet.range_id, sheet.header, entries), may_edit(work.actor, assessment, sheet, panel))


def assessment_page(work: Work, assessment_id: int) -> AssessmentPage:
    """Return what the actor may see of an assessment; raises NotYours, also for an assessor who is not on its panel."""
    work.require(Permission.ASSESSMENT_READ)
    assessment = work.get(Assessment, assessment_id)
    application = work.get(Application, assessment.application_id)
    panel, sheets = panel_of(work, assessment.id), sheets_of(work, assessment.id)
    mine = next((a for a in panel if a.member_id == work.actor.person_id), None)
    if work.actor.role == Role.ASSESSOR and mine is None:
        raise NotYours
    org = work.get(Org, assessment.org_id)
    ranges = ranges_of(work, application.id)
    names = {r.id: range_name(r) for r in ranges}
    people = {a.id: a.name for a in panel}
    lines = [SheetLine(s, names[s.range_id] if s.range_id else '公共部分', people.get(s.assessor_id or 0, ''), sees_sheet(work.actor, assessment, s, panel, lambda: sheets),
                       may_edit(work.actor, assessment, s, panel)) for s in sheets]
    over = all_signed(sheets) and work.actor.is_centre and (mine is None or mine.left_at is None)
    return AssessmentPage(
        assessment, application, org, tuple(ranges), tuple(panel_seen(work.actor, panel)), tuple(x for x in lines if x.sheet.assessor_id and work.actor.is_centre),
        tuple(x for x in lines if x.sheet.assessor_id is None and x.visible), tuple(all_spreads(work, assessment.id)) if over else (),
        tuple(reconciliations(work, assessment.id)) if over else (),
        outcome(settled(work, assessment.id)) if assessment.state != 'open' and (work.actor.is_centre or assessment.state == 'concluded') else None,
        tuple(rectifications(work, assessment.id)), publicity_of(work, application.id), letter_of(work, application.id), mine)


def answer_page(work: Work, application_id: int) -> AnswerPage:
    """Return an accepted change or end that needs no assessment; raises NotYours for any other application."""
    work.require(Permission.ASSESSMENT_READ)
    application = work.get(Application, application_id)
    if application.state not in AT_WORK or application.filing_id is None or needs_assessment(work, application.id):
        raise NotYours
    return AnswerPage(
        application, work.get(Org, application.org_id), handed_in_record(work, application.id), work.get(Filing, application.filing_id), letter_of(work, application.id))


def ranges_of(work: Work, application_id: int) -> list[ApplicationRange]:
    """Return the occupations asked for, in their order."""
    work.require(Permission.ASSESSMENT_READ)
    return list(work.session.exec(select(ApplicationRange).where(ApplicationRange.application_id == application_id).order_by(col(ApplicationRange.seq))))


def all_signed(sheets: Sequence[ScoreSheet]) -> bool:
    """Tell whether every assessor on the panel has signed every sheet of his."""
    own = [s for s in sheets if s.assessor_id is not None]
    return bool(own) and all(s.state == 'signed' for s in own)


def signed_entries(work: Work, assessment_id: int) -> dict[Key, dict[int, Entries]]:
    """Return what the panel signed: {(rubric, range id): {assessor id: entries}}; empty until the last sheet is signed."""
    work.require(Permission.ASSESSMENT_READ)
    sheets = sheets_of(work, assessment_id)
    if not (all_signed(sheets) and work.actor.is_centre):
        return {}
    found: dict[Key, dict[int, Entries]] = {}
    for sheet in sheets:
        if sheet.assessor_id is not None:
            found.setdefault((sheet.rubric, sheet.range_id), {})[sheet.assessor_id] = _entries(work, sheet.id)
    return found


def all_spreads(work: Work, assessment_id: int) -> list[Spread]:
    """Return where the assessors differ, item by item and in the totals; empty until all have signed."""
    work.require(Permission.ASSESSMENT_READ)
    return [s for key, sheets in signed_entries(work, assessment_id).items() for s in spreads(key, sheets)]


def reconciliations(work: Work, assessment_id: int) -> list[Reconciliation]:
    """Return the written reasons for settled scores."""
    work.require(Permission.ASSESSMENT_READ)
    return list(work.session.exec(select(Reconciliation).where(Reconciliation.assessment_id == assessment_id).order_by(col(Reconciliation.id))))


def open_reconciliations(work: Work, sheet: ScoreSheet) -> list[Finding]:
    """Return what still needs a written reconciliation before this consolidated sheet can be signed."""
    work.require(Permission.ASSESSMENT_READ)
    key = (sheet.rubric, sheet.range_id)
    found = spreads(key, signed_entries(work, sheet.assessment_id).get(key, {}))
    written = {r.item for r in reconciliations(work, sheet.assessment_id) if (r.rubric, r.range_id) == key}
    settled_points = {i.id: i.score for i in scored(sheet_of(sheet.rubric), _entries(work, sheet.id)).items}
    return unreconciled(found, Decimal(work.get(Assessment, sheet.assessment_id).spread_line), settled_points, written)


def settled(work: Work, assessment_id: int) -> dict[Key, SheetResult]:
    """Return the signed consolidated sheets scored."""
    work.require(Permission.ASSESSMENT_READ)
    return {(s.rubric, s.range_id): scored(sheet_of(s.rubric), _entries(work, s.id))
            for s in sheets_of(work, assessment_id) if s.assessor_id is None and s.state == 'signed'}


def rectifications(work: Work, assessment_id: int) -> list[Rectification]:
    """Return the points to be put right, in their order."""
    work.require(Permission.ASSESSMENT_READ)
    return list(work.session.exec(select(Rectification).where(Rectification.assessment_id == assessment_id).order_by(col(Rectification.seq))))


def publicity_of(work: Work, application_id: int) -> Publicity | None:
    """Return the publicity of an application."""
    work.require(Permission.ASSESSMENT_READ)
    return work.session.exec(select(Publicity).where(Publicity.application_id == application_id).order_by(col(Publicity.id).desc())).first()


def letter_of(work: Work, application_id: int) -> FilingLetter | None:
    """Return the letter that counts: drafted or signed; an organisation's people see it once it is signed."""
    work.require(Permission.ASSESSMENT_READ)
    states = ('drafted', 'signed') if work.actor.is_centre else ('signed',)
    return work.session.exec(select(FilingLetter).where(FilingLetter.application_id == application_id, col(FilingLetter.state).in_(states)).order_by(col(FilingLetter.id).desc())).first()


def photo(work: Work, attachment_id: int) -> tuple[StoredFile, bytes]:
    """Return a photo of a sheet that the actor may see; raises NotYours."""
    work.require(Permission.ASSESSMENT_READ)
    found = work.get(Attachment, attachment_id)
    sheet_page(work, found.row_id)
    row = work.get(StoredFile, found.file_id)
    return row, file_bytes(row)


def _listed(work: Work, find: str, state: str) -> SelectOfScalar[Application]:
    q = select(Application).where(col(Application.state).in_((state,) if state in AT_WORK else AT_WORK))
    if work.actor.is_centre:  # what another body decides is not this centre's
        q = q.where(col(Application.outside_centre).is_(False))
    if find:
        named = select(Org.id).where(col(Org.name).contains(find, autoescape=True))
        q = q.where(col(Application.org_id).in_(named))
    if work.actor.role == Role.ASSESSOR:
        mine = select(Assessment.application_id).join(Assessor, col(Assessor.assessment_id) == Assessment.id).where(
            Assessor.member_id == work.actor.person_id, col(Assessor.left_at).is_(None))
        q = q.where(col(Application.id).in_(mine))
    return q


def _mine(work: Work, assessment: Assessment) -> Assessor | None:
    return work.session.exec(select(Assessor).where(Assessor.assessment_id == assessment.id, Assessor.member_id == work.actor.person_id)).first()


def _entries(work: Work, sheet_id: int) -> Entries:
    return {c.item: Entry(c.answer, c.remark, c.finding) for c in work.session.exec(select(ScoreCell).where(ScoreCell.sheet_id == sheet_id).order_by(col(ScoreCell.id)))}


def _photos(work: Work, sheet_id: int) -> dict[str, list[Attachment]]:
    found: dict[str, list[Attachment]] = {}
    for row in work.session.exec(select(Attachment).where(Attachment.row_id == sheet_id, col(Attachment.kind).startswith(PHOTO), col(Attachment.ended_on).is_(None)).order_by(col(Attachment.id))):
        found.setdefault(row.kind.partition(':')[2], []).append(row)
    return found
