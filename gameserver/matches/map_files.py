"""Maps as files: a zip with ``<name>.map`` and ``<name>.jpg``, or the bare text."""

from __future__ import annotations

import io
import re
import zipfile
from importlib.resources import files

from gameserver.errors import Code, GameError
from gameserver.matches.zip_files import BadZip, Member, expanded, members

#: The line of a text that names its picture.
_PICTURE = re.compile(rb"^[ \t]*([A-Za-z0-9_-]{1,60})\.jpg\s*$", re.MULTILINE)

_JPEG = b"\xff\xd8\xff"


def built_in(package: str) -> dict[str, tuple[str, bytes]]:
    """Return text and picture (empty if there is none) of the maps that come with a game's package, by name."""
    folder = files(package) / "maps"
    found: dict[str, tuple[str, bytes]] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        name, dot, ending = file.name.rpartition(".")
        if dot and ending == "map":
            picture = folder / f"{name}.jpg"
            found[name] = (file.read_text("utf-8"), picture.read_bytes() if picture.is_file() else b"")
    return found


def packed(name: str, text: str, picture: bytes) -> bytes:
    """Return a map as a zip file; the same map always gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending, data in (("map", text.encode()), ("jpg", picture)):
            if data:
                archive.writestr(zipfile.ZipInfo(f"{name}.{ending}"), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def name_of(data: bytes, longest: int) -> str:
    """Return the name an upload gives itself: of the ``.map`` in a zip file, of the picture a text names; else "".

    Raises ``GameError`` ``bad_map`` for a zip file that is not taken; see ``unpacked``.
    """
    if data.startswith(b"PK"):
        names = [member.name for member in _members(data, longest)]
        return next((name.removesuffix(".map") for name in names if name.endswith(".map")), "")
    picture = _PICTURE.search(data)
    return picture[1].decode() if picture else ""


def unpacked(name: str, data: bytes, longest: int) -> tuple[str, bytes]:
    """Return text and picture (empty if there is none) of an upload of ``longest`` bytes at most when expanded.

    Raises ``GameError`` ``bad_map``. A zip file has the map and its picture in it and nothing else; that is known
    before anything is expanded. A zip file in a zip file is neither text nor picture and so is never looked into.
    """
    if not data.startswith(b"PK"):
        return _text(data), b""
    found = _members(data, longest)
    if not {member.name for member in found} <= {f"{name}.map", f"{name}.jpg"}:
        raise GameError(Code.BAD_MAP, f"The zip file may only have {name}.map and {name}.jpg in it.")
    try:
        files_in = expanded(data, found)
    except BadZip as error:
        raise _refusal(error) from None
    if f"{name}.map" not in files_in:
        raise GameError(Code.BAD_MAP, f"There is no {name}.map in the zip file.")
    picture = files_in.get(f"{name}.jpg", b"")
    if picture and not picture.startswith(_JPEG):
        raise GameError(Code.BAD_MAP, f"{name}.jpg is no JPEG picture.")
    return _text(files_in[f"{name}.map"]), picture


def _members(data: bytes, longest: int) -> list[Member]:
    try:
        return members(data, longest)
    except BadZip as error:
        raise _refusal(error) from None


def _refusal(error: BadZip) -> GameError:
    return GameError(Code.BAD_MAP, f"The zip file cannot be read: {error}.")


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise GameError(Code.BAD_MAP, "The map is not a UTF-8 text.") from None
    if "\0" in text:
        raise GameError(Code.BAD_MAP, "The map is not a text.")
    return text
