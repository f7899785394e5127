"""The Techmino door, joined to the house."""

from __future__ import annotations

from twisted.web.server import Request

from gameserver.errors import GameError
from gameserver.protocols.techmino.logins import ACCESS
from gameserver.protocols.techmino.replays import Replays
from gameserver.protocols.techmino.service import PATH, TechminoService
from gameserver.service.house import House
from gameserver.service.parts import Parts, listen
from gameserver.storage.techmino import DatabaseRounds
from gameserver.web.json_resource import argument, bearer
from gameserver.web.people import TOKEN
from gameserver.web.replays import replays_resource
from gameserver.web.site import site, tree

#: Seconds between two looks for rounds whose time is over.
SWEEP = 3600.0


def parts(house: House) -> Parts:
    """Return the door: five WebSocket endpoints and the replays, on the site and on ports of their own."""
    config = house.config
    store = DatabaseRounds(house.database)
    service = TechminoService(
        house.reactor,
        config.techmino,
        config.limits,
        house.sessions,
        house.accounts,
        house.rooms,
        house.metrics,
        store,
    )

    async def who(request: Request) -> int:
        """Recognise the site's own token, or the accessToken the game has."""
        token = argument(request, "accessToken") or bearer(request)
        try:
            return (await house.accounts.token_owner(TOKEN, token)).id
        except GameError:
            return (await house.accounts.token_owner(ACCESS, token)).id

    pages = {
        PATH: service.page(),
        "techmino/replays": replays_resource(who, Replays(house.reactor, store)),
    }
    listeners = listen(
        "techmino.endpoints",
        config.techmino.endpoints,
        site(tree(pages), connections=house.web_connections),
        "point a Techmino 0.14.5 client to {host}",
    )
    return Parts(
        doors=[service],
        listeners=listeners,
        pages=pages,
        chores=[(SWEEP, service.forget_old_rounds)],
        matches=[service.matches],
    )
