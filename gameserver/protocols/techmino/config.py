"""The section of the Techmino endpoints. An empty list closes the port of their own; the site serves them too."""

from __future__ import annotations

import attrs

from gameserver.config.endpoints import listeners, on_port, optional_on_port, pages
from gameserver.config.option import option

#: Players a room of each type holds, as on the official server.
ROOM_TYPES = {"solo": 2, "classic": 5, "r49": 49, "r99": 99, "unlimited": 2147483647}

#: Players a chat room holds (seed, "chat": list of rooms).
CHAT_ROOMS = {"global": 1024, "english": 512, "chinese": 512}

#: Players a standing room holds: one is there whenever somebody asks for it. The clients' FFA button asks for this.
STANDING = {"ffa": 99}


def _numbers(default: dict[str, int], about: str) -> dict[str, int]:
    """Describe a table of whole numbers with free names; setting one of them sets the whole table."""
    metadata = {"about": about, "minimum": 1}
    field: dict[str, int] = attrs.field(factory=lambda: dict(default), metadata=metadata)
    return field


@attrs.frozen
class Techmino:
    """The five WebSocket endpoints of Techmino."""

    endpoints: tuple[str, ...] = listeners(
        (*on_port(10026), *optional_on_port(8081), *optional_on_port(80)), "where the clients look for their server"
    )
    origins: tuple[str, ...] = pages()
    community: bool = option(True, "whether Techmino shares players and public room with the other protocols")
    registration: bool = option(True, "whether the client's register screen makes accounts")
    newest_code: int = option(1407, "version code of the newest client", minimum=0)
    newest_name: str = option("Alpha V0.14.7", "name of the newest client")
    newest_content: str = option("", "what is new in the newest client")
    lowest_code: int = option(1402, "lowest version code that is let in", minimum=0)
    lowest_name: str = option("Alpha V0.14.2", "name of the lowest client that is let in")
    lowest_content: str = option("", "what was new in the lowest client")
    notice: str = option("Welcome", "what players read when they start the game")
    chat_rooms: dict[str, int] = _numbers(CHAT_ROOMS, "players each chat room holds, by name")
    room_types: dict[str, int] = _numbers(ROOM_TYPES, "players a room of each type holds, by lower-case name")
    standing_rooms: dict[str, int] = _numbers(STANDING, "players each standing room holds, by its number")
    rooms: int = option(2000, "rooms that may be open at once", minimum=1)
    message_length: int = option(8000, "longest chat message in characters", minimum=1)
    room_name_length: int = option(64, "longest name of a room in characters", minimum=1)
    room_password_length: int = option(64, "longest password of a room in characters", minimum=0)
    config_bytes: int = option(8192, "longest game configuration of a player in bytes", minimum=512)
    room_data_bytes: int = option(8192, "longest rules of a room in bytes", minimum=512)
    stream_bytes: int = option(16384, "longest piece of replay data in bytes", minimum=256)
    replay_bytes: int = option(4 << 20, "replay data that is kept of one player and round, bytes", minimum=0)
    round_bytes: int = option(64 << 20, "replay data that is kept of all players of a round, bytes", minimum=0)
    save_bytes: int = option(65536, "longest of the seven sections that a player may keep here, bytes", minimum=1024)
    replay_days: int = option(365, "days a round is kept; 0: for ever", minimum=0)
    auth_lifetime: float = option(432000.0, "seconds an authToken lives after its last use", minimum=1)
    access_lifetime: float = option(1800.0, "seconds an accessToken lives after its last use", minimum=1)
    ticket_lifetime: float = option(
        15552000.0, "seconds a ticket, or the login of a client of generation 3, lives after its last use", minimum=1
    )
    login_timeout: float = option(4.0, "seconds to send the credentials as first message", minimum=0.1)
    grace: float = option(2.0, "seconds a seat in a room is kept after a lost connection", minimum=0, maximum=60)
    connect_timeout: float = option(10.0, "seconds a round waits for its players", minimum=0.1)
    watch_delay: float = option(2.0, "seconds between all being ready and the round", minimum=0)
    start_delay: float = option(1.0, "seconds between all being connected and the seed", minimum=0)
    end_delay: float = option(3.0, "seconds between the last death and the result", minimum=0, maximum=8)
