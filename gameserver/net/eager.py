"""A TCP transport that tries the socket at once.

Twisted's own puts what is written aside and asks the reactor to say when the socket can take it, which it nearly
always can: three calls of the kernel and another turn for every message. Here the socket is tried first, and only
what it does not take goes Twisted's way. It is the same for what stands on TCP: TLS, WebSockets.

It is for who asks for it, as all our connections do once they are open. HTTP does not: twisted.web writes an answer
in pieces, and Twisted sends them as one.
"""

from __future__ import annotations

from collections.abc import Iterable

from twisted.internet import tcp


class EagerTransport(tcp.Server):
    """Twisted's transport of an accepted connection; asked to, ``write`` sends at once what can be sent at once.

    Twisted keeps what it buffers in order, tells producers when to pause and when to go on, closes when everything
    has left, and does TLS on a connection that has begun without. So all is left to it while anything of that is
    going on; what is larger than ``bufferSize`` too, because it pauses a producer, who must not be told to go on
    before their own call has returned.
    """

    #: Whether what is written is to leave at once.
    _eager = False
    #: Whether Twisted has something of ours, and writes it when the reactor says that the socket takes it.
    _waits = False
    #: Whether nothing more may be sent, or only what has been written before.
    _ends = False

    def write(self, data: bytes) -> None:
        """Send bytes, at once as far as that is wanted and the socket takes them."""
        if (
            not self._eager
            or self._waits
            or self._ends
            or not self.connected
            or self.disconnecting
            or self.TLS
            or type(data) is not bytes
            or not 0 < len(data) <= self.bufferSize
            or (self.producer is not None and (self.producerPaused or not self.streamingProducer))
        ):
            super().write(data)
            return
        try:
            sent = self.socket.send(data)
        except OSError:
            # It is full, or the connection is lost: Twisted finds that out for itself, and tells the protocol of it
            # in a turn of its own.
            sent = 0
        if sent < len(data):
            super().write(data[sent:] if sent else data)

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        """Send several pieces, as one."""
        self.write(b"".join(iovec))

    def leave_at_once(self) -> None:
        """From now on let what is written leave within the call: it is a whole message, or several."""
        self._eager = True

    def startWriting(self) -> None:
        """Ask the reactor to say when the socket takes something; called by Twisted."""
        self._waits = True
        super().startWriting()

    def stopWriting(self) -> None:
        """Ask it no more, because everything has left; called by Twisted."""
        self._waits = False
        super().stopWriting()

    def loseWriteConnection(self) -> None:
        """Close our half when everything has left."""
        self._ends = True
        super().loseWriteConnection()

    def abortConnection(self) -> None:
        """End the connection at once; what has not left is lost."""
        self._ends = True
        super().abortConnection()
