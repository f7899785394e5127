"""The servers of the bridge as the site shows them, and which role may do what with them."""

from __future__ import annotations

from collections.abc import Iterable

from twisted.internet.defer import Deferred

from gameserver.accounts import Account
from gameserver.consoles.console import Console
from gameserver.protocols.kwo.hub import COMMANDS, Hub, HubConsole

#: A console of a program can do anything its user can: it is for administrators.
ADMINISTRATOR = "admin"


class ProgramServer:
    """A supervised program; everything but looking on is for administrators."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def name(self) -> str:
        """Its name in the configuration."""
        return self._console.name

    @property
    def state(self) -> str:
        """As the console's."""
        return self._console.state

    @property
    def players(self) -> list[str]:
        """Who is in the game, as far as the output tells."""
        return self._console.players

    @property
    def tail(self) -> Iterable[str]:
        """The last lines of its output."""
        return self._console.tail

    @property
    def ending(self) -> str:
        """Why it ended the last time."""
        return self._console.ending

    def may(self, account: Account, action: str) -> bool:
        """Say whether somebody may act here."""
        return account.role == ADMINISTRATOR

    async def start(self, account: Account) -> str:
        """Start the program."""
        return await self._console.start()

    async def stop(self, account: Account) -> str:
        """Begin to stop the program."""
        return await self._console.stop()

    def run(self, command: str, account: Account) -> Deferred[str]:
        """Type a command."""
        return self._console.run(command)


class HubServer:
    """The gameserver itself: moderators have its console, administrators may stop it too."""

    name = "hub"
    state = "running"
    ending = ""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    @property
    def players(self) -> list[str]:
        """Who is online."""
        return self._hub.players

    @property
    def tail(self) -> Iterable[str]:
        """Nothing: the gameserver's log is the operator's."""
        return ()

    def may(self, account: Account, action: str) -> bool:
        """Say whether somebody may act here."""
        return action == "command" or (action == "stop" and account.role == ADMINISTRATOR)

    async def start(self, account: Account) -> str:
        """Say that it runs. Raises ``GameError``."""
        return await self._console(account).start()

    async def stop(self, account: Account) -> str:
        """Stop the gameserver."""
        return await self._console(account).stop()

    def run(self, command: str, account: Account) -> Deferred[str]:
        """Run a command that the role allows."""
        return self._console(account).run(command)

    def _console(self, account: Account) -> HubConsole:
        allowed = [name for name in COMMANDS if name != "stop" or account.role == ADMINISTRATOR]
        return HubConsole(self._hub, allowed, account.name)
