"""CreepSmash as everybody outside its package sees it: the game of season SS12."""

from __future__ import annotations

from gameserver.games.creepsmash.game import CreepSmash
from gameserver.games.creepsmash.mapfile import facts, stamp
from gameserver.games.creepsmash.reading import ENTITIES, Reading
from gameserver.games.creepsmash.strategy import choose, random_legal, sensible
from gameserver.games.kind import Kind
from gameserver.games.maps import MapFormat
from gameserver.games.season import Season

SEASON = Season(
    "ss12",
    "SE1 CreepSmash-Server",
    timeout_ms=600_000,
    count_option="-players",
    maps=MapFormat("gameserver.games.creepsmash", "map_meadow", facts, stamp),
    zipped=True,
    passwords=True,
    changelog=(
        "1.0.3 maps have a VERSION and an OWNER",
        "1.0.0 first version: CreepSmash",
    ),
    port=5012,
)

KIND = Kind(
    name="creepsmash",
    title="CreepSmash",
    season=SEASON,
    make=CreepSmash,
    players=(CreepSmash.LEAST, CreepSmash.MOST),
    decide=choose,
    entities=ENTITIES,
    actions={
        "CHOOSE_TILE": ("tile",),
        "START_GAME": (),
        "CREATE_TOWER": ("towertype", "cell"),
        "UPGRADE_TOWER": ("tower", "level"),
        "SELL_TOWER": ("tower",),
        "CHANGE_TOWER_STRATEGY": ("tower", "strategy"),
        "CREATE_CREEP": ("creeptype",),
        "CHANGE_USER_COLOR": ("color",),
    },
    reader=Reading,
    strategies={"greedy": sensible, "random": random_legal},
    real_time=True,
)
