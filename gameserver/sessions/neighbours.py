"""Who is online at the other processes of a cluster, as the session manager asks and tells it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from gameserver.sessions.events import DirectMessage, TeamMessage
from gameserver.sessions.players import Player


class Neighbours(Protocol):
    """The other processes. Nothing here waits: answers are what is known now, telling is passing on."""

    def find(self, realm: str, key: str) -> Player | None:
        """Return a player of a community who is online somewhere else; ``key`` is his name without case."""

    def players(self, realm: str) -> Iterable[Player]:
        """Return everybody of a community who is online somewhere else, each once."""

    def came(self, realm: str, player: Player, door: str, replaces: bool) -> None:
        """Tell that a player has logged in here; ``replaces`` ends his sessions at the same door elsewhere."""

    def went(self, realm: str, player: Player) -> None:
        """Tell that a player's last session here has ended."""

    def pass_on(self, realm: str, message: DirectMessage | TeamMessage) -> None:
        """Hand a message to the players it is for, wherever else they are."""


class Alone:
    """The neighbours of a process that has none."""

    def find(self, realm: str, key: str) -> Player | None:
        """Nobody is anywhere else."""
        return None

    def players(self, realm: str) -> Iterable[Player]:
        """Nobody is anywhere else."""
        return ()

    def came(self, realm: str, player: Player, door: str, replaces: bool) -> None:
        """There is nobody to tell."""

    def went(self, realm: str, player: Player) -> None:
        """There is nobody to tell."""

    def pass_on(self, realm: str, message: DirectMessage | TeamMessage) -> None:
        """There is nobody it could be for."""
