"""HTTPS in the room: what the local authority may vouch for, and when certificates are made anew."""

from __future__ import annotations

import hashlib
import ipaddress
import ssl
import stat
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import socketpair

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from app.errors import Refused
from app.settings import Settings
from app.tls import Files, ensure_certificate, fingerprint, names_of

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
NAMES = ('192.168.1.5', 'fd00::5', 'exam-1.local', 'exam-1', 'localhost', '127.0.0.1')


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    home = tmp_path / 'data'
    home.mkdir()
    return Settings(home=home, keys=tmp_path / 'data-keys', database='', host='0.0.0.0', port=8080, names=NAMES,
                    origins=tuple(f'https://{name}:8080' for name in NAMES))


def trusts(files: Files, name: str, at: datetime = NOW) -> bool:
    """Tell whether a device that trusts the authority accepts the certificate for a name."""
    assert files.ca
    subject = x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() or ':' in name else x509.DNSName(name)
    leaf = x509.load_pem_x509_certificates(files.cert.read_bytes())[0]
    store = Store([x509.load_pem_x509_certificate(files.ca.read_bytes())])
    try:
        PolicyBuilder().store(store).time(at).build_server_verifier(subject).verify(leaf, [])
    except VerificationError:
        return False
    return True


def forged(files: Files, name: str) -> Files:
    """Return a certificate for any name, signed with the authority's stolen key."""
    assert files.ca
    ca = x509.load_pem_x509_certificate(files.ca.read_bytes())
    stolen = load_pem_private_key(files.ca.with_name('ca-key.pem').read_bytes(), None)
    assert isinstance(stolen, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    cert = (
        x509.CertificateBuilder(subject_name=ca.subject, issuer_name=ca.subject, public_key=key.public_key(), serial_number=7)
        .not_valid_before(NOW - timedelta(hours=1)).not_valid_after(NOW + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(stolen.public_key()), critical=False)
        .add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(stolen, SHA256()))
    path = files.cert.with_name('forged.pem')
    path.write_bytes(cert.public_bytes(Encoding.PEM))
    return Files(path, files.key, files.ca)


def test_every_name_and_address_served_is_trusted_and_no_other(settings: Settings) -> None:
    files = ensure_certificate(settings, NOW)
    assert [name for name in (*NAMES, '192.168.1.6', 'exam-2.local') if trusts(files, name)] == list(NAMES)
    assert set(names_of(files.cert)) == set(NAMES)


def test_a_real_handshake_is_accepted(settings: Settings) -> None:
    files = ensure_certificate(settings, datetime.now(UTC))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(files.cert, files.key)
    ours, theirs = socketpair()
    thread = threading.Thread(target=lambda: server.wrap_socket(theirs, server_side=True).close())
    thread.start()
    with ssl.create_default_context(cafile=str(files.ca)).wrap_socket(ours, server_hostname='192.168.1.5') as line:
        assert line.version() == 'TLSv1.3'
    thread.join()


def test_a_stolen_authority_cannot_vouch_for_a_foreign_name(settings: Settings) -> None:
    files = ensure_certificate(settings, NOW)
    names = ('exam-1.local', 'bank.example', 'exam-1.example')
    assert [name for name in names if trusts(forged(files, name), name)] == ['exam-1.local']


def test_authority_is_bound_to_own_names_and_private_addresses(settings: Settings) -> None:
    files = ensure_certificate(replace(settings, names=(*NAMES, 'app', 'xn--fiqs8s', 'lab.example')), NOW)
    assert files.ca
    ca = x509.load_pem_x509_certificate(files.ca.read_bytes())
    bounds = ca.extensions.get_extension_for_class(x509.NameConstraints)
    assert bounds.critical
    assert {str(b.value) for b in bounds.value.permitted_subtrees or ()} == {
        'local', 'localhost', 'exam-1.local', 'exam-1', 'lab.example', '127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16',
        '169.254.0.0/16', 'fc00::/7', 'fe80::/10', '::1/128'}
    assert ca.extensions.get_extension_for_class(x509.BasicConstraints).value == x509.BasicConstraints(ca=True, path_length=0)
    assert ca.not_valid_after_utc == NOW + timedelta(days=3650)


def test_keys_are_readable_by_their_owner_only(settings: Settings) -> None:
    ensure_certificate(settings, NOW)
    assert {p.name: oct(stat.S_IMODE(p.stat().st_mode)) for p in (settings.keys, *settings.keys.iterdir())} == {
        'data-keys': '0o700', 'ca-key.pem': '0o600', 'key.pem': '0o600', 'ca.pem': '0o644', 'cert.pem': '0o644'}


@pytest.mark.parametrize('name', ['ca-key.pem', 'key.pem'])
def test_a_key_that_others_can_read_is_refused(settings: Settings, name: str) -> None:
    ensure_certificate(settings, NOW)
    (settings.keys / name).chmod(0o640)
    with pytest.raises(Refused, match='能被其他用户读取'):
        ensure_certificate(settings, NOW)


def without_key(settings: Settings) -> Settings:
    (settings.keys / 'key.pem').unlink()
    return settings


def with_a_foreign_key(settings: Settings) -> Settings:
    other = replace(settings, keys=settings.keys.with_name('other-keys'))
    ensure_certificate(other, NOW)
    (other.keys / 'key.pem').replace(settings.keys / 'key.pem')
    return settings


@pytest.mark.parametrize(('later', 'change', 'renewed'), [
    (timedelta(days=366), lambda s: s, {'nothing'}),
    (timedelta(days=367), lambda s: s, {'cert'}),
    (timedelta(hours=-2), lambda s: s, {'cert'}),  # the clock was set back
    (timedelta(hours=-25), lambda s: s, {'cert', 'ca'}),
    (timedelta(), lambda s: replace(s, names=NAMES[::-1]), {'nothing'}),
    (timedelta(), lambda s: replace(s, names=('192.168.7.7', *NAMES)), {'cert'}),
    (timedelta(), lambda s: replace(s, names=NAMES[1:]), {'cert'}),
    (timedelta(), without_key, {'cert'}),
    (timedelta(), with_a_foreign_key, {'cert'}),
    (timedelta(days=3619), lambda s: s, {'cert'}),
    (timedelta(days=3621), lambda s: s, {'cert', 'ca'}),
])
def test_only_what_no_longer_fits_is_made_anew(
        settings: Settings, later: timedelta, change: Callable[[Settings], Settings], renewed: set[str]) -> None:
    files = ensure_certificate(settings, NOW)
    assert files.ca
    before = {'cert': files.cert.read_bytes(), 'ca': files.ca.read_bytes()}
    settings = change(settings)
    assert ensure_certificate(settings, NOW + later) == files
    after = {'cert': files.cert.read_bytes(), 'ca': files.ca.read_bytes()}
    assert ({name for name in before if before[name] != after[name]} or {'nothing'}) == renewed
    assert trusts(files, 'exam-1.local', NOW + later)
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(files.cert, files.key)  # they belong together


def test_an_authority_whose_key_was_taken_away_serves_on_until_something_changes(settings: Settings) -> None:
    first = fingerprint(ensure_certificate(settings, NOW).ca or Path())
    (settings.keys / 'ca-key.pem').unlink()
    assert fingerprint(ensure_certificate(settings, NOW).ca or Path()) == first
    changed = ensure_certificate(replace(settings, names=('192.168.7.7',)), NOW)
    assert fingerprint(changed.ca or Path()) != first
    assert trusts(changed, '192.168.7.7')


def test_a_new_name_of_the_machine_keeps_the_trust(settings: Settings) -> None:
    first = fingerprint(ensure_certificate(settings, NOW).ca or Path())
    files = ensure_certificate(replace(settings, names=('192.168.1.5', 'exam-9.local', 'exam-9')), NOW)
    assert fingerprint(files.ca or Path()) == first
    assert set(names_of(files.cert)) == {'192.168.1.5', 'exam-9.local'}


def test_a_public_address_needs_an_own_certificate(settings: Settings) -> None:
    with pytest.raises(Refused, match=r'不能用于 203\.0\.113\.9.*--cert'):
        ensure_certificate(replace(settings, host='203.0.113.9', names=('203.0.113.9',)), NOW)


def test_a_public_address_among_others_is_left_out(settings: Settings) -> None:
    files = ensure_certificate(replace(settings, names=('203.0.113.9', '192.168.1.5')), NOW)
    assert names_of(files.cert) == ('192.168.1.5',)


def test_an_own_certificate_is_taken_as_it_is(settings: Settings) -> None:
    own = replace(settings, cert=Path('own.pem'), key=Path('own-key.pem'))
    assert ensure_certificate(own, NOW) == Files(Path('own.pem'), Path('own-key.pem'), None)
    assert not settings.keys.exists()


def test_fingerprint_is_what_devices_show(settings: Settings) -> None:
    files = ensure_certificate(settings, NOW)
    assert files.ca
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(files.ca.read_text())).digest()
    assert fingerprint(files.ca) == ':'.join(f'{byte:02X}' for byte in digest)
