"""How many organisations and occupations are in principle admitted."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import Refused
from app.filing.capacity import Filed, capacity_findings
from app.filing.rules import application_findings
from app.findings import refuse_unless_accepted
from app.regulation import profile
from tests.filing.made import LATHE, NURSE, ORIGINAL, record
from tests.shows import shows


def filed(n: int, row: Any = NURSE, **changed: Any) -> Filed:
    values = {'org': f'机构{n}', 'letter': 'S', 'region': '990101', 'occupation_code': row.occupation_code, 'work_type': row.work_type}
    return Filed(**{**values, **changed})


def found(name: str, others: list[Filed], way: str = 'social', **changed: Any) -> list[tuple[str, str, str]]:
    return [(f.rule, f.severity, f.subject) for f in capacity_findings(record(way, profile=name, **changed), profile(name), others)]


@pytest.mark.parametrize(('name', 'rule'), [('henan', 'ORG-30'), ('national', 'ORG-30'), ('hunan', 'ORG-31')])
@shows('ORG-30', 'ORG-31')
def test_a_fourth_body_for_an_occupation_needs_a_written_reason(name: str, rule: str) -> None:
    assert found(name, [filed(1), filed(2)]) == []
    assert found(name, [filed(1), filed(2), filed(3)]) == [(rule, 'warn', 'ranges.2')]
    (told,) = capacity_findings(record(profile=name), profile(name), [filed(n) for n in range(1, 4)])
    assert '已有3家' in told.sentence and '机构1、机构2、机构3' in told.sentence
    with pytest.raises(Refused, match='写明理由'):
        refuse_unless_accepted([told], '')
    refuse_unless_accepted([told], '辖区人口多，现有机构不足')
    assert told in application_findings(record(profile=name), profile(name), others=[filed(n) for n in range(1, 4)])


@shows('ORG-32')
def test_a_second_body_in_a_county_needs_a_written_reason_in_hunan() -> None:
    assert found('hunan', [filed(1, region='990102')]) == [('ORG-32', 'warn', 'ranges.2')]
    assert found('hunan', [filed(1, region='990101')]) == found('henan', [filed(1, region='990102')]) == []
    city_body = record().org.model_copy(update={'region': '990100'})
    assert found('hunan', [filed(1, region='990100')], org=city_body) == []


@shows('ORG-33')
def test_a_fourth_occupation_of_one_body_needs_a_written_reason_in_hunan() -> None:
    extra = [NURSE.model_copy(update={'occupation_code': f'6-31-01-0{n}'}) for n in (1, 2)]
    assert found('hunan', [], ranges=(LATHE, NURSE, extra[0])) == []
    assert found('hunan', [], ranges=(LATHE, NURSE, *extra)) == [('ORG-33', 'warn', 'ranges')]
    assert found('henan', [], ranges=(LATHE, NURSE, *extra)) == []
    before = ORIGINAL.model_copy(update={'ranges': (NURSE, *extra)})
    assert found('hunan', [], 'increment', original=before) == [('ORG-33', 'warn', 'ranges')]
    assert found('demo', [], 'increment', original=ORIGINAL.model_copy(update={'ranges': (NURSE, extra[0])})) == []
    trades = (LATHE, LATHE.model_copy(update={'work_type': '数控车床'}), NURSE, extra[0])
    assert found('hunan', [], ranges=trades) == []


@shows('ORG-34')
def test_only_social_bodies_count_and_each_once_whatever_its_levels_and_trades() -> None:
    employers = [filed(n, letter='Y') for n in range(5)]
    assert found('henan', employers) == []
    assert found('henan', [filed(1), filed(1), filed(2)]) == []
    trades = [filed(n, LATHE, work_type=t) for n, t in ((1, '普通车床'), (2, '数控车床'), (3, ''))]
    assert found('henan', trades) == [('ORG-30', 'warn', 'ranges.1')]
    assert found('hunan', trades) == []
    assert found('henan', [filed(n, region='990201') for n in range(5)]) == []
    own = [filed(n) for n in (1, 2)] + [filed(9, org=record().org.name)]
    assert found('henan', own) == []


@shows('ORG-34')
def test_employers_and_schools_for_their_own_have_no_limit() -> None:
    many = [filed(n) for n in range(9)]
    assert found('henan', many, 'employer') == found('henan', many, 'school_own') == found('hunan', many, 'school_own') == []
    assert found('henan', many, 'school_society') == [('ORG-30', 'warn', 'ranges.2')]
