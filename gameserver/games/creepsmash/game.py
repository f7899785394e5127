"""CreepSmash as a hosted game: seats, choice of tiles, start, and the commands of the match."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from gameserver.games.api import Command, Illegal, Options, Participant
from gameserver.games.creepsmash.battle import Battle
from gameserver.games.creepsmash.mapfile import MapError
from gameserver.games.creepsmash.model import CreepSmashGame, Tile, UserAssets
from gameserver.games.creepsmash.orders import Orders, argument, camel_case
from gameserver.games.creepsmash.route import POSITIONS, route_of
from gameserver.games.creepsmash.scenery import make_guide, make_scene
from gameserver.games.creepsmash.tables import NORMAL, START_INCOME, TEST_GAME, TICK_MS
from gameserver.games.creepsmash.units import Arena, Board, Player
from gameserver.games.entity import Model
from gameserver.games.participants import Roster, parse_color

#: Most players of a game: one for every segment.
MAX_PLAYERS = len(POSITIONS)


class CreepSmash:
    """A CreepSmash game (season SS12) from its creation to its end; see ``gameserver.games.api.Game``.

    ``options.map_text`` is the map. Raises ``Illegal`` if there is none, if it breaks the format, or if the number
    of players is not 1..4. Time passes in ticks of 50 ms; commands take effect between two ticks.
    """

    def __init__(self, options: Options, seed: int) -> None:
        if not 1 <= options.max_players <= MAX_PLAYERS:
            raise Illegal("createGame", f"CreepSmash is for 1 to {MAX_PLAYERS} players.")
        if options.map_text is None:
            raise Illegal("createGame", "CreepSmash needs a map.")
        try:
            route = route_of(options.map_text)
        except MapError as error:
            raise Illegal("createGame", f"The map cannot be used, {error}.") from error
        self.model = Model(seed)
        self._options = options
        self._start = TEST_GAME if options.test_game else NORMAL
        self._roster = Roster(self.model)
        self._assets: dict[int, UserAssets] = {}
        self._players: dict[int, Player] = {}
        self._battle: Battle | None = None
        self._orders: Orders | None = None
        self._owed_ms = 0
        self._root = CreepSmashGame(
            self.model,
            guide=make_guide(self.model),
            name=options.name,
            num_players=options.max_players,
            test_game=options.test_game,
        )
        map_name = options.map_name or "map"
        scenes = [make_scene(self.model, route, position, map_name) for position in POSITIONS]
        boards = [Board(index, route, scene) for index, scene in enumerate(scenes)]
        for board in boards:
            self._root.tiles.add(board.tile)
        self._arena = Arena(route, boards)
        self._root.announce()
        # Nobody was there to see it: whoever joins gets a dump.
        self.model.take()

    @property
    def root(self) -> CreepSmashGame:
        """See ``Game``."""
        return self._root

    @property
    def running(self) -> bool:
        """See ``Game``."""
        return self._root.running

    @property
    def over(self) -> bool:
        """See ``Game``."""
        return self._battle is not None and not self._root.running

    @property
    def open_seats(self) -> int:
        """How many players could still join before the start."""
        return 0 if self._battle is not None else self._options.max_players - len(self._players)

    def assets(self, seat: int) -> UserAssets | None:
        """Return what belongs to a seat, ``None`` if nobody sits there."""
        return self._assets.get(seat)

    def join(self, seat: int, participant: Participant) -> None:
        """See ``Game``. Players may join until the start, visitors until the end; others are ``Illegal``."""
        if seat in self._assets:
            raise Illegal("joinGame", f"Seat {seat} is taken.")
        if self.over:
            raise Illegal("joinGame", "The game is over.")
        if not participant.visitor:
            if self._battle is not None:
                raise Illegal("joinGame", "The game has already started: join it with -visitor true.")
            if not self.open_seats:
                raise Illegal("joinGame", "All seats are taken: join with -visitor true.")
        assets = UserAssets(
            self.model,
            user=self._roster.user(participant),
            color=Roster.color(participant.color, [other.color for other in self._assets.values()]),
            visitor=participant.visitor,
            lives=0 if participant.visitor else self._start.lives,
            balance=0 if participant.visitor else self._start.balance,
            income=0 if participant.visitor else START_INCOME,
        )
        self._assets[seat] = assets
        if not participant.visitor:
            self._players[seat] = Player(assets)
        self._root.users.add(assets)

    def leave(self, seat: int) -> None:
        """See ``Game``. In a running game the leaver is out, his towers go, his creeps walk on as nobody's."""
        assets = self._assets.pop(seat, None)
        if assets is None:
            return
        player = self._players.pop(seat, None)
        if player is not None:
            if self._battle is not None:
                self._battle.leave(player)
            board = self._board(player)
            if board is not None:
                board.player = None
                assets.tile = None
        self._root.users.remove(assets)
        self.model.forget(assets)
        self._roster.reintroduce(self._root)

    def apply(self, seat: int, command: Command) -> None:
        """See ``Game``."""
        action = camel_case(command.action)
        assets = self._assets.get(seat)
        if assets is None:
            raise Illegal(action, "You have no seat in this game: join it first.")
        if command.action == "CHANGE_USER_COLOR":
            assets.color = parse_color(command)
            return
        handler = self._handlers.get(command.action)
        if handler is None:
            known = ", ".join(self._handlers)
            raise Illegal(action, f"CreepSmash knows {known}, CHANGE_USER_COLOR, and MESSAGE, LEAVE_GAME, NOOP.")
        player = self._players.get(seat)
        if player is None:
            raise Illegal(action, "Visitors only watch.")
        if self.over:
            raise Illegal(action, "The game is over.")
        handler(self, player, command)

    def advance(self, milliseconds: int) -> None:
        """See ``Game``. What is left over of a tick counts for the next call."""
        if self._battle is None or milliseconds <= 0:
            return
        ticks, self._owed_ms = divmod(self._owed_ms + milliseconds, TICK_MS)
        for _ in range(ticks):
            if not self._root.running:
                return
            self._battle.tick()

    def prompts(self, seat: int) -> Sequence[str]:
        """See ``Game``. CreepSmash asks nobody for anything."""
        return ()

    def legal(self, seat: int) -> Sequence[Command]:
        """See ``Game``. Changes of colour are always possible and not listed."""
        player = self._players.get(seat)
        if player is None or self.over:
            return []
        if self._battle is None or self._orders is None:
            found = [
                Command("CHOOSE_TILE", {"tile": board.tile.id})
                for board in self._arena.boards
                if board.player is None
            ]
            if self._hindrance() is None:
                found.append(Command("START_GAME"))
            return found
        board = self._board(player)
        if board is None or not player.alive:
            return []
        return self._orders.legal(player, board)

    def _board(self, player: Player) -> Board | None:
        return next((board for board in self._arena.boards if board.player is player), None)

    def _hindrance(self) -> str | None:
        if len(self._players) < self._start.min_players:
            return f"There must at least {self._start.min_players} players participate to start the game."
        if any(self._board(player) is None for player in self._players.values()):
            return "Not all players have chosen a start tile."
        return None

    def _choose_tile(self, player: Player, command: Command) -> None:
        action = "chooseTile"
        if self._battle is not None:
            raise Illegal(action, "The game is running already.")
        tile = self.model.find(argument(action, command, "tile"), Tile)
        if tile is None:
            raise Illegal(action, "There is no such tile.")
        board = next(board for board in self._arena.boards if board.tile is tile)
        if board.player is player:
            return
        if board.player is not None:
            raise Illegal(action, "That tile has been chosen already: choose a free one.")
        former = self._board(player)
        if former is not None:
            former.player = None
            player.assets.tile = None
        board.player = player
        tile.user_assets = player.assets

    def _start_game(self, player: Player, command: Command) -> None:
        if self._battle is not None:
            raise Illegal("startGame", "The game is running already.")
        hindrance = self._hindrance()
        if hindrance is not None:
            raise Illegal("startGame", hindrance)
        self._battle = Battle(self._root, self._arena, list(self._players.values()))
        self._orders = Orders(self.model, self._battle)

    def _order(self, action: str, player: Player) -> tuple[Orders, Board]:
        board = self._board(player)
        if self._orders is None or board is None:
            raise Illegal(action, "The game has not started: send START_GAME.")
        if not player.alive:
            raise Illegal(action, "You have lost all your lives.")
        return self._orders, board

    def _create_tower(self, player: Player, command: Command) -> None:
        orders, board = self._order("createTower", player)
        orders.create_tower(player, board, command)

    def _upgrade_tower(self, player: Player, command: Command) -> None:
        orders, _ = self._order("upgradeTower", player)
        orders.upgrade_tower(player, command)

    def _sell_tower(self, player: Player, command: Command) -> None:
        orders, _ = self._order("sellTower", player)
        orders.sell_tower(player, command)

    def _change_tower_strategy(self, player: Player, command: Command) -> None:
        orders, _ = self._order("changeTowerStrategy", player)
        orders.change_tower_strategy(player, command)

    def _create_creep(self, player: Player, command: Command) -> None:
        orders, board = self._order("createCreep", player)
        orders.create_creep(player, board, command)

    _handlers: ClassVar[dict[str, Callable[[CreepSmash, Player, Command], None]]] = {
        "CHOOSE_TILE": _choose_tile,
        "START_GAME": _start_game,
        "CREATE_TOWER": _create_tower,
        "UPGRADE_TOWER": _upgrade_tower,
        "SELL_TOWER": _sell_tower,
        "CHANGE_TOWER_STRATEGY": _change_tower_strategy,
        "CREATE_CREEP": _create_creep,
    }
