"""What people do with their own account on the site: see what is kept of them, delete it, give it a new password."""

from __future__ import annotations

from typing import Any

import attrs
import msgspec
from twisted.internet.defer import ensureDeferred
from twisted.logger import Logger
from twisted.web.server import Request

from gameserver.accounts import Account
from gameserver.accounts.password_rules import weakness
from gameserver.edge.context import Context
from gameserver.edge.http.json_resource import JsonResource, address, body
from gameserver.edge.http.people import actor, who
from gameserver.errors import Code, GameError
from gameserver.moderation import Actor
from gameserver.net.http import wanted
from gameserver.reactor import wall
from gameserver.web.connections import connections

_log = Logger()


class Confirmed(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/account/delete``: a token is not enough for it."""

    password: str


class NewPassword(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/account/password``."""

    password: str
    new_password: str


class Reset(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/reset``: the token of a link that an operator has handed out."""

    token: str
    password: str


def own_account_pages(context: Context) -> dict[str, JsonResource]:
    """Return the resources by path."""

    async def data(request: Request) -> object:
        return await everything_of(context, await who(context, request))

    async def confirm(request: Request, account: Account, password: str) -> None:
        await context.accounts.confirm(account.id, password, address(request), wanted(request))

    async def delete(request: Request) -> object:
        account = await who(context, request)
        await confirm(request, account, body(request, Confirmed).password)
        await delete_account(context, account.name, actor(account, request))
        return {"deleted": account.name}

    async def password(request: Request) -> object:
        account = await who(context, request)
        given = body(request, NewPassword)
        await confirm(request, account, given.password)
        epoch = await context.accounts.change_password(account.id, given.new_password)
        return await changed(attrs.evolve(account, epoch=epoch), given.new_password)

    async def reset(request: Request) -> object:
        given = body(request, Reset)
        context.sessions.check_banned(address(request))
        account = await context.accounts.reset_links.use(given.token, given.password)
        return {"name": account.name} | await changed(account, given.password)

    async def changed(account: Account, password: str) -> dict[str, Any]:
        """Note that an account has a new password, and end what was opened with the old one."""
        await context.moderation.note(account.name, "password", f"name:{account.player.key}")
        answer: dict[str, Any] = {"ended": context.sessions.end_older(account.id, account.epoch)}
        if warning := weakness(password, account.name, account.email or ""):
            answer["warning"] = warning
        return answer

    return {
        "api/account/data": JsonResource(GET=data),
        "api/account/delete": JsonResource(POST=delete),
        "api/account/password": JsonResource(POST=password),
        "api/reset": JsonResource(POST=reset),
    }


async def everything_of(context: Context, account: Account) -> object:
    """Return all that is known of an account: what is kept, and its connections.

    Raises ``GameError`` ``no_account``.
    """
    kept = await context.stores.personal.export(account.id)
    if kept is None:
        raise GameError(Code.NO_ACCOUNT, f"There is no account {account.name}.")
    now_ms = int(wall(context.reactor) * 1000)
    return {"exported_ms": now_ms, **kept, "sessions": await connections(context, account.name)}


async def delete_account(context: Context, name: str, by: Actor) -> None:
    """Delete an account; its name goes out of what stays afterwards. Errors as ``Moderation.delete``."""
    await context.moderation.delete(name, by)
    # Of many matches it takes a while. What is not done now is done by the sweep.
    ensureDeferred(context.stores.personal.forget_former()).addErrback(
        lambda failure: _log.failure("a former name was not taken out; it is tried again", failure)
    )
