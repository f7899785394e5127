"""Everything the rules of one game share: its objects, bank, decks, chance, and whose turn it is."""

from __future__ import annotations

from collections import deque

from gameserver.games.catan.bank import Bank
from gameserver.games.catan.board import Board
from gameserver.games.catan.decks import shuffled
from gameserver.games.catan.editions import ANSWERED, LATEST
from gameserver.games.catan.goods import Good, Track
from gameserver.games.catan.layout import desert, lay_out
from gameserver.games.catan.map_format import MapFile
from gameserver.games.catan.model import (
    Barbarian,
    Merchant,
    Metropolis,
    Phase,
    Robber,
    SettlersOfCatanGame,
    UserAssets,
)
from gameserver.games.entity import Model
from gameserver.games.rng import Chance

#: How many points for defending Catan alone there were in the first edition, which counted their cards.
DEFENDER_CARDS = 6


def set_up(root: SettlersOfCatanGame, source: MapFile, map_name: str, chance: Chance) -> None:
    """Put the board and what belongs to nobody under the root of a new game."""
    model = root.model
    root.map = lay_out(model, source, map_name, chance)
    root.barbarian = Barbarian(model)
    root.robber = Robber(model, field=desert(root.map))
    root.merchant = Merchant(model)
    for track in Track:
        root.metropolises.add(Metropolis(model, type=track))


class State:
    """One game's table, found from the objects under its root, which have been set up.

    ``order`` holds those who play, by seat; who leaves is taken out. ``edition`` is the one of the rules.
    """

    def __init__(self, root: SettlersOfCatanGame, chance: Chance, edition: int = LATEST) -> None:
        board, robber, merchant, barbarian = root.map, root.robber, root.merchant, root.barbarian
        if board is None or robber is None or merchant is None or barbarian is None:
            raise ValueError("the game has not been set up")
        self.model: Model = root.model
        self.root = root
        self.chance = chance
        self.edition = edition
        self.board = Board(board)
        self.robber: Robber = robber
        self.merchant: Merchant = merchant
        self.barbarian: Barbarian = barbarian
        self.metropolises: dict[Track, Metropolis] = {each.type: each for each in root.metropolises}
        self.bank = Bank()
        self.decks: dict[Track, deque[str]] = {track: shuffled(track, chance) for track in Track}
        self.order: list[UserAssets] = []
        self.turn = 0
        #: First edition only: points for single defenders of Catan that are still to be had.
        self.defender_cards = DEFENDER_CARDS
        #: Whom a Commercial Harbor of this turn has made trade.
        self.harbored: set[UserAssets] = set()
        #: Set when roads, buildings or knights have changed and nothing is in the air, so that the longest road
        #: is looked for again.
        self.roads_changed = False
        #: Whose turn it is, also when he has just left: the seats after him follow.
        self._current: UserAssets | None = None

    @property
    def current(self) -> UserAssets:
        """Whose turn it is, also when he has just left."""
        if self._current is None:
            raise LookupError("the game has not started")
        return self._current

    @current.setter
    def current(self, player: UserAssets) -> None:
        self._current = player
        self.root.current_user = player

    @property
    def answered(self) -> bool:
        """Whether the answers of the publisher's FAQ hold in this match, as they do since the second edition."""
        return self.edition >= ANSWERED

    @property
    def fleets(self) -> frozenset[Good]:
        """What merchant fleets trade two to one in this turn."""
        named = self.root.merchant_fleet
        return frozenset(Good(good) for good in named.split(",")) if named else frozenset()

    @property
    def chosen_dice(self) -> tuple[int, int] | None:
        """What an Alchemist has made the dice of this turn show before they are rolled: yellow, red."""
        root = self.root
        return (root.yellow_die, root.red_die) if root.phase is Phase.ROLLING and root.red_die else None

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
        self.model.say(None, text)

    def start_turn(self, player: UserAssets) -> None:
        """Give the turn to a player; whatever held only for a turn ends."""
        root = self.root
        self.turn += 1
        root.merchant_fleet = None
        self.harbored.clear()
        root.yellow_die = root.red_die = 0
        root.event_die = None
        root.phase = Phase.ROLLING
        self.current = player

    def next_player(self) -> UserAssets:
        """Return who follows; a new round begins when the seats start over."""
        seat = self.current.seat
        following = next((player for player in self.order if player.seat > seat), None)
        if following is None:
            self.root.round += 1
            following = self.order[0]
        return following
