"""One TLS connection for Twisted's TLS protocol, on Python's own ``ssl``.

Twisted works with pyOpenSSL's ``Connection``. That cannot be told to send no session tickets, and tickets break the
usual client of Python < 3.13: one thread waits in ``recv`` while another sends. The first ``recv`` would process the
tickets at the moment of the first ``send``, both without a lock on the same OpenSSL object: of 150 such clients 34
lost their first answer ("bad record mac"), without tickets one.
"""

from __future__ import annotations

import ssl
from contextlib import suppress

from OpenSSL import SSL


class TlsConnection:
    """As much of ``OpenSSL.SSL.Connection`` as ``twisted.protocols.tls`` uses; errors are pyOpenSSL's.

    With ``half_closes`` the peer's goodbye does not end the connection, because we may still have something to say:
    there is only nothing more to receive. ``half_closed`` says whether that is so.
    """

    __slots__ = ("_half_closes", "_incoming", "_outgoing", "_said_goodbye", "_tls", "half_closed")

    def __init__(self, context: ssl.SSLContext, *, half_closes: bool = False) -> None:
        self._half_closes = half_closes
        self._said_goodbye = False
        self.half_closed = False
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    def set_accept_state(self) -> None:
        """Be the server's side; it is, from the beginning."""

    def set_app_data(self, data: object) -> None:
        """Keep nothing: only verification of clients would ask for it."""

    def bio_write(self, data: bytes) -> int:
        """Take bytes that have come from the network."""
        return self._incoming.write(data)

    def bio_read(self, size: int) -> bytes:
        """Return bytes for the network. Raises ``WantReadError`` when there are none."""
        data = self._outgoing.read(size)
        if not data:
            raise SSL.WantReadError()
        return data

    def bio_shutdown(self) -> None:
        """Note that nothing will come from the network any more."""
        self._incoming.write_eof()

    def do_handshake(self) -> None:
        """Go on with the handshake as far as the bytes allow."""
        try:
            self._tls.do_handshake()
        except ssl.SSLError as error:
            raise _translated(error) from None

    def recv(self, size: int) -> bytes:
        """Return what the peer has sent. Raises ``ZeroReturnError`` when it has said that this was all."""
        incoming = self._incoming
        if not incoming.pending and not incoming.eof and not self._tls.pending():
            # Twisted asks again until there is no more, and Python's way to say so costs as much as a decryption.
            raise SSL.WantReadError()
        try:
            data = self._tls.read(size)
        except ssl.SSLError as error:
            raise _translated(error) from None
        if not data:
            self.half_closed = self._half_closes and not self._said_goodbye
            if self.half_closed:
                raise SSL.WantReadError()
            raise SSL.ZeroReturnError()
        return data

    def send(self, data: bytes) -> int:
        """Encrypt bytes for the peer and return how many."""
        try:
            return self._tls.write(data)
        except ssl.SSLError as error:
            raise _translated(error) from None

    def shutdown(self) -> bool:
        """Say that we send nothing more; return whether the peer has said so, too."""
        self._said_goodbye = True
        # Python looks for the peer's goodbye at once and takes anything else for an error. Who closes does not
        # want to know what else has come.
        with suppress(ssl.SSLError):
            more = True
            while more and self._incoming.pending:
                more = bool(self._tls.read(1 << 14))
        try:
            self._tls.unwrap()
        except ssl.SSLError:
            return False
        return True

    def get_peer_certificate(self) -> None:
        """Return nothing: no client is asked for a certificate."""

    def get_alpn_proto_negotiated(self) -> bytes:
        """Return that no protocol was negotiated."""
        return b""


def _translated(error: ssl.SSLError) -> SSL.Error:
    if isinstance(error, ssl.SSLWantReadError):
        return SSL.WantReadError()
    if isinstance(error, ssl.SSLZeroReturnError):
        return SSL.ZeroReturnError()
    if isinstance(error, ssl.SSLEOFError):
        return SSL.SysCallError(-1, "Unexpected EOF")
    return SSL.Error([(error.library or "", "", error.reason or str(error))])
