"""Those at the chat: who registers, and who says something to somebody."""

from __future__ import annotations

import contextlib
import itertools
import random
import threading
import time
from collections import Counter
from typing import Any

from chaos.acts import LATER, Actor, Stop
from tests.integration.chat_socket import ChatSocket
from tests.integration.server import Server

#: Seconds in which what has a receipt is with its receiver.
DELIVERY = 20


def answer(client: ChatSocket, command: str) -> dict[str, Any]:
    """Return the next answer with that command. Raises ``ConnectionError`` at the end of the connection."""
    while True:
        found = client.receive_command(command)
        if not found:
            raise ConnectionError("the server has ended the connection")
        # A heartbeat is a 14 without a flag.
        if "Flag" in found:
            return found


class Registrations(Actor):
    """Registers one name after the other. Whoever was told that it is done can log in."""

    PASSWORD = "letters1"

    def __init__(self, chance: random.Random, pace: float = 0.05, tag: str = "reg") -> None:
        super().__init__(chance, pace)
        self._names = (f"{tag}{number}" for number in itertools.count())
        self._new: list[str] = []

    def act(self, server: Server, stop: Stop) -> None:
        """Register."""
        client = ChatSocket(server.ports["chat.tcp"])
        try:
            while not stop.wait(self.pace):
                name = next(self._names)
                client.send(Command="02", Name=name, Password=self.PASSWORD)
                found = answer(client, "12")
                if found["Flag"] == 1:
                    self._new.append(name)
                    self.confirmed += 1
                elif found["Message"] != LATER:
                    self.wrong.append(f"{name} was refused: {found['Message']}")
        finally:
            client.close()

    def recount(self, server: Server) -> None:
        """Log in as everybody who is new."""
        new, self._new = self._new, []
        for name in new:
            client = ChatSocket(server.ports["chat.tcp"])
            if client.log_in(name, self.PASSWORD).get("Flag") != 1:
                self.lost.append(f"{name} was registered and cannot log in")
            client.close()


class Messages(Actor):
    """Says one thing after the other to somebody who is there. What has a receipt is heard, and once.

    ``there`` is another server of a cluster, where the listener is then; a receipt may say that nobody is there.
    """

    _numbers = itertools.count()

    def __init__(self, chance: random.Random, pace: float = 0.01, there: Server | None = None) -> None:
        super().__init__(chance, pace)
        self._count = itertools.count()
        self._there = there

    @property
    def name(self) -> str:
        """See ``Actor``."""
        return "messages" if self._there is None else "across"

    def act(self, server: Server, stop: Stop) -> None:
        """Say."""
        number = next(self._numbers)
        listener = ChatSocket((self._there or server).ports["chat.tcp"])
        speaker = ChatSocket(server.ports["chat.tcp"])
        heard: list[str] = []
        ended = threading.Event()
        receipts: list[str] = []

        def listen() -> None:
            try:
                while found := listener.receive():
                    if found["Command"] == "13":
                        heard.append(found["Message"])
            except (OSError, ValueError):
                # Cut in the middle of a line: the end all the same.
                pass
            finally:
                ended.set()

        listening = threading.Thread(target=listen, daemon=True)
        try:
            for client, name in ((listener, f"listener{number}"), (speaker, f"speaker{number}")):
                client.send(Command="01", Name=name)
                if answer(client, "11")["Flag"] != 1:
                    raise AssertionError(f"{name} was not let in")
            listening.start()
            while not stop.wait(self.pace):
                text = f"message {next(self._count)}"
                speaker.send(Command="04", FriendName=f"listener{number}", Message=text)
                if answer(speaker, "14")["Flag"] == 1:
                    receipts.append(text)
                    self.confirmed += 1
                elif not ended.is_set() and self._there is None:
                    self.wrong.append(f"{text}: the receipt says that nobody is there")
        finally:
            if listening.ident is not None:
                deadline = time.monotonic() + DELIVERY
                while not ended.is_set() and not set(receipts) <= set(heard) and time.monotonic() < deadline:
                    time.sleep(0.01)
                self._hang_up(listener, listening)
            listener.close()
            speaker.close()
            self._compare(receipts, heard)

    @staticmethod
    def _hang_up(listener: ChatSocket, listening: threading.Thread) -> None:
        # The server may have been faster.
        with contextlib.suppress(OSError):
            listener.raw.shutdown(2)
        listening.join()

    def _compare(self, receipts: list[str], heard: list[str]) -> None:
        times = Counter(heard)
        self.lost += [f"{text} has a receipt and was not heard" for text in receipts if not times[text]]
        self.wrong += [f"{text} was heard {count} times" for text, count in times.items() if count > 1]
