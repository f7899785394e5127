"""What the site shows of the console servers, and what operators may do with them: start, stop, commands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import msgspec
from twisted.internet.defer import Deferred
from twisted.web.server import Request

from gameserver.accounts import Account
from gameserver.edge.context import Context
from gameserver.edge.http.json_resource import JsonResource, body
from gameserver.edge.http.people import operator
from gameserver.errors import Code, GameError
from gameserver.moderation.moderation import MODERATORS

#: Longest command in characters.
COMMAND_LENGTH = 8000


class ConsoleServer(Protocol):
    """One server of the bridge, as the site needs it."""

    @property
    def name(self) -> str:
        """Its name in the paths."""

    @property
    def state(self) -> str:
        """``stopped``, ``starting``, ``running``, ``stopping`` or ``waiting``."""

    @property
    def players(self) -> list[str]:
        """Who is there."""

    @property
    def tail(self) -> Iterable[str]:
        """The last lines of its log."""

    @property
    def ending(self) -> str:
        """Why it ended the last time."""

    def may(self, account: Account, action: str) -> bool:
        """Say whether somebody may do ``start``, ``stop`` or ``command`` here."""

    async def start(self, account: Account) -> str:
        """Start it; return a sentence."""

    async def stop(self, account: Account) -> str:
        """Begin to stop it; return a sentence."""

    def run(self, command: str, account: Account) -> Deferred[str]:
        """Run a command; fires with its output."""


class ConsoleAction(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/kwo/<server>``: ``start``, ``stop``, or ``command`` with its text."""

    action: str
    command: str = ""


class Consoles:
    """Makes the resource ``/api/kwo`` and what is below it."""

    def __init__(self, context: Context, servers: Iterable[ConsoleServer]) -> None:
        self._context = context
        self._moderation = context.moderation
        self._servers = {server.name: server for server in servers}

    def resources(self) -> dict[str, JsonResource]:
        """Return the resources by path."""
        return {"api/kwo": JsonResource(GET=self._show, POST=self._act)}

    async def _show(self, request: Request) -> object:
        account = await operator(self._context, request, *MODERATORS)
        if [part for part in request.postpath or () if part]:
            return self._shown(self._find(request), account)
        return {"servers": [self._shown(server, account) for server in self._servers.values()]}

    @staticmethod
    def _shown(server: ConsoleServer, account: Account) -> dict[str, object]:
        return {
            "name": server.name,
            "state": server.state,
            "ending": server.ending,
            "players": server.players,
            "tail": list(server.tail),
            "allowed": [action for action in ("start", "stop", "command") if server.may(account, action)],
        }

    async def _act(self, request: Request) -> object:
        account = await operator(self._context, request, *MODERATORS)
        server = self._find(request)
        wanted = body(request, ConsoleAction)
        if wanted.action not in ("start", "stop", "command"):
            raise GameError(Code.BAD_REQUEST, "An action is start, stop or command.")
        if not server.may(account, wanted.action):
            raise GameError(Code.FORBIDDEN, "Your role does not allow this.")
        if wanted.action == "command":
            return {"result": await self._run(server, wanted.command, account)}
        await self._moderation.note(account.name, f"kwo {wanted.action}", server.name)
        work = server.start(account) if wanted.action == "start" else server.stop(account)
        return {"result": await work}

    async def _run(self, server: ConsoleServer, command: str, account: Account) -> str:
        if not command.strip() or not command.isprintable() or len(command) > COMMAND_LENGTH:
            raise GameError(Code.BAD_REQUEST, f"A command is one line of at most {COMMAND_LENGTH} characters.")
        await self._moderation.note(account.name, "kwo command", server.name, command[:200])
        return await server.run(command, account)

    def _find(self, request: Request) -> ConsoleServer:
        parts = [part.decode("utf-8", "replace") for part in request.postpath or ()]
        server = self._servers.get("/".join(parts).strip("/"))
        if server is None:
            raise GameError(Code.NOT_FOUND, "There is no such server.")
        return server
