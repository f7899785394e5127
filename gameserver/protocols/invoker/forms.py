"""The two forms a message may have: JSON in a text frame, Protocol Buffers in a binary one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs
import msgspec

from gameserver.net.websocket import frame
from gameserver.protocols.invoker.encoders import EncodeMessage, push_encoders
from gameserver.protocols.invoker.messages import Message, decode
from gameserver.protocols.invoker.protobuf import decode_binary, encode_binary
from gameserver.sessions.session import Encoders

_json = msgspec.json.Encoder()


def _json_message(i: object, t: str, payload: Mapping[str, Any]) -> bytes:
    return frame(_json.encode({"i": i, "t": t, "p": payload}))


def _binary_message(i: object, t: str, payload: Mapping[str, Any]) -> bytes:
    return frame(encode_binary(str(i), t, payload), binary=True)


def _binary_reply(reply: bytes) -> bytes:
    message = msgspec.json.decode(reply)
    return _binary_message(message["i"], message["t"], message["p"])


@attrs.frozen
class Form:
    """One of the two forms; everything it encodes is a frame, ready for a wire.

    ``reply`` takes a reply as JSON, the way it is kept. ``encoders`` are those of what is told to many.
    """

    name: str
    decode: Callable[[bytes], Message]
    message: EncodeMessage
    reply: Callable[[bytes], bytes]
    encoders: Encoders


JSON = Form("json", decode, _json_message, frame, push_encoders(_json_message))
PROTOBUF = Form("protobuf", decode_binary, _binary_message, _binary_reply, push_encoders(_binary_message))
FORMS = (JSON, PROTOBUF)
