"""What matches, maps and achievements need from storage. Every method returns when its change is durable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import attrs

from gameserver.errors import Code, GameError
from gameserver.matches.command_log import Header


@attrs.frozen
class LogLine:
    """One line of a match's command log; ``number`` counts from 1.

    ``epoch`` is that of who writes it; it is not kept.
    """

    match: int
    number: int
    at_ms: int
    text: str
    epoch: int = 0


@attrs.frozen
class Summary:
    """A match as a list shows it. ``finished_ms`` is ``None`` while it is open; ``winner`` "" if nobody won."""

    header: Header
    finished_ms: int | None
    winner: str
    players: tuple[str, ...]


@attrs.frozen
class Holding:
    """A match as operators see it: which node has it, how many lines its log has, and when the latest was written."""

    summary: Summary
    owner: str
    lines: int
    last_ms: int | None


class Elsewhere(GameError):
    """An open match belongs to another node, which is there."""

    def __init__(self, name: str, node: str) -> None:
        super().__init__(Code.ELSEWHERE, f"GAME {name} is at another server of this community: join it there.")
        self.node = node


def check_open_games(mine: int, most: int) -> None:
    """Raise ``GameError`` ``too_many_games`` for a creator of so many open games who wants one more."""
    if mine >= most:
        raise GameError(Code.TOO_MANY_GAMES, f"You have {most} open games: end some of them first.")


class MatchStore(Protocol):
    """Headers and command logs of matches.

    Every match is owned by one node. Whoever takes it over raises its epoch, and nothing is kept of who writes in an
    older one: a node that was taken for dead and goes on can change nothing and, as its players wait for the disk,
    tell nobody anything.
    """

    async def create(self, header: Header, most: int) -> int:
        """Keep a new header (its ``id`` and ``epoch`` are ignored), owned by this node; return its number.

        Raises ``GameError`` ``game_exists`` while a game of this kind and name is open at any node,
        ``too_many_games`` (``check_open_games``) for who has created ``most`` that are open, at all nodes together.
        """

    async def append(self, lines: Sequence[LogLine]) -> frozenset[int]:
        """Keep lines of any number of matches in one transaction.

        A line that is there already stays as it is; one of a match that is not kept any more is left out. Returns the
        matches that are in a later epoch than their lines, which are not kept.
        """

    async def finish(self, header: Header, at_ms: int, winner: str, players: Sequence[str]) -> None:
        """Note that a match is over, who won and who played, unless it is in a later epoch."""

    async def discard(self, header: Header) -> None:
        """Forget a match and its log, unless it is in a later epoch."""

    async def take_own(self) -> list[Header]:
        """Raise the epoch of every match of this node that is not over; return their headers, oldest first."""

    async def lost(self, headers: Sequence[Header]) -> frozenset[int]:
        """Return which of some matches are in a later epoch than their headers say."""

    async def take_over(self, kind: str, name: str) -> Header | None:
        """Make an open match ours whose node is gone, in a new epoch; ``None`` if there is no such match.

        Raises ``Elsewhere`` if its node is there.
        """

    async def take_orphans(self) -> list[Header]:
        """Make open matches ours, in a new epoch, that no living node has: this node's share of them, and no more.

        What nobody has was a dead node's, or has been given up. Nodes that are being drained get no share.
        """

    async def give_up(self) -> int:
        """Leave all open matches of this node to the others; return how many. A node that is alone keeps its own."""

    async def summary(self, match: int) -> Summary | None:
        """Return one match."""

    async def recent(self, kind: str, limit: int) -> list[Summary]:
        """Return matches of a kind that are over, latest first."""

    async def search(self, text: str, limit: int) -> list[Summary]:
        """Return matches, open ones too, with a text in their name, or with that number; latest first."""

    async def holding(self, match: int) -> Holding | None:
        """Return one match with what operators see of it."""

    async def lines(self, match: int) -> list[LogLine]:
        """Return the log of a match in order."""

    async def prune(self, before_ms: int) -> int:
        """Forget matches that were over before a moment; return how many."""


@attrs.frozen
class StoredMap:
    """A map that somebody uploaded: owner is a team, ``picture`` a JPEG or empty.

    What a store lists comes without the picture, but with its length in ``picture_bytes``.
    """

    kind: str
    name: str
    owner: str
    version: int
    text: str
    picture: bytes = b""
    picture_bytes: int = attrs.field(default=attrs.Factory(lambda self: len(self.picture), takes_self=True))

    @property
    def size(self) -> int:
        """Bytes of text and picture."""
        return len(self.text.encode()) + self.picture_bytes


class MapStore(Protocol):
    """Uploaded maps by kind of game and name."""

    async def all(self) -> list[StoredMap]:
        """Return every map, without the pictures."""

    async def names(self) -> set[tuple[str, str]]:
        """Return kind and name of every map."""

    async def picture(self, kind: str, name: str) -> bytes:
        """Return the picture of a map, empty if there is none."""

    async def put(self, stored: StoredMap, by: str, now_ms: int) -> None:
        """Keep a map; one of the same kind and name is replaced."""

    async def remove(self, kind: str, name: str) -> bool:
        """Forget a map; return whether there was one."""


@attrs.frozen
class Achievement:
    """Something to reach: its name, its condition as a sentence, who made it and his team."""

    name: str
    condition: str
    creator: str
    team: str


class AchievementStore(Protocol):
    """Achievements and who has reached them."""

    async def all(self) -> list[Achievement]:
        """Return every achievement in the order of making."""

    async def put(self, achievement: Achievement, now_ms: int) -> None:
        """Keep an achievement; one of the same name is replaced and nobody has reached the new one yet."""

    async def remove(self, name: str) -> bool:
        """Forget an achievement; return whether there was one."""

    async def reach(self, name: str, nickname: str, match: int, now_ms: int) -> bool:
        """Note that somebody has reached an achievement; return whether that is new."""

    async def reached(self, nickname: str) -> set[str]:
        """Return the names of what somebody has reached."""
