"""Targets of single messages: Kassel's lines, Techmino's, the Invoker's and KWO's frames."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import islice
from urllib.parse import parse_qsl

import msgspec

from fuzz.target import Target
from gameserver.app.games import installed_kinds
from gameserver.errors import GameError
from gameserver.matches.wire import event
from gameserver.protocols.invoker import messages as invoker
from gameserver.protocols.invoker.protobuf import decode_binary
from gameserver.protocols.kassel.game.commands import BadCommand, decode, separate
from gameserver.protocols.kassel.lobby.arguments import creation, joining
from gameserver.protocols.kassel.lobby.commands import offered, split, words_of
from gameserver.protocols.kassel.telnet import clean
from gameserver.protocols.kwo import messages as kwo
from gameserver.protocols.kwo.crypto import PackCipher
from gameserver.protocols.techmino import decoding
from gameserver.protocols.techmino.generation3 import messages as generation3
from gameserver.protocols.techmino.generation3.handlers import REQUESTS
from gameserver.protocols.techmino.generation3.refusals import about_rooms
from gameserver.protocols.techmino.rooms.seat import Seat
from gameserver.protocols.techmino.sockets import messages as techmino
from gameserver.protocols.techmino.sockets.endpoints import ENDPOINTS

_SEASONS = [kind.season for kind in installed_kinds().values()]
_CIPHER = PackCipher("passwd")


def _line(data: bytes) -> str:
    return clean(data.decode("utf-8", "replace"))


def lobby(data: bytes) -> None:
    """One line in the lobby of every season: its command, and the arguments of those with a grammar."""
    line = _line(data)
    for season in _SEASONS:
        try:
            command, rest = split(line, offered(season))
            assert command in offered(season)
            words_of(rest)
            if command == "CREATE GAME":
                assert creation(season, rest).name
            elif command == "JOIN GAME":
                assert joining(season, rest)[0]
        except GameError as error:
            error.text.encode()


def command(data: bytes) -> None:
    """One line in a game; its arguments can be told to others."""
    # Before more of them are looked at their sender waits.
    for piece in islice(separate(_line(data)), 300):
        try:
            found = decode(piece)
        except BadCommand as error:
            event(0, "SERVER", "USER_MESSAGE", error.sentence)
            continue
        assert found.action.isascii() and found.action == found.action.upper()
        for key, value in found.arguments.items():
            json.loads(event(0, key, "PUBLIC_MESSAGE", value))


def techmino_message(data: bytes) -> None:
    """A message at every endpoint."""
    for endpoint in ENDPOINTS.values():
        try:
            _, _, found = endpoint.read(data)
        except GameError as error:
            msgspec.json.encode(error.text)
        else:
            msgspec.json.encode(found)


def techmino_request(data: bytes) -> None:
    """A message of generation 3: what reads its ``data``, and a room's rules, which others are sent as they came."""
    try:
        asked = decoding.decode(generation3.requests, data)
        found = REQUESTS.get(asked.action)
        if found is None:
            return
        read = found[1](asked.data)
        if isinstance(read, generation3.NewRoom):
            json.loads(generation3.rules(read.data))
        elif asked.action == 1206:
            seat = Seat(1, "anna", watch=False)
            for _ in range(2):
                seat.keep(msgspec.json.encode(read), len(data) * 20)
            assert json.loads(b'"%b"' % seat.joined()) == 2 * read
        else:
            msgspec.json.encode(read)
    except GameError as error:
        msgspec.json.encode(about_rooms(error, "RoomCreate"))


def credentials(data: bytes) -> None:
    """Who somebody is, as a body or as a query, and a body on top of a query."""
    text = data.decode("utf-8", "replace")
    found = techmino.Credentials()
    for read in (lambda: techmino.from_query(dict(parse_qsl(text))), lambda: techmino.parsed(data)):
        try:
            found = techmino.merged(found, read())
        except GameError as error:
            msgspec.json.encode(error.text)
    msgspec.json.encode(found)


def _invoker(decode: Callable[[bytes], invoker.Message], data: bytes) -> None:
    try:
        found = decode(data)
    except invoker.Malformed as error:
        # The answer carries both.
        msgspec.json.encode((error.i, error.text))
        return
    assert 1 <= len(found.i) <= invoker.ID_LENGTH
    msgspec.json.encode(found)


def invoker_json(data: bytes) -> None:
    """A text frame."""
    _invoker(invoker.decode, data)


def invoker_protobuf(data: bytes) -> None:
    """A binary frame."""
    _invoker(decode_binary, data)


def _kwo(payload: bytes) -> None:
    for cipher, plain in ((_CIPHER, True), (_CIPHER, False), (None, True)):
        try:
            found, _ = kwo.decode(payload, cipher, plain=plain)
        except kwo.Undecodable as error:
            found = error
        if isinstance(found, kwo.Undecodable):
            found.text.encode()
        elif isinstance(found, kwo.RunCommand):
            assert "\n" not in found.command
            # An id comes back in the answer as it was; a number may be longer than any that is read here.
            assert found.id.removeprefix(b"-").isdigit() or isinstance(msgspec.json.decode(found.id), str)


def kwo_plain(data: bytes) -> None:
    """A frame as it is."""
    _kwo(data)


def kwo_encrypted(data: bytes) -> None:
    """A pack within an encrypted one, and bytes where the encrypted text should be."""
    params = {"mode": "aes_cbc_pck7padding", "raw": _CIPHER.encrypt(data)}
    _kwo(json.dumps({"type": "encrypted", "params": params}).encode())
    _kwo(b'{"type":"encrypt","params":{"mode":"aes_cbc_pck7padding","raw":"' + data + b'"}}')


TARGETS = (
    Target("lobby", lobby),
    Target("command", command),
    Target("techmino", techmino_message),
    Target("techmino-request", techmino_request),
    Target("credentials", credentials),
    Target("invoker-json", invoker_json),
    # As many as 32,000 texts in a list.
    Target("invoker-protobuf", invoker_protobuf, milliseconds=200),
    Target("kwo-plain", kwo_plain),
    Target("kwo-encrypted", kwo_encrypted),
)
