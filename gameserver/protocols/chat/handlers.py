"""What each command does, and how it is refused.

A handler raises ``GameError``, before anything has changed, for what it refuses; the protocol turns that into the
refusal its command has (11, 12 or 14 with Flag 0), whatever the error's words.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from gameserver.errors import Code, GameError
from gameserver.protocols.chat import encoders
from gameserver.protocols.chat.messages import Login, Logout, Malformed, Message, Register, Say, Tell, Unknown
from gameserver.protocols.chat.names import check_name, check_password
from gameserver.protocols.chat.shared import HEARTBEATS, ChatShared
from gameserver.sessions.manager import presence_topic
from gameserver.sessions.players import Player
from gameserver.sessions.session import Session


class Client(Protocol):
    """A connection as the handlers see it. ``greeted`` says whether a login has ever succeeded on it."""

    shared: ChatShared
    greeted: bool
    deliver: Callable[[bytes], None]

    @property
    def session(self) -> Session:
        """The open session."""

    @property
    def player(self) -> Player | None:
        """Who has logged in."""

    async def identified(self, name: str, password: str) -> Player:
        """Return who logs in."""

    def login(self, player: Player) -> None:
        """Make the connection a player's."""

    def leave(self, code: str = "", text: str = "") -> None:
        """End the connection."""


async def log_in(client: Client, message: Login) -> None:
    """01: answered by 11, before anything else goes to this client; the others get 30."""
    shared, session = client.shared, client.session
    if client.player is not None:
        raise GameError(Code.ALREADY_LOGGED_IN, "You are logged in already.")
    check_name(message.name)
    if message.password:
        check_password(message.password)
    client.login(await client.identified(message.name, message.password or ""))
    client.greeted = True
    client.deliver(encoders.logged_in(shared.sessions.online(shared.namespace)))
    topics = shared.sessions.topics
    topics.subscribe(session, presence_topic(shared.namespace))
    topics.subscribe(session, HEARTBEATS)
    shared.rooms.room(shared.namespace).enter(session)


async def register(client: Client, message: Register) -> None:
    """02: answered by 12; nobody is logged in by it."""
    shared = client.shared
    check_name(message.name)
    check_password(message.password)
    holder = shared.sessions.player(message.name, shared.namespace)
    if holder is not None and holder != client.player:
        # Guests keep their name while they are there, against everybody but themselves.
        raise GameError(Code.NAME_TAKEN, "This name is taken.")
    session = client.session
    await shared.accounts.register(
        message.name, message.password, address=session.address, own_rule=True, wanted=lambda: session.open
    )
    client.deliver(encoders.REGISTERED)


def log_out(client: Client, _message: Logout) -> None:
    """03: the others get 31, this connection ends. Before a login there is nothing to leave."""
    if client.player is not None:
        client.leave()


def tell(client: Client, message: Tell) -> Awaitable[None] | None:
    """04: 13 to the other, at every protocol they are at, then 14 to the sender saying whether it reached him."""
    if client.player is None:
        raise GameError(Code.NOT_LOGGED_IN, "Log in first.")
    _check_length(client, message.message)
    shared = client.shared
    shown = shared.rooms.tell(shared.namespace, client.player, message.friend_name, message.message)
    if not isinstance(shown, bool):
        return _receipt_later(client, shown)
    client.deliver(encoders.SENT if shown else encoders.NOT_SENT)
    return None


async def _receipt_later(client: Client, shown: Awaitable[bool]) -> None:
    client.deliver(encoders.SENT if await shown else encoders.NOT_SENT)


def say(client: Client, message: Say) -> None:
    """05: 32 to everybody, the speaker included. Before a login it reaches nobody."""
    if client.player is None:
        raise GameError(Code.NOT_LOGGED_IN, "Log in first.")
    _check_length(client, message.message)
    client.shared.rooms.say(client.shared.namespace, client.player, message.message)


def refuse_malformed(_client: Client, _message: Malformed) -> None:
    """A command without its keys is refused as the command is."""
    raise GameError(Code.MALFORMED, "A key is missing or has the wrong type.")


def ignore(_client: Client, _message: Unknown) -> None:
    """Clients that know fewer commands than we do must not be confused by answers to what they did not ask."""


def _check_length(client: Client, text: str) -> None:
    if len(text) > client.shared.config.message_length:
        raise GameError(Code.TOO_LONG, f"A message has at most {client.shared.config.message_length} characters.")


HANDLERS: dict[type, Callable[[Client, Any], Awaitable[None] | None]] = {
    Login: log_in,
    Register: register,
    Logout: log_out,
    Tell: tell,
    Say: say,
    Malformed: refuse_malformed,
    Unknown: ignore,
}

#: What the metrics call the messages.
KINDS: dict[type, str] = {
    Login: "login",
    Register: "register",
    Logout: "logout",
    Tell: "tell",
    Say: "say",
    Malformed: "malformed",
    Unknown: "unknown",
}


def refusal(client: Client, message: Message, reason: str) -> bytes | None:
    """Return the document's answer to a command that cannot be done, ``None`` if it has none.

    The document has no error for 05; a receipt that says "not sent" is the nearest, but not before the 11 that must
    come first.
    """
    command = message.command if isinstance(message, Malformed) else _COMMANDS.get(type(message))
    if command == "01":
        return encoders.LOGIN_REFUSED
    if command == "02":
        return encoders.not_registered(reason)
    if command == "04" or (command == "05" and client.player is not None):
        return encoders.NOT_SENT
    return None


_COMMANDS: dict[type, str] = {Login: "01", Register: "02", Tell: "04", Say: "05"}
