"""HTTPS in the room: a certificate authority of this machine alone, and the server's certificate (design §4, recipes E).

The authority is bound to this machine's names, .local and private addresses: whoever steals its key cannot forge a bank,
and a new address needs a new certificate only, not a new trust on every PC.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.errors import Refused

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

    from app.settings import Settings

CA_DAYS = 3650
CERT_DAYS = 397  # browsers refuse more
RENEW = timedelta(days=30)
SKEW = timedelta(hours=1)  # clocks in the room differ
CA_SKEW = timedelta(days=1)  # a clock set right after the first start must not cost the trust of every PC
NETWORKS = tuple(map(ip_network, (
    '127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', 'fc00::/7', 'fe80::/10', '::1/128')))


class Files(NamedTuple):
    """What uvicorn needs, and what people's devices must trust: no `ca` with the administrator's own certificate."""

    cert: Path
    key: Path
    ca: Path | None


class _Authority(NamedTuple):
    cert: x509.Certificate
    key: EllipticCurvePrivateKey | None  # None when the administrator took the key away; then nothing new can be signed


def ensure_certificate(settings: Settings, now: datetime) -> Files:
    """Return the files to serve HTTPS with; make the authority and the certificate when they are missing or no longer fit.

    A certificate is made anew when names or addresses changed or 30 days are left, the authority only when it is missing or
    not in force. Names outside its bounds are left out.
    raises Refused when the host asked for lies outside these bounds, or others can read a key
    """
    if settings.cert and settings.key:
        return Files(settings.cert, settings.key, None)
    settings.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = Files(*(settings.keys / name for name in ('cert.pem', 'key.pem', 'ca.pem')))
    ca = _authority(settings, now)
    if not _fits(files, ca, _within(ca, settings.names), now) and not ca.key:
        ca = _make_authority(settings, now)
    names = _within(ca, settings.names)
    if settings.host not in ('0.0.0.0', '::') and settings.host.lower() not in names:
        raise Refused(f'本机签发的证书只用于内网地址和本机名称，不能用于 {settings.host}。请改用内网地址或 0.0.0.0；'
                      '对外服务请用 --cert 和 --key 指定自有证书，或用 --behind-proxy。')
    if not _fits(files, ca, names, now):
        _make_certificate(files, ca, names, now)
    return files


def fingerprint(cert: Path) -> str:
    """Return the SHA-256 of a certificate as people compare it, e.g. '4F:0A:…', 32 pairs."""
    from cryptography.hazmat.primitives.hashes import SHA256

    return _read(cert).fingerprint(SHA256()).hex(':').upper()


def names_of(cert: Path) -> tuple[str, ...]:
    """Return the names and addresses in a certificate, those with * left out.

    raises Refused when it is no certificate in PEM
    """
    try:
        return tuple(name for name in _subjects(_read(cert)) if '*' not in name)
    except ValueError as error:
        raise Refused(f'{cert} 不是 PEM 格式的证书。') from error


def check_secret(path: Path, *, others: int = 0o077) -> None:
    """Raise Refused when a key is missing or has one of the mode bits `others` (POSIX only)."""
    if not path.is_file():
        raise Refused(f'找不到私钥文件 {path}。')
    if os.name == 'posix' and stat.S_IMODE(path.stat().st_mode) & others:
        raise Refused(f'私钥文件 {path} 能被其他用户读取，请执行 chmod 600 {path} 后再启动。')


def _authority(settings: Settings, now: datetime) -> _Authority:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    cert, key = settings.keys / 'ca.pem', settings.keys / 'ca-key.pem'
    if not cert.is_file():
        return _make_authority(settings, now)
    found = _read(cert)
    if not found.not_valid_before_utc <= now < found.not_valid_after_utc - RENEW:
        return _make_authority(settings, now)
    if not key.is_file():
        return _Authority(found, None)
    check_secret(key)
    loaded = load_pem_private_key(key.read_bytes(), None)
    assert isinstance(loaded, EllipticCurvePrivateKey)
    return _Authority(found, loaded) if loaded.public_key() == found.public_key() else _make_authority(settings, now)


def _make_authority(settings: Settings, now: datetime) -> _Authority:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    bounds = [x509.DNSName(name) for name in ('local', 'localhost', *filter(_is_own_name, settings.names))]
    usage = x509.KeyUsage(key_cert_sign=True, crl_sign=True, digital_signature=False, content_commitment=False, key_encipherment=False,
                          data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False)
    subject = _subject(f'定级台本地证书颁发机构 {settings.folder_id}')
    builder = (
        _builder(subject, subject, key, key, now - CA_SKEW, now + timedelta(days=CA_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints([*bounds, *map(x509.IPAddress, NETWORKS)], None), critical=True))
    cert = _sign(builder, key)
    _write_secret(settings.keys / 'ca-key.pem', key)
    _write(settings.keys / 'ca.pem', _pem(cert), 0o644)
    return _Authority(cert, key)


def _make_certificate(files: Files, ca: _Authority, names: Sequence[str], now: datetime) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID

    assert ca.key
    key = ec.generate_private_key(ec.SECP256R1())
    ends = min(now + timedelta(days=CERT_DAYS), ca.cert.not_valid_after_utc)
    subjects = [x509.DNSName(name) if address is None else x509.IPAddress(address) for name, address in ((n, _address(n)) for n in names)]
    builder = (
        _builder(_subject('定级台'), ca.cert.subject, key, ca.key, now - SKEW, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(subjects), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False))
    _write_secret(files.key, key)  # first: a certificate whose key is older is noticed and made again
    _write(files.cert, _pem(_sign(builder, ca.key)) + _pem(ca.cert), 0o644)


def _fits(files: Files, ca: _Authority, names: Iterable[str], now: datetime) -> bool:
    """Tell whether the certificate is signed by `ca`, has these names, its key, and more than 30 days left."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if not files.cert.is_file() or not files.key.is_file():
        return False
    check_secret(files.key)
    cert = _read(files.cert)
    try:
        cert.verify_directly_issued_by(ca.cert)
    except (InvalidSignature, ValueError):
        return False
    return (set(_subjects(cert)) == set(names)
            and cert.not_valid_before_utc <= now < cert.not_valid_after_utc - RENEW
            and load_pem_private_key(files.key.read_bytes(), None).public_key() == cert.public_key())


def _within(ca: _Authority, names: Iterable[str]) -> list[str]:
    from cryptography import x509

    bounds = ca.cert.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    networks = [b.value for b in bounds if isinstance(b, x509.IPAddress) and isinstance(b.value, IPv4Network | IPv6Network)]
    tops = [b.value for b in bounds if isinstance(b, x509.DNSName)]

    def is_within(name: str) -> bool:
        address = _address(name)
        return any(address in n for n in networks) if address else any(name == top or name.endswith('.' + top) for top in tops)

    return [name for name in names if is_within(name)]


def _is_own_name(name: str) -> bool:
    """Tell whether a name may bound the authority: a bound covers all names below it, so a word that may be a top domain (app, dev) must not."""
    return _address(name) is None and not re.fullmatch(r'[a-z]+|xn--[a-z0-9-]+', name)


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None


def _subjects(cert: x509.Certificate) -> list[str]:
    from cryptography import x509

    try:
        found = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [*found.get_values_for_type(x509.DNSName), *map(str, found.get_values_for_type(x509.IPAddress))]


def _subject(name: str) -> x509.Name:
    from cryptography import x509

    return x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, 'Dingji'), x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _builder(subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, issuer_key: EllipticCurvePrivateKey,
             starts: datetime, ends: datetime) -> x509.CertificateBuilder:
    from cryptography import x509

    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key.public_key(), serial_number=x509.random_serial_number())
        .not_valid_before(starts).not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False))


def _sign(builder: x509.CertificateBuilder, key: EllipticCurvePrivateKey) -> x509.Certificate:
    from cryptography.hazmat.primitives.hashes import SHA256

    return builder.sign(key, SHA256())


def _read(path: Path) -> x509.Certificate:
    from cryptography import x509

    return x509.load_pem_x509_certificate(path.read_bytes())


def _pem(cert: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return cert.public_bytes(Encoding.PEM)


def _write_secret(path: Path, key: EllipticCurvePrivateKey) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    _write(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)


def _write(path: Path, body: bytes, mode: int) -> None:
    """Write a file whole or not at all, never readable by more than `mode` says."""
    fresh = path.with_name(path.name + '.new')
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), 'wb') as out:
        out.write(body)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
