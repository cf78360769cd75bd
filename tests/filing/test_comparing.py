"""Two versions of an application, field by field."""

from __future__ import annotations

from app.filing.comparing import EMPTY, FIELDS, REGISTERS, differences
from app.filing.records import ApplicationRecord
from tests.filing.made import NURSE, PLAN, bylaw, examiner, record, room, site


def test_a_record_does_not_differ_from_itself() -> None:
    for way in ('social', 'employer', 'school_own', 'nationwide_employer', 'increment', 'ending'):
        assert differences(record(way), record(way)) == []


def test_a_changed_answer_is_shown_with_its_label_before_and_after() -> None:
    (told,) = differences(record(), record(answers={'basics': {'nature': 'school'}}))
    assert (told.step, told.field, told.label, told.before, told.after) == ('basics', 'nature', '基本情况 › 机构性质', '民办非企业单位', '院校')
    (emptied,) = differences(record(), record(answers={'standing': {'experience': ''}}))
    assert (emptied.before, emptied.after) == ('连续培训八年', EMPTY)


def test_rows_of_a_table_are_compared_cell_by_cell() -> None:
    rows = [PLAN['schedule'][0] | {'content': '申请备案'}, PLAN['schedule'][1], {'phase': '总结', 'begins': '2027-03', 'ends': '2027-04', 'content': '改进'}]
    told = differences(record(), record(answers={'plan': {'schedule': rows}}))
    assert [(d.label, d.before, d.after) for d in told][:2] == [
        ('实施方案 › 五、工作计划安排 第1行 › 主要工作', '备案', '申请备案'), ('实施方案 › 五、工作计划安排 第3行 › 阶段', EMPTY, '总结')]
    assert len(told) == 5


def test_registers_show_who_came_who_went_and_what_changed() -> None:
    before = record()
    after = record(
        sites=(site(area_dm2=150000),), rooms=(*before.rooms, room('review')), bylaws=(bylaw(1, version=2), *before.bylaws[1:]),
        examiners=(before.examiners[0].model_copy(update={'title': '教授'}), *before.examiners[2:]))
    assert [(d.label, d.before, d.after) for d in differences(before, after)] == [
        ('考评员 考评0/6-18-01-01/普通车床 › 职称/技能等级', '高级讲师', '教授'), ('考评员 考评1/6-18-01-01/普通车床', '有', EMPTY),
        ('场所 云桥路校区 › 面积（平方米）', '1391', '1500'), ('房间 review/云桥路校区', EMPTY, '有'), ('规章制度 工作规则/1 › 版本', '1', '2')]


def test_no_comparison_shows_a_whole_id_number() -> None:
    before, after = record(examiners=(examiner(1, NURSE, id_no='990102198001010011'),)), record(examiners=(examiner(1, NURSE, id_no='990102198001010038'),))
    shown = ' '.join(f'{d.label}{d.before}{d.after}' for d in differences(before, after))
    assert shown and '990102198001010011' not in shown and '990102198001010038' not in shown


def test_an_older_form_is_compared_as_todays_forms_read_it() -> None:
    old = record().model_copy(update={'form_version': 0, 'answers': record().answers | {'basics': record().answers['basics'] | {'fax': '65900001'}}})
    assert differences(old, record()) == []


def test_every_register_and_field_of_a_record_has_a_word() -> None:
    lists = {name for name, field in ApplicationRecord.model_fields.items() if str(field.annotation).startswith('tuple')}
    assert set(REGISTERS) == lists
    for name in lists:
        line = ApplicationRecord.model_fields[name].annotation.__args__[0]  # type: ignore[union-attr]
        assert [f for f in line.model_fields if f not in FIELDS and f != 'id'] == [], name
