"""The Techmino protocol, joined to the services."""

from __future__ import annotations

from twisted.web.server import Request

from gameserver.app.parts import Parts, listen
from gameserver.app.services import Services
from gameserver.errors import GameError
from gameserver.protocols.techmino.logins import ACCESS
from gameserver.protocols.techmino.replays import Replays
from gameserver.protocols.techmino.service import PATH, TechminoService
from gameserver.storage.techmino import DatabaseRounds
from gameserver.web.json_resource import argument, bearer
from gameserver.web.people import TOKEN
from gameserver.web.replays import replays_resource
from gameserver.web.site import site, tree

#: Seconds between two looks for rounds whose time is over.
SWEEP = 3600.0


def parts(services: Services) -> Parts:
    """Return the protocol: five WebSocket endpoints and the replays, on the site and on ports of their own."""
    config = services.config
    store = DatabaseRounds(services.database)
    service = TechminoService(
        services.reactor,
        config.techmino,
        config.limits,
        services.sessions,
        services.accounts,
        services.rooms,
        services.metrics,
        store,
    )

    async def who(request: Request) -> int:
        """Recognise the site's own token, or the accessToken the game has."""
        token = argument(request, "accessToken") or bearer(request)
        try:
            return (await services.accounts.token_owner(TOKEN, token)).id
        except GameError:
            return (await services.accounts.token_owner(ACCESS, token)).id

    pages = {
        PATH: service.page(),
        "techmino/replays": replays_resource(who, Replays(services.reactor, store)),
    }
    listeners = listen(
        "techmino.endpoints",
        config.techmino.endpoints,
        site(tree(pages), connections=services.web_connections),
        "point a Techmino 0.14.5 client to {host}",
    )
    return Parts(
        protocols=[service],
        listeners=listeners,
        pages=pages,
        periodic=[(SWEEP, service.forget_old_rounds)],
        matches=[service.matches],
    )
