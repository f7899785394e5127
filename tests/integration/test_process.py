"""The process itself: starting, refusing to start, renewing certificates, stopping."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from OpenSSL import SSL
from twisted.trial.unittest import SynchronousTestCase

from tests.directories import temporary_directory
from tests.integration.chat_socket import ChatSocket
from tests.integration.commands import environment
from tests.integration.server import DOORS, PATIENCE, TWISTD, Server, free_port


def start_failing(*arguments: str) -> tuple[int, str]:
    """Run a server that must not start; return its status and what it printed to standard error."""
    done = subprocess.run(
        [*TWISTD, *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env=environment(),
    )
    return done.returncode, done.stderr.strip()


def fingerprint(port: int) -> bytes:
    """Return the certificate a TLS port shows."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as raw, context.wrap_socket(raw) as wrapped:
        return wrapped.getpeercert(binary_form=True) or b""


def handshake(port: int, version: int, suites: str) -> bool:
    """Say whether the server speaks one version of TLS with one of the suites."""
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(version)
    context.set_max_proto_version(version)
    context.set_cipher_list(suites.encode())
    with socket.create_connection(("127.0.0.1", port), 30) as raw:
        # pyOpenSSL takes a blocking socket only as one without a timeout.
        raw.settimeout(None)
        connection = SSL.Connection(context, raw)
        connection.set_connect_state()
        try:
            connection.do_handshake()
        except SSL.Error:
            return False
        return True


def _keepalive(port: int, peer: int) -> bool:
    """Say whether the kernel has a keepalive timer on the server's side of a connection."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, _, _, timer, *_ = line.split()
        if (int(local.split(":")[1], 16), int(remote.split(":")[1], 16)) == (port, peer):
            return timer.startswith("02:")
    return False


class ProcessTests(SynchronousTestCase):
    def server(self, *protocols: str, settings: tuple[str, ...] = ()) -> Server:
        server = Server(protocols, settings)
        self.addCleanup(server.kill)
        return server.start()

    def test_it_starts_tells_its_health_and_stops_in_order(self) -> None:
        server = self.server("web.endpoints")
        base = f"http://127.0.0.1:{server.ports['web.endpoints']}"
        with urllib.request.urlopen(f"{base}/healthz", timeout=PATIENCE) as answer:
            self.assertEqual(answer.read(), b"ok\n")
            self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
        with urllib.request.urlopen(f"{base}/metrics", timeout=PATIENCE) as answer:
            self.assertIn(b"# TYPE gameserver_sessions gauge", answer.read())
        self.assertEqual(server.stop(), 0)
        self.assertIn("gameserver stopped", server.log)

    def test_the_data_directory_is_its_owners_only(self) -> None:
        server = self.server("web.endpoints")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in server.data.rglob("*") if path.is_file()}
        self.assertIn("gameserver.db", modes)
        self.assertIn("private-key.pem", modes)
        self.assertEqual(set(modes.values()), {0o600}, modes)

    def test_a_taken_port_is_one_line_and_status_1(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            setting = f'--set=chat.tcp=["tcp:{port}:interface=127.0.0.1"]'
            others = [f'--set={key}=["tcp:{free_port()}:interface=127.0.0.1"]' for key in DOORS if key != "chat.tcp"]
            status, said = start_failing("--data-dir", str(temporary_directory()), setting, *others)
        self.assertEqual(status, 1)
        expected = f"gameserver: chat.tcp = tcp:{port}:interface=127.0.0.1: cannot listen: Address already in use"
        self.assertEqual(said, expected)

    def test_a_database_that_cannot_be_used_is_one_line_and_status_1(self) -> None:
        for url, reason in (
            ("postgresql+psycopg://x:secret@127.0.0.1:1/x", "connection failed"),
            ("nonsense", "Could not parse"),
        ):
            status, said = start_failing("--data-dir", str(temporary_directory()), f"--set=storage.url={url}")
            self.assertEqual((status, len(said.splitlines())), (1, 1), said)
            self.assertIn("gameserver: storage.url: the database cannot be used: ", said)
            self.assertIn(reason, said)
            self.assertNotIn("secret", said)
        status, said = start_failing("--data-dir", str(temporary_directory()), "--set=cluster.redis=http://x")
        self.assertEqual(status, 1)
        self.assertTrue(said.startswith("gameserver: cluster.redis: expected redis://"), said)

    def test_a_second_server_on_one_directory_is_one_line_and_status_1(self) -> None:
        server = self.server("web.endpoints")
        closed = [f"--set={key}=[]" for key in DOORS]
        status, said = start_failing("--data-dir", str(server.data), *closed)
        self.assertEqual((status, said), (1, f"gameserver: data_dir = {server.data}: another server runs on it"))
        self.assertEqual(server.run("user", "list").returncode, 0)
        server.kill()
        server.start()

    def test_a_stop_while_it_starts_is_an_orderly_end(self) -> None:
        # What a shell runs in the background ignores SIGINT, and so would the processes that it starts.
        self.addCleanup(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, signal.default_int_handler))
        for number in (signal.SIGTERM, signal.SIGINT):
            with socket.create_server(("127.0.0.1", 0)) as silent:
                silent.settimeout(PATIENCE)
                url = f"--set=storage.url=postgresql+psycopg://x@127.0.0.1:{silent.getsockname()[1]}/x"
                process = subprocess.Popen(
                    [*TWISTD, "--data-dir", str(temporary_directory()), url],
                    env=environment(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    text=True,
                )
                self.addCleanup(process.communicate)
                self.addCleanup(process.kill)
                # It waits for an answer of its database now.
                connection, _ = silent.accept()
                with connection:
                    # Certificates are loaded at the start anyway.
                    process.send_signal(signal.SIGHUP)
                    process.send_signal(number)
                    self.assertEqual(process.communicate(timeout=PATIENCE)[1], "")
                    self.assertEqual(process.returncode, 0)

    def test_what_takes_long_to_import_is_imported_when_a_stop_is_orderly_already(self) -> None:
        program = "import sys, gameserver.tap; print({'sqlalchemy', 'autobahn', 'msgspec'} & sys.modules.keys())"
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=True
        )
        self.assertEqual(done.stdout, "set()\n")

    def test_a_secret_that_cannot_be_used_is_one_line_and_status_1(self) -> None:
        data = temporary_directory()
        (data / "secrets").mkdir()
        (data / "secrets" / "invoker-tokens").write_text("")
        status, said = start_failing("--data-dir", str(data))
        self.assertEqual((status, len(said.splitlines())), (1, 1), said)
        self.assertIn("secrets/invoker-tokens: not a secret of 32 bytes", said)
        (data / "node").write_text("")
        status, said = start_failing("--data-dir", str(data))
        self.assertEqual((status, len(said.splitlines())), (1, 1), said)
        self.assertIn("node: not a name", said)

    def test_a_wrong_configuration_is_one_line_and_status_1(self) -> None:
        status, said = start_failing("--data-dir", str(temporary_directory()), "--set=chat.pace_ms=fast")
        self.assertEqual(status, 1)
        self.assertEqual(said, "gameserver: chat.pace_ms = 'fast': expected a whole number from 0 to 10000")
        status, said = start_failing("--data-dir", str(temporary_directory()), "--set=chat.tcp=nonsense")
        self.assertEqual(status, 1)
        self.assertIn("gameserver: chat.tcp[0] = 'nonsense': not an endpoint", said)

    def test_a_renewed_certificate_is_taken_over_on_sighup_and_connections_live_on(self) -> None:
        server = self.server("chat.tls")
        port = server.ports["chat.tls"]
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        before = fingerprint(port)
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as raw, context.wrap_socket(raw) as kept:
            renewed = server.run("cert", "renew")
            self.assertEqual(renewed.returncode, 0, renewed.stderr)
            assert server.process is not None
            os.kill(server.process.pid, signal.SIGHUP)
            self.wait_for(lambda: fingerprint(port) != before, "the new certificate")
            kept.sendall(b'{"Command":"01","Name":"alice"}\n')
            self.assertEqual(json.loads(kept.recv(4096))["Flag"], 1)

    def test_tls_has_new_versions_and_strong_suites_only(self) -> None:
        server = self.server("chat.tls")
        port = server.ports["chat.tls"]
        for version, suites, good in (
            (SSL.TLS1_VERSION, "ALL:@SECLEVEL=0", False),
            (SSL.TLS1_1_VERSION, "ALL:@SECLEVEL=0", False),
            (SSL.TLS1_2_VERSION, "DEFAULT", True),
            (SSL.TLS1_2_VERSION, "kRSA:@SECLEVEL=0", False),
            (SSL.TLS1_2_VERSION, "aNULL:@SECLEVEL=0", False),
            (SSL.TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0", False),
            (SSL.TLS1_3_VERSION, "DEFAULT", True),
        ):
            with self.subTest(version=version, suites=suites):
                self.assertEqual(handshake(port, version, suites), good)

    def test_tls_is_not_negotiated_again(self) -> None:
        port = self.server("chat.tls").ports["chat.tls"]
        context = SSL.Context(SSL.TLS_CLIENT_METHOD)
        context.set_max_proto_version(SSL.TLS1_2_VERSION)
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as raw:
            raw.settimeout(None)
            connection = SSL.Connection(context, raw)
            connection.set_connect_state()
            connection.do_handshake()
            self.assertTrue(connection.renegotiate())
            with self.assertRaises(SSL.Error):
                connection.do_handshake()
                connection.recv(1)

    def test_every_door_probes_whether_a_silent_peer_is_still_there(self) -> None:
        server = self.server(*DOORS)
        upgrade = (
            b"GET %b HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: osT3F7mvlojIvf3/8uIsJQ==\r\n\r\n"
        )
        first = {
            "chat.tcp": b"\n",
            "chat.tls": b"",
            "kassel.ss14": b"\n",
            "kassel.ss13": b"\n",
            "kassel.ss12": b"\n",
            "techmino.endpoints": upgrade % b"/tech/socket/v1/app",
            "invoker.endpoints": upgrade % b"/v1/ws",
            "kwo.endpoints": upgrade % b"/",
            "web.endpoints": upgrade % b"/v1/ws",
        }
        for protocol, words in first.items():
            with (
                self.subTest(protocol=protocol),
                socket.create_connection(("127.0.0.1", server.ports[protocol]), PATIENCE) as peer,
            ):
                peer.settimeout(PATIENCE)
                peer.sendall(words)
                if words.startswith(b"GET"):
                    self.assertIn(b" 101 ", peer.recv(4096))
                ours = peer.getsockname()[1]
                self.wait_for(lambda: _keepalive(server.ports[protocol], ours), f"keepalive at {protocol}")  # noqa: B023

    def test_it_runs_as_a_daemon(self) -> None:
        place = temporary_directory()
        pidfile, log = place / "twistd.pid", place / "twistd.log"
        port = free_port()
        settings = [f"--set={key}=[]" for key in DOORS if key != "chat.tcp"]
        settings.append(f"--set=chat.tcp=tcp:{port}:interface=127.0.0.1")
        twistd = [part for part in TWISTD if part not in ("-n", "--pidfile=", "gameserver")]
        command = [*twistd, f"--pidfile={pidfile}", "gameserver", "--data-dir", str(place / "data"), *settings]
        started = subprocess.run(command, cwd=place, timeout=PATIENCE, check=False, env=environment())
        self.assertEqual(started.returncode, 0)
        self.wait_for(lambda: log.exists() and "gameserver ready" in log.read_text(), "a daemon that is ready")
        pid = int(pidfile.read_text())

        def end() -> None:
            if pidfile.exists():
                os.kill(pid, signal.SIGKILL)

        self.addCleanup(end)
        client = ChatSocket(port)
        client.send(Command="02", Name="anne", Password="secret1")
        self.assertEqual(client.receive()["Flag"], 1)
        client.close()
        os.kill(pid, signal.SIGTERM)
        self.wait_for(lambda: not pidfile.exists(), "the daemon's end")
        self.assertIn("gameserver stopped", log.read_text())

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.05)

    def test_the_log_can_be_json(self) -> None:
        server = self.server("web.endpoints", settings=("log.format=json",))
        server.stop()
        entries = [json.loads(line) for line in server.lines if line]
        self.assertIn("gameserver ready", [entry["text"] for entry in entries])
        self.assertEqual({"time", "level", "system", "text"} - set(entries[0]), set())

    def test_tac_files_start_the_same_server(self) -> None:
        root = Path(__file__).resolve().parents[2]
        for name in ("gameserver.tac", "chat.tac"):
            program = (
                "from twisted.application.service import loadApplication, IServiceCollection\n"
                "from twisted.application import service\n"
                f"application = service.loadApplication({str(root / 'tac' / name)!r}, 'python')\n"
                "print([type(s).__name__ for s in IServiceCollection(application)])\n"
            ).replace("loadApplication, ", "", 1)
            home = {**environment(), "XDG_DATA_HOME": str(temporary_directory())}
            done = subprocess.run(
                [sys.executable, "-c", program],
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
                env=home,
            )
            self.assertEqual(done.stdout.strip(), "['GameServer']", done.stderr)
