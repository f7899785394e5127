"""The machine's clock is set, forwards and backwards, while the server runs."""

from __future__ import annotations

import random
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path

import attrs

from chaos.actors.asking import account, ask
from chaos.actors.chat import answer
from chaos.acts import DOORS, SETTINGS
from chaos.fault import Fault, Outcome
from chaos.process import everybody
from chaos.running import Run, lasting
from tests.directories import temporary_directory
from tests.integration.chat_socket import ChatSocket
from tests.integration.server import TWISTD, Server
from tests.integration.web_socket import WebSocket

#: Seconds from the machine's clock, back and ahead, to which it is set. Nothing that the load needs is over by then:
#: test players, requests and the operator's token are kept for longer.
BACK, AHEAD = 12 * 3600.0, 3600.0

#: A ban's and a mute's minutes, and the seconds that a token of the games is good for.
MINUTES, TOKEN = 60, 7200.0

#: Seconds in which a ban that is over is over everywhere: the sanctions are looked at every few seconds.
LOOKED_AT = 30


#: What ``TWISTD`` has behind the way in which it starts Python.
TWISTD_OPTIONS = TWISTD[3:]


class Clock:
    """The file that says how far ahead a server's wall clock is."""

    def __init__(self, directory: Path) -> None:
        self.file = directory / "ahead"
        self.set(0.0)

    def set(self, seconds: float) -> None:
        """Set the clock so far ahead of the machine's, in one write."""
        with open(self.file, "r+b" if self.file.exists() else "wb") as file:
            file.write(struct.pack("d", seconds))


def with_clock(clock: Clock) -> tuple[str, ...]:
    """Return how a server is started that goes by a clock."""
    return (sys.executable, "-m", "chaos.programs.clock", str(clock.file), *TWISTD_OPTIONS)


@attrs.define(eq=False)
class Spans:
    """What lasts for a time by the wall clock: a ban, a mute, a token."""

    server: Server
    clock: Clock
    token: str = ""
    wrong: list[str] = attrs.field(factory=list)

    PASSWORD = "letters1"

    def begin(self) -> None:
        """Ban, mute and ask for a token, all at the machine's own time."""
        done = self.server.run("user", "add", "warden", "--password", "a long Password 123", "--role", "admin")
        assert done.returncode == 0, done.stderr
        port = self.server.ports["web.endpoints"]
        _, found = ask(port, "/api/login", {"name": "warden", "password": "a long Password 123"})
        # With accounts: a ban of a guest would go with them to their address, which is everybody's here.
        for name in ("jailedOne", "mutedOne", "spenderOne"):
            account(port, name, self.PASSWORD)
        for action, name in (("ban", "jailedOne"), ("mute", "mutedOne")):
            asked = {"action": action, "subject": name, "minutes": MINUTES}
            status, said = ask(port, "/api/operator/act", asked, found["token"])
            assert status == 200, said
        given = {"name": "spenderOne", "password": self.PASSWORD}
        self.token = ask(self.server.ports["invoker.endpoints"], "/v1/sessions", given)[1]["token"]

    def look(self, ahead: float) -> None:
        """Set the clock, and compare what is over with what has to be."""
        self.clock.set(ahead)
        # A little later, for time goes on.
        in_force = ahead < MINUTES * 60 - 300
        for what, find, right in (
            ("a ban", self._banned, in_force),
            ("a mute", self._muted, in_force),
            ("a token", self._token_good, ahead < TOKEN),
        ):
            deadline = time.monotonic() + LOOKED_AT
            while find() is not right:
                if time.monotonic() > deadline:
                    self.wrong.append(f"{what} is {'over' if right else 'in force'} at {ahead:+.0f} s")
                    break
                time.sleep(0.2)

    def _said(self, name: str, password: str) -> tuple[int, int]:
        """Log in at the chat and say something to oneself; return both flags."""
        client = ChatSocket(self.server.ports["chat.tcp"])
        try:
            if not client.log_in(name, password).get("Flag"):
                return 0, 0
            client.send(Command="04", FriendName=name, Message="psst")
            return 1, answer(client, "14")["Flag"]
        finally:
            client.close()

    def _banned(self) -> bool:
        return self._said("jailedOne", self.PASSWORD) == (0, 0)

    def _muted(self) -> bool:
        return self._said("mutedOne", self.PASSWORD) == (1, 0)

    def _token_good(self) -> bool:
        try:
            WebSocket(self.server.ports["invoker.endpoints"], f"/v1/ws?token={self.token}").close()
        except ConnectionError:
            return False
        return True


def jumps(chance: random.Random, times: int, say: Callable[[str], None]) -> Outcome:
    """Set the clock anywhere between ``BACK`` and ``AHEAD``, each time from where it was."""
    clock = Clock(temporary_directory())
    server = Server(DOORS, SETTINGS, program=with_clock(clock))
    try:
        spans = Spans(server.start(), clock)
        spans.begin()
        for ahead in (MINUTES * 30.0, MINUTES * 90.0, TOKEN + 60.0, -BACK, 0.0):
            spans.look(ahead)
        say("a ban, a mute and a token have been looked at")

        def fault(_number: int) -> None:
            clock.set(chance.uniform(-BACK, AHEAD) if chance.random() < 0.7 else chance.uniform(-5.0, 5.0))
            lasting(chance, 0.05, 0.5)

        outcome = Run(server, everybody(chance, 4.0), over=lambda: clock.set(0.0)).make(fault, times, say)
        return attrs.evolve(outcome, wrong=outcome.wrong + len(spans.wrong), notes=(*spans.wrong, *outcome.notes))
    finally:
        server.kill()


FAULTS = (Fault("clock", "the clock is set, up to twelve hours back and an hour ahead", jumps, times=120, short=0),)
