"""The rules counted a second time, the slow way: every tick every creep takes its steps and every tower looks at all.

Written against the rules alone, with the season's frozen tables; it shares with the package nothing but the map's
list of cells. What the real thing schedules, rounds up and looks up in intervals, this does step by step.
"""

from __future__ import annotations

import csv
from fractions import Fraction
from math import isqrt
from pathlib import Path

import attrs

from gameserver.games.creepsmash.mapfile import read_map


def _table(name: str) -> list[dict[str, str]]:
    with (Path(__file__).with_name(name)).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


KINDS = {row["type"]: row for row in _table("creeps.csv")}
LEVELS = {(row["family"], int(row["level"])): row for row in _table("towers.csv")}
DEFAULTS = {
    "BASIC": "CLOSEST",
    "SPLASH": "CLOSEST",
    "SLOW": "FASTEST",
    "ROCKET": "STRONGEST",
    "SPEED": "STRONGEST",
    "ULTIMATE": "STRONGEST",
}
WORK = 50


@attrs.define(eq=False)
class Side:
    seat: int
    lives: int
    balance: int
    income: int = 200
    alive: bool = True
    gone: bool = False
    next_entry: int = 0


@attrs.define(eq=False)
class Walker:
    kind: str
    sender: Side
    board: int
    health: int
    speed: int
    walked: int = 0
    slow_until: int = -1

    @property
    def full(self) -> int:
        return int(KINDS[self.kind]["health"])

    @property
    def immune(self) -> bool:
        return KINDS[self.kind]["slow_immune"] == "true"


@attrs.define(eq=False)
class Gun:
    side: Side
    board: int
    family: str
    x: int
    y: int
    level: int = 1
    strategy: str = ""
    work: str = "build"
    work_left: int = WORK
    ready_at: int = 0
    standing: bool = True

    @property
    def row(self) -> dict[str, str]:
        return LEVELS[self.family, self.level]


@attrs.define(eq=False)
class Missile:
    gun: Gun
    level: int
    target: Walker
    x: int
    y: int
    pace: int = 100


class Recount:
    """A fight; ``sides`` are the players by board, ``None`` for an empty one."""

    def __init__(self, text: str, sides: list[Side | None]) -> None:
        self.cells = read_map(text).cells
        self.length = 1000 * (len(self.cells) - 1)
        self.sides = sides
        self.now = 0
        self.running = True
        self.walkers: list[Walker] = []
        self.guns: dict[str, Gun] = {}
        self.missiles: list[Missile] = []
        self.entries: list[tuple[int, Side, int, str]] = []

    def side(self, seat: int) -> tuple[int, Side]:
        return next((board, side) for board, side in enumerate(self.sides) if side is not None and side.seat == seat)

    def build(self, name: str, seat: int, family: str, x: int, y: int) -> None:
        board, side = self.side(seat)
        side.balance -= int(LEVELS[family, 1]["price"])
        self.guns[name] = Gun(side, board, family, x, y, strategy=DEFAULTS[family])

    def upgrade(self, name: str) -> None:
        gun = self.guns[name]
        gun.side.balance -= int(LEVELS[gun.family, gun.level + 1]["price"])
        gun.work, gun.work_left = "upgrade", WORK

    def sell(self, name: str) -> None:
        self.guns[name].work, self.guns[name].work_left = "sell", WORK

    def send(self, seat: int, kind: str) -> None:
        board, side = self.side(seat)
        side.balance -= int(KINDS[kind]["price"])
        side.income += int(KINDS[kind]["income"])
        tick = max(self.now + 50, side.next_entry)
        side.next_entry = tick + 3
        self.entries.append((tick, side, board, kind))

    def leave(self, seat: int) -> None:
        board, side = self.side(seat)
        self._fall(side)
        side.gone = True
        self.guns = {name: gun for name, gun in self.guns.items() if gun.side is not side}
        self.sides[board] = None

    def tick(self) -> None:
        self.now += 1
        self._work()
        self._walk()
        if not self.running:
            return
        self._appear()
        self.missiles = [missile for missile in self.missiles if self._fly(missile)]
        for gun in list(self.guns.values()):
            if gun.side.alive and gun.work != "build" and gun.ready_at <= self.now:
                self._fire(gun)
        if self.now % 300 == 0:
            for side in self.sides:
                if side is not None and side.alive:
                    side.balance += side.income

    def _work(self) -> None:
        for name, gun in list(self.guns.items()):
            if not gun.work or not gun.side.alive:
                continue
            gun.work_left -= 1
            if gun.work_left:
                continue
            if gun.work == "upgrade":
                gun.level += 1
            elif gun.work == "sell":
                paid = sum(int(LEVELS[gun.family, level]["price"]) for level in range(1, gun.level + 1))
                gun.side.balance += paid * 3 // 4
                del self.guns[name]
            gun.work = ""

    def _walk(self) -> None:
        for walker in self.walkers:
            regeneration = int(KINDS[walker.kind]["regeneration"])
            walker.health = min(walker.full, walker.health + regeneration)
            walker.walked += walker.speed
            if walker.slow_until == self.now:
                walker.speed = int(KINDS[walker.kind]["speed"])
                walker.slow_until = -1
        for walker in list(self.walkers):
            if walker.walked >= self.length:
                side = self.sides[walker.board]
                if side is not None and side.alive:
                    side.lives -= 1
                    if not side.lives:
                        self._fall(side)
                    if not self.running:
                        return
                walker.walked -= self.length
                walker.board = self._next(walker.board, walker.sender)

    def _next(self, board: int, sender: Side) -> int:
        while True:
            board = (board + 1) % 4
            side = self.sides[board]
            if side is not None and side.alive and side is not sender:
                return board

    def _fall(self, side: Side) -> None:
        side.alive = False
        for gun in self.guns.values():
            if gun.side is side:
                gun.work = ""
        self.missiles = [missile for missile in self.missiles if missile.gun.side is not side]
        self.running = sum(other is not None and other.alive for other in self.sides) > 1

    def _appear(self) -> None:
        due = [entry for entry in self.entries if entry[0] == self.now]
        self.entries = [entry for entry in self.entries if entry[0] != self.now]
        for _, side, board, kind in due:
            row = KINDS[kind]
            self.walkers.append(Walker(kind, side, self._next(board, side), int(row["health"]), int(row["speed"])))

    def place(self, walker: Walker) -> tuple[int, int]:
        """Where a creep is: between the centres of two cells of its way, in thousandths."""
        leg, step = divmod(walker.walked, 1000)
        (x, y), (to_x, to_y) = self.cells[leg], self.cells[leg + 1]
        return x * 1000 + (to_x - x) * step, y * 1000 + (to_y - y) * step

    def _square(self, walker: Walker, x: int, y: int) -> int:
        at_x, at_y = self.place(walker)
        return (at_x - x) ** 2 + (at_y - y) ** 2

    def _target(self, gun: Gun) -> Walker | None:
        reach = int(gun.row["range"]) * 50
        found = [
            (number, walker)
            for number, walker in enumerate(self.walkers)
            if walker.board == gun.board and self._square(walker, gun.x * 1000, gun.y * 1000) < reach * reach
        ]
        if not found:
            return None
        # Equals: who has walked farther, then who is older.
        found.sort(key=lambda entry: (-entry[1].walked, entry[0]))
        walkers = [walker for _, walker in found]
        if gun.strategy == "CLOSEST":
            return min(walkers, key=lambda walker: self._square(walker, gun.x * 1000, gun.y * 1000))
        if gun.strategy == "STRONGEST":
            return max(walkers, key=lambda walker: walker.health)
        if gun.strategy == "WEAKEST":
            return min(walkers, key=lambda walker: walker.health)
        if gun.strategy == "FARTHEST":
            return walkers[0]
        others = [walker for walker in walkers if not walker.immune]
        return max(others or walkers, key=lambda walker: walker.speed)

    def _fire(self, gun: Gun) -> None:
        target = self._target(gun)
        if target is None:
            return
        gun.ready_at = self.now + int(gun.row["cool_down"])
        if gun.row["weapon"] == "projectile":
            self.missiles.append(Missile(gun, gun.level, target, gun.x * 1000, gun.y * 1000))
        elif int(gun.row["splash_radius"]):
            self._burst(gun, gun.row, *self.place(target))
        else:
            self._hit(gun, gun.row, target, int(gun.row["damage"]))

    def _fly(self, missile: Missile) -> bool:
        gun = missile.gun
        row = LEVELS[gun.family, missile.level]
        if missile.target.health == 0 or missile.target.board != gun.board:
            other = self._target(gun)
            if other is None:
                self._burst(gun, row, missile.x, missile.y)
                return False
            missile.target = other
        x, y = self.place(missile.target)
        square = self._square(missile.target, missile.x, missile.y)
        if square <= missile.pace**2:
            self._burst(gun, row, x, y)
            return False
        missile.x += (x - missile.x) * missile.pace // isqrt(square)
        missile.y += (y - missile.y) * missile.pace // isqrt(square)
        missile.pace += 25
        return True

    def _burst(self, gun: Gun, row: dict[str, str], x: int, y: int) -> None:
        radius = int(row["splash_radius"]) * 50
        for walker in list(self.walkers):
            square = self._square(walker, x, y)
            if walker.board == gun.board and square < radius * radius:
                # int(damage * loss / radius * distance): the largest whole number whose square is not above.
                share = int(row["damage"]) * Fraction(row["splash_loss"]) / radius
                lost = isqrt(int(share * share * square))
                self._hit(gun, row, walker, int(row["damage"]) - lost)

    def _hit(self, gun: Gun, row: dict[str, str], walker: Walker, damage: int) -> None:
        walker.health = max(0, walker.health - damage)
        if not walker.health:
            self.walkers.remove(walker)
            gun.side.balance += int(KINDS[walker.kind]["bounty"])
            return
        speed = int(int(KINDS[walker.kind]["speed"]) * (1 - Fraction(row["slow_rate"])))
        if int(row["slow_ticks"]) and not walker.immune and speed < walker.speed:
            walker.speed = speed
            walker.slow_until = self.now + int(row["slow_ticks"])
