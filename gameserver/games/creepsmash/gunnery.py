"""Towers at work: looking out, firing, splash, slowing, rockets, and what is hit."""

from __future__ import annotations

from collections import defaultdict
from math import isqrt

from gameserver.games.creepsmash.march import March
from gameserver.games.creepsmash.route import STEPS, Span, steps
from gameserver.games.creepsmash.tables import TowerLevel
from gameserver.games.creepsmash.targeting import choose_target, next_arrival
from gameserver.games.creepsmash.units import NEVER, Arena, Board, Player, Rocket, Turret, Walker

#: A rocket's way in its first tick and what every further tick adds, in steps.
ROCKET_PACE = 100
ROCKET_GAIN = 25


class Gunnery:
    """All towers of a match, as far as they shoot.

    A tower that is loaded and reaches nobody costs nothing: it watches the cells it reaches and is woken by the next
    creep there.
    """

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._due: defaultdict[int, list[Turret]] = defaultdict(list)
        self._rockets: list[Rocket] = []

    def arm(self, turret: Turret) -> None:
        """Let a new tower look out from this tick on."""
        self._wake(turret)

    def extend(self, turret: Turret, cover: tuple[Span, ...]) -> None:
        """Give a tower another reach. One that waits for a target looks out anew, one that loads goes on loading."""
        if turret.watching:
            self._unwatch(turret)
            self._wake(turret)
        turret.cover = cover

    def alert(self, board: Board, cell: int) -> None:
        """Wake the idle towers that reach a cell of the way, for somebody has come there."""
        for turret in board.watchers[cell]:
            self._wake(turret)

    def disarm(self, turret: Turret) -> None:
        """Silence a tower for good. Its rockets that fly already fly on."""
        self._unwatch(turret)
        turret.due = NEVER
        self._aim(turret, None)

    def ground(self, player: Player) -> None:
        """Drop the rockets of somebody who is out."""
        self._rockets = [rocket for rocket in self._rockets if rocket.turret.player is not player]

    def tick(self, march: March) -> None:
        """Fly every rocket on, then fire every tower that is due, the oldest first."""
        now = self._arena.now
        if self._rockets:
            flying, self._rockets = self._rockets, []
            self._rockets = [rocket for rocket in flying if self._fly(rocket, march)]
        due = self._due.pop(now, None)
        if due is None:
            return
        due.sort(key=_age)
        for turret in due:
            if turret.due == now:
                self._act(turret, march)

    def _wake(self, turret: Turret) -> None:
        now = self._arena.now
        if turret.due != now:
            turret.due = now
            self._due[now].append(turret)

    def _act(self, turret: Turret, march: March) -> None:
        now = self._arena.now
        target = choose_target(turret, now)
        if target is None:
            self._rest(turret)
            return
        self._unwatch(turret)
        self._aim(turret, target)
        turret.due = now + turret.level.cool_down
        self._due[turret.due].append(turret)
        if turret.level.rocket:
            x, y = turret.at
            rocket = Rocket(turret, turret.level, target, x * STEPS, y * STEPS, ROCKET_PACE)
            self._rockets.append(rocket)
        elif turret.level.splash_radius:
            x, y = self._arena.route.place(target.walked(now))
            self._burst(turret.board, x, y, turret.player, turret.level, march)
        else:
            self._hit(target, turret.level.damage, turret.player, turret.level, march)

    def _rest(self, turret: Turret) -> None:
        self._aim(turret, None)
        if not turret.watching:
            turret.watching = True
            for cell, _, _ in turret.cover:
                turret.board.watchers[cell][turret] = None
        arrival = next_arrival(turret, self._arena.now)
        if arrival is None:
            turret.due = NEVER
        else:
            turret.due = arrival
            self._due[arrival].append(turret)

    def _unwatch(self, turret: Turret) -> None:
        if turret.watching:
            turret.watching = False
            for cell, _, _ in turret.cover:
                turret.board.watchers[cell].pop(turret, None)

    def _aim(self, turret: Turret, target: Walker | None) -> None:
        if turret.target is target:
            return
        if turret.target is not None:
            del turret.target.hunters[turret]
        turret.target = target
        if target is None:
            turret.tower.fire_on = None
        else:
            target.hunters[turret] = None
            turret.tower.fire_on = target.creep

    def _fly(self, rocket: Rocket, march: March) -> bool:
        """Bring a rocket nearer to its target; without one it bursts where it is. Return whether it flies on."""
        now = self._arena.now
        board = rocket.turret.board
        if not rocket.target.alive or rocket.target.board is not board:
            other = choose_target(rocket.turret, now)
            if other is None:
                self._burst(board, rocket.x, rocket.y, rocket.turret.player, rocket.level, march)
                return False
            rocket.target = other
        x, y = self._arena.route.place(rocket.target.walked(now))
        away_x, away_y = x - rocket.x, y - rocket.y
        square = away_x * away_x + away_y * away_y
        if square <= rocket.pace * rocket.pace:
            self._burst(board, x, y, rocket.turret.player, rocket.level, march)
            return False
        distance = isqrt(square)
        rocket.x += away_x * rocket.pace // distance
        rocket.y += away_y * rocket.pace // distance
        rocket.pace += ROCKET_GAIN
        return True

    def _burst(self, board: Board, x: int, y: int, player: Player, level: TowerLevel, march: March) -> None:
        """Hit everybody nearer to a point than the splash radius, the less the farther away."""
        now = self._arena.now
        place = self._arena.route.place
        radius = steps(level.splash_radius)
        hits: list[tuple[Walker, int]] = []
        for cell in self._arena.route.nearby(x, y, radius):
            for walker in board.walkers[cell]:
                at_x, at_y = place(walker.walked(now))
                square = (at_x - x) ** 2 + (at_y - y) ** 2
                if square < radius * radius:
                    hits.append((walker, level.damage - splash_loss(level, square)))
        for walker, damage in hits:
            self._hit(walker, damage, player, level, march)

    def _hit(self, walker: Walker, damage: int, player: Player, level: TowerLevel, march: March) -> None:
        walker.health = walker.creep.health = max(walker.health - damage, 0)
        if walker.health:
            march.hurt(walker)
            if level.slow_percent:
                march.slow(walker, level)
        else:
            march.bury(walker)
            player.earn(walker.kind.bounty)


def splash_loss(level: TowerLevel, square: int) -> int:
    """Return ``int(damage * loss / radius * distance)`` for a distance from the burst given by its square."""
    # The root of a whole number cut to a whole number is exact, the product of floats would not be.
    factor = level.damage * level.splash_loss
    return isqrt(factor * factor * square // (100 * steps(level.splash_radius)) ** 2)


def _age(turret: Turret) -> int:
    return turret.serial
