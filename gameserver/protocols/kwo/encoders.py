"""What the server sends, plain or encrypted: an event becomes bytes once for each form, not for each client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from gameserver.consoles.events import Joined, Left, Printed, Said, Started, Stopped
from gameserver.net.websocket import frame
from gameserver.protocols.kwo.crypto import MODE, PackCipher
from gameserver.sessions.events import PlayerOffline, PlayerOnline, RoomMessage, ServerNotice
from gameserver.sessions.session import Encoder

_json = msgspec.json.Encoder()


def pack(cause: str, **params: object) -> bytes:
    """Return the JSON of a pack; ``params`` is always an object."""
    message = {"type": "pack", "cause": cause, "params": params}
    try:
        return _json.encode(message)
    except UnicodeEncodeError:
        # Half a surrogate pair from another protocol; UTF-8 has no bytes for it.
        params = {key: _sendable(value) for key, value in params.items()}
        return _json.encode(message | {"params": params})


def _sendable(value: object) -> object:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


class Form:
    """The form in which packs go to a client: plain without a cipher, encrypted with one.

    ``encoders`` is one mapping for all clients of the same form.
    """

    def __init__(self, cipher: PackCipher | None) -> None:
        self._cipher = cipher
        self.encoders: Mapping[type[Any], Encoder] = {
            PlayerOnline: lambda event: self._join(event.player.shown),
            PlayerOffline: lambda event: self._left(event.player.shown),
            RoomMessage: lambda event: self.frame(pack("chat", sender=event.speaker.shown, text=event.text)),
            ServerNotice: lambda event: self.frame(pack("plantext", text=event.text)),
            Joined: lambda event: self._join(event.sender),
            Left: lambda event: self._left(event.sender),
            Said: lambda event: self.frame(pack("chat", sender=event.sender, text=event.text)),
            Printed: lambda event: self.frame(pack("plantext", text=event.text)),
            Started: lambda _: self.frame(pack("start")),
            Stopped: lambda _: self.frame(pack("stop")),
        }

    def frame(self, packed: bytes) -> bytes:
        """Return a pack as the bytes of a WebSocket message."""
        if self._cipher is not None:
            raw = self._cipher.encrypt(packed)
            packed = _json.encode({"type": "encrypted", "params": {"mode": MODE, "raw": raw}})
        return frame(packed)

    def _join(self, name: str) -> bytes:
        return self.frame(pack("join", sender=name))

    def _left(self, name: str) -> bytes:
        return self.frame(pack("left", sender=name))

    def feedback(self, number: bytes, result: str) -> bytes:
        """``runcmdfeedback``: the output of a command, with the JSON of the id it came with."""
        return self.frame(pack("runcmdfeedback", result=result, id=msgspec.Raw(number)))

    def failed(self, text: str) -> bytes:
        """``decodefailed``: why a frame was not carried out."""
        return self.frame(pack("decodefailed", msg=text))

    def debug(self, text: str) -> bytes:
        """``debug``: what came of ``start`` or ``stop``."""
        return self.frame(pack("debug", msg=text))
