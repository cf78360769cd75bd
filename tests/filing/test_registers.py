"""What the record of an application takes over from the registers of people and premises."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, select

from app.filing.operations import start_application
from app.filing.queries import record_of
from app.house import House, house
from app.work import begin_as
from db.personnel import Examiner, InternalSupervisor
from db.premises import Site
from tests import make
from tests.filing import prepared


def test_cards_letters_and_regions_of_the_registers_stand_in_the_record(both: House) -> None:
    a = prepared.applicant(make.world())
    with Session(house().engines.write) as session:
        examiner = session.exec(select(Examiner).order_by(Examiner.id)).first()  # type: ignore[arg-type]
        supervisor = session.exec(select(InternalSupervisor).order_by(InternalSupervisor.id)).first()  # type: ignore[arg-type]
        assert examiner and supervisor
        examiner.engaged_to, supervisor.card_no, supervisor.card_to = date(2028, 5, 11), 'S00009901000100001', date(2028, 5, 12)
        assert [s.region for s in session.exec(select(Site))] == ['990103']
        session.commit()
    with begin_as(a.clerk, at=prepared.AT) as work:
        record = record_of(work, start_application(work, way='social').id)
    assert (record.examiners[0].letter_no, record.examiners[0].engaged_to, record.examiners[0].card_to) == ('聘1号', date(2028, 5, 11), date(2028, 1, 1))
    assert (record.supervisors[0].card_no, record.supervisors[0].card_to) == ('S00009901000100001', date(2028, 5, 12))
    assert [s.region for s in record.sites] == ['990103']
