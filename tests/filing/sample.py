"""A's filing and its increment of 2026-10-19, whole, from the people and places of the demo story: what papers are tried on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from app.bylaws.rules import LISTED
from app.filing.papers.blocks import Printing
from app.filing.records import (
    ApplicationRecord,
    EquipmentLine,
    ExaminerLine,
    ExpertLine,
    LicenceLine,
    RangeLine,
    RoomLine,
    SeatLine,
    StaffLine,
    SupervisorLine,
    SystemLine,
    TrainingLine,
)
from app.regulation import profile
from tests.filing import made

AT = datetime.fromisoformat('2026-10-19T09:30:00+08:00')
CARD_TO = date(2028, 5, 11)
STANDARD = '国家职业技能标准'
PRINTING = Printing(AT, profile('henan'))
MODES = {'theory': '机考', 'practical': '现场操作', 'review': '答辩'}
LONG = '本校自1998年起开展保育、车工培训，现有专任教师四十二人，其中高级职称九人、技师以上十一人；与明川市恒力机械厂等单位共建实训基地。'

RANGES = tuple(RangeLine(id=n, seq=n, occupation_code=code, occupation=name, work_type=kind, levels=levels, standard=STANDARD, modes=MODES) for n, (code, name, kind, levels) in enumerate((
    ('4-10-01-03', '保育师', '', (5, 4, 3)), ('6-18-01-01', '车工', '', (5,)), ('6-18-01-01', '车工', '普通车床', (4, 3, 2, 1)), ('6-18-01-01', '车工', '数控车床', (4, 3))), 1))
ADDED = (RangeLine(id=9, seq=1, occupation_code='4-12-01-01', occupation='汽车维修工', work_type='汽车机械维修工', levels=(5, 4, 3), standard=STANDARD, modes=MODES),)

_STAFF = (('何立春', '男', '990199196907215012', '主任', '高级讲师', '本科', '全面工作'), ('吕雨水', '男', '990199199109045059', '副主任', '讲师', '本科', '考务与计划'),
          ('施惊蛰', '男', '990199196609075090', '考务管理组组长', '讲师', '本科', '考务、试卷'), ('张春分', '男', '990199197807035131', '科员', '—', '本科', '资格审查'),
          ('孔清明', '男', '99019919820702517X', '科员', '馆员', '本科', '档案管理'), ('曹谷雨', '女', '990199196804215220', '科员', '—', '大专', '证书办理发放'),
          ('严立夏', '女', '990199196610195268', '设备管理员', '技师', '大专', '设备维护'), ('华小满', '男', '990199197201185290', '会计', '会计师', '本科', '收费与收支'))
_EXAMINERS = (('金芒种', '女', '990199197407055344', '高级技师', 'senior', '车工'), ('魏夏至', '男', '99019919830518537X', '高级技师', 'senior', '车工'),
              ('陶小暑', '女', '990199197002195429', '高级工程师', 'senior', '车工'), ('姜大暑', '女', '990199197106045468', '技师', 'examiner', '车工'),
              ('戚立秋', '男', '990199196710025493', '技师', 'examiner', '车工'), ('水霜降', '女', '990199198108115700', '高级讲师', 'senior', '保育师'),
              ('邹白露', '男', '990199197508195573', '讲师', 'examiner', '保育师'), ('喻秋分', '女', '990199197605085624', '讲师', 'examiner', '保育师'),
              ('谢处暑', '女', '990199198011185542', '讲师', 'examiner', '汽车维修工'), ('窦立冬', '女', '99019919741003574X', '讲师', 'examiner', '汽车维修工'))
_EXPERTS = (('章小雪', '男', '990199197803255778', '高级技师', '车工', True), ('云大雪', '男', '990199198007025810', '高级工程师', '车工', False),
            ('苏冬至', '女', '990199196709195866', '高级讲师', '保育师', True), ('潘小寒', '女', '990199199106115904', '高级讲师', '保育师', False), ('柏寒露', '女', '99019919870403566X', '高级讲师', '汽车维修工', True))
_SUPERVISORS = (('葛大寒', '女', '990199198408195941', '纪检专干', '全面督导', '1'), ('奚角木', '女', '990199196702095985', '高级讲师', '考评流程', '2'),
                ('范亢金', '男', '990199198602026017', '会计师', '财务督导', '3'), ('彭氐土', '女', '99019919741119606X', '讲师', '过程督导', '4'))
_ROOMS = (('机房一', 'theory_computer', '3-301', 12000, 40, 3), ('机房二', 'theory_computer', '3-302', 10800, 36, 3), ('普通车床实训室', 'practical', '1-101', 42000, 14, 6),
          ('数控车床实训室', 'practical', '1-102', 26000, 8, 4), ('保育实训室', 'practical', '2-201', 15000, 5, 3), ('评审室', 'review', '3-305', 4800, 1, 2),
          ('候考室', 'waiting_room', '3-303', 6000, 0, 1), ('考评室', 'examiner_room', '3-304', 4500, 0, 1), ('备考室', 'preparation_room', '2-202', 3600, 0, 1),
          ('考务室', 'exam_affairs_office', '3-306', 6000, 0, 1), ('保密室', 'confidential_room', '3-307', 2000, 0, 2), ('档案室', 'archive_room', '3-308', 4000, 0, 1),
          ('监控室', 'monitoring_room', '3-309', 2400, 0, 1))
_MACHINES = (('CG-0001', '普通车床', 'CA6140A', 12, '台', '普通车床实训室', '6-18-01-01', 6_800_000), ('CG-0015', '数控车床', 'CK6140', 8, '台', '数控车床实训室', '6-18-01-01', 16_500_000),
             ('CG-0031', '锯床', 'G4028', 1, '台', '普通车床实训室', '6-18-01-01', 1_850_000), ('BY-0001', '工作台', '1.6 m', 5, '张', '保育实训室', '4-10-01-03', 90_000),
             ('BY-0006', '幼儿床、被褥套装', '140 × 70', 5, '套', '保育实训室', '4-10-01-03', 115_000), ('BY-0011', '综合急救箱', 'A型', 5, '个', '保育实训室', '4-10-01-03', 38_000),
             ('BY-0016', '消毒柜', '380 L', 2, '台', '保育实训室', '4-10-01-03', 240_000), ('QX-0001', '轿车举升机', 'QJY-4', 3, '台', '汽修实训室', '4-12-01-01', 1_200_000))
_SEATS = (('leading', 'head', '何立春', '主任', '校办公室'), ('leading', 'deputy', '吕雨水', '副主任', '校办公室'), ('leading', 'member', '施惊蛰', '组长', '考务管理组'),
          ('office', 'head', '吕雨水', '副主任', '综合科'), ('office', 'member', '张春分', '科员', '综合科'), ('exam_affairs', 'head', '施惊蛰', '组长', '考务管理组'),
          ('exam_affairs', 'member', '曹谷雨', '科员', '考务管理组'), ('supervision', 'head', '葛大寒', '纪检专干', '纪检室'), ('supervision', 'member', '奚角木', '高级讲师', '纪检室'),
          ('supervision', 'member', '范亢金', '会计师', '财务科'), ('experts', 'head', '金芒种', '高级技师', '机械教研室'), ('experts', 'member', '水霜降', '高级讲师', '保育教研室'),
          ('equipment', 'head', '严立夏', '设备管理员', '实训科'), ('finance', 'head', '华小满', '会计', '财务科'))
_PLAN: dict[str, Any] = {
    'basis': '为贯彻落实技能人才评价制度改革要求，结合本校实际，制定本方案。', 'overview': LONG, 'training_history': '连续二十余年开展社会培训，近三年培训1,860人次。',
    'audience': '符合国家职业技能标准申报条件的社会人员。', 'scope': '见备案申请表，细化到工种。', 'modes': '理论知识考试采用机考；技能考核采用现场操作；二级、一级另行综合评审。',
    'organization': '设立领导小组、办公室和五个工作组。', 'facilities': '场地和设备均为自有。', 'rules': '制定24项规章制度并上墙公示。', 'teams': '考评、专家、督导三支队伍齐备，均签订聘用合同。',
    'materials': '采用国家职业技能标准和配套教材。', 'quality': '每批次派遣三名内部质量督导人员，全程督导。', 'it': '三个系统均已上线。', 'funds': '经费列入年度预算，专款专用。',
    'workflow': '制定计划、组织报名、资格审核、实施评价、质量督导、成绩发布、证书核发、信息上报。', 'certificate': 'A4横向，按等级使用五种封皮颜色。', 'after_approval': '两个月内组织首批认定。',
    'bank': [{'occupation_code': '4-10-01-03', 'work_type': '', 'level': '5', 'theory': '600', 'practical': '20', 'review': '', 'source': '自建', 'reviewed_on': '2026-03-05'}],
    'fees': [{'name': '保育师四级', 'yuan': '200', 'basis': '明价〔2025〕3号'}],
    'schedule': [{'phase': phase, 'begins': begins, 'ends': ends, 'content': content} for phase, begins, ends, content in (
        ('前期准备', '2026-09', '2026-10', '编写材料、完善制度'), ('申请备案', '2026-10', '2026-12', '申报并接受技术评估'), ('试点认定', '2027-01', '2027-02', '备案后两个月内首次认定'),
        ('总结改进', '2027-03', '2027-03', '整改问题'), ('全面开展', '2027-04', '2027-12', '全面开展认定'))]}
_ANSWERS: dict[str, dict[str, Any]] = {
    'basics': {'contact_phone': '0000-5550101', 'legal_person_phone': '15400010001'},
    'strengths': {'strengths': LONG, 'venue': '校区独立，教学楼三层，实训楼两层，设理论考场2处、实操考场3处。', 'exam_affairs_system': '已上线，覆盖报名到证书。',
                  'computer_exam_system': '76个机位，成绩自动导入考务系统。', 'video_system': '28个点位，1080P，录像保存5年。'},
    'plan': _PLAN, 'letter': {'letter_no': '明启字〔2026〕15号', 'argument': '我单位组织专家对照申报条件逐项论证，软硬件条件符合要求。', 'promise': '我单位将严格按实施方案开展认定，自觉接受监管。'}}


def filing(way: str = 'social', **changed: Any) -> ApplicationRecord:
    """Return A's record of a way; changed: other parts of the record."""
    rows = ADDED if way == 'increment' else RANGES
    values: dict[str, Any] = {
        'ranges': rows, 'receiver': '明川市人力资源和社会保障局（演示）', 'original': made.ORIGINAL.model_copy(update={'ranges': RANGES}) if way in ('increment', 'extension', 'change', 'ending') else None,
        'staff': tuple(StaffLine(name=n, sex=s, id_no=i, post=p, title=t, title_rank='', skill_level=None, education=e, duty=d, unit='综合科', full_time=True, own_staff=True,
                                 works_in_evaluation=True) for n, s, i, p, t, e, d in _STAFF),
        'examiners': tuple(ExaminerLine(
            name=n, sex=s, id_no=i, post='教师', title=t, title_rank='senior' if g == 'senior' else 'mid', skill_level=None, education='本科', occupation_code=_code(o), occupation=o,
            work_type='', grade=g, own_staff=True, card_no=f'S000099010001{"10" if g == "senior" else "20"}{k:03d}', card_to=CARD_TO, proofs=1)
            for k, (n, s, i, t, g, o) in enumerate(_EXAMINERS, 1)),
        'experts': tuple(ExpertLine(
            name=n, sex=s, id_no=i, born_on=None, post='教师', title=t, title_rank='senior', skill_level=None, education='本科', occupation_code=_code(o), occupation=o, work_type='',
            own_staff=own, years=20, letter_no='聘1号', engaged_to=CARD_TO, proofs=1) for n, s, i, t, o, own in _EXPERTS),
        'supervisors': tuple(SupervisorLine(name=n, sex=s, id_no=i, post='', title=t, education='本科', direction=d, card_no=f'S0000990100010000{k}')
                             for n, s, i, t, d, k in _SUPERVISORS),
        'seats': tuple(SeatLine(group=g, position=p, name=n, post=w, department=d) for g, p, n, w, d in _SEATS), 'sites': (made.site(),),
        'rooms': tuple(RoomLine(name=n, kind=k, site='云桥路校区', floor=f, area_dm2=a, seats=seats, tenure='owned', lease_from=None, lease_to=None, camera_count=c, resolution='1080P',
                                fire_ok=True, serves=()) for n, k, f, a, seats, c in _ROOMS),
        'equipment': tuple(EquipmentLine(number=no, name=n, model=m, count=c, unit=u, tenure='owned', room=r, occupation_code=o, work_type='', state='sound', price_fen=fen)
                           for no, n, m, c, u, r, o, fen in _MACHINES),
        'systems': tuple(SystemLine(kind=k, name=n, developer='演示软件公司', version='3.2', platform='省平台', docking='docked', description='')
                         for k, n in (('exam_affairs', '考务管理系统'), ('computer_exam', '机考系统'), ('video', '监控系统'))),
        'bylaws': tuple(made.bylaw(n, title=title, unit='综合科' if n % 2 else '考务管理组', made_on=date(2024, 11 + n % 2, 1)) for n, title in enumerate(LISTED, 1)),
        'standards': tuple(made.standard(r) for r in (rows[0], rows[-1])),
        'training': tuple(TrainingLine(year=y, kind='技能培训', trade=t, occupation_code=_code(t), people=p, level='四级') for y, t, p in (
            (2023, '保育师', 280), (2023, '车工', 240), (2024, '保育师', 300), (2024, '车工', 260), (2025, '保育师', 420), (2025, '车工', 360))),
        'licences': (LicenceLine(kind='private_non_enterprise', number='52990102MA99DM010P', issuer='明川市民政局（演示）', valid_from=date(2022, 5, 1), valid_to=date(2027, 4, 30), scans=1),
                     LicenceLine(kind='school', number='民培9901号', issuer='明川市人力资源和社会保障局（演示）', valid_from=date(2024, 1, 1), valid_to=date(2028, 12, 31), scans=1))}
    return made.record(way, answers=_ANSWERS, **{**values, **changed})


def long_filing() -> ApplicationRecord:
    """Return a record whose F-FILING-HN comes on about thirty pages: many people, machines and long texts."""
    base = filing()
    people = tuple(p.model_copy(update={'name': f'{p.name}{"甲乙丙丁戊己庚辛壬癸"[n % 10]}'}) for n in range(28) for p in base.examiners)
    machines = tuple(m.model_copy(update={'number': f'{m.number}-{n}', 'model': f'{m.model}-{n}'}) for n in range(60) for m in base.equipment)
    answers = {**base.answers, 'strengths': {**base.answers['strengths'], 'strengths': LONG * 25, 'venue': LONG * 25, 'exam_affairs_system': LONG * 12}}
    return base.model_copy(update={'examiners': people, 'equipment': machines, 'answers': answers})


def _code(occupation: str) -> str:
    return {'车工': '6-18-01-01', '保育师': '4-10-01-03', '汽车维修工': '4-12-01-01'}[occupation]


__all__ = ['ADDED', 'AT', 'PRINTING', 'RANGES', 'filing', 'long_filing']
