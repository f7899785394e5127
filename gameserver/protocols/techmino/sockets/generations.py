"""The two generations of clients with five sockets. They are told apart by what they send in a room."""

from __future__ import annotations

from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.rooms.room import Generation
from gameserver.protocols.techmino.rooms.settings import Timing
from gameserver.protocols.techmino.sockets.room_encoders import SocketRoomEncoders
from gameserver.protocols.techmino.sockets.stream_encoders import SocketStreamEncoders


def _timing(config: Techmino) -> Timing:
    return Timing(config.watch_delay, config.connect_timeout, config.start_delay, config.end_delay)


#: 0.14.2 to 0.14.8.
GENERATION_1 = Generation("Techmino 0.14", SocketRoomEncoders(), SocketStreamEncoders(), _timing, ready_between=True)
