"""What each command does: one function each, given the client, who that is by now, and the parameters."""

import textwrap

from gameserver.rooms.rooms import told
from gameserver.sessions.manager import presence_topic
from gameserver.sessions.players import Player
from gameserver_ircd.connection import Handlers, IrcConnection
from gameserver_ircd.encoders import CHANNEL, SERVER, line, mask

#: What a client gets that has logged in, as it stands in the line.
WELCOME = {
    "001": ":Welcome to the community.",
    "002": ":This server speaks other protocols, too.",
    "003": ":Who is there by any of them is in #public.",
    "004": f"{SERVER} gameserver-ircd o o",
    "422": ":There is no message of the day.",
}


def take_password(client: IrcConnection, _player: Player | None, password: str, *_: str) -> None:
    """PASS: that of the account, for a name that has one."""
    client.password = password


async def take_nick(client: IrcConnection, player: Player | None, nick: str, *_: str) -> None:
    """NICK: the player's name, which stays."""
    if player is not None:
        client.reply("462", text="A player keeps the name they came in with.")
        return
    client.nick = nick
    await log_in(client)


async def take_user(client: IrcConnection, player: Player | None, user: str, *_: str) -> None:
    """USER: nothing in it matters, but that it has come."""
    client.user = user
    if player is None:
        await log_in(client)


async def log_in(client: IrcConnection) -> None:
    """Log in when the client has said who it is. A refusal is no end: another NICK may follow."""
    if client.nick and client.user:
        client.about = client.nick
        client.login(await client.identified(client.nick, client.password))
        for number, rest in WELCOME.items():
            client.reply(number, rest)


def join(client: IrcConnection, player: Player, names: str, *_: str) -> None:
    """JOIN: the one channel shows who is there, and hears what is said in the public room."""
    for name in names.split(","):
        if name.lower() != CHANNEL:
            client.reply("403", name, text="There is only #public.")
            continue
        client.shared.rooms.room(client.namespace).enter(client.session)
        client.shared.sessions.topics.subscribe(client.session, presence_topic(client.namespace))
        client.deliver(line(mask(player), "JOIN", CHANNEL))
        client.reply("331", CHANNEL, text="No topic is set.")
        list_names(client, player)


def part(client: IrcConnection, player: Player, names: str, *_: str) -> None:
    """PART: hear and see the channel no more."""
    if names.lower() != CHANNEL:
        client.reply("442", names, text="You are not in that channel.")
        return
    client.shared.sessions.topics.leave_all(client.session)
    client.deliver(line(mask(player), "PART", CHANNEL))


async def tell(client: IrcConnection, player: Player, targets: str, text: str, *_: str) -> None:
    """PRIVMSG: to the public room, or to one player at whatever protocol."""
    rooms = client.shared.rooms
    for client.about in targets.split(","):
        if client.about.lower() == CHANNEL:
            rooms.say(client.namespace, player, text, unheard_by=client.session)
        elif not await told(rooms.tell(client.namespace, player, client.about, text)):
            client.reply("401", client.about, text="Nobody of that name is there.")


def list_names(client: IrcConnection, _player: Player, *_: str) -> None:
    """NAMES: who is there."""
    names = " ".join(player.name for player in client.shared.sessions.online(client.namespace))
    for some in textwrap.wrap(names, 100, break_long_words=False, break_on_hyphens=False):
        client.reply("353", "=", CHANNEL, text=some)
    client.reply("366", CHANNEL, text="That is all.")


def list_channels(client: IrcConnection, _player: Player, *_: str) -> None:
    """LIST: the one channel, and how many are there."""
    client.reply("322", CHANNEL, str(len(client.shared.sessions.online(client.namespace))), text="Everybody")
    client.reply("323", text="That is all.")


def ping(client: IrcConnection, _player: Player | None, token: str, *_: str) -> None:
    """PING."""
    client.deliver(line(SERVER, "PONG", SERVER, text=token))


def pong(_client: IrcConnection, _player: Player | None, *_: str) -> None:
    """PONG: that a client is there the network says as well."""


def leave(client: IrcConnection, _player: Player | None, *_: str) -> None:
    """QUIT."""
    client.close("quit", "Goodbye.")


HANDLERS: Handlers = {
    "PASS": (take_password, 1, False),
    "NICK": (take_nick, 1, False),
    "USER": (take_user, 4, False),
    "JOIN": (join, 1, True),
    "PART": (part, 1, True),
    "PRIVMSG": (tell, 2, True),
    "NAMES": (list_names, 0, True),
    "LIST": (list_channels, 0, True),
    "PING": (ping, 1, False),
    "PONG": (pong, 0, False),
    "QUIT": (leave, 0, False),
}
