"""Signing in and out: tokens, second factor, waits after failures. Works before anybody is known, so on plain connections."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlmodel import col

from app import audit
from app.access import SECOND_FACTOR, Role
from app.actors import LONGEST, Actor, token_hash
from app.codes import fold
from app.errors import Refused
from app.house import house
from app.users import passwords
from app.words import CHINA
from db.base import new_id
from db.organizations import Org
from db.users import Account, Person, Post, RecoveryCode, SignIn, SignInFailure

FREE_FAILURES = 10  # security.md: ≤ 10 per account in 15 minutes, then a growing wait that ends by itself
WINDOW = timedelta(minutes=15)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
CODE_DUE = '请输入动态码：打开手机上的验证器，填写“定级台”下当前的6位数字；用过的码不能再用，请等下一个。手机不在身边时，填写一个没有用过的恢复码。'
STEP_TIME = timedelta(minutes=10)  # for enrolling the second factor or choosing a password


@dataclass(frozen=True, slots=True)
class Entered:
    """What a sign-in gave: the cookie's token and what must be done first ('' nothing, enrol, password).

    codes: recovery codes just made, to be shown once · recovered: a recovery code stood in for the phone
    """

    token: str
    stage: str
    codes: tuple[str, ...] = ()
    recovered: bool = False


def sign_in(login: str, password: str, code: str, device: str) -> Entered:
    """Check name, password and second factor; slow (Argon2id), call from a thread.

    raises Refused, the same for unknown names and wrong passwords
    """
    real = datetime.now(UTC)
    with house().engines.read.connect() as connection:
        _refuse_waiting(connection, login, real)
        found = _account(connection, col(Account.login) == login)
    fits = passwords.password_fits(found.password_hash if found else passwords.decoy(), password)
    if not found or not fits:
        _count_failure(login, real)
        raise Refused('登录名或密码不正确，请核对后重试；忘记密码请联系本单位负责人重设。')
    step, spare = _second_factor(found, code, real) if found.totp_sealed else (0, 0)
    if found.totp_sealed and not step and not spare:
        if code.strip():
            _count_failure(login, real)
        raise Refused(CODE_DUE)
    stage = 'password' if found.must_change else 'enrol' if Role(found.role) in SECOND_FACTOR and not found.totp_sealed else 'full'
    with house().engines.write.begin() as connection:
        used = (update(Account).where(col(Account.id) == found.account_id, col(Account.totp_step) < step).values(totp_step=step) if step else
                update(RecoveryCode).where(col(RecoveryCode.id) == spare, col(RecoveryCode.used_at).is_(None)).values(used_at=real))
        if (step or spare) and not connection.execute(used).rowcount:  # the same code came twice at once
            raise Refused(CODE_DUE)
        connection.execute(update(SignInFailure).where(col(SignInFailure.login_hash) == _hash(login)).values(count=0, wait_until=None))
        return _enter(connection, found, stage, device, 'users.sign_in_recovery' if spare else 'users.sign_in', recovered=bool(spare))


def sign_in_demo(post_id: int, device: str) -> Entered:
    """Sign in by one click; only in a demo's data folder, only offered on 127.0.0.1."""
    if not house().demo:
        raise Refused('一键登录只在演示数据中提供，请使用登录名和密码。')
    with house().engines.write.begin() as connection:
        found = _account(connection, col(Post.id) == post_id)
        if found is None:
            raise Refused('未找到此演示岗位，请刷新登录页后重选。')
        return _enter(connection, found, 'full', device, 'users.sign_in')


def switch_post(me: Actor, post_id: int, device: str) -> Entered:
    """Go on in another post of the same person: the old sign-in ends, a new token begins."""
    with house().engines.write.begin() as connection:
        found = _account(connection, col(Post.id) == post_id, col(Person.id) == me.person_id)
        if found is None:
            raise Refused('您没有这个岗位，或岗位已经结束，请刷新页面后重选。', rule='SEC-01')
        _end(connection, me.token)
        stage = 'enrol' if Role(found.role) in SECOND_FACTOR and not found.totp_sealed and not house().demo else 'full'
        return _enter(connection, found, stage, device, 'users.switch_post')


def sign_out(token: str) -> None:
    """End the sign-in of a token; open pages of it go to the sign-in page at their next event."""
    with house().engines.write.begin() as connection:
        _end(connection, token_hash(token))


def staged(token: str) -> Row[Any] | None:
    """Return account and stage of a sign-in that still owes a step, or None."""
    with house().engines.read.connect() as connection:
        return _staged(connection, token)


def enrol(token: str, secret: str, code: str, device: str) -> Entered:
    """Keep the second factor once its first code fits; gives a new token and new recovery codes. raises Refused"""
    found = _staged_or_refuse(token, 'enrol')
    step = passwords.totp_step(secret, code, datetime.now(UTC), 0)
    if step is None:
        raise Refused('动态码不正确：请确认手机时间准确，用验证器扫描本页二维码后填写当前的6位数字。')
    sealed = house().keys.seal(_Place(found.account_id, found.org_id), 'totp', secret)
    with house().engines.write.begin() as connection:
        connection.execute(update(Account).where(col(Account.id) == found.account_id).values(totp_sealed=sealed, totp_step=step))
        codes = _replace_codes(connection, found)
        _end(connection, token_hash(token))
        return _enter(connection, found, 'full', device, 'users.enrol', codes=codes)


def second_factor_of(me: Actor) -> tuple[bool, int]:
    """Return whether the person has enrolled a second factor, and how many recovery codes are left."""
    with house().engines.read.connect() as connection:
        enrolled = bool(connection.execute(select(col(Account.totp_sealed)).where(col(Account.id) == me.account_id)).scalar())
        left = connection.execute(select(func.count()).select_from(RecoveryCode).where(
            col(RecoveryCode.account_id) == me.account_id, col(RecoveryCode.used_at).is_(None))).scalar_one()
    return enrolled, left if enrolled else 0


def new_recovery_codes(me: Actor, password: str) -> tuple[str, ...]:
    """Make a new set; every older code is worth nothing from now on. Slow (Argon2id); raises Refused for a wrong password"""
    found = _known(me, password)
    if not found.totp_sealed:
        raise Refused('还没有启用动态码，恢复码在启用时给出。')
    with house().engines.write.begin() as connection:
        codes = _replace_codes(connection, found)
        _tell(connection, found, found.account_id, 'account', 'users.make_recovery_codes', {'count': len(codes)})
    return codes


def change_phone(me: Actor, password: str, device: str) -> Entered:
    """End the sign-in and go to the enrolment; the old factor counts until the new one is enrolled. Slow; raises Refused for a wrong password"""
    found = _known(me, password)
    with house().engines.write.begin() as connection:
        _end(connection, me.token)
        return _enter(connection, found, 'enrol', device, 'users.change_phone')


def choose_password(token: str, password: str, device: str) -> Entered:
    """Replace a password that somebody else set; every other sign-in of the account ends. Slow; raises Refused"""
    found = _staged_or_refuse(token, 'password')
    passwords.check_password(password, found.login)
    if passwords.password_fits(found.password_hash, password):
        raise Refused('新密码不能与他人代设的密码相同，请自己另定一个。', rule='DATA-19')
    made = passwords.hash_password(password)
    with house().engines.write.begin() as connection:
        connection.execute(update(Account).where(col(Account.id) == found.account_id).values(password_hash=made, must_change=False))
        connection.execute(update(SignIn).where(col(SignIn.account_id) == found.account_id, col(SignIn.ended_at).is_(None)).values(ended_at=datetime.now(UTC)))
        stage = 'enrol' if Role(found.role) in SECOND_FACTOR and not found.totp_sealed else 'full'
        return _enter(connection, found, stage, device, 'users.choose_password')


def _second_factor(found: Row[Any], code: str, real: datetime) -> tuple[int, int]:
    """Return the time step a dynamic code fits, or the id of the unused recovery code; 0 for what does not fit."""
    if not code.strip():
        return 0, 0
    secret = house().keys.unseal(_Place(found.account_id, found.org_id), 'totp', found.totp_sealed)
    if step := passwords.totp_step(secret, code, real, found.totp_step):
        return step, 0
    with house().engines.read.connect() as connection:
        return 0, connection.execute(select(col(RecoveryCode.id)).where(
            col(RecoveryCode.code_hash) == _code_hash(found.account_id, code), col(RecoveryCode.used_at).is_(None))).scalar() or 0


def _replace_codes(connection: Connection, found: Row[Any]) -> tuple[str, ...]:
    codes = passwords.recovery_codes()
    connection.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == found.account_id))
    connection.execute(insert(RecoveryCode), [
        {'id': new_id(), 'revision': 1, 'org_id': found.org_id, 'account_id': found.account_id, 'code_hash': _code_hash(found.account_id, code)} for code in codes])
    return codes


def _code_hash(account_id: int, code: str) -> bytes:
    return house().keys.blind('recovery', f'{account_id}/{fold(code)}')


def _known(me: Actor, password: str) -> Row[Any]:
    """Return the account of who is signed in, once he has given his password again."""
    real = datetime.now(UTC)
    with house().engines.read.connect() as connection:
        found = _account(connection, col(Account.id) == me.account_id, col(Post.id) == me.post_id)
        if found is None:
            raise Refused('登录已超时，请回到登录页重新登录。')
        _refuse_waiting(connection, found.login, real)
    if not passwords.password_fits(found.password_hash, password):
        _count_failure(found.login, real)
        raise Refused('密码不正确，请填写您登录用的密码。')
    return found


class _Place:
    """Names the account row to the cipher."""

    def __init__(self, account_id: int, org_id: int) -> None:
        self.id, self.org_id = account_id, org_id


def seal_place(account_id: int, org_id: int) -> _Place:
    """Return the place a second factor's secret is bound to."""
    return _Place(account_id, org_id)


_FOUND: tuple[Any, ...] = (
    col(Account.id).label('account_id'), col(Account.login), col(Account.password_hash), col(Account.must_change), col(Account.totp_sealed),
    col(Account.totp_step), col(Person.id).label('person_id'), col(Person.name), col(Post.id).label('post_id'), col(Post.role),
    col(Org.id).label('org_id'))


def _account(connection: Connection, *where: Any) -> Row[Any] | None:
    today = house().now().astimezone(CHINA).date()
    return connection.execute(
        select(*_FOUND).select_from(Account).join(Person, col(Person.id) == Account.person_id).join(Post, col(Post.person_id) == Person.id)
        .join(Org, col(Org.id) == Person.org_id)
        .where(*where, col(Account.ended_on).is_(None), col(Person.ended_on).is_(None), col(Org.ended_on).is_(None),
               col(Post.from_on) <= today, col(Post.to_on).is_(None) | (col(Post.to_on) >= today))
        .order_by(col(Post.id)).limit(1)).one_or_none()


def _staged(connection: Connection, token: str) -> Row[Any] | None:
    real = datetime.now(UTC)
    row = connection.execute(select(col(SignIn.post_id), col(SignIn.stage)).where(
        col(SignIn.token_hash) == token_hash(token), col(SignIn.stage) != 'full', col(SignIn.ended_at).is_(None), col(SignIn.ends_at) > real)).one_or_none()
    if row is None:
        return None
    found = connection.execute(
        select(*_FOUND, col(SignIn.stage)).select_from(Account).join(Person, col(Person.id) == Account.person_id)
        .join(Post, col(Post.person_id) == Person.id).join(Org, col(Org.id) == Person.org_id).join(SignIn, col(SignIn.post_id) == Post.id)
        .where(col(SignIn.token_hash) == token_hash(token), col(Account.ended_on).is_(None))).one_or_none()
    return cast('Row[Any] | None', found)


def _staged_or_refuse(token: str, stage: str) -> Row[Any]:
    found = staged(token)
    if found is None or found.stage != stage:
        raise Refused('登录已超时或步骤不符，请回到登录页重新登录。')
    return found


def _enter(
    connection: Connection, found: Row[Any], stage: str, device: str, verb: str, *, codes: tuple[str, ...] = (), recovered: bool = False) -> Entered:
    token, real = secrets.token_urlsafe(32), datetime.now(UTC)
    ends = real + (LONGEST if stage == 'full' else STEP_TIME)
    row_id = new_id()
    connection.execute(insert(SignIn).values(
        id=row_id, revision=1, token_hash=token_hash(token), account_id=found.account_id, person_id=found.person_id, post_id=found.post_id, stage=stage,
        device=device[:120], began_at=real, seen_at=real, ends_at=ends))
    _tell(connection, found, row_id, 'sign_in', verb, {'stage': stage})
    return Entered(token, '' if stage == 'full' else stage, codes, recovered)


def _tell(connection: Connection, found: Row[Any], row_id: int, table: str, verb: str, note: dict[str, Any]) -> None:
    audit.write_entries(connection, house().keys, [{
        'at': house().now().isoformat(timespec='milliseconds'), 'person': found.person_id, 'name': found.name, 'post': found.post_id, 'by_org': found.org_id,
        'org': found.org_id, 'row': row_id, 'table': table, 'verb': verb, 'before': '', 'after': '', 'note': note}])


def _end(connection: Connection, token: bytes) -> None:
    connection.execute(update(SignIn).where(col(SignIn.token_hash) == token, col(SignIn.ended_at).is_(None)).values(ended_at=datetime.now(UTC)))


def _hash(login: str) -> str:
    return hashlib.sha256(login.strip().lower().encode()).hexdigest()


def _refuse_waiting(connection: Connection, login: str, real: datetime) -> None:
    until = connection.execute(select(col(SignInFailure.wait_until)).where(col(SignInFailure.login_hash) == _hash(login))).scalar()
    if until and until > real:
        seconds = int((until - real).total_seconds()) + 1
        wait = f'{seconds // 60}分{seconds % 60}秒' if seconds >= 60 else f'{seconds}秒'
        raise Refused(f'此登录名连续输错次数过多，请在{wait}后再试；不会锁定，也不影响他人登录。')


def _count_failure(login: str, real: datetime) -> None:
    with house().engines.write.begin() as connection:
        found: Any = connection.execute(select(col(SignInFailure.count).label('times'), col(SignInFailure.failed_at)).where(
            col(SignInFailure.login_hash) == _hash(login)).with_for_update()).one_or_none()
        count = found.times + 1 if found and (real - found.failed_at < WINDOW or found.times > FREE_FAILURES) else 1
        wait = min(FIRST_WAIT * 2 ** min(count - FREE_FAILURES, 12), LONGEST_WAIT) if count >= FREE_FAILURES else None
        values = {'count': count, 'failed_at': real, 'wait_until': real + wait if wait else None}
        if found:
            connection.execute(update(SignInFailure).where(col(SignInFailure.login_hash) == _hash(login)).values(**values))
        else:
            connection.execute(insert(SignInFailure).values(id=new_id(), revision=1, login_hash=_hash(login), **values))
