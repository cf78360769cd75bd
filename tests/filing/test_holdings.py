"""Licences with their scans and the training statistics: what is entered, what is refused, their workbooks, and that both stand in the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from python_calamine import load_workbook

from app.errors import NotYours, Refused
from app.files import MOST_ATTACHED, keep_file, store_scan
from app.filing.holdings import (
    add_holding,
    attach_to_holding,
    change_holding,
    end_holding,
    holding,
    holdings_found,
    holdings_page,
    unscanned,
)
from app.filing.importing import KINDS, judge_holdings, queue_holdings
from app.filing.ledgers import LEDGERS, LICENCES, TRAINING
from app.filing.operations import start_application
from app.filing.queries import record_of
from app.house import House
from app.jobs import Runner
from app.ledger_books import rows_back_xlsx, rows_xlsx
from app.ledger_items import Known
from app.ledgers import known_of
from app.work import begin_as
from db.filing import TrainingYear
from db.jobs import Job
from tests import make
from tests.filing import prepared
from tests.filing.prepared import AT, Applicant
from tests.make_bad_files import workbook
from tests.shows import shows

TAUGHT = {'year': 2023, 'kind': '社会培训', 'trade': '钳工', 'people': 50, 'level': '四级'}


@pytest.fixture
def a(both: House) -> Applicant:
    return prepared.applicant(make.world())


def trained(work: Any) -> list[TrainingYear]:
    return sorted(holdings_page(work, ledger='training')[0], key=lambda x: -x.year)


def bring_in(a: Applicant, ledger: str, data: bytes) -> Mapping[str, int]:
    """Import a workbook as the page does; returns how many rows were new, changed, same and bad."""
    with begin_as(a.clerk, at=AT) as work:
        kept = keep_file(work, data, name='登记.xlsx', content_type='application/octet-stream')
        job_id = queue_holdings(work, ledger=ledger, file_id=kept.id).id
    assert Runner(KINDS).run_next()
    with begin_as(a.clerk, at=AT, reads=True) as work:
        result = work.get(Job, job_id).result
    return {key: int(result.get(key, 0)) for key in ('new', 'changed', 'same', 'bad')}


def test_a_licence_and_its_scan_stand_in_the_record(a: Applicant) -> None:
    scan = store_scan(b'%PDF-1.7 licence', a.org.id, name='证照.pdf')
    with begin_as(a.clerk, at=AT) as work:
        app = start_application(work, way='social')
        licence = add_holding(work, ledger='licence', written={'kind': '营业执照', 'number': ' 9141 ', 'issuer': '市场监督管理局', 'valid_from': date(2020, 1, 1)})
        assert (f'{licence.id}', 'ORG-50') in [(f.subject, f.rule) for f in unscanned(work)]
        with pytest.raises(Refused, match='9141”已登记'):  # a second click
            add_holding(work, ledger='licence', written={'kind': '营业执照', 'number': '9141', 'issuer': '市场监督管理局', 'valid_from': date(2020, 1, 1)})
        attach_to_holding(work, ledger='licence', record_id=licence.id, scan=scan, kind='licence')
        assert f'{licence.id}' not in [f.subject for f in unscanned(work)]
        assert [(x.number, x.scans) for x in record_of(work, app.id).licences] == [('52001', 1), ('民培1号', 1), ('9141', 1)]
        end_holding(work, ledger='licence', record_id=licence.id)
        assert holdings_found(work, 9, ledger='licence') == 2
        with pytest.raises(NotYours):
            attach_to_holding(work, ledger='licence', record_id=licence.id, scan=scan, kind='licence')


@pytest.mark.parametrize(('data', 'said'), [(b'PK\x03\x04 a workbook', '不是PDF、JPG或PNG文件'), (b'%PDF-' + b'0' * MOST_ATTACHED, '超过50MB，没有接收')])
def test_an_attachment_of_the_wrong_kind_or_too_large_is_refused(house_on_sqlite: House, data: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        store_scan(data, 1, name='证照.pdf')


@pytest.mark.parametrize(('change', 'said'), [
    ({'kind': 'driving'}, '没有“driving”这一项'), ({'number': ' '}, '还没有填写'), ({'valid_from': '2026-05-01', 'valid_to': '2026-04-30'}, '早于有效期起')])
@shows('ORG-50')
def test_a_licence_that_cannot_be_is_refused(a: Applicant, change: dict[str, Any], said: str) -> None:
    with begin_as(a.clerk, at=AT) as work, pytest.raises(Refused, match=said) as refused:
        add_holding(work, ledger='licence', written={'kind': 'school', 'number': '1', 'issuer': '局', **change})
    assert refused.value.rule == 'ORG-50'


@shows('ORG-03')
def test_the_statistics_of_three_years_stand_in_the_record(a: Applicant) -> None:
    with begin_as(a.clerk, at=AT) as work:
        app = start_application(work, way='social')
        for year in (2022, 2024, 2026):
            add_holding(work, ledger='training', written=TAUGHT | {'year': year, 'occupation_code': '6-20-01-01'})
        assert [(x.year, x.trade) for x in record_of(work, app.id).training] == [(2024, '钳工'), (2025, '保育师'), (2026, '钳工')]
        end_holding(work, ledger='training', record_id=trained(work)[0].id)
        assert [x.year for x in trained(work)] == [2025, 2024, 2022]
        for change, said in (({'year': 2024}, '已登记'), ({'year': 2027}, '年份2027不对'), ({'year': 1999}, '年份1999不对'), ({'people': 0}, '“人数”应为1至'), ({'occupation_code': '6'}, '职业')):
            with pytest.raises(Refused, match=said):
                add_holding(work, ledger='training', written=TAUGHT | change)


def test_a_figure_is_changed_where_it_stands(a: Applicant) -> None:
    with begin_as(a.clerk, at=AT) as work:
        line = add_holding(work, ledger='training', written=TAUGHT)
        assert change_holding(work, ledger='training', record_id=line.id, column='people', shown='50', new='52') == '52'
        with pytest.raises(Refused, match='年份2027不对'):
            change_holding(work, ledger='training', record_id=line.id, column='year', shown='2023', new='2027')


def test_a_workbook_that_was_exported_changes_nothing_when_it_comes_back(a: Applicant) -> None:
    with begin_as(a.clerk, at=AT) as work:
        add_holding(work, ledger='training', written=TAUGHT | {'occupation_code': '钳工'})
        add_holding(work, ledger='licence', written={'kind': '营业执照', 'number': '00912', 'issuer': '局', 'valid_from': '2020-01-01', 'valid_to': '2030-01-01'})
    for name, ledger in LEDGERS.items():
        with begin_as(a.clerk, at=AT, reads=True) as work:
            rows = holdings_page(work, ledger=name)[0]
            data = rows_xlsx(ledger, rows, known_of(work, ledger), work.now)
        assert bring_in(a, name, data) == {'new': 0, 'changed': 0, 'same': len(rows), 'bad': 0}
        assert len(rows) >= 2


@shows('ORG-03', 'ORG-50')
def test_good_rows_go_in_and_bad_ones_come_back_with_their_reasons(a: Applicant) -> None:
    heads = [i.sheet_head for i in TRAINING.items]
    book = workbook([heads, [2025, '社会培训', '保育师', '4-10-01-03', 130, '四级'], [2024, '社会培训', '保育师', '保育师', 90, '四级'], [2031, '社会培训', '钳工', '', '多', '']])
    with begin_as(a.clerk, at=AT, reads=True) as work:
        table, fates = judge_holdings(work, ledger='training', data=book, name='培训.xlsx')
    assert [f.outcome for f in fates] == ['changed', 'new', 'bad']
    assert [(x.subject, x.rule) for x in fates[2].findings] == [('E4', 'ORG-03'), ('A4', 'ORG-03')]
    back = rows_back_xlsx(TRAINING, [({key: table.rows[2].text(key) for key in table.rows[2].values}, fates[2].findings[1].sentence)], Known(AT.date()))
    sheet = load_workbook(BytesIO(back)).get_sheet_by_index(0).to_python()
    assert [str(x) for x in sheet[-1]] == ['2031', '社会培训', '钳工', '', '多', '', '第4行A4：年份2031不对，应在2000年至今年之间。']
    assert bring_in(a, 'training', book) == {'new': 1, 'changed': 1, 'same': 0, 'bad': 1}
    with begin_as(a.clerk, at=AT, reads=True) as work:
        assert [(x.year, x.people, x.occupation_code) for x in trained(work)] == [(2025, 130, '4-10-01-03'), (2024, 90, '4-10-01-03')]
    bad = workbook([[i.sheet_head for i in LICENCES.items], ['营业执照', '1', '局', '2026-05-01', '2026-04-30']])
    assert bring_in(a, 'licence', bad) == {'new': 0, 'changed': 0, 'same': 0, 'bad': 1}


@shows('SEC-01')
def test_what_another_organisation_holds_is_not_there(house_on_sqlite: House) -> None:
    a = prepared.applicant(make.world())
    with begin_as(a.clerk, at=AT) as work:
        line = add_holding(work, ledger='training', written=TAUGHT)
    for person in (a.made.people['filing_clerk'], a.made.people['acceptance_clerk']):  # a centre reads what was handed in
        with begin_as(person, at=AT, reads=True) as work:
            assert holdings_found(work, 9, ledger='training') == 0
            with pytest.raises(NotYours):
                holding(work, ledger='training', record_id=line.id)
            with pytest.raises(NotYours):
                holding(work, ledger='site', record_id=line.id)
