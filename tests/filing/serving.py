"""A server of its own for the pages of filing: `python -m tests.filing.serving HOME PORT`; four people are signed in, each by a token of his name."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from sqlmodel import Session, select

from app import main
from app.actors import token_hash
from app.filing.operations import start_application
from app.house import house
from app.settings import LOOPBACK, Settings
from app.work import begin_as
from db.users import Account, Person, Post, SignIn
from tests import make
from tests.filing import prepared
from tests.serving import ROOT, WAIT_S, await_answer, free_port

NOW = datetime(2026, 10, 27, 1, 0, tzinfo=UTC)  # business time at the start


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: name of the sign-in cookie, ids of an application just begun, of one filled, of one handed in."""

    url: str
    cookie: str
    begun: int
    filled: int
    handed_in: int

    def client(self, who: str) -> httpx.Client:
        """Return a client signed in as mine, second, other, other_head, desk."""
        return httpx.Client(base_url=self.url, cookies={self.cookie: who}, timeout=WAIT_S)


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Start the server on a free port, end it afterwards."""
    port = free_port()
    with (folder / 'out.txt').open('wb') as out:
        process = subprocess.Popen([sys.executable, '-m', 'tests.filing.serving', str(folder / 'data'), str(port)], cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
    try:
        await_answer(f'http://127.0.0.1:{port}', process, folder / 'out.txt')
        cookie, *ids = (folder / 'out.txt').read_text().split('\n')[0].split()
        yield Served(f'http://127.0.0.1:{port}', cookie, *map(int, ids))
    finally:
        process.terminate()
        process.wait(WAIT_S)


def serve(home: Path, port: int) -> None:
    """Make the data folder and serve it until the process is told to end."""
    home.mkdir(parents=True)
    settings = Settings(
        home=home, keys=home.with_name('keys'), database=f'sqlite:///{home / "dingji.db"}', host='127.0.0.1', port=port, names=LOOPBACK,
        origins=(f'http://127.0.0.1:{port}',))
    main.open_database(settings)
    _fill()
    house().engines.close()
    opened = main.open_database

    def open_at_its_time(given: Settings) -> None:
        opened(given)
        house().offset = NOW - datetime.now(UTC)

    main.open_database = open_at_its_time
    main.serve(settings)


def _fill() -> None:
    made = make.world()
    mine, other, third = prepared.applicant(made), prepared.applicant(made, n=5), prepared.applicant(made, n=3)
    with begin_as(mine.clerk, at=prepared.AT) as work:
        begun = start_application(work, way='social').id
    filled, handed_in = prepared.filled(third), prepared.handed_in(other)[0]
    for person, token in ((mine.clerk, 'mine'), (other.clerk, 'other'), (other.head, 'other_head'), (third.clerk, 'third'), (made.people['acceptance_clerk'], 'desk')):
        _sign_in(person, token)
    print(house().cookie, begun, filled, handed_in, flush=True)


def _sign_in(person_id: int, token: str) -> None:
    real = datetime.now(UTC)
    with Session(house().engines.write) as session:
        person = session.get(Person, person_id)
        post = session.exec(select(Post).where(Post.person_id == person_id)).first()
        assert person and post
        account = Account.model_validate({'org_id': person.org_id, 'person_id': person_id, 'login': token, 'password_hash': '-', 'must_change': False})
        session.add(account)
        session.flush()
        session.add(SignIn.model_validate({
            'token_hash': token_hash(token), 'account_id': account.id, 'person_id': person_id, 'post_id': post.id, 'began_at': real, 'seen_at': real,
            'ends_at': real + timedelta(hours=1)}))
        session.commit()


if __name__ == '__main__':
    serve(Path(sys.argv[1]), int(sys.argv[2]))
