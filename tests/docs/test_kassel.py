"""The message sequences of docs/kassel.md, played over TCP, and its tables against the rules."""

from __future__ import annotations

from pathlib import Path

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.protocols.basic import LineReceiver
from twisted.trial.unittest import SynchronousTestCase, TestCase

from gameserver.games.carcassonne import model, tiles
from gameserver.games.entity import ToMany
from gameserver.games.participants import Team, User
from tests.docs.sequences import Step, play, sequences
from tests.protocols.kassel.services import Services
from tests.reactor import open_port, reactor

PAGE = Path(__file__).resolve().parents[2] / "docs" / "kassel.md"

#: The match of the page: its tiles and the names of its objects come from this number.
SEED = 3


class Peer(LineReceiver):
    """A telnet client as a sequence sees it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._waiting: Deferred[None] | None = None

    def send(self, text: str) -> None:
        self.sendLine(text.encode())

    async def receive(self) -> str:
        if not self.lines:
            self._waiting = Deferred()
            self._waiting.addTimeout(60, reactor)
            await self._waiting
        return self.lines.pop(0)

    def lineReceived(self, line: bytes) -> None:
        self.lines.append(line.decode())
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.callback(None)

    async def until(self, part: str) -> None:
        while part not in await self.receive():
            pass

    async def ask(self, command: str) -> list[str]:
        self.send(command)
        lines = [await self.receive()]
        while lines[-1] != "OK":
            lines.append(await self.receive())
        return lines


class KasselPageTests(TestCase):
    async def test_every_sequence_is_as_the_page_says(self) -> None:
        found = sequences(PAGE.read_text("utf-8"))
        self.assertGreaterEqual(len(found), 4)
        for name, steps in found.items():
            with self.subTest(name):
                await self.run_sequence(name, steps)

    async def run_sequence(self, name: str, steps: list[Step]) -> None:
        services = Services(reactor, seeds=lambda: SEED)
        await services.kassel.start()
        port = open_port(services.factories["ss14"])
        peers: dict[str, Peer] = {}

        async def connect(name: str) -> Peer:
            if name in peers:
                return peers[name]
            peer = peers[name] = Peer()
            await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port), peer)
            self.assertTrue((await peer.receive()).startswith("SE1-Server 1.0"))
            return peer

        async def logged_in() -> None:
            for who in ("anne", "bob"):
                await services.accounts.create(who, "secret")
                await (await connect(who)).ask(f"LOGIN {who} secret")

        async def remark(name: str, text: str) -> None:
            if text.startswith("anne and bob"):
                await logged_in()
            if "have joined" in text:
                await peers["anne"].ask("CREATE GAME g -maxPlayers 2")
                for who in ("anne", "bob"):
                    lines = await peers[who].ask("JOIN GAME g")
                    for _ in range(int(lines[0].split()[1])):
                        await peers[who].receive()
                await peers["anne"].until('"@prop":"users","@nv":"UserAssets@c01265f5"}')
            if text == "reads the dump":
                await peers[name].until('"@prop":"setAside"')
            if text == "hears of bob":
                await peers["anne"].until('"@src":"CarcassonneGame@308786fb","@prop":"users"')
            if text == "is asked for a card":
                await peers["bob"].until("OK - drawCard")

        try:
            await play(steps, connect, remark)
        finally:
            await services.kassel.stop()
            await port.stopListening()


_HALVES = ("NL", "NR", "EL", "ER", "SL", "SR", "WL", "WR")


def _position(number: int, place: tiles.Place) -> str:
    words = [str(number), place.terrain.value]
    if place.sides:
        words.append("".join("NESW"[side] for side in place.sides))
    words += [_HALVES[half] for half in place.halves]
    if place.pennants:
        words.append("with pennant")
    if place.cities:
        words.append("(" + ", ".join(str(index + 1) for index in place.cities) + ")")
    return " ".join(words)


class TableTests(SynchronousTestCase):
    def test_the_cards_are_those_of_the_game(self) -> None:
        table = (
            PAGE.read_text("utf-8")
            .partition("| card | number | positions |\n|---|---|---|\n")[2]
            .partition("\n\n")[0]
        )
        rows = [
            f"| {tile.letter} | {tile.count} | "
            + "; ".join(_position(number, place) for number, place in enumerate(tile.places, 1))
            + " |"
            for tile in tiles.TILES.values()
        ]
        self.assertEqual(table.splitlines(), rows)

    def test_the_objects_are_those_of_the_game(self) -> None:
        table = PAGE.read_text("utf-8").partition("| class | properties |\n|---|---|\n")[2].partition("\n\n")[0]
        classes = (
            *(model.CarcassonneGame, model.UserAssets, User, Team),
            *(model.Field, model.MeeplePosition, model.Meeple),
        )
        rows = [
            f"| {one.__name__} | "
            + ", ".join(prop.wire + ("\\*" if isinstance(prop, ToMany) else "") for prop in one.properties)
            + " |"
            for one in classes
        ]
        self.assertEqual(table.splitlines(), rows)
