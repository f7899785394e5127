"""The rules of a game fail: its match goes on or stands still, everybody else notices nothing, its log replays."""

from __future__ import annotations

import itertools
import json
import random
import sys
from collections.abc import Callable

from chaos.actors.match import Match
from chaos.acts import DOORS, SETTINGS, Actor, Stop, until
from chaos.fault import Fault, Outcome
from chaos.process import everybody
from chaos.programs.engine import INJECTED
from chaos.running import Run
from tests.integration.lines import Lines
from tests.integration.server import TWISTD, Server

#: Of so many calls of a game's rules one fails.
EVERY = 7

#: Seconds in which the next failure comes; somebody plays all the time.
NEXT = 60


class Towers(Actor):
    """A player of a game in real time, whose clock fails again and again."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance, 0.0)
        self._games = (f"towers{number}" for number in itertools.count())
        self._game = self._secret = ""

    def prepare(self, server: Server) -> None:
        """Make a test player."""
        client = Lines(server.ports["kassel.ss12"])
        client.line()
        client.send("CREATE TESTPLAYER")
        words = client.line().split()
        client.close()
        self._secret = f"{words[2].partition('=')[2]} {words[3].partition('=')[2]}"

    def _enter(self, server: Server) -> Lines:
        client = Lines(server.ports["kassel.ss12"])
        client.line()
        client.send(f"LOGIN {self._secret}")
        client.until("OK")
        return client

    @staticmethod
    def _join(client: Lines, game: str) -> list[dict[str, str]]:
        client.send(f"JOIN GAME {game}")
        count = int(client.line().split()[1])
        client.until("OK")
        return [json.loads(client.line()) for _ in range(count)]

    def act(self, server: Server, stop: Stop) -> None:
        """Play, which is to look on while the time passes."""
        client = self._enter(server)
        try:
            while not stop.is_set():
                self._begin(client)
                while not stop.is_set():
                    event = json.loads(client.line())
                    if (event["@prop"], event.get("@nv")) == ("running", "false"):
                        self._game = ""
                        client.send({"@action": "LEAVE_GAME"})
                        client.send("NOOP")
                        client.until("OK")
                        break
        finally:
            client.close()

    def _begin(self, client: Lines) -> None:
        game = next(self._games)
        client.send(f"CREATE GAME {game} -players 1 -testgame")
        client.until("OK")
        tile = next(event["@nv"] for event in self._join(client, game) if event["@prop"] == "tiles")
        entry = {"key": "tile", "value": tile}
        client.send({"@action": "CHOOSE_TILE", "properties": {"entry": entry}})
        client.send({"@action": "START_GAME"})
        while "running" not in client.line():
            continue
        self._game = game
        self.confirmed += 1

    def recount(self, server: Server) -> None:
        """Look whether the game is there, and runs."""
        if not self._game:
            return
        client = self._enter(server)
        client.send("LIST GAMES")
        listed = client.until("OK")
        if not any(line.startswith(f"GAME NAME={self._game} ") for line in listed):
            self.lost.append(f"{self._game} is not there: {listed}")
        client.close()


def raises(chance: random.Random, times: int, say: Callable[[str], None]) -> Outcome:
    """Let one of ``EVERY`` calls of two games' rules fail."""
    program = (sys.executable, "-m", "chaos.programs.engine", str(EVERY), *TWISTD[3:])
    server = Server(DOORS, SETTINGS, program=program)
    actors: list[Actor] = [actor for actor in everybody(chance, 4.0) if not isinstance(actor, Match)]
    actors += [Match(chance, 0.05, stubborn=True), Towers(chance)]
    try:
        server.start()

        def failed() -> int:
            return sum(1 for line in server.lines if line.lstrip().startswith(f"__main__.{INJECTED}: "))

        def fault(number: int) -> None:
            until(lambda: failed() >= number, f"the {number}th failure", NEXT)

        return Run(server, actors, injected=INJECTED).make(fault, times, say)
    finally:
        server.kill()


FAULTS = (Fault("engine", "the rules of a game fail, before they have done anything or after", raises, 150, 2),)
