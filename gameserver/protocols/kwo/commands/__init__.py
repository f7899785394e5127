"""The commands that this protocol adds to ``gameserver``."""
