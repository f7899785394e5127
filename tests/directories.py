"""Directories for tests that go away with them."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path


def temporary_directory() -> Path:
    """Return a new directory that goes away when the process of the tests ends."""
    path = Path(tempfile.mkdtemp(prefix="gameserver-test-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path
