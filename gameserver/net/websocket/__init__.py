"""WebSockets: Autobahn for the protocol, twisted.web for the upgrade, a short way for plain frames."""

from gameserver.net.websocket.frames import frame
from gameserver.net.websocket.resource import websocket_resource
from gameserver.net.websocket.upgrade import Accepted, Handler, Refusal, Upgrade
from gameserver.net.websocket.wire import Wire

__all__ = ["Accepted", "Handler", "Refusal", "Upgrade", "Wire", "frame", "websocket_resource"]
