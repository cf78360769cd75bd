"""What one start of the server works with: folders, address, certificate, clock; and the lock on its data folder."""

from __future__ import annotations

import argparse
import errno
import ipaddress
import os
import re
import secrets
import shutil
import socket
import ssl
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import BinaryIO

from app import tls
from app.errors import Refused

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = ('127.0.0.1', 'localhost')
EVERYWHERE = ('0.0.0.0', '::')
DEFAULT_PORT = 8080
CHINA = timezone(timedelta(hours=8))
DEMO_START = datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)  # design §4: a Monday of the demo story
MADE_BY_DEMO = 'made-by-demo'
WORK = '.work-'  # begins the names of temporary folders in the data folder
_FOLDER_ID, _LOCK, _LOG = 'folder-id', 'lock', 'log'
_LOCKED_AT = 1 << 20  # Windows locks bytes, not files: one far behind the process number, which others must be able to read


@dataclass(frozen=True, slots=True)
class Settings:
    """One start: where the data lie, where it is served, by which clock.

    home, keys: absolute folders; keys never inside home, so that no backup holds them
    database: SQLAlchemy URL · offset: business time minus real time, zero outside the demo
    cert, key: the administrator's own certificate; else app.tls makes one for any host but 127.0.0.1
    behind_proxy: the address by which browsers reach the proxy, '' without one
    names: names and addresses in the addresses that browsers may use · origins: exactly those that the guard lets in
    """

    home: Path
    keys: Path
    database: str = field(repr=False)  # may hold a password
    host: str
    port: int
    names: tuple[str, ...]
    origins: tuple[str, ...]
    demo: bool = False
    offset: timedelta = timedelta()
    cert: Path | None = None
    key: Path | None = None
    behind_proxy: str = ''
    open_browser: bool = False

    @classmethod
    def from_args(cls, args: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> Settings:
        """Return the settings of a command line; nothing is written yet.

        args: the options of `python -m app` or `python -m app demo`; the demo takes nothing from the environment, so that
            it can never load into real data
        now: the real time, with time zone
        raises Refused for an option that cannot be served
        """
        environ = {} if args.demo else environ
        home = _folder(args.data or environ.get('DINGJI_HOME', ''), ROOT / ('data-demo' if args.demo else 'data'))
        keys = _folder(environ.get('DINGJI_KEYS', ''), home.with_name(home.name + '-keys'))
        if keys.is_relative_to(home):
            raise Refused(f'密钥文件夹 {keys} 在数据文件夹之内，备份会把密钥一起带走。请用 DINGJI_KEYS 指定数据文件夹以外的位置。')
        host = '127.0.0.1' if args.host in LOOPBACK else args.host
        cert, key = _own_certificate(args.cert, args.key)
        behind_proxy = _proxy_origin(args.behind_proxy)
        port = _port(host, args.port)
        names = served_names(host, *_this_machine(), *(tls.names_of(cert) if cert else ()))
        scheme = 'http' if host in LOOPBACK and not cert else 'https'
        return cls(
            home=home, keys=keys, database=_database(environ.get('DINGJI_DATABASE', ''), home), host=host, port=port, names=names,
            origins=(behind_proxy,) if behind_proxy else tuple(_origin(scheme, name, port) for name in names),
            demo=args.demo, offset=_offset(args.now, now) if args.demo else timedelta(),
            cert=cert, key=key, behind_proxy=behind_proxy, open_browser=not args.no_browser)

    @property
    def secure(self) -> bool:
        """Whether browsers come over HTTPS, so that cookies are Secure and `__Host-`."""
        return self.origins[0].startswith('https:')

    @property
    def serves_tls(self) -> bool:
        """Whether this process speaks TLS itself; a proxy does it otherwise."""
        return self.secure and not self.behind_proxy

    @property
    def demo_sign_in(self) -> bool:
        """Whether the sign-in page may list people for one click: at this machine only, and with demo data only."""
        return self.demo and self.host in LOOPBACK and (self.home / MADE_BY_DEMO).is_file()

    @property
    def folder_id(self) -> str:
        """Return the 8 hex characters of the data folder, part of every cookie's name as cookies ignore the port."""
        path = self.home / _FOLDER_ID
        if not path.is_file():
            fresh = path.with_name(f'{_FOLDER_ID}.{os.getpid()}')
            fresh.write_text(secrets.token_hex(4), encoding='ascii')
            fresh.replace(path)
        return path.read_text(encoding='ascii')


@contextmanager
def hold_folder(settings: Settings) -> Iterator[None]:
    """Make the data folder (0700) and hold it for this process alone; the system lets go when the process ends, however it ends.

    raises Refused when another process holds it, when the demo meets other data, or real work meets demo data
    """
    home = settings.home
    _check_kind(settings)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _is_empty(home):
        home.chmod(0o700)
    with (home / _LOCK).open('a+b') as lock:
        _take(lock, home)
        lock.truncate(0)
        lock.write(str(os.getpid()).encode())
        lock.flush()
        _clear(home)
        with tempfile.TemporaryDirectory(prefix=WORK, dir=home) as work:
            before, tempfile.tempdir = tempfile.tempdir, work  # nothing is written outside the data folder, not even a font cut for one paper
            try:
                yield
            finally:
                tempfile.tempdir = before


def _clear(home: Path) -> None:
    """Remove what a killed process was still working at: photos and certificates lie there in plain."""
    for folder in home.glob(f'{WORK}*'):
        shutil.rmtree(folder, ignore_errors=True)
    for loose in (home / 'files').glob('*/.*'):
        loose.unlink(missing_ok=True)


def mark_demo(home: Path) -> None:
    """Mark a data folder as made by the demo, before the first row is loaded."""
    (home / MADE_BY_DEMO).touch()


def served_names(host: str, names: Iterable[str], addresses: Iterable[str], *more: str) -> tuple[str, ...]:
    """Return the names and addresses by which browsers reach a host to listen on, the best to show first.

    names, addresses: of this machine · more: names in its own certificate
    """
    if host in LOOPBACK:
        found = [*LOOPBACK, *more]
    elif host in EVERYWHERE:
        kinds = (4, 6) if host == '::' else (4,)
        found = [*more, *(a for a in addresses if ipaddress.ip_address(a).version in kinds), *names, *LOOPBACK]
    else:
        found = [*more, host, *names]
    return tuple(dict.fromkeys(name.lower() for name in found))


def _this_machine() -> tuple[list[str], list[str]]:
    """Return its names and addresses without asking any name server: nothing leaves the machine."""
    import ifaddr

    name = socket.gethostname().lower().removesuffix('.local')
    names = [f'{name.split(".")[0]}.local', name] if re.fullmatch(r'[a-z0-9]([a-z0-9.-]*[a-z0-9])?', name) else []
    found = [ip.ip if isinstance(ip.ip, str) else ip.ip[0] for adapter in ifaddr.get_adapters() for ip in adapter.ips]
    addresses = [ipaddress.ip_address(a.split('%')[0]) for a in found]
    return names, [str(a) for a in addresses if not a.is_loopback and not a.is_link_local]


def _folder(given: str, usual: Path) -> Path:
    return Path(given).expanduser().resolve() if given else usual


def _database(given: str, home: Path) -> str:
    if not given:
        return f'sqlite:///{(home / "dingji.db").as_posix()}'
    if not re.match(r'postgres(ql)?(\+psycopg)?://', given):
        raise Refused('DINGJI_DATABASE 只接受 postgresql:// 开头的地址；使用 SQLite 时请不要设置它，用 --data 指定数据文件夹。')
    return 'postgresql+psycopg://' + given.split('://', 1)[1]


def _own_certificate(cert: str, key: str) -> tuple[Path | None, Path | None]:
    if not cert and not key:
        return None, None
    if not cert or not key:
        raise Refused('--cert 和 --key 必须同时给出。')
    files = Path(cert).expanduser().resolve(), Path(key).expanduser().resolve()
    tls.check_secret(files[1], others=0o007)  # a group of its own for keys is usual
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*files)
    except OSError as error:  # ssl.SSLError is one
        raise Refused(f'证书 {files[0]} 与私钥 {files[1]} 无法使用：{error}。请核对是否为 PEM 格式、是否成对。') from error
    return files


def _proxy_origin(given: str) -> str:
    origin = given.lower().rstrip('/')
    if origin and not re.fullmatch(r'https://[a-z0-9.-]+(:\d{1,5})?', origin):
        raise Refused(f'--behind-proxy 应为浏览器使用的地址，例如 https://jd.example.org，现为“{given}”。')
    return origin.removesuffix(':443')


def _origin(scheme: str, name: str, port: int) -> str:
    host = f'[{name}]' if ':' in name else name
    return f'{scheme}://{host}' + ('' if port == {'http': 80, 'https': 443}[scheme] else f':{port}')


def _offset(given: str, now: datetime) -> timedelta:
    if not given:
        return DEMO_START - now
    try:
        at = datetime.fromisoformat(given)
    except ValueError as error:
        raise Refused(f'--now 应为日期和时间，例如 2026-11-23T09:00，现为“{given}”。') from error
    return (at if at.tzinfo else at.replace(tzinfo=CHINA)) - now


def _port(host: str, given: str) -> int:
    """Return the port asked for, or the first free one from the usual one on."""
    if given and not (given.isascii() and given.isdigit() and 1 <= int(given) <= 65535):
        raise Refused(f'--port 应为 1 到 65535 的整数，现为“{given}”。')
    for port in [int(given)] if given else range(DEFAULT_PORT, DEFAULT_PORT + 100):
        if _is_free(host, port):
            return port
    raise Refused(f'端口 {given or DEFAULT_PORT} 已被占用或无权使用，请用 --port 指定另一个（1024 以上）。')


def _is_free(host: str, port: int) -> bool:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except OSError as error:
        raise Refused(f'--host {host} 不是可用的地址：{error}。请填写本机的地址，或 0.0.0.0（全部地址）。') from error
    with closing(socket.socket(family, kind, protocol)) as probe:
        if os.name == 'posix':  # as the server does; on Windows it would let two programs share a port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise Refused(f'--host {host} 不是本机的地址：{error.strerror}。请填写本机的地址，或 0.0.0.0（全部地址）。') from error
    return True


def _check_kind(settings: Settings) -> None:
    made_by_demo = (settings.home / MADE_BY_DEMO).exists()
    if made_by_demo and not settings.demo:
        raise Refused(f'{settings.home} 是演示数据，不能用于正式工作。请执行 python -m app demo，或用 --data 指定另一个文件夹。')
    if settings.demo and not made_by_demo and not _is_empty(settings.home):
        raise Refused(f'{settings.home} 已有其他内容，演示数据不能载入其中。请用 --data 指定一个空文件夹。')


def _is_empty(home: Path) -> bool:
    return not home.exists() or {path.name for path in home.iterdir()} <= {_FOLDER_ID, _LOCK, _LOG}


def _take(lock: BinaryIO, home: Path) -> None:
    try:
        if sys.platform == 'win32':
            import msvcrt

            lock.seek(_LOCKED_AT)
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        holder = lock.read(20).decode('ascii', 'replace')
        raise Refused(f'数据文件夹 {home} 正由另一个定级台使用（进程号 {holder}）。请先结束它，或用 --data 指定另一个文件夹。') from error
