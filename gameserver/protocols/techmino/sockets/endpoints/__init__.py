"""The five endpoints of the document: who may come in at each, and what its requests do."""

from gameserver.protocols.techmino.sockets.endpoints.app import APP
from gameserver.protocols.techmino.sockets.endpoints.chat import CHAT
from gameserver.protocols.techmino.sockets.endpoints.play import PLAY
from gameserver.protocols.techmino.sockets.endpoints.stream import STREAM
from gameserver.protocols.techmino.sockets.endpoints.user import USER

#: The endpoints by the last part of their paths.
ENDPOINTS = {endpoint.name: endpoint for endpoint in (APP, USER, CHAT, PLAY, STREAM)}

__all__ = ["ENDPOINTS", "STREAM"]
