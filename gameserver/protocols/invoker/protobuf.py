"""Messages as Protocol Buffers: the same keys and values as in JSON, by the description in ``api.proto``.

A payload goes through plain values, so that both forms share validation and handlers, and a reply that is kept as
JSON can be sent again in either. 64-bit numbers stay numbers, which the stock converter to JSON would not do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf.message import DecodeError, Message
from google.protobuf.unknown_fields import UnknownFieldSet

from gameserver.protocols.invoker import messages
from gameserver.protocols.invoker.generated.api_pb2 import WebSocketMessage

#: The fields a payload may stand in, by name.
_PAYLOADS: dict[str, Any] = {
    field.name: field for field in WebSocketMessage.DESCRIPTOR.oneofs_by_name["payload"].fields
}

#: Types whose payload is not named after them.
_OTHER_NAMES = {
    "GAME_CONFIG": "get_game_config_response",
    "GET_BET_ACTIVITIES_RESPONSE": "get_bet_activities_response",
    "PLACE_BET_RESPONSE": "place_bet_response",
    "BLACKJACK_CHECK_ACTIVE_RESPONSE": "blackjack_check_active_response",
    "BLACKJACK_RESUME_GAME_RESPONSE": "blackjack_resume_game_response",
}


def _sent(t: str) -> Any:
    """Return the payload's field of a message from the server."""
    name = t.lower()
    return _PAYLOADS[_OTHER_NAMES.get(t) or (name if name in _PAYLOADS else f"{name}_response")]


def encode_binary(i: str, t: str, payload: Mapping[str, Any]) -> bytes:
    """Return a message from the server."""
    message = WebSocketMessage(id=i, type=t)
    field = _sent(t)
    inner: Message = getattr(message, field.name)
    # A payload without a single key has to be there too.
    inner.SetInParent()
    _fill(inner, payload)
    encoded: bytes = message.SerializeToString(deterministic=True)
    return encoded


def _fill(message: Message, values: Mapping[str, Any]) -> None:
    fields = _by_key(message.DESCRIPTOR)
    for key, value in values.items():
        if value is None:
            continue
        field = fields[key]
        if field.message_type is None:
            if field.is_repeated:
                getattr(message, field.name).extend(value)
            else:
                setattr(message, field.name, value)
        elif field.is_repeated:
            for item in value:
                _fill(getattr(message, field.name).add(), item)
        else:
            inner = getattr(message, field.name)
            inner.SetInParent()
            _fill(inner, value)


_keys: dict[str, dict[str, Any]] = {}


def _by_key(descriptor: Any) -> dict[str, Any]:
    found = _keys.get(descriptor.full_name)
    if found is None:
        found = _keys[descriptor.full_name] = {field.json_name: field for field in descriptor.fields}
    return found


def decode_binary(payload: bytes) -> messages.Message:
    """Return the message of a binary frame. Raises ``Malformed``."""
    try:
        message = WebSocketMessage.FromString(payload)
    except (DecodeError, RecursionError):
        raise messages.Malformed("", "This is not a message.") from None
    name = message.WhichOneof("payload")
    t = message.type or ("" if name is None else name.removesuffix("_request").upper())
    expected = f"{t.lower()}_request"
    if expected not in _PAYLOADS or name not in (None, expected):
        raise messages.Malformed(message.id, "type and payload do not name a request.")
    try:
        values = {} if name is None else to_builtins(getattr(message, name))
        if len(UnknownFieldSet(message)):
            raise ValueError("unknown fields")
    except ValueError:
        raise messages.Malformed(message.id, "The message has unknown fields.") from None
    return messages.from_builtins({"i": message.id, "t": t, "p": values})


def to_builtins(message: Message) -> dict[str, Any]:
    """Return a message as plain values by the keys of the JSON form. Raises ``ValueError`` for unknown fields.

    What has a presence of its own and is not there is left out; everything else has at least its default.
    """
    if len(UnknownFieldSet(message)):
        raise ValueError("unknown fields")
    values: dict[str, Any] = {}
    for field in message.DESCRIPTOR.fields:
        value = getattr(message, field.name)
        if field.is_repeated:
            values[field.json_name] = [to_builtins(item) for item in value] if field.message_type else list(value)
        elif not field.has_presence or message.HasField(field.name):
            values[field.json_name] = to_builtins(value) if field.message_type else value
    return values
