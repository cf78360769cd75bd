"""The desk of the day: the clocks of filings for who must act and for who waits, and what runs out in the registers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import event
from sqlmodel import Session

from app.access import Role
from app.assessment.operations import answer_rectification, check_rectification, conclude
from app.assessment.queries import rectifications
from app.dashboard.queries import desk, first_step
from app.filing.answering import DECLINE
from app.filing.desk import Point, accept, ask_correction, refuse_application
from app.filing.operations import start_application
from app.filing.queries import applications
from app.house import House, house
from app.users.operations import give_post
from app.words import CHINA
from app.work import begin_as
from db.base import Owned
from db.equipment import Equipment
from db.filing import Licence
from db.organizations import Org
from db.personnel import Examiner, Staff
from db.premises import Room, SafetyCheck, Site
from tests import make
from tests.assessment import making
from tests.assessment import test_declining as declining
from tests.assessment.making import lost
from tests.assessment.test_deciding import SIGNING, drafted, passed, publicized, signed
from tests.filing import test_outside as outside
from tests.filing.prepared import AT, applicant, handed_in
from tests.shows import shows

Lines = list[tuple[str, str, str, str, int | None]]


def lines(person: int, block: str, at: datetime, *, rule: str = '', role: str = '') -> Lines:
    """Return the lines of a block: sentence, address, grade, day, working days left."""
    with begin_as(person, role=role, at=at, reads=True) as work:
        return [(i.sentence, i.address, i.grade, f'{i.due_on or ""}', i.days_left) for i in desk(work)[block] if not rule or i.rule == rule]  # type: ignore[index]


def kept(*rows: Owned) -> None:
    with Session(house().engines.write, expire_on_commit=False) as session:
        for row in rows:
            session.add(row)
            session.flush()
        session.commit()


def clerk_of(case: making.Case) -> int:
    """Return a filing clerk of the organisation whose application it is."""
    with begin_as(case.head, reads=True) as work:
        return make.first_person_of(work.get(Org, case.org_id), '汪觜火', make.number(1500), Role.FILING_CLERK).id


# ------------------------------------------------------------------ an application, from handing in to the letter


@shows('ORG-72')
def test_an_application_handed_in_runs_for_the_centre_and_waits_for_the_applicant(house_on_sqlite: House) -> None:
    a = applicant(make.world())
    app_id, _ = handed_in(a)
    assert lines(a.made.people['acceptance_clerk'], 'due', AT, rule='ORG-72') == [
        (f'{a.org.name}的社会培训评价组织备案：已提交，待受理或一次性告知补正', f'/desk/{app_id}', 'calm', '2026-11-04', 7)]
    assert lines(a.clerk, 'running', AT) == [('社会培训评价组织备案：已提交，待受理机关告知是否受理', f'/filings/{app_id}/acts', 'calm', '2026-11-04', 7)]
    late = datetime(2026, 11, 5, 9, 0, tzinfo=CHINA)
    assert [(grade, left) for _, _, grade, _, left in lines(a.made.people['centre_head'], 'due', late, rule='ORG-72')] == [('block', -1)]


@shows('ORG-74')
def test_a_correction_tells_the_applicant_how_many_points_are_open_and_by_when(house_on_sqlite: House) -> None:
    a = applicant(make.world())
    app_id, _ = handed_in(a)
    with begin_as(a.made.people['acceptance_clerk'], org_id=a.org.id, at=AT) as work:
        ask_correction(work, application_id=app_id, points=[Point('basics', 'contact', '联系人写错了，请更正。'), Point('letter', '', '请加盖公章。')])
    assert lines(a.clerk, 'due', AT, rule='ORG-74') == [('社会培训评价组织备案：还有2项待补正', f'/filings/{app_id}', 'calm', '2026-11-09', 10)]
    assert lines(a.made.people['acceptance_clerk'], 'running', AT) == [
        (f'{a.org.name}的社会培训评价组织备案：补正中，待申请单位提交', f'/desk/{app_id}', 'calm', '2026-11-09', 10)]
    after = datetime(2026, 11, 11, 9, 0, tzinfo=CHINA)
    assert [(grade, left) for _, _, grade, _, left in lines(a.clerk, 'wrong', after, rule='ORG-74')] == [('block', -2)]


def test_an_accepted_application_waits_for_its_assessment(house_on_sqlite: House) -> None:
    a = applicant(make.world())
    app_id, _ = handed_in(a)
    with begin_as(a.made.people['acceptance_clerk'], org_id=a.org.id, at=AT) as work:
        accept(work, application_id=app_id, reason='本市需要')
    assert lines(a.made.people['centre_head'], 'due', AT, rule='ORG-70') == [
        (f'{a.org.name}的社会培训评价组织备案：已受理，待组织技术评估', f'/assessments/new/{app_id}', 'warn', '', None)]


@shows('TEV-09')
def test_a_rectification_runs_for_the_organisation_until_written_and_for_the_centre_until_checked(house_on_sqlite: House) -> None:
    case = making.consolidated(making.opened(making.accepted()), lost)
    person = clerk_of(case)
    with begin_as(case.clerk, org_id=case.org_id, at=making.AFTER) as work:
        conclude(work, assessment_id=case.assessment_id, points=[('A3.13', '补充评价方式'), ('A3.14', '档案室改为自有场所')], due_on=date(2026, 12, 11))
        points = [r.id for r in rectifications(work, case.assessment_id)]
    at = f'/assessments/{case.assessment_id}'
    name = '明川技师学院（演示）的技工院校备案（本校学生）'
    assert lines(person, 'due', making.AFTER, rule='TEV-09') == [('技工院校备案（本校学生）：整改2项，还有2项待完成并填写整改情况', at, 'calm', '2026-12-11', 16)]
    assert lines(case.head, 'due', making.AFTER, rule='TEV-09') == [(f'{name}：整改2项，2项待申请单位完成', at, 'calm', '2026-12-11', 16)]
    for point in points:
        with begin_as(person, at=making.AFTER) as work:
            answer_rectification(work, rectification_id=point, shown=('', None), done='已按要求补齐', done_on=making.AFTER.date())
    assert lines(person, 'due', making.AFTER, rule='TEV-09') == []
    assert [said for said, *_ in lines(case.head, 'due', making.AFTER, rule='TEV-09')] == [f'{name}：整改2项，2项待核查']
    for point in points:
        with begin_as(case.clerk, org_id=case.org_id, at=making.AFTER) as work:
            check_rectification(work, rectification_id=point, shown=('已按要求补齐', making.AFTER.date()))
    assert [said for said, *_ in lines(case.head, 'due', making.AFTER, rule='TEV-09')] == [f'{name}：整改2项，均已核查，待作出结论']


@shows('ORG-80')
def test_a_drafted_letter_is_for_the_other_person_who_signs_and_tells_what_it_lacks(house_on_sqlite: House) -> None:
    case = passed()
    drafted(case, letter_no='')
    publicized(case, over=False)
    name = '明川技师学院（演示）的技工院校备案（本校学生）'
    assert [said for said, *_ in lines(case.head, 'due', making.AFTER, rule='ORG-80')] == [f'{name}：备案函草稿待您签发（发文字号待补齐；公示结束后才能签发）']
    assert [said for said, *_ in lines(case.clerk, 'due', making.AFTER, rule='ORG-90') if name in said] == [f'{name}：备案函草稿的发文字号还没有填写，补齐后才能签发']
    assert [line[2:] for line in lines(case.clerk, 'running', making.AFTER, rule='ORG-76')] == [('calm', '2026-11-26', 5)]
    person = clerk_of(case)
    assert [said for said, *_ in lines(person, 'running', making.AFTER)] == ['技工院校备案（本校学生）：公示中']  # a draft of the letter is not the organisation's to see


def test_what_follows_the_publicity_is_named_in_turn(house_on_sqlite: House) -> None:
    case = passed()
    name = '明川技师学院（演示）的技工院校备案（本校学生）：'
    assert (f'{name}评估通过，待公示', '', None) in [(said, day, left) for said, _, _, day, left in lines(case.clerk, 'due', making.AFTER)]
    publicized(case, over=False)
    assert [said for said, *_ in lines(case.clerk, 'due', SIGNING, rule='ORG-76')] == [f'{name}公示期满，待登记公示结果']


@shows('ORG-76')
def test_the_list_of_applications_shows_the_last_day_of_a_publicity_as_the_home_does_and_nothing_once_it_is_over(both: House) -> None:
    case = passed()
    publicized(case, over=False)
    for person in (clerk_of(case), case.clerk):
        assert [day for *_, day, _ in lines(person, 'running', making.AFTER, rule='ORG-76')] == ['2026-11-26']
        assert listed(person, making.AFTER) == '公示：2026-11-26止'
        assert listed(person, SIGNING) is None


def test_the_days_that_a_centre_outside_names_are_told_to_the_applicant_as_those_of_one_inside(both: House) -> None:
    a, app_id, scan = outside.to_the_province(applicant(make.world()).made)
    for verb, day, more in (
            ('application.accept', date(2026, 10, 30), {'number': 'BA20261030-07'}), ('application.rectify', date(2026, 11, 10), {'text': '档案室改为自有', 'until': date(2026, 12, 8)})):
        outside.confirmed(a, outside.copied(a, app_id, scan, verb, day, **more))  # type: ignore[arg-type]
    acts = f'/filings/{app_id}/acts'
    assert [line[:4] for line in lines(a.clerk, 'due', making.AFTER, rule='TEV-09')] == [('社会培训评价组织备案：限期整改，请整改后报受理机关', acts, 'calm', '2026-12-08')]
    assert listed(a.clerk, making.AFTER) == '完成整改：2026-12-08前'
    for verb, day, more in (
            ('application.pass', date(2026, 11, 18), {'text': '具备备案条件'}), ('application.publicize', date(2026, 11, 19), {'until': date(2026, 11, 26)})):
        outside.confirmed(a, outside.copied(a, app_id, scan, verb, day, **more))  # type: ignore[arg-type]
    assert [line[:4] for line in lines(a.clerk, 'running', making.AFTER, rule='ORG-76')] == [('社会培训评价组织备案：公示中', acts, 'calm', '2026-11-26')]
    assert [line[:2] for line in lines(a.clerk, 'running', SIGNING)] == [('社会培训评价组织备案：公示期满，待受理机关答复的函', acts)]
    assert [listed(a.clerk, at) for at in (making.AFTER, SIGNING)] == ['公示：2026-11-26止', None]


def listed(person: int, at: datetime) -> str | None:
    """Return what the list of applications says of the day that runs for the newest."""
    with begin_as(person, at=at, reads=True) as work:
        clock = applications(work)[0][0].clock
    return clock.sentence if clock else None


def test_an_assessor_is_told_of_his_own_open_sheets_only(house_on_sqlite: House) -> None:
    case = making.opened(making.accepted())
    said = '明川技师学院（演示）的技工院校备案（本校学生）：您还有2张评分表没有签字'
    assert [line[:3] for line in lines(case.assessors[0], 'due', making.VISIT, rule='TEV-01')] == [(said, f'/assessments/{case.assessment_id}', 'warn')]
    assert lines(case.assessors[3], 'due', making.VISIT, rule='TEV-01') == []
    assert lines(case.clerk, 'due', making.VISIT, rule='TEV-01') == []


# ------------------------------------------------------------------ what was decided


@shows('ORG-75', 'ORG-80')
def test_a_no_is_named_so_while_it_is_drafted_and_told_to_the_applicant_for_thirty_days(both: House) -> None:
    case = declining.asked_change()
    letter, own = declining.drafted(case), case.applicant
    assert [said for said, *_ in lines(case.head, 'due', SIGNING, rule='ORG-80')] == [f'{own.org.name}的变更备案：不予变更的函草稿待您签发']
    assert [said for said, *_ in lines(own.clerk, 'running', SIGNING)] == ['变更备案：已受理，待答复的函']  # a draft is not the organisation's to see
    declining.signed(case, letter)
    told = [('变更备案：不予变更（明人社函〔2026〕9号，2026-11-27）', f'/assessments/answer/{case.application_id}', 'calm', '', None)]
    with begin_as(own.head, at=SIGNING) as work:
        give_post(work, person_id=own.head, role=Role.REGISTRAR, from_on=make.START)
    for person, role, at, seen in (
            (own.clerk, '', SIGNING, told), (own.head, Role.HEAD, SIGNING, told), (own.head, Role.REGISTRAR, SIGNING, []), (case.clerk, '', SIGNING, []),
            (own.clerk, '', datetime(2026, 12, 27, 9, 0, tzinfo=CHINA), told), (own.clerk, '', datetime(2026, 12, 28, 9, 0, tzinfo=CHINA), [])):
        assert lines(person, 'running', at, rule='ORG-75', role=role) == seen


@shows('ORG-80')
def test_a_filing_given_by_letter_is_told_with_its_number_and_who_reports_it_reads_of_which_letter(house_on_sqlite: House) -> None:
    case = passed()
    publicized(case)
    name = '明川技师学院（演示）的技工院校备案（本校学生）'
    assert f'{name}：公示结果已登记，待起草备案函' in [said for said, *_ in lines(case.clerk, 'due', SIGNING, rule='ORG-80')]
    signed(case, drafted(case))
    assert [line[:3] for line in lines(clerk_of(case), 'running', SIGNING, rule='ORG-80')] == [
        ('技工院校备案（本校学生）：准予备案（明人社函〔2026〕9号，2026-11-27）', f'/assessments/{case.assessment_id}', 'calm')]
    assert [said for said, *_ in lines(case.clerk, 'due', SIGNING, rule='ORG-78') if name in said] == [f'{name}：备案函已签发，待报送部中心']


@shows('ORG-75')
def test_a_refusal_at_the_desk_and_a_no_copied_from_outside_are_told_with_number_and_day(house_on_sqlite: House) -> None:
    a = applicant(make.world())
    app_id, _ = handed_in(a)
    with begin_as(a.made.people['acceptance_clerk'], org_id=a.org.id, at=AT) as work:
        number = refuse_application(work, application_id=app_id, reason='不属于本中心受理', basis='指南十一').number
    assert [line[:3] for line in lines(a.clerk, 'running', AT, rule='ORG-75')] == [(f'社会培训评价组织备案：不予受理（{number}，2026-10-26）', f'/filings/{app_id}/acts', 'calm')]
    b, app_id, scan = outside.as_far_as_publicized(outside.to_the_province(a.made))
    outside.confirmed(b, outside.copied(b, app_id, scan, DECLINE, date(2026, 11, 30), number='函2号', text='公示期间的异议成立', basis='指南十'))
    assert [line[:3] for line in lines(b.clerk, 'running', outside.LATE, rule='ORG-75')] == [('社会培训评价组织备案：不予备案（函2号，2026-11-30）', f'/filings/{app_id}/acts', 'calm')]


# ------------------------------------------------------------------ the term of a filing


@shows('ORG-90')
def test_a_filing_that_ends_soon_is_red_until_its_extension_is_under_way(both: House) -> None:
    made = make.world()
    near, early = datetime(2028, 2, 1, 9, 0, tzinfo=CHINA), datetime(2027, 10, 1, 9, 0, tzinfo=CHINA)
    name, clerk = made.org.name, made.people['filing_clerk']
    assert lines(clerk, 'due', datetime(2027, 9, 1, 9, 0, tzinfo=CHINA), rule='ORG-90') == []
    assert [line[:4] for line in lines(clerk, 'due', early, rule='ORG-90')] == [(f'{name}的备案还有167天到期，请办理延续', '/filings/new?wanted=extension', 'warn', '2028-03-16')]
    own = f'/organizations/{made.org.id}'
    for person, address, asked in ((clerk, '/filings/new?wanted=extension', '请办理延续'), (made.people['head'], own, '请办理延续'), (made.people['centre_head'], own, '请提醒其办理延续')):
        assert [line[:4] for line in lines(person, 'due', near, rule='ORG-90')] == [(f'{name}的备案还有44天到期，{asked}', address, 'block', '2028-03-16')]
    with begin_as(clerk, at=near) as work:
        start_application(work, way='extension', filing_id=made.filing.id)
    assert [line[:3] for line in lines(clerk, 'due', near, rule='ORG-90')] == [(f'{name}的备案还有44天到期，延续备案办理中', f'/organizations/{made.org.id}', 'warn')]
    assert [line[2] for line in lines(made.people['centre_head'], 'due', near, rule='ORG-90')] == ['block']  # a centre knows nothing of a draft
    assert [line[0] for line in lines(clerk, 'wrong', datetime(2028, 3, 17, 9, 0, tzinfo=CHINA), rule='ORG-90')] == [f'{name}的备案已于2028-03-16到期，不能安排新的认定']


def test_an_organisation_without_a_filing_is_told_to_begin_with_an_application(house_on_sqlite: House) -> None:
    a = applicant(make.world())
    with begin_as(a.head, at=AT) as work:
        give_post(work, person_id=a.head, role=Role.STAFF, from_on=make.START)
    assert lines(a.clerk, 'due', AT) == [('本单位还没有备案，不能安排认定：请从“备案申报”开始', '/filings/new', 'warn', '', None)]
    for person, role, said in ((a.head, Role.STAFF, '由备案联系人从“备案申报”开始'), (a.made.people['registrar'], '', '“认定批次”'), (a.made.people['centre_head'], '', '“受理与评估”')):
        with begin_as(person, role=role, at=AT, reads=True) as work:
            assert said in first_step(work)
    with begin_as(a.clerk, at=AT) as work:
        app_id = start_application(work, way='social').id
    assert lines(a.clerk, 'due', AT) == []
    assert lines(a.clerk, 'running', AT) == [('社会培训评价组织备案：填写中，尚未提交', f'/filings/{app_id}', 'calm', '', None)]


# ------------------------------------------------------------------ registers


def _registers(made: make.World) -> dict[str, int]:
    """Keep one row of each register that ends at 2026-12-04, and one of each that ends later or had ended."""
    day, later, org_id = date(2026, 12, 4), date(2027, 12, 4), made.org.id
    rows: dict[str, Owned] = {}
    site = Site.model_validate({'org_id': org_id, 'name': '东校区', 'address': '东路1号', 'tenure': 'leased', 'lease_to': day})
    owned = Site.model_validate({'org_id': org_id, 'name': '主校区', 'address': '西路1号', 'tenure': 'owned', 'lease_to': day})
    rows |= {'site': site, 'room': Room.model_validate({'org_id': org_id, 'site_id': site.id, 'name': '机房', 'kind': 'theory_computer', 'tenure': 'leased', 'lease_to': day})}
    rows['tool'] = Equipment.model_validate({'org_id': org_id, 'number': 'LJ-0113', 'name': '外径千分尺', 'count': 1, 'calibrated_to': day})
    person = made.people['registrar']
    common = {'org_id': org_id, 'person_id': person, 'occupation_code': '4-10-01-03', 'occupation': '保育师'}
    rows['examiner'] = Examiner.model_validate(common | {'grade': 'examiner', 'card_to': day, 'engaged_to': later})
    rows['staff'] = Staff.model_validate({'org_id': org_id, 'person_id': person, 'contract_to': day})
    rows['licence'] = Licence.model_validate({'org_id': org_id, 'kind': 'school', 'number': '1', 'issuer': '局', 'valid_to': day})
    check = {'org_id': org_id, 'checked_on': date(2026, 10, 1), 'area': '1号楼', 'checker': '严立夏', 'due_on': day}
    rows['check'] = SafetyCheck.model_validate(check | {'hazard': '灭火器失压'})
    done = SafetyCheck.model_validate(check | {'hazard': '灯坏', 'rechecked_on': date(2026, 10, 9)})
    gone = Licence.model_validate({'org_id': org_id, 'kind': 'business', 'number': '2', 'issuer': '局', 'valid_to': day, 'ended_on': day})
    kept(owned, *rows.values(), done, gone)
    return {name: row.id for name, row in rows.items()}


@shows('ORG-05', 'PERS-11', 'PERS-50')
def test_what_runs_out_in_the_registers_is_told_to_who_keeps_them(both: House) -> None:
    made = make.world()
    ids, at = _registers(made), datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)
    told = [
        ('1号楼的安全隐患整改期限将到期，请整改并另日复查', f'/premises/check/{ids["check"]}'), ('场所“东校区”的租期将到期，请续租并更新租赁合同', f'/premises/site/{ids["site"]}'),
        ('房间“机房”的租期将到期，请续租并更新租赁合同', f'/premises/room/{ids["room"]}'),
        ('计量器具LJ-0113的检定将到期，送检前不得分配使用', f'/equipment/{ids["tool"]}'), ('考评员职员1的证卡将到期，请办理换证', f'/personnel/examiners/{ids["examiner"]}'),
        ('职员1的合同将到期，请续签', f'/personnel/staff/{ids["staff"]}'), ('办学许可证的有效期将到期，请换领后登记新证', f'/filings/held/licence/{ids["licence"]}')]
    assert lines(made.people['filing_clerk'], 'due', at) == [(said, address, 'warn', '2026-12-04', 9) for said, address in told]
    assert [said for said, *_ in lines(made.people['exam_affairs'], 'due', at)] == [said for said, _ in told[:4]]  # keeps premises and equipment, not people
    assert lines(made.people['scorer'], 'due', at) == []
    assert lines(made.people['centre_head'], 'due', at) == []
    after = datetime(2026, 12, 7, 9, 0, tzinfo=CHINA)
    assert [line[::2] for line in lines(made.people['filing_clerk'], 'wrong', after, rule='PERS-11')] == [('考评员职员1的证卡已到期，请办理换证', 'block', -1)]


def test_many_terms_of_one_day_are_one_line_that_leads_to_the_register(house_on_sqlite: House) -> None:
    made = make.world()
    kept(*(Staff.model_validate({'org_id': made.org.id, 'person_id': made.people[role], 'contract_to': date(2026, 12, 4)}) for role in ('registrar', 'scorer', 'leader', 'recorder')))
    assert [line[:2] for line in lines(made.people['head'], 'due', datetime(2026, 11, 23, 9, 0, tzinfo=CHINA))] == [('职员1等4人的合同将到期，请续签', '/personnel/staff')]


def test_the_desk_asks_the_database_as_often_for_many_applications_as_for_one(house_on_sqlite: House) -> None:
    a = applicant(make.world())
    handed_in(a)
    asked: list[str] = []
    event.listen(house().engines.read, 'before_cursor_execute', lambda _c, _u, statement, *_: asked.append(statement))

    def count() -> int:
        asked.clear()
        with begin_as(a.made.people['centre_head'], at=AT, reads=True) as work:
            desk(work)
        return len(asked)

    before = count()
    for n in (8, 9):
        handed_in(applicant(a.made, n=n))
    assert count() == before
