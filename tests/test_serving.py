"""Starting, meeting another start, ending and being killed: `python -m app` as a real process; and what its log keeps."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from socket import socket

import httpx
import pytest

from app.demo.load import STEPS
from app.settings import DEFAULT_PORT
from tests.processes import READY, Started, begin, demo_copy, demo_loaded, refused, started
from tests.serving import ROOT

LOAD_S, END_S = 60, 3
WRITE = """import logging, sys
from pathlib import Path
from app.logbook import open_log
open_log(Path(sys.argv[1]))
for n in range(13_000):
    logging.getLogger('app').info('%d %s', n, 'x' * 4800)
logging.getLogger('app').warning('number 990199196907215012, phone 15400010007')
"""


@pytest.fixture(scope='module')
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """The demo, served; no test here ends it."""
    with started(demo_copy(tmp_path_factory, 'serving'), demo=True) as running:
        yield running


def test_the_demo_loads_with_progress_in_a_minute(tmp_path_factory: pytest.TempPathFactory, demo: Started) -> None:
    loaded = demo_loaded(tmp_path_factory)
    page = httpx.get(f'{demo.url}/login').text
    assert loaded.took_s <= LOAD_S
    assert [int(n) for n in re.findall(rf'^载入演示数据 (\d+)/{len(STEPS)}：', loaded.said, re.MULTILINE)] == list(range(len(STEPS) + 1))
    assert '载入演示数据' not in demo.said  # a folder that holds the story is not loaded again
    assert ('何立春' in page, '禹鬼金' in page) == (True, True)


def test_a_click_signs_in_on_this_machine(demo: Started) -> None:
    with httpx.Client(base_url=demo.url, headers={'origin': demo.url}) as client:
        post = re.search(r'value="(\d+)"><b>张春分</b>', client.get('/login').text)
        assert post
        answer = client.post('/login/demo', data={'post': post[1]})
        assert (answer.headers['location'], '张春分（报名与资格审核员）' in client.get('/').text) == ('/', True)
        assert client.post('/login/demo', data={'post': '1'}).status_code == 403  # no such post


def test_a_demo_whose_loading_was_broken_off_is_refused_in_chinese(tmp_path: Path) -> None:
    home = tmp_path / 'data'
    running = begin(home, demo=True)
    while f'载入演示数据 1/{len(STEPS)}' not in running.said:
        assert running.process.poll() is None, running.said
        time.sleep(0.02)
    running.end(signal.SIGKILL)
    status, said = refused(home, demo=True)
    assert (status, said) == (1, f'{home} 中的演示数据上次没有载入完整。请删除这个文件夹，再执行 python -m app demo。\n')


def test_a_second_start_on_the_same_folder_is_refused_and_the_first_goes_on(demo: Started) -> None:
    status, said = refused(demo.home, demo=True)
    assert (status, said) == (1, f'数据文件夹 {demo.home} 正由另一个定级台使用（进程号 {demo.process.pid}）。请先结束它，或用 --data 指定另一个文件夹。\n')
    assert httpx.get(f'{demo.url}/healthz').text == 'ok'


def test_real_work_does_not_open_demo_data(demo: Started) -> None:
    status, said = refused(demo.home)
    assert (status, said) == (1, f'{demo.home} 是演示数据，不能用于正式工作。请执行 python -m app demo，或用 --data 指定另一个文件夹。\n')


def test_a_killed_server_starts_again_on_the_same_folder(tmp_path: Path) -> None:
    with started(tmp_path / 'data') as first:
        assert first.end(signal.SIGKILL)[0] == -signal.SIGKILL
    with started(tmp_path / 'data') as again:
        assert httpx.get(f'{again.url}/healthz').text == 'ok'
        assert again.code != first.code  # the one-time code is of one start


def test_keys_of_another_folder_are_refused(tmp_path: Path, demo: Started) -> None:
    shutil.copytree(demo.home, tmp_path / 'data', ignore=shutil.ignore_patterns('lock', 'log'))
    status, said = refused(tmp_path / 'data', demo=True)
    assert (status, '中的密钥不属于这个数据库' in said, 'Traceback' in said) == (1, True, False)


def test_a_taken_port_is_left_for_the_next_one(tmp_path: Path) -> None:
    with closing(socket()) as other:
        if other.connect_ex(('127.0.0.1', DEFAULT_PORT)):  # nobody there
            other.close()
            other = socket()
            other.bind(('127.0.0.1', DEFAULT_PORT))
            other.listen()
        command = [sys.executable, '-m', 'app', '--data', str(tmp_path / 'data'), '--no-browser']
        with (tmp_path / 'out.txt').open('wb') as out, subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT) as process:
            running = Started(process, tmp_path / 'data', tmp_path / 'out.txt')
            try:
                running.wait()
                port = int(running.url.rsplit(':', 1)[1])
            finally:
                running.end()
    assert DEFAULT_PORT < port < DEFAULT_PORT + 100


def test_a_port_asked_for_that_is_taken_is_refused(tmp_path: Path, demo: Started) -> None:
    port = demo.url.rsplit(':', 1)[1]
    assert refused(tmp_path / 'data', '--port', port) == (1, f'端口 {port} 已被占用或无权使用，请用 --port 指定另一个（1024 以上）。\n')
    assert not (tmp_path / 'data').exists()


@pytest.mark.parametrize('by', [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_three_seconds_though_a_client_holds_on(tmp_path: Path, by: signal.Signals) -> None:
    with started(tmp_path / 'data') as running, httpx.Client(base_url=running.url) as client, closing(socket()) as half:
        client.get('/healthz')  # stays connected
        half.connect(('127.0.0.1', int(running.url.rsplit(':', 1)[1])))
        half.sendall(b'POST /login HTTP/1.1\r\nhost: x\r\n')  # and never goes on
        status, took_s = running.end(by)
        said, log = running.said, running.log
    assert status in {signal.SIGTERM: (0, -signal.SIGTERM), signal.SIGINT: (0, 130, -signal.SIGINT)}[by]
    assert took_s <= END_S
    assert ('Traceback' in said, 'Traceback' in log) == (False, False)


def test_the_log_is_ten_files_of_five_megabytes_and_covers_numbers(tmp_path: Path) -> None:
    subprocess.run([sys.executable, '-c', WRITE, str(tmp_path)], cwd=ROOT, check=True)
    files = sorted((tmp_path / 'log').iterdir())
    assert [f.name for f in files] == ['dingji.log', *(f'dingji.log.{n}' for n in range(1, 10))]
    assert max(f.stat().st_size for f in files) <= 5_000_000
    assert sum(f.stat().st_size for f in files) > 45_000_000
    assert (tmp_path / 'log' / 'dingji.log').read_text().endswith('number 9901**********5012, phone 1540***0007\n')


def test_full_id_numbers_and_photos_of_the_story_lie_nowhere_in_plain(demo: Started) -> None:
    numbers = {n.encode() for name in ('candidates', 'next_batch', 'people') for n in re.findall(r'\b99\d{15}[\dX]\b', (ROOT / 'assets' / 'demo' / f'{name}.csv').read_text())}
    files = [path for path in demo.home.rglob('*') if path.is_file()]
    kept = {path: path.read_bytes() for path in files}
    assert len(numbers) > 100
    assert [(path.name, n) for path, data in kept.items() for n in numbers if n in data] == []
    sealed = [data for path, data in kept.items() if 'files' in path.relative_to(demo.home).parts]
    assert len(sealed) >= 60
    assert [data[:20] for data in sealed if b'JFIF' in data or data.startswith((b'\xff\xd8', b'\x89PNG', b'PK'))] == []


def test_what_is_typed_before_the_sign_in_stands_in_no_log_and_in_no_answer_of_another(demo: Started) -> None:
    canaries = {'login': 'kanarie.login', 'password': 'kanarie-wachtwoord', 'name': '金丝雀', 'id_no': '990199196907215012', 'number': 'S000099010001264000119'}
    with httpx.Client(base_url=demo.url, headers={'origin': demo.url, 'user-agent': 'kanarie 15400010007'}) as client:
        client.post('/login', data={k: canaries[k] for k in ('login', 'password')})
        client.post('/verify', data={k: canaries[k] for k in ('name', 'id_no', 'number')})
        client.get('/verify', params={'number': '990199196907215012'})
        client.get('/no/990199196907215012/such/金丝雀')
        client.post('/first', data={'person_name': '金丝雀', 'id_number': '990199196907215012', 'code': 'x'})
        answers = [client.get(path).text for path in ('/login', '/verify', '/first', '/healthz')]
    seen = [demo.log, demo.said, *answers]
    assert [(at, c) for at, text in enumerate(seen) for c in (*canaries.values(), '15400010007') if c in text] == []
    database = b''.join(path.read_bytes() for path in demo.home.glob('dingji.db*'))
    assert [c for c in canaries.values() if c.encode() in database] == ['S000099010001264000119']  # the number itself is public


def test_ready_is_said_in_chinese(demo: Started) -> None:
    assert demo.said.splitlines()[-4:] == ['定级台已启动，请用浏览器打开：', f'  {demo.url}', f'  {demo.url.replace("127.0.0.1", "localhost")}', f'{READY}。']
