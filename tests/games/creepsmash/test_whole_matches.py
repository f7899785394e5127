"""Whole matches by computer players from the first command to the winner, and their replay."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Participant
from gameserver.games.creepsmash import CreepSmash
from gameserver.games.creepsmash.strategy import random_legal, sensible
from gameserver.games.replica import Replica
from gameserver.games.rng import Chance
from gameserver.testing.game_events import Line, dumped, feed, knowledge, replica_of
from tests.games.creepsmash.playing import Books, Match, replayed
from tests.games.creepsmash.stage import LONG, examples, root, state
from tests.typed import the

MATCHES = 20 if LONG else 3

#: Short ways, on which also the sensible ones come to an end soon, and the others.
QUICK = ("map_sprint",)
SLOW = ("map_crossing", "map_ladder", "map_meadow", "map_spiral", "map_zigzag")

COLLECTIONS = frozenset(
    {
        *("users", "tiles", "towers", "cells", "waypoints", "elements", "value"),
        *("creepDescriptions", "towerDescriptions"),
    }
)


@st.composite
def matches(draw: st.DrawFn, players: int) -> Match:
    """A match of so many players on some map; who thinks runs on a short way unless there is much time."""
    strategies = draw(st.lists(st.sampled_from([random_legal, sensible]), min_size=players, max_size=players))
    # Two who plan take half an hour of the game to wear each other down where the way is long.
    maps = QUICK + SLOW if strategies.count(sensible) <= (1 if LONG else 0) else QUICK
    every = draw(st.integers(8, 30))
    return Match(draw(st.sampled_from(maps)), strategies, draw(st.integers(0, 2**32)), every)


class TestWholeMatches(SynchronousTestCase):
    def play(self, match: Match) -> None:
        """To the end, with the books kept; then once more from the log."""
        books = Books(match)
        told: list[Line] = []
        match.watch.append(told.extend)
        while not match.game.over:
            for _ in range(40):
                if not match.game.over:
                    match.step()
            if match.game.running:
                books.check(self)
            self.assertLess(match.tick, 60_000)
        self.assertEqual(match.refused, [])
        self.check_end(match)
        game, again = replayed(match)
        self.assertEqual(state(game), state(match.game))
        self.assertEqual(again[-len(told) :], told)

    def check_end(self, match: Match) -> None:
        shown = root(match.game)
        alive = [player for player in shown.users if player.lives]
        self.assertEqual(len(alive), 1)
        self.assertIs(shown.winner, alive[0].user)
        self.assertEqual((match.game.running, match.game.over), (False, True))
        for bot in match.bots:
            self.assertFalse(bot.reading.running)
            self.assertEqual(the(the(bot.reading.game).winner).nickname, the(shown.winner).nickname)
            self.assertIsNone(bot.decide())

    @examples(MATCHES)
    @given(matches(2))
    def test_of_two(self, match: Match) -> None:
        self.play(match)

    @examples(MATCHES)
    @given(matches(3))
    def test_of_three(self, match: Match) -> None:
        self.play(match)

    @examples(MATCHES)
    @given(matches(4))
    def test_of_four(self, match: Match) -> None:
        self.play(match)

    def test_who_plans_beats_who_does_not(self) -> None:
        match = Match("map_ladder", [random_legal, sensible], 7)
        match.play()
        self.assertEqual(the(root(match.game).winner).nickname, "bob")

    def test_another_seed_names_everything_otherwise(self) -> None:
        one, other = Match("map_sprint", [random_legal] * 2, 1), Match("map_sprint", [random_legal] * 2, 2)
        self.assertNotEqual(one.game.root.id, other.game.root.id)


class TestStreams(SynchronousTestCase):
    """Whoever gets a dump and then the changes knows, at any time, what a fresh dump would tell."""

    def check(self, replica: Replica, game: CreepSmash) -> None:
        now = replica_of(game.root, COLLECTIONS)
        self.assertEqual(knowledge(replica, now.objects, COLLECTIONS), knowledge(now, now.objects, COLLECTIONS))

    def play(self, number: int) -> None:
        chance = Chance(f"coming and going {number}")
        players = 2 + number % 3
        match = Match((QUICK + SLOW)[number % 6], [random_legal] * players, number)
        replicas = [replica_of(match.game.root, COLLECTIONS)]

        def spread(told: list[Line]) -> None:
            for replica in replicas:
                feed(replica, told)

        match.watch.append(spread)
        guests: list[int] = []
        next_seat = 10
        while not match.game.over and match.tick < (4_000 if LONG else 1_000):
            match.step()
            dice = chance.below(200)
            if dice == 0 and len(guests) < 3:
                match.join(next_seat, Participant(f"guest{chance.below(6)}", f"team{chance.below(3)}", visitor=True))
                match.spread()
                replicas[1:] = [replica_of(match.game.root, COLLECTIONS)]
                guests.append(next_seat)
                next_seat += 1
            elif dice == 1 and guests:
                match.leave(guests.pop(chance.below(len(guests))))
                match.spread()
            elif match.tick == 700 and players > 2:
                match.leave(1)
                match.spread()
                self.check(replicas[-1], match.game)
        for replica in replicas:
            self.check(replica, match.game)
        self.assertEqual(dumped(replayed(match)[0].root), dumped(match.game.root))

    def test_with_people_coming_and_going(self) -> None:
        for number in range(MATCHES if LONG else 3):
            with self.subTest(match=number):
                self.play(number)
