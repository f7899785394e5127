"""Whole games by random and greedy players: every tile legal, followers conserved, every score counted again."""

from __future__ import annotations

import os
from collections import Counter

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command, Options, Participant
from gameserver.games.carcassonne.game import Carcassonne
from gameserver.games.carcassonne.model import Field, Meeple
from gameserver.games.carcassonne.reading import COLLECTIONS, Reading
from gameserver.games.carcassonne.strategy import greedy, random_legal
from gameserver.games.carcassonne.tiles import TILES
from gameserver.games.replica import Replica
from gameserver.games.rng import Chance
from gameserver.testing.game_events import dumped, feed, knowledge, lines, replica_of, said
from tests.games.carcassonne.playing import START, play_out, seated, started
from tests.games.carcassonne.recount import Recount, Step
from tests.games.command_log import Entry, perform
from tests.typed import the

#: GAMESERVER_LONG=1 plays the full number of games.
GAMES = 1000 if os.environ.get("GAMESERVER_LONG") == "1" else 8

STEPS = {"NORTH": (0, -1), "EAST": (1, 0), "SOUTH": (0, 1), "WEST": (-1, 0)}


class Referee:
    """Follows a game by its commands and objects alone and keeps the second count."""

    def __init__(self, game: Carcassonne, players: int) -> None:
        self.game = game
        self.recount = Recount(players)
        self.cells = {game.root.fields[0].id: (0, 0)}
        self.recount.take(Step("D", (0, 0), 0))
        self.step: Step | None = None

    def before(self, seat: int, command: Command) -> None:
        arguments = command.arguments
        if command.action == "PLACE_CARD":
            x, y = self.cells[arguments["neighbor"]]
            dx, dy = STEPS[arguments["orientation"]]
            field = the(self.game.root.current_field)
            self.cells[field.id] = (x + dx, y + dy)
            self.step = Step(field.name, (x + dx, y + dy), int(arguments["rotation"][1:]) // 90)
        elif command.action == "PLACE_MEEPLE":
            step = the(self.step)
            self.recount.take(Step(step.letter, step.cell, step.turns, int(arguments["position"]) - 1, seat))
        elif command.action == "END_TURN":
            self.recount.take(the(self.step))


class TestWholeGames(SynchronousTestCase):
    def check_state(self, game: Carcassonne, players: int, referee: Referee) -> None:
        placed = Counter[int]()
        for seat in range(players):
            meeples = list(game.assets(seat).meeples)
            self.assertEqual(len(meeples), 7)
            for meeple in meeples:
                if meeple.position is not None:
                    placed[seat] += 1
                    self.assertIs(meeple.position.meeple, meeple)
        standing = sum(position.meeple is not None for f in game.root.fields for position in f.meeple_positions)
        self.assertEqual(standing, placed.total())
        self.assertEqual(Counter(referee.recount.standing.values()), placed)
        self.assertEqual([game.assets(seat).score for seat in range(players)], referee.recount.scores)

    def play(self, number: int) -> None:
        players = 2 + number % 4
        chance = Chance(f"whole game {number}")
        strategies = [greedy if chance.below(3) == 0 else random_legal for _ in range(players)]
        game = started(players, seed=number)
        referee = Referee(game, players)
        while (seat := game.turn) is not None:
            command = strategies[seat](game.view(seat), chance)
            referee.before(seat, command)
            game.apply(seat, command)
            if game.step == "drawCard":
                self.check_state(game, players, referee)
        self.assertEqual(referee.recount.problems, [])
        self.assertEqual(len(game.root.fields) + len(game.root.set_aside) + game.root.remaining_cards, 72)
        self.assertEqual(game.root.remaining_cards, 0)
        letters = Counter([field.name for field in game.root.fields] + list(game.root.set_aside))
        self.assertEqual(letters, {letter: tile.count for letter, tile in TILES.items()})
        referee.recount.finish()
        self.check_state(game, players, referee)
        scores = [game.assets(seat).score for seat in range(players)]
        self.assertEqual(the(game.root.winner).nickname, f"player{players - 1 - scores[::-1].index(max(scores))}")
        self.assertEqual((game.over, game.running), (True, False))

    def test_random_games(self) -> None:
        for number in range(GAMES):
            with self.subTest(game=number):
                self.play(number)


class TestReplay(SynchronousTestCase):
    def test_the_log_gives_the_same_state_and_names(self) -> None:
        for seed in range(3):
            first = started(3, seed=seed)
            log = play_out(first, [random_legal, greedy, random_legal], Chance(seed))
            again = started(3, seed=seed)
            for seat, command in log:
                again.apply(seat, command)
            self.assertEqual(dumped(again.root), dumped(first.root))
            self.assertEqual(lines(again.model.take()), lines(first.model.take()))

    def test_another_seed_is_another_game(self) -> None:
        def letters(seed: int) -> list[str]:
            game = started(2, seed=seed)
            play_out(game, [random_legal] * 2, Chance(1))
            return [field.name for field in game.root.fields]

        self.assertNotEqual(letters(1), letters(2))


class TestStreams(SynchronousTestCase):
    """Whoever gets a dump and then the changes knows, at any time, what a fresh dump would tell."""

    def check(self, replica: Replica, game: Carcassonne) -> None:
        now = replica_of(game.root, COLLECTIONS)
        self.assertEqual(knowledge(replica, now.objects, COLLECTIONS), knowledge(now, now.objects, COLLECTIONS))

    def test_with_people_coming_and_going(self) -> None:
        for seed in range(GAMES):
            with self.subTest(seed=seed):
                self.play(seed)

    def play(self, seed: int) -> None:
        chance = Chance(f"coming and going {seed}")
        game = Carcassonne(Options("match", 4), seed)
        replicas = [replica_of(game.root, COLLECTIONS)]
        log: list[Entry] = []
        next_seat, leavers = 0, 0
        while not game.over:
            dice = chance.below(60)
            if not game.running and game.open_seats:
                log.append((next_seat, Participant(f"player{next_seat}", f"team{next_seat % 2}")))
                next_seat += 1
            elif not game.running:
                log.append((0, START))
            elif dice == 0 and len(game.root.users) < 12:
                log.append((next_seat, Participant(f"guest{chance.below(3)}", "club", visitor=True)))
                next_seat += 1
            elif dice == 1 and leavers < 5:
                leavers += 1
                log.append((chance.below(next_seat), None))
            else:
                seat = the(game.turn)
                log.append((seat, random_legal(game.view(seat), chance)))
            perform(game, log[-1])
            happened = lines(game.model.take())
            for replica in replicas:
                feed(replica, happened)
            if dice < 3:
                replicas.append(replica_of(game.root, COLLECTIONS))
                for replica in replicas:
                    self.check(replica, game)
        for replica in replicas:
            self.check(replica, game)
        again = Carcassonne(Options("match", 4), seed)
        for entry in log:
            perform(again, entry)
        self.assertEqual(dumped(again.root), dumped(game.root))


class TestReadersPlay(SynchronousTestCase):
    """Clients that know nothing but their events see the same choices as the rules and play a game to its end."""

    def test_readers_see_what_the_rules_see(self) -> None:
        for seed in range(2):
            game = seated(3, seed=seed)
            readings = [Reading(f"player{seat}") for seat in range(3)]
            for reading in readings:
                feed(reading.replica, dumped(game.root))
            chance = Chance(seed)
            game.apply(0, START)
            while not game.over:
                happened = game.model.take()
                for reading in readings:
                    feed(reading.replica, lines(happened))
                views = [reading.view() for reading in readings]
                seat = the(game.turn)
                self.assertEqual([bool(view.commands()) for view in views], [s == seat for s in range(3)])
                mine, theirs = views[seat], game.view(seat)
                self.assertEqual((mine.spots, mine.others), (theirs.spots, theirs.others))
                self.assertEqual(
                    (mine.me, mine.supply, mine.tiles_left), (theirs.me, theirs.supply, theirs.tiles_left)
                )
                self.assertEqual(
                    {command.arguments["position"] for command in mine.claims.values()},
                    {command.arguments["position"] for command in theirs.claims.values()},
                )
                game.apply(seat, (greedy if seat == 0 else random_legal)(mine, chance))
            last = lines(game.model.take())
            for reading in readings:
                feed(reading.replica, last)
                self.assertFalse(reading.running)
                self.assertEqual(reading.view().commands(), [])

    def test_a_reader_that_comes_late_sees_the_same(self) -> None:
        game = started(2, seed=5)
        chance = Chance(5)
        for _ in range(90):
            seat = the(game.turn)
            game.apply(seat, random_legal(game.view(seat), chance))
        reading = Reading(f"player{game.turn}")
        feed(reading.replica, dumped(game.root))
        self.assertEqual(reading.view().spots, game.view(the(game.turn)).spots)
        self.assertTrue(reading.running)


class TestPrompts(SynchronousTestCase):
    def test_every_prompt_goes_to_the_seat_that_may_act(self) -> None:
        game = seated(3, seed=9)
        game.apply(0, START)
        chance = Chance(9)
        while not game.over:
            prompts = said(game.model.take())
            seat, step = the(game.turn), the(game.step)
            self.assertEqual(prompts, [(seat, f"OK - {step}")])
            self.assertEqual([game.prompts(seat) for seat in range(3)].count([]), 2)
            self.assertEqual(game.prompts(seat), [prompts[0][1]])
            actions = {command.action for command in game.legal(seat)}
            expected = {"drawCard": "DRAW_CARD", "placeCard": "PLACE_CARD", "placeMeeple": "END_TURN"}[step]
            self.assertIn(expected, actions)
            game.apply(seat, random_legal(game.view(seat), chance))
        self.assertEqual(said(game.model.take()), [])
        self.assertEqual([game.prompts(seat) for seat in range(3)], [[], [], []])

    def test_every_legal_command_is_accepted(self) -> None:
        """Each command of ``legal`` is tried on a game that has come to the same state."""
        played = started(2, seed=4)
        log = play_out(played, [random_legal] * 2, Chance(4))
        for length in (1, 2, 3, 31, 32, 61):
            state = self.at(log[:length])
            turn = the(state.turn)
            for command in state.legal(turn):
                trial = self.at(log[:length])
                trial.apply(the(trial.turn), Command(command.action, command.arguments))
                self.assertTrue(trial.model.take())
            others = [seat for seat in range(2) if seat != turn]
            self.assertEqual([state.legal(seat) for seat in others], [[]])

    def at(self, log: list[tuple[int, Command]]) -> Carcassonne:
        game = started(2, seed=4)
        for seat, command in log:
            game.apply(seat, command)
        game.model.take()
        return game


class TestNames(SynchronousTestCase):
    def test_dead_objects_are_forgotten(self) -> None:
        game = started(3, seed=2)
        gone = [meeple.id for meeple in game.assets(2).meeples]
        game.apply(0, Command("DRAW_CARD"))
        drawn = the(game.root.current_field).id
        game.leave(0)
        game.leave(2)
        self.assertEqual([game.model.find(name, Meeple) for name in gone], [None] * 7)
        self.assertIsNone(game.model.find(drawn, Field))
