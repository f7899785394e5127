"""The file of a backup: a tar with a manifest at its end that says what has to be in it, to the byte."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import time
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

import attrs

from gameserver.errors import StartError

#: The database as a file of SQLite, whatever it came from.
DATABASE = "gameserver.db"

#: What the members are, and the form of the whole that this program writes.
MANIFEST, FORM = "manifest.json", 1

#: Bytes that are read at once.
PIECE = 1 << 20

#: Bytes a manifest may have: a few files are named in it.
MANIFEST_BYTES = 1 << 20

#: Is told what is being done, how many bytes or rows of it are done, and how many there are.
Progress = Callable[[str, int, int], None]


@attrs.frozen
class Manifest:
    """What a backup says of itself. ``files`` has the size and the SHA-256 of each member."""

    version: str
    schema: str
    made: str
    files: dict[str, tuple[int, str]]

    @property
    def bytes(self) -> int:
        """The size of all members together."""
        return sum(size for size, _ in self.files.values())


def write(target: Path, members: dict[str, Path], version: str, schema: str, progress: Progress) -> Manifest:
    """Write an archive that is whole or not there, readable by its owner only. Raises ``OSError``."""
    part = target.with_name(f"{target.name}.part")
    whole = sum(path.stat().st_size for path in members.values())
    files: dict[str, tuple[int, str]] = {}
    try:
        with open(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as stream:
            with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=6) as tar:
                done = 0
                for name, path in members.items():
                    with path.open("rb") as content:
                        hashed = _Hashed(content, partial(_tell, progress, done, whole))
                        tar.addfile(_member(name, path.stat().st_size), hashed)
                    files[name] = (hashed.count, hashed.digest)
                    done += hashed.count
                made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
                manifest = Manifest(version, schema, made, files)
                text = json.dumps({"form": FORM, **attrs.asdict(manifest)}, indent=1).encode()
                tar.addfile(_member(MANIFEST, len(text)), io.BytesIO(text))
            stream.flush()
            os.fsync(stream.fileno())
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return manifest


def _tell(progress: Progress, before: int, whole: int, count: int) -> None:
    progress("written", before + count, whole)


def check(source: Path, progress: Progress) -> Manifest:
    """Read a whole archive and return its manifest. Raises ``StartError`` for one that must not be used."""
    return _walk(source, progress, None)


def extract(source: Path, progress: Progress, place: Callable[[str], Path]) -> Manifest:
    """Write what is in an archive to where ``place`` says, each file with mode 0600.

    Raises ``StartError`` for one that must not be used; what has been written by then must not be used either.
    """
    return _walk(source, progress, place)


def _walk(source: Path, progress: Progress, place: Callable[[str], Path] | None) -> Manifest:
    found: dict[str, tuple[int, str]] = {}
    manifest: Manifest | None = None
    try:
        with (
            source.open("rb") as stream,
            gzip.open(stream) as unpacked,
            tarfile.open(fileobj=unpacked, mode="r:") as tar,
        ):
            for member, content in _contents(source, tar):
                if member.name == MANIFEST:
                    manifest = _manifest(source, content.read(MANIFEST_BYTES))
                    continue
                hashed = _Hashed(content, lambda _count: progress("read", stream.tell(), source.stat().st_size))
                if place is None:
                    while hashed.read(PIECE):
                        continue
                else:
                    with _private(place(member.name)) as kept:
                        shutil.copyfileobj(hashed, kept, PIECE)
                        kept.flush()
                        os.fsync(kept.fileno())
                found[member.name] = (hashed.count, hashed.digest)
            # Behind the last file is the sum of them all.
            while unpacked.read(PIECE):
                continue
    except (zlib.error, tarfile.TarError, EOFError, ValueError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise StartError(f"{error.filename or source}: {error.strerror}") from None
        raise _damaged(source, str(error)) from None
    if manifest is None:
        raise _damaged(source, "it has no end")
    if found != manifest.files:
        wrong = sorted(name for name in {*found, *manifest.files} if found.get(name) != manifest.files.get(name))
        raise _damaged(source, f"{wrong[0]} is not what was saved")
    if DATABASE not in found:
        raise _damaged(source, "there is no database in it")
    return manifest


def _contents(source: Path, tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for member in tar:
        path = PurePosixPath(member.name)
        content = tar.extractfile(member) if member.isreg() else None
        if content is None or path.is_absolute() or ".." in path.parts or len(path.parts) > 2:
            raise _damaged(source, f"{member.name!r} does not belong there")
        yield member, content


def _manifest(source: Path, text: bytes) -> Manifest:
    try:
        said: dict[str, Any] = json.loads(text)
        if said.pop("form") != FORM:
            raise StartError(f"{source}: a backup of a newer version; use that one")
        files = {str(name): (int(size), str(digest)) for name, (size, digest) in said.pop("files").items()}
        return Manifest(files=files, **{key: str(said[key]) for key in ("version", "schema", "made")})
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"its manifest is none: {error}") from None


def _damaged(source: Path, why: str) -> StartError:
    return StartError(f"{source}: not a backup, or a damaged one: {why}")


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(time.time())
    return member


def _private(path: Path) -> IO[bytes]:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    return open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb")


class _Hashed:
    """A file that is read, and counted and hashed meanwhile."""

    def __init__(self, content: IO[bytes], read: Callable[[int], None]) -> None:
        self._content = content
        self._read = read
        self._hash = hashlib.sha256()
        self.count = 0

    @property
    def digest(self) -> str:
        """The SHA-256 of what has been read."""
        return self._hash.hexdigest()

    def read(self, size: int = PIECE) -> bytes:
        """Return the next bytes, none at the end."""
        piece = self._content.read(min(size, PIECE) if size >= 0 else PIECE)
        self._hash.update(piece)
        self.count += len(piece)
        self._read(self.count)
        return piece
