"""Filings without an evaluation: the first one that was promised, nine and twelve months without any."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlmodel import Session

from app.dashboard.idle import idle_filings
from app.dashboard.queries import desk
from app.house import House, house
from app.work import begin_as
from db.filing import Application
from tests import make
from tests.shows import shows

FILED = datetime(2025, 3, 17, 9, 0, tzinfo=make.CHINA)  # the day of the letter: the system knows of the filing from its first day on


def filed_here() -> make.World:
    """An organisation whose application was filed through this system."""
    made = make.world(at=FILED)
    application = Application.model_validate({
        'org_id': made.org.id, 'way': 'social', 'state': 'published', 'form_version': 1, 'profile': 'demo', 'prepared_by_id': made.people['head'], 'prepared_by': '何立春（机构负责人）',
        'filing_id': made.filing.id})
    with Session(house().engines.write) as session:
        session.add(application)
        session.commit()
    return made


def told(made: make.World, on: date, *, by: str = 'head') -> list[tuple[str, str, date | None]]:
    with begin_as(made.people[by], at=datetime.combine(on, time(9), make.CHINA), reads=True) as work:
        return [(x.rule, x.grade, x.due_on) for x in idle_filings(work)]


@shows('ORG-92', 'ORG-95')
def test_the_first_evaluation_is_due_in_two_months_and_its_absence_worsens_to_a_proposal(house_on_sqlite: House) -> None:
    made = filed_here()
    first, end = date(2025, 5, 17), date(2026, 3, 17)
    for on, line in (
            (date(2025, 3, 18), ('ORG-92', 'calm', first)), (first, ('ORG-92', 'calm', first)), (date(2025, 5, 18), ('ORG-92', 'warn', first)), (date(2025, 12, 16), ('ORG-92', 'warn', first)),
            (date(2025, 12, 17), ('ORG-95', 'warn', end)), (date(2026, 3, 16), ('ORG-95', 'warn', end)), (end, ('ORG-95', 'block', end)), (date(2028, 3, 16), ('ORG-95', 'block', end))):
        assert told(made, on) == [line], on
    assert told(made, date(2028, 3, 17)) == []  # the filing itself has run out


@shows('ORG-95')
def test_the_months_run_from_the_last_evaluation_that_was_held(both: House) -> None:
    made = make.world()
    make.batch(made, sizes=(1,), groups=(('4-10-01-03', '', 4),))  # to 2026-10-31
    assert told(made, date(2027, 7, 30)) == []
    assert told(made, date(2027, 7, 31)) == [('ORG-95', 'warn', date(2027, 10, 31))]
    assert told(made, date(2027, 10, 31)) == [('ORG-95', 'block', date(2027, 10, 31))]


def test_who_was_filed_before_and_evaluates_elsewhere_is_not_judged(house_on_sqlite: House) -> None:
    assert told(make.world(at=FILED), date(2027, 3, 17)) == []


@shows('ORG-95')
def test_a_filing_entered_late_is_judged_from_the_day_it_stood_in_the_system(house_on_sqlite: House) -> None:
    made = make.world()  # filed in 2025, entered on 2026-10-20
    make.batch(made, sizes=(1,), groups=(('4-10-01-03', '', 4),), close=False)
    assert told(made, date(2027, 7, 19)) == []
    assert told(made, date(2027, 7, 20)) == [('ORG-95', 'warn', date(2027, 10, 20))]


@shows('ORG-92', 'ORG-95')
def test_the_desk_of_the_organisation_and_of_its_centre_says_so(house_on_sqlite: House) -> None:
    made = filed_here()
    for by in ('head', 'acceptance_clerk'):
        with begin_as(made.people[by], at=datetime(2025, 4, 1, 9, 0, tzinfo=make.CHINA), reads=True) as work:
            assert [i.sentence for i in desk(work)['due'] if i.rule == 'ORG-92'] == [f'{made.org.name}的备案S000099010001的首次评价应在2025-05-17前开展']
        with begin_as(made.people[by], at=datetime(2026, 3, 17, 9, 0, tzinfo=make.CHINA), reads=True) as work:
            [line] = [i for i in desk(work)['wrong'] if i.rule == 'ORG-95']
            assert '起满12个月没有开展评价，可以终止备案，由中心人员决定' in line.sentence and line.address == f'/organizations/{made.org.id}'
