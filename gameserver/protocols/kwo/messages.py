"""What clients send: the packs of the document, and how bytes become one.

Decisions: ``startrequest`` and ``stoprequest`` are ``start`` and ``stop``; the outer type is ``encrypt`` or
``encrypted``. ``params`` must be an object, ``text`` and ``cmd`` texts. An id is a text or a whole number of any
size and comes back as it was. Unknown keys are ignored, of a key that comes twice the last counts.
"""

from __future__ import annotations

import re

import attrs
import msgspec

from gameserver.errors import Code, GameError
from gameserver.protocols.kwo.crypto import MODES, CannotDecrypt, PackCipher

#: Longest command and longest text in characters.
COMMAND_LENGTH = 8000
TEXT_LENGTH = 16000

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_INTEGER = re.compile(rb"-?(?:0|[1-9][0-9]*)")


class Undecodable(GameError):
    """A frame that is none of the document's packs; the text is for ``decodefailed``."""

    def __init__(self, text: str) -> None:
        super().__init__(Code.UNDECODABLE, text)


@attrs.frozen
class SendText:
    """``sendtext``: show a text to the players."""

    text: str


@attrs.frozen
class RunCommand:
    """``runcmdrequest``: type a command. ``id`` is the JSON of the id as it came."""

    command: str
    id: bytes


@attrs.frozen
class Start:
    """``start``: start the server."""


@attrs.frozen
class Stop:
    """``stop``: stop the server."""


Pack = SendText | RunCommand | Start | Stop


class _Outer(msgspec.Struct):
    type: str
    params: msgspec.Raw
    action: str = ""


class _Encrypted(msgspec.Struct):
    mode: str
    raw: str


class _Text(msgspec.Struct):
    text: str


class _Command(msgspec.Struct):
    cmd: str
    id: msgspec.Raw


class _Nothing(msgspec.Struct):
    """The params of start and stop: an object, whatever is in it."""


_outer = msgspec.json.Decoder(_Outer)
_encrypted = msgspec.json.Decoder(_Encrypted)
_text = msgspec.json.Decoder(_Text)
_command = msgspec.json.Decoder(_Command)
_nothing = msgspec.json.Decoder(_Nothing)
_string = msgspec.json.Decoder(str)

_FAILURES = (msgspec.DecodeError, ValueError, RecursionError)


def decode(payload: bytes, cipher: PackCipher | None, *, plain: bool) -> tuple[Pack | Undecodable, bool]:
    """Return the pack in a frame, or why it is none, and whether it came encrypted.

    ``cipher`` is the server's, if it has a password; ``plain`` says whether plain packs are accepted. Raises
    ``Undecodable`` when it cannot even be told whether the frame is plain or encrypted.
    """
    outer = _read_outer(payload)
    if outer.type in ("encrypt", "encrypted"):
        inner = _decrypt(outer, cipher)
        try:
            return _pack(_read_outer(inner)), True
        except Undecodable as error:
            return error, True
    if outer.type != "pack":
        raise Undecodable("The type of a frame is pack or encrypted.")
    if not plain:
        raise Undecodable("This server takes encrypted packs only.")
    try:
        return _pack(outer), False
    except Undecodable as error:
        return error, False


def _read_outer(payload: bytes) -> _Outer:
    try:
        # What is passed over below is passed over unchecked, so that the encoding is checked here.
        payload.decode()
        return _outer.decode(payload)
    except UnicodeDecodeError:
        raise Undecodable("The frame is not UTF-8.") from None
    except msgspec.ValidationError as error:
        raise Undecodable(f"The frame is no pack: {error}.") from None
    except _FAILURES:
        raise Undecodable("The frame is not JSON.") from None


def _decrypt(outer: _Outer, cipher: PackCipher | None) -> bytes:
    if cipher is None:
        raise Undecodable("This server has no password; its packs are plain.")
    try:
        params = _encrypted.decode(outer.params)
    except _FAILURES:
        raise Undecodable("An encrypted pack has params with mode and raw.") from None
    if params.mode not in MODES:
        raise Undecodable(f"The mode of an encrypted pack is {MODES[0]}.")
    try:
        return cipher.decrypt(params.raw)
    except CannotDecrypt:
        raise Undecodable("The pack cannot be decrypted; is the password right?") from None


def _pack(outer: _Outer) -> Pack:
    if outer.type != "pack":
        raise Undecodable("The type within an encrypted pack is pack.")
    try:
        if outer.action == "sendtext":
            return _send_text(_text.decode(outer.params))
        if outer.action == "runcmdrequest":
            return _run_command(_command.decode(outer.params))
        if outer.action in ("start", "startrequest", "stop", "stoprequest"):
            _nothing.decode(outer.params)
            return Start() if outer.action.startswith("start") else Stop()
    except msgspec.ValidationError as error:
        raise Undecodable(f"The params of {outer.action} do not fit: {error}.") from None
    except _FAILURES:
        raise Undecodable(f"The params of {outer.action} are damaged.") from None
    raise Undecodable("There is no such action; known are sendtext, runcmdrequest, start, stop.")


def _send_text(params: _Text) -> SendText:
    if len(params.text) > TEXT_LENGTH:
        raise Undecodable(f"A text has at most {TEXT_LENGTH} characters.")
    return SendText(params.text)


def _run_command(params: _Command) -> RunCommand:
    command = params.cmd
    if not command.strip():
        raise Undecodable("A command is not empty.")
    if _CONTROL.search(command):
        raise Undecodable("A command is one line without control characters.")
    if len(command) > COMMAND_LENGTH:
        raise Undecodable(f"A command has at most {COMMAND_LENGTH} characters.")
    return RunCommand(command, _id(bytes(params.id)))


def _id(raw: bytes) -> bytes:
    if _INTEGER.fullmatch(raw):
        return raw
    try:
        return msgspec.json.encode(_string.decode(raw))
    except _FAILURES:
        raise Undecodable("An id is a text or a whole number.") from None
