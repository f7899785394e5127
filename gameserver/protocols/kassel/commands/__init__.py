"""Commands of ``gameserver`` for what the seasons keep."""
