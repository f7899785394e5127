"""What real clients of generation 3 have sent, sent again at the same times; the answers have the same keys.

The recordings are of unchanged clients of the releases 0.17.10 and 0.17.21 before a stand-in for the server, without
most of the pieces. Numbers of players, tokens, seeds and the like are others here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from gameserver.accounts.seeded import seeded
from gameserver.testing.techmino import frame
from gameserver.testing.techmino_generation3 import STRAY, get, http_answer, http_request, send, upgrade
from tests.protocols.techmino.services import ClockServices, Wired

RECORDINGS = Path(__file__).parent / "recordings"

#: Keys whose value is another one here each time.
OWN = {"seed", "roomId", "avatar_hash", "timestamp", "refreshToken", "accessToken", "history"}

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
        if line.get("kind") == "http":
            socket.settle()
            self.case.assertEqual(socket.answers.status, line["status"], about)
            if line["status"] != 101:
                self.same(line["body"], http_answer(socket.answers.body), about)
                del self.sockets[line["conn"]]
            else:
                self.case.assertIn(("content-length", "0"), socket.answers.headers)
            return
        wanted = line["json"]
        if wanted["action"] == 1000:
            return
        waiting = self.rest(line["conn"], socket)
        self.case.assertTrue(waiting, f"nothing came for {about}")
        self.same(wanted, waiting.pop(0), about)

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

    def test_our_client_sends_what_the_real_one_sends(self) -> None:
        """To the byte, but for the order of the headers, which is another each time."""
        made = {
            "GET /techmino/api/v1/notice?language=zh_cn&lastCount=1": get(
                "/techmino/api/v1/notice?language=zh_cn&lastCount=1"
            ),
            "GET /techmino/ws/v1": upgrade("B2ANNA".ljust(64, "0")),
        }
        seen = set()
        for line in recording("v0.17.21-round"):
            first = line.get("request", "").removesuffix(" HTTP/1.1")
            if first in made and first not in seen:
                seen.add(first)
                head, *rest = made[first]
                lines = head.decode().split("\r\n")
                self.assertEqual(lines[0], line["request"])
                self.assertEqual(sorted(lines[1:-2]), sorted(line["headers"]))
                self.assertEqual(rest, [] if "ws/v1" in first else [STRAY])
        self.assertEqual(seen, set(made))
        login = next(line for line in recording("v0.17.10-round") if "login" in line.get("request", ""))
        head, body = send("POST", "/techmino/api/v1/auth/login/email", login["body"])
        self.assertEqual(sorted(head.decode().split("\r\n")[1:-2]), sorted(login["headers"]))
        self.assertEqual(json.loads(body), login["body"])
