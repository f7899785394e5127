"""The data directory: everything a server keeps, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


class DataDirectory:
    """A directory made on first start with mode 0700; its files are made with mode 0600."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def open(cls, path: Path) -> DataDirectory:
        """Return the directory, made if it is not there. Raises ``OSError`` if it cannot be."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(path)

    def file(self, name: str) -> Path:
        """Return the path of a file, made empty with mode 0600 if it is not there."""
        path = self.path / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        return path

    def directory(self, name: str) -> Path:
        """Return the path of a directory, made if it is not there."""
        path = self.path / name
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def secret(self, name: str, size: int = 32) -> bytes:
        """Return a secret of ``size`` random bytes, made on first use and the same ever after."""
        path = self.path / "secrets" / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            kept = bytes.fromhex(path.read_text("ascii").strip())
            if len(kept) >= size:
                return kept
            raise OSError(f"{path}: too short for a secret; delete it to get a new one") from None
        fresh = secrets.token_bytes(size)
        with os.fdopen(handle, "w") as stream:
            stream.write(fresh.hex() + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        return fresh
