"""Carcassonne, the base game with 72 tiles: rules, objects, strategies, and a reader of the event stream."""

from gameserver.games.carcassonne.game import Carcassonne
from gameserver.games.carcassonne.table import Award

__all__ = ["Award", "Carcassonne"]
