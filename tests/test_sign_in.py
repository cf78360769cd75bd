"""Signing in: passwords, waits, second factor, steps owed, posts, and how a sign-in ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.access import Permission, Role
from app.actors import IDLE, Actor, actor_of, token_hash
from app.errors import Refused, SignedOut
from app.house import House, house
from app.installation import installation
from app.organizations.first import check_first, make_first
from app.users import passwords
from app.users.operations import add_account, add_person, give_post, reset_password
from app.users.sign_in import FIRST_WAIT, FREE_FAILURES, choose_password, enrol, sign_in, sign_in_demo, sign_out, staged, switch_post
from app.work import begin, begin_as, look
from db.audit import Trail
from db.users import Person, Post, SignIn, SignInFailure
from tests import make
from tests.shows import shows

PASSWORD = 'korrekt-pferd-batterie'
SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
FIRST = {
    'purpose': 'organization', 'org_name': '明川市启帆职业培训学校（演示）', 'kind': 'social_training_org', 'credit_code': '52990102MA99DM010P',
    'region': '990102', 'profile': 'demo', 'person_name': '何立春', 'id_number': '990199196907215012', 'login': 'he.lichun', 'password': PASSWORD}


@pytest.fixture(scope='module')
def hashed() -> str:
    """Argon2id takes its time: once for all."""
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def head(house_on_sqlite: House) -> int:
    """The first person, made as the first start makes it; returns his person id."""
    make_first(**check_first(**FIRST))
    with house().engines.read.connect() as connection:
        return int(connection.execute(select(col(Person.id))).scalar_one())


@pytest.fixture
def person(head: int, hashed: str) -> Callable[..., int]:
    """`person('zhang.san', Role.STAFF)` makes somebody with account and posts; returns the account's id."""

    def made(login: str, *roles: Role, must_change: bool = False) -> int:
        with begin_as(head) as work:
            kept = add_person(work, name='张春分', id_number=make.number(sum(login.encode())))
            for role in roles:
                give_post(work, person_id=kept.id, role=role, from_on=make.START)
            return add_account(work, person_id=kept.id, login=login, password_hash=hashed, must_change=must_change).id

    return made


def entered(login: str, password: str = PASSWORD, code: str = '') -> Actor:
    """Sign in and return who it is."""
    found = actor_of(token_hash(sign_in(login, password, code, 'test').token))
    assert found is not None
    return found


def code_at(steps: int) -> str:
    """Return the dynamic code so many steps from now."""
    return pyotp.TOTP(SECRET).generate_otp(int(datetime.now(UTC).timestamp()) // 30 + steps)


def test_the_first_start_makes_installation_head_and_administrator(head: int) -> None:
    found = installation()
    assert found and (found.purpose, found.demo, found.key_check) == ('organization', False, house().keys.check_value())
    with begin_as(head, reads=True) as work:
        assert (work.actor.role, work.org.name, work.unseal_id(work.get(Person, head))) == (Role.HEAD, FIRST['org_name'], FIRST['id_number'])
    with begin_as(head, role=Role.PLATFORM_ADMIN, reads=True) as work:
        assert work.actor.may(Permission.ORGANIZATIONS_WRITE)
    with house().engines.read.connect() as connection:
        assert [re.search(r'"verb":"([^"]+)"', body)[1] for body in connection.execute(select(col(Trail.body)).order_by(col(Trail.n))).scalars()] == [  # type: ignore[index]
            'organizations.first_start', 'organizations.register', 'users.add_person', 'users.add_account', 'users.give_post', 'users.give_post']


def test_a_second_first_start_is_refused(head: int) -> None:
    with pytest.raises(Refused, match='已经完成首次设置'):
        make_first(**check_first(**FIRST))


@shows('VAL-01', 'VAL-03', 'DATA-19')
def test_all_faults_of_the_first_start_are_told_at_once(house_on_sqlite: House) -> None:
    wrong = {**FIRST, 'credit_code': '52990102MA99DM0100', 'id_number': '990199196907215013', 'login': 'x', 'password': 'short'}
    with pytest.raises(Refused) as refused:
        check_first(**wrong)
    assert [(f.subject, f.rule) for f in refused.value.findings] == [('credit_code', 'VAL-03'), ('id_number', 'VAL-01'), ('login', ''), ('password', 'DATA-19')]
    assert installation() is None


@pytest.mark.parametrize('change', [{'region': '9901'}, {'profile': 'nowhere'}, {'kind': 'centre'}, {'purpose': 'x'}])
def test_the_first_start_takes_only_what_its_lists_offer(house_on_sqlite: House, change: dict[str, str]) -> None:
    with pytest.raises(Refused):
        check_first(**{**FIRST, **change})


def test_a_centre_gets_a_head_of_the_centre(house_on_sqlite: House) -> None:
    org = make_first(**check_first(**{**FIRST, 'purpose': 'centre', 'kind': '', 'credit_code': '12990100MA99DM0024', 'region': '990100'}))
    with house().engines.read.connect() as connection:
        roles = set(connection.execute(select(col(Post.role))).scalars())
    assert (org.kind, roles) == ('centre', {Role.CENTRE_HEAD, Role.PLATFORM_ADMIN})


def test_a_right_password_gives_the_first_post(person: Callable[..., int]) -> None:
    person('zhang.san', Role.REGISTRAR, Role.SCORER)
    assert entered('zhang.san').role == Role.REGISTRAR


def test_a_wrong_password_and_an_unknown_name_are_refused_alike(person: Callable[..., int]) -> None:
    person('zhang.san', Role.STAFF)
    sentences = set()
    for login in ('zhang.san', 'nobody'):
        with pytest.raises(Refused) as refused:
            sign_in(login, 'wrong', '', 'test')
        sentences.add(refused.value.sentence)
    assert len(sentences) == 1


def test_after_ten_wrong_passwords_the_wait_grows_and_ends_by_itself(person: Callable[..., int]) -> None:
    person('zhang.san', Role.STAFF)
    person('li.si', Role.STAFF)

    def wrong() -> timedelta:
        with pytest.raises(Refused, match='不正确'):
            sign_in('zhang.san', 'wrong', '', 'test')
        with house().engines.read.connect() as connection:
            until = connection.execute(select(col(SignInFailure.wait_until))).scalar_one()
        return until - datetime.now(UTC) if until else timedelta()

    def let_time_pass() -> None:
        with house().engines.write.begin() as connection:
            connection.execute(update(SignInFailure).values(wait_until=datetime.now(UTC)))

    assert [wrong() for _ in range(FREE_FAILURES - 1)] == [timedelta()] * (FREE_FAILURES - 1)
    for factor in (1, 2, 4):
        assert abs(wrong() - FIRST_WAIT * factor) < timedelta(seconds=15)  # the next wait is twice as long
        with pytest.raises(Refused, match='请在.+后再试'):
            sign_in('zhang.san', PASSWORD, '', 'test')
        assert entered('li.si').role == Role.STAFF
        let_time_pass()
    assert entered('zhang.san').role == Role.STAFF
    assert wrong() == timedelta()


def test_a_head_must_enrol_a_second_factor_first(head: int) -> None:
    first = sign_in('he.lichun', PASSWORD, '', 'test')
    assert (first.stage, actor_of(token_hash(first.token))) == ('enrol', None)
    with pytest.raises(Refused, match='动态码不正确'):
        enrol(first.token, SECRET, '000000', 'test')
    second = enrol(first.token, SECRET, code_at(0), 'test')
    assert second.token != first.token
    assert (staged(first.token), getattr(actor_of(token_hash(second.token)), 'role', '')) == (None, Role.HEAD)


def test_a_dynamic_code_is_taken_once(head: int) -> None:
    used = code_at(0)
    enrol(sign_in('he.lichun', PASSWORD, '', 'test').token, SECRET, used, 'test')
    for code in ('', used, '000000'):
        with pytest.raises(Refused, match='动态码'):
            sign_in('he.lichun', PASSWORD, code, 'test')
    fresh = code_at(1)
    assert entered('he.lichun', code=fresh).role == Role.HEAD
    with pytest.raises(Refused, match='动态码'):
        sign_in('he.lichun', PASSWORD, fresh, 'test')


def test_a_dynamic_code_does_not_help_without_the_password(head: int) -> None:
    enrol(sign_in('he.lichun', PASSWORD, '', 'test').token, SECRET, code_at(0), 'test')
    with pytest.raises(Refused, match='不正确'):
        sign_in('he.lichun', 'wrong', code_at(1), 'test')


@shows('DATA-19')
def test_a_password_set_by_another_must_be_changed_first(person: Callable[..., int]) -> None:
    person('zhang.san', Role.STAFF, must_change=True)
    first = sign_in('zhang.san', PASSWORD, '', 'test')
    assert (first.stage, actor_of(token_hash(first.token))) == ('password', None)
    for bad in (PASSWORD, 'short', 'zhang.san-zhang.san'):
        with pytest.raises(Refused):
            choose_password(first.token, bad, 'test')
    second = choose_password(first.token, 'my-own-long-words', 'test')
    assert (second.stage, actor_of(token_hash(first.token)), getattr(actor_of(token_hash(second.token)), 'role', '')) == ('', None, Role.STAFF)
    assert entered('zhang.san', 'my-own-long-words').role == Role.STAFF


def test_a_new_password_ends_every_other_sign_in(person: Callable[..., int], head: int) -> None:
    account_id = person('zhang.san', Role.STAFF)
    old = entered('zhang.san')
    with begin_as(head) as work:
        reset_password(work, account_id=account_id, password_hash=passwords.hash_password('handed-over-on-paper'))
    choose_password(sign_in('zhang.san', 'handed-over-on-paper', '', 'test').token, 'my-own-long-words', 'test')
    with pytest.raises(SignedOut), look(old):
        pass


def test_a_step_owed_is_not_a_sign_in(head: int) -> None:
    first = sign_in('he.lichun', PASSWORD, '', 'test')
    with pytest.raises(Refused, match='步骤不符'):
        choose_password(first.token, 'my-own-long-words', 'test')


def test_two_sign_ins_of_one_person_live_side_by_side(person: Callable[..., int]) -> None:
    person('zhang.san', Role.STAFF)
    one, two = sign_in('zhang.san', PASSWORD, '', 'a'), sign_in('zhang.san', PASSWORD, '', 'b')
    sign_out(one.token)
    assert (actor_of(token_hash(one.token)), actor_of(token_hash(two.token)) is not None) == (None, True)


def test_another_post_gives_a_new_token_and_ends_the_old_one(person: Callable[..., int]) -> None:
    person('zhang.san', Role.REGISTRAR, Role.SCORER)
    old = entered('zhang.san')
    with house().engines.read.connect() as connection:
        scorer = connection.execute(select(col(Post.id)).where(col(Post.role) == Role.SCORER)).scalar_one()
    new = actor_of(token_hash(switch_post(old, scorer, 'test').token))
    assert new and (new.role, new.person_id, new.token != old.token) == (Role.SCORER, old.person_id, True)
    for use in (look, begin):
        with pytest.raises(SignedOut), use(old):
            pass


@shows('SEC-01')
def test_another_persons_post_is_refused(person: Callable[..., int], head: int) -> None:
    person('zhang.san', Role.STAFF)
    with house().engines.read.connect() as connection:
        foreign = connection.execute(select(col(Post.id)).where(col(Post.person_id) == head)).scalars().first()
    with pytest.raises(Refused, match='没有这个岗位'):
        switch_post(entered('zhang.san'), int(foreign or 0), 'test')


@pytest.mark.parametrize('change', [
    {'ended_at': datetime.now(UTC)}, {'ends_at': datetime.now(UTC) - timedelta(seconds=1)}, {'seen_at': datetime.now(UTC) - IDLE - timedelta(seconds=1)},
    {'stage': 'enrol'},
], ids=lambda change: next(iter(change)))
def test_an_ended_sign_in_neither_reads_nor_writes(person: Callable[..., int], change: dict[str, object]) -> None:
    person('zhang.san', Role.STAFF)
    me = entered('zhang.san')
    with look(me) as work:
        assert work.actor.role == Role.STAFF
    with house().engines.write.begin() as connection:
        connection.execute(update(SignIn).values(**change))
    for use in (look, begin):
        with pytest.raises(SignedOut), use(me):
            pass


def test_a_post_that_ended_yesterday_ends_the_sign_in(person: Callable[..., int]) -> None:
    person('zhang.san', Role.STAFF)
    me = entered('zhang.san')
    with house().engines.write.begin() as connection:
        connection.execute(update(Post).where(col(Post.role) == Role.STAFF).values(to_on=house().now().date() - timedelta(days=2)))
    with pytest.raises(SignedOut), look(me):
        pass


def test_one_click_signs_in_only_in_the_demo(person: Callable[..., int]) -> None:
    person('zhang.san', Role.STAFF)
    with house().engines.read.connect() as connection:
        post = connection.execute(select(col(Post.id)).where(col(Post.role) == Role.STAFF)).scalar_one()
    with pytest.raises(Refused, match='只在演示数据中'):
        sign_in_demo(post, 'test')
    house().demo = True
    assert getattr(actor_of(token_hash(sign_in_demo(post, 'test').token)), 'role', '') == Role.STAFF


def test_the_database_never_holds_a_token(person: Callable[..., int]) -> None:
    person('zhang.san', Role.STAFF)
    token = sign_in('zhang.san', PASSWORD, '', 'test').token
    house().engines.close()
    kept = b''.join(path.read_bytes() for path in house().home.parent.glob('dingji.db*'))
    assert (token.encode() in kept, token_hash(token) in kept) == (False, True)
