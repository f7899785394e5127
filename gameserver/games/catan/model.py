"""The objects of a game of Settlers as clients see them; the order of the properties is the order of a dump.

Who sees what is decided here and nowhere else. Hand cards and progress cards are seen by their owner only; everybody
sees how many there are. A card that changes hands is made anew, because an object keeps its audience for life.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from gameserver.games.catan.goods import LAND, RESOURCE_OF, Good, Terrain, Track
from gameserver.games.entity import Attribute, Audience, Entity, Model, ToMany, ToOne
from gameserver.games.hosted import Assets, GameRoot

#: How many of each piece a player has; of knights two of each of the three levels.
ROADS, SETTLEMENTS, CITIES, CITY_WALLS, KNIGHTS_PER_LEVEL = 15, 5, 4, 3, 2
MIGHTY = 3

#: Steps of the barbarians' ship from its start to the attack.
BARBARIAN_STEPS = 7


class Map(Entity):
    """The board as the players see it."""

    fields = ToMany["Field"]("map")
    name = Attribute[str]("")
    game = ToOne["SettlersOfCatanGame"]("map")


class Field(Entity):
    """One hexagon. ``number`` is its token, or ``None``; ``north`` is the field that lies north of this one."""

    map = ToOne[Map]("fields")
    type = Attribute[Terrain](Terrain.WATER)
    number = Attribute[int | None](None)
    rotation = Attribute[int](0)
    north = ToOne["Field"]("south")
    north_east = ToOne["Field"]("south_west")
    south_east = ToOne["Field"]("north_west")
    south = ToOne["Field"]("north")
    south_west = ToOne["Field"]("north_east")
    north_west = ToOne["Field"]("south_east")
    intersections = ToMany["Intersection"]("fields")
    borders = ToMany["Border"]("fields")
    harbor = ToOne["Harbor"]("field")
    robber = ToOne["Robber"]("field")
    merchant = ToOne["Merchant"]("field")

    @property
    def land(self) -> bool:
        """Whether the robber could stand here."""
        return self.type in LAND

    @property
    def resource(self) -> Good | None:
        """What the field brings, if it brings anything."""
        return RESOURCE_OF.get(self.type)

    @property
    def neighbours(self) -> list[Field]:
        """The fields around this one, clockwise from the north."""
        around = (self.north, self.north_east, self.south_east, self.south, self.south_west, self.north_west)
        return [field for field in around if field is not None]


class Intersection(Entity):
    """A corner where land fields meet: the place of a building or a knight, never of both."""

    fields = ToMany[Field]("intersections")
    borders = ToMany["Border"]("intersections")
    building = ToOne["Settlement | City"]("intersection")
    knight = ToOne["Knight"]("intersection")
    harbor = ToOne["Harbor"]("intersections")


class Border(Entity):
    """An edge of a land field: the place of a road."""

    fields = ToMany[Field]("borders")
    intersections = ToMany[Intersection]("borders")
    road = ToOne["Road"]("border")


class Harbor(Entity):
    """A harbour serves two intersections. ``type`` is a resource, or ``ANY`` for three to one of anything."""

    type = Attribute[str]("ANY")
    rate = Attribute[int](3)
    intersections = ToMany[Intersection]("harbor")
    field = ToOne[Field]("harbor")


class Settlement(Entity):
    """Worth one point; earns one card. ``on_its_side``: its piece is a city, for want of a settlement in stock."""

    user_assets = ToOne["UserAssets"]("settlements")
    intersection = ToOne[Intersection]("building")
    on_its_side = Attribute[bool](False)


class City(Entity):
    """Worth two points, four with a metropolis; earns two cards."""

    user_assets = ToOne["UserAssets"]("cities")
    intersection = ToOne[Intersection]("building")
    city_wall = ToOne["CityWall"]("city")
    metropolis = ToOne["Metropolis"]("city")


Building = Settlement | City


class CityWall(Entity):
    """Lets its owner keep two more cards when a 7 is rolled."""

    user_assets = ToOne["UserAssets"]("city_walls")
    city = ToOne[City]("city_wall")


class Metropolis(Entity):
    """One for each track; who has it put it on one of his cities, which no barbarian can take."""

    type = Attribute[Track](Track.TRADE)
    user_assets = ToOne["UserAssets"]("metropolises")
    city = ToOne[City]("metropolis")


class Road(Entity):
    """A road on a border."""

    user_assets = ToOne["UserAssets"]("roads")
    border = ToOne[Border]("road")


class Knight(Entity):
    """A knight of level 1 to 3. Only an active one acts and defends.

    ``activated_turn`` and ``promoted_turn`` are the numbers of the turns when that last happened to it: a knight
    does not act in the turn of its activation and is promoted once a turn.
    """

    user_assets = ToOne["UserAssets"]("knights")
    intersection = ToOne[Intersection]("knight")
    level = Attribute[int](1)
    active = Attribute[bool](False)

    def __init__(self, model: Model, **values: Any) -> None:
        self.activated_turn = 0
        self.promoted_turn = 0
        super().__init__(model, **values)


class Robber(Entity):
    """Keeps its field from earning."""

    field = ToOne[Field]("robber")


class Merchant(Entity):
    """Worth a point to its owner, who trades the resource of its field two to one."""

    field = ToOne[Field]("merchant")
    user_assets = ToOne["UserAssets"]("merchant")


class Barbarian(Entity):
    """The barbarians' ship: its steps so far (0 to 7) and how often they have attacked."""

    position = Attribute[int](0)
    attacks = Attribute[int](0)


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


class UserAssets(Assets):
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
    user = Assets.user
    game = Assets.game
    color = Assets.color
    visitor = Assets.visitor
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


class Phase(StrEnum):
    """Where a game stands."""

    JOINING = "JOINING"
    FOUNDING = "FOUNDING"
    ROLLING = "ROLLING"
    ACTING = "ACTING"
    OVER = "OVER"


class SettlersOfCatanGame(GameRoot[UserAssets]):
    """The game. ``round`` counts from 1 after the founding; the dice show 0 until they are rolled in a turn.

    ``played_card`` is the name of the progress card being played, ``merchant_fleet`` what MERCHANT_FLEET trades two
    to one in this turn: types with commas between them.
    """

    map = ToOne[Map]("game")
    name = GameRoot.name
    running = GameRoot.running
    round = Attribute[int](0)
    speed = Attribute[float](1.4)
    num_players = Attribute[int](0, wire="maxPlayers")
    test_game = GameRoot.test_game
    current_user = ToOne[UserAssets]()
    phase = Attribute[Phase](Phase.JOINING)
    yellow_die = Attribute[int](0)
    red_die = Attribute[int](0)
    event_die = Attribute[str | None](None)
    played_card = Attribute[str | None](None)
    merchant_fleet = Attribute[str | None](None)
    barbarian = ToOne[Barbarian]()
    robber = ToOne[Robber]()
    merchant = ToOne[Merchant]()
    metropolises = ToMany[Metropolis]()
    winner = GameRoot.winner
