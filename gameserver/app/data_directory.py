"""The data directory: everything a server keeps, readable by its owner only."""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from gameserver.errors import StartError

#: What is in a data directory: how one that was there before is recognised as ours.
_OURS = ("gameserver.db", "secrets", "tls", "node", "lock")

#: The file that is there while a backup is being brought back: without its end nothing there is of any use.
RESTORING = "restoring"


class DataDirectory:
    """A directory made on first start with mode 0700; its files are made with mode 0600."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def open(cls, path: Path) -> DataDirectory:
        """Return the directory, made if it is not there. Raises ``OSError`` if it cannot be.

        What others may read or write there is closed to them, unless the directory has other things in it, too.
        """
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        there = set(os.listdir(path))
        if not there or there.intersection(_OURS):
            _close_to_others(path)
        for name in there:
            if name in _OURS or name.startswith("gameserver.db"):
                _close_to_others(path / name)
                for inner in _inside(path / name):
                    _close_to_others(inner)
        return cls(path)

    @classmethod
    def existing(cls, path: Path) -> DataDirectory:
        """Return the directory of a server that has been started; it is not made. Raises ``StartError``."""
        if not path.is_dir() or not {"secrets", "node", "tls", "gameserver.db"}.intersection(os.listdir(path)):
            raise StartError(
                f"{path}: there is no server's data here; --data-dir names another directory, "
                "and a server makes its own when it starts"
            )
        cls(path).refuse_unfinished()
        return cls(path)

    def refuse_unfinished(self) -> None:
        """Raise ``StartError`` if a restore has been cut short here."""
        marker = self.path / RESTORING
        if marker.exists():
            raise StartError(
                f"{self.path}: a restore is under way here, or was cut short; `gameserver restore --force "
                f"{marker.read_text('utf-8').strip()}` does it again"
            )

    def write(self, name: str, text: str) -> None:
        """Write a file that is whole or as it was before, and there after a power cut."""
        os.rename(_draft(self.path / name, text), self.path / name)
        self.sync()

    def remove(self, name: str) -> None:
        """Remove a file for good."""
        (self.path / name).unlink(missing_ok=True)
        self.sync()

    def sync(self) -> None:
        """Have what was made, renamed and removed here on disk."""
        for path in (self.path, self.path / "secrets", self.path / "tls"):
            with suppress(FileNotFoundError):
                handle = os.open(path, os.O_RDONLY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)

    def file(self, name: str) -> Path:
        """Return the path of a file, made empty with mode 0600 if it is not there."""
        path = self.path / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        return path

    def node(self) -> str:
        """Return the name of this installation among those that share a database: made once, the same ever after.

        It is no secret, for those are copied to every node. Raises ``OSError`` if what is kept is none.
        """
        path, older = self.path / "node", self.path / "secrets" / "host"
        if not path.exists() and older.exists():
            # Where it was before, with the matches that still have this name.
            older.rename(path)
        elif not path.exists():
            _write_once(path, secrets.token_hex(16) + "\n")
        name = path.read_text("ascii").strip()
        if not name:
            raise OSError(f"{path}: not a name; delete it to get a new one")
        return name

    def lock(self, name: str = "lock") -> BinaryIO:
        """Return a file that, until it is closed or the process has ended, nobody else can lock.

        Raises ``BlockingIOError`` if somebody has.
        """
        stream = self.file(name).open("r+b")
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            stream.close()
            raise
        return stream

    def directory(self, name: str) -> Path:
        """Return the path of a directory, made if it is not there."""
        path = self.path / name
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def secret(self, name: str, size: int = 32) -> bytes:
        """Return a secret of ``size`` random bytes, made on first use and the same ever after.

        Raises ``OSError`` if what is kept is none.
        """
        path = self.path / "secrets" / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _write_once(path, secrets.token_bytes(size).hex() + "\n")
        try:
            kept = bytes.fromhex(path.read_text("ascii").strip())
        except ValueError:
            kept = b""
        if len(kept) < size:
            raise OSError(f"{path}: not a secret of {size} bytes in hexadecimal; delete it to get a new one")
        return kept


def _write_once(path: Path, text: str) -> None:
    """Write a file that is whole or not there. Of two processes that do so at once the first one's stays."""
    draft = _draft(path, text)
    try:
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)


def _draft(path: Path, text: str) -> str:
    """Return the name of a file beside another that has a text, on disk, and is to take its place."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        with os.fdopen(handle, "w") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        os.unlink(draft)
        raise
    return draft


def _inside(path: Path) -> list[Path]:
    return list(path.iterdir()) if path.is_dir() and not path.is_symlink() else []


def _close_to_others(path: Path) -> None:
    """Take group and others their rights to something of ours, if they have any."""
    with suppress(OSError):
        kept = path.lstat()
        # A directory like /tmp is everybody's, even if somebody has put a data directory's files there.
        everybodys = stat.S_ISLNK(kept.st_mode) or kept.st_mode & stat.S_ISVTX
        if kept.st_uid == os.geteuid() and kept.st_mode & 0o077 and not everybodys:
            path.chmod(stat.S_IMODE(kept.st_mode) & 0o700)
