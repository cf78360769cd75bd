"""What becomes of each row of the candidates' workbook: every bad input in its own cell, by its own rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from app.intake import read_table
from app.intake_table import Table
from app.registration.judging import Judged, counts, fates
from app.registration.rules import COLUMNS, KEPT, Fate, Group, Roster
from tests import make
from tests.make_bad_files import workbook
from tests.shows import shows

TODAY = date(2026, 10, 20)
GROUPS = (Group(1, '4-10-01-03', '保育师', '', 4), Group(2, '6-18-01-01', '车工', '普通车床', 4), Group(3, '6-18-01-01', '车工', '', 5))
HEADS = [c.head for c in COLUMNS]
GOOD = {
    '姓名': '赵甲子', '证件类型': '居民身份证', '证件号码': make.number(1), '性别': '男', '职业编码': '4-10-01-03', '工种': '', '等级': '四级', '考场号': '1', '座位号': '5',
    '学历': '大专', '申报依据': '从事本职业4年以上', '工作单位': '明川市机械厂', '联系电话': '13900000001'}
ROSTER = Roster(TODAY, 2026, 3, GROUPS)
PROVINCE = ('VAL-01', 'warn')  # 99 is the demo's province: a warning, never an error
WRONG_DIGIT = make.number(1)[:-1] + ('0' if make.number(1)[-1] != '0' else '1')


def read(*rows: Mapping[str, object]) -> Table:
    return read_table(workbook([HEADS, *([row.get(h) for h in HEADS] for row in rows)]), COLUMNS, name_shown='名单.xlsx')


def judged(*rows: Mapping[str, object], roster: Roster = ROSTER) -> Judged:
    return fates(read(*rows), roster)


def told(fate: Fate) -> list[tuple[str, str, str]]:
    """Return (rule, cell, severity) of what is said beside the warning of the demo's province."""
    return [(f.rule, f.subject, f.severity) for f in fate.findings if '不是已知的省级代码' not in f.sentence]


def only(change: Mapping[str, object], roster: Roster = ROSTER) -> Fate:
    fate, = judged(GOOD | change, roster=roster)
    return fate


def test_a_good_row_is_kept_as_it_will_stand() -> None:
    fate = only({})
    assert [(f.rule, f.severity) for f in fate.findings] == [PROVINCE]
    assert replace(fate, findings=()) == Fate(2, 'new', {
        'name': '赵甲子', 'id_kind': 'resident_id', 'id_no': make.number(1), 'birth_on': date(1970, 1, 2), 'sex': '男', 'group_id': 1, 'education': '大专',
        'basis': '从事本职业4年以上', 'employer': '明川市机械厂', 'phone': '13900000001', 'room_no': 1, 'seat_no': 5, 'ticket_number': '260034001057'})


@pytest.mark.parametrize('number', ['９９０１０１１９７００１０２０' + '０１Ｘ', make.number(1).lower(), f' {make.number(1)[:6]} {make.number(1)[6:14]}-{make.number(1)[14:]} '])
@shows('VAL-01')
def test_full_width_blanks_and_hyphens_are_repaired(number: str) -> None:
    if 'Ｘ' in number:
        number = make.number(1).translate({ord(c): chr(ord(c) + 0xFEE0) for c in '0123456789X'})
    assert (only({'证件号码': number}).outcome, only({'证件号码': number}).values['id_no']) == ('new', make.number(1))


BAD: list[tuple[dict[str, object], str, str, str]] = [
    ({'证件号码': WRONG_DIGIT}, 'VAL-01', 'C2', '校验码'),
    ({'证件号码': '990101199002301234'}, 'VAL-01', 'C2', '出生日期不存在'),
    ({'证件号码': '990101209901011236'}, 'VAL-01', 'C2', '晚于今天'),
    ({'证件号码': '990101900101123'}, 'VAL-02', 'C2', '15位的旧身份号码'),
    ({'证件号码': make.number(1)[:17]}, 'VAL-01', 'C2', '应为18位，现为17位'),
    ({'证件号码': '9.90101E+17'}, 'VAL-01', 'C2', '被表格软件当成数字'),
    ({'证件号码': 990101197001020011}, '', 'C2', ''),
    ({'证件号码': None}, '', 'C2', ''),
    ({'证件类型': '护照', '证件号码': 'E12345678'}, 'VAL-07', 'B2', '逐人登记'),
    ({'证件类型': '学生证'}, 'VAL-07', 'B2', '没有“学生证”这种证件类型'),
    ({'姓名': None}, '', 'A2', ''),
    ({'姓名': '12345'}, '', 'A2', '应填写姓名'),
    ({'职业编码': '4-10-01-99'}, 'ORG-99', 'E2', '不在本批次内'),
    ({'职业编码': '保育师'}, 'VAL-05', 'E2', '职业编码应写成'),
    ({'等级': '三级'}, 'ORG-99', 'E2', '三级不在本批次内'),
    ({'等级': '六级'}, 'VAL-06', 'G2', '五级'),
    ({'工种': '数控车床', '职业编码': '6-18-01-01'}, 'ORG-99', 'E2', '工种“数控车床”'),
    ({'考场号': '1000'}, 'TICK-07', 'H2', '须为1至999'),
    ({'考场号': '²'}, 'TICK-07', 'H2', '须为1至999'),
    ({'考场号': '9' * 5000}, 'TICK-07', 'H2', '须为1至999'),
    ({'座位号': '0'}, 'TICK-07', 'I2', '须为1至99'),
    ({'座位号': None}, '', 'I2', '同时填写'),
    ({'联系电话': '12345'}, '', 'M2', '手机号码'),
    ({'学历': '大' * 21}, '', 'J2', '最多20个字')]


@pytest.mark.parametrize(('change', 'rule', 'cell', 'said'), BAD, ids=[f'{c}-{r or "form"}-{n}' for n, (c, r, *_) in enumerate(BAD)])
@shows('VAL-01', 'VAL-02', 'VAL-05', 'VAL-06', 'VAL-07', 'ORG-99', 'TICK-07')
def test_a_bad_cell_is_refused_at_its_address_and_the_row_is_left_out(change: dict[str, object], rule: str, cell: str, said: str) -> None:
    fate = only(change)
    blocking = [f for f in fate.findings if f.severity == 'block']
    assert fate.outcome == 'bad'
    assert cell in [f.subject for f in blocking]
    found = next(f for f in blocking if f.subject == cell)
    assert said in found.sentence and (rule in ('', found.rule))
    assert str(change.get('证件号码') or '-' * 99) not in found.sentence  # no sentence repeats a personal number


@shows('VAL-02')
def test_another_sex_than_the_numbers_is_a_warning_and_the_number_wins() -> None:
    fate = only({'性别': '女'})
    assert (fate.outcome, fate.values['sex'], told(fate)) == ('new', '男', [('VAL-02', 'C2', 'warn')])


@pytest.mark.parametrize('level', ['四级', '4', '四级/中级工', '中级工'])
@shows('VAL-06')
def test_a_level_is_read_in_its_usual_forms(level: str) -> None:
    assert only({'等级': level}).values['group_id'] == 1


def test_columns_that_need_not_be_filled_may_be_blank() -> None:
    fate = only(dict.fromkeys(('证件类型', '性别', '学历', '申报依据', '工作单位', '联系电话', '考场号', '座位号')))
    assert (fate.outcome, told(fate), fate.values['ticket_number'], fate.values['room_no'], fate.values['seat_no']) == ('new', [], None, 0, 0)


@pytest.mark.parametrize('sign', ['-', '--', '----', '——', '—', ''])
def test_a_dash_means_no_trade(sign: str) -> None:
    assert only({'工种': sign, '职业编码': '6-18-01-01', '等级': '五级'}).values['group_id'] == 3


@shows('CERT-01')
def test_the_same_person_twice_is_refused_the_second_time() -> None:
    first, second = judged(GOOD, GOOD | {'座位号': '6', '姓名': '同一人'})
    assert (first.outcome, second.outcome) == ('new', 'bad')
    assert [(f.rule, f.subject, f.sentence) for f in second.findings if f.severity == 'block'] == [
        ('CERT-01', 'C3', f'第3行C3：与第2行是同一人（证件号码{make.number(1)[:4]}**********{make.number(1)[-4:]}），同一批次每人只报一项，请删去一行。')]


@shows('ROOM-09')
def test_a_seat_is_given_once_in_the_sheet_and_in_the_batch() -> None:
    first, second = judged(GOOD, GOOD | {'证件号码': make.number(2)})
    assert (first.outcome, second.outcome, told(second)) == ('new', 'bad', [('ROOM-09', 'I3', 'block')])
    taken = only({}, replace(ROSTER, seats={(1, 5): make.number(9)}))
    assert (taken.outcome, told(taken)) == ('bad', [('ROOM-09', 'I2', 'block')])
    assert only({}, replace(ROSTER, seats={(1, 5): make.number(1)})).outcome == 'new'  # his own seat


def test_who_is_there_already_is_the_same_or_changed() -> None:
    roster = replace(ROSTER, known={make.number(1): 0}, kept={'id': [77], **{key: [value] for key, value in only({}).values.items() if key in KEPT}})
    assert (only({}, roster).outcome, only({}, roster).candidate_id) == ('same', 77)
    assert (only({'姓名': '赵甲午'}, roster).outcome, only({'姓名': '赵甲午'}, roster).candidate_id) == ('changed', 77)


def test_all_faults_of_a_row_are_told_at_once() -> None:
    fate = only({'姓名': '1', '证件号码': WRONG_DIGIT, '等级': '六级', '考场号': 'x', '联系电话': '1'})
    assert sorted(cell for _, cell, _ in told(fate)) == ['A2', 'C2', 'G2', 'H2', 'I2', 'M2']


def test_rows_are_counted_by_fate() -> None:
    assert counts(judged(GOOD, GOOD | {'证件号码': make.number(2), '座位号': '6'}, GOOD | {'证件号码': WRONG_DIGIT, '座位号': '7'})) == {
        'new': 2, 'same': 0, 'changed': 0, 'bad': 1}
