"""Maps as files: a zip with ``<name>.map`` and ``<name>.jpg``, or the bare text."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from importlib.resources import files

from gameserver.errors import Code, GameError

#: What reading a damaged zip file ends with.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    LookupError,
    ArithmeticError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    EOFError,
)

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


def name_of(data: bytes) -> str:
    """Return the name an upload gives itself: of the ``.map`` in a zip file, of the picture a text names; else ""."""
    if data.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                names = archive.namelist()
        except _DAMAGE:
            return ""
        return next((name.removesuffix(".map") for name in names if name.endswith(".map")), "")
    picture = _PICTURE.search(data)
    return picture[1].decode() if picture else ""


def unpacked(name: str, data: bytes, longest: int) -> tuple[str, bytes]:
    """Return text and picture (empty if there is none) of an upload. Raises ``GameError`` ``bad_map``."""
    if not data.startswith(b"PK"):
        return _text(data), b""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unzip(archive, name, longest)
    except _DAMAGE as error:
        raise GameError(Code.BAD_MAP, f"The zip file cannot be read: {error}") from None


def _unzip(archive: zipfile.ZipFile, name: str, longest: int) -> tuple[str, bytes]:
    wanted = {f"{name}.map", f"{name}.jpg"}
    found: dict[str, bytes] = {}
    for entry in archive.infolist():
        if entry.filename not in wanted or entry.filename in found:
            raise GameError(Code.BAD_MAP, f"The zip file may only have {name}.map and {name}.jpg in it.")
        # A few bytes may claim to be gigabytes.
        with archive.open(entry) as file:
            found[entry.filename] = file.read(longest + 1)
        if len(found[entry.filename]) > longest:
            raise GameError(Code.BAD_MAP, f"A map has at most {longest} bytes.")
    if f"{name}.map" not in found:
        raise GameError(Code.BAD_MAP, f"There is no {name}.map in the zip file.")
    picture = found.get(f"{name}.jpg", b"")
    if picture and not picture.startswith(_JPEG):
        raise GameError(Code.BAD_MAP, f"{name}.jpg is no JPEG picture.")
    return _text(found[f"{name}.map"]), picture


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise GameError(Code.BAD_MAP, "The map is not a UTF-8 text.") from None
    if "\0" in text:
        raise GameError(Code.BAD_MAP, "The map is not a text.")
    return text
