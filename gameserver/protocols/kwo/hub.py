"""The hub: this gameserver as a KWO server. Its players are everybody who is online, its console is ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from twisted.internet.defer import Deferred, DeferredLock
from twisted.logger import Logger

from gameserver.edge.context import Context
from gameserver.errors import Code, GameError
from gameserver.moderation import Actor
from gameserver.protocols.kwo.bridged import KWO
from gameserver.rooms.rooms import told
from gameserver.sessions.events import ServerNotice
from gameserver.sessions.players import Player

#: Seconds between the answer to ``stop`` and the stop.
LAST_WORDS = 0.2

#: The speaker of what the hub says.
ADMIN = Player("admin", role="admin", voice=True)

#: What each command does, for ``help``.
COMMANDS = {
    "list": "list: who is online",
    "say": "say TEXT: say something to everybody",
    "kick": "kick NAME [REASON]: end all connections of a player",
    "msg": "msg NAME TEXT: say something to one player",
    "games": "games: the open games",
    "help": "help: the commands that are allowed here",
    "stop": "stop: stop the gameserver",
}


class Hub:
    """The console of the gameserver. ``namespace`` is the community that it sees."""

    _log = Logger()

    def __init__(self, context: Context, namespace: str) -> None:
        self._context = context
        self._sessions = context.sessions
        self._rooms = context.rooms
        self._moderation = context.moderation
        self._namespace = namespace
        self._lock = DeferredLock()
        self._commands: dict[str, Callable[[str, Actor], str | Awaitable[str]]] = {
            "list": self._list,
            "say": self._say,
            "kick": self._kick,
            "msg": self._msg,
            "games": self._show_games,
            "stop": self._stop,
        }

    @property
    def players(self) -> list[str]:
        """Who is online."""
        return [player.name for player in self._sessions.online(self._namespace)]

    def announce(self, text: str) -> None:
        """Say something to everybody in the public room, but not at this protocol: its clients are not players."""
        topics = self._sessions.topics
        topics.publish(
            self._rooms.room(self._namespace).topic, ServerNotice(text), lambda other: other.protocol == KWO
        )

    def run_line(self, line: str, allowed: Iterable[str], by: Actor) -> Deferred[str]:
        """Run a command; fires with what it says, also when it cannot be done. One runs after the other.

        ``allowed`` are the commands that this asker may use, ``by`` is who they are to moderation.
        """
        return self._lock.run(lambda: Deferred.fromCoroutine(self._answer(line, frozenset(allowed), by)))

    async def _answer(self, line: str, allowed: frozenset[str], by: Actor) -> str:
        word, _, rest = line.strip().removeprefix("/").partition(" ")
        word = word.lower()
        if word not in COMMANDS:
            return f"Unknown command: {word}. Type help for the commands."
        if word not in allowed:
            return f"The command {word} is not allowed here."
        if word == "help":
            return "\n".join(about for name, about in COMMANDS.items() if name in allowed)
        try:
            result = self._commands[word](rest.strip(), by)
            return result if isinstance(result, str) else await result
        except GameError as error:
            return error.text
        except Exception:
            self._log.failure("hub command {word}", word=word)
            return "Something went wrong here."

    def _list(self, _rest: str, _by: Actor) -> str:
        names = self.players
        # The words of a Bedrock server: bots read the numbers out of them.
        return f"There are {len(names)}/{self._context.limits.connections} players online:\n{', '.join(names)}"

    def _say(self, rest: str, _by: Actor) -> str:
        if not rest:
            return COMMANDS["say"]
        self.announce(rest)
        return f"[Server] {rest}"

    async def _kick(self, rest: str, by: Actor) -> str:
        name, _, reason = rest.partition(" ")
        if not name:
            return COMMANDS["kick"]
        await self._moderation.kick(name, by, reason.strip())
        return f"Kicked {name}."

    async def _msg(self, rest: str, _by: Actor) -> str:
        name, _, text = rest.partition(" ")
        if not text.strip():
            return COMMANDS["msg"]
        reached = await told(self._rooms.tell(self._namespace, ADMIN, name, text.strip()))
        return f"Told {name}: {text.strip()}" if reached else f"{name} is not online."

    def _show_games(self, _rest: str, _by: Actor) -> str:
        games = self._context.open_matches()
        lines = [f"There are {len(games)} open games{':' if games else '.'}"]
        for game in games:
            shown = [f"{key} {value}" for key, value in game.items() if not isinstance(value, (dict, list))]
            lines.append(", ".join(shown))
        return "\n".join(lines)

    async def _stop(self, _rest: str, by: Actor) -> str:
        await self._moderation.note(by.name, "stop", KWO)
        self._context.reactor.callLater(LAST_WORDS, self._context.shutdown)
        return "The gameserver is stopping."


class HubConsole:
    """The hub as one asker may use it; the target of its endpoint."""

    def __init__(self, hub: Hub, allowed: Iterable[str], by: Actor) -> None:
        self._hub = hub
        self._allowed = frozenset(allowed)
        self._by = by

    async def start_program(self) -> str:
        """Say that the hub always runs."""
        raise GameError(Code.ALREADY_RUNNING, "The server is running already.")

    async def stop_program(self) -> str:
        """Stop the gameserver, if that is allowed."""
        return await self.run_command("stop")

    def run_command(self, command: str) -> Deferred[str]:
        """Run a command of the console."""
        return self._hub.run_line(command, self._allowed, self._by)

    def say(self, text: str) -> None:
        """Say something to everybody. Raises ``GameError`` ``forbidden``."""
        if "say" not in self._allowed:
            raise GameError(Code.FORBIDDEN, "Saying something is not allowed here.")
        if text:
            self._hub.announce(text)
