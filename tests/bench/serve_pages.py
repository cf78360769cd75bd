"""The server of the page benchmark: `python -m tests.bench.serve_pages HOME PORT TOKEN`; the real composition with two pages more."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nicegui import context, ui
from sqlmodel import Session, select
from starlette.requests import Request

from app import main
from app.access import Permission
from app.actors import Actor, token_hash
from app.house import house
from app.settings import LOOPBACK, Settings
from db.users import Account, Post, SignIn
from pages.frame import page
from pages.gate import drawn_for
from pages.parts.form import Field, Form
from pages.plain.cookies import actor_in
from tests import make
from tests.assessment.making import accepted, opened, sheets

FIELDS = 200
KINDS = ('text', 'text', 'number', 'date', 'long')
PEOPLE = (20, 20, 20)  # a batch of sixty, so that the first page is a full one


def serve(home: Path, port: int, token: str) -> None:
    """Fill a new data folder, print the cookie's name, the batch and the address of a score sheet, serve until told to end."""
    home.mkdir(parents=True)
    settings = Settings(
        home=home, keys=home.with_name('keys'), database=f'sqlite:///{home / "dingji.db"}', host='127.0.0.1', port=port, names=LOOPBACK,
        origins=(f'http://127.0.0.1:{port}',))
    main.open_database(settings)
    with closing(house().engines):
        print(house().cookie, *_fill(token), flush=True)
    register_pages()
    main.serve(settings)


def register_pages() -> None:
    """Register the empty page and the form of 200 fields beside the real ones."""

    @ui.page('/bench/empty')
    def empty(request: Request) -> None:
        me = actor_in(request.cookies)
        assert me is not None
        drawn_for(context.client, me)  # else the gate refuses its socket
        ui.label('空白').classes('bench-last')

    @page('/bench/form', title='表单', needs=Permission.HELP_READ)
    def form(me: Actor) -> None:
        asked = [Field(f'f{n}', f'第{n}项', None if KINDS[n % 5] == 'date' else '', kind=KINDS[n % 5]) for n in range(FIELDS)]
        Form(asked, lambda *_: None, title='表单')


def _fill(token: str) -> tuple[int, str]:
    """Keep a batch with the registrar's sign-in, and a public sheet of 46 items with its assessor's; returns batch and address of the sheet."""
    real = datetime.now(UTC)
    made = make.world(at=real)
    batch = make.batch(made, sizes=PEOPLE, photos=False, close=False, at=real)
    case = opened(accepted(made=made))
    sheet = sheets(case, case.assessors[0])[0]
    for login, person_id in ((token, made.people['registrar']), (f'{token}-assessor', case.assessors[0])):
        _signed_in(login, person_id, real)
    return batch.id, f'/assessments/{case.assessment_id}/sheets/{sheet.id}'


def _signed_in(token: str, person_id: int, real: datetime) -> None:
    """Keep the sign-in of a person whose cookie is known."""
    with Session(house().engines.write) as session:
        post = session.exec(select(Post).where(Post.person_id == person_id)).one()
        account = Account.model_validate({'org_id': post.org_id, 'person_id': post.person_id, 'login': token[:40], 'password_hash': '-', 'must_change': False})
        session.add(account)
        session.add(SignIn.model_validate({
            'token_hash': token_hash(token), 'account_id': account.id, 'person_id': post.person_id, 'post_id': post.id, 'began_at': real, 'seen_at': real,
            'ends_at': real + timedelta(hours=1)}))
        session.commit()


if __name__ == '__main__':
    serve(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
