"""Directories for tests that go away with them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.leftovers import remove_at_the_end


def temporary_directory() -> Path:
    """Return a new directory that goes away when the process of the tests ends."""
    path = tempfile.mkdtemp(prefix="gameserver-test-")
    remove_at_the_end(path)
    return Path(path)
