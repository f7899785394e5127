"""The root of the model, where every dump starts."""

from __future__ import annotations

from enum import StrEnum

from gameserver.games.catan.assets import UserAssets
from gameserver.games.catan.board import Map
from gameserver.games.catan.pieces import Barbarian, Merchant, Metropolis, Robber
from gameserver.games.entity import Attribute, Entity, ToMany, ToOne
from gameserver.games.participants import User


class Phase(StrEnum):
    """Where a game stands."""

    JOINING = "JOINING"
    FOUNDING = "FOUNDING"
    ROLLING = "ROLLING"
    ACTING = "ACTING"
    OVER = "OVER"


class SettlersOfCatanGame(Entity):
    """The game. ``round`` counts from 1 after the founding; the dice show 0 until they are rolled in a turn.

    ``played_card`` is the name of the progress card being played, ``merchant_fleet`` what MERCHANT_FLEET trades two
    to one in this turn: types with commas between them.
    """

    users = ToMany[UserAssets]("game")
    map = ToOne[Map]("game")
    name = Attribute[str]("")
    running = Attribute[bool](False)
    round = Attribute[int](0)
    speed = Attribute[float](1.4)
    max_players = Attribute[int](0)
    test_game = Attribute[bool](False)
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
    winner = ToOne[User]()
