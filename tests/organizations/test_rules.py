"""What may be filed, and what lies inside the filed range."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.numbers import KindDigits
from app.organizations.occupations import known, occupations, work_types
from app.organizations.rules import Range, check_in_force, check_in_range, filing_scheme, range_findings
from app.regulation import profile, profiles
from tests.shows import shows

GROUPS = (3, 4, 5, 6)
NURSE = Range('4-10-01-03', '保育师', '', (5, 4, 3))
LATHE = Range('6-18-01-01', '车工', '普通车床', (4, 3, 2, 1))


def found(*rows: Range) -> list[tuple[str, str, str]]:
    return [(f.rule, f.severity, f.subject) for f in range_findings(rows, GROUPS)]


def test_rows_as_the_list_has_them_are_right() -> None:
    assert found(NURSE, LATHE, Range('6-18-01-01', '车工', '', (5,)), Range('4-10-01-06', '家政服务员', '家务服务员', (5, 4, 3)), Range('4-10-01-06', '家政服务员', '', (2,))) == []


@pytest.mark.parametrize(('row', 'rule', 'severity', 'said'), [
    (replace(NURSE, occupation_code='2-10-01-03'), 'OCC-01', 'block', '属于第2大类'),
    (replace(NURSE, occupation='保育员'), 'OCC-05', 'block', '职业名称是“保育师”'),
    (Range('6-99-01-01', '新职业', '', (5,)), 'OCC-05', 'warn', '不在已载入的职业目录中'),
    (replace(LATHE, levels=(5, 4)), 'OCC-08', 'block', '该工种的标准没有5级（有4、3、2、1级）'),
    (replace(LATHE, work_type='', levels=(4,)), 'OCC-07', 'block', '4级须按工种备案（普通车床、数控车床）'),
    (replace(LATHE, work_type='立式车床'), 'OCC-07', 'block', '没有工种“立式车床”'),
    (replace(NURSE, work_type='保育', levels=(5,)), 'OCC-07', 'block', '没有工种“保育”（目录中的工种：无）'),
    (replace(NURSE, levels=(5, 2)), 'OCC-08', 'block', '该职业的标准没有2级'),
    (Range('4-10-01-06', '家政服务员', '家务服务员', (2,)), 'OCC-08', 'block', '该工种的标准没有2级'),
    (replace(NURSE, levels=()), 'OCC-08', 'block', '没有选择等级'),
    (replace(NURSE, levels=(5, 0)), 'VAL-06', 'block', '没有0级'),
    (Range('6-99-01-01', '新职业', '', (7,)), 'VAL-06', 'block', '没有7级'),
    (replace(NURSE, occupation_code='4-10-1-3'), 'VAL-05', 'block', '职业编码应写成'),
    (replace(NURSE, occupation=' '), 'OCC-14', 'block', '还没有填写'),
    (Range('6-99-01-01', '长' * 61, '', (5,)), 'OCC-14', 'block', '最多60个字')])
@shows('OCC-01', 'OCC-05', 'OCC-07', 'OCC-08', 'OCC-14', 'VAL-05', 'VAL-06')
def test_a_wrong_row_is_told_with_its_number(row: Range, rule: str, severity: str, said: str) -> None:
    told = range_findings([LATHE, row], GROUPS)
    assert (rule, severity, 'range 2') in [(f.rule, f.severity, f.subject) for f in told]
    assert all(f.subject == 'range 2' and f.sentence.startswith('第2行') for f in told)
    assert any(said in f.sentence for f in told)


@shows('OCC-07')
def test_level_5_of_the_lathe_has_no_trades_and_level_4_has() -> None:
    rows = known('6-18-01-01')
    assert (work_types(rows, 5), work_types(rows, 4)) == ((), ('普通车床', '数控车床'))
    assert found(Range('6-18-01-01', '车工', '', (5, 4))) == [('OCC-07', 'block', 'range 1')]
    assert found(Range('6-18-01-01', '车工', '普通车床', (5,))) == [('OCC-08', 'block', 'range 1')]


@shows('OCC-14')
def test_an_annex_has_one_row_a_trade_and_at_least_one() -> None:
    assert found() == [('OCC-14', 'block', 'range 0')]
    assert found(NURSE, replace(NURSE, levels=(4,))) == [('OCC-14', 'block', 'range 2')]
    assert found(NURSE, replace(NURSE, occupation_code='４-10-01-03')) == [('OCC-14', 'block', 'range 2')]
    assert found(LATHE, replace(LATHE, work_type='数控车床')) == []


@given(st.sampled_from([o for o in occupations() if o.code and o.levels and o.code[0] in '3456']), st.data())
@shows('OCC-08')
def test_fewer_levels_than_the_standard_may_be_chosen_and_no_others(occupation: object, data: st.DataObject) -> None:
    o = occupation
    chosen = tuple(data.draw(st.sets(st.sampled_from(o.levels), min_size=1)))  # type: ignore[attr-defined]
    row = Range(o.code, o.name, o.work_type, chosen)  # type: ignore[attr-defined]
    assert found(row) == []
    for level in set(range(1, 6)) - set(o.levels):  # type: ignore[attr-defined]
        assert {severity for _, severity, _ in found(replace(row, levels=(*chosen, level)))} == {'block'}


@pytest.mark.parametrize(('code', 'work_type', 'level'), [('4-10-01-03', '', 5), ('6-18-01-01', '普通车床', 1)])
@shows('ORG-99', 'C-25')
def test_the_filing_decides_also_on_levels_2_and_1(code: str, work_type: str, level: int) -> None:
    check_in_range([NURSE, LATHE], code, work_type, level)
    with pytest.raises(Refused):
        check_in_range([replace(NURSE, levels=(4,)), replace(LATHE, levels=(4,))], code, work_type, level)


@pytest.mark.parametrize(('code', 'work_type', 'level', 'said'), [
    ('4-10-01-03', '', 2, '备案范围：保育师 5、4、3级。'),
    ('6-18-01-01', '数控车床', 4, '备案范围：车工/普通车床 4、3、2、1级。'),
    ('6-18-01-01', '', 4, '4级不在备案范围内'),
    ('4-01-02-02', '', 4, '备案范围：保育师 5、4、3级；车工/普通车床 4、3、2、1级。')])
@shows('ORG-99')
def test_what_lies_outside_the_filed_range_is_refused_saying_what_is_inside(code: str, work_type: str, level: int, said: str) -> None:
    with pytest.raises(Refused) as refused:
        check_in_range([NURSE, LATHE], code, work_type, level)
    assert refused.value.rule == 'ORG-99'
    assert said in refused.value.sentence


@pytest.mark.parametrize(('state', 'day', 'rule'), [
    ('in_force', date(2025, 3, 17), ''), ('in_force', date(2028, 3, 16), ''), ('in_force', date(2025, 3, 16), 'ORG-90'),
    ('in_force', date(2028, 3, 17), 'ORG-90'), ('proposed', date(2026, 3, 17), 'ORG-90'), ('ended', date(2026, 3, 17), 'CERT-24')])
@shows('ORG-90', 'CERT-24')
def test_a_filing_holds_from_its_first_to_its_last_day(state: str, day: date, rule: str) -> None:
    term = (date(2025, 3, 17), date(2028, 3, 16))
    if not rule:
        check_in_force(state, *term, day, profile('henan').filing.validity_years)
        return
    with pytest.raises(Refused) as told:
        check_in_force(state, *term, day, profile('henan').filing.validity_years)
    assert told.value.rule == rule


@shows('ORG-91')
def test_where_no_term_is_fixed_its_passing_stops_nothing() -> None:
    term = (date(2025, 3, 17), date(2028, 3, 16))
    for name in ('national', 'hunan', 'xinjiang'):
        check_in_force('in_force', *term, date(2028, 3, 17), profile(name).filing.validity_years)
        with pytest.raises(Refused):
            check_in_force('in_force', *term, date(2025, 3, 16), profile(name).filing.validity_years)


@shows('ORG-81', 'ORG-82', 'ORG-83', 'ORG-84')
def test_each_province_builds_its_filing_numbers_by_kind() -> None:
    schemes = {name: filing_scheme(profile(name).codes.org).kinds for name in profiles()}
    assert schemes['henan'] == schemes['demo'] == {
        'employer': KindDigits('Y', '0-8'), 'social_training_org': KindDigits('S', None), 'technical_school_own_students': KindDigits('Y', '9'),
        'technical_school_society': KindDigits('S', None)}
    assert schemes['xinjiang'] == {
        'employer': KindDigits('Y', '0-8'), 'social_training_org': KindDigits('S', '0-8'), 'technical_school_own_students': KindDigits('S', '9'),
        'technical_school_society': KindDigits('S', '9')}
    assert schemes['hunan'] == schemes['national'] == {
        'employer': KindDigits('Y', '0-8'), 'social_training_org': KindDigits('S', None), 'technical_school_society': KindDigits('S', None)}
