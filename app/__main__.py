"""`python -m app …`: makes the environment with the standard library alone, then goes on inside it (design §5).

Old Pythons read this file too and must be able to say what they lack: no syntax newer than 3.6 stands here.
"""

import argparse
import hashlib
import importlib.util
import io
import os
import runpy
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / '.venv'
PYTHON = VENV / ('Scripts/python.exe' if os.name == 'nt' else 'bin/python')
NEEDED_BYTES = 1_500_000_000  # the packages take about 0.8 GB, as much again while they are unpacked
LISTS = ('requirements.lock',)  # every package with the hashes of its files, made from requirements.txt by .ci/lock
TOOL_LISTS = ('requirements.lock', 'tests/requirements.lock')  # the last one names the application's packages too
MARKS = {LISTS: 'ready', TOOL_LISTS: 'ready-tests'}  # written last, so that a broken install is repeated
WORKERS = ('-n', '2')  # of pytest; how the tests are dealt out: tests/dealing.py
COMMANDS = ('demo', 'test', 'coverage', 'bench')
HELP = """用法 Usage:
  python -m app demo      载入演示数据并打开浏览器 load the demo story, serve it, open the browser
  python -m app           使用正式数据 serve the real data
  python -m app test      运行测试（--long 为全部）run the tests, --long for all
  python -m app coverage  规则和表格的落实情况 rules and forms carried, with their tests
  python -m app bench     性能对比 benchmarks
加 --help 查看各命令的选项 add --help for the options of a command"""
_NO_NETWORK = ('NewConnectionError', 'Max retries', 'timed out', 'ConnectTimeout', 'resolution', 'getaddrinfo', 'ProxyError', 'SSLError',
               'Connection broken', 'Could not find a version', 'error sending request', 'dns error', 'Failed to fetch')
_FORGED = ('DO NOT MATCH THE HASHES', 'Hash mismatch')
_NO_ROOM = ('No space left', 'Errno 28', 'not enough space')


class Unready(Exception):
    """The environment cannot be made: what is missing and what to do, in Chinese and English."""


def main(argv: 'list[str]') -> int:
    """Make the environment if it does not stand, carry the command out inside it, return the exit code."""
    if sys.version_info[:2] < OLDEST:
        print('定级台需要 Python 3.11 或更新的版本，当前是 {0}。请安装新版本后，用它执行同一条命令。\n'
              'Dingji needs Python 3.11 or newer, this is {0}. Install a newer one and run the same command with it.'
              .format('.'.join(map(str, sys.version_info[:3]))), file=sys.stderr)
        return 1
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors='replace')  # a console without Chinese shows ? instead of ending with an error
    command = argv[0] if argv and not argv[0].startswith('-') else ''
    if command and command not in COMMANDS:
        print(f'没有命令“{command}”。No such command.\n{HELP}', file=sys.stderr)
        return 2
    options = _options(command, argv[1:] if command else argv)
    try:
        _make_environment(TOOL_LISTS if command in ('test', 'bench') else LISTS)
    except Unready as lacking:
        print(f'\n{lacking}', file=sys.stderr)
        return 1
    return _run(command, options, argv[1:]) if _inside() else _go_inside(argv)


def _options(command: str, rest: 'list[str]') -> argparse.Namespace:
    """Read the options of the two serving commands; the others take what follows as it stands."""
    parser = _Parser(prog=f'python -m app {command}'.rstrip(), epilog=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    if command in ('', 'demo'):
        parser.set_defaults(demo=command == 'demo', now='', cert='', key='', behind_proxy='')
        parser.add_argument('--host', default='127.0.0.1', help='监听地址；除 127.0.0.1 外一律使用 HTTPS（0.0.0.0 为全部地址）')
        parser.add_argument('--port', default='', help='端口，默认 8080，被占用时取下一个')
        parser.add_argument('--data', default='', help='数据文件夹')
        parser.add_argument('--no-browser', action='store_true', help='不打开浏览器')
        if command == 'demo':
            parser.add_argument('--now', help='演示时间，例如 2026-11-23T09:00')
        else:
            parser.add_argument('--cert', help='自有 HTTPS 证书（PEM），与 --key 同用')
            parser.add_argument('--key', help='自有证书的私钥（PEM）')
            parser.add_argument('--behind-proxy', metavar='ADDRESS', help='反向代理对外的地址，例如 https://jd.example.org')
        return parser.parse_args(rest)
    return argparse.Namespace()


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f'命令行有误：{message}。加 --help 查看用法。\n')


def _run(command: str, options: argparse.Namespace, rest: 'list[str]') -> int:
    if command == 'test':
        return _test(rest)
    if command == 'coverage':
        from app.coverage import main as print_coverage

        return print_coverage()
    if command == 'bench':
        sys.argv[1:] = rest
        runpy.run_module('tests.bench', run_name='__main__', alter_sys=True)
        return 0
    return _serve(options)


def _serve(options: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from app.errors import Refused
    from app.settings import Settings, hold_folder

    try:
        settings = Settings.from_args(options, os.environ, datetime.now(UTC))
        with hold_folder(settings):
            from app.light import lightly

            with lightly():
                from app.main import serve  # heavy: a refused start need not wait for it
            serve(settings)
    except Refused as refused:
        print(refused.sentence, file=sys.stderr)
        return 1
    return 0


def _test(rest: 'list[str]') -> int:
    """Run ruff, mypy and pytest, all three; return the first code that is not 0. The last line printed is pytest's."""
    codes = []
    for tool in (['ruff', 'check', '.'], ['mypy'], ['pytest', *WORKERS, *rest]):
        print(f'== {" ".join(tool)}', flush=True)
        codes.append(subprocess.call([sys.executable, '-m', *tool], cwd=str(ROOT)))
    return next((code for code in codes if code), 0)


def _inside() -> bool:
    return VENV.is_dir() and VENV.samefile(sys.prefix)


def _go_inside(argv: 'list[str]') -> int:
    args = [str(PYTHON), '-m', 'app', *argv]
    sys.stdout.flush()
    if os.name != 'nt':  # on Windows exec would return to the prompt at once
        os.execv(args[0], args)
    return subprocess.call(args)


def _make_environment(lists: 'tuple[str, ...]') -> None:
    """Make .venv and install the lists into it, unless their mark says that this was done; raise Unready when it cannot be."""
    done = [names for names in (LISTS, TOOL_LISTS) if set(names) <= set(lists)]
    if PYTHON.is_file() and _mark(lists).is_file() and _mark(lists).read_text() == _state(lists):
        return
    uv = shutil.which('uv')
    try:
        if not _stands(uv):
            _create(uv)
        _install(ROOT / lists[-1], uv)
        for names in done:
            _mark(names).write_text(_state(names))
    except (OSError, subprocess.CalledProcessError) as error:
        raise Unready(f'无法建立运行环境 {VENV}：{error}。请检查该文件夹的写入权限和磁盘空间后重新执行。\n'
                      f'Could not make the environment in {VENV}: {error}. Check that it can be written and run again.') from error


def _mark(lists: 'tuple[str, ...]') -> Path:
    return VENV / MARKS[lists]


def _state(lists: 'tuple[str, ...]') -> str:
    return hashlib.sha256(b''.join((ROOT / name).read_bytes() for name in lists) + sys.version.encode()).hexdigest()


def _stands(uv: 'str | None') -> bool:
    """Tell whether .venv has a Python that runs, and pip where uv is missing: its base may have been removed or replaced."""
    if _inside():
        return True
    return PYTHON.is_file() and subprocess.call(
        [str(PYTHON), '-c', 'pass' if uv else 'import pip'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def _create(uv: 'str | None') -> None:
    if importlib.util.find_spec('venv') is None or not (uv or importlib.util.find_spec('ensurepip')):
        raise Unready('这个 Python 缺少 venv 或 pip（ensurepip），无法建立运行环境。Debian、Ubuntu、统信、麒麟请先执行：\n'
                      '    sudo apt install python3-venv python3-pip\n其他系统请从 python.org 重新安装 Python 3.11 或更新的版本。\n'
                      'This Python lacks venv or pip (ensurepip). On Debian and its kin install python3-venv, elsewhere Python from python.org.')
    free = shutil.disk_usage(str(ROOT)).free
    if free < NEEDED_BYTES:
        raise Unready(f'磁盘空间不足：安装需要 {NEEDED_BYTES / 1e9:.1f} GB，{ROOT} 所在磁盘只剩 {free / 1e9:.1f} GB。请清理后重新执行。\n'
                      f'Not enough disk space: {NEEDED_BYTES / 1e9:.1f} GB are needed, {free / 1e9:.1f} GB are free. Make room and run again.')
    import venv

    print('首次启动：正在建立运行环境 .venv，约需一两分钟，以后不再需要。\nFirst start: making .venv, one or two minutes, once.', flush=True)
    venv.create(str(VENV), with_pip=not uv, clear=True, symlinks=os.name != 'nt')


def _install(wanted: Path, uv: 'str | None') -> None:
    command = [uv, 'pip', 'install', '--python', str(PYTHON)] if uv else [
        str(PYTHON), '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off']
    with subprocess.Popen([*command, '--require-hashes', '-r', str(wanted)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          encoding='utf-8', errors='replace', env=dict(os.environ, PYTHONIOENCODING='utf-8')) as pip:
        said = _follow(pip.stdout or ())
    if pip.returncode == 0:
        _progress('软件包已就绪 packages are ready', end='\n')
        return
    print('\n' + ''.join(said), file=sys.stderr)
    text = ' '.join(said)
    if any(sign in text for sign in _FORGED):
        raise Unready('软件源给出的软件包与程序中锁定的校验值不符，可能被改动过，没有安装。请用 PIP_INDEX_URL 换一个可信的软件源后重新执行同一条命令。\n'
                      'A package does not match its locked hash and was not installed; it may have been altered. Name another source with PIP_INDEX_URL and run again.')
    if any(sign in text for sign in _NO_ROOM):
        raise Unready('磁盘已满，软件包没有装完。请清理后重新执行同一条命令。\nThe disk is full. Make room and run the same command again.')
    if any(sign in text for sign in _NO_NETWORK):
        raise Unready('无法从软件源取得软件包。请检查网络（或用 PIP_INDEX_URL 指定镜像）后重新执行同一条命令，将从中断处继续。\n'
                      'Could not fetch the packages. Check the network (PIP_INDEX_URL names a mirror) and run the same command again.')
    raise Unready('软件包没有装完，原因见上面的输出。处理后请重新执行同一条命令。\n'
                  'The packages were not installed, the reason stands above. Mend it and run the same command again.')


def _follow(output: 'Iterable[str]') -> 'list[str]':
    """Show how pip or uv goes on, in one line that renews itself; return the last lines said, for the case of failure."""
    said = deque(maxlen=20)  # type: deque[str]
    count = 0
    for line in output:
        said.append(line)
        words = line.split()
        if words[:1] in (['Collecting'], ['Processing']):  # from a registry, from a folder
            count += 1
            _progress(f'正在取得第 {count} 个软件包 fetching package {count}: {Path(words[1]).name}')
        elif words[:1] == ['Installing']:
            _progress(f'正在写入 {len(words) - 3} 个软件包，请稍候 writing {len(words) - 3} packages')
        elif 'Retrying' in words:
            _progress('网络不通，正在重试 no connection, trying again')
        elif words[:1] in (['Resolved'], ['Prepared'], ['Installed']):
            _progress(line.strip())
    return list(said)


def _progress(text: str, end: str = '') -> None:
    if sys.stdout.isatty():
        print('\r' + text.ljust(78), end=end, flush=True)
    else:
        print(text, flush=True)


if __name__ == '__main__':
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print('\n已中断 interrupted', file=sys.stderr)
        sys.exit(130)
