"""Ratings: the paper's worked example, and what must hold of any."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.glicko import Rating, after_contest, rated, rested

_ratings = st.builds(Rating, st.floats(500, 2500), st.floats(30, 350), st.floats(0.03, 0.1))


class GlickoTests(SynchronousTestCase):
    def test_the_worked_example_of_the_paper(self) -> None:
        games = [(Rating(1400, 30), 1.0), (Rating(1550, 100), 0.0), (Rating(1700, 300), 0.0)]
        found = rated(Rating(1500, 200, 0.06), games)
        self.assertEqual((round(found.rating, 2), round(found.deviation, 2)), (1464.05, 151.52))
        self.assertEqual(f"{found.volatility:.5f}", "0.06000")
        # The paper rounds on the way: it has 1464.06, 151.52 and 0.05999.
        self.assertTrue(abs(found.rating - 1464.06) < 0.02 and abs(found.volatility - 0.05999) < 0.00001)

    def test_rest_makes_unsure_but_never_more_than_somebody_new(self) -> None:
        own = Rating(1700, 60, 0.06)
        self.assertEqual(rested(own, 0), own)
        self.assertEqual(round(rested(own, 1).deviation, 2), 60.9)
        self.assertEqual(rested(own, 1e9), Rating(1700, 350, 0.06))
        self.assertEqual(rested(own, -5), own)

    def test_a_contest_of_three_of_which_only_the_winner_is_known(self) -> None:
        names = {"anne": 1, "bob": 2, "carl": 2}
        after = after_contest({name: Rating() for name in names}, names)
        self.assertEqual(after["bob"], after["carl"])
        self.assertTrue(after["anne"].rating > 1500 > after["bob"].rating)
        # The losers have learned nothing of each other.
        self.assertEqual(after["bob"], rated(Rating(), [(Rating(), 0.0)]))

    def test_places_tell_who_was_before_whom(self) -> None:
        after = after_contest({name: Rating() for name in "abc"}, {"a": 1, "b": 2, "c": 3})
        self.assertEqual(sorted("abc", key=lambda name: -after[name].rating), ["a", "b", "c"])
        self.assertTrue(abs(after["b"].rating - 1500) < 1e-9)

    def test_who_has_not_played_stays_as_they_were(self) -> None:
        own = Rating(1432, 77, 0.05)
        self.assertEqual(rated(own, []), own)
        self.assertEqual(after_contest({"a": own}, {"a": 1}), {"a": own})

    @settings(deadline=None, max_examples=200)
    @given(_ratings, st.lists(st.tuples(_ratings, st.sampled_from([0.0, 1.0])), min_size=1, max_size=6))
    def test_a_win_never_costs_and_a_game_makes_surer(self, own: Rating, games: list[tuple[Rating, float]]) -> None:
        found = rated(own, games)
        won = {score for _, score in games}
        if won == {1.0}:
            self.assertTrue(found.rating >= own.rating)
        if won == {0.0}:
            self.assertTrue(found.rating <= own.rating)
        self.assertTrue(0 < found.volatility < 1 and found.deviation <= 350)
        self.assertTrue(found.deviation <= rested(own, (found.volatility / own.volatility) ** 2).deviation + 1e-6)
