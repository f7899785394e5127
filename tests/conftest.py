"""Order of the suite: what takes long first, those that need pytest-twisted last.

A pytest-twisted test starts the reactor for good; every later asynchronous trial test would find it dirty. Of several
processes that share the tests, none is to begin one of half a minute when the others have nothing left to do.
"""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent

#: Packages whose tests start programs and wait for them, those with the longest first.
LONG = ("chaos", "soak", "integration", "browser", "cli", "examples", "docs", "wallet", "consoles")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=place)


def place(item: pytest.Item) -> int:
    """Return where in the order a test belongs."""
    package = item.path.relative_to(TESTS).parts[0]
    if package == "pytest_only":
        return len(LONG) + 1
    return LONG.index(package) if package in LONG else len(LONG)
