"""The Kassel lobby as a part of the server: a season a listener, all on one registry of matches."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial

from twisted.internet.defer import ensureDeferred
from twisted.web.resource import IResource

from gameserver.edge.channel import websocket_page
from gameserver.edge.context import Context, OpenMatch
from gameserver.edge.part import Part, PeriodicTask, RunningPart, every_name
from gameserver.edge.stream import StreamFactory
from gameserver.errors import Unavailable
from gameserver.matches.achievements import Achievements
from gameserver.matches.listing import Listing, listing
from gameserver.matches.maps import MapLibrary
from gameserver.matches.matches import Matches
from gameserver.net.endpoints import Listener, listen
from gameserver.net.origins import Origins
from gameserver.protocols.kassel.channel import accept
from gameserver.protocols.kassel.commands import maps as maps_command
from gameserver.protocols.kassel.config import Kassel, with_seasons
from gameserver.protocols.kassel.connection import LONGEST_LINE
from gameserver.protocols.kassel.game.relay_messages import SERVICE
from gameserver.protocols.kassel.game.served import service
from gameserver.protocols.kassel.listings import Listings, Playing
from gameserver.protocols.kassel.match_pages import MatchPages
from gameserver.protocols.kassel.pace import change_waiting_limit, waiting_limit
from gameserver.protocols.kassel.shared import KASSEL, AllSeasons, SeasonShared
from gameserver.protocols.kassel.site_pages import SitePages
from gameserver.protocols.kassel.telnet_connection import TelnetConnection
from gameserver.reactor import wall
from gameserver.sessions.limits import RateLimit

#: Seconds between two looks for games that nobody has joined, and for logs that are old enough to go.
SWEEP = 60
PRUNE = 3600

#: Seconds between two looks whether other nodes have taken over what is played here.
OWNERS = 5

#: Seconds between two looks for matches whose node has gone.
ORPHANS = 2

#: Seconds until a map that an operator has deleted beside the running server is gone from it.
DELETED_MAPS = 30

DAY = 86400


def build(context: Context, config: Kassel, seeds: Callable[[], int] = lambda: secrets.randbits(62)) -> RunningPart:
    """Join the season of every game to the server, on their ports and as WebSockets of the site.

    ``seeds`` gives each match the number its chance comes from, of at most 62 bits.
    """
    reactor, store, kinds = context.reactor, context.stores.matches, context.kinds
    maps = MapLibrary(context.stores.maps, reactor, kinds, config.maps_per_team, config.map_bytes_per_team)
    achievements = Achievements(context.stores.achievements, reactor)
    matches = Matches(
        reactor,
        store,
        kinds,
        config.grace,
        config.computer_pause,
        config.games_per_player,
        config.unused_game,
        seeds=seeds,
        watchers=[achievements.look],
    )
    uploads = RateLimit.by_factor(config.uploads_per_day / DAY, config.uploads_per_day, context.limits.address_factor)
    waiting = waiting_limit(context.limits)

    def limits_changed() -> None:
        now = reactor.seconds()
        change_waiting_limit(waiting, context.limits, now)
        uploads.change(config.uploads_per_day / DAY, config.uploads_per_day, context.limits.address_factor, now)

    context.limits_changed.append(limits_changed)
    context.shared_limits.add("kassel uploads", uploads)
    context.shared_limits.add("kassel waiting", waiting)
    common = AllSeasons(
        matches,
        Listings(reactor, matches, context.directory),
        maps,
        achievements,
        Playing(context.directory),
        waiting,
        uploads,
    )
    seasons = [SeasonShared(context, config, kind, common) for kind in kinds.values()]
    context.relays.serve(SERVICE, service({shared.season.name: shared for shared in seasons}))
    context.metrics.gauge("matches", "Open matches", lambda: len(matches))
    context.metrics.gauge("matches_ticking", "Real-time matches that run", lambda: len(matches.ticks))
    context.metrics.counter("match_ticks_missed", "Ticks left out under load", lambda: matches.ticks.missed)
    for name, counted in (("created", matches.created), ("finished", matches.finished)):
        context.metrics.counters(f"matches_{name}", f"Matches {name} here", ["game"], partial(_by_label, counted))

    async def start() -> None:
        """Read maps and achievements, and resume the matches of the process before."""
        await maps.load()
        await achievements.load()
        await matches.resume()

    async def stop() -> None:
        """Let the matches stand still, say goodbye at all seasons at once, and wait until everything is written."""
        await matches.stop()
        with suppress(Unavailable):
            # Else they are taken for ours until we have been silent long enough.
            await matches.give_up()
        for stopping in [ensureDeferred(shared.stop()) for shared in seasons]:
            await stopping
        await matches.journal.flushed()

    async def prune() -> None:
        if config.history_days:
            await store.prune(int((wall(reactor) - config.history_days * DAY) * 1000))

    listeners: list[Listener] = []
    pages: dict[str, IResource] = {
        "api/matches": MatchPages(
            matches, common.listings, store, {shared.season.name: shared.kind.name for shared in seasons}
        ),
        **SitePages(context, seasons).resources(),
    }
    for shared in seasons:
        listeners += _listeners(shared)
        pages[f"kassel/{shared.season.name}"] = _page(shared)
    return RunningPart(
        listeners=listeners,
        pages=pages,
        periodic=[
            PeriodicTask(SWEEP, matches.sweep),
            PeriodicTask(OWNERS, matches.check_owners),
            PeriodicTask(ORPHANS, matches.adopt),
            PeriodicTask(PRUNE, prune),
            PeriodicTask(DELETED_MAPS, maps.look_for_deleted),
        ],
        open_matches=lambda: [
            *(_shown(listing(match)) for match in matches.every()),
            *map(_shown, common.listings.elsewhere()),
        ],
        start=start,
        stop=stop,
    )


def _by_label(counted: Mapping[str, int]) -> dict[tuple[str, ...], float]:
    return {(name,): count for name, count in counted.items()}


def _listeners(shared: SeasonShared) -> list[Listener]:
    name = shared.season.name
    factory = StreamFactory(lambda: TelnetConnection(shared))
    return listen(f"kassel.{name}", shared.config.endpoints(name), factory, "telnet {host} {port}, then HELP")


def _page(shared: SeasonShared) -> IResource:
    return websocket_page(
        shared,
        lambda upgrade: accept(shared, upgrade),
        greeting=f"{shared.season.greeting}: this is a WebSocket, one line a message (subprotocol kassel).",
        message_limit=max(shared.config.map_bytes, LONGEST_LINE),
        origins=Origins(shared.config.origins),
    )


def _shown(match: Listing) -> OpenMatch:
    return {
        "id": match.id,
        "game": match.kind,
        "name": match.name,
        "running": match.running,
        "players": match.seated,
    }


PART = Part(KASSEL, Kassel, build, commands=(maps_command,), with_games=with_seasons, check_name=every_name)
