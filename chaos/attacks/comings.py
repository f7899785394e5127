"""Coming and going: reconnects, guests, accounts, connections opened and left, handshakes of TLS and WebSockets."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import ssl

from chaos.attacks.arena import Attack
from chaos.attacks.attacker import Report, Target
from chaos.attacks.frames import PATHS
from chaos.attacks.people import a_name
from chaos.attacks.sockets import Flood, connect, frame, hold, upgrade, websocket
from tests.integration.server import DOORS


def one_name(target: Target) -> Report:
    """Come and go as one guest, as fast as that goes, over many connections."""
    line = json.dumps({"Command": "01", "Name": "comeandgo"}).encode() + b"\n"
    return Flood(target, lambda: connect(target.ports["chat.tcp"]), line, 50, repeats=1).run()


def many_names(target: Target) -> Report:
    """Come and go as another guest each time."""

    def make() -> socket.socket:
        made = connect(target.ports["chat.tcp"])
        made.sendall(json.dumps({"Command": "01", "Name": a_name()}).encode() + b"\n")
        return made

    return Flood(target, make, b'{"Command":"03"}\n', 50, repeats=1).run()


def accounts(target: Target) -> Report:
    """Register accounts at the chat, as many as there are lines."""
    lines = b"".join(
        json.dumps({"Command": "02", "Name": a_name(), "Password": "secret1"}).encode() + b"\n" for _ in range(200)
    )
    marks = {"registered": b'"12","Flag":1', "refused": b'"12","Flag":0'}
    return Flood(target, lambda: connect(target.ports["chat.tcp"]), lines, 50, marks=marks, repeats=3).run()


def site_accounts(target: Target) -> Report:
    """Register accounts at the site."""
    payload = b""
    for _ in range(200):
        body = json.dumps({"name": a_name(), "password": "secret1x"}).encode()
        payload += b"POST /api/accounts HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    marks = {"registered": b"HTTP/1.1 200", "refused": b"HTTP/1.1 429"}
    return Flood(target, lambda: connect(target.ports["web.endpoints"]), payload, 20, marks=marks).run()


def techmino_accounts(target: Target) -> Report:
    """Register accounts at Techmino, over its endpoint for that."""
    frames = b""
    for _ in range(200):
        name = a_name()
        data = {"username": name, "email": f"{name}@x.org", "password": "secret1x"}
        frames += frame(json.dumps({"action": 2, "data": data}).encode())
    port = target.ports["techmino.endpoints"]
    marks = {"registered": b"You can log in", "refused": b'"Warn"'}
    return Flood(target, lambda: websocket(port, PATHS["techmino.endpoints"]), frames, 20, marks=marks).run()


def test_players(target: Target) -> Report:
    """Make test players in a lobby."""
    port = target.ports["kassel.ss14"]
    marks = {"made": b"TEMPORARY", "refused": b"ERROR"}
    return Flood(target, lambda: connect(port), b"CREATE TESTPLAYER\r\n" * 200, 20, marks=marks).run()


def opened(target: Target) -> Report:
    """Open as many connections as there may be, at every port, and say nothing."""
    report = Report()
    held = []
    for port in DOORS:
        held += hold(Target({}, 0.5, 0), lambda port=port: connect(target.ports[port]), 700)  # type: ignore[misc]
    report.counts["connections"] = len(held)
    for connection in held:
        connection.close()
    return report


def opened_again(target: Target) -> Report:
    """Open connections and close them at once, at every port."""
    ports = list(DOORS)
    turn = [0]

    def make() -> socket.socket:
        turn[0] += 1
        return connect(target.ports[ports[turn[0] % len(ports)]])

    return Flood(target, make, b"\n", 200, repeats=1).run()


def upgrades(target: Target) -> Report:
    """Ask for WebSockets without end, at every port that speaks it."""
    ports = list(PATHS)
    turn = [0]

    def make() -> socket.socket:
        turn[0] += 1
        port = ports[turn[0] % len(ports)]
        made = connect(target.ports[port])
        made.sendall(upgrade(PATHS[port]))
        return made

    return Flood(target, make, b"\x81\x80\0\0\0\0", 100, repeats=1, marks={"let in": b" 101 "}).run()


def _hello() -> bytes:
    """Return the bytes with which a client of TLS begins."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    client = context.wrap_bio(incoming, outgoing)
    with contextlib.suppress(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def hellos(target: Target) -> Report:
    """Begin a TLS connection without end, and go when the server has made its part of the handshake."""
    port = target.ports["chat.tls"]
    return Flood(target, lambda: connect(port), _hello(), 50, repeats=1).run()


def handshakes(target: Target) -> Report:
    """Make TLS connections, whole ones, without end."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    report = Report()
    while target.left > 0:
        try:
            with connect(target.ports["chat.tls"]) as plain, context.wrap_socket(plain) as made:
                made.sendall(json.dumps({"Command": "01", "Name": a_name()}).encode() + b"\n")
                made.recv(4096)
                report.counts["handshakes"] += 1
        except OSError:
            report.counts["refused"] += 1
    return report


def half_hellos(target: Target) -> Report:
    """Begin TLS on as many connections as there may be, with half a hello, and leave it."""
    port = target.ports["chat.tls"]
    return Flood(target, lambda: connect(port), _hello()[:100], 590, again=False, pause=60.0).run()


def records(target: Target) -> Report:
    """Send what is no TLS, or records of one byte, to the port that speaks it."""
    port = target.ports["chat.tls"]
    payload = _hello() + b"\x16\x03\x03\x00\x01\x00" * 10_000 + os.urandom(1000)
    return Flood(target, lambda: connect(port), payload, 50).run()


def chatted_tls(target: Target) -> Report:
    """Send a record of TLS for each byte. (OpenSSL's servers refuse renegotiation, and TLS 1.3 has none.)"""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    report = Report()
    made = [context.wrap_socket(connect(target.ports["chat.tls"])) for _ in range(20)]
    target.begin()
    while target.left > 0:
        for connection in made:
            with contextlib.suppress(OSError):
                for _ in range(50):
                    connection.send(b" ")
                report.counts["records"] += 50
    return report


ATTACKS = (
    Attack("come-and-go", "one guest who comes and goes as fast as that goes", one_name),
    Attack("come-and-go-names", "another guest each time", many_names),
    Attack("accounts-chat", "accounts without number at the chat", accounts),
    Attack("accounts-site", "accounts without number at the site", site_accounts),
    Attack("accounts-techmino", "accounts without number at Techmino", techmino_accounts),
    Attack("accounts-test-players", "test players without number", test_players),
    Attack("opened", "as many connections as there may be, without a word", opened),
    Attack("opened-again", "connections that are opened and closed at once", opened_again),
    Attack("upgrades", "WebSockets that are opened and closed at once", upgrades),
    Attack("tls-hellos", "TLS that is begun and left", hellos),
    Attack("tls-handshakes", "TLS connections, one after the other", handshakes, processes=2),
    Attack("tls-half-hellos", "half a hello on 590 connections", half_hellos),
    Attack("tls-records", "records of nothing", records),
    Attack("tls-tiny", "a record for each byte", chatted_tls),
)
