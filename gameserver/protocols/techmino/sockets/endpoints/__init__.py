"""The five endpoints of the document: who may come in at each, and what its requests do."""

from gameserver.protocols.techmino.sockets.endpoints.app import APP
from gameserver.protocols.techmino.sockets.endpoints.chat import CHAT
from gameserver.protocols.techmino.sockets.endpoints.play import PLAY, PLAY_ELSEWHERE
from gameserver.protocols.techmino.sockets.endpoints.stream import STREAM, STREAM_ELSEWHERE
from gameserver.protocols.techmino.sockets.endpoints.user import USER

#: The endpoints by the last part of their paths.
ENDPOINTS = {endpoint.name: endpoint for endpoint in (APP, USER, CHAT, PLAY, STREAM)}

#: Those that clients of other nodes are served at.
SERVED = {PLAY.name: PLAY_ELSEWHERE, STREAM.name: STREAM_ELSEWHERE}

__all__ = ["ENDPOINTS", "SERVED", "STREAM"]
