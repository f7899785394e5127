"""One client of a season, over telnet or a WebSocket: greeting, login, lobby, game.

Replies leave whole: all data lines and the OK in one write, so that nothing pushed can come between them.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from gameserver.edge.connection import Connection
from gameserver.errors import Code, GameError
from gameserver.games.api import Participant
from gameserver.matches.store import Elsewhere
from gameserver.net.inbox import Source
from gameserver.protocols.kassel.encoders import Frame, Languages, message_line
from gameserver.protocols.kassel.game.commands import camel, separate, several
from gameserver.protocols.kassel.game.ingame import InGame
from gameserver.protocols.kassel.game.reading import CommandReader
from gameserver.protocols.kassel.game.relayed import RelayedGame
from gameserver.protocols.kassel.lobby.client import Answer, Lines, Upload
from gameserver.protocols.kassel.lobby.commands import offered, split
from gameserver.protocols.kassel.lobby.handlers import HANDLERS
from gameserver.protocols.kassel.lobby.maps import RefusedUpload, announces_upload
from gameserver.protocols.kassel.pace import MOST_WARNINGS, Pace
from gameserver.protocols.kassel.shared import INGAME, SeasonShared
from gameserver.protocols.kassel.telnet import Input, IsCommand
from gameserver.sessions.players import Player

#: Longest line in bytes: a command with a message of 8,000 characters, each escaped, fits several times.
LONGEST_LINE = 131072

#: Bytes that wait for a client that count as being behind.
CLOGGED = 65536

#: Members of a team that a game shows besides those who take part.
TEAM_MEMBERS = 30


class InputSource(Source[Input], Protocol):
    """Where a client's lines come from."""

    def expect_upload(self, longest: int, instead: IsCommand | None = None) -> None:
        """Take what comes next for the bytes of a file, so many at most; but for a line that ``instead`` knows.

        Such a line must come first, and nothing behind it.
        """

    def forget_upload(self) -> None:
        """Wait for no file any more, and throw away what has come of it."""


class KasselConnection(Connection[Input, SeasonShared]):
    """The state machine; ``TelnetConnection`` and ``KasselChannel`` carry it.

    ``frame`` puts a line into the transport's frame, ``frame_name`` is its name, ``languages`` are the encoders made
    with it, ``source`` is where the inbox takes lines from.
    """

    TOO_FAST = "FLOOD DETECTED! Too many commands; wait a moment."

    frame: Frame
    frame_name: str
    languages: Languages
    source: InputSource

    #: Whether the client takes part in the heartbeat; only browsers can.
    beating = False

    def __init__(self, shared: SeasonShared, address: str = "") -> None:
        super().__init__(shared, address)
        #: What it is in, and what reads commands for it.
        self.game: InGame | RelayedGame | None = None
        self._reader: CommandReader | None = None
        #: The colour chosen in this session.
        self.color: str | None = None
        #: Sends framed bytes past what is held back; see ``pushes_held``.
        self.write: Callable[[bytes], None] = self.deliver
        self._upload: Upload | None = None
        self._offered = offered(shared.season)
        #: Whether anybody has ever logged in here.
        self._known = False
        #: Under whose key this connection counts as being in a game.
        self._playing = ""
        self._pace = Pace(shared.reactor, shared.limits.messages_per_second)

    @abstractmethod
    def send_file(self, data: bytes) -> None:
        """Send the bytes of a file."""

    def send(self, lines: Iterable[str]) -> None:
        """Send lines of text in one write."""
        frame = self.frame
        self.write(b"".join([frame(line.encode("utf-8", "replace")) for line in lines]))

    def require_player(self) -> Player:
        """Return who has logged in. Raises ``GameError`` ``not_logged_in``."""
        if self.player is None:
            raise GameError(Code.NOT_LOGGED_IN, 'Log in first. Usage: "LOGIN (<login>|<email>) <password>"')
        return self.player

    # The life of the connection.

    def opening(self) -> None:
        """See ``Connection``; the time begins that the greeting tells of."""
        self.write = self.deliver
        self.encoders = self.languages.lobby
        self.shared.silences.start(self)

    def _ended(self) -> None:
        super()._ended()
        self.write = self.deliver

    def admitted(self) -> None:
        """Speak first."""
        self.send([self.shared.season.greeting])

    def silence_is_over_long(self) -> None:
        """End a connection that has said nothing for the time it was greeted with."""
        self.log.info("kassel session {id}: timeout", id=self.number)
        self.close("timeout", "Timeout: nothing was heard of you.")

    def refused(self, error: GameError) -> None:
        """See ``Connection``."""
        if self.game is not None and not self.game.left:
            self.game.say(f"ERROR: command - {error.text}")
        else:
            self.send([f"ERROR: {self.sentence(error)}"])

    def sentence(self, error: GameError) -> str:
        """Return what the line for a refused command of the lobby says."""
        return error.text

    def put_out(self) -> None:
        """See ``Connection``; a client that floods has been warned often enough."""
        self.leave("too_fast", "Too many commands.")

    def goodbye(self, code: str, text: str) -> None:
        """See ``Connection``."""
        if self.game is not None:
            self.game.say(text)
        elif self._known or code in ("shutdown", "login_timeout"):
            self.send([message_line("SERVER", "YOU", text)])

    def gone(self) -> None:
        """See ``Connection``; a seat in a game is kept for a while."""
        self.left_game()
        if self.game is not None:
            self.game.connection_lost()

    def rest_is_late(self) -> None:
        """Answer the half of a JSON command whose rest has not come."""
        if self._reader is not None:
            self._reader.rest_is_late()

    # What comes in.

    def something_came(self) -> None:
        """Note bytes: they break the silence of who has logged in. Before that only a whole line does."""
        if self.player is not None:
            self.shared.silences.start(self)
        if self in self.shared.refused_uploads:
            self.shared.refused_uploads.start(self)

    def handle(self, item: Input) -> Awaitable[None] | None:
        """Handle one line, or the bytes of an upload."""
        self.shared.silences.start(self)
        upload = self._upload_for(item)
        if upload is not None:
            self._end_upload()
            return self.measured("upload", self._answer, upload.received, self, item)
        if _is_blank(item):
            return None
        if isinstance(item, str) and self.game is not None and several(item):
            return self._handle_each(separate(item))
        return self._handle_one(item)

    def _upload_for(self, item: Input) -> Upload | None:
        """Return what an item is for that is no command. A command instead of a refused upload ends the waiting."""
        if isinstance(item, str):
            self._end_upload()
        return self._upload

    def _end_upload(self) -> None:
        if self._upload is not None:
            self._upload = None
            self.shared.refused_uploads.stop(self)

    def over_limit(self, item: Input) -> Awaitable[None] | None:
        """Handle a command above the limit.

        A client that waits for each answer, as programs do, only gets it later. One that sends on and on is warned;
        in the lobby the command is refused, in a game it is late, and in the end the client is put out.
        """
        if self._upload_for(item) is not None or _is_blank(item):
            return self.handle(item)
        waits = not len(self.source)
        if not waits:
            if self.game is None or self.game.left:
                if isinstance(item, str) and announces_upload(item):
                    self._refuse_upload()
                return super().over_limit(item)
            self._warn(self.game)
        return self._handle_later(item, waits)

    def _warn(self, game: InGame | RelayedGame) -> None:
        number = self._pace.warning()
        if number is None:
            return
        self.shared.metrics.error(self.shared.protocol, Code.TOO_FAST)
        game.say(f"FLOOD DETECTED! This is warning #{number}!")
        if number >= MOST_WARNINGS:
            self.log.info("kassel session {id}: far too many commands", id=self.number)
            self.put_out()

    async def _handle_later(self, item: Input, waits: bool) -> None:
        if not self.leaving:
            fits = self._fits_who_waits if waits else self.within_limit
            await self._pace.wait(fits, waits_for_answers=waits)
        work = None if self.leaving else self.handle(item)
        if work is not None:
            await work

    def _fits_who_waits(self) -> bool:
        return self.fits(self.shared.waiting)

    async def _handle_each(self, commands: Iterable[str]) -> None:
        """Handle the JSON commands of one line, each like one in a line of its own; the first is counted already."""
        for number, command in enumerate(commands):
            if self.leaving:
                return
            try:
                fits = number == 0 or self.within_limit()
                work = self._handle_one(command) if fits else self.over_limit(command)
                if work is not None:
                    await work
            except GameError as error:
                self.refused(error)

    def _handle_one(self, item: Input) -> Awaitable[None] | None:
        game = self.game
        if game is not None and (not game.left or (isinstance(item, str) and item.lstrip().startswith("{"))):
            return self.measured("game", self._play, game, item)
        if not isinstance(item, str):
            raise GameError(Code.TOO_LONG, "This line is too long.")
        if game is not None:
            self._back_to_lobby()
        known = self._offered
        words, rest = split(item, known)
        try:
            if known[words].login:
                self.require_player()
            return self.measured(words.lower().replace(" ", "_"), self._answer, HANDLERS[words], self, rest)
        except GameError:
            if announces_upload(words):
                self._refuse_upload()
            raise

    def _play(self, game: InGame | RelayedGame, item: Input) -> Awaitable[None] | None:
        """Carry out one line in a game: a command, a part of one, or neither."""
        command = self._reader.command(item) if self._reader is not None else None
        if command is None:
            return None
        if command.action == "NOOP":
            game.say("OK - NOOP received!")
        elif game.left:
            game.say(f"ERROR: {camel(command.action)} - You have left the game.")
        else:
            return game.act(command)
        return None

    def _refuse_upload(self) -> None:
        """Take what follows for the upload that is refused, until its end or until nothing more comes.

        A client that waits for its answers sends something else instead. Its next command comes alone.
        """
        self._upload = RefusedUpload()
        self.source.expect_upload(self.shared.config.map_bytes, self._is_command)
        self.shared.refused_uploads.start(self)

    def _is_command(self, line: str) -> bool:
        try:
            split(line, self._offered)
        except GameError:
            return False
        return True

    def refused_upload_is_over(self) -> None:
        """Wait for no more of an upload that was refused."""
        if self.busy:
            # What has come may not have been looked at yet.
            self.shared.refused_uploads.start(self)
            return
        self._end_upload()
        self.source.forget_upload()

    def _answer(self, handler: Callable[..., Answer], *arguments: object) -> Awaitable[None] | None:
        """Call a handler and confirm what it has done, now or when it is done."""
        answer = handler(*arguments)
        if isinstance(answer, Awaitable):
            return self._confirm_later(answer)
        self._confirm(answer)
        return None

    async def _confirm_later(self, answer: Awaitable[Lines | None]) -> None:
        self._confirm(await answer)

    def _confirm(self, lines: Lines | None) -> None:
        """Send the data lines and the OK; ``None`` has been answered already."""
        if lines is not None:
            self.send([*lines, "OK"])

    # What handlers call.

    def expect_upload(self, upload: Upload, longest: int) -> None:
        """Give the next bytes to an upload, so many at most."""
        self._upload = upload
        self.source.expect_upload(longest)

    def may_upload(self) -> bool:
        """Count an upload, and say whether it is within the limit of a day."""
        return self.fits(self.shared.uploads)

    @contextmanager
    def pushes_held(self) -> Iterator[None]:
        """Hold back what is pushed to this client in the meantime; it comes behind what is sent here."""
        held: list[bytes] = []
        self.deliver = held.append
        try:
            yield
        finally:
            self.deliver = self.write
            for payload in held:
                self.write(payload)

    def enter_lobby(self) -> None:
        """Hear what is said to everybody."""
        self._known = True
        self.shared.rooms.room(self.shared.namespace).enter(self.session)

    def _back_to_lobby(self) -> None:
        self.game = self._reader = None
        self.session.encoders = self.languages.lobby
        self.enter_lobby()

    async def join_game(self, name: str, visitor: bool) -> None:
        """Enter a game; returns when the joiner has been welcomed. Raises ``GameError``."""
        shared, player, session = self.shared, self.require_player(), self.session
        game = await self._game_called(name)
        members = await shared.accounts.team_members(player.team)
        if not session.open:
            return
        seated = Participant(player.name, player.team, tuple(members[:TEAM_MEMBERS]), self.color, visitor)
        await game.take_seat(seated)
        if self.leaving:
            game.connection_lost()
            return
        with self.pushes_held():
            self.game = game
            self._reader = CommandReader(shared, self, game.say)
            self._playing = player.key
            session.state = INGAME
            shared.playing.entered(player.key)
            session.encoders = self.languages.game
            shared.rooms.room(shared.namespace).leave(session)
            await game.welcomed

    async def _game_called(self, name: str) -> InGame | RelayedGame:
        try:
            return InGame(self, await self.shared.matches.find(self.shared.kind.name, name))
        except Elsewhere as elsewhere:
            return RelayedGame(self, elsewhere.node, name)

    def left_game(self) -> None:
        """This connection is in no game any more. A second time changes nothing."""
        if self._playing:
            self.shared.playing.left(self._playing)
            self._playing = ""
            self.session.state = ""

    @property
    def clogged(self) -> bool:
        """Whether the client is behind with reading."""
        return self.unread > CLOGGED


def _is_blank(item: Input) -> bool:
    return isinstance(item, str) and not item.strip()
