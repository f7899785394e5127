"""LIST MAPS, DOWNLOAD MAP and UPLOAD MAP.

Zipped seasons send ``SENDING <n> BYTES``, the bytes of a zip file with map and picture, ``EOT``; the others send
the lines of the map. An upload is announced with its name, answered with ``READY ...``, and ends with ``EOT``; both
forms, lines and a zip file, are taken everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from gameserver.errors import Code, GameError
from gameserver.matches.map_files import name_of, packed, unpacked
from gameserver.protocols.kassel.help import offered, words_of
from gameserver.protocols.kassel.telnet import Damage

if TYPE_CHECKING:
    from gameserver.protocols.kassel.connection import Connection


def _need_maps(connection: Connection) -> None:
    if not connection.shared.season.maps:
        raise GameError(Code.NO_MAPS, "There are no maps in this season: its game is played without one.")


def list_maps(connection: Connection, _rest: str) -> list[str]:
    """LIST MAPS; a season without maps lists none."""
    season = connection.shared.season
    found = connection.shared.maps.all(season.kind) if season.maps else []
    return [f"MAP NAME={one.name} CREATOR={one.owner} VERSION={one.version}" for one in found]


def download(connection: Connection, rest: str) -> list[str] | None:
    """DOWNLOAD MAP."""
    _need_maps(connection)
    season = connection.shared.season
    words = words_of(rest)
    if len(words) != 1:
        raise offered(season)["DOWNLOAD MAP"].usage_error(season, "The name of a map is needed.")
    found = connection.shared.maps.one(season.kind, words[0])
    if not season.zipped:
        return [line for line in found.text.splitlines() if line.strip()]
    data = packed(found.name, found.text, connection.shared.maps.picture(found))
    connection.send([f"SENDING {len(data)} BYTES"])
    connection.wire.write_raw(data)
    return ["EOT"]


def upload(connection: Connection, rest: str) -> None:
    """UPLOAD MAP: says that the server is ready for the bytes.

    Files of the zipped seasons say themselves what they are called, so the name may be left out there.
    """
    _need_maps(connection)
    shared = connection.shared
    season = shared.season
    words = words_of(rest)
    if len(words) != 1 and (words or not season.zipped):
        raise offered(season)["UPLOAD MAP"].usage_error(season, "The name of the map is needed.")
    if words:
        shared.maps.check_upload(season.kind, words[0], connection.player.team)
    connection.expect_upload(Upload(words[0] if words else ""), shared.config.map_bytes)
    connection.send(["READY send the map, then a line EOT"])


@attrs.frozen
class Upload:
    """An upload under way; without a ``name`` the file tells it."""

    name: str

    async def received(self, connection: Connection, item: str | bytes | Damage) -> list[str]:
        """Check the map completely and keep it; OK comes when it is on disk. Raises ``GameError``."""
        shared = connection.shared
        if isinstance(item, Damage):
            raise GameError(Code.TOO_LONG, f"A map has at most {shared.config.map_bytes} bytes.")
        data = item if isinstance(item, bytes) else item.encode()
        name = self.name or name_of(data)
        if not name:
            raise GameError(Code.BAD_MAP, "The map has no name: send UPLOAD MAP <mapname>.")
        text, picture = unpacked(name, data, shared.config.map_bytes)
        player = connection.player
        await shared.maps.put(shared.season.kind, name, text, picture, player.team, player.name)
        return []
