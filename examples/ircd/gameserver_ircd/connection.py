"""One client: its lines, in order, to the handlers."""

from collections.abc import Awaitable, Callable, Mapping

from gameserver.edge.shared import Shared
from gameserver.edge.stream import StreamConnection
from gameserver.errors import GameError
from gameserver.net.lines import Damage, Lines
from gameserver_ircd.encoders import SERVER, line
from gameserver_ircd.messages import decode

#: What a command does, the parameters it needs, and whether it is only for who has logged in.
Handlers = Mapping[str, tuple[Callable[..., Awaitable[None] | None], int, bool]]

#: The numbers for what accounts, rooms and the edge refuse.
NUMBERS = {"bad_name": "432", "name_taken": "433", "bad_credentials": "464", "banned": "465"}
NUMBERS |= {"too_fast": "263", "muted": "404"}


class IrcConnection(StreamConnection[str | Damage, Shared]):
    """A client, with what it has said of itself; ``about`` is what a refusal would be about."""

    NOT_HTTP = "This port speaks IRC, not HTTP."

    def __init__(self, shared: Shared, handlers: Handlers) -> None:
        super().__init__(shared, Lines(512))
        self.handlers = handlers
        self.password = self.nick = self.user = self.about = ""

    def handle(self, item: str | Damage) -> Awaitable[None] | None:
        """See ``Connection``."""
        command, parameters = decode(item) if isinstance(item, str) else ("", [])
        self.about = command
        function, least, players_only = self.handlers.get(command, (None, 0, False))
        if isinstance(item, Damage):
            self.reply("417", text="A line has at most 512 bytes.")
        elif players_only and self.player is None:
            self.reply("451", text="Say who you are first: NICK and USER.")
        elif len(parameters) < least:
            self.reply("461", command, text="Not enough parameters.")
        elif function is not None:
            return self.measured(command.lower(), function, self, self.player, *parameters)
        elif command:
            self.reply("421", command, text="There is no such command here.")
        return None

    def reply(self, number: str, *words: str, text: str | None = None) -> None:
        """Send an answer with its number."""
        name = self.player.name if self.player is not None else self.nick or "*"
        self.deliver(line(SERVER, number, name, *words, text=text))

    def refused(self, error: GameError) -> None:
        """See ``Connection``."""
        self.reply(NUMBERS.get(error.code, "400"), self.about, text=error.text)

    def goodbye(self, code: str, text: str) -> None:
        """See ``Connection``."""
        self.deliver(f"ERROR :{text}\r\n".encode())
