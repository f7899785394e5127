"""What the site shows of the servers of the bridge, and what each role may do with them: start, stop, commands."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from twisted.internet.defer import ensureDeferred
from twisted.web.server import Request

from gameserver.accounts import Account
from gameserver.consoles.console import Console
from gameserver.edge.context import Context
from gameserver.edge.http.json_resource import JsonResource, body
from gameserver.edge.http.people import operator
from gameserver.errors import Code, GameError
from gameserver.moderation import MODERATORS, Actor
from gameserver.protocols.kwo.announced import CONSOLE, decode_shown
from gameserver.protocols.kwo.bridged import HUB, Target
from gameserver.protocols.kwo.elsewhere_console import ElsewhereConsole, state_of
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

    async def shown(self) -> dict[str, object]:
        """Return its state, whether it can be typed to, why it ended the last time, its players, its last lines."""
        return state_of(self._console)

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

    async def shown(self) -> dict[str, object]:
        """Return who is online. There are no lines: the gameserver's log is the operator's."""
        return {"state": "running", "ready": True, "ending": "", "players": self._hub.players, "tail": []}

    def actions(self, account: Account) -> tuple[str, ...]:
        """Return what somebody may do here."""
        return ("stop", "command") if account.role == ADMINISTRATOR else ("command",)

    def target(self, account: Account) -> Target:
        """Return the hub's console with the commands that the role allows."""
        allowed = [name for name in COMMANDS if name != "stop" or account.role == ADMINISTRATOR]
        return HubConsole(self._hub, allowed, Actor(account.name, account.role))


class ElsewhereServer:
    """A supervised program of another node."""

    def __init__(self, context: Context, name: str, node: str, announced: bytes) -> None:
        self.name = name
        self._node = node
        self._announced = announced
        self._console = ElsewhereConsole(context, node, name)

    async def shown(self) -> dict[str, object]:
        """Return the same as for a program here, and the node that has it; what it has announced if it is silent."""
        try:
            found = await self._console.shown()
        except GameError:
            known = decode_shown(self._announced)
            found = {"state": known.state, "ready": known.state == "running", "ending": "", "tail": []}
            found["players"] = known.players
        return {**found, "node": self._node}

    def actions(self, account: Account) -> tuple[str, ...]:
        """Return what somebody may do here."""
        return ACTIONS if account.role == ADMINISTRATOR else ()

    def target(self, _account: Account) -> ElsewhereConsole:
        """Return what somebody drives."""
        return self._console


ShownServer = ProgramServer | HubServer | ElsewhereServer


class ConsoleAction(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/kwo/<server>``: ``start``, ``stop``, or ``command`` with its text."""

    action: str
    command: str = ""


def consoles_page(context: Context, servers: Iterable[ShownServer]) -> JsonResource:
    """Return the resource ``/api/kwo`` with what is below it."""
    by_name = {server.name: server for server in servers}

    def find(request: Request) -> ShownServer:
        parts = [part.decode("utf-8", "replace") for part in request.postpath or ()]
        name = "/".join(parts).strip("/")
        if name in by_name:
            return by_name[name]
        found = context.directory.find(CONSOLE, name)
        if found is None:
            raise GameError(Code.NOT_FOUND, "There is no such server.")
        return ElsewhereServer(context, name, *found)

    async def show(request: Request) -> object:
        account = await operator(context, request, *MODERATORS)
        if [part for part in request.postpath or () if part]:
            return await _shown(find(request), account)
        found = context.directory.elsewhere(CONSOLE)
        others = [ElsewhereServer(context, *one) for one in found if one[0] not in by_name]
        shown = [ensureDeferred(_shown(server, account)) for server in (*by_name.values(), *others)]
        return {"servers": [await one for one in shown]}

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


async def _shown(server: ShownServer, account: Account) -> dict[str, object]:
    return {"name": server.name, **await server.shown(), "allowed": server.actions(account)}


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
