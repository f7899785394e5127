"""The Kassel protocols, joined to the services: a season a listener, all on one registry of matches."""

from __future__ import annotations

from typing import Any

from gameserver.app.parts import Parts, listen
from gameserver.app.services import Services
from gameserver.matches.achievements import Achievements
from gameserver.matches.maps import MapLibrary
from gameserver.matches.matches import Matches
from gameserver.protocols.kassel.seasons import SEASONS
from gameserver.protocols.kassel.service import KasselService
from gameserver.storage.kassel import DatabaseAchievements, DatabaseMaps, DatabaseMatches
from gameserver.web.matches import MatchPages

#: Seconds between two looks for games that nobody has joined, and for logs that are old enough to go.
SWEEP = 60
PRUNE = 3600


def parts(services: Services) -> Parts:
    """Return the three seasons, on their ports and as WebSockets of the site."""
    config, reactor = services.config.kassel, services.reactor
    store = DatabaseMatches(services.database, services.directory.secret("host", 16).hex())
    matches = Matches(
        reactor, store, config.grace, config.computer_pause, config.games_per_player, config.unused_game
    )
    service = KasselService(
        reactor,
        config,
        services.config.limits,
        services.sessions,
        services.accounts,
        services.rooms,
        services.metrics,
        matches,
        MapLibrary(DatabaseMaps(services.database), reactor, config.maps_per_team),
        Achievements(DatabaseAchievements(services.database), reactor),
    )
    services.metrics.gauge("matches", "Open matches", lambda: len(matches))
    services.metrics.gauge("matches_ticking", "Real-time matches that run", lambda: len(matches.ticks))
    services.metrics.gauge("match_ticks_missed", "Ticks left out under load", lambda: matches.ticks.missed)

    async def prune() -> None:
        if config.history_days:
            await store.prune(int((reactor.seconds() - config.history_days * 86400) * 1000))

    found = Parts(
        protocols=[service],
        periodic=[(SWEEP, matches.sweep), (PRUNE, prune)],
        matches=[lambda: [_shown(match) for match in matches.every()]],
    )
    kinds = {name: season.kind for name, season in SEASONS.items()}
    found.pages["api/matches"] = MatchPages(matches, store, kinds)
    for name in SEASONS:
        endpoints: tuple[str, ...] = getattr(config, name)
        found.listeners += listen(
            f"kassel.{name}", endpoints, service.factory(name), "telnet {host} {port}, then HELP"
        )
        found.pages[f"kassel/{name}"] = service.page(name)
    return found


def _shown(match: Any) -> dict[str, Any]:
    return {
        "id": match.header.id,
        "game": match.kind.name,
        "name": match.name,
        "running": match.game.running,
        "players": [seat.participant.nickname for seat in match.playing()],
    }
