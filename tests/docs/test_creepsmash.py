"""docs/creepsmash.md: its message sequence against the protocol of season SS12, its tables against the rules."""

from __future__ import annotations

import json
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.creepsmash import CreepSmash
from gameserver.games.creepsmash.tables import CREEPS, STRATEGIES, TOWERS
from tests.docs.sequences import filled, matches, sequences
from tests.games.creepsmash.stage import MAPS
from tests.games.creepsmash.test_wire import PROPERTIES
from tests.protocols.kassel.services import Client, ClockServices
from tests.typed import the

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "creepsmash.md").read_text("utf-8")

#: What the page leaves out: what a slow reader may be spared too.
LEFT_OUT = ("buildProgress", "nextIncome")


class Table:
    """A game with people at the protocol; what one of them hears is kept."""

    def __init__(self) -> None:
        self.services = ClockServices()
        self.clients: dict[str, Client] = {}
        self.heard: list[str] = []
        self.kept: dict[str, str] = {}

    def seat(self, *names: str) -> None:
        for name in names:
            client = self.clients[name] = self.services.user(name, "ss12")
            if name == names[0]:
                assert client.ask(f"CREATE GAME field -players {len(names)}") == ["OK"]
            assert client.ask("JOIN GAME field -visitor false")[1] == "OK"
        self.listen(names[0])
        self.heard.clear()
        game = self.services.matches.open("creepsmash")[0].game
        assert isinstance(game, CreepSmash)
        first, second = list(game.root.tiles)[:2]
        entry = the(the(second.map).enter_waypoint)
        cells = {kind: next(cell for cell in the(first.map).cells if cell.type == kind) for kind in ("PATH", "FREE")}
        self.kept.update(
            game=game.root.id,
            topleft=first.id,
            topright=second.id,
            way=cells["PATH"].id,
            free=cells["FREE"].id,
            entry=the(entry.cell).id,
            first=entry.id,
            **{name: the(game.assets(seat)).id for seat, name in enumerate(names)},
        )

    def listen(self, name: str) -> None:
        for client in self.clients.values():
            lines = client.lines()
            if client is self.clients[name]:
                self.heard += lines

    def pass_time(self, ticks: int) -> None:
        """Let 50 ms pass so many times; the server counts a tick when its own 50 ms are over."""
        for _ in range(ticks):
            self.services.clock.advance(0.05)


class CreepSmashPageTests(SynchronousTestCase):
    def test_the_sequence_is_as_the_page_says(self) -> None:
        found = sequences(PAGE)
        self.assertEqual(set(found), {"the first creep"})
        table = Table()
        for step in found["the first creep"]:
            if step.direction == "#":
                if step.text == "a game of anne and bob":
                    table.seat("anne", "bob")
                else:
                    table.pass_time(52)
                    table.listen("anne")
                    kept = [line for line in table.heard if json.loads(line)["@prop"] not in LEFT_OUT]
                    table.heard[:] = kept
            elif step.direction == ">":
                self.assertEqual(table.heard, [], step)
                table.clients[step.client].say(filled(step.text, table.kept))
                table.listen("anne")
            else:
                self.assertTrue(table.heard, step)
                actual = table.heard.pop(0)
                self.assertTrue(matches(step.text, actual, table.kept), (step, actual))
        self.assertEqual(table.heard, [])

    def rows(self, columns: int) -> list[list[str]]:
        lines = [line for line in PAGE.splitlines() if line.startswith("| ")]
        found = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        return [row for row in found if len(row) == columns]

    def test_the_objects(self) -> None:
        rows = {}
        for kind, properties in self.rows(2):
            if kind in PROPERTIES:
                names = properties.replace("\\*", "").split(", ")
                rows[kind] = [name.partition(" (")[0] for name in names]
        self.assertEqual(rows, PROPERTIES)

    def test_the_towers(self) -> None:
        expected = [
            [
                *(level.family, level.level, level.price, level.range, level.cool_down, level.damage),
                *(level.splash_radius, level.splash_loss, level.slow_percent, level.slow_ticks),
            ]
            for levels in TOWERS.values()
            for level in levels
        ]
        found = [[row[0], *(int(cell or 0) for cell in row[1:])] for row in self.rows(10) if row[0] in TOWERS]
        self.assertEqual(found, expected)

    def test_the_creeps(self) -> None:
        found = [row for row in self.rows(7) if row[0] in CREEPS]
        self.assertEqual(
            [[row[0], *(int(cell) for cell in row[1:6])] for row in found],
            [[kind.type, kind.price, kind.income, kind.health, kind.speed, kind.bounty] for kind in CREEPS.values()],
        )
        self.assertEqual(
            [row[0] for row in found if "immune" in row[6]], [k.type for k in CREEPS.values() if k.slow_immune]
        )
        self.assertEqual([row[6] for row in found if "regenerates" in row[6]], ["regenerates 500 a tick"])

    def test_strategies_and_maps(self) -> None:
        self.assertEqual([row[0] for row in self.rows(2) if row[0] in STRATEGIES], list(STRATEGIES))
        for path in MAPS.glob("*.map"):
            self.assertIn(f"`{path.stem}`", PAGE)
