"""The figures of an exam: plans, announcement, registration, rooms, staff, papers, timeline, items, video."""

from __future__ import annotations

from typing import Literal

from pydantic import NonNegativeInt

from app.figures import (
    Body,
    Choice,
    Combine,
    Comparator,
    DueDay,
    Enforcement,
    Frozen,
    Limit,
    Listed,
    MaybeChoice,
    RuleIds,
    Setting,
    Span,
    Switch,
    Title,
    Whole,
    Word,
)

ItemUnit = Literal['item', 'paper_set']


class AnnualChange(Setting[Word]):
    """What a changed annual plan needs; lead_months: how long before, null: no period."""

    lead_months: NonNegativeInt | None = None


class OutsideVenue(Frozen):
    """Evaluating elsewhere than at the filed venue."""

    permission: Setting[Body]
    other_city: Setting[Literal['both_centres']]
    other_region: Setting[Literal['forbidden', 'with_permission']]
    each_case: Switch


class Plan(Frozen):
    """`plan:` annual plan and batch plan."""

    annual_due: DueDay
    annual_handed_in_due: DueDay
    annual_change: AnnualChange
    annual_fields: Listed
    batch_lead_working_days: Limit
    batch_fields: Listed
    approval_before_filing: MaybeChoice
    registration_lead_months: Limit
    preparation_done_days_before: Limit
    outside_venue: OutsideVenue


class Announcement(Frozen):
    """`announcement:` what a notice must say and must not say."""

    fields: Listed
    forbidden_words: Setting[tuple[str, ...]]


class Eligibility(Frozen):
    """`eligibility:` where the conditions of a level come from; fallback_set names a file of conditions/."""

    basis: Setting[Literal['occupational_standard']]
    fallback_set: Choice
    fallback_enforcement: Setting[Enforcement]
    min_age: Limit
    own_conditions_for_employers: Switch


class Registration(Frozen):
    """`registration:` papers of a registration."""

    required_scans: Listed
    duplicate_form_copies: Whole
    online_check_replaces_paper: Switch


class SizeMm(Frozen):
    """Width and height in millimetres."""

    width: NonNegativeInt
    height: NonNegativeInt


class PortraitKind(Setting[Literal['one_inch', 'two_inch']]):
    """Which portrait a paper asks for."""

    background: Literal['white', 'any']


class Photo(Frozen):
    """`photo:` portraits."""

    application: PortraitKind
    certificate: PortraitKind
    card: Setting[SizeMm]
    one_inch: Setting[SizeMm]
    two_inch: Setting[SizeMm]


class Fees(Frozen):
    """`fees:` what may be charged."""

    filing_fee: Whole  # yuan
    registration_fee_allowed: Switch
    basis: Choice
    separate_receipt: Switch
    material_by_candidate: Switch


class Tickets(Frozen):
    """`tickets:` what an admission ticket says."""

    fields: Listed


class Rooms(Frozen):
    """`rooms:` exam rooms."""

    seats_min_computer_room: Limit
    candidates_max_per_room: Limit
    spacing_cm: Limit
    privacy_screens_for_computers: Switch
    site_rooms: Listed


class Invigilators(Frozen):
    """`count` for each begun `per_candidates`, never fewer than `min_per_room`; lead and assistant are among them."""

    per_candidates: Whole
    count: Whole
    min_per_room: Whole
    lead: Limit
    assistant: Limit
    drawn_by_lot: Switch


class ExaminerGroup(Frozen):
    """How many examiners."""

    group_min: Limit
    per_occupation_min: Limit
    per_module_min: Limit
    per_practical_room_min: Limit
    per_candidate: Span


class SiteStaff(Frozen):
    """Who runs a site."""

    heads: Limit
    exam_staff: Limit
    chief: Limit
    deputies: Span
    room_heads: Limit


class Rotation(Frozen):
    """How often the same persons may come running; min_new_fraction: numerator and denominator."""

    max_consecutive_examiner: Limit
    max_consecutive_supervisor: Limit
    consecutive_scope: Setting[Literal['organization', 'occupation']]
    max_consecutive_same_occupation: Limit
    min_new_fraction: Setting[tuple[NonNegativeInt, NonNegativeInt] | None]


class Staffing(Frozen):
    """`staffing:` who must be there, who must not."""

    invigilators: Invigilators
    examiners: ExaminerGroup
    internal_supervisors_min: Limit
    site: SiteStaff
    leader_min_years: Limit
    rotation: Rotation
    avoidance: Listed
    supervisor_may_examine_same_batch: Switch
    senior_examiner_required_levels: Setting[tuple[int, ...]]
    outside_venue_full_time_only: Switch
    equipment_keeper_at_practical: Switch


class Papers(Frozen):
    """`papers:` exam papers on their way."""

    spare_per_room: Limit
    order_days_before: Limit
    at_site_minutes_before: Limit
    guard_persons: Limit
    candidates_confirm_seal: Limit


class Late(Setting[NonNegativeInt | None]):
    """Minutes after the start from which a candidate loses the subject or item; null: no cut-off."""

    comparator: Comparator
    result: Literal['absent', 'item_lost']


class Exam(Frozen):
    """`exam:` the clock of an exam; minutes before the start unless the name says otherwise."""

    trial_run_days_before: Limit
    staff_minutes_before: Limit
    entry_minutes_before: Limit
    check_in_minutes_before: Limit
    notes_minutes_before: Limit
    papers_out_minutes_before: Limit
    theory_late: Late
    practical_late: Late
    early_leave_after_minutes: Limit  # null: not before the end
    time_warning_minutes_before_end: Limit
    theory_mode: Setting[Literal['computer', 'computer_or_paper']]
    document_corner: Setting[Literal['upper_left', 'upper_right'] | None]
    phones: Setting[Literal['off_and_put_away']]
    timeline: Setting[RuleIds]


class ItemCount(Setting[NonNegativeInt | None]):
    """Least number in the bank of an occupation and level; levels: only for these."""

    unit: ItemUnit
    levels: tuple[int, ...] = (5, 4, 3, 2, 1)


class Review(Frozen):
    """How items are accepted."""

    expert_review: Switch
    report_to_centre: Switch
    min_persons: Limit
    all_sign: Switch


class Writer(Frozen):
    """Who may write items; smaller levels are higher."""

    years_min: Limit
    level_min: Limit
    title_min: Setting[Title | None]
    combine: Setting[Combine]


class Items(Frozen):
    """`items:` the bank."""

    bank: Setting[Literal['own_with_review']]
    theory_min: ItemCount
    practical_min: ItemCount
    practical_min_knowledge_type: ItemCount
    comprehensive_min: ItemCount
    max_repetition_pct: Limit
    review: Review
    writer: Writer


class Video(Frozen):
    """`video:` recordings."""

    min_height: Limit  # lines
    upload_days: Limit
    upload_overdue_blocks_batches: Switch
    retention_years: Limit
    with_sound: Switch
    live_view: Switch
