"""The occupation rubrics (附件2, 4, 6) filled from the record for one row asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil

from app.filing.answers import given
from app.filing.forms import Plan, SchoolFacts, SchoolSubjectRow
from app.filing.records import EquipmentLine, RangeLine
from app.filing.resources import OFFICES, WAITING, card_is_over, fit_examiners, fit_expert, hazards, lines_of, serving_rooms, sound_percent
from app.filing.scope import standard_of
from app.filing.scoring_facts import Facts, Filled, area_of, counted, judged, names, nothing, yes_no
from app.rubric_models import Item
from app.rubric_rules import PerOccurrence
from app.words import level_digits

Fill = Callable[[Item, RangeLine, Facts], Filled]


def fill_occupation(item: Item, row: RangeLine, facts: Facts) -> Filled:
    """Return what the record says to an item of an occupation sheet; open where it says nothing."""
    return _BY_ITEM[item.id](item, row, facts) if item.id in _BY_ITEM else judged('登记的资料不能说明此项，由评估人员现场判断')


# ------------------------------------------------------------------ people


def _examiner_letters(item: Item, row: RangeLine, facts: Facts) -> Filled:
    examiners = lines_of(facts.record.examiners, row)
    if not examiners:
        return _nobody(item, '考评员')
    if any(e.letter_no is None for e in examiners):
        return judged(f'考评员{len(examiners)}人，聘书没有登记，由评估人员查验')
    without = [e.name for e in examiners if not e.letter_no or (e.engaged_to is not None and e.engaged_to < facts.record.day)]
    return counted(len(without), f'考评员{len(examiners)}人，{len(without)}人没有有效聘书', f'请与{names(without)}签订聘用协议并颁发聘书')


def _examiner_conditions(item: Item, row: RangeLine, facts: Facts) -> Filled:
    examiners = lines_of(facts.record.examiners, row)
    if not examiners:
        return _nobody(item, '考评员')
    fit = [e.name for e in fit_examiners(facts.record, row, facts.profile)]
    without = [e.name for e in examiners if e.name not in fit and not card_is_over(e, facts.record.day)]
    return counted(len(without), f'考评员{len(examiners)}人，{len(without)}人没有登记相应职称或技能等级', f'请补登{names(without)}的职称或技能等级，或更换')


def _examiner_cards(item: Item, row: RangeLine, facts: Facts) -> Filled:
    examiners = lines_of(facts.record.examiners, row)
    if not examiners:
        return _nobody(item, '考评员')
    over = [e.name for e in examiners if card_is_over(e, facts.record.day)]
    without = [e.name for e in examiners if not e.card_no]
    if without and not over:
        return judged(f'{names(without)}没有登记证卡，是否经过培训考核由评估人员查验')
    return counted(len(over) + len(without), f'考评员{len(examiners)}人，证卡过期或没有登记{len(over) + len(without)}人', f'请为{names([*over, *without])}办理培训考核和证卡')


def _examiner_number(item: Item, row: RangeLine, facts: Facts) -> Filled:
    fit = fit_examiners(facts.record, row, facts.profile)
    return Filled({'value': len(fit)}, f'符合条件的考评员{len(fit)}人（{names([e.name for e in fit]) or "无"}）', '请增加符合条件的考评员')


def _expert_letters(item: Item, row: RangeLine, facts: Facts) -> Filled:
    experts = lines_of(facts.record.experts, row)
    if not experts:
        return _nobody(item, '专家')
    without = [e.name for e in experts if not e.letter_no or (e.engaged_to is not None and e.engaged_to < facts.record.day)]
    return counted(len(without), f'专家{len(experts)}人，{len(without)}人没有有效聘书', f'请与{names(without)}签订聘用协议并颁发聘书')


def _expert_titles(item: Item, row: RangeLine, facts: Facts) -> Filled:
    experts = lines_of(facts.record.experts, row)
    if not experts:
        return _nobody(item, '专家')
    without = [e.name for e in experts if not fit_expert(e, facts.profile)]
    return counted(len(without), f'专家{len(experts)}人，{len(without)}人没有副高级以上职称或高级技师', f'请更换{names(without)}，或补登其职称')


def _expert_number(item: Item, row: RangeLine, facts: Facts) -> Filled:
    experts = lines_of(facts.record.experts, row)
    return Filled({'value': len(experts)}, f'专家{len(experts)}人（{names([e.name for e in experts]) or "无"}）', '请增加专家')


def _nobody(item: Item, word: str) -> Filled:
    """Nobody can show it: as many faults as take all points."""
    assert isinstance(item.rule, PerOccurrence)
    return counted(ceil((item.points or 0) / item.rule.deduct), f'没有登记{word}', f'请登记{word}')


# ------------------------------------------------------------------ rooms and equipment


def _area(item: Item, row: RangeLine, facts: Facts) -> Filled:
    rooms = serving_rooms(facts.record, row)
    if not rooms:
        return nothing(item, '没有登记该职业的实操场地', '请在场地登记中补充实操场地并注明服务的职业')
    return judged(f'实操场地{area_of(rooms)}，{sum(r.seats for r in rooms)}个工位；由评估人员现场判断')


def _video(item: Item, row: RangeLine, facts: Facts) -> Filled:
    watched = [r for r in serving_rooms(facts.record, row) if r.camera_count]
    return yes_no(bool(watched), f'有视频监控的实操场地：{names([r.name for r in watched]) or "无"}', '请为实操场地安装视频监控并登记')


def _equipment(row: RangeLine, facts: Facts) -> list[EquipmentLine]:
    return [e for e in lines_of(facts.record.equipment, row) if e.state != 'scrapped']


def _equipment_number(item: Item, row: RangeLine, facts: Facts) -> Filled:
    lines = _equipment(row, facts)
    if not lines:
        return nothing(item, '没有登记该职业的设备', '请在设备台账中登记该职业的设备')
    return judged(f'设备{len(lines)}种，共{sum(e.count for e in lines)}台（套）；数量是否满足评价由评估人员判断')


def _equipment_sound(item: Item, row: RangeLine, facts: Facts) -> Filled:
    percent = sound_percent([(e.count, e.state) for e in _equipment(row, facts)])
    if percent is None:
        return Filled({'value': 0}, '没有登记该职业的设备', '请在设备台账中登记该职业的设备')
    return Filled({'value': percent}, f'设备完好率{percent}%', '请维修或更换不完好的设备')


def _side_rooms(item: Item, row: RangeLine, facts: Facts) -> Filled:
    rooms = facts.rooms(*OFFICES, WAITING)
    if not rooms:
        return nothing(item, '没有登记考务办公室和候考室', '请在场地登记中补充考务办公室和候考室')
    return judged(f'辅助场所：{area_of(rooms)}；由评估人员判断')


def _safety(item: Item, row: RangeLine, facts: Facts) -> Filled:
    checks = facts.record.safety
    if not checks:
        return judged('没有安全检查记录，由评估人员现场判断')
    bad, serious = [x for c in checks if not c.cured for x in c.bad], hazards(checks)
    said = f'安全检查{len(checks)}处，不符合{len(bad)}处{f"（{names(bad)}）" if bad else ""}，未整改的重大隐患{len(serious)}处'
    return Filled({'count': len(bad), 'hazard': bool(serious)}, said, '请整改后复查并登记')


# ------------------------------------------------------------------ standards, items, books, teaching


def _standard(item: Item, row: RangeLine, facts: Facts) -> Filled:
    standard = standard_of(facts.record, row)
    ok = standard is not None and set(row.levels) <= set(standard.levels) and (standard.kind != 'norm' or standard.publicized)
    said = f'《{standard.name}》（{standard.edition}年版，{level_digits(standard.levels)}级）' if standard else '没有登记标准'
    return yes_no(ok, said, f'请备齐{facts.profile.scope.classification.value}和覆盖所报等级的国家职业技能标准（或已备案公示的评价规范）')


def _bank(item: Item, row: RangeLine, facts: Facts) -> Filled:
    if not facts.asks('plan'):
        return judged('题库由评估人员现场查验')
    rows = [b for b in given(facts.record, Plan).bank if b.occupation_code == row.occupation_code and b.work_type in ('', row.work_type)]
    held = {int(b.level) for b in rows if b.level and (b.theory or b.practical)}
    if not held & set(row.levels):
        return nothing(item, '没有填写该职业的题库', '请在“实施方案”的题库情况中填写各等级题量')
    without = [x for x in row.levels if x not in held]
    figures = '；'.join(f'{b.level}级理论{b.theory or 0}题、实操{b.practical or 0}套' for b in rows)
    lack = f'，{level_digits(without)}级没有题库' if without else ''
    return judged(f'题库：{figures}{lack}；能否满足评价由评估人员判断', todo=f'请建立{level_digits(without)}级题库' if without else '')


def _books(item: Item, row: RangeLine, facts: Facts) -> Filled:
    standards = [s for s in facts.record.standards if s.occupation_code == row.occupation_code and s.work_type in ('', row.work_type)]
    titles = [f'《{b.get("title", "")}》' for s in standards for b in s.books]
    if not titles:
        return nothing(item, '没有登记该职业的教材', '请在“职业标准和教材”中登记教材或讲义')
    return judged(f'教材：{names(titles)}；能否满足培训由评估人员判断')


def _subjects(row: RangeLine, facts: Facts) -> Sequence[SchoolSubjectRow]:
    return [s for s in given(facts.record, SchoolFacts).subjects if s.occupation_code == row.occupation_code and s.work_type in ('', row.work_type)]


def _enrolled(item: Item, row: RangeLine, facts: Facts) -> Filled:
    if not facts.asks('school'):
        return judged('连续招生年数由评估人员查阅学籍')
    years = max((int(s.enrolled_years) for s in _subjects(row, facts) if s.enrolled_years.isdigit()), default=0)
    least = facts.profile.scope.technical_school_own_students.enrolled_years_min.value
    if least is None:
        return judged(f'连续招生{years}年，由评估人员查阅学籍')
    return yes_no(years >= least, f'连续招生{years}年（应{least}年以上）', '连续招生期满后再申报该职业')


def _trained(item: Item, row: RangeLine, facts: Facts) -> Filled:
    """The yearly average of trained people, not of graduates; a small subject may be exempted from enrolment, which changes no points."""
    if not facts.asks('school'):
        return judged('培养人数由评估人员查阅')
    subjects = _subjects(row, facts)
    average = max((s.average_trained for s in subjects if s.average_trained.replace('.', '', 1).isdigit()), key=float, default='0')
    small = '；个别小专业，请在备注中说明' if any(s.small_subject == 'yes' for s in subjects) else ''
    return Filled({'value': average}, f'近三年年均培养{average}人{small}', '扩大培养规模，或说明属个别小专业')


_MEANINGS: tuple[tuple[Fill, tuple[str, ...]], ...] = (
    (_examiner_letters, ('A2.01', 'A4.01', 'A6.01')), (_examiner_conditions, ('A2.02', 'A4.02', 'A6.02')), (_examiner_cards, ('A2.03', 'A4.03', 'A6.03')),
    (_examiner_number, ('A2.04', 'A4.04', 'A6.04')), (_expert_letters, ('A2.05', 'A4.05', 'A6.05')), (_expert_titles, ('A2.06', 'A4.06', 'A6.06')),
    (_expert_number, ('A2.07', 'A4.07', 'A6.07')), (_area, ('A2.08', 'A2.09', 'A2.10', 'A4.08', 'A4.09', 'A4.10', 'A6.08', 'A6.09', 'A6.10')),
    (_video, ('A2.11', 'A4.11', 'A6.11')), (_equipment_number, ('A2.12', 'A4.12', 'A6.12')), (_equipment_sound, ('A2.13', 'A4.13', 'A6.13')),
    (_side_rooms, ('A2.15', 'A4.15', 'A6.15')), (_standard, ('A2.16', 'A4.16', 'A6.16')), (_bank, ('A2.17', 'A4.17', 'A6.17')), (_books, ('A2.18', 'A4.18')),
    (_enrolled, ('A4.19',)), (_trained, ('A4.20',)), (_safety, ('A2.19', 'A4.22', 'A6.18')))
_BY_ITEM: Mapping[str, Fill] = {item: fill for fill, items in _MEANINGS for item in items}
