"""The centre's no to an accepted change or end, and to what was publicized: drafted by one, signed by the head, with reason and basis; the register stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from app.access import Role
from app.assessment.deciding import change_letter, draft_letter, draft_refusal, hash_of, publish, report_filing, sign_letter
from app.assessment.letters import answer_docx, answer_pdf
from app.assessment.queries import answer_page, assessments
from app.assessment.records import answer_record
from app.dashboard.compliance import procedure_of
from app.dashboard.queries import desk
from app.errors import Refused
from app.filing.desk import accept
from app.filing.operations import start_application
from app.filing.queries import application_page
from app.organizations.queries import FilingPage, filings_of
from app.states import state_word
from app.users.history import history_of
from app.users.operations import give_post
from app.work import begin_as
from db.assessment import FilingLetter
from db.filing import Application
from tests import make
from tests.assessment.making import CHILDCARE, Case, Stage, assessors, refused, state_of
from tests.assessment.test_deciding import passed, publicized
from tests.assessment.test_documents import drawn_text_of, without_blanks, words
from tests.filing import prepared
from tests.filing.prepared import Applicant
from tests.journeys.test_filing import ACCEPTED, ISSUER, NEW, SIGNING, filed, handed_in
from tests.shows import shows

REASON = '变更后的名称与营业执照不一致。\n请先办理登记变更。'
BASIS = '《职业技能等级认定工作指导手册》指南十一'


@dataclass
class Asked(Case):
    """An accepted change or end with its applicant."""

    by: Applicant | None = None

    @property
    def applicant(self) -> Applicant:
        assert self.by
        return self.by


def asked(way: str, *, moves: bool = False) -> Asked:
    made = make.world()
    a = prepared.applicant(made, n=30)
    filed(a, 'change')
    application_id = handed_in(a, way, moves=moves)
    with begin_as(made.people['acceptance_clerk'], org_id=a.org.id, at=ACCEPTED) as work:
        accept(work, application_id=application_id)
    return Asked(made, a.org.id, application_id, assessors(made), by=a)


def asked_change() -> Asked:
    return asked('change')


def asked_end() -> Asked:
    return asked('ending')


def asked_move() -> Asked:
    return asked('change', moves=True)


def begun(stage: Stage, build: Any) -> Asked:
    case = stage(build)
    assert isinstance(case, Asked)
    return case


def drafted(case: Case, **change: Any) -> FilingLetter:
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING) as work:
        return draft_refusal(work, **{
            'application_id': case.application_id, 'issuer': ISSUER, 'reason': REASON, 'basis': BASIS, 'letter_no': '明人社函〔2026〕9号', 'letter_on': SIGNING.date()} | change)


def signed(case: Case, letter: FilingLetter) -> None:
    with begin_as(case.head, org_id=case.org_id, at=SIGNING) as work:
        sign_letter(work, letter_id=letter.id, shown_hash=hash_of(letter))


def register(a: Applicant, at: datetime = SIGNING) -> tuple[str, list[FilingPage]]:
    with begin_as(a.head, at=at, reads=True) as work:
        return work.org.name, filings_of(work)


@shows('ORG-75', 'ORG-98', 'ORG-96')
@pytest.mark.parametrize('build', [asked_change, asked_end])
def test_a_no_ends_the_application_and_leaves_the_register_as_it_is(stage_on_both: Stage, build: Any) -> None:
    case = begun(stage_on_both, build)
    before = register(case.applicant)
    letter = drafted(case)
    assert (state_of(case), letter.kind) == ('accepted', {asked_change: 'change_declined', asked_end: 'ending_declined'}[build])
    signed(case, letter)
    assert register(case.applicant) == before
    assert (before[1][0].filing.state, before[1][0].end) == ('in_force', None)
    with begin_as(case.applicant.clerk, at=SIGNING, reads=True) as work:
        shown = answer_page(work, case.application_id)
        told = [e.what for e in history_of(work, case.application_id)]
    assert (shown.application.state, shown.application.decided_on, state_word('application', shown.application.state)) == ('declined', SIGNING.date(), '不予同意')
    assert shown.letter and (shown.letter.state, shown.letter.signed_by) == ('signed', '禹鬼金（中心主任）')
    assert told[0] == '答复不予同意'
    with begin_as(case.clerk, at=SIGNING, reads=True) as work:
        assert [(row.application.id, row.application.state) for row in assessments(work, state='declined')[0]] == [(case.application_id, 'declined')]
        assert [i.sentence for block in desk(work).values() for i in block if i.address.endswith(f'{case.application_id}')] == []
    with begin_as(case.applicant.clerk, at=SIGNING) as work:  # it may be asked for again
        assert start_application(work, way=shown.application.way).state == 'draft'


@shows('ORG-80')
def test_who_drafted_the_no_does_not_sign_it_and_the_applicant_sees_no_draft(stage: Stage) -> None:
    case = begun(stage, asked_change)
    letter = drafted(case)
    with begin_as(case.head, at=SIGNING) as work:
        give_post(work, person_id=case.clerk, role=Role.CENTRE_HEAD, from_on=make.START)
    with pytest.raises(Refused, match='须由另一人办理') as told, begin_as(case.clerk, role=Role.CENTRE_HEAD, org_id=case.org_id, at=SIGNING) as work:
        sign_letter(work, letter_id=letter.id, shown_hash=hash_of(letter))
    assert (told.value.rule, state_of(case)) == ('ORG-80', 'accepted')
    with begin_as(case.applicant.clerk, at=SIGNING, reads=True) as work:
        assert answer_page(work, case.application_id).letter is None
    for person in (case.assessors[0], case.applicant.head):
        refused(lambda work: draft_refusal(work, application_id=case.application_id, issuer=ISSUER, reason=REASON, basis=BASIS), person, case, '不能办理此事', at=SIGNING)


@shows('ORG-75', 'ORG-77')
@pytest.mark.parametrize(('build', 'said'), [
    (asked_change, ('变更备案的函', '下列事项不予变更：', '由“明川市申报30号学校（演示）”变更为“', '原备案的内容不变（机构备案号：S000099010079')),
    (asked_end, ('终止职业技能等级评价工作的函', '不予同意自2026年10月20日起终止备案。', '原备案继续有效（机构备案号：S000099010079'))])
def test_the_letter_of_a_no_gives_reason_and_basis_and_says_what_the_applicant_may_do(stage: Stage, build: Any, said: tuple[str, ...]) -> None:
    case = begun(stage, build)
    drafted(case)
    with begin_as(case.head, org_id=case.org_id, at=SIGNING, reads=True) as work:
        record = answer_record(work, case.application_id)
    assert record.accepted and record.centre == make.CENTRE_NAME
    wanted = (
        f'关于不予同意{record.org}', f'（受理号：{record.accepted}）', '理由：变更后的名称与营业执照不一致。', '请先办理登记变更。', f'依据：{BASIS}。',
        f'你单位对本决定有异议的，可以向{make.CENTRE_NAME}提出陈述和申辩。', *said)
    for text in (without_blanks(drawn_text_of(answer_pdf(record))), without_blanks(words(answer_docx(record)))):
        assert [x for x in wanted if without_blanks(x) not in text] == []
        assert [x for x in ('同意变更下列事项', '终止后不得再组织评价', '请自本函发出之日起') if x in text] == []


@shows('ORG-75')
@pytest.mark.parametrize(('change', 'rule', 'sentence'), [
    ({'reason': ' '}, 'ORG-75', '不予变更须写明理由'), ({'basis': ' '}, 'ORG-75', '不予变更须写明依据'), ({'reason': '不行。。。'}, '', '“理由”至少写4个字'),
    ({'reason': '长' * 2001}, '', '最多2000个字'), ({'basis': '长' * 201}, '', '最多200个字'), ({'issuer': ''}, '', '“发文机关”还没有填写')])
def test_a_no_without_a_written_reason_and_a_basis_is_not_drafted(stage: Stage, change: dict[str, str], rule: str, sentence: str) -> None:
    case = begun(stage, asked_change)
    with pytest.raises(Refused, match=sentence) as told:
        drafted(case, **change)
    assert told.value.rule == rule
    letter = drafted(case)
    for column, shown, new in (('body', REASON, '不行'), ('body', REASON, ''), ('basis', BASIS, '')):  # nor emptied afterwards
        refused(lambda work, column=column, shown=shown, new=new: change_letter(work, letter_id=letter.id, column=column, shown=shown, new=new),  # type: ignore[misc]
                case.clerk, case, '至少写4个字|还没有填写', at=SIGNING)


@shows('ORG-70', 'ORG-78')
def test_there_is_one_answer_and_a_no_is_neither_reported_nor_published(stage: Stage) -> None:
    case = begun(stage, asked_change)
    letter = drafted(case)
    refused(lambda work: draft_letter(work, application_id=case.application_id, issuer=ISSUER, valid_from=NEW[0]), case.clerk, case, '不予变更的函草稿已由狄柳土', at=SIGNING)
    signed(case, letter)
    refused(lambda work: report_filing(work, letter_id=letter.id, reported_on=SIGNING.date()), case.clerk, case, '不予同意的不报送', at=SIGNING)
    refused(lambda work: publish(work, application_id=case.application_id, published_on=SIGNING.date()), case.clerk, case, '不能“网上公布”', at=SIGNING)
    for draft in (lambda: drafted(case), lambda: draft_letter_of(case)):
        with pytest.raises(Refused, match='当前状态是“不予同意”') as told:
            draft()
        assert told.value.rule == 'ORG-70'


def draft_letter_of(case: Case) -> FilingLetter:
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING) as work:
        return draft_letter(work, application_id=case.application_id, issuer=ISSUER, valid_from=NEW[0])


@shows('ORG-70')
def test_what_is_assessed_is_not_declined_before_its_assessment(stage: Stage) -> None:
    case = begun(stage, asked_move)
    with pytest.raises(Refused, match='评估通过以后才能起草') as early:
        drafted(case)
    assert early.value.rule == 'ORG-70'


# ------------------------------------------------------------------ after the publicity, for an objection that was upheld

OBJECTION = '收到异议1件：实训设备属于另一单位；经核实，异议成立。'
NOT_FILED: dict[str, dict[str, Any]] = {'reply': {}, 'increment': {'way': 'increment'}, 'extension': {'way': 'extension', 'ranges': (CHILDCARE,)}}


def objected(kind: str) -> Case:
    case = passed(**NOT_FILED[kind])
    publicized(case, objections=OBJECTION)
    return case


def objected_reply() -> Case:
    return objected('reply')


def objected_increment() -> Case:
    return objected('increment')


def objected_extension() -> Case:
    return objected('extension')


def filings_as_seen(case: Case) -> list[FilingPage]:
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING, reads=True) as work:
        return filings_of(work)


@shows('ORG-70', 'ORG-75')
@pytest.mark.parametrize(('build', 'kind', 'gave'), [
    (objected_reply, 'reply_declined', ''), (objected_increment, 'increment_declined', 'S000099010001'), (objected_extension, 'extension_declined', 'S000099010001')])
def test_after_an_upheld_objection_a_no_ends_the_application_and_leaves_the_register_as_it_is(stage_on_both: Stage, build: Any, kind: str, gave: str) -> None:
    case = stage_on_both(build)
    before = filings_as_seen(case)
    letter = drafted(case)
    assert (letter.kind, letter.filing_number, letter.ranges, state_of(case)) == (kind, gave, [], 'publicized')
    signed(case, letter)
    assert (state_of(case), filings_as_seen(case)) == ('declined', before)
    with begin_as(case.clerk, org_id=case.org_id, at=SIGNING, reads=True) as work:
        app = work.get(Application, case.application_id)
        assert (app.decided_on, app.filing_id) == (SIGNING.date(), before[0].filing.id if gave else None)
        assert [i.sentence for block in desk(work).values() for i in block if i.address == f'/assessments/{case.assessment_id}'] == []
        procedure = procedure_of(work, application_page(work, case.application_id))
    assert (procedure.filed_on, procedure.number, procedure.valid_to) == (None, '', None)  # nothing is filed by a no, and no report says so
    refused(lambda work: report_filing(work, letter_id=letter.id, reported_on=SIGNING.date()), case.clerk, case, '不予同意的不报送', at=SIGNING)


@shows('ORG-75', 'ORG-77', 'ORG-99')
@pytest.mark.parametrize(('build', 'said', 'unsaid'), [
    (objected_reply, ('职业技能等级认定备案的函', '决定不予备案。', '未经备案，不得组织职业技能等级认定'), ('机构备案号', '有效期')),
    (objected_increment, ('增量备案的函', '决定不予增量备案。', '原备案的职业（工种）和等级不变（机构备案号：S000099010001'), ('附件',)),
    (objected_extension, ('延续备案的函', '决定不予延续。', '原备案到有效期届满为止（机构备案号：S000099010001，有效期：2025年3月17日至2028年3月16日）'), ('附件',))])
def test_the_letter_of_a_no_after_the_publicity_tells_what_was_asked_why_not_and_what_stays(
        stage: Stage, build: Any, said: tuple[str, ...], unsaid: tuple[str, ...]) -> None:
    case = stage(build)
    drafted(case)
    with begin_as(case.head, org_id=case.org_id, at=SIGNING, reads=True) as work:
        record = answer_record(work, case.application_id)
    wanted = (
        f'关于不予同意{record.org}', '（受理号：明鉴备受〔2026〕7号）', '申请的职业（工种）和等级：', '车工/普通车床（4、3级）', '于2026年11月19日至2026年11月26日公示', '理由：变更后的名称与营业执照不一致。',
        f'依据：{BASIS}。', f'你单位对本决定有异议的，可以向{make.CENTRE_NAME}提出陈述和申辩。', *said)
    for text in (without_blanks(drawn_text_of(answer_pdf(record))), without_blanks(words(answer_docx(record)))):
        assert [x for x in wanted if without_blanks(x) not in text] == []
        assert [x for x in ('同意备案。', '同意延续', '同意增加', *unsaid) if x in text] == []


@shows('ORG-70')
def test_what_is_publicized_is_declined_only_once_its_publicity_is_over_and_its_result_is_kept(stage: Stage) -> None:
    case = stage(passed_alone)
    for _ in range(2):  # assessed, then publicized
        with pytest.raises(Refused, match='由技术评估的结论决定；公示期满并登记结果以后') as told:
            drafted(case)
        assert told.value.rule == 'ORG-70'
        if state_of(case) == 'assessed':
            publicized(case, over=False)


@shows('ORG-70')
def test_a_no_is_dated_after_the_publicity(stage: Stage) -> None:
    case = stage(objected_reply)
    letter = drafted(case, letter_on=date(2026, 11, 26))
    with pytest.raises(Refused, match='公示期满以后才能发文') as told:
        signed(case, letter)
    assert (told.value.rule, state_of(case)) == ('ORG-70', 'publicized')


def passed_alone() -> Case:
    return passed()
