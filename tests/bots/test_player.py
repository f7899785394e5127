"""What a bot does when a server warns it of a flood and may have dropped its command, or when its reader fails."""

from __future__ import annotations

from typing import cast

import attrs
from twisted.internet.defer import Deferred, succeed
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.app.games import installed_kinds
from gameserver.bots.client import KasselClient, Listener
from gameserver.bots.player import BREATH, BotPlayer
from gameserver.games.api import Command
from gameserver.games.reader import Strategy
from gameserver.games.rng import Chance


class Line:
    """A client that keeps what a bot orders."""

    nickname = "bot"

    def __init__(self) -> None:
        self.orders: list[str] = []
        self.lost: Deferred[None] = Deferred()
        self.listener: Listener = lambda *_: None

    def join(self, game: str) -> Deferred[None]:
        return succeed(None)

    def order(self, command: Command) -> None:
        self.orders.append(command.action)

    def say(self, text: str) -> None:
        self.listener("SERVER", "USER_MESSAGE", None, text)


class Parrot:
    """A reader that answers every prompt with its own name, whatever the strategy."""

    ready = True

    def __init__(self) -> None:
        self._next: Command | None = None

    def hear(self, source: str, prop: str, old: str | None, new: str | None) -> None:
        if source == "SERVER" and new is not None and new.startswith("OK - "):
            self._next = Command(new.removeprefix("OK - ").upper())

    def decide(self, strategy: Strategy, chance: Chance) -> Command | None:
        found, self._next = self._next, None
        return found


class Broken:
    """A reader that fails as soon as it is asked."""

    ready = True

    def hear(self, source: str, prop: str, old: str | None, new: str | None) -> None:
        return None

    def decide(self, strategy: Strategy, chance: Chance) -> Command | None:
        raise LookupError("nothing to decide")


class BrokenReaderTests(SynchronousTestCase):
    def test_a_game_that_is_looked_at_ends_with_what_went_wrong(self) -> None:
        client = cast(KasselClient, Line())
        kind = attrs.evolve(installed_kinds()["creepsmash"], reader=lambda _nickname: Broken())
        clock = Clock()
        player = BotPlayer(clock, client, kind, "random", Chance(1))
        self.successResultOf(Deferred.fromCoroutine(player.join("table")))
        self.failureResultOf(player.over, LookupError)
        self.assertEqual(clock.getDelayedCalls(), [])


class FloodTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock, self.line = Clock(), Line()
        client = cast(KasselClient, self.line)
        kind = attrs.evolve(installed_kinds()["carcassonne"], reader=lambda _nickname: Parrot())
        self.player = BotPlayer(self.clock, client, kind, "random", Chance(1))
        self.successResultOf(Deferred.fromCoroutine(self.player.join("table")))

    def test_a_dropped_command_is_sent_again_after_a_breath(self) -> None:
        self.line.say("OK - roll")
        self.line.say("FLOOD DETECTED! This is warning #0!")
        self.assertEqual(self.line.orders, ["ROLL"])
        self.clock.advance(BREATH)
        self.assertEqual(self.line.orders, ["ROLL", "ROLL"])
        self.line.say("OK - end")
        self.assertEqual(self.line.orders, ["ROLL", "ROLL", "END"])

    def test_a_command_that_was_only_late_is_not_sent_twice(self) -> None:
        self.line.say("OK - roll")
        self.line.say("FLOOD DETECTED! This is warning #0!")
        self.line.say("OK - end")
        self.clock.advance(BREATH)
        self.assertEqual(self.line.orders, ["ROLL", "END"])

    def test_two_warnings_are_one_breath(self) -> None:
        self.line.say("OK - roll")
        self.line.say("FLOOD DETECTED! This is warning #0!")
        self.line.say("FLOOD DETECTED! This is warning #1!")
        self.clock.advance(BREATH)
        self.assertEqual(self.line.orders, ["ROLL", "ROLL"])

    def test_who_holds_his_breath_at_the_end_is_quiet(self) -> None:
        self.line.say("OK - roll")
        self.line.say("FLOOD DETECTED! This is warning #0!")
        self.line.lost.callback(None)
        self.failureResultOf(self.player.over)
        self.assertEqual(self.clock.getDelayedCalls(), [])
