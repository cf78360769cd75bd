"""Every way of filing from its first question to its letter and what that does to the register; where the body that receives it is not here, by 外部决定."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app.assessment.deciding import draft_letter, end_publicity, hash_of, publicize, publish, report_filing, sign_letter
from app.assessment.operations import conclude
from app.filing.answering import ANSWERED, is_publicized
from app.filing.desk import accept
from app.filing.drafts import add_row
from app.filing.operations import hand_in
from app.filing.outside import Granted, confirm_act, outside_verbs, record_act
from app.filing.queries import application_page, asked_ranges, handed_in_record, needs_assessment
from app.filing.ways import WAYS
from app.house import House
from app.organizations.operations import confirm_filing, record_filing
from app.organizations.queries import FilingPage, filings_of
from app.organizations.rules import Range
from app.words import CHINA
from app.work import begin_as
from db.filing import Application
from tests import make
from tests.assessment.making import AFTER, Case, assessors, consolidated, opened
from tests.filing import prepared
from tests.filing.prepared import AT, Applicant
from tests.shows import shows

ACCEPTED = AT + timedelta(days=2)
SIGNING = datetime(2026, 11, 27, 9, 0, tzinfo=CHINA)  # publicity from 11-19 runs to 11-26
KINDS = {'school_own': 'technical_school', 'school_society': 'technical_school', 'employer': 'employer', 'nationwide_employer': 'employer'}
MOVED = 'change of place'  # a change that is assessed, beside one that is answered on its papers
ORDER = {way: n for n, way in enumerate([*WAYS, MOVED], 1)}
ISSUER = '明川市人力资源和社会保障局（演示）'
ASKED = [('保育师', [5, 4, 3])]
NEW = (date(2026, 11, 27), date(2029, 11, 26))


def only(a: Applicant) -> FilingPage:
    with begin_as(a.head, at=SIGNING, reads=True) as work:
        [page] = filings_of(work)
    return page


def a_new_filing(a: Applicant, letter: str) -> None:
    page = only(a)
    f = page.filing
    assert (f.number[0], f.state, (f.valid_from, f.valid_to), f.confirmed_by != f.recorded_by) == (letter, 'in_force', NEW, True)
    assert [(r.occupation, r.levels) for r in page.ranges] == ASKED


def more_occupations(a: Applicant) -> None:
    page = only(a)
    assert (page.filing.number, page.filing.valid_to, [r.occupation for r in page.ranges]) == (number_of('increment'), date(2029, 1, 4), ['车工', '保育师'])


def another_term(a: Applicant) -> None:
    assert (only(a).filing.valid_from, only(a).filing.valid_to) == (date(2026, 1, 5), date(2032, 1, 4))


def another_name(a: Applicant) -> None:
    page = only(a)
    assert (page.org.name.startswith('明川市改名学校'), page.filing.state, page.filing.valid_to, len(page.ranges)) == (True, 'in_force', date(2029, 1, 4), 1)


def an_end(a: Applicant) -> None:
    page = only(a)
    assert (page.filing.state, page.end and page.end.ended_on, page.end and page.end.document_no) == ('ended', date(2026, 10, 20), letter_no('ending'))


REGISTER: dict[str, Callable[[Applicant], None]] = {  # way → what the letter did
    'social': lambda a: a_new_filing(a, 'S'), 'social_national': lambda a: a_new_filing(a, 'S'), 'employer': lambda a: a_new_filing(a, 'Y'),
    'nationwide_employer': lambda a: a_new_filing(a, 'Y'), 'school_own': lambda a: a_new_filing(a, 'Y'), 'school_society': lambda a: a_new_filing(a, 'S'),
    'increment': more_occupations, 'extension': another_term, 'change': another_name, MOVED: another_name, 'ending': an_end}


def number_of(way: str) -> str:
    return f'S0000990100{ORDER[way] + 70}'


def letter_no(way: str) -> str:
    return f'明人社函〔2026〕{ORDER[way]}号'


@pytest.fixture(scope='module')
def world(house_of_module: House) -> tuple[make.World, list[int]]:
    """The centre with its assessors; each way has an applicant of its own."""
    made = make.world()
    return made, assessors(made)


@shows('ORG-70', 'ORG-71', 'ORG-94', 'ORG-96', 'ORG-98')
@pytest.mark.parametrize('way', list(ORDER))
def test_each_way_goes_from_its_first_question_to_its_letter_and_into_the_register(world: tuple[make.World, list[int]], way: str) -> None:
    made, panel = world
    a = prepared.applicant(made, kind=KINDS.get(way, 'social_training_org'), n=ORDER[way])
    code = 'change' if way == MOVED else way
    if WAYS[code].needs_filing:
        filed(a, way)
    application_id = handed_in(a, code, moves=way == MOVED)
    with begin_as(a.head, at=AT, reads=True) as work:
        app = application_page(work, application_id).app
        assert set(handed_in_record(work, application_id).answers) == {s for s in WAYS[code].steps if s in prepared.STEPS}
        assessed = needs_assessment(work, application_id)
    assert assessed is (way not in ('change', 'ending'))
    assert app.outside_centre is (way in ('employer', 'nationwide_employer'))
    if app.outside_centre:
        by_outside_decisions(a, app)
    else:
        through_the_centre(a, app, panel, assessed, letter_no(way))
    with begin_as(a.head, at=SIGNING, reads=True) as work:
        assert application_page(work, application_id).app.state == ('ended' if way == 'ending' else 'published')
    REGISTER[way](a)


def filed(a: Applicant, way: str) -> None:
    """Give the applicant a filing in force; an increment asks for another occupation than is filed."""
    row = Range('6-18-01-01', '车工', '', (5,)) if way == 'increment' else Range(prepared.CODE, prepared.OCCUPATION, '', (5, 4, 3))
    with begin_as(a.made.people['acceptance_clerk'], org_id=a.org.id, at=AT) as work:
        filing = record_filing(
            work, number=number_of(way), letter_no='明人社函〔2026〕3号', letter_on=date(2026, 1, 5), valid_from=date(2026, 1, 5), issuer='局', ranges=[row])
    with begin_as(a.made.people['centre_head'], org_id=a.org.id, at=AT) as work:
        confirm_filing(work, filing_id=filing.id)


def handed_in(a: Applicant, way: str, *, moves: bool) -> int:
    application_id = prepared.filled(a, way)
    if moves:
        with begin_as(a.clerk, at=AT) as work:
            add_row(work, application_id=application_id, step='change', field='changes', row={'what': 'venue', 'before': '主校区', 'after': '新校区', 'basis': ''})
    record, _, reasons = prepared.judged(a, application_id)
    with begin_as(a.clerk, at=AT) as work:
        hand_in(work, application_id=application_id, reasons=reasons, shown_sha256=record.sha256)
    return application_id


def through_the_centre(a: Applicant, app: Application, panel: list[int], assessed: bool, number: str) -> None:
    clerk, head = a.made.people['acceptance_clerk'], a.made.people['centre_head']
    with begin_as(clerk, org_id=a.org.id, at=ACCEPTED) as work:
        accept(work, application_id=app.id, reason='本市需要，同意增加')
    case = Case(a.made, a.org.id, app.id, panel)
    if assessed:
        consolidated(opened(case))
        with begin_as(clerk, org_id=a.org.id, at=AFTER) as work:
            conclude(work, assessment_id=case.assessment_id)
    if is_publicized(app.way):
        with begin_as(clerk, org_id=a.org.id, at=AFTER) as work:
            notice = publicize(work, application_id=app.id, from_on=AFTER.date(), contact='0000-5550001')
        with begin_as(clerk, org_id=a.org.id, at=SIGNING) as work:
            end_publicity(work, publicity_id=notice.id, objections='无异议')
    with begin_as(clerk, org_id=a.org.id, at=SIGNING) as work:
        letter = draft_letter(work, application_id=app.id, issuer=ISSUER, valid_from=NEW[0], letter_no=number, letter_on=SIGNING.date())
    with begin_as(head, org_id=a.org.id, at=SIGNING) as work:
        sign_letter(work, letter_id=letter.id, shown_hash=hash_of(letter))
    if letter.kind != 'ending':
        with begin_as(clerk, org_id=a.org.id, at=SIGNING) as work:
            report_filing(work, letter_id=letter.id, reported_on=SIGNING.date())
            publish(work, application_id=app.id, published_on=SIGNING.date())


def by_outside_decisions(a: Applicant, app: Application) -> None:
    """Copy what the centre decided, each step from its own paper, each confirmed by the head."""
    national = app.way == 'nationwide_employer'
    with begin_as(a.clerk, at=AT, reads=True) as work:
        rows = tuple(Range(r.occupation_code, r.occupation, r.work_type, tuple(r.levels), r.standard) for r in asked_ranges(work, app.id))
    granted = Granted('Y000199010001' if national else 'Y000099010001', *NEW, rows)
    copied(a, app, 'application.accept', ACCEPTED.date(), number='受理1号')
    copied(a, app, 'application.pass', AFTER.date(), text='经专家评估，具备条件')
    if not national:
        copied(a, app, 'application.publicize', AFTER.date(), until=date(2026, 11, 26))
    copied(a, app, 'application.file_national' if national else 'application.file', SIGNING.date(), number='备案函9号', granted=granted)
    copied(a, app, 'application.publish', SIGNING.date())


def copied(a: Applicant, app: Application, verb: str, day: date, **more: Any) -> None:
    with begin_as(a.clerk, at=SIGNING) as work:
        assert verb in outside_verbs(work, app.id)
        scan = make.keep_scan(work, b'%PDF-1.7 letter', name='文书.pdf')
        act = record_act(work, application_id=app.id, verb=verb, decided_on=day, issuer=app.receiver, scan_id=scan.id, **{'number': ''} | more)
    with begin_as(a.head, at=SIGNING) as work:
        confirm_act(work, act_id=act.id)


def test_what_is_answered_on_its_papers_is_neither_publicized_nor_given_an_annex() -> None:
    assert [way for way in WAYS if not is_publicized(way)] == ['nationwide_employer', *ANSWERED]
