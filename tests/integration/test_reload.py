"""SIGHUP at a real process: what of a changed configuration is in force then, and what the log says of the rest."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import time
import urllib.error
import urllib.request

import attrs
from twisted.trial.unittest import SynchronousTestCase

from gameserver.app.parts import config_class
from gameserver.config.reference import keys
from gameserver.net.tls import make_certificate
from tests.directories import temporary_directory
from tests.integration.server import PATIENCE, TWISTD, Server

SITE, CHAT, TLS = "web.endpoints", "chat.tcp", "chat.tls"


class ReloadTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.file = temporary_directory() / "gameserver.toml"
        self.file.write_text("")
        self.server = Server((SITE, CHAT, TLS), program=(*TWISTD, "--config", str(self.file)))
        self.addCleanup(self.server.kill)
        self.server.start()

    def reload(self, text: str, answer: str = "configuration ") -> str:
        """Write the file, send SIGHUP, and return what the log says of it."""
        self.file.write_text(text)
        seen = len(self.server.lines)
        assert self.server.process is not None
        os.kill(self.server.process.pid, signal.SIGHUP)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = [line for line in self.server.lines[seen:] if answer in line]
            if found:
                return found[0].partition(answer)[2]
            time.sleep(0.02)
        raise AssertionError("no answer to SIGHUP:\n" + self.server.log)

    def status(self, path: str, client: str = "") -> int:
        headers = {"X-Forwarded-For": client} if client else {}
        request = urllib.request.Request(f"http://127.0.0.1:{self.server.ports[SITE]}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def chat(self, name: str) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.server.ports[CHAT]), PATIENCE)
        self.addCleanup(connection.close)
        connection.sendall(json.dumps({"Command": "01", "Name": name}).encode())
        return connection

    def test_one_line_says_what_is_in_force_and_what_needs_a_restart(self) -> None:
        said = self.reload('name = "other"\n[limits]\nburst = 99\nhash_threads = 3\n[chat]\npace_ms = 1\n')
        self.assertEqual(
            said,
            "reloaded; in force now: limits.burst; "
            "changed but needs a restart: name, limits.hash_threads, chat.pace_ms",
        )
        # What needs a restart is told as long as it is so, what is in force once.
        said = self.reload('name = "other"\n[limits]\nburst = 99\n')
        self.assertEqual(said, "reloaded; changed but needs a restart: name")
        self.assertEqual(self.reload(""), "reloaded; in force now: limits.burst")
        self.assertEqual(self.reload(""), "reloaded; nothing has changed")

    def test_a_wrong_one_is_refused_as_a_whole(self) -> None:
        for text, reason in (
            ("[limits]\nburst = 99\nconnections = 0\n", "limits.connections = 0: expected a whole number"),
            (
                "[limits]\nburst = 99\n[log]\nlevels = {bread = 'info'}\n",
                "log.levels.bread: there is no such part",
            ),
            ("[limits]\nburst = 99\n[log]\nlevels = {chat = 'loud'}\n", "log.levels.chat = 'loud': expected one of"),
            ("[limits]\nburst = 99\nburst\n", "(at line 3"),
            ("[limits]\nburst = 99\n[tls]\ncertificate = '/no'\nprivate_key = '/no'\n", "/no"),
        ):
            with self.subTest(text):
                said = self.reload(text)
                self.assertTrue(said.startswith("not reloaded, the old one stays: "), said)
                self.assertIn(reason, said)
        self.assertEqual(self.reload("[limits]\nburst = 99\n"), "reloaded; in force now: limits.burst")

    def test_every_key_that_says_so_is_taken_and_no_secret_is_told(self) -> None:
        certificate, key = make_certificate(temporary_directory())
        kind = config_class()
        wanted = [key for key in keys(kind) if self.is_reloadable(kind, key)]
        others = {
            "log.format": "text",
            "limits.outbox_bytes": 100_000,
            "log.level": "debug",
            "log.levels": {"chat": "error"},
            "accounts.registration": False,
            "web.proxies": ["127.0.0.9"],
            "web.metrics": ["10.0.0.0/8"],
            "tls.certificate": str(certificate),
            "tls.private_key": str(key),
        }
        lines = []
        for each in wanted:
            value = others.get(each, 77)
            shown = "{chat = 'error'}" if isinstance(value, dict) else json.dumps(value)
            lines.append(f"{each} = {shown}\n")
        said = self.reload("".join(lines) + "storage.url = 'postgresql+psycopg://anne:hush@127.0.0.1/x'\n")
        told, _, rest = said.removeprefix("reloaded; in force now: ").partition("; ")
        self.assertEqual(sorted(told.split(", ")), sorted(set(wanted) - {"log.format"}))
        self.assertEqual(rest, "changed but needs a restart: storage.url")
        self.assertNotIn("hush", self.server.log)

    def is_reloadable(self, kind: type, key: str) -> bool:
        section, name = kind(), key
        while "." in name:
            part, _, name = name.partition(".")
            if part.startswith("<") or not hasattr(section, part) or isinstance(getattr(section, part), dict):
                return False
            section = getattr(section, part)
        return bool(attrs.fields_dict(type(section))[name].metadata.get("reloadable"))

    def test_limits_proxies_accounts_and_certificates_take_effect_and_people_stay(self) -> None:
        anne = self.chat("anne")
        self.assertIn(b'"Flag":1', anne.recv(4096))
        self.assertEqual(self.status("/metrics", "10.1.2.3"), 200)
        certificate, key = make_certificate(temporary_directory())
        before = self.shown()
        self.reload(
            "[web]\nproxies = ['127.0.0.1']\nmetrics = ['10.0.0.0/8']\nburst = 10\nrequests_per_second = 1\n"
            "[limits]\nconnections_per_address = 1\n"
            f"[tls]\ncertificate = '{certificate}'\nprivate_key = '{key}'\n"
        )
        self.assertEqual(self.status("/metrics", "11.1.2.3"), 404)
        self.assertEqual(self.status("/metrics", "10.1.2.3"), 200)
        self.assertIn(429, [self.status("/healthz", "10.1.2.4") for _ in range(20)])
        self.assertNotIn(b'"Flag":1', self.chat("bert").recv(4096))
        self.reload(f"[tls]\ncertificate = '{certificate}'\nprivate_key = '{key}'\n")
        self.assertIn(b'"Flag":1', self.chat("bert").recv(4096))
        self.assertEqual(self.shown(), ssl.PEM_cert_to_DER_cert(certificate.read_text()))
        self.assertNotEqual(self.shown(), before)
        anne.sendall(b'{"Command":"05","Message":"still here"}')
        # What came and went meanwhile is told before it.
        said = b""
        while b"still here" not in said:
            more = anne.recv(4096)
            self.assertTrue(more, said)
            said += more

    def shown(self) -> bytes:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with (
            socket.create_connection(("127.0.0.1", self.server.ports[TLS]), PATIENCE) as raw,
            context.wrap_socket(raw) as wrapped,
        ):
            return wrapped.getpeercert(binary_form=True) or b""

    def test_the_log_and_the_time_of_draining(self) -> None:
        said = self.reload("[log]\nformat = 'json'\n[drain]\nseconds = 0.5\n", '"text": "configuration ')
        self.assertTrue(said.startswith("reloaded; in force now: log.format, drain.seconds"), said)
        with self.chat("anne") as anne:
            self.assertIn(b'"Flag":1', anne.recv(4096))
        self.reload(
            "[log]\nformat = 'json'\nlevels = {chat = 'debug'}\n[drain]\nseconds = 0.5\n", "in force now: log.levels"
        )
        with self.chat("bert") as bert:
            self.assertIn(b'"Flag":1', bert.recv(4096))
        self.assertEqual(self.server.stop(), 0)
        last = [json.loads(line) for line in self.server.lines if line.startswith("{")]
        self.assertIn("gameserver lets nobody in any more and stops in 0.5 s", [line["text"] for line in last])
        # One of them came before anybody wanted to know.
        (end,) = [line for line in last if "has ended after" in line["text"]]
        self.assertEqual((end["protocol"], end["player"], end["level"]), ("chat", "guest", "debug"))
        self.assertTrue(0 <= end["duration"] < PATIENCE and end["session"] > 0, end)
