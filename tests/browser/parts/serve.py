"""A server of its own for the page 组件: `python -m tests.browser.parts.serve HOME PORT TOKEN`; TOKEN is signed in."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Session, select

from app import main
from app.access import Role
from app.actors import token_hash
from app.codes import credit_code
from app.house import house
from app.settings import LOOPBACK, Settings
from db.organizations import Org
from db.users import Account, Post, SignIn
from tests.make import first_person, number


def serve(home: Path, port: int, token: str) -> None:
    """Serve a data folder, made at the first start, until the process is told to end."""
    home.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        home=home, keys=home.with_name('keys'), database=f'sqlite:///{home / "dingji.db"}', host='127.0.0.1', port=port, names=LOOPBACK,
        origins=(f'http://127.0.0.1:{port}',))
    main.open_database(settings)
    _fill(token)
    print(house().cookie, flush=True)
    house().engines.close()
    main.SCREENS = ('components',)
    main.JOBS = ('pages.components',)
    main.serve(settings)


def _fill(token: str) -> None:
    with Session(house().engines.write) as session:
        if session.exec(select(Org)).first():
            return
    org = Org.model_validate({'name': '示例评价机构（演示）', 'kind': 'employer', 'credit_code': credit_code('91990101MA9800010'), 'region': '990101', 'profile': 'henan'})
    person = first_person(org, '示例人员', number(1), Role.HEAD)
    real = datetime.now(UTC)
    with Session(house().engines.write) as session:
        account = Account.model_validate({'org_id': org.id, 'person_id': person.id, 'login': 'sample', 'password_hash': '-', 'must_change': False})
        post = session.exec(select(Post)).one()
        session.add(account)
        session.add(SignIn.model_validate({
            'token_hash': token_hash(token), 'account_id': account.id, 'person_id': person.id, 'post_id': post.id, 'began_at': real, 'seen_at': real,
            'ends_at': real + timedelta(hours=1)}))
        session.commit()


if __name__ == '__main__':
    serve(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
