"""The maps as the zip files that clients get, each made once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable

from gameserver.matches.map_files import packed
from gameserver.matches.store import StoredMap


class Archives:
    """The zip files that were asked for last, ``room`` bytes of them at most.

    ``picture`` gets the picture of a map.
    """

    def __init__(self, picture: Callable[[StoredMap], Awaitable[bytes]], room: int) -> None:
        self._picture = picture
        self._room = room
        self._kept: OrderedDict[tuple[str, str], tuple[StoredMap, bytes]] = OrderedDict()
        #: Bytes that are kept.
        self.size = 0

    async def of(self, found: StoredMap) -> bytes:
        """Return the zip file of a map."""
        data = self._there(found)
        if data is not None:
            return data
        picture = await self._picture(found)
        # Others who have asked meanwhile may have made it.
        data = self._there(found)
        return data if data is not None else self._made(found, picture)

    def _there(self, found: StoredMap) -> bytes | None:
        slot = found.kind, found.name
        kept = self._kept.get(slot)
        # An upload makes a new object, so an older version is never taken for it.
        if kept is None or kept[0] is not found:
            return None
        self._kept.move_to_end(slot)
        return kept[1]

    def _made(self, found: StoredMap, picture: bytes) -> bytes:
        data = packed(found.name, found.text, picture)
        self.forget(found.kind, found.name)
        self._kept[found.kind, found.name] = found, data
        self.size += len(data)
        while self.size > self._room:
            _, (_, oldest) = self._kept.popitem(last=False)
            self.size -= len(oldest)
        return data

    def forget(self, kind: str, name: str) -> None:
        """Forget the zip file of a map that is no more or no more the same; an unknown one changes nothing."""
        kept = self._kept.pop((kind, name), None)
        if kept is not None:
            self.size -= len(kept[1])
