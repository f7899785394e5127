"""Order of the suite: trial's tests first, those that need pytest-twisted last.

A pytest-twisted test starts the reactor for good; every later asynchronous trial test would find it dirty.
"""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: "pytest_only" in str(item.path))
