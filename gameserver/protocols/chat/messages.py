"""What clients send: a typed message for each table of the document, and how bytes become one.

Decisions: commands come in as ``"01"``, ``"1"`` or ``1``. Unknown keys are ignored, of a key that comes twice the
last counts. A text with half a surrogate pair, ``NaN`` and ``Infinity``, bytes that are not UTF-8 and anything but
an object at the top are undecodable; numbers of any size may stand in keys that mean nothing here.
"""

from __future__ import annotations

import msgspec


class Undecodable(Exception):
    """No command can be found in the input."""


class Login(msgspec.Struct, frozen=True, tag_field="Command", tag="01", rename="pascal"):
    """01: come in, as a guest without a password."""

    name: str
    password: str | None = None


class Register(msgspec.Struct, frozen=True, tag_field="Command", tag="02", rename="pascal"):
    """02: make an account."""

    name: str
    password: str


class Logout(msgspec.Struct, frozen=True, tag_field="Command", tag="03"):
    """03: go."""


class Tell(msgspec.Struct, frozen=True, tag_field="Command", tag="04", rename="pascal"):
    """04: say something to one other user."""

    friend_name: str
    message: str


class Say(msgspec.Struct, frozen=True, tag_field="Command", tag="05", rename="pascal"):
    """05: say something to everybody."""

    message: str


class Malformed(msgspec.Struct, frozen=True):
    """A known command whose keys are missing or of the wrong type."""

    command: str


class Unknown(msgspec.Struct, frozen=True):
    """A command that means nothing to a server."""


Message = Login | Register | Logout | Tell | Say | Malformed | Unknown

_KINDS: dict[str, type[Login | Register | Logout | Tell | Say]] = {
    "01": Login,
    "02": Register,
    "03": Logout,
    "04": Tell,
    "05": Say,
}


class _Command(msgspec.Struct):
    Command: str | int


#: What decoding may raise: bad JSON or types, bad UTF-8 or a number without end, too deep a nesting.
_FAILURES = (msgspec.DecodeError, ValueError, RecursionError)

_message = msgspec.json.Decoder(Login | Register | Logout | Tell | Say)
_command = msgspec.json.Decoder(_Command)
_anything = msgspec.json.Decoder(dict[str, object])


def decode(data: bytes) -> Message:
    """Return the message in the bytes of one object. Raises ``Undecodable``."""
    try:
        message: Message = _message.decode(data)
        return message
    except msgspec.ValidationError:
        return _decode_loosely(data)
    except _FAILURES:
        raise Undecodable from None


def _decode_loosely(data: bytes) -> Message:
    """Decode what the strict way has refused: another spelling of the command, or a wrong type."""
    try:
        command = str(_command.decode(data).Command)
        keys = _anything.decode(data)
    except _FAILURES:
        raise Undecodable from None
    command = f"0{command}" if len(command) == 1 else command
    kind = _KINDS.get(command)
    if kind is None:
        return Unknown()
    try:
        return msgspec.convert(keys | {"Command": command}, kind)
    except msgspec.ValidationError:
        return Malformed(command)
