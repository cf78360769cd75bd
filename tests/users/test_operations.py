"""People, accounts and posts, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select as plain
from sqlmodel import col, select

from app.access import Permission, Role
from app.errors import NotYours, Refused, SignedOut
from app.house import House, house
from app.users.operations import (
    add_account,
    add_person,
    check_login,
    end_post,
    first_password,
    give_post,
    reset_password,
    reset_second_factor,
    set_preference,
    share_view,
    withdraw_view,
)
from app.users.passwords import check_password
from app.users.queries import posts_of, preference, shared_views, staff
from app.work import begin, begin_as, look
from db.audit import Trail
from db.base import new_id
from db.users import Account, Person, Post, SharedView, SignIn
from tests import make
from tests.shows import shows

TODAY = date(2026, 10, 20)


@pytest.fixture
def made(both: House) -> make.World:
    return make.world(roles=(Role.REGISTRAR, Role.SCORER, Role.FILING_CLERK))


def do(made: make.World, operation: Any, by: str = 'head', *, org: int | None = None, **given: Any) -> Any:
    with begin_as(made.people[by], org_id=org, at=make.NOW) as work:
        return operation(work, **given)


def post_of(made: make.World, person_id: int, role: str) -> Post:
    with begin_as(made.people['centre_head'], at=make.NOW, reads=True) as work:
        return work.session.exec(select(Post).where(Post.person_id == person_id, Post.role == role)).one()


@shows('VAL-01', 'DATA-16')
def test_a_person_is_kept_once_with_a_sealed_number(made: make.World) -> None:
    kept: Person = do(made, add_person, name=' 张 春分 ', id_number=make.number(701).translate({48: '０'}), phone='１３９００００００01')
    assert (kept.name, kept.sex, kept.phone, kept.initials, kept.id_no_masked) == (
        '张 春分', '男', '13900000001', 'zcf', make.number(701)[:4] + '*' * 10 + make.number(701)[-4:])
    assert make.number(701).encode() not in kept.id_no_sealed
    with begin_as(made.people['head'], at=make.NOW, reads=True) as work:
        assert work.unseal_id(work.get(Person, kept.id)) == make.number(701)
    with pytest.raises(Refused, match='本单位已有证件号码为') as twice:
        do(made, add_person, name='张春分', id_number=make.number(701))
    assert make.number(701) not in twice.value.sentence
    assert do(made, add_person, by='centre_head', name='张春分', id_number=make.number(701)).org_id == made.centre.id  # another organisation, another person


@pytest.mark.parametrize(('change', 'rule'), [
    ({'id_number': make.number(702)[:17] + ('0' if make.number(702)[-1] != '0' else '1')}, 'VAL-01'), ({'id_number': '990101900101123'}, 'VAL-02'),
    ({'name': '1'}, ''), ({'phone': '12'}, '')])
@shows('VAL-01', 'VAL-02')
def test_a_person_that_cannot_be_right_is_not_kept(house_on_sqlite: House, change: dict[str, str], rule: str) -> None:
    made = make.world(roles=())
    before = len(do(made, staff))
    with pytest.raises(Refused) as refused:
        do(made, add_person, **{'name': '张春分', 'id_number': make.number(702)} | change)
    assert (refused.value.rule, len(do(made, staff))) == (rule, before)


# ------------------------------------------------------------------ accounts


def test_a_login_stands_once_in_the_whole_installation(made: make.World) -> None:
    kept: Account = do(made, add_account, person_id=made.people['registrar'], login=' Li.Hua ', password_hash='-')
    assert (kept.login, kept.must_change) == ('li.hua', True)
    with pytest.raises(Refused, match='登录名“li.hua”已被使用'):
        do(made, add_account, by='centre_head', person_id=made.people['centre_head'], login='LI.HUA', password_hash='-')


@shows('SEC-06')
def test_a_person_has_one_account(made: make.World) -> None:
    do(made, add_account, person_id=made.people['registrar'], login='li.hua', password_hash='-')
    with pytest.raises(Refused, match='已有账号“li.hua”，一人只有一个账号') as refused:
        do(made, add_account, person_id=made.people['registrar'], login='li.hua2', password_hash='-')
    assert refused.value.rule == 'SEC-06'


@pytest.mark.parametrize('login', ['ab', 'a' * 41, 'zhang san', '张三', 'zhang@san', '', '...', 'ａbc'])
def test_what_is_no_login_is_refused(login: str) -> None:
    with pytest.raises(Refused, match='登录名须为3至40个'):
        check_login(login)


def test_a_password_to_hand_over_is_long_and_never_the_same() -> None:
    made = {first_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        check_password(password, 'zhang.san')
        assert not set(password) & set('01lIoO')


def test_a_new_password_by_another_ends_sign_ins_and_the_second_factor(made: make.World) -> None:
    account: Account = do(made, add_account, person_id=made.people['registrar'], login='li.hua', password_hash='-', must_change=False)
    post = post_of(made, made.people['registrar'], Role.REGISTRAR)
    real = datetime.now(UTC)
    with house().engines.write.begin() as connection:
        connection.execute(SignIn.__table__.insert().values(  # type: ignore[attr-defined]
            id=new_id(), revision=1, token_hash=b'token', account_id=account.id, person_id=account.person_id, post_id=post.id, stage='full', device='', began_at=real,
            seen_at=real, ends_at=real + timedelta(hours=1)))
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        me = replace(work.actor, token=b'token')
    with look(me):
        pass
    changed: Account = do(made, reset_password, account_id=account.id, password_hash='new')
    assert (changed.password_hash, changed.must_change, changed.totp_sealed, changed.totp_step) == ('new', True, b'', 0)
    for opened in (look, begin):
        with pytest.raises(SignedOut), opened(me):
            pass


@shows('SEC-01')
def test_only_an_administrator_touches_an_administrator(made: make.World) -> None:
    admin = make.first_person_of(made.org, '管理', make.number(860), Role.PLATFORM_ADMIN)
    made.people['admin'] = admin.id
    account: Account = do(made, add_account, by='admin', person_id=admin.id, login='admin1', password_hash='-')
    post = post_of(made, admin.id, Role.PLATFORM_ADMIN)
    second: Person = do(made, add_person, by='admin', name='接任', id_number=make.number(861))
    with pytest.raises(Refused, match='平台管理员只能由平台管理员任命') as given:
        do(made, give_post, person_id=second.id, role=Role.PLATFORM_ADMIN, from_on=TODAY)
    do(made, give_post, by='admin', person_id=second.id, role=Role.PLATFORM_ADMIN, from_on=TODAY)
    for operation, values in (
            (reset_password, {'account_id': account.id, 'password_hash': 'x'}), (reset_second_factor, {'account_id': account.id}), (end_post, {'post_id': post.id, 'to_on': TODAY})):
        with pytest.raises(Refused, match='只能由平台管理员办理') as refused:
            do(made, operation, **values)
        assert refused.value.rule == given.value.rule == 'SEC-01'
    assert do(made, end_post, by='admin', post_id=post.id, to_on=TODAY).to_on == TODAY


# ------------------------------------------------------------------ posts


@pytest.mark.parametrize(('change', 'rule', 'said'), [
    ({'role': 'emperor'}, 'SEC-01', '没有这个岗位'), ({'role': Role.CENTRE_HEAD}, 'ORG-26', '鉴定中心的岗位只能给中心的人员'),
    ({'to_on': date(2026, 10, 19)}, '', '早于开始日期'), ({'role': Role.SCORER}, '', '已有这个岗位')])
@shows('ORG-26', 'SEC-01')
def test_a_post_that_may_not_be_is_not_given(house_on_sqlite: House, change: dict[str, Any], rule: str, said: str) -> None:
    made = make.world(roles=(Role.SCORER,))
    with pytest.raises(Refused, match=said) as refused:
        do(made, give_post, **{'person_id': made.people['scorer'], 'role': Role.RECORDER, 'from_on': TODAY} | change)
    assert refused.value.rule == rule


@shows('ORG-26')
def test_posts_of_an_organisation_are_not_for_the_centres_people(made: make.World) -> None:
    with pytest.raises(Refused, match='评价机构的岗位只能给机构的人员') as refused:
        do(made, give_post, by='centre_head', person_id=made.people['centre_head'], role=Role.SCORER, from_on=TODAY)
    assert refused.value.rule == 'ORG-26'
    assert do(made, give_post, by='centre_head', person_id=made.people['centre_head'], role=Role.DATA_REVIEWER, from_on=TODAY).role == Role.DATA_REVIEWER


@shows('SEC-01')
def test_a_post_holds_from_its_first_to_its_last_day(made: make.World) -> None:
    post = post_of(made, made.people['registrar'], Role.REGISTRAR)
    do(made, end_post, post_id=post.id, to_on=TODAY)
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        assert work.actor.may(Permission.REGISTRATION_WRITE) and [p.role for p in posts_of(work)] == [Role.REGISTRAR]
    with pytest.raises(SignedOut), begin_as(made.people['registrar'], at=make.NOW.replace(day=21), reads=True):
        pass
    with pytest.raises(SignedOut), begin_as(made.people['registrar'], at=make.NOW.replace(year=2024), reads=True):
        pass
    assert do(made, give_post, person_id=made.people['registrar'], role=Role.REGISTRAR, from_on=date(2026, 10, 21)).from_on == date(2026, 10, 21)
    with pytest.raises(Refused, match='早于开始日期'):
        do(made, end_post, post_id=post.id, to_on=date(2024, 12, 31))


@shows('SEC-01')
def test_the_last_head_cannot_be_removed(made: make.World) -> None:
    head = post_of(made, made.people['head'], Role.HEAD)
    with pytest.raises(Refused, match='最后一位负责人'):
        do(made, end_post, post_id=head.id, to_on=TODAY)
    short = do(made, give_post, person_id=made.people['registrar'], role=Role.HEAD, from_on=TODAY, to_on=TODAY)
    with pytest.raises(Refused, match='最后一位负责人'):  # the other one ends on the same day
        do(made, end_post, post_id=head.id, to_on=TODAY)
    do(made, give_post, person_id=made.people['scorer'], role=Role.HEAD, from_on=TODAY)
    assert do(made, end_post, post_id=head.id, to_on=TODAY).to_on == TODAY
    assert short.to_on == TODAY
    with pytest.raises(Refused, match='最后一位负责人'):
        do(made, end_post, by='centre_head', post_id=post_of(made, made.people['centre_head'], Role.CENTRE_HEAD).id, to_on=TODAY)


def test_a_centre_looks_after_the_people_of_an_organisation_in_its_name_only(made: make.World) -> None:
    post = post_of(made, made.people['scorer'], Role.SCORER)
    with pytest.raises(NotYours):
        do(made, end_post, by='centre_head', post_id=post.id, to_on=TODAY)
    assert do(made, end_post, by='centre_head', org=made.org.id, post_id=post.id, to_on=TODAY).to_on == TODAY


# ------------------------------------------------------------------ reading


def test_staff_are_read_with_accounts_and_posts_of_one_organisation(made: make.World) -> None:
    do(made, add_account, person_id=made.people['registrar'], login='li.hua', password_hash='-')
    rows = do(made, staff)
    assert {(r.person.id, r.account.login if r.account else '', tuple(p.role for p in r.posts)) for r in rows} == {
        (made.people['head'], '', (Role.HEAD,)), (made.people['registrar'], 'li.hua', (Role.REGISTRAR,)), (made.people['scorer'], '', (Role.SCORER,)),
        (made.people['filing_clerk'], '', (Role.FILING_CLERK,)), (made.people['second'], '', (Role.SCORER,))}


def test_a_choice_of_columns_is_kept_for_the_person_and_leaves_no_entry(made: make.World) -> None:
    def entries() -> int:
        with house().engines.read.connect() as connection:
            return len(connection.execute(plain(col(Trail.n))).all())

    before = entries()
    for value in ({'columns': ['name']}, {'columns': ['name', 'seat']}):
        do(made, set_preference, by='scorer', name='candidates', value=value)
    with begin_as(made.people['scorer'], at=make.NOW, reads=True) as work:
        assert (preference(work, 'candidates'), preference(work, 'batches')) == ({'columns': ['name', 'seat']}, {})
    with begin_as(made.people['registrar'], at=make.NOW, reads=True) as work:
        assert preference(work, 'candidates') == {}
    assert entries() == before


def test_a_shared_view_stands_once_under_its_title_for_its_own_organisation_alone(made: make.World) -> None:
    for value in ({'place': {}}, {'place': {'state': 'open'}}):
        kept: SharedView = do(made, share_view, name='candidates', title=' 常用 ', value=value)
    do(made, share_view, by='centre_head', name='candidates', title='中心', value={})
    seen = {}
    for by in ('scorer', 'centre_head'):
        with begin_as(made.people[by], at=make.NOW, reads=True) as work:
            seen[by] = [(v.title, v.value, v.shared_by) for v in shared_views(work, 'candidates')]
            assert shared_views(work, 'batches') == []
    assert seen == {'scorer': [('常用', {'place': {'state': 'open'}}, '何立春（机构负责人）')], 'centre_head': [('中心', {}, seen['centre_head'][0][2])]}
    with pytest.raises(NotYours):
        do(made, withdraw_view, by='centre_head', view_id=kept.id)
    do(made, withdraw_view, view_id=kept.id)
    with pytest.raises(NotYours):
        do(made, withdraw_view, view_id=kept.id)


@pytest.mark.parametrize(('title', 'sentence'), [(' ', '“视图名称”还没有填写'), ('长' * 31, '“视图名称”最多30个字')])
def test_a_shared_view_has_a_short_title(made: make.World, title: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        do(made, share_view, name='candidates', title=title, value={})
