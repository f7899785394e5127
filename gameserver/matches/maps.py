"""The maps that games can be created with: those that come with the server, and those that teams upload."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import attrs
from twisted.internet.interfaces import IReactorTime

from gameserver.errors import Code, GameError
from gameserver.games.kind import Kind
from gameserver.games.maps import BadMap, MapFacts, MapFormat
from gameserver.matches.archives import Archives
from gameserver.matches.map_files import built_in
from gameserver.matches.store import MapStore, StoredMap
from gameserver.reactor import wall

_NAME = re.compile(r"map_[A-Za-z0-9_-]{1,40}")


#: Bytes of zip files that are kept for the next who ask for the same maps.
ARCHIVES = 16 << 20


class MapLibrary:
    """All maps, their texts in memory; uploads are in the store before they are here, and their pictures only there.

    A team may have ``most`` uploads, and ``most_bytes`` of them, in each kind of game.
    """

    def __init__(
        self,
        store: MapStore,
        clock: IReactorTime,
        kinds: Mapping[str, Kind[Any]],
        most: int = 100,
        most_bytes: int = 16 << 20,
    ) -> None:
        self._store = store
        self._clock = clock
        self._most = most
        self._most_bytes = most_bytes
        self._archives = Archives(self._picture, ARCHIVES)
        self._kinds = kinds
        self._maps: dict[tuple[str, str], StoredMap] = {}
        self._built_in: set[tuple[str, str]] = set()
        #: Uploads that are being written: whose, and how many bytes.
        self._busy: dict[tuple[str, str], tuple[str, int]] = {}
        for kind in kinds.values():
            form = kind.season.maps
            if form is not None:
                for name, (text, picture) in built_in(form.package).items():
                    facts = form.facts(text)
                    self._maps[kind.name, name] = StoredMap(
                        kind.name, name, facts.owner, facts.version, text, picture
                    )
        self._built_in.update(self._maps)

    async def load(self) -> None:
        """Read what has been uploaded before."""
        for stored in await self._store.all():
            self._maps.setdefault((stored.kind, stored.name), stored)

    async def look_for_deleted(self) -> None:
        """Forget the maps that an operator has deleted from the store meanwhile."""
        before = {slot: found for slot, found in self._maps.items() if slot not in self._built_in}
        there = await self._store.names()
        for slot, found in before.items():
            # Who has been uploaded anew in the meantime is another.
            if slot not in there and slot not in self._busy and self._maps.get(slot) is found:
                del self._maps[slot]
                self._archives.forget(*slot)

    def all(self, kind: str) -> list[StoredMap]:
        """Return the maps of a kind of game by name."""
        return sorted((found for (of, _), found in self._maps.items() if of == kind), key=lambda found: found.name)

    def one(self, kind: str, name: str) -> StoredMap:
        """Return a map. Raises ``GameError`` ``no_map``."""
        found = self._maps.get((kind, name))
        if found is None:
            raise GameError(Code.NO_MAP, f"There is no map {name[:60]}: LIST MAPS shows all.")
        return found

    async def archive(self, found: StoredMap) -> bytes:
        """Return a map as a zip file with its picture.

        One that came without has the picture of the default map, for clients need one.
        """
        return await self._archives.of(found)

    async def _picture(self, found: StoredMap) -> bytes:
        if found.picture_bytes and not found.picture:
            return await self._store.picture(found.kind, found.name)
        return found.picture or self.one(found.kind, self._format(found.kind).default).picture

    def for_game(self, kind: str, name: str | None) -> tuple[str, str]:
        """Return name and text of a map, of the default one without a name. Raises ``GameError`` ``no_map``."""
        found = self.one(kind, name if name is not None else self._format(kind).default)
        return found.name, found.text

    def check_upload(self, kind: str, name: str, team: str) -> None:
        """Raise ``GameError`` unless a team may upload a map of that name."""
        if not _NAME.fullmatch(name):
            raise GameError(Code.BAD_MAP, "The name of a map is map_ and up to 40 letters, digits, - and _.")
        if (kind, name) in self._built_in:
            raise GameError(Code.BAD_MAP, f"{name} comes with the server: choose another name.")
        old = self._maps.get((kind, name))
        if old is not None and old.owner != team:
            raise GameError(Code.BAD_MAP, f"{name} belongs to the team {old.owner}: only that team uploads it.")
        if old is None:
            self._check_room(kind, name, team, 0)

    async def put(self, kind: str, name: str, text: str, picture: bytes, team: str, by: str) -> StoredMap:
        """Keep an upload after a complete check; the owner is the team, whatever the file says.

        Raises ``GameError``: ``bad_map`` with the line that is wrong, or for a version that is not the next one.
        """
        self.check_upload(kind, name, team)
        form = self._format(kind)
        facts = _checked(form, text)
        old = self._maps.get((kind, name))
        if old is not None and facts.version != old.version + 1:
            raise GameError(
                Code.BAD_MAP, f"{name} has VERSION {old.version}: the next one must be {old.version + 1}."
            )
        text = _stamped(form, text, team, facts.version)
        slot = (kind, name)
        if slot in self._busy:
            raise GameError(Code.BAD_MAP, f"{name} is being uploaded by somebody else.")
        # Counted before it is written, so that uploads at the same time count each other.
        picture_bytes = len(picture) or (old.picture_bytes if old else 0)
        size = len(text.encode()) + picture_bytes
        self._check_room(kind, name, team, size)
        self._busy[slot] = team, size
        try:
            if not picture and old is not None and old.picture_bytes:
                picture = await self._store.picture(kind, name)
            stored = StoredMap(kind, name, team, facts.version, text, picture)
            await self._store.put(stored, by, int(wall(self._clock) * 1000))
        finally:
            del self._busy[slot]
        self._maps[slot] = stored = attrs.evolve(stored, picture=b"")
        self._archives.forget(*slot)
        return stored

    def _check_room(self, kind: str, name: str, team: str, size: int) -> None:
        """Raise ``GameError`` if a team has no room for one more map, or this many bytes of one."""
        sizes = {found.name: found.size for found in self.all(kind) if found.owner == team}
        sizes |= {other: more for (of, other), (owner, more) in self._busy.items() if of == kind and owner == team}
        sizes.pop(name, None)
        if len(sizes) >= self._most:
            raise GameError(Code.BAD_MAP, f"A team has at most {self._most} maps.")
        if sum(sizes.values()) + size > self._most_bytes:
            raise GameError(Code.BAD_MAP, f"The maps of a team have at most {self._most_bytes} bytes.")

    def _format(self, kind: str) -> MapFormat:
        form = self._kinds[kind].season.maps
        if form is None:
            raise GameError(Code.NO_MAPS, "This game is played without a map.")
        return form


def _checked(form: MapFormat, text: str) -> MapFacts:
    try:
        return form.facts(text)
    except BadMap as error:
        raise GameError(Code.BAD_MAP, f"The map cannot be used: {error}") from None


def _stamped(form: MapFormat, text: str, owner: str, version: int) -> str:
    try:
        stamped = form.stamp(text, owner, version)
        form.facts(stamped)
    except BadMap as error:
        raise GameError(Code.BAD_MAP, f"The map cannot be used: {error}") from None
    return stamped
