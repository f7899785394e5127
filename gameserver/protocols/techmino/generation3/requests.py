"""One request of generation 3 after the other, and how it is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gameserver.errors import Code, GameError
from gameserver.protocols.techmino.decoding import decode
from gameserver.protocols.techmino.elsewhere.served import ServedEndpoint
from gameserver.protocols.techmino.generation3.encoders import refusal
from gameserver.protocols.techmino.generation3.handlers import ENDPOINT, REQUESTS, Handlers
from gameserver.protocols.techmino.generation3.messages import requests
from gameserver.protocols.techmino.generation3.refusals import about_rooms
from gameserver.protocols.techmino.shared import RoomClient

#: The area of what is no request that can be served.
_NO_REQUEST = "HandlerManager"

_METRICS = {action: f"{ENDPOINT}.{area}" for action, (area, _, _) in REQUESTS.items()}


class Requests:
    """Those of one client."""

    def __init__(self) -> None:
        #: What is being asked; 0 while it is not known.
        self.action = 0

    def read(self, payload: bytes) -> tuple[str, Callable[[Handlers, Any], None], Any]:
        """Return what the metrics call a request, the function that serves it, and its data.

        Raises ``GameError`` as ``decode``, and ``unknown_command`` or ``wrong_fields``.
        """
        self.action = 0
        request = decode(requests, payload)
        self.action = request.action
        found = REQUESTS.get(request.action)
        if found is None:
            raise GameError(Code.UNKNOWN_COMMAND, "There is no such action")
        _, read, handler = found
        return _METRICS[request.action], handler, read(request.data)

    def refusal(self, error: GameError) -> bytes:
        """Return how what was asked last is refused."""
        found = REQUESTS.get(self.action)
        return refusal(self.action, about_rooms(error, found[0] if found is not None else _NO_REQUEST))


def _served(client: RoomClient, carried: bytes) -> Handlers:
    handlers = Handlers(client)
    handlers.carry(carried)
    return handlers


#: For clients of other nodes.
GENERATION_3_ELSEWHERE = ServedEndpoint(_served, Requests, seats=True)
