"""The figures from the score to the archive, and the profile that holds all sections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt

from app.figures import (
    Assessment,
    Choice,
    Codes,
    Comparator,
    Conventions,
    DueDay,
    Filing,
    Frozen,
    Limit,
    Listed,
    RuleIds,
    Scope,
    Setting,
    Switch,
    Text,
    Whole,
    Word,
    Words,
)
from app.figures_exam import (
    Announcement,
    Eligibility,
    Exam,
    Fees,
    Items,
    Papers,
    Photo,
    Plan,
    Registration,
    Rooms,
    Staffing,
    Tickets,
    Video,
)
from app.figures_people import Persons

Subject = Literal['theory', 'practical', 'comprehensive']
Millimetres = Annotated[float, Field(gt=0)]
Points = Annotated[float, Field(gt=0)]  # typographic


class Tier(Setting[RuleIds]):
    """Acts of candidates with one consequence; the years stand where the ban is one of years."""

    cancels: Literal['subject', 'all_subjects']
    ban: Literal['none', 'current_year', 'years']
    light_years: NonNegativeInt | None = None
    serious_years: NonNegativeInt | None = None


class Tiers(Frozen):
    """The three national tiers."""

    subject_cancelled: Tier
    all_and_year: Tier
    all_and_years: Tier


class OrgTiers(Frozen):
    """Acts of organisations by what follows."""

    talk: Setting[RuleIds]
    warn_and_suspend: Setting[RuleIds]
    end_filing: Setting[RuleIds]
    data: Setting[RuleIds]


class ConfirmedBy(Frozen):
    """Who confirms a finding."""

    candidate: Choice
    staff: Choice
    organization: Choice


class Violations(Frozen):
    """`violations:` acts, consequences and procedure."""

    catalogue: Choice
    tiers: Tiers
    same_act_tier: Setting[Literal['national']]
    extra: Setting[RuleIds]
    house_tiers: Setting[RuleIds]
    exam_staff: Setting[RuleIds]
    exam_staff_excluded: Setting[Literal['current_year']]
    examiner_revoked: Setting[RuleIds]
    examiner_revocation_by: Setting[Literal['issuing_body', 'organization']]
    org: OrgTiers
    min_signatures: Limit
    confirmed_by: ConfirmedBy
    steps: Listed
    notice_answer_working_days: Limit
    objection_working_days: Limit
    review_working_days: Limit
    ban_scope: Setting[Literal['all_occupations_all_organizations']]


class ScoreEntryFigures(Frozen):
    """How scores come in and who signs them."""

    theory_from_system: Switch
    double_entry: Switch
    signatures: Listed
    summary_sheet_upload: Switch


class Scores(Frozen):
    """`scores:` full and pass mark in whole points, subjects by level, publicity, kept subjects."""

    full: Whole
    pass_mark: Whole
    subjects: Setting[Mapping[int, tuple[Subject, ...]]]
    absent_score: Whole
    cheating_score: Whole
    publish_within_working_days: Limit
    publicity_working_days: Limit
    single_subject_validity_years: Limit  # null: nothing is carried over
    single_subject_subjects: Setting[tuple[Subject, ...]]
    single_subject_counts_from: Setting[Literal['exam_date']]
    comprehensive_after_others: Switch
    entry: ScoreEntryFigures


class PageLayout(Frozen):
    """One way to print a certificate: millimetres, and typographic points of each text."""

    page_mm: tuple[Millimetres, Millimetres]
    frame_mm: tuple[Millimetres, Millimetres]
    frame_pt: Points
    photo: Literal['one_inch', 'two_inch']
    font: str  # the official name; the embedded open font is chosen by pdf.py
    title_pt: Points
    text_pt: Points
    url_pt: Points


class Layouts(Frozen):
    """The layouts to choose from."""

    handbook: Setting[PageLayout]
    national_2021: Setting[PageLayout]


class Paper(Frozen):
    """Sheet of a certificate."""

    format: Literal['A4']
    orientation: Literal['landscape', 'portrait']


class Certificates(Frozen):
    """`certificates:` what is printed and what is kept about it."""

    empty_work_type: Setting[Literal['----', '——', '--']]
    layout: Setting[Literal['handbook', 'national_2021']]
    layouts: Layouts
    qr_mm: Whole  # side
    query_address: Text
    organization_query_address: Text
    cover_colours: Setting[Mapping[int, Word] | None]
    paper: Setting[Paper]
    ledger: Listed
    reissue_keeps_number: Switch


class QueryNeeds(Setting[Words]):
    """A public query needs at least so many of these."""

    at_least: NonNegativeInt


class Data(Frozen):
    """`data:` certificate data on their way and in public."""

    fields: Listed
    org_upload_working_days: Limit
    batch_submit_months_after_batch_end: Limit
    deadline_shown_first: Setting[Literal['earlier']]
    province_review_working_days: Limit
    centre_publish_working_days: Limit
    correction_working_days: Limit
    refused_after_months: Limit
    late_reason_required: Switch
    name_or_id_only_one_correction: Switch
    physical_delete_allowed: Switch
    delete_after_benefits_cancelled: Switch
    query_needs: QueryNeeds
    query_roles: Listed
    private_fields: Listed


class ReportLimit(Limit):
    """How long a report may take, and who signs it."""

    all_members_sign: bool = False


class PassRate(Limit):
    """Percentage of certificates from which an organisation is watched."""

    comparator: Comparator
    window_months: NonNegativeInt
    base: Word


class SupervisionFigures(Frozen):
    """`supervision:` reports, draws, alarms; score_sheet names a file of assets/rubrics/, null: none."""

    internal_report_days: ReportLimit  # calendar days after the exam
    external_report_working_days: Limit
    external_random_draw: Switch
    pass_rate_alarm_pct: PassRate
    key_target_every_exam: Switch
    forms: Listed
    score_sheet: Setting[Word | None]


class Complaints(Frozen):
    """`complaints:` periods."""

    first_notice_working_days: Limit
    result_working_days: Limit
    counts_from: Setting[Literal['receipt']]
    extension_allowed: Switch


class Loan(Frozen):
    """Lending of archived papers."""

    days: Limit
    renewals: Limit


class Archives(Frozen):
    """`archives:` what is kept, for how long, who sees it."""

    unit: Setting[Literal['batch']]
    contents: Listed
    paper_years: Limit
    electronic_years: Limit
    issued_list: Setting[Literal['forever']]
    loan: Loan
    inspection_witnesses: Listed


class Reports(Frozen):
    """`reports:` yearly reports."""

    annual_due: DueDay
    annual_contents: Listed
    certificate_use_due: DueDay


class Incidents(Frozen):
    """`incidents:` reporting and kinds."""

    first_report_minutes: Limit
    first_report_to: Listed
    power_failure_minutes: Limit
    catalogue: Setting[RuleIds]
    major: Listed
    general: Listed


class Qms(Frozen):
    """`qms:` quality management of the organisation."""

    enabled: Switch
    systems: Listed
    internal_audit_per_year: Limit
    management_review_per_year: Limit
    management_review_inputs: Listed
    management_review_outputs: Listed
    nonconformity_grades: Listed
    corrective_steps: Listed
    satisfaction_survey: Setting[Literal['per_batch', 'per_year']]


class Profile(Frozen):
    """One regulation profile in force: a province's figures, with an organisation's overlay if it has one.

    version: short hash of all figures and of where they come from; a plan keeps the one it was judged by
    origins: {path of a leaf: name of the layer whose value stands}
    """

    name: str
    label: str
    overlay: str
    version: str
    province_code: str  # '' for the national profile
    origins: Mapping[str, str] = Field(repr=False)
    conventions: Conventions
    filing: Filing
    scope: Scope
    assessment: Assessment
    codes: Codes
    plan: Plan
    announcement: Announcement
    eligibility: Eligibility
    registration: Registration
    photo: Photo
    fees: Fees
    tickets: Tickets
    rooms: Rooms
    staffing: Staffing
    papers: Papers
    exam: Exam
    items: Items
    video: Video
    violations: Violations
    scores: Scores
    certificates: Certificates
    data: Data
    supervision: SupervisionFigures
    complaints: Complaints
    persons: Persons
    archives: Archives
    reports: Reports
    incidents: Incidents
    qms: Qms
