"""Frozen records of the papers of an assessment: read here, drawn in documents.py and letters.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from sqlmodel import col, select

from app.access import Permission
from app.assessment.queries import letter_of, newest_assessment, publicity_of, ranges_of, settled, sheet_page
from app.assessment.rules import METHODS, Entry, is_declined, letter_kind, outcome, sheet_of
from app.errors import NotYours, Refused
from app.filing.answering import changes_of
from app.filing.answers import given
from app.filing.forms import EndingStep
from app.filing.queries import handed_in_record
from app.filing.records import ApplicationRecord
from app.house import house
from app.organizations.documents import Reply
from app.organizations.queries import held_on
from app.organizations.queries import ranges_of as filed_ranges
from app.rubric_models import Rubric
from app.rubrics import SheetResult, score_sheet
from app.words import ORGANIZATIONS, level_digits, paper_term
from app.work import Work
from db.assessment import Assessment, FilingLetter, Publicity, Rectification
from db.filing import Application
from db.organizations import Org

Row = tuple[str, ...]
BODIES, OTHER_BODIES = '社会培训评价组织', '职业技能等级评价机构'  # employers and schools are not called the first (003 l.202–204)


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """A sheet as it is printed; result None on a blank one.

    head: numbers above the table · signers: (label, name, day) of the foot · done: words of the signature, '' while open
    """

    rubric: Rubric
    org: str
    occupation: str
    method: str
    visited_on: date | None
    head: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, Entry] = field(default_factory=dict)
    result: SheetResult | None = None
    leader: str = ''
    members: tuple[str, ...] = ()
    alone: str = ''  # the assessor whose own sheet it is
    signed_at: datetime | None = None
    printed_at: datetime | None = None
    mark: str = ''


@dataclass(frozen=True, slots=True)
class SelfLine:
    """What an organisation says of one item: evidence, who puts it right, until when."""

    evidence: str = ''
    person: str = ''
    due: str = ''


@dataclass(frozen=True, slots=True)
class PrecheckRecord:
    """F-PRECHECK-SELF: a rubric answered by the organisation itself."""

    rubric: Rubric
    org: str
    occupation: str
    answers: Mapping[str, Mapping[str, object]]
    lines: Mapping[str, SelfLine]
    result: SheetResult
    printed_at: datetime | None = None
    mark: str = ''


@dataclass(frozen=True, slots=True)
class PublicityRecord:
    """F-PUB-FILING."""

    issuer: str
    address: str
    from_on: date
    to_on: date
    contact: str
    rows: tuple[Row, ...]
    made_at: datetime
    mark: str
    bodies: str = BODIES  # what kind of bodies they are


@dataclass(frozen=True, slots=True)
class AnswerLetter:
    """F-INC-REPLY: F-FILING-REPLY for what is added; and the letters on an extension, a change or an end, which have no form of their own.

    kind: increment, extension, change, ending; reply: a first filing, when it is declined · rows: of the annex · changes: (what, before, after) · ended_on, keeper: of an end (ORG-97)
    declined: it says no, body is the reason and basis its ground (ORG-75) · accepted, centre: number of the acceptance, and who hears the applicant's case (ORG-77)
    publicized: first and last day of the publicity · asked: the occupations asked for, as a sentence names them
    """

    kind: str
    org: str
    issuer: str
    letter_no: str
    letter_on: date | None
    basis: str
    body: str
    number: str
    valid: tuple[date, date]
    rows: tuple[Row, ...]
    made_at: datetime
    mark: str
    changes: tuple[Row, ...] = ()
    ended_on: date | None = None
    keeper: str = ''
    declined: bool = False
    accepted: str = ''
    centre: str = ''
    publicized: tuple[date, date] | None = None
    asked: str = ''


@dataclass(frozen=True, slots=True)
class OstaReport:
    """F-OSTA-REPORT."""

    org: Row  # 机构名称 … 有效期
    rows: tuple[Row, ...]
    made_at: datetime


def sheet_record(work: Work, sheet_id: int) -> SheetRecord:
    """Return a sheet that the actor may see as F-TECHEVAL prints it; raises NotYours."""
    work.require(Permission.ASSESSMENT_READ)
    page = sheet_page(work, sheet_id)
    leader = next((a.name for a in page.panel if a.leads), '')
    return SheetRecord(
        page.rubric, page.org.name, page.occupation, METHODS[page.assessment.method], page.assessment.visited_on, dict(page.sheet.header), page.entries, page.result,
        leader, tuple(a.name for a in page.panel if not a.leads), page.assessor.name if page.assessor else '', page.sheet.signed_at, work.now, mark())


def blank_sheet(rubric_id: str) -> SheetRecord:
    """Return an empty sheet for filling in by hand."""
    return SheetRecord(sheet_of(rubric_id), '', '', '', None)


def precheck_record(
    rubric_id: str, org: str, occupation: str, answers: Mapping[str, Mapping[str, object]], lines: Mapping[str, SelfLine], printed_at: datetime) -> PrecheckRecord:
    """Return F-PRECHECK-SELF from answers given or computed; what is open stays open. raises Refused for answers outside the rubric"""
    sheet = sheet_of(rubric_id)
    return PrecheckRecord(sheet, org, occupation, answers, lines, score_sheet(sheet, answers), printed_at, mark())


def publicity_record(work: Work, application_id: int) -> PublicityRecord:
    """Return who is to be filed with which occupations; raises NotYours, Refused before the publicity begins."""
    work.require(Permission.ASSESSMENT_READ)
    application, org = _application(work, application_id)
    shown = publicity_of(work, application.id)
    if shown is None:
        raise Refused('公示还没有开始，请先办理公示。', rule='ORG-70')
    newest = newest_assessment(work, application.id)
    fits = outcome(settled(work, newest.id)).included if newest else ()
    rows = tuple((str(n), org.name, org.credit_code, org.address, r.occupation, r.work_type or '—', level_digits(r.levels))
                 for n, r in enumerate((r for r in ranges_of(work, application.id) if r.id in fits), 1))
    centre = work.get(Org, work.actor.org_id) if work.actor.is_centre else org
    return PublicityRecord(application.receiver or work.actor.org_name, centre.address, shown.from_on, shown.to_on, shown.contact, rows, work.now, mark(),
                           BODIES if org.kind == 'social_training_org' else OTHER_BODIES)


def rows_after(work: Work, application_id: int) -> list[int]:
    """Return the rows whose trail tells what followed the scoring: points put right, publicity, letters, also discarded ones; an organisation's people get those of signed letters."""
    work.require(Permission.ASSESSMENT_READ)
    application, _ = _application(work, application_id)
    letters = select(FilingLetter.id).where(FilingLetter.application_id == application.id)
    points = select(Rectification.id).join(Assessment, col(Assessment.id) == Rectification.assessment_id).where(Assessment.application_id == application.id)
    rows = (points, select(Publicity.id).where(Publicity.application_id == application.id),
            letters if work.actor.is_centre else letters.where(FilingLetter.state == 'signed'))
    return [row_id for q in rows for row_id in work.session.exec(q)]


def answer_record(work: Work, application_id: int) -> AnswerLetter:
    """Return the letter on an increment, extension, change or end, or a no to a first filing, drafted or signed; an organisation's people get it once it is signed."""
    work.require(Permission.ASSESSMENT_READ)
    letter, handed_in = _letter(work, application_id)
    application = work.get(Application, application_id)
    end, shown = given(handed_in, EndingStep) if handed_in.way == 'ending' else EndingStep(), publicity_of(work, application_id)
    return AnswerLetter(
        letter_kind(handed_in.way), handed_in.org.name, letter.issuer, letter.letter_no, letter.letter_on, letter.basis, letter.body, letter.filing_number,
        (letter.valid_from, letter.valid_to), annex_rows(letter.ranges), work.now, mark(drafted=letter.state == 'drafted'), changes_of(handed_in), end.stops_on, end.data_keeper,
        is_declined(letter.kind), application.number, application.receiver, (shown.from_on, shown.to_on) if shown else None,
        '、'.join(f'{r.name}（{level_digits(r.levels)}级）' for r in handed_in.ranges))


def filing_reply(work: Work, application_id: int) -> Reply:
    """Return F-FILING-REPLY, drafted or signed: what the letter itself says, whatever became of the filing since."""
    work.require(Permission.ASSESSMENT_READ)
    letter, handed_in = _letter(work, application_id)
    return Reply(
        handed_in.org.name, letter.issuer, letter.letter_no, letter.letter_on, letter.basis, letter.filing_number, (letter.valid_from, letter.valid_to),
        annex_rows(letter.ranges), work.now, mark(drafted=letter.state == 'drafted'), handed_in.org.kind == 'social_training_org', letter.body)


def giving_application(work: Work, filing_id: int) -> int | None:
    """Return the application whose signed letter gave a filing; None for one that was recorded by hand."""
    work.require(Permission.ORGANIZATIONS_READ)
    return work.session.exec(select(FilingLetter.application_id).join(Application, col(Application.id) == FilingLetter.application_id).where(
        Application.filing_id == filing_id, FilingLetter.kind == 'reply', FilingLetter.state == 'signed')).first()


def _letter(work: Work, application_id: int) -> tuple[FilingLetter, ApplicationRecord]:
    """Return the letter that counts, and what it answers; raises NotYours where there is none for the reader."""
    application, _ = _application(work, application_id)
    letter = letter_of(work, application.id)
    if letter is None:
        raise NotYours
    return letter, handed_in_record(work, application.id)


def osta_record(work: Work, application_id: int) -> OstaReport:
    """Return what is reported to the ministry centre of a filing given by letter (ORG-78)."""
    work.require(Permission.ASSESSMENT_READ)
    application, org = _application(work, application_id)
    letter = letter_of(work, application.id)
    if letter is None or letter.state != 'signed':
        raise Refused('备案函签发以后才能报送备案信息。', rule='ORG-78')
    basics = application.data.get('basics', {}) if isinstance(application.data, dict) else {}
    contact = str(basics.get('contact') or '')
    phone = str(basics.get('contact_phone') or '') or org.phone
    head = (org.name, org.credit_code, letter.filing_number, ORGANIZATIONS[org.kind], org.address, contact, phone, paper_term(letter.valid_from, letter.valid_to))
    return OstaReport(head, annex_rows(letter.ranges or _filed(work, application)), work.now)


def _filed(work: Work, application: Application) -> list[dict[str, object]]:
    """Return the whole filed range: a change has no annex of its own, its filing is reported as it stands now."""
    return [asdict(r) for r in held_on(filed_ranges(work, application.filing_id), work.today)] if application.filing_id else []


def annex_rows(ranges: Sequence[Mapping[str, object]]) -> tuple[Row, ...]:
    """Return the rows of the annex as F-FILING-REPLY prints them: 序号 … 评价依据."""
    return tuple((str(n), str(r['occupation']), str(r['occupation_code']), str(r['work_type']) or '—', level_digits(r['levels']), str(r['standard']))  # type: ignore[arg-type]
                 for n, r in enumerate(ranges, 1))


def mark(*, drafted: bool = False) -> str:
    """Return what is printed across every page: in the demo, and while it is not signed."""
    return '　'.join(filter(None, ('演示样本' if house().demo else '', '草稿' if drafted else '')))


def _application(work: Work, application_id: int) -> tuple[Application, Org]:
    application = work.get(Application, application_id)
    return application, work.get(Org, application.org_id)
