"""Techmino's protocol as a part of the server: WebSocket endpoints and the replays."""

from __future__ import annotations

from twisted.web.server import Request

from gameserver.edge.context import Context
from gameserver.edge.http.json_resource import argument, bearer
from gameserver.edge.http.people import TOKEN
from gameserver.edge.http.site import site, tree
from gameserver.edge.part import Part, PeriodicTask, RunningPart
from gameserver.errors import GameError
from gameserver.net.endpoints import listen
from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.logins import ACCESS
from gameserver.protocols.techmino.replay_pages import replays_resource
from gameserver.protocols.techmino.replays import Replays
from gameserver.protocols.techmino.service import PATH, TechminoService
from gameserver.protocols.techmino.shared import TECHMINO

#: Seconds between two looks for rounds whose time is over.
SWEEP = 3600.0


def build(context: Context, config: Techmino) -> RunningPart:
    """Join the endpoints to the server, on the site and on ports of their own."""
    store = context.stores.rounds
    service = TechminoService(
        context.reactor,
        config,
        context.limits,
        context.sessions,
        context.accounts,
        context.rooms,
        context.metrics,
        store,
    )

    async def who(request: Request) -> int:
        """Recognise the site's own token, or the accessToken the game has."""
        token = argument(request, "accessToken") or bearer(request)
        try:
            return (await context.accounts.token_owner(TOKEN, token)).id
        except GameError:
            return (await context.accounts.token_owner(ACCESS, token)).id

    pages = {
        PATH: service.page(),
        "techmino/replays": replays_resource(who, Replays(context.reactor, store)),
    }
    listeners = listen(
        "techmino.endpoints",
        config.endpoints,
        site(tree(pages), connections=context.http_connections),
        "point a Techmino 0.14.5 client to {host}",
    )
    return RunningPart(
        listeners=listeners,
        pages=pages,
        periodic=[PeriodicTask(SWEEP, service.forget_old_rounds)],
        open_matches=service.matches,
        start=service.start,
        stop=service.stop,
    )


PART = Part(TECHMINO, Techmino, build)
