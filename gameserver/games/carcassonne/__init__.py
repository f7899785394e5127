"""Carcassonne, the base game with 72 tiles: rules, objects, strategies, and a reader of the event stream."""

from gameserver.games.carcassonne.game import MAX_PLAYERS, Carcassonne
from gameserver.games.carcassonne.table import Award

__all__ = ["MAX_PLAYERS", "Award", "Carcassonne"]
