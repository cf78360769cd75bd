"""The registers of people in the loaded story are what the story tells."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.house import House
from app.personnel.queries import findings_of, register_members
from app.personnel.registers import REGISTERS
from app.work import CHINA, begin_as
from db.users import Person

TODAY = datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)
KEEPERS = {'a': '何立春', 'b': '卜斗木', 'c': '汪觜火'}


@pytest.fixture
def keepers(story_house: House) -> dict[str, int]:
    with story_house.engines.read.connect() as connection:
        return {key: connection.execute(select(col(Person.id)).where(col(Person.name) == name)).scalar_one() for key, name in KEEPERS.items()}


@pytest.mark.parametrize(('key', 'counts'), [('a', [31, 14, 6, 4, 23]), ('b', [11, 7, 0, 3, 12]), ('c', [4, 6, 4, 0, 3])])
def test_each_register_holds_the_people_of_the_story_without_making_anybody_twice(keepers: dict[str, int], key: str, counts: list[int]) -> None:
    with begin_as(keepers[key], at=TODAY, reads=True) as work:
        assert [len(register_members(work, register)) for register in REGISTERS] == counts
        assert len({m.person.id for register in REGISTERS for m in register_members(work, register)}) == counts[0]
        assert len(work.session.exec(select(Person).where(col(Person.org_id) == work.org.id)).all()) == counts[0]  # type: ignore[call-overload]


def test_the_school_has_nothing_to_mend(keepers: dict[str, int]) -> None:
    with begin_as(keepers['a'], at=TODAY, reads=True) as work:
        assert [f.sentence for register in REGISTERS for f in findings_of(work, register)] == []


def test_the_company_is_told_of_the_card_that_runs_out_and_of_its_missing_experts(keepers: dict[str, int]) -> None:
    with begin_as(keepers['b'], at=TODAY, reads=True) as work:
        cards = [f.sentence for f in findings_of(work, 'examiners')]
        assert '平虚日（车工）的证卡2026-12-05到期，还有12天，请及时办理换证或续聘。' in cards and len(cards) == 7
        assert [(f.rule, f.severity) for f in findings_of(work, 'experts')] == [('ORG-10', 'block')] * 2


def test_the_college_still_lacks_groups_and_supervisors(keepers: dict[str, int]) -> None:
    with begin_as(keepers['c'], at=TODAY, reads=True) as work:
        assert {f.rule for register in REGISTERS for f in findings_of(work, register) if f.severity == 'block'} == {'ORG-50', 'STAFF-04'}
