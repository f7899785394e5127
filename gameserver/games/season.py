"""The season of a game: the words of its lobby, which a listener of the Kassel family speaks until JOIN GAME."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import attrs

from gameserver.games.conditions import Standing
from gameserver.games.maps import MapFormat

_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")


@attrs.frozen
class Season:
    """What a listener greets with, how games are made there, and when the events of a join begin.

    ``name`` is that of the configuration key ``kassel.<name>`` and of the path ``/kassel/<name>``: small letters,
    digits, ``_``; ``ValueError`` for another one. ``server`` is the first word of the greeting, ``timeout_ms`` the
    silence after which a connection ends. ``count_option`` is the word for the number of players in CREATE GAME.
    ``announces`` says whether JOIN GAME is answered with ``SENDING <n> EVENTS`` before the OK, ``pause`` are seconds
    between the OK and the first event. ``maps`` is ``None`` where games are made without one; ``zipped`` says whether
    maps travel as zip files with their size announced. ``passwords`` and ``achievements`` say whether the lobby has
    those commands; the latter is what a seat of a game has to show for them. ``port`` is the default TCP port;
    without one only a configured port is opened.
    """

    name: str = attrs.field()
    server: str
    timeout_ms: int = 3_600_000
    count_option: str = "-maxPlayers"
    announces: bool = True
    pause: float = 0.0
    maps: MapFormat | None = None
    zipped: bool = False
    passwords: bool = False
    achievements: Callable[[Any, int], Standing] | None = None
    changelog: tuple[str, ...] = ("1.0.0 first version",)
    port: int | None = None

    @name.validator
    def _check(self, _attribute: object, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be the name of a season")

    @property
    def greeting(self) -> str:
        """The first line of every connection; clients parse the number in it."""
        return f"{self.server} 1.0, Timeout set to {self.timeout_ms}ms"
