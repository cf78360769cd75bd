"""The panel, scoring alone, signing what was shown, reconciliation, on both databases."""

from __future__ import annotations

import io
import random
from datetime import date, timedelta

import pytest
from PIL import Image

from app.assessment.operations import (
    conclude,
    declare,
    open_assessment,
    replace_assessor,
)
from app.assessment.queries import assessment_page, assessments, photo, sheet_page
from app.assessment.rules import NOTHING, Entry, Member
from app.assessment.scoring import add_photo, open_consolidated, reconcile, save_cell, sign_sheet, store_photo
from app.errors import Changed, NotYours, Refused
from app.files import store_scan
from app.house import House
from app.work import begin_as
from db.assessment import ScoreSheet
from tests import make
from tests.assessment.making import (
    AFTER,
    FITTER,
    NAMES,
    VISIT,
    Stage,
    accepted,
    all_signed,
    consolidated,
    fill,
    just_opened,
    just_signed,
    lost,
    members,
    opened,
    refused,
    sheets,
    shown_hash,
    sign,
    state_of,
)
from tests.assessment.test_concluding import org_of
from tests.make_bad_files import portrait
from tests.shows import shows

# ------------------------------------------------------------------ panel


@shows('ORG-70')
def test_an_assessment_begins_once_with_an_accepted_application(stage_on_both: Stage) -> None:
    case = stage_on_both(just_opened)
    assert state_of(case) == 'assessing'
    assert [(s.rubric, s.range_id) for s in sheets(case, case.assessors[0])] == [('school-public', None), ('school-occupation', case.range_ids[0])]
    refused(lambda work: open_assessment(work, application_id=case.application_id, method='onsite', visited_on=VISIT.date(), members=members(case)), case.clerk, case, '不能“开始技术评估”')


@shows('SEC-01')
def test_another_centre_assesses_nothing_that_was_not_handed_in_to_it(house_on_sqlite: House) -> None:
    case = accepted()
    province = make.org(88, region='990000', name='演示省职业技能鉴定指导中心（演示）')
    clerk = make.first_person(province, '省受理', make.number(1990), 'acceptance_clerk').id
    refused(lambda work: open_assessment(work, application_id=case.application_id, method='onsite', visited_on=VISIT.date(), members=members(case)), clerk, case, '本中心只能查看')
    opened(case)
    refused(lambda work: conclude(work, assessment_id=case.assessment_id), clerk, case, '本中心只能查看')


@pytest.mark.parametrize(('change', 'sentence'), [
    ({'method': 'by post'}, '评估方式'), ({'visited_on': date(2026, 11, 8)}, '早于材料收到日期'), ({'spread_line': '0'}, '分差界限'), ({'members': []}, '至少3人')])
def test_an_assessment_that_cannot_be_is_refused(house_on_sqlite: House, change: dict[str, object], sentence: str) -> None:
    case = accepted()
    given: dict[str, object] = {'method': 'onsite', 'visited_on': VISIT.date(), 'members': members(case)} | change
    refused(lambda work: open_assessment(work, application_id=case.application_id, **given), case.clerk, case, sentence)  # type: ignore[arg-type]
    assert state_of(case) == 'accepted'


def test_who_is_no_assessor_of_the_centre_cannot_be_on_the_panel(house_on_sqlite: House) -> None:
    case = accepted()
    panel = [*members(case)[:2], Member(case.clerk, '狄柳土')]
    assert refused(lambda work: open_assessment(work, application_id=case.application_id, method='onsite', visited_on=VISIT.date(), members=panel), case.clerk, case, '不是本中心的评估专家').rule == 'SEC-01'


def test_nobody_scores_before_declaring(house_on_sqlite: House) -> None:
    case = opened(accepted(), declared=False)
    sheet = sheets(case, case.assessors[0])[0]
    refused(lambda work: save_cell(work, sheet_id=sheet.id, item='A3.01', shown=NOTHING, new=Entry({'met': True})), case.assessors[0], case, '请先声明')


def test_a_declared_relation_excludes_and_the_replacement_takes_the_leader_s_place(both: House) -> None:
    case = opened(accepted(), declared=False)
    leader, fourth = case.assessors[0], case.assessors[3]
    with begin_as(leader, org_id=case.org_id, at=VISIT) as work:
        left = declare(work, assessment_id=case.assessment_id, relation='汪觜火是本人的妹妹').id
    own = make.first_person_of(org_of(case), '汪觜火', make.number(990), 'filing_clerk').id
    for person, seen in ((case.clerk, '汪觜火是本人的妹妹'), (own, '')):  # what he declared of himself is not the organisation's to know
        with begin_as(person, org_id=case.org_id, at=VISIT, reads=True) as work:
            assert [a.relation for a in assessment_page(work, case.assessment_id).panel if a.id == left] == [seen]
    sheet = sheets(case, case.assessors[1])[0]
    refused(lambda work: save_cell(work, sheet_id=sheet.id, item='A3.01', shown=NOTHING, new=Entry({'met': True})), leader, case, '您不在本次评估组中')
    refused(lambda work: replace_assessor(work, assessment_id=case.assessment_id, assessor_id=left, member=Member(fourth, NAMES[3], employer='明川技师学院（演示）'), reason='回避'), case.clerk, case, '应当回避')
    with begin_as(case.clerk, org_id=case.org_id, at=VISIT) as work:
        new = replace_assessor(work, assessment_id=case.assessment_id, assessor_id=left, member=Member(fourth, NAMES[3]), reason='声明有亲属关系')
    assert new.leads
    assert len(sheets(case, fourth)) == 2
    refused(lambda work: replace_assessor(work, assessment_id=case.assessment_id, assessor_id=left, member=Member(leader, NAMES[0]), reason='再换'), case.clerk, case, '曾在本次评估组中')


# ------------------------------------------------------------------ scoring alone


@shows('TEV-03')
def test_no_sheet_is_signed_before_the_day_of_the_assessment(house_on_sqlite: House) -> None:
    case = opened(accepted())
    person = case.assessors[0]
    sheet = sheets(case, person)[0]
    fill(case, person, sheet)
    shown = shown_hash(case, person, sheet.id)
    refused(lambda work: sign_sheet(work, sheet_id=sheet.id, shown_hash=shown), person, case, '评估日期是2026-11-18，还没有到', at=VISIT - timedelta(days=1))


@shows('TEV-05')
@pytest.mark.parametrize(('item', 'answer', 'sentence'), [
    ('A3.13', {'score': '5.5'}, '应在0分至5分之间'), ('A3.13', {'score': '2.3'}, '整数倍'), ('A3.13', {'score': '-1'}, '应在0分至5分之间'), ('A3.14', {'score': '4'}, '应在0分至3分之间')])
def test_a_score_the_rubric_does_not_allow_is_not_kept(stage: Stage, item: str, answer: dict[str, str], sentence: str) -> None:
    case = stage(just_opened)
    sheet = sheets(case, case.assessors[0])[0]
    refused(lambda work: save_cell(work, sheet_id=sheet.id, item=item, shown=NOTHING, new=Entry(dict(answer))), case.assessors[0], case, sentence)
    with begin_as(case.assessors[0], org_id=case.org_id, at=VISIT, reads=True) as work:
        assert sheet_page(work, sheet.id).entries == {}


def test_a_cell_changed_meanwhile_is_not_overwritten(stage_on_both: Stage) -> None:
    case = stage_on_both(just_opened)
    person, sheet = case.assessors[0], sheets(case, case.assessors[0])[0]
    with begin_as(person, org_id=case.org_id, at=VISIT) as work:
        save_cell(work, sheet_id=sheet.id, item='A3.13', shown=NOTHING, new=Entry({'score': '4'}, '缺'))
    refused(lambda work: save_cell(work, sheet_id=sheet.id, item='A3.13', shown=NOTHING, new=Entry({'score': '3'})), person, case, '没有覆盖它', Changed)
    with begin_as(person, org_id=case.org_id, at=VISIT) as work:
        assert save_cell(work, sheet_id=sheet.id, item='A3.13', shown=Entry({'score': '4'}, '缺'), new=Entry({'score': '3'}, '缺')) == Entry({'score': '3'}, '缺')


def test_an_open_sheet_is_nobody_else_s_to_see_or_to_fill(stage_on_both: Stage) -> None:
    case = stage_on_both(just_opened)
    mine, other, _ = case.assessors[:3]
    sheet = sheets(case, mine)[0]
    fill(case, mine, sheet)
    refused(lambda work: save_cell(work, sheet_id=sheet.id, item='A3.01', shown=NOTHING, new=Entry({'met': False})), other, case, '独立评分')
    for person in (other, case.clerk, case.head, case.assessors[3]):
        with pytest.raises(NotYours), begin_as(person, org_id=case.org_id, at=VISIT, reads=True) as work:
            sheet_page(work, sheet.id)
    sign(case, mine, sheet.id)
    with pytest.raises(NotYours), begin_as(other, org_id=case.org_id, at=VISIT, reads=True) as work:
        sheet_page(work, sheet.id)  # signed, but the own one is not
    with begin_as(case.clerk, org_id=case.org_id, at=VISIT, reads=True) as work:
        assert sheet_page(work, sheet.id).result.total == 100
    own = sheets(case, other)[0]
    fill(case, other, own)
    sign(case, other, own.id)
    with begin_as(other, org_id=case.org_id, at=VISIT, reads=True) as work:
        assert sheet_page(work, sheet.id).assessor is not None
        lines = {(x.assessor, x.sheet.range_id is None): x.visible for x in assessment_page(work, case.assessment_id).sheets}
    assert lines == {('米星日', True): True, ('米星日', False): False, ('明翼火', True): True, ('明翼火', False): True, ('臧轸水', True): False, ('臧轸水', False): False}


def test_an_assessor_sees_the_assessments_of_his_panel_only(stage: Stage) -> None:
    case = stage(just_opened)
    for person, count in ((case.assessors[0], 1), (case.assessors[3], 0), (case.clerk, 1)):
        with begin_as(person, at=VISIT, reads=True) as work:
            assert len(assessments(work)[0]) == count
    with pytest.raises(NotYours), begin_as(case.assessors[3], at=VISIT, reads=True) as work:
        assessment_page(work, case.assessment_id)


def test_the_organisation_sees_no_single_sheet_and_the_consolidated_one_after_the_conclusion(house_on_sqlite: House) -> None:
    case = consolidated(opened(accepted(way='increment', made=make.world(), ranges=(FITTER,))))
    clerk = case.made.people['filing_clerk']

    def seen() -> tuple[int, int, bool]:
        with begin_as(clerk, at=VISIT, reads=True) as work:
            page = assessment_page(work, case.assessment_id)
            return len(page.sheets), len(page.consolidated), page.outcome is not None

    assert seen() == (0, 0, False)
    for sheet in sheets(case, case.assessors[0]) + sheets(case, 0):
        with pytest.raises(NotYours), begin_as(clerk, at=VISIT, reads=True) as work:
            sheet_page(work, sheet.id)
    with begin_as(case.clerk, org_id=case.org_id, at=AFTER) as work:
        conclude(work, assessment_id=case.assessment_id)
    assert seen() == (0, 1, True)


# ------------------------------------------------------------------ signing


@shows('TEV-01', 'TEV-02')
def test_all_unanswered_items_are_named_and_nothing_is_signed(stage_on_both: Stage) -> None:
    case = stage_on_both(just_opened)
    person, sheet = case.assessors[0], sheets(case, case.assessors[0])[0]
    said = refused(lambda work: sign_sheet(work, sheet_id=sheet.id, shown_hash=sheet_page(work, sheet.id).shown_hash), person, case, '尚未评分')
    assert len(said.findings) == 46
    assert all('未评分不等于0分' in f.sentence for f in said.findings)


def test_what_changed_since_it_was_shown_is_not_signed(stage_on_both: Stage) -> None:
    case = stage_on_both(just_opened)
    person, sheet = case.assessors[0], sheets(case, case.assessors[0])[0]
    fill(case, person, sheet)
    shown = shown_hash(case, person, sheet.id)
    with begin_as(person, org_id=case.org_id, at=VISIT) as work:
        save_cell(work, sheet_id=sheet.id, item='A3.13', shown=Entry({'score': '5'}), new=Entry({'score': '4'}, '缺'))
    refused(lambda work: sign_sheet(work, sheet_id=sheet.id, shown_hash=shown), person, case, '有改动，签字没有生效')
    kept = sign(case, person, sheet.id)
    assert (kept.total, kept.band, kept.state) == ('99', 'qualified', 'signed')


def test_a_signed_sheet_is_neither_changed_nor_signed_again(stage_on_both: Stage) -> None:
    case = stage_on_both(just_opened)
    person, sheet = case.assessors[0], sheets(case, case.assessors[0])[0]
    fill(case, person, sheet)
    sign(case, person, sheet.id)
    shown = shown_hash(case, person, sheet.id)
    refused(lambda work: save_cell(work, sheet_id=sheet.id, item='A3.13', shown=Entry({'score': '5'}), new=Entry({'score': '4'})), person, case, '已经签字')
    refused(lambda work: sign_sheet(work, sheet_id=sheet.id, shown_hash=shown), person, case, '不能“评分表签字”')


def test_the_order_of_saving_cells_does_not_matter(house_on_sqlite: House) -> None:
    case, chance = opened(accepted()), random.Random(7)
    hashes = set()
    for n, person in enumerate(case.assessors[:3]):
        sheet = sheets(case, person)[0]
        changes = list(lost(n, sheet).items())
        chance.shuffle(changes)
        fill(case, person, sheet, dict(changes))
        with begin_as(person, org_id=case.org_id, at=VISIT, reads=True) as work:
            page = sheet_page(work, sheet.id)
        hashes.add((page.shown_hash, str(page.result.total)))
    assert len(hashes) == 1


def test_photos_are_pictures_without_metadata_and_six_at_most(stage: Stage) -> None:
    case = stage(just_opened)
    person, sheet = case.assessors[0], sheets(case, case.assessors[0])[0]
    exif = Image.Exif()
    exif[0x010E] = '取景：明川市学府路1号'
    scan = store_photo(portrait(exif=exif), case.org_id, name='1.png')
    with begin_as(person, org_id=case.org_id, at=VISIT) as work:
        kept = [add_photo(work, sheet_id=sheet.id, item='A3.14', scan=scan) for _ in range(6)]
        data = photo(work, kept[0].id)[1]
    assert Image.open(io.BytesIO(data)).format == 'JPEG' and '学府路'.encode() not in data
    refused(lambda work: add_photo(work, sheet_id=sheet.id, item='A3.14', scan=scan), person, case, '最多6张')
    pdf = store_scan(b'%PDF-1.7 scan', case.org_id, name='照片.jpg')
    refused(lambda work: add_photo(work, sheet_id=sheet.id, item='A3.15', scan=pdf), person, case, '不是照片')
    for data, said in ((b'MZ', '不是JPG或PNG照片'), (b'%PDF-1.7', '实际是PDF文件'), (b'\xff\xd8\xff' + bytes(10 << 20), '超过10 MB')):
        with pytest.raises(Refused, match=said):
            store_photo(data, case.org_id, name='a.jpg')


def test_a_photo_stored_for_one_organisation_is_never_kept_for_another(house_on_sqlite: House) -> None:
    case = opened(accepted())
    sheet, foreign = sheets(case, case.assessors[0])[0], store_photo(portrait(), case.made.org.id, name='1.jpg')
    refused(lambda work: add_photo(work, sheet_id=sheet.id, item='A3.14', scan=foreign), case.assessors[0], case, '未找到此项', NotYours)


# ------------------------------------------------------------------ reconciliation


def differ(n: int, sheet: ScoreSheet) -> dict[str, Entry]:
    return {'A3.13': Entry({'score': str(5 - 1.5 * n)}, '薄')} if sheet.range_id is None and n else {}


def test_nothing_is_consolidated_before_all_have_signed_and_by_the_leader_only(stage: Stage) -> None:
    case = stage(just_opened)
    leader = case.assessors[0]
    said = refused(lambda work: open_consolidated(work, assessment_id=case.assessment_id), leader, case, '还没有全部签字')
    assert all(name in said.sentence for name in NAMES[:3])
    all_signed(case)
    refused(lambda work: open_consolidated(work, assessment_id=case.assessment_id), case.assessors[1], case, '由评估组组长办理')


@shows('ORG-70')
def test_a_panel_that_somebody_left_is_made_whole_before_its_sheets_are_joined(house_on_sqlite: House) -> None:
    case = opened(accepted(way='increment', made=make.world(), ranges=(FITTER,)), declared=False)
    leader, second, third, fourth = case.assessors

    def scores(person: int) -> None:
        with begin_as(person, org_id=case.org_id, at=VISIT) as work:
            declare(work, assessment_id=case.assessment_id)
        for sheet in sheets(case, person):
            fill(case, person, sheet)
            sign(case, person, sheet.id)

    with begin_as(third, org_id=case.org_id, at=VISIT) as work:
        left = declare(work, assessment_id=case.assessment_id, relation='何立春是本人的同学').id
    for person in (leader, second):
        scores(person)
    assert refused(lambda work: open_consolidated(work, assessment_id=case.assessment_id), leader, case, '有人回避，尚未更换').rule == 'ORG-70'
    with begin_as(case.clerk, org_id=case.org_id, at=VISIT) as work:
        replace_assessor(work, assessment_id=case.assessment_id, assessor_id=left, member=Member(fourth, NAMES[3]), reason='声明为同学关系')
    refused(lambda work: open_consolidated(work, assessment_id=case.assessment_id), leader, case, '还没有全部签字')
    scores(fourth)
    with begin_as(leader, org_id=case.org_id, at=VISIT) as work:
        assert len(open_consolidated(work, assessment_id=case.assessment_id)) == 1


def test_a_spread_over_the_line_is_signed_only_with_a_reconciliation(both: House) -> None:
    case = all_signed(opened(accepted()), differ)
    leader = case.assessors[0]
    with begin_as(leader, org_id=case.org_id, at=VISIT, reads=True) as work:
        wide = {s.item: s.width for s in assessment_page(work, case.assessment_id).spreads if s.width}
    assert {k: str(v) for k, v in wide.items()} == {'A3.13': '3.0', 'total': '3.0'}
    with begin_as(leader, org_id=case.org_id, at=VISIT) as work:
        public, occupation = open_consolidated(work, assessment_id=case.assessment_id)
    with begin_as(leader, org_id=case.org_id, at=VISIT, reads=True) as work:
        page = sheet_page(work, public.id)
    assert 'A3.13' in page.result.unanswered and len(page.result.unanswered) == 1
    with begin_as(leader, org_id=case.org_id, at=VISIT) as work:
        save_cell(work, sheet_id=public.id, item='A3.13', shown=page.entries['A3.13'], new=Entry({'score': '3.5'}, '薄'))
    said = refused(lambda work: sign_sheet(work, sheet_id=public.id, shown_hash=sheet_page(work, public.id).shown_hash), leader, case, '相差3分，超过2分')
    assert [f.subject for f in said.findings] == ['A3.13', 'total']
    refused(lambda work: reconcile(work, assessment_id=case.assessment_id, rubric='school-public', range_id=None, item='A3.13', text='好'), leader, case, '至少写4个字')
    for item in ('A3.13', 'total'):
        with begin_as(leader, org_id=case.org_id, at=VISIT) as work:
            reconcile(work, assessment_id=case.assessment_id, rubric='school-public', range_id=None, item=item, text='现场复看方案后一致同意3.5分')
    sign(case, leader, public.id)
    sign(case, leader, occupation.id)
    with begin_as(leader, org_id=case.org_id, at=VISIT, reads=True) as work:
        assert assessment_page(work, case.assessment_id).assessment.state == 'consolidated'


def test_the_consolidated_sheet_is_the_leader_s(stage: Stage) -> None:
    case = stage(just_signed)
    with begin_as(case.assessors[0], org_id=case.org_id, at=VISIT) as work:
        sheet = open_consolidated(work, assessment_id=case.assessment_id)[0]
    refused(lambda work: save_cell(work, sheet_id=sheet.id, item='A3.01', shown=Entry({'met': True}), new=Entry({'met': False})), case.assessors[1], case, '由评估组组长填写和签字')
    refused(lambda work: open_consolidated(work, assessment_id=case.assessment_id), case.assessors[0], case, '已经生成')
