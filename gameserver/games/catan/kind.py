"""Settlers of Catan as everybody outside its package sees it: the game of season SS13."""

from __future__ import annotations

from gameserver.games.catan.editions import LATEST
from gameserver.games.catan.game import Catan
from gameserver.games.catan.map_format import facts, stamp
from gameserver.games.catan.reading import ENTITIES, Reading
from gameserver.games.catan.strategy import choose, random_legal, sensible
from gameserver.games.kind import Kind
from gameserver.games.maps import MapFormat
from gameserver.games.season import Season

SEASON = Season(
    "ss13",
    "SE1 SettlersOfCatan-Server",
    announces=False,
    # The one known client of this season loses what comes sooner.
    pause=0.3,
    maps=MapFormat("gameserver.games.catan", "map_balanced", facts, stamp),
    changelog=("1.0.0 first version: Settlers of Catan with Cities and Knights",),
    port=5013,
)

KIND = Kind(
    name="catan",
    title="Settlers of Catan",
    season=SEASON,
    make=Catan,
    players=(Catan.LEAST, Catan.MOST),
    rules=LATEST,
    decide=choose,
    entities=ENTITIES,
    actions={
        "START_GAME": (),
        "ROLL_DIES": (),
        "END_TURN": (),
        "BUILD": ("type", "destination"),
        "TRADE": ("give", "take"),
        "ACTIVATE_KNIGHT": ("id",),
        "UPGRADE_KNIGHT": ("id",),
        "USE_KNIGHT": ("id", "target"),
        "UPGRADE_PROGRESS": ("type",),
        "PLAY": ("id",),
        "CHOOSE": ("id",),
        "OFFER": ("id", "user"),
        "END_PLAY": (),
        "CHANGE_USER_COLOR": ("color",),
    },
    reader=Reading,
    strategies={"greedy": sensible, "random": random_legal},
)
