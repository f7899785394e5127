"""What a participant owns, and the cards: who sees what is decided here and nowhere else.

Hand cards and progress cards are seen by their owner only; everybody sees how many there are. A card that changes
hands is made anew, because an object keeps its audience for life.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gameserver.games.catan.goods import Good, Track
from gameserver.games.catan.pieces import City, CityWall, Knight, Merchant, Metropolis, Road, Settlement
from gameserver.games.entity import Attribute, Audience, Entity, Model, ToMany, ToOne
from gameserver.games.participants import User

if TYPE_CHECKING:
    from gameserver.games.catan.root import SettlersOfCatanGame as SettlersOfCatanGame


class Card(Entity):
    """A resource or commodity card, seen by one seat."""

    type = Attribute[Good](Good.BRICK)
    user_assets = ToOne["UserAssets"]("cards")

    def __init__(self, model: Model, seat: int, **values: Any) -> None:
        self.seat = seat
        super().__init__(model, **values)

    def audience(self, name: str) -> Audience:
        """See the base class."""
        return self.seat


class ProgressCard(Entity):
    """A progress card, seen by one seat, or by all (``seat`` None) once it lies open as a victory point."""

    name = Attribute[str]("")
    category = Attribute[Track](Track.TRADE)
    user_assets = ToOne["UserAssets"]("progress_cards")

    def __init__(self, model: Model, seat: Audience, **values: Any) -> None:
        self.seat = seat
        super().__init__(model, **values)

    def audience(self, name: str) -> Audience:
        """See the base class."""
        return self.seat


_PRIVATE = frozenset({"cards", "progress_cards", "revealed_cards", "revealed_progress_cards"})


class UserAssets(Entity):
    """A participant and all that is his. ``revealed_...`` are another player's cards while a card shows them."""

    cards = ToMany[Card]("user_assets")
    progress_cards = ToMany[ProgressCard]("user_assets")
    revealed_cards = ToMany[Card]()
    revealed_progress_cards = ToMany[ProgressCard]()
    victory_cards = ToMany[ProgressCard]()
    settlements = ToMany[Settlement]("user_assets")
    cities = ToMany[City]("user_assets")
    roads = ToMany[Road]("user_assets")
    knights = ToMany[Knight]("user_assets")
    city_walls = ToMany[CityWall]("user_assets")
    metropolises = ToMany[Metropolis]("user_assets")
    merchant = ToOne[Merchant]("user_assets")
    user = ToOne[User]()
    game = ToOne["SettlersOfCatanGame"]("users")
    color = Attribute[str]("")
    visitor = Attribute[bool](False)
    victory_points = Attribute[int](0)
    politics = Attribute[int](0)
    science = Attribute[int](0)
    trade = Attribute[int](0)
    card_count = Attribute[int](0)
    progress_card_count = Attribute[int](0)
    longest_road = Attribute[bool](False)
    defender_points = Attribute[int](0)

    def __init__(self, model: Model, seat: int, **values: Any) -> None:
        self.seat = seat
        super().__init__(model, **values)

    def audience(self, name: str) -> Audience:
        """See the base class."""
        return self.seat if name in _PRIVATE else None

    @property
    def gone(self) -> bool:
        """Whether this participant has left the game."""
        return self.game is None

    @property
    def nickname(self) -> str:
        """The name people know him by."""
        return self.user.nickname if self.user else ""

    @property
    def buildings(self) -> list[Settlement | City]:
        """Settlements and cities."""
        return [*self.settlements, *self.cities]

    def level(self, track: Track) -> int:
        """Return how far a track is built, 0 to 5."""
        if track is Track.POLITICS:
            return self.politics
        return self.science if track is Track.SCIENCE else self.trade

    def raise_level(self, track: Track) -> None:
        """Build a track one level further."""
        if track is Track.POLITICS:
            self.politics += 1
        elif track is Track.SCIENCE:
            self.science += 1
        else:
            self.trade += 1
