"""The families of console programs that are known by name."""

from gameserver.consoles.dialects.dialect import RULES, Dialect, Reading, Rule, say_with
from gameserver.consoles.dialects.minecraft import (
    BEDROCK,
    FLYING_SQUID,
    JAVA,
    LEVILAMINA,
    LITELOADER,
    NUKKIT,
    POCKETMINE,
)
from gameserver.consoles.dialects.others import DDNET, FREECIV, LUANTI, OPENTTD, TEEWORLDS, TERRARIA, own_dialect
from gameserver.consoles.dialects.proxies import BUNGEECORD, VELOCITY

#: The dialects by the name they have in the configuration.
DIALECTS = {
    "bedrock": BEDROCK,
    "liteloader": LITELOADER,
    "levilamina": LEVILAMINA,
    "java": JAVA,
    "paper": JAVA,
    "forge": JAVA,
    "fabric": JAVA,
    "flying-squid": FLYING_SQUID,
    "velocity": VELOCITY,
    "bungeecord": BUNGEECORD,
    "pocketmine": POCKETMINE,
    "nukkit": NUKKIT,
    "terraria": TERRARIA,
    "openttd": OPENTTD,
    "luanti": LUANTI,
    "freeciv": FREECIV,
    "teeworlds": TEEWORLDS,
    "ddnet": DDNET,
}

__all__ = ["DIALECTS", "RULES", "Dialect", "Reading", "Rule", "own_dialect", "say_with"]
