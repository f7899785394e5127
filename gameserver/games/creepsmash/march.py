"""Creeps on the march: appearing, walking, being slowed, recovering, being passed on clockwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from gameserver.games.creepsmash.model import Creep
from gameserver.games.creepsmash.route import STEPS
from gameserver.games.creepsmash.tables import ACTION_TICKS, SEND_TICKS, CreepKind, TowerLevel
from gameserver.games.creepsmash.units import NEVER, Arena, Board, Player, Walker
from gameserver.games.entity import Model


class March:
    """All creeps of a match.

    ``arrived`` is called with a board and a cell of the way whenever a creep has come into it or goes faster in it;
    ``got_through`` with the player whose board a creep has crossed. It says whether the match goes on.
    """

    def __init__(
        self,
        model: Model,
        arena: Arena,
        arrived: Callable[[Board, int], None],
        got_through: Callable[[Player], bool],
    ) -> None:
        self._model = model
        self._arena = arena
        self._arrived = arrived
        self._got_through = got_through
        self._last = len(arena.route.cells) - 1
        self._entries: defaultdict[int, list[tuple[Player, int, CreepKind]]] = defaultdict(list)
        self._steps: defaultdict[int, list[Walker]] = defaultdict(list)
        self._slow_ends: defaultdict[int, list[Walker]] = defaultdict(list)
        self._recovering: dict[Walker, None] = {}
        self._left: set[Player] = set()

    def walkers(self) -> list[Walker]:
        """Return every living creep, board after board."""
        return [walker for board in self._arena.boards for cell in board.walkers for walker in cell]

    def send(self, player: Player, place: int, kind: CreepKind) -> None:
        """Let a creep appear after the action delay, on the board after ``place`` (the sender's own)."""
        tick = max(self._arena.now + ACTION_TICKS, player.next_entry)
        player.next_entry = tick + SEND_TICKS
        player.waiting += 1
        self._entries[tick].append((player, place, kind))

    def tick(self) -> bool:
        """Move everybody by one tick. Return whether the match goes on."""
        now = self._arena.now
        for walker in self._recovering.copy():
            self._recover(walker)
        for walker in self._slow_ends.pop(now, ()):
            if walker.slow_until == now and walker.alive:
                self._speed_up(walker)
        moved = self._steps.pop(now, None)
        if moved is not None:
            moved.sort(key=_age)
            for walker in moved:
                # Who has been slowed or killed since was entered at another tick or at none.
                if walker.due == now and not self._step(walker):
                    return False
        for player, place, kind in self._entries.pop(now, ()):
            self._appear(player, place, kind)
        return True

    def slow(self, walker: Walker, level: TowerLevel) -> None:
        """Slow a creep down unless it is immune or no faster than that already."""
        speed = walker.kind.speed * (100 - level.slow_percent) // 100
        if walker.kind.slow_immune or speed >= walker.speed:
            return
        self._set_speed(walker, speed)
        walker.slow_until = self._arena.now + level.slow_ticks
        self._slow_ends[walker.slow_until].append(walker)
        walker.creep.slowed = True
        walker.creep.slow_time = float(level.slow_ticks)

    def hurt(self, walker: Walker) -> None:
        """Let a wounded creep recover, if it is of a kind that does."""
        if walker.kind.regeneration:
            self._recovering[walker] = None

    def bury(self, walker: Walker) -> None:
        """Take a dead creep off its board."""
        del walker.board.walkers[walker.cell][walker]
        self._recovering.pop(walker, None)
        walker.due = NEVER
        cell = walker.creep.cell
        if cell is not None:
            cell.elements.remove(walker.creep)
        release(walker)
        self._model.forget(walker.creep)

    def disown(self, player: Player) -> None:
        """Let the creeps of somebody who has left walk on as nobody's, those not yet there too."""
        self._left.add(player)
        for walker in self.walkers():
            if walker.sender is player:
                walker.sender = None
                walker.creep.user_assets = None

    def _appear(self, player: Player, place: int, kind: CreepKind) -> None:
        player.waiting -= 1
        sender = None if player in self._left else player
        board = self._next(place, sender)
        creep = Creep(
            self._model,
            health=kind.health,
            speed=float(kind.speed),
            type=kind.type,
            user_assets=sender and sender.assets,
        )
        walker = Walker(
            serial=self._arena.serial(),
            kind=kind,
            creep=creep,
            sender=sender,
            board=board,
            health=kind.health,
            speed=kind.speed,
            start=0,
            since=self._arena.now,
            cell=0,
            stop=board.stops[0],
        )
        self._enter(walker, board)

    def _enter(self, walker: Walker, board: Board) -> None:
        walker.board = board
        walker.cell = 0
        walker.stop = board.stops[0]
        walker.creep.current_waypoint = walker.stop
        walker.creep.cell = board.way[0]
        board.walkers[0][walker] = None
        self._schedule(walker)
        self._arrived(board, 0)

    def _next(self, place: int, sender: Player | None) -> Board:
        """The next board clockwise whose player lives and is not the sender; a match that goes on has one."""
        boards = self._arena.boards
        return next(
            board
            for board in (boards[(place + turn) % len(boards)] for turn in range(1, len(boards) + 1))
            if board.player is not None and board.player.alive and (board.player is not sender or self._arena.solo)
        )

    def _schedule(self, walker: Walker) -> None:
        end = walker.cell * STEPS + STEPS // 2 if walker.cell < self._last else self._arena.route.length
        # Rounded up: the first tick at which it is over the border.
        walker.due = max(walker.since - (walker.start - end) // walker.speed, self._arena.now)
        self._steps[walker.due].append(walker)

    def _step(self, walker: Walker) -> bool:
        board = walker.board
        if walker.cell == self._last:
            return self._pass_on(walker)
        del board.walkers[walker.cell][walker]
        walker.cell = cell = walker.cell + 1
        board.walkers[cell][walker] = None
        walker.creep.cell = board.way[cell]
        stop = board.stops[cell]
        if stop is not walker.stop:
            walker.stop = stop
            walker.creep.current_waypoint = stop
        self._schedule(walker)
        if board.watchers[cell]:
            self._arrived(board, cell)
        return True

    def _pass_on(self, walker: Walker) -> bool:
        board = walker.board
        player = board.player
        if player is not None and player.alive and not self._got_through(player):
            return False
        del board.walkers[walker.cell][walker]
        release(walker)
        now = self._arena.now
        walker.start = walker.walked(now) - self._arena.route.length
        walker.since = now
        self._enter(walker, self._next(board.index, walker.sender))
        return True

    def _set_speed(self, walker: Walker, speed: int) -> None:
        now = self._arena.now
        walker.start = walker.walked(now)
        walker.since = now
        walker.speed = speed
        walker.creep.speed = float(speed)
        self._schedule(walker)

    def _speed_up(self, walker: Walker) -> None:
        walker.slow_until = NEVER
        walker.creep.slowed = False
        walker.creep.slow_time = 0.0
        self._set_speed(walker, walker.kind.speed)
        self._arrived(walker.board, walker.cell)

    def _recover(self, walker: Walker) -> None:
        kind = walker.kind
        walker.health = walker.creep.health = min(walker.health + kind.regeneration, kind.health)
        if walker.health == kind.health:
            del self._recovering[walker]


def release(walker: Walker) -> None:
    """Let every tower that fires on a creep lose sight of it."""
    for turret in walker.hunters:
        turret.target = None
        turret.tower.fire_on = None
    walker.hunters.clear()


def _age(walker: Walker) -> int:
    return walker.serial
