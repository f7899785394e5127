"""CreepSmash as a hosted game: seats, choice of tiles, start, and the commands of the match."""

from __future__ import annotations

from collections.abc import Sequence

from gameserver.games.api import Command, Illegal, Options, Participant, argument, camel
from gameserver.games.creepsmash.battle import Battle
from gameserver.games.creepsmash.model import CreepSmashGame, Tile, UserAssets
from gameserver.games.creepsmash.orders import Orders
from gameserver.games.creepsmash.route import POSITIONS, route_of
from gameserver.games.creepsmash.scenery import make_guide, make_scene
from gameserver.games.creepsmash.tables import NORMAL, START_INCOME, TEST_GAME, TICK_MS
from gameserver.games.creepsmash.units import Arena, Board, Player
from gameserver.games.creepsmash.view import Vantage, View
from gameserver.games.entity import Model
from gameserver.games.hosted import HostedGame


class CreepSmash(HostedGame[CreepSmashGame, UserAssets]):
    """A CreepSmash game (season SS12) from its creation to its end.

    ``options.map_text`` is the map. Raises ``Illegal`` if there is none, if it breaks the format, or if the number
    of players is not 1..4. Time passes in ticks of 50 ms; commands take effect between two ticks.
    """

    #: One for every segment.
    MOST = len(POSITIONS)

    def __init__(self, options: Options, seed: int) -> None:
        route = self._map_of(options, route_of)
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
        self._handlers = {
            "CHOOSE_TILE": self._choose_tile,
            "START_GAME": self._start_game,
            "CREATE_TOWER": self._create_tower,
            "UPGRADE_TOWER": self._upgrade_tower,
            "SELL_TOWER": self._sell_tower,
            "CHANGE_TOWER_STRATEGY": self._change_tower_strategy,
            "CREATE_CREEP": self._create_creep,
        }
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
        handler = self._handler(command)
        if seat not in self._fighters:
            raise Illegal(camel(command.action), self.WATCHING)
        if self.over:
            raise Illegal(camel(command.action), self.OVER)
        handler(seat, command)

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
        """Return every command that the rules would accept from a seat now, the choice of a tile included."""
        if self._began or seat not in self._fighters:
            return super().legal(seat)
        boards = [board for board in self._arena.boards if board.player is None]
        return [*(Command("CHOOSE_TILE", {"tile": board.tile.id}) for board in boards), *super().legal(seat)]

    def _moves(self, seat: int) -> Sequence[Command]:
        player = self._fighters.get(seat)
        board = self._board(player) if player is not None else None
        if self._orders is None or player is None or board is None or not player.alive:
            return []
        return self._orders.legal(player, board)

    def _board(self, player: Player) -> Board | None:
        return next((board for board in self._arena.boards if board.player is player), None)

    def _hindrance(self) -> str | None:
        if any(self._board(player) is None for player in self._fighters.values()):
            return super()._hindrance() or "Not all players have chosen a start tile."
        return super()._hindrance()

    def _choose_tile(self, seat: int, command: Command) -> None:
        action, player = "chooseTile", self._fighters[seat]
        if self._battle is not None:
            raise Illegal(action, self.RUNNING)
        tile = self.model.find(argument(command, "tile"), Tile)
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

    def _start_game(self, seat: int, command: Command) -> None:
        self._begin(seat)
        self._battle = Battle(self._root, self._arena, list(self._fighters.values()))
        self._orders = Orders(self.model, self._battle)

    def _order(self, action: str, seat: int) -> tuple[Orders, Player, Board]:
        player = self._fighters[seat]
        board = self._board(player)
        if self._orders is None or board is None:
            raise Illegal(action, self.NOT_STARTED)
        if not player.alive:
            raise Illegal(action, "You have lost all your lives.")
        return self._orders, player, board

    def _create_tower(self, seat: int, command: Command) -> None:
        orders, player, board = self._order("createTower", seat)
        orders.create_tower(player, board, command)

    def _upgrade_tower(self, seat: int, command: Command) -> None:
        orders, player, _ = self._order("upgradeTower", seat)
        orders.upgrade_tower(player, command)

    def _sell_tower(self, seat: int, command: Command) -> None:
        orders, player, _ = self._order("sellTower", seat)
        orders.sell_tower(player, command)

    def _change_tower_strategy(self, seat: int, command: Command) -> None:
        orders, player, _ = self._order("changeTowerStrategy", seat)
        orders.change_tower_strategy(player, command)

    def _create_creep(self, seat: int, command: Command) -> None:
        orders, player, board = self._order("createCreep", seat)
        orders.create_creep(player, board, command)
