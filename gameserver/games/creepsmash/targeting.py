"""Which creep a tower fires on.

CLOSEST is nearest to the tower, FARTHEST has walked farthest along the way, FASTEST has the highest speed now (those
immune to slowing only when there is no other), STRONGEST has the most health, WEAKEST the least. Equals are decided
for the one that has walked farther, then for the older one.
"""

from __future__ import annotations

from collections.abc import Callable

from gameserver.games.creepsmash.route import STEPS
from gameserver.games.creepsmash.units import Turret, Walker

#: A creep in reach, after the steps it has walked.
Candidate = tuple[int, Walker]


def in_reach(turret: Turret, now: int) -> list[Candidate]:
    """Return the creeps a tower reaches at that tick."""
    found: list[Candidate] = []
    walkers = turret.board.walkers
    for cell, first, last in turret.cover:
        for walker in walkers[cell]:
            walked = walker.start + walker.speed * (now - walker.since)
            if first <= walked <= last:
                found.append((walked, walker))
    return found


def choose_target(turret: Turret, now: int) -> Walker | None:
    """Return the creep the tower's strategy prefers, ``None`` if it reaches none."""
    found = in_reach(turret, now)
    if not found:
        return None
    if len(found) == 1:
        return found[0][1]
    strategy = turret.tower.strategy
    if strategy == "CLOSEST":
        return _closest(turret, found)
    return max(found, key=_KEYS[strategy])[1]


def next_arrival(turret: Turret, now: int) -> int | None:
    """Return the tick at which the first creep on the cells a tower reaches will be in reach, if any will."""
    earliest: int | None = None
    walkers = turret.board.walkers
    for cell, first, _ in turret.cover:
        for walker in walkers[cell]:
            missing = first - walker.start
            if missing > walker.speed * (now - walker.since):
                tick = walker.since - (-missing // walker.speed)
                if earliest is None or tick < earliest:
                    earliest = tick
    return earliest


def _closest(turret: Turret, found: list[Candidate]) -> Walker:
    place = turret.board.route.place
    x, y = turret.at[0] * STEPS, turret.at[1] * STEPS

    def key(candidate: Candidate) -> tuple[int, int, int]:
        at_x, at_y = place(candidate[0])
        return -((at_x - x) ** 2 + (at_y - y) ** 2), candidate[0], -candidate[1].serial

    return max(found, key=key)[1]


def _fastest(candidate: Candidate) -> tuple[int, ...]:
    walked, walker = candidate
    return not walker.kind.slow_immune, walker.speed, walked, -walker.serial


def _strongest(candidate: Candidate) -> tuple[int, ...]:
    walked, walker = candidate
    return walker.health, walked, -walker.serial


def _weakest(candidate: Candidate) -> tuple[int, ...]:
    walked, walker = candidate
    return -walker.health, walked, -walker.serial


def _farthest(candidate: Candidate) -> tuple[int, ...]:
    walked, walker = candidate
    return walked, -walker.serial


#: What a strategy wants most, as a key of which the largest wins. CLOSEST depends on the tower as well.
_KEYS: dict[str, Callable[[Candidate], tuple[int, ...]]] = {
    "FASTEST": _fastest,
    "STRONGEST": _strongest,
    "WEAKEST": _weakest,
    "FARTHEST": _farthest,
}
