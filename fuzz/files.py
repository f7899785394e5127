"""Targets of what comes as a file: configurations, maps, uploads."""

from __future__ import annotations

import atexit
import tempfile
from pathlib import Path

from fuzz.target import Target
from gameserver import config
from gameserver.app.parts import config_class
from gameserver.errors import GameError
from gameserver.games.catan.kind import KIND as CATAN
from gameserver.games.creepsmash.kind import KIND as CREEPSMASH
from gameserver.games.maps import BadMap, MapFormat
from gameserver.matches.map_files import name_of, unpacked
from gameserver.protocols.kassel.config import Kassel

_CONFIG = config_class()
_UPLOAD = Kassel().map_bytes

#: Longest configuration that is tried, in bytes.
CONFIGURATION = 8192

_directory = tempfile.TemporaryDirectory(prefix="gameserver-fuzz-")
atexit.register(_directory.cleanup)


def configuration(data: bytes) -> None:
    """A file, and its first line as a setting: a tree that fits, or one line that says what does not.

    Operators write it, not clients, so it is short here: for each dot of a key Python's reader of TOML looks at the
    whole of the key.
    """
    data = data[:CONFIGURATION]
    file = Path(_directory.name) / "gameserver.toml"
    file.write_bytes(data)
    setting = data.partition(b"\n")[0].decode("utf-8", "replace")
    for sources in ({"file": file}, {"settings": [setting]}):
        try:
            config.load(_CONFIG, **sources)
        except config.ConfigError as error:
            assert str(error)


def _map(form: MapFormat | None, data: bytes) -> None:
    assert form is not None
    text = data.decode("utf-8", "replace")
    try:
        form.facts(text)
        # What the library keeps, and gives to the games.
        facts = form.facts(form.stamp(text, "Red", 7))
    except BadMap:
        return
    assert (facts.owner, facts.version) == ("Red", 7)


def catan_map(data: bytes) -> None:
    """A map of Catan; with a team's stamp it is a map still, or refused."""
    _map(CATAN.season.maps, data)


def creepsmash_map(data: bytes) -> None:
    """A map of CreepSmash; the same."""
    _map(CREEPSMASH.season.maps, data)


def upload(data: bytes) -> None:
    """An upload under the name it gives itself, and under another."""
    for own in (True, False):
        try:
            name = name_of(data, _UPLOAD) if own else "map_x"
            text, picture = unpacked(name, data, _UPLOAD)
        except GameError as error:
            error.text.encode("utf-8", "replace")
        else:
            assert len(text) <= max(_UPLOAD, len(data)) and len(picture) <= _UPLOAD


TARGETS = (
    Target("configuration", configuration, milliseconds=200),
    Target("catan-map", catan_map),
    Target("creepsmash-map", creepsmash_map),
    Target("upload", upload, milliseconds=100),
)
