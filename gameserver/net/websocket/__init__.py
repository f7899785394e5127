"""WebSockets: Autobahn for the protocol, twisted.web for the upgrade, a short way for plain frames."""

from gameserver.net.websocket.channel import Accepted, Channel, Refusal, Upgrade
from gameserver.net.websocket.frames import frame
from gameserver.net.websocket.resource import websocket_resource
from gameserver.net.websocket.wire import Wire

__all__ = ["Accepted", "Channel", "Refusal", "Upgrade", "Wire", "frame", "websocket_resource"]
