"""The filing scores itself: what data decide, what stays open, what is lost and how it is won back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.filing.records import ApplicationRecord, RangeLine, SafetyLine
from app.filing.scoring import SelfSheet, self_score
from app.regulation import profile
from tests.filing.made import LATHE, NURSE, PLAN, SCHOOL, bylaw, examiner, expert, machine, record, room, staff, standard, system
from tests.shows import shows

HENAN = profile('henan')
PUBLIC = {'social': 'A5', 'employer': 'A1', 'school_own': 'A3', 'school_society': 'A5'}
OCCUPATION = {'social': 'A6', 'employer': 'A2', 'school_own': 'A4', 'school_society': 'A6'}
OWN_TITLES = ('质量督导细则', '质量手册', '监考人员守则', '阅卷评分守则', '考评员回避制度', '考评人员年度考核制度', '试卷管理制度', '题库保密规定')
SAFE = SafetyLine(checked_on=date(2026, 9, 1), area='全部', bad=(), hazard='', serious=False, cured=False)


def scored(asked: ApplicationRecord, item: str) -> tuple[Decimal | None, str | None]:
    """Return score and veto of an item; the first row's sheet for an occupation item."""
    found = self_score(asked, HENAN)
    line = next(x for sheet in found.sheets for x in sheet.lines if x.item.id == item)
    return line.score, line.veto


def public(asked: ApplicationRecord) -> SelfSheet:
    sheet = self_score(asked, HENAN).public
    assert sheet is not None
    return sheet


@pytest.mark.parametrize('way', PUBLIC)
def test_the_right_rubrics_are_filled_one_a_row(way: str) -> None:
    found = self_score(record(way), HENAN)
    assert found.public and found.public.lines[0].item.id == f'{PUBLIC[way]}.01'
    assert [(s.lines[0].item.id, s.row and s.row.name) for s in found.occupations] == [(f'{OCCUPATION[way]}.01', '车工/普通车床'), (f'{OCCUPATION[way]}.01', '保育师')]
    assert found.binding and not self_score(record(way), profile('hunan')).binding


def test_an_increment_is_scored_by_occupation_only_and_leaves_the_item_bank_open() -> None:
    found = self_score(record('increment'), HENAN)
    assert found.public is None and len(found.sheets) == 1
    assert 'A6.17' in {x.item.id for x in found.sheets[0].open_lines}


@pytest.mark.parametrize('way', PUBLIC)
def test_an_applicant_with_everything_loses_nothing_for_certain(way: str) -> None:
    own = tuple(bylaw(25 + n, title=title) for n, title in enumerate(OWN_TITLES))
    found = self_score(record(way, bylaws=(*record().bylaws, *own)), HENAN)
    for sheet in found.sheets:
        assert sheet.gaps == () and sheet.most == 100, [(x.item.id, x.lost, x.evidence) for x in sheet.gaps]
        assert sheet.least == sum((x.score or 0) for x in sheet.lines)
        assert sheet.outlook.min > 0 and sheet.result.filing_vetoes == ()


@pytest.mark.parametrize('way', PUBLIC)
def test_what_a_person_must_judge_stays_open_and_says_what_the_registers_show(way: str) -> None:
    found = self_score(record(way), HENAN)
    for sheet in found.sheets:
        assert sheet.open_lines and sheet.result.conclusion is None
        assert all(x.evidence and x.score is None and x.lost == 0 for x in sheet.open_lines)
        assert set(sheet.result.unanswered) == {x.item.id for x in sheet.open_lines}


def test_an_empty_register_loses_for_certain_and_says_what_to_do() -> None:
    nothing: dict[str, Any] = dict.fromkeys(('licences', 'staff', 'examiners', 'experts', 'supervisors', 'seats', 'sites', 'rooms', 'equipment', 'systems', 'safety', 'bylaws', 'standards', 'training'), ())
    for way in PUBLIC:
        asked = record(way, **nothing).model_copy(update={'answers': {}})
        found = self_score(asked, HENAN)
        assert found.public and found.public.outlook.min == 0 and found.public.result.filing_vetoes
        assert all(line.todo for sheet in found.sheets for line in sheet.gaps)
        assert found.public.most <= 8 and {x.item.id[3:] for x in found.public.lines if x.score} <= {'09', '10', '11', '12', '13'}  # only the rows asked for are right


@pytest.mark.parametrize(('province', 'edition'), [('henan', '《中华人民共和国职业分类大典（2015年版）》'), ('hunan', '现行《中华人民共和国职业分类大典》')])
@shows('OCC-05')
def test_the_advice_names_the_classification_that_the_province_goes_by(province: str, edition: str) -> None:
    asked = record(ranges=(LATHE, NURSE.model_copy(update={'occupation': '保育员'})), standards=())
    lost = [line.todo for sheet in self_score(asked, profile(province)).sheets for line in sheet.gaps if '职业分类大典' in line.todo]
    assert len(lost) > 1 and all(edition in todo for todo in lost)


# ------------------------------------------------------------------ public items


@pytest.mark.parametrize(('way', 'changed', 'item', 'score', 'veto'), [
    ('social', {'answers': {'standing': {'independent_entity': 'no'}}}, 'A5.01', None, 'filing'),
    ('employer', {'answers': {'employer': {'in_province': 'no'}}}, 'A1.01', None, 'filing'), ('employer', {'answers': {'employer': {'insured': 'no'}}}, 'A1.02', None, None),
    ('employer', {'answers': {'employer': {'pay_by_skill': 'no'}}}, 'A1.03', None, 'filing'), ('employer', {'answers': {'employer': {'education_budget': 'no'}}}, 'A1.25', None, 'filing'),
    ('school_own', {'answers': {'school': {'approval_no': ''}}}, 'A3.01', None, 'filing'), ('school_own', {'answers': {'school': {'station_licence': ''}}}, 'A3.02', None, 'filing'),
    ('school_own', {'answers': {'plan': {'funds': ''}}}, 'A3.24', None, 'filing'), ('social', {'answers': {'plan': {'certificate': ''}}}, 'A5.23', None, 'filing'),
    ('social', {'answers': {'plan': {'basis': '', 'it': ''}}}, 'A5.02', 2, None), ('employer', {'answers': {'plan': {'basis': ''}}}, 'A1.04', 6, None),
    ('social', {'answers': {'plan': {'overview': ''}}}, 'A5.03', 0, None), ('social', {'answers': {'plan': {'modes': ''}}}, 'A5.11', 0, None),
    ('employer', {'answers': {'plan': {'modes': ''}}}, 'A1.14', 0, None), ('social', {'answers': {'plan': {'schedule': []}}}, 'A5.21', 0, None),
    ('social', {'answers': {'plan': {'workflow': ''}}}, 'A5.20', 2, None), ('social', {'seats': ()}, 'A5.06', 0, None), ('social', {'seats': ()}, 'A5.08', 0, None),
    ('social', {'staff': (staff(1),)}, 'A5.07', 0, None), ('social', {'staff': (staff(1), staff(2))}, 'A5.07', 3, None),
    ('social', {'ranges': (LATHE, NURSE.model_copy(update={'occupation': '保育员'}))}, 'A5.09', 4, None), ('social', {'ranges': (NURSE.model_copy(update={'levels': (2,)}),), 'standards': (standard(NURSE, levels=(5,)),)}, 'A5.10', 0, None),
    ('social', {'rooms': ()}, 'A5.12', 0, None), ('social', {'rooms': (room('theory_computer', camera_count=0),)}, 'A5.14', 0, None),
    ('social', {'systems': (system('exam_affairs', 'testing'),)}, 'A5.17', None, 'operation'), ('social', {'systems': ()}, 'A5.18', 0, 'operation'),
    ('social', {'systems': ()}, 'A5.19', None, 'filing'), ('employer', {'systems': ()}, 'A1.20', 0, 'operation'), ('social', {'systems': ()}, 'A5.16', 0, None)])
@shows('TEV-04')
def test_data_decide_public_items(way: str, changed: dict[str, Any], item: str, score: int | None, veto: str | None) -> None:
    assert scored(record(way, **changed), item) == (score, veto)


@pytest.mark.parametrize(('numbers', 'item', 'points'), [
    ((1,), 'A5.24', 3), ((2,), 'A5.25', 1), ((2,), 'A5.22', 2), ((5,), 'A5.27', 3), ((6,), 'A5.28', 1), ((7,), 'A5.30', 2), ((8,), 'A5.31', 1), ((9,), 'A5.32', 1), ((10,), 'A5.33', 1),
    ((11,), 'A5.35', 3), ((12,), 'A5.35', 3), ((13,), 'A5.35', 3), ((14,), 'A5.36', 2), ((15,), 'A5.36', 2), ((16,), 'A5.36', 2), ((17,), 'A5.37', 1), ((18,), 'A5.39', 2), ((19,), 'A5.40', 1),
    ((20,), 'A5.41', 1), ((21,), 'A5.42', 2), ((22,), 'A5.44', 1), ((3, 4), 'A5.26', 2)])
def test_a_rule_document_not_in_force_costs_its_points(numbers: tuple[int, ...], item: str, points: int) -> None:
    assert scored(record(), item)[0] == points
    draft = tuple(bylaw(n, in_force=n not in numbers) for n in range(1, 25))
    assert scored(record(bylaws=draft), item)[0] == (0 if item != 'A5.26' else 1)


@pytest.mark.parametrize(('tenure', 'begins', 'ends', 'most'), [
    ('owned', None, None, 4), ('leased', date(2026, 1, 1), date(2030, 12, 31), 3), ('leased', date(2026, 1, 1), date(2030, 12, 30), 1), ('leased', None, None, 1)])
@shows('TEV-06')
def test_a_leased_exam_room_can_win_less_and_how_much_less_follows_the_lease(tenure: str, begins: date | None, ends: date | None, most: int) -> None:
    rooms = tuple(r.model_copy(update={'tenure': tenure, 'lease_from': begins, 'lease_to': ends}) if r.kind == 'theory_computer' else r for r in record().rooms)
    line = next(x for x in public(record(rooms=rooms)).lines if x.item.id == 'A5.14')
    assert (line.score, line.most, line.lost, bool(line.todo)) == (None, most, 4 - most, most < 4)


@shows('TEV-06')
def test_a_leased_archive_room_gets_nothing() -> None:
    rooms = tuple(r.model_copy(update={'tenure': 'leased'}) if r.kind == 'archive_room' else r for r in record().rooms)
    assert scored(record(rooms=rooms), 'A5.13') == (0, None)
    assert scored(record('school_own', rooms=rooms), 'A3.15') == (0, None)
    line = next(x for x in public(record('employer', rooms=rooms)).lines if x.item.id == 'A1.16')
    assert line.judged  # an employer's sheet asks nothing about leases


# ------------------------------------------------------------------ occupation items


def people(row: RangeLine, n: int, **changed: Any) -> dict[str, Any]:
    return {'ranges': (row,), 'examiners': tuple(examiner(i, row, **changed) for i in range(n))}


@pytest.mark.parametrize(('way', 'n', 'item', 'score', 'veto'), [
    ('social', 2, 'A6.04', 0, 'operation'), ('social', 3, 'A6.04', 4, None), ('social', 4, 'A6.04', 6, None), ('school_own', 3, 'A4.04', 4, None), ('employer', 4, 'A2.04', 5, None),
    ('employer', 5, 'A2.04', 8, None), ('employer', 2, 'A2.04', 0, 'operation')])
@shows('TEV-08')
def test_examiners_are_counted_by_tiers(way: str, n: int, item: str, score: int, veto: str | None) -> None:
    assert scored(record(way, **people(LATHE, n)), item) == (score, veto)


@pytest.mark.parametrize(('changed', 'item', 'score'), [
    (people(LATHE, 5, letter_no=''), 'A6.01', 0), (people(LATHE, 5, letter_no=None), 'A6.01', None), (people(LATHE, 5, engaged_to=date(2026, 10, 18)), 'A6.01', 0),
    (people(LATHE, 5), 'A6.01', 4), (people(LATHE, 5, title_rank='', skill_level=None), 'A6.02', 0), (people(LATHE, 5), 'A6.02', 5),
    (people(LATHE, 5, card_no=''), 'A6.03', None), (people(LATHE, 5, card_to=date(2026, 10, 18)), 'A6.03', 0), (people(LATHE, 5), 'A6.03', 5), (people(LATHE, 0), 'A6.02', 0),
    ({'experts': (expert(1, LATHE), expert(2, LATHE, letter_no=''))}, 'A6.05', 1), ({'experts': (expert(1, LATHE), expert(2, LATHE, title_rank='mid'))}, 'A6.06', 2),
    ({'experts': (expert(1, LATHE),)}, 'A6.07', 1), ({'experts': ()}, 'A6.07', 0), ({'experts': ()}, 'A6.05', 0), ({'rooms': ()}, 'A6.08', 0), ({'equipment': ()}, 'A6.12', 0),
    ({'equipment': ()}, 'A6.13', 0), ({'equipment': (machine(1, LATHE), machine(2, LATHE, count=3, state='repair'))}, 'A6.13', 0),
    ({'equipment': (machine(1, LATHE, count=8), machine(2, LATHE, count=2, state='repair'))}, 'A6.13', 5), ({'rooms': (room('practical'),)}, 'A6.15', 0),
    ({'answers': {'plan': {'bank': []}}}, 'A6.17', 0), ({'safety': (SAFE.model_copy(update={'bad': ('标识', '灭火器')}),)}, 'A6.18', 6), ({'safety': ()}, 'A6.18', None)])
def test_data_decide_occupation_items(changed: dict[str, Any], item: str, score: int | None) -> None:
    assert scored(record(**changed), item)[0] == score


@pytest.mark.parametrize(('changed', 'item'), [
    ({'rooms': (room('practical', camera_count=0),)}, 'A6.11'), ({'standards': ()}, 'A6.16'), ({'standards': (standard(LATHE, levels=(4,)),)}, 'A6.16'),
    ({'safety': (SAFE.model_copy(update={'hazard': '漏电', 'serious': True, 'bad': ('用电',)}),)}, 'A6.18')])
@shows('TEV-04')
def test_a_veto_of_an_occupation_is_listed_and_ends_its_outlook(changed: dict[str, Any], item: str) -> None:
    found = self_score(record(**changed), HENAN)
    assert item in {line.item.id for sheet, line in found.vetoes if sheet is found.occupations[0]}
    assert found.occupations[0].outlook.min == 0
    assert found.occupations[0].gaps[0].veto == 'filing'


@shows('TEV-04')
def test_a_veto_for_starting_work_leaves_the_outlook() -> None:
    found = self_score(record(systems=(system('exam_affairs', 'none'), system('computer_exam'), system('video'))), HENAN)
    assert found.public and found.public.result.operation_vetoes == ('A5.17',) and found.public.outlook.min > 0 and found.public.result.operation_blocked


@pytest.mark.parametrize(('years', 'average', 'veto', 'score'), [('3', '30', None, 4), ('2', '30', 'filing', 4), ('3', '29.9', None, 2), ('3', '20', None, 2), ('3', '19.9', None, 0)])
@shows('OCC-11', 'OCC-10')
def test_enrolment_vetoes_and_the_yearly_average_gives_tiers(years: str, average: str, veto: str | None, score: int) -> None:
    subject = SCHOOL['subjects'][0] | {'enrolled_years': years, 'average_trained': average}
    asked = record('school_own', answers={'school': {'subjects': [subject]}})
    assert (scored(asked, 'A4.19')[1], scored(asked, 'A4.20')[0]) == (veto, score)


@shows('OCC-11')
def test_a_small_subject_is_marked_and_scores_the_same() -> None:
    subject = SCHOOL['subjects'][0] | {'average_trained': '12', 'small_subject': 'yes'}
    sheet = self_score(record('school_own', answers={'school': {'subjects': [subject]}}), HENAN).occupations[0]
    line = next(x for x in sheet.lines if x.item.id == 'A4.20')
    assert line.score == 0 and '个别小专业' in line.evidence


# ------------------------------------------------------------------ more never scores less


MORE: dict[str, Any] = {
    'examiners': lambda r, n: (*r.examiners, examiner(500 + n, LATHE)), 'experts': lambda r, n: (*r.experts, expert(500 + n, NURSE)), 'staff': lambda r, n: (*r.staff, staff(500 + n)),
    'equipment': lambda r, n: (*r.equipment, machine(500 + n, LATHE, count=n + 1)), 'rooms': lambda r, n: (*r.rooms, room(('practical', 'archive_room', 'waiting_room', 'monitoring_room', 'theory_computer')[n % 5], f'新{n}')),
    'systems': lambda r, n: (*r.systems, system(('exam_affairs', 'computer_exam', 'video')[n % 3])), 'bylaws': lambda r, n: (*(b for b in r.bylaws if b.number != n % 24 + 1), bylaw(n % 24 + 1)),
    'standards': lambda r, n: (*r.standards, standard((LATHE, NURSE)[n % 2], edition=2000 + n)), 'safety': lambda r, n: (*r.safety, SAFE),
    'seats': lambda r, n: (*r.seats, record().seats[n % 6])}


@st.composite
def poor_records(draw: st.DrawFn) -> ApplicationRecord:
    """Records with only some of what a filing has."""
    full = record(draw(st.sampled_from(sorted(PUBLIC))))
    kept = {name: tuple(x for x in getattr(full, name) if draw(st.booleans())) for name in MORE}
    if draw(st.booleans()):
        kept['rooms'] = tuple(r.model_copy(update={'tenure': 'leased', 'lease_from': date(2026, 1, 1), 'lease_to': date(2026 + draw(st.integers(0, 9)), 12, 31)}) for r in kept['rooms'])
    if draw(st.booleans()):
        kept['examiners'] = tuple(e.model_copy(update={'title_rank': '', 'skill_level': None}) for e in kept['examiners'])
    plan = {name: value for name, value in PLAN.items() if draw(st.booleans())}
    return full.model_copy(update={**kept, 'answers': full.answers | {'plan': plan}})


@settings(max_examples=60)
@given(poor_records(), st.sampled_from(sorted(MORE)), st.integers(0, 60))
def test_more_resources_never_lower_a_score(poor: ApplicationRecord, what: str, n: int) -> None:
    richer = poor.model_copy(update={what: MORE[what](poor, n)})
    for before, after in zip(self_score(poor, HENAN).sheets, self_score(richer, HENAN).sheets, strict=True):
        assert after.least >= before.least and after.most >= before.most, what
        for one, other in zip(before.lines, after.lines, strict=True):
            assert other.most >= one.most and (one.score is None or other.score is None or other.score >= one.score), one.item.id


@settings(max_examples=40)
@given(poor_records())
def test_points_certain_points_lost_and_points_open_make_the_whole(poor: ApplicationRecord) -> None:
    for sheet in self_score(poor, HENAN).sheets:
        assert sheet.least == sheet.result.base <= sheet.most <= 100
        assert sum(x.lost for x in sheet.lines) == 100 - sheet.most
