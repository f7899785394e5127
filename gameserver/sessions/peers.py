"""Who is online at the other processes of a cluster, as the session manager asks and tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from gameserver.sessions.events import DirectMessage, TeamMessage
from gameserver.sessions.players import Player


class Peers(Protocol):
    """The other processes. What is not a coroutine does not wait: it answers what is known now, and passes on."""

    @property
    def alone(self) -> bool:
        """Whether no other process can be reached now."""

    def find(self, namespace: str, key: str) -> Player | None:
        """Return a player of a community who is online somewhere else; ``key`` is the name without case."""

    def players(self, namespace: str) -> Iterable[Player]:
        """Return everybody of a community who is online somewhere else, each once."""

    def came(self, namespace: str, player: Player, protocol: str, replaces: bool) -> None:
        """Tell that a player has logged in here; ``replaces`` ends their sessions at the same protocol elsewhere."""

    def went(self, namespace: str, player: Player) -> None:
        """Tell that a player's last session here has ended."""

    def pass_on(self, namespace: str, message: TeamMessage) -> None:
        """Hand a message to the players it is for, wherever else they are."""

    async def hold(self, namespace: str, key: str) -> bool:
        """Take a guest's name for this process, until they have gone; return whether nobody else has it.

        Raises ``Unavailable`` if the others cannot be asked.
        """

    async def settled(self) -> None:
        """Wait until what had been told before this call, anywhere, has come; not for ever."""

    async def deliver(self, namespace: str, message: DirectMessage) -> bool:
        """Hand a message to a player wherever else they are; return whether it was shown to them anywhere there."""

    def has(self, key: str) -> bool:
        """Say whether a player is online somewhere else, whatever the community."""

    async def kick(self, key: str, text: str) -> int:
        """End every session that a player has somewhere else; return how many."""

    def publish(self, topic: str, payload: bytes) -> None:
        """Tell the other processes something of one subject; it may be lost, and nobody answers."""

    def subscribe(self, topic: str, receive: Callable[[bytes], None]) -> None:
        """Be told what the others publish on a subject."""


class Alone:
    """The peers of a process that has none."""

    alone = True

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

    def pass_on(self, namespace: str, message: TeamMessage) -> None:
        """There is nobody it could be for."""

    async def hold(self, namespace: str, key: str) -> bool:
        """Nobody else could have it."""
        return True

    async def settled(self) -> None:
        """There is nothing to wait for."""

    async def deliver(self, namespace: str, message: DirectMessage) -> bool:
        """There is nobody it could be for."""
        return False

    def has(self, key: str) -> bool:
        """Nobody is anywhere else."""
        return False

    async def kick(self, key: str, text: str) -> int:
        """There is nobody."""
        return 0

    def publish(self, topic: str, payload: bytes) -> None:
        """There is nobody to tell."""

    def subscribe(self, topic: str, receive: Callable[[bytes], None]) -> None:
        """Nobody will publish anything."""
