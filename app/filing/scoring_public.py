"""The public rubrics (附件1, 3, 5) filled from the record: each meaning once, with the items it answers in the three sheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from app.filing.answers import given, missing
from app.filing.forms import Basics, EmployerFacts, Plan, SchoolFacts, Standing, Strengths
from app.filing.resources import ARCHIVE, COMPUTER_ROOM, MONITORING, OFFICES, PAPER_ROOM, PRACTICAL_ROOM, full_time_staff, lease_is_short
from app.filing.scoring_facts import Facts, Filled, area_of, counted, judged, names, nothing, yes_no
from app.rubric_models import Item
from app.rubric_rules import AllOrNothing, Lease

Fill = Callable[[Item, Facts], Filled]
CONTENT = '内容是否全面、可操作由评估人员判断'
FLOW_CHART = 24
OTHERS = {  # 其他: listed documents that count there, and words in the titles of the organisation's own
    'work': ((3, 4, 23), ()), 'quality': ((), ('质量', '督导')), 'exam_affairs': ((), ('考务', '监考', '考试', '阅卷', '偶发', '考生须知')),
    'people': ((), ('考评人员', '考评员', '回避', '人员管理', '证卡')), 'rooms': ((19, 20), ('考场', '设备', '安全')), 'items': ((), ('试卷', '命题', '题库'))}


def fill_public(item: Item, facts: Facts) -> Filled:
    """Return what the record says to an item of a public sheet; open with no evidence where it says nothing."""
    return _BY_ITEM[item.id](item, facts) if item.id in _BY_ITEM else judged('登记的资料不能说明此项，由评估人员现场判断')


# ------------------------------------------------------------------ standing


def _employer_entity(item: Item, facts: Facts) -> Filled:
    said = given(facts.record, EmployerFacts).in_province
    return yes_no(said == 'yes', f'在本省登记的企业法人：{"是" if said == "yes" else "否或未填"}', '请在“用人单位情况”中填写，并上传营业执照')


def _insured(item: Item, facts: Facts) -> Filled:
    return yes_no(given(facts.record, EmployerFacts).insured == 'yes', '“用人单位情况”所填职工参加社会保险', '请依法办理社会保险并填写')


def _pay(item: Item, facts: Facts) -> Filled:
    return yes_no(given(facts.record, EmployerFacts).pay_by_skill == 'yes', '“用人单位情况”所填薪酬制度', '请制定与技能等级挂钩的薪酬（津贴）制度')


def _school_approved(item: Item, facts: Facts) -> Filled:
    number = given(facts.record, SchoolFacts).approval_no
    return yes_no(bool(number), f'批准设立文号：{number or "未填"}', '请填写省厅批准设立文号并备好批文原件')


def _station(item: Item, facts: Facts) -> Filled:
    number = given(facts.record, SchoolFacts).station_licence
    return yes_no(bool(number), f'鉴定所（站）许可证号：{number or "未填"}', '请填写职业技能鉴定许可证号并备好原件')


def _social_entity(item: Item, facts: Facts) -> Filled:
    said, nature = given(facts.record, Standing).independent_entity, given(facts.record, Basics).nature
    ok = said == 'yes' or (facts.record.org.kind == 'technical_school' and bool(given(facts.record, SchoolFacts).approval_no))
    return yes_no(ok and bool(nature), f'独立法人：{"是" if ok else "否或未填"}，法人证照{len(facts.record.licences)}件', '请在“申请条件”和“基本情况”中填写单位性质，并登记证照')


# ------------------------------------------------------------------ implementation plan


def _framework(item: Item, facts: Facts) -> Filled:
    empty = missing(facts.record, Plan)
    return counted(len(empty), f'实施方案空缺{len(empty)}节{f"（{names(empty)}）" if empty else ""}；{CONTENT}', '请补写空缺的章节')


def _text(step: type[Plan] | type[Strengths], field: str, label: str, *, decides: bool) -> Fill:
    """A part of the plan that must be there; decides: being there is enough, otherwise a person judges what is written."""
    def fill(item: Item, facts: Facts) -> Filled:
        written = str(getattr(given(facts.record, step), field)).strip()
        if not written:
            return nothing(item, f'“{label}”没有填写', f'请填写“{label}”')
        return yes_no(True, f'“{label}”已填写{len(written)}字', '') if decides else judged(f'“{label}”已填写{len(written)}字，是否符合要求由评估人员判断')
    return fill


def _leading(item: Item, facts: Facts) -> Filled:
    seats = [s for s in facts.record.seats if s.group == 'leading']
    head = [s.name for s in seats if s.position == 'head']
    return yes_no(bool(head) and len(seats) > 1, f'领导小组{len(seats)}人，组长{names(head) or "未定"}', '请登记领导小组组长、成员和职责')


def _office_staff(item: Item, facts: Facts) -> Filled:
    assert isinstance(item.rule, AllOrNothing) and item.rule.hint is not None
    least, full = item.rule.hint.min, full_time_staff(facts.record)
    unit = any(s.group == 'office' for s in facts.record.seats)
    return yes_no(unit and full >= least, f'办公室{"已设" if unit else "未设"}，评价机构专职人员{full}人（应不少于{least}人）', '请设立办公室并配足专职人员')


def _supervision_group(item: Item, facts: Facts) -> Filled:
    seats = [s for s in facts.record.seats if s.group == 'supervision']
    if not seats:
        return nothing(item, '没有登记内部质量督导组', '请登记内部质量督导组的负责人、技术专家和职责')
    return judged(f'内部质量督导组{len(seats)}人（{names([s.name for s in seats])}），组成是否合理由评估人员判断')


def _occupation_names(item: Item, facts: Facts) -> Filled:
    wrong = {f.subject for f in facts.scope if f.severity == 'block' and f.rule in ('OCC-01', 'OCC-02', 'OCC-03', 'OCC-04', 'OCC-05', 'OCC-07', 'OCC-14', 'VAL-05')}
    if not facts.record.ranges:
        return counted(len(wrong) or 1, '没有填写申请职业', '请填写申请职业')
    said = f'申请职业{len(facts.record.ranges)}行，{len(wrong)}处与职业分类大典或标准不符'
    return counted(len(wrong), said, f'请按{facts.profile.scope.classification.value}和国家标准更正')


def _levels(item: Item, facts: Facts) -> Filled:
    wrong = [f for f in facts.scope if f.severity == 'block' and f.rule in ('OCC-08', 'OCC-09', 'OCC-13', 'VAL-06')]
    ok = bool(facts.record.ranges) and not wrong
    return yes_no(ok, f'申请等级{len(wrong)}处不符合标准' if facts.record.ranges else '没有填写申请职业', '请删去标准以外的等级')


def _schedule(item: Item, facts: Facts) -> Filled:
    rows = given(facts.record, Plan).schedule
    return counted(0 if rows else 2, f'工作计划{len(rows)}个阶段；是否科学由评估人员判断', '请填写申请备案和首批评价两项工作计划')


def _workflow(item: Item, facts: Facts) -> Filled:
    lacking = [*([] if given(facts.record, Plan).workflow.strip() else ['工作流程']), *([] if facts.in_force(FLOW_CHART) else ['工作流程图'])]
    return counted(len(lacking), f'工作流程和流程图{f"缺{names(lacking)}" if lacking else "齐全"}；各环节是否完整由评估人员判断', '请补写工作流程并批准流程图')


def _funds_of_employer(item: Item, facts: Facts) -> Filled:
    ok = given(facts.record, EmployerFacts).education_budget == 'yes' and bool(given(facts.record, Plan).funds)
    return yes_no(ok, f'职工教育经费列支和“经费保障”{"已填写" if ok else "没有填全"}', '请落实经费文件并填写“经费保障”')


def _funds_of_school(item: Item, facts: Facts) -> Filled:
    ok = bool(given(facts.record, Plan).funds)
    return yes_no(ok, f'“经费保障”{"已填写，文件原件现场核对" if ok else "没有填写"}', '请落实专项经费文件并填写“经费保障”')


# ------------------------------------------------------------------ rooms and systems


def _office(item: Item, facts: Facts) -> Filled:
    return _place(item, facts, OFFICES, '办公场所')


def _archive(item: Item, facts: Facts) -> Filled:
    return _place(item, facts, (ARCHIVE,), '档案室')


def _place(item: Item, facts: Facts, kinds: tuple[str, ...], word: str) -> Filled:
    rooms = facts.rooms(*kinds)
    if not rooms:
        return nothing(item, f'没有登记{word}', f'请在场地登记中补充{word}')
    if isinstance(item.rule, Lease) and all(r.tenure == 'leased' for r in rooms):
        return Filled({'leased': True}, f'{word}{area_of(rooms)}为租赁，按评估标准不得分', f'请改用自有{word}')
    return judged(f'{word}{area_of(rooms)}，是否满足需要由评估人员现场判断')


def _theory(item: Item, facts: Facts) -> Filled:
    return _exam_rooms(item, facts, (COMPUTER_ROOM, PAPER_ROOM), '理论考场')


def _practical(item: Item, facts: Facts) -> Filled:
    return _exam_rooms(item, facts, (PRACTICAL_ROOM,), '操作技能考场')


def _exam_rooms(item: Item, facts: Facts, kinds: tuple[str, ...], word: str) -> Filled:
    rooms = facts.rooms(*kinds)
    watched = [r for r in rooms if r.camera_count]
    if not watched:
        return nothing(item, f'没有登记装有视频监控的{word}', f'请登记{word}及其视频监控')
    what = f'{word}{len(rooms)}间，{sum(r.seats for r in rooms)}个机（工）位，{len(watched)}间有视频监控'
    if not isinstance(item.rule, Lease):
        return judged(f'{what}；地点、面积、数量是否满足要求由评估人员判断')
    owned = [r for r in watched if r.tenure != 'leased']
    if owned:
        return judged(f'{what}，其中自有{len(owned)}间；是否满足要求由评估人员判断')
    rule, points = item.rule, item.points or Decimal(0)
    assert rule.threshold_years is not None and rule.deduct_below is not None and rule.deduct_at_or_above is not None  # not leased_zero
    short = all(lease_is_short(r.tenure, r.lease_from, r.lease_to, rule.threshold_years, facts.profile) for r in watched)
    off = rule.deduct_below if short else rule.deduct_at_or_above
    return judged(f'{what}，全部为租赁，租期{"不足" if short else "不少于"}{rule.threshold_years}年', most=points - off, todo=f'租赁扣{off}分，改用自有或延长租期可减少扣分')


def _monitoring(item: Item, facts: Facts) -> Filled:
    rooms, systems = facts.rooms(MONITORING), [s for s in facts.record.systems if s.kind == 'video']
    return yes_no(bool(rooms and systems), f'监控室{len(rooms)}间，视频监控系统{len(systems)}套', '请设监控室并登记视频监控系统')


def _exam_system(item: Item, facts: Facts) -> Filled:
    docked = [s.name for s in facts.record.systems if s.kind == 'exam_affairs' and s.docking == 'docked']
    return yes_no(bool(docked), f'已与省平台对接的考务管理系统：{names(docked) or "无"}', '请完成考务管理系统与省平台的对接，对接前不得开展评价')


def _online(item: Item, facts: Facts) -> Filled:
    systems, rooms = [s.name for s in facts.record.systems if s.kind == 'computer_exam'], facts.rooms(COMPUTER_ROOM)
    return yes_no(bool(systems and rooms), f'理论机考系统：{names(systems) or "无"}，机考考场{len(rooms)}间', '请配备理论机考系统和机考考场')


def _video(item: Item, facts: Facts) -> Filled:
    systems, watched = [s.name for s in facts.record.systems if s.kind == 'video'], [r for r in facts.rooms(COMPUTER_ROOM, PAPER_ROOM, PRACTICAL_ROOM) if r.camera_count]
    return yes_no(bool(systems and watched), f'视频监控系统：{names(systems) or "无"}，有监控的考场{len(watched)}间', '请登记视频监控系统，并为考场安装监控')


# ------------------------------------------------------------------ rule documents


def _documents(*numbers: int) -> Fill:
    def fill(item: Item, facts: Facts) -> Filled:
        written, titles = facts.in_force(*numbers), {b.number: b.title for b in facts.record.bylaws}
        lacking = [titles.get(n, f'第{n}项') for n in numbers if n not in {b.number for b in written}]
        said = f'已施行：{names([f"《{b.title}》" for b in written]) or "无"}；{CONTENT}'
        return yes_no(not lacking, said, f'请制定并批准《{"》《".join(lacking)}》')
    return fill


def _others(group: str) -> Fill:
    listed, words = OTHERS[group]

    def fill(item: Item, facts: Facts) -> Filled:
        own = [b for b in facts.record.bylaws if b.in_force and b.number > FLOW_CHART and any(w in b.title for w in words)]
        written = [*facts.in_force(*listed), *own]
        said, todo = f'其他制度{len(written)}项{f"：{names([b.title for b in written])}" if written else ""}；{CONTENT}', '请增订本类制度并批准施行'
        if isinstance(item.rule, AllOrNothing):
            return yes_no(bool(written), said, todo)
        return Filled({'count': len(written)}, said, todo)
    return fill


_MEANINGS: tuple[tuple[Fill, tuple[str, ...]], ...] = (
    (_employer_entity, ('A1.01',)), (_insured, ('A1.02',)), (_pay, ('A1.03',)), (_school_approved, ('A3.01',)), (_station, ('A3.02',)), (_social_entity, ('A5.01',)),
    (_framework, ('A1.04', 'A3.03', 'A5.02')), (_text(Plan, 'overview', '基本情况', decides=True), ('A1.05', 'A3.04', 'A5.03')),
    (_text(Plan, 'training_history', '教学培训专业和历年社会化培训', decides=False), ('A1.06', 'A3.05', 'A5.05')),
    (_text(Strengths, 'strengths', '组织和专业优势', decides=False), ('A1.07', 'A3.06', 'A5.04')),
    (_leading, ('A1.08', 'A3.07', 'A5.06')), (_office_staff, ('A1.09', 'A3.08', 'A5.07')), (_supervision_group, ('A1.10', 'A3.09', 'A5.08')),
    (_text(Plan, 'audience', '认定的对象', decides=False), ('A1.11', 'A3.10')), (_occupation_names, ('A1.12', 'A3.11', 'A5.09')), (_levels, ('A1.13', 'A3.12', 'A5.10')),
    (_text(Plan, 'modes', '评价的方式', decides=False), ('A1.14', 'A3.13', 'A5.11')), (_office, ('A1.15', 'A3.14', 'A5.12')), (_archive, ('A1.16', 'A3.15', 'A5.13')),
    (_theory, ('A1.17', 'A3.16', 'A5.14')), (_practical, ('A1.18', 'A3.17', 'A5.15')), (_monitoring, ('A1.19', 'A3.18', 'A5.16')),
    (_exam_system, ('A1.20', 'A3.19', 'A5.17')), (_online, ('A1.21', 'A3.20', 'A5.18')), (_video, ('A1.22', 'A3.21', 'A5.19')),
    (_workflow, ('A1.23', 'A3.22', 'A5.20')), (_schedule, ('A1.24', 'A3.23', 'A5.21')), (_funds_of_employer, ('A1.25',)), (_funds_of_school, ('A3.24',)),
    (_text(Plan, 'certificate', '证书样式', decides=True), ('A1.26', 'A3.25', 'A5.23')),
    (_documents(1), ('A1.27', 'A3.26', 'A5.24')), (_documents(2), ('A1.28', 'A3.27', 'A5.22', 'A5.25')), (_others('work'), ('A1.29', 'A3.28', 'A5.26')),
    (_documents(5), ('A1.30', 'A3.29', 'A5.27')), (_documents(6), ('A1.31', 'A3.30', 'A5.28')), (_others('quality'), ('A1.32', 'A3.31', 'A5.29')),
    (_documents(7), ('A1.33', 'A3.32', 'A5.30')), (_documents(8), ('A1.34', 'A3.33', 'A5.31')), (_documents(9), ('A1.35', 'A3.34', 'A5.32')),
    (_documents(10), ('A1.36', 'A3.35', 'A5.33')), (_others('exam_affairs'), ('A1.37', 'A3.36', 'A5.34')), (_documents(11, 12, 13), ('A1.38', 'A3.37', 'A5.35')),
    (_documents(14, 15, 16), ('A1.39', 'A3.38', 'A5.36')), (_documents(17), ('A1.40', 'A3.39', 'A5.37')), (_others('people'), ('A1.41', 'A3.40', 'A5.38')),
    (_documents(18), ('A1.42', 'A3.41', 'A5.39')), (_others('rooms'), ('A1.43',)), (_documents(19), ('A3.42', 'A5.40')), (_documents(20), ('A3.43', 'A5.41')),
    (_documents(21), ('A1.44', 'A3.44', 'A5.42')), (_others('items'), ('A1.45', 'A3.45', 'A5.43')), (_documents(22), ('A1.46', 'A3.46', 'A5.44')))
_BY_ITEM: Mapping[str, Fill] = {item: fill for fill, items in _MEANINGS for item in items}
