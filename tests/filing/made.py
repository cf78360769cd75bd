"""Records of applications that are in order, one for each way; a test spoils one thing."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.filing.forms import FORM_VERSION
from app.filing.records import (
    ApplicationRecord,
    BylawLine,
    EquipmentLine,
    ExaminerLine,
    ExpertLine,
    LicenceLine,
    OrgLine,
    OriginalLine,
    RangeLine,
    RoomLine,
    SafetyLine,
    SeatLine,
    SiteLine,
    StaffLine,
    StandardLine,
    SupervisorLine,
    SystemLine,
    TrainingLine,
)

DAY = date(2026, 10, 19)
ORG = OrgLine(
    name='明川市启帆职业培训学校（演示）', short_name='启帆', kind='social_training_org', credit_code='52990102MA99DM010P', region='990102', address='云桥路88号', phone='')
LATHE = RangeLine(
    id=1, seq=1, occupation_code='6-18-01-01', occupation='车工', work_type='普通车床', levels=(4, 3), standard='国家职业技能标准',
    modes={'theory': '机考', 'practical': '现场操作'})
NURSE = RangeLine(
    id=2, seq=2, occupation_code='4-10-01-03', occupation='保育师', work_type='', levels=(5, 4, 3), standard='国家职业技能标准', modes={'theory': '机考', 'practical': '现场操作'})
TITLES = ('工作规则', '财务管理制度', '岗位职责', '公示制度', '质量监督管理办法', '投诉处理办法', '考务规程', '考场规则', '档案管理制度', '应急预案', '考评员管理办法',
          '督导员管理办法', '专家管理办法', '考务守则', '考评员守则', '督导员守则', '违规处理办法', '考场管理规定', '设备管理制度', '安全规程', '题库办法', '证书办法', '保密制度', '流程图')

BASICS: dict[str, Any] = {
    'legal_person': '何立春', 'legal_person_phone': '0371-65900000', 'contact': '吕雨水', 'contact_post': '副主任', 'contact_phone': '0371-65900000',
    'contact_email': 'name@example.com', 'registration_body': '明川市民政局', 'nature': 'private_non_enterprise', 'filled_on': '2026-10-19'}
STANDING: dict[str, Any] = {
    'independent_entity': 'yes', 'training_scope': 'yes', 'sound_management': 'yes', 'experience': '连续培训八年', 'capacity': '设评价中心', 'government_body': 'no', 'breach': 'no',
    'illegal_list': 'no', 'bad_record': 'no', 'subcontracts': 'no'}
STRENGTHS: dict[str, Any] = {
    'strengths': '师资齐全', 'venue': '一处', 'exam_affairs_system': '有', 'computer_exam_system': '有', 'video_system': '有', 'docking_promised': 'yes'}
PLAN: dict[str, Any] = {
    'basis': '依据', 'overview': '概况', 'training_history': '历年', 'audience': '社会人员', 'scope': '见申请表', 'modes': '机考和实操', 'organization': '领导小组', 'facilities': '自有',
    'rules': '24项', 'teams': '队伍', 'materials': '教材', 'quality': '督导', 'it': '三个系统', 'funds': '专款', 'workflow': '八步', 'certificate': 'A4横向', 'after_approval': '实施',
    'bank': [{'occupation_code': r.occupation_code, 'work_type': r.work_type, 'level': str(level), 'theory': '600', 'practical': '20'} for r in (LATHE, NURSE) for level in r.levels],
    'schedule': [{'phase': '准备', 'begins': '2026-11', 'ends': '2026-12', 'content': '备案'}, {'phase': '首批', 'begins': '2027-01', 'ends': '2027-02', 'content': '评价'}]}
LETTER: dict[str, Any] = {'argument': '经专家论证', 'promise': '材料真实有效', 'letter_on': '2026-10-19'}
EMPLOYER: dict[str, Any] = {
    'in_province': 'yes', 'insured': 'yes', 'pay_by_skill': 'yes', 'education_budget': 'yes', 'staff_total': '800', 'main_business': '机床制造'}
SCHOOL: dict[str, Any] = {
    'approval_no': '豫人社〔2001〕1号', 'station_licence': '410001', 'centre_name': '明川技师学院职业技能等级认定中心', 'graduation_year': 'yes',
    'subjects': [{'occupation_code': r.occupation_code, 'work_type': r.work_type, 'enrolled_years': '5', 'average_trained': '40', 'average_mid': '40', 'average_high': '30',
                  'class_kind': 'both', 'secondary': 'no', 'small_subject': 'no'} for r in (LATHE, NURSE)]}
NATIONWIDE: dict[str, Any] = {
    'standing': '中央企业',
    'branches': [{'name': '分公司', 'credit_code': '91990103MA99DM0292', 'place': '演示省', 'head': '甲', 'phone': '0371-65900000', 'skilled': '90', 'examiners': '5',
                  'senior_examiners': '2', 'supervisors': '3', 'experts': '2'}],
    'systems': [{'name': '技能人才办法', 'unit': '人力部', 'made': '2024-03'}],
    'outlines': [{'occupation': '车工', 'level': '四级', 'title': '大纲', 'author': '编写组', 'year': '2024'}],
    'evaluated': [{'year': '2025', 'occupation': '车工', 'level': '四级', 'evaluated': '90', 'passed': '70'}],
    'classes': [{'year': '2025', 'occupation': '车工', 'level': '四级', 'classes': '2', 'people': '90'}]}


def examiner(n: int, row: RangeLine, **changed: Any) -> ExaminerLine:
    """Return a senior examiner in order; n tells him from others."""
    values = {
        'name': f'考评{n}', 'sex': '男', 'id_no': f'99010219800101{n:04d}', 'post': '教师', 'title': '高级讲师', 'title_rank': 'senior', 'skill_level': 2, 'education': '本科',
        'occupation_code': row.occupation_code, 'occupation': row.occupation, 'work_type': row.work_type, 'grade': 'senior', 'own_staff': True,
        'card_no': f'S0000990100011{n:04d}', 'card_to': date(2028, 5, 11), 'proofs': 1, 'letter_no': f'聘〔2025〕{n}号', 'engaged_to': date(2028, 5, 11)}
    return ExaminerLine(**{**values, **changed})


def expert(n: int, row: RangeLine, **changed: Any) -> ExpertLine:
    """Return an expert in order."""
    values = {
        'name': f'专家{n}', 'sex': '女', 'id_no': f'99010219700101{n:04d}', 'born_on': date(1970, 1, 1), 'post': '教授', 'title': '教授', 'title_rank': 'senior', 'skill_level': None,
        'education': '本科', 'occupation_code': row.occupation_code, 'occupation': row.occupation, 'work_type': row.work_type, 'own_staff': True, 'years': 20,
        'letter_no': f'专聘{n}号', 'engaged_to': date(2028, 5, 11), 'proofs': 1}
    return ExpertLine(**{**values, **changed})


def staff(n: int, **changed: Any) -> StaffLine:
    """Return a full-time member of the evaluation unit."""
    values = {
        'name': f'职员{n}', 'sex': '男', 'id_no': f'99010219900101{n:04d}', 'post': '科员', 'title': '讲师', 'title_rank': 'mid', 'skill_level': None, 'education': '本科', 'duty': '考务',
        'unit': '评价中心', 'full_time': True, 'own_staff': True, 'works_in_evaluation': True}
    return StaffLine(**{**values, **changed})


def site(**changed: Any) -> SiteLine:
    """Return owned premises of 1391 m²."""
    values = {'name': '云桥路校区', 'address': '云桥路88号', 'area_dm2': 139100, 'tenure': 'owned', 'lease_from': None, 'lease_to': None, 'title_no': '产权1号', 'proofs': 1}
    return SiteLine(**{**values, **changed})


def room(kind: str, name: str = '', **changed: Any) -> RoomLine:
    """Return a room of the owned premises with a camera."""
    values = {
        'name': name or kind, 'kind': kind, 'site': '云桥路校区', 'floor': '3楼', 'area_dm2': 12000, 'seats': 40 if kind == 'theory_computer' else 10, 'tenure': 'owned',
        'lease_from': None, 'lease_to': None, 'camera_count': 2, 'resolution': '1080P', 'fire_ok': True, 'serves': ()}
    return RoomLine(**{**values, **changed})


def machine(n: int, row: RangeLine, **changed: Any) -> EquipmentLine:
    """Return a line of the ledger: ten machines in working order."""
    values = {
        'number': f'CG-{n:04d}', 'name': '设备', 'model': 'A', 'count': 10, 'unit': '台', 'tenure': 'owned', 'room': 'practical', 'occupation_code': row.occupation_code,
        'work_type': row.work_type, 'state': 'sound', 'price_fen': 100}
    return EquipmentLine(**{**values, **changed})


def system(kind: str, docking: str = 'docked') -> SystemLine:
    """Return an information system."""
    return SystemLine(kind=kind, name=f'{kind}系统', developer='某公司', version='1', platform='省平台', docking=docking, description='')


def bylaw(n: int, **changed: Any) -> BylawLine:
    """Return a rule document in force."""
    title = TITLES[n - 1] if n <= len(TITLES) else f'自定制度{n}'
    return BylawLine(**{**{
        'number': n, 'title': title, 'unit': '综合科', 'made_on': date(2025, 1, 1), 'version': 1, 'in_force': True, 'posted_at': '大厅', 'note': ''}, **changed})


def standard(row: RangeLine, **changed: Any) -> StandardLine:
    """Return a national standard that covers a row, with a book."""
    values = {
        'occupation_code': row.occupation_code, 'occupation': row.occupation, 'work_type': '', 'kind': 'national', 'name': f'{row.occupation}国家职业技能标准', 'edition': 2021,
        'levels': (5, 4, 3, 2, 1), 'publicized': True, 'books': ({'title': f'{row.occupation}教程', 'author': '某', 'publisher': '某', 'year': 2022},)}
    return StandardLine(**{**values, **changed})


ORIGINAL = OriginalLine(number='S000099010001', letter_no='明人社函〔2025〕11号', valid_from=date(2025, 3, 17), valid_to=date(2028, 3, 16), ranges=(NURSE,))


def record(way: str = 'social', *, profile: str = 'henan', answers: dict[str, dict[str, Any]] | None = None, **changed: Any) -> ApplicationRecord:
    """Return a record in order; answers: {step: {field: value}} laid over those in order, changed: other parts of the record."""
    kind = {'employer': 'employer', 'nationwide_employer': 'employer', 'school_own': 'technical_school', 'school_society': 'technical_school'}.get(way, 'social_training_org')
    code = {'employer': '91990103MA99DM0292', 'technical_school': '12990104MA99DM037G'}.get(kind, '52990102MA99DM010P')
    nature = {'employer': 'enterprise', 'technical_school': 'school'}.get(kind, 'private_non_enterprise')
    audience = {'school_own': 'own_students', 'school_society': 'society', 'employer': 'own_staff'}.get(way, 'society')
    steps: dict[str, dict[str, Any]] = {
        'basics': BASICS | {'nature': nature}, 'standing': STANDING, 'belonging': {'ties': [], 'social_insurance_place': '明川市', 'under_department': 'no', 'audience': audience},
        'strengths': STRENGTHS, 'plan': PLAN, 'letter': LETTER, 'employer': EMPLOYER, 'school': SCHOOL, 'nationwide': NATIONWIDE,
        'increment': {'reason': '需求增长', 'legal_person_agrees': 'yes'}, 'extension': {'summary': '总结', 'changes_since': '无'},
        'change': {'changes': [{'what': 'address', 'before': '云桥路88号', 'after': '乙路9号'}], 'reason': '搬迁'},
        'ending': {'reason': 'voluntary', 'explanation': '自愿终止', 'stops_on': '2026-12-31', 'open_batches': '无', 'data_keeper': '曹谷雨',
                   'data_keeper_phone': '0371-65900000', 'blank_certificates': '交回', 'archives': '移交'}}
    for step, given in (answers or {}).items():
        steps[step] = steps.get(step, {}) | given
    rows = (LATHE,) if way == 'increment' else (LATHE, NURSE)
    values: dict[str, Any] = {
        'application_id': 1, 'way': way, 'form_version': FORM_VERSION, 'profile': profile, 'receiver': '', 'receiver_level': '', 'day': DAY,
        'org': ORG.model_copy(update={'kind': kind, 'credit_code': code}),
        'answers': steps, 'ranges': rows, 'original': ORIGINAL.model_copy(update={'ranges': rows if way == 'extension' else ORIGINAL.ranges}) if way in ('increment', 'extension', 'change', 'ending') else None,
        'licences': (LicenceLine(kind='private_non_enterprise', number='民1号', issuer='民政局', valid_from=None, valid_to=date(2029, 1, 1), scans=1),
                     LicenceLine(kind='school', number='民培9901号', issuer='教育局', valid_from=None, valid_to=date(2029, 1, 1), scans=1)),
        'staff': (staff(1), staff(2)), 'examiners': tuple(examiner(10 * k + n, row) for k, row in enumerate(rows) for n in range(5)),
        'experts': tuple(expert(10 * k + n, row) for k, row in enumerate(rows) for n in range(2)),
        'supervisors': tuple(SupervisorLine(name=f'督导{n}', sex='女', id_no='', post='', title='', education='', direction='全面督导', card_no=str(n)) for n in range(3)),
        'seats': tuple(SeatLine(group=group, position=position, name=f'{group}{position}', post='主任', department='')
                       for group in ('leading', 'office', 'supervision') for position in ('head', 'member')),
        'sites': (site(),), 'rooms': tuple(room(kind) for kind in (
            'theory_computer', 'practical', 'exam_affairs_office', 'archive_room', 'confidential_room', 'monitoring_room', 'waiting_room')),
        'equipment': tuple(machine(n, row) for n, row in enumerate(rows)), 'systems': tuple(system(kind) for kind in ('exam_affairs', 'computer_exam', 'video')),
        'safety': (SafetyLine(checked_on=date(2026, 9, 1), area='全部', bad=(), hazard='', serious=False, cured=False),),
        'bylaws': tuple(bylaw(n) for n in range(1, 25)), 'standards': tuple(standard(row) for row in rows),
        'training': (TrainingLine(year=2025, kind='技能培训', trade='车工', occupation_code='6-18-01-01', people=120, level='四级'),)}
    return ApplicationRecord(**{**values, **changed})
