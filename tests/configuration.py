"""The configuration of a whole server, with the sections of all installed protocols."""

from __future__ import annotations

from typing import Any

from gameserver import config
from gameserver.app.parts import config_class


def load(*sources: Any, **named: Any) -> Any:
    """Return the checked tree; its sections are attributes that only the installed protocols know."""
    kind = config_class()
    names = ("file", "environment", "settings", "data_dir", "listen")
    return config.load(kind, **dict(zip(names, sources, strict=False)), **named)
