"""The Kassel lobby as a part of the server: a season a listener, all on one registry of matches."""

from __future__ import annotations

from typing import Any

from gameserver.edge.context import Context
from gameserver.edge.part import Part, PeriodicTask, RunningPart
from gameserver.matches.achievements import Achievements
from gameserver.matches.maps import MapLibrary
from gameserver.matches.matches import Matches
from gameserver.net.endpoints import Listener, listen
from gameserver.protocols.kassel.config import Kassel, with_seasons
from gameserver.protocols.kassel.match_pages import MatchPages
from gameserver.protocols.kassel.service import KasselService

#: Seconds between two looks for games that nobody has joined, and for logs that are old enough to go.
SWEEP = 60
PRUNE = 3600


def build(context: Context, config: Kassel) -> RunningPart:
    """Join the season of every game to the server, on its ports and as a WebSocket of the site."""
    reactor, store = context.reactor, context.stores.matches
    kinds = context.kinds
    matches = Matches(
        reactor, store, kinds, config.grace, config.computer_pause, config.games_per_player, config.unused_game
    )
    service = KasselService(
        reactor,
        config,
        context.limits,
        context.sessions,
        context.accounts,
        context.rooms,
        context.metrics,
        kinds,
        matches,
        MapLibrary(context.stores.maps, reactor, kinds, config.maps_per_team),
        Achievements(context.stores.achievements, reactor),
    )
    context.metrics.gauge("matches", "Open matches", lambda: len(matches))
    context.metrics.gauge("matches_ticking", "Real-time matches that run", lambda: len(matches.ticks))
    context.metrics.gauge("match_ticks_missed", "Ticks left out under load", lambda: matches.ticks.missed)

    async def prune() -> None:
        if config.history_days:
            await store.prune(int((reactor.seconds() - config.history_days * 86400) * 1000))

    seasons = {kind.season.name: kind.name for kind in kinds.values()}
    pages: dict[str, Any] = {"api/matches": MatchPages(matches, store, seasons)}
    listeners: list[Listener] = []
    for name in seasons:
        factory = service.factory(name)
        listeners += listen(f"kassel.{name}", config.endpoints(name), factory, "telnet {host} {port}, then HELP")
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


PART = Part("kassel", Kassel, build, with_games=with_seasons)
