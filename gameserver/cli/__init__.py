"""The ``gameserver`` command: what an operator does beside a running server. A module a command."""
