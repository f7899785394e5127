"""Everything the rules of one game share: its objects, bank, decks, chance, and whose turn it is."""

from __future__ import annotations

from collections import deque

from gameserver.games.catan.assets import UserAssets
from gameserver.games.catan.bank import Bank
from gameserver.games.catan.board import Board
from gameserver.games.catan.decks import shuffled
from gameserver.games.catan.goods import Good, Track
from gameserver.games.catan.map_format import MapFile
from gameserver.games.catan.pieces import Barbarian, Merchant, Metropolis, Robber
from gameserver.games.catan.root import Phase, SettlersOfCatanGame
from gameserver.games.entity import Model
from gameserver.games.rng import Chance

#: How many points there are for defending Catan alone.
DEFENDER_CARDS = 6


class State:
    """One game's table. ``order`` holds those who play, by seat; who leaves is taken out."""

    def __init__(self, root: SettlersOfCatanGame, source: MapFile, map_name: str, chance: Chance) -> None:
        self.model: Model = root.model
        self.root = root
        self.chance = chance
        self.board = Board(root.model, source, map_name, chance)
        self.bank = Bank()
        self.decks: dict[Track, deque[str]] = {track: shuffled(track, chance) for track in Track}
        self.order: list[UserAssets] = []
        #: Leavers whose belongings are still to be taken back.
        self.gone: list[UserAssets] = []
        self.turn = 0
        self.robber = Robber(root.model, field=self.board.desert())
        self.merchant = Merchant(root.model)
        self.barbarian = Barbarian(root.model)
        self.metropolises = {track: Metropolis(root.model, type=track) for track in Track}
        #: What a card or a purchase arranged for the rest of this turn.
        self.fleets: set[Good] = set()
        self.chosen_dice: tuple[int, int] | None = None
        #: Points for single defenders of Catan that are still to be had.
        self.defender_cards = DEFENDER_CARDS
        #: Set whenever roads, buildings or knights change, so that the longest road is looked for again.
        self.roads_changed = False
        root.map = self.board.map
        root.barbarian = self.barbarian
        root.robber = self.robber
        root.merchant = self.merchant
        for metropolis in self.metropolises.values():
            root.metropolises.add(metropolis)

    @property
    def current(self) -> UserAssets:
        """Whose turn it is, also when he has just left."""
        player = self.root.current_user
        if player is None:
            raise LookupError("the game has not started")
        return player

    def player(self, seat: int) -> UserAssets | None:
        """Return who plays at a seat; ``None`` for visitors, leavers and strangers."""
        return next((player for player in self.order if player.seat == seat), None)

    def from_current(self) -> list[UserAssets]:
        """Return those who play, beginning with the one whose turn it is."""
        seat = self.current.seat
        return [p for p in self.order if p.seat >= seat] + [p for p in self.order if p.seat < seat]

    def opponents(self, player: UserAssets) -> list[UserAssets]:
        """Return the others who play, in turn order after ``player``."""
        after = [p for p in self.order if p.seat > player.seat]
        return after + [p for p in self.order if p.seat < player.seat]

    def say_all(self, text: str) -> None:
        """Tell everybody something that is no prompt."""
        self.model.say(None, f"OK - {text}")

    def start_turn(self, player: UserAssets) -> None:
        """Give the turn to a player; whatever held only for a turn ends."""
        root = self.root
        self.turn += 1
        self.fleets.clear()
        self.chosen_dice = None
        root.yellow_die = root.red_die = 0
        root.event_die = None
        root.phase = Phase.ROLLING
        root.current_user = player

    def next_player(self) -> UserAssets:
        """Return who follows; a new round begins when the seats start over."""
        seat = self.current.seat
        following = next((player for player in self.order if player.seat > seat), None)
        if following is None:
            self.root.round += 1
            following = self.order[0]
        return following
