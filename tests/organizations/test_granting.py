"""What a letter puts into force, by two hands: what a change may touch, and what stops a letter from working."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import Session, select

from app.errors import Refused
from app.house import House, house
from app.organizations.granting import Hand, change_filed, end_filing, extend_filing
from app.organizations.operations import record_end
from app.organizations.queries import filing_page
from app.work import begin_as
from db.audit import Trail
from db.organizations import Org
from tests import make
from tests.shows import shows

CLERK = Hand(1, '狄柳土（备案受理员）')
LETTER = '明人社函〔2026〕9号'


def changed(made: make.World, changes: dict[str, tuple[str, str]]) -> Org:
    with begin_as(made.people['centre_head'], org_id=made.org.id, at=make.NOW) as work:
        change_filed(work, filing_id=made.filing.id, changes=changes, letter_no=LETTER, hand=CLERK)
        return work.org


@shows('ORG-98')
def test_a_change_of_name_and_address_stands_on_the_card_with_its_trail_and_the_number_stays(both: House) -> None:
    made = make.world()
    org = changed(made, {'name': (made.org.name, '明川市新名学校（演示）'), 'address': (made.org.address, '新路1号'), 'legal_person': ('甲', '乙')})
    assert (org.name, org.address) == ('明川市新名学校（演示）', '新路1号')
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert filing_page(work, made.filing.id).filing.number == made.filing.number
    with Session(house().engines.read) as session:
        bodies = [str(b) for b in session.exec(select(Trail.body))]
    assert any('organizations.change_filed' in b and LETTER in b for b in bodies)
    assert any('filing.change' in b and '["address","legal_person","name"]' in b.replace(', ', ',') for b in bodies)
    assert not any('"乙"' in b for b in bodies)  # no personal value in the trail


@shows('ORG-98', 'VAL-03')
def test_a_change_that_the_card_does_not_bear_is_refused_whole(house_on_sqlite: House) -> None:
    made, other = make.world(), make.world(n=2)
    with pytest.raises(Refused, match='现在登记的是') as told:
        changed(made, {'address': (made.org.address, '新路1号'), 'name': ('旧名学校', '新名学校')})
    assert told.value.rule == 'ORG-98'
    with pytest.raises(Refused, match='已由另一单位登记'):
        changed(made, {'name': (made.org.name, other.org.name)})
    with pytest.raises(Refused, match='已由另一单位登记'):
        changed(made, {'credit_code': (made.org.credit_code, other.org.credit_code)})
    with pytest.raises(Refused):
        changed(made, {'credit_code': (made.org.credit_code, '52990101MA97000X11')})
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert (work.org.name, work.org.address, work.org.credit_code) == (made.org.name, made.org.address, made.org.credit_code)


@shows('ORG-80')
def test_one_hand_alone_puts_nothing_into_force_and_an_organisation_only_what_it_copied(house_on_sqlite: House) -> None:
    made = make.world()
    head = made.people['centre_head']
    with pytest.raises(Refused, match='由另一位有权限的人员办理'), begin_as(head, org_id=made.org.id, at=make.NOW) as work:
        extend_filing(work, filing_id=made.filing.id, valid_to=date(2031, 3, 16), ranges=(), hand=Hand(head, '本人'))
    with pytest.raises(Refused, match='备案由鉴定中心办理'), begin_as(made.people['head'], at=make.NOW) as work:
        extend_filing(work, filing_id=made.filing.id, valid_to=date(2031, 3, 16), ranges=(), hand=CLERK)


@shows('ORG-96', 'CERT-24')
def test_an_end_by_letter_waits_for_its_day_and_for_an_end_recorded_otherwise(house_on_sqlite: House) -> None:
    made = make.world()
    clerk, head = made.people['acceptance_clerk'], made.people['centre_head']

    def end(on: date) -> str:
        with begin_as(head, org_id=made.org.id, at=make.NOW) as work:
            return end_filing(work, filing_id=made.filing.id, ended_on=on, reason='自愿终止评价工作', letter_no=LETTER, hand=CLERK).state

    with pytest.raises(Refused, match='还没有到'):
        end(date(2030, 1, 1))
    with begin_as(clerk, org_id=made.org.id, at=make.NOW) as work:
        record_end(work, filing_id=made.filing.id, ended_on=make.NOW.date(), reason='另一决定终止', document_no='20号')
    with pytest.raises(Refused, match='已另行登记'):
        end(make.NOW.date())
