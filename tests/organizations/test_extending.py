"""An extension whose letter names less than is filed: the rest holds until the old last day, level by level (ORG-90); on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.batches.operations import make_batch
from app.bylaws.records import facts_of
from app.certificates.queries import verify
from app.errors import Refused
from app.filing.queries import filed_rows
from app.house import House, house
from app.organizations.documents import reply_record
from app.organizations.granting import Hand, add_ranges, extend_filing
from app.organizations.queries import check_filed, filing_page, ranges_of
from app.organizations.rules import Range
from app.work import begin_as, visitor
from db.organizations import FiledRange, Filing
from tests import make, steps
from tests.filing import made as records
from tests.shows import shows

CLERK = Hand(1, '狄柳土（备案受理员）')
CARE = ('4-10-01-03', '保育师', '')
LAST, NEW_LAST = date(2026, 10, 31), date(2029, 10, 31)  # of the old term, on which the batch of tests/make.py ends, and of the new one
LATE = datetime(2026, 12, 1, 9, 0, tzinfo=steps.CHINA)
DAY_AFTER = date(2026, 11, 1)
NAMED = (Range(*CARE, (5,)), Range('6-18-01-01', '车工', '普通车床', (4, 3, 2, 1)))


def near_its_end() -> make.World:
    """Return a world whose filing is in the last days of its term."""
    made = make.world()
    with Session(house().engines.write) as session:
        filing = session.get_one(Filing, made.filing.id)
        filing.valid_from, filing.valid_to = date(2023, 11, 1), LAST
        session.commit()
    make.systems(made)
    return made


def extended(made: make.World, named: Sequence[Range] = NAMED, *, to: date = NEW_LAST, at: datetime = make.NOW) -> None:
    with begin_as(made.people['centre_head'], org_id=made.org.id, at=at) as work:
        extend_filing(work, filing_id=made.filing.id, valid_to=to, ranges=named, hand=CLERK)


def added(made: make.World, *ranges: Range, at: datetime = make.NOW) -> None:
    with begin_as(made.people['centre_head'], org_id=made.org.id, at=at) as work:
        add_ranges(work, filing_id=made.filing.id, ranges=ranges, hand=CLERK)


def rows(made: make.World) -> list[tuple[int, str, str, list[int], date | None]]:
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        return [(r.seq, r.occupation, r.work_type, r.levels, r.ended_on) for r in ranges_of(work, made.filing.id)]


def batch_of(made: make.World, level: int, last_on: date, *, at: datetime = make.NOW) -> str:
    with begin_as(made.people['registrar'], at=at) as work:
        return make_batch(work, title='又一批', first_on=last_on, last_on=last_on, groups=[('4-10-01-03', '', level)]).state


def is_filed(made: make.World, level: int, day: date) -> bool:
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        try:
            return level in check_filed(work, made.filing.id, '4-10-01-03', '', level, day).levels
        except Refused:
            return False


@shows('ORG-90')
def test_levels_that_the_letter_does_not_name_end_on_the_old_last_day_in_a_row_of_their_own(both: House) -> None:
    made = near_its_end()
    extended(made)
    assert rows(made) == [(1, '保育师', '', [5], None), (1, '保育师', '', [4, 3], LAST), (2, '车工', '', [5], LAST), (3, '车工', '普通车床', [4, 3, 2, 1], None)]
    assert [e['verb'] for e in make.trail()][-4:] == ['filing.range', 'filing.end_range', 'filing.end_range', 'filing.extend']


@shows('ORG-90', 'ORG-99')
def test_a_batch_of_an_ended_level_runs_in_the_old_term_and_is_refused_after_it(both: House) -> None:
    made = near_its_end()
    extended(made)
    assert batch_of(made, 4, LAST) == batch_of(made, 5, DAY_AFTER) == 'preparing'
    for last_on, at in ((DAY_AFTER, make.NOW), (date(2026, 12, 5), LATE)):
        with pytest.raises(Refused, match=f'保育师4级没有列入延续备案函，备案到{LAST}为止，{last_on}不在其内') as refused:
            batch_of(made, 4, last_on, at=at)
        assert refused.value.rule == 'ORG-90'
    assert batch_of(made, 5, date(2026, 12, 5), at=LATE) == 'preparing'
    with pytest.raises(Refused, match='2级不在备案范围内。备案范围：保育师 5级') as never:  # what was never filed is told as before, by what is filed now
        batch_of(made, 2, date(2026, 12, 5), at=LATE)
    assert never.value.rule == 'ORG-99'


@shows('ORG-90', 'ORG-99')
def test_who_was_examined_in_the_old_term_gets_a_certificate_after_it_and_it_verifies(both: House) -> None:
    made = near_its_end()
    make.batch(made, sizes=(1,), groups=[('4-10-01-03', '', 4)])
    extended(made)
    [number] = steps.through(made)
    with visitor() as work:
        assert [f.state for f in verify(work, {'number': number, 'name': '考生1', 'id_no': ''}, 2)] == ['issued']


@shows('ORG-90', 'ORG-93')
def test_an_increment_brings_a_level_back_and_what_stays_away_keeps_its_last_day(both: House) -> None:
    made = near_its_end()
    extended(made)
    added(made, Range(*CARE, (4,)), Range('6-18-01-01', '车工', '', (5,)), at=LATE)
    assert rows(made) == [
        (1, '保育师', '', [5, 4], None), (1, '保育师', '', [4, 3], LAST), (2, '车工', '', [5], LAST), (3, '车工', '普通车床', [4, 3, 2, 1], None), (4, '车工', '', [5], None)]
    assert {(level, day): is_filed(made, level, day) for level in (5, 4, 3) for day in (LAST, DAY_AFTER)} == {
        (5, LAST): True, (5, DAY_AFTER): True, (4, LAST): True, (4, DAY_AFTER): True, (3, LAST): True, (3, DAY_AFTER): False}
    extended(made, [Range(*CARE, (5,))], to=date(2032, 10, 31), at=LATE)  # the level ends a second time, on another day
    assert [r for r in rows(made) if r[1] == '保育师'] == [(1, '保育师', '', [5], None), (1, '保育师', '', [4, 3], LAST), (1, '保育师', '', [4], NEW_LAST)]
    assert (is_filed(made, 4, NEW_LAST), is_filed(made, 4, date(2029, 11, 1))) == (True, False)


def test_of_what_goes_on_there_is_one_row(both: House) -> None:
    made = near_its_end()
    extended(made)
    with Session(house().engines.write) as session, pytest.raises(IntegrityError):
        session.add(FiledRange.model_validate({
            'org_id': made.org.id, 'filing_id': made.filing.id, 'seq': 9, 'occupation_code': CARE[0], 'occupation': CARE[1], 'work_type': '', 'levels': [2]}))
        session.commit()


@shows('ORG-90')
def test_counts_and_rule_documents_hold_what_ends_until_the_old_last_day(both: House) -> None:
    made = near_its_end()
    extended(made)
    record = records.record('social', org=records.ORG.model_copy(update={'region': made.org.region}))
    said = {}
    for at in (make.NOW, LATE):
        with begin_as(made.people['head'], at=at, reads=True) as work:
            occupations = facts_of(work).occupations
        with begin_as(made.people['centre_head'], org_id=made.org.id, at=at, reads=True) as work:
            counted = {(f.occupation_code, f.work_type) for f in filed_rows(work, record)}
        said[at] = [x.split('（')[1].count('级') for x in occupations], ('6-18-01-01', '') in counted
    assert said == {make.NOW: ([3, 1, 4], True), LATE: ([1, 4], False)}


@shows('F-FILING-REPLY')
def test_the_reply_of_a_filing_recorded_by_hand_prints_each_occupation_once_as_it_was_filed(house_on_sqlite: House) -> None:
    made = near_its_end()
    extended(made)
    with begin_as(made.people['head'], at=LATE, reads=True) as work:
        printed = reply_record(filing_page(work, made.filing.id), work.now).rows
    assert [(row[0], row[1], row[3], row[4]) for row in printed] == [('1', '保育师', '—', '5、4、3'), ('2', '车工', '—', '5'), ('3', '车工', '普通车床', '4、3、2、1')]


@shows('ORG-93')
def test_an_extension_by_what_is_not_filed_is_refused_whole_and_says_what_needs_an_increment(both: House) -> None:
    made = near_its_end()
    before = rows(made)
    for new, said in ((Range(*CARE, (5, 2, 1)), '“保育师”的2、1级'), (Range('6-18-01-01', '车工', '数控车床', (4,)), '“车工/数控车床”的4级'), (Range('6-20-01-01', '钳工', '', (5,)), '“钳工”的5级')):
        with pytest.raises(Refused, match=f'{said}不在备案{made.filing.number}的现行范围内.*另报增量备案') as told:
            extended(made, [*NAMED, new])
        assert told.value.rule == 'ORG-93'
    assert rows(made) == before


@shows('ORG-93')
def test_what_an_extension_left_out_comes_back_by_an_increment_and_not_by_the_next_extension(both: House) -> None:
    made = near_its_end()
    extended(made)
    with pytest.raises(Refused, match='“保育师”的4级不在'):  # it still holds today, until its own last day
        extended(made, [Range(*CARE, (5, 4))], to=date(2032, 10, 31))
    added(made, Range(*CARE, (4,)), at=LATE)
    extended(made, [Range(*CARE, (5, 4))], to=date(2032, 10, 31), at=LATE)
    assert is_filed(made, 4, date(2032, 10, 31))
