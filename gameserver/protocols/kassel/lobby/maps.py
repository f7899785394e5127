"""LIST MAPS, DOWNLOAD MAP and UPLOAD MAP.

Zipped seasons send ``SENDING <n> BYTES``, the bytes of a zip file with map and picture, ``EOT``; the others send
the lines of the map. An upload is announced with its name, answered with ``READY ...``, and ends with ``EOT``; both
forms, lines and a zip file, are taken everywhere.
"""

from __future__ import annotations

import attrs

from gameserver.errors import Code, GameError
from gameserver.matches.map_files import name_of, packed, unpacked
from gameserver.net.lines import Damage
from gameserver.protocols.kassel.lobby.client import Client, Lines
from gameserver.protocols.kassel.lobby.commands import offered, words_of
from gameserver.protocols.kassel.telnet import Input


def _need_maps(client: Client) -> None:
    if not client.shared.season.maps:
        raise GameError(Code.NO_MAPS, "There are no maps in this season: its game is played without one.")


def list_maps(client: Client, _rest: str) -> Lines:
    """LIST MAPS; a season without maps lists none."""
    season = client.shared.season
    found = client.shared.maps.all(client.shared.kind.name) if season.maps else []
    return [f"MAP NAME={one.name} CREATOR={one.owner} VERSION={one.version}" for one in found]


def download_map(client: Client, rest: str) -> Lines | None:
    """DOWNLOAD MAP."""
    _need_maps(client)
    season = client.shared.season
    words = words_of(rest)
    if len(words) != 1:
        raise offered(season)["DOWNLOAD MAP"].usage_error(season, "The name of a map is needed.")
    found = client.shared.maps.one(client.shared.kind.name, words[0])
    if not season.zipped:
        return [line for line in found.text.splitlines() if line.strip()]
    data = packed(found.name, found.text, client.shared.maps.picture(found))
    client.send([f"SENDING {len(data)} BYTES"])
    client.send_file(data)
    return ["EOT"]


def upload_map(client: Client, rest: str) -> None:
    """UPLOAD MAP: says that the server is ready for the bytes.

    Files of the zipped seasons say themselves what they are called, so the name may be left out there.
    """
    _need_maps(client)
    shared = client.shared
    season = shared.season
    words = words_of(rest)
    if len(words) != 1 and (words or not season.zipped):
        raise offered(season)["UPLOAD MAP"].usage_error(season, "The name of the map is needed.")
    if words:
        shared.maps.check_upload(shared.kind.name, words[0], client.require_player().team)
    client.expect_upload(Upload(words[0] if words else ""), shared.config.map_bytes)
    client.send(["READY send the map, then a line EOT"])


@attrs.frozen
class Upload:
    """An upload under way; without a ``name`` the file tells it."""

    name: str

    async def received(self, client: Client, item: Input) -> Lines:
        """Check the map completely and keep it; OK comes when it is on disk. Raises ``GameError``."""
        shared = client.shared
        if isinstance(item, Damage):
            raise GameError(Code.TOO_LONG, f"A map has at most {shared.config.map_bytes} bytes.")
        data = item if isinstance(item, bytes) else item.encode()
        name = self.name or name_of(data)
        if not name:
            raise GameError(Code.BAD_MAP, "The map has no name: send UPLOAD MAP <mapname>.")
        text, picture = unpacked(name, data, shared.config.map_bytes)
        player = client.require_player()
        await shared.maps.put(shared.kind.name, name, text, picture, player.team, player.name)
        return []
