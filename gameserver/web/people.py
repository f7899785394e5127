"""Signing up, logging in and out on the site. The token opens its pages, and protocols take it for a password."""

from __future__ import annotations

from typing import Any

import msgspec
from twisted.web.server import Request

from gameserver.accounts import Account
from gameserver.accounts.password_rules import weakness
from gameserver.accounts.tokens import LOGIN
from gameserver.edge.context import Context
from gameserver.edge.http.json_resource import JsonResource, address, bearer, body
from gameserver.edge.http.people import who
from gameserver.net.http import header, wanted


class SignUp(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/accounts``."""

    name: str
    password: str
    email: str | None = None


class LogIn(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/login``."""

    name: str
    password: str


class LogOut(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/logout``: in this browser, or ``everywhere``, which ends all sessions and tokens."""

    everywhere: bool = False


def people_pages(context: Context) -> dict[str, JsonResource]:
    """Return the resources by path."""

    async def sign_up(request: Request) -> object:
        asked = body(request, SignUp)
        host = address(request)
        context.sessions.check_banned(host)
        asker = await who(context, request) if header(request, b"Authorization") else None
        guest = asker if asker is not None and asker.temporary else None
        account = await context.accounts.register(
            asked.name, asked.password, asked.email or None, host, wanted=wanted(request), guest=guest
        )
        if guest is not None:
            context.sessions.end_older(account.id, account.epoch)
        answer = {"name": account.name, "team": account.team}
        if warning := weakness(asked.password, asked.name, asked.email or ""):
            answer["warning"] = warning
        return answer

    async def log_in(request: Request) -> object:
        given = body(request, LogIn)
        host = address(request)
        context.sessions.check_banned(host)
        account = await context.accounts.authenticate(given.name, given.password, host, wanted=wanted(request))
        context.sessions.check_banned(player=account.player)
        token, lifetime = await context.accounts.tokens.issue_login(account)
        return _shown(account) | {"token": token, "expires_in": lifetime}

    async def say_who(request: Request) -> object:
        return _shown(await who(context, request))

    async def log_out(request: Request) -> object:
        asked = body(request, LogOut)
        account = await who(context, request)
        if asked.everywhere:
            epoch = await context.accounts.revoke(account.id)
            return {"ended": context.sessions.end_older(account.id, epoch)}
        await context.accounts.tokens.end(LOGIN, bearer(request))
        return {"ended": 0}

    return {
        "api/accounts": JsonResource(POST=sign_up),
        "api/login": JsonResource(GET=say_who, POST=log_in),
        "api/logout": JsonResource(POST=log_out),
    }


def _shown(account: Account) -> dict[str, Any]:
    return {"name": account.name, "role": account.role, "guest": account.temporary}
