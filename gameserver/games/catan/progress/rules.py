"""All progress cards that are played, by name."""

from __future__ import annotations

from collections.abc import Mapping

from gameserver.games.catan.progress import politics, science, trade
from gameserver.games.catan.progress.rule import CardRule

RULES: Mapping[str, CardRule] = {**trade.CARDS, **science.CARDS, **politics.CARDS}

#: The card that is played before the dice are rolled; all others come after.
BEFORE_ROLL = "ALCHEMIST"
