"""CreepSmash, the real-time tower defence of season SS12: pure rules."""

from gameserver.games.creepsmash.game import CreepSmash

__all__ = ["CreepSmash"]
