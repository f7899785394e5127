"""What generation 3 is sent: JSON with ``action`` and ``errno``, a message a frame, made once for all who get it."""

from __future__ import annotations

import msgspec

from gameserver.net.websocket import frame
from gameserver.protocols.techmino import close_reasons
from gameserver.sessions.events import DirectMessage, ServerNotice
from gameserver.sessions.session import Encoders

#: The action under which the server itself, or somebody at another protocol, says something.
TALK = 1300

_json = msgspec.json.Encoder()


def message(action: int, data: object = msgspec.UNSET) -> bytes:
    """Return the frame of an answer, or of what a room is told; without ``errno`` 0 it would be an error."""
    keys: dict[str, object] = {"action": action, "errno": 0}
    if data is not msgspec.UNSET:
        keys["data"] = data
    return frame(_json.encode(keys))


def refusal(action: int, text: str) -> bytes:
    """Return the refusal of a request."""
    return frame(_json.encode({"errno": 1, "action": action, "message": text}))


def close_reason(text: str) -> str:
    """Return what a Close frame says; the client shows ``message`` as it stands."""
    return close_reasons.close_reason("message", text, errno=-1)


def _told(event: DirectMessage) -> bytes:
    # There is no place for it in the client. What is refused with a blank in the reason is shown as it stands.
    return refusal(TALK, f"{event.sender.shown}: {event.text}")


def _announced(event: ServerNotice) -> bytes:
    return refusal(TALK, f"Server: {event.text}")


#: What a connection understands besides what its room tells it.
ENCODERS: Encoders = {DirectMessage: _told, ServerNotice: _announced}
