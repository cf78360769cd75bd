"""`python -m app` on a machine with nothing but Python: the environment is made, kept, made again, or what lacks is said.

Each test runs the real module in a process of its own, in a copy of the house whose lists name no package.
"""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from app.settings import hold_folder, mark_demo
from tests.test_settings import settings_of

ROOT = Path(__file__).resolve().parent.parent
BASE = Path(sys.base_prefix) / 'bin' / f'python{sys.version_info[0]}.{sys.version_info[1]}'  # outside any environment
COPIED = ('__init__.py', '__main__.py', 'settings.py', 'tls.py', 'errors.py')
TELL = 'import sys\ndef main() -> None:\n    print("inside", sys.prefix)\n'
LISTS = ('requirements.lock', 'tests/requirements.lock')
MAKING = '首次启动：正在建立运行环境'
pytestmark = pytest.mark.skipif(os.name == 'nt', reason='the interpreter lies elsewhere on Windows')


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Return a copy of the start of the house, in a folder with a blank and Chinese characters, with empty lists."""
    root = tmp_path / '定级台 一号'
    (root / 'app').mkdir(parents=True)
    (root / 'tests').mkdir()
    for name in COPIED:
        shutil.copy(ROOT / 'app' / name, root / 'app')
    (root / 'app' / 'coverage.py').write_text(TELL)
    for name in LISTS:
        (root / name).write_text('# nothing\n')
    return root


def call(root: Path, *argv: str, python: tuple[str | Path, ...] = (BASE,), **environ: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m app …` without uv and without what pip was told about this machine; what it says is in stdout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(('PIP_', 'DINGJI_', 'PYTHON', 'UV_'))}
    alone = {'PATH': os.defpath, 'PYTHONIOENCODING': 'utf-8', 'PIP_CONFIG_FILE': os.devnull}
    given = ('-m', 'app', *argv) if len(python) == 1 else argv
    return subprocess.run([*map(str, python), *given], cwd=root, env=kept | alone | environ, encoding='utf-8', timeout=300,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)


def ready(root: Path) -> Path:
    """Give the copy an environment that finds this one's packages, pip among them; return its Python."""
    venv.create(root / '.venv', symlinks=True)
    packages = root / '.venv' / 'lib' / BASE.name / 'site-packages'
    (packages / 'these.pth').write_text(sysconfig.get_path('purelib'))
    return root / '.venv' / 'bin' / 'python'


def inside(root: Path) -> str:
    return f'inside {root / ".venv"}'


def test_first_start_makes_the_environment_and_goes_on_inside_it(house: Path) -> None:
    first, second = call(house, 'coverage'), call(house, 'coverage')
    assert (first.returncode, MAKING in first.stdout, first.stdout.splitlines()[-1]) == (0, True, inside(house))
    assert (second.returncode, second.stdout) == (0, inside(house) + '\n')
    (house / '.venv' / 'ready').unlink()  # what an interrupted installation leaves
    repeated = call(house, 'coverage').stdout
    (house / 'requirements.lock').write_text('# another list\n')
    changed = call(house, 'coverage', python=(house / '.venv' / 'bin' / 'python',)).stdout
    for said in (repeated, changed):
        assert (MAKING in said, '软件包已就绪' in said, said.splitlines()[-1]) == (False, True, inside(house))
    (house / '.venv' / 'bin' / 'python').unlink()  # its base was removed or replaced
    assert call(house, 'coverage').stdout.startswith(MAKING)


def test_an_installation_that_broke_off_is_repeated(house: Path) -> None:
    (house / 'requirements.lock').write_text('./package\n')
    broken = call(house, 'coverage')
    assert broken.returncode == 1
    assert '软件包没有装完，原因见上面的输出' in broken.stdout
    assert "Invalid requirement: './package'" in broken.stdout
    assert 'Traceback' not in broken.stdout
    assert not (house / '.venv' / 'ready').exists()
    (house / 'requirements.lock').write_text('# mended\n')
    assert call(house, 'coverage').stdout.splitlines()[-1] == inside(house)


def test_a_network_that_fails_is_said_in_two_languages(house: Path) -> None:
    (house / 'requirements.lock').write_text(f'fpdf2==2.8.9 --hash=sha256:{"0" * 64}\n')
    said = call(house, 'demo', PIP_INDEX_URL='http://127.0.0.1:9/simple', PIP_RETRIES='1', PIP_NO_CACHE_DIR='1')
    assert said.returncode == 1
    assert '网络不通，正在重试' in said.stdout
    assert '无法从软件源取得软件包。请检查网络' in said.stdout
    assert 'Could not fetch the packages. Check the network' in said.stdout


def wheels(folder: Path, *names: str) -> list[str]:
    """Make a wheel of each name; returns their lines of a lock."""
    lines = []
    for name in names:
        path = folder / f'{name}-1-py3-none-any.whl'
        with ZipFile(path, 'w') as wheel:
            wheel.writestr(f'{name}.py', '')
            wheel.writestr(f'{name}-1.dist-info/METADATA', f'Metadata-Version: 2.1\nName: {name}\nVersion: 1\n')
            wheel.writestr(f'{name}-1.dist-info/WHEEL', 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n')
            wheel.writestr(f'{name}-1.dist-info/RECORD', '')
        lines.append(f'{name}==1 \\\n    --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n')
    return lines


def test_packages_are_named_while_they_are_fetched(house: Path, tmp_path: Path) -> None:
    (house / 'requirements.lock').write_text(''.join(wheels(tmp_path, 'one', 'two')))
    said = call(house, 'coverage', PIP_NO_INDEX='1', PIP_FIND_LINKS=str(tmp_path))
    assert '正在取得第 2 个软件包 fetching package 2: two-1-py3-none-any.whl' in said.stdout
    assert '正在写入 2 个软件包' in said.stdout


def test_a_package_that_was_altered_or_has_no_hash_is_not_installed(house: Path, tmp_path: Path) -> None:
    one, two = wheels(tmp_path, 'one', 'two')
    with ZipFile(tmp_path / 'two-1-py3-none-any.whl', 'a') as altered:
        altered.writestr('more.py', '')
    for lock, told in ((one + two, '与程序中锁定的校验值不符'), (one + 'two==1\n', '软件包没有装完')):
        (house / 'requirements.lock').write_text(lock)
        said = call(house, 'coverage', PIP_NO_INDEX='1', PIP_FIND_LINKS=str(tmp_path))
        assert (said.returncode, told in said.stdout, 'Traceback' in said.stdout, inside(house) in said.stdout) == (1, True, False, False)
    assert not list((house / '.venv').rglob('two.py'))
    assert not (house / '.venv' / 'ready').exists()


def test_python_without_pip_is_told_what_to_install(house: Path, tmp_path: Path) -> None:
    library = tmp_path / 'python' / 'lib' / f'python{sys.version_info[0]}.{sys.version_info[1]}'  # as Debian without python3-venv
    library.mkdir(parents=True)
    for part in Path(sysconfig.get_path('stdlib')).iterdir():
        if part.name not in ('ensurepip', 'site-packages'):
            (library / part.name).symlink_to(part)
    said = call(house, 'demo', PYTHONHOME=str(tmp_path / 'python'))
    assert said.returncode == 1
    assert 'sudo apt install python3-venv' in said.stdout
    assert 'This Python lacks venv or pip' in said.stdout
    assert not (house / '.venv').exists()


def test_a_disk_without_room_is_noticed_before_anything_is_written(house: Path) -> None:
    full = 'import runpy, shutil; shutil.disk_usage = lambda path: shutil._ntuple_diskusage(9e9, 7.6e9, 1.4e9); runpy.run_module("app", None, "__main__")'
    said = call(house, python=(BASE, '-c', full))
    assert said.returncode == 1
    assert '磁盘空间不足：安装需要 1.5 GB' in said.stdout
    assert 'Not enough disk space: 1.5 GB are needed, 1.4 GB are free.' in said.stdout
    assert not (house / '.venv').exists()


def test_a_folder_that_cannot_be_written_is_said(house: Path) -> None:
    (house / '.venv').write_text('a file in the way')
    said = call(house, 'coverage')
    assert said.returncode == 1
    assert '无法建立运行环境' in said.stdout
    assert 'Traceback' not in said.stdout


def test_uv_is_used_when_it_is_there(house: Path, tmp_path: Path) -> None:
    (tmp_path / 'bin').mkdir()
    uv = tmp_path / 'bin' / 'uv'
    uv.write_text('#!/bin/sh\necho "$@" > "$0.asked"\necho "Installed 80 packages in 3s"\n')
    uv.chmod(0o755)
    said = call(house, 'coverage', PATH=f'{uv.parent}{os.pathsep}{os.defpath}')
    assert 'Installed 80 packages in 3s' in said.stdout
    assert said.stdout.splitlines()[-1] == inside(house)
    assert uv.with_name('uv.asked').read_text() == f'pip install --python {house}/.venv/bin/python --require-hashes -r {house}/requirements.lock\n'


@pytest.mark.parametrize('minor', [6, 7, 8, 9, 10])
def test_the_start_can_be_read_by_old_pythons(minor: int) -> None:
    for name in ('__init__.py', '__main__.py'):
        ast.parse((ROOT / 'app' / name).read_text(encoding='utf-8'), feature_version=(3, minor))


def test_an_old_python_is_told_which_one_is_needed(house: Path) -> None:
    old = 'import runpy, sys; sys.version_info = (3, 9, 2, "final", 0); runpy.run_module("app", None, "__main__")'
    said = call(house, 'demo', python=(BASE, '-c', old))
    assert (said.returncode, said.stdout) == (1, (
        '定级台需要 Python 3.11 或更新的版本，当前是 3.9.2。请安装新版本后，用它执行同一条命令。\n'
        'Dingji needs Python 3.11 or newer, this is 3.9.2. Install a newer one and run the same command with it.\n'))


@pytest.mark.parametrize('argv', [('backup',), ('demo', '--cert', 'a.pem'), ('--now', '2026-11-23'), ('--prot', '9')])
def test_what_is_not_offered_is_refused_before_anything_is_made(house: Path, argv: tuple[str, ...]) -> None:
    said = call(house, *argv)
    assert said.returncode == 2
    assert '没有命令“backup”' in said.stdout or '命令行有误' in said.stdout
    assert not (house / '.venv').exists()


@pytest.mark.parametrize(('failing', 'code'), [('', 0), ('ruff', 3), ('mypy', 3), ('pytest', 3)])
def test_all_three_checks_run_and_any_of_them_fails_the_whole(house: Path, failing: str, code: int) -> None:
    for tool in ('ruff', 'mypy', 'pytest'):
        (house / f'{tool}.py').write_text(f'import sys\nprint("{tool}", *sys.argv[1:])\nsys.exit({3 if tool == failing else 0})\n')
    said = call(house, 'test', '--long', '-k', 'start', python=(ready(house),))
    assert said.returncode == code
    assert [line for line in said.stdout.splitlines()[1:] if not line.startswith('== ')] == ['ruff check .', 'mypy', 'pytest -n 2 --long -k start']


def test_a_folder_in_use_and_demo_data_are_refused_in_one_line(house: Path) -> None:
    held = settings_of(data=str(house / 'data'))
    python = ready(house)
    with hold_folder(held):
        second = call(house, python=(python,))
    mark_demo(held.home)
    real = call(house, python=(python,))
    assert (second.returncode, second.stdout) == (
        1, f'软件包已就绪 packages are ready\n'
           f'数据文件夹 {held.home} 正由另一个定级台使用（进程号 {os.getpid()}）。请先结束它，或用 --data 指定另一个文件夹。\n')
    assert (real.returncode, real.stdout) == (
        1, f'{held.home} 是演示数据，不能用于正式工作。请执行 python -m app demo，或用 --data 指定另一个文件夹。\n')
