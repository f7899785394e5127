"""TLS for the server's own doors: TLS 1.2 and 1.3, strong suites, certificates that can be renewed in place."""

from __future__ import annotations

import datetime
import ipaddress
import os
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from OpenSSL import SSL
from twisted.internet.interfaces import IOpenSSLServerConnectionCreator
from twisted.protocols.tls import TLSMemoryBIOProtocol
from zope.interface import implementer

#: Suites of TLS 1.2; forward secrecy and authenticated encryption only. TLS 1.3 has no others.
SUITES = b"ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!eNULL:!kRSA:!PSK:!SRP"

_YEARS = 10


class CertificateError(Exception):
    """A certificate or key that cannot be used; the text names the file."""


@implementer(IOpenSSLServerConnectionCreator)
class Certificates:
    """Gives each new connection the certificate in force. ``reload`` leaves open connections as they are."""

    def __init__(self, certificate: Path, private_key: Path) -> None:
        self.certificate = certificate
        self.private_key = private_key
        self._context = _context(certificate, private_key)

    def reload(self) -> None:
        """Read the files again. Raises ``CertificateError`` and keeps the old certificate if they are no good."""
        self._context = _context(self.certificate, self.private_key)

    def serverConnectionForTLS(self, tlsProtocol: TLSMemoryBIOProtocol) -> SSL.Connection:
        """Return a connection object for one handshake; called by Twisted."""
        return SSL.Connection(self._context, None)


def _context(certificate: Path, private_key: Path) -> SSL.Context:
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_options(
        SSL.OP_NO_COMPRESSION | SSL.OP_CIPHER_SERVER_PREFERENCE | SSL.OP_NO_RENEGOTIATION | SSL.OP_SINGLE_ECDH_USE
    )
    context.set_cipher_list(SUITES)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    try:
        context.use_certificate_chain_file(str(certificate))
        context.use_privatekey_file(str(private_key))
        context.check_privatekey()
    except (SSL.Error, OSError) as error:
        raise CertificateError(f"{certificate} and {private_key} are no certificate and its key: {error}") from None
    return context


def make_certificate(directory: Path, host: str = "localhost") -> tuple[Path, Path]:
    """Return the paths of a self-signed EC P-256 certificate and its key, made if they are not there."""
    certificate, private_key = directory / "certificate.pem", directory / "private-key.pem"
    if certificate.exists() and private_key.exists():
        return certificate, private_key
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    alternatives = [
        x509.DNSName(host),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        x509.IPAddress(ipaddress.ip_address("::1")),
    ]
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=365 * _YEARS))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(
        private_key,
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )
    _write(certificate, signed.public_bytes(serialization.Encoding.PEM))
    return certificate, private_key


def _write(path: Path, data: bytes) -> None:
    """Write a file that is whole or not there, readable by its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
