"""HAProxy and nginx with the configurations of ``examples/cluster`` in front of two servers."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.cluster.redis_server import REDIS, address, fresh_name
from tests.databases import fresh_postgresql
from tests.directories import temporary_directory
from tests.integration.chat_socket import ChatSocket
from tests.integration.kassel_player import Player
from tests.integration.server import PATIENCE, Server, free_ports
from tests.integration.web_socket import WebSocket
from tests.leftovers import has_ended, kill_at_the_end
from tests.typed import TestMixin

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "cluster"

#: The keys of the ports in the examples: those at which the proxy says for whom it connects, and those for HTTP.
PROXIED = {4004: "chat.tcp", 5000: "kassel.ss14", 10026: "techmino.endpoints"}
HTTP = {8001: "invoker.endpoints", 8080: "web.endpoints"}
KEYS = PROXIED | HTTP

#: Another address of this machine; how many people come while a node ends.
BANNED, COMING = "127.0.0.2", 24

NGINX_MODULE = Path("/usr/lib/nginx/modules/ngx_stream_module.so")


class Node(Server):
    """A server that is told of its clients by a proxy."""

    @property
    def settings(self) -> list[str]:
        """See ``Server``."""
        behind = [
            f"{key}={json.dumps([f'haproxy:tcp:{self.ports[key]}:interface=127.0.0.1'])}" for key in PROXIED.values()
        ]
        return super().settings + behind


class BehindAProxy(TestMixin):
    """What holds for both. ``command`` runs the program with a file, ``FILE`` is the example."""

    FILE: str

    def command(self, file: Path) -> list[str]:
        raise NotImplementedError

    def setUp(self) -> None:
        file = temporary_directory() / self.FILE
        command = self.command(file)
        address()
        self.url = fresh_postgresql(self)
        settings = (
            f"storage.url={self.url}",
            f"cluster.redis={REDIS}",
            f"cluster.name={fresh_name()}",
            "web.proxies=127.0.0.1",
            "drain.seconds=4",
        )
        self.nodes = [Node(tuple(KEYS.values()), settings) for _ in range(2)]
        for node in self.nodes:
            self.addCleanup(node.kill)
            node.start()
        self.fronts: dict[int, int] = {}
        self.guests = itertools.count()
        file.write_text(self.here((EXAMPLES / self.FILE).read_text("utf-8")), "utf-8")
        self.proxy = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        kill_at_the_end(self.proxy.pid)
        self.addCleanup(self.end)
        deadline = time.monotonic() + PATIENCE
        while not self.is_up():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def end(self) -> None:
        # With its workers, which would outlive it.
        os.killpg(self.proxy.pid, signal.SIGKILL)
        self.proxy.wait(PATIENCE)
        has_ended(self.proxy.pid)
        if self.proxy.stdout is not None:
            self.proxy.stdout.close()

    def here(self, text: str) -> str:
        """Return an example with two nodes, all of it on ports of this machine."""
        lines = [line for line in text.splitlines() if "10.0.0.13" not in line]
        ports = sorted({int(port) for port in re.findall(r"10\.0\.0\.11:(\d+)", text)})
        self.fronts = dict(zip(ports, free_ports(len(ports)), strict=True))

        def local(line: str) -> str:
            found = re.search(r"10\.0\.0\.1([12]):(\d+)", line)
            if found is not None:
                there = self.nodes[int(found[1]) - 1].ports
                # What the examples have and these servers have not leads nowhere.
                line = line.replace(found[0], f"127.0.0.1:{there.get(KEYS.get(int(found[2]), ''), 9)}")
                return re.sub(r"check port 8080", f"check port {there['web.endpoints']}", line)
            return re.sub(
                r"(bind |listen )(?::)?(\d+)(?=;|$)", lambda m: f"{m[1]}127.0.0.1:{self.fronts[int(m[2])]}", line
            )

        # Few connections: more need more open files than a test may have.
        changed = {"50000": "500", "20000": "500", "65536": "2048"}
        changed["/run/nginx.pid"] = str(temporary_directory() / "pid")
        text = "\n".join(map(local, lines)) + "\n"
        for old, new in changed.items():
            text = text.replace(old, new)
        return text

    def is_up(self) -> bool:
        if self.proxy.poll() is not None and self.proxy.stdout is not None:
            self.fail(self.proxy.stdout.read())
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.fronts[8080]}/healthz", timeout=PATIENCE) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def come(self, name: str) -> ChatSocket:
        client = ChatSocket(self.fronts[4004])
        self.addCleanup(client.raw.close)
        self.assertEqual(client.log_in(name)["Flag"], 1)
        return client

    def test_people_pass_by_their_own_addresses_and_nobody_is_refused_while_a_node_ends(self) -> None:
        # One after the other with the same servers: to start them takes longer than all of it.
        self.every_protocol_passes()
        self.the_proxy_names_its_clients()
        self.nobody_is_refused_while_a_node_ends()

    def every_protocol_passes(self) -> None:
        here, there = self.come("anne1"), self.come("bertha")
        here.send(Command="05", Message="hello")
        self.assertEqual(there.receive_command("32")["Message"], "hello")
        player = Player(self.fronts[5000])
        self.addCleanup(player.close)
        self.assertIn("OK", player.ask("HELP")[-1])
        for port, path, body in (
            (8001, "/v1/ws", None),
            (8080, "/kassel/ss14", None),
            (10026, "/tech/socket/v1/app", {"email": "nobody@example.org"}),
        ):
            client = WebSocket(self.fronts[port], path, body)
            client.close()

    def the_proxy_names_its_clients(self) -> None:
        banned = self.nodes[0].run(f"--set=storage.url={self.url}", "ban", "address", BANNED, "--force")
        self.assertEqual(banned.returncode, 0, banned.stderr)
        for port in (4004, 10026, 8001):
            deadline = time.monotonic() + PATIENCE
            while self.takes_in(BANNED, port):
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.2)
            self.assertTrue(self.takes_in("127.0.0.1", port), port)

    def takes_in(self, source: str, port: int) -> bool:
        """Say whether a client from an address is let in."""
        paths = {10026: "/tech/socket/v1/app", 8001: "/v1/ws"}
        with socket.create_connection(("127.0.0.1", self.fronts[port]), PATIENCE, (source, 0)) as client:
            if port not in paths:
                client.sendall(b'{"Command":"01","Name":"guest%d"}\n' % next(self.guests))
                return b'"Flag":1' in client.recv(65536)
            client.sendall(
                f"GET {paths[port]} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
            )
            client.settimeout(1.0)
            try:
                while data := client.recv(65536):
                    if b"\x88" in data or b" 403 " in data:
                        return False
            except TimeoutError:
                return True
            return False

    def listens(self, port: int) -> bool:
        """Say whether a port takes connections."""
        try:
            socket.create_connection(("127.0.0.1", port), PATIENCE).close()
        except ConnectionRefusedError:
            return False
        return True

    def nobody_is_refused_while_a_node_ends(self) -> None:
        self.come("before")
        process = self.nodes[0].process
        assert process is not None
        process.terminate()
        # Who is in the kernel's queue at the very moment in which a port closes is cut off.
        deadline = time.monotonic() + PATIENCE
        while self.listens(self.nodes[0].ports["chat.tcp"]):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        for number in range(COMING):
            self.come(f"person{number}")
        self.assertEqual(process.wait(PATIENCE), 0)
        self.come("after1")


class HaproxyTests(BehindAProxy, SynchronousTestCase):
    FILE = "haproxy.cfg"

    def command(self, file: Path) -> list[str]:
        program = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
        if program is None:
            raise SkipTest("no haproxy here")
        return [program, "-db", "-f", str(file)]


class NginxTests(BehindAProxy, SynchronousTestCase):
    FILE = "nginx.conf"

    def command(self, file: Path) -> list[str]:
        program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        if program is None or not NGINX_MODULE.exists():
            raise SkipTest("no nginx with the module stream here")
        return [program, "-e", "stderr", "-g", "daemon off;", "-c", str(file)]
