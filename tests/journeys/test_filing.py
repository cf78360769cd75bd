"""Every way of filing from its first question to the acceptance, through operations; where the body that receives it is not here, by 外部决定."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.files import keep_scan
from app.filing.desk import accept, confirm_act, record_act
from app.filing.queries import application_page, snapshot_record
from app.filing.ways import WAYS
from app.house import House
from app.organizations.operations import confirm_filing, record_filing
from app.organizations.rules import Range
from app.work import begin_as
from tests import make
from tests.filing import prepared
from tests.filing.prepared import AT, Applicant
from tests.shows import shows

ACCEPTED = AT + timedelta(days=2)
KINDS = {'school_own': 'technical_school', 'school_society': 'technical_school', 'employer': 'employer', 'nationwide_employer': 'employer'}


def filed(a: Applicant, way: str) -> None:
    """Give the applicant a filing in force; an increment asks for another occupation than is filed."""
    row = Range('6-18-01-01', '车工', '', (5,)) if way == 'increment' else Range(prepared.CODE, prepared.OCCUPATION, '', (5, 4))
    people = a.made.people
    with begin_as(people['acceptance_clerk'], org_id=a.org.id, at=AT) as work:
        filing = record_filing(
            work, number='S000099010077', letter_no='明人社函〔2026〕3号', letter_on=date(2026, 1, 5), valid_from=date(2026, 1, 5), issuer='局',
            ranges=[row])
    with begin_as(people['centre_head'], org_id=a.org.id, at=AT) as work:
        confirm_filing(work, filing_id=filing.id)


@shows('ORG-70')
@pytest.mark.parametrize('way', list(WAYS))
def test_each_way_goes_from_its_first_question_to_the_acceptance(house_on_sqlite: House, way: str) -> None:
    a = prepared.applicant(make.world(), kind=KINDS.get(way, 'social_training_org'))
    if WAYS[way].needs_filing:
        filed(a, way)
    application_id, snapshot = prepared.handed_in(a, way)
    with begin_as(a.head, at=AT, reads=True) as work:
        app = application_page(work, application_id).app
        assert set(snapshot_record(work, snapshot.id).answers) == {s for s in WAYS[way].steps if s in prepared.STEPS}
    if app.outside_centre:
        with begin_as(a.clerk, at=ACCEPTED) as work:
            scan = keep_scan(work, b'%PDF-1.7 letter', name='受理通知书.pdf')
            act = record_act(
                work, application_id=application_id, verb='application.accept', number='受理1号', decided_on=ACCEPTED.date(), issuer=app.receiver, scan_id=scan.id)
        with begin_as(a.head, at=ACCEPTED) as work:
            confirm_act(work, act_id=act.id)
    else:
        with begin_as(a.made.people['acceptance_clerk'], org_id=a.org.id, at=ACCEPTED) as work:
            accept(work, application_id=application_id)
    with begin_as(a.head, at=ACCEPTED, reads=True) as work:
        assert application_page(work, application_id).app.state == 'accepted'
    assert app.outside_centre is (way in ('employer', 'nationwide_employer'))
