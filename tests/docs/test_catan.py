"""The message sequences of docs/catan.md, played against the protocol of season SS13."""

from __future__ import annotations

import json
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.catan.game import Catan
from gameserver.games.catan.model import Phase
from tests.docs.sequences import Step, filled, matches, sequences
from tests.games.catan.playing import deal, give
from tests.games.catan.test_wire import PROPERTIES
from tests.protocols.kassel.services import Client, ClockServices

PAGE = Path(__file__).resolve().parents[2] / "docs" / "catan.md"


class Table:
    """A game with people at the protocol, in the position a remark asks for."""

    def __init__(self) -> None:
        self.services = ClockServices()
        self.clients: dict[str, Client] = {}
        self.heard: dict[str, list[str]] = {}
        self.kept: dict[str, str] = {}

    def seat(self, *names: str) -> None:
        for name in names:
            client = self.clients[name] = self.services.user(name, "ss13")
            if name == names[0]:
                assert client.ask(f"CREATE GAME island -maxPlayers {len(names)}") == ["OK"]
            assert client.ask("JOIN GAME island -visitor false") == ["OK"]
            self.services.clock.advance(1)
            self.heard[name] = []
        self.listen()
        for lines in self.heard.values():
            lines.clear()

    @property
    def game(self) -> Catan:
        game = self.services.matches.open("catan")[0].game
        assert isinstance(game, Catan)
        return game

    def listen(self) -> None:
        """Keep the messages that have come, without the changes of the model."""
        for name, client in self.clients.items():
            lines = client.lines()
            self.heard[name] += [line for line in lines if json.loads(line)["@src"] == "SERVER"]

    def lay(self) -> None:
        """Lay the position of the example."""
        game, state = self.game, self.game.state
        state.order = [game.assets(seat) for seat in range(3)]
        game._began = 3
        state.root.running = True
        state.start_turn(state.order[0])
        state.root.phase = Phase.ACTING
        give(game, 0, grain=2)
        give(game, 1, coin=1, cloth=1)
        give(game, 2, lumber=2, paper=1)
        one, more = game.assets(0).cards
        users = {name: game.assets(seat).id for seat, name in enumerate(("anne", "bob", "carl"))}
        harbor = deal(game, 0, "COMMERCIAL_HARBOR").id
        self.kept.update(users, harbor=harbor, grain=one.id, more=more.id)


class CatanPageTests(SynchronousTestCase):
    def test_every_sequence_is_as_the_page_says(self) -> None:
        found = sequences(PAGE.read_text("utf-8"))
        self.assertEqual(set(found), {"founding", "commercial harbor"})
        for name, steps in found.items():
            with self.subTest(name):
                self.play(steps)

    def play(self, steps: list[Step]) -> None:
        table = Table()
        for step in steps:
            if step.text == "a game of anne and bob":
                table.seat("anne", "bob")
            elif step.text.startswith("a running game of anne, bob and carl"):
                table.seat("anne", "bob", "carl")
                table.lay()
            elif step.direction == ">":
                table.clients[step.client].say(filled(step.text, table.kept))
                table.listen()
            else:
                self.assertTrue(table.heard[step.client], step)
                actual = table.heard[step.client].pop(0)
                self.assertTrue(matches(step.text, actual, table.kept), (step, actual))
        self.assertEqual({name: lines for name, lines in table.heard.items() if lines}, {})

    def test_the_objects_are_as_the_page_says(self) -> None:
        rows = {}
        for line in PAGE.read_text("utf-8").splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if len(cells) == 2 and cells[0] in PROPERTIES:
                names = cells[1].replace("\\*", "").split(", ")
                rows[cells[0]] = [name.partition(" (")[0] for name in names]
        self.assertEqual(rows, PROPERTIES)
