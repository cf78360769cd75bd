"""Passwords that may be chosen, and codes that are taken once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from app.errors import Refused
from app.users.passwords import SHORTEST, check_password, hash_password, new_totp_secret, password_fits, totp_address, totp_step
from tests.shows import shows

SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
NOW = datetime(2026, 10, 20, 9, 0, 10, tzinfo=UTC)


def code(at: datetime) -> str:
    return pyotp.TOTP(SECRET).generate_otp(int(at.timestamp()) // 30)


@pytest.mark.parametrize('password', ['korrekt-pferd-batterie', '春眠不觉晓处处闻啼鸟夜来', 'Xk7-mq2p-ttrw'])
def test_a_long_sentence_is_a_password(password: str) -> None:
    check_password(password, 'zhang.san')


@pytest.mark.parametrize(('password', 'said'), [
    ('short', '至少12个字符，当前5个'), ('a' * (SHORTEST - 1), '至少12个字符'), ('aaaaaaaaaaaaaa', '过于简单'), ('abababababab', '过于简单'), ('ZHANG.SAN-2026', '包含登录名'),
    ('password1234', '常见密码'), ('123456123456a', '过于简单|常见密码'), ('admin888888qwerty', '常见密码')])
@shows('DATA-19')
def test_what_is_easily_guessed_is_no_password(password: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        check_password(password, 'zhang.san')
    assert refused.value.rule == 'DATA-19'


def test_only_the_password_itself_fits_its_hash() -> None:
    kept = hash_password('korrekt-pferd-batterie')
    assert kept.startswith('$argon2id$') and 'korrekt' not in kept
    assert password_fits(kept, 'korrekt-pferd-batterie')
    assert not password_fits(kept, 'korrekt-pferd-batteri')
    assert not password_fits('not a hash', 'korrekt-pferd-batterie')


@pytest.mark.parametrize(('seconds', 'fits'), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_fits_now_and_one_step_beside(seconds: int, fits: bool) -> None:
    step = totp_step(SECRET, f' {code(NOW + timedelta(seconds=seconds))} ', NOW, 0)
    assert step == (int(NOW.timestamp()) // 30 + seconds // 30 if fits else None)


def test_a_code_is_taken_once() -> None:
    step = totp_step(SECRET, code(NOW), NOW, 0)
    assert step is not None
    assert totp_step(SECRET, code(NOW), NOW, step) is None
    assert totp_step(SECRET, code(NOW - timedelta(seconds=30)), NOW, step) is None
    assert totp_step(SECRET, code(NOW + timedelta(seconds=30)), NOW, step) == step + 1


def test_secrets_differ_and_the_address_names_who_and_where() -> None:
    assert new_totp_secret() != new_totp_secret()
    assert totp_address(SECRET, 'zhang.san').startswith('otpauth://totp/')
    assert 'zhang.san' in totp_address(SECRET, 'zhang.san')
