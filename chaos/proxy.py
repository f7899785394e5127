"""Between the server and what it needs: a TCP proxy that refuses, cuts, delays, and freezes."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time

#: Seconds the proxy's threads may take to end.
PATIENCE = 20


class _Pair:
    """One connection and the one behind it."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.ends = (client, server)

    def cut(self) -> None:
        """End both at once, as a machine does that has been switched off: with a reset."""
        for end in self.ends:
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class Proxy:
    """Listens on a port of 127.0.0.1 that stays the same; ``stop`` ends it.

    ``delay`` are seconds that whatever comes back from behind waits.
    """

    def __init__(self, host: str, port: int) -> None:
        self._behind = (host, port)
        self._lock = threading.Lock()
        self._pairs: set[_Pair] = set()
        self._budget: int | None = None
        self._listener: socket.socket | None = None
        self.delay = 0.0
        self._flowing = threading.Event()
        self._flowing.set()
        self.port = 0
        self.listen()

    def listen(self) -> None:
        """Let connections in, again."""
        listener = socket.create_server(("127.0.0.1", self.port), backlog=100)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def refuse(self) -> None:
        """Refuse new connections; those that are there go on."""
        listener, self._listener = self._listener, None
        if listener is not None:
            # What waits in accept is woken by this, and not by close.
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def freeze(self) -> None:
        """Let nothing through in either direction, and end nothing: a line on which nobody hears anybody."""
        self._flowing.clear()

    def thaw(self) -> None:
        """Let everything through again, also what has waited."""
        self._flowing.set()

    def cut(self) -> int:
        """Cut every connection; return how many there were."""
        with self._lock:
            pairs, self._pairs = self._pairs, set()
            self._budget = None
        for pair in pairs:
            pair.cut()
        return len(pairs)

    def cut_after(self, size: int) -> None:
        """Let so many bytes more come back, then cut every connection, in the middle of a reply perhaps."""
        with self._lock:
            self._budget = size

    @property
    def armed(self) -> bool:
        """Whether ``cut_after`` has been asked for and has not happened yet."""
        return self._budget is not None

    def stop(self) -> None:
        """End everything."""
        self.refuse()
        self.cut()
        self.thaw()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self._behind, PATIENCE)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            pair = _Pair(client, server)
            for end in pair.ends:
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._pairs.add(pair)
            threading.Thread(target=self._there, args=(pair,), daemon=True).start()
            threading.Thread(target=self._back, args=(pair,), daemon=True).start()

    def _there(self, pair: _Pair) -> None:
        client, server = pair.ends
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                self._flowing.wait()
                server.sendall(data)
        self._end(pair)

    def _back(self, pair: _Pair) -> None:
        client, server = pair.ends
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                self._flowing.wait()
                if self.delay:
                    time.sleep(self.delay)
                let, cut = self._allowed(len(data))
                client.sendall(data[:let])
                for other in cut:
                    other.cut()
        self._end(pair)

    def _allowed(self, size: int) -> tuple[int, set[_Pair]]:
        """Return how much of so many bytes may pass, and which connections are cut then."""
        with self._lock:
            if self._budget is None:
                return size, set()
            let = min(size, self._budget)
            self._budget -= let
            if self._budget:
                return let, set()
            # Those that are there now, and none that is made from here on.
            self._budget, pairs, self._pairs = None, self._pairs, set()
            return let, pairs

    def _end(self, pair: _Pair) -> None:
        with self._lock:
            self._pairs.discard(pair)
        for end in pair.ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
