"""Catan's longest road from public snapshots alone, by trying every set of roads.

Nothing of the game's package is used. A set of roads is a trail if it can be walked in one go, each road once,
without passing through an intersection where somebody else has a piece; sets are built up road by road, so every
trail there is gets found, whatever order a search by steps would have tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.games.snapshot import Snapshot

#: A road that counts has at least so many pieces.
LEAST = 5

Edge = tuple[str, str]


def longest_trail(edges: Sequence[Edge], barred: frozenset[str]) -> int:
    """Return the most edges of a walk that uses each once and passes no barred end."""
    # What has been walked, as bits, and the end one stands at.
    reached = {(1 << number, end) for number, edge in enumerate(edges) for end in edge}
    length = 1 if edges else 0
    while reached:
        further = set()
        for walked, at in reached:
            if at in barred:
                continue
            for number, (one, two) in enumerate(edges):
                if not walked >> number & 1 and at in (one, two):
                    further.add((walked | 1 << number, two if at == one else one))
        length += bool(further)
        reached = further
    return length


def roads(snapshot: Snapshot) -> dict[str, list[Edge]]:
    """Return every player's roads as pairs of intersections."""
    found: dict[str, list[Edge]] = {
        user: [] for user in snapshot.named("UserAssets") if snapshot.one(user, "visitor") == "false"
    }
    for road in snapshot.named("Road"):
        owner, border = snapshot.one(road, "userAssets"), snapshot.one(road, "border")
        if owner is not None and border is not None:
            one, two = snapshot.many(border, "intersections")
            found[owner].append((one, two))
    return found


def lengths(snapshot: Snapshot) -> dict[str, int]:
    """Return the longest road of every player."""
    pieces: dict[str, str] = {}
    for kind in ("Settlement", "City", "Knight"):
        for piece in snapshot.named(kind):
            spot, owner = snapshot.one(piece, "intersection"), snapshot.one(piece, "userAssets")
            if spot is not None and owner is not None:
                pieces[spot] = owner
    return {
        user: longest_trail(edges, frozenset(spot for spot, owner in pieces.items() if owner != user))
        for user, edges in roads(snapshot).items()
    }


def due(found: Mapping[str, int], holder: str | None) -> str | None:
    """Return who has the longest road now, given who had it: a tie leaves it where it is, or with nobody."""
    most = max(found.values(), default=0)
    if most < LEAST:
        return None
    best = [user for user, length in found.items() if length == most]
    if holder in best:
        return holder
    return best[0] if len(best) == 1 else None


def holder(snapshot: Snapshot) -> str | None:
    """Return who has the longest road by the snapshot."""
    return next((user for user in snapshot.named("UserAssets") if snapshot.one(user, "longestRoad") == "true"), None)
