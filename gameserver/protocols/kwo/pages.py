"""What the site shows of the servers of the bridge, and what each role may do with them: start, stop, commands."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from twisted.web.server import Request

from gameserver.accounts import Account
from gameserver.consoles.console import Console
from gameserver.edge.context import Context
from gameserver.edge.http.json_resource import JsonResource, body
from gameserver.edge.http.people import operator
from gameserver.errors import Code, GameError
from gameserver.moderation import MODERATORS, Actor
from gameserver.protocols.kwo.announced import ElsewhereServer, consoles_elsewhere
from gameserver.protocols.kwo.bridged import HUB, Target
from gameserver.protocols.kwo.hub import COMMANDS, Hub, HubConsole

#: Longest command in characters.
COMMAND_LENGTH = 8000

#: A console of a program can do anything its user can: it is for administrators.
ADMINISTRATOR = "admin"

ACTIONS = ("start", "stop", "command")


class ProgramServer:
    """A supervised program; everything but looking on is for administrators."""

    def __init__(self, console: Console) -> None:
        self.name = console.name
        self._console = console

    def shown(self) -> dict[str, object]:
        """Return its state, whether it can be typed to, why it ended the last time, its players, its last lines."""
        console = self._console
        return {
            "state": console.state,
            "ready": console.ready,
            "ending": console.ending,
            "players": console.players,
            "tail": list(console.tail),
        }

    def actions(self, account: Account) -> tuple[str, ...]:
        """Return what somebody may do here."""
        return ACTIONS if account.role == ADMINISTRATOR else ()

    def target(self, _account: Account) -> Target:
        """Return what somebody drives."""
        return self._console


class HubServer:
    """The gameserver itself: moderators have its console, administrators may stop it too."""

    name = HUB

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def shown(self) -> dict[str, object]:
        """Return who is online. There are no lines: the gameserver's log is the operator's."""
        return {"state": "running", "ready": True, "ending": "", "players": self._hub.players, "tail": []}

    def actions(self, account: Account) -> tuple[str, ...]:
        """Return what somebody may do here."""
        return ("stop", "command") if account.role == ADMINISTRATOR else ("command",)

    def target(self, account: Account) -> Target:
        """Return the hub's console with the commands that the role allows."""
        allowed = [name for name in COMMANDS if name != "stop" or account.role == ADMINISTRATOR]
        return HubConsole(self._hub, allowed, Actor(account.name, account.role))


ShownServer = ProgramServer | HubServer


class ConsoleAction(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/kwo/<server>``: ``start``, ``stop``, or ``command`` with its text."""

    action: str
    command: str = ""


def consoles_page(context: Context, servers: Iterable[ShownServer]) -> JsonResource:
    """Return the resource ``/api/kwo`` with what is below it."""
    by_name = {server.name: server for server in servers}
    elsewhere = consoles_elsewhere(context.directory)

    def find(request: Request) -> ShownServer:
        parts = [part.decode("utf-8", "replace") for part in request.postpath or ()]
        server = by_name.get("/".join(parts).strip("/"))
        if server is None:
            raise GameError(Code.NOT_FOUND, "There is no such server.")
        return server

    async def show(request: Request) -> object:
        account = await operator(context, request, *MODERATORS)
        if [part for part in request.postpath or () if part]:
            return _shown(find(request), account)
        others = [one for one in elsewhere() if one.name not in by_name]
        return {"servers": [_shown(server, account) for server in (*by_name.values(), *others)]}

    async def act(request: Request) -> object:
        account = await operator(context, request, *MODERATORS)
        server = find(request)
        wanted = body(request, ConsoleAction)
        if wanted.action not in ACTIONS:
            raise GameError(Code.BAD_REQUEST, "An action is start, stop or command.")
        if wanted.action not in server.actions(account):
            raise GameError(Code.FORBIDDEN, "Your role does not allow this.")
        return {"result": await _done(context, server, account, wanted)}

    return JsonResource(GET=show, POST=act)


def _shown(server: ShownServer | ElsewhereServer, account: Account) -> dict[str, object]:
    return {"name": server.name, **server.shown(), "allowed": server.actions(account)}


async def _done(context: Context, server: ShownServer, account: Account, wanted: ConsoleAction) -> str:
    """Do what has been found allowed, and note it in the audit log; return what came of it."""
    target, command = server.target(account), wanted.command
    if wanted.action == "command":
        if not command.strip() or not command.isprintable() or len(command) > COMMAND_LENGTH:
            raise GameError(Code.BAD_REQUEST, f"A command is one line of at most {COMMAND_LENGTH} characters.")
        await context.moderation.note(account.name, "kwo command", server.name, command[:200])
        return await target.run_command(command)
    await context.moderation.note(account.name, f"kwo {wanted.action}", server.name)
    return await (target.start_program() if wanted.action == "start" else target.stop_program())
