"""The tables, a module a subject, all on one ``metadata``."""

from gameserver.storage.schema import accounts as accounts
from gameserver.storage.schema import kassel as kassel
from gameserver.storage.schema import nodes as nodes
from gameserver.storage.schema import standings as standings
from gameserver.storage.schema import techmino as techmino
from gameserver.storage.schema import wallet as wallet
from gameserver.storage.schema.metadata import metadata

__all__ = ["metadata"]
