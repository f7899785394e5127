"""Whole matches for the tests, by players who know nothing but the events they receive, and the books of a match."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import attrs
from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command, Illegal, Options, Participant
from gameserver.games.creepsmash import CreepSmash
from gameserver.games.creepsmash.reading import Mirror, Reading
from gameserver.games.creepsmash.strategy import Strategy
from gameserver.games.creepsmash.tables import CREEPS, TOWERS
from gameserver.games.entity import Change, Message
from gameserver.games.rng import Chance
from gameserver.testing.game_events import Line, dumped, lines
from tests.games.creepsmash.stage import NAMES, creeps, map_text, root

#: One step of a match's log: ``join``, ``leave``, a command, or ticks that pass.
Step = tuple[str, int, Participant | Command | int | None]

#: Ticks after which a match that has not ended is taken for one that never will.
ENDLESS = 60_000


@attrs.define
class Bot:
    """A player who acts on what his reading of the stream tells, every so many ticks."""

    seat: int
    strategy: Strategy
    chance: Chance
    reading: Reading
    every: int

    def due(self, tick: int) -> bool:
        return (tick + 3 * self.seat) % self.every == 0

    def decide(self) -> Command | None:
        view = self.reading.view()
        return self.strategy(view, self.chance) if view is not None else None


class Match:
    """A game, its bots, its log; whoever ``watch`` names is told all lines of each tick."""

    def __init__(self, map_name: str, strategies: Sequence[Strategy], seed: int, every: int = 10) -> None:
        self.options = Options("match", len(strategies), map_name=map_name, map_text=map_text(map_name))
        self.seed = seed
        self.game = CreepSmash(self.options, seed)
        self.log: list[Step] = []
        self.tick = 0
        self.refused: list[str] = []
        #: What happened in the last step.
        self.happened: list[Change | Message] = []
        self.watch: list[Callable[[list[Line]], None]] = []
        self.bots: list[Bot] = []
        for seat, strategy in enumerate(strategies):
            self.join(seat, Participant(NAMES[seat], "SE", NAMES[: len(strategies)]))
            self.bots.append(Bot(seat, strategy, Chance(f"bot {seat} {seed}"), Reading(NAMES[seat]), every))
        self.game.model.take()
        for bot in self.bots:
            tell(bot.reading.replica, dumped(self.game.root))
        for bot in self.bots:
            command = bot.decide()
            assert command is not None and command.action == "CHOOSE_TILE"
            self.command(bot.seat, command)
            self.spread()
        self.command(0, Command("START_GAME"))

    def join(self, seat: int, participant: Participant) -> None:
        self.log.append(("join", seat, participant))
        self.game.join(seat, participant)

    def leave(self, seat: int) -> None:
        self.log.append(("leave", seat, None))
        self.game.leave(seat)
        self.bots = [bot for bot in self.bots if bot.seat != seat]

    def command(self, seat: int, command: Command) -> None:
        try:
            self.game.apply(seat, command)
        except Illegal as refusal:
            self.refused.append(str(refusal))
        else:
            self.log.append(("command", seat, command))

    def spread(self) -> list[Line]:
        self.happened = self.game.model.take()
        told = lines(self.happened)
        for bot in self.bots:
            tell(bot.reading.replica, told)
        for observer in self.watch:
            observer(told)
        return told

    def step(self) -> None:
        """Let the bots act and a tick pass."""
        for bot in self.bots:
            if bot.due(self.tick):
                command = bot.decide()
                if command is not None:
                    self.command(bot.seat, command)
        self.tick += 1
        self.log.append(("ticks", 0, 1))
        self.game.advance(50)
        self.spread()

    def play(self) -> None:
        while not self.game.over:
            if self.tick > ENDLESS:
                raise AssertionError("the match does not end")
            self.step()


def tell(mirror: Mirror, told: Iterable[Line]) -> None:
    for line in told:
        mirror.apply(*line)


def replayed(match: Match) -> tuple[CreepSmash, list[Line]]:
    """The game that the log gives, and every line it told."""
    game = CreepSmash(match.options, match.seed)
    told: list[Line] = []
    waiting = 0
    for _, seat, subject in match.log:
        if isinstance(subject, int):
            waiting += subject
            continue
        # However many ticks a host lets pass in one call, the result is the same.
        game.advance(50 * waiting)
        waiting = 0
        if isinstance(subject, Participant):
            game.join(seat, subject)
        elif isinstance(subject, Command):
            game.apply(seat, subject)
        else:
            game.leave(seat)
    game.advance(50 * waiting)
    told.extend(lines(game.model.take()))
    return game, told


class Books:
    """Keeps the money, the lives and the creeps of a match from its commands and its stream alone."""

    def __init__(self, match: Match) -> None:
        self.match = match
        self.read = len(match.log)
        self.seat_of = {
            player.id: seat for seat in (bot.seat for bot in match.bots) if (player := match.game.assets(seat))
        }
        self.owner = {
            cell.id: self.seat_of[tile.user_assets.id]
            for tile in root(match.game).tiles
            if tile.user_assets is not None and tile.map is not None
            for cell in tile.map.cells
        }
        seats = self.seat_of.values()
        self.balance = dict.fromkeys(seats, 200)
        self.income = dict.fromkeys(seats, 200)
        self.lives = dict.fromkeys(seats, 20)
        self.sent: Counter[tuple[int, str]] = Counter()
        self.born: Counter[tuple[int, str]] = Counter()
        self.levels: dict[str, tuple[str, int]] = {}
        self.ordered: list[tuple[int, str]] = []
        #: Living creeps: sender, kind, the cell they are in.
        self.creeps: dict[str, dict[str, str | None]] = {}
        self.faults: list[str] = []
        match.watch.append(self.take)

    def take(self, told: list[Line]) -> None:
        for _, seat, subject in self.match.log[self.read :]:
            if isinstance(subject, Command):
                self._pay(seat, subject)
        self.read = len(self.match.log)
        for source, prop, old, new in told:
            kind = source.partition("@")[0]
            if kind == "Creep":
                self._creep(source, prop, old, new)
            elif source in self.seat_of:
                self._player(self.seat_of[source], prop, old, new)
        if self.match.tick % 300 == 0 and self.match.tick and self.match.game.running:
            for seat, lives in self.lives.items():
                self.balance[seat] += self.income[seat] if lives else 0

    def _pay(self, seat: int, command: Command) -> None:
        arguments = command.arguments
        if command.action == "CREATE_CREEP":
            kind = CREEPS[arguments["creeptype"]]
            self.balance[seat] -= kind.price
            self.income[seat] += kind.income
            self.sent[seat, kind.type] += 1
        elif command.action == "CREATE_TOWER":
            family = arguments["towertype"]
            self.balance[seat] -= TOWERS[family][0].price
            self.ordered.append((seat, family))
        elif command.action == "UPGRADE_TOWER":
            family, level = self.levels[arguments["tower"]]
            self.balance[seat] -= TOWERS[family][level].price
            self.levels[arguments["tower"]] = (family, level + 1)

    def _player(self, seat: int, prop: str, old: str | None, new: str | None) -> None:
        if prop == "lives":
            if int(new or 0) != self.lives[seat] - 1 or int(new or 0) < 0:
                self.faults.append(f"lives of {seat} went from {old} to {new}")
            self.lives[seat] = int(new or 0)
        elif prop == "towers" and new is not None:
            ordered = next(entry for entry in self.ordered if entry[0] == seat)
            self.ordered.remove(ordered)
            self.levels[new] = (ordered[1], 1)
        elif prop == "towers" and old is not None:
            family, level = self.levels.pop(old)
            self.balance[seat] += sum(row.price for row in TOWERS[family][:level]) * 3 // 4

    def _creep(self, source: str, prop: str, old: str | None, new: str | None) -> None:
        creep = self.creeps.setdefault(source, {})
        if prop == "cell" and new is None:
            if creep.get("health") == "0":
                self.balance[self.owner[old or ""]] += CREEPS[creep["type"] or ""].bounty
                del self.creeps[source]
            return
        creep[prop] = new
        if prop == "userAssets":
            self.born[self.seat_of[new or ""], creep["type"] or ""] += 1
        sender = creep.get("userAssets")
        if sender is not None and self.owner.get(creep["cell"] or "") in (None, self.seat_of[sender]):
            self.faults.append(f"{source} of {sender} walks in {creep['cell']}")

    def check(self, test: SynchronousTestCase) -> None:
        """Compare with what the game's own objects say."""
        game = self.match.game
        test.assertEqual(self.faults, [])
        for player, seat in self.seat_of.items():
            assets = game.assets(seat)
            test.assertEqual((assets.id, assets.balance), (player, self.balance[seat]))
            test.assertEqual((assets.income, assets.lives), (self.income[seat], self.lives[seat]))
            test.assertGreaterEqual(assets.balance, 0)
        waiting = self.sent - self.born
        test.assertEqual(self.born - self.sent, Counter())
        test.assertEqual(waiting.total(), self.sent.total() - self.born.total())
        test.assertEqual({creep.id for creep in creeps(game)}, set(self.creeps))
