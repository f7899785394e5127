"""What operators see and do on the site: sessions, limits, matches, the audit log, kick, mute, ban."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import msgspec
from twisted.web.server import Request

from gameserver.accounts.reset_links import LIFETIME
from gameserver.edge.context import Context
from gameserver.edge.http.json_resource import JsonResource, argument, body
from gameserver.edge.http.people import actor, operator
from gameserver.edge.relay.asking import answering, ask_all
from gameserver.errors import Code, GameError
from gameserver.moderation import MODERATORS
from gameserver.reactor import wall
from gameserver.sessions.players import name_key
from gameserver.web.connections import connections
from gameserver.web.own_account import delete_account

#: What answers other nodes with the last lines of the log here.
LOG = "server log"

#: Longest name or address, in characters; a name has 64 at most.
SUBJECT_LENGTH = 80


class Action(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/operator/act``: ``kick``, ``revoke``, ``mute``, ``delete``, …

    ``minutes`` limits a mute or ban; without it, it is for good. A lift names a player, or an address with
    ``address:`` before it. ``force`` is an administrator's, for addresses that are banned with it only. Who may act
    against whom is ``moderation.rule``'s.
    """

    action: str
    subject: str
    reason: str = ""
    minutes: int | None = None
    force: bool = False


class Operators:
    """Makes the resources. ``log`` returns the last lines of the server's log."""

    def __init__(self, context: Context, log: Callable[[], list[str]]) -> None:
        self._context = context
        self._moderation = context.moderation
        self._lines = log
        context.relays.serve(LOG, answering(self._log_here))

    def resources(self) -> dict[str, JsonResource]:
        """Return the resources by path."""
        return {
            "api/operator/overview": JsonResource(GET=self._overview),
            "api/operator/log": JsonResource(GET=self._log),
            "api/operator/server-log": JsonResource(GET=self._server_log),
            "api/operator/act": JsonResource(POST=self._act),
        }

    async def _overview(self, request: Request) -> object:
        await operator(self._context, request, *MODERATORS)
        now = wall(self._context.reactor)
        return {
            "sessions": await connections(self._context),
            "limits": attrs.asdict(self._context.limits),
            "matches": self._context.open_matches(),
            "sanctions": [
                attrs.asdict(item)
                for item in await self._moderation.sanctions()
                if item.until_ms is None or item.until_ms > now * 1000
            ],
        }

    async def _log(self, request: Request) -> object:
        await operator(self._context, request, *MODERATORS)
        limit = argument(request, "limit", "100")
        if not limit.isdecimal() or not 1 <= int(limit) <= 1000:
            raise GameError(Code.BAD_REQUEST, "limit is a whole number from 1 to 1000.")
        return {"entries": [attrs.asdict(entry) for entry in await self._moderation.log(int(limit))]}

    async def _server_log(self, request: Request) -> object:
        await operator(self._context, request, "admin")
        context, lines = self._context, self._lines()
        for node, told in await ask_all(context.relays, context.reactor, context.directory, LOG, b""):
            lines += [f"— node {node}:", *msgspec.json.decode(told, type=list[str])]
        return {"lines": lines}

    async def _log_here(self, _question: bytes) -> bytes:
        return msgspec.json.encode(self._lines())

    async def _act(self, request: Request) -> object:
        asker = await operator(self._context, request, *MODERATORS)
        wanted = body(request, Action)
        subject, by, reason, minutes = wanted.subject.strip(), actor(asker, request), wanted.reason, wanted.minutes
        if not 1 <= len(subject) <= SUBJECT_LENGTH or (minutes is not None and not 1 <= minutes <= 525_600):
            raise GameError(
                Code.BAD_REQUEST, "An action needs a name or an address, and minutes from 1 to 525600 if any."
            )
        if wanted.action == "kick":
            return {"ended": await self._moderation.kick(subject, by, reason)}
        if wanted.action == "revoke":
            return {"ended": await self._moderation.revoke(subject, by)}
        if wanted.action == "delete":
            await delete_account(self._context, subject, by)
            return {"done": "delete"}
        if wanted.action == "reset":
            return {"token": await self._moderation.reset(subject, by), "expires_in": LIFETIME}
        if wanted.action == "mute":
            return {"done": "mute", "known": await self._moderation.mute(subject, by, reason, minutes)}
        if wanted.action == "ban":
            return {"done": "ban", "known": await self._moderation.ban(subject, by, reason, minutes)}
        if wanted.action == "ban_address":
            await self._moderation.ban_address(subject, by, reason, minutes, force=wanted.force)
        elif wanted.action in ("lift_mute", "lift_ban"):
            named = subject if subject.startswith(("name:", "address:", "guest:")) else f"name:{name_key(subject)}"
            await self._moderation.lift(wanted.action.removeprefix("lift_"), named, by)
        else:
            raise GameError(Code.BAD_REQUEST, f"There is no action {wanted.action}.")
        return {"done": wanted.action}


def operator_pages(context: Context, log: Callable[[], list[str]]) -> dict[str, JsonResource]:
    """Return the operators' resources by path."""
    return Operators(context, log).resources()
