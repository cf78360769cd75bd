"""A real server in a child process, with a data folder of its own and people who can sign in."""

from __future__ import annotations

import json
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import httpx

from app.access import Role
from app.house import House, house, open_house
from app.organizations.first import check_first, make_first
from app.sealed import open_keys
from app.settings import mark_demo
from app.users.operations import add_account, add_person, give_post
from app.users.passwords import hash_password
from app.work import begin_as
from db.migrate import migrate
from db.session import Engines
from tests import make

ROOT = Path(__file__).resolve().parent.parent
START_S = 120  # a busy machine is no fault of a server
WAIT_S = 40  # for one answer
PASSWORD = 'korrekt-pferd-batterie'
PEOPLE = {  # login → name and posts; none needs a second factor
    'zhang.chunfen': ('张春分', (Role.REGISTRAR, Role.SCORER)),
    'ge.dahan': ('葛大寒', (Role.SUPERVISOR,)),
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    url: str
    home: Path
    process: subprocess.Popen[bytes]

    @property
    def cookie(self) -> str:
        """Name of the sign-in cookie."""
        return f'dingji-{(self.home / "folder-id").read_text()}'

    @contextmanager
    def signed_in(self, login: str) -> Iterator[httpx.Client]:
        """Give a client that has signed in."""
        with httpx.Client(base_url=self.url, headers={'origin': self.url}, timeout=WAIT_S) as client:
            answer = client.post('/login', data={'login': login, 'password': PASSWORD})
            assert answer.status_code == 303, answer.text
            yield client


@contextmanager
def served(folder: Path, *, demo: bool = False) -> Iterator[Server]:
    """Prepare a data folder, start the server on a free port, end it afterwards."""
    home = folder / 'data'
    fill(home, demo=demo)
    port = free_port()
    with (folder / 'out.txt').open('wb') as out:
        process = subprocess.Popen(
            [sys.executable, '-m', 'app', *(['demo'] if demo else []), '--data', str(home), '--port', str(port), '--no-browser'],
            cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
    server = Server(f'http://127.0.0.1:{port}', home, process)
    try:
        await_answer(server.url, process, folder / 'out.txt')
        yield server
    finally:
        process.terminate()
        process.wait(WAIT_S)


def fill(home: Path, *, demo: bool = False) -> None:
    """Make the database of an organisation with a head and the people above."""
    home.mkdir(parents=True, mode=0o700)
    if demo:
        mark_demo(home)
    engines = Engines(f'sqlite:///{home}/dingji.db')
    migrate(engines)
    open_house(House(engines, open_keys(home.with_name(f'{home.name}-keys')), home, demo=demo))
    make_first(demo=demo, **check_first(
        purpose='organization', org_name='明川市启帆职业培训学校（演示）', kind='social_training_org', credit_code='52990102MA99DM010P', region='990102',
        profile='demo', person_name='何立春', id_number='990199196907215012', login='he.lichun', password=PASSWORD))
    made = hash_password(PASSWORD)
    with closing(engines), begin_as(_first_person()) as work:
        for n, (login, (name, roles)) in enumerate(PEOPLE.items()):
            person = add_person(work, name=name, id_number=make.number(n + 1))
            add_account(work, person_id=person.id, login=login, password_hash=made, must_change=False)
            for role in roles:
                give_post(work, person_id=person.id, role=role, from_on=make.START)


def free_port() -> int:
    """Return a port nobody uses, below those that a system gives to whoever asks: else a client may have it before the server."""
    while True:
        port = 10_000 + secrets.randbelow(20_000)
        with suppress(OSError), closing(socket.socket()) as probe:
            probe.bind(('', port))
            return port


def await_answer(url: str, process: subprocess.Popen[bytes], out: Path) -> None:
    """Wait until a server answers, or fail with what it said to `out`."""
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f'{url}/healthz').status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f'the server did not start:\n{out.read_text(encoding="utf-8")}')


def elements_of(page: str) -> dict[str, Any]:
    """Return the elements that a NiceGUI page sends to the browser, by id."""
    found = re.search(r'parseElements\(String\.raw`(.*?)`\)', page, re.DOTALL)
    assert found, page[:2000]
    return dict(json.loads(unescape(found[1])))


def client_id_of(page: str) -> str:
    """Return the id under which the server knows a drawn page."""
    found = re.search(r"'client_id': '([0-9a-f-]{36})'|\"client_id\": ?\"([0-9a-f-]{36})\"", unescape(page))
    assert found, page[:2000]
    return found[1] or found[2]


def _first_person() -> int:
    from sqlmodel import select

    from db.users import Person

    with house().engines.read.connect() as connection:
        return int(connection.execute(select(Person.id)).scalar_one())
