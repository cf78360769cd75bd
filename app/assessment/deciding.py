"""What ends an application: publicity, the letter drafted by one and signed by another, the report to the ministry centre, publication."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import col, select

from app.access import Permission
from app.assessment.queries import letter_of, newest_assessment, publicity_of, ranges_of, settled
from app.assessment.rules import (
    DECLINED_WORDS,
    LETTER_WORDS,
    declined_kind,
    is_declinable,
    is_declined,
    is_reported,
    letter_hash,
    letter_kind,
    outcome,
)
from app.checks import check_long, check_text, check_written
from app.errors import Refused
from app.filing.answering import ANSWERED, DECLINE, answer_verb, is_publicized
from app.filing.clocks import check_refusal, term
from app.filing.effects import Given, put_into_force
from app.filing.jurisdiction import check_addressed
from app.filing.queries import needs_assessment
from app.filing.ways import WAYS
from app.house import calendar
from app.numbers import filing_prefix, next_filing_number, read_filing_number
from app.organizations.granting import Hand
from app.organizations.rules import Range, filing_scheme
from app.states import state_word
from app.work import Work
from app.workdays import DAY, add_working_days
from db.assessment import FilingLetter, Publicity
from db.filing import Application
from db.organizations import Filing, Org

COLUMNS = {'letter_no': ('发文字号', 60), 'issuer': ('发文机关', 100), 'basis': ('依据文件', 200), 'body': ('补充内容', 2000)}
SIGNED = ('kind', 'letter_no', 'letter_on', 'issuer', 'basis', 'body', 'filing_number', 'valid_from', 'valid_to', 'ranges')  # what the signature covers


def publicize(work: Work, *, application_id: int, from_on: date, contact: str) -> Publicity:
    """Begin the publicity of who is to be filed; its last day is counted in working days by the profile (ORG-70, ORG-76). raises Refused"""
    work.require(Permission.ASSESSMENT_ARRANGE)
    application = work.get(Application, application_id, lock=True)
    check_addressed(application.receiver, work.actor.org_name)
    if not is_publicized(application.way):
        raise Refused(f'“{WAYS[application.way].word}”不公示，请直接起草{LETTER_WORDS[letter_kind(application.way)]}。', rule='ORG-70')
    if from_on < work.today:
        raise Refused('公示不能从过去的日期开始，请选择今天或以后的日期。', rule='ORG-76')
    days = work.profile.filing.publicity_working_days.value
    if days is None:
        raise ValueError('a profile without a length of publicity')
    work.move(application, 'application.publicize')
    work.keep('application.publicize', application)
    row = work.make(Publicity, application_id=application.id, from_on=from_on, to_on=add_working_days(from_on, days, calendar(), work.conventions).on,
                    contact=check_text('联系方式', contact, 200))
    work.keep('assessment.publicity', row)
    return row


def end_publicity(work: Work, *, publicity_id: int, objections: str) -> Publicity:
    """Close the publicity after its last day with what was objected (ORG-70). raises Refused"""
    work.require(Permission.ASSESSMENT_ARRANGE)
    row = work.get(Publicity, publicity_id, lock=True)
    _addressed(work, row.application_id)
    if row.closed_at is not None:
        raise Refused('公示已经结束并登记，无须重复。', rule='ORG-70')
    if work.today <= row.to_on:
        raise Refused(f'公示到{row.to_on}为止，期满后才能登记公示结果。', rule='ORG-76')
    row.objections, row.closed_at = check_text('公示期间的异议及处理（没有的填“无异议”）', objections, 500), work.now
    work.keep('assessment.end_publicity', row)
    return row


def free_number(work: Work, *, application_id: int) -> str:
    """Return the number the letter would give: of the filing it adds to, else the next free one of the organisation's kind (ORG-80…ORG-86). raises Refused"""
    work.require(Permission.ASSESSMENT_ARRANGE)
    application = work.get(Application, application_id)
    if application.filing_id is not None:
        return work.get(Filing, application.filing_id).number
    org = work.get(Org, application.org_id)
    scheme, kind = filing_scheme(work.profile.codes.org), _kind(org, application)
    if kind not in scheme.kinds:
        raise Refused('本省没有规定技工院校评价这类对象的备案编码，请先与主管部门核实。', rule='ORG-82')
    prefix = filing_prefix(scheme, kind, org.region)
    return next_filing_number(scheme, kind, org.region, [*work.starting(col(Filing.number), prefix), *work.starting(col(FilingLetter.filing_number), prefix)]).text


def last_issuer(work: Work, *, application_id: int) -> str:
    """Return who issued the newest letter of the same receiving centre, to be offered for the next one; '' before its first."""
    work.require(Permission.ASSESSMENT_ARRANGE)
    receiver = work.get(Application, application_id).receiver
    letters = select(FilingLetter.issuer).join(Application, col(Application.id) == FilingLetter.application_id)
    return work.session.exec(letters.where(Application.receiver == receiver, FilingLetter.state != 'discarded').order_by(col(FilingLetter.id).desc())).first() or ''


def draft_letter(
    work: Work, *, application_id: int, issuer: str, valid_from: date, letter_no: str = '', letter_on: date | None = None, basis: str = '', body: str = '',
    number: str = '') -> FilingLetter:
    """Draft the letter of a passed application, or of a change or end that is answered on its papers; another person signs it.

    Number, term and annex follow from the assessment, the filing and the profile.

    number: given by the centre where it knows better than the next free one, never by the organisation (ORG-80)
    raises Refused (ORG-70 the order, ORG-82…ORG-85 the number, ORG-91 no term)
    """
    work.require(Permission.ASSESSMENT_ARRANGE)
    application = _to_answer(work, application_id)
    kind = letter_kind(application.way)
    filing = work.get(Filing, application.filing_id) if kind != 'reply' and application.filing_id is not None else None
    if kind != 'reply' and filing is None:
        raise Refused(f'申报没有指明原备案，不能起草{LETTER_WORDS[kind]}，请核对申报。', rule='ORG-70')
    row = work.make(
        FilingLetter, application_id=application.id, kind=kind, letter_no=check_text('发文字号', letter_no, 60, required=False), letter_on=letter_on,
        issuer=check_text('发文机关', issuer, 100), basis=check_text('依据文件', basis, 200, required=False), body=check_long('补充内容', body, 2000, required=False),
        filing_number=_number(work, application, filing, number), ranges=_included(work, application), drafted_by_id=work.actor.person_id, drafted_by=work.actor.printed,
        **_term(work, kind, filing, valid_from))
    work.keep('letter.draft', row)
    return row


def draft_refusal(
    work: Work, *, application_id: int, issuer: str, reason: str, basis: str, letter_no: str = '', letter_on: date | None = None) -> FilingLetter:
    """Draft the letter that says no, with reason and basis; another person signs it, the register stays as it is.

    To an accepted change or end; to a first filing, increment or extension after its publicity, when an objection was upheld.

    raises Refused (ORG-70 the order and the way, ORG-75 no reason or basis)
    """
    work.require(Permission.ASSESSMENT_ARRANGE)
    application = _to_answer(work, application_id)
    kind, publicity = declined_kind(application.way), publicity_of(work, application.id)
    if not is_declinable(application.way, publicity_over=publicity is not None and publicity.closed_at is not None):
        raise Refused(
            f'“{WAYS[application.way].word}”由技术评估的结论决定；公示期满并登记结果以后，异议成立的才能起草{LETTER_WORDS[kind]}。', rule='ORG-70')
    check_refusal(reason, basis, what=DECLINED_WORDS[kind])
    filing = work.get(Filing, application.filing_id) if application.filing_id is not None else None
    row = work.make(
        FilingLetter, application_id=application.id, kind=kind, letter_no=check_text('发文字号', letter_no, 60, required=False), letter_on=letter_on,
        issuer=check_text('发文机关', issuer, 100), basis=check_text('依据', basis, 200), body=check_written('理由', reason, 4), ranges=[], drafted_by_id=work.actor.person_id,
        drafted_by=work.actor.printed, filing_number=filing.number if filing else '', valid_from=filing.valid_from if filing else work.today, valid_to=filing.valid_to if filing else work.today)
    work.keep('letter.draft', row)
    return row


def change_letter(work: Work, *, letter_id: int, column: str, shown: Any, new: Any) -> FilingLetter:
    """Save one field of a draft as typed; the person who wrote last counts as its drafter. raises Refused, Changed"""
    work.require(Permission.ASSESSMENT_ARRANGE)
    letter = work.get(FilingLetter, letter_id, lock=True)
    _addressed(work, letter.application_id)
    if letter.state != 'drafted':
        raise Refused(f'备案函{state_word("filing_letter", letter.state)}，不能再改。', rule='ORG-80')
    if column == 'letter_on':
        value, word = new, '发文日期'
    elif column in COLUMNS:
        value, word = _written(letter.kind, column, new)
    else:
        raise Refused('备案号、有效期和目录由评估结论和规则档案决定，不能在此修改；需要更改的，作废后重新起草。', rule='ORG-80')
    if work.change(letter, column, shown=shown, new=value, word=word):
        letter.drafted_by_id, letter.drafted_by = work.actor.person_id, work.actor.printed
        work.keep('letter.change', letter)
    return letter


def discard_letter(work: Work, *, letter_id: int) -> FilingLetter:
    """Take a draft away; another can be written."""
    work.require(Permission.ASSESSMENT_ARRANGE)
    letter = work.get(FilingLetter, letter_id, lock=True)
    _addressed(work, letter.application_id)
    work.move(letter, 'letter.discard')
    work.keep('letter.discard', letter)
    return letter


def sign_letter(work: Work, *, letter_id: int, shown_hash: str) -> Filing | None:
    """Sign the letter exactly as shown, once, by another person than its drafter: the filing, or its new occupations or term, comes into force.

    A letter that says no leaves the register as it is and ends the application; to a first filing there is no filing to return.
    raises Refused (ORG-70: publicity not over on the letter's day; ORG-80: own draft, changed since shown; ORG-90: no number or date, number taken)
    """
    work.require(Permission.ASSESSMENT_SIGN_LETTER)
    letter = work.get(FilingLetter, letter_id, lock=True)
    application = work.get(Application, letter.application_id, lock=True)
    check_addressed(application.receiver, work.actor.org_name)
    work.move(letter, 'letter.sign')
    if hash_of(letter) != shown_hash:
        raise Refused('备案函在您打开之后有改动，签发没有生效。请刷新页面，核对后再签。', rule='ORG-80')
    publicity = publicity_of(work, application.id)
    if is_publicized(application.way) and (publicity is None or publicity.closed_at is None):
        raise Refused('公示还没有期满并登记结果，不能签发备案函。', rule='ORG-70')
    if not letter.letter_no or letter.letter_on is None:
        raise Refused('备案函还没有发文字号或发文日期，请起草人补齐后再签发。', rule='ORG-90')
    if letter.letter_on > work.today:
        raise Refused(f'发文日期{letter.letter_on}晚于今天，请核对。', rule='ORG-90')
    if publicity is not None and letter.letter_on <= publicity.to_on:
        raise Refused(f'发文日期{letter.letter_on}在公示截止日{publicity.to_on}以前，公示期满以后才能发文，请起草人更正。', rule='ORG-70')
    _check_letter_no(work, letter)
    filing = _put_into_force(work, letter, application)
    letter.signed_by_id, letter.signed_by, letter.signed_at = work.actor.person_id, work.actor.printed, work.now
    work.keep('letter.sign', letter)
    verb = DECLINE if is_declined(letter.kind) else answer_verb(application.way)
    work.move(application, verb)
    application.filing_id, application.decided_on = filing.id if filing else None, work.today
    work.keep(verb, application)
    return filing


def report_filing(work: Work, *, letter_id: int, reported_on: date) -> FilingLetter:
    """Note the day on which the filing was reported to the ministry centre with F-OSTA-REPORT (ORG-78). raises Refused"""
    work.require(Permission.ASSESSMENT_ARRANGE)
    letter = work.get(FilingLetter, letter_id, lock=True)
    _addressed(work, letter.application_id)
    if letter.state != 'signed' or letter.letter_on is None or not is_reported(letter.kind):
        raise Refused('备案函签发以后才能报送；终止备案和不予同意的不报送备案信息。', rule='ORG-78')
    if not letter.letter_on <= reported_on <= work.today:
        raise Refused(f'报送日期{reported_on}须在发文日期{letter.letter_on}至今天之间，请核对。', rule='ORG-78')
    letter.reported_on = reported_on
    work.keep('letter.report', letter)
    return letter


def publish(work: Work, *, application_id: int, published_on: date) -> Application:
    """Note that the national site shows the filing; its range there is what counts (ORG-78). raises Refused"""
    work.require(Permission.ASSESSMENT_ARRANGE)
    application = work.get(Application, application_id, lock=True)
    check_addressed(application.receiver, work.actor.org_name)
    letter = letter_of(work, application.id)
    work.move(application, 'application.publish')
    if letter is None or letter.reported_on is None:
        raise Refused('还没有登记报送部中心的日期，请先报送，再登记网上公布。', rule='ORG-78')
    if not letter.reported_on <= published_on <= work.today:
        raise Refused(f'公布日期{published_on}须在报送日期{letter.reported_on}至今天之间，请核对。', rule='ORG-78')
    letter.published_on = published_on
    work.keep('letter.publish', letter)
    work.keep('application.publish', application)
    return application


def hash_of(letter: FilingLetter) -> str:
    """Return the hash of a letter as it stands."""
    return letter_hash({column: getattr(letter, column) for column in SIGNED})


def _to_answer(work: Work, application_id: int) -> Application:
    """Return an application of the centre's own, locked, that a letter may be drafted for. raises Refused (ORG-70, ORG-80)"""
    application = work.get(Application, application_id, lock=True)
    check_addressed(application.receiver, work.actor.org_name)
    _check_ready(work, application)
    _lock_centre(work)
    if (there := letter_of(work, application.id)) is not None:
        raise Refused(f'{LETTER_WORDS[there.kind]}草稿已由{there.drafted_by}起草，请在原稿上修改，或先作废。', rule='ORG-80')
    return application


def _written(kind: str, column: str, new: Any) -> tuple[str, str]:
    """Return a field of a letter as it is kept, and its word; a no keeps its reason and its basis. raises Refused (ORG-75)"""
    word, limit = COLUMNS[column]
    if is_declined(kind) and column in ('basis', 'body'):
        word = '理由' if column == 'body' else '依据'
        return check_written(word, new, 4, limit) if column == 'body' else check_text(word, new, limit), word
    return check_long(word, new, limit, required=False) if column == 'body' else check_text(word, new, limit, required=column == 'issuer'), word


def _addressed(work: Work, application_id: int) -> None:
    check_addressed(work.get(Application, application_id).receiver, work.actor.org_name)


def _lock_centre(work: Work) -> None:
    """Lock the centre's row, so that no two of its letters get the same number at the same time."""
    work.session.get(Org, work.actor.org_id, with_for_update=True)


def _check_letter_no(work: Work, letter: FilingLetter) -> None:
    """Refuse a number under which the centre has signed another letter (ORG-90)."""
    _lock_centre(work)
    same = select(FilingLetter.id).join(Application, col(Application.id) == FilingLetter.application_id).where(
        Application.receiver == work.actor.org_name, FilingLetter.letter_no == letter.letter_no, FilingLetter.state == 'signed', FilingLetter.id != letter.id)
    if work.session.exec(same).first():
        raise Refused(f'发文字号{letter.letter_no}已用于另一份签发的函，一号只用一次，请起草人更正。', rule='ORG-90')


def _kind(org: Org, application: Application) -> str:
    audience = WAYS[application.way].audience
    return f'{org.kind}_{audience}' if audience else org.kind


def _number(work: Work, application: Application, filing: Filing | None, number: str) -> str:
    if filing is not None:
        return filing.number
    if not number.strip():
        return free_number(work, application_id=application.id)
    return read_filing_number(number, filing_scheme(work.profile.codes.org), _kind(work.org, application)).text


def _term(work: Work, kind: str, filing: Filing | None, valid_from: date) -> dict[str, date]:
    """An increment and a change keep the filing's term (F-INC-REPLY); an extension goes on from its last day; a first filing begins on the day given."""
    if filing is not None and kind != 'extension':
        return {'valid_from': filing.valid_from, 'valid_to': filing.valid_to}
    begins = filing.valid_to + DAY if filing is not None else valid_from
    ends, _, _ = term(begins, work.profile)
    if ends is None:
        raise Refused('本省没有规定备案有效期，请先在规则档案中确定。', rule='ORG-91')
    return {'valid_from': begins, 'valid_to': ends}


def _check_ready(work: Work, application: Application) -> None:
    """Refuse a letter before the assessment; what is not assessed is answered after its acceptance (ORG-70, ORG-96)."""
    ready: tuple[str, ...] = ('assessed', 'publicized')
    if not needs_assessment(work, application.id):
        ready = ('accepted',)
    if application.state not in ready:
        raise Refused(f'当前状态是“{state_word("application", application.state)}”，{"受理" if ready == ("accepted",) else "评估通过"}以后才能起草备案函。', rule='ORG-70')


def _included(work: Work, application: Application) -> list[dict[str, Any]]:
    if application.way in ANSWERED:
        return []
    assessment = newest_assessment(work, application.id)
    fits = outcome(settled(work, assessment.id)).included if assessment else ()
    rows = [r for r in ranges_of(work, application.id) if r.id in fits]
    return [{'occupation_code': r.occupation_code, 'occupation': r.occupation, 'work_type': r.work_type, 'levels': sorted(r.levels, reverse=True), 'standard': r.standard} for r in rows]


def _put_into_force(work: Work, letter: FilingLetter, application: Application) -> Filing | None:
    """Let the letter work on the register and return its filing; a no touches nothing."""
    if is_declined(letter.kind):
        return work.get(Filing, application.filing_id) if application.filing_id is not None else None
    ranges = tuple(Range(r['occupation_code'], r['occupation'], r['work_type'], tuple(r['levels']), r['standard']) for r in letter.ranges)
    assert letter.letter_on is not None  # checked before
    said = Given(letter.letter_no, letter.letter_on, letter.issuer, letter.basis, letter.filing_number, letter.valid_from, letter.valid_to, ranges)
    return put_into_force(work, application, said, Hand(letter.drafted_by_id, letter.drafted_by))
