"""Everything that generation 3 asks for, by path."""

from __future__ import annotations

from twisted.web.resource import IResource
from twisted.web.util import Redirect

from gameserver.edge.channel import websocket_page
from gameserver.edge.context import Context
from gameserver.net.origins import Origins
from gameserver.protocols.techmino.generation3.api import Api
from gameserver.protocols.techmino.generation3.connecting import Connecting
from gameserver.protocols.techmino.generation3.site_pages import ticket_pages
from gameserver.protocols.techmino.generation3.tokens import Tokens
from gameserver.protocols.techmino.shared import TechminoShared

#: Where the client looks for its WebSocket.
SOCKET = "techmino/ws/v1"

#: Where it looks for people and for its game; they are the same here.
API = ("techmino/api/v1", "studio26f/api/v1")

#: The page that its login screen opens in a browser, and our page of that kind.
LOGIN_PAGE, TICKET_PAGE = "oauth", b"/#/techmino/ticket"


def generation3_pages(context: Context, shared: TechminoShared, ping_interval: float) -> dict[str, IResource]:
    """Return the resources; every ``ping_interval`` seconds a client is sent a Ping."""
    tokens = Tokens(shared.identities)
    socket = websocket_page(
        shared,
        Connecting(shared, tokens).connect,
        greeting="Techmino clients from 0.17.7 on connect here with a WebSocket.",
        utf8=False,
        ping_interval=ping_interval,
        origins=Origins(shared.config.origins),
    )
    return {
        SOCKET: socket,
        **{path: Api(shared, tokens) for path in API},
        LOGIN_PAGE: Redirect(TICKET_PAGE),
        **ticket_pages(context, tokens),
    }
