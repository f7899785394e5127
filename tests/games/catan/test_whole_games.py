"""Whole games: cards and pieces conserved, points counted again, nothing hidden shown, replays alike."""

from __future__ import annotations

import os
from collections.abc import Iterable

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command, Illegal, Participant
from gameserver.games.catan.bank import Bank, shortage
from gameserver.games.catan.game import Catan
from gameserver.games.catan.goods import Cost
from gameserver.games.catan.model import Intersection, Phase, UserAssets
from gameserver.games.catan.strategy import random_legal, sensible
from gameserver.games.rng import Chance
from gameserver.testing.game_events import dumped, knowledge, lines, replica_of
from tests.games.catan import recount
from tests.games.catan.playing import (
    START,
    apart,
    bare,
    created,
    found_city,
    pave,
    play_out,
    refusal,
    seated,
    settle,
)
from tests.games.catan.watching import COLLECTIONS, Watcher
from tests.games.command_log import Entry, perform
from tests.typed import the

#: GAMESERVER_LONG=1 plays the full number of games.
LONG = os.environ.get("GAMESERVER_LONG") == "1"
GAMES = 500 if LONG else 10

MAPS = ("map_balanced", "map_highlands", "map_lake", "map_long_island")

#: Commands that are nonsense at any time, or nearly.
NONSENSE = [
    Command("DRAW_CARD"),
    Command("BUILD", {"type": "Castle", "destination": "Intersection@1"}),
    Command("BUILD", {"type": "City"}),
    Command("PLAY", {"id": "ProgressCard@0"}),
    Command("TRADE", {"give": "ORE", "take": "GOLD"}),
    Command("CHOOSE", {"id": "Nothing@0"}),
    Command("USE_KNIGHT", {"id": "Knight@0", "target": "Robber@0"}),
    Command("ROLL_DIES\n"),
    Command(""),
]


class TestWholeGames(SynchronousTestCase):
    def setUp(self) -> None:
        charge = Bank.charge

        def charged(bank: Bank, player: UserAssets, cost: Cost) -> None:
            """Whatever could be chosen can be paid in full."""
            self.assertIsNone(shortage(player, cost, "this"))
            charge(bank, player, cost)

        self.patch(Bank, "charge", charged)

    def check_nothing_is_lost(self, before: dict[UserAssets, set[Intersection]], game: Catan) -> None:
        now = recount.built(game)
        for user, places in before.items():
            self.assertLessEqual(places, now.get(user, places))

    def check_position(self, game: Catan) -> None:
        self.assertEqual(recount.problems(game), [])
        quiet = not game._flows.active
        for user in game.root.users:
            if quiet:
                self.assertEqual(user.victory_points, recount.points(user))
                self.assertLessEqual(user.progress_card_count, 4)
            elif user is not game.root.current_user:
                self.assertLessEqual(user.progress_card_count, 5)

    def check_longest_road(self, game: Catan) -> None:
        if game._flows.active:
            return
        players = [user for user in game.root.users if not user.visitor]
        lengths = {user.id: recount.road_length(game, user) for user in players}
        holders = [user.id for user in players if user.longest_road]
        self.assertLessEqual(len(holders), 1)
        most = max(lengths.values(), default=0)
        if holders:
            self.assertEqual(lengths[holders[0]], most)
            self.assertGreaterEqual(most, 5)
        elif most >= 5:
            # Only a tie leaves the card with nobody.
            self.assertGreater(list(lengths.values()).count(most), 1)

    def check_prompts(self, game: Catan) -> None:
        waiting = game.waiting()
        self.assertTrue(waiting)
        for seat in [*game._seats]:
            prompts, legal = game.prompts(seat), game.legal(seat)
            self.assertEqual(bool(prompts), seat in waiting)
            self.assertEqual(bool(legal), seat in waiting)
            for prompt in prompts:
                self.assertRegex(prompt, r"\A(OK - [A-Za-z]+(\(.+\))?|[A-Za-z]+ - .+)\Z")
        for seat in waiting:
            last = game.prompts(seat)[-1]
            if last.startswith("OK - choose("):
                values = last[:-1].partition(":")[2].split(",")
                self.assertTrue(all(values))
                self.assertEqual(len(values), len(set(values)))
            else:
                self.assertIn(last, ("OK - rollDies", "OK - endTurn", "OK - offer(card,user)"))

    def check_nonsense(self, game: Catan, chance: Chance) -> None:
        seat = chance.below(8)
        command = chance.choice(NONSENSE)
        text = refusal(game, seat, command)
        self.assertRegex(text, r"\A[a-zA-Z]+ - .{5,}\Z")
        if seat not in game._seats:
            return
        allowed = Watcher(game, seat)
        allowed.look(text, allowed.own())
        self.assertEqual(allowed.leaks, [])

    def play(self, number: int) -> tuple[int, int]:
        """Play a game and return how many commands and how many turns it took."""
        chance = Chance(f"whole game {number}")
        players = 2 + number % 5
        game = created(players, seed=number, board=MAPS[number % 4])
        log: list[Entry] = []
        self.perform(game, log, [(seat, Participant(f"p{seat}", f"t{seat % 2}")) for seat in range(players)])
        self.perform(game, log, [(6, Participant("guest", "club", visitor=True)), (0, START)])
        strategies = {seat: sensible if chance.below(2) or seat == 0 else random_legal for seat in range(players)}
        watchers = [Watcher(game, viewer) for viewer in (None, *range(players), 6)]
        game.model.take()
        leaver_left = number % 3 == 0 and players > 2
        steps = 0
        while not game.over:
            steps += 1
            before = {watcher: watcher.own() for watcher in watchers}
            built = recount.built(game)
            if leaver_left and chance.below(150) == 0:
                leaver_left = False
                entry: Entry = (1 + chance.below(players - 1), None)
            else:
                seat = chance.choice(game.waiting())
                entry = (seat, strategies[seat](game.view(seat), chance))
            self.perform(game, log, [entry])
            happened = game.model.take()
            watchers = [w for w in watchers if w.viewer is None or w.viewer in game._seats]
            for watcher in watchers:
                watcher.take(happened, before[watcher])
                self.assertEqual(watcher.leaks, [])
            self.check_position(game)
            self.check_nothing_is_lost(built, game)
            if not game.over:
                self.check_prompts(game)
            if steps % 20 == 0:
                self.check_longest_road(game)
            if steps % 120 == 0 and not game.over:
                self.check_nonsense(game, chance)
            self.assertLess(steps, 60_000)
        self.finish(game, watchers)
        self.replay(game, log, number, players)
        return steps, game.state.turn

    def perform(self, game: Catan, log: list[Entry], entries: Iterable[Entry]) -> None:
        for entry in entries:
            log.append(entry)
            perform(game, entry)

    def finish(self, game: Catan, watchers: list[Watcher]) -> None:
        self.check_longest_road(game)
        for watcher in watchers:
            now = replica_of(game.root, COLLECTIONS, watcher.viewer)
            self.assertEqual(
                knowledge(watcher.replica, now.objects, COLLECTIONS), knowledge(now, now.objects, COLLECTIONS)
            )
        winner = next(user for user in game.root.users if user.user is game.root.winner)
        self.assertTrue(recount.points(winner) >= 13 or len(game.state.order) == 1)
        self.assertEqual((game.running, game.root.phase, game.turn), (False, "OVER", None))
        self.assertEqual([list(game.prompts(seat)) for seat in range(7)], [[]] * 7)

    def replay(self, game: Catan, log: list[Entry], number: int, players: int) -> None:
        again = created(players, seed=number, board=MAPS[number % 4])
        self.perform(again, [], log)
        for viewer in (None, *range(players)):
            self.assertEqual(dumped(again.root, viewer), dumped(game.root, viewer))

    def test_random_games(self) -> None:
        measured = []
        for number in range(GAMES):
            with self.subTest(game=number):
                measured.append(self.play(number))
        if LONG:
            commands, turns = (sum(column) / len(measured) for column in zip(*measured, strict=True))
            print(f"{len(measured)} games: {commands:.0f} commands, {turns:.0f} turns on average")  # noqa: T201

    def test_barbarians_at_every_roll(self) -> None:
        """Games in which somebody has all settlements on the board, and cities that are lost and built again."""
        lain = 0
        for number in range(GAMES):
            game, chance = bare(3), Chance(f"barbarians {number}")
            spots = apart(game, 9)
            for index, spot in enumerate(spots):
                seat = 0 if index < 6 else 1 + index % 2
                (found_city if index % 6 == 5 else settle)(game, seat, spot)
                pave(game, seat, spot, game.state.board.steps[spot][0][1])
            for _ in range(400):
                if game.over:
                    break
                if game.root.phase is Phase.ROLLING:
                    game.state.barbarian.position = 6
                seat = chance.choice(game.waiting())
                built = recount.built(game)
                game.apply(seat, random_legal(game.view(seat), chance))
                self.check_position(game)
                self.check_nothing_is_lost(built, game)
                lain += any(piece.on_its_side for user in game.root.users for piece in user.settlements)
        self.assertGreater(lain, 0)


class TestReplay(SynchronousTestCase):
    def test_the_same_seed_is_the_same_stream(self) -> None:
        streams = []
        for _ in range(2):
            game = seated(3, seed=11)
            game.apply(0, START)
            play_out(game, [sensible, random_legal, sensible], Chance(3))
            streams.append(lines(game.model.take()))
        self.assertEqual(streams[0], streams[1])

    def test_another_seed_is_another_game(self) -> None:
        def numbers(seed: int) -> list[int | None]:
            return [field.number for field in the(created(2, seed=seed).root.map).fields]

        self.assertNotEqual(numbers(1), numbers(2))
        # Seeds that differ in high bits only differ as well, in names and in what happens.
        self.assertNotEqual(numbers(1), numbers(1 + (1 << 64)))
        self.assertNotEqual(created(2, seed=1).root.id, created(2, seed=1 + (1 << 64)).root.id)


class TestEveryLegalCommandIsAccepted(SynchronousTestCase):
    def test_along_a_game(self) -> None:
        """All commands of ``legal`` at many moments, each tried on a game that has come to the same state."""
        played = seated(3, seed=7)
        log = [(0, START)]
        played.apply(0, START)
        log.extend(play_out(played, [sensible] * 3, Chance(7)))
        for length in range(2, len(log), max(1, len(log) // 9)):
            state = self.at(log[:length])
            for seat in state.waiting():
                for command in list(state.legal(seat))[:40]:
                    trial = self.at(log[:length])
                    trial.apply(seat, command)
                    self.assertTrue(trial.model.take())

    def at(self, log: list[tuple[int, Command]]) -> Catan:
        game = seated(3, seed=7)
        for seat, command in log:
            game.apply(seat, command)
        game.model.take()
        return game

    def test_a_game_by_choose_alone(self) -> None:
        """Who knows rollDies, endTurn and choose(...) and nothing else can take part to the end of a long game."""
        game = seated(3, seed=5)
        game.apply(0, START)
        chance = Chance(5)
        for _ in range(1500):
            if game.over:
                break
            for seat in game.waiting():
                last = game.prompts(seat)[-1]
                values = last[:-1].partition("choose(")[2].partition(":")[2]
                if values:
                    game.apply(seat, Command("CHOOSE", {"id": chance.choice(values.split(","))}))
                else:
                    game.apply(seat, Command({"OK - rollDies": "ROLL_DIES", "OK - endTurn": "END_TURN"}[last]))
        self.assertGreater(game.root.round, 50)

    def test_fuzzed_commands_change_nothing_when_refused(self) -> None:
        """Real commands at wrong times and with wrong objects: whatever is refused leaves every view as it was."""
        game = seated(3, seed=13)
        game.apply(0, START)
        chance = Chance(13)
        actions = ["BUILD", "CHOOSE", "END_PLAY", "END_TURN", "OFFER", "PLAY", "ROLL_DIES", "TRADE", "UPGRADE_KNIGHT"]
        actions += ["ACTIVATE_KNIGHT", "UPGRADE_PROGRESS", "USE_KNIGHT", "START_GAME", "CHANGE_USER_COLOR"]
        refused = 0
        for step in range(180):
            if game.over:
                break
            names = [*game.model._objects]
            pick = chance.choice
            words = ["Settlement", "City", "Road", "Knight", "CityWall", "ORE", "GRAIN", "TRADE", "POLITICS", "x"]
            keys = ["id", "type", "destination", "give", "take", "target", "user", "color"]
            arguments = {key: pick(pick([names, words])) for key in keys if chance.below(5)}
            command, seat = Command(pick(actions), arguments), chance.below(4)
            before = [dumped(game.root, viewer) for viewer in (None, 0, 1, 2)]
            game.model.take()
            try:
                game.apply(seat, command)
            except Illegal:
                refused += 1
                self.assertEqual([dumped(game.root, viewer) for viewer in (None, 0, 1, 2)], before)
                self.assertEqual(game.model.take(), [])
            if step % 2 and not game.over:
                seat = chance.choice(game.waiting())
                game.apply(seat, sensible(game.view(seat), chance))
        self.assertGreater(refused, 120)
