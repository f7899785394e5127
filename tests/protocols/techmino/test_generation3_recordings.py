"""What real clients of generation 3 have sent, sent again at the same times; the answers have the same keys.

The recordings are of unchanged clients of the releases 0.17.10 and 0.17.21 before a stand-in for the server, without
most of the pieces. Numbers of players, tokens, seeds and the like are others here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from gameserver.accounts.seeded import seeded
from gameserver.protocols.techmino.generation3.connecting import NOT_VALID
from gameserver.testing.techmino import MASK, compact, frame
from gameserver.testing.techmino_generation3 import (
    NEWER_HOST,
    OLDER_HOST,
    STRAY,
    asked,
    configured,
    created,
    get,
    http_answer,
    http_request,
    joined,
    listed,
    lost,
    send,
    upgrade,
)
from tests.protocols.techmino.services import ClockServices, Wired

RECORDINGS = Path(__file__).parent / "recordings"

ALL = (
    "v0.17.10-refresh",
    "v0.17.10-round",
    "v0.17.21-close",
    "v0.17.21-errors",
    "v0.17.21-refused",
    "v0.17.21-round",
)

#: Keys whose value is another one here each time.
OWN = {"seed", "roomId", "avatar_hash", "timestamp", "refreshToken", "accessToken", "history"}

UNKNOWN = "F" * 64

PICTURE = "data:image/png;base64,iVBORw0KGgo="


def recording(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (RECORDINGS / f"{name}.jsonl").read_text("utf-8").splitlines()]


class Replay:
    """One recording, played by the clock against a server of our own."""

    def __init__(self, case: SynchronousTestCase, name: str, release: str) -> None:
        self.case = case
        self.services = ClockServices(case)
        self.lines = recording(name)
        self.by_ticket = release == "0.17.21"
        self.sockets: dict[int, Wired] = {}
        self.answers: dict[int, list[Any]] = {}
        self.rooms: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self.numbers: dict[int, int] = {}
        #: Whether the token of a WebSocket is one that nobody has given, and how many were refused for that.
        self.bad_token = False
        self.refused = 0
        services = self.services
        for number, (person, motto) in enumerate(
            (("anna", "hello from anna"), ("bert", "bert here"), ("carl", "")), 101
        ):
            account = services.register(person)
            picture = PICTURE if motto else None
            account = services.result(services.accounts.change(account.id, {"motto": motto, "avatar": picture}))
            self.numbers[number] = account.id
            log_in = services.result(services.tokens3.log_in(account))
            ticket = services.result(services.tokens3.ticket(account))[:64]
            access = ticket if self.by_ticket else log_in["accessToken"]
            for letters in ("A1", "B2"):
                self.tokens[f"{letters}{person.upper()}".ljust(64, "0")] = access
            self.tokens[f"C3{person.upper()}".ljust(64, "0")] = log_in["refreshToken"]

    def ours(self, text: str) -> str:
        """Return what is sent here instead of what was sent there."""
        for there, here in (self.tokens | self.rooms).items():
            text = text.replace(there, here)
        for player, number in self.numbers.items():
            text = text.replace(f"playerId={player}", f"playerId={number}").replace(
                f'"playerId":{player}', f'"playerId":{number}'
            )
        return text

    def run(self) -> None:
        began, last = self.services.clock.seconds(), 0.0
        for line in self.lines:
            until = began + line["t"] + 0.001
            while (left := until - self.services.clock.seconds()) > 0:
                self.services.wait(min(left, 1.0))
                for number, socket in self.sockets.items():
                    # Pings are answered.
                    self.rest(number, socket)
            last = line["t"]
            with_what = f"{line['t']} {json.dumps(line)[:300]}"
            if line["dir"] == "c>s":
                self.client(line)
            else:
                self.server(line, with_what)
        for number, socket in self.sockets.items():
            self.case.assertEqual(self.rest(number, socket), [], last)

    def client(self, line: dict[str, Any]) -> None:
        if "request" not in line:
            socket = self.sockets[line["conn"]]
            socket.write(frame(self.ours(json.dumps(line["json"], separators=(",", ":"))).encode()))
            return
        head = [self.ours(header) for header in line["headers"]]
        first, body = self.ours(line["request"].removesuffix(" HTTP/1.1")), line.get("body")
        if "ws/v1" in first:
            if self.bad_token:
                head = [f"x-access-token: {UNKNOWN}" if line.startswith("x-") else line for line in head]
            pieces = http_request(first, head)[:1]
        elif body is None:
            pieces = http_request(first, head)
        else:
            pieces = http_request(first, head, json.dumps(self.with_hash(body), separators=(",", ":")).encode())
        self.sockets[line["conn"]] = self.services.connect(pieces)
        self.answers[line["conn"]] = []

    def with_hash(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return a login with the hash that the client makes of the seed of this server."""
        if "password" not in body:
            return body
        seed = self.services.result(self.services.accounts.seed(body["email"]))
        return body | {"password": seeded("pw", seed)}

    def rest(self, number: int, socket: Wired) -> list[Any]:
        waiting = self.answers[number]
        waiting += [message for message in socket.read() if message["action"] != 1000]
        return waiting

    def server(self, line: dict[str, Any], about: str) -> None:
        socket = self.sockets[line["conn"]]
        answers = socket.answers
        if line.get("op") == "close":
            told = json.loads(bytes.fromhex(line["hex"])[2:])
            self.case.assertEqual((socket.closed, json.loads(answers.reason)), (1008, told), about)
            self.refused += 1
        elif line.get("kind") == "http":
            socket.settle()
            if line["status"] == 403 and answers.status == 101:
                text = {"errno": -1, "message": NOT_VALID}
                self.case.assertEqual((socket.closed, json.loads(answers.reason)), (1008, text), about)
                self.refused += 1
                return
            self.case.assertEqual(answers.status, line["status"], about)
            if self.bad_token and line["status"] == 403:
                refusal = json.loads(line["body"])
                found = json.loads(answers.body)
                self.case.assertEqual(found, refusal | {"reason": NOT_VALID}, about)
                self.refused += 1
                del self.sockets[line["conn"]]
            elif line["status"] != 101:
                self.same(line["body"], http_answer(answers.body), about)
                del self.sockets[line["conn"]]
            else:
                self.case.assertIn(("content-length", "0"), answers.headers)
        elif line["json"]["action"] != 1000:
            waiting = self.rest(line["conn"], socket)
            self.case.assertTrue(waiting, f"nothing came for {about}")
            self.same(line["json"], waiting.pop(0), about)

    def same(self, wanted: Any, found: Any, about: str, key: str = "") -> None:
        case = self.case
        if isinstance(wanted, dict):
            case.assertIsInstance(found, dict, about)
            case.assertEqual(set(wanted), set(found), about)
            for inner, value in wanted.items():
                self.same(value, found[inner], about, inner)
        elif isinstance(wanted, list):
            case.assertEqual(len(wanted), len(found), about)
            for value, other in zip(wanted, found, strict=True):
                self.same(value, other, about, key)
        elif key in OWN:
            case.assertIs(type(wanted), type(found), about)
            if key == "roomId":
                self.rooms[wanted] = found
        elif isinstance(wanted, int) and wanted in self.numbers:
            case.assertEqual(self.numbers[wanted], found, about)
        elif (
            key != "content"
            and not str(wanted).startswith("data:image")
            and not (key == "data" and len(wanted) == 32)
        ):
            case.assertEqual(wanted, found, about)


class RecordingTests(SynchronousTestCase):
    def test_0_17_21_two_rounds_with_a_late_watcher(self) -> None:
        Replay(self, "v0.17.21-round", "0.17.21").run()

    def test_0_17_10_two_rounds_after_a_login_with_a_password(self) -> None:
        Replay(self, "v0.17.10-round", "0.17.10").run()

    def test_0_17_10_a_second_start_with_its_refresh_token(self) -> None:
        replay = Replay(self, "v0.17.10-refresh", "0.17.10")
        expired = "0" * 64
        first = replay.lines[0]
        first["headers"] = [header.replace("A1ANNA".ljust(64, "0"), expired) for header in first["headers"]]
        replay.run()

    def test_0_17_21_refusals(self) -> None:
        Replay(self, "v0.17.21-errors", "0.17.21").run()

    def test_0_17_21_the_websocket_is_let_in_and_closed_with_a_text(self) -> None:
        replay = Replay(self, "v0.17.21-close", "0.17.21")
        replay.bad_token = True
        replay.run()
        self.assertEqual(replay.refused, 1)

    def test_0_17_21_the_websocket_is_refused(self) -> None:
        """0.17.21 shows a failure for the 403 that was sent here, so it is let in, and its Close frame says why."""
        replay = Replay(self, "v0.17.21-refused", "0.17.21")
        replay.bad_token = True
        replay.run()
        self.assertEqual(replay.refused, 1)

    def test_the_refusal_that_older_releases_read_has_the_same_keys(self) -> None:
        replay = Replay(self, "v0.17.21-refused", "0.17.21")
        replay.bad_token = True
        for line in replay.lines:
            if "ws/v1" in line.get("request", ""):
                line["headers"] = [line["headers"][0].replace(NEWER_HOST, OLDER_HOST), *line["headers"][1:]]
        replay.run()
        self.assertEqual(replay.refused, 1)


class RequestTests(SynchronousTestCase):
    """What our client sends, beside everything that the real one has sent, to the byte.

    The keys of an object and the headers of a request are in another order at each of its starts. Tokens, numbers of
    players and rooms are those of the recordings.
    """

    def test_requests_over_http_and_for_the_websocket(self) -> None:
        seen = set()
        for name, line in requests_of("request"):
            seen.add(line["request"].partition("?")[0])
            self.compare(made_http(line), line, f"{name}: {line}")
        self.assertEqual(len(seen), 11, seen)

    def compare(self, made: list[bytes], line: dict[str, Any], about: str) -> None:
        head, *rest = made
        self.assertTrue(head.endswith(b"\r\n\r\n"))
        first, *headers = head.decode().removesuffix("\r\n\r\n").split("\r\n")
        self.assertEqual(first, line["request"], about)
        if "ws/v1" in first:
            self.assertEqual((headers, rest), (line["headers"], []), about)
        elif "body" in line:
            self.assertEqual(sorted(headers), sorted(line["headers"]), about)
            self.same_bytes(b"".join(rest), line["body"], about)
        else:
            self.assertEqual((sorted(headers), rest), (sorted(line["headers"]), [STRAY]), about)

    def test_messages(self) -> None:
        seen = set()
        for name, line in requests_of("json"):
            message, about = line["json"], f"{name}: {line}"
            seen.add(message["action"])
            head, *length, mask, hidden = made_message(message)
            payload = bytes(byte ^ mask[place % 4] for place, byte in enumerate(hidden))
            self.assertEqual((line["op"], head[0], mask), ("binary", 0x82, MASK), about)
            self.assertEqual(head[1] - 0x80, 126 if length else len(payload))
            self.same_bytes(payload, message, about)
        everything = {1000, *range(1200, 1205), 1206, 1207, 1300, 1301, *range(1306, 1312), 1999}
        self.assertEqual(seen, everything)

    def same_bytes(self, made: bytes, recorded: object, about: str) -> None:
        self.assertEqual(json.loads(made), recorded, about)
        self.assertEqual(sorted(made), sorted(compact(recorded)), about)


def requests_of(key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return what clients have sent in all recordings."""
    for name in ALL:
        for line in recording(name):
            if line["dir"] == "c>s" and key in line:
                yield name, line


def made_http(line: dict[str, Any]) -> list[bytes]:
    """Return the request that our client makes for a recorded one."""
    method, path, _ = line["request"].split(" ")
    given = dict(header.split(": ", 1) for header in line["headers"])
    tokens = {name.replace("-", "_"): value for name, value in given.items() if name.startswith("x-")}
    if "ws/v1" in path:
        return upgrade(tokens["x_access_token"], given["Host"])
    if method == "GET":
        return get(path, given["Host"], **tokens)
    return send(method, path, line["body"], given["Host"])


def made_message(message: dict[str, Any]) -> list[bytes]:
    """Return the request that our client makes for a recorded one, of what its player has chosen and typed."""
    action, data = message["action"], message.get("data", ...)
    if action == 1200:
        return configured(data)
    if action == 1201:
        return lost()
    if action == 1301:
        info = data["info"]
        chosen = (info["name"], info["version"], data["capacity"], data["data"])
        return created(*chosen, data.get("password", ""), info["description"])
    if action == 1306:
        return joined(data["roomId"], data.get("password"))
    if action == 1309:
        return listed()
    return asked(action, data)
