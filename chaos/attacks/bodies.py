"""What is decoded: forms nobody asks for, JSON that nests, repeats and counts without end, at every decoder."""

from __future__ import annotations

import json

from chaos.attacks import people
from chaos.attacks.arena import Attack
from chaos.attacks.attacker import Report, Target
from chaos.attacks.people import TechminoPlayer, bettor, guest, lobby
from chaos.attacks.requests import MARKS, everywhere
from chaos.attacks.sockets import Flood, connect, frame, upgrade, websocket


def nasty(wrap: str = "%s", size: int = 60_000) -> list[bytes]:
    """Return JSON texts of about a size, in bytes, that are made to cost; ``wrap`` has a place for each."""
    texts = [
        "[" * size,
        '{"a":' * (size // 5),
        "[" * (size // 2) + "]" * (size // 2),
        "9" * size,
        "-" + "1" * (size // 2) + "." + "1" * (size // 2 - 2),
        "1e" + "9" * size,
        '"' + "\\u0041" * (size // 6) + '"',
        '"' + "\\ud800" * (size // 6) + '"',
        '"' + "\\" * (size // 2) * 2 + '"',
        '"' + "x" * size,
        "{" + ",".join(f'"k{number}":{number}' for number in range(size // 14)) + "}",
        "{" + ",".join(['"a":1'] * (size // 6)) + "}",
        "[" + ",".join(["[]"] * (size // 3)) + "]",
        "{" + ",".join(['"Command":"04"'] * (size // 15)) + "}",
        " " * size + "1",
    ]
    return [(wrap % text).encode() for text in texts]


#: A form, and one in parts: nothing here reads either.
FORM = b"&".join(b"a%d=b" % number for number in range(110_000))
PARTS = b"".join(
    b'--b\r\nContent-Disposition: form-data; name="a%d"\r\n\r\nx\r\n' % number for number in range(16_000)
)


def forms(target: Target) -> Report:
    """Post forms of almost a megabyte on any path of any port."""
    payload = b""
    for kind, body in (
        (b"application/x-www-form-urlencoded", FORM[:990_000]),
        (b"multipart/form-data; boundary=b", PARTS[:990_000] + b"--b--\r\n"),
    ):
        payload += b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b" % (
            kind,
            len(body),
            body,
        )
    return Flood(target, everywhere(target), payload, 20, marks=MARKS).run()


def _posts(path: str, bodies: list[bytes]) -> bytes:
    return b"".join(
        b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
        % (path.encode(), len(body), body)
        for body in bodies
    )


def site(target: Target) -> Report:
    """Post JSON that is made to cost to everything of the site that reads it."""
    texts = nasty() + nasty('{"name":%s,"password":"x"}') + nasty(size=900_000)[:12]
    payload = b"".join(_posts(path, texts) for path in ("/api/login", "/api/accounts", "/api/operator/act"))
    report = Flood(target, lambda: connect(target.ports["web.endpoints"]), payload, 10, marks=MARKS).run()
    report.expect(not report.counts["answers 500"], "errors of the server's own")
    return report


def games_http(target: Target) -> Report:
    """The same at the games' HTTP resources."""
    texts = nasty() + nasty('{"name":"x","password":%s}')
    paths = ("/v1/sessions", "/v1/seeds/generate-client", "/api/provider/v1/sessions", "/v1/auth/refresh")
    payload = b"".join(_posts(path, texts) for path in paths)
    report = Flood(target, lambda: connect(target.ports["invoker.endpoints"]), payload, 10, marks=MARKS).run()
    report.expect(not report.counts["answers 500"], "errors of the server's own")
    return report


def chat(target: Target) -> Report:
    """Send objects that are made to cost to the chat, with newlines and without."""
    texts = nasty() + nasty('{"Command":"05","Message":%s}') + nasty('{"Command":%s}')
    with_newlines = Flood(target, lambda: guest(target), b"\n".join(texts) + b"\n", 30)
    return with_newlines.run()


def chat_bare(target: Target) -> Report:
    """The same without a newline ever."""
    texts = nasty() + nasty('{"Command":"05","Message":%s}') + nasty('{"Command":%s}')
    return Flood(target, lambda: connect(target.ports["chat.tcp"]), b"".join(texts), 30).run()


def techmino(target: Target) -> Report:
    """Send JSON that is made to cost to Techmino's endpoints, and as credentials."""
    who = TechminoPlayer(target)
    texts = nasty(size=500_000) + nasty('{"action":%s}') + nasty('{"action":3,"data":{"rid":"global","message":%s}}')
    frames = b"".join(frame(text) for text in texts)
    return Flood(target, lambda: who.connection("chat"), frames, 10).run()


def techmino_socket(target: Target) -> Report:
    """Send it over the one WebSocket of the later clients."""
    rules = '{"action":1301,"data":{"capacity":2,"info":{"name":"x","type":"x","version":"x"},"data":%s}}'
    texts = nasty(size=500_000) + nasty('{"action":%s}') + nasty(rules) + nasty('{"action":1300,"data":%s}')
    frames = b"".join(frame(text) for text in texts)
    return Flood(target, lambda: people.techmino_socket(target), frames, 10).run()


def techmino_credentials(target: Target) -> Report:
    """Send it as the body of the request to upgrade."""
    bodies = nasty() + nasty('{"email":%s,"password":"x"}') + nasty('{"uid":%s,"accessToken":"x"}')
    rng = target.rng

    def make() -> object:
        made = connect(target.ports["techmino.endpoints"])
        body = rng.choice(bodies)
        made.sendall(upgrade("/tech/socket/v1/play", body=body))
        return made

    report = Flood(target, make, b"x", 50, marks=MARKS, pause=1.0).run()  # type: ignore[arg-type]
    report.expect(not report.counts["answers 500"], "errors of the server's own")
    return report


def games(target: Target) -> Report:
    """Send messages that are made to cost to the games, as JSON."""
    texts = (
        nasty()
        + nasty('{"i":%s,"t":"GET_BALANCE","p":{}}')
        + nasty('{"i":"1","t":%s,"p":{}}')
        + nasty('{"i":"1","t":"PLACE_BET","p":{"amount":%s,"gameParams":{},"clientSeed":"lucky seed"}}')
        + nasty('{"i":"1","t":"PLACE_BET","p":{"amount":"1","gameParams":%s,"clientSeed":"lucky seed"}}')
    )
    made = bettor(target)
    made.close()
    return Flood(target, lambda: bettor(target), b"".join(frame(text) for text in texts), 10).run()


def games_protobuf(target: Target) -> Report:
    """The same as Protocol Buffers: nested groups, long varints, unknown fields, lengths that lie."""
    texts = [
        b"\x0b" * 60_000,
        b"\xff" * 60_000,
        b"\x0a\xff\xff\xff\xff\x07" * 10_000,
        b"\x08\x01" * 30_000,
        b"\x0a\x00" * 30_000,
        b"\x1a\x00" * 30_000,
        target.rng.randbytes(60_000),
    ]
    nested = b""
    for _ in range(9000):
        nested = b"\x1a" + _varint(len(nested)) + nested
        if len(nested) > 60_000:
            break
    texts.append(nested)
    return Flood(target, lambda: bettor(target), b"".join(frame(text, 2) for text in texts), 10).run()


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def packs(target: Target) -> Report:
    """Send packs that are made to cost to the bridge, plain ones and such that seem to be encrypted."""
    wrapped = '{"type":"pack","action":"runcmdrequest","params":{"cmd":%s,"id":1}}'
    encrypted = '{"type":"encrypted","params":{"mode":"aes_cbc_pck7padding","raw":%s}}'
    texts = (
        nasty(size=400_000) + nasty(wrapped) + nasty(encrypted) + [(encrypted % json.dumps("AAAA" * 15000)).encode()]
    )
    port = target.ports["kwo.endpoints"]
    return Flood(target, lambda: websocket(port, "/"), b"".join(frame(text) for text in texts), 10).run()


def events(target: Target) -> Report:
    """Send commands that are made to cost to a game: JSON over many lines, arguments without number."""

    def make() -> object:
        made = lobby(target)
        name = f"g{made.getsockname()[1]}x{target.seed}"
        made.sendall(f"CREATE GAME {name} -maxPlayers 2\r\nJOIN GAME {name}\r\n".encode())
        return made

    entry = '{"@action":"PLACE_CARD","properties":{"entry":%s}}'
    many = ",".join(f'{{"key":"k{number}","value":"v"}}' for number in range(1500))
    texts = [*nasty(), *nasty('{"@action":%s}'), *nasty(entry), (entry % f"[{many}]").encode()]
    return Flood(target, make, b"\r\n".join(texts) + b"\r\n", 20).run()  # type: ignore[arg-type]


ATTACKS = (
    Attack("forms", "forms of a megabyte on any path", forms),
    Attack("json-site", "JSON that is made to cost, at the site", site),
    Attack("json-games-http", "the same at the games' HTTP resources", games_http),
    Attack("json-chat", "the same at the chat", chat),
    Attack("json-chat-bare", "the same at the chat, without newlines and without a login", chat_bare),
    Attack("json-techmino", "the same at Techmino", techmino),
    Attack("json-techmino-socket", "the same at the WebSocket of its later clients", techmino_socket),
    Attack("json-techmino-credentials", "the same as credentials at Techmino", techmino_credentials),
    Attack("json-games", "the same at the games", games),
    Attack("protobuf-games", "Protocol Buffers that are made to cost", games_protobuf),
    Attack("json-bridge", "packs that are made to cost", packs),
    Attack("json-events", "commands of a game that are made to cost", events),
)
