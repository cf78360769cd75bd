"""The start stays light: the sign-in page first, the rest after it, and what only papers, pictures and migrations need where it is used (design §3, §7)."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.types import Scope

from app import ORDER
from app.checked import DECIDING, NOTE, is_checked
from app.main import JOBS, PLAIN, SCREENS, Outer, Rest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {
    'pandas', 'plotly', 'cv2', 'av', 'fpdf', 'docx', 'scipy', 'xlsxwriter', 'PIL', 'pikepdf', 'pypdfium2', 'pypinyin', 'alembic', 'aiohttp'}
LATER = {'app.figures', 'app.rubrics', *JOBS, *(f'pages.{name}' for name in SCREENS), *(f'pages.plain.{name}' for name in PLAIN)}
BUILD = """
import json, sys
from pathlib import Path
from app.light import lightly
with lightly():
    from app.main import Rest, build
from app.settings import LOOPBACK, Settings
home, rest = Path(sys.argv[1]), Rest()
build(Settings(home=home, keys=home.with_name('keys'), database=f'sqlite:///{home}/dingji.db', host='127.0.0.1', port=8080, names=LOOPBACK,
               origins=('http://127.0.0.1:8080',)), rest)
first = sorted(sys.modules)
rest.bring()
print(json.dumps([first, sorted(sys.modules)]))
"""


class Counted(Rest):
    """Counts who waits for the rest and how often it is brought."""

    waited = brought = 0

    async def here(self) -> None:
        self.waited += 1
        await super().here()

    def bring(self) -> None:
        self.brought += 1


async def nothing(*_: object) -> None:
    """Stand for an application, and for what it hears and says."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the house to spoil."""
    root = tmp_path / 'house'
    for name in ('app', 'db', 'pages'):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns('__pycache__'))
    for name in ('regulations', 'static', 'manual'):
        shutil.copytree(ROOT / 'assets' / name, root / 'assets' / name, ignore=shutil.ignore_patterns('*.png'))
    for name in ('rules.csv', 'forms.csv', 'occupations.csv'):
        shutil.copy(ROOT / 'assets' / name, root / 'assets')
    return root


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding='utf-8')
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding='utf-8')


def start(home: Path, root: Path = ROOT, code: str = BUILD) -> subprocess.CompletedProcess[str]:
    home.mkdir(parents=True, exist_ok=True)
    return subprocess.run([sys.executable, '-c', code, str(home)], cwd=root, capture_output=True, encoding='utf-8', timeout=240)


def imported(home: Path) -> tuple[set[str], set[str]]:
    """Return the modules of a process that can serve its first page, and then everything."""
    first, all_of_it = json.loads(start(home).stdout.splitlines()[-1])
    return set(first), set(all_of_it)


def test_neither_the_first_page_nor_the_rest_imports_anything_heavy(tmp_path: Path) -> None:
    before_tables, _ = imported(tmp_path / 'data')
    assert {'nicegui', 'sqlmodel', 'alembic'} <= before_tables  # the first start makes the tables
    first, all_of_it = imported(tmp_path / 'data')
    assert {name.partition('.')[0] for name in all_of_it} & HEAVY == set()
    assert first & LATER == set()
    assert LATER - {'app.rubrics'} <= all_of_it


def test_the_sign_in_page_needs_no_function_but_the_users_and_no_tables_but_theirs(tmp_path: Path) -> None:
    imported(tmp_path / 'data')
    first, _ = imported(tmp_path / 'data')
    parts = {tuple(name.split('.')[:2]) for name in first}
    assert {part for part in parts if part[0] in ('app', 'db') and part[-1] in (*ORDER, 'demo')} == {('app', 'users'), ('db', 'users'), ('db', 'organizations')}


@pytest.mark.parametrize(('method', 'path', 'waits'), [
    ('GET', '/login', 0), ('HEAD', '/login', 0), ('GET', '/static/site.css', 0),
    ('POST', '/login', 1), ('POST', '/login/demo', 1), ('POST', '/post', 1), ('GET', '/', 1), ('GET', '/verify', 1), ('GET', '/first', 1), ('GET', '/healthz', 1), ('OPTIONS', '*', 1)])
async def test_all_but_reading_the_first_page_waits_for_the_rest(method: str, path: str, waits: int) -> None:
    rest = Counted()
    rest.plain = nothing  # type: ignore[assignment]
    scope: Scope = {'type': 'http', 'method': method, 'path': path}
    await Outer(nothing, rest)(scope, nothing, nothing)  # type: ignore[arg-type]
    assert rest.waited == waits


async def test_a_socket_waits_for_the_rest_and_a_start_does_not() -> None:
    rest = Counted()
    for kind in ('websocket', 'lifespan'):
        await Outer(nothing, rest)({'type': kind, 'path': '/login'}, nothing, nothing)  # type: ignore[arg-type]
    assert rest.waited == 1


async def test_the_rest_comes_once_however_many_ask() -> None:
    rest = Counted()
    await asyncio.gather(*(rest.here() for _ in range(20)))
    await rest.here()
    assert (rest.waited, rest.brought) == (21, 1)


def test_the_note_of_checked_profiles_is_of_today() -> None:
    assert is_checked(), 'after a change of figures or rule ids: python -c "from app.checked import note_check; note_check()"'


@pytest.mark.parametrize('file', ['assets/rules.csv', 'assets/regulations/hunan.yaml', 'assets/regulations/overlays/handbook.yaml', 'app/figures_exam.py'])
def test_a_file_that_decides_about_profiles_is_missed_when_it_differs(copy: Path, file: str) -> None:
    assert is_checked(copy)
    kept = (copy / file).read_bytes()
    (copy / file).write_bytes(kept.replace(b'\n', b'\r\n'))
    assert is_checked(copy)  # a checkout on Windows
    (copy / file).write_bytes(kept + b'\xff')
    assert not is_checked(copy)
    (copy / file).unlink()
    assert not is_checked(copy)


@pytest.mark.parametrize('file', ['assets/regulations/toyland.yaml', 'assets/regulations/overlays/ours.yaml'])
def test_a_file_beside_the_checked_ones_is_not_checked(copy: Path, file: str) -> None:
    (copy / file).write_bytes(b'')
    assert not is_checked(copy)
    (copy / file).unlink()
    (copy / NOTE).unlink()
    assert not is_checked(copy)


def test_every_pattern_of_the_note_finds_files() -> None:
    assert [pattern for pattern in DECIDING if not list(ROOT.glob(pattern))] == []


def test_an_unknown_key_in_a_changed_profile_stops_the_start_with_file_and_line(copy: Path, tmp_path: Path) -> None:
    spoil(copy / 'assets/regulations/hunan.yaml', '  annual_change:', '  anual_change:')
    line = 1 + [text.startswith('  anual_change:') for text in (copy / 'assets/regulations/hunan.yaml').read_text(encoding='utf-8').splitlines()].index(True)
    stopped = start(tmp_path / 'data', copy)
    assert (stopped.returncode, stopped.stderr.splitlines()[-1]) == (
        1, f'ValueError: assets/regulations/hunan.yaml:{line}: plan.anual_change: unknown key')


def test_an_unchanged_profile_is_not_read_at_the_start(copy: Path, tmp_path: Path) -> None:
    assert start(tmp_path / 'data', copy).returncode == 0
    spoil(copy / 'app/layers.py', 'def read_layer(file: Path) -> Layer:\n', 'def read_layer(file: Path) -> Layer:\n    raise RuntimeError\n')
    assert start(tmp_path / 'data', copy).returncode == 0
    spoil(copy / 'assets/regulations/hunan.yaml', 'label: 湖南', 'label: 湖南省')
    assert 'RuntimeError' in start(tmp_path / 'data', copy).stderr


def test_a_screen_that_cannot_be_imported_ends_the_process_with_the_reason(copy: Path, tmp_path: Path) -> None:
    (copy / 'pages' / 'help.py').write_text('import nowhere\n', encoding='utf-8')
    serve = BUILD.split('home, rest')[0] + """
from app.main import serve
home = Path(sys.argv[1])
serve(Settings(home=home, keys=home.with_name('keys'), database=f'sqlite:///{home}/dingji.db', host='127.0.0.1', port=0, names=LOOPBACK, origins=('http://x',)))
"""
    ended = start(tmp_path / 'data', copy, serve)
    assert (ended.returncode, ended.stderr.splitlines()[-1]) == (1, "ModuleNotFoundError: No module named 'nowhere'")
