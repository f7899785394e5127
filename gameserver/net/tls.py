"""TLS for the server's own protocols: TLS 1.2 and 1.3, strong suites, certificates that can be renewed in place."""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from OpenSSL import SSL
from twisted.internet.interfaces import (
    IDelayedCall,
    IHalfCloseableProtocol,
    IOpenSSLServerConnectionCreator,
    ITCPTransport,
    ITransport,
)
from twisted.internet.protocol import connectionDone
from twisted.protocols.tls import TLSMemoryBIOFactory, TLSMemoryBIOProtocol
from twisted.python.failure import Failure
from zope.interface import implementer

from gameserver.net.http import TLS_HANDSHAKE
from gameserver.net.tls_connection import TlsConnection

#: Suites of TLS 1.2; forward secrecy and authenticated encryption only. TLS 1.3 has no others.
SUITES = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!eNULL:!kRSA:!PSK:!SRP"

#: Seconds a client gets to answer our goodbye.
GOODBYE = 1.0

#: Seconds a client that has said goodbye gets to read what was on its way to it.
LAST_READING = 5.0

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

    def change(self, certificate: Path, private_key: Path) -> None:
        """Read other files from now on. Raises ``CertificateError`` and changes nothing if they are no good."""
        self._context = _context(certificate, private_key)
        self.certificate, self.private_key = certificate, private_key

    def serverConnectionForTLS(self, tlsProtocol: TLSMemoryBIOProtocol) -> SSL.Connection:
        """Return a connection object for one handshake; called by Twisted."""
        half_closes = IHalfCloseableProtocol.providedBy(tlsProtocol.wrappedProtocol)
        return cast("SSL.Connection", TlsConnection(self._context, half_closes=half_closes))


class TlsTransport(TLSMemoryBIOProtocol):
    """Twisted's, but a client that begins with no handshake is put out with its first byte, not after a record.

    Small writes are gathered by the protocols' outboxes, not here. A client that does not answer our goodbye within
    ``GOODBYE`` seconds has been sent all of it, and only does not read at the moment: it is not waited for any
    longer. A client that says goodbye first has ``LAST_READING`` seconds for what was on its way to it, unless the
    protocol is an ``IHalfCloseableProtocol``: that is told, may go on writing, and closes.
    """

    _begun = _over = _half_closed = False
    _goodbye: IDelayedCall | None = None
    _last_reading: IDelayedCall | None = None

    def dataReceived(self, data: bytes) -> None:
        """Take bytes from the network."""
        if not self._begun:
            if not data.startswith(TLS_HANDSHAKE):
                cast("ITransport", self.transport).loseConnection()
                return
            self._begun = True
        super().dataReceived(data)
        if cast("TlsConnection", self._tlsConnection).half_closed and not self._half_closed:
            self._half_closed = True
            cast("IHalfCloseableProtocol", self.wrappedProtocol).readConnectionLost()

    def _shutdownTLS(self) -> None:
        super()._shutdownTLS()
        if self.disconnecting and not self._aborted and self._goodbye is None:
            self._goodbye = self.factory._clock.callLater(GOODBYE, self._unanswered)

    def _tlsShutdownFinished(self, reason: Failure | None) -> None:
        # Nothing can be written any more. A producer that TCP has told to pause would keep it from closing, for ever
        # if it has nothing more to write when it may go on; and TCP reads nothing now that would end a dead client.
        self.unregisterProducer()
        if reason is not None:
            # It knows the calls in which it was raised, and they know it and us: see net.nobody.
            reason.cleanFailure()
            cast("BaseException", reason.value).__context__ = None
        super()._tlsShutdownFinished(reason)
        if self._last_reading is None and not self._over:
            self._last_reading = self.factory._clock.callLater(LAST_READING, self._unread)

    def _unread(self) -> None:
        cast("ITCPTransport", self.transport).abortConnection()

    def _unanswered(self) -> None:
        # Below TLS: what TCP has not sent yet still leaves.
        cast("ITransport", self.transport).loseConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Forget the connection."""
        self._over = True
        for timer in (self._goodbye, self._last_reading):
            if timer is not None and timer.active():
                timer.cancel()
        super().connectionLost(reason)
        self._reason = None


class TlsFactory(TLSMemoryBIOFactory):
    """Speaks TLS in front of another factory."""

    protocol = TlsTransport


def _context(certificate: Path, private_key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= (
        ssl.OP_NO_COMPRESSION | ssl.OP_CIPHER_SERVER_PREFERENCE | ssl.OP_NO_RENEGOTIATION | ssl.OP_SINGLE_ECDH_USE
    )
    context.set_ciphers(SUITES)
    # Why: see TlsConnection.
    context.num_tickets = 0
    try:
        # An encrypted key is refused; nobody is there to be asked for its password.
        context.load_cert_chain(certificate, private_key, password=lambda: b"")
    except (ssl.SSLError, OSError) as error:
        reason = error.strerror or str(error)
        raise CertificateError(f"{certificate} and {private_key} are no certificate and its key: {reason}") from None
    return context


def make_certificate(directory: Path, host: str = "localhost") -> tuple[Path, Path]:
    """Return the paths of a self-signed EC P-256 certificate and its key, made if they are not there."""
    certificate, private_key = _paths(directory)
    if certificate.exists() and private_key.exists():
        return certificate, private_key
    return renew_certificate(directory, host)


def renew_certificate(directory: Path, host: str = "localhost") -> tuple[Path, Path]:
    """Make a self-signed certificate and its key in place of those that are there, and return their paths.

    ``host`` is the name or the IP address of the server. Raises ``CertificateError`` if it cannot stand in a
    certificate; then the old ones stay.
    """
    certificate, private_key = _paths(directory)
    key, signed = _self_signed(host)
    # In this order a crash leaves a key without a certificate at worst, and the next start makes both anew.
    certificate.unlink(missing_ok=True)
    _write(
        private_key,
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )
    _write(certificate, signed.public_bytes(serialization.Encoding.PEM))
    return certificate, private_key


def _paths(directory: Path) -> tuple[Path, Path]:
    return directory / "certificate.pem", directory / "private-key.pem"


def _self_signed(host: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    addresses = [ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")]
    names: list[x509.GeneralName] = []
    try:
        try:
            addresses.append(ipaddress.ip_address(host))
        except ValueError:
            names.append(x509.DNSName(host))
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    except ValueError as error:
        raise CertificateError(f"{host!r} cannot stand in a certificate: {error}") from None
    names += [x509.IPAddress(address) for address in dict.fromkeys(addresses)]
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=365 * _YEARS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return key, signed


def _write(path: Path, data: bytes) -> None:
    """Write a file that is whole or not there, readable by its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
