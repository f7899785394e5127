"""Is what has been installed a working server? ``python .ci/acceptance.py BIN`` with the directory of its programs.

Needs nothing of the project but those: a server is started on an empty data directory, an account is made, a client
of each protocol comes in, everything is saved, the server is stopped.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path

KEYS = {
    "chat": "chat.tcp",
    "tls": "chat.tls",
    "kassel": "kassel.ss14",
    "catan": "kassel.ss13",
    "creepsmash": "kassel.ss12",
    "techmino": "techmino.endpoints",
    "invoker": "invoker.endpoints",
    "kwo": "kwo.endpoints",
    "web": "web.endpoints",
}

#: Seconds for anything.
PATIENCE = 120

#: What RFC 6455 has a server append to a key.
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), PATIENCE)


def chat(client: socket.socket, name: str) -> None:
    with client:
        client.sendall(json.dumps({"Command": "01", "Name": name}).encode())
        said = b""
        # Friends stand at the end of the answer.
        while not said.rstrip().endswith(b"}"):
            got = client.recv(65536)
            assert got, said
            said += got
        answer = json.JSONDecoder().raw_decode(said.decode())[0]
        assert answer["Flag"] == 1, answer


def lobby(port: int) -> None:
    with connected(port) as client, client.makefile(newline="\r\n") as lines:
        client.sendall(b"NOOP\r\n")
        while (line := lines.readline()) and line != "OK\r\n":
            assert not line.startswith("ERROR"), line
        assert line, "no answer"


def websocket(port: int, path: str) -> None:
    with connected(port) as client, client.makefile(encoding="latin-1") as lines:
        key = base64.b64encode(os.urandom(16))
        client.sendall(
            b"GET %b HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %b\r\n\r\n" % (path.encode(), port, key)
        )
        assert " 101 " in lines.readline()
        wanted = base64.b64encode(hashlib.sha1(key + GUID).digest()).decode()
        headers = list(iter(lambda: lines.readline().strip(), ""))
        assert any(line.lower().startswith("sec-websocket-accept:") and line.endswith(wanted) for line in headers)


def main(programs: Path) -> int:
    program = str(programs / "gameserver")
    home = tempfile.mkdtemp(prefix="gameserver-acceptance-")
    data = str(Path(home) / "data")
    ports = dict(zip(KEYS, free_ports(len(KEYS)), strict=True))
    sets = [f'--set={KEYS[name]}=["tcp:{port}:interface=127.0.0.1"]' for name, port in ports.items()]

    def command(*arguments: str) -> str:
        done = subprocess.run(
            [program, "--data-dir", data, *arguments], cwd=home, capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    print(command("--version"))
    command("user", "add", "anne", "--password", "secret1")
    command("check-config")
    server = subprocess.Popen(
        [program, "--data-dir", data, *sets, "run"], cwd=home, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        said = ""
        while "gameserver ready" not in (line := server.stdout.readline()):
            assert line, said
            said += line
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        token = command("token", "anne")
        page = f"http://127.0.0.1:{ports['web']}"
        steps: dict[str, Callable[[], object]] = {
            "chat": lambda: chat(connected(ports["chat"]), "bernard"),
            "chat over TLS": lambda: chat(trusting.wrap_socket(connected(ports["tls"])), "carlotta"),
            **{name: lambda name=name: lobby(ports[name]) for name in ("kassel", "catan", "creepsmash")},  # type: ignore[misc]
            "techmino": lambda: websocket(ports["techmino"], "/tech/socket/v1/app"),
            "invoker": lambda: websocket(ports["invoker"], f"/v1/ws?token={token}"),
            "kwo": lambda: websocket(ports["kwo"], "/"),
            "page": lambda: urllib.request.urlopen(f"{page}/", timeout=PATIENCE).read(),
            "readyz": lambda: urllib.request.urlopen(f"{page}/readyz", timeout=PATIENCE).read(),
            "backup": lambda: command("backup", str(Path(home) / "saved.tar.gz")),
        }
        for name, step in steps.items():
            step()
            print(f"  {name}: fine", flush=True)
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=PATIENCE)
    assert server.returncode == 0, server.returncode
    command("wallet", "audit")
    print("  stopped in order; the books balance")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute()))
