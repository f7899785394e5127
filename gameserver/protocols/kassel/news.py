"""What the community's events look like: pushed lines in the lobby, events in a game."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from gameserver.matches.wire import SERVER, event
from gameserver.protocols.kassel.events import Framing
from gameserver.protocols.kassel.telnet import CONTROLS
from gameserver.sessions.events import DirectMessage, RoomMessage, ServerNotice, TeamMessage
from gameserver.sessions.session import Encoder, Encoders


def message_line(sender: str, target: str, text: str) -> str:
    """Return a chat line of the lobby; the text stands between plain quotes, whatever is in it."""
    return f'MSG FROM {sender} TO {target}: "{text}"'


def _now_ms() -> int:
    return int(time.time() * 1000)


def lobby_encoders(framing: Framing) -> Encoders:
    """Return the words of the lobby, framed for one transport. Who comes and goes is asked for, never told."""

    def line(sender: str, target: str, text: str) -> bytes:
        return framing(message_line(sender, target, _one_line(text)).encode("utf-8", "replace"))

    def room(said: RoomMessage) -> bytes:
        return line(said.speaker.name, "ALL", said.text)

    def team(said: TeamMessage) -> bytes:
        return line(said.speaker.name, "TEAM", said.text)

    def direct(said: DirectMessage) -> bytes:
        return line(said.sender.name, "YOU", said.text)

    def notice(said: ServerNotice) -> bytes:
        return line(SERVER, "ALL", said.text)

    encoders: Mapping[type[Any], Encoder] = {
        RoomMessage: room,
        TeamMessage: team,
        DirectMessage: direct,
        ServerNotice: notice,
    }
    return encoders


def game_encoders(framing: Framing) -> Encoders:
    """Return the words for those in a game; the public room is not theirs while they play."""

    def team(said: TeamMessage) -> bytes:
        return framing(event(_now_ms(), said.speaker.name, "TEAM_MESSAGE", said.text))

    def direct(said: DirectMessage) -> bytes:
        return framing(event(_now_ms(), said.sender.name, "USER_MESSAGE", said.text))

    def notice(said: ServerNotice) -> bytes:
        return framing(event(_now_ms(), SERVER, "USER_MESSAGE", said.text))

    encoders: Mapping[type[Any], Encoder] = {TeamMessage: team, DirectMessage: direct, ServerNotice: notice}
    return encoders


def _one_line(text: str) -> str:
    """Return a text as a terminal may have it: from other protocols line ends and worse may come."""
    if not CONTROLS.search(text) and "\u2028" not in text and "\u2029" not in text:
        return text
    return CONTROLS.sub("", " ".join(text.splitlines()))
