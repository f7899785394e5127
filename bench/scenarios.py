"""What is measured: by name, how the real server is loaded, and which others stand beside it under which load."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench import people
from bench.peers import Colyseus
from bench.servers import Ours, Server

#: What others echo, as long as what our protocols carry.
PAYLOAD = '{"op":"say","id":123456,"t":"sixty-four bytes of text, more or less"}'
#: Colyseus: the client has joined; a message "m" with the same text.
JOINED, COLYSEUS_PAYLOAD = "hex:0a", "hex:0da16dd945" + PAYLOAD.encode().hex()

GUEST = '{"Command":"01","Name":"guest{n}"}'
TELL = '{"Command":"04","FriendName":"guest{n}","Message":"sixty-four bytes or so"}'
SAY = '{"Command":"05","Message":"sixty-four bytes of text, more or less"}'
SAY_IN_ROOM = '{"action":3,"data":{"rid":"global","message":"sixty-four bytes of text or so"}}'
SOCKETS = "/tech/socket/v1"
#: A room of the default configuration holds fewer than the greatest one that is measured.
ROOMY = ("techmino.chat_rooms={global = 100000}",)

Options = Sequence[str]
Load = Callable[[Server], Options]


@dataclass(frozen=True)
class Scenario:
    """``door`` is where ours listens; ``ours`` and ``theirs`` return the load generator's options.

    ``settings`` and ``doors`` are for our server. ``unit`` is what one of its messages is. ``fresh``: every round has
    servers of its own, because what counts is the opening of the connections. ``beside``: the door and the load of
    somebody else meanwhile, one connection, whose answers are timed. ``shows`` is the figure that matters: ``cpu``
    and ``memory`` are per message or connection, ``p50`` is of the rounds.
    """

    title: str
    unit: str
    door: str
    ours: Callable[[Ours], Options]
    peers: tuple[str, ...] = ()
    theirs: Load = lambda _: ()
    settings: tuple[str, ...] = ()
    doors: tuple[str, ...] = ()
    fresh: bool = False
    beside: tuple[str, Options] | None = None
    shows: str = "cpu"
    quick: bool = False


def guests(mode: str, *rest: str) -> Callable[[object], Options]:
    options = (mode, "--hello", GUEST, "--welcomes", "1", *rest)
    return lambda _: options


def bare(mode: str, *rest: str) -> Load:
    options = (mode, "--message", PAYLOAD, *rest)
    return lambda _: options


def websocket(mode: str, *rest: str) -> Load:
    """Return the load of an echo over WebSocket, and that of Colyseus, which has a way in of its own."""

    def options(server: Server) -> Options:
        if isinstance(server, Colyseus):
            joining = ("--paths", str(server.paths), "--binary", "--greeted", "1", "--hello", JOINED)
            return (mode, *joining, "--message", COLYSEUS_PAYLOAD, *rest)
        return (mode, "--websocket", "/", "--message", PAYLOAD, *rest)

    return options


def balance(server: Ours) -> Options:
    message = '{"i":"1","t":"GET_BALANCE","p":{}}'
    return ("echo", "--websocket", f"/v1/ws?token={server.token}", "--message", message)


def app(mode: str, *rest: str) -> Callable[[object], Options]:
    options = (mode, "--websocket", f"{SOCKETS}/app", "--message", '{"action":1}', *rest)
    return lambda _: options


def members(count: int, depth: int) -> Callable[[Ours], Options]:
    """Accounts of their own in a chat room of Techmino; one of them speaks."""

    def options(server: Ours) -> Options:
        ids = people.copies(server.data, count)
        tokens = people.tokens(server.data, "techmino-access", ids)
        paths = server.data / "paths"
        lines = [f"{SOCKETS}/chat?uid={who}&accessToken={token}\n" for who, token in zip(ids, tokens, strict=True)]
        paths.write_text("".join(lines))
        hello = '{"action":1,"data":{"rid":"global"}}'
        # Few at a time: each is told to all, and a login that has to wait for that is refused as the server is busy.
        into = ("--paths", str(paths), "--batch", "8", "--greeted", "1", "--hello", hello, "--welcomes", "1")
        return (
            "fan",
            "--connections",
            str(count),
            "--batch",
            "500",
            *into,
            "--message",
            SAY_IN_ROOM,
            "--depth",
            str(depth),
        )

    return options


def fan(count: int, depth: int, *rest: str) -> Load:
    # They say nothing by which one could see that they have accepted everybody.
    return bare("fan", "--connections", str(count), "--depth", str(depth), "--settle", "1", *rest)


def lines(title: str, door: str, depth: int, ours: Callable[[Server], Options], *, quick: bool = False) -> Scenario:
    peers = ("stock line-echo", "node net-echo")
    return Scenario(title, "message", door, ours, peers, bare("echo", "--depth", str(depth)), quick=quick)


def told(depth: int, *rest: str) -> Callable[[object], Options]:
    """Guests tell themselves something: the message and its receipt come back."""
    return guests("echo", "--message", TELL, "--answers", "2", "--depth", str(depth), *rest)


def noop(depth: int, *rest: str) -> Callable[[object], Options]:
    options = ("echo", "--greeted", "1", "--message", "NOOP", "--depth", str(depth), *rest)
    return lambda _: options


ECHOES = ("stock ws-echo", "node ws-echo", "colyseus", "websockets", "picows")
LOBBY = ("kassel", ("echo", "--greeted", "1", "--message", "NOOP", "--connections", "1"))

SCENARIOS: Mapping[str, Scenario] = {
    "app": Scenario(
        "Techmino /app, a request and its answer, 50 WebSockets",
        "message",
        "techmino",
        app("echo"),
        ECHOES,
        websocket("echo"),
        quick=True,
    ),
    "balance": Scenario(
        "Invoker GET_BALANCE, 50 WebSockets",
        "message",
        "invoker",
        balance,
        ("stock ws-echo", "node ws-echo"),
        websocket("echo"),
        quick=True,
    ),
    "chat-1": lines("Chat, a message and its receipt, one at a time", "chat", 1, told(1), quick=True),
    "chat-16": lines("Chat, a message and its receipt, 16 under way", "chat", 16, told(16), quick=True),
    "kassel-1": lines("Kassel NOOP, one at a time", "kassel", 1, noop(1)),
    "kassel-16": lines("Kassel NOOP, 16 under way", "kassel", 16, noop(16)),
    "chat-16-together": Scenario(
        "Chat, 16 messages in one write",
        "message",
        "chat",
        told(16, "--together"),
        ("stock line-echo", "node net-echo"),
        bare("echo", "--depth", "16", "--together"),
    ),
    "tls-1": Scenario(
        "Chat over TLS, one at a time",
        "message",
        "tls",
        told(1, "--tls"),
        ("stock tls-echo",),
        bare("echo", "--tls"),
        quick=True,
    ),
    "tls-16": Scenario(
        "Chat over TLS, 16 under way",
        "message",
        "tls",
        told(16, "--tls"),
        ("stock tls-echo",),
        bare("echo", "--tls", "--depth", "16"),
    ),
    "say-1": Scenario(
        "The public chat room, 1,000 members over TCP",
        "delivery",
        "chat",
        guests("fan", "--message", SAY, "--connections", "1000"),
        ("stock line-all", "node net-all"),
        fan(1000, 1),
        quick=True,
    ),
    "say-8": Scenario(
        "The same in bursts of 8",
        "delivery",
        "chat",
        guests("fan", "--message", SAY, "--connections", "1000", "--depth", "8"),
        ("stock line-all", "node net-all"),
        fan(1000, 8),
    ),
    "feed-1": Scenario(
        "A room of Techmino, 1,000 members over WebSocket",
        "delivery",
        "techmino",
        members(1000, 1),
        ("stock ws-all", "node ws-all"),
        fan(1000, 1, "--websocket", "/"),
        ROOMY,
        quick=True,
    ),
    "feed-8": Scenario(
        "The same in bursts of 8",
        "delivery",
        "techmino",
        members(1000, 8),
        ("stock ws-all", "node ws-all"),
        fan(1000, 8, "--websocket", "/"),
        ROOMY,
    ),
    "last": Scenario(
        "A room of Techmino, 5,000 members: until the last has it, and what a lobby's NOOP takes meanwhile",
        "delivery",
        "techmino",
        members(5000, 1),
        ("stock ws-all", "node ws-all"),
        fan(5000, 1, "--websocket", "/"),
        ROOMY,
        doors=("kassel",),
        beside=LOBBY,
        shows="p50",
    ),
    "idle-ws": Scenario(
        "Memory of an idle session: Techmino /app, 5,000 WebSockets",
        "connection",
        "techmino",
        app("open", "--connections", "5000"),
        ("stock ws-echo", "node ws-echo"),
        websocket("open", "--connections", "5000", "--settle", "1"),
        fresh=True,
        shows="memory",
    ),
    "idle-chat": Scenario(
        "Memory of an idle connection: chat, 5,000 over TCP that have said nothing yet",
        "connection",
        "chat",
        lambda _: ("open", "--connections", "5000", "--settle", "1"),
        ("stock line-echo", "node net-echo"),
        lambda _: ("open", "--connections", "5000", "--settle", "1"),
        fresh=True,
        shows="memory",
    ),
    "idle-guests": Scenario(
        "Memory of a guest in the chat, 1,000 over TCP, with what their coming leaves behind",
        "guest",
        "chat",
        guests("open", "--connections", "1000"),
        fresh=True,
        shows="memory",
    ),
    "logins": Scenario(
        "1,000 guests come to the chat, 50 at a time",
        "login",
        "chat",
        guests("open", "--connections", "1000"),
        fresh=True,
        shows="cpu",
    ),
    "upgrades": Scenario(
        "Handshakes: TCP, upgrade to WebSocket, closed again, 50 at a time",
        "connection",
        "techmino",
        app("churn"),
        ("stock ws-echo", "node ws-echo"),
        websocket("churn"),
    ),
    "tls-logins": Scenario(
        "Handshakes: TCP, TLS, closed again, 50 at a time",
        "connection",
        "tls",
        lambda _: ("churn", "--tls"),
        ("stock tls-echo",),
        lambda _: ("churn", "--tls"),
    ),
}
