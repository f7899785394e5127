"""The families of console programs that are known by name."""

from gameserver.consoles.dialects.dialect import RULES, Dialect, Reading, Rule, say_with
from gameserver.consoles.dialects.minecraft import BEDROCK, JAVA, LEVILAMINA, LITELOADER, NUKKIT, POCKETMINE
from gameserver.consoles.dialects.others import OPENTTD, TERRARIA, own_dialect

#: The dialects by the name they have in the configuration.
DIALECTS = {
    "bedrock": BEDROCK,
    "liteloader": LITELOADER,
    "levilamina": LEVILAMINA,
    "java": JAVA,
    "paper": JAVA,
    "pocketmine": POCKETMINE,
    "nukkit": NUKKIT,
    "terraria": TERRARIA,
    "openttd": OPENTTD,
}

__all__ = ["DIALECTS", "RULES", "Dialect", "Reading", "Rule", "own_dialect", "say_with"]
