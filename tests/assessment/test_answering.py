"""A change or an end that is answered on its papers by the centre: no assessment, no publicity, a letter by two hands."""

from __future__ import annotations

import pytest

from app.assessment.deciding import draft_letter, hash_of, publicize, report_filing, sign_letter
from app.assessment.letters import answer_docx, answer_pdf
from app.assessment.operations import open_assessment
from app.assessment.queries import answer_page, assessments
from app.assessment.records import answer_record, osta_record
from app.dashboard.queries import desk
from app.errors import NotYours, Refused
from app.house import House
from app.organizations.queries import filings_of
from app.work import begin_as
from db.assessment import FilingLetter
from tests import make
from tests.assessment.making import Case, assessors, members
from tests.assessment.test_documents import drawn_text_of, without_blanks, words
from tests.filing import prepared
from tests.filing.prepared import Applicant
from tests.journeys.test_filing import ACCEPTED, ISSUER, MOVED, NEW, SIGNING, accept, filed, handed_in
from tests.shows import shows


@pytest.fixture(scope='module')
def cases(house_of_module: House) -> dict[str, tuple[Applicant, Case]]:
    """An accepted change of name, change of place and end, each of its own organisation."""
    made = make.world()
    panel = assessors(made)
    found = {}
    for n, way in enumerate(('change', MOVED, 'ending'), 30):
        a = prepared.applicant(made, n=n)
        filed(a, way)
        application_id = handed_in(a, 'ending' if way == 'ending' else 'change', moves=way == MOVED)
        with begin_as(made.people['acceptance_clerk'], org_id=a.org.id, at=ACCEPTED) as work:
            accept(work, application_id=application_id)
        found[way] = a, Case(made, a.org.id, application_id, panel)
    return found


def drafted(case: Case, letter_no: str = '明人社函〔2026〕9号') -> FilingLetter:
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING) as work:
        return draft_letter(work, application_id=case.application_id, issuer=ISSUER, valid_from=NEW[0], letter_no=letter_no, letter_on=SIGNING.date())


@shows('ORG-70', 'ORG-96')
@pytest.mark.parametrize('way', ['change', 'ending'])
def test_what_is_answered_on_its_papers_is_neither_assessed_nor_publicized(cases: dict[str, tuple[Applicant, Case]], way: str) -> None:
    _, case = cases[way]
    with pytest.raises(Refused, match='不需要技术评估'), begin_as(case.clerk, org_id=case.org_id, at=SIGNING) as work:
        open_assessment(work, application_id=case.application_id, method='onsite', visited_on=SIGNING.date(), members=members(case))
    with pytest.raises(Refused, match='不公示'), begin_as(case.clerk, org_id=case.org_id, at=SIGNING) as work:
        publicize(work, application_id=case.application_id, from_on=SIGNING.date(), contact='电话')


@shows('ORG-96')
def test_the_desk_asks_for_the_letter_of_an_end_never_for_its_assessment(cases: dict[str, tuple[Applicant, Case]]) -> None:
    a, case = cases['ending']
    at = f'/assessments/answer/{case.application_id}'
    with begin_as(case.head, at=SIGNING, reads=True) as work:
        said = [(i.sentence, i.address) for i in desk(work)['due'] if i.address.endswith(f'{case.application_id}')]
        assert said == [(f'{a.org.name}的终止评价工作报备：已受理，待起草答复的函', at)]


@shows('ORG-70')
def test_a_change_of_place_is_not_answered_before_its_assessment(cases: dict[str, tuple[Applicant, Case]]) -> None:
    _, case = cases[MOVED]
    with pytest.raises(Refused, match='评估通过以后才能起草'):
        drafted(case)
    with begin_as(case.clerk, at=SIGNING, reads=True) as work:
        rows = {row.application.id: row.answered for row in assessments(work)[0]}
        with pytest.raises(NotYours):
            answer_page(work, case.application_id)
    assert rows == {cases[way][1].application_id: way != MOVED for way in cases}


@shows('ORG-98')
def test_the_letter_of_a_change_lists_what_changes_and_the_organisation_sees_it_once_it_is_signed(cases: dict[str, tuple[Applicant, Case]]) -> None:
    a, case = cases['change']
    letter = drafted(case)
    assert (letter.kind, letter.filing_number, letter.valid_from, letter.ranges) == ('change', filing_of(a).number, filing_of(a).valid_from, [])
    with begin_as(case.head, org_id=case.org_id, at=SIGNING) as work:
        record = answer_record(work, case.application_id)
    [(what, before, after)] = record.changes
    said = (f'关于同意{before}变更备案的函', f'{what}：由“{before}”变更为“{after}”', f'机构备案号：{letter.filing_number}', '此件依申请公开')
    for text in (drawn_text_of(answer_pdf(record)), words(answer_docx(record))):
        assert [x for x in said if without_blanks(x) not in without_blanks(text)] == []

    def seen() -> bool:
        with begin_as(a.clerk, at=SIGNING, reads=True) as work:
            return answer_page(work, case.application_id).letter is not None

    assert not seen()
    with pytest.raises(Refused, match='须由另一人办理|不能办理此事'), begin_as(case.clerk, org_id=case.org_id, at=SIGNING) as work:
        sign_letter(work, letter_id=letter.id, shown_hash=hash_of(letter))
    with begin_as(case.head, org_id=case.org_id, at=SIGNING) as work:
        sign_letter(work, letter_id=letter.id, shown_hash=hash_of(letter))
    assert seen()
    with begin_as(a.head, at=SIGNING, reads=True) as work:
        assert work.org.name == after
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING, reads=True) as work:
        report = osta_record(work, case.application_id)  # the filing as it stands now
    assert (report.org[0], [row[1] for row in report.rows]) == (after, [prepared.OCCUPATION])


@shows('ORG-96', 'ORG-97')
def test_the_letter_of_an_end_names_the_day_and_who_keeps_the_data_and_is_not_reported(cases: dict[str, tuple[Applicant, Case]]) -> None:
    a, case = cases['ending']
    letter = drafted(case, '明人社函〔2026〕10号')
    with begin_as(case.head, org_id=case.org_id, at=SIGNING) as work:
        record = answer_record(work, case.application_id)
    said = ('终止职业技能等级评价工作的函', '自2026年10月20日起终止备案', f'机构备案号：{letter.filing_number}', '责任人：证书数据后续维护责任人如实填写')
    printed = without_blanks(drawn_text_of(answer_pdf(record)))
    assert [x for x in said if without_blanks(x) not in printed] == []
    with begin_as(case.head, org_id=case.org_id, at=SIGNING) as work:
        sign_letter(work, letter_id=letter.id, shown_hash=hash_of(letter))
    assert filing_of(a).state == 'ended'
    with pytest.raises(Refused, match='不报送'), begin_as(case.clerk, org_id=case.org_id, at=SIGNING) as work:
        report_filing(work, letter_id=letter.id, reported_on=SIGNING.date())


def filing_of(a: Applicant):  # type: ignore[no-untyped-def]
    with begin_as(a.head, at=SIGNING, reads=True) as work:
        return filings_of(work)[0].filing
