"""Ratings by Glicko-2: how strong somebody is, and how sure that is.

The steps and their letters are those of Mark E. Glickman, "Example of the Glicko-2 system" (2013),
http://www.glicko.net/glicko/glicko2.pdf; the paper's worked example is the test.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import exp, log, pi, sqrt

import attrs

#: How much a volatility changes over time; the paper's own choice.
TAU = 0.5

#: Points of a rating in one unit of the scale that is computed on, and the rating that is its zero.
_SCALE, _ZERO = 173.7178, 1500.0

#: How close the iteration of step 5 has to come.
_EPSILON = 0.000001

#: Nobody is less sure than about somebody who is new.
_UNSURE = 350.0


@attrs.frozen
class Rating:
    """``rating`` is nearly always within two ``deviation`` of the truth; ``volatility`` is how erratic it is."""

    rating: float = _ZERO
    deviation: float = _UNSURE
    volatility: float = 0.06

    @property
    def surely(self) -> float:
        """What somebody is worth with near certainty: two deviations below the rating."""
        return self.rating - 2 * self.deviation


def rested(own: Rating, periods: float) -> Rating:
    """Return a rating after some rating periods without a game (step 6): the same, but less sure."""
    if periods <= 0:
        return own
    phi = sqrt((own.deviation / _SCALE) ** 2 + own.volatility**2 * periods)
    return attrs.evolve(own, deviation=min(_UNSURE, phi * _SCALE))


def rated(own: Rating, games: Iterable[tuple[Rating, float]]) -> Rating:
    """Return a rating after a rating period: the opponents as they were before it, each with the score against them.

    A score is 1 for a win, 0 for a defeat. Without a game it is the same as before.
    """
    mu, phi = (own.rating - _ZERO) / _SCALE, own.deviation / _SCALE
    inverse_v = above = 0.0
    for other, score in games:
        g = 1 / sqrt(1 + 3 * (other.deviation / _SCALE) ** 2 / pi**2)
        expected = 1 / (1 + exp(-g * (mu - (other.rating - _ZERO) / _SCALE)))
        inverse_v += g * g * expected * (1 - expected)
        above += g * (score - expected)
    if not inverse_v:
        return own
    v = 1 / inverse_v
    sigma = _volatility(phi, v, v * above, own.volatility)
    phi = 1 / sqrt(1 / (phi * phi + sigma * sigma) + 1 / v)
    mu += phi * phi * above
    return Rating(_ZERO + _SCALE * mu, min(_UNSURE, _SCALE * phi), sigma)


def _volatility(phi: float, v: float, delta: float, sigma: float) -> float:
    """Return the new volatility (step 5)."""
    a = log(sigma * sigma)

    def f(x: float) -> float:
        whole = phi * phi + v + exp(x)
        return exp(x) * (delta * delta - whole) / (2 * whole * whole) - (x - a) / (TAU * TAU)

    low = a
    if delta * delta > phi * phi + v:
        high = log(delta * delta - phi * phi - v)
    else:
        steps = 1
        while f(a - steps * TAU) < 0:
            steps += 1
        high = a - steps * TAU
    f_low, f_high = f(low), f(high)
    while abs(high - low) > _EPSILON:
        middle = low + (low - high) * f_low / (f_high - f_low)
        f_middle = f(middle)
        if f_middle * f_high <= 0:
            low, f_low = high, f_high
        else:
            f_low /= 2
        high, f_high = middle, f_middle
    return exp(low / 2)


def after_contest(ratings: Mapping[str, Rating], places: Mapping[str, int]) -> dict[str, Rating]:
    """Return the ratings of several after one contest of all of them, which is a rating period.

    Everybody has won against those who came in behind them. Equal places say nothing: of many games only the winner
    is known.
    """
    return {
        name: rated(
            ratings[name],
            [
                (ratings[other], 1.0 if place < place_of_other else 0.0)
                for other, place_of_other in places.items()
                if place != place_of_other
            ],
        )
        for name, place in places.items()
    }
