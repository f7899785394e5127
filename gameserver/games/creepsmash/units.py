"""What moves and shoots: the working state behind the objects that clients see.

Nothing here is touched every tick. A creep that walks on undisturbed is where its speed brings it, so only its next
step into another cell is on the agenda; a tower is on it when its next shot is due.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from gameserver.games.creepsmash.mapfile import Point
from gameserver.games.creepsmash.model import Cell, Creep, Tower, UserAssets, Waypoint
from gameserver.games.creepsmash.route import Route, Span
from gameserver.games.creepsmash.scenery import Scene
from gameserver.games.creepsmash.tables import MOST_CREDITS, CreepKind, TowerLevel

#: Due at no tick.
NEVER = -1


@attrs.define(eq=False)
class Player:
    """Somebody in the fight; ``alive`` ends with his last life or when he leaves."""

    assets: UserAssets
    alive: bool = True
    #: Creeps sent that have not appeared yet, and the first tick at which another may.
    waiting: int = 0
    next_entry: int = 0

    def earn(self, credits: int) -> None:
        """Add credits to the balance, up to the most that a client can read."""
        self.assets.balance = min(self.assets.balance + credits, MOST_CREDITS)


class Board:
    """One of the four segments, with the player it belongs to, if any."""

    def __init__(self, index: int, route: Route, scene: Scene) -> None:
        self.index = index
        self.route = route
        self.tile = scene.tile
        self.cells: Mapping[Point, Cell] = scene.cells
        self.places: Mapping[Cell, Point] = {cell: point for point, cell in scene.cells.items()}
        self.way = scene.way
        self.stops = scene.stops
        self.player: Player | None = None
        self.turrets: dict[Point, Turret] = {}
        #: Who walks in each cell of the way, in the order of arrival.
        self.walkers: list[dict[Walker, None]] = [{} for _ in scene.way]
        #: Towers without a target, by the cells of the way they reach.
        self.watchers: list[dict[Turret, None]] = [{} for _ in scene.way]


@attrs.define(eq=False)
class Walker:
    """A creep on a board: it had walked ``start`` steps at tick ``since`` and goes on at ``speed`` steps a tick."""

    serial: int
    kind: CreepKind
    creep: Creep
    sender: Player | None
    board: Board
    health: int
    speed: int
    start: int
    since: int
    #: Index of the cell of the way it is in, and the waypoint it passed last.
    cell: int
    stop: Waypoint
    #: Tick of its next step into another cell; ``NEVER`` once it is dead.
    due: int = NEVER
    slow_until: int = NEVER
    #: Towers that fire on it.
    hunters: dict[Turret, None] = attrs.field(factory=dict)

    @property
    def alive(self) -> bool:
        """Whether it still walks."""
        return self.health > 0

    def walked(self, now: int) -> int:
        """Steps walked on this board at that tick."""
        return self.start + self.speed * (now - self.since)


@attrs.define(eq=False)
class Turret:
    """A tower on a board. ``due`` is the tick of its next shot or look-out, ``work_done`` that of its work's end."""

    serial: int
    tower: Tower
    player: Player
    board: Board
    at: Point
    level: TowerLevel
    cover: tuple[Span, ...]
    due: int = NEVER
    target: Walker | None = None
    watching: bool = False
    work_begun: int = NEVER
    work_done: int = NEVER

    @property
    def working(self) -> bool:
        """Whether it is being built, upgraded or sold."""
        return self.work_done != NEVER


@attrs.define(eq=False)
class Rocket:
    """A rocket on its way, at a place given in steps; ``pace`` is how far it flies in a tick and grows."""

    turret: Turret
    level: TowerLevel
    target: Walker
    x: int
    y: int
    pace: int


@attrs.define(eq=False)
class Arena:
    """The ground of a match: what all its parts share."""

    route: Route
    boards: list[Board]
    now: int = 0
    #: A single player in a test game is sent his own creeps.
    solo: bool = False
    _serial: int = 0

    def serial(self) -> int:
        """Return a number larger than all before: age, for ties."""
        self._serial += 1
        return self._serial
