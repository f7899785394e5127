"""What the server sends: lines of at most 512 bytes (RFC 1459, 2.3)."""

from collections.abc import Mapping

from gameserver.net.lines import cut
from gameserver.sessions.events import DirectMessage, PlayerOffline, PlayerOnline, RoomMessage, ServerNotice
from gameserver.sessions.players import Player
from gameserver.sessions.session import Encoder

SERVER, CHANNEL = "gameserver", "#public"

#: Bytes of a text in one line; the rest is for who says it to whom.
ROOM = 350


def line(origin: str, *words: str, text: str | None = None) -> bytes:
    """Return a line; ``text`` is a last parameter that may have blanks."""
    last = [] if text is None else [f":{text}"]
    return " ".join([f":{origin}", *filter(None, words), *last]).encode("utf-8", "replace") + b"\r\n"


def mask(player: Player) -> str:
    """Return a player as the origin of a line."""
    return f"{player.name}!{player.name}@{SERVER}"


def spoken(origin: str, command: str, target: str, text: str) -> bytes:
    """Return what somebody says, perhaps at a protocol where a text may be long and have lines of its own."""
    return b"".join(line(origin, command, target, text=piece) for piece in cut(text, ROOM))


ENCODERS: Mapping[type, Encoder] = {
    PlayerOnline: lambda event: line(mask(event.player), "JOIN", CHANNEL),
    PlayerOffline: lambda event: line(mask(event.player), "QUIT", text="Gone"),
    DirectMessage: lambda event: spoken(mask(event.sender), "PRIVMSG", event.recipient, event.text),
    RoomMessage: lambda event: spoken(mask(event.speaker), "PRIVMSG", CHANNEL, event.text),
    ServerNotice: lambda event: spoken(SERVER, "NOTICE", CHANNEL, event.text),
}
