"""What a command line is served as: folders, addresses, origins, demo and real data apart, one process per data folder."""

from __future__ import annotations

import os
import re
import socket
import stat
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.errors import Refused
from app.settings import DEMO_START, WORK, Settings, hold_folder, mark_demo, served_names
from app.tls import ensure_certificate

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 3, 2, 4, 5, tzinfo=UTC)
HOLD = """
import argparse, datetime, sys
from app.errors import Refused
from app.settings import Settings, hold_folder
args = argparse.Namespace(data=sys.argv[1], demo=False, host='127.0.0.1', port='', now='', cert='', key='', behind_proxy='', no_browser=True)
try:
    with hold_folder(Settings.from_args(args, {}, datetime.datetime.now(datetime.UTC))):
        print('held', flush=True)
        sys.stdin.read()
except Refused as refused:
    print(refused.sentence, flush=True)
"""


def options(**given: object) -> Namespace:
    usual = {'demo': False, 'data': '', 'host': '127.0.0.1', 'port': '', 'now': '', 'cert': '', 'key': '', 'behind_proxy': '', 'no_browser': True}
    return Namespace(**usual | given)


def settings_of(environ: Mapping[str, str] | None = None, **given: object) -> Settings:
    return Settings.from_args(options(**given), environ or {}, NOW)


@contextmanager
def taken(port: int = 0) -> Iterator[int]:
    """Listen on a port of this machine, as another program would."""
    with socket.create_server(('127.0.0.1', port)) as other:
        yield other.getsockname()[1]


def start(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, '-c', HOLD, str(home)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                            encoding='utf-8', env=os.environ | {'PYTHONIOENCODING': 'utf-8'})


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_real_data_and_demo_lie_apart() -> None:
    assert [(s.home, s.keys, s.database) for s in (settings_of(), settings_of(demo=True))] == [
        (ROOT / 'data', ROOT / 'data-keys', f'sqlite:///{ROOT.as_posix()}/data/dingji.db'),
        (ROOT / 'data-demo', ROOT / 'data-demo-keys', f'sqlite:///{ROOT.as_posix()}/data-demo/dingji.db')]


def test_environment_names_folders_and_database_of_real_data_only(tmp_path: Path) -> None:
    environ = {'DINGJI_HOME': str(tmp_path / '数据'), 'DINGJI_KEYS': str(tmp_path / 'k'), 'DINGJI_DATABASE': 'postgres://me:secret@db/dingji'}
    real, demo = settings_of(environ), settings_of(environ, demo=True)
    assert (real.home, real.keys, real.database) == (tmp_path / '数据', tmp_path / 'k', 'postgresql+psycopg://me:secret@db/dingji')
    assert (demo.home, demo.keys, demo.database) == (settings_of(demo=True).home, settings_of(demo=True).keys, settings_of(demo=True).database)
    assert 'secret' not in repr(real)


def test_data_option_comes_before_the_environment(tmp_path: Path) -> None:
    assert settings_of({'DINGJI_HOME': str(tmp_path / 'a')}, data=str(tmp_path / 'b')).home == tmp_path / 'b'


@pytest.mark.parametrize(('environ', 'given', 'sentence'), [
    ({'DINGJI_HOME': '/srv/d', 'DINGJI_KEYS': '/srv/d/keys'}, {}, '备份会把密钥一起带走'),
    ({'DINGJI_DATABASE': 'mysql://db'}, {}, '只接受 postgresql://'),
    ({}, {'port': '80a'}, '1 到 65535 的整数，现为“80a”'),
    ({}, {'port': '70000'}, '1 到 65535'),
    ({}, {'port': '８０８０'}, '1 到 65535'),
    ({}, {'host': '192.0.2.77'}, '不是本机的地址'),
    ({}, {'host': 'no such host'}, '不是可用的地址'),
    ({}, {'cert': 'a.pem'}, '必须同时给出'),
    ({}, {'cert': 'a.pem', 'key': 'missing.pem'}, '找不到私钥文件'),
    ({}, {'behind_proxy': 'http://jd.example.org'}, '--behind-proxy 应为'),
    ({}, {'behind_proxy': 'https://jd.example.org/path'}, '--behind-proxy 应为'),
    ({}, {'demo': True, 'now': '明天'}, '--now 应为日期和时间'),
])
def test_what_cannot_be_served_is_refused(environ: dict[str, str], given: dict[str, object], sentence: str) -> None:
    with pytest.raises(Refused, match=re.escape(sentence)):
        settings_of(environ, **given)


def test_this_machine_alone_is_served_by_http() -> None:
    with taken() as port:
        pass
    settings = settings_of(host='localhost', port=str(port))
    assert (settings.host, settings.origins) == ('127.0.0.1', (f'http://127.0.0.1:{port}', f'http://localhost:{port}'))
    assert (settings.secure, settings.serves_tls) == (False, False)


@pytest.mark.parametrize('host', ['0.0.0.0', '127.0.0.2'])
def test_any_other_host_is_served_by_https(host: str) -> None:
    settings = settings_of(host=host)
    assert settings.serves_tls
    assert all(origin.startswith('https://') for origin in settings.origins)


def test_a_proxy_is_the_only_origin() -> None:
    settings = settings_of(behind_proxy='https://JD.example.org:443/')
    assert (settings.origins, settings.secure, settings.serves_tls) == (('https://jd.example.org',), True, False)


@pytest.mark.parametrize(('host', 'served'), [
    ('127.0.0.1', ('127.0.0.1', 'localhost')),
    ('0.0.0.0', ('192.168.1.5', 'exam-1.local', 'exam-1', '127.0.0.1', 'localhost')),
    ('::', ('192.168.1.5', 'fd00::5', 'exam-1.local', 'exam-1', '127.0.0.1', 'localhost')),
    ('192.168.1.5', ('192.168.1.5', 'exam-1.local', 'exam-1')),
    ('EXAM-1.local', ('exam-1.local', 'exam-1')),
])
def test_served_names_are_those_that_reach_the_host(host: str, served: tuple[str, ...]) -> None:
    assert served_names(host, ['exam-1.local', 'exam-1'], ['192.168.1.5', 'fd00::5']) == served


def test_an_own_certificate_gives_its_names_and_https(tmp_path: Path) -> None:
    (tmp_path / 'd').mkdir()
    local = Settings(home=tmp_path / 'd', keys=tmp_path / 'k', database='', host='0.0.0.0', port=1, names=('jd.local',), origins=('https://jd.local:1',))
    files = ensure_certificate(local, datetime.now(UTC))
    own = settings_of(cert=str(files.cert), key=str(files.key))
    assert (own.names, own.serves_tls) == (('127.0.0.1', 'localhost', 'jd.local'), True)
    assert f'https://jd.local:{own.port}' in own.origins
    with pytest.raises(Refused, match='无法使用'):
        settings_of(cert=str(files.cert), key=str(tmp_path / 'k' / 'ca-key.pem'))
    files.key.chmod(0o604)
    with pytest.raises(Refused, match='能被其他用户读取'):
        settings_of(cert=str(files.cert), key=str(files.key))


def test_a_taken_usual_port_gives_the_next_and_a_taken_chosen_one_is_refused() -> None:
    usual = settings_of().port
    with taken(usual):
        assert settings_of().port > usual
        with pytest.raises(Refused, match=f'端口 {usual} 已被占用'):
            settings_of(port=str(usual))
    assert settings_of().port == usual


def test_demo_clock_starts_on_its_monday_and_another_can_be_set() -> None:
    shown = [NOW + settings_of(demo=True, now=now).offset for now in ('', '2026-12-01T14:30', '2026-12-01T14:30+00:00')]
    assert shown == [DEMO_START, datetime(2026, 12, 1, 6, 30, tzinfo=UTC), datetime(2026, 12, 1, 14, 30, tzinfo=UTC)]
    assert settings_of().offset == timedelta()


def test_data_folder_is_its_owners_and_keeps_its_id(tmp_path: Path) -> None:
    settings = settings_of(data=str(tmp_path / '数据 夹'))
    with hold_folder(settings):
        ids = {settings.folder_id, settings.folder_id}
    with hold_folder(settings):
        ids.add(settings.folder_id)
    assert oct(stat.S_IMODE(settings.home.stat().st_mode)) == '0o700'
    assert len(ids) == 1
    assert re.fullmatch('[0-9a-f]{8}', ids.pop())


def test_two_folders_have_two_ids(tmp_path: Path) -> None:
    two = [settings_of(data=str(tmp_path / name)) for name in 'ab']
    for settings in two:
        settings.home.mkdir()
    assert two[0].folder_id != two[1].folder_id


def test_second_start_on_one_data_folder_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    home = tmp_path / '数据'
    first = start(home)
    try:
        assert first_line(first) == 'held'
        second = start(home)
        assert first_line(second) == f'数据文件夹 {home} 正由另一个定级台使用（进程号 {first.pid}）。请先结束它，或用 --data 指定另一个文件夹。'
        assert second.wait(10) == 0
        other = start(tmp_path / 'other')
        assert first_line(other) == 'held'
        other.communicate('', 10)
    finally:
        first.kill()  # kill -9: nothing of the process runs any more
        first.communicate()
    third = start(home)
    assert first_line(third) == 'held'
    third.communicate('', 10)


def test_what_a_killed_process_was_working_at_is_gone_at_the_next_start(tmp_path: Path) -> None:
    settings = settings_of(data=str(tmp_path / '数据'))
    left = (settings.home / f'{WORK}abc' / 'photos.zip', settings.home / 'files' / '01' / '.0123-ab')
    kept = settings.home / 'files' / '01' / '0123'
    for path in (*left, kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b'x')
    with hold_folder(settings):
        assert [path for path in (left[0].parent, *left) if path.exists()] == []
        assert kept.exists()


def test_demo_never_meets_other_data(tmp_path: Path) -> None:
    real = settings_of(data=str(tmp_path / 'data'))
    with hold_folder(real):
        (real.home / 'dingji.db').touch()
    with pytest.raises(Refused, match='已有其他内容'), hold_folder(replace(real, demo=True)):
        pass
    assert sorted(path.name for path in real.home.iterdir()) == ['dingji.db', 'lock']


def test_real_work_never_meets_demo_data(tmp_path: Path) -> None:
    demo = settings_of(data=str(tmp_path / 'data'), demo=True)
    with hold_folder(demo):
        mark_demo(demo.home)
        (demo.home / 'dingji.db').touch()
    with hold_folder(demo):
        pass
    with pytest.raises(Refused, match='是演示数据'), hold_folder(replace(demo, demo=False)):
        pass


def test_people_sign_in_by_a_click_on_this_machine_with_demo_data_only(tmp_path: Path) -> None:
    demo = settings_of(data=str(tmp_path / 'data'), demo=True)
    with hold_folder(demo):
        before = demo.demo_sign_in
        mark_demo(demo.home)
    assert (before, demo.demo_sign_in) == (False, True)
    assert not replace(demo, host='0.0.0.0').demo_sign_in
    assert not replace(demo, demo=False).demo_sign_in


def test_temporary_files_of_a_server_lie_in_its_data_folder_and_are_gone_with_it(tmp_path: Path) -> None:
    before = tempfile.gettempdir()
    with hold_folder(settings_of(data=str(tmp_path / 'data'))):
        assert Path(tempfile.gettempdir()).parent == tmp_path / 'data'
        (Path(tempfile.gettempdir()) / 'loose').touch()
    assert tempfile.gettempdir() == before
    assert list((tmp_path / 'data').glob('.work-*')) == []
