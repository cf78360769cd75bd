"""The words of a notice, on both databases."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from app.bylaws.notices import check_notice
from app.errors import Refused
from app.house import House, house
from app.work import begin_as
from db.audit import Trail
from db.organizations import Org
from tests import make
from tests.shows import shows

TEXT = '国家职业技能等级认定，包 过，当场报名！'


@pytest.fixture
def made(both: House) -> make.World:
    return make.world()


def of_province(made: make.World, name: str) -> None:
    with house().engines.write.begin() as connection:
        connection.execute(update(Org).where(col(Org.id) == made.org.id).values(profile=name))


def told(made: make.World, text: str = TEXT) -> list[tuple[str, str]]:
    with begin_as(made.people['exam_affairs'], at=make.NOW) as work:
        return [(f.rule, f.sentence) for f in check_notice(work, title='秋季招生海报', text=text)]


@shows('ORG-101')
def test_a_promise_to_pass_is_named_everywhere_and_the_trail_keeps_that_it_was_looked_at(made: make.World) -> None:
    assert told(made) == [('ORG-101', '“秋季招生海报”中有“包过”，宣传不得承诺通过或获证，请删除。')]
    with begin_as(made.people['exam_affairs'], at=make.NOW, reads=True) as work:
        entries = [json.loads(row.body) for row in work.session.exec(select(Trail))]
    assert [(e['note']['title'], e['note']['found']) for e in entries if e['verb'] == 'bylaws.check_notice'] == [
        ('秋季招生海报', ['ORG-101 “秋季招生海报”中有“包过”，宣传不得承诺通过或获证，请删除。'])]


@shows('ORG-102')
def test_a_name_that_a_province_keeps_from_advertising_is_named_there_alone(made: make.World) -> None:
    of_province(made, 'hunan')
    assert [rule for rule, _ in told(made)] == ['ORG-101', 'ORG-102']
    assert '“国家”' in told(made)[1][1]


def test_a_plain_notice_has_nothing_to_be_named(made: make.World) -> None:
    assert told(made, '报名时间为12月1日至12月11日。') == []


def test_nothing_to_look_at_and_nobody_who_writes_is_refused(made: make.World) -> None:
    with pytest.raises(Refused, match='宣传文字'):
        told(made, ' ')
    with begin_as(made.people['scorer'], at=make.NOW) as work, pytest.raises(Refused, match='不能办理此事'):
        check_notice(work, title='海报', text='报名')
