"""Subscriptions of one connection (document, 2.5 and 2.6)."""

from __future__ import annotations

from typing import Any

import msgspec

from gameserver.errors import Code, GameError
from gameserver.wallet.offer import NAMES

BET_ACTIVITY = "BET_ACTIVITY"
BET_ACTIVITY_BATCH = "BET_ACTIVITY_BATCH"
BALANCE_UPDATE = "BALANCE_UPDATE"

#: What can be subscribed to. Balance updates come to their owner with or without it.
EVENTS = (BET_ACTIVITY, BET_ACTIVITY_BATCH, BALANCE_UPDATE)

#: The other spelling, of the enumeration in the public Protocol Buffers.
LONG_PREFIX = "EVENT_TYPE_"

#: Subscriptions of one connection at once.
MOST = 64


class _Filters(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    game_id: str | None = None
    game_types: list[str] | None = None


class Subscription(msgspec.Struct, frozen=True):
    """Events, and the games they are wanted of."""

    events: frozenset[str]
    games: frozenset[str]


def activity_topic(event: str, game: str) -> str:
    """Return the topic of those who are told an event of a game."""
    return f"invoker/{event}/{game}"


def event_name(name: str) -> str:
    """Return the short name of an event. Raises ``GameError`` ``bad_event_type``."""
    short = name.removeprefix(LONG_PREFIX)
    if short not in EVENTS:
        raise GameError(Code.BAD_EVENT_TYPE, f"Events are {', '.join(EVENTS)}.")
    return short


def subscription(event_types: list[str], filters: str | None) -> Subscription:
    """Return what a request subscribes to. Raises ``GameError``."""
    if not event_types:
        raise GameError(Code.BAD_EVENT_TYPE, "eventTypes is empty.")
    return Subscription(frozenset(map(event_name, event_types)), _games(filters))


def _games(filters: str | None) -> frozenset[str]:
    everything = frozenset(NAMES)
    if not filters:
        return everything
    try:
        wanted = msgspec.json.decode(filters, type=_Filters)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise GameError(Code.BAD_PARAMETERS, 'filters is JSON such as {"gameId": "inhousegame:dice"}.') from None
    games = everything
    if wanted.game_id is not None:
        games &= {_known(wanted.game_id)}
    if wanted.game_types is not None:
        games &= {_known(f"inhousegame:{kind}") for kind in wanted.game_types}
    return games


def _known(game: str) -> str:
    if game not in NAMES:
        raise GameError(Code.BAD_FILTER, "filters names a game that is not there.")
    return game


class Subscriptions:
    """What one connection has subscribed to."""

    def __init__(self) -> None:
        self._held: dict[str, Subscription] = {}
        self._count = 0

    def add(self, wanted: Subscription) -> str:
        """Keep a subscription and return its name. ``GameError`` ``bad_parameters`` when there are too many."""
        if len(self._held) >= MOST:
            raise GameError(Code.BAD_PARAMETERS, f"A connection has at most {MOST} subscriptions.")
        self._count += 1
        name = f"sub_{self._count}"
        self._held[name] = wanted
        return name

    def remove(self, event_types: list[str] | None, name: str | None) -> None:
        """Forget events of one subscription or of all; all events when none is named.

        Raises ``GameError`` ``bad_event_type`` or ``no_subscription``.
        """
        gone = frozenset(map(event_name, event_types)) if event_types else frozenset(EVENTS)
        if name is not None and name not in self._held:
            raise GameError(Code.NO_SUBSCRIPTION, "There is no such subscription.")
        for held in [name] if name is not None else list(self._held):
            rest = self._held[held].events - gone
            if rest:
                self._held[held] = Subscription(rest, self._held[held].games)
            else:
                del self._held[held]

    def topics(self) -> set[str]:
        """Return the topics that all subscriptions together belong to."""
        return {
            activity_topic(event, game)
            for held in self._held.values()
            for event in held.events & {BET_ACTIVITY, BET_ACTIVITY_BATCH}
            for game in held.games
        }

    def __len__(self) -> int:
        return len(self._held)


def as_payload(name: str, event_types: list[str]) -> dict[str, Any]:
    """Return the payload of the reply to a SUBSCRIBE."""
    return {
        "subscriptionId": name,
        "eventTypes": event_types,
        "success": True,
        "message": "Subscribed.",
    }
