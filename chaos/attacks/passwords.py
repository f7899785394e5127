"""Wrong passwords in parallel at every protocol, while somebody else only wants to come in."""

from __future__ import annotations

import contextlib
import json
import time

from chaos.attacks.arena import Attack
from chaos.attacks.attacker import Report, Target
from chaos.attacks.people import a_name
from chaos.attacks.sockets import Flood, connect, until, upgrade
from chaos.bystander import ADDRESS
from tests.integration.server import Server

#: The account that is attacked, and whose owner comes in meanwhile.
NAME, PASSWORD = "annette", "the right one"

#: Seconds after which the last guess has waited as long as any has to: until it is looked at its client is not read,
#: and so not seen to have gone.
WAITED = 170.0

#: Seconds that a right password may take beside the attack; alone it takes 0.05.
BOUND = 1.0


def _account(server: Server) -> dict[str, str]:
    added = server.run("user", "add", NAME, "--password", PASSWORD.replace(" ", ""))
    if added.returncode:
        raise AssertionError(added.stderr)
    return {}


def logins(target: Target) -> Report:
    """Come in with the right password, from another address, again and again, and say how long that takes."""
    report = Report()
    took = report.took.setdefault("the right password", [])
    while target.left > 0:
        with connect(target.ports["chat.tcp"], ADDRESS) as client:
            asked = {"Command": "01", "Name": NAME, "Password": PASSWORD.replace(" ", "")}
            since = time.monotonic()
            client.sendall(json.dumps(asked).encode() + b"\n")
            with contextlib.suppress(ConnectionError):
                answer = until(client, b"\n")
                report.expect(b'"Flag":1' in answer, f"the right password was refused: {answer!r}")
            took.append(time.monotonic() - since)
            client.sendall(b'{"Command":"03"}\n')
        time.sleep(0.4)
    report.expect(max(took) < BOUND, f"a right password took {max(took):.1f} s")
    return report


def chat(target: Target) -> Report:
    """Guess on 300 connections at the chat, the one name and many others."""
    lines = b"".join(
        json.dumps({"Command": "01", "Name": name, "Password": "wrong1"}).encode() + b"\n"
        for name in (NAME, *(a_name() for _ in range(20)))
    )
    return Flood(target, lambda: connect(target.ports["chat.tcp"]), lines, 300).run()


def kassel(target: Target) -> Report:
    """Guess on 300 connections at the lobby."""
    lines = b"".join(f"LOGIN {name} wrong1\r\n".encode() for name in (NAME, *(a_name() for _ in range(20))))
    return Flood(target, lambda: connect(target.ports["kassel.ss14"]), lines, 300).run()


def techmino(target: Target) -> Report:
    """Guess on 300 connections at Techmino, in the request to upgrade."""
    payload = upgrade("/tech/socket/v1/user", body=json.dumps({"email": NAME, "password": "wrong1"}).encode())
    marks = {"answers 403": b"HTTP/1.1 403", "answers 429": b"HTTP/1.1 429", "answers 503": b"HTTP/1.1 503"}
    return Flood(target, lambda: connect(target.ports["techmino.endpoints"]), payload, 300, marks=marks).run()


def techmino_names(target: Target) -> Report:
    """Guess at Techmino, another name each time."""

    def make() -> object:
        made = connect(target.ports["techmino.endpoints"])
        body = json.dumps({"email": a_name(), "password": "wrong1"}).encode()
        made.sendall(upgrade("/tech/socket/v1/user", body=body))
        return made

    return Flood(target, make, b"x", 300).run()  # type: ignore[arg-type]


def _posted(path: str, keys: dict[str, str]) -> bytes:
    body = json.dumps(keys).encode()
    return f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def games(target: Target) -> Report:
    """Guess at the games' sessions."""
    payload = _posted("/v1/sessions", {"name": NAME, "password": "wrong1"})
    return Flood(target, lambda: connect(target.ports["invoker.endpoints"]), payload * 20, 300).run()


def site(target: Target) -> Report:
    """Guess at the site's login."""
    payload = _posted("/api/login", {"name": NAME, "password": "wrong1"})
    return Flood(target, lambda: connect(target.ports["web.endpoints"]), payload * 20, 300).run()


def mixed(target: Target) -> Report:
    """Guess everywhere at once."""
    acts = (chat, kassel, techmino, games, site)
    return acts[target.seed % len(acts)](target)


ATTACKS = (
    *(
        Attack(
            f"passwords-{act.__name__}".replace("_", "-"), what, act, prepare=_account, beside=logins, settling=WAITED
        )
        for act, what in (
            (chat, "wrong passwords on 300 connections at the chat"),
            (kassel, "wrong passwords on 300 connections at a lobby"),
            (techmino, "wrong passwords on 300 connections at Techmino"),
            (techmino_names, "wrong passwords of many names at Techmino"),
            (games, "wrong passwords on 300 connections at the games' sessions"),
            (site, "wrong passwords on 300 connections at the site"),
        )
    ),
    Attack(
        "passwords-mixed",
        "wrong passwords everywhere at once",
        mixed,
        prepare=_account,
        beside=logins,
        processes=3,
        settling=WAITED,
    ),
)
