"""The five endpoints of the document: who may come in at each, and what its requests do."""

from gameserver.protocols.techmino.endpoints.app import APP
from gameserver.protocols.techmino.endpoints.chat import CHAT
from gameserver.protocols.techmino.endpoints.play import PLAY
from gameserver.protocols.techmino.endpoints.stream import STREAM
from gameserver.protocols.techmino.endpoints.user import USER

#: The endpoints by the last part of their paths.
ENDPOINTS = {endpoint.name: endpoint for endpoint in (APP, USER, CHAT, PLAY, STREAM)}

__all__ = ["ENDPOINTS"]
