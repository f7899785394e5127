"""Commands of ``gameserver`` that are Techmino's."""
