"""For the site's page about generation 3: a ticket, and the password in the form that some of its clients send."""

from __future__ import annotations

import msgspec
from twisted.web.server import Request

from gameserver.edge.context import Context
from gameserver.edge.http.json_resource import JsonResource, address, body
from gameserver.edge.http.people import who
from gameserver.net.http import wanted
from gameserver.protocols.techmino.generation3.tokens import Tokens


class Password(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/techmino/password``."""

    password: str


def ticket_pages(context: Context, tokens: Tokens) -> dict[str, JsonResource]:
    """Return the resources by path; both are for who has logged in on the site."""

    async def ticket(request: Request) -> object:
        """Return a new ticket; the older one ends."""
        return {"ticket": await tokens.ticket(await who(context, request))}

    async def keep_password(request: Request) -> object:
        """Let the clients in that send a hash of the password; it has to be given once, and is not kept itself."""
        given = body(request, Password)
        account = await who(context, request)
        await context.accounts.keep_seeded(account.id, given.password, address(request), wanted(request))
        # The login screen takes only what looks like an address.
        return {"login": account.email or f"{account.name}@lan"}

    return {
        "api/techmino/ticket": JsonResource(POST=ticket),
        "api/techmino/password": JsonResource(POST=keep_password),
    }
