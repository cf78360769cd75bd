"""Licences with their scans and the training statistics: what is entered, what is refused, and that both stand in the record."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.errors import NotYours, Refused
from app.files import MOST_ATTACHED, store_scan
from app.filing.holdings import (
    add_licence,
    add_training,
    attach_licence,
    end_licence,
    end_licence_scan,
    end_training,
    licences_of,
    training_of,
)
from app.filing.operations import start_application
from app.filing.queries import record_of
from app.house import House
from app.work import begin_as
from tests import make
from tests.filing import prepared
from tests.filing.prepared import AT, Applicant
from tests.shows import shows


@pytest.fixture
def a(both: House) -> Applicant:
    return prepared.applicant(make.world())


def test_a_licence_and_its_scan_stand_in_the_record(a: Applicant) -> None:
    scan = store_scan(b'%PDF-1.7 licence', a.org.id, name='证照.pdf')
    with begin_as(a.clerk, at=AT) as work:
        app = start_application(work, way='social')
        licence = add_licence(work, kind='business', number=' 9141 ', issuer='市场监督管理局', valid_from=date(2020, 1, 1))
        wrong = attach_licence(work, licence_id=licence.id, scan=scan)
        end_licence_scan(work, licence_id=licence.id, attachment_id=wrong.id)
        assert [x.scans for x in record_of(work, app.id).licences] == [1, 1, 0]
        attach_licence(work, licence_id=licence.id, scan=scan)
        assert [(x.number, x.scans) for x in record_of(work, app.id).licences] == [('52001', 1), ('民培1号', 1), ('9141', 1)]
        end_licence(work, licence_id=licence.id)
        assert len(licences_of(work)) == 2
        with pytest.raises(NotYours):
            attach_licence(work, licence_id=licence.id, scan=scan)


@pytest.mark.parametrize(('data', 'said'), [(b'PK\x03\x04 a workbook', '不是PDF、JPG或PNG文件'), (b'%PDF-' + b'0' * MOST_ATTACHED, '超过50MB，没有接收')])
def test_an_attachment_of_the_wrong_kind_or_too_large_is_refused(house_on_sqlite: House, data: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        store_scan(data, 1, name='证照.pdf')


@pytest.mark.parametrize(('change', 'said'), [
    ({'kind': 'driving'}, '请选择证照种类'), ({'number': ' '}, '还没有填写'), ({'valid_from': date(2026, 5, 1), 'valid_to': date(2026, 4, 30)}, '早于有效期起')])
@shows('ORG-50')
def test_a_licence_that_cannot_be_is_refused(a: Applicant, change: dict[str, Any], said: str) -> None:
    with begin_as(a.clerk, at=AT) as work, pytest.raises(Refused, match=said):
        add_licence(work, **{'kind': 'school', 'number': '1', 'issuer': '局', **change})


@shows('ORG-03')
def test_the_statistics_of_three_years_stand_in_the_record(a: Applicant) -> None:
    with begin_as(a.clerk, at=AT) as work:
        app = start_application(work, way='social')
        for year in (2022, 2024, 2026):
            add_training(work, year=year, kind='社会培训', trade='钳工', people=50, occupation_code='6-20-01-01', level='四级')
        assert [(x.year, x.trade) for x in record_of(work, app.id).training] == [(2024, '钳工'), (2025, '保育师'), (2026, '钳工')]
        end_training(work, training_id=training_of(work)[0].id)
        assert [x.year for x in training_of(work)] == [2025, 2024, 2022]
        for change, said in (({'year': 2024}, '已登记'), ({'year': 2027}, '年份2027不对'), ({'people': 0}, '大于0的整数'), ({'occupation_code': '6'}, '职业')):
            with pytest.raises(Refused, match=said):
                add_training(work, **{'year': 2023, 'kind': '社会培训', 'trade': '钳工', 'people': 50, 'level': '四级', **change})
