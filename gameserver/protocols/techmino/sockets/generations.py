"""The two generations of clients with five sockets, and the one release between. What they send tells them apart."""

from __future__ import annotations

from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.rooms.room import Generation
from gameserver.protocols.techmino.rooms.settings import Timing
from gameserver.protocols.techmino.sockets.room_encoders import RoomEncoders1, RoomEncoders2
from gameserver.protocols.techmino.sockets.stream_encoders import StreamEncoders0148, StreamEncoders1, StreamEncoders2


def _timing(config: Techmino) -> Timing:
    return Timing(config.watch_delay, config.connect_timeout, config.start_delay, config.end_delay)


#: 0.14.2 to 0.14.7.
GENERATION_1 = Generation("Techmino 0.14", RoomEncoders1(), StreamEncoders1(), _timing, ready_between=True)

#: 0.14.8 makes rooms like its successors and is ready like its predecessors.
GENERATION_0148 = Generation(
    "Techmino 0.14.8", RoomEncoders2(), StreamEncoders0148(), _timing, watch_from_the_middle=True
)

#: 0.15.0 to 0.17.6. The client puts everybody's mode to 0 when a round ends.
GENERATION_2 = Generation(
    "Techmino 0.15 to 0.17.6", RoomEncoders2(), StreamEncoders2(), _timing, watch_from_the_middle=True
)
