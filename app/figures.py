"""The figures a regulation fixes, typed: kinds of leaf, and how an organisation is filed, assessed and numbered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, NonNegativeInt, StringConstraints

from app.register import rule

T = TypeVar('T')
Enforcement = Literal['block', 'warn', 'remind', 'compute', 'ledger']
Strictness = Literal['higher', 'lower', 'more', 'fixed']
Combine = Literal['or', 'and']
Comparator = Literal['gt', 'ge']
Title = Literal['mid', 'senior']  # of a professional title: mid-level, senior
Body = Literal['local_centre', 'city', 'province', 'regional_department', 'national_centre', 'place_of_social_insurance', 'filing_authority']


def _known(rule_id: str) -> str:
    rule(rule_id)
    return rule_id


RuleId = Annotated[str, AfterValidator(_known)]
PointId = Annotated[str, StringConstraints(pattern=r'^C-\d\d$'), AfterValidator(_known)]
Word = Annotated[str, StringConstraints(pattern=r'^[a-z][a-z0-9_]*$')]  # its Chinese stands in assets/regulations/words.csv
Words = tuple[Word, ...]
RuleIds = tuple[RuleId, ...]
Code = Annotated[str, StringConstraints(pattern=r'^[0-9]+$')]


class Frozen(BaseModel):
    """Refuses unknown keys, missing keys and wrong types; never changes."""

    model_config = ConfigDict(extra='forbid', frozen=True, strict=True, defer_build=True)  # built within the profile, not each by itself


class Setting(Frozen, Generic[T]):
    """One leaf: what holds, what happens when it is not kept, and the rule it comes from.

    settles: the point of rules.md §29 that the value decides · because: why a layer departs from the one below
    stricter: which value an organisation's overlay may put in place of a national or provincial one:
        a higher or lower figure (no limit is laxest), a list with more items, or none at all (fixed)
    """

    value: T
    enforcement: Enforcement
    rule: RuleId
    settles: PointId | None = None
    stricter: Strictness | None = None
    because: str = ''


class Limit(Setting[NonNegativeInt | None]):
    """A figure, or null: no such limit."""


class Whole(Setting[NonNegativeInt]):
    """A figure that always stands."""


class Switch(Setting[bool]):
    """Yes or no."""


class Text(Setting[str]):
    """Chinese text, a pattern or an address."""


class Choice(Setting[Word]):
    """One word of ours."""


class MaybeChoice(Setting[Word | None]):
    """One word of ours, or null: nothing of the kind."""


class Listed(Setting[Words]):
    """Words of ours; a list replaces the list of the layer below."""


class Span(Setting[tuple[NonNegativeInt, NonNegativeInt | None] | None]):
    """Least and most, or null: no such limit; most may be open."""


class YearDay(Frozen):
    """A day of the year; year_offset counts from the year it concerns, -1 = the year before."""

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]
    year_offset: int


class DueDay(Setting[YearDay | None]):
    """A yearly due day, or null: none."""


class Conventions(Frozen):
    """`conventions:` how periods and figures are counted (CONV)."""

    inclusive_words: Setting[tuple[str, ...]]
    exclusive_words: Setting[tuple[str, ...]]
    unknown_calendar_year: Setting[Literal['provisional']]
    forward_period_counts_event_day: Switch
    lead_time_counts_submission_day: Switch
    lead_time_counts_exam_day: Switch
    roll_calendar_deadline_to_working_day: Switch
    month_year_period_last_day: Setting[Literal['corresponding_day_included', 'day_before_corresponding_day']]
    leap_day_anniversary: Setting[Literal['last_day_of_february', 'first_of_march']]
    printed_term_last_day: Setting[Literal['start_plus_years_minus_one_day', 'start_plus_years']]
    ban_starts_on: Setting[Literal['decision_date', 'service_date']]
    current_year_ban_year_of: Setting[Literal['exam_date', 'decision_date']]
    eligibility_reference_date: Setting[Literal['application_signed_date', 'exam_date']]
    continuity_gap_days: Whole
    years_reached_on: Setting[Literal['corresponding_day_of_last_year']]
    score_decimals: Whole
    exam_clock: Setting[Literal['whole_minutes']]
    in_principle_means: Setting[Literal['warn']]
    template_figures_bind: Switch
    retention_counts_from: Setting[Literal['end_of_batch_year']]


class Receiver(Frozen):
    """Who receives or supervises: the province for the listed kinds, otherwise another body."""

    province_for: Listed
    otherwise: Setting[Body]


class ByKind(Frozen):
    """A receiver for each kind of organisation."""

    social_training_org: Receiver
    employer: Receiver
    technical_school: Receiver


class Capacity(Frozen):
    """How many organisations and occupations are in principle admitted; only filed, active ones of `counts_kinds` count."""

    per_jurisdiction: Limit
    per_county: Limit
    occupations_per_org: Limit
    unit: Setting[Literal['occupation', 'occupation_or_work_type']]
    counts_kinds: Setting[tuple[Literal['S', 'Y'], ...]]


class Premises(Frozen):
    """What an applicant's venue must have."""

    area_m2_min: Limit
    lease_years_min: Limit
    exam_seats_min: Limit
    rooms: Listed


class Materials(Frozen):
    """What is handed in, when and in which order."""

    social_training_org: Listed
    nationwide_employer_items: Limit
    at_application: Listed
    at_assessment: Listed
    bound_order: Listed
    extension: Listed
    regulations_count: Limit


class Prohibited(Frozen):
    """Who cannot be filed; years count back from the day the application is received."""

    government_or_not_detached: Switch
    breach_in_training_or_evaluation: Switch
    civil_affairs_check_failed_years: Limit
    illegal_social_org_list: Switch
    abnormal_operation_list_years: Limit
    bad_evaluation_record: Switch


class Filing(Frozen):
    """`filing:` how an organisation is filed, kept and ended."""

    authority: ByKind
    nationwide_employer_authority: Setting[Body]
    supervision: ByKind
    letter_recipient: Setting[Literal['receiving_body']]
    channel: Setting[Literal['paper', 'provincial_online_system']]
    reply_working_days: Limit
    reply_working_days_nationwide_employer: Limit
    correction_working_days: Limit
    correction_overdue: Setting[Literal['reminded', 'deemed_withdrawn']]
    received_on: Setting[Literal['submission', 'correction_completed']]
    deemed_accepted_on_silence: Switch
    publicity_working_days: Limit
    assessed_changes: Listed  # the sources are silent on changes: what of them is assessed before the letter, the others are examined and answered
    capacity: Capacity
    premises: Premises
    prohibited: Prohibited
    materials: Materials
    paper_copies: Whole
    min_examiners_per_occupation: Limit
    min_experts_per_occupation: Limit
    min_full_time_staff: Limit
    preference: MaybeChoice
    validity_years: Limit
    first_exam_within_months: Limit
    inactivity_months: Limit
    inactivity_reminder_months: Limit
    subcontracting_ends_filing: Switch


class OwnStudents(Frozen):
    """A technical school that evaluates its own enrolled students; null where the province says nothing."""

    levels: Setting[tuple[int, ...] | None]
    class_levels: Setting[Mapping[Word, int] | None]
    secondary_subject_one_lower: Switch
    enrolled_years_min: Limit
    graduation_year_only: Switch


class Scope(Frozen):
    """`scope:` which occupations and levels may be filed."""

    major_groups: Setting[tuple[int, ...]]
    standard_required: Switch
    qualification_list_occupations: Setting[Literal['separate_ruling']]
    classification: Text
    standard_wins_over_classification: Switch
    group_2: Setting[Literal['excluded']]
    group_4_near_professional: Setting[Literal['accepted', 'not_for_now']]
    levels_from: Setting[Literal['filing']]
    technical_school_own_students: OwnStudents


class Thresholds(Frozen):
    """Points from which a rubric's conclusion holds, included; null: the province has no rubric."""

    common_ready: Limit
    common_basic: Limit
    occupation: Limit


class Bonus(Frozen):
    """Points beside the hundred."""

    common_each: Limit
    occupation_each: Limit
    cap_total: Limit


class Assessment(Frozen):
    """`assessment:` the lines of the technical assessment."""

    employer: Thresholds
    technical_school: Thresholds
    social_training_org: Thresholds
    bonus: Bonus
    working_equipment_pct_min: Limit


class SchoolCode(Frozen):
    """First and tenth character of a technical school's filing number; tenth is null where it is open."""

    letter: Literal['S', 'Y']
    tenth: Code | None


class SchoolCodes(Frozen):
    """Technical schools by whom they evaluate; null where the province says nothing."""

    own_students: Setting[SchoolCode | None]
    society: Setting[SchoolCode | None]


class MinistryCode(Frozen):
    """Positions 2 to 5 of a filing number."""

    province_filed: Setting[Code]
    ministry_filed: Setting[tuple[Code, Code]]  # from, to


class Tenth(Frozen):
    """Position 10 by kind of organisation: digits from-to, or null: open."""

    employer: Setting[str | None]
    social_training_org: Setting[str | None]
    technical_school: Setting[str | None]


class OrgCode(Frozen):
    """The filing number of 13 characters."""

    length: Whole
    pattern: Text
    letters: Setting[Mapping[Word, str]]
    ministry_code: MinistryCode
    province: Setting[Code | None]
    city_codes: Setting[Mapping[Code, str] | None]  # null: an open table kept by the centre
    tenth: Tenth
    sequence: Setting[tuple[Code, Code]]
    technical_school: SchoolCodes


class CertificateCode(Frozen):
    """The certificate number of 22 characters; positions count from 1."""

    length: Whole
    year_positions: Setting[tuple[int, int]]
    level_position: Whole
    serial_positions: Setting[tuple[int, int]]
    serial_range: Setting[tuple[Code, Code]]
    serial_scope: Listed
    year_equals_issue_date: Switch


class Cards(Frozen):
    """Card numbers of 18 characters."""

    length: Whole
    examiner_parts: Listed
    examiner_grades: Setting[Mapping[Word, Code]]
    internal_supervisor_parts: Listed
    internal_supervisor_serial_max: Setting[Code]


class Codes(Frozen):
    """`codes:` how the numbers are built."""

    org: OrgCode
    certificate: CertificateCode
    cards: Cards
