"""Passwords (Argon2id), second factors (TOTP) and recovery codes; slow on purpose: call from a thread, never from the event loop."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from app.errors import Refused

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 12
RECOVERY_CODES = 10
_SPOKEN = 'abcdefghjkmnpqrstuvwxyz23456789'
COMMON = ('123456', 'password', 'qwerty', 'admin', 'abc123', '111111', 'iloveyou', 'letmein', 'dingji', 'woaini', '888888', '5201314')


def check_password(password: str, login: str) -> None:
    """Refuse short, common and obvious passwords (DATA-19)."""
    if len(password) < SHORTEST:
        raise Refused(f'密码至少{SHORTEST}个字符，当前{len(password)}个；可用一句好记的话。', rule='DATA-19')
    lowered = password.lower()
    if len(set(password)) < 5 or (login and login.lower() in lowered):
        raise Refused('密码过于简单：字符种类太少或包含登录名，请换一个。', rule='DATA-19')
    rest = lowered
    for word in COMMON:
        rest = rest.replace(word, '')
    if len(rest) < 5:
        raise Refused('密码由常见密码拼成，容易被猜到，请换一个。', rule='DATA-19')


def hash_password(password: str) -> str:
    """Return the Argon2id hash that is kept."""
    return _hasher().hash(password)


def password_fits(kept: str, password: str) -> bool:
    """Return whether the password is the one kept; the same time for wrong ones."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def decoy() -> str:
    """Return a hash that no password fits: unknown logins cost as much time as known ones."""
    return hash_password(secrets.token_urlsafe(24))


def spoken(groups: int) -> str:
    """Return random groups of four letters and digits that are not mixed up, 19.8 bits each: abcd-efgh-jkmn."""
    return '-'.join(''.join(secrets.choice(_SPOKEN) for _ in range(4)) for _ in range(groups))


def recovery_codes() -> tuple[str, ...]:
    """Return a fresh set of codes that stand in for the phone once each; 59 bits a code."""
    return tuple(spoken(3) for _ in range(RECOVERY_CODES))


def totp_step(secret: str, code: str, at: datetime, last: int) -> int | None:
    """Return the time step that the code fits, now or one beside, never one used before; None when none fits."""
    import pyotp

    now = int(at.timestamp()) // 30
    for step in (now, now - 1, now + 1):
        if step > last and hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step).encode(), code.strip().encode()):
            return step
    return None


def new_totp_secret() -> str:
    """Return a fresh secret for an authenticator app."""
    import pyotp

    return pyotp.random_base32()


def totp_address(secret: str, login: str) -> str:
    """Return the otpauth address for the QR code at enrolment."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name='定级台')


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1)
