"""Recovery codes: single use, in place of the phone, kept as keyed hashes; another phone; a factor cancelled by somebody else."""

from __future__ import annotations

import json
import math
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pyotp
import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.access import Role
from app.actors import Actor, actor_of, token_hash
from app.errors import Refused
from app.house import House, house
from app.users import passwords
from app.users.operations import add_account, reset_second_factor
from app.users.sign_in import FREE_FAILURES, Entered, change_phone, enrol, new_recovery_codes, second_factor_of, sign_in
from app.work import begin_as
from db.audit import Trail
from db.users import Account, Post, RecoveryCode, SignInFailure
from tests import make
from tests.shows import shows

PASSWORD = 'korrekt-pferd-batterie'
SECRET, OTHER = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU'
LOGIN = 'he.lichun'


@pytest.fixture(scope='module')
def hashed() -> str:
    """Argon2id takes its time: once for all."""
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def head(both: House, hashed: str) -> int:
    """The sole head of an organisation, with an account; returns his person id."""
    person = make.first_person(make.org(1, kind='employer', region='990101'), '何立春', make.number(1), Role.HEAD)
    with begin_as(person.id) as work:
        add_account(work, person_id=person.id, login=LOGIN, password_hash=hashed, must_change=False)
    return person.id


def code(secret: str = SECRET, steps: int = 0) -> str:
    return pyotp.TOTP(secret).generate_otp(int(datetime.now(UTC).timestamp()) // 30 + steps)


def enter(said: str, *, login: str = LOGIN, password: str = PASSWORD) -> Entered:
    return sign_in(login, password, said, 'test')


def enrolled(secret: str = SECRET) -> tuple[str, ...]:
    """Sign in for the first time and enrol; returns the codes."""
    return enrol(enter('').token, secret, code(secret), 'test').codes


def actor(entered: Entered) -> Actor:
    found = actor_of(token_hash(entered.token))
    assert found
    return found


def verbs() -> list[str]:
    with house().engines.read.connect() as connection:
        return [json.loads(body)['verb'] for body in connection.execute(select(col(Trail.body)).order_by(col(Trail.n))).scalars()]


def test_enrolment_gives_ten_codes_of_fifty_bits_and_keeps_their_hashes_only(head: int) -> None:
    codes = enrolled()
    assert len(set(codes)) == passwords.RECOVERY_CODES == 10
    letters = {c for code in (code for _ in range(50) for code in passwords.recovery_codes()) for c in code} - {'-'}
    assert {len(code.replace('-', '')) * math.log2(len(letters)) >= 50 for code in codes} == {True}
    assert not letters & set('01lIoO')
    with house().engines.read.connect() as connection:
        rows = connection.execute(select(RecoveryCode.__table__)).all()  # type: ignore[attr-defined]
        trail = ''.join(connection.execute(select(col(Trail.body))).scalars())
    kept = repr(rows) + trail
    assert len(rows) == 10
    assert [c for c in codes if c in kept or c.replace('-', '') in kept.lower() or c.encode().hex() in kept] == []


def test_a_code_lets_in_once_however_it_is_typed_and_leaves_its_entry(head: int) -> None:
    codes = enrolled()
    for said in (codes[0], f' {codes[1].upper()} ', codes[2].replace('-', ''), codes[3].replace('-', ' '), codes[4].translate({ord('-'): '－'})):
        entered = enter(said)
        assert (entered.stage, entered.recovered, actor(entered).role) == ('', True, Role.HEAD)
        with pytest.raises(Refused, match='请输入动态码'):
            enter(said)
    assert second_factor_of(actor(enter(codes[5]))) == (True, 4)
    assert verbs().count('users.sign_in_recovery') == 6
    assert not enter(code(steps=1)).recovered  # the phone still counts


def test_a_code_comes_twice_at_once_and_lets_one_in(head: int) -> None:
    first = enrolled()[0]

    def try_it(_thread: int) -> str:
        try:
            return enter(first).stage
        except Refused as refused:
            return refused.sentence[:6]

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(try_it, range(4))) == ['', '请输入动态码', '请输入动态码', '请输入动态码']


def test_a_code_helps_only_with_the_password_and_only_its_own_account(head: int, hashed: str) -> None:
    mine = enrolled()
    other = make.first_person(make.org(2, kind='employer', region='990102'), '张春分', make.number(2), Role.HEAD)
    with begin_as(other.id) as work:
        add_account(work, person_id=other.id, login='zhang.chunfen', password_hash=hashed, must_change=False)
    enrol(enter('', login='zhang.chunfen').token, OTHER, code(OTHER), 'test')
    with pytest.raises(Refused, match='登录名或密码不正确'):
        enter(mine[0], password='wrong-password')
    with pytest.raises(Refused, match='请输入动态码'):
        enter(mine[0], login='zhang.chunfen')
    assert enter(mine[0]).recovered


@pytest.mark.parametrize('said', ['abcd-efgh-jkmn', '张三张三张三', '\ud7ff', '123456'])
def test_guesses_count_as_wrong_attempts(head: int, said: str) -> None:
    enrolled()
    for _ in range(FREE_FAILURES):
        with pytest.raises(Refused, match='请输入动态码'):
            enter(said)
    with pytest.raises(Refused, match='连续输错次数过多'):
        enter(said)
    with house().engines.read.connect() as connection:
        assert connection.execute(select(col(SignInFailure.count))).scalar_one() == FREE_FAILURES


def test_a_new_set_needs_the_password_and_ends_the_old_one(head: int) -> None:
    old = enrolled()
    me = actor(enter(old[0]))
    with pytest.raises(Refused, match='密码不正确'):
        new_recovery_codes(me, 'wrong-password')
    assert second_factor_of(me) == (True, 9)
    new = new_recovery_codes(me, PASSWORD)
    assert (len(set(new) - set(old)), second_factor_of(me)) == (10, (True, 10))
    for said in old:
        with pytest.raises(Refused, match='请输入动态码'):
            enter(said)
        with house().engines.write.begin() as connection:
            connection.execute(update(SignInFailure).values(count=0, wait_until=None))
    assert enter(new[9]).recovered
    assert verbs().count('users.make_recovery_codes') == 1


def test_a_sole_head_who_lost_his_phone_enrols_another_one(head: int) -> None:
    old = enrolled()
    me = actor(enter(old[0]))
    with pytest.raises(Refused, match='密码不正确'):
        change_phone(me, 'wrong-password', 'test')
    owed = change_phone(me, PASSWORD, 'test')
    assert (owed.stage, actor_of(me.token)) == ('enrol', None)
    assert enter(old[1]).recovered  # until the new phone is enrolled the old factor counts
    new = enrol(owed.token, OTHER, code(OTHER), 'test')
    assert (new.stage, actor(new).role, len(new.codes)) == ('', Role.HEAD, 10)
    for said in (code(SECRET, 1), old[2]):
        with pytest.raises(Refused, match='请输入动态码'):
            enter(said)
    assert not enter(code(OTHER, 1)).recovered
    assert 'users.change_phone' in verbs()


def test_without_a_second_factor_there_are_no_codes(head: int) -> None:
    with house().engines.read.connect() as connection:
        account, post = connection.execute(select(col(Account.id), col(Post.id)).join(Post, col(Post.person_id) == Account.person_id)).one()
    me = Actor(head, '何立春', '', Role.HEAD, post, 1, '', '', account_id=account)
    with pytest.raises(Refused, match='还没有启用动态码'):
        new_recovery_codes(me, PASSWORD)
    assert second_factor_of(me) == (False, 0)


@shows('SEC-01')
def test_a_factor_cancelled_by_another_ends_sign_ins_and_codes_and_keeps_the_password(head: int) -> None:
    codes = enrolled()
    me = actor(enter(codes[0]))
    with begin_as(head, reads=True) as work:
        second = make.first_person_of(work.org, '接任', make.number(4)).id
    stranger = make.first_person(make.org(3, kind='employer', region='990103'), '另人', make.number(3), Role.HEAD).id
    for by, said in ((head, '自己换手机'), (stranger, '未找到此项')):
        with pytest.raises(Refused, match=said) as refused, begin_as(by) as work:
            reset_second_factor(work, account_id=me.account_id)
        assert refused.value.rule == 'SEC-01'
    with begin_as(second) as work:
        account = reset_second_factor(work, account_id=me.account_id)
    assert (account.totp_sealed, account.must_change, actor_of(me.token)) == (b'', False, None)
    with pytest.raises(Refused, match='没有启用动态码'), begin_as(second) as work:
        reset_second_factor(work, account_id=me.account_id)
    entered = enter(codes[1])  # what is typed in the code's place is not looked at any more
    assert (entered.stage, entered.recovered) == ('enrol', False)
    assert set(enrol(entered.token, OTHER, code(OTHER), 'test').codes).isdisjoint(codes)
    with pytest.raises(Refused, match='请输入动态码'):
        enter(codes[1])
