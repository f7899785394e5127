"""What goes out: pushed lines in the lobby, events in a game; each framed for the transport that carries it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from gameserver.games.entity import Audience
from gameserver.matches.batch import Batch, Item
from gameserver.matches.wire import SERVER, event, item_line
from gameserver.net.websocket import frame as websocket_frame
from gameserver.protocols.kassel.telnet import CONTROLS
from gameserver.sessions.events import DirectMessage, RoomMessage, ServerNotice, TeamMessage
from gameserver.sessions.session import Encoder, Encoders

#: Puts one line into the frame of a transport.
Frame = Callable[[bytes], bytes]


def crlf(line: bytes) -> bytes:
    """Return a line as telnet has it."""
    return line + b"\r\n"


#: By name, for those whom another node serves; a ``frame_name`` is one of these.
TELNET, WEBSOCKET = "telnet", "websocket"
FRAMES: Mapping[str, Frame] = {TELNET: crlf, WEBSOCKET: websocket_frame}


class Languages:
    """What a transport's connections are told of the community: one pair of encoders for all of them.

    An event is so encoded once for all who hear it.
    """

    def __init__(self, frame: Frame) -> None:
        self.lobby = lobby_encoders(frame)
        self.game = game_encoders(frame)


def lobby_encoders(frame: Frame) -> Encoders:
    """Return the words of the lobby, framed for one transport. Who comes and goes is asked for, never told."""

    def line(sender: str, target: str, text: str) -> bytes:
        return frame(message_line(sender, target, _one_line(text)).encode("utf-8", "replace"))

    def room(said: RoomMessage) -> bytes:
        return line(said.speaker.shown, "ALL", said.text)

    def team(said: TeamMessage) -> bytes:
        return line(said.speaker.shown, "TEAM", said.text)

    def direct(said: DirectMessage) -> bytes:
        return line(said.sender.shown, "YOU", said.text)

    def notice(said: ServerNotice) -> bytes:
        return line(SERVER, "ALL", said.text)

    encoders: Mapping[type[Any], Encoder] = {
        RoomMessage: room,
        TeamMessage: team,
        DirectMessage: direct,
        ServerNotice: notice,
    }
    return encoders


def game_encoders(frame: Frame) -> Encoders:
    """Return the words for those in a game; the public room is not theirs while they play."""

    def team(said: TeamMessage) -> bytes:
        return frame(event(_now_ms(), said.speaker.shown, "TEAM_MESSAGE", said.text))

    def direct(said: DirectMessage) -> bytes:
        return frame(event(_now_ms(), said.sender.shown, "USER_MESSAGE", said.text))

    def notice(said: ServerNotice) -> bytes:
        return said_by_server(_now_ms(), said.text, frame)

    encoders: Mapping[type[Any], Encoder] = {TeamMessage: team, DirectMessage: direct, ServerNotice: notice}
    return encoders


def message_line(sender: str, target: str, text: str) -> str:
    """Return a chat line of the lobby; the text stands between plain quotes, whatever is in it."""
    return f'MSG FROM {sender} TO {target}: "{text}"'


def batch_bytes(batch: Batch, seat: Audience, frame: Frame) -> bytes:
    """Return what a seat may see of a match's batch; encoded once for all who see the same."""
    key = (frame, batch.view(seat))
    found = batch.cache.get(key)
    if found is None:
        found = batch.cache[key] = items_bytes(batch.at_ms, batch.seen_by(seat), frame)
    return found


def items_bytes(at_ms: int, items: Iterable[Item], frame: Frame) -> bytes:
    """Return events of one moment, framed, as one chunk."""
    return b"".join([frame(item_line(at_ms, item)) for item in items])


def said_by_server(at_ms: int, text: str, frame: Frame) -> bytes:
    """Return a sentence of the server to one person in a game, framed."""
    return frame(event(at_ms, SERVER, "USER_MESSAGE", text))


def _now_ms() -> int:
    return int(time.time() * 1000)


def _one_line(text: str) -> str:
    """Return a text as a terminal may have it: from other protocols line ends and worse may come."""
    if not CONTROLS.search(text) and "\u2028" not in text and "\u2029" not in text:
        return text
    return CONTROLS.sub("", " ".join(text.splitlines()))
