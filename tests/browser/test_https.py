"""HTTPS in the room: a real server on another address than 127.0.0.1, clients that trust its authority, and a browser."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Error, expect

from app.tls import fingerprint, names_of
from tests.processes import Started, demo_copy, started
from tests.serving import PASSWORD, WAIT_S, fill

HOST = '127.0.0.2'
HSTS = 'strict-transport-security'


@pytest.fixture(scope='module')
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Real data, served to the room."""
    home = tmp_path_factory.mktemp('room') / 'data'
    fill(home)
    with started(home, '--host', HOST) as running:
        yield running


def ca_of(running: Started) -> Path:
    """The authority's certificate."""
    return running.home.with_name('data-keys') / 'ca.pem'


def trusting(running: Started) -> httpx.Client:
    """A client that trusts the authority alone."""
    return httpx.Client(base_url=running.url, verify=ssl.create_default_context(cafile=str(ca_of(running))), headers={'origin': running.url}, timeout=WAIT_S)


def accepted(running: Started, name: str, *, trust: bool = True) -> bool:
    """Return whether a client takes the server for the one of this name or address."""
    context = ssl.create_default_context(cafile=str(ca_of(running)) if trust else None)
    address = urlsplit(running.url)
    try:
        with socket.create_connection((address.hostname, address.port)) as line, context.wrap_socket(line, server_hostname=name):
            return True
    except ssl.SSLCertVerificationError:
        return False


def test_who_trusts_the_authority_reaches_every_listed_name_and_no_other(room: Started) -> None:
    listed = names_of(ca_of(room).with_name('cert.pem'))
    assert HOST in listed
    assert [name for name in (*listed, '127.0.0.3', 'localhost', 'bank.example') if accepted(room, name)] == list(listed)
    assert not accepted(room, HOST, trust=False)


def test_a_host_that_is_not_listed_is_not_answered(room: Started) -> None:
    port = urlsplit(room.url).port
    with trusting(room) as client:
        answers = [client.get('/login', headers={'host': host}) for host in (f'{HOST}:{port}', f'127.0.0.1:{port}', f'bank.example:{port}', HOST)]
    assert [a.status_code for a in answers] == [200, 421, 421, 421]


def test_the_page_ca_gives_fingerprint_steps_and_certificate(room: Started) -> None:
    with trusting(room) as client:
        page, file = client.get('/ca'), client.get('/ca/dingji-ca.crt')
    assert fingerprint(ca_of(room)) in page.text
    assert f'指纹（SHA-256）：\n  {fingerprint(ca_of(room))}\n' in room.said  # what the person compares it with
    assert [word in page.text for word in ('Windows', '麒麟', 'macOS', '安卓', 'iPad', f'{room.url}')] == [True] * 6
    assert (file.content, file.headers['content-type']) == (ca_of(room).read_bytes(), 'application/x-x509-ca-cert')
    assert b'PRIVATE' not in file.content


def test_http_on_the_port_of_https_is_not_answered(room: Started) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(room.url.replace('https:', 'http:'))


def test_cookies_are_bound_to_host_and_https(room: Started) -> None:
    name = f'__Host-dingji-{(room.home / "folder-id").read_text()}'
    with trusting(room) as client:
        given = client.post('/login', data={'login': 'ge.dahan', 'password': PASSWORD})
        page = client.get('/')
    assert (given.status_code, page.status_code, '葛大寒' in page.text) == (303, 200, True)
    sign_in = next(c for c in given.headers.get_list('set-cookie') if c.startswith(f'{name}='))
    assert {part.lower() for part in sign_in.split('; ')[1:]} == {'httponly', 'path=/', 'samesite=lax', 'secure'}
    others = [c.lower() for c in (*given.headers.get_list('set-cookie'), *page.headers.get_list('set-cookie'))]
    assert [c for c in others if '; secure' not in c or 'httponly' not in c or 'domain=' in c] == []


def test_hsts_comes_only_with_an_own_certificate_or_a_proxy(room: Started, tmp_path: Path) -> None:
    keys = ca_of(room).parent
    with trusting(room) as client:
        assert HSTS not in client.get('/login').headers
    with started(tmp_path / 'own', '--host', HOST, '--cert', str(keys / 'cert.pem'), '--key', str(keys / 'key.pem')) as own:
        answer = httpx.get(f'{own.url}/login', verify=ssl.create_default_context(cafile=str(keys / 'ca.pem')), follow_redirects=True)
        assert (answer.headers[HSTS], answer.status_code) == ('max-age=31536000', 200)
        assert httpx.get(f'{own.url}/ca', verify=False).status_code == 404  # nothing of ours to trust
    with started(tmp_path / 'proxied', '--behind-proxy', 'https://jd.example.org') as proxied:
        inner = f'http://127.0.0.1:{proxied.listens_at[1]}/healthz'
        assert httpx.get(inner, headers={'host': 'jd.example.org'}).headers[HSTS] == 'max-age=31536000'
        assert httpx.get(inner).status_code == 421
        assert proxied.url == 'https://jd.example.org'


def test_the_demo_served_to_the_room_offers_and_takes_no_click(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = demo_copy(tmp_path_factory, 'open-demo')
    with started(home, demo=True) as local, httpx.Client(base_url=local.url, headers={'origin': local.url}) as client:
        post = client.get('/login').text.split('name="post" value="')[1].split('"')[0]
        assert client.post('/login/demo', data={'post': post}).headers['location'] == '/'
    with started(home, '--host', '0.0.0.0', demo=True) as running, trusting(running) as client:
        page, clicked = client.get('/login'), client.post('/login/demo', data={'post': post})
        inside = client.get('/')
    assert ('name="post"' in page.text, '何立春' in page.text) == (False, False)
    assert (clicked.status_code, '一键登录只在本机的演示数据中提供' in clicked.text, 'set-cookie' in clicked.headers) == (403, True, False)
    assert (inside.status_code, inside.headers['location']) == (303, '/login')


@pytest.mark.browser
def test_a_browser_warns_until_it_trusts_and_then_works_in_a_secure_context(room: Started, chromium: Browser) -> None:
    with chromium.new_context(base_url=room.url) as stranger, pytest.raises(Error, match='ERR_CERT_AUTHORITY_INVALID'):
        stranger.new_page().goto('/login')
    with chromium.new_context(base_url=room.url, ignore_https_errors=True) as context:
        page = context.new_page()
        page.goto('/login')
        page.get_by_label('登录名').fill('ge.dahan')
        page.get_by_label('密码').fill(PASSWORD)
        page.get_by_role('button', name='登录', exact=True).click()
        expect(page.get_by_role('button', name='葛大寒')).to_be_visible()
        page.wait_for_function('window.did_handshake === true')  # the socket speaks TLS too
        assert page.evaluate('isSecureContext')
        cookies = {c['name'].rsplit('-', 1)[0]: (c['secure'], c['httpOnly'], c['path']) for c in context.cookies()}
    assert cookies == {'__Host-dingji': (True, True, '/'), 'dingji-ui': (True, True, '/')}
