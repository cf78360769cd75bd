"""Publicity, the letter drafted by one and signed by another, numbers given by the centre, report and publication."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session

from app.assessment.deciding import (
    change_letter,
    discard_letter,
    draft_letter,
    end_publicity,
    free_number,
    hash_of,
    last_issuer,
    publicize,
    publish,
    report_filing,
    sign_letter,
)
from app.assessment.operations import check_rectification, conclude
from app.assessment.queries import assessment_page, letter_of, rectifications
from app.codes import credit_code
from app.errors import Changed
from app.house import House, house
from app.organizations.operations import record_filing, register_org
from app.organizations.queries import filing_page, filings_of
from app.organizations.rules import Range
from app.words import CHINA
from app.work import Work, begin_as
from db.assessment import FilingLetter, Publicity
from db.filing import Application
from tests import make
from tests.assessment import making
from tests.assessment.making import (
    AFTER,
    CHILDCARE,
    FITTER,
    Case,
    Stage,
    accepted,
    basically_ready,
    consolidated,
    just_opened,
    opened,
    state_of,
)
from tests.shows import shows

SIGNING = datetime(2026, 11, 27, 9, 0, tzinfo=CHINA)  # publicity from 11-19 runs to 11-26
LETTER: dict[str, Any] = {'issuer': '明川市人力资源和社会保障局（演示）', 'valid_from': date(2026, 11, 27), 'letter_no': '明人社函〔2026〕9号', 'letter_on': date(2026, 11, 27)}

refused = partial(making.refused, at=SIGNING)


def passed(**how: Any) -> Case:
    case = consolidated(opened(accepted(**how)))
    with begin_as(case.clerk, org_id=case.org_id, at=AFTER) as work:
        conclude(work, assessment_id=case.assessment_id)
    return case


def publicized(case: Case, *, over: bool = True, objections: str = '无异议') -> Publicity:
    with begin_as(case.clerk, org_id=case.org_id, at=AFTER) as work:
        row = publicize(work, application_id=case.application_id, from_on=AFTER.date(), contact='0000-5550001')
    if over:
        with begin_as(case.clerk, org_id=case.org_id, at=SIGNING) as work:
            end_publicity(work, publicity_id=row.id, objections=objections)
    return row


def awaiting_letter() -> Case:
    """A passed application whose publicity is over."""
    case = passed()
    publicized(case)
    return case


def drafted(case: Case, **change: Any) -> FilingLetter:
    with begin_as(case.clerk, org_id=case.org_id, at=AFTER) as work:
        return draft_letter(work, application_id=case.application_id, **LETTER | change)


def signed(case: Case, letter: FilingLetter) -> int:
    with begin_as(case.head, org_id=case.org_id, at=SIGNING) as work:
        filing = sign_letter(work, letter_id=letter.id, shown_hash=hash_of(letter))
        assert filing
        return filing.id


@shows('ORG-76', 'ORG-70')
def test_publicity_lasts_five_working_days_and_ends_with_what_was_objected(stage_on_both: Stage) -> None:
    case = stage_on_both(passed)
    refused(lambda work: publicize(work, application_id=case.application_id, from_on=date(2026, 11, 18), contact='电话'), case.clerk, case, '不能从过去的日期开始', at=AFTER)
    row = publicized(case, over=False)
    assert (row.from_on, row.to_on) == (date(2026, 11, 19), date(2026, 11, 26))
    for day in (AFTER, datetime(2026, 11, 26, 18, tzinfo=CHINA)):
        refused(lambda work: end_publicity(work, publicity_id=row.id, objections='无异议'), case.clerk, case, '期满后才能登记', at=day)
    refused(lambda work: end_publicity(work, publicity_id=row.id, objections=''), case.clerk, case, '还没有填写')
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING) as work:
        end_publicity(work, publicity_id=row.id, objections='无异议')
    refused(lambda work: end_publicity(work, publicity_id=row.id, objections='无异议'), case.clerk, case, '无须重复')


@shows('ORG-70')
def test_no_step_is_skipped(stage: Stage) -> None:
    case = stage(just_opened)
    refused(lambda work: draft_letter(work, application_id=case.application_id, **LETTER), case.clerk, case, '评估通过以后才能起草')
    refused(lambda work: publicize(work, application_id=case.application_id, from_on=SIGNING.date(), contact='电话'), case.clerk, case, '不能“公示”')
    refused(lambda work: publish(work, application_id=case.application_id, published_on=SIGNING.date()), case.clerk, case, '不能“网上公布”')
    assert state_of(case) == 'assessing'


@shows('ORG-80', 'ORG-81', 'ORG-82', 'ORG-90')
def test_the_letter_of_a_college_s_own_students_gives_y_and_a_nine_and_puts_the_filing_into_force(stage_on_both: Stage) -> None:
    case = stage_on_both(awaiting_letter)
    letter = drafted(case)
    assert (letter.kind, letter.filing_number, letter.valid_from, letter.valid_to) == ('reply', 'Y000099019001', date(2026, 11, 27), date(2029, 11, 26))
    filing_id = signed(case, letter)
    with begin_as(case.clerk, at=SIGNING, reads=True) as work:
        page = filing_page(work, filing_id)
    f = page.filing
    assert (f.number, f.state, f.letter_no, f.recorded_by, f.confirmed_by) == ('Y000099019001', 'in_force', '明人社函〔2026〕9号', '狄柳土（备案受理员）', '禹鬼金（中心主任）')
    assert [(r.occupation, r.levels) for r in page.ranges] == [('钳工', [5, 4, 3])]
    assert state_of(case) == 'filed'


def test_the_issuer_of_the_last_letter_is_offered_for_the_next_one_of_that_centre(stage: Stage) -> None:
    case = stage(awaiting_letter)
    with begin_as(case.clerk, org_id=case.org_id, at=AFTER) as work:
        before = last_issuer(work, application_id=case.application_id)
        draft_letter(work, application_id=case.application_id, **LETTER)
        assert (before, last_issuer(work, application_id=case.application_id)) == ('', LETTER['issuer'])


@shows('ORG-80')
def test_the_drafter_does_not_sign(both: House) -> None:
    case = passed(way='increment', ranges=(FITTER,))  # no filing is confirmed by it: the letter alone asks for the second person
    publicized(case)
    with begin_as(case.head, org_id=case.org_id, at=AFTER) as work:
        letter = draft_letter(work, application_id=case.application_id, **LETTER)
    refused(lambda work: sign_letter(work, letter_id=letter.id, shown_hash=hash_of(letter)), case.head, case, '须由另一人办理')
    refused(lambda work: sign_letter(work, letter_id=letter.id, shown_hash=hash_of(letter)), case.clerk, case, '不能办理此事')
    assert state_of(case) == 'publicized'


def test_a_letter_changed_since_it_was_shown_is_not_signed_and_its_last_writer_is_its_drafter(stage_on_both: Stage) -> None:
    case = stage_on_both(awaiting_letter)
    letter = drafted(case)
    shown = hash_of(letter)
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING) as work:
        change_letter(work, letter_id=letter.id, column='letter_no', shown='明人社函〔2026〕9号', new='明人社函〔2026〕10号')
    refused(lambda work: sign_letter(work, letter_id=letter.id, shown_hash=shown), case.head, case, '有改动，签发没有生效')
    with pytest.raises(Changed), begin_as(case.clerk, org_id=case.org_id, at=SIGNING) as work:
        change_letter(work, letter_id=letter.id, column='letter_no', shown='明人社函〔2026〕9号', new='明人社函〔2026〕11号')
    with begin_as(case.head, org_id=case.org_id, at=SIGNING) as work:
        change_letter(work, letter_id=letter.id, column='basis', shown='', new='豫人社函〔2021〕58号')
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING, reads=True) as work:
        now = letter_of(work, case.application_id)
    assert now is not None and now.drafted_by == '禹鬼金（中心主任）'
    refused(lambda work: sign_letter(work, letter_id=letter.id, shown_hash=hash_of(now)), case.head, case, '须由另一人办理')


@pytest.mark.parametrize(('change', 'over', 'sentence'), [
    ({}, False, '公示还没有期满'), ({'letter_no': ''}, True, '没有发文字号'), ({'letter_on': None}, True, '没有发文字号'), ({'letter_on': date(2026, 11, 28)}, True, '晚于今天'),
    ({'letter_on': date(2026, 11, 26)}, True, '公示期满以后才能发文')])
def test_a_letter_that_is_not_ready_is_not_signed(stage: Stage, change: dict[str, Any], over: bool, sentence: str) -> None:
    case = stage(passed)
    publicized(case, over=over)
    letter = drafted(case, **change)
    refused(lambda work: sign_letter(work, letter_id=letter.id, shown_hash=hash_of(letter)), case.head, case, sentence)


def another(case: Case, **change: Any) -> int:
    """Return another passed application of the same organisation."""
    with Session(house().engines.write) as session:
        row = session.get_one(Application, case.application_id)
        other = Application.model_validate(row.model_dump(exclude={'id', 'revision'}) | {'state': 'assessed'} | change)
        session.add(other)
        session.commit()
        return other.id


@shows('ORG-90')
@pytest.mark.parametrize(('receiver', 'taken'), [({}, True), ({'receiver': '演示省职业技能鉴定指导中心（演示）'}, False)])
def test_a_letter_number_is_used_once_by_a_centre(stage: Stage, receiver: dict[str, str], taken: bool) -> None:
    case = stage(awaiting_letter)
    letter = drafted(case)
    signed_before = letter.model_dump(exclude={'id', 'revision'}) | {'application_id': another(case, **receiver), 'state': 'signed', 'letter_no': '明人社函〔2026〕10号'}
    with Session(house().engines.write) as session:
        session.add(FilingLetter.model_validate(signed_before))
        session.commit()
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING) as work:
        letter = change_letter(work, letter_id=letter.id, column='letter_no', shown=LETTER['letter_no'], new='明人社函〔2026〕10号')
    if taken:
        refused(lambda work: sign_letter(work, letter_id=letter.id, shown_hash=hash_of(letter)), case.head, case, '一号只用一次')
    else:
        signed(case, letter)


@shows('ORG-80')
def test_two_letters_drafted_at_the_same_time_get_two_filing_numbers(stage_on_postgres: Stage) -> None:
    case = stage_on_postgres(passed)
    other, numbers = another(case), list[str]()

    def draft(application_id: int) -> None:
        with begin_as(case.clerk, org_id=case.org_id, at=AFTER) as work:
            numbers.append(draft_letter(work, application_id=application_id, **LETTER).filing_number)

    thread = threading.Thread(target=draft, args=(other,))
    with begin_as(case.clerk, org_id=case.org_id, at=AFTER) as work:
        numbers.append(draft_letter(work, application_id=case.application_id, **LETTER).filing_number)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()  # waits until this number is kept
    thread.join()
    assert numbers == ['Y000099019001', 'Y000099019002']


@shows('SEC-01')
def test_a_centre_above_reads_the_letter_of_another_and_touches_nothing(stage: Stage) -> None:
    case = stage(basically_ready)
    with begin_as(case.clerk, org_id=case.org_id, at=AFTER) as work:
        conclude(work, assessment_id=case.assessment_id, points=[('A3.14', '档案室改为自有场所')], due_on=date(2026, 12, 11))
        [point] = rectifications(work, case.assessment_id)
    with Session(house().engines.write) as session:
        session.get_one(Application, case.application_id).state = 'publicized'
        session.commit()
    letter = drafted(case)
    notice = Publicity.model_validate({'org_id': case.org_id, 'application_id': case.application_id, 'from_on': date(2026, 11, 19), 'to_on': date(2026, 11, 26), 'contact': '电话'})
    with Session(house().engines.write, expire_on_commit=False) as session:
        session.add(notice)
        session.commit()
    province = make.org(88, region='990000', name='演示省职业技能鉴定指导中心（演示）')
    above = make.first_person(province, '省受理', make.number(1990), 'acceptance_clerk').id
    acts: tuple[Callable[[Work], object], ...] = (
        lambda work: end_publicity(work, publicity_id=notice.id, objections='无异议'),
        lambda work: change_letter(work, letter_id=letter.id, column='basis', shown='', new='文件'), lambda work: discard_letter(work, letter_id=letter.id),
        lambda work: report_filing(work, letter_id=letter.id, reported_on=SIGNING.date()), lambda work: publish(work, application_id=case.application_id, published_on=SIGNING.date()),
        lambda work: check_rectification(work, rectification_id=point.id, shown=('', None)))
    for act in acts:
        refused(act, above, case, '本中心只能查看')


@shows('ORG-82')
@pytest.mark.parametrize(('number', 'sentence'), [('S000099019001', '应以Y开头'), ('Y000099010001', '第10位应为9'), ('Y000041019001', '第6、7位'), ('Y00009901900', '13位')])
def test_a_number_that_does_not_fit_the_kind_is_refused(stage: Stage, number: str, sentence: str) -> None:
    case = stage(passed)
    refused(lambda work: draft_letter(work, application_id=case.application_id, **LETTER, number=number), case.clerk, case, sentence)


@shows('ORG-80')
def test_number_term_and_annex_are_not_typed_over(stage: Stage) -> None:
    case = stage(passed)
    letter = drafted(case)
    for column in ('filing_number', 'valid_to', 'ranges', 'state'):
        refused(lambda work, column=column: change_letter(work, letter_id=letter.id, column=column, shown='', new='x'), case.clerk, case, '不能在此修改')  # type: ignore[misc]


@shows('ORG-80', 'ORG-86')
def test_a_discarded_draft_lets_another_be_written_and_its_number_is_not_given_again(stage_on_both: Stage) -> None:
    case = stage_on_both(passed)
    letter = drafted(case)
    refused(lambda work: draft_letter(work, application_id=case.application_id, **LETTER), case.clerk, case, '请在原稿上修改')
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING) as work:
        assert free_number(work, application_id=case.application_id) == 'Y000099019002'
        discard_letter(work, letter_id=letter.id)
    refused(lambda work: change_letter(work, letter_id=letter.id, column='basis', shown='', new='x'), case.clerk, case, '不能再改')
    refused(lambda work: sign_letter(work, letter_id=letter.id, shown_hash=hash_of(letter)), case.head, case, '不能“签发备案函”')
    assert drafted(case, number='Y000099019001').filing_number == 'Y000099019001'


@shows('ORG-80')
def test_a_number_given_to_another_meanwhile_is_not_given_again(house_on_sqlite: House) -> None:
    case = passed()
    publicized(case)
    letter = drafted(case)
    with begin_as(case.clerk, at=SIGNING) as work:
        other = register_org(
            work, name='明川第二技师学院（演示）', kind='technical_school', credit_code=credit_code('12990104MA99DM045'), region='990104', profile='demo').id
    with begin_as(case.clerk, org_id=other, at=SIGNING) as work:
        record_filing(
            work, number=letter.filing_number, letter_no='明人社函〔2026〕8号', letter_on=SIGNING.date(), valid_from=SIGNING.date(), issuer=LETTER['issuer'],
            ranges=[Range(*CHILDCARE[:3], tuple(CHILDCARE[3]))], audience='own_students')
    refused(lambda work: sign_letter(work, letter_id=letter.id, shown_hash=hash_of(letter)), case.head, case, '已登记，一个备案号只属于一个备案')
    assert state_of(case) == 'publicized'


def test_an_increment_adds_its_rows_and_keeps_number_and_term(both: House) -> None:
    case = passed(way='increment', ranges=(FITTER, ('4-10-01-03', '保育师', '', [5])))
    letter = drafted(case)
    assert (letter.kind, letter.filing_number, letter.valid_from) == ('increment', 'S000099010001', date(2025, 3, 17))
    publicized(case)
    signed(case, letter)
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING, reads=True) as work:
        [page] = filings_of(work)
    assert (page.filing.number, page.filing.letter_no, page.filing.valid_to) == ('S000099010001', '明人社函〔2025〕1号', date(2028, 3, 16))
    assert [(r.seq, r.occupation, r.work_type, r.levels) for r in page.ranges] == [
        (1, '保育师', '', [5, 4, 3]), (2, '车工', '', [5]), (3, '车工', '普通车床', [4, 3, 2, 1]), (4, '钳工', '', [5, 4, 3])]


@shows('ORG-90')
def test_an_extension_gives_three_years_more_from_the_day_after_the_last(both: House) -> None:
    case = passed(way='extension', ranges=(CHILDCARE,))
    publicized(case)
    letter = drafted(case)
    assert (letter.valid_from, letter.valid_to) == (date(2028, 3, 17), date(2031, 3, 16))
    signed(case, letter)
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING, reads=True) as work:
        [page] = filings_of(work)
    assert (page.filing.number, page.filing.valid_from, page.filing.valid_to) == ('S000099010001', date(2025, 3, 17), date(2031, 3, 16))
    assert {r.occupation: r.ended_on for r in page.ranges} == {'保育师': None, '车工': date(2028, 3, 16)}  # what was not assessed holds until the old last day


@shows('ORG-78')
def test_a_filing_is_published_after_it_was_reported(stage_on_both: Stage) -> None:
    case = stage_on_both(awaiting_letter)
    letter = drafted(case)
    refused(lambda work: report_filing(work, letter_id=letter.id, reported_on=SIGNING.date()), case.clerk, case, '签发以后才能报送')
    signed(case, letter)
    day = SIGNING.date()
    refused(lambda work: publish(work, application_id=case.application_id, published_on=day), case.clerk, case, '请先报送')
    refused(lambda work: report_filing(work, letter_id=letter.id, reported_on=date(2026, 11, 26)), case.clerk, case, '须在发文日期')
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING) as work:
        report_filing(work, letter_id=letter.id, reported_on=day)
    refused(lambda work: publish(work, application_id=case.application_id, published_on=date(2026, 11, 28)), case.clerk, case, '须在报送日期')
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING) as work:
        publish(work, application_id=case.application_id, published_on=day)
    assert state_of(case) == 'published'


def test_the_organisation_sees_no_draft_of_the_letter(house_on_sqlite: House) -> None:
    case = passed(way='increment', ranges=(FITTER,))
    letter = drafted(case)

    def seen() -> bool:
        with begin_as(case.made.people['filing_clerk'], at=SIGNING, reads=True) as work:
            return assessment_page(work, case.assessment_id).letter is not None

    assert not seen()
    publicized(case)
    signed(case, letter)
    assert seen()
