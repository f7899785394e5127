"""CreepSmash as a hosted game: seats, choice of tiles, start, and the commands of the match."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from gameserver.games.api import Command, Illegal, Options, Participant, camel
from gameserver.games.creepsmash.battle import Battle
from gameserver.games.creepsmash.model import CreepSmashGame, Tile, UserAssets
from gameserver.games.creepsmash.orders import Orders, argument
from gameserver.games.creepsmash.route import POSITIONS, route_of
from gameserver.games.creepsmash.scenery import make_guide, make_scene
from gameserver.games.creepsmash.tables import NORMAL, START_INCOME, TEST_GAME, TICK_MS
from gameserver.games.creepsmash.units import Arena, Board, Player
from gameserver.games.creepsmash.view import Vantage, View
from gameserver.games.entity import Model
from gameserver.games.hosted import HostedGame
from gameserver.games.maps import BadMap


class CreepSmash(HostedGame[CreepSmashGame, UserAssets]):
    """A CreepSmash game (season SS12) from its creation to its end.

    ``options.map_text`` is the map. Raises ``Illegal`` if there is none, if it breaks the format, or if the number
    of players is not 1..4. Time passes in ticks of 50 ms; commands take effect between two ticks.
    """

    #: One for every segment.
    MOST = len(POSITIONS)

    def __init__(self, options: Options, seed: int) -> None:
        if not 1 <= options.max_players <= self.MOST:
            raise Illegal("createGame", f"CreepSmash is for 1 to {self.MOST} players.")
        if options.map_text is None:
            raise Illegal("createGame", "CreepSmash needs a map.")
        try:
            route = route_of(options.map_text)
        except BadMap as error:
            raise Illegal("createGame", f"The map cannot be used, {error}.") from error
        model = Model(seed)
        super().__init__(
            CreepSmashGame(
                model,
                guide=make_guide(model),
                name=options.name,
                num_players=options.max_players,
                test_game=options.test_game,
            )
        )
        self._start = TEST_GAME if options.test_game else NORMAL
        #: The fighters behind those who play, by seat.
        self._fighters: dict[int, Player] = {}
        self._battle: Battle | None = None
        self._orders: Orders | None = None
        #: What the computer player of a seat has read and measured.
        self._vantages: dict[int, Vantage] = {}
        self._owed_ms = 0
        map_name = options.map_name or "map"
        scenes = [make_scene(self.model, route, position, map_name) for position in POSITIONS]
        boards = [Board(index, route, scene) for index, scene in enumerate(scenes)]
        for board in boards:
            self._root.tiles.add(board.tile)
        self._arena = Arena(route, boards)
        self._root.announce()
        # Nobody was there to see it: whoever joins gets a dump.
        self.model.take()

    def view(self, seat: int) -> View:
        """Return what a strategy of that seat sees. ``KeyError`` if nobody sits there."""
        return self._vantages.setdefault(seat, Vantage()).view(self._root, self._seats[seat])

    def _assets_for(self, seat: int, participant: Participant) -> UserAssets:
        if participant.visitor:
            return UserAssets(self.model)
        assets = UserAssets(self.model, lives=self._start.lives, balance=self._start.balance, income=START_INCOME)
        self._fighters[seat] = Player(assets)
        return assets

    def _depart(self, seat: int) -> None:
        """Take a leaver out of the fight: towers go, creeps walk on as nobody's."""
        player = self._fighters.pop(seat, None)
        if player is not None:
            if self._battle is not None:
                self._battle.leave(player)
            board = self._board(player)
            if board is not None:
                board.player = None
                player.assets.tile = None
        self._vantages.pop(seat, None)
        super()._depart(seat)

    def _carry_out(self, seat: int, command: Command) -> None:
        action = camel(command.action)
        handler = self._handlers.get(command.action)
        if handler is None:
            known = ", ".join(self._handlers)
            raise Illegal(action, f"CreepSmash knows {known}, CHANGE_USER_COLOR, and MESSAGE, LEAVE_GAME, NOOP.")
        player = self._fighters.get(seat)
        if player is None:
            raise Illegal(action, "Visitors only watch.")
        if self.over:
            raise Illegal(action, "The game is over.")
        handler(self, player, command)

    def advance(self, milliseconds: int) -> None:
        """Let time pass. What is left over of a tick counts for the next call."""
        if self._battle is None or milliseconds <= 0:
            return
        ticks, self._owed_ms = divmod(self._owed_ms + milliseconds, TICK_MS)
        for _ in range(ticks):
            if not self._root.running:
                return
            self._battle.tick()

    def prompts(self, seat: int) -> Sequence[str]:
        """Return nothing: CreepSmash asks nobody for anything."""
        return ()

    def legal(self, seat: int) -> Sequence[Command]:
        """Return every command that the rules would accept from a seat now."""
        player = self._fighters.get(seat)
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
        if any(self._board(player) is None for player in self._fighters.values()):
            return super()._hindrance() or "Not all players have chosen a start tile."
        return super()._hindrance()

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
        self._battle = Battle(self._root, self._arena, list(self._fighters.values()))
        self._orders = Orders(self.model, self._battle)
        self._begin()

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
