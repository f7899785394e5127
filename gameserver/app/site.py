"""The site, joined to the server: pages, status, sign-up, the operators' resources, health, metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from twisted.web.resource import IResource

from gameserver.config import Config
from gameserver.edge.context import Context
from gameserver.edge.http.page import Front
from gameserver.edge.http.site import site, tree
from gameserver.edge.part import PeriodicTask, RunningPart
from gameserver.matches.standings import StandingStore, count_all
from gameserver.net.endpoints import Listener, listen
from gameserver.web.connections import serve_connections
from gameserver.web.health import Health, MetricsPage, Ready
from gameserver.web.match_link import MatchLink
from gameserver.web.operators import operator_pages
from gameserver.web.own_account import own_account_pages
from gameserver.web.people import people_pages
from gameserver.web.players import Players
from gameserver.web.profiles import profile_pages
from gameserver.web.room import room_resource
from gameserver.web.seasons import seasons_resource
from gameserver.web.static_files import pictures, static_tree
from gameserver.web.status import ProtocolStatus, status_resource

#: Seconds between two looks for games that are over and not in the standings.
COUNTING = 4.0


def site_part(
    config: Config,
    context: Context,
    standings: StandingStore,
    parts: Sequence[RunningPart],
    listeners: Callable[[], Sequence[Listener]],
    state: Callable[[], str],
    log: Callable[[], list[str]],
    states: Callable[[], Mapping[str, bool]],
    metrics: MetricsPage,
) -> RunningPart:
    """Return the site; it serves the pages of ``parts`` beside its own.

    ``listeners`` returns what is open of the whole server's.
    ``state`` is the server's: ``starting``, ``ok``, ``draining`` or ``stopping``; ``log`` returns the last lines of
    its log. ``states`` says of what the server stands on whether it is there.
    """
    index, static = static_tree(context.name)

    def protocols() -> list[ProtocolStatus]:
        return [ProtocolStatus(listener.key, listener.endpoint, listener.hint) for listener in listeners()]

    serve_connections(context)
    pages: dict[str, IResource] = {
        "healthz": Health(state),
        "readyz": Ready(state, states),
        "metrics": metrics,
        "static": static,
        "match": MatchLink(index, context.name, context.kinds, pictures()),
        "api/room": room_resource(context),
        "api/seasons": seasons_resource(context.kinds.values()),
        "api/status": status_resource(context.name, context.sessions, context.directory, state, protocols),
        **people_pages(context),
        **own_account_pages(context),
        **profile_pages(context, standings),
        **operator_pages(context, log),
        **Players(context).resources(),
    }
    for part in parts:
        pages |= part.pages
    socket = pages.pop("", None)
    front = index if socket is None else Front(index, socket)
    factory = site(tree(pages, front), context)
    own = listen("web.endpoints", config.web.endpoints, factory, "open http://{address}/ in a browser")
    counting = PeriodicTask(COUNTING, lambda: count_all(standings))
    return RunningPart(listeners=own, periodic=[counting])
