"""One client of a season, over telnet or a WebSocket: lines in order to the lobby, then to the game.

Replies leave whole: all data lines and the OK in one write, so that nothing pushed can come between them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from twisted.logger import Logger

from gameserver.errors import Code, GameError
from gameserver.games.api import Participant
from gameserver.protocols.kassel.commands import separate
from gameserver.protocols.kassel.events import Framing
from gameserver.protocols.kassel.help import offered, split
from gameserver.protocols.kassel.ingame import InGame
from gameserver.protocols.kassel.lobby import HANDLERS, INGAME
from gameserver.protocols.kassel.maps import Upload
from gameserver.protocols.kassel.news import game_encoders, lobby_encoders, message_line
from gameserver.protocols.kassel.pace import PATIENCE, Pace
from gameserver.protocols.kassel.shared import SeasonShared
from gameserver.protocols.kassel.telnet import Damage
from gameserver.sessions.players import Player
from gameserver.sessions.session import Encoders, Session

#: Members of a team that a game shows besides those who take part.
TEAM_MEMBERS = 30


class Wire(Protocol):
    """A way to one client. ``framing`` puts one line (or one message) into the transport's frame."""

    framing: Framing

    def write(self, data: bytes) -> None:
        """Send bytes that are framed already."""

    def write_raw(self, data: bytes) -> None:
        """Send the bytes of a file."""

    def expect_upload(self, longest: int) -> None:
        """Take what comes next for the bytes of a file."""

    def close(self) -> None:
        """Send what waits and end the connection."""

    @property
    def clogged(self) -> bool:
        """Whether the client is behind with reading."""

    @property
    def backlog(self) -> bool:
        """Whether the client has sent more than what is being handled."""


class Languages:
    """The encoders of a transport, one pair for all its connections."""

    def __init__(self, framing: Framing) -> None:
        self.lobby: Encoders = lobby_encoders(framing)
        self.game: Encoders = game_encoders(framing)


class Connection:
    """The state machine: greeting, login, lobby, game. Its ``Sink`` is itself."""

    _log = Logger()

    def __init__(self, shared: SeasonShared, wire: Wire, languages: Languages, address: str) -> None:
        """Open a session; raises ``GameError`` when there is no room for it."""
        self.shared = shared
        self.wire = wire
        self._languages = languages
        self.session: Session = shared.sessions.open(shared.name, address, self, languages.lobby, shared.namespace)
        self.game: InGame | None = None
        #: The colour chosen in this session.
        self.color: str | None = None
        self._playing = ""
        self._upload: Upload | None = None
        self._overheard: list[bytes] | None = None
        #: Pushes that came between a JOIN GAME and the end of its dump.
        self._late: list[bytes] | None = None
        #: Whether anybody has ever logged in here.
        self._known = False
        self._closing = False
        self._pace = Pace(shared.reactor, shared.limits)

    @property
    def player(self) -> Player:
        """Who has logged in. Raises ``GameError`` ``not_logged_in``."""
        if self.session.player is None:
            raise GameError(Code.NOT_LOGGED_IN, 'Log in first. Usage: "LOGIN (<login>|<email>) <password>"')
        return self.session.player

    def greet(self) -> None:
        """Speak first."""
        self.send([self.shared.season.greeting])

    def handle(self, item: str | bytes | Damage) -> Awaitable[None] | None:
        """Handle one line, or the bytes of an upload."""
        if self._upload is not None:
            upload, self._upload = self._upload, None
            return self._reply("upload", upload.received(self, item))
        if isinstance(item, str) and not item.strip():
            return None
        if isinstance(item, str) and self.game is not None and len(pieces := separate(item)) > 1:
            return self._several(pieces)
        if not self._pace.fits():
            return self._hurried(item)
        return self._carry_out(item)

    async def _several(self, commands: list[str]) -> None:
        """Handle the JSON commands of one line, each like one in a line of its own."""
        for command in commands:
            try:
                running = self.handle(command) if self.session.open else None
                if running is not None:
                    await running
            except GameError as error:
                self.refused(error)

    def _carry_out(self, item: str | bytes | Damage) -> Awaitable[None] | None:
        game = self.game
        if game is not None and (not game.left or (isinstance(item, str) and item.lstrip().startswith("{"))):
            return game.handle(item)
        if not isinstance(item, str):
            raise GameError(Code.TOO_LONG, "This line is too long.")
        if game is not None:
            self._back_to_lobby()
        return self._command(item)

    def _command(self, line: str) -> Awaitable[None] | None:
        known = offered(self.shared.season)
        words, rest = split(line, known)
        if known[words].login:
            # Asked for its error.
            _ = self.player
        return self._reply(words.lower().replace(" ", "_"), HANDLERS[words](self, rest))

    def _reply(self, kind: str, result: list[str] | Awaitable[list[str] | None] | None) -> Awaitable[None] | None:
        began = self.shared.reactor.seconds()
        if result is None or isinstance(result, list):
            self._confirm(result)
            self.shared.handled(kind, began)
            return None

        async def later() -> None:
            self._confirm(await result)
            self.shared.handled(kind, began)

        return later()

    def _confirm(self, lines: list[str] | None) -> None:
        """Send the data lines and the OK; ``None`` has been answered already."""
        if lines is not None and self.session.open:
            self.send([*lines, "OK"])
        if self._closing:
            self.leave()

    def refused(self, error: GameError) -> None:
        """Answer what cannot be done."""
        if self.game is not None and not self.game.left:
            self.game.say(f"ERROR: command - {error.text}")
        else:
            self.send([f"ERROR: {error.text}"])

    def crashed(self) -> None:
        """Answer what failed by our own fault."""
        self.refused(GameError(Code.INTERNAL, "Internal error."))

    def send(self, lines: Iterable[str]) -> None:
        """Send lines of text in one write."""
        framing = self.wire.framing
        self.wire.write(b"".join([framing(line.encode("utf-8", "replace")) for line in lines]))

    def _hurried(self, item: str | bytes | Damage) -> Awaitable[None] | None:
        """Handle a command above the limit.

        Who waits for each answer, as programs do, only gets it later. Who sends on and on is warned; in the lobby
        the command is refused, in a game it is late, and in the end he is put out.
        """
        waits = not self.wire.backlog
        if not waits:
            if self.game is None or self.game.left:
                self._count_flood(self._pace.refusal())
                if self.session.open:
                    self.send(["ERROR: FLOOD DETECTED! Too many commands; wait a moment."])
                return None
            warning = self._pace.warning()
            if warning is not None:
                self.game.say(f"FLOOD DETECTED! This is warning #{warning}!")
                self._count_flood(warning >= PATIENCE)
        return self._later(item, waits)

    def _count_flood(self, too_much: bool) -> None:
        self.shared.metrics.error(self.shared.name, "too_fast")
        if too_much:
            self._log.info("kassel session {id}: far too many commands", id=self.session.id)
            self.leave()

    async def _later(self, item: str | bytes | Damage, waits: bool) -> None:
        if self.session.open:
            await self._pace.free(waits)
        running = self._carry_out(item) if self.session.open else None
        if running is not None:
            await running

    def enter_lobby(self) -> None:
        """Hear what is said to everybody."""
        self._known = True
        self.shared.rooms.room(self.shared.namespace).enter(self.session)

    async def join(self, name: str, visitor: bool) -> None:
        """Enter a game; returns when the joiner has been welcomed. Raises ``GameError``."""
        shared, player, session = self.shared, self.player, self.session
        match = await shared.matches.find(shared.season.kind, name)
        members = await shared.accounts.team_members(player.team)
        if not session.open:
            return
        participant = Participant(player.name, player.team, tuple(members[:TEAM_MEMBERS]), self.color, visitor)
        game = InGame(self, match)
        self._late = []
        try:
            game.enter(participant)
        except GameError:
            self._release()
            raise
        self.game = game
        self._play(player.key)
        session.encoders = self._languages.game
        shared.rooms.room(shared.namespace).leave(session)
        await game.welcomed

    def _play(self, key: str) -> None:
        self._playing = key
        self.session.state = INGAME
        self.shared.playing.begin(key)

    def played(self) -> None:
        """This connection is in no game any more. A second time changes nothing."""
        if self._playing:
            self.shared.playing.end(self._playing)
            self._playing = ""
            self.session.state = ""

    def welcomed(self) -> None:
        """The dump is out: pushes may follow."""
        self._release()

    def _release(self) -> None:
        late, self._late = self._late, None
        for payload in late or ():
            self.wire.write(payload)

    def _back_to_lobby(self) -> None:
        self.game = None
        self.session.encoders = self._languages.lobby
        self.enter_lobby()

    def expect_upload(self, upload: Upload, longest: int) -> None:
        """Give the next bytes to an upload."""
        self._upload = upload
        self.wire.expect_upload(longest)

    def overhear(self, action: Callable[[], bool]) -> tuple[bool, list[bytes]]:
        """Do something and hold back what it pushes to this client; return its result and the pushes, framed."""
        held = self._overheard = []
        try:
            return action(), held
        finally:
            self._overheard = None

    def deliver(self, payload: bytes) -> None:
        """Send bytes that one of the protocol's encoders has made."""
        if self._overheard is not None:
            self._overheard.append(payload)
        elif self._late is not None:
            self._late.append(payload)
        else:
            self.wire.write(payload)

    def close(self, code: str, text: str) -> None:
        """End the connection from the server's side, saying why."""
        if self.game is not None:
            self.game.say(text)
        elif self._known or code == "shutdown":
            self.send([message_line("SERVER", "YOU", text)])
        self.leave()

    def leave_after_reply(self) -> None:
        """End the connection when the reply is out."""
        self._closing = True

    def leave(self) -> None:
        """Close the session and end the connection. A second time changes nothing."""
        self.ended()
        self.wire.close()

    def ended(self) -> None:
        """Forget the session; a seat in a game is kept for a while."""
        self.shared.sessions.close(self.session)
        self.played()
        if self.game is not None:
            self.game.lost()

    def silent(self) -> None:
        """End a connection that has been silent for too long."""
        self._log.info("kassel session {id}: timeout", id=self.session.id)
        self.close("timeout", "Timeout: nothing was heard of you.")

    def rest_is_late(self) -> None:
        """Answer the half of a JSON command whose rest has not come."""
        if self.game is not None:
            self.game.rest_is_late()
