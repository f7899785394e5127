"""Signing up and logging in on the site. The token is for the site's own pages; protocols have their own logins."""

from __future__ import annotations

import msgspec
from twisted.web.server import Request

from gameserver.accounts.password_rules import weakness
from gameserver.edge.context import Context
from gameserver.edge.http.json_resource import JsonResource, address, body
from gameserver.edge.http.people import TOKEN, TOKEN_LIFETIME


class SignUp(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/accounts``."""

    name: str
    password: str
    email: str | None = None


class LogIn(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/login``."""

    name: str
    password: str


def people_pages(context: Context) -> dict[str, JsonResource]:
    """Return the resources by path."""

    async def sign_up(request: Request) -> object:
        wanted = body(request, SignUp)
        host = address(request)
        context.sessions.check_banned(host)
        account = await context.accounts.register(wanted.name, wanted.password, wanted.email or None, host)
        answer = {"name": account.name, "team": account.team}
        if warning := weakness(wanted.password, wanted.name, wanted.email or ""):
            answer["warning"] = warning
        return answer

    async def log_in(request: Request) -> object:
        given = body(request, LogIn)
        host = address(request)
        context.sessions.check_banned(host)
        account = await context.accounts.authenticate(given.name, given.password, host)
        context.sessions.check_banned(player=account.player)
        token = await context.accounts.issue_token(account, TOKEN, TOKEN_LIFETIME)
        return {"name": account.name, "role": account.role, "token": token, "expires_in": TOKEN_LIFETIME}

    return {"api/accounts": JsonResource(POST=sign_up), "api/login": JsonResource(POST=log_in)}
