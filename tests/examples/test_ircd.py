"""IRC as a package of its own: the edge's contract, Twisted's own client, and the client ``ii`` of Debian."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.internet.protocol import ProcessProtocol, connectionDone
from twisted.internet.task import deferLater
from twisted.python.failure import Failure
from twisted.trial.unittest import SkipTest, TestCase
from twisted.words.protocols.irc import IRCClient

from gameserver.moderation import COMMAND_LINE
from gameserver.protocols.chat.config import Chat
from gameserver.protocols.chat.part import PART as CHAT
from gameserver.testing import contract
from gameserver.testing.chat import ChatClient
from gameserver.testing.clients import TIMEOUT, Client
from gameserver.testing.context import memory_context
from gameserver.testing.driver import PASSWORD, Driver, NotAdmitted, Suite
from gameserver.testing.memory_transport import connect_in_memory
from gameserver.testing.transports import Memory, Tcp
from gameserver_ircd.connection import IrcConnection
from gameserver_ircd.part import PART, Ircd
from tests.directories import temporary_directory

II = shutil.which("ii")


class IrcDriver(Driver):
    part = PART
    connection = IrcConnection
    request = b"PING :are you there"
    endless = b"PRIVMSG #public :"

    def section(self, login_timeout: float) -> Ircd:
        return Ircd(login_timeout=login_timeout)

    async def enter(self, suite: Suite, name: str, host: str) -> Client:
        client = await suite.connect(host)
        for line in (f"PASS {PASSWORD}", f"NICK {name}", f"USER {name} 0 * :{name}"):
            client.send(line.encode())
        last = await client.until(lambda line: b" 422 " in line or b" 465 " in line)
        if b" 465 " in last[-1]:
            raise NotAdmitted
        return client

    def answered(self, message: bytes) -> bool:
        return message == b":gameserver PONG gameserver :are you there"

    def too_fast(self, message: bytes) -> bool:
        return b" 263 " in message

    def crashed(self, message: bytes) -> bool:
        return b" 400 " in message and message.endswith(b" PING :Internal error.")

    def goodbye(self, client: Client, last: list[bytes], text: str) -> bool:
        return last[-1] == f"ERROR :{text}".encode()


class TcpTests(contract.PlayerContract):
    driver = IrcDriver()
    transport = Tcp("ircd.tcp")


class MemoryTests(contract.PlayerContract):
    driver = IrcDriver()
    transport = Memory("ircd.tcp")


class Talker(IRCClient):
    """Twisted's client, with every line that comes in a list."""

    performLogin = True
    heartbeatInterval: Any = None

    def __init__(self, nickname: str, password: str | None = None) -> None:
        self.nickname = self.username = nickname
        self.password: Any = password
        self.lines: list[tuple[str, ...]] = []
        self.lost: Deferred[None] = Deferred()
        self._waiting: Deferred[None] | None = None

    def irc_ERR_PASSWDMISMATCH(self, prefix: str, params: list[str]) -> None:
        """Go on: the test may try again."""

    irc_ERR_ERRONEUSNICKNAME = irc_ERR_PASSWDMISMATCH

    def handleCommand(self, command: str, prefix: str, params: list[str]) -> None:
        self.lines.append((command, prefix, *params))
        super().handleCommand(command, prefix, params)
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.callback(None)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        super().connectionLost(reason)
        self.lost.callback(None)

    async def hear(self, command: str) -> tuple[str, ...]:
        """Return origin and parameters of the next line with that command; those before it are passed over."""
        while True:
            while self.lines:
                line = self.lines.pop(0)
                if line[0] == command:
                    return line[1:]
            self._waiting = Deferred()
            await self._waiting.addTimeout(TIMEOUT, reactor)


class IrcTests(TestCase):
    """The server with IRC and the chat beside each other."""

    timeout = 120

    def setUp(self) -> None:
        self.context = memory_context(reactor)
        self.irc = PART.build(self.context, Ircd())
        self.chat = CHAT.build(self.context, Chat(heartbeat=0))
        factory: Any = self.irc.listeners[0].factory
        self.port: Any = reactor.listenTCP(0, factory, interface="127.0.0.1")
        address: Any = self.port.getHost()
        self.number: int = address.port

    async def tearDown(self) -> None:  # type: ignore[override]
        await self.port.stopListening()
        await self.irc.stop()
        await self.chat.stop()
        self.assertEqual(len(self.context.sessions), 0)

    async def connect(self, name: str, password: str | None = None) -> Talker:
        """Return somebody's client, whatever has become of its login."""
        talker = Talker(name, password)
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", self.number), talker)
        return talker

    async def irc_user(self, name: str, password: str | None = None) -> Talker:
        """Return somebody who is in the channel."""
        talker = await self.connect(name, password)
        await talker.hear("ERR_NOMOTD")
        talker.join("#public")
        await talker.hear("RPL_ENDOFNAMES")
        return talker

    async def chat_user(self, name: str) -> ChatClient:
        """Return somebody who has come in by the chat."""
        client = ChatClient(reactor)
        connect_in_memory(reactor, self.chat.listeners[0].factory.buildProtocol(None), client)  # type: ignore[arg-type]
        self.assertEqual((await client.log_in(name))["Flag"], 1)
        return client


class TwistedTests(IrcTests):
    async def test_a_guest_is_welcomed_and_sees_who_is_there(self) -> None:
        await self.chat_user("bobby")
        anne = await self.connect("anne")
        self.assertEqual(await anne.hear("RPL_WELCOME"), ("gameserver", "anne", "Welcome to the community."))
        self.assertEqual(
            await anne.hear("RPL_MYINFO"), ("gameserver", "anne", "gameserver", "gameserver-ircd", "o", "o")
        )
        anne.join("#public")
        self.assertEqual(await anne.hear("JOIN"), ("anne!anne@gameserver", "#public"))
        self.assertEqual(await anne.hear("RPL_NAMREPLY"), ("gameserver", "anne", "=", "#public", "bobby anne"))
        anne.sendLine("LIST")
        self.assertEqual((await anne.hear("RPL_LIST"))[2:4], ("#public", "2"))
        await anne.hear("RPL_LISTEND")

    async def test_the_public_room_is_one_room_with_that_of_the_chat(self) -> None:
        bob = await self.chat_user("bobby")
        anne = await self.irc_user("anne")
        self.assertEqual((await bob.next())["LogOnUserName"], "anne")
        anne.say("#public", "hello all")
        self.assertEqual(await bob.next(), {"Command": "32", "Speaker": "anne", "Message": "hello all"})
        bob.send(Command="05", Message="and hello to you")
        # Nobody hears what they have said themselves: their client has shown it.
        self.assertEqual(await anne.hear("PRIVMSG"), ("bobby!bobby@gameserver", "#public", "and hello to you"))
        carla = await self.irc_user("carla")
        self.assertEqual(await anne.hear("JOIN"), ("carla!carla@gameserver", "#public"))
        carla.say("#public", "two of us")
        self.assertEqual((await anne.hear("PRIVMSG"))[2], "two of us")
        bob.send(Command="03")
        self.assertEqual((await anne.hear("QUIT"))[0], "bobby!bobby@gameserver")
        anne.leave("#public")
        self.assertEqual(await anne.hear("PART"), ("anne!anne@gameserver", "#public"))
        carla.say("#public", "gone?")
        anne.sendLine("PING :x")
        self.assertEqual(await anne.hear("PONG"), ("gameserver", "gameserver", "x"))
        self.assertEqual(anne.lines, [])

    async def test_direct_messages_go_to_any_protocol_and_come_from_any(self) -> None:
        bob = await self.chat_user("bobby")
        anne = await self.connect("anne")
        await anne.hear("ERR_NOMOTD")
        await bob.next()
        anne.msg("BOBBY", "psst")
        self.assertEqual(await bob.next(), {"Command": "13", "FriendName": "anne", "Message": "psst"})
        bob.send(Command="04", FriendName="anne", Message="one\ntwo \u00e9" + "\u20ac" * 200)
        lines = [(await anne.hear("PRIVMSG"))[2] for _ in range(3)]
        self.assertEqual(lines[0], "one")
        self.assertEqual("".join(lines[1:]), "two \u00e9" + "\u20ac" * 200)
        anne.msg("nobody", "psst")
        self.assertEqual((await anne.hear("ERR_NOSUCHNICK"))[2], "nobody")

    async def test_a_name_with_an_account_needs_its_password(self) -> None:
        await self.context.accounts.register("anne", "secret")
        # Without one the client takes another name by itself.
        guest = await self.connect("anne")
        self.assertEqual((await guest.hear("ERR_NICKNAMEINUSE"))[2], "anne")
        self.assertEqual((await guest.hear("RPL_WELCOME"))[1], "anne_")
        wrong = await self.connect("anne", "wrong")
        self.assertEqual((await wrong.hear("ERR_PASSWDMISMATCH"))[1:3], ("anne", "anne"))
        wrong.sendLine("PASS secret")
        wrong.sendLine("NICK Anne")
        self.assertEqual((await wrong.hear("RPL_WELCOME"))[1], "anne")
        again = await self.connect("anne", "secret")
        await again.hear("RPL_WELCOME")
        self.assertEqual((await wrong.hear("ERROR"))[1], "You have logged in from somewhere else.")
        await wrong.lost

    async def test_what_cannot_be_done_has_its_number(self) -> None:
        anne = await self.connect("a:b")
        self.assertEqual((await anne.hear("ERR_ERRONEUSNICKNAME"))[2], "a:b")
        for line, number in (
            ("JOIN #public", "ERR_NOTREGISTERED"),
            ("PRIVMSG #public :x", "ERR_NOTREGISTERED"),
            ("NICK", "ERR_NEEDMOREPARAMS"),
            ("FROB", "ERR_UNKNOWNCOMMAND"),
            ("NICK anne", "RPL_WELCOME"),
            ("NICK other", "ERR_ALREADYREGISTRED"),
            ("JOIN", "ERR_NEEDMOREPARAMS"),
            ("JOIN #other,#public", "ERR_NOSUCHCHANNEL"),
            ("NAMES", "RPL_NAMREPLY"),
            ("PART #other", "ERR_NOTONCHANNEL"),
            (":who.cares PRIVMSG nobody :x", "ERR_NOSUCHNICK"),
            ("PONG", ""),
            ("", ""),
            ("x" * 600, "417"),
        ):
            anne.sendLine(line)
            if number:
                self.assertEqual((await anne.hear(number))[0], "gameserver", line)
        anne.quit("bye")
        self.assertEqual((await anne.hear("ERROR"))[1], "Goodbye.")
        await anne.lost

    async def test_who_is_muted_is_told(self) -> None:
        anne = await self.irc_user("anne")
        await self.context.moderation.mute("anne", COMMAND_LINE)
        anne.say("#public", "x")
        self.assertEqual((await anne.hear("ERR_CANNOTSENDTOCHAN"))[2], "#public")


class IiTests(IrcTests):
    """``ii`` shows every channel and every person as a directory with a pipe ``in`` and a file ``out``."""

    async def ii(self, name: str, **environment: str) -> Path:
        """Start the client and return the directory of its server."""
        if II is None:
            raise SkipTest("there is no ii on this machine (apt-get install ii)")
        home = temporary_directory()
        command = [II, "-s", "127.0.0.1", "-p", str(self.number), "-i", str(home), "-n", name]
        command += ["-k", next(iter(environment))] if environment else []
        over: Deferred[None] = Deferred()

        class Process(ProcessProtocol):
            def processEnded(self, reason: Failure = connectionDone) -> None:
                over.callback(None)

        process: Any = reactor.spawnProcess(Process(), II, command, env={**os.environ, **environment})

        def end() -> Deferred[None]:
            if not over.called:
                process.signalProcess("TERM")
            return over

        self.addCleanup(end)
        return home / "127.0.0.1"

    async def shown(self, place: Path, text: str) -> None:
        """Wait until the client shows something."""
        until = reactor.seconds() + TIMEOUT
        out = place / "out"
        while not (out.exists() and text in out.read_text("utf-8")):
            self.assertLess(reactor.seconds(), until, out.exists() and out.read_text("utf-8"))
            await deferLater(reactor, 0.02)

    async def type(self, place: Path, line: str) -> None:
        """Write a line into the pipe of the client."""
        await self.pipe(place)
        number = os.open(place / "in", os.O_WRONLY | os.O_NONBLOCK)
        os.write(number, f"{line}\n".encode())
        os.close(number)

    async def pipe(self, place: Path) -> None:
        until = reactor.seconds() + TIMEOUT
        while not (place / "in").exists():
            self.assertLess(reactor.seconds(), until, place)
            await deferLater(reactor, 0.02)

    async def test_it_talks_with_a_chat_client_both_ways(self) -> None:
        bob = await self.chat_user("bobby")
        server = await self.ii("anne")
        await self.shown(server, "Welcome to the community.")
        self.assertEqual((await bob.next())["LogOnUserName"], "anne")
        await self.type(server, "/j #public")
        await self.shown(server, "bobby anne")
        await self.type(server / "#public", "hello all")
        self.assertEqual(await bob.next(), {"Command": "32", "Speaker": "anne", "Message": "hello all"})
        bob.send(Command="05", Message="gr\u00fc\u00dfe")
        await self.shown(server / "#public", "<bobby> gr\u00fc\u00dfe")
        bob.send(Command="04", FriendName="anne", Message="just you")
        await self.shown(server / "bobby", "<bobby> just you")
        await self.type(server / "bobby", "just me")
        while (said := await bob.next()).get("Command") != "13":
            pass
        self.assertEqual(said, {"Command": "13", "FriendName": "anne", "Message": "just me"})
        await self.type(server, "/q see you")
        self.assertEqual((await bob.next())["LogOutUserName"], "anne")

    async def test_it_logs_in_with_a_password(self) -> None:
        await self.context.accounts.register("anne", "secret")
        server = await self.ii("anne", IRC_PASSWORD="secret")
        await self.shown(server, "Welcome to the community.")
        player = self.context.sessions.player("anne")
        self.assertIsNotNone(player and player.account)
