"""One dynamic code, two sign-ins at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pyotp
from sqlalchemy import update

from app.access import Role
from app.errors import Refused
from app.house import House, house
from app.users.operations import add_account
from app.users.passwords import hash_password
from app.users.sign_in import seal_place, sign_in
from app.work import begin_as
from db.users import Account
from tests import make

PASSWORD = 'korrekt-pferd-batterie'
SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'


def test_one_code_lets_one_in_even_when_it_comes_twice_at_once(both: House) -> None:
    org = make.org(1, kind='employer', region='990101')
    head = make.first_person(org, '何立春', make.number(1), Role.HEAD)
    with begin_as(head.id) as work:
        account = add_account(work, person_id=head.id, login='he.lichun', password_hash=hash_password(PASSWORD), must_change=False)
    with house().engines.write.begin() as connection:
        sealed = house().keys.seal(seal_place(account.id, org.id), 'totp', SECRET)
        connection.execute(update(Account).values(totp_sealed=sealed))
    code = pyotp.TOTP(SECRET).generate_otp(int(datetime.now(UTC).timestamp()) // 30)

    def enter(_thread: int) -> str:
        try:
            return sign_in('he.lichun', PASSWORD, code, 'test').stage
        except Refused as refused:
            return refused.sentence[:6]

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(enter, range(4))) == ['', '请输入动态码', '请输入动态码', '请输入动态码']
