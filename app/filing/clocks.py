"""The clocks of a filing: reply, correction, silence, publicity, term, first evaluation, inactivity (ORG-70 … ORG-76, ORG-90 … ORG-92, ORG-95)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.errors import Refused
from app.figures import Limit
from app.figures_results import Profile
from app.filing.answers import severity_of
from app.filing.standing import conventions_of
from app.findings import Finding, Severity
from app.words import screen_date
from app.workdays import Calendar, Due, add_months, add_working_days, term_end

NATIONWIDE = 'nationwide_employer'


@dataclass(frozen=True, slots=True)
class Clock:
    """A day that runs: due and whether it is provisional (CONV-02), the rule behind it, what falls due by then (前) or ends with it (止), in Chinese."""

    what: str
    due: Due
    rule: str
    end: str = '前'

    def is_over(self, today: date) -> bool:
        """Tell whether the day has passed; the whole due day counts."""
        return today > self.due.on

    @property
    def sentence(self) -> str:
        """What falls due and when, as boards show it."""
        return f'{self.what}：{screen_date(self.due.on)}{self.end}{"（该年放假安排未载入，暂定）" if self.due.provisional else ""}'


# ------------------------------------------------------------------ acceptance and correction


def reply_clock(handed_in_on: date, way: str, profile: Profile, calendar: Calendar) -> Clock | None:
    """Return by when the centre tells whether the materials comply; None: no such period (source: ORG-72, ORG-73)."""
    figures = profile.filing
    limit = figures.reply_working_days_nationwide_employer if way == NATIONWIDE else figures.reply_working_days
    return _clock('中心告知材料是否符合要求', handed_in_on, limit, profile, calendar)


def correction_clock(told_on: date, profile: Profile, calendar: Calendar) -> Clock | None:
    """Return by when the applicant completes what he was told is missing (source: ORG-74)."""
    return _clock('申请单位提交补正材料', told_on, profile.filing.correction_working_days, profile, calendar)


def rectification_clock(due_on: date, calendar: Calendar) -> Clock:
    """Return by when the applicant puts right what the assessment found; the centre has named the day (source: TEV-09)."""
    return Clock('完成整改', Due(due_on, due_on.year not in calendar.years), 'TEV-09')


def publicity_clock(to_on: date, calendar: Calendar) -> Clock:
    """Return until when objections to who is to be filed are heard: the publicity's last day (source: ORG-76)."""
    return Clock('公示', Due(to_on, to_on.year not in calendar.years), 'ORG-76', '止')


def received_on(handed_in_on: date, completed_on: date | None, profile: Profile) -> date:
    """Return the day an application counts as received: of handing in, or of the completed correction where the profile says so (source: ORG-74)."""
    by_correction = profile.filing.received_on.value == 'correction_completed'
    return completed_on if completed_on is not None and by_correction else handed_in_on


def lapsed(told_on: date, today: date, profile: Profile, calendar: Calendar) -> bool:
    """Tell whether a correction not completed so far counts as withdrawn (source: ORG-74)."""
    clock = correction_clock(told_on, profile, calendar)
    return clock is not None and profile.filing.correction_overdue.value == 'deemed_withdrawn' and clock.is_over(today)


def deemed_accepted(handed_in_on: date, today: date, way: str, profile: Profile, calendar: Calendar) -> bool:
    """Tell whether an application that nobody answered counts as accepted (source: ORG-75)."""
    clock = reply_clock(handed_in_on, way, profile, calendar)
    return clock is not None and profile.filing.deemed_accepted_on_silence.value and clock.is_over(today)


def check_refusal(reason: str, basis: str, *, what: str = '不予受理') -> None:
    """Refuse a refusal that gives no reason or no basis; the applicant is told both and may state his case (source: ORG-75, ORG-77)."""
    if not reason.strip():
        raise Refused(f'{what}须写明理由，申请单位据此陈述申辩，请填写。', rule='ORG-75')
    if not basis.strip():
        raise Refused(f'{what}须写明依据（文号和条款），请填写。', rule='ORG-75')


# ------------------------------------------------------------------ after the filing


def term(valid_from: date, profile: Profile) -> tuple[date | None, str, Severity]:
    """Return the last day of a filing's term, the rule and how grave its passing is; None: the letter alone says it.

    Where the sources are silent the proposed years warn only (ORG-91).
    source: ORG-90, ORG-91
    """
    years = profile.filing.validity_years
    last = term_end(valid_from, years.value, conventions_of(profile)) if years.value is not None else None
    return last, years.rule, severity_of(years.enforcement)


def term_findings(valid_to: date, today: date, profile: Profile, *, subject: str = 'filing') -> list[Finding]:
    """Return what a filing's running term asks for: a reminder in its last half year, a block or warning after its last day."""
    years = profile.filing.validity_years
    if today > valid_to:
        stops = severity_of(years.enforcement) == 'block'
        then = '不能再报新计划，请办理延续备案' if stops else '来源没有规定有效期，按建议年限提醒：请办理延续备案，仍须安排的写明理由'
        return [Finding(years.rule, severity_of(years.enforcement), subject, f'备案已于{screen_date(valid_to)}到期，{then}。')]
    left = (valid_to - today).days
    if left <= REMIND_DAYS:
        return [Finding(years.rule, 'remind', subject, f'备案将于{screen_date(valid_to)}到期，还有{left}天，请办理延续备案。')]
    return []


REMIND_DAYS = 183  # ours, not a regulation's: an extension with a correction and a rectification takes months


def first_exam_due(valid_from: date, profile: Profile) -> Clock | None:
    """Return by when the first evaluation is held after the filing, as the plan promises (source: ORG-92)."""
    months = profile.filing.first_exam_within_months
    return None if months.value is None else Clock('备案后首次开展评价', Due(add_months(valid_from, months.value, conventions_of(profile)), False), months.rule)


Activity = Literal['active', 'remind', 'propose_end']


@dataclass(frozen=True, slots=True)
class Inactivity:
    """How long no evaluation was held: state, the day of the reminder, the day from which a person may end the filing."""

    state: Activity
    remind_on: date | None
    end_on: date | None
    rule: str
    sentence: str


def inactivity(since: date, today: date, profile: Profile) -> Inactivity:
    """Return what the time without an evaluation leads to; a person decides on the end, never the system (C-17).

    since: day of the last evaluation, or the first day of the filing when there was none
    source: ORG-95
    """
    limit, reminder, counted = profile.filing.inactivity_months, profile.filing.inactivity_reminder_months, conventions_of(profile)
    end = add_months(since, limit.value, counted) if limit.value is not None else None
    remind = add_months(since, reminder.value, counted) if reminder.value is not None else None
    if end is not None and today >= end:
        return Inactivity('propose_end', remind, end, limit.rule, f'自{screen_date(since)}起满{limit.value}个月没有开展评价，可以终止备案，由中心人员决定。')
    if remind is not None and today >= remind:
        return Inactivity('remind', remind, end, reminder.rule, f'自{screen_date(since)}起满{reminder.value}个月没有开展评价，请尽快安排，或向中心说明理由。')
    return Inactivity('active', remind, end, limit.rule, '')


def _clock(what: str, event_on: date, limit: Limit, profile: Profile, calendar: Calendar) -> Clock | None:
    if limit.value is None:
        return None
    return Clock(what, add_working_days(event_on, limit.value, calendar, conventions_of(profile)), limit.rule)
