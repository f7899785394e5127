"""The Kassel lobby as a part of the server: a season a listener, all on one registry of matches."""

from __future__ import annotations

from typing import Any

from gameserver.edge.context import Context
from gameserver.edge.part import Part, PeriodicTask, RunningPart
from gameserver.matches.achievements import Achievements
from gameserver.matches.maps import MapLibrary
from gameserver.matches.matches import Matches
from gameserver.net.endpoints import Listener, listen
from gameserver.protocols.kassel.config import Kassel
from gameserver.protocols.kassel.match_pages import MatchPages
from gameserver.protocols.kassel.seasons import SEASONS
from gameserver.protocols.kassel.service import KasselService

#: Seconds between two looks for games that nobody has joined, and for logs that are old enough to go.
SWEEP = 60
PRUNE = 3600


def build(context: Context, config: Kassel) -> RunningPart:
    """Join the three seasons to the server, on their ports and as WebSockets of the site."""
    reactor, store = context.reactor, context.stores.matches
    matches = Matches(
        reactor, store, config.grace, config.computer_pause, config.games_per_player, config.unused_game
    )
    service = KasselService(
        reactor,
        config,
        context.limits,
        context.sessions,
        context.accounts,
        context.rooms,
        context.metrics,
        matches,
        MapLibrary(context.stores.maps, reactor, config.maps_per_team),
        Achievements(context.stores.achievements, reactor),
    )
    context.metrics.gauge("matches", "Open matches", lambda: len(matches))
    context.metrics.gauge("matches_ticking", "Real-time matches that run", lambda: len(matches.ticks))
    context.metrics.gauge("match_ticks_missed", "Ticks left out under load", lambda: matches.ticks.missed)

    async def prune() -> None:
        if config.history_days:
            await store.prune(int((reactor.seconds() - config.history_days * 86400) * 1000))

    kinds = {name: season.kind for name, season in SEASONS.items()}
    pages: dict[str, Any] = {"api/matches": MatchPages(matches, store, kinds)}
    listeners: list[Listener] = []
    for name in SEASONS:
        endpoints: tuple[str, ...] = getattr(config, name)
        listeners += listen(f"kassel.{name}", endpoints, service.factory(name), "telnet {host} {port}, then HELP")
        pages[f"kassel/{name}"] = service.page(name)
    return RunningPart(
        listeners=listeners,
        pages=pages,
        periodic=[PeriodicTask(SWEEP, matches.sweep), PeriodicTask(PRUNE, prune)],
        open_matches=lambda: [_shown(match) for match in matches.every()],
        start=service.start,
        stop=service.stop,
    )


def _shown(match: Any) -> dict[str, Any]:
    return {
        "id": match.header.id,
        "game": match.kind.name,
        "name": match.name,
        "running": match.game.running,
        "players": [seat.participant.nickname for seat in match.playing()],
    }


PART = Part("kassel", Kassel, build)
