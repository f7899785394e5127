"""Who is online at the other processes of a cluster, as the session manager asks and tells it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from gameserver.sessions.events import DirectMessage, TeamMessage
from gameserver.sessions.players import Player


class Peers(Protocol):
    """The other processes. Nothing here waits: answers are what is known now, telling is passing on."""

    def find(self, namespace: str, key: str) -> Player | None:
        """Return a player of a community who is online somewhere else; ``key`` is the name without case."""

    def players(self, namespace: str) -> Iterable[Player]:
        """Return everybody of a community who is online somewhere else, each once."""

    def came(self, namespace: str, player: Player, protocol: str, replaces: bool) -> None:
        """Tell that a player has logged in here; ``replaces`` ends their sessions at the same protocol elsewhere."""

    def went(self, namespace: str, player: Player) -> None:
        """Tell that a player's last session here has ended."""

    def pass_on(self, namespace: str, message: DirectMessage | TeamMessage) -> None:
        """Hand a message to the players it is for, wherever else they are."""


class Alone:
    """The peers of a process that has none."""

    def find(self, namespace: str, key: str) -> Player | None:
        """Nobody is anywhere else."""
        return None

    def players(self, namespace: str) -> Iterable[Player]:
        """Nobody is anywhere else."""
        return ()

    def came(self, namespace: str, player: Player, protocol: str, replaces: bool) -> None:
        """There is nobody to tell."""

    def went(self, namespace: str, player: Player) -> None:
        """There is nobody to tell."""

    def pass_on(self, namespace: str, message: DirectMessage | TeamMessage) -> None:
        """There is nobody it could be for."""
